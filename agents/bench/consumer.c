/* SPDX-License-Identifier: Apache-2.0 */
/* The receiving agency of a bench: it folds what everybody must know, opens every parcel, keeps it if asked to, and
 * acknowledges. */
#include "agents/bench/peers.h"

#include "broker/base/loop.h"
#include "broker/rule/register.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ACK_AT_MOST 256u /* parcels under one acknowledgement */

struct consuming {
	struct bench_world *world;
	const struct bench_load *load;
	struct bench_result *result;
	struct told_client *client;
	struct told_parties *parties;
	struct told_directory *directory;
	struct told_arena *arena;
	struct told_ack_entry acks[TOLD_ACK_LINES_MAX];
	size_t ack_count;
	uint32_t unanswered; /* acknowledgements without a receipt */
	uint64_t *latencies_ns;
	uint8_t *seen; /* bit a message, by sequence number of the sender */
	struct told_buf keep;
	int fd;
	int ready;
	bool told_ready;
};

static enum told_status key_of(void *ctx, struct told_bytes party, uint32_t purpose, const told_hash *key_id,
			       uint64_t index, uint64_t time_ms, bool content, uint8_t key[TOLD_KEY_BYTES])
{
	struct consuming *c = ctx;
	const struct told_key *found = NULL;
	(void)content, (void)index;
	struct told_when when = {.utc_ms = (int64_t)time_ms, .log_size = TOLD_WHOLE_LOG};
	uint32_t number = told_party_find(c->parties, party);
	enum told_status status = told_directory_key(c->directory, number, purpose, key_id, when, &found);
	if (status == TOLD_OK)
		memcpy(key, found->key, TOLD_KEY_BYTES);
	return status;
}

static enum told_status fold(struct consuming *c, const struct told_carried_message *m)
{
	struct told_entry entry = {.number = m->entry, .utc_ms = (int64_t)m->time_ms};
	enum told_status status = told_register_apply(c->directory, c->parties, m->header, m->body->attachment, entry);
	return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
}

static void keep(struct consuming *c, const struct told_carried_message *m)
{
	uint64_t sent_ns = 0, seq = m->header->sender_seq;
	struct told_bytes content = m->sections[0].content;
	if (content.len >= sizeof sent_ns)
		memcpy(&sent_ns, content.data, sizeof sent_ns);
	size_t bit = seq % (8 * (c->load->messages + 65536));
	if (c->seen[bit / 8] >> (bit % 8) & 1) {
		c->result->twice++;
		return;
	}
	c->seen[bit / 8] |= (uint8_t)(1u << (bit % 8));
	if (c->result->done == 0)
		c->result->begin_ns = bench_now_ns();
	if (c->result->done < c->load->messages)
		c->latencies_ns[c->result->done] = bench_now_ns() - sent_ns;
	c->result->done++;
	if (c->load->durable)
		told_buf_put_part(&c->keep, content);
}

static enum told_status take(struct consuming *c, const struct told_parcel_event *parcel)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < parcel->count; i++) {
		const struct told_carried_message *m = &parcel->carried[i];
		if (told_register_cares(m->header->type))
			status = fold(c, m);
		else if (m->section_count > 0)
			keep(c, m);
	}
	if (c->ack_count < TOLD_ACK_LINES_MAX) {
		memcpy(c->acks[c->ack_count].parcel, parcel->id, TOLD_ID_BYTES);
		c->acks[c->ack_count++].result = parcel->result;
	}
	return status;
}

static enum told_status heard(void *ctx, const struct told_client_event *event)
{
	struct consuming *c = ctx;
	if (event->kind == TOLD_CLIENT_PARCEL)
		return take(c, &event->parcel);
	if (event->kind == TOLD_CLIENT_ANSWER)
		c->unanswered -= c->unanswered > 0;
	return event->kind == TOLD_CLIENT_FAULT ? event->status : TOLD_OK;
}

/* What is acknowledged as stored is stored. */
static enum told_status store(struct consuming *c)
{
	if (c->keep.len == 0)
		return TOLD_OK;
	bool written = write(c->fd, c->keep.data, c->keep.len) == (ssize_t)c->keep.len && fdatasync(c->fd) == 0;
	c->keep.len = 0;
	return written ? TOLD_OK : TOLD_E_STORE;
}

