/* SPDX-License-Identifier: Apache-2.0 */
/* The message of a case with its sections, override and workers, and the legal basis it states where the case says
 * nothing: that of the flow or profile that carries each section, the first where several are listed. */
#include "broker/cases/case.h"

#include <stdio.h>
#include <string.h>

static const char *section_label(struct told_case *c, const struct told_node *n)
{
	struct told_buf label = TOLD_BUF(256);
	const struct told_node *extra = told_node_get(n, "label"), *row = told_node_get(n, "row");
	const struct told_node *category = n->kind == TOLD_NODE_SCALAR ? n : told_node_get(n, "category");
	if (row || told_case_yes(c, n, "counts"))
		told_buf_put_text(&label, row ? told_case_text(c, row) : "counts");
	else
		told_buf_put_text(&label, told_case_text(c, category));
	if (extra)
		told_buf_printf(&label, "/%s", told_case_text(c, extra));
	const char *text = told_arena_text(c->arena, told_buf_view(&label));
	told_buf_free(&label);
	return text;
}

static void read_person_ref(struct told_case *c, const struct told_node *n, const char *key, uint64_t *out)
{
	const struct told_node *value = told_node_get(n, key);
	if (value)
		*out = told_case_name(c, c->persons, value->text);
	if (*out == c->q.message.person)
		*out = 0;
}

static void read_row(struct told_case *c, struct told_section_facts *s, const struct told_node *n)
{
	s->kind = TOLD_SECTION_ROW;
	s->category = (uint8_t)told_case_value(c, n, "category", TOLD_LIST_CATEGORY, 0);
	s->purposes = told_case_purposes(c, told_node_get(n, "for"));
	s->flags = (told_case_yes(c, n, "safe") ? TOLD_ROW_SAFE : 0) |
		   (told_case_yes(c, n, "specialist") ? TOLD_ROW_SPECIALIST : 0) |
		   (told_case_yes(c, n, "do-not-notify") ? TOLD_ROW_DO_NOT_NOTIFY : 0) |
		   (told_case_yes(c, n, "not-theirs") ? TOLD_ROW_NOT_THEIRS : 0);
}

static uint8_t read_bars(struct told_case *c, const struct told_node *n)
{
	const struct told_node *bar = told_node_get(n, "bar");
	if (!bar)
		return 0;
#define X(bit, name, word, agree)                                                                                      \
	if (told_bytes_equal(bar->text, told_text(word)))                                                              \
		return TOLD_BAR_##name;
	TOLD_BARS(X)
#undef X
	told_case_fail(c, bar, "\"%s\" is no statutory bar", told_case_text(c, bar));
	return 0;
}

static void read_story(struct told_case *c, struct told_section_facts *s, const struct told_node *n)
{
	s->category = (uint8_t)told_case_value(c, n, "category", TOLD_LIST_CATEGORY, 0);
	s->classified = told_case_data(c, told_node_get(n, "classified"));
	s->originator = told_case_party(c, n, "originator");
	s->recorded_utc_ms = told_case_time(c, n, "recorded", s->recorded_utc_ms, false);
	s->incident_utc_ms = told_case_time(c, n, "incident", 0, false);
	s->ends_utc_ms = told_case_time(c, n, "ends", 0, true);
	s->step = (uint16_t)told_case_number(c, n, "step", 0);
	s->bar = read_bars(c, n);
	read_person_ref(c, n, "about", &s->about);
	read_person_ref(c, n, "told-by", &s->told_by);
	if (told_case_no(c, n, "onward"))
		s->flags &= ~(unsigned)TOLD_SECTION_ONWARD;
	if (told_case_no(c, n, "verified"))
		s->flags &= ~(unsigned)TOLD_SECTION_VERIFIED;
	s->flags |= (told_case_yes(c, n, "confidential") ? TOLD_SECTION_CONFIDENTIAL : 0) |
		    (told_case_yes(c, n, "locates") ? TOLD_SECTION_LOCATES : 0) |
		    (told_case_yes(c, n, "restricted") ? TOLD_SECTION_RESTRICTED : 0);
}

static void read_section(struct told_case *c, struct told_section_facts *s, const struct told_node *n)
{
	s->voice = TOLD_VOICE_PERSON;
	s->authored = true;
	s->flags = TOLD_SECTION_ONWARD | TOLD_SECTION_VERIFIED;
	if (told_date_parse(told_text("2026-11-01"), &s->recorded_utc_ms) != TOLD_OK)
		told_case_fail(c, n, "the default date cannot be read");
	if (n->kind == TOLD_NODE_SCALAR) {
		s->category = (uint8_t)told_value(TOLD_LIST_CATEGORY, n->text);
		if (!s->category)
			told_case_fail(c, n, "\"%s\" is no category", told_case_text(c, n));
	} else if (told_node_get(n, "row")) {
		read_row(c, s, n);
	} else if (told_case_yes(c, n, "counts")) {
		s->kind = TOLD_SECTION_COUNTS;
		s->smallest_cell = (uint32_t)told_case_number(c, n, "smallest-cell", 0);
	} else {
		read_story(c, s, n);
	}
}

