/* SPDX-License-Identifier: Apache-2.0 */
/* What consent records say, one record at a time: which stand, what they cover, when they end. Shared by the stages. */
#include "broker/decide/consents.h"

bool told_consent_counts(const struct told_hearing *h, const struct told_consent *c)
{
	return c->person == h->m->person && c->state != TOLD_CONSENT_STATE_ENTERED_IN_ERROR &&
	       !told_consent_superseded(h, c);
}

/* Only an answer takes the place of an older answer, never a question that is still open or a record that is void. */
static bool replaces(const struct told_consent *newer, const struct told_consent *older, int64_t t)
{
	if (newer->state != TOLD_CONSENT_STATE_GIVEN && newer->state != TOLD_CONSENT_STATE_REFUSED &&
	    newer->state != TOLD_CONSENT_STATE_WITHDRAWN)
		return false;
	return newer->person == older->person && newer->given_utc_ms <= t &&
	       newer->given_utc_ms >= older->given_utc_ms && !told_ids_equal(newer->id, older->id);
}

bool told_consent_superseded(const struct told_hearing *h, const struct told_consent *consent)
{
	for (size_t i = h->superseding; i < h->q->consent_count; i++) {
		const struct told_consent *newer = &h->q->consents[i];
		if (told_id_set(newer->supersedes) && told_ids_equal(newer->supersedes, consent->id) &&
		    replaces(newer, consent, h->q->t_utc_ms))
			return true;
	}
	return false;
}

bool told_consent_names(const struct told_hearing *h, const struct told_consent *c)
{
	/* A wrap is the agency's; the ask that it answers is ruled with its team, and its agent keeps it to them. */
	bool grant = h->m->type == TOLD_TYPE_GRANT;
	for (size_t i = 0; i < c->recipient_count; i++) {
		const struct told_consent_recipient *r = &c->recipients[i];
		if (r->party == h->taker && (grant || !r->team || r->team == h->taker_team) &&
		    (grant || !r->role || r->role == h->taker_role))
			return true;
	}
	return false;
}

/* In a refusal an empty list means everything, and a party named is meant with all its teams. */
static bool refuses_recipient(const struct told_hearing *h, const struct told_consent *c)
{
	for (size_t i = 0; i < c->recipient_count; i++)
		if (c->recipients[i].party == h->taker)
			return true;
	return c->recipient_count == 0;
}

bool told_refusal_stands(const struct told_hearing *h, const struct told_consent *c)
{
	return c->state == TOLD_CONSENT_STATE_REFUSED &&
	       told_within(c->given_utc_ms, c->until_utc_ms, h->q->t_utc_ms) && refuses_recipient(h, c) &&
	       (!c->purposes || c->purposes & h->purposes) && told_consent_counts(h, c);
}

static bool withdrawal_is_of(const struct told_withdrawal_facts *w, const struct told_consent *c)
{
	return !told_id_set(w->consent_id) || told_ids_equal(w->consent_id, c->id);
}

static bool withdrawal_reaches(const struct told_hearing *h, const struct told_withdrawal_facts *w)
{
	return w->at_utc_ms <= h->q->t_utc_ms &&
	       (told_partyset_empty(&w->recipients) || told_partyset_has(&w->recipients, h->taker)) &&
	       (!w->purposes || w->purposes & h->purposes);
}

/* A permission given after a withdrawal of everything is a new one. */
bool told_consent_withdrawn(const struct told_hearing *h, const struct told_consent *c, unsigned category)
{
	if (c->state == TOLD_CONSENT_STATE_WITHDRAWN)
		return true;
	for (size_t i = 0; i < h->q->withdrawal_count; i++) {
		const struct told_withdrawal_facts *w = &h->q->withdrawals[i];
		if (!withdrawal_is_of(w, c) || !withdrawal_reaches(h, w) || c->given_utc_ms > w->at_utc_ms)
			continue;
		if (!category || told_catset_empty(&w->categories) || told_catset_has(&w->categories, category))
			return true;
	}
	return false;
}

static bool concerns(const struct told_hearing *h, const struct told_consent *c)
{
	return told_consent_names(h, c) && c->purposes & h->purposes;
}

/* A later yes for the same recipient and purpose ends what a withdrawal said. */
static bool given_since(const struct told_hearing *h, const struct told_consent *withdrawn)
{
	for (size_t i = 0; i < h->q->consent_count; i++) {
		const struct told_consent *c = &h->q->consents[i];
		if (c->state == TOLD_CONSENT_STATE_GIVEN && c->given_utc_ms > withdrawn->given_utc_ms &&
		    concerns(h, c) && told_consent_counts(h, c) && !told_consent_withdrawn(h, c, 0))
			return true;
	}
	return false;
}

