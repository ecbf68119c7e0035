/* SPDX-License-Identifier: Apache-2.0 */
/* The twists: each changes one kind of fact. Out of range is allowed where bytes from outside could be. */
#include "decide/wild.h"

#include "support/support.h"

#include <string.h>

#define DAYS(n) ((int64_t)(n)*TOLD_MS_DAY)

static uint64_t below(uint64_t *random, uint64_t n)
{
	return told_test_random(random) % n;
}

static bool coin(uint64_t *random)
{
	return below(random, 2) == 0;
}

static int64_t some_time(uint64_t *random)
{
	static const int days[] = {-900, -400, -200, -40, -1, 0, 1, 40, 400};
	return below(random, 6) == 0 ? 0 : WORLD_T_UTC_MS + DAYS(days[below(random, 9)]);
}

static struct told_span some_span(uint64_t *random)
{
	return (struct told_span){.count = (uint32_t)(1 + below(random, 24)),
				  .unit = (uint8_t)below(random, TOLD_SPAN_YEARS + 1)};
}

static struct told_catset some_leaves(uint64_t *random, unsigned percent)
{
	struct told_catset set = {0};
	for (unsigned category = 1; category < TOLD_CATEGORY_COUNT; category++)
		if (below(random, 100) < percent)
			told_catset_add(&set, category);
	return set;
}

static struct told_partyset some_set(uint64_t *random)
{
	struct told_partyset set = {0};
	for (uint32_t party = 1; party <= WORLD_PARTIES; party++)
		if (below(random, 3) == 0)
			told_partyset_add(&set, party);
	return set;
}

/* ---- the message ---- */

static void twist_type(struct wild *x, uint64_t *random)
{
	x->w.q.message.type = (uint8_t)below(random, TOLD_TYPE_COUNT + 1);
}

static void twist_envelope(struct wild *x, uint64_t *random)
{
	struct told_message_facts *m = &x->w.q.message;
	switch (below(random, 6)) {
	case 0: m->faults = (uint8_t)below(random, 16); break;
	case 1: m->expires_utc_ms = some_time(random); break;
	case 2: m->created_utc_ms = some_time(random); break;
	case 3: m->purposes = (uint32_t)told_test_random(random); break;
	case 4: m->section_count = TOLD_SECTIONS_MAX + 1; break;
	default: m->section_count = 0; break;
	}
}

static void twist_purpose(struct wild *x, uint64_t *random)
{
	x->w.q.message.purposes = below(random, 8) ? TOLD_BIT32(1 + below(random, TOLD_PURPOSE_COUNT - 1)) : 0;
}

static void twist_override(struct wild *x, uint64_t *random)
{
	struct told_message_facts *m = &x->w.q.message;
	m->type = coin(random) ? TOLD_TYPE_ALERT : m->type;
	m->override = (struct told_override_facts){
		.kind = (uint8_t)below(random, TOLD_OVERRIDE_COUNT + 1),
		.at_risk = (uint8_t)below(random, 3),
		.reason_given = coin(random),
		.mandatory_report = below(random, 4) == 0,
		.do_not_notify = below(random, 4) == 0,
		.has_order = coin(random),
		.raised_utc_ms = some_time(random),
		.expires_utc_ms = some_time(random),
		.order_names = some_leaves(random, 40),
	};
	struct told_profile *p = &x->w.profiles[0][0];
	p->kind = below(random, 4) ? m->override.kind : (uint8_t)(1 + below(random, TOLD_OVERRIDE_COUNT - 1));
	p->mandatory_report = m->override.mandatory_report;
	p->any_data = below(random, 4) == 0;
	p->order_names = below(random, 4) == 0;
	p->anyone = below(random, 4) == 0;
	p->needs_reason = coin(random);
	p->others_own_basis = coin(random);
	p->second = coin(random) ? 0 : TOLD_BIT32(TOLD_ROLE_DSL);
	p->bars = (uint8_t)below(random, 256);
	p->expires = some_span(random);
	p->review = some_span(random);
	p->types = coin(random) ? UINT64_MAX : told_test_random(random);
	m->purposes = below(random, 4) ? m->purposes : 0;
	m->role = (uint8_t)(1 + below(random, TOLD_ROLE_COUNT - 1));
	m->authoriser = (uint32_t)below(random, 4);
}

