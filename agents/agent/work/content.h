/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that carry sections: what they rest on, our own ruling of them, their sealing. Room-internal. */
#ifndef TOLD_AGENT_WORK_CONTENT_H
#define TOLD_AGENT_WORK_CONTENT_H

#include "agents/agent/core/state.h"

/* ---- choose.c: the agreement, flow and legal bases of a message ---- */

#define TOLD_CHOSEN_FLOWS_MAX 16u
struct told_choice {
	const struct told_agreement *agreement;
	const struct told_flow *flows[TOLD_CHOSEN_FLOWS_MAX]; /* one legal basis each */
	size_t flow_count;
	struct told_agreement_ref ref;
	struct told_basis_part bases[TOLD_CHOSEN_FLOWS_MAX];
	const struct told_profile *profile; /* of an override: its grounds are bases[0], and there are no flows */
};
/* from gives, to takes: of an ask the holder gives. TOLD_E_REFUSED: no agreement governs between the two. When one
 * does, but has no such flow, it is chosen without bases, so that the refusal names its clause. */
enum told_status told_choose(const struct told_agent *agent, struct told_bytes from, struct told_bytes to,
			     uint32_t type, uint32_t purpose, const uint32_t *categories, size_t count,
			     struct told_choice *out);
/* The same for an override: the profile of its kind that reaches the recipient. Where none does, the agreement is
 * chosen without one, so that the refusal names its code. TOLD_E_REFUSED: we signed no agreement. */
enum told_status told_choose_override(const struct told_agent *agent, struct told_bytes from, struct told_bytes to,
				      uint32_t type, uint32_t purpose, const struct told_override_part *block,
				      struct told_choice *out);
/* The number of the basis for a category, from 1; 0 when no chosen flow carries it. */
uint32_t told_choice_basis(const struct told_choice *choice, unsigned category);

/* ---- preview.c ---- */

/* Our own ruling of a message before it goes. about: of a correction, else NULL. withhold gets a bit for each section
 * that may not have a wrap. The JSON is the caller's. */
enum told_status told_preview(struct told_agent *agent, const struct told_header *header,
			      struct told_section_header *const *sections, size_t count, struct told_bytes recipient,
			      const struct told_person *person, const struct told_about *about, json_t **json,
			      uint64_t *withhold, bool *nothing);
/* ---- content.c: messages that carry sections ---- */

/* A section to send: what its header says, and its plaintext. */
struct told_to_send {
	struct told_section_header header;
	struct told_bytes content;
};
/* ---- gather.c: what goes into a message ---- */

struct told_gathered {
	struct told_to_send sections[TOLD_SECTIONS_MAX];
	size_t count;
};
/* Our newest sections of a person, of these categories (none: all), access needs first. TOLD_E_LIMIT: too many. */
enum told_status told_gather_story(struct told_agent *agent, struct told_bytes client, struct told_u32_list categories,
				   struct told_gathered *out);
/* The worker's own words as a section of the category that says what they are about; nothing for none. */
enum told_status told_gather_words(struct told_agent *agent, const struct told_caller *caller, struct told_bytes words,
				   uint32_t category, struct told_gathered *out);

/* ---- content.c again ---- */

/* One message with sections to one recipient: chooses, rules, seals, takes back the wraps that the ruling withholds,
 * queues. draft is begun, with its override block if it has one; purpose is set here. dry: nothing is queued. */
enum told_status told_send_content(struct told_agent *agent, struct told_draft *draft, struct told_bytes recipient,
				   uint32_t purpose, const struct told_to_send *sections, size_t count, bool dry,
				   json_t **preview, struct told_buf *why);
/* Whether a section can be wrapped to a party at all: its sealing key is here, and its chain believed. */
bool told_can_seal_to(struct told_agent *agent, struct told_bytes recipient);
/* {"items": [], "text"} around a worker's words. */
enum told_status told_note_content(struct told_agent *agent, struct told_bytes words, struct told_bytes *out);

#endif
