/* SPDX-License-Identifier: Apache-2.0 */
/* A referral as the agency sees it: what the log says of it, and what we wrote down ourselves. Room-internal. */
#ifndef TOLD_AGENT_WORK_REFERRAL_H
#define TOLD_AGENT_WORK_REFERRAL_H

#include "agents/agent/core/request.h"
#include "agents/agent/work/content.h"
#include "agents/referral/tries.h"

/* ---- referral.c: finding one, and what is known of it ---- */

struct told_found_referral {
	struct told_bytes client; /* of the person whose referral it is; in the agent's arena */
	struct told_person *person;
	const struct told_referral_facts *facts; /* of person */
};
/* TOLD_E_NOT_FOUND: neither our inbox nor our outbox has it, or the log never accepted it. */
enum told_status told_referral_find(struct told_agent *agent, struct told_bytes id, struct told_found_referral *out);
/* The one that a request names: by its number, or by the card of somebody with one open referral to us. What is wrong
 * is said. The caller may see the person. */
enum told_status told_referral_named(struct told_request *request, const struct told_caller *caller,
				     struct told_found_referral *out);
/* A referral of ours that is held: who it would go to; in the agent's arena. TOLD_E_NOT_FOUND. */
enum told_status told_referral_held(struct told_agent *agent, struct told_bytes id, struct told_held_referral *out);
void told_referral_drop(struct told_found_referral *found);
static inline struct told_bytes told_referral_id(const struct told_found_referral *found)
{
	return told_bytes(found->facts->id, TOLD_ID_BYTES);
}
/* By when who was asked must have said something. */
int64_t told_referral_due(struct told_agent *agent, const struct told_referral_facts *facts);
/* For people: state, word, flags, days. */
json_t *told_referral_json(struct told_agent *agent, struct told_bytes client, const struct told_person *person,
			   const struct told_referral_facts *facts);
/* An open referral of this person from anybody to that party; NULL. A second one is held (WFL-01). */
const struct told_referral_facts *told_referral_open(const struct told_agent *agent, const struct told_person *person,
						     struct told_bytes to, struct told_bytes except);
/* {"referral", "state", "word", "sent_ms", "do"}: the one that is open, and what to do. */
json_t *told_referral_link_json(const struct told_agent *agent, const struct told_referral_facts *open);

/* ---- referral_book.c: what we wrote down: tries, who works with the person, who was told that it is overdue ---- */

/* {"tries": [{"way", "result", "through"?, "their_way", "their_place", "at_ms", "by", "note"?}], "worker"?,
 * "informed_ms"?, "overdue_ms"?, "hard"?, "left"?, "reviewer"?}. An empty one where nothing was written. The caller's.
 */
enum told_status told_book_load(struct told_agent *agent, struct told_bytes referral, json_t **book);
enum told_status told_book_save(struct told_agent *agent, const struct told_found_referral *found, const json_t *book);
#define TOLD_TRIES_MAX 256u
/* The tries, in the order of their times; TOLD_E_LIMIT: more than may be. */
enum told_status told_book_tries(const json_t *book, struct told_try out[TOLD_TRIES_MAX], size_t *count);
/* What the tries amount to, in the order of their times. */
enum told_status told_book_search(const json_t *book, struct told_search *out);
/* {"we_met", "we_did_not_meet", "we_cancelled"} */
json_t *told_book_attendance(const struct told_search *search);

/* ---- overdue.c: escalation, once ---- */

/* Looks through some persons: what is overdue is noted and logged once. Part of every turn. */
enum told_status told_overdue_sweep(struct told_agent *agent);
/* [{"referral", "client", "code", "since_ms", "contacts": [{"party", "name", "telephone"}]}] of whom the caller may
 * see. */
enum told_status told_overdue_notices(struct told_agent *agent, const struct told_caller *caller, json_t *list);

/* ---- here.c: what could be done here, before anybody is sent elsewhere ---- */

/* [{"need", "words", "modality", "supervised", "not_suitable_when", "trained": [number], "you"}]; need empty: all. */
enum told_status told_here_json(struct told_agent *agent, const struct told_caller *caller, struct told_bytes need,
				json_t **out);

#endif
