/* SPDX-License-Identifier: Apache-2.0 */
/* The referrals of a person, folded: what each message does to the one that it belongs to. Pure memory. */
#include "broker/rule/person_consent.h"
#include "broker/rule/person_fold.h"

#include "told/codes.h"

/* Who said it, when, and the party that it names as another service. */
struct told_referral_said {
	uint32_t sender, service;
	int64_t at_utc_ms;
};

/* What is finer than the state belongs to the state that it was said of; an answer to what was asked back ends that. */
static void fold_detail(struct told_referral_facts *r, const struct told_workflow_part *part, bool by_referrer)
{
	bool moved = part->state != TOLD_REFERRAL_NONE && part->state != r->state;
	if (moved || part->detail != TOLD_DETAIL_NONE)
		r->detail = (uint8_t)part->detail;
	else if (by_referrer && r->detail == TOLD_DETAIL_INFO_REQUESTED)
		r->detail = TOLD_DETAIL_ACKNOWLEDGED;
	if (moved)
		r->due_utc_ms = 0;
	if (part->due_ms != 0)
		r->due_utc_ms = (int64_t)part->due_ms;
	if (part->detail == TOLD_DETAIL_WAITING_LIST)
		r->weeks = (uint16_t)(part->weeks > UINT16_MAX ? UINT16_MAX : part->weeks);
}

static void fold_said(struct told_referral_facts *r, const struct told_workflow_part *part,
		      struct told_referral_said said)
{
	if (said.sender == r->referred_to && r->answered_utc_ms == 0)
		r->answered_utc_ms = said.at_utc_ms;
	fold_detail(r, part, said.sender == r->referrer);
	if (part->state == TOLD_REFERRAL_NONE)
		return;
	r->state = (uint8_t)part->state;
	r->reason = (uint8_t)part->reason;
	r->service = said.service;
	r->changed_utc_ms = said.at_utc_ms;
}

static enum told_status relate_by_referral(struct told_fold *f, uint32_t party)
{
	struct told_relationship_facts facts = {
		.kind = TOLD_RELATIONSHIP_REFERRAL,
		.party = party,
		.person = f->person->number,
		.from_utc_ms = f->entry.utc_ms,
	};
	return told_fold_relate(f, &facts, told_bytes(NULL, 0));
}

/* A referral opens itself and a relationship of the service it goes to. */
enum told_status told_fold_referral(struct told_fold *f)
{
	if (f->header->recipients.count == 0)
		return TOLD_OK;
	struct told_referral_facts *r = TOLD_FOLD_ADD(f->person, referral);
	if (r == NULL)
		return TOLD_E_LIMIT;
	*r = (struct told_referral_facts){
		.referrer = told_fold_party(f, f->header->sender),
		.referred_to = told_fold_party(f, f->header->recipients.items[0]),
		.state = TOLD_REFERRAL_REQUESTED,
		.purposes = told_fold_purposes(f->header->purposes),
		.urgent = f->header->workflow != NULL && f->header->workflow->urgent == TOLD_YES_NO_YES,
		.sent_utc_ms = f->entry.utc_ms,
		.changed_utc_ms = f->entry.utc_ms,
	};
	told_fold_id(r->id, f->header->id);
	told_referral_rests(f->person, f->header, r);
	return relate_by_referral(f, r->referred_to);
}

/* With its last open referral a service's relationship by referral is over, whichever team or worker said they had it.
 */
static void end_referral(struct told_fold *f, uint32_t party)
{
	for (size_t i = 0; i < f->person->referral_count; i++)
		if (f->person->referrals[i].referred_to == party &&
		    !told_referral_closed(f->person->referrals[i].state))
			return;
	told_fold_unrelate(f, TOLD_RELATIONSHIP_REFERRAL, party, 0, told_bytes(NULL, 0), true);
}

static enum told_status add_move(struct told_fold *f, const struct told_referral_facts *r)
{
	struct told_referral_move *move = TOLD_FOLD_ADD(f->person, move);
	if (move == NULL)
		return TOLD_E_LIMIT;
	*move = (struct told_referral_move){
		.before = r->state, .reason = r->reason, .changed_utc_ms = r->changed_utc_ms};
	told_fold_id(move->message, f->header->id);
	return TOLD_OK;
}

/* Its end ends the relationship that it made; who comes back has it again. */
static enum told_status fold_one(struct told_fold *f, struct told_referral_facts *r)
{
	const struct told_workflow_part *part = f->header->workflow;
	bool was_closed = told_referral_closed(r->state);
	enum told_status status = add_move(f, r);
	if (status != TOLD_OK)
		return status;
	fold_said(r, part,
		  (struct told_referral_said){.sender = told_fold_party(f, f->header->sender),
					      .service = told_fold_party(f, part->service),
					      .at_utc_ms = f->entry.utc_ms});
	bool closed = told_referral_closed(r->state);
	if (closed && part->state != TOLD_REFERRAL_NONE)
		end_referral(f, r->referred_to);
	return was_closed && !closed ? relate_by_referral(f, r->referred_to) : TOLD_OK;
}

enum told_status told_fold_referral_event(struct told_fold *f)
{
	const struct told_workflow_part *part = f->header->workflow;
	for (size_t i = 0; part != NULL && i < f->person->referral_count; i++) {
		struct told_referral_facts *r = &f->person->referrals[i];
		if (told_bytes_equal(told_bytes(r->id, sizeof r->id), part->referral))
			return fold_one(f, r);
	}
	return TOLD_OK;
}
