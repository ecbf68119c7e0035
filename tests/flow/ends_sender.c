/* SPDX-License-Identifier: Apache-2.0 */
/* The sender: what it makes is in its outbox, synced, before it goes; what has no receipt goes again, the same bytes.
 */
#include "flow/ends.h"

#include "broker/base/file.h"
#include "broker/base/loop.h"
#include "flow/kit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ON_THE_WAY  48u
#define RECORD_HEAD 4u /* its length */
#define NOTE_MAX    65536u

struct sending {
	struct bench_world *world;
	struct flow_ends *ends;
	struct told_client *client;
	struct flow flow; /* for the maker of messages: world and arena alone */
	struct told_buf outbox;
	size_t starts[FLOW_IDS_MAX]; /* of records in outbox */
	bool answered[FLOW_IDS_MAX];
	size_t count, first_open;
	struct flow_ids answers;
	struct told_buf note;
	int fd;
	bool resend;
};

/* Fields of a record: type, sequence, id, then header, envelope, body, each a part. */
static void put_record(const struct told_outgoing *message, struct told_buf *out)
{
	struct told_buf record = TOLD_BUF(TOLD_FRAME_MAX_BYTES);
	told_buf_put_u32(&record, message->type);
	told_buf_put_u64(&record, message->sender_seq);
	told_buf_put(&record, message->id, TOLD_ID_BYTES);
	told_buf_put_part(&record, message->header);
	told_buf_put_part(&record, message->envelope);
	told_buf_put_part(&record, message->body);
	told_buf_put_part(out, told_buf_view(&record));
	told_buf_free(&record);
}

static struct told_bytes take_part(const uint8_t **at)
{
	struct told_bytes part = told_bytes(*at + 4, told_u32(*at));
	*at = part.data + part.len;
	return part;
}

static struct told_outgoing get_record(const uint8_t *at)
{
	struct told_outgoing message = {.type = told_u32(at + 4), .sender_seq = told_u64(at + 8)};
	memcpy(message.id, at + 16, TOLD_ID_BYTES);
	at += 16 + TOLD_ID_BYTES;
	message.header = take_part(&at);
	message.envelope = take_part(&at);
	message.body = take_part(&at);
	return message;
}

static const uint8_t *id_at(const struct sending *s, size_t which)
{
	return s->outbox.data + s->starts[which] + 16;
}

/* Whole records only; half of one at the end, which a kill left, was never sent and is cut off. */
static void index_outbox(struct sending *s)
{
	size_t at = 0;
	s->count = 0;
	while (at + RECORD_HEAD <= s->outbox.len && at + RECORD_HEAD + told_u32(s->outbox.data + at) <= s->outbox.len) {
		s->starts[s->count++] = at;
		at += RECORD_HEAD + told_u32(s->outbox.data + at);
	}
	s->outbox.len = at;
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, TOLD_ID_BYTES);
}

static void mark_answered(struct sending *s)
{
	struct flow_ids *a = &s->answers;
	qsort(a->items, a->count, TOLD_ID_BYTES, by_bytes);
	for (size_t i = 0; i < s->count; i++)
		s->answered[i] = bsearch(id_at(s, i), a->items, a->count, TOLD_ID_BYTES, by_bytes) != NULL;
}

static enum told_status read_file(const char *dir, const char *name, struct told_buf *out)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%.4000s/%s", dir, name);
	enum told_status status = told_file_read(path, out->max_bytes, out);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status open_outbox(struct sending *s)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%.4000s/outbox", s->world->dir);
	s->outbox = TOLD_BUF(512u * 1024u * 1024u);
	enum told_status status = read_file(s->world->dir, "outbox", &s->outbox);
	s->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	index_outbox(s);
	if (status != TOLD_OK || s->fd < 0 || ftruncate(s->fd, (off_t)s->outbox.len) != 0)
		return TOLD_E_STORE;
	if (s->count > 0)
		s->world->sender.seq = get_record(s->outbox.data + s->starts[s->count - 1]).sender_seq;
	s->ends->made = (uint32_t)s->count;
	return TOLD_OK;
}

/* ---- hearing ---- */

static enum told_status heard(void *ctx, const struct told_client_event *event)
{
	struct sending *s = ctx;
	s->resend |= event->kind == TOLD_CLIENT_READY || event->kind == TOLD_CLIENT_BUSY;
	if (event->kind == TOLD_CLIENT_FAULT)
		return event->status;
	if (event->kind != TOLD_CLIENT_ANSWER)
		return TOLD_OK;
	if (event->answer.outcome != TOLD_ANSWER_ACCEPTED)
		return TOLD_E_REFUSED;
	for (size_t i = s->first_open; i < s->count; i++) {
		if (s->answered[i] || memcmp(id_at(s, i), event->answer.id, TOLD_ID_BYTES) != 0)
			continue;
		s->answered[i] = true;
		return flow_ids_add(&s->answers, event->answer.id);
	}
	return TOLD_OK;
}