static void read_sections(struct told_case *c, const struct told_node *list)
{
	struct told_section_facts *all = told_case_room(c, told_case_count(list), sizeof *all);
	c->labels = told_case_room(c, told_case_count(list), sizeof *c->labels);
	c->q.message.sections = all;
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next) {
		size_t i = c->q.message.section_count++;
		read_section(c, &all[i], n);
		all[i].basis = (uint16_t)i;
		c->labels[i] = section_label(c, n);
	}
}

/* Live, of the sending party, and human enough to be somebody else than every other number. */
static uint32_t enlist(struct told_case *c, const struct told_node *n, const char *fallback, unsigned role,
		       int64_t until)
{
	struct told_worker_facts *all = c->enlisted;
	struct told_bytes number = n ? n->text : told_text(fallback);
	uint32_t worker = told_case_name(c, c->workers, number);
	for (size_t i = 0; i < c->q.worker_count; i++)
		if (all[i].worker == worker)
			return worker;
	all[c->q.worker_count++] = (struct told_worker_facts){
		.worker = worker,
		.human = worker,
		.party = c->q.message.sender,
		.roles = TOLD_BIT32(role),
		.number = number,
		.until_utc_ms = until,
	};
	return worker;
}

static void read_workers(struct told_case *c, const struct told_node *n)
{
	struct told_message_facts *m = &c->q.message;
	const struct told_node *override = told_node_get(n, "override"), *second = told_node_get(override, "second");
	c->q.workers = c->enlisted;
	m->role = (uint8_t)told_case_value(c, n, "role", TOLD_LIST_ROLE, TOLD_ROLE_PRACTITIONER);
	m->author = enlist(c, told_node_get(n, "author"), "U1", m->role, told_case_time(c, n, "author-left", 0, false));
	if (told_case_is(n, "from", "broker") || told_case_is(n, "author", "none"))
		m->author = 0;
	if (second)
		m->authoriser =
			enlist(c, second, "", told_case_value(c, override, "second-role", TOLD_LIST_ROLE, m->role),
			       told_case_time(c, override, "second-left", 0, false));
	const struct told_node *to = told_node_get(n, "to-worker");
	if (to)
		m->recipient_worker = told_case_name(c, c->workers, to->text);
}

static const struct told_case_word given[] = {{"given", true}, {"none", false}, {NULL, 0}};
static const struct told_case_word at_risk[] = {
	{"self-only", TOLD_AT_RISK_SELF_ONLY}, {"others-too", TOLD_AT_RISK_OTHERS_TOO}, {NULL, 0}};

static void read_override(struct told_case *c, const struct told_node *n)
{
	struct told_override_facts *o = &c->q.message.override;
	if (!n)
		return;
	o->kind = (uint8_t)told_case_value(c, n, "kind", TOLD_LIST_OVERRIDE, 0);
	o->reason_given = told_case_word(c, n, "reason", given, true);
	o->at_risk = (uint8_t)told_case_word(c, n, "at-risk", at_risk, TOLD_AT_RISK_OTHERS_TOO);
	o->mandatory_report = told_case_yes(c, n, "mandatory-report");
	o->do_not_notify = told_case_yes(c, n, "do-not-notify");
	o->order_names = told_case_data(c, told_node_get(n, "order-names"));
	o->has_order = told_node_get(n, "order-names") != NULL;
	o->raised_utc_ms = told_case_time(c, n, "raised", c->q.t_utc_ms, false);
	o->expires_utc_ms = told_case_time(c, n, "expires", 0, true);
}

static const struct told_case_word thresholds[] = {
	{"none", TOLD_THRESHOLD_NONE},           {"score", TOLD_THRESHOLD_SCORE},
	{"judgement", TOLD_THRESHOLD_JUDGEMENT}, {"escalation", TOLD_THRESHOLD_ESCALATION},
	{"repeat", TOLD_THRESHOLD_REPEAT},       {NULL, 0}};
static const struct told_case_word faults[] = {{"signature", TOLD_FAULT_SIGNATURE},
					       {"replay", TOLD_FAULT_REPLAY},
					       {"malformed", TOLD_FAULT_MALFORMED},
					       {"digest", TOLD_FAULT_DIGEST},
					       {NULL, 0}};
static const struct told_case_word high_risk[] = {{"yes", TOLD_YES_NO_YES}, {"no", TOLD_YES_NO_NO}, {NULL, 0}};

static const struct told_case_word details[] = {{"acknowledged", TOLD_DETAIL_ACKNOWLEDGED},
						{"info-requested", TOLD_DETAIL_INFO_REQUESTED},
						{"waiting-list", TOLD_DETAIL_WAITING_LIST},
						{"back", TOLD_DETAIL_BACK},
						{NULL, 0}};

