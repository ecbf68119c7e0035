/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of agencies: pumped together, what they hear kept. */
#include "flow/kit.h"

#include "broker/base/loop.h"
#include "broker/rule/register.h"
#include "proto/leaf.h"

#include <stdlib.h>
#include <string.h>

static enum told_status key_of(void *ctx, struct told_bytes party, uint32_t purpose, const told_hash *key_id,
			       uint64_t index, uint64_t time_ms, bool content, uint8_t key[TOLD_KEY_BYTES])
{
	struct flow_peer *peer = ctx;
	const struct told_key *found = NULL;
	struct told_when when = {.utc_ms = (int64_t)time_ms, .log_size = TOLD_WHOLE_LOG};
	uint32_t number = told_party_find(peer->parties, party);
	const struct told_key *identity = NULL;
	(void)index;
	enum told_status status = told_directory_key(peer->directory, number, purpose, key_id, when, &found);
	if (status == TOLD_OK && content)
		status = told_directory_current_key(peer->directory, number, TOLD_KEY_IDENTITY, told_bytes(NULL, 0),
						    when, &identity);
	/* Our own signature is not sent back to us; that of the other stands under the very file that we signed. */
	if (status == TOLD_OK && content &&
	    !told_directory_vouched(peer->directory, number, number, &identity->id, when))
		status = TOLD_E_KEY;
	if (status == TOLD_OK)
		memcpy(key, found->key, TOLD_KEY_BYTES);
	return status;
}

static enum told_status fold(struct flow_peer *peer, const struct told_carried_message *m)
{
	struct told_entry entry = {.number = m->index, .utc_ms = (int64_t)m->time_ms};
	if (peer->forgetful && m->header->type == TOLD_TYPE_AGREEMENT_SIGN)
		return TOLD_OK;
	enum told_status status =
		told_register_apply(peer->directory, peer->parties, m->header, m->body->attachment, entry);
	return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
}

static uint32_t first_code(struct told_bytes ruling)
{
	struct told_arena *arena = NULL;
	struct told_leaf_ruling *part = NULL;
	if (ruling.len == 0)
		return 0;
	assert_int_equal(told_arena_new(8u * 1024u * 1024u, &arena), TOLD_OK);
	assert_int_equal(told_leaf_ruling_decode(ruling, arena, &part), TOLD_OK);
	uint32_t code = part->recipients.count > 0 ? part->recipients.items[0].primary : 0;
	told_arena_free(arena);
	return code;
}

static enum told_status hear_answer(struct flow_peer *peer, const struct told_client_event *event)
{
	const struct told_answer_event *answer = &event->answer;
	if (peer->answer_count == FLOW_HEARD)
		return TOLD_E_LIMIT;
	struct flow_answer *kept = &peer->answers[peer->answer_count++];
	*kept = (struct flow_answer){
		.outcome = answer->outcome,
		.phase = answer->phase,
		.status = answer->status,
		.code = first_code(answer->ruling),
		.index = answer->index,
	};
	memcpy(kept->id, answer->id, TOLD_ID_BYTES);
	if (answer->header_hash != NULL)
		kept->header_hash = *answer->header_hash;
	kept->opened = answer->header_hash != NULL || answer->ruling.len > 0;
	kept->path_count = answer->path_count;
	kept->leaf_len = answer->leaf.len;
	memcpy(kept->leaf, answer->leaf.data,
	       answer->leaf.len < sizeof kept->leaf ? answer->leaf.len : sizeof kept->leaf);
	return TOLD_OK;
}

static enum told_status hear_busy(struct flow_peer *peer, const struct told_client_event *event)
{
	if (peer->answer_count == FLOW_HEARD)
		return TOLD_E_LIMIT;
	struct flow_answer *kept = &peer->answers[peer->answer_count++];
	*kept = (struct flow_answer){.busy = true};
	memcpy(kept->id, event->busy.id, TOLD_ID_BYTES);
	return TOLD_OK;
}

static void keep_parcel(struct flow_peer *peer, const struct told_parcel_event *parcel)
{
	struct flow_parcel *kept = &peer->parcels[peer->parcel_count++];
	*kept = (struct flow_parcel){.type = parcel->type, .result = parcel->result};
	memcpy(kept->parcel, parcel->id, TOLD_ID_BYTES);
	if (parcel->count == 0)
		return;
	const struct told_carried_message *m = &parcel->carried[0];
	memcpy(kept->message, m->header->id.data, TOLD_ID_BYTES);
	kept->sections = m->section_count;
	if (m->section_count > 0) {
		struct told_bytes content = m->sections[0].content;
		size_t len = content.len < sizeof kept->content - 1 ? content.len : sizeof kept->content - 1;
		memcpy(kept->content, content.data, len);
	}
}

