/* SPDX-License-Identifier: Apache-2.0 */
/* The gate: the one table that the ZAP thread asks and the front thread changes. */
#ifndef TOLD_WIRE_GATE_H
#define TOLD_WIRE_GATE_H

#include "broker/wire/keys.h"

struct told_gate;

TOLD_MUST_USE enum told_status told_gate_new(struct told_gate **out);
void told_gate_free(struct told_gate *gate);

/* For the front thread. */
TOLD_MUST_USE enum told_status told_gate_allow(struct told_gate *gate, const uint8_t key[TOLD_KEY_BYTES],
					       uint64_t admission);
bool told_gate_deny(struct told_gate *gate, uint64_t admission);
bool told_gate_admits(const struct told_gate *gate, uint64_t admission);
/* The throw-away key of our own probe: refused like any other, but not counted. */
void told_gate_expect(struct told_gate *gate, const uint8_t key[TOLD_KEY_BYTES]);
/* How many keys were refused since the last call. */
uint64_t told_gate_refused(struct told_gate *gate);

/* For the ZAP thread: the admission of a key; 0 refuses it. */
uint64_t told_gate_judge(struct told_gate *gate, const uint8_t key[TOLD_KEY_BYTES]);

#endif
