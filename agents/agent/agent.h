/* SPDX-License-Identifier: Apache-2.0 */
/* One agency's daemon without its HTTP: it holds the keys and the vault, keeps the session with the broker, folds what
 * it has verified itself, gives wraps to whom its own ruling would release, and does what a worker asks for. One
 * thread. */
#ifndef TOLD_AGENT_H
#define TOLD_AGENT_H

#include "agents/referral/here.h"
#include "broker/agree/span.h"
#include "broker/base/clock.h"
#include "told/envelope.h"
#include "told/vocabulary.h"

#include <jansson.h>
#include <poll.h>

struct told_agent;

/* ---- the daemon ---- */

/* What the agency's profile says that the core needs; copied. Text is NUL-terminated. */
struct told_agency {
	const char *name;              /* "Council housing team" */
	struct told_catset categories; /* what it may originate */
	uint32_t roles;                /* bit (role - 1) of enum told_role */
	const char *const *teams;
	size_t team_count;
	const char *duty_team; /* takes what names no team */
	const char *emergency_telephone;
	unsigned plan_wait_days;      /* a plan's step that waits longer goes to the lead worker; 0: no limit */
	bool plan_wait_working;       /* they are working days */
	const char *telephone;        /* for anybody who rings about themselves; NULL: as the agreement has it */
	bool specialist;              /* that somebody is with us at all must not be read by whoever finds a paper */
	struct told_span acknowledge; /* our promise to answer a referral within; no unit: none */
	const struct told_here_offer *offers; /* what we do; borrowed, must outlive the agent */
	size_t offer_count;
};

/* Other descriptors in the same loop: the local API. */
struct told_agent_watch {
	/* Fills up to room descriptors and says how many; may lower *timeout_ms (-1: for ever). */
	size_t (*prepare)(void *ctx, struct pollfd *fds, size_t room, int64_t *timeout_ms);
	/* After every turn, in the order prepared: what is ready is served, what waits may have become final. */
	void (*serve)(void *ctx, const struct pollfd *fds, size_t count);
	void *ctx;
};
#define TOLD_AGENT_WATCH_MAX 16u

/* Opens DIR (see init.h): settings, keys, partnership, vault, worker register. why gets what is wrong and what to do.
 * TOLD_E_CONFIG, TOLD_E_PERMISSION, TOLD_E_IN_USE (another told-agent), TOLD_E_CORRUPT, TOLD_E_STORE. */
TOLD_MUST_USE enum told_status told_agent_open(const char *dir, const struct told_agency *agency,
					       struct told_agent **out, struct told_buf *why);
void told_agent_close(struct told_agent *agent);

/* Turns of the loop until stop_fd is readable (a told_signals_open descriptor, or -1 for never). TOLD_CLASS_FATAL: the
 * vault failed; stop and start again. */
TOLD_MUST_USE enum told_status told_agent_run(struct told_agent *agent, const struct told_agent_watch *watch,
					      int stop_fd);
/* One turn: waits at most timeout_ms, then does all that is due. For tests and for loops of one's own. */
TOLD_MUST_USE enum told_status told_agent_turn(struct told_agent *agent, const struct told_agent_watch *watch,
					       int64_t timeout_ms);

/* Another clock than the system's: for tests and the simulator. */
void told_agent_set_clock(struct told_agent *agent, struct told_clock clock);
/* By what on-call contacts are paged from now on, instead of the program that agent.yaml names. */
struct told_pager;
void told_agent_set_pager(struct told_agent *agent, struct told_pager pager);
/* Our party id. */
struct told_bytes told_agent_party(const struct told_agent *agent);
/* The path of the local socket as agent.yaml says: absolute, or under DIR. */
const char *told_agent_socket(const struct told_agent *agent);

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

/* ---- what a worker may ask for ---- */

/* The answer to a call. Zero-initialise; told_reply_free frees it. */
struct told_reply {
	json_t *json;                  /* after TOLD_OK; with ticket what is known at once */
	struct told_buf why;           /* after a failure: what happened, why, what to do; for people */
	bool waits;                    /* more follows: ask told_agent_outcome until it is final or the deadline */
	uint8_t ticket[TOLD_ID_BYTES]; /* of what was queued */
};
#define TOLD_REPLY ((struct told_reply){.why = TOLD_BUF(TOLD_TEXT_MAX_BYTES)})
void told_reply_free(struct told_reply *reply);

/* Every call: the request is an object (or NULL for none); unknown members are TOLD_E_USAGE. What it queues is in the
 * vault when it returns. TOLD_E_USAGE, TOLD_E_MALFORMED (a reference's check symbol, a date), TOLD_E_UNKNOWN (a code
 * that no list has), TOLD_E_NOT_FOUND, TOLD_E_NOT_ALLOWED (the worker's role), TOLD_E_REFUSED (no agreement has such a
 * flow). */