static enum told_status hear_parcel(struct flow_peer *peer, const struct told_client_event *event)
{
	const struct told_parcel_event *parcel = &event->parcel;
	enum told_status status = TOLD_OK;
	if (peer->parcel_count == FLOW_HEARD || peer->ack_count == TOLD_ACK_LINES_MAX)
		return TOLD_E_LIMIT;
	for (size_t i = 0; status == TOLD_OK && i < parcel->count; i++)
		if (told_register_cares(parcel->carried[i].header->type))
			status = fold(peer, &parcel->carried[i]);
	keep_parcel(peer, parcel);
	memcpy(peer->acks[peer->ack_count].parcel, parcel->id, TOLD_ID_BYTES);
	peer->acks[peer->ack_count++].result = parcel->result;
	return status;
}

static enum told_status heard(void *ctx, const struct told_client_event *event)
{
	struct flow_peer *peer = ctx;
	switch (event->kind) {
	case TOLD_CLIENT_READY: peer->ready_count++; return TOLD_OK;
	case TOLD_CLIENT_ANSWER: return hear_answer(peer, event);
	case TOLD_CLIENT_BUSY: return hear_busy(peer, event);
	case TOLD_CLIENT_PARCEL: return hear_parcel(peer, event);
	case TOLD_CLIENT_VIEW:
		peer->view_count++;
		peer->viewed = event->view.count;
		return TOLD_OK;
	case TOLD_CLIENT_DISCONNECTED: peer->lost_count++; return TOLD_OK;
	case TOLD_CLIENT_LOG_KEY: return TOLD_OK;
	case TOLD_CLIENT_NEW_LOG: return TOLD_E_INTERNAL; /* nothing is restored here */
	case TOLD_CLIENT_FAULT: peer->fault = event->status; return TOLD_OK;
	}
	return TOLD_E_INTERNAL;
}

static void acknowledge(struct flow_peer *peer)
{
	struct told_lines_part lines;
	if (peer->ack_count == 0 || peer->silent || !told_client_ready(peer->client) ||
	    told_client_room(peer->client) == 0)
		return;
	struct told_header header = flow_header(peer->flow, peer->party, TOLD_TYPE_ACK);
	struct told_buf head = TOLD_BUF(TOLD_HEADER_MAX_BYTES);
	struct told_outgoing out = {.type = TOLD_TYPE_ACK, .sender_seq = header.sender_seq};
	assert_int_equal(told_ack_make(peer->flow->arena, peer->acks, peer->ack_count, &lines, &out.body), TOLD_OK);
	header.lines = &lines;
	assert_int_equal(told_header_encode(&header, &head), TOLD_OK);
	out.header = told_arena_copy(peer->flow->arena, told_buf_view(&head));
	memcpy(out.id, header.id.data, TOLD_ID_BYTES);
	assert_int_equal(told_outgoing_sign(peer->flow->arena, peer->party->signing,
					    peer->party->keys.of[TOLD_AGENCY_KEY_SIGNING].key, &out, 1),
			 TOLD_OK);
	assert_int_equal(told_client_send(peer->client, &out), TOLD_OK);
	peer->acked += peer->ack_count;
	peer->ack_count = 0;
	told_buf_free(&head);
}

static void pump(struct flow_peer *peer)
{
	int64_t wall_ms = bench_wall_ms(), boot_ms = bench_boot_ms() + peer->flow->boot_shift_ms;
	assert_int_equal(told_client_pump(peer->client, wall_ms, boot_ms, heard, peer), TOLD_OK);
	acknowledge(peer);
	assert_int_equal(told_client_confirm(peer->client, wall_ms, boot_ms), TOLD_OK);
}

bool flow_until(struct flow *flow, flow_done *done, void *ctx, int64_t limit_ms)
{
	int64_t end_ms = bench_boot_ms() + limit_ms;
	for (;;) {
		struct pollfd fds[FLOW_PEERS];
		nfds_t count = 0;
		int64_t wait_ms = 20;
		for (size_t i = 0; i < flow->peer_count; i++) {
			struct flow_peer *peer = flow->peers[i];
			if (peer->client == NULL)
				continue;
			pump(peer);
			int64_t own_ms = told_client_timeout_ms(peer->client, bench_boot_ms() + flow->boot_shift_ms);
			wait_ms = own_ms >= 0 && own_ms < wait_ms ? own_ms : wait_ms;
			fds[count++] = (struct pollfd){.fd = told_client_fd(peer->client), .events = POLLIN};
		}
		if (done(ctx))
			return true;
		if (bench_boot_ms() >= end_ms)
			return false;
		enum told_status status = told_poll(fds, count, wait_ms);
		assert_true(status == TOLD_OK || status == TOLD_E_TIMEOUT);
	}
}

/* ---- coming and going ---- */

