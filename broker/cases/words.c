/* SPDX-License-Identifier: Apache-2.0 */
/* The small readings of a node that all of this room uses: words, yes and no, times, numbers, names, sets. What cannot
 * be read is a fault at its place, never a guess. */
#include "broker/cases/case.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char why_read[] = "A case that is read in another way than it was meant proves nothing.";

void told_case_fail(struct told_case *c, const struct told_node *at, const char *format, ...)
{
	char what[512];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	c->fault = true;
	told_fault_add(c->book->faults, (at ? at : c->node)->at, why_read, "See tests/table/decision/README.md.", "%s",
		       what);
}

void *told_case_room(struct told_case *c, size_t count, size_t size)
{
	void *room = told_arena_alloc(c->arena, (count ? count : 1) * size);
	if (!room)
		abort(); /* a case is bounded by its file: the ceiling of its arena is far above */
	return room;
}

size_t told_case_count(const struct told_node *list)
{
	return list ? list->count : 0;
}

const char *told_case_text(struct told_case *c, const struct told_node *node)
{
	const char *text = node ? told_arena_text(c->arena, node->text) : NULL;
	return text ? text : "";
}

bool told_case_is(const struct told_node *node, const char *key, const char *word)
{
	const struct told_node *value = told_node_get(node, key);
	return value && told_bytes_equal(value->text, told_text(word));
}

unsigned told_case_word(struct told_case *c, const struct told_node *node, const char *key,
			const struct told_case_word *words, unsigned missing)
{
	const struct told_node *value = told_node_get(node, key);
	if (!value)
		return missing;
	for (; words->word; words++)
		if (told_bytes_equal(value->text, told_text(words->word)))
			return words->value;
	told_case_fail(c, value, "\"%s\" is no \"%s\"", told_case_text(c, value), key);
	return missing;
}

static const struct told_case_word yes_no[] = {{"yes", true}, {"no", false}, {NULL, 0}};

bool told_case_yes(struct told_case *c, const struct told_node *node, const char *key)
{
	return told_case_word(c, node, key, yes_no, false);
}

bool told_case_no(struct told_case *c, const struct told_node *node, const char *key)
{
	return !told_case_word(c, node, key, yes_no, true);
}

unsigned told_case_value(struct told_case *c, const struct told_node *node, const char *key, enum told_list list,
			 unsigned missing)
{
	const struct told_node *value = told_node_get(node, key);
	if (!value)
		return missing;
	if (told_bytes_equal(value->text, told_text("none")))
		return 0;
	unsigned found = told_value(list, value->text);
	if (!found)
		told_case_fail(c, value, "\"%s\" is no \"%s\"", told_case_text(c, value), key);
	return found;
}

/* "2026-11-22", "2026-11-22T10:00Z", "2026-11-22T10:00:00Z". */
static bool parse_time(struct told_bytes text, bool end, int64_t *out)
{
	unsigned hour, minute, second = 0;
	char clock[16] = "";
	if (text.len == 10)
		return (end ? told_date_parse_end(text, out) : told_date_parse(text, out)) == TOLD_OK;
	if (text.len < 17 || text.len > 20 || told_date_parse(told_bytes(text.data, 10), out) != TOLD_OK)
		return false;
	memcpy(clock, text.data + 11, text.len - 11);
	if (text.data[10] != 'T' || clock[text.len - 12] != 'Z' ||
	    sscanf(clock, "%2u:%2u:%2uZ", &hour, &minute, &second) < 2 || hour > 23 || minute > 59 || second > 59)
		return false;
	*out += ((int64_t)hour * 3600 + minute * 60 + second) * 1000;
	return true;
}

int64_t told_case_time(struct told_case *c, const struct told_node *node, const char *key, int64_t missing, bool end)
{
	const struct told_node *value = told_node_get(node, key);
	int64_t t = missing;
	if (value && !parse_time(value->text, end, &t))
		told_case_fail(c, value, "\"%s\" is no time: write 2026-11-22 or 2026-11-22T10:00Z",
			       told_case_text(c, value));
	return t;
}

uint64_t told_case_number(struct told_case *c, const struct told_node *node, const char *key, uint64_t missing)
{
	const struct told_node *value = told_node_get(node, key);
	uint64_t number = missing;
	if (value && told_decimal(value->text, UINT32_MAX, &number) != TOLD_OK)
		told_case_fail(c, value, "\"%s\" is no number", told_case_text(c, value));
	return number;
}

uint32_t told_case_name(struct told_case *c, struct told_parties *table, struct told_bytes name)
{
	uint32_t number = 0;
	if (told_party_intern(table, name, &number) != TOLD_OK)
		told_case_fail(c, NULL, "\"%.*s\" is no name", (int)name.len, (const char *)name.data);
	return number;
}

uint32_t told_case_party(struct told_case *c, const struct told_node *node, const char *key)
{
	const struct told_node *value = told_node_get(node, key);
	return value ? told_case_name(c, c->parties, value->text) : 0;
}

uint32_t told_case_party_team(struct told_case *c, struct told_bytes text, uint32_t *team)
{
	const uint8_t *slash = text.len ? memchr(text.data, '/', text.len) : NULL;
	size_t len = slash ? (size_t)(slash - text.data) : text.len;
	*team = slash ? told_case_name(c, c->teams, told_bytes(slash + 1, text.len - len - 1)) : 0;
	return told_case_name(c, c->parties, told_bytes(text.data, len));
}

struct told_partyset told_case_party_set(struct told_case *c, const struct told_node *list)
{
	struct told_partyset set = {0};
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next)
		told_partyset_add(&set, told_case_name(c, c->parties, n->text));
	return set;
}

struct told_catset told_case_data(struct told_case *c, const struct told_node *list)
{
	struct told_catset set = {0};
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next)
		if (told_catset_add_code(&set, n->text) != TOLD_OK)
			told_case_fail(c, n, "\"%s\" is no category", told_case_text(c, n));
	return set;
}

uint32_t told_case_purposes(struct told_case *c, const struct told_node *list)
{
	uint32_t set = 0;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		unsigned purpose = told_value(TOLD_LIST_PURPOSE, n->text);
		if (purpose)
			set |= TOLD_BIT32(purpose);
		else
			told_case_fail(c, n, "\"%s\" is no purpose", told_case_text(c, n));
	}
	return set;
}

void told_case_id(const struct told_node *node, uint8_t id[TOLD_ID_BYTES])
{
	memset(id, 0, TOLD_ID_BYTES);
	if (node)
		memcpy(id, node->text.data, node->text.len < TOLD_ID_BYTES ? node->text.len : TOLD_ID_BYTES);
}
