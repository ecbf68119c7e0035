/* SPDX-License-Identifier: Apache-2.0 */
/* One case from its file to its rulings, and all cases of a file or folder, one after the other. */
#include "broker/cases/case.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CASE_ARENA_MAX_BYTES (256u * 1024u * 1024u)
#define WHY_MAX_BYTES        65536u

void told_case_close(struct told_case *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->agreement_count; i++)
		told_agreement_free(c->loaded[i]);
	told_parties_free(c->parties);
	told_parties_free(c->teams);
	told_parties_free(c->persons);
	told_parties_free(c->workers);
	told_arena_free(c->arena);
	free(c);
}

static enum told_status make_tables(struct told_case *c)
{
	enum told_status status = told_arena_new(CASE_ARENA_MAX_BYTES, &c->arena);
	struct told_parties **tables[] = {&c->parties, &c->teams, &c->persons, &c->workers};
	for (size_t i = 0; i < sizeof tables / sizeof tables[0] && status == TOLD_OK; i++)
		status = told_parties_new(tables[i]);
	return status;
}

enum told_status told_case_open(const struct told_casebook *book, size_t index, struct told_case **out)
{
	const struct told_node *node = book->cases->first;
	for (size_t i = 0; node && i < index; i++)
		node = node->next;
	struct told_case *c = calloc(1, sizeof *c);
	*out = NULL;
	if (!c)
		return TOLD_E_MEMORY;
	c->book = book;
	c->node = node;
	enum told_status status = make_tables(c);
	if (status == TOLD_OK) {
		told_case_read(c);
		status = c->fault ? TOLD_E_MALFORMED : TOLD_OK;
	}
	if (status == TOLD_OK)
		*out = c;
	else
		told_case_close(c);
	return status;
}

static const char *text_of(const struct told_case *c, const char *key)
{
	const struct told_node *n = told_node_get(c->node, key);
	return n ? told_arena_text(c->arena, n->text) : NULL;
}

const char *told_case_title(const struct told_case *c)
{
	const char *title = text_of(c, "title");
	return title ? title : "";
}

const char *told_case_disputed(const struct told_case *c)
{
	return text_of(c, "disputed");
}

size_t told_case_recipients(const struct told_case *c)
{
	return c->recipient_count;
}

const struct told_question *told_case_question(struct told_case *c, size_t recipient)
{
	told_case_seat(c, recipient);
	c->q.names = c->parties;
	return &c->q;
}

const struct told_parties *told_case_parties(const struct told_case *c)
{
	return c->parties;
}

const char *const *told_case_labels(const struct told_case *c)
{
	return c->labels;
}

bool told_case_holds(struct told_case *c, struct told_buf *why)
{
	struct told_decision *rulings = told_case_room(c, c->recipient_count, sizeof *rulings);
	for (size_t i = 0; i < c->recipient_count; i++)
		told_decide(told_case_question(c, i), &rulings[i]);
	return told_case_compare(c, rulings, why);
}

/* ---- all cases of a path ---- */

static void tell_faults(struct told_faults *faults, struct told_case_outcome *outcome, told_case_fn *fn, void *ctx)
{
	struct told_buf why = TOLD_BUF(WHY_MAX_BYTES);
	told_faults_print(faults, &why);
	const char *text = told_buf_cstr(&why);
	outcome->passed = false;
	outcome->why = text ? text : "it cannot be read, for more reasons than fit here";
	fn(ctx, outcome);
	told_buf_free(&why);
	told_faults_free(faults);
	*faults = TOLD_FAULTS(outcome->file);
}

static enum told_status run_case(const struct told_casebook *book, size_t index, told_case_fn *fn, void *ctx)
{
	struct told_case_outcome outcome = {.file = book->path, .id = told_casebook_id(book, index), .why = ""};
	struct told_buf why = TOLD_BUF(WHY_MAX_BYTES);
	struct told_case *c = NULL;
	enum told_status status = told_case_open(book, index, &c);
	if (status == TOLD_E_MALFORMED) {
		tell_faults(book->faults, &outcome, fn, ctx);
		return TOLD_OK;
	}
	if (status == TOLD_OK) {
		outcome.passed = told_case_holds(c, &why);
		outcome.disputed = told_case_disputed(c);
		outcome.why = told_buf_cstr(&why) ? told_buf_cstr(&why) : "it differs in more than fits here";
		fn(ctx, &outcome);
	}
	told_buf_free(&why);
	told_case_close(c);
	return status;
}

static enum told_status run_file(const char *path, told_case_fn *fn, void *ctx)
{
	struct told_faults faults = TOLD_FAULTS(path);
	struct told_case_outcome outcome = {.file = path, .why = ""};
	struct told_casebook *book = NULL;
	enum told_status status = told_casebook_open(path, &faults, &book);
	if (status == TOLD_E_MALFORMED || status == TOLD_E_LIMIT) {
		tell_faults(&faults, &outcome, fn, ctx);
		return TOLD_OK;
	}
	for (size_t i = 0; status == TOLD_OK && i < told_casebook_count(book); i++)
		status = run_case(book, i, fn, ctx);
	told_casebook_close(book);
	told_faults_free(&faults);
	return status;
}

static int is_cases(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);
	return len > 5 && strcmp(entry->d_name + len - 5, ".yaml") == 0;
}

static enum told_status run_folder(const char *path, told_case_fn *fn, void *ctx)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, is_cases, alphasort);
	enum told_status status = count > 0 ? TOLD_OK : TOLD_E_NOT_FOUND;
	for (int i = 0; i < count; i++) {
		char file[TOLD_CASE_PATH_MAX];
		int len = snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
		if (status == TOLD_OK)
			status = len < (int)sizeof file ? run_file(file, fn, ctx) : TOLD_E_LIMIT;
		free(entries[i]);
	}
	free(entries);
	return status;
}

enum told_status told_cases_run(const char *path, told_case_fn *fn, void *ctx)
{
	struct stat about;
	if (stat(path, &about) != 0)
		return TOLD_E_NOT_FOUND;
	return S_ISDIR(about.st_mode) ? run_folder(path, fn, ctx) : run_file(path, fn, ctx);
}
