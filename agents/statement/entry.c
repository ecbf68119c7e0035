/* SPDX-License-Identifier: Apache-2.0 */
/* One entry in words: what, to whom, why, who opened it. Touches jansson and the catalogue. */
#include "agents/statement/entry.h"

#include <string.h>

const char *told_entry_text(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));
	return text != NULL ? text : "";
}

/* ---- the parts of a sentence ---- */

static const char *part_of(const struct told_catalogue *words, const json_t *code)
{
	const char *text = json_string_value(code);
	return told_catalogue_part(words, told_value(TOLD_LIST_CATEGORY, told_text(text)));
}

static bool said_before(const json_t *codes, size_t at, const struct told_catalogue *words)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(part_of(words, json_array_get(codes, i)), part_of(words, json_array_get(codes, at))) == 0)
			return true;
	return false;
}

static size_t count_parts(const json_t *codes, const struct told_catalogue *words)
{
	size_t count = 0;
	for (size_t i = 0; i < json_array_size(codes); i++)
		count += !said_before(codes, i, words);
	return count;
}

void told_entry_parts(const json_t *codes, const struct told_catalogue *words, struct told_buf *out)
{
	size_t left = count_parts(codes, words), all = left;
	for (size_t i = 0; i < json_array_size(codes); i++) {
		if (said_before(codes, i, words))
			continue;
		if (left < all)
			told_buf_printf(out, left == 1 ? " %s " : ", ", told_catalogue_text(words, TOLD_SAY_AND));
		told_buf_put_text(out, part_of(words, json_array_get(codes, i)));
		left--;
	}
}

/* The name that the agreement gives, another that people know it by, or none where names are not printed. */
const char *told_entry_name(const json_t *entry, const struct told_catalogue *words)
{
	const char *code = told_entry_text(entry, "party"), *name = told_entry_text(entry, "name");
	const char *known = told_catalogue_party(words, told_text(code));
	if (known != NULL)
		return known;
	return name[0] != '\0' ? name : told_catalogue_text(words, TOLD_SAY_OTHER_SERVICE);
}

/* ---- the sentences ---- */

static enum told_say key_of(const json_t *entry)
{
	static const struct {
		const char *kind, *how;
		enum told_say key;
	} rows[] = {
		{"sent", "", TOLD_SAY_SENT},
		{"let", "", TOLD_SAY_LET},
		{"told", "in_person", TOLD_SAY_TOLD_IN_PERSON},
		{"told", "telephone", TOLD_SAY_TOLD_TELEPHONE},
		{"told", "meeting", TOLD_SAY_TOLD_MEETING},
		{"told", "paper", TOLD_SAY_TOLD_PAPER},
		{"declined", NULL, TOLD_SAY_DECLINED},
		{"withheld", "", TOLD_SAY_WITHHELD},
		{"got", "", TOLD_SAY_GOT},
		{"checked", "", TOLD_SAY_CHECKED},
	};
	const char *kind = told_entry_text(entry, "kind"), *how = told_entry_text(entry, "how");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].kind, kind) == 0 && (rows[i].how == NULL || strcmp(rows[i].how, how) == 0))
			return rows[i].key;
	return TOLD_SAY_SENT;
}

void told_entry_say(const json_t *entry, const struct told_catalogue *words, struct told_buf *out)
{
	struct told_buf what = TOLD_BUF(TOLD_ENTRY_MAX_BYTES);
	told_entry_parts(json_object_get(entry, "categories"), words, &what);
	const char *parts = told_buf_cstr(&what);
	const struct told_slot slots[] = {{"name", told_entry_name(entry, words)},
					  {"what", parts != NULL ? parts : ""}};
	told_catalogue_say(words, key_of(entry), slots, 2, out);
	told_buf_free(&what);
}

static void say_purposes(const json_t *entry, const struct told_catalogue *words, struct told_buf *out)
{
	struct told_buf whys = TOLD_BUF(TOLD_ENTRY_MAX_BYTES);
	const json_t *purposes = json_object_get(entry, "purposes");
	for (size_t i = 0; i < json_array_size(purposes); i++) {
		const char *code = json_string_value(json_array_get(purposes, i));
		const char *why = told_catalogue_why(words, told_value(TOLD_LIST_PURPOSE, told_text(code)));
		if (why == NULL)
			continue;
		if (whys.len > 0)
			told_buf_printf(&whys, " %s ", told_catalogue_text(words, TOLD_SAY_AND));
		told_buf_put_text(&whys, why);
	}
	const char *text = told_buf_cstr(&whys);
	const struct told_slot slot = {"why", text};
	if (text != NULL && whys.len > 0)
		told_catalogue_say(words, TOLD_SAY_WHY, &slot, 1, out);
	told_buf_free(&whys);
}

/* They have it: not what stayed back, and not what came to us. */
static bool went(const json_t *entry)
{
	static const char *const kinds[] = {"sent", "let", "told"};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(told_entry_text(entry, "kind"), kinds[i]) == 0)
			return true;
	return false;
}

/* Why in one breath: what it is for, and what let us. */
void told_entry_why(const json_t *entry, const struct told_catalogue *words, struct told_buf *out)
{
	static const struct {
		const char *ground;
		enum told_say key;
	} grounds[] = {
		{"yes", TOLD_SAY_BECAUSE_YES},
		{"rules", TOLD_SAY_BECAUSE_RULES},
		{"danger", TOLD_SAY_BECAUSE_DANGER},
		{"law", TOLD_SAY_BECAUSE_LAW},
	};
	if (!went(entry))
		return;
	say_purposes(entry, words, out);
	for (size_t i = 0; i < sizeof grounds / sizeof grounds[0]; i++)
		if (strcmp(told_entry_text(entry, "ground"), grounds[i].ground) == 0)
			told_buf_printf(out, "%s%s", out->len > 0 ? " " : "",
					told_catalogue_text(words, grounds[i].key));
}

/* Only what an agent logged: that a worker of that team opened it. */
void told_entry_opened(const json_t *entry, const json_t *opened, const struct told_catalogue *words,
		       struct told_buf *out)
{
	struct told_buf when = TOLD_BUF(64);
	const char *team = told_entry_text(opened, "team");
	told_catalogue_date(words, json_integer_value(json_object_get(opened, "time_ms")), &when);
	const struct told_slot slots[] = {
		{"team", team}, {"name", told_entry_name(entry, words)}, {"when", told_buf_cstr(&when)}};
	told_catalogue_say(words, team[0] != '\0' ? TOLD_SAY_OPENED : TOLD_SAY_OPENED_NAMED, slots, 3, out);
	told_buf_free(&when);
}
