/* SPDX-License-Identifier: Apache-2.0 */
/* Replies in words for a practitioner. What was withheld is always said, with why. Room-internal. */
#ifndef TOLD_CLI_SHOW_H
#define TOLD_CLI_SHOW_H

#include "agents/cli/cli.h"

told_show told_show_sent;  /* messages and preview: what went to whom, what did not and why */
told_show told_show_told;  /* the same of a story: once, not a line a part */
told_show told_show_story; /* sections, the person's own voice first */
told_show told_show_ask;   /* what came of an ask */
told_show told_show_card;
told_show told_show_consents;
told_show told_show_due;
told_show told_show_referrals;
told_show told_show_referral;
told_show told_show_referred; /* what went, what could be done here, which one is open already */
told_show told_show_tried;
told_show told_show_moved; /* and, of who comes back, whom they see */
told_show told_show_here;
told_show told_show_capacity;
told_show told_show_trained;
told_show told_show_onward;
told_show told_show_inbox;
told_show told_show_erasures;
told_show told_show_holds;
told_show told_show_incident; /* one: what went, what stops it, the sheet */
told_show told_show_incidents;
told_show told_show_plans;       /* steps in the person's order, what waits for what */
told_show told_show_plan_change; /* the plan after it, and who was told */
told_show told_show_plan_steps;  /* what waits or is late */
told_show told_show_plan_page;   /* for a supporter */
told_show told_show_conference;  /* its page, as lines */
told_show told_show_conferences;
told_show told_show_conference_said; /* who heard it, and whom the permission leaves out */
told_show told_show_team;
told_show told_show_team_news;
told_show told_show_team_change; /* the team after it */
told_show told_show_handover;
told_show told_show_retention;
told_show told_show_workers;
told_show told_show_keys;
told_show told_show_logs;
told_show told_show_log_accepted;
told_show told_show_worker_set;
told_show told_show_agreements;
told_show told_show_fingerprint;
told_show told_show_doctor;
told_show told_show_audit_copies;
told_show told_show_audit_view;
told_show told_show_intake;
told_show told_show_alert; /* begins with what to do in danger */
told_show told_show_alerts;
told_show told_show_override_ask;
told_show told_show_disclosure;
told_show told_show_disclosures;
told_show told_show_retelling;
told_show told_show_note;
told_show told_show_notes;
told_show told_show_corrections;
told_show told_show_need;
told_show told_show_needs;
told_show told_show_outcomes;
told_show told_show_risks;
told_show told_show_risk_done;
told_show told_show_risk_hand;
told_show told_show_duty;
/* Answers that somebody must look at now, if there are any: heads whatever is shown, refusals too. */
void told_print_attention(struct told_cli *cli, FILE *out, const json_t *reply);
told_show told_show_statement_off; /* for the owner of a flow, never the person */
told_show told_show_statement_safe;
told_show told_show_disagreement;
told_show told_show_disagreements;
told_show told_show_decided;
told_show told_show_complaint;
told_show told_show_complaints;

told_show told_show_names; /* who may not see a conference */
told_show told_show_contacts;
told_show told_show_contact; /* who sits where now, or which key is new */
told_show told_show_closed;
told_show told_show_opened;

/* The exit code that a reply's messages, preview or checks ask for, after a command that did something. */
int told_exit_of_reply(const json_t *reply);

/* ---- for the files that show ---- */

/* A member's text, "" when there is none. */
const char *told_text_of(const json_t *object, const char *member);
/* "22 November 2026, 14:05" of milliseconds, in local time; "" for none. out holds 40. */
void told_time_words(const json_t *ms, char out[40]);
/* "14:05" or "2026-11-22T14:05" of local time. */
bool told_time_read(const char *text, int64_t now_ms, int64_t *utc_ms);
/* One of a list of what was raised. */
void told_print_risk(FILE *out, const json_t *risk);
/* "22 November 2026". */
void told_date_words(const json_t *ms, char out[40]);
/* A category, purpose, ... code in words; the code itself when no list has it. */
const char *told_category_words(const char *code);
/* A kind of message in words. */
const char *told_type_words(const char *type);
/* Codes in words with commas between, of an array of strings. */
void told_print_categories(FILE *out, const json_t *codes);
void told_print_list(FILE *out, const json_t *texts, const char *none);
/* A party's full name, else its id. Borrowed until the run ends. */
const char *told_party_words(struct told_cli *cli, const char *party);
void told_print_parties(struct told_cli *cli, const json_t *parties);
/* What stands in sections: JSON of agents/agent/call/CALLS.md. */
void told_print_sections(struct told_cli *cli, const json_t *sections);
/* Whether a section corrects another, or was corrected. */
void told_print_correction(struct told_cli *cli, const json_t *section);
/* Who had what was corrected. */
void told_print_holders(struct told_cli *cli, const json_t *holders);
/* Words of a reason code (CON-07), then what to do: "WORDS FIX (WHO)". */
void told_print_code(FILE *out, const json_t *code);

/* Referrals that nobody acknowledged in time, with whom to ring. */
void told_print_notices(struct told_cli *cli, const json_t *notices);
/* "  Sent: sent, not answered yet. Acknowledge by Tue 24 Nov (1 working day left)": of a referral; nothing for NULL. */
void told_print_standing(struct told_cli *cli, const json_t *referral);

/* A table: rows of cells, columns as wide as their widest. Text is borrowed. */
#define TOLD_TABLE_COLUMNS_MAX 8u
void told_table_row(struct told_buf *rows, const char *const *cells, size_t count);
void told_table_print(struct told_cli *cli, const struct told_buf *rows, const char *empty);

#endif
