/* SPDX-License-Identifier: Apache-2.0 */
/* The texts of one language, once it was judged (catalogue_load.c). Touches jansson. */
#include "agents/statement/catalogue.h"
#include "agents/statement/catalogue_state.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *member(const struct told_catalogue *words, const char *group, const char *key)
{
	return json_string_value(json_object_get(json_object_get(words->json, group), key));
}

const char *told_catalogue_language(const struct told_catalogue *words)
{
	return json_string_value(json_object_get(words->json, "language"));
}

const char *told_catalogue_direction(const struct told_catalogue *words)
{
	const char *direction = json_string_value(json_object_get(words->json, "direction"));
	return direction != NULL ? direction : "ltr";
}

const char *told_catalogue_translator(const struct told_catalogue *words)
{
	return member(words, "translator", "name");
}

const char *told_catalogue_text(const struct told_catalogue *words, enum told_say key)
{
	return member(words, "texts", told_catalogue_keys[key].key);
}

const char *told_catalogue_part(const struct told_catalogue *words, unsigned category)
{
	const char *part = member(words, "parts", told_code(TOLD_LIST_CATEGORY, category));
	return part != NULL ? part : told_catalogue_text(words, TOLD_SAY_PART_OTHER);
}

const char *told_catalogue_why(const struct told_catalogue *words, unsigned purpose)
{
	return member(words, "whys", told_code(TOLD_LIST_PURPOSE, purpose));
}

const char *told_catalogue_party(const struct told_catalogue *words, struct told_bytes code)
{
	const json_t *parties = json_object_get(words->json, "parties");
	return json_string_value(json_object_getn(parties, (const char *)code.data, code.len));
}

static const char *slot_text(const struct told_slot *slots, size_t count, const char *name, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(slots[i].name) == len && memcmp(slots[i].name, name, len) == 0)
			return slots[i].text;
	return "";
}

void told_catalogue_say(const struct told_catalogue *words, enum told_say key, const struct told_slot *slots,
			size_t count, struct told_buf *out)
{
	const char *at = told_catalogue_text(words, key);
	while (*at != '\0') {
		size_t plain = strcspn(at, "{");
		told_buf_put(out, at, plain);
		at += plain;
		if (*at == '\0')
			return;
		size_t len = strcspn(at + 1, "}");
		told_buf_put_text(out, slot_text(slots, count, at + 1, len));
		at += len + 1 + (at[len + 1] == '}');
	}
}

void told_catalogue_date(const struct told_catalogue *words, int64_t utc_ms, struct told_buf *out)
{
	time_t seconds = (time_t)(utc_ms / 1000);
	struct tm day;
	if (localtime_r(&seconds, &day) == NULL)
		return;
	const char *month =
		json_string_value(json_array_get(json_object_get(words->json, "months"), (size_t)day.tm_mon));
	told_buf_printf(out, "%d %s %d", day.tm_mday, month, day.tm_year + 1900);
}

void told_catalogue_free(struct told_catalogue *words)
{
	if (words == NULL)
		return;
	json_decref(words->json);
	free(words);
}
