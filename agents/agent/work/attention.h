/* SPDX-License-Identifier: Apache-2.0 */
/* What must be looked at now, on every reply until somebody has: answers that raise a risk, alerts that nobody opened,
 * alerts that came, reviews that are due. Room-internal. */
#ifndef TOLD_AGENT_WORK_ATTENTION_H
#define TOLD_AGENT_WORK_ATTENTION_H

#include "agents/agent/core/state.h"
#include "agents/alert/duty.h"

/* Of a kept document "incoming". */
enum { TOLD_INCOMING_UNOPENED = 1, TOLD_INCOMING_OPENED, TOLD_INCOMING_RECALLED };
/* Of a kept document "risk". */
enum { TOLD_RISK_OPEN = 1, TOLD_RISK_DONE };

/* One reply that is looked through. */
struct told_attention {
	struct told_agent *agent;
	const struct told_caller *caller;
	const json_t *request, *reply;
	struct told_duty duty;
	int64_t now_ms;
	bool asked, all; /* told_attention_all, once asked */
	json_t *list;
};
/* Whether this worker is asked for everything: on duty, on call, or nobody is. */
bool told_attention_all(struct told_attention *a);
/* Whether this worker is shown something about the person: asked for everything, or they speak of the person now. A
 * worker whom the person excluded never is. */
bool told_attention_shows(struct told_attention *a, struct told_bytes client);
/* Whether this worker stands for the named one (may be empty) now. */
bool told_attention_is_theirs(struct told_attention *a, const char *named);

/* ---- duty.c: who is on call here ---- */

enum told_status told_duty_load(struct told_agent *agent, struct told_duty *out);
enum told_status told_duty_save(struct told_agent *agent, const struct told_duty *duty);
json_t *told_duty_json(const struct told_duty *duty);
/* Who stands for the named one now; NULL: nobody does. Borrowed of duty or named. */
const char *told_duty_now(struct told_agent *agent, const struct told_duty *duty, const char *named);

/* ---- what adds to the list ---- */

typedef enum told_status told_attention_source(struct told_attention *a);
told_attention_source told_alert_attention;      /* alert_watch.c */
told_attention_source told_review_attention;     /* alert_watch.c */
told_attention_source told_incoming_attention;   /* attention.c */
told_attention_source told_conference_attention; /* conference_due.c */

#endif
