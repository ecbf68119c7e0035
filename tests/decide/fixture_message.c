/* SPDX-License-Identifier: Apache-2.0 */
/* The message of a case with its sections, override and workers, and the legal basis it states where the case says
 * nothing: that of the flow or profile that carries each section, the first where several are listed. */
#include "decide/fixture_parts.h"

#include <stdio.h>
#include <string.h>

static const char *section_label(struct fixture *f, const struct told_node *n)
{
	struct told_buf label = TOLD_BUF(256);
	const struct told_node *extra = told_node_get(n, "label"), *row = told_node_get(n, "row");
	const struct told_node *category = n->kind == TOLD_NODE_SCALAR ? n : told_node_get(n, "category");
	if (row || fixture_yes(n, "counts"))
		told_buf_put_text(&label, row ? fixture_text(f, row) : "counts");
	else
		told_buf_put_text(&label, fixture_text(f, category));
	if (extra)
		told_buf_printf(&label, "/%s", fixture_text(f, extra));
	const char *text = told_arena_text(f->arena, told_buf_view(&label));
	told_buf_free(&label);
	return text;
}

static void read_person_ref(struct fixture *f, const struct told_node *n, const char *key, uint64_t *out)
{
	const struct told_node *value = told_node_get(n, key);
	if (value)
		*out = fixture_name(f, f->persons, value->text);
	if (*out == f->q.message.person)
		*out = 0;
}

static void read_row(struct fixture *f, struct told_section_facts *s, const struct told_node *n)
{
	s->kind = TOLD_SECTION_ROW;
	s->category = (uint8_t)fixture_value(f, n, "category", TOLD_LIST_CATEGORY, 0);
	s->purposes = fixture_purposes(f, told_node_get(n, "for"));
	s->flags = (fixture_yes(n, "safe") ? TOLD_ROW_SAFE : 0) |
		   (fixture_yes(n, "specialist") ? TOLD_ROW_SPECIALIST : 0) |
		   (fixture_yes(n, "do-not-notify") ? TOLD_ROW_DO_NOT_NOTIFY : 0) |
		   (fixture_yes(n, "not-theirs") ? TOLD_ROW_NOT_THEIRS : 0);
}

static uint8_t read_bars(struct fixture *f, const struct told_node *n)
{
	const struct told_node *bar = told_node_get(n, "bar");
	if (!bar)
		return 0;
#define X(bit, name, word, agree)                                                                                      \
	if (told_bytes_equal(bar->text, told_text(word)))                                                              \
		return TOLD_BAR_##name;
	TOLD_BARS(X)
#undef X
	fixture_fail(f, "line %u: \"%s\" is no statutory bar", bar->at.line, fixture_text(f, bar));
	return 0;
}

static void read_story(struct fixture *f, struct told_section_facts *s, const struct told_node *n)
{
	s->category = (uint8_t)fixture_value(f, n, "category", TOLD_LIST_CATEGORY, 0);
	s->classified = fixture_data(f, told_node_get(n, "classified"));
	s->originator = fixture_party(f, n, "originator");
	s->recorded_utc_ms = fixture_time(f, n, "recorded", s->recorded_utc_ms, false);
	s->incident_utc_ms = fixture_time(f, n, "incident", 0, false);
	s->ends_utc_ms = fixture_time(f, n, "ends", 0, true);
	s->step = (uint16_t)fixture_number(f, n, "step", 0);
	s->bar = read_bars(f, n);
	read_person_ref(f, n, "about", &s->about);
	read_person_ref(f, n, "told-by", &s->told_by);
	if (fixture_is(n, "onward", "no"))
		s->flags &= ~(unsigned)TOLD_SECTION_ONWARD;
	if (fixture_is(n, "verified", "no"))
		s->flags &= ~(unsigned)TOLD_SECTION_VERIFIED;
	s->flags |= (fixture_yes(n, "confidential") ? TOLD_SECTION_CONFIDENTIAL : 0) |
		    (fixture_yes(n, "locates") ? TOLD_SECTION_LOCATES : 0) |
		    (fixture_yes(n, "restricted") ? TOLD_SECTION_RESTRICTED : 0);
}

static void read_section(struct fixture *f, struct told_section_facts *s, const struct told_node *n)
{
	s->voice = TOLD_VOICE_PERSON;
	s->authored = true;
	s->flags = TOLD_SECTION_ONWARD | TOLD_SECTION_VERIFIED;
	if (told_date_parse(told_text("2026-11-01"), &s->recorded_utc_ms) != TOLD_OK)
		fixture_fail(f, "the default date cannot be read");
	if (n->kind == TOLD_NODE_SCALAR) {
		s->category = (uint8_t)told_value(TOLD_LIST_CATEGORY, n->text);
		if (!s->category)
			fixture_fail(f, "line %u: \"%s\" is no category", n->at.line, fixture_text(f, n));
	} else if (told_node_get(n, "row")) {
		read_row(f, s, n);
	} else if (fixture_yes(n, "counts")) {
		s->kind = TOLD_SECTION_COUNTS;
		s->smallest_cell = (uint32_t)fixture_number(f, n, "smallest-cell", 0);
	} else {
		read_story(f, s, n);
	}
}

