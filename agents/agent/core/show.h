/* SPDX-License-Identifier: Apache-2.0 */
/* What is there, as JSON for people and programs. Room-internal. */
#ifndef TOLD_AGENT_CORE_SHOW_H
#define TOLD_AGENT_CORE_SHOW_H

#include "agents/agent/core/state.h"

/* Starts a reply that waits: base is taken over. */
enum told_status told_agent_wait_for(struct told_agent *agent, const uint8_t ticket[TOLD_ID_BYTES], json_t *base,
				     struct told_reply *reply);
/* Heads what is shown with "not_checked_since_ms" while withdrawals, corrections and suspensions may have been missed
 * (practice.md section 8); 0 for never. */
void told_agent_head(const struct told_agent *agent, json_t *shown);
json_t *told_message_json(struct told_agent *agent, const struct told_outbox_row *row);
json_t *told_section_json(const struct told_section_row *row, const char *from);
json_t *told_story_json(struct told_agent *agent, const struct told_story_row *row);
json_t *told_text_json(struct told_bytes text);
json_t *told_id_json(struct told_bytes id);
json_t *told_client_json(struct told_bytes client);
json_t *told_categories_json(const struct told_catset *set);
/* Appends item to the array; false and nothing leaked without memory. */
bool told_json_add(json_t *array, json_t *item);

/* {"code", "words", "fix", "who"} of a reason code. */
json_t *told_code_json(unsigned code);
json_t *told_status_json(unsigned status);
/* Something is to be mended: what merely says why it passed is not for a worker's eyes. */
bool told_code_matters(unsigned code);

/* What a worker calls a state of the outbox. */
#define TOLD_OUTBOX_STATES (TOLD_OUTBOX_EXPIRED + 1)
extern const char *const told_outbox_words[TOLD_OUTBOX_STATES];

#endif
