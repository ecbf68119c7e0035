/* SPDX-License-Identifier: Apache-2.0 */
/* Folding a permission into what stands already. Room-internal: person.c alone calls it. */
#ifndef TOLD_RULE_PERSON_CONSENT_H
#define TOLD_RULE_PERSON_CONSENT_H

#include "broker/rule/person.h"

/* Marks a record as shown (TOLD_CONSENT_PRESENCE) when it says under another agency's name what the record in whose
 * place it stands said (protocol section 4: "or after a worker of the originator confirms"). */
void told_consent_confirms(const struct told_person *person, struct told_consent *consent);
/* Referrals that rest on a permission rest from now on on this one, where it names their service and a purpose. */
void told_consent_carries(struct told_person *person, const struct told_consent *consent);
/* Sets what a new referral rests on: where its header states the person's permission, the newest that there is. */
void told_referral_rests(const struct told_person *person, const struct told_header *header,
			 struct told_referral_facts *referral);

#endif