static void read_sections(struct fixture *f, const struct told_node *list)
{
	struct told_section_facts *all = fixture_room(f, fixture_count(list), sizeof *all);
	f->labels = fixture_room(f, fixture_count(list), sizeof *f->labels);
	f->q.message.sections = all;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		size_t i = f->q.message.section_count++;
		read_section(f, &all[i], n);
		all[i].basis = (uint16_t)i;
		f->labels[i] = section_label(f, n);
	}
}

/* Live, of the sending party, and human enough to be somebody else than every other number. */
static uint32_t enlist(struct fixture *f, const struct told_node *n, const char *fallback, unsigned role, int64_t until)
{
	struct told_worker_facts *all = f->enlisted;
	struct told_bytes number = n ? n->text : told_text(fallback);
	uint32_t worker = fixture_name(f, f->workers, number);
	for (size_t i = 0; i < f->q.worker_count; i++)
		if (all[i].worker == worker)
			return worker;
	all[f->q.worker_count++] = (struct told_worker_facts){
		.worker = worker,
		.human = worker,
		.party = f->q.message.sender,
		.roles = TOLD_BIT32(role),
		.number = number,
		.until_utc_ms = until,
	};
	return worker;
}

static void read_workers(struct fixture *f, const struct told_node *n)
{
	struct told_message_facts *m = &f->q.message;
	const struct told_node *override = told_node_get(n, "override"), *second = told_node_get(override, "second");
	f->q.workers = f->enlisted;
	m->role = (uint8_t)fixture_value(f, n, "role", TOLD_LIST_ROLE, TOLD_ROLE_PRACTITIONER);
	m->author = enlist(f, told_node_get(n, "author"), "U1", m->role, fixture_time(f, n, "author-left", 0, false));
	if (fixture_is(n, "from", "broker"))
		m->author = 0;
	if (second)
		m->authoriser =
			enlist(f, second, "", fixture_value(f, override, "second-role", TOLD_LIST_ROLE, m->role),
			       fixture_time(f, override, "second-left", 0, false));
	const struct told_node *to = told_node_get(n, "to-worker");
	if (to)
		m->recipient_worker = fixture_name(f, f->workers, to->text);
}

static void read_override(struct fixture *f, const struct told_node *n)
{
	struct told_override_facts *o = &f->q.message.override;
	if (!n)
		return;
	o->kind = (uint8_t)fixture_value(f, n, "kind", TOLD_LIST_OVERRIDE, 0);
	o->reason_given = !fixture_is(n, "reason", "none");
	o->at_risk = fixture_is(n, "at-risk", "self-only") ? TOLD_AT_RISK_SELF_ONLY : TOLD_AT_RISK_OTHERS_TOO;
	o->mandatory_report = fixture_yes(n, "mandatory-report");
	o->do_not_notify = fixture_yes(n, "do-not-notify");
	o->order_names = fixture_data(f, told_node_get(n, "order-names"));
	o->has_order = told_node_get(n, "order-names") != NULL;
	o->raised_utc_ms = fixture_time(f, n, "raised", f->q.t_utc_ms, false);
	o->expires_utc_ms = fixture_time(f, n, "expires", 0, true);
}

