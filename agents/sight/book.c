/* SPDX-License-Identifier: Apache-2.0 */
/* {"declared": {"by", "at_ms"}, "looked"?: {"by", "at_ms"}, "named": [{"worker", "for", "by", "at_ms", "asked"?: {"by",
 * "at_ms"}, "ended"?: {"by", "at_ms"}}]}. What was ended stays: who decided must be found later. */
#include "agents/sight/book.h"

#include "told/limits.h"

#include <string.h>

const char *told_sight_word(enum told_sight_for why)
{
	static const char *const words[] = {"", "alleged", "household"};
	return why <= TOLD_SIGHT_HOUSEHOLD ? words[why] : "";
}

static json_t *deed(const char *by, uint64_t now_ms)
{
	return json_pack("{s:s, s:I}", "by", by, "at_ms", (json_int_t)now_ms);
}

enum told_status told_sight_declare(json_t *book, const char *by, uint64_t now_ms)
{
	if (told_sight_declared(book))
		return TOLD_OK;
	return json_object_set_new(book, "declared", deed(by, now_ms)) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

bool told_sight_declared(const json_t *book)
{
	return json_is_object(json_object_get(book, "declared"));
}

enum told_status told_sight_look(json_t *book, const char *by, uint64_t now_ms)
{
	return json_object_set_new(book, "looked", deed(by, now_ms)) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

static bool anybody_named(const json_t *book)
{
	size_t i = 0;
	json_t *line = NULL;
	json_array_foreach(json_object_get(book, "named"), i,
			   line) if (json_object_get(line, "ended") == NULL) return true;
	return false;
}

uint64_t told_sight_look_due(const json_t *book, uint64_t review_ms, bool goes_on)
{
	const json_t *last = json_object_get(book, "looked");
	if (last == NULL)
		last = json_object_get(book, "declared");
	uint64_t last_ms = (uint64_t)json_integer_value(json_object_get(last, "at_ms"));
	if (last == NULL || (!goes_on && !anybody_named(book)))
		return 0;
	uint64_t due_ms = last_ms + TOLD_NAMES_LOOK_MS;
	return goes_on && review_ms > last_ms && review_ms < due_ms ? review_ms : due_ms;
}

/* The line by which a worker is named now; NULL: none. */
static json_t *line_of(const json_t *book, const char *worker)
{
	size_t i = 0;
	json_t *line = NULL;
	json_array_foreach(json_object_get(book, "named"), i, line)
	{
		const char *is = json_string_value(json_object_get(line, "worker"));
		if (is != NULL && strcmp(is, worker) == 0 && json_object_get(line, "ended") == NULL)
			return line;
	}
	return NULL;
}

bool told_sight_hides(const json_t *book, const char *worker)
{
	return line_of(book, worker) != NULL;
}

enum told_status told_sight_name(json_t *book, enum told_sight_for why, const struct told_naming *how)
{
	json_t *named = json_object_get(book, "named");
	if (line_of(book, how->worker) != NULL)
		return TOLD_E_EXISTS;
	if (named == NULL && json_object_set_new(book, "named", named = json_array()) != 0)
		return TOLD_E_MEMORY;
	json_t *line = json_pack("{s:s, s:s, s:s, s:I}", "worker", how->worker, "for", told_sight_word(why), "by",
				 how->by, "at_ms", (json_int_t)how->now_ms);
	if (line == NULL || json_array_append_new(named, line) != 0)
		return TOLD_E_MEMORY;
	return told_sight_declare(book, how->by, how->now_ms);
}

enum told_status told_sight_unname(json_t *book, const struct told_naming *how, bool *ended)
{
	json_t *line = line_of(book, how->worker), *asked = json_object_get(line, "asked");
	const char *first = json_string_value(json_object_get(asked, "by"));
	*ended = false;
	if (line == NULL)
		return TOLD_E_NOT_FOUND;
	if (strcmp(how->by, how->worker) == 0 || (first != NULL && strcmp(first, how->by) == 0))
		return TOLD_E_NOT_ALLOWED;
	*ended = first != NULL;
	int set = json_object_set_new(line, *ended ? "ended" : "asked", deed(how->by, how->now_ms));
	return set == 0 ? TOLD_OK : TOLD_E_MEMORY;
}
