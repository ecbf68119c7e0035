/* SPDX-License-Identifier: Apache-2.0 */
/* What was said and promised about a person's statement and story, as documents of the vault. Room-internal. */
#ifndef TOLD_AGENT_WORK_DOCKET_H
#define TOLD_AGENT_WORK_DOCKET_H

#include "agents/agent/core/state.h"

/* Kinds of documents that are kept (agents/vault/vault.h). */
#define TOLD_DOCKET_STATEMENT    "statement"    /* that one was given; id: its own */
#define TOLD_DOCKET_SAFE         "safe"         /* a flow marked safe to tell; see told_docket_safe_id */
#define TOLD_DOCKET_DISAGREEMENT "disagreement" /* what a person says is wrong */
#define TOLD_DOCKET_COMPLAINT    "complaint"

#define TOLD_COMPLAINT_MS        (30 * TOLD_MS_DAY) /* acknowledged within 30 days (practice.md section 4) */

/* ---- docket.c: the documents ---- */

/* doc is taken, also on failure. */
enum told_status told_docket_keep(struct told_agent *agent, const char *kind, struct told_bytes id,
				  struct told_bytes client, json_t *doc);
/* The document, the caller's, and whose it is. TOLD_E_NOT_FOUND. */
enum told_status told_docket_load(struct told_agent *agent, const char *kind, struct told_bytes id,
				  struct told_bytes *client, json_t **doc);
/* The next document of a kind, of one person, or of everybody where client is empty. */
enum told_status told_docket_next(struct told_agent *agent, struct told_arena *arena, const char *kind,
				  struct told_bytes client, uint64_t after, struct told_kept_row *out);
/* The number of a flow's mark: its message's with every bit turned, for other documents may have the message's own. */
struct told_bytes told_docket_safe_id(struct told_bytes message, uint8_t out[TOLD_ID_BYTES]);
/* What the person said of it, for their statement: disagreements and complaints, oldest first. Nothing of what is off a
 * statement is named. NULL: no memory. */
json_t *told_docket_matters(struct told_agent *agent, struct told_bytes client);
/* Complaints that nobody acknowledged in their 30 days, and disagreements that nobody decided in theirs. */
enum told_status told_docket_overdue(struct told_agent *agent, size_t *complaints, size_t *disagreements);

/* ---- beside.c: the person's own view beside ours ---- */

/* Adds to each section's JSON "disagreed": [{"words", "time_ms", "outcome"?}] and "disputed": true where they belong.
 */
enum told_status told_beside_sections(struct told_agent *agent, struct told_bytes client, json_t *sections);

#endif