static bool withdrawal_stands(const struct told_hearing *h, const struct told_consent *c)
{
	return (c->state == TOLD_CONSENT_STATE_GIVEN || c->state == TOLD_CONSENT_STATE_WITHDRAWN) && concerns(h, c) &&
	       told_consent_counts(h, c) && told_consent_withdrawn(h, c, 0) && !given_since(h, c);
}

bool told_person_said_no(const struct told_hearing *h, bool wishes_too, bool withdrawals_too)
{
	for (size_t i = 0; i < h->q->consent_count; i++) {
		const struct told_consent *c = &h->q->consents[i];
		if (c->kind == TOLD_CONSENT_KIND_WISH && !wishes_too)
			continue;
		if (told_refusal_stands(h, c) || (withdrawals_too && withdrawal_stands(h, c)))
			return true;
	}
	return false;
}

static const struct told_span six_months = {.count = 6, .unit = TOLD_SPAN_MONTHS};
static const struct told_span a_year = {.count = 12, .unit = TOLD_SPAN_MONTHS};

/* The longest times that agreement, flow and law allow a record, however many of them there are. */
static size_t longest(const struct told_hearing *h, const struct told_consent *c, const struct told_flow *flow,
		      struct told_span out[3])
{
	size_t count = 0;
	out[count++] = h->agreement->consent_max.unit != TOLD_SPAN_NONE ? h->agreement->consent_max : a_year;
	if (flow && flow->consent_max.unit != TOLD_SPAN_NONE)
		out[count++] = flow->consent_max;
	if (c->kind == TOLD_CONSENT_KIND_STATUTORY_UC)
		out[count++] = six_months;
	return count;
}

/* The earliest of its own end, its event and those. */
int64_t told_consent_end(const struct told_hearing *h, const struct told_consent *c, const struct told_flow *flow)
{
	struct told_span spans[3];
	int64_t end = c->until_utc_ms ? c->until_utc_ms : TOLD_FOREVER;
	if (c->ended_utc_ms && c->ended_utc_ms < end)
		end = c->ended_utc_ms;
	for (size_t count = longest(h, c, flow, spans); count > 0; count--) {
		int64_t most = told_span_after(c->given_utc_ms, spans[count - 1]);
		end = most < end ? most : end;
	}
	return end;
}

/* Asked of every record, so the calendar is opened only where it can make a difference. */
bool told_consent_over(const struct told_hearing *h, const struct told_consent *c, const struct told_flow *flow)
{
	struct told_span spans[3];
	int64_t t = h->q->t_utc_ms;
	bool over = (c->until_utc_ms && t >= c->until_utc_ms) || (c->ended_utc_ms && t >= c->ended_utc_ms);
	for (size_t count = longest(h, c, flow, spans); !over && count > 0; count--)
		over = told_span_over(c->given_utc_ms, spans[count - 1], t);
	return over;
}

/* A grant in force: given, specific, begun, not ended, not withdrawn. */
static bool live(const struct told_hearing *h, const struct told_consent *c, unsigned category)
{
	return c->state == TOLD_CONSENT_STATE_GIVEN &&
	       !(c->flags & (TOLD_CONSENT_NOT_FREE | TOLD_CONSENT_NOT_SPECIFIC)) && h->q->t_utc_ms >= c->given_utc_ms &&
	       h->q->t_utc_ms >= c->from_utc_ms && !told_consent_over(h, c, NULL) &&
	       !told_consent_withdrawn(h, c, category);
}

static bool opens(const struct told_hearing *h, const struct told_consent *c, const struct told_item *item)
{
	return c->kind != TOLD_CONSENT_KIND_WISH && c->evidence != TOLD_EVIDENCE_NONE && told_consent_names(h, c) &&
	       !(h->purposes & ~c->purposes) && told_catset_within(&item->leaves, &c->include) &&
	       !told_catset_meets(&item->leaves, &c->exclude) && live(h, c, item->facts->category);
}

bool told_other_permits(const struct told_hearing *h, const struct told_item *item)
{
	uint64_t other = item->facts->about;
	if (!other || other == TOLD_PERSON_OTHER || other == h->m->person)
		return false;
	for (size_t i = 0; i < h->q->consent_count; i++) {
		const struct told_consent *c = &h->q->consents[i];
		if (c->person == other && opens(h, c, item) && !told_consent_superseded(h, c))
			return true;
	}
	return false;
}

bool told_location_named(const struct told_hearing *h, const struct told_item *item)
{
	for (size_t i = 0; i < h->q->consent_count; i++) {
		const struct told_consent *c = &h->q->consents[i];
		if (c->location_named == h->taker && c->flags & TOLD_CONSENT_SEEN_ALONE && told_consent_counts(h, c) &&
		    opens(h, c, item))
			return true;
	}
	return false;
}