static void twist_workers(struct wild *x, uint64_t *random)
{
	struct told_message_facts *m = &x->w.q.message;
	m->author = (uint32_t)below(random, 4);
	m->recipient_worker = (uint32_t)below(random, 4);
	m->role = (uint8_t)below(random, TOLD_ROLE_COUNT);
	x->w.workers[0].until_utc_ms = some_time(random);
	for (size_t i = 0; i < 3; i++)
		x->w.workers[i].human = (uint32_t)below(random, 3);
	x->w.workers[0].roles = UINT32_MAX;
	x->roles[0] = (struct told_role_facts){(uint32_t)below(random, 3), m->role, told_test_random(random)};
	x->roles[1] = (struct told_role_facts){(uint32_t)below(random, 3), (uint8_t)below(random, TOLD_ROLE_COUNT), 0};
	x->w.q.role_count = below(random, 3);
	x->excluded[0] = (uint32_t)below(random, 4);
	x->excluded[1] = (uint32_t)below(random, 4);
	x->w.q.person.excluded_worker_count = below(random, 3);
}

static void twist_basis(struct wild *x, uint64_t *random)
{
	struct told_basis_facts *b = &x->w.bases[0];
	uint8_t *const values[] = {&b->art6, &b->art9, &b->art10, &b->confidentiality, &b->power};
	*values[below(random, 5)] = (uint8_t)below(random, 10);
	b->rli_task = coin(random);
	b->rli_law = coin(random);
	b->rli_objective = coin(random);
	for (size_t i = 0; i < WORLD_FLOWS; i++) {
		struct told_basis_lists *lists = &x->w.flows[0][i].basis;
		struct told_grounds *const grounds[] = {&lists->art6, &lists->art9, &lists->art10,
							&lists->confidentiality, &lists->powers};
		for (size_t k = 0; k < 5; k++)
			if (coin(random))
				*grounds[k] = (struct told_grounds){1, {*values[k]}};
	}
	if (coin(random))
		x->w.sections[0].basis = 7;
}

static void twist_sections(struct wild *x, uint64_t *random)
{
	static const uint8_t often[] = {TOLD_CATEGORY_RSK_STAFF, TOLD_CATEGORY_PRF_ACC,   TOLD_CATEGORY_DEM_FORMER,
					TOLD_CATEGORY_REF_META,  TOLD_CATEGORY_FAM_LINK,  TOLD_CATEGORY_NARR,
					TOLD_CATEGORY_DEM_LOC,   TOLD_CATEGORY_SAF_MARAC, TOLD_CATEGORY_PLN};
	for (size_t i = 0; i < 8; i++) {
		struct told_section_facts *s = &x->w.sections[i];
		if (coin(random))
			continue;
		s->category = coin(random) ? often[below(random, 9)]
					   : (uint8_t)below(random, TOLD_CATEGORY_COUNT + (below(random, 9) == 0));
		s->flags = (uint32_t)told_test_random(random);
		s->bar = coin(random) ? 0 : (uint8_t)told_test_random(random);
		s->step = (uint16_t)below(random, 67);
		s->about = below(random, 4) == 0 ? TOLD_PERSON_OTHER : below(random, 3);
		s->told_by = below(random, 3);
		s->originator = (uint32_t)below(random, 4);
		s->recorded_utc_ms = some_time(random);
		s->incident_utc_ms = some_time(random);
		s->ends_utc_ms = some_time(random);
		s->authored = coin(random);
		s->smallest_cell = (uint32_t)below(random, 9);
		s->purposes = (uint32_t)told_test_random(random);
		if (below(random, 4) == 0)
			s->kind = (uint8_t)below(random, 4);
	}
}

static void twist_rights(struct wild *x, uint64_t *random)
{
	static const uint8_t types[] = {TOLD_TYPE_AUDIT_VIEW, TOLD_TYPE_SUBJECT_ACCESS, TOLD_TYPE_ERASURE,
					TOLD_TYPE_AGGREGATE,  TOLD_TYPE_CORRECTION,     TOLD_TYPE_WITHDRAWAL_NOTICE,
					TOLD_TYPE_WITHDRAWAL, TOLD_TYPE_PLAN_STEP,      TOLD_TYPE_GRANT,
					TOLD_TYPE_CONSENT};
	struct told_message_facts *m = &x->w.q.message;
	m->type = types[below(random, 10)];
	if (coin(random))
		m->author = 0;
	if (below(random, 3) == 0)
		m->recipient = 0;
	for (size_t i = 0; i < 8; i++) {
		struct told_section_facts *s = &x->w.sections[i];
		if (m->type == TOLD_TYPE_AUDIT_VIEW)
			s->kind = TOLD_SECTION_ROW;
		if (m->type == TOLD_TYPE_AGGREGATE)
			s->kind = TOLD_SECTION_COUNTS;
		s->flags = (uint32_t)told_test_random(random) & ~(uint32_t)(coin(random) ? TOLD_ROW_SAFE : 0);
		s->purposes = coin(random) ? 0 : TOLD_BIT32(TOLD_PURPOSE_MARAC);
	}
}

