/* SPDX-License-Identifier: Apache-2.0 */
/* Checking what the broker says of our messages: the checkpoint, each run under it, each entry against what was sent,
 * each opened part against its commitment. Only then is it an event. */
#include "agents/client/state.h"

#include "proto/leaf.h"

#include <string.h>

/* What an entry of each phase means to whoever sent the message. Others are not about one of our messages. */
static const uint8_t outcomes[] = {
	[TOLD_PHASE_ACCEPTED] = TOLD_ANSWER_ACCEPTED,     [TOLD_PHASE_HELD] = TOLD_ANSWER_HELD,
	[TOLD_PHASE_REFUSED] = TOLD_ANSWER_REFUSED,       [TOLD_PHASE_ANSWERED] = TOLD_ANSWER_ANSWERED,
	[TOLD_PHASE_ACKNOWLEDGED] = TOLD_ANSWER_ACCEPTED, [TOLD_PHASE_OPENED] = TOLD_ANSWER_ACCEPTED,
	[TOLD_PHASE_EXPIRED] = TOLD_ANSWER_EXPIRED,       [TOLD_PHASE_KEY] = TOLD_ANSWER_ACCEPTED,
	[TOLD_PHASE_AGREEMENT] = TOLD_ANSWER_ACCEPTED,    [TOLD_PHASE_CONSENT] = TOLD_ANSWER_ACCEPTED,
	[TOLD_PHASE_FLAG] = TOLD_ANSWER_ACCEPTED,         [TOLD_PHASE_ADMIN] = TOLD_ANSWER_ACCEPTED,
	[TOLD_PHASE_OVERRIDE] = TOLD_ANSWER_ACCEPTED,     [TOLD_PHASE_AUDIT_QUERY] = TOLD_ANSWER_ACCEPTED,
};

struct answering {
	struct told_client *client;
	struct told_bytes note;
	struct told_point point;
	uint64_t base; /* how the first entry of its log is counted */
	told_client_event_fn *fn;
	void *ctx;
};

static enum told_status read_run(struct told_client *client, const struct told_point *point, const struct told_run *run,
				 struct told_run_read *out)
{
	size_t n = run->leaves.count;
	out->run = run;
	out->leaves = told_arena_alloc(client->arena, n * sizeof *out->leaves);
	if (out->leaves == NULL)
		return TOLD_E_LIMIT;
	for (size_t i = 0; i < n; i++)
		told_leaf_hash(run->leaves.items[i].leaf, &out->leaves[i]);
	enum told_status status = told_hashes_of(run->left, out->left, TOLD_PROOF_MAX);
	if (status == TOLD_OK)
		status = told_hashes_of(run->right, out->right, TOLD_PROOF_MAX);
	if (status == TOLD_OK)
		status = told_run_check(out->leaves, n, run->first, point->size, out->left, run->left.count, out->right,
					run->right.count, &point->root);
	return status;
}

enum told_status told_run_read_path(const struct told_run_read *read, uint64_t size, size_t which,
				    told_hash path[TOLD_PROOF_MAX], size_t *count)
{
	const struct told_run *run = read->run;
	return told_run_path(read->leaves, run->leaves.count, run->first, size, read->left, run->left.count,
			     read->right, run->right.count, which, path, count);
}

/* A part that was opened must be the one that the leaf commits to. */
enum told_status told_part_check(struct told_bytes salt, struct told_bytes part, struct told_bytes commitment)
{
	told_hash hash;
	if (salt.len != TOLD_LEAF_SALT_BYTES || commitment.len != sizeof hash.b)
		return TOLD_E_COMMITMENT;
	told_hmac(salt, part, &hash);
	return memcmp(hash.b, commitment.data, sizeof hash.b) == 0 ? TOLD_OK : TOLD_E_COMMITMENT;
}

struct opened {
	struct told_leaf *leaf;
	struct told_leaf_facts *facts;
	struct told_leaf_ruling *ruling;
};

static enum told_status open_leaf(struct told_arena *arena, const struct told_opened_leaf *entry, struct opened *out)
{
	*out = (struct opened){0};
	enum told_status status = told_leaf_decode(entry->leaf, arena, &out->leaf);
	if (status == TOLD_OK && entry->facts_salt.len > 0) {
		status = told_part_check(entry->facts_salt, entry->facts, out->leaf->facts);
		if (status == TOLD_OK)
			status = told_leaf_facts_decode(entry->facts, arena, &out->facts);
	}
	if (status == TOLD_OK && entry->ruling_salt.len > 0) {
		status = told_part_check(entry->ruling_salt, entry->ruling, out->leaf->ruling);
		if (status == TOLD_OK)
			status = told_leaf_ruling_decode(entry->ruling, arena, &out->ruling);
	}
	return status;
}

static bool is_hash(struct told_bytes bytes, const told_hash *hash)
{
	return told_bytes_equal(bytes, told_bytes(hash->b, sizeof hash->b));
}

/* The entry is about the bytes that we sent. What was refused before its header was believed names the frame instead,
 * and the leaf may know neither type nor number. */
static enum told_status check_own(const struct told_client *client, const struct told_flight *flight,
				  const struct opened *o)
{
	bool early = o->ruling != NULL && o->ruling->status != 0;
	if (!told_bytes_equal(o->leaf->sender, told_buf_view(&client->party)))
		return TOLD_E_IDENTITY;
	if (o->facts != NULL && !is_hash(o->facts->header_hash, &flight->header_hash) &&
	    !(early && is_hash(o->facts->header_hash, &flight->envelope_hash)))
		return TOLD_E_DIGEST;
	if (early)
		return TOLD_OK;
	bool same = o->leaf->sender_seq == flight->sender_seq && o->leaf->type == flight->type &&
		    is_hash(o->leaf->signer_key_id, &flight->key_id);
	return same ? TOLD_OK : TOLD_E_DIGEST;
}

