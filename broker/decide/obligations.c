/* SPDX-License-Identifier: Apache-2.0 */
/* Stage 9, obligations: what must be done because of a ruling, by whom, by when (decision.md 4.5).
 * Each is a small rule of its own; whoever cannot carry one out must not release. */
#include "broker/decide/hearing.h"

#include <assert.h>

static_assert(TOLD_OBLIGATIONS_MAX >= 3 * TOLD_SECTIONS_MAX + 32, "an obligation that is dropped is not carried out");

static const struct told_span one_hour = {.count = 1, .unit = TOLD_SPAN_HOURS};
static const struct told_span one_day = {.count = 24, .unit = TOLD_SPAN_HOURS};
static const struct told_span next_working_day = {.count = 1, .unit = TOLD_SPAN_WORKING_DAYS};
static const struct told_span two_working_days = {.count = 2, .unit = TOLD_SPAN_WORKING_DAYS};

#define CALL_AFTER_MS   (15 * TOLD_MS_MINUTE) /* practice.md section 1 */
#define RENEW_BEFORE_MS (30 * TOLD_MS_DAY)

static void oblige(struct told_decision *out, unsigned kind, unsigned who, uint32_t party, int64_t due, unsigned detail)
{
	if (out->obligation_count == TOLD_OBLIGATIONS_MAX)
		return;
	out->obligations[out->obligation_count++] = (struct told_obligation){.kind = (uint8_t)kind,
									     .who = (uint8_t)who,
									     .detail = (uint16_t)detail,
									     .party = party,
									     .due_utc_ms = due};
}

static bool section_went(const struct told_decision *out, size_t index)
{
	return out->sections[index].effect == TOLD_SECTION_EFFECT_RELEASE;
}

static bool anything_went(const struct told_decision *out)
{
	return out->effect == TOLD_EFFECT_RELEASE || out->effect == TOLD_EFFECT_PARTIAL;
}

static bool category_went(const struct told_hearing *h, const struct told_decision *out, unsigned category)
{
	for (size_t i = 0; i < h->item_count; i++)
		if (section_went(out, i) && told_catset_has(&h->items[i].leaves, category))
			return true;
	return false;
}

static bool has(const struct told_hearing *h, unsigned code)
{
	return told_codeset_has(&h->failed, code) || told_codeset_has(&h->noticed, code);
}

static bool overridden(const struct told_hearing *h, const struct told_decision *out)
{
	return h->overriding && h->profile && anything_went(out);
}

/* ---- the record: receipt, retention, marker ---- */

static void receipt(const struct told_hearing *h, struct told_decision *out)
{
	oblige(out, TOLD_OBLIGATION_RECEIPT, TOLD_WHO_BROKER, h->m->sender, 0, 0);
}

static int64_t retained_until(const struct told_hearing *h, const struct told_item *item)
{
	for (size_t i = 0; i < h->agreement->retention_count; i++) {
		const struct told_retention *r = &h->agreement->retentions[i];
		if (told_catset_meets(&r->data, &item->leaves) &&
		    (told_partyset_empty(&r->parties) || told_partyset_has(&r->parties, h->taker)))
			return told_span_after(h->q->t_utc_ms, r->span);
	}
	return 0;
}

static void retention(const struct told_hearing *h, struct told_decision *out)
{
	int64_t longest = 0;
	bool went = false;
	for (size_t i = 0; i < h->item_count; i++) {
		if (!section_went(out, i))
			continue;
		int64_t until = retained_until(h, &h->items[i]);
		out->sections[i].retain_until_utc_ms = until;
		longest = until > longest ? until : longest;
		went = true;
	}
	if (went)
		oblige(out, TOLD_OBLIGATION_RETAIN_UNTIL, TOLD_WHO_WORKER, h->taker, longest, 0);
}

/* Generic unless the flow says otherwise; a marker per section never names SAF, MH or SUD. */
static unsigned marker_of(const struct told_item *item)
{
	unsigned category = item->facts->category;
	unsigned marker = item->flow ? item->flow->marker : TOLD_PARCEL_MARKER_GENERIC;
	bool unnameable = (category >= TOLD_CATEGORY_SAF_ADULT && category <= TOLD_CATEGORY_SAF_MARAC) ||
			  (category >= TOLD_CATEGORY_MH_PROB && category <= TOLD_CATEGORY_SUD_ATT);
	return marker == TOLD_PARCEL_MARKER_PER_SECTION && unnameable ? TOLD_PARCEL_MARKER_GENERIC : marker;
}

