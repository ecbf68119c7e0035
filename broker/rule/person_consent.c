/* SPDX-License-Identifier: Apache-2.0 */
/* What one permission does to what stands already: it may confirm another's, and referrals rest on it. Pure memory. */
#include "broker/rule/person_consent.h"

#include "told/codes.h"

#include <string.h>

static bool names(const struct told_consent *c, uint32_t party)
{
	for (size_t i = 0; i < c->recipient_count; i++)
		if (c->recipients[i].party == party)
			return true;
	return false;
}

static bool same_recipients(const struct told_consent *a, const struct told_consent *b)
{
	if (a->recipient_count != b->recipient_count)
		return false;
	for (size_t i = 0; i < a->recipient_count; i++) {
		const struct told_consent_recipient *x = &a->recipients[i], *y = &b->recipients[i];
		if (x->party != y->party || x->team != y->team || x->role != y->role)
			return false;
	}
	return true;
}

static bool same_terms(const struct told_consent *a, const struct told_consent *b)
{
	return a->kind == b->kind && a->state == b->state && a->giver == b->giver && a->purposes == b->purposes &&
	       a->given_utc_ms == b->given_utc_ms && a->from_utc_ms == b->from_utc_ms &&
	       a->until_utc_ms == b->until_utc_ms && memcmp(&a->include, &b->include, sizeof a->include) == 0 &&
	       memcmp(&a->exclude, &b->exclude, sizeof a->exclude) == 0 && same_recipients(a, b);
}

/* Two agencies say the same: the one who would gain by it, and another who asked the person. Then it is shown for all
 * (protocol section 4: "or after a worker of the originator confirms"). */
void told_consent_confirms(const struct told_person *person, struct told_consent *c)
{
	for (size_t i = 0; i < person->consent_count; i++) {
		const struct told_consent *older = &person->consents[i];
		if (older != c && memcmp(older->id, c->supersedes, TOLD_ID_BYTES) == 0 &&
		    older->taken_by != c->taken_by && same_terms(older, c))
			c->flags |= TOLD_CONSENT_PRESENCE;
	}
}

/* What was referred by permission goes on resting on the newest one, so that a narrower or a renewed one carries it. */
void told_consent_carries(struct told_person *person, const struct told_consent *c)
{
	if (c->state != TOLD_CONSENT_STATE_GIVEN || c->kind == TOLD_CONSENT_KIND_WISH)
		return;
	for (size_t i = 0; i < person->referral_count; i++) {
		struct told_referral_facts *r = &person->referrals[i];
		if (r->rests_on_consent && names(c, r->referred_to) && (c->purposes & r->purposes) != 0)
			memcpy(r->consent_id, c->id, TOLD_ID_BYTES);
	}
}

static bool states_permission(const struct told_header *header)
{
	for (size_t i = 0; i < header->bases.count; i++) {
		const struct told_basis_part *b = &header->bases.items[i];
		if (b->confidentiality == TOLD_CONFIDENTIALITY_EXPLICIT_CONSENT || b->art6 == TOLD_ART6_A ||
		    b->art9 == TOLD_ART9_A)
			return true;
	}
	return false;
}

/* A referral that states the person's permission rests on the newest that there is, so that a withdrawal reaches it. */
void told_referral_rests(const struct told_person *person, const struct told_header *header,
			 struct told_referral_facts *r)
{
	for (size_t i = person->consent_count; states_permission(header) && i > 0 && !r->rests_on_consent; i--) {
		const struct told_consent *c = &person->consents[i - 1];
		if (c->state != TOLD_CONSENT_STATE_GIVEN || c->kind == TOLD_CONSENT_KIND_WISH ||
		    !names(c, r->referred_to) || (c->purposes & r->purposes) == 0)
			continue;
		r->rests_on_consent = true;
		memcpy(r->consent_id, c->id, TOLD_ID_BYTES);
	}
}
