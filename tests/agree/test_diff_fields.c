/* SPDX-License-Identifier: Apache-2.0 */
/* No field changes in silence: of an agreement that has every key of the format each value is changed in turn, and the
 * difference must say something. The schema itself says which keys there are. */
#include "agree/text.h"

#include "broker/agree/diff.h"
#include "broker/agree/file.h"

#define DEPTH_MAX 8u
#define PATHS_MAX 256u

/* A line of the text that carries a value, and where in the schema it stands. */
struct spot {
	char path[128];
	const cyaml_schema_value_t *schema;
	size_t value; /* where the value begins */
	size_t end;   /* of the line */
};

/* What may be put before the items of a list; three that make a good agreement are tried. */
static const char *const candidates[] = {
	"TT",
	"EMP",
	"SUD",
	"ASC",
	"CANCEL",
	"ALERT",
	"REFERRAL",
	"COORD",
	"MDT",
	"SAFECHILD",
	"GOA",
	"CRM.OFF",
	"DEM.FORMER",
	"CRM.SUP",
	"MH.NOTE",
	"SAF.CHILD",
	"c",
	"d",
	"a",
	"g:16",
	"sch1:6",
	"official",
	"law_or_court",
	"overall_benefit",
	"care_act",
	"children_act",
	"senior",
	"dpo",
	"adoption",
	"dea",
	"emergency",
	"escalation",
	"judgement",
};

static char *copy_with(const char *text, size_t from, size_t to, const char *words)
{
	struct told_buf out = TOLD_BUF(4u << 20);
	told_buf_put(&out, text, from);
	told_buf_put_text(&out, words);
	told_buf_put_text(&out, text + to);
	char *copy = strdup(told_buf_cstr(&out));
	assert_non_null(copy);
	told_buf_free(&out);
	return copy;
}

/* Whoever is added may be the other end already, and nobody sends to itself. */
static bool may_mean_nothing(const struct spot *spot)
{
	const char *last = strrchr(spot->path, '.');
	return last != NULL && (strcmp(last, ".from") == 0 || strcmp(last, ".to") == 0);
}

/* 1 when the changed text is a good agreement (the difference then says something), 0 when it is none. */
static unsigned said(const char *older, char *newer, const struct spot *spot, const char *words)
{
	struct told_parties *parties;
	struct told_agreement *a, *b = NULL;
	struct told_faults *faults = calloc(1, sizeof *faults);
	struct told_buf out = TOLD_BUF(1u << 20);
	bool nothing = false;
	assert_non_null(faults);
	assert_int_equal(told_parties_new(&parties), TOLD_OK);
	a = loaded(parties, older);
	enum told_status status = told_agreement_load(told_text(newer), "f", parties, &b, faults);
	if (status == TOLD_OK) {
		told_agreement_diff(a, b, parties, &out);
		nothing = out.len == 0 || strncmp(told_buf_cstr(&out), "changes: the bytes,", 19) == 0;
		if (nothing && !may_mean_nothing(spot))
			fail_msg("%s: \"%.*s\" to \"%s\" is not said", spot->path, (int)(spot->end - spot->value),
				 older + spot->value, words);
	}
	told_buf_free(&out);
	told_faults_free(faults);
	free(faults);
	told_agreement_free(a);
	told_agreement_free(b);
	told_parties_free(parties);
	free(newer);
	return status == TOLD_OK && !nothing;
}

static unsigned tried(const char *text, const struct spot *spot, const char *words)
{
	return said(text, copy_with(text, spot->value, spot->end, words), spot, words);
}

