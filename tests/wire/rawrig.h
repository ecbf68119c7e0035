/* SPDX-License-Identifier: Apache-2.0 */
/* The hand-written client in a rig. */
#ifndef TOLD_TEST_WIRE_RAWRIG_H
#define TOLD_TEST_WIRE_RAWRIG_H

#include "wire/raw.h"
#include "wire/rig.h"

/* A raw client with the key of a party; allowed when party is given. */
static inline void raw_start(struct rig *rig, struct raw *raw, const char *party)
{
	*raw = (struct raw){.fd = -1};
	memcpy(raw->server_key, rig->server_key, 32);
	assert_int_equal(told_curve_keypair(raw->public_key, raw->secret_key), TOLD_OK);
	if (party != NULL)
		assert_int_equal(told_wire_allow(rig->wire, raw->public_key, told_text(party)), TOLD_OK);
	raw_open(raw, rig->endpoint);
}

static inline bool raw_join(struct raw *raw, const char *name, const void *value, size_t len)
{
	uint8_t metadata[400];
	size_t at = raw_property(metadata, "Socket-Type", "DEALER", 6);
	if (name != NULL)
		at += raw_property(metadata + at, name, value, len);
	return raw_handshake(raw, metadata, at);
}

/* The same for a client that was just allowed: the front may not have heard of it yet, so it tries again, as agents do.
 */
static inline bool raw_admitted(struct rig *rig, struct raw *raw, const char *name, const void *value, size_t len)
{
	int64_t deadline_ms = rig_now_ms() + RIG_DEADLINE_MS;
	while (!raw_join(raw, name, value, len)) {
		close(raw->fd);
		if (rig_now_ms() >= deadline_ms || told_wire_flush(rig->wire) != TOLD_OK)
			return false;
		raw_open(raw, rig->endpoint);
	}
	return true;
}

static inline bool raw_tell(struct raw *raw, const char *body)
{
	return raw_send(raw, RAW_MORE, "envelope") && raw_send(raw, 0, body);
}

#endif
