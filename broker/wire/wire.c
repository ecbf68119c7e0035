/* SPDX-License-Identifier: Apache-2.0 */
/* The core's end of wire: keeps which key is whose, and turns frames of the pair into messages of known parties.
 * May touch: the socket pair. It believes the front nothing but the admission number and the bytes. */
#include "broker/wire/wire.h"

#include "broker/base/clock.h"
#include "broker/base/loop.h"
#include "broker/wire/keys.h"
#include "broker/wire/pair.h"
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLOSE_MAX_MS 5000 /* rules A16 */

struct told_wire {
	int fd;
	struct told_frame_pipe *pipe;
	struct told_wire_front *front;
	uint64_t admissions; /* the last number given */
	struct told_keys keys;
};

static enum told_status open_pair(struct told_wire *wire, int *core_fd)
{
	int fds[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0)
		return TOLD_E_SYSTEM;
	wire->fd = fds[0];
	*core_fd = fds[1];
	return told_frame_open(wire->fd, TOLD_PAIR_MAX_BYTES, TOLD_PAIR_QUEUE_BYTES, &wire->pipe);
}

static void free_wire(struct told_wire *wire)
{
	told_frame_close(wire->pipe);
	if (wire->fd >= 0)
		close(wire->fd);
	free(wire);
}

enum told_status told_wire_open_with(const struct told_wire_config *config, told_wire_start *start,
				     told_wire_entry *entry, struct told_wire **out)
{
	int core_fd = -1;
	struct told_wire *wire = calloc(1, sizeof *wire);
	*out = NULL;
	if (wire == NULL)
		return TOLD_E_MEMORY;
	wire->fd = -1;
	enum told_status status = open_pair(wire, &core_fd);
	if (status == TOLD_OK)
		status = start(config, core_fd, wire->fd, entry, &wire->front);
	if (status == TOLD_OK) {
		*out = wire;
	} else {
		if (core_fd >= 0)
			close(core_fd);
		free_wire(wire);
	}
	return status;
}

enum told_status told_wire_open(const struct told_wire_config *config, told_wire_start *start, struct told_wire **out)
{
	return told_wire_open_with(config, start, told_wire_run, out);
}

int told_wire_fd(const struct told_wire *wire)
{
	return wire->fd;
}

short told_wire_events(const struct told_wire *wire)
{
	return told_frame_queued(wire->pipe) > 0 ? POLLIN | POLLOUT : POLLIN;
}

enum told_status told_wire_flush(struct told_wire *wire)
{
	enum told_status status = told_frame_flush(wire->pipe);
	return status == TOLD_E_BUSY ? TOLD_OK : status;
}

static enum told_status say(struct told_wire *wire, const struct told_frame *frame)
{
	enum told_status status = told_frame_put(wire->pipe, frame);
	return status == TOLD_OK ? told_wire_flush(wire) : status;
}

enum told_status told_wire_listen(struct told_wire *wire)
{
	return say(wire, &(struct told_frame){.kind = TOLD_PAIR_LISTEN});
}

enum told_status told_wire_send(struct told_wire *wire, uint64_t session, uint64_t token, struct told_bytes envelope,
				struct told_bytes body)
{
	if (envelope.len > TOLD_ENVELOPE_MAX_BYTES || body.len > TOLD_FRAME_MAX_BYTES)
		return TOLD_E_LIMIT;
	if (told_frame_queued(wire->pipe) > TOLD_PAIR_BULK_BYTES)
		return TOLD_E_BUSY;
	return told_frame_put(
		wire->pipe,
		&(struct told_frame){
			.kind = TOLD_PAIR_SEND, .handle = session, .number = token, .first = envelope, .second = body});
}

enum told_status told_wire_allow(struct told_wire *wire, const uint8_t key[TOLD_KEY_BYTES], struct told_bytes party)
{
	const struct told_key_row *row = told_keys_by_key(&wire->keys, key);
	if (row != NULL)
		return told_bytes_equal(told_bytes(row->party, row->party_len), party) ? TOLD_OK : TOLD_E_EXISTS;
	if (party.len == 0 || party.len > TOLD_NAME_MAX_BYTES)
		return TOLD_E_MALFORMED;
	uint64_t admission = wire->admissions + 1;
	enum told_status status = told_keys_add(&wire->keys, key, admission, party);
	if (status != TOLD_OK)
		return status;
	wire->admissions = admission;
	status = say(wire, &(struct told_frame){.kind = TOLD_PAIR_ALLOW,
						.number = admission,
						.first = told_bytes(key, TOLD_KEY_BYTES)});
	if (status != TOLD_OK)
		told_keys_remove(&wire->keys, admission);
	return status;
}

enum told_status told_wire_deny(struct told_wire *wire, const uint8_t key[TOLD_KEY_BYTES])
{
	const struct told_key_row *row = told_keys_by_key(&wire->keys, key);
	if (row == NULL)
		return TOLD_E_NOT_FOUND;
	uint64_t admission = row->admission;
	told_keys_remove(&wire->keys, admission); /* from here on nothing of it is given out, whatever the front does */
	return say(wire, &(struct told_frame){.kind = TOLD_PAIR_DENY, .number = admission});
}

