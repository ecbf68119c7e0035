/* SPDX-License-Identifier: Apache-2.0 */
/* One log after another: what the broker says of the next one, and what follows when the lead accepts it.
 * Room-internal.
 */
#ifndef TOLD_AGENT_CORE_LOG_H
#define TOLD_AGENT_CORE_LOG_H

#include "agents/agent/core/state.h"

/* The logs that ended, for the client; and the verifier key of the newest that we accepted. *logs lives in the arena.
 */
enum told_status told_log_chain(struct told_agent *agent, struct told_arena *arena, const struct told_client_log **logs,
				size_t *count, uint64_t *base, struct told_buf *vkey);
/* A TOLD_CLIENT_NEW_LOG: remembered until somebody accepts it, or kept at once where we knew nothing. */
enum told_status told_log_offered(struct told_agent *agent, const struct told_new_log_event *event);
/* Accepts what was offered, in the caller's transaction: the log's end and its successor are kept, and what it lost is
 * to be sent again. *again: how many; the session must then begin anew. */
enum told_status told_log_accept(struct told_agent *agent, struct told_bytes author, uint64_t *again);
void told_log_offer_free(struct told_log_offer *offer);

#endif
