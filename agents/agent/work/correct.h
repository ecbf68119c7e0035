/* SPDX-License-Identifier: Apache-2.0 */
/* Corrections: the right words to everyone who was given the wrong ones, the old words kept beside them, and who has
 * put it right. Room-internal. */
#ifndef TOLD_AGENT_WORK_CORRECT_H
#define TOLD_AGENT_WORK_CORRECT_H

#include "agents/agent/core/request.h"
#include "agents/agent/core/state.h"

#define TOLD_KEPT_APPLIED "applied" /* what a recipient answered; id: of the CORRECTION */

/* ---- correct.c: sending ---- */

/* Our newest words of these categories, one CORRECTION for each message that gave older ones to somebody. Each has a
 * ticket of its own: that somebody never asked is no failure of the call. Adds to holders {"party", "messages": [id],
 * "corrections": [id]}. */
enum told_status told_correct(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
			      struct told_u32_list categories, json_t *holders);
/* What one party was given, for our own ruling of a correction; in the agent's arena. NULL: no memory. */
const struct told_about *told_about_one(struct told_agent *agent, struct told_bytes party,
					struct told_u32_list released);

/* ---- correct_take.c: receiving ---- */

/* A CORRECTION came and is stored: whoever sent it hears whether we hold what it corrects. Of what is hidden here the
 * right words are hidden too. */
enum told_status told_correction_take(struct told_agent *agent, const struct told_header *header);
/* What a recipient says of a CORRECTION of ours; anything else is ignored. */
enum told_status told_correction_heard(struct told_agent *agent, const struct told_header *header, uint64_t at_ms);
/* The newest correction of a section that came, and, of a correction, the newest later one of the same words.
 * TOLD_E_NOT_FOUND: it stands as it is. */
enum told_status told_correction_of(struct told_agent *agent, const struct told_section_row *row,
				    struct told_inbox_row *out);
/* The section as it is shown: with "corrected": {"message", "at_ms"} or "corrects": id where that is so. */
enum told_status told_section_shown(struct told_agent *agent, const struct told_section_row *row, json_t **out);

#endif
