/* SPDX-License-Identifier: Apache-2.0 */
/* The ROUTER socket: every option it must have, and the reading back of those without which CURVE lets anyone in. */
#ifndef TOLD_WIRE_ROUTER_H
#define TOLD_WIRE_ROUTER_H

#include "broker/wire/wire.h"

#define TOLD_ENDPOINT_MAX_BYTES 256u

/* Sets all options on a fresh ROUTER (rules section 6). TOLD_E_CONFIG when libzmq refuses one; TOLD_E_KEY when the
 * secret key is the one that is printed in zmq_curve(7). */
typedef enum told_status told_router_secure(void *router, const struct told_wire_config *config);
told_router_secure told_router_set_options;

/* Reads back what must be: server, mechanism, ZAP domain, option 93, mandatory, finite sizes. TOLD_E_CONFIG otherwise.
 */
TOLD_MUST_USE enum told_status told_router_check(void *router);

/* Binds and gives the endpoint as bound, NUL-terminated. TOLD_E_IN_USE, TOLD_E_CONFIG. */
TOLD_MUST_USE enum told_status told_router_bind(void *router, const char *endpoint,
						char bound[TOLD_ENDPOINT_MAX_BYTES]);

/* Seeds libzmq's rand(), from which it draws routing ids (rules M2, 14). TOLD_E_RANDOM. */
TOLD_MUST_USE enum told_status told_router_seed(void);

/* The public half of a raw CURVE secret key. */
TOLD_MUST_USE enum told_status told_router_public(const uint8_t secret_key[TOLD_KEY_BYTES],
						  uint8_t public_key[TOLD_KEY_BYTES]);

#endif
