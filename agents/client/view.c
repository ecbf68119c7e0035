/* SPDX-License-Identifier: Apache-2.0 */
/* Checking what the broker gives to a query of the log: the checkpoint, each entry under it and in its place, each
 * opened part against its commitment. That nothing was left out no proof can say: the caller holds what was given
 * against its own receipts. */
#include "agents/client/state.h"

#include "proto/leaf.h"

struct viewing {
	struct told_client *client;
	const struct told_view *view;
	struct told_point point;
	struct told_run_read *runs;
	struct told_viewed_entry *entries;
	size_t count;
};

static enum told_status open_part(struct told_bytes salt, struct told_bytes part, struct told_bytes commitment,
				  struct told_bytes *out)
{
	if (salt.len == 0)
		return TOLD_OK;
	*out = part;
	return told_part_check(salt, part, commitment);
}

static enum told_status open_entry(struct viewing *v, const struct told_run_read *run, size_t which,
				   struct told_viewed_entry *out)
{
	const struct told_opened_leaf *given = &run->run->leaves.items[which];
	struct told_leaf *leaf = NULL;
	told_hash *path = told_arena_alloc(v->client->arena, TOLD_PROOF_MAX * sizeof *path);
	enum told_status status = path == NULL ? TOLD_E_LIMIT : told_leaf_decode(given->leaf, v->client->arena, &leaf);
	if (status == TOLD_OK)
		status = open_part(given->facts_salt, given->facts, leaf->facts, &out->facts);
	if (status == TOLD_OK)
		status = open_part(given->ruling_salt, given->ruling, leaf->ruling, &out->ruling);
	if (status == TOLD_OK)
		status = open_part(given->subject_salt, given->subject, leaf->subject, &out->subject);
	if (status == TOLD_OK)
		status = told_run_read_path(run, v->point.size, which, path, &out->path_count);
	out->index = run->run->first + which;
	out->leaf = given->leaf;
	out->path = path;
	return status;
}

/* Entries stand in the order of the log, none twice. */
static enum told_status open_entries(struct viewing *v)
{
	size_t total = 0;
	enum told_status status = TOLD_OK;
	for (size_t i = 0; i < v->view->runs.count; i++)
		total += v->view->runs.items[i].leaves.count;
	v->entries = total > TOLD_VIEW_MAX ? NULL : told_arena_alloc(v->client->arena, total * sizeof *v->entries);
	if (v->entries == NULL)
		return TOLD_E_LIMIT;
	for (size_t i = 0; i < v->view->runs.count; i++) {
		for (size_t j = 0; status == TOLD_OK && j < v->view->runs.items[i].leaves.count; j++) {
			status = open_entry(v, &v->runs[i], j, &v->entries[v->count]);
			if (v->count > 0 && v->entries[v->count].index <= v->entries[v->count - 1].index)
				status = TOLD_E_PROOF;
			v->count++;
		}
	}
	return status;
}

enum told_status told_client_take_view(struct told_client *client, struct told_bytes body, told_client_event_fn *fn,
				       void *ctx)
{
	struct told_view *view = NULL;
	struct viewing v = {.client = client};
	uint64_t base = 0;
	enum told_status status = told_view_decode(body, client->arena, &view);
	if (status != TOLD_OK)
		return told_client_fault(client, status, told_bytes(NULL, 0), fn, ctx);
	v.view = view;
	status = view->in_reply_to.len == TOLD_ID_BYTES ? told_client_follow(client, view->checkpoint, view->from_size,
									     view->consistency, &v.point, &base)
							: TOLD_E_MALFORMED;
	if (status == TOLD_E_UNKNOWN)
		return told_client_begin_anew(client, fn, ctx);
	if (status == TOLD_OK)
		status = told_runs_read(client, &v.point, &view->runs, &v.runs);
	if (status == TOLD_OK)
		status = open_entries(&v);
	if (status != TOLD_OK)
		return told_client_fault(client, status, view->checkpoint, fn, ctx);
	struct told_client_event event = {.kind = TOLD_CLIENT_VIEW};
	event.view = (struct told_view_event){.query = view->in_reply_to,
					      .entries = v.entries,
					      .count = v.count,
					      .next = view->next,
					      .size = v.point.size,
					      .base = base,
					      .note = view->checkpoint};
	return fn(ctx, &event);
}
