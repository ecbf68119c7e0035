/* SPDX-License-Identifier: Apache-2.0 */
/* The conferences about a person, folded. A CONF_CALL opens one and is its id; who was invited and did not see the call
 * knows it from the invitation on, but not who else sits there. */
#include "broker/rule/person_fold.h"

#include "broker/decide/conference.h"

#define MARAC TOLD_BIT32(TOLD_PURPOSE_MARAC)

static struct told_conference_facts *find(struct told_person *person, struct told_bytes id)
{
	for (size_t i = 0; i < person->conference_count; i++)
		if (told_bytes_equal(told_bytes(person->conferences[i].id, TOLD_ID_BYTES), id))
			return &person->conferences[i];
	return NULL;
}

/* A MARAC is asked for and chaired by whom it is asked of; whoever calls another meeting chairs it, and whoever heard
 * the call sits there. */
static enum told_status open_one(struct told_fold *f, struct told_bytes id, struct told_conference_facts **out)
{
	const struct told_header *h = f->header;
	uint32_t sender = told_fold_party(f, h->sender);
	uint32_t recipient = h->recipients.count > 0 ? told_fold_party(f, h->recipients.items[0]) : 0;
	bool called = told_conference_opens(h->type, h->workflow->event);
	struct told_conference_facts *c = TOLD_FOLD_ADD(f->person, conference);
	if (c == NULL)
		return TOLD_E_LIMIT;
	*c = (struct told_conference_facts){
		.purposes = told_fold_purposes(h->purposes),
		.caller = called ? sender : 0,
		.state = called ? TOLD_CONFERENCE_CALLED : TOLD_CONFERENCE_LISTED,
		.whole = called,
	};
	c->chair = called && c->purposes & MARAC ? recipient : sender;
	told_fold_id(c->id, id);
	told_partyset_add(&c->members, c->chair);
	if (called)
		told_partyset_add(&c->members, sender);
	if (called && recipient != 0)
		told_partyset_add(&c->members, recipient);
	*out = c;
	return TOLD_OK;
}

/* The meeting is a reason to look, until the day that the chair named. */
static enum told_status invite(struct told_fold *f, struct told_conference_facts *c)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < f->header->recipients.count; i++) {
		struct told_relationship_facts facts = {
			.kind = TOLD_RELATIONSHIP_CONFERENCE,
			.party = told_fold_party(f, f->header->recipients.items[i]),
			.person = f->person->number,
			.from_utc_ms = f->entry.utc_ms,
			.until_utc_ms = (int64_t)f->header->workflow->due_ms,
		};
		told_partyset_add(&c->members, facts.party);
		if (facts.until_utc_ms != 0)
			status = told_fold_relate(f, &facts, told_bytes(NULL, 0));
	}
	return status;
}

static void end(struct told_fold *f, const struct told_conference_facts *c)
{
	for (uint32_t party = 1; party <= TOLD_PARTYSET_MAX; party++)
		if (told_partyset_has(&c->members, party))
			told_fold_unrelate(f, TOLD_RELATIONSHIP_CONFERENCE, party, 0, told_bytes(NULL, 0), true);
}

/* How it stood before is kept for when the message is ruled again at delivery. */
static enum told_status step(struct told_fold *f, struct told_conference_facts *c)
{
	unsigned event = f->header->workflow->event;
	uint32_t sender = told_fold_party(f, f->header->sender);
	enum told_seat seat = sender == c->chair ? TOLD_SEAT_CHAIR : TOLD_SEAT_MEMBER;
	const struct told_conference_move *move = told_conference_may(event, f->header->type, seat, c->state);
	if (move == NULL && !c->whole) /* not all that went before it was for our ears */
		move = told_conference_said(event, f->header->type, seat);
	struct told_referral_move *before = TOLD_FOLD_ADD(f->person, move);
	if (before == NULL)
		return TOLD_E_LIMIT;
	*before = (struct told_referral_move){.before = c->state};
	told_fold_id(before->message, f->header->id);
	if (move != NULL && move->to != TOLD_CONFERENCE_NONE)
		c->state = move->to;
	if (c->state == TOLD_CONFERENCE_ENDED)
		end(f, c);
	return event == TOLD_CONFERENCE_EVENT_INVITE ? invite(f, c) : TOLD_OK;
}

enum told_status told_fold_conference(struct told_fold *f)
{
	const struct told_workflow_part *part = f->header->workflow;
	struct told_conference_facts *c = NULL;
	if (part == NULL)
		return TOLD_OK;
	if (told_conference_opens(f->header->type, part->event))
		return open_one(f, f->header->id, &c);
	c = find(f->person, part->referral);
	enum told_status status = TOLD_OK;
	if (c == NULL && part->event == TOLD_CONFERENCE_EVENT_INVITE)
		status = open_one(f, part->referral, &c);
	return status == TOLD_OK && c != NULL ? step(f, c) : status;
}

const struct told_conference_facts *told_person_conference(const struct told_person *person, struct told_bytes id)
{
	return find((struct told_person *)(uintptr_t)person, id);
}
