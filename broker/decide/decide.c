/* SPDX-License-Identifier: Apache-2.0 */
/* The decision on one screen: nine stages in their order (decision.md 4.3). Touches only its arguments. */
#include "broker/decide/decide.h"
#include "broker/decide/follows.h"
#include "broker/decide/workflow.h"

static bool rejected(const struct told_hearing *h)
{
	return h->stops[TOLD_STAGE_ENVELOPE] == TOLD_EFFECT_REJECT ||
	       h->stops[TOLD_STAGE_PARTIES] == TOLD_EFFECT_REJECT;
}

/* Stage 5 finds the profile before stage 4 reads its grounds; what it rules it rules after. */
static void hear_content(struct told_hearing *h)
{
	if (!(h->traits & (TOLD_TRAIT_RIGHT | TOLD_TRAIT_FOLLOWS))) {
		told_stage_agreement(h);
		if (h->overriding)
			told_find_profile(h);
	}
	told_stage_person(h);
	told_stage_law(h);
	told_stage_override(h);
	told_stage_consent(h);
	told_stage_filters(h);
	told_rule_followers(h);
	told_rule_workflow(h);
}

static void hear(struct told_hearing *h)
{
	if (h->q->workflow.event == TOLD_EVENT_ACK_OVERDUE) {
		told_rule_deadline(h);
		return;
	}
	told_stage_envelope(h);
	if (rejected(h))
		return;
	told_stage_parties(h);
	if (rejected(h) || h->traits & TOLD_TRAIT_ADMIN)
		return;
	hear_content(h);
}

static void decide_once(const struct told_question *question, uint32_t purposes, struct told_decision *out)
{
	struct told_hearing h;
	*out = (struct told_decision){
		.recipient = question->message.recipient,
		.policy_version = TOLD_POLICY_VERSION,
		.purposes = purposes,
		.t_utc_ms = question->t_utc_ms,
	};
	told_hearing_open(&h, question);
	h.purposes = purposes;
	hear(&h);
	told_stage_combine(&h, out);
	told_set_obligations(&h, out);
}

static size_t released(const struct told_decision *d)
{
	size_t count = 0;
	for (size_t i = 0; i < d->section_count; i++)
		count += d->sections[i].effect == TOLD_SECTION_EFFECT_RELEASE;
	return count;
}

/* RELEASE before PARTIAL before HOLD before DENY before REJECT: the enum's own order. */
static bool better(const struct told_decision *a, const struct told_decision *b)
{
	size_t more = released(a), less = released(b);
	return more > less || (more == less && a->effect < b->effect);
}

/* The purposes of any flow between the two. */
static uint32_t purposes_between(const struct told_question *question)
{
	const struct told_message_facts *m = &question->message;
	uint32_t purposes = 0;
	for (size_t i = 0; i < question->agreement_count; i++) {
		const struct told_agreement *a = question->agreements[i].agreement;
		for (size_t j = 0; j < a->flow_count; j++)
			if (told_partyset_has(&a->flows[j].from, m->sender) &&
			    told_partyset_has(&a->flows[j].to, m->recipient))
				purposes |= a->flows[j].purposes;
	}
	return purposes;
}

/* A grant is ruled as the ask that it would answer, for any one purpose of any flow: the purpose that lets most go. */
static void decide_grant(const struct told_question *question, struct told_decision *out)
{
	struct told_decision other;
	uint32_t left = purposes_between(question);
	decide_once(question, left & ~(left - 1), out);
	for (left &= left - 1; left && out->effect != TOLD_EFFECT_RELEASE; left &= left - 1) {
		decide_once(question, left & ~(left - 1), &other);
		if (better(&other, out))
			*out = other;
	}
}

void told_decide(const struct told_question *question, struct told_decision *out)
{
	if (question->message.type == TOLD_TYPE_GRANT)
		decide_grant(question, out);
	else
		decide_once(question, question->message.purposes, out);
}