typedef enum told_status told_agent_call(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply);

/* X(function, "noun verb"): request and reply of each in agents/agent/CALLS.md. */
#define TOLD_AGENT_CALLS(X)                                                                                            \
	X(told_agent_card_new, "card new")                                                                             \
	X(told_agent_card_show, "card show")                                                                           \
	X(told_agent_card_replace, "card replace")                                                                     \
	X(told_agent_tell, "story tell")                                                                               \
	X(told_agent_ask, "story ask")                                                                                 \
	X(told_agent_story, "story show")                                                                              \
	X(told_agent_consent, "consent record")                                                                        \
	X(told_agent_withdraw, "consent withdraw")                                                                     \
	X(told_agent_consents, "consent show")                                                                         \
	X(told_agent_consent_confirm, "consent confirm")                                                               \
	X(told_agent_consents_due, "consent due")                                                                      \
	X(told_agent_relationship, "relationship record")                                                              \
	X(told_agent_flag, "flag record")                                                                              \
	X(told_agent_erase, "erase")                                                                                   \
	X(told_agent_erasures, "erase ls")                                                                             \
	X(told_agent_erase_answer, "erase answer")                                                                     \
	X(told_agent_retention, "retention ls")                                                                        \
	X(told_agent_retention_apply, "retention apply")                                                               \
	X(told_agent_hold, "hold")                                                                                     \
	X(told_agent_holds, "hold ls")                                                                                 \
	X(told_agent_hold_lift, "hold lift")                                                                           \
	X(told_agent_incident_open, "incident open")                                                                   \
	X(told_agent_incidents, "incident ls")                                                                         \
	X(told_agent_incident, "incident show")                                                                        \
	X(told_agent_incident_note, "incident note")                                                                   \
	X(told_agent_incident_answer, "incident answer")                                                               \
	X(told_agent_incident_close, "incident close")                                                                 \
	X(told_agent_refer, "referral send")                                                                           \
	X(told_agent_referrals, "referral ls")                                                                         \
	X(told_agent_referral, "referral show")                                                                        \
	X(told_agent_answer_referral, "referral answer")                                                               \
	X(told_agent_referral_tried, "referral tried")                                                                 \
	X(told_agent_here, "here")                                                                                     \
	X(told_agent_onward, "onward count")                                                                           \
	X(told_agent_onward_refuse, "onward refuse")                                                                   \
	X(told_agent_capacity, "capacity ask")                                                                         \
	X(told_agent_capacity_set, "capacity set")                                                                     \
	X(told_agent_worker_train, "worker train")                                                                     \
	X(told_agent_update, "update send")                                                                            \
	X(told_agent_alert, "alert send, override raise")                                                              \
	X(told_agent_alerts, "alert ls, override ls")                                                                  \
	X(told_agent_alert_called, "alert called")                                                                     \
	X(told_agent_alert_close, "alert close")                                                                       \
	X(told_agent_alert_sheet, "alert sheet")                                                                       \
	X(told_agent_duty, "duty show")                                                                                \
	X(told_agent_duty_set, "duty set")                                                                             \
	X(told_agent_duty_away, "duty away, duty back")                                                                \
	X(told_agent_override_ask, "override ask")                                                                     \
	X(told_agent_disclosure, "disclosure record, disclosure declined")                                             \
	X(told_agent_override_confirm, "override confirm")                                                             \
	X(told_agent_override_reason, "override reason")                                                               \
	X(told_agent_override_decide, "override decide")                                                               \
	X(told_agent_override_review, "override review")                                                               \
	X(told_agent_plan_add, "plan add")                                                                             \
	X(told_agent_plan, "plan show")                                                                                \
	X(told_agent_plans, "plan ls")                                                                                 \
	X(told_agent_plan_start, "plan start")                                                                         \
	X(told_agent_plan_done, "plan done")                                                                           \
	X(told_agent_plan_stop, "plan stop")                                                                           \
	X(told_agent_plan_reopen, "plan reopen")                                                                       \
	X(told_agent_plan_move, "plan move")                                                                           \
	X(told_agent_plan_print, "plan print")                                                                         \
	X(told_agent_conference_call, "conference call")                                                               \
	X(told_agent_conference_act, "conference list to end")                                                         \
	X(told_agent_conference, "conference show")                                                                    \
	X(told_agent_sight_name, "conference name")                                                                    \
	X(told_agent_sight_unname, "conference unname")                                                                \
	X(told_agent_sight_names, "conference names")                                                                  \
	X(told_agent_conferences, "conference ls")                                                                     \
	X(told_agent_team, "team show")                                                                                \
	X(told_agent_team_lead, "team lead")                                                                           \
	X(told_agent_team_add, "team add")                                                                             \
	X(told_agent_team_remove, "team remove")                                                                       \
	X(told_agent_team_supporter, "team supporter")                                                                 \
	X(told_agent_team_drop, "team drop")                                                                           \
	X(told_agent_team_promise, "team promise")                                                                     \
	X(told_agent_team_handover, "team handover")                                                                   \
	X(told_agent_team_news, "team news")                                                                           \
	X(told_agent_audit_view, "audit view")                                                                         \
	X(told_agent_inbox, "inbox")                                                                                   \
	X(told_agent_sent, "sent")                                                                                     \
	X(told_agent_worker_add, "worker add")                                                                         \
	X(told_agent_worker_set, "worker set")                                                                         \
	X(told_agent_workers, "worker ls")                                                                             \
	X(told_agent_agreement_sign, "agreement sign")                                                                 \
	X(told_agent_agreements, "agreement show")                                                                     \
	X(told_agent_agreement_act, "agreement act")                                                                   \
	X(told_agent_decide, "decide")                                                                                 \
	X(told_agent_fingerprint, "fingerprint")                                                                       \
	X(told_agent_key_rotate, "key rotate")                                                                         \
	X(told_agent_key_revoke, "key revoke")                                                                         \
	X(told_agent_contacts, "contact ls")                                                                           \
	X(told_agent_contact_name, "contact name")                                                                     \
	X(told_agent_contact_leave, "contact leave")                                                                   \
	X(told_agent_contact_key, "contact key")                                                                       \
	X(told_agent_contact_passphrase, "contact passphrase")                                                         \
	X(told_agent_contact_revoke, "contact revoke")                                                                 \
	X(told_agent_contact_closed, "contact closed")                                                                 \
	X(told_agent_contact_open, "contact open")                                                                     \
	X(told_agent_logs, "log ls")                                                                                   \
	X(told_agent_log_accept, "log accept")                                                                         \
	X(told_agent_keys, "key ls")                                                                                   \
	X(told_agent_note_add, "note add")                                                                             \
	X(told_agent_note_correct, "note correct")                                                                     \
	X(told_agent_corrections, "correction ls")                                                                     \
	X(told_agent_notes, "note ls")                                                                                 \
	X(told_agent_need, "need record")                                                                              \
	X(told_agent_needs, "need ls")                                                                                 \
	X(told_agent_outcomes, "outcomes")                                                                             \
	X(told_agent_risks, "risk ls")                                                                                 \
	X(told_agent_risk_done, "risk done")                                                                           \
	X(told_agent_risk_hand, "risk hand")                                                                           \
	X(told_agent_receipt, "receipt")                                                                               \
	X(told_agent_disagree, "disagree")                                                                             \
	X(told_agent_disagreements, "disagree ls")                                                                     \
	X(told_agent_disagree_decide, "disagree decide")                                                               \
	X(told_agent_complaint, "complaint record")                                                                    \
	X(told_agent_complaints, "complaint ls")                                                                       \
	X(told_agent_complaint_answer, "complaint answer")                                                             \
	X(told_agent_statement, "statement")                                                                           \
	X(told_agent_statement_off, "statement off")                                                                   \
	X(told_agent_statement_safe, "statement safe")                                                                 \
	X(told_agent_doctor, "doctor")
