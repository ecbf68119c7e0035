/* SPDX-License-Identifier: Apache-2.0 */
/* An alert, or a sharing without permission, as the agency keeps it: one document in the vault that says what went,
 * what waits for whom, who opened it, who telephoned, what the review found. Room-internal. */
#ifndef TOLD_AGENT_WORK_ALERT_H
#define TOLD_AGENT_WORK_ALERT_H

#include "agents/agent/core/request.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/content.h"
#include "agents/alert/review.h"
#include "agents/alert/state.h"

/* Every screen that sends or shows one begins so (practice.md section 1). */
#define TOLD_ALERT_DANGER "In danger now? Ring 999. This does not replace a call."

/* ---- alert.c: the document ---- */

/* Members: client, to, type, kind, clause, purpose, author, role, at_risk, raised_ms, expires_ms?, review_ms?,
 * cure_ms?, telephone, rest [category], needs {second, reason, declarer, decision}?, authoriser?,
 * declared_by?, call_ms?, opened? {worker, time_ms}, calls [{by, time_ms, at_ms, who_answered, note?}], reviews [{by,
 * time_ms, outcome, note?}], ended_ms?; arrived_ms?, overdue_ms?, answered_ms?, closed_ms?, paged [{by, time_ms,
 * whom}]; of one told by hand also say [category], words?, reason_words?, logged? (the message of the log that tells
 * it). */
struct told_alert {
	uint8_t id[TOLD_ID_BYTES], client[TOLD_ID_BYTES];
	enum told_alert_state state;
	json_t *doc; /* owned */
};
/* TOLD_E_NOT_FOUND. told_alert_free frees doc. */
enum told_status told_alert_load(struct told_agent *agent, struct told_bytes id, struct told_alert *out);
enum told_status told_alert_save(struct told_agent *agent, const struct told_alert *alert);
/* The next of all alerts after row->seq. told_alert_free frees doc. */
enum told_status told_alert_walk(struct told_agent *agent, struct told_kept_row *row, struct told_alert *out);
/* The next of those in a state that somebody may still have to look at: what is closed and reviewed costs nothing.
 * TOLD_ALERT_NONE: kept before its state was. */
enum told_status told_alert_walk_open(struct told_agent *agent, enum told_alert_state state, struct told_kept_row *row,
				      struct told_alert *out);
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
bool told_alert_review_due(const struct told_alert *alert, int64_t now_ms);
/* For people: how it stands now, who must act by when, what is due, whom to telephone. */
json_t *told_alert_view(const struct told_alert *alert, int64_t now_ms);

/* ---- alert_life.c: what becomes of it ---- */

/* The state that follows, and the member ("arrived_ms", ...) that says when. As told_alert_step. */
enum told_status told_alert_happen(struct told_alert *alert, enum told_alert_act act, enum told_alert_actor actor,
				   int64_t at_ms);
/* A call reached nobody: the number to ring is their other one from now on. wrong: and this one is never rung or paged
 * again about it; their contact is paged anew, by the other. */
void told_alert_try_another(struct told_agent *agent, struct told_alert *alert, bool wrong);
/* It was called back, where it was one that somebody was to be rung for. TOLD_OK also where the id is of none. */
enum told_status told_alert_recall(struct told_agent *agent, const struct told_caller *caller, struct told_bytes id);
/* What came was called back by its sender; and somebody here has answered that. */
enum told_status told_alert_came_wrong(struct told_agent *agent, struct told_bytes from, struct told_bytes message);
enum told_status told_alert_wrong_answered(struct told_agent *agent, struct told_bytes message);
/* What the log has: an ALERT_RECORD about it, to whom it went or to nobody. caller: NULL for the machine. */
struct told_alert_news {
	uint32_t event, outcome;
	int64_t at_ms;
	bool to_them;
};
enum told_status told_alert_say(struct told_agent *agent, const struct told_caller *caller,
				const struct told_alert *alert, const struct told_alert_news *news,
				const uint8_t ticket[TOLD_ID_BYTES]);
/* Nothing is said of a time after its own message. */
void told_alert_dated(const struct told_draft *draft, struct told_alert_record_part *part);
/* An ALERT_RECORD came: believed of an alert of ours, from the party that it went to. */
enum told_status told_alert_heard(struct told_agent *agent, const struct told_carried_message *message);
/* Something came from a party that we alerted; where it answers the alert, that is what became of it. */
enum told_status told_alert_answered(struct told_agent *agent, const struct told_carried_message *message);
/* Who raised it, a senior or a safeguarding lead. */
bool told_alert_lead(const struct told_alert *alert, const struct told_caller *caller);

/* Who somebody is to its review; whether they may do it. */
enum told_review_actor told_alert_reviewer(const struct told_alert *alert, const struct told_caller *caller);
bool told_alert_reviews(const struct told_alert *alert, const struct told_caller *caller);

/* ---- alert_come.c: what others alerted us of ---- */

/* An alert, or word of a risk to self, came: its sender hears that it is here, and it stays on screen until opened. */
enum told_status told_alert_arrived(struct told_agent *agent, const struct told_carried_message *message);
/* Somebody of us opened a message. */
enum told_status told_alert_seen(struct told_agent *agent, struct told_bytes message);

/* ---- alert_watch.c: time passes; part of every turn ---- */

enum told_status told_alert_sweep(struct told_agent *agent);
/* Something may be due sooner than was known when it looked last: it looks again with the next turn. */
void told_alert_look_soon(struct told_agent *agent);
/* Milliseconds until it has something to do. */
int64_t told_alert_due(const struct told_agent *agent, int64_t boot_ms);

/* ---- paging.c ---- */

/* Begins what of an overdue alert was not paged; what has ended is kept. */
void told_alert_page(struct told_agent *agent, const struct told_alert *alert, int64_t boot_ms);
enum told_status told_alert_paged(struct told_agent *agent, struct told_time now);
/* Their contact was paged by a number that is not theirs. */
void told_alert_not_paged(struct told_alert *alert);

/* ---- alert_sheet.c ---- */

/* What may be read out on the telephone now, by our own ruling of this moment; the caller's. */
enum told_status told_alert_sheet_now(struct told_agent *agent, const struct told_caller *caller,
				      const struct told_alert *alert, json_t **sheet, struct told_buf *why);

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
	bool call_now;             /* nobody waits for anybody to open it */
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
/* As it was raised: the same concern, start and end. raise->choice is chosen anew. */
enum told_status told_override_again(struct told_agent *agent, const struct told_alert *alert,
				     struct told_raise *raise);
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

/* ---- opened.c ---- */

/* This worker saw what a parcel holds: kept, and told to its sender with the next turn. */
enum told_status told_opened_note(struct told_agent *agent, const struct told_caller *caller,
				  const struct told_inbox_row *row);
/* What this worker opens now, of a parcel, its message and its sender: kept once, and its sender hears of it. */
enum told_status told_opened_now(struct told_agent *agent, const struct told_caller *caller,
				 struct told_opened_row opened);
/* One OPENED for each sender whose parcels were opened since; part of every turn. */
enum told_status told_opened_tell(struct told_agent *agent);
/* Somebody opened what we sent: what waits for that no longer does. */
enum told_status told_opened_take(struct told_agent *agent, const struct told_carried_message *message);
/* The ruling of what we sent asks for a call if nobody opens it: from now on that is watched. */
enum told_status told_alert_watch(struct told_agent *agent, const struct told_outbox_row *row);

/* ---- paging.c ---- */

/* The program that agent.yaml names, if any. TOLD_E_CONFIG with why. */
enum told_status told_agent_open_pager(struct told_agent *agent, struct told_buf *why);

#endif
