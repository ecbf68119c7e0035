/* SPDX-License-Identifier: Apache-2.0 */
/* What a profile may say: the schema, then the checks that need the vocabulary. Reads bytes, opens nothing. */
#include "agents/profile/profile.h"
#include "agents/profile/yaml.h"

#include "told/limits.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- the schema: the keys of profile.yaml -- */

#define TEXT(key, type, member, max) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, struct type, member, 1, max)
#define MAYBE(key, type, member, max)                                                                                  \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct type, member, 1, max)
#define LIST(key, type, member, entry, max)                                                                            \
	CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER, struct type, member, entry, 1, max)
#define MAYBE_LIST(key, type, member, entry, max)                                                                      \
	CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct type, member, entry, 1, max)

static const cyaml_schema_value_t name_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, TOLD_NAME_MAX_BYTES),
};
static const cyaml_schema_value_t text_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, TOLD_TEXT_MAX_BYTES),
};

static const cyaml_schema_field_t emergency_fields[] = {
	TEXT("telephone", told_emergency, telephone, TOLD_NAME_MAX_BYTES),
	TEXT("hours", told_emergency, hours, TOLD_TEXT_MAX_BYTES),
	TEXT("opens_with", told_emergency, opens_with, TOLD_TEXT_MAX_BYTES),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t team_fields[] = {
	TEXT("id", told_team, id, TOLD_NAME_MAX_BYTES),
	TEXT("name", told_team, name, TOLD_TEXT_MAX_BYTES),
	CYAML_FIELD_BOOL("duty", CYAML_FLAG_DEFAULT, struct told_team, duty),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t team_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct told_team, team_fields)};

static const cyaml_schema_field_t offer_fields[] = {
	TEXT("need", told_offer, need, TOLD_NAME_MAX_BYTES),
	TEXT("words", told_offer, words, TOLD_TEXT_MAX_BYTES),
	LIST("modality", told_offer, modality, &name_schema, 8),
	TEXT("supervision", told_offer, supervision, TOLD_NAME_MAX_BYTES),
	MAYBE_LIST("not_suitable_when", told_offer, not_suitable_when, &text_schema, 16),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t offer_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct told_offer, offer_fields),
};

static const cyaml_schema_field_t clock_fields[] = {
	TEXT("id", told_agency_clock, id, TOLD_NAME_MAX_BYTES),
	TEXT("within", told_agency_clock, within, TOLD_NAME_MAX_BYTES),
	TEXT("from", told_agency_clock, from, TOLD_NAME_MAX_BYTES),
	TEXT("words", told_agency_clock, words, TOLD_TEXT_MAX_BYTES),
	MAYBE("source", told_agency_clock, source, TOLD_TEXT_MAX_BYTES),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t clock_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct told_agency_clock, clock_fields),
};

static const cyaml_schema_field_t profile_fields[] = {
	TEXT("id", told_profile, id, TOLD_NAME_MAX_BYTES),
	TEXT("name", told_profile, name, TOLD_TEXT_MAX_BYTES),
	TEXT("called", told_profile, called, TOLD_TEXT_MAX_BYTES),
	MAYBE("acts_for", told_profile, acts_for, TOLD_NAME_MAX_BYTES),
	MAYBE_LIST("marks", told_profile, marks, &name_schema, 16),
	LIST("originates", told_profile, originates, &name_schema, 64),
	TEXT("form", told_profile, form, TOLD_NAME_MAX_BYTES),
	LIST("languages", told_profile, languages, &name_schema, 64),
	TEXT("telephone", told_profile, telephone, TOLD_NAME_MAX_BYTES),
	CYAML_FIELD_MAPPING("emergency", CYAML_FLAG_DEFAULT, struct told_profile, emergency, emergency_fields),
	LIST("roles", told_profile, roles, &name_schema, 16),
	LIST("teams", told_profile, teams, &team_schema, 64),
	LIST("does", told_profile, does, &offer_schema, 64),
	LIST("clocks", told_profile, clocks, &clock_schema, 64),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t profile_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct told_profile, profile_fields),
};

/* libcyaml speaks only where the walk in yaml.c was silent; its first line is kept. */
__attribute__((format(printf, 3, 0))) static void keep_first_line(cyaml_log_t level, void *ctx, const char *format,
								  va_list args)
{
	char *line = ctx;
	if (level == CYAML_LOG_ERROR && line[0] == '\0')
		vsnprintf(line, 256, format, args);
}

#define CYAML_CONFIG(line)                                                                                             \
	{                                                                                                              \
		.log_fn = keep_first_line, .log_ctx = (line), .mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR,       \
		.flags = CYAML_CFG_NO_ALIAS                                                                            \
	}

/* -- checks that need more than the schema -- */

