/* SPDX-License-Identifier: Apache-2.0 */
/* A book of cases: a YAML file, or a request typed in words made into a case of its own. Reads files. */
#include "broker/cases/case.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOOK_ARENA_MAX_BYTES (64u * 1024u * 1024u)

static enum told_status read_file(const char *path, struct told_buf *out)
{
	FILE *file = fopen(path, "rb");
	uint8_t piece[16384];
	if (!file)
		return errno == ENOENT ? TOLD_E_NOT_FOUND : TOLD_E_SYSTEM;
	for (size_t len; (len = fread(piece, 1, sizeof piece, file)) > 0;)
		told_buf_put(out, piece, len);
	enum told_status status = ferror(file) ? TOLD_E_SYSTEM : out->status;
	fclose(file);
	return status;
}

static enum told_status read_tree(const char *path, struct told_casebook *book, struct told_node **root)
{
	struct told_buf text = TOLD_BUF(TOLD_CASES_FILE_MAX_BYTES);
	enum told_status status = read_file(path, &text);
	if (status == TOLD_OK)
		status = told_yaml_read(told_buf_view(&text), book->arena, book->faults, root);
	told_buf_free(&text);
	return status;
}

static enum told_status new_book(const char *path, struct told_faults *faults, struct told_casebook **out)
{
	enum told_status status = TOLD_E_MEMORY;
	struct told_casebook *book = calloc(1, sizeof *book);
	*out = NULL;
	if (!book)
		return status;
	book->path = path;
	book->faults = faults;
	status = told_arena_new(BOOK_ARENA_MAX_BYTES, &book->arena);
	if (status == TOLD_OK)
		*out = book;
	else
		free(book);
	return status;
}

void told_casebook_close(struct told_casebook *book)
{
	if (!book)
		return;
	told_arena_free(book->arena);
	free(book);
}

static enum told_status check_book(struct told_casebook *book)
{
	told_case_check_keys(book->cases, book->faults);
	return told_faults_any(book->faults) ? TOLD_E_MALFORMED : TOLD_OK;
}

static enum told_status take_cases(struct told_casebook *book, const struct told_node *root)
{
	book->cases = told_node_get(root, "cases");
	if (book->cases && book->cases->count && root->count == 1)
		return check_book(book);
	told_fault_add(book->faults, root ? root->at : (struct told_place){0}, "Nothing else would be run.",
		       "Begin the file with `cases:` and put each case under it.",
		       "a file of cases has one list, \"cases\", with a case in it");
	return TOLD_E_MALFORMED;
}

enum told_status told_casebook_open(const char *path, struct told_faults *faults, struct told_casebook **out)
{
	struct told_node *root = NULL;
	enum told_status status = new_book(path, faults, out);
	if (status != TOLD_OK)
		return status;
	status = read_tree(path, *out, &root);
	if (status == TOLD_OK)
		status = take_cases(*out, root);
	if (status != TOLD_OK) {
		told_casebook_close(*out);
		*out = NULL;
	}
	return status;
}

size_t told_casebook_count(const struct told_casebook *book)
{
	return book->cases->count;
}

static const struct told_node *node_at(const struct told_casebook *book, size_t index)
{
	const struct told_node *n = book->cases->first;
	for (size_t i = 0; n && i < index; i++)
		n = n->next;
	return n;
}

const char *told_casebook_id(const struct told_casebook *book, size_t index)
{
	const struct told_node *n = node_at(book, index), *id = told_node_get(n, "id");
	const char *text = id ? told_arena_text(book->arena, id->text) : NULL;
	return text ? text : "";
}

/* ---- a request as a case ---- */

/* Puts a child under a node; NULL children, of memory that ran out, make the parent NULL. */
static struct told_node *put(struct told_casebook *book, struct told_node *parent, enum told_node_kind kind,
			     const char *key, const char *text)
{
	struct told_node *n = parent ? told_arena_alloc(book->arena, sizeof *n) : NULL;
	if (!n)
		return NULL;
	*n = (struct told_node){.kind = kind, .key = told_text(key), .text = told_text(text)};
	if (parent->last)
		parent->last->next = n;
	else
		parent->first = n;
	parent->last = n;
	parent->count++;
	return n;
}

static bool put_list(struct told_casebook *book, struct told_node *parent, const char *key, const char *const *items,
		     size_t count)
{
	struct told_node *list = put(book, parent, TOLD_NODE_LIST, key, NULL);
	for (size_t i = 0; list && i < count; i++)
		if (!put(book, list, TOLD_NODE_SCALAR, NULL, items[i]))
			return false;
	return list != NULL;
}

static bool put_message(struct told_casebook *book, struct told_node *one, const struct told_case_request *r)
{
	struct told_node *message = put(book, one, TOLD_NODE_MAP, "message", NULL);
	return put(book, message, TOLD_NODE_SCALAR, "from", r->from) && put_list(book, message, "to", &r->to, 1) &&
	       put(book, message, TOLD_NODE_SCALAR, "type", r->type) &&
	       put_list(book, message, "for", r->purposes, r->purpose_count) &&
	       put_list(book, message, "sections", r->sections, r->section_count);
}

static bool put_request(struct told_casebook *book, struct told_node *one, const struct told_case_request *r)
{
	return put(book, one, TOLD_NODE_SCALAR, "clock", r->clock) &&
	       put(book, one, TOLD_NODE_SCALAR, "agreement", r->agreements[0]) &&
	       put_list(book, one, "also", r->agreements + 1, r->agreement_count - 1) && put_message(book, one, r);
}

/* What a file says of the person goes into the case as it stands there. */
static void adopt(struct told_node *one, struct told_node *facts)
{
	if (!facts || !facts->first)
		return;
	if (one->last)
		one->last->next = facts->first;
	else
		one->first = facts->first;
	one->last = facts->last;
	one->count += facts->count;
}

/* A relationship of the recipient: what its agent writes down as soon as the person tells it anything. */
static bool put_touch(struct told_casebook *book, struct told_node *one, const struct told_case_request *r)
{
	if (!r->in_touch || told_node_get(one, "relationships"))
		return true;
	struct told_node *list = put(book, one, TOLD_NODE_LIST, "relationships", NULL);
	struct told_node *team = put(book, list, TOLD_NODE_MAP, NULL, NULL);
	return put(book, team, TOLD_NODE_SCALAR, "kind", "team") && put(book, team, TOLD_NODE_SCALAR, "party", r->to);
}

static enum told_status ask(struct told_casebook *book, const struct told_case_request *r)
{
	struct told_node top = {.kind = TOLD_NODE_LIST}, *facts = NULL;
	struct told_node *cases = put(book, &top, TOLD_NODE_LIST, "cases", NULL);
	struct told_node *one = put(book, cases, TOLD_NODE_MAP, NULL, NULL);
	if (!one || !put_request(book, one, r))
		return TOLD_E_MEMORY;
	if (r->facts) {
		enum told_status status = read_tree(r->facts, book, &facts);
		if (status != TOLD_OK)
			return status;
		adopt(one, facts);
	}
	if (!put_touch(book, one, r))
		return TOLD_E_MEMORY;
	book->cases = cases;
	return check_book(book);
}

enum told_status told_casebook_ask(const struct told_case_request *request, struct told_faults *faults,
				   struct told_casebook **out)
{
	enum told_status status = new_book("", faults, out);
	if (status != TOLD_OK)
		return status;
	status = ask(*out, request);
	if (status != TOLD_OK) {
		told_casebook_close(*out);
		*out = NULL;
	}
	return status;
}
