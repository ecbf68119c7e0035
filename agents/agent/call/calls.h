/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker may ask the agent for. */
#ifndef TOLD_AGENT_CALL_CALLS_H
#define TOLD_AGENT_CALL_CALLS_H

#include "agents/agent/core/caller.h"

/* Every call: the request is an object (or NULL for none); unknown members are TOLD_E_USAGE. What it queues is in the
 * vault when it returns. TOLD_E_USAGE, TOLD_E_MALFORMED (a reference's check symbol, a date), TOLD_E_UNKNOWN (a code
 * that no list has), TOLD_E_NOT_FOUND, TOLD_E_NOT_ALLOWED (the worker's role), TOLD_E_REFUSED (no agreement has such a
 * flow). */
typedef enum told_status told_agent_call(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply);

/* X(function, "noun verb"): request and reply of each in agents/agent/call/CALLS.md. */
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
