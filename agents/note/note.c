/* SPDX-License-Identifier: Apache-2.0 */
/* The document of a note, and its audience in words. */
#include "agents/note/note.h"

#include <string.h>

enum told_status told_note_new(const char *text, const json_t *about, const struct told_note_by *by, json_t **out)
{
	*out = json_pack("{s:s, s:s, s:I, s:O, s:[], s:[]}", "text", text, "by", by->worker, "written_ms",
			 (json_int_t)by->now_utc_ms, "about", about, "to", "was");
	return *out != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

const char *told_note_reader(const json_t *note, size_t index, bool *sees, const char **message)
{
	const json_t *one = json_array_get(json_object_get(note, "to"), index);
	*sees = json_is_true(json_object_get(one, "sees"));
	*message = json_string_value(json_object_get(one, "message"));
	return json_string_value(json_object_get(one, "party"));
}

enum told_status told_note_to(json_t *note, const char *party, const char *message, bool sees)
{
	const char *other, *unused;
	bool ignored;
	for (size_t i = 0; (other = told_note_reader(note, i, &ignored, &unused)) != NULL; i++)
		if (strcmp(other, party) == 0)
			return TOLD_E_EXISTS;
	json_t *one = json_pack("{s:s, s:s, s:b}", "party", party, "message", message, "sees", (int)sees);
	return json_array_append_new(json_object_get(note, "to"), one) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_note_correct(json_t *note, const char *text, const struct told_note_by *by)
{
	const char *before = json_string_value(json_object_get(note, "text"));
	if (before == NULL)
		return TOLD_E_CORRUPT;
	if (strcmp(before, text) == 0)
		return TOLD_E_USAGE;
	json_t *was = json_pack("{s:O, s:O, s:O}", "text", json_object_get(note, "text"), "by",
				json_object_get(note, "by"), "written_ms", json_object_get(note, "written_ms"));
	if (json_array_append_new(json_object_get(note, "was"), was) != 0 ||
	    json_object_set_new(note, "text", json_string(text)) != 0 ||
	    json_object_set_new(note, "by", json_string(by->worker)) != 0 ||
	    json_object_set_new(note, "written_ms", json_integer((json_int_t)by->now_utc_ms)) != 0)
		return TOLD_E_MEMORY;
	return TOLD_OK;
}

/* ---- the audience ---- */

/* "A", "A and B", "A, B and C" of those who see it. */
static size_t put_names(const struct told_note_reader_words *readers, size_t count, struct told_buf *out)
{
	size_t all = 0, put = 0;
	for (size_t i = 0; i < count; i++)
		all += readers[i].why == NULL;
	for (size_t i = 0; i < count; i++) {
		if (readers[i].why != NULL)
			continue;
		told_buf_put_text(out, put == 0 ? "" : put + 1 == all ? " and " : ", ");
		told_buf_put_text(out, readers[i].name);
		put++;
	}
	return all;
}

void told_note_audience(const char *own, const struct told_note_reader_words *readers, size_t count,
			struct told_buf *out)
{
	if (put_names(readers, count, out) > 0)
		told_buf_put_text(out, " will see this.");
	else
		told_buf_printf(out, "Only %s will see this.", own);
	for (size_t i = 0; i < count; i++)
		if (readers[i].why != NULL)
			told_buf_printf(out, " %s will not see it: %s", readers[i].name, readers[i].why);
}
