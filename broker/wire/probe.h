/* SPDX-License-Identifier: Apache-2.0 */
/* Trying our own lock: a throw-away key knocks on an ephemeral loopback port of the same ROUTER and must be told 400.
 * Before the public port opens, and again every while (rules 10, A1). */
#ifndef TOLD_WIRE_PROBE_H
#define TOLD_WIRE_PROBE_H

#include "broker/wire/gate.h"
#include "broker/wire/router.h"

struct told_probe;

/* Starts one; the monitor is what to wait on for POLLIN. server_key is the ROUTER's public key. */
TOLD_MUST_USE enum told_status told_probe_start(void *context, void *router, const uint8_t server_key[TOLD_KEY_BYTES],
						struct told_gate *gate, int64_t end_boot_ms, struct told_probe **out);
void *told_probe_monitor(const struct told_probe *probe);
int64_t told_probe_end_ms(const struct told_probe *probe);

/* TOLD_OK: refused with 400, as it must be. TOLD_E_BUSY: no outcome yet. TOLD_E_CONFIG: it got in, or was turned away
 * for another reason; TOLD_E_TIMEOUT: no answer, which is no refusal. */
TOLD_MUST_USE enum told_status told_probe_look(struct told_probe *probe, int64_t boot_ms);

/* Closes its port and sockets. Accepts NULL. */
void told_probe_free(struct told_probe *probe);

#endif
