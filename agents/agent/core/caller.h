/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks the agent for something, and what they get: every call has both. */
#ifndef TOLD_AGENT_CORE_CALLER_H
#define TOLD_AGENT_CORE_CALLER_H

#include "told/envelope.h"
#include "told/vocabulary.h"

#include <jansson.h>

struct told_agent;

/* ---- who asks ---- */

#define TOLD_CALLER_TEAMS_MAX 16u
struct told_caller {
	char number[TOLD_NAME_MAX_BYTES + 1]; /* staff number */
	uint32_t roles;
	char teams[TOLD_CALLER_TEAMS_MAX][TOLD_NAME_MAX_BYTES + 1];
	size_t team_count;
};
/* The live worker of a token (64 hexadecimal digits). TOLD_E_NOT_ALLOWED: none, suspended, left, not yet or no longer.
 */
TOLD_MUST_USE enum told_status told_agent_caller(struct told_agent *agent, struct told_bytes token,
						 struct told_caller *out);

/* From here on the agent sees what this worker may see, in every call, list and count; NULL: as itself. Whoever carries
 * a worker's call sets it before and takes it back after. A failure: show nothing. */
TOLD_MUST_USE enum told_status told_agent_as(struct told_agent *agent, const struct told_caller *caller);

/* ---- what they get ---- */

/* The answer to a call. Zero-initialise; told_reply_free frees it. */
struct told_reply {
	json_t *json;                  /* after TOLD_OK; with ticket what is known at once */
	struct told_buf why;           /* after a failure: what happened, why, what to do; for people */
	bool waits;                    /* more follows: ask told_agent_outcome until it is final or the deadline */
	uint8_t ticket[TOLD_ID_BYTES]; /* of what was queued */
};
#define TOLD_REPLY ((struct told_reply){.why = TOLD_BUF(TOLD_TEXT_MAX_BYTES)})
void told_reply_free(struct told_reply *reply);

/* How it stands with what was queued under a ticket: the same JSON as the call's, filled in. *final: nothing more comes
 * (of an ask: its sections have come; at the caller's deadline the JSON as it stands is the answer). TOLD_E_NOT_FOUND.
 */
TOLD_MUST_USE enum told_status told_agent_outcome(struct told_agent *agent, const uint8_t ticket[TOLD_ID_BYTES],
						  struct told_reply *reply, bool *final);

#endif