#define X(function, name) told_agent_call function;
TOLD_AGENT_CALLS(X)
#undef X

/* How it stands with what was queued under a ticket: the same JSON as the call's, filled in. *final: nothing more comes
 * (of an ask: its sections have come; at the caller's deadline the JSON as it stands is the answer). TOLD_E_NOT_FOUND.
 */
TOLD_MUST_USE enum told_status told_agent_outcome(struct told_agent *agent, const uint8_t ticket[TOLD_ID_BYTES],
						  struct told_reply *reply, bool *final);

/* Adds "look_now" to a reply: answers that somebody must look at and nobody has, of every person that request or reply
 * name by "client", and all of them for who is on duty. Every reply to a worker passes through here. */
TOLD_MUST_USE enum told_status told_agent_attention(struct told_agent *agent, const struct told_caller *caller,
						    const json_t *request, json_t *reply);

/* ---- sections in plain, for the intake ---- */

struct told_agent_section {
	struct told_bytes originator; /* party id; ours or another's */
	unsigned category, voice;
	uint64_t recorded_ms;
	struct told_bytes content; /* JSON of protocol section 3; wiped after the call */
};
typedef enum told_status told_agent_section_fn(void *ctx, const struct told_agent_section *section);
/* Every section of a person that this worker may see, newest version each, ours and those released to us. client: the
 * reference as written on the card. fn's failure ends it and is handed on. */
TOLD_MUST_USE enum told_status told_agent_sections(struct told_agent *agent, const struct told_caller *caller,
						   struct told_bytes client, told_agent_section_fn *fn, void *ctx);

#endif