static unsigned list_changed(const char *text, const struct spot *spot)
{
	unsigned good = 0;
	char words[2048], first[64];
	int len = (int)(spot->end - spot->value);
	const char *value = text + spot->value, *comma = memchr(value, ',', (size_t)len);
	if (comma != NULL) {
		snprintf(words, sizeof words, "[%.*s", (int)(text + spot->end - comma - 1), comma + 1);
		good += tried(text, spot, words);
	}
	for (size_t i = 0; good < 3 && i < sizeof candidates / sizeof candidates[0]; i++) {
		snprintf(words, sizeof words, "%.*s", len, value);
		snprintf(first, sizeof first, "%s", candidates[i]);
		if (strstr(words, first) != NULL)
			continue;
		snprintf(words, sizeof words, "[%s, %.*s", candidates[i], len - 1, value + 1);
		good += tried(text, spot, words);
	}
	return good;
}

static unsigned word_changed(const char *text, const struct spot *spot)
{
	unsigned good = 0;
	const cyaml_strval_t *words = spot->schema->enumeration.strings;
	for (uint32_t i = 0; i < spot->schema->enumeration.count; i++)
		if (strncmp(text + spot->value, words[i].str, spot->end - spot->value) != 0)
			good += tried(text, spot, words[i].str);
	return good;
}

/* A date, a span, a clause or a fingerprint by a digit, the last first; a name or a text by a letter more, or another
 * party. */
static unsigned text_changed(const char *text, const struct spot *spot)
{
	char words[1024];
	unsigned good = 0;
	snprintf(words, sizeof words, "%.*s", (int)(spot->end - spot->value), text + spot->value);
	for (size_t i = strlen(words); good == 0 && i-- > 0;) {
		char was = words[i];
		words[i] = was == '1' ? '2' : '1';
		if (was >= '0' && was <= '9')
			good += tried(text, spot, words);
		words[i] = was;
	}
	snprintf(words, sizeof words, "%.*sX", (int)(spot->end - spot->value), text + spot->value);
	good += good == 0 ? tried(text, spot, words) : 0;
	for (size_t i = 0; good == 0 && i < 4; i++)
		good += tried(text, spot, candidates[i]);
	return good;
}

static unsigned number_changed(const char *text, const struct spot *spot)
{
	char words[32];
	snprintf(words, sizeof words, "%lu", strtoul(text + spot->value, NULL, 10) + 1);
	return tried(text, spot, words);
}

/* What a flag stood for is then named: no rule goes without data. */
static unsigned flag_changed(const char *text, const struct spot *spot)
{
	static const char *const offs[] = {"false", "false\n    data: [REF.META]", "false\n    first: [DEM.ID]"};
	if (strncmp(text + spot->value, "true", 4) != 0)
		return tried(text, spot, "true");
	unsigned good = 0;
	for (size_t i = 0; good == 0 && i < sizeof offs / sizeof offs[0]; i++)
		good += tried(text, spot, offs[i]);
	return good;
}

static unsigned changed(const char *text, const struct spot *spot)
{
	switch (spot->schema->type) {
	case CYAML_SEQUENCE: return list_changed(text, spot);
	case CYAML_ENUM: return word_changed(text, spot);
	case CYAML_BOOL: return flag_changed(text, spot);
	case CYAML_UINT: return number_changed(text, spot);
	default: return text_changed(text, spot);
	}
}

/* ---- reading the text by its indentation ---- */

static const cyaml_schema_value_t *member(const cyaml_schema_value_t *schema, const char *key, size_t len)
{
	if (schema != NULL && schema->type == CYAML_SEQUENCE)
		schema = schema->sequence.entry;
	if (schema == NULL || schema->type != CYAML_MAPPING)
		return NULL;
	for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key != NULL; field++)
		if (strlen(field->key) == len && memcmp(field->key, key, len) == 0)
			return &field->value;
	return NULL;
}

struct reader {
	const char *text;
	size_t at, depth, indents[DEPTH_MAX];
	char paths[DEPTH_MAX][128];
	const cyaml_schema_value_t *schemas[DEPTH_MAX];
};

