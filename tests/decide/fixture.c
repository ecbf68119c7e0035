/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the cases of a file: each gets its own arena and name tables, one ruling a recipient, and a comparison. */
#include "decide/fixture.h"

#include "decide/fixture_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES  (4u * 1024u * 1024u)
#define ARENA_MAX_BYTES (32u * 1024u * 1024u)

static void close_case(struct fixture *f)
{
	for (size_t i = 0; i < f->agreement_count; i++)
		told_agreement_free(f->loaded[i]);
	told_parties_free(f->parties);
	told_parties_free(f->teams);
	told_parties_free(f->persons);
	told_parties_free(f->workers);
	told_arena_free(f->arena);
}

static enum told_status open_case(struct fixture *f)
{
	enum told_status status = told_arena_new(ARENA_MAX_BYTES, &f->arena);
	struct told_parties **tables[] = {&f->parties, &f->teams, &f->persons, &f->workers};
	for (size_t i = 0; i < sizeof tables / sizeof tables[0] && status == TOLD_OK; i++)
		status = told_parties_new(tables[i]);
	return status;
}

/* A deadline has no recipient of its own: it is ruled once. */
static bool run_case(struct fixture *f)
{
	static struct told_decision rulings[TOLD_RECIPIENTS_MAX];
	fixture_read(f);
	if (!f->fault && f->recipient_count == 0)
		fixture_fail(f, "the message names no recipient");
	for (size_t i = 0; !f->fault && i < f->recipient_count; i++) {
		fixture_seat(f, i);
		told_decide(&f->q, &rulings[i]);
	}
	return !f->fault && fixture_compare(f, rulings);
}

static enum told_status run_all(const struct told_node *cases, const char *agreements, told_fixture_fn fn, void *ctx)
{
	enum told_status status = TOLD_OK;
	for (const struct told_node *n = cases->first; n && status == TOLD_OK; n = n->next) {
		struct fixture *f = calloc(1, sizeof *f);
		if (!f)
			return TOLD_E_MEMORY;
		f->folder = agreements;
		f->node = n;
		status = open_case(f);
		if (status == TOLD_OK) {
			bool passed = run_case(f);
			fn(ctx, fixture_text(f, told_node_get(n, "id")), passed, f->why);
		}
		close_case(f);
		free(f);
	}
	return status;
}

static void tell_faults(const char *file, const struct told_faults *faults, told_fixture_fn fn, void *ctx)
{
	struct told_buf out = TOLD_BUF(65536);
	told_faults_print(faults, &out);
	const char *text = told_buf_cstr(&out);
	fn(ctx, file, false, text ? text : "cannot be read");
	told_buf_free(&out);
}

enum told_status told_fixtures_run(const char *file, const char *agreements, told_fixture_fn fn, void *ctx)
{
	enum told_status status = TOLD_E_NOT_FOUND;
	struct told_faults faults = TOLD_FAULTS(file);
	struct told_arena *arena = NULL;
	struct told_node *root = NULL;
	FILE *in = fopen(file, "rb");
	uint8_t *bytes = malloc(FILE_MAX_BYTES);
	if (!in || !bytes)
		goto out;
	size_t len = fread(bytes, 1, FILE_MAX_BYTES, in);
	status = told_arena_new(ARENA_MAX_BYTES, &arena);
	if (status == TOLD_OK)
		status = told_yaml_read(told_bytes(bytes, len), arena, &faults, &root);
	const struct told_node *cases = told_node_get(root, "cases");
	if (status == TOLD_OK && cases)
		status = run_all(cases, agreements, fn, ctx);
	else
		tell_faults(file, &faults, fn, ctx);
out:
	if (in)
		fclose(in);
	free(bytes);
	told_faults_free(&faults);
	told_arena_free(arena);
	return status;
}
