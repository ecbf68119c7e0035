/* SPDX-License-Identifier: Apache-2.0 */
/* The page's lines in their order: what is never told, what was told, the closing sentence that is always the same, the
 * three doors. Touches jansson and the catalogue. */
#include "agents/statement/entry.h"

#include <string.h>

#define COMPLAINT_MS ((int64_t)30 * 24 * 3600 * 1000) /* acknowledged within 30 days (practice.md section 4) */

/* ---- lines ---- */

static void put(struct told_page *page, enum told_line_kind kind, const char *text)
{
	if (page->status != TOLD_OK || text == NULL || text[0] == '\0')
		return;
	char *copy = told_arena_text(page->arena, told_text(text));
	if (page->count == TOLD_PAGE_LINES_MAX || copy == NULL) {
		page->status = copy == NULL ? TOLD_E_MEMORY : TOLD_E_LIMIT;
		return;
	}
	page->lines[page->count++] = (struct told_line){kind, copy};
}

/* Takes what the buffer holds, and empties it. */
static void put_buf(struct told_page *page, enum told_line_kind kind, struct told_buf *text)
{
	put(page, kind, text->len > 0 ? told_buf_cstr(text) : NULL);
	told_buf_free(text);
}

static void put_key(struct told_page *page, enum told_line_kind kind, enum told_say key)
{
	put(page, kind, told_catalogue_text(page->words, key));
}

static void put_said(struct told_page *page, enum told_line_kind kind, enum told_say key, const struct told_slot *slots,
		     size_t count)
{
	struct told_buf text = TOLD_BUF(TOLD_ENTRY_MAX_BYTES);
	told_catalogue_say(page->words, key, slots, count, &text);
	put_buf(page, kind, &text);
}

static const char *day(const struct told_page *page, int64_t utc_ms)
{
	struct told_buf text = TOLD_BUF(64);
	told_catalogue_date(page->words, utc_ms, &text);
	char *copy = told_arena_text(page->arena, told_buf_view(&text));
	told_buf_free(&text);
	return copy != NULL ? copy : "";
}

static int64_t ms_of(const json_t *object, const char *member)
{
	return json_integer_value(json_object_get(object, member));
}

/* ---- what is never told ---- */

static void put_never_for(struct told_page *page, const char *code)
{
	unsigned purpose = told_value(TOLD_LIST_PURPOSE, told_text(code));
	const struct told_slot why = {"why", told_catalogue_why(page->words, purpose)};
	if (purpose == TOLD_PURPOSE_CRIME)
		put_key(page, TOLD_LINE_NEVER, TOLD_SAY_NEVER_CRIME);
	else if (why.text != NULL)
		put_said(page, TOLD_LINE_NEVER, TOLD_SAY_NEVER_FOR, &why, 1);
}

static void put_never(struct told_page *page, const json_t *statement)
{
	const json_t *never = json_object_get(statement, "never"), *line = NULL;
	if (json_array_size(never) > 0)
		put_key(page, TOLD_LINE_HEADING, TOLD_SAY_NEVER_TITLE);
	for (size_t i = 0; i < json_array_size(never); i++) {
		line = json_array_get(never, i);
		const struct told_slot name = {"name", told_entry_name(line, page->words)};
		if (json_object_get(line, "purpose") != NULL)
			put_never_for(page, told_entry_text(line, "purpose"));
		else
			put_said(page, TOLD_LINE_NEVER, TOLD_SAY_NEVER_TO, &name, 1);
	}
}

/* ---- what was told ---- */

static void put_source(struct told_page *page, const json_t *entry, const char *service)
{
	bool ours = strcmp(told_entry_text(entry, "kind"), "sent") == 0;
	const struct told_slot slots[] = {{"name", told_entry_name(entry, page->words)}, {"service", service}};
	put_said(page, TOLD_LINE_MORE, ours ? TOLD_SAY_SLIP_SOURCE : TOLD_SAY_SLIP_SOURCE_US, slots, 2);
}

static void put_entry(struct told_page *page, const json_t *entry)
{
	struct told_buf text = TOLD_BUF(2 * TOLD_ENTRY_MAX_BYTES);
	const json_t *opened = json_object_get(entry, "opened");
	put(page, TOLD_LINE_WHEN, day(page, ms_of(entry, "time_ms")));
	told_entry_say(entry, page->words, &text);
	put_buf(page, TOLD_LINE_ENTRY, &text);
	told_entry_why(entry, page->words, &text);
	put_buf(page, TOLD_LINE_MORE, &text);
	for (size_t i = 0; i < json_array_size(opened); i++) {
		told_entry_opened(entry, json_array_get(opened, i), page->words, &text);
		put_buf(page, TOLD_LINE_MORE, &text);
	}
}

static void put_entries(struct told_page *page, const json_t *statement, bool slip)
{
	const json_t *entries = json_object_get(statement, "entries");
	const char *service = told_entry_text(json_object_get(statement, "service"), "name");
	put_key(page, TOLD_LINE_HEADING, TOLD_SAY_ENTRIES_TITLE);
	if (json_array_size(entries) == 0)
		put_key(page, TOLD_LINE_PLAIN, TOLD_SAY_NOTHING);
	for (size_t i = 0; i < json_array_size(entries); i++) {
		put_entry(page, json_array_get(entries, i));
		if (slip)
			put_source(page, json_array_get(entries, i), service);
	}
	if (json_is_true(json_object_get(statement, "more")))
		put_key(page, TOLD_LINE_PLAIN, TOLD_SAY_MORE);
}

