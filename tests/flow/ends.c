/* SPDX-License-Identifier: Apache-2.0 */
/* Files of ids, and the consumer that dedups by them before anything is handed on. */
#include "flow/ends.h"

#include "broker/base/loop.h"
#include "broker/rule/register.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum told_status flow_ids_open(struct flow_ids *ids, const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat st;
	*ids = (struct flow_ids){.items = calloc(FLOW_IDS_MAX, TOLD_ID_BYTES), .fd = -1};
	snprintf(path, sizeof path, "%.4000s/%s", dir, name);
	ids->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (ids->items == NULL || ids->fd < 0 || fstat(ids->fd, &st) != 0)
		return TOLD_E_SYSTEM;
	size_t whole = (size_t)st.st_size / TOLD_ID_BYTES * TOLD_ID_BYTES;
	if (whole > FLOW_IDS_MAX * (size_t)TOLD_ID_BYTES || ftruncate(ids->fd, (off_t)whole) != 0 ||
	    pread(ids->fd, ids->items, whole, 0) != (ssize_t)whole)
		return TOLD_E_SYSTEM;
	ids->count = whole / TOLD_ID_BYTES;
	return TOLD_OK;
}

void flow_ids_close(struct flow_ids *ids)
{
	free(ids->items);
	if (ids->fd >= 0)
		close(ids->fd);
	*ids = (struct flow_ids){.fd = -1};
}

bool flow_ids_has(const struct flow_ids *ids, const uint8_t id[TOLD_ID_BYTES])
{
	for (size_t i = ids->count; i > 0; i--) /* what is looked for is mostly new */
		if (memcmp(ids->items[i - 1], id, TOLD_ID_BYTES) == 0)
			return true;
	return false;
}

enum told_status flow_ids_add(struct flow_ids *ids, const uint8_t id[TOLD_ID_BYTES])
{
	if (ids->count == FLOW_IDS_MAX)
		return TOLD_E_LIMIT;
	memcpy(ids->items[ids->count++], id, TOLD_ID_BYTES);
	return write(ids->fd, id, TOLD_ID_BYTES) == (ssize_t)TOLD_ID_BYTES ? TOLD_OK : TOLD_E_STORE;
}

enum told_status flow_ids_sync(const struct flow_ids *ids)
{
	return fdatasync(ids->fd) == 0 ? TOLD_OK : TOLD_E_STORE;
}

/* ---- the consumer ---- */

struct consuming {
	struct bench_world *world;
	struct flow_ends *ends;
	struct told_client *client;
	struct told_parties *parties;
	struct told_directory *directory;
	struct told_arena *arena;
	struct flow_ids inbox, application;
	struct told_ack_entry acks[TOLD_ACK_LINES_MAX];
	size_t ack_count;
};

static enum told_status key_of(void *ctx, struct told_bytes party, uint32_t purpose, const told_hash *key_id,
			       uint64_t index, uint64_t time_ms, bool content, uint8_t key[TOLD_KEY_BYTES])
{
	struct consuming *c = ctx;
	const struct told_key *found = NULL;
	struct told_when when = {.utc_ms = (int64_t)time_ms, .log_size = TOLD_WHOLE_LOG};
	(void)content, (void)index;
	enum told_status status =
		told_directory_key(c->directory, told_party_find(c->parties, party), purpose, key_id, when, &found);
	if (status == TOLD_OK)
		memcpy(key, found->key, TOLD_KEY_BYTES);
	return status;
}

static enum told_status take(struct consuming *c, const struct told_carried_message *m)
{
	struct told_entry entry = {.number = m->index, .utc_ms = (int64_t)m->time_ms};
	if (told_register_cares(m->header->type)) {
		enum told_status status =
			told_register_apply(c->directory, c->parties, m->header, m->body->attachment, entry);
		return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_OK : status;
	}
	if (m->header->type != TOLD_TYPE_STATUS_UPDATE || flow_ids_has(&c->inbox, m->header->id.data))
		return TOLD_OK;
	return flow_ids_add(&c->inbox, m->header->id.data);
}

/* What everybody must know is never acknowledged, so that it comes again after each start: this end keeps no directory.
 */
static enum told_status heard(void *ctx, const struct told_client_event *event)
{
	struct consuming *c = ctx;
	const struct told_parcel_event *parcel = &event->parcel;
	if (event->kind == TOLD_CLIENT_FAULT)
		return event->status;
	if (event->kind != TOLD_CLIENT_PARCEL)
		return TOLD_OK;
	bool fact = parcel->count > 0 && told_register_cares(parcel->carried[0].header->type);
	enum told_status status = parcel->result == TOLD_ACK_STORED ? TOLD_OK : TOLD_E_SIGNATURE;
	for (size_t i = 0; status == TOLD_OK && i < parcel->count; i++)
		status = take(c, &parcel->carried[i]);
	if (status != TOLD_OK || fact || c->ack_count == TOLD_ACK_LINES_MAX)
		return status;
	memcpy(c->acks[c->ack_count].parcel, parcel->id, TOLD_ID_BYTES);
	c->acks[c->ack_count++].result = parcel->result;
	return TOLD_OK;
}