static void marker(const struct told_hearing *h, struct told_decision *out)
{
	if (out->effect != TOLD_EFFECT_PARTIAL || h->traits & TOLD_TRAIT_RIGHT)
		return;
	unsigned marker = TOLD_PARCEL_MARKER_PER_SECTION;
	for (size_t i = 0; i < h->item_count; i++)
		if (!section_went(out, i) && marker_of(&h->items[i]) != TOLD_PARCEL_MARKER_PER_SECTION)
			marker = marker_of(&h->items[i]);
	oblige(out, TOLD_OBLIGATION_MARKER, TOLD_WHO_BROKER, h->taker, 0, marker);
}

/* ---- holds: who must act, by when ---- */

/* A permission that begins later cures by itself, on the day that it begins. */
static int64_t begins(const struct told_hearing *h)
{
	int64_t from = 0;
	for (size_t i = 0; i < h->item_count; i++)
		if (h->items[i].consent && h->items[i].consent->from_utc_ms > from)
			from = h->items[i].consent->from_utc_ms;
	return from;
}

static int64_t cure_due(const struct told_hearing *h, unsigned code)
{
	struct told_span span = next_working_day;
	bool formality = code == TOLD_OVR_03 || code == TOLD_OVR_04 || code == TOLD_PTY_05;
	if (code == TOLD_OVR_09)
		span = one_hour;
	else if (formality && h->m->override.kind == TOLD_OVERRIDE_VITAL)
		span = one_day;
	int64_t due = code == TOLD_CON_05 ? begins(h) : told_span_after(h->q->t_utc_ms, span);
	return h->m->expires_utc_ms && h->m->expires_utc_ms < due ? h->m->expires_utc_ms : due;
}

static const uint8_t who_cures[TOLD_CURE_COUNT] = {
	[TOLD_CURE_SENDER] = TOLD_WHO_AUTHOR,
	[TOLD_CURE_SENDER_AGENCY] = TOLD_WHO_WORKER,
	[TOLD_CURE_EITHER_AGENCY] = TOLD_WHO_SPOC,
	[TOLD_CURE_REQUESTER] = TOLD_WHO_WORKER,
	[TOLD_CURE_ORIGINATOR] = TOLD_WHO_WORKER,
	[TOLD_CURE_AUTHOR_OF_SECTION] = TOLD_WHO_WORKER,
	[TOLD_CURE_SENIOR] = TOLD_WHO_SENIOR,
	[TOLD_CURE_ON_CALL] = TOLD_WHO_ON_CALL,
	[TOLD_CURE_DPO] = TOLD_WHO_DPO,
	[TOLD_CURE_CALDICOTT] = TOLD_WHO_CALDICOTT,
	[TOLD_CURE_IG_LEAD] = TOLD_WHO_SPOC,
	[TOLD_CURE_BOTH_SPOCS] = TOLD_WHO_SPOC,
	[TOLD_CURE_OPERATOR] = TOLD_WHO_OPERATOR,
};

static void cure(const struct told_hearing *h, struct told_decision *out, const struct told_code_row *row)
{
	bool both = row->cure == TOLD_CURE_BOTH_SPOCS || row->cure == TOLD_CURE_EITHER_AGENCY ||
		    row->cure == TOLD_CURE_IG_LEAD;
	uint32_t party = row->cure == TOLD_CURE_OPERATOR ? 0 : h->m->sender;
	int64_t due = cure_due(h, row->code);
	oblige(out, TOLD_OBLIGATION_CURE_BY, who_cures[row->cure], party, due, row->code);
	if (both)
		oblige(out, TOLD_OBLIGATION_CURE_BY, who_cures[row->cure], h->m->recipient, due, row->code);
}

static bool may_hold(const struct told_code_row *row)
{
	for (const char *c = row->effects; *c; c++)
		if (*c == 'H' || *c == 'h')
			return true;
	return false;
}

static void cures(const struct told_hearing *h, struct told_decision *out)
{
	bool held = out->effect == TOLD_EFFECT_HOLD;
	for (size_t i = 0; i < h->item_count; i++)
		held |= out->sections[i].effect == TOLD_SECTION_EFFECT_HOLD;
	for (size_t i = 0; held && i < out->code_count; i++) {
		const struct told_code_row *row = told_code_row(out->codes[i]);
		if (may_hold(row) && told_codeset_has(&h->failed, row->code))
			cure(h, out, row);
	}
}

/* ---- what goes with what went ---- */

static void referral(const struct told_hearing *h, struct told_decision *out)
{
	if (h->m->type != TOLD_TYPE_REFERRAL || !anything_went(out))
		return;
	struct told_span span = two_working_days;
	for (size_t i = 0; i < h->item_count; i++)
		if (section_went(out, i) && h->items[i].flow && h->items[i].flow->ack.unit != TOLD_SPAN_NONE)
			span = h->items[i].flow->ack;
	oblige(out, TOLD_OBLIGATION_ACK_BY, TOLD_WHO_WORKER, h->taker, told_span_after(h->q->t_utc_ms, span), 0);
	bool access = false;
	for (size_t i = 0; i < h->item_count; i++)
		access |= told_catset_has(&h->items[i].leaves, TOLD_CATEGORY_PRF_ACC);
	if (!access)
		oblige(out, TOLD_OBLIGATION_ASK_ACCESS, TOLD_WHO_AUTHOR, h->m->sender, 0, 0);
}

