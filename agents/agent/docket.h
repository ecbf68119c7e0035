/* SPDX-License-Identifier: Apache-2.0 */
/* What was said and promised about a person's statement and story, as documents of the vault. Room-internal. */
#ifndef TOLD_AGENT_DOCKET_H
#define TOLD_AGENT_DOCKET_H

#include "agents/agent/state.h"

#define TOLD_COMPLAINT_MS (30 * TOLD_MS_DAY) /* acknowledged within 30 days (practice.md section 4) */

/* ---- docket.c: the documents ---- */

/* doc is taken, also on failure. */
enum told_status told_docket_keep(struct told_agent *agent, uint32_t kind, struct told_bytes id,
				  struct told_bytes client, json_t *doc);
/* The document, the caller's, and whose it is. TOLD_E_NOT_FOUND. */
enum told_status told_docket_load(struct told_agent *agent, uint32_t kind, struct told_bytes id,
				  struct told_bytes *client, json_t **doc);
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
