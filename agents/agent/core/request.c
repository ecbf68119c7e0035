/* SPDX-License-Identifier: Apache-2.0 */
/* Judging what a worker asks: every member known, of its kind, every code in its list. The first thing wrong is said in
 * words; after it nothing else is looked at. */
#include "agents/agent/core/request.h"
#include "agents/agent/core/card.h"
#include "agents/agent/core/state.h"
#include "broker/agree/guess.h"

#include "broker/decide/codes.h"

#include <string.h>

static void refuse(struct told_request *r, enum told_status status, const char *format, const char *name)
{
	if (r->status != TOLD_OK)
		return;
	r->status = status;
	told_buf_printf(r->why, "\"%s\" %s.", name, format);
}

void told_request_refuse(struct told_request *request, enum told_status status, const char *why)
{
	if (request->status != TOLD_OK)
		return;
	request->status = status;
	told_buf_put_text(request->why, why);
}

static bool allowed(const char *members, const char *name)
{
	size_t len = strlen(name);
	for (const char *at = strstr(members, name); at != NULL; at = strstr(at + 1, name))
		if ((at == members || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

struct told_request told_request_open(struct told_agent *agent, const json_t *object, const char *members,
				      struct told_reply *reply)
{
	struct told_request r = {.agent = agent, .object = object, .why = &reply->why, .status = TOLD_OK};
	if (object == NULL)
		return r;
	if (!json_is_object(object)) {
		told_request_refuse(&r, TOLD_E_USAGE, "The request must be a JSON object.");
		return r;
	}
	json_t *members_of = (json_t *)(uintptr_t)object;
	for (void *at = json_object_iter(members_of); at != NULL; at = json_object_iter_next(members_of, at))
		if (!allowed(members, json_object_iter_key(at)))
			refuse(&r, TOLD_E_USAGE, "is not known here", json_object_iter_key(at));
	return r;
}

const json_t *told_request_member(struct told_request *r, const char *name, json_type type, bool needed)
{
	const json_t *value = r->object == NULL || r->status != TOLD_OK ? NULL : json_object_get(r->object, name);
	if (value != NULL && json_is_null(value))
		value = NULL;
	if (value == NULL && needed)
		refuse(r, TOLD_E_USAGE, "is needed", name);
	if (value != NULL && json_typeof(value) != type) {
		refuse(r, TOLD_E_USAGE, "is not of the kind that belongs here", name);
		value = NULL;
	}
	return value;
}

static struct told_bytes text_of(const json_t *string)
{
	return string == NULL ? told_bytes(NULL, 0) : told_bytes(json_string_value(string), json_string_length(string));
}

struct told_bytes told_request_text(struct told_request *r, const char *name, bool needed)
{
	struct told_bytes text = text_of(told_request_member(r, name, JSON_STRING, needed));
	if (needed && r->status == TOLD_OK && text.len == 0)
		refuse(r, TOLD_E_USAGE, "is empty", name);
	return text;
}

uint64_t told_request_number(struct told_request *r, const char *name)
{
	const json_t *value = told_request_member(r, name, JSON_INTEGER, false);
	if (value != NULL && json_integer_value(value) < 0)
		refuse(r, TOLD_E_USAGE, "must not be below zero", name);
	return value == NULL || json_integer_value(value) < 0 ? 0 : (uint64_t)json_integer_value(value);
}

uint32_t told_request_flag(struct told_request *r, const char *name)
{
	const json_t *value = r->object == NULL || r->status != TOLD_OK ? NULL : json_object_get(r->object, name);
	if (value == NULL || json_is_null(value))
		return TOLD_YES_NO_NONE;
	if (!json_is_boolean(value))
		refuse(r, TOLD_E_USAGE, "must be true or false", name);
	return json_is_true(value) ? TOLD_YES_NO_YES : TOLD_YES_NO_NO;
}

enum { SHORT_LIST = 16, SHOWN_MAX = 40, CODES_MAX = 128 };

static bool is_word(const char *word)
{
	return word != NULL && word[0] != '?';
}

void told_request_refuse_word(struct told_request *r, const char *name, struct told_bytes wrong,
			      const char *const *words, size_t count)
{
	struct told_guess guess = {.word = wrong};
	const char *before = ". It is one of: ";
	if (r->status != TOLD_OK)
		return;
	r->status = TOLD_E_UNKNOWN;
	told_buf_printf(r->why, "\"%s\" cannot be \"%.*s\"", name, (int)(wrong.len < SHOWN_MAX ? wrong.len : SHOWN_MAX),
			(const char *)wrong.data);
	for (size_t i = 0; i < count; i++)
		if (is_word(words[i]))
			told_guess_offer(&guess, words[i]);
	if (guess.best != NULL)
		told_buf_printf(r->why, ". Did you mean \"%s\"?", guess.best);
	for (size_t i = 0; guess.best == NULL && count <= SHORT_LIST + 1 && i < count; i++)
		if (is_word(words[i])) {
			told_buf_printf(r->why, "%s%s", before, words[i]);
			before = ", ";
		}
	if (guess.best == NULL)
		told_buf_put_text(r->why, count <= SHORT_LIST + 1 ? "." : ": there is no such code.");
}

static void refuse_code(struct told_request *r, const char *name, enum told_list list, struct told_bytes wrong)
{
	const char *words[CODES_MAX] = {NULL};
	unsigned count = told_list_max(list) + 1;
	for (unsigned value = 1; value < count && value < CODES_MAX; value++)
		words[value] = told_code(list, value);
	told_request_refuse_word(r, name, wrong, words, count < CODES_MAX ? count : CODES_MAX);
}

uint32_t told_request_code(struct told_request *r, const char *name, enum told_list list, uint32_t otherwise)
{
	struct told_bytes text = told_request_text(r, name, false);
	uint32_t value = text.len == 0 ? otherwise : told_value(list, text);
	if (text.len > 0 && value == 0)
		refuse_code(r, name, list, text);
	return value;
}

uint32_t told_request_word(struct told_request *r, const char *name, const char *const *words, size_t count,
			   uint32_t otherwise)
{
	struct told_bytes text = told_request_text(r, name, false);
	if (text.len == 0)
		return otherwise;
	for (size_t i = 1; i < count; i++)
		if (words[i] != NULL && told_bytes_equal(text, told_text(words[i])))
			return (uint32_t)i;
	told_request_refuse_word(r, name, text, words, count);
	return otherwise;
}

uint32_t told_request_code_of(struct told_request *r, const char *name, enum told_list list, uint32_t first,
			      uint32_t last)
{
	const char *words[CODES_MAX] = {NULL};
	for (uint32_t value = first; value <= last && value < CODES_MAX; value++)
		words[value] = told_code(list, value);
	return told_request_word(r, name, words, last < CODES_MAX ? last + 1 : CODES_MAX, 0);
}

/* The items of a list of strings; *count 0 when it is absent. */
static const json_t *strings(struct told_request *r, const char *name, size_t *count)
{
	const json_t *list = told_request_member(r, name, JSON_ARRAY, false);
	*count = list == NULL ? 0 : json_array_size(list);
	if (*count > TOLD_LIST_MAX)
		refuse(r, TOLD_E_LIMIT, "has too many items", name);
	for (size_t i = 0; i < *count && r->status == TOLD_OK; i++)
		if (!json_is_string(json_array_get(list, i)))
			refuse(r, TOLD_E_USAGE, "must be a list of texts", name);
	if (r->status != TOLD_OK)
		*count = 0;
	return list;
}

struct told_u32_list told_request_codes(struct told_request *r, const char *name, enum told_list list)
{
	struct told_u32_list out = {0};
	size_t count;
	const json_t *items = strings(r, name, &count);
	out.items = told_arena_alloc(r->agent->arena, count * sizeof *out.items);
	for (size_t i = 0; i < count && out.items != NULL; i++) {
		out.items[out.count] = told_value(list, text_of(json_array_get(items, i)));
		if (out.items[out.count++] == 0)
			refuse_code(r, name, list, text_of(json_array_get(items, i)));
	}
	return out;
}

struct told_u32_list told_request_categories(struct told_request *r, const char *name)
{
	struct told_u32_list out = {0};
	struct told_catset set = {{0}};
	size_t count;
	const json_t *items = strings(r, name, &count);
	for (size_t i = 0; i < count; i++)
		if (told_catset_add_code(&set, text_of(json_array_get(items, i))) != TOLD_OK)
			refuse_code(r, name, TOLD_LIST_CATEGORY, text_of(json_array_get(items, i)));
	out.items = told_arena_alloc(r->agent->arena, TOLD_CATEGORY_COUNT * sizeof *out.items);
	for (uint32_t c = 1; c < TOLD_CATEGORY_COUNT && out.items != NULL; c++)
		if (told_catset_has(&set, c))
			out.items[out.count++] = c;
	return out;
}

struct told_bytes_list told_request_texts(struct told_request *r, const char *name)
{
	struct told_bytes_list out = {0};
	size_t count;
	const json_t *items = strings(r, name, &count);
	out.items = told_arena_alloc(r->agent->arena, count * sizeof *out.items);
	for (size_t i = 0; i < count && out.items != NULL; i++)
		out.items[out.count++] = text_of(json_array_get(items, i));
	return out;
}

/* The worker learns no rule; our own log has it, with neither the worker nor whom it was about. */
static void log_kept(struct told_request *r, bool kept)
{
	if (kept)
		told_log(&r->agent->log, TOLD_LOG_WARNING, "agent.kept_from", TOLD_LOG_NUMBER("code", TOLD_PTY_07));
}

struct told_bytes told_request_id(struct told_request *r, const char *name, bool needed)
{
	struct told_bytes text = told_request_text(r, name, needed);
	uint8_t *id = told_arena_alloc(r->agent->arena, TOLD_ID_BYTES);
	if (text.len == 0 || id == NULL)
		return told_bytes(NULL, 0);
	if (told_unhex(text, id, TOLD_ID_BYTES) != TOLD_OK)
		refuse(r, TOLD_E_MALFORMED, "must be the number of 32 signs (0 to 9, a to f) that told showed with it",
		       name);
	else
		log_kept(r, told_vault_hides(r->agent->vault, told_bytes(id, TOLD_ID_BYTES)));
	return r->status == TOLD_OK ? told_bytes(id, TOLD_ID_BYTES) : told_bytes(NULL, 0);
}

struct told_bytes told_request_client(struct told_request *r)
{
	struct told_bytes text = told_request_text(r, "client", true);
	uint8_t *ref = told_arena_alloc(r->agent->arena, TOLD_ID_BYTES);
	if (r->status != TOLD_OK || ref == NULL)
		return told_bytes(NULL, 0);
	if (told_code_read(text, ref) != TOLD_OK)
		told_request_refuse(
			r, TOLD_E_MALFORMED,
			"This is not a reference as it stands on a card: a letter or digit was misread, left out "
			"or swapped, for the check symbol does not fit. Read it out again, group by group.");
	else
		log_kept(r, !told_vault_sees(r->agent->vault, told_bytes(ref, TOLD_ID_BYTES)));
	return r->status == TOLD_OK ? told_bytes(ref, TOLD_ID_BYTES) : told_bytes(NULL, 0);
}