/* A plan for a supporter: steps ticked and not, within the permission's 64 and beyond. */
static void twist_plan(struct wild *x, uint64_t *random)
{
	x->w.q.message.type = TOLD_TYPE_PLAN_STEP;
	x->w.parties[0][1].marks = TOLD_MARK_PERSON;
	for (size_t i = 0; i < 8; i++)
		x->w.sections[i].step = (uint16_t)below(random, 70);
	for (size_t i = 0; i < x->w.q.consent_count; i++)
		x->w.consents[i].plan_steps = told_test_random(random);
}

/* How a referral stands, to whoever has to do with it and to others, as a service that reveals health says it. */
static void twist_standing(struct wild *x, uint64_t *random)
{
	for (size_t i = 0; i < 8; i++)
		x->w.sections[i].category = TOLD_CATEGORY_REF_META;
	for (size_t i = 0; i < WORLD_FLOWS; i++) {
		x->w.flows[0][i].basis.confidentiality =
			(struct told_grounds){1, {TOLD_CONFIDENTIALITY_NOT_CONFIDENTIAL}};
		told_catset_add(&x->w.flows[0][i].data, TOLD_CATEGORY_REF_META);
	}
	x->w.bases[0].confidentiality = TOLD_CONFIDENTIALITY_NOT_CONFIDENTIAL;
	x->w.parties[0][0].marks = TOLD_MARK_REVEALS;
	x->w.q.workflow.referral_state = (uint8_t)below(random, 5);
	x->w.q.workflow.referrer = (uint32_t)below(random, 4);
	x->w.q.workflow.referred_to = (uint32_t)below(random, 4);
}

/* ---- agreement and directory ---- */

static void twist_agreement(struct wild *x, uint64_t *random)
{
	struct told_agreement *a = &x->w.agreements[0];
	switch (below(random, 9)) {
	case 0: a->status = (uint8_t)below(random, 5); break;
	case 1: a->from_utc_ms = some_time(random); break;
	case 2: a->until_utc_ms = some_time(random); break;
	case 3: a->review_utc_ms = some_time(random); break;
	case 4: a->never_to = some_set(random); break;
	case 5: a->never_for = (uint32_t)told_test_random(random); break;
	case 6: x->w.q.message.agreement_version = 9; break;
	case 7: x->w.q.agreement_count = 0; break;
	default: a->consent_max = some_span(random); break;
	}
	a->review_late = (uint8_t)below(random, 3);
	a->assurance_late = (uint8_t)below(random, 3);
	a->grace = some_span(random);
	a->locate = some_set(random);
	a->seal = some_leaves(random, 10);
}

static void twist_versions(struct wild *x, uint64_t *random)
{
	for (size_t i = 0; i < x->w.q.agreement_count; i++) {
		x->w.facts[i].sender_signed = (uint32_t)below(random, 4);
		x->w.facts[i].recipient_signed = (uint32_t)below(random, 4);
		x->w.facts[i].sender_suspended = below(random, 8) == 0;
		x->w.facts[i].recipient_suspended = below(random, 8) == 0;
		x->w.agreements[i].version = (uint32_t)(1 + below(random, 3));
		if (i > 0 && coin(random))
			x->w.agreements[i].id = x->w.agreements[0].id;
		if (i > 0 && coin(random))
			x->w.agreements[i].under = x->w.agreements[0].id;
	}
	if (coin(random))
		x->w.q.message.agreement_version = x->w.agreements[0].version;
}