static void fill_event(const struct told_opened_leaf *entry, const struct opened *o, struct told_answer_event *event)
{
	uint32_t phase = o->leaf->phase;
	memcpy(event->id, entry->message_id.data, TOLD_ID_BYTES);
	event->phase = phase;
	event->outcome = phase < sizeof outcomes / sizeof outcomes[0] ? outcomes[phase] : TOLD_ANSWER_NONE;
	event->time_ms = o->leaf->time_ms;
	event->status = o->ruling == NULL ? 0 : o->ruling->status;
	event->leaf = entry->leaf;
	event->ruling = o->ruling == NULL ? told_bytes(NULL, 0) : entry->ruling;
}

static enum told_status take_entry(struct answering *a, const struct told_run_read *run, size_t which)
{
	const struct told_opened_leaf *entry = &run->run->leaves.items[which];
	struct told_client *client = a->client;
	struct opened o;
	told_hash path[TOLD_PROOF_MAX], header_hash;
	enum told_status status = open_leaf(client->arena, entry, &o);
	if (status != TOLD_OK)
		return status;
	if (entry->message_id.len != TOLD_ID_BYTES) /* a refusal of bytes that had no id */
		return TOLD_OK;
	struct told_flight *flight = told_flights_find(&client->flights, entry->message_id);
	struct told_client_event event = {.kind = TOLD_CLIENT_ANSWER};
	fill_event(entry, &o, &event.answer);
	if (flight != NULL)
		status = check_own(client, flight, &o);
	if (status != TOLD_OK)
		return status;
	if (o.facts != NULL && o.facts->header_hash.len == sizeof header_hash.b) {
		memcpy(header_hash.b, o.facts->header_hash.data, sizeof header_hash.b);
		event.answer.header_hash = &header_hash;
	}
	status = told_run_read_path(run, a->point.size, which, path, &event.answer.path_count);
	if (status != TOLD_OK)
		return status;
	event.answer.in_flight = flight != NULL;
	event.answer.index = run->run->first + which;
	event.answer.entry = a->base + event.answer.index;
	event.answer.path = path;
	event.answer.note = a->note;
	if (flight != NULL)
		told_flights_remove(&client->flights, flight);
	return event.answer.outcome == TOLD_ANSWER_NONE ? TOLD_OK : a->fn(a->ctx, &event);
}

static enum told_status take_busy(struct answering *a, const struct told_busy *busy)
{
	struct told_flight *flight = told_flights_find(&a->client->flights, busy->message_id);
	struct told_client_event event = {.kind = TOLD_CLIENT_BUSY};
	if (flight == NULL)
		return TOLD_OK;
	memcpy(event.busy.id, flight->id, TOLD_ID_BYTES);
	event.busy.retry_ms = busy->retry_ms;
	told_flights_remove(&a->client->flights, flight);
	return a->fn(a->ctx, &event);
}

enum told_status told_runs_read(struct told_client *client, const struct told_point *point,
				const struct told_run_list *list, struct told_run_read **out)
{
	struct told_run_read *runs = told_arena_alloc(client->arena, list->count * sizeof *runs);
	enum told_status status = runs == NULL ? TOLD_E_LIMIT : TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < list->count; i++)
		status = read_run(client, point, &list->items[i], &runs[i]);
	*out = runs;
	return status;
}

enum told_status told_client_follow(struct told_client *client, struct told_bytes note, uint64_t from_size,
				    struct told_bytes_list consistency, struct told_point *point, uint64_t *base)
{
	*base = client->base;
	if (told_client_is_ended(client, note))
		return told_client_ended(client, note, point, base);
	return told_trail_follow(&client->trail, note, from_size, consistency, point);
}

enum told_status told_client_take_answer(struct told_client *client, struct told_bytes body, told_client_event_fn *fn,
					 void *ctx)
{
	struct answering a = {.client = client, .base = client->base, .fn = fn, .ctx = ctx};
	struct told_answer *answer = NULL;
	struct told_run_read *runs = NULL;
	enum told_status status = told_answer_decode(body, client->arena, &answer);
	if (status != TOLD_OK)
		return told_client_fault(client, status, told_bytes(NULL, 0), fn, ctx);
	a.note = answer->checkpoint;
	if (answer->runs.count > 0 || answer->checkpoint.len > 0)
		status = told_client_follow(client, answer->checkpoint, answer->from_size, answer->consistency,
					    &a.point, &a.base);
	if (status == TOLD_E_UNKNOWN)
		return told_client_begin_anew(client, fn, ctx);
	if (status == TOLD_OK)
		status = told_runs_read(client, &a.point, &answer->runs, &runs);
	if (status != TOLD_OK)
		return told_client_fault(client, status, answer->checkpoint, fn, ctx);
	for (size_t i = 0; i < answer->runs.count; i++) {
		for (size_t j = 0; j < answer->runs.items[i].leaves.count; j++) {
			status = take_entry(&a, &runs[i], j);
			if (told_status_class(status) == TOLD_CLASS_PEER)
				status = told_client_fault(client, status, answer->checkpoint, fn, ctx);
			if (status != TOLD_OK)
				return status;
		}
	}
	for (size_t i = 0; status == TOLD_OK && i < answer->busy.count; i++)
		status = take_busy(&a, &answer->busy.items[i]);
	return status;
}