static void call_if_unopened(const struct told_hearing *h, struct told_decision *out)
{
	bool alert = h->m->type == TOLD_TYPE_ALERT && anything_went(out);
	if (alert || category_went(h, out, TOLD_CATEGORY_RSK_SELF))
		oblige(out, TOLD_OBLIGATION_CALL_IF_UNOPENED, TOLD_WHO_AUTHOR, h->m->sender,
		       h->q->t_utc_ms + CALL_AFTER_MS, 0);
}

static void originators(const struct told_hearing *h, struct told_decision *out)
{
	for (size_t i = 0; i < h->item_count; i++) {
		uint32_t from = h->items[i].facts->originator;
		if (!section_went(out, i) || !from || from == h->giver)
			continue;
		oblige(out, TOLD_OBLIGATION_NO_ONWARD, TOLD_WHO_WORKER, h->taker, 0, (unsigned)i);
		if (h->overriding && !(h->items[i].facts->flags & TOLD_SECTION_ONWARD))
			oblige(out, TOLD_OBLIGATION_TELL_ORIGINATOR, TOLD_WHO_WORKER, from, 0, (unsigned)i);
	}
}

struct told_catset told_sealed_to_contact(const struct told_agreement *agreement)
{
	struct told_catset sealed = agreement != NULL ? agreement->seal : (struct told_catset){{0}};
	told_catset_add(&sealed, TOLD_CATEGORY_SAF_DA);
	told_catset_add(&sealed, TOLD_CATEGORY_SAF_MARAC);
	told_catset_add(&sealed, TOLD_CATEGORY_DEM_LOC);
	return sealed;
}

static void seal_contact(const struct told_hearing *h, struct told_decision *out)
{
	struct told_catset sealed = told_sealed_to_contact(h->agreement);
	for (size_t i = 0; h->traits & TOLD_TRAIT_CONF && i < h->item_count; i++)
		if (section_went(out, i) && told_catset_meets(&sealed, &h->items[i].leaves))
			oblige(out, TOLD_OBLIGATION_SEAL_CONTACT, TOLD_WHO_WORKER, h->taker, 0, (unsigned)i);
}

/* ---- afterwards: reviews, and who is told ---- */

static int64_t next_quiet_review(int64_t since, int64_t t)
{
	struct told_span span = {.count = 3, .unit = TOLD_SPAN_MONTHS};
	int64_t due = told_span_after(since, span);
	while (due <= t && span.count < TOLD_SPAN_COUNT_MAX - 6) {
		span.count += 6;
		due = told_span_after(since, span);
	}
	return due;
}

static void reviews(const struct told_hearing *h, struct told_decision *out)
{
	int64_t t = h->q->t_utc_ms;
	if (overridden(h, out)) {
		struct told_span span = h->profile->review;
		bool vital = h->profile->kind == TOLD_OVERRIDE_VITAL;
		if (has(h, TOLD_OVR_03) || has(h, TOLD_OVR_04))
			span = vital ? one_day : next_working_day;
		if (span.unit != TOLD_SPAN_NONE)
			oblige(out, TOLD_OBLIGATION_REVIEW_BY, TOLD_WHO_SENIOR, h->m->sender, told_span_after(t, span),
			       0);
	}
	int64_t since = h->q->person.do_not_notify_since_utc_ms;
	if (!since && h->m->override.do_not_notify)
		since = t;
	if (since && anything_went(out))
		oblige(out, TOLD_OBLIGATION_REVIEW_BY, TOLD_WHO_SENIOR, h->m->sender, next_quiet_review(since, t), 0);
}

static const struct told_consent *about_consent(const struct told_hearing *h)
{
	for (size_t i = 0; h->q->workflow.rests_on_consent && i < h->q->consent_count; i++)
		if (told_ids_equal(h->q->consents[i].id, h->q->workflow.consent_id))
			return &h->q->consents[i];
	return NULL;
}

static void tell_person(const struct told_hearing *h, struct told_decision *out)
{
	bool quiet = h->q->person.do_not_notify_since_utc_ms || h->m->override.do_not_notify;
	const struct told_consent *withdrawn = h->m->type == TOLD_TYPE_WITHDRAWAL ? about_consent(h) : NULL;
	bool must_act = withdrawn && withdrawn->purposes & TOLD_BIT32(TOLD_PURPOSE_EMPSUP);
	if ((overridden(h, out) && !quiet) || must_act)
		oblige(out, TOLD_OBLIGATION_NOTIFY_PERSON, TOLD_WHO_AUTHOR, h->m->sender, 0, 0);
}

