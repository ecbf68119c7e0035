/* SPDX-License-Identifier: Apache-2.0 */
/* Judging a catalogue: complete, nothing that nobody reads, and by a human with a name. Touches jansson. */
#include "agents/statement/catalogue_state.h"

#include <string.h>
#include <strings.h>

const struct told_catalogue_row told_catalogue_keys[TOLD_SAY_COUNT] = {
#define X(name, key, slots) {key, slots},
	TOLD_SAY_KEYS(X)
#undef X
};

#define MONTHS 12u

struct judging {
	const json_t *json, *base; /* base NULL: English itself */
	struct told_buf *why;
	enum told_status status;
};

__attribute__((format(printf, 2, 3))) static void refuse(struct judging *j, const char *format, ...)
{
	char text[512];
	va_list list;
	if (j->status != TOLD_OK)
		return;
	va_start(list, format);
	vsnprintf(text, sizeof text, format, list);
	va_end(list);
	j->status = TOLD_E_CONFIG;
	if (j->why != NULL)
		told_buf_put_text(j->why, text);
}

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text != NULL ? text : "";
}

/* ---- who translated it ---- */

static bool among(const char *name, const char *const *words, size_t count, bool whole)
{
	for (size_t i = 0; i < count; i++)
		if (whole ? strcasecmp(name, words[i]) == 0 : strcasestr(name, words[i]) != NULL)
			return true;
	return false;
}

/* What a person reads when they are frightened is not left to a machine (practice.md section 3). This stops who forgot;
 * it cannot stop who lies, whose name then stands there. */
static void judge_translator(struct judging *j)
{
	static const char *const machines[] = {"google", "deepl", "gpt", "translate", "machine"};
	static const char *const nobody[] = {"none", "nobody", "unknown", "anonymous", "automatic", "tbd", "n/a"};
	const char *name = text_at(json_object_get(j->json, "translator"), "name");
	if (strlen(name) < 3 || among(name, nobody, sizeof nobody / sizeof nobody[0], true))
		refuse(j,
		       "The catalogue does not name its translator (\"translator\": {\"name\": ...}): a text for the "
		       "person is translated by a human who answers for it.");
	if (among(name, machines, sizeof machines / sizeof machines[0], false))
		refuse(j,
		       "\"%s\" is not the name of a human translator: a text for the person is never translated by a "
		       "machine.",
		       name);
}

/* ---- the texts ---- */

static bool has_slot(const char *text, const char *slot, size_t len)
{
	for (const char *at = strchr(text, '{'); at != NULL; at = strchr(at + 1, '{'))
		if (strncmp(at + 1, slot, len) == 0 && at[len + 1] == '}')
			return true;
	return false;
}

static bool listed(const char *slots, const char *name, size_t len)
{
	for (const char *at = slots; *at != '\0'; at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == len && memcmp(at, name, len) == 0)
			return true;
	return false;
}

static void judge_slots(struct judging *j, const char *key, const char *text, const char *slots)
{
	for (const char *at = slots; *at != '\0'; at += strcspn(at, " "), at += *at == ' ')
		if (!has_slot(text, at, strcspn(at, " ")))
			refuse(j, "The text \"%s\" has no {%.*s}.", key, (int)strcspn(at, " "), at);
	for (const char *at = strchr(text, '{'); at != NULL; at = strchr(at + 1, '{'))
		if (!listed(slots, at + 1, strcspn(at + 1, "}")))
			refuse(j, "The text \"%s\" has {%.*s}, which nothing fills.", key, (int)strcspn(at + 1, "}"),
			       at + 1);
}

static void judge_text(struct judging *j, const char *key, const char *text)
{
	if (strlen(text) == 0)
		refuse(j, "The text \"%s\" is missing.", key);
	if (strlen(text) > TOLD_CATALOGUE_TEXT_MAX_BYTES)
		refuse(j, "The text \"%s\" is longer than %u bytes.", key, TOLD_CATALOGUE_TEXT_MAX_BYTES);
	for (const char *at = text; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == '\x7f')
			refuse(j, "The text \"%s\" has a control character.", key);
}

