/* SPDX-License-Identifier: Apache-2.0 */
/* The agency's local API: HTTP and JSON on a Unix socket, turned by the agent's one loop. It names the worker by token,
 * judges sizes and shapes, and hands the rest to the agent (agents/agent/call/CALLS.md). Errors are RFC 9457 problems.
 */
#ifndef TOLD_API_H
#define TOLD_API_H

#include "agents/agent/agent.h"
#include "agents/form/form.h"
#include "broker/base/clock.h"

#define TOLD_API_CONNECTIONS_MAX   256u                 /* workers of one agency at once, with scripts */
#define TOLD_API_IDLE_S            10u                  /* a client that says nothing for so long is gone */
#define TOLD_API_HEAD_MAX_BYTES    16384u               /* request line and header fields */
#define TOLD_API_REQUEST_MAX_BYTES (4u * 1024u * 1024u) /* a long story, or an agreement's file as JSON text */
#define TOLD_API_DEPTH_MAX         16u                  /* JSON: our deepest request nests eight deep */
#define TOLD_API_VALUES_MAX        200000u
#define TOLD_API_WAIT_MAX_S        120u /* Prefer: wait=N (RFC 7240); beyond it ask again */

/* Zero fields take the values above; socket and clock must be set. */
struct told_api_settings {
	const char *socket; /* its folder must exist; only the last part is bounded in length */
	unsigned connections_max, idle_s;
	struct told_clock clock;
};

struct told_api;

/* Binds the socket (0660) and listens. form: the agency's intake form, or NULL for none; it and the agent outlive the
 * API. why gets what is wrong and what to do. TOLD_E_IN_USE: somebody answers there already; TOLD_E_EXISTS: no socket
 * stands there, but something else; TOLD_E_NOT_FOUND, TOLD_E_PERMISSION, TOLD_E_CONFIG, TOLD_E_SYSTEM. */
TOLD_MUST_USE enum told_status told_api_open(struct told_agent *agent, const struct told_form *form,
					     const struct told_api_settings *settings, struct told_api **out,
					     struct told_buf *why);
/* Ends every connection and removes the socket. */
void told_api_close(struct told_api *api);

/* For the agent's loop; valid as long as the API. */
struct told_agent_watch told_api_watch(struct told_api *api);

#endif