static bool is_one_of(const char *word, const char *const *words)
{
	while (*words != NULL && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

/* Lower-case letters, digits, '-', '_' and '.': what ids, needs and events are made of. */
static bool is_id(const char *text)
{
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] == '\0';
}

static bool is_party(const char *text)
{
	return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

/* A BCP 47 tag in shape: two or three letters, then subtags. The registry is not consulted. */
static bool is_language(const char *text)
{
	size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyz");
	size_t rest = strspn(text + letters, "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	return letters >= 2 && letters <= 3 && text[letters + rest] == '\0' && (rest == 0 || text[letters] == '-');
}

static enum told_status check_head(struct told_profile *p, const struct yaml_file *file)
{
	if (!is_party(p->id))
		return yaml_fault(file, TOLD_E_CONFIG, "id", "a party's id is in capitals, digits and '_'");
	if (p->acts_for != NULL && !is_party(p->acts_for))
		return yaml_fault(file, TOLD_E_CONFIG, "acts_for", "a party's id is in capitals, digits and '_'");
	if (p->form[0] == '.' || !is_id(p->form))
		return yaml_fault(file, TOLD_E_CONFIG, "form", "a file in the profile's own folder, by a plain name");
	return TOLD_OK;
}

static enum told_status check_marks(struct told_profile *p, const struct yaml_file *file)
{
	static const struct {
		const char *word;
		enum told_agency_mark bit;
	} marks[] = {
		{"public", TOLD_AGENCY_MARK_PUBLIC},
		{"hsc", TOLD_AGENCY_MARK_HSC},
		{"reveals", TOLD_AGENCY_MARK_REVEALS},
		{"specialist", TOLD_AGENCY_MARK_SPECIALIST},
		{"emergency", TOLD_AGENCY_MARK_EMERGENCY},
		{"s213b", TOLD_AGENCY_MARK_S213B},
		{"dea", TOLD_AGENCY_MARK_DEA},
		{"byteam", TOLD_AGENCY_MARK_BYTEAM},
	};
	for (unsigned i = 0; i < p->marks_count; i++) {
		unsigned before = p->mark_bits;
		for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
			if (strcmp(p->marks[i], marks[k].word) == 0)
				p->mark_bits |= marks[k].bit;
		char path[64];
		snprintf(path, sizeof path, "marks/%u", i);
		if (p->mark_bits == before)
			return yaml_fault(file, TOLD_E_UNKNOWN, path, "no such mark, or here twice: \"%s\"",
					  p->marks[i]);
	}
	return TOLD_OK;
}

static enum told_status check_originates(struct told_profile *p, const struct yaml_file *file)
{
	for (unsigned i = 0; i < p->originates_count; i++) {
		char path[64];
		snprintf(path, sizeof path, "originates/%u", i);
		if (told_catset_add_code(&p->categories, told_text(p->originates[i])) != TOLD_OK)
			return yaml_fault(file, TOLD_E_UNKNOWN, path, "no such category: \"%s\"", p->originates[i]);
	}
	return TOLD_OK;
}

static enum told_status check_roles(struct told_profile *p, const struct yaml_file *file)
{
	for (unsigned i = 0; i < p->roles_count; i++) {
		unsigned role = told_value(TOLD_LIST_ROLE, told_text(p->roles[i]));
		char path[64];
		snprintf(path, sizeof path, "roles/%u", i);
		if (role == 0)
			return yaml_fault(file, TOLD_E_UNKNOWN, path, "no such role: \"%s\"", p->roles[i]);
		p->role_bits |= 1u << role;
	}
	for (unsigned i = 0; i < p->languages_count; i++) {
		char path[64];
		snprintf(path, sizeof path, "languages/%u", i);
		if (!is_language(p->languages[i]))
			return yaml_fault(file, TOLD_E_UNKNOWN, path,
					  "a language by its BCP 47 tag, such as en or bfi");
	}
	return TOLD_OK;
}

static enum told_status check_teams(struct told_profile *p, const struct yaml_file *file)
{
	unsigned duty = 0;
	for (unsigned i = 0; i < p->teams_count; i++) {
		char path[64];
		snprintf(path, sizeof path, "teams/%u/id", i);
		if (!is_id(p->teams[i].id))
			return yaml_fault(file, TOLD_E_CONFIG, path,
					  "an id is in small letters, digits, '-', '_' and '.'");
		for (unsigned k = 0; k < i; k++)
			if (strcmp(p->teams[k].id, p->teams[i].id) == 0)
				return yaml_fault(file, TOLD_E_CONFIG, path, "two teams with the id \"%s\"",
						  p->teams[i].id);
		duty += p->teams[i].duty;
	}
	if (duty == 0)
		return yaml_fault(file, TOLD_E_CONFIG, "teams",
				  "no team is on duty: give one duty: true, for what is urgent");
	return TOLD_OK;
}

static enum told_status check_offer(const struct told_offer *offer, const struct yaml_file *file, unsigned i)
{
	static const char *const modalities[] = {"in-person", "telephone",  "video",    "online",
						 "group",     "home-visit", "outreach", NULL};
	static const char *const supervisions[] = {"none", "required", NULL};
	char path[64];
	snprintf(path, sizeof path, "does/%u/need", i);
	if (!is_id(offer->need))
		return yaml_fault(file, TOLD_E_CONFIG, path, "a need is in small letters, digits, '-', '_' and '.'");
	snprintf(path, sizeof path, "does/%u/supervision", i);
	if (!is_one_of(offer->supervision, supervisions))
		return yaml_fault(file, TOLD_E_UNKNOWN, path, "supervision is none or required");
	for (unsigned k = 0; k < offer->modality_count; k++) {
		snprintf(path, sizeof path, "does/%u/modality/%u", i, k);
		if (!is_one_of(offer->modality[k], modalities))
			return yaml_fault(file, TOLD_E_UNKNOWN, path, "no such modality: \"%s\"", offer->modality[k]);
	}
	return TOLD_OK;
}

static enum told_status check_does(struct told_profile *p, const struct yaml_file *file)
{
	for (unsigned i = 0; i < p->does_count; i++) {
		enum told_status status = check_offer(&p->does[i], file, i);
		if (status != TOLD_OK)
			return status;
		for (unsigned k = 0; k < i; k++) {
			char path[64];
			snprintf(path, sizeof path, "does/%u/need", i);
			if (strcmp(p->does[k].need, p->does[i].need) == 0)
				return yaml_fault(file, TOLD_E_CONFIG, path, "the need \"%s\" stands here twice",
						  p->does[i].need);
		}
	}
	return TOLD_OK;
}

static enum told_status check_clocks(struct told_profile *p, const struct yaml_file *file)
{
	for (unsigned i = 0; i < p->clocks_count; i++) {
		struct told_agency_clock *clock = &p->clocks[i];
		char path[64];
		snprintf(path, sizeof path, "clocks/%u/within", i);
		if (told_promise_parse(told_text(clock->within), &clock->span) != TOLD_OK)
			return yaml_fault(file, TOLD_E_CONFIG, path, "a span such as 15min, 24h, 2wd, 56d, 6w or 3m");
		snprintf(path, sizeof path, "clocks/%u/id", i);
		if (!is_id(clock->id) || !is_id(clock->from))
			return yaml_fault(file, TOLD_E_CONFIG, path,
					  "id and from are in small letters, digits, '-', '_' and '.'");
		for (unsigned k = 0; k < i; k++)
			if (strcmp(p->clocks[k].id, clock->id) == 0)
				return yaml_fault(file, TOLD_E_CONFIG, path, "two clocks with the id \"%s\"",
						  clock->id);
	}
	if (told_profile_clock(p, "acknowledge_by") == NULL)
		return yaml_fault(file, TOLD_E_CONFIG, "clocks", "a clock with the id acknowledge_by is missing");
	return TOLD_OK;
}

static enum told_status check_all(struct told_profile *p, const struct yaml_file *file)
{
	enum told_status (*const checks[])(struct told_profile *, const struct yaml_file *) = {
		check_head, check_marks, check_originates, check_roles, check_teams, check_does, check_clocks};
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		enum told_status status = checks[i](p, file);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

static enum told_status load(struct told_bytes yaml, const struct yaml_file *file, struct told_profile **out)
{
	char line[256] = "";
	cyaml_config_t config = CYAML_CONFIG(line);
	cyaml_data_t *data = NULL;
	cyaml_err_t err = cyaml_load_data(yaml.data, yaml.len, &config, &profile_schema, &data, NULL);
	*out = data;
	if (err == CYAML_ERR_OOM)
		return TOLD_E_MEMORY;
	line[strcspn(line, "\n")] = '\0';
	if (err != CYAML_OK)
		return yaml_fault(file, TOLD_E_CONFIG, "", "%s", line[0] != '\0' ? line : cyaml_strerror(err));
	return *out != NULL ? TOLD_OK : TOLD_E_INTERNAL;
}

enum told_status told_profile_read(struct told_bytes yaml, const char *name, struct told_profile **out,
				   struct told_buf *why)
{
	struct yaml_file file = {.name = name, .why = why};
	struct told_profile *profile = NULL;
	*out = NULL;
	enum told_status status = yaml_file_read(yaml, &profile_schema, &file);
	if (status != TOLD_OK)
		return status;
	status = load(yaml, &file, &profile);
	if (status == TOLD_OK)
		status = check_all(profile, &file);
	if (status == TOLD_OK) {
		*out = profile;
		profile = NULL;
	}
	told_profile_free(profile);
	yaml_file_close(&file);
	return status;
}

void told_profile_free(struct told_profile *profile)
{
	char line[256] = "";
	cyaml_config_t config = CYAML_CONFIG(line);
	if (profile != NULL && cyaml_free(&config, &profile_schema, profile, 0) != CYAML_OK)
		abort(); /* only a wrong schema can cause it */
}

const struct told_agency_clock *told_profile_clock(const struct told_profile *profile, const char *id)
{
	for (unsigned i = 0; i < profile->clocks_count; i++)
		if (strcmp(profile->clocks[i].id, id) == 0)
			return &profile->clocks[i];
	return NULL;
}

const struct told_offer *told_profile_offer(const struct told_profile *profile, const char *need)
{
	for (unsigned i = 0; i < profile->does_count; i++)
		if (strcmp(profile->does[i].need, need) == 0)
			return &profile->does[i];
	return NULL;
}