static enum told_status acknowledge(struct consuming *c)
{
	if (c->ack_count == 0)
		return TOLD_OK;
	struct told_header header;
	struct told_lines_part lines;
	struct told_outgoing out = {.type = TOLD_TYPE_ACK};
	struct told_buf head = TOLD_BUF(TOLD_HEADER_MAX_BYTES);
	size_t count = c->ack_count < ACK_AT_MOST ? c->ack_count : ACK_AT_MOST;
	told_arena_reset(c->arena);
	enum told_status status = store(c);
	if (status == TOLD_OK)
		status = bench_header(c->world, &c->world->consumer, c->arena, TOLD_TYPE_ACK, &header);
	if (status == TOLD_OK)
		status = told_ack_make(c->arena, c->acks, count, &lines, &out.body);
	header.lines = &lines;
	if (status == TOLD_OK)
		status = told_header_encode(&header, &head);
	out.header = told_buf_view(&head);
	out.sender_seq = header.sender_seq;
	memcpy(out.id, header.id.data, TOLD_ID_BYTES);
	if (status == TOLD_OK)
		status = told_outgoing_sign(c->arena, c->world->consumer.signing,
					    c->world->consumer.keys.of[TOLD_AGENCY_KEY_SIGNING].key, &out, 1);
	if (status == TOLD_OK)
		status = told_client_send(c->client, &out);
	if (status == TOLD_OK) {
		c->unanswered++;
		memmove(c->acks, c->acks + count, (c->ack_count - count) * sizeof c->acks[0]);
		c->ack_count -= count;
	}
	told_buf_free(&head);
	return status == TOLD_E_BUSY ? TOLD_OK : status;
}

/* Ready when the sender's signing key is known: the facts came as parcels, in the order of the log. */
static void say_ready(struct consuming *c)
{
	const struct told_key *key = NULL;
	struct told_when now = {.utc_ms = bench_wall_ms(), .log_size = TOLD_WHOLE_LOG};
	uint32_t sender = told_party_find(c->parties, told_text(c->world->sender.name));
	if (c->told_ready || told_directory_current_key(c->directory, sender, TOLD_KEY_SIGNING, told_bytes(NULL, 0),
							now, &key) != TOLD_OK)
		return;
	c->told_ready = write(c->ready, "r", 1) == 1;
}

static enum told_status enter_operator(struct consuming *c)
{
	struct told_key_fact fact = {.action = TOLD_KEY_ACTION_ISSUE,
				     .purpose = TOLD_KEY_OPERATOR,
				     .key = c->world->partnership.operator_key,
				     .number = 1};
	enum told_status status = told_party_intern(c->parties, told_text("broker"), &fact.party);
	return status == TOLD_OK ? told_directory_apply_key(c->directory, (struct told_entry){0}, &fact) : status;
}

static enum told_status run(struct consuming *c)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%.4000s/kept", c->world->dir);
	c->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	enum told_status status = c->fd < 0 ? TOLD_E_STORE : told_parties_new(&c->parties);
	if (status == TOLD_OK)
		status = told_directory_new(&c->directory);
	if (status == TOLD_OK)
		status = enter_operator(c);
	if (status == TOLD_OK)
		status = told_arena_new(8u * 1024u * 1024u, &c->arena);
	if (status == TOLD_OK)
		status = bench_connect(c->world, &c->world->consumer, key_of, c, &c->client);
	while (status == TOLD_OK && (c->result->done < c->load->messages || c->ack_count > 0 || c->unanswered > 0)) {
		int64_t wait_ms = told_client_timeout_ms(c->client, bench_boot_ms());
		status = told_poll_one(told_client_fd(c->client), POLLIN, wait_ms < 0 || wait_ms > 20 ? 20 : wait_ms);
		if (status == TOLD_E_TIMEOUT)
			status = TOLD_OK;
		if (status == TOLD_OK)
			status = told_client_pump(c->client, bench_wall_ms(), bench_boot_ms(), heard, c);
		if (status == TOLD_OK)
			status = acknowledge(c);
		if (status == TOLD_OK)
			status = told_client_confirm(c->client, bench_wall_ms(), bench_boot_ms());
		say_ready(c);
	}
	c->result->end_ns = bench_now_ns();
	return status;
}

void bench_consume(struct bench_world *world, const struct bench_load *load, int ready, uint64_t *latencies_ns,
		   struct bench_result *result)
{
	struct consuming *c = calloc(1, sizeof *c);
	result->status = TOLD_E_MEMORY;
	if (c == NULL)
		return;
	*c = (struct consuming){
		.world = world, .load = load, .result = result, .latencies_ns = latencies_ns, .ready = ready};
	c->keep = TOLD_BUF(256u * 1024u * 1024u);
	c->seen = calloc(1, load->messages + 65536);
	if (c->seen != NULL)
		result->status = run(c);
	result->latency_count = result->done < load->messages ? result->done : load->messages;
	told_client_close(c->client);
	told_directory_free(c->directory);
	told_parties_free(c->parties);
	told_arena_free(c->arena);
	told_buf_free(&c->keep);
	close(c->fd);
	free(c->seen);
	free(c);
}