static void twist_flows(struct wild *x, uint64_t *random)
{
	for (size_t i = 0; i < WORLD_FLOWS; i++) {
		struct told_flow *f = &x->w.flows[0][i];
		f->types = coin(random) ? UINT64_MAX : told_test_random(random);
		f->consent = (uint8_t)below(random, TOLD_MODE_IMPLIED + 2);
		f->onward = (uint8_t)below(random, 2);
		f->marker = (uint8_t)below(random, 3);
		f->mandatory = some_leaves(random, coin(random) ? 0 : 4);
		f->verified = some_leaves(random, 20);
		f->warned = some_leaves(random, 20);
		f->bars = (uint8_t)told_test_random(random);
		f->counts = coin(random);
		f->smallest_cell = 5;
		f->needs_threshold = below(random, 4) == 0;
		f->consent_max = coin(random) ? some_span(random) : (struct told_span){0};
		f->ack = coin(random) ? some_span(random) : (struct told_span){0};
		f->lookbacks = x->lookbacks;
		f->lookback_count = below(random, 3);
		f->not_needed = x->not_needed;
		f->not_needed_count = below(random, 2);
	}
	for (size_t i = 0; i < 2; i++)
		x->lookbacks[i] = (struct told_lookback){some_leaves(random, 50), some_span(random)};
	x->not_needed[0] = (struct told_not_needed){some_leaves(random, 20), (uint32_t)told_test_random(random)};
}

static void twist_tables(struct wild *x, uint64_t *random)
{
	struct told_agreement *a = &x->w.agreements[0];
	for (uint32_t i = 0; i < 2; i++) {
		x->retentions[i] =
			(struct told_retention){some_leaves(random, 50), some_set(random), some_span(random), {0}};
		x->notices[i] = (struct told_notice){.version = i + 1,
						     .from_utc_ms = some_time(random),
						     .changed_from = some_set(random),
						     .changed_to = some_set(random),
						     .changed_purposes = coin(random) ? 0 : 1,
						     .changed_data = some_leaves(random, coin(random) ? 0 : 50)};
	}
	if (coin(random))
		x->retentions[0].parties = (struct told_partyset){{0}};
	x->thresholds[0] = (struct told_threshold_rule){.ways = (uint8_t)below(random, 16)};
	x->w.q.message.threshold_met = (uint8_t)below(random, 6);
	a->retentions = x->retentions;
	a->retention_count = below(random, 3);
	a->notices = x->notices;
	a->notice_count = below(random, 3);
	a->thresholds = x->thresholds;
	a->threshold_count = below(random, 2);
}

static void twist_parties(struct wild *x, uint64_t *random)
{
	for (unsigned i = 0; i < WORLD_PARTIES; i++) {
		struct told_party *p = &x->w.parties[0][i];
		p->marks = coin(random) ? (uint16_t)told_test_random(random) & 0x3ff : p->marks;
		p->nation = (uint8_t)below(random, 2);
		p->assurance_until_utc_ms = coin(random) ? some_time(random) : p->assurance_until_utc_ms;
		x->w.directory[i].standing = below(random, 4) ? TOLD_STANDING_ACTIVE : (uint8_t)below(random, 4);
		x->w.directory[i].operator= below(random, 4) == 0;
		x->w.directory[i].location_protected = below(random, 4) == 0;
	}
	if (coin(random))
		for (unsigned i = 0; i < 2; i++)
			x->w.parties[0][i].marks = TOLD_MARK_PUBLIC | TOLD_MARK_HSC | TOLD_MARK_DEA | TOLD_MARK_S213B;
	x->w.q.directory_count -= below(random, 3) == 0;
	if (coin(random))
		x->w.parties[0][1].party = 99;
}

static void twist_seats(struct wild *x, uint64_t *random)
{
	struct told_message_facts *m = &x->w.q.message;
	m->recipient = below(random, 4) ? m->recipient : 1;
	m->sender_team = (uint32_t)below(random, 3);
	m->recipient_team = (uint32_t)below(random, 3);
	m->recipient_role = (uint8_t)below(random, 3);
	x->recipients[0] = 2;
	x->recipients[1] = (uint32_t)(1 + below(random, WORLD_PARTIES + 1));
	m->recipients = x->recipients;
	m->recipient_count = 1 + below(random, 2);
	m->recipients_visible = coin(random);
}

/* ---- the person, their records, the workflow ---- */