/* The checkpoint first: a receipt that is kept is one under a checkpoint that is kept. */
static enum told_status keep(struct sending *s)
{
	char path[PATH_MAX];
	struct told_bytes note = told_client_checkpoint(s->client, NULL, NULL);
	if (told_bytes_equal(note, told_buf_view(&s->note)) && s->ends->answered == s->answers.count)
		return TOLD_OK; /* nothing new: receipts given again come under older checkpoints */
	s->note.len = 0;
	told_buf_put_bytes(&s->note, note);
	snprintf(path, sizeof path, "%.4000s/note", s->world->dir);
	enum told_status status = told_file_write(path, note, 0600);
	if (status == TOLD_OK)
		status = flow_ids_sync(&s->answers);
	s->ends->answered = (uint32_t)s->answers.count;
	return status;
}

/* ---- sending ---- */

static enum told_status make(struct sending *s)
{
	size_t from = s->outbox.len;
	while (s->first_open < s->count && s->answered[s->first_open])
		s->first_open++;
	if (s->ends->enough || !told_client_ready(s->client) || s->count + 8 > FLOW_IDS_MAX ||
	    s->count - s->first_open + 8 > ON_THE_WAY)
		return TOLD_OK;
	for (int i = 0; i < 8; i++) {
		struct told_outgoing message =
			flow_update(&s->flow, &(struct flow_twist){.person = (uint32_t)i % s->world->people});
		s->starts[s->count] = s->outbox.len;
		put_record(&message, &s->outbox);
		s->answered[s->count++] = false;
	}
	told_arena_reset(s->flow.arena);
	size_t len = s->outbox.len - from;
	bool kept = s->outbox.status == TOLD_OK && write(s->fd, s->outbox.data + from, len) == (ssize_t)len &&
		    fdatasync(s->fd) == 0;
	s->ends->made = (uint32_t)s->count;
	s->resend = true;
	return kept ? TOLD_OK : TOLD_E_STORE;
}

/* Everything without a receipt; what is on its way already is busy and left alone. */
static enum told_status send_open(struct sending *s)
{
	if (!s->resend || !told_client_ready(s->client))
		return TOLD_OK;
	s->resend = false;
	for (size_t i = s->first_open; i < s->count; i++) {
		struct told_outgoing message = get_record(s->outbox.data + s->starts[i]);
		enum told_status status = s->answered[i] ? TOLD_OK : told_client_send(s->client, &message);
		if (status != TOLD_OK && status != TOLD_E_BUSY)
			return status;
	}
	return TOLD_OK;
}

static enum told_status turn(struct sending *s)
{
	int64_t wait_ms = told_client_timeout_ms(s->client, bench_boot_ms());
	enum told_status status =
		told_poll_one(told_client_fd(s->client), POLLIN, wait_ms < 0 || wait_ms > 20 ? 20 : wait_ms);
	if (status == TOLD_E_TIMEOUT)
		status = TOLD_OK;
	if (status == TOLD_OK)
		status = told_client_pump(s->client, bench_wall_ms(), bench_boot_ms(), heard, s);
	if (status == TOLD_OK)
		status = keep(s);
	if (status == TOLD_OK)
		status = told_client_confirm(s->client, bench_wall_ms(), bench_boot_ms());
	if (status == TOLD_OK)
		status = make(s);
	return status == TOLD_OK ? send_open(s) : status;
}

enum told_status flow_sender_run(struct bench_world *world, struct flow_ends *ends)
{
	struct sending *s = calloc(1, sizeof *s);
	if (s == NULL)
		return TOLD_E_MEMORY;
	s->world = world;
	s->ends = ends;
	s->flow.world = *world;
	s->note = TOLD_BUF(NOTE_MAX);
	enum told_status status = told_arena_new(64u * 1024u * 1024u, &s->flow.arena);
	if (status == TOLD_OK)
		status = flow_ids_open(&s->answers, world->dir, "answered");
	if (status == TOLD_OK)
		status = open_outbox(s);
	s->flow.world.sender.seq = world->sender.seq;
	if (status == TOLD_OK)
		status = read_file(world->dir, "note", &s->note);
	world->sender.checkpoint = told_buf_view(&s->note);
	if (status == TOLD_OK) {
		mark_answered(s);
		status = bench_connect(world, &world->sender, NULL, NULL, &s->client);
	}
	while (status == TOLD_OK && !ends->done)
		status = turn(s);
	told_client_close(s->client);
	told_arena_free(s->flow.arena);
	told_buf_free(&s->outbox);
	told_buf_free(&s->note);
	flow_ids_close(&s->answers);
	free(s);
	return status;
}

enum told_status flow_outbox_ids(const char *dir, struct flow_ids *out)
{
	struct sending *s = calloc(1, sizeof *s);
	*out = (struct flow_ids){.items = calloc(FLOW_IDS_MAX, TOLD_ID_BYTES), .fd = -1};
	if (s == NULL || out->items == NULL)
		return TOLD_E_MEMORY;
	s->outbox = TOLD_BUF(512u * 1024u * 1024u);
	enum told_status status = read_file(dir, "outbox", &s->outbox);
	index_outbox(s);
	for (size_t i = 0; i < s->count; i++)
		memcpy(out->items[i], id_at(s, i), TOLD_ID_BYTES);
	out->count = s->count;
	told_buf_free(&s->outbox);
	free(s);
	return status;
}