/* How somebody was looked for: a case that does not say otherwise is about attempts and ways only. */
static void read_search(struct told_case *c, const struct told_node *n)
{
	struct told_message_facts *m = &c->q.message;
	m->place_chosen = !told_case_no(c, n, "place-chosen");
	m->through_others = !told_case_no(c, n, "through-others");
	m->hard_asked = !told_case_no(c, n, "hard-asked");
	m->message_left = !told_case_no(c, n, "message-left");
}

static void read_coded_facts(struct told_case *c, const struct told_node *n)
{
	struct told_message_facts *m = &c->q.message;
	m->threshold_met = (uint8_t)told_case_word(c, n, "threshold-met", thresholds, TOLD_THRESHOLD_NONE);
	m->faults = (uint8_t)told_case_word(c, n, "fault", faults, 0);
	m->sets_state = (uint8_t)told_case_value(c, n, "sets-state", TOLD_LIST_REFERRAL, 0);
	m->reason = (uint8_t)told_case_value(c, n, "reason", TOLD_LIST_REASON, 0);
	m->attempts = (uint8_t)told_case_number(c, n, "attempts", 0);
	m->ways = (uint8_t)told_case_number(c, n, "ways", 0);
	m->high_risk = (uint8_t)told_case_word(c, n, "high-risk", high_risk, TOLD_YES_NO_NONE);
	m->reviewer_named = told_case_yes(c, n, "reviewer-named");
	m->referrer_told = told_case_yes(c, n, "referrer-told");
	m->detail = (uint8_t)told_case_word(c, n, "detail", details, TOLD_DETAIL_NONE);
	m->service = told_case_party(c, n, "service");
	m->due_utc_ms = told_case_time(c, n, "due", 0, false);
	read_search(c, n);
	m->queued = told_case_yes(c, n, "queued");
	m->recipients_visible = told_case_yes(c, n, "recipients-visible");
}

void told_case_read_message(struct told_case *c, const struct told_node *n)
{
	struct told_message_facts *m = &c->q.message;
	const struct told_node *to = told_node_get(n, "to"), *from = told_node_get(n, "from");
	m->person = 1;
	m->type = (uint8_t)told_case_value(c, n, "type", TOLD_LIST_TYPE, TOLD_TYPE_REFERRAL);
	m->sender = from ? told_case_party_team(c, from->text, &m->sender_team) : 0;
	for (const struct told_node *r = to ? to->first : NULL; r && c->recipient_count < TOLD_RECIPIENTS_MAX;
	     r = r->next) {
		c->recipients[c->recipient_count] =
			told_case_party_team(c, r->text, &c->recipient_teams[c->recipient_count]);
		c->recipient_count++;
	}
	m->recipients = c->recipients;
	m->recipient_count = c->recipient_count;
	m->purposes = told_case_purposes(c, told_node_get(n, "for"));
	m->created_utc_ms = told_case_time(c, n, "created", c->q.t_utc_ms, false);
	m->expires_utc_ms = told_case_time(c, n, "expires", m->created_utc_ms + 7 * TOLD_MS_DAY, true);
	read_workers(c, n);
	read_override(c, told_node_get(n, "override"));
	read_coded_facts(c, n);
	read_sections(c, told_node_get(n, "sections"));
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

static const struct told_basis_lists *carrier(const struct told_case *c, const struct told_section_facts *s)
{
	const struct told_message_facts *m = &c->q.message;
	bool asked = m->type == TOLD_TYPE_ASK || m->type == TOLD_TYPE_KNOWN;
	uint32_t giver = asked ? m->recipient : m->sender, taker = asked ? m->sender : m->recipient;
	const struct told_agreement *a = c->agreement_count ? c->loaded[0] : NULL;
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

static struct told_basis_facts default_basis(const struct told_case *c, const struct told_section_facts *s)
{
	const struct told_basis_lists *from = carrier(c, s);
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

void told_case_state_bases(struct told_case *c)
{
	struct told_message_facts *m = &c->q.message;
	const struct told_node *n = told_node_get(c->node, "message");
	struct told_basis_facts *all = told_case_room(c, m->section_count, sizeof *all);
	m->bases = all;
	m->basis_count = m->section_count;
	for (size_t i = 0; i < m->section_count; i++) {
		struct told_basis_facts *b = &all[i];
		*b = default_basis(c, &m->sections[i]);
		b->art6 = (uint8_t)told_case_value(c, n, "art6", TOLD_LIST_ART6, b->art6);
		b->art9 = (uint8_t)told_case_value(c, n, "art9", TOLD_LIST_ART9, b->art9);
		b->art10 = (uint8_t)told_case_value(c, n, "art10", TOLD_LIST_ART10, b->art10);
		b->confidentiality = (uint8_t)told_case_value(c, n, "confidentiality", TOLD_LIST_CONFIDENTIALITY,
							      b->confidentiality);
		b->power = (uint8_t)told_case_value(c, n, "power", TOLD_LIST_POWER, b->power);
		b->rli_task = b->rli_law = b->rli_objective = told_case_yes(c, n, "statement");
	}
}