static void enter_operator(struct flow_peer *peer)
{
	struct told_key_fact fact = {.action = TOLD_KEY_ACTION_ISSUE,
				     .purpose = TOLD_KEY_OPERATOR,
				     .key = peer->flow->world.partnership.operator_key,
				     .number = 1};
	assert_int_equal(told_parties_new(&peer->parties), TOLD_OK);
	assert_int_equal(told_directory_new(&peer->directory), TOLD_OK);
	assert_int_equal(told_party_intern(peer->parties, told_text("broker"), &fact.party), TOLD_OK);
	assert_int_equal(told_directory_apply_key(peer->directory, (struct told_entry){0}, &fact), TOLD_OK);
}

struct flow_peer *flow_join(struct flow *flow, struct bench_party *party, bool pulls)
{
	struct flow_peer *peer = calloc(1, sizeof *peer);
	assert_non_null(peer);
	assert_true(flow->peer_count < FLOW_PEERS);
	peer->flow = flow;
	peer->party = party;
	if (pulls)
		enter_operator(peer);
	flow->peers[flow->peer_count++] = peer;
	flow_rejoin(peer);
	return peer;
}

void flow_rejoin(struct flow_peer *peer)
{
	peer->ack_count = 0; /* what was not acknowledged comes again */
	assert_int_equal(bench_connect(&peer->flow->world, peer->party, peer->parties != NULL ? key_of : NULL, peer,
				       &peer->client),
			 TOLD_OK);
}

void flow_leave(struct flow_peer *peer)
{
	told_client_close(peer->client);
	peer->client = NULL;
}

static bool is_ready(void *ctx)
{
	const struct flow_peer *peer = ctx;
	return told_client_ready(peer->client);
}

void flow_until_ready(struct flow_peer *peer)
{
	assert_true(flow_until(peer->flow, is_ready, peer, FLOW_WAIT_MS));
}

/* ---- asking and waiting ---- */

struct wanted {
	struct flow_peer *peer;
	const uint8_t *id;
	size_t from;
	const struct flow_answer *answer;
	const struct flow_parcel *parcel;
};

static bool has_answer(void *ctx)
{
	struct wanted *w = ctx;
	for (size_t i = w->from; i < w->peer->answer_count; i++)
		if (memcmp(w->peer->answers[i].id, w->id, TOLD_ID_BYTES) == 0)
			w->answer = &w->peer->answers[i];
	return w->answer != NULL;
}

static bool has_parcel(void *ctx)
{
	struct wanted *w = ctx;
	for (size_t i = 0; i < w->peer->parcel_count; i++)
		if (memcmp(w->peer->parcels[i].message, w->id, TOLD_ID_BYTES) == 0)
			w->parcel = &w->peer->parcels[i];
	return w->parcel != NULL;
}

struct outgoing {
	struct flow_peer *peer;
	const struct told_outgoing *message;
};

/* Busy is what a pipe says that is full for the moment. */
static bool is_sent(void *ctx)
{
	const struct outgoing *o = ctx;
	enum told_status status = told_client_send(o->peer->client, o->message);
	assert_true(status == TOLD_OK || status == TOLD_E_BUSY);
	return status == TOLD_OK;
}

void flow_send(struct flow_peer *peer, const struct told_outgoing *message)
{
	struct outgoing o = {peer, message};
	assert_true(flow_until(peer->flow, is_sent, &o, FLOW_WAIT_MS));
}

const struct flow_answer *flow_answer(struct flow_peer *peer, const uint8_t id[TOLD_ID_BYTES])
{
	struct wanted w = {.peer = peer, .id = id};
	assert_true(flow_until(peer->flow, has_answer, &w, FLOW_WAIT_MS));
	return w.answer;
}

const struct flow_answer *flow_say(struct flow_peer *peer, const struct told_outgoing *message)
{
	struct wanted w = {.peer = peer, .id = message->id, .from = peer->answer_count};
	flow_send(peer, message);
	assert_true(flow_until(peer->flow, has_answer, &w, FLOW_WAIT_MS));
	return w.answer;
}

const struct flow_parcel *flow_parcel(struct flow_peer *peer, const uint8_t message[TOLD_ID_BYTES], int64_t limit_ms)
{
	struct wanted w = {.peer = peer, .id = message};
	return flow_until(peer->flow, has_parcel, &w, limit_ms) ? w.parcel : NULL;
}

size_t flow_times(const struct flow_peer *peer, const uint8_t message[TOLD_ID_BYTES])
{
	size_t times = 0;
	for (size_t i = 0; i < peer->parcel_count; i++)
		times += memcmp(peer->parcels[i].message, message, TOLD_ID_BYTES) == 0;
	return times;
}

void flow_still_good(struct flow_peer *sender, struct flow_peer *consumer)
{
	struct told_outgoing message = flow_update(sender->flow, &(struct flow_twist){.content = "all is well"});
	assert_int_equal(flow_say(sender, &message)->outcome, TOLD_ANSWER_ACCEPTED);
	const struct flow_parcel *parcel = flow_parcel(consumer, message.id, FLOW_WAIT_MS);
	assert_non_null(parcel);
	assert_int_equal(parcel->result, TOLD_ACK_STORED);
	assert_string_equal(parcel->content, "all is well");
}