static void judge_texts(struct judging *j)
{
	const json_t *texts = json_object_get(j->json, "texts");
	for (size_t i = 0; i < TOLD_SAY_COUNT; i++) {
		const char *text = text_at(texts, told_catalogue_keys[i].key);
		judge_text(j, told_catalogue_keys[i].key, text);
		judge_slots(j, told_catalogue_keys[i].key, text, told_catalogue_keys[i].slots);
	}
	if (json_object_size(texts) != TOLD_SAY_COUNT)
		refuse(j, "\"texts\" holds %zu texts, and %d are known: one of them nobody reads.",
		       json_object_size(texts), TOLD_SAY_COUNT);
}

/* Codes with words: of English each must be in the list; of others each that English has must be there, no more. */
static void judge_codes(struct judging *j, const char *group, enum told_list list)
{
	json_t *words = json_object_get(j->json, group), *base = json_object_get(j->base, group);
	const char *key = NULL;
	json_t *value = NULL;
	json_object_foreach(words, key, value)
	{
		judge_text(j, key, json_is_string(value) ? json_string_value(value) : "");
		if (told_value(list, told_text(key)) == 0)
			refuse(j, "\"%s\" has \"%s\", which is no code.", group, key);
	}
	json_object_foreach(base, key, value) if (json_object_get(words, key) == NULL)
		refuse(j, "\"%s\" has no words for %s.", group, key);
	if (json_object_size(words) == 0)
		refuse(j, "\"%s\" is missing.", group);
}

static void judge_parties(struct judging *j)
{
	json_t *words = json_object_get(j->json, "parties"), *base = json_object_get(j->base, "parties");
	const char *key = NULL;
	json_t *value = NULL;
	json_object_foreach(words, key, value)
		judge_text(j, key, json_is_string(value) ? json_string_value(value) : "");
	json_object_foreach(base, key, value) if (json_object_get(words, key) == NULL)
		refuse(j, "\"parties\" has no words for %s.", key);
}

static void judge_frame(struct judging *j)
{
	const json_t *months = json_object_get(j->json, "months");
	const char *language = text_at(j->json, "language"), *direction = text_at(j->json, "direction");
	if (strlen(language) < 2 || strlen(language) > 16 ||
	    strspn(language, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") != strlen(language))
		refuse(j, "\"language\" must be a code as in BCP 47, such as \"cy\".");
	if (direction[0] != '\0' && strcmp(direction, "ltr") != 0 && strcmp(direction, "rtl") != 0)
		refuse(j, "\"direction\" is \"ltr\" or \"rtl\".");
	for (size_t i = 0; i < MONTHS; i++) {
		const char *month = json_string_value(json_array_get(months, i));
		judge_text(j, "months", month != NULL ? month : "");
	}
}

enum told_status told_catalogue_load(struct told_bytes bytes, const struct told_catalogue *base,
				     struct told_catalogue **out, struct told_buf *why)
{
	json_error_t error;
	*out = NULL;
	if (bytes.len > TOLD_CATALOGUE_MAX_BYTES)
		return TOLD_E_LIMIT;
	json_t *json = json_loadb((const char *)bytes.data, bytes.len, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(json)) {
		if (why != NULL)
			told_buf_printf(why, "Line %d: %s.", error.line, json == NULL ? error.text : "no object");
		json_decref(json);
		return TOLD_E_MALFORMED;
	}
	struct judging j = {.json = json, .base = base != NULL ? base->json : NULL, .why = why, .status = TOLD_OK};
	judge_frame(&j);
	judge_translator(&j);
	judge_texts(&j);
	judge_codes(&j, "parts", TOLD_LIST_CATEGORY);
	judge_codes(&j, "whys", TOLD_LIST_PURPOSE);
	judge_parties(&j);
	struct told_catalogue *words = j.status == TOLD_OK ? calloc(1, sizeof *words) : NULL;
	if (words == NULL) {
		json_decref(json);
		return j.status == TOLD_OK ? TOLD_E_MEMORY : j.status;
	}
	words->json = json;
	*out = words;
	return TOLD_OK;
}

enum told_status told_catalogue_english(struct told_catalogue **out)
{
	return told_catalogue_load(told_bytes(told_catalogue_english_json, told_catalogue_english_size), NULL, out,
				   NULL);
}
