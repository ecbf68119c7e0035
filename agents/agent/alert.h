/* SPDX-License-Identifier: Apache-2.0 */
/* An alert, or a sharing without permission, as the agency keeps it: one document in the vault that says what went,
 * what waits for whom, who opened it, who telephoned, what the review found. Room-internal. */
#ifndef TOLD_AGENT_ALERT_H
#define TOLD_AGENT_ALERT_H

#include "agents/agent/content.h"
#include "agents/agent/state.h"

/* Every screen that sends or shows one begins so (practice.md section 1). */
#define TOLD_ALERT_DANGER "In danger now? Ring 999. This does not replace a call."

/* ---- alert.c: the document ---- */

/* Members: client, to, type, kind, clause, purpose, author, role, at_risk, raised_ms, expires_ms?, review_ms?,
 * cure_ms?, telephone, rest [category], needs {second, reason, declarer, decision}?, authoriser?,
 * declared_by?, call_ms?, opened? {worker, time_ms}, calls [{by, time_ms, answer}], reviews [{by, time_ms, outcome,
 * note?}], ended_ms?. */
struct told_alert {
	uint8_t id[TOLD_ID_BYTES], client[TOLD_ID_BYTES];
	json_t *doc; /* owned */
};
/* TOLD_E_NOT_FOUND. told_alert_free frees doc. */
enum told_status told_alert_load(struct told_agent *agent, struct told_bytes id, struct told_alert *out);
enum told_status told_alert_save(struct told_agent *agent, const struct told_alert *alert);
void told_alert_free(struct told_alert *alert);

int64_t told_alert_ms(const struct told_alert *alert, const char *member);
const char *told_alert_text(const struct told_alert *alert, const char *member);
bool told_alert_needs(const struct told_alert *alert, const char *what);
/* A need was met. */
void told_alert_met(struct told_alert *alert, const char *what);
bool told_alert_needs_any(const struct told_alert *alert);
/* Its time is over, or somebody ended it. */
bool told_alert_over(const struct told_alert *alert, int64_t now_ms);
/* Adds {"by", "time_ms"} and what extra holds (taken; may be NULL) to a list of the document. */
void told_alert_append(struct told_alert *alert, const char *list, const char *by, int64_t now_ms, json_t *extra);
/* For people: how it stands now, who must act by when, what is due, whom to telephone. */
json_t *told_alert_view(const struct told_alert *alert, int64_t now_ms);

/* ---- override.c: what is sent without permission ---- */

/* What a worker raises, and what is sent later under it. Borrowed; lives in the agent's arena. */
struct told_raise {
	struct told_bytes client, to;
	uint32_t type, kind, purpose, role;
	struct told_override_part block;
	struct told_workflow_part workflow;
	struct told_choice choice;
	struct told_gathered gathered;
	struct told_draft draft;
	struct told_bytes concern; /* the worker's own words */
	uint64_t call_after_min;   /* 0: as the ruling says */
};
/* The recipient's line in a paper that we signed; NULL. It says whom to telephone, and whether it has an agent. */
const struct told_party *told_alert_line(const struct told_agent *agent, struct told_bytes to);
/* The number to ring of such a line (NULL: none): who is on call, else the single point of contact. */
struct told_bytes told_alert_number(const struct told_party *line);
bool told_alert_by_hand(const struct told_party *line);
/* A role of these (bits) that may declare, else the first there is. */
uint32_t told_alert_role(uint32_t roles, const struct told_profile *profile);
/* Words that nobody classified, in the first set of every alert: the concern, the reason. */
enum told_status told_alert_words(struct told_agent *agent, const struct told_caller *caller, const char *heading,
				  struct told_bytes words, struct told_u32_list classified, struct told_raise *raise);
/* Our own ruling, then the message, unless dry. raise->draft is begun. preview is the caller's. */
enum told_status told_alert_dispatch(struct told_agent *agent, struct told_raise *raise, bool dry, json_t **preview,
				     struct told_buf *why);
/* Nothing is sent after all: the number that the draft took goes back, so that the log shows no gap. What the call
 * wrote so far is not kept; its transaction begins anew. */
enum told_status told_alert_unsent(struct told_agent *agent);
/* Of a preview: the effect, whether it reports this code, the categories held. */
bool told_preview_is(const json_t *preview, const char *effect);
bool told_preview_has(const json_t *preview, const char *code);
json_t *told_preview_held(const json_t *preview);
int64_t told_preview_due(const json_t *preview, const char *what);
/* What of a profile's formalities a ruling reports missing, as members of needs. */
void told_override_needs(const json_t *preview, const struct told_profile *profile, json_t *needs);
/* Sends what waited once nothing is needed any more. *sent: it went; *sheet (the caller's): it is to be said on the
 * telephone. TOLD_E_REFUSED with why: not even now. */
enum told_status told_override_rest(struct told_agent *agent, const struct told_caller *caller,
				    struct told_alert *alert, struct told_bytes words, struct told_draft *draft,
				    bool *sent, json_t **sheet, struct told_buf *why);

/* ---- alert_new.c: what is kept of one that is raised ---- */

/* raise->draft is what was queued, or would have been. view (may be NULL) gets how it stands; the caller's. */
enum told_status told_alert_keep(struct told_agent *agent, const struct told_caller *caller,
				 const struct told_raise *raise, const json_t *preview, json_t **view);
/* {"to", "name", "telephone", "say": [{"category", "story"}]}: what our own ruling releases, to be said. */
json_t *told_alert_sheet(const struct told_raise *raise, const json_t *preview, const struct told_party *line);

/* ---- call_override_ask.c ---- */

/* An ask under an override has come for us: what our own ruling releases goes, the rest waits for a second worker. */
enum told_status told_override_answer(struct told_agent *agent, const struct told_carried_message *message);

/* ---- opened.c ---- */

/* This worker saw what a parcel holds: kept, and told to its sender with the next turn. */
enum told_status told_opened_note(struct told_agent *agent, const struct told_caller *caller,
				  const struct told_inbox_row *row);
/* One OPENED for each sender whose parcels were opened since; part of every turn. */
enum told_status told_opened_tell(struct told_agent *agent);
/* Somebody opened what we sent: what waits for that no longer does. */
enum told_status told_opened_take(struct told_agent *agent, const struct told_carried_message *message);
/* The ruling of what we sent asks for a call if nobody opens it: from now on that is watched. */
enum told_status told_alert_watch(struct told_agent *agent, const struct told_outbox_row *row);

#endif