static void twist_person(struct wild *x, uint64_t *random)
{
	struct told_person_facts *p = &x->w.q.person;
	p->matches = (uint32_t)below(random, 3);
	p->age = (uint8_t)below(random, 3);
	p->capacity = (uint8_t)below(random, 6);
	p->merge_pending = below(random, 4) == 0;
	p->location_protected = coin(random);
	p->died_utc_ms = below(random, 4) ? 0 : some_time(random);
	p->do_not_notify_since_utc_ms = coin(random) ? 0 : some_time(random);
	p->restriction_count = below(random, 3);
	for (size_t i = 0; i < 2; i++) {
		x->w.restrictions[i] =
			(struct told_restriction_facts){.kind = (uint8_t)(TOLD_FLAG_RESTRICTED + below(random, 3)),
							.state = (uint8_t)below(random, 5),
							.party = (uint32_t)below(random, 3),
							.purposes = coin(random) ? 0 : 1,
							.categories = some_leaves(random, coin(random) ? 0 : 30),
							.since_utc_ms = some_time(random)};
		x->holds[i] = (struct told_hold_facts){.kind = (uint8_t)(1 + below(random, 6)),
						       .since_utc_ms = some_time(random),
						       .until_utc_ms = some_time(random)};
	}
	p->hold_count = below(random, 3);
}

static void twist_record(struct wild *x, uint64_t *random, struct told_consent *c)
{
	c->kind = (uint8_t)below(random, TOLD_CONSENT_KIND_COUNT + 1);
	c->state = (uint8_t)below(random, TOLD_CONSENT_STATE_COUNT + 1);
	c->giver = (uint8_t)below(random, TOLD_GIVER_COUNT + 1);
	c->capacity = (uint8_t)below(random, 6);
	c->authority = (uint8_t)below(random, 4);
	c->flags = coin(random) ? 0 : (uint16_t)told_test_random(random) & 0xff;
	c->given_utc_ms = below(random, 4) ? c->given_utc_ms : some_time(random);
	c->person = below(random, 3);
	c->until_utc_ms = coin(random) ? 0 : some_time(random);
	if (below(random, 4) == 0)
		memcpy(c->supersedes, x->w.consents[below(random, 8)].id, sizeof c->supersedes);
	c->from_utc_ms = coin(random) ? 0 : some_time(random);
	c->ended_utc_ms = coin(random) ? 0 : some_time(random);
	c->data_from_utc_ms = coin(random) ? 0 : some_time(random);
	c->data_until_utc_ms = coin(random) ? 0 : some_time(random);
	c->notice_version = (uint32_t)below(random, 4);
	c->location_named = (uint32_t)below(random, 4);
	c->chosen = (uint32_t)below(random, 4);
	c->plan_steps = told_test_random(random);
	c->not_to = coin(random) ? (struct told_partyset){{0}} : some_set(random);
	c->not_from = coin(random) ? (struct told_partyset){{0}} : some_set(random);
	c->not_about = x->not_about;
	c->not_about_count = below(random, 3);
	c->recipient_count = below(random, 4);
	c->purposes = below(random, 4) ? UINT32_MAX : 0;
	if (below(random, 4) == 0)
		memset(&c->include, 0, sizeof c->include);
}

static void twist_consents(struct wild *x, uint64_t *random)
{
	x->not_about[0] = below(random, 3);
	x->not_about[1] = TOLD_PERSON_OTHER;
	for (size_t i = 0; i < x->w.q.consent_count; i++) {
		if (coin(random))
			twist_record(x, random, &x->w.consents[i]);
		for (size_t k = 0; k < 3; k++) {
			x->w.to[i][k].team = (uint32_t)below(random, 3);
			x->w.to[i][k].role = (uint8_t)below(random, 3);
		}
	}
}

static void twist_withdrawals(struct wild *x, uint64_t *random)
{
	x->w.q.withdrawal_count = 1 + below(random, 3);
	for (size_t i = 0; i < 4; i++) {
		struct told_withdrawal_facts *w = &x->w.withdrawals[i];
		*w = (struct told_withdrawal_facts){.recipients = coin(random) ? (struct told_partyset){{0}}
									       : some_set(random),
						    .purposes = coin(random) ? 0 : 1,
						    .categories = some_leaves(random, coin(random) ? 0 : 30),
						    .at_utc_ms = some_time(random)};
		w->consent_id[0] = (uint8_t)below(random, 4);
	}
}

