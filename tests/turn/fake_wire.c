/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for broker/wire/wire.c: the same functions over two arrays. */
#include "turn/fake_wire.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

void fake_push(struct told_wire *wire, struct told_wire_message message)
{
	assert_true(wire->tail < FAKE_QUEUE_MAX);
	wire->queue[wire->tail++] = message;
}

void fake_forget(struct told_wire *wire)
{
	for (size_t i = 0; i < wire->sent_count; i++) {
		free((void *)(uintptr_t)wire->sent[i].envelope.data);
		free((void *)(uintptr_t)wire->sent[i].body.data);
	}
	wire->sent_count = 0;
}

enum told_status told_wire_next(struct told_wire *wire, struct told_wire_message *out)
{
	if (wire->head == wire->tail) {
		wire->head = wire->tail = 0;
		return TOLD_E_BUSY;
	}
	*out = wire->queue[wire->head++];
	return TOLD_OK;
}

static struct told_bytes copy(struct told_bytes bytes)
{
	uint8_t *data = malloc(bytes.len + 1);
	assert_non_null(data);
	memcpy(data, bytes.data, bytes.len);
	return told_bytes(data, bytes.len);
}

enum told_status told_wire_send(struct told_wire *wire, uint64_t session, uint64_t token, struct told_bytes envelope,
				struct told_bytes body)
{
	if (envelope.len > TOLD_ENVELOPE_MAX_BYTES || body.len > TOLD_FRAME_MAX_BYTES)
		return TOLD_E_LIMIT;
	if (wire->full)
		return TOLD_E_BUSY;
	assert_true(wire->sent_count < FAKE_QUEUE_MAX);
	wire->sent[wire->sent_count++] = (struct fake_sent){session, token, copy(envelope), copy(body)};
	return TOLD_OK;
}

enum told_status told_wire_flush(struct told_wire *wire)
{
	(void)wire;
	return TOLD_OK;
}

enum told_status told_wire_allow(struct told_wire *wire, const uint8_t key[TOLD_KEY_BYTES], struct told_bytes party)
{
	(void)key, (void)party;
	wire->allowed++;
	return TOLD_OK;
}

enum told_status told_wire_deny(struct told_wire *wire, const uint8_t key[TOLD_KEY_BYTES])
{
	(void)key;
	wire->denied++;
	return TOLD_OK;
}

enum told_status told_wire_listen(struct told_wire *wire)
{
	wire->listening = true;
	return TOLD_OK;
}

int told_wire_fd(const struct told_wire *wire)
{
	(void)wire;
	return -1;
}

short told_wire_events(const struct told_wire *wire)
{
	(void)wire;
	return POLLIN;
}
