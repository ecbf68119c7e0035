/* SPDX-License-Identifier: Apache-2.0 */
/* The tree walked beside its text. jansson has accepted the text before, so the walk only has to keep step: objects
 * keep the order of their members, and members cannot stand twice. Touches the heap. */
#include "agents/import/doc.h"

#include "told/limits.h"
#include <stdlib.h>
#include <string.h>

static const struct told_json_limits limits = {
	.bytes = TOLD_IMPORT_FILE_MAX_BYTES,
	.depth = TOLD_IMPORT_DEPTH_MAX,
	.values = TOLD_IMPORT_VALUES_MAX,
};

struct walk {
	struct told_import_doc *doc;
	size_t at;
};

static enum told_status note(struct told_import_doc *doc, const json_t *node, size_t at, size_t len)
{
	if (doc->count == doc->cap) {
		size_t cap = doc->cap == 0 ? 64 : doc->cap * 2;
		struct told_import_span *spans = realloc(doc->spans, cap * sizeof *spans);
		if (spans == NULL)
			return TOLD_E_MEMORY;
		doc->spans = spans;
		doc->cap = cap;
	}
	doc->spans[doc->count++] = (struct told_import_span){node, at, len};
	return TOLD_OK;
}

static uint8_t peek(const struct walk *walk)
{
	return walk->at < walk->doc->text.len ? walk->doc->text.data[walk->at] : 0;
}

/* Past blanks, and past the commas and colons between values: order is known, so they say nothing new. */
static void skip_between(struct walk *walk)
{
	while (peek(walk) != 0 && strchr(" \t\r\n,:", peek(walk)) != NULL)
		walk->at++;
}

static void skip_string(struct walk *walk)
{
	for (walk->at++; peek(walk) != '"' && peek(walk) != 0; walk->at++)
		if (peek(walk) == '\\')
			walk->at++;
	walk->at++;
}

static void skip_word(struct walk *walk)
{
	while (peek(walk) != 0 && strchr(" \t\r\n,:]}", peek(walk)) == NULL)
		walk->at++;
}

static enum told_status walk_value(struct walk *walk, json_t *node);

static enum told_status walk_object(struct walk *walk, json_t *node)
{
	size_t start = walk->at++;
	for (void *member = json_object_iter(node); member != NULL; member = json_object_iter_next(node, member)) {
		skip_between(walk);
		skip_string(walk);
		enum told_status status = walk_value(walk, json_object_iter_value(member));
		if (status != TOLD_OK)
			return status;
	}
	skip_between(walk);
	if (peek(walk) != '}')
		return TOLD_E_INTERNAL;
	walk->at++;
	if (json_object_get(node, "resourceType") == NULL)
		return TOLD_OK;
	return note(walk->doc, node, start, walk->at - start);
}

static enum told_status walk_list(struct walk *walk, json_t *node)
{
	walk->at++;
	for (size_t i = 0; i < json_array_size(node); i++) {
		enum told_status status = walk_value(walk, json_array_get(node, i));
		if (status != TOLD_OK)
			return status;
	}
	skip_between(walk);
	if (peek(walk) != ']')
		return TOLD_E_INTERNAL;
	walk->at++;
	return TOLD_OK;
}

static enum told_status walk_number(struct walk *walk, const json_t *node)
{
	size_t start = walk->at;
	skip_word(walk);
	bool exact = json_is_integer(node) && !(json_integer_value(node) == 0 && walk->doc->text.data[start] == '-');
	return exact ? TOLD_OK : note(walk->doc, node, start, walk->at - start);
}

/* Recursion is bounded by TOLD_IMPORT_DEPTH_MAX. */
static enum told_status walk_value(struct walk *walk, json_t *node)
{
	skip_between(walk);
	if (json_is_object(node))
		return walk_object(walk, node);
	if (json_is_array(node))
		return walk_list(walk, node);
	if (json_is_number(node))
		return walk_number(walk, node);
	if (json_is_string(node))
		skip_string(walk);
	else
		skip_word(walk);
	return TOLD_OK;
}

static int by_node(const void *a, const void *b)
{
	uintptr_t left = (uintptr_t)((const struct told_import_span *)a)->node;
	uintptr_t right = (uintptr_t)((const struct told_import_span *)b)->node;
	return left < right ? -1 : left > right;
}

enum told_status told_import_doc_open(struct told_bytes text, struct told_import_doc *doc,
				      struct told_json_error *error)
{
	*doc = (struct told_import_doc){.text = text};
	enum told_status status = told_json_load(text, &limits, &doc->root, error);
	if (status == TOLD_OK)
		status = walk_value(&(struct walk){.doc = doc}, doc->root);
	if (status != TOLD_OK) {
		told_import_doc_close(doc);
		return status;
	}
	if (doc->count > 0)
		qsort(doc->spans, doc->count, sizeof *doc->spans, by_node);
	return TOLD_OK;
}

void told_import_doc_close(struct told_import_doc *doc)
{
	json_decref(doc->root);
	free(doc->spans);
	*doc = (struct told_import_doc){0};
}

struct told_bytes told_import_doc_bytes(const struct told_import_doc *doc, const json_t *node)
{
	const struct told_import_span key = {.node = node};
	if (doc->count == 0)
		return told_bytes(NULL, 0);
	const struct told_import_span *span = bsearch(&key, doc->spans, doc->count, sizeof key, by_node);
	return span != NULL ? told_bytes(doc->text.data + span->at, span->len) : told_bytes(NULL, 0);
}