/* One line; true when it carries a value of the schema. */
static bool read_line(struct reader *r, struct spot *spot)
{
	const char *line = r->text + r->at;
	size_t len = strcspn(line, "\n"), indent = strspn(line, " -");
	size_t key = strcspn(line + indent, ": \n");
	size_t start = r->at;
	r->at += len + (line[len] == '\n');
	if (line[indent] == '#' || line[indent + key] != ':')
		return false;
	while (r->depth > 0 && r->indents[r->depth - 1] >= indent)
		r->depth--;
	const cyaml_schema_value_t *parent = r->depth > 0 ? r->schemas[r->depth - 1] : &told_file_schema;
	const cyaml_schema_value_t *schema = member(parent, line + indent, key);
	if (schema == NULL)
		return false;
	snprintf(spot->path, sizeof spot->path, "%.60s%s%.*s", r->depth > 0 ? r->paths[r->depth - 1] : "",
		 r->depth > 0 ? "." : "", (int)key, line + indent);
	assert_true(r->depth < DEPTH_MAX);
	r->indents[r->depth] = indent;
	r->schemas[r->depth] = schema;
	memcpy(r->paths[r->depth++], spot->path, sizeof spot->path);
	spot->schema = schema;
	spot->value = start + indent + key + 2;
	spot->end = start + len;
	return spot->value < spot->end;
}

struct paths {
	char good[PATHS_MAX][128];
	size_t count;
};

static bool known(const struct paths *paths, const char *path)
{
	for (size_t i = 0; i < paths->count; i++)
		if (strcmp(paths->good[i], path) == 0)
			return true;
	return false;
}

/* Every key of the schema was changed at least once into another good agreement. */
static size_t all_known(const struct paths *paths, const cyaml_schema_value_t *schema, const char *path)
{
	size_t missing = 0;
	bool words = schema->type == CYAML_SEQUENCE && schema->sequence.entry->type != CYAML_MAPPING;
	if (schema->type == CYAML_SEQUENCE && !words)
		schema = schema->sequence.entry;
	if (words || schema->type != CYAML_MAPPING) {
		if (known(paths, path))
			return 0;
		print_message("%s was never changed\n", path);
		return 1;
	}
	for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key != NULL; field++) {
		char below[128];
		snprintf(below, sizeof below, "%.60s%s%s", path, path[0] != '\0' ? "." : "", field->key);
		missing += all_known(paths, &field->value, below);
	}
	return missing;
}

static char *whole(void)
{
	char *text =
		replaced(everything(), "  consent: permission\n\nparties:\n",
			 "  consent: permission\n  art10: [sch1:18]\n  powers: [care_act]\n  others-own-basis: false\n"
			 "\nparties:\n  - party: GP\n    contact: only\n");
	text = replaced(text, "    verified: [RSK.*]\n", "    verified: [RSK.*]\n    benefit-warning: [GOA, PLN]\n");
	text = replaced(text, "    counts: true\n",
			"    counts: true\n    art6: [e, c]\n"
			"    apd: 2025-11-01\n");
	return replaced(text, "    what-the-order-names: true\n",
			"    what-the-order-names: true\n    first: [DEM.ID]\n    statutory-exceptions: [adoption, "
			"fertility]\n");
}

static void test_no_field_changes_in_silence(void **state)
{
	(void)state;
	struct paths *paths = calloc(1, sizeof *paths);
	struct spot spot;
	unsigned pairs = 0;
	assert_non_null(paths);
	char *text = whole();
	struct reader reader = {.text = text};
	while (text[reader.at] != '\0') {
		if (!read_line(&reader, &spot) || known(paths, spot.path))
			continue;
		unsigned good = changed(text, &spot);
		pairs += good;
		assert_true(paths->count < PATHS_MAX);
		if (good > 0)
			memcpy(paths->good[paths->count++], spot.path, sizeof spot.path);
	}
	print_message("%u pairs, %zu keys\n", pairs, paths->count);
	assert_int_equal(all_known(paths, &told_file_schema, ""), 0);
	free(text);
	free(paths);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_field_changes_in_silence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