static void twist_relationships(struct wild *x, uint64_t *random)
{
	static const uint8_t types[] = {TOLD_TYPE_ASK, TOLD_TYPE_KNOWN, TOLD_TYPE_GRANT};
	x->w.q.message.type = types[below(random, 3)];
	for (size_t i = 0; i < 3; i++) {
		x->w.relationships[i].kind = (uint8_t)below(random, 6);
		x->w.relationships[i].team = (uint32_t)below(random, 2);
		x->w.relationships[i].worker = (uint32_t)below(random, 3);
		x->w.relationships[i].person = 1 + below(random, 2);
		x->w.relationships[i].party = 1 + (uint32_t)below(random, 2);
	}
}

static void twist_workflow(struct wild *x, uint64_t *random)
{
	struct told_workflow_facts *f = &x->w.q.workflow;
	struct told_message_facts *m = &x->w.q.message;
	f->event = below(random, 8) == 0;
	f->ack_due_utc_ms = some_time(random);
	f->referral_state = (uint8_t)below(random, TOLD_REFERRAL_COUNT);
	f->open_duplicate = coin(random);
	f->referrer = (uint32_t)below(random, 3);
	f->referred_to = (uint32_t)below(random, 3);
	f->rests_on_consent = coin(random);
	f->consent_id[0] = (uint8_t)below(random, 4);
	f->about_known = coin(random);
	f->about_sender = (uint32_t)below(random, 3);
	f->about_recipients = some_set(random);
	f->about_released = some_leaves(random, 60);
	f->has_conference = coin(random);
	f->members = some_set(random);
	x->delivered_under[0][0] = (uint8_t)below(random, 4);
	f->delivered_under_count = below(random, 3);
	m->queued = coin(random);
	m->sets_state = (uint8_t)below(random, TOLD_REFERRAL_COUNT);
	m->reason = (uint8_t)below(random, TOLD_REASON_COUNT + 1);
	m->high_risk = (uint8_t)below(random, 3);
	m->attempts = (uint8_t)below(random, 5);
	m->ways = (uint8_t)below(random, 4);
	m->reviewer_named = coin(random);
	m->referrer_told = coin(random);
	f->referral_reason = (uint8_t)below(random, TOLD_REASON_COUNT);
	f->changed_utc_ms = some_time(random);
	m->detail = (uint8_t)below(random, TOLD_DETAIL_BACK + 1);
	m->service = (uint32_t)below(random, 4);
	m->due_utc_ms = coin(random) ? some_time(random) : 0;
	m->place_chosen = coin(random);
	m->through_others = coin(random);
	m->hard_asked = coin(random);
	m->message_left = coin(random);
	m->action_owner_count = below(random, 3);
	x->owners[0] = (uint32_t)(1 + below(random, WORLD_PARTIES + 1));
	x->owners[1] = 2;
	if (coin(random)) {
		static const uint8_t types[] = {TOLD_TYPE_REFERRAL_ANSWER, TOLD_TYPE_CANCEL,      TOLD_TYPE_CLOSURE,
						TOLD_TYPE_CONF_CALL,       TOLD_TYPE_CONF_ACTION, TOLD_TYPE_CONF_LIST,
						TOLD_TYPE_REFERRAL};
		m->type = types[below(random, 7)];
		m->reason = m->type == TOLD_TYPE_CLOSURE && coin(random) ? TOLD_REASON_DISENGAGED : m->reason;
	}
}

void wild_make(struct wild *x, uint64_t *random)
{
	static void (*const twists[])(struct wild *, uint64_t *) = {
		twist_type,     twist_envelope, twist_purpose,  twist_override,  twist_workers,     twist_basis,
		twist_sections, twist_rights,   twist_versions, twist_agreement, twist_flows,       twist_tables,
		twist_parties,  twist_seats,    twist_person,   twist_consents,  twist_withdrawals, twist_relationships,
		twist_workflow, twist_plan,     twist_standing,
	};
	memset(x, 0, sizeof *x);
	size_t sections = below(random, 64) ? 1 + below(random, 8) : TOLD_SECTIONS_MAX;
	world_make(&x->w, random, sections, 1 + below(random, 3), below(random, 8));
	x->w.q.roles = x->roles;
	x->w.q.person.holds = x->holds;
	x->w.q.person.excluded_workers = x->excluded;
	x->w.q.message.action_owners = x->owners;
	x->w.q.workflow.delivered_under = (const uint8_t(*)[TOLD_ID_BYTES])x->delivered_under;
	for (size_t i = 0; i < sizeof twists / sizeof twists[0]; i++)
		if (below(random, 6) == 0)
			twists[i](x, random);
}