/* What stage 0 finds is never a notice: it stops under every override. */
static bool formal_notice(const struct told_hearing *h)
{
	for (unsigned w = 0; w < 2; w++)
		for (uint64_t bits = h->noticed.w[w]; bits; bits &= bits - 1) {
			const struct told_code_row *row = told_code_at(w * 64 + (unsigned)__builtin_ctzll(bits));
			if (row->stage <= TOLD_STAGE_LAW)
				return true;
		}
	return false;
}

static void tell_officers(const struct told_hearing *h, struct told_decision *out)
{
	bool law = overridden(h, out) && h->m->override.kind == TOLD_OVERRIDE_LAW;
	bool health = false;
	for (size_t i = 0; i < h->item_count; i++)
		health |= section_went(out, i) && h->items[i].health;
	if (formal_notice(h) || law) {
		oblige(out, TOLD_OBLIGATION_NOTIFY_DPO, TOLD_WHO_DPO, h->giver, 0, 0);
		oblige(out, TOLD_OBLIGATION_NOTIFY_DPO, TOLD_WHO_DPO, h->taker, 0, 0);
	}
	if (has(h, TOLD_SUB_04) || (overridden(h, out) && health))
		oblige(out, TOLD_OBLIGATION_NOTIFY_CALDICOTT, TOLD_WHO_CALDICOTT, h->m->sender, 0, 0);
}

/* ---- permissions: renewing them, and telling who holds something under one that has ended ---- */

static bool under_older_notice(const struct told_hearing *h, const struct told_consent *c)
{
	for (size_t i = 0; i < h->agreement->notice_count; i++)
		if (h->agreement->notices[i].version > c->notice_version &&
		    h->q->t_utc_ms >= h->agreement->notices[i].from_utc_ms)
			return true;
	return false;
}

static void renewals(const struct told_hearing *h, struct told_decision *out)
{
	int64_t soonest = has(h, TOLD_CON_04) ? h->q->t_utc_ms : TOLD_FOREVER;
	const struct told_consent *last = NULL;
	for (size_t i = 0; i < h->item_count; i++) {
		const struct told_item *item = &h->items[i];
		if (!section_went(out, i) || !item->consent || item->consent == last)
			continue;
		last = item->consent;
		int64_t end = told_consent_end(h, last, item->flow);
		bool soon = end - h->q->t_utc_ms <= RENEW_BEFORE_MS;
		if ((soon || under_older_notice(h, last)) && end < soonest)
			soonest = end;
	}
	if (soonest != TOLD_FOREVER)
		oblige(out, TOLD_OBLIGATION_RENEW_CONSENT, TOLD_WHO_AUTHOR, h->m->sender, soonest, 0);
}

static bool delivered_under(const struct told_hearing *h, const uint8_t id[TOLD_ID_BYTES])
{
	for (size_t i = 0; i < h->q->workflow.delivered_under_count; i++)
		if (told_ids_equal(h->q->workflow.delivered_under[i], id))
			return true;
	return false;
}

/* Withdrawn, ended, or narrowed by the record that replaced it. */
static bool holders_must_stop(const struct told_hearing *h, const struct told_item *item)
{
	if (!item->consent)
		return false;
	if (item->code == TOLD_CON_03 || item->code == TOLD_CON_04)
		return delivered_under(h, item->consent->id);
	return item->code == TOLD_CON_10 && told_id_set(item->consent->supersedes) &&
	       delivered_under(h, item->consent->supersedes);
}

static void stops(const struct told_hearing *h, struct told_decision *out)
{
	bool stop = h->m->type == TOLD_TYPE_WITHDRAWAL && delivered_under(h, h->q->workflow.consent_id);
	for (size_t i = 0; i < h->item_count; i++)
		stop |= holders_must_stop(h, &h->items[i]);
	if (stop)
		oblige(out, TOLD_OBLIGATION_TELL_RECIPIENTS_STOP, TOLD_WHO_BROKER, h->taker, 0, 0);
}

void told_set_obligations(const struct told_hearing *h, struct told_decision *out)
{
	static void (*const rules[])(const struct told_hearing *, struct told_decision *) = {
		receipt, retention,   marker,        cures,    referral, call_if_unopened, originators, seal_contact,
		reviews, tell_person, tell_officers, renewals, stops,
	};
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		rules[i](h, out);
}

const char *told_obligation_word(unsigned kind)
{
	static const char *const words[TOLD_OBLIGATION_COUNT] = {
#define X(number, name, word) [TOLD_OBLIGATION_##name] = word,
		TOLD_OBLIGATIONS(X)
#undef X
	};
	return kind > 0 && kind < TOLD_OBLIGATION_COUNT ? words[kind] : "?";
}