static void put_checks(struct told_page *page, const json_t *statement)
{
	const json_t *checks = json_object_get(statement, "checks");
	if (json_array_size(checks) > 0)
		put_key(page, TOLD_LINE_HEADING, TOLD_SAY_CHECKED_TITLE);
	for (size_t i = 0; i < json_array_size(checks); i++)
		put_entry(page, json_array_get(checks, i));
}

/* ---- what the person said of it ---- */

static void put_disagreement(struct told_page *page, const json_t *matter)
{
	struct told_buf what = TOLD_BUF(TOLD_ENTRY_MAX_BYTES);
	told_entry_parts(json_object_get(matter, "categories"), page->words, &what);
	const struct told_slot slots[] = {{"what", told_buf_cstr(&what)},
					  {"when", day(page, ms_of(matter, "time_ms"))}};
	put_said(page, TOLD_LINE_PLAIN, TOLD_SAY_DISAGREED, slots, 2);
	told_buf_free(&what);
	if (json_object_get(matter, "decided_ms") == NULL)
		put_key(page, TOLD_LINE_PLAIN, TOLD_SAY_DISAGREED_OPEN);
}

static void put_complaint(struct told_page *page, const json_t *matter)
{
	const struct told_slot asked[] = {{"when", day(page, ms_of(matter, "time_ms"))},
					  {"due", day(page, ms_of(matter, "due_ms"))}};
	const struct told_slot answered = {"when", day(page, ms_of(matter, "acknowledged_ms"))};
	put_said(page, TOLD_LINE_PLAIN, TOLD_SAY_COMPLAINED, asked, 2);
	if (json_object_get(matter, "acknowledged_ms") != NULL)
		put_said(page, TOLD_LINE_PLAIN, TOLD_SAY_COMPLAINT_ANSWERED, &answered, 1);
}

static void put_matters(struct told_page *page, const json_t *statement)
{
	const json_t *matters = json_object_get(statement, "matters");
	for (size_t i = 0; i < json_array_size(matters); i++) {
		const json_t *matter = json_array_get(matters, i);
		if (strcmp(told_entry_text(matter, "kind"), "complaint") == 0)
			put_complaint(page, matter);
		else
			put_disagreement(page, matter);
	}
}

/* ---- the three doors, and whom to ring ---- */

static void put_doors(struct told_page *page, const json_t *statement)
{
	const struct told_slot due = {"due", day(page, ms_of(statement, "given_ms") + COMPLAINT_MS)};
	put_key(page, TOLD_LINE_HEADING, TOLD_SAY_DOORS_TITLE);
	put_key(page, TOLD_LINE_DOOR, TOLD_SAY_WRONG_TITLE);
	put_key(page, TOLD_LINE_PLAIN, TOLD_SAY_WRONG);
	put_key(page, TOLD_LINE_DOOR, TOLD_SAY_STOP_TITLE);
	put_key(page, TOLD_LINE_PLAIN, TOLD_SAY_STOP);
	put_key(page, TOLD_LINE_DOOR, TOLD_SAY_COMPLAIN_TITLE);
	put_said(page, TOLD_LINE_PLAIN, TOLD_SAY_COMPLAIN, &due, 1);
	put_key(page, TOLD_LINE_WRITE, TOLD_SAY_WRITE);
}

static void put_foot(struct told_page *page, const json_t *statement)
{
	const json_t *service = json_object_get(statement, "service");
	const struct told_slot telephone = {"telephone", told_entry_text(service, "telephone")};
	const struct told_slot reference = {"reference", told_entry_text(statement, "statement")};
	const struct told_slot given[] = {{"service", told_entry_text(service, "name")},
					  {"when", day(page, ms_of(statement, "given_ms"))}};
	if (telephone.text[0] != '\0')
		put_said(page, TOLD_LINE_FOOT, TOLD_SAY_RING, &telephone, 1);
	else
		put_key(page, TOLD_LINE_FOOT, TOLD_SAY_COME);
	put_said(page, TOLD_LINE_FOOT, TOLD_SAY_REFERENCE, &reference, 1);
	put_said(page, TOLD_LINE_FOOT, TOLD_SAY_GIVEN, given, 2);
}

enum told_status told_page_make(const json_t *statement, bool slip, const struct told_catalogue *words,
				struct told_arena *arena, struct told_page *out)
{
	const struct told_slot service = {"service", told_entry_text(json_object_get(statement, "service"), "name")};
	*out = (struct told_page){.arena = arena, .words = words, .status = TOLD_OK};
	out->lines = told_arena_alloc(arena, TOLD_PAGE_LINES_MAX * sizeof *out->lines);
	if (out->lines == NULL)
		return TOLD_E_MEMORY;
	put_key(out, TOLD_LINE_TITLE, slip ? TOLD_SAY_SLIP_TITLE : TOLD_SAY_TITLE);
	put_never(out, statement);
	put_said(out, TOLD_LINE_PLAIN, slip ? TOLD_SAY_SLIP_INTRO : TOLD_SAY_INTRO, &service, 1);
	put_entries(out, statement, slip);
	if (!slip) {
		put_checks(out, statement);
		put_matters(out, statement);
	}
	put_key(out, TOLD_LINE_CLOSING, TOLD_SAY_CLOSING);
	put_doors(out, statement);
	put_foot(out, statement);
	return out->status;
}