static void read_coded_facts(struct fixture *f, const struct told_node *n)
{
	static const char *const ways[] = {"none", "score", "judgement", "escalation", "repeat"};
	static const struct {
		const char *word;
		uint8_t fault;
	} faults[] = {{"signature", TOLD_FAULT_SIGNATURE},
		      {"replay", TOLD_FAULT_REPLAY},
		      {"malformed", TOLD_FAULT_MALFORMED},
		      {"digest", TOLD_FAULT_DIGEST}};
	struct told_message_facts *m = &f->q.message;
	for (uint8_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
		if (fixture_is(n, "threshold-met", ways[i]))
			m->threshold_met = i;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		if (fixture_is(n, "fault", faults[i].word))
			m->faults |= faults[i].fault;
	m->sets_state = (uint8_t)fixture_value(f, n, "sets-state", TOLD_LIST_REFERRAL, 0);
	m->reason = (uint8_t)fixture_value(f, n, "reason", TOLD_LIST_REASON, 0);
	m->attempts = (uint8_t)fixture_number(f, n, "attempts", 0);
	m->ways = (uint8_t)fixture_number(f, n, "ways", 0);
	m->high_risk = fixture_is(n, "high-risk", "no") ? TOLD_YES_NO_NO
		       : fixture_yes(n, "high-risk")    ? TOLD_YES_NO_YES
							: 0;
	m->reviewer_named = fixture_yes(n, "reviewer-named");
	m->referrer_told = fixture_yes(n, "referrer-told");
	m->queued = fixture_yes(n, "queued");
	m->recipients_visible = fixture_yes(n, "recipients-visible");
}

void fixture_read_message(struct fixture *f, const struct told_node *n)
{
	struct told_message_facts *m = &f->q.message;
	const struct told_node *to = told_node_get(n, "to"), *from = told_node_get(n, "from");
	m->person = 1;
	m->type = (uint8_t)fixture_value(f, n, "type", TOLD_LIST_TYPE, TOLD_TYPE_REFERRAL);
	m->sender = from ? fixture_party_team(f, from->text, &m->sender_team) : 0;
	for (const struct told_node *r = to ? to->first : NULL; r && f->recipient_count < TOLD_RECIPIENTS_MAX;
	     r = r->next) {
		f->recipients[f->recipient_count] =
			fixture_party_team(f, r->text, &f->recipient_teams[f->recipient_count]);
		f->recipient_count++;
	}
	m->recipients = f->recipients;
	m->recipient_count = f->recipient_count;
	m->purposes = fixture_purposes(f, told_node_get(n, "for"));
	m->created_utc_ms = fixture_time(f, n, "created", f->q.t_utc_ms, false);
	m->expires_utc_ms = fixture_time(f, n, "expires", m->created_utc_ms + 7 * TOLD_MS_DAY, true);
	read_workers(f, n);
	read_override(f, told_node_get(n, "override"));
	read_coded_facts(f, n);
	read_sections(f, told_node_get(n, "sections"));
}

/* ---- the legal basis stated ---- */

static int fit(const struct told_flow *flow, const struct told_message_facts *m, uint32_t giver, uint32_t taker,
	       const struct told_section_facts *s)
{
	if (!told_partyset_has(&flow->from, giver) || !told_partyset_has(&flow->to, taker))
		return 0;
	return 1 + 4 * (told_catset_has(&flow->data, s->category) || s->kind == TOLD_SECTION_COUNTS) +
	       2 * !(m->purposes & ~flow->purposes) + 2 * ((flow->types & TOLD_BIT64(m->type)) != 0);
}

static const struct told_basis_lists *carrier(const struct fixture *f, const struct told_section_facts *s)
{
	const struct told_message_facts *m = &f->q.message;
	bool asked = m->type == TOLD_TYPE_ASK || m->type == TOLD_TYPE_KNOWN;
	uint32_t giver = asked ? m->recipient : m->sender, taker = asked ? m->sender : m->recipient;
	const struct told_agreement *a = f->agreement_count ? f->loaded[0] : NULL;
	const struct told_basis_lists *best = NULL;
	int score = 0;
	for (size_t i = 0; a && m->override.kind && i < a->profile_count; i++)
		if (a->profiles[i].kind == m->override.kind && told_partyset_has(&a->profiles[i].to, taker) &&
		    a->profiles[i].mandatory_report == m->override.mandatory_report)
			return &a->profiles[i].basis;
	for (size_t i = 0; a && i < a->flow_count; i++) {
		int now = fit(&a->flows[i], m, giver, taker, s);
		if (now > score) {
			score = now;
			best = &a->flows[i].basis;
		}
	}
	return best ? best : a && a->flow_count ? &a->flows[0].basis : NULL;
}

static uint8_t first_of(const struct told_grounds *list)
{
	return list->count ? list->value[0] : 0;
}

static struct told_basis_facts default_basis(const struct fixture *f, const struct told_section_facts *s)
{
	const struct told_basis_lists *from = carrier(f, s);
	if (!from)
		return (struct told_basis_facts){.art6 = TOLD_ART6_E,
						 .art9 = TOLD_ART9_G_6,
						 .confidentiality = TOLD_CONFIDENTIALITY_EXPLICIT_CONSENT};
	return (struct told_basis_facts){.art6 = first_of(&from->art6),
					 .art9 = first_of(&from->art9),
					 .art10 = first_of(&from->art10),
					 .confidentiality = first_of(&from->confidentiality),
					 .power = first_of(&from->powers)};
}

void fixture_state_bases(struct fixture *f)
{
	struct told_message_facts *m = &f->q.message;
	const struct told_node *n = told_node_get(f->node, "message");
	struct told_basis_facts *all = fixture_room(f, m->section_count, sizeof *all);
	m->bases = all;
	m->basis_count = m->section_count;
	for (size_t i = 0; i < m->section_count; i++) {
		struct told_basis_facts *b = &all[i];
		*b = default_basis(f, &m->sections[i]);
		b->art6 = (uint8_t)fixture_value(f, n, "art6", TOLD_LIST_ART6, b->art6);
		b->art9 = (uint8_t)fixture_value(f, n, "art9", TOLD_LIST_ART9, b->art9);
		b->art10 = (uint8_t)fixture_value(f, n, "art10", TOLD_LIST_ART10, b->art10);
		b->confidentiality =
			(uint8_t)fixture_value(f, n, "confidentiality", TOLD_LIST_CONFIDENTIALITY, b->confidentiality);
		b->power = (uint8_t)fixture_value(f, n, "power", TOLD_LIST_POWER, b->power);
		b->rli_task = b->rli_law = b->rli_objective = fixture_yes(n, "statement");
	}
}
