/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of a person once facts are folded: the records for a question, their digest, a referral. */
#include "broker/rule/person.h"

#include "broker/decide/decide.h"
#include "told/codes.h"

void told_person_records(const struct told_person *person, struct told_question *question)
{
	question->person.restrictions = person->restrictions;
	question->person.restriction_count = person->restriction_count;
	question->person.holds = person->holds;
	question->person.hold_count = person->hold_count;
	question->consents = person->consents;
	question->consent_count = person->consent_count;
	question->withdrawals = person->withdrawals;
	question->withdrawal_count = person->withdrawal_count;
	question->records = person->records_digested ? &person->records : NULL;
}

void told_person_digest(struct told_person *person, const struct told_parties *parties)
{
	struct told_question question = {.names = parties};
	if (person->records_digested)
		return;
	told_person_records(person, &question);
	told_records_digest(&question, &person->records);
	person->records_digested = true;
}

const struct told_referral_facts *told_person_referral(const struct told_person *person, struct told_bytes id)
{
	for (size_t i = 0; i < person->referral_count; i++)
		if (told_bytes_equal(told_bytes(person->referrals[i].id, TOLD_ID_BYTES), id))
			return &person->referrals[i];
	return NULL;
}

bool told_referral_closed(unsigned state)
{
	return state == TOLD_REFERRAL_COMPLETED || state == TOLD_REFERRAL_REJECTED || state == TOLD_REFERRAL_FAILED ||
	       state == TOLD_REFERRAL_CANCELLED || state == TOLD_REFERRAL_ENTERED_IN_ERROR;
}