/* From the inbox to the application, once each; what a kill left between the two is handed on at the next start. */
static enum told_status hand_on(struct consuming *c)
{
	enum told_status status = flow_ids_sync(&c->inbox);
	for (size_t i = c->application.count; status == TOLD_OK && i < c->inbox.count; i++)
		status = flow_ids_add(&c->application, c->inbox.items[i]);
	c->ends->received = (uint32_t)c->inbox.count;
	c->ends->handed_on = (uint32_t)c->application.count;
	return status;
}

static enum told_status acknowledge(struct consuming *c)
{
	struct told_header header;
	struct told_lines_part lines;
	struct told_body *body = NULL;
	struct told_outgoing out;
	struct told_bytes bytes;
	if (c->ack_count == 0 || told_client_room(c->client) == 0)
		return TOLD_OK;
	told_arena_reset(c->arena);
	enum told_status status = bench_header(c->world, &c->world->consumer, c->arena, TOLD_TYPE_ACK, &header);
	if (status == TOLD_OK)
		status = told_ack_make(c->arena, c->acks, c->ack_count, &lines, &bytes);
	if (status == TOLD_OK)
		status = told_body_decode(bytes, c->arena, &body);
	header.lines = &lines;
	if (status == TOLD_OK)
		status = bench_sign(c->arena, &header, body, c->world->consumer.signing,
				    c->world->consumer.keys.of[TOLD_AGENCY_KEY_SIGNING].key, &out);
	if (status == TOLD_OK)
		status = told_client_send(c->client, &out);
	if (status == TOLD_OK)
		c->ack_count = 0;
	return status == TOLD_E_BUSY ? TOLD_OK : status;
}

static enum told_status open_consumer(struct consuming *c)
{
	struct told_key_fact fact = {.action = TOLD_KEY_ACTION_ISSUE,
				     .purpose = TOLD_KEY_OPERATOR,
				     .key = c->world->partnership.operator_key,
				     .number = 1};
	enum told_status status = flow_ids_open(&c->inbox, c->world->dir, "inbox");
	if (status == TOLD_OK)
		status = flow_ids_open(&c->application, c->world->dir, "application");
	if (status == TOLD_OK)
		status = told_arena_new(8u * 1024u * 1024u, &c->arena);
	if (status == TOLD_OK)
		status = told_parties_new(&c->parties);
	if (status == TOLD_OK)
		status = told_directory_new(&c->directory);
	if (status == TOLD_OK)
		status = told_party_intern(c->parties, told_text("broker"), &fact.party);
	if (status == TOLD_OK)
		status = told_directory_apply_key(c->directory, (struct told_entry){0}, &fact);
	if (status == TOLD_OK)
		status = hand_on(c);
	return status == TOLD_OK ? bench_connect(c->world, &c->world->consumer, key_of, c, &c->client) : status;
}

enum told_status flow_consumer_run(struct bench_world *world, struct flow_ends *ends)
{
	struct consuming *c = calloc(1, sizeof *c);
	if (c == NULL)
		return TOLD_E_MEMORY;
	c->world = world;
	c->ends = ends;
	world->consumer.seq = 0; /* it keeps no numbers, so each start is a new epoch */
	c->inbox.fd = c->application.fd = -1;
	enum told_status status = told_random(world->consumer.epoch, sizeof world->consumer.epoch);
	if (status == TOLD_OK)
		status = open_consumer(c);
	while (status == TOLD_OK && !ends->done) {
		int64_t wait_ms = told_client_timeout_ms(c->client, bench_boot_ms());
		status = told_poll_one(told_client_fd(c->client), POLLIN, wait_ms < 0 || wait_ms > 20 ? 20 : wait_ms);
		if (status == TOLD_E_TIMEOUT)
			status = TOLD_OK;
		if (status == TOLD_OK)
			status = told_client_pump(c->client, bench_wall_ms(), bench_boot_ms(), heard, c);
		if (status == TOLD_OK)
			status = hand_on(c);
		if (status == TOLD_OK)
			status = acknowledge(c);
		if (status == TOLD_OK)
			status = told_client_confirm(c->client, bench_wall_ms(), bench_boot_ms());
	}
	told_client_close(c->client);
	told_directory_free(c->directory);
	told_parties_free(c->parties);
	told_arena_free(c->arena);
	flow_ids_close(&c->inbox);
	flow_ids_close(&c->application);
	free(c);
	return status;
}
