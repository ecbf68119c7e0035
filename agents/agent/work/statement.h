/* SPDX-License-Identifier: Apache-2.0 */
/* What the vault knows of who was told what about a person, row by row, each judged before it is anybody's to see.
 * Room-internal. */
#ifndef TOLD_AGENT_WORK_STATEMENT_H
#define TOLD_AGENT_WORK_STATEMENT_H

#include "agents/agent/core/request.h"
#include "agents/agent/core/state.h"
#include "agents/statement/safe.h"

#define TOLD_STATEMENT_ROWS_MAX 4096u

struct told_statement_search {
	struct told_agent *agent;
	const struct told_caller *caller; /* who gives it; NULL: the agency as a whole */
	struct told_arena *arena;         /* of one row */
	struct told_bytes client;
	int64_t now_ms, quiet_since_ms; /* quiet_since_ms 0: no flag forbids to tell the person */
	bool hide_names;                /* of specialist services */
	bool only_referrals;            /* for the slip */
	json_t *entries;                /* newest first: what may be told */
	json_t *off;                    /* not NULL: instead the rows that need a mark, for the owner of the flow */
};

/* One row on its way to the statement. */
struct told_statement_row {
	struct told_flow_facts flow;
	struct told_bytes message, party; /* message: what a mark names; party: the other end */
	const char *kind, *ground; /* "sent", "let", "told", "declined", "withheld", "got"; "yes", "rules", ... */
	uint64_t time_ms;
	struct told_catset categories; /* what the entry names; the flow's may be more */
	const char *how;               /* of what was told by hand */
	bool ours;                     /* we own the flow: what comes from others only they can mark */
};

/* Judges the row, and keeps it or not. TOLD_E_LIMIT, TOLD_E_MEMORY. */
enum told_status told_statement_put(struct told_statement_search *search, const struct told_statement_row *row);
/* Marked so in any agreement that we know, or our own profile says it of us. */
bool told_statement_specialist(const struct told_agent *agent, struct told_bytes party);
/* Story rows of the category speak of, or were told by, somebody else; and what their words were classified as. */
enum told_status told_statement_about(struct told_statement_search *search, uint32_t category, bool *others,
				      struct told_catset *classified);

/* ---- the three sources ---- */

/* statement_sent.c: what we sent, and what we let others read. */
enum told_status told_statement_sent(struct told_statement_search *search);
/* statement_got.c: what others told us; what was told by hand. */
enum told_status told_statement_got(struct told_statement_search *search);
enum told_status told_statement_by_hand(struct told_statement_search *search);

/* ---- check.c: who checked us ---- */

/* An AUDIT_COPY came: the operator's order of a copy of the log. */
enum told_status told_check_take(struct told_agent *agent, const struct told_header *header, uint64_t at_ms);
/* Somebody of us looked at the broker's log about a person. purpose: enum told_audit_purpose. */
enum told_status told_check_looked(struct told_agent *agent, struct told_bytes query, struct told_bytes client,
				   uint32_t purpose, int64_t at_ms);
/* Checks since that time that had our entries in them, or were looks about this person, newest first, as entries of a
 * statement; the caller's. */
enum told_status told_checks_since(struct told_agent *agent, struct told_bytes client, int64_t since_ms, json_t **out);

/* Everything, in that order. */
enum told_status told_statement_search(struct told_statement_search *search);

#endif
