/* SPDX-License-Identifier: Apache-2.0 */
/* The statement in the shape of Estonia's data tracker (findUsage 1.6): five fields in their order, newest first, the
 * action in human words. Touches jansson and the catalogue. */
#include "agents/statement/entry.h"

#include <stdio.h>
#include <time.h>

/* "2026-11-22T14:05:00.000Z". */
static json_t *time_json(int64_t utc_ms)
{
	char text[40], whole[32];
	time_t seconds = (time_t)(utc_ms / 1000);
	struct tm at;
	if (gmtime_r(&seconds, &at) == NULL || strftime(whole, sizeof whole, "%Y-%m-%dT%H:%M:%S", &at) == 0)
		return json_null();
	snprintf(text, sizeof text, "%s.%03dZ", whole, (int)(utc_ms % 1000));
	return json_string(text);
}

static json_t *action_json(const json_t *entry, const struct told_catalogue *words)
{
	struct told_buf text = TOLD_BUF(2 * TOLD_ENTRY_MAX_BYTES), why = TOLD_BUF(2 * TOLD_ENTRY_MAX_BYTES);
	told_entry_say(entry, words, &text);
	told_entry_why(entry, words, &why);
	if (why.len > 0)
		told_buf_printf(&text, " %s", told_buf_cstr(&why));
	json_t *action = json_stringn((const char *)text.data, text.len);
	told_buf_free(&text);
	told_buf_free(&why);
	return action;
}

static json_t *usage_json(const json_t *entry, const struct told_catalogue *words)
{
	const char *name = told_entry_name(entry, words);
	return json_pack("{s:o, s:o, s:s, s:s, s:o}", "logtime",
			 time_json(json_integer_value(json_object_get(entry, "time_ms"))), "action",
			 action_json(entry, words), "receiverCode", told_entry_text(entry, "party"), "receiverName",
			 name, "receiverSystem", json_sprintf("Told Once agent of %s", name));
}

static void add_usages(const json_t *entries, const struct told_catalogue *words, json_t *usages)
{
	for (size_t i = 0; i < json_array_size(entries); i++) {
		json_t *usage = usage_json(json_array_get(entries, i), words);
		if (usage != NULL)
			json_array_append_new(usages, usage);
	}
}

json_t *told_statement_usages(const json_t *statement, const struct told_catalogue *words)
{
	json_t *usages = json_array(), *checks = json_array();
	const json_t *period = json_object_get(statement, "period");
	add_usages(json_object_get(statement, "entries"), words, usages);
	add_usages(json_object_get(statement, "checks"), words, checks);
	return json_pack("{s:s, s:o, s:o, s:{s:o, s:o}, s:I, s:I, s:b, s:s}", "statement",
			 told_entry_text(statement, "statement"), "usages", usages, "checks", checks, "usagePeriod",
			 "start", time_json(json_integer_value(json_object_get(period, "start_ms"))), "end",
			 time_json(json_integer_value(json_object_get(period, "end_ms"))), "offset",
			 json_integer_value(json_object_get(statement, "offset")), "limit",
			 json_integer_value(json_object_get(statement, "limit")), "more",
			 json_is_true(json_object_get(statement, "more")), "closing",
			 told_catalogue_text(words, TOLD_SAY_CLOSING));
}