static struct told_bytes party_of(const struct told_wire *wire, uint64_t admission)
{
	const struct told_key_row *row = told_keys_by_admission(&wire->keys, admission);
	return row != NULL ? told_bytes(row->party, row->party_len) : told_bytes(NULL, 0);
}

static enum told_status status_in(const struct told_frame *frame)
{
	return frame->number < TOLD_STATUS_COUNT ? (enum told_status)frame->number : TOLD_E_INTERNAL;
}

static enum told_status read_ready(const struct told_wire *wire, const struct told_frame *frame,
				   struct told_wire_message *out)
{
	(void)wire;
	out->envelope = frame->first;
	return TOLD_OK;
}

static enum told_status read_status(const struct told_wire *wire, const struct told_frame *frame,
				    struct told_wire_message *out)
{
	(void)wire;
	out->status = status_in(frame);
	return TOLD_OK;
}

static enum told_status read_message(const struct told_wire *wire, const struct told_frame *frame,
				     struct told_wire_message *out)
{
	out->session = frame->handle;
	out->party = party_of(wire, frame->number);
	out->envelope = frame->first;
	out->body = frame->second;
	if (out->party.len == 0)
		return TOLD_E_BUSY; /* it was denied while this lay in the pair: as if it had never come */
	if (frame->first.len > TOLD_ENVELOPE_MAX_BYTES || frame->second.len > TOLD_BODY_MAX_BYTES)
		return TOLD_E_LIMIT;
	return TOLD_OK;
}

static enum told_status read_gone(const struct told_wire *wire, const struct told_frame *frame,
				  struct told_wire_message *out)
{
	out->session = frame->handle;
	out->party = party_of(wire, frame->number);
	return TOLD_OK;
}

static enum told_status read_unsent(const struct told_wire *wire, const struct told_frame *frame,
				    struct told_wire_message *out)
{
	(void)wire;
	out->session = frame->handle;
	out->token = frame->number;
	return TOLD_OK;
}

static enum told_status read_dropped(const struct told_wire *wire, const struct told_frame *frame,
				     struct told_wire_message *out)
{
	if (frame->first.len != 1 || frame->first.data[0] == 0 || frame->first.data[0] >= TOLD_WIRE_REASON_COUNT)
		return TOLD_E_MALFORMED;
	out->party = party_of(wire, frame->handle);
	out->reason = (enum told_wire_reason)frame->first.data[0];
	out->count = frame->number;
	return TOLD_OK;
}

typedef enum told_status reader(const struct told_wire *, const struct told_frame *, struct told_wire_message *);

static reader *const readers[] = {
	[TOLD_WIRE_READY] = read_ready,   [TOLD_WIRE_FAILED] = read_status, [TOLD_WIRE_MESSAGE] = read_message,
	[TOLD_WIRE_GONE] = read_gone,     [TOLD_WIRE_UNSENT] = read_unsent, [TOLD_WIRE_DROPPED] = read_dropped,
	[TOLD_WIRE_HEALTH] = read_status,
};

enum told_status told_wire_next(struct told_wire *wire, struct told_wire_message *out)
{
	struct told_frame frame;
	for (;;) {
		enum told_status status = told_frame_next(wire->pipe, &frame);
		if (status != TOLD_OK)
			return status;
		if (frame.kind >= sizeof readers / sizeof readers[0] || readers[frame.kind] == NULL)
			return TOLD_E_MALFORMED;
		*out = (struct told_wire_message){.kind = (enum told_wire_kind)frame.kind};
		status = readers[frame.kind](wire, &frame, out);
		if (status != TOLD_E_BUSY)
			return status;
	}
}

/* Reads on while the front ends, so that it is never stuck in what it still had to say. */
static void drain(struct told_wire *wire)
{
	struct told_clock clock = told_clock_system();
	int64_t end_ms = told_clock_now(&clock).boot_ms + CLOSE_MAX_MS;
	struct told_frame frame;
	for (;;) {
		enum told_status status = told_frame_next(wire->pipe, &frame);
		int64_t left_ms = end_ms - told_clock_now(&clock).boot_ms;
		if ((status != TOLD_OK && status != TOLD_E_BUSY) || left_ms <= 0)
			return;
		if (status == TOLD_OK)
			continue;
		if (told_wire_flush(wire) != TOLD_OK ||
		    told_poll_one(wire->fd, told_wire_events(wire), left_ms) != TOLD_OK)
			return;
	}
}

enum told_status told_wire_close(struct told_wire *wire)
{
	if (wire == NULL)
		return TOLD_OK;
	if (say(wire, &(struct told_frame){.kind = TOLD_PAIR_STOP}) == TOLD_OK)
		drain(wire);
	shutdown(wire->fd, SHUT_RDWR);
	enum told_status status = told_wire_front_end(wire->front, CLOSE_MAX_MS);
	free_wire(wire);
	return status;
}
