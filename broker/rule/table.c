/* SPDX-License-Identifier: Apache-2.0 */
/* Laying the facts of one message, one ask or one grant on the table. Reads headers, directory and person; allocates in
 * the caller's arena only. */
#include "broker/rule/table.h"

#include "broker/decide/conference.h"
#include "broker/rule/lists.h"

#include "told/codes.h"

#include <string.h>

/* Who is neither enrolled nor in an agreement has no number and is nobody: a ruling gives out none, so that names in
 * messages fill no table. */
static uint32_t party_of(const struct told_table *table, struct told_bytes name)
{
	return told_party_find(table->parties, name);
}

static bool yes(uint32_t value)
{
	return value == TOLD_YES_NO_YES;
}

static uint32_t section_flags(const struct told_section_header *s)
{
	return (s->onward == TOLD_YES_NO_NO ? 0 : TOLD_SECTION_ONWARD) |
	       (yes(s->confidential) ? TOLD_SECTION_CONFIDENTIAL : 0) | (yes(s->verified) ? TOLD_SECTION_VERIFIED : 0) |
	       (yes(s->locates) ? TOLD_SECTION_LOCATES : 0);
}

/* 0 for the person of the message, also where the section names the reference once more. */
static uint64_t whose(uint64_t person, struct told_bytes ref, uint32_t other)
{
	if (yes(other))
		return TOLD_PERSON_OTHER;
	if (ref.len != TOLD_ID_BYTES)
		return 0;
	uint64_t number = told_person_number(ref.data);
	return number == person ? 0 : number;
}

static void lay_section(const struct told_table *table, uint64_t person, const struct told_section_header *s,
			uint32_t basis, struct told_section_facts *out)
{
	*out = (struct told_section_facts){
		.kind = TOLD_SECTION_STORY,
		.category = (uint8_t)s->category,
		.voice = (uint8_t)s->voice,
		.bar = yes(s->statutory_bar) ? TOLD_BAR_UNSPECIFIED : 0,
		.basis = (uint16_t)basis,
		.step = s->category == TOLD_CATEGORY_PLN ? (uint16_t)s->number : 0,
		.flags = section_flags(s),
		.originator = party_of(table, s->originator),
		.authored = s->author.len > 0,
		.about = whose(person, s->about, s->about_other),
		.told_by = whose(person, s->told_by, 0),
		.recorded_utc_ms = (int64_t)s->recorded_ms,
		.incident_utc_ms = (int64_t)s->incident_ms,
		.ends_utc_ms = (int64_t)s->incident_end_ms,
	};
	for (size_t i = 0; i < s->classified.count && !yes(s->unclassified); i++)
		told_catset_add(&out->classified, s->classified.items[i]);
}

static enum told_status lay_bases(struct told_arena *arena, const struct told_header *header,
				  struct told_message_facts *m)
{
	struct told_basis_facts *bases = told_arena_alloc(arena, header->bases.count * sizeof *bases);
	if (bases == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < header->bases.count; i++) {
		const struct told_basis_part *b = &header->bases.items[i];
		bases[i] = (struct told_basis_facts){
			.art6 = (uint8_t)b->art6,
			.art9 = (uint8_t)b->art9,
			.art10 = (uint8_t)b->art10,
			.confidentiality = (uint8_t)b->confidentiality,
			.power = (uint8_t)b->power,
			.rli_task = yes(b->rli_task),
			.rli_law = yes(b->rli_law),
			.rli_objective = yes(b->rli_objective),
		};
	}
	m->bases = bases;
	m->basis_count = header->bases.count;
	return TOLD_OK;
}

static void lay_override(const struct told_header *header, struct told_message_facts *m)
{
	const struct told_override_part *o = header->override_block;
	if (o == NULL)
		return;
	m->override = (struct told_override_facts){
		.kind = (uint8_t)o->kind,
		.at_risk = (uint8_t)o->at_risk,
		.reason_given = yes(o->reason_given),
		.mandatory_report = yes(o->mandatory_report),
		.do_not_notify = yes(o->do_not_notify),
		.has_order = o->order_ref.len > 0,
		.raised_utc_ms = (int64_t)o->raised_ms,
		.expires_utc_ms = (int64_t)o->expires_ms,
	};
	for (size_t i = 0; i < o->order_names.count; i++)
		told_catset_add(&m->override.order_names, o->order_names.items[i]);
}

static void lay_workflow_part(const struct told_table *table, const struct told_header *header,
			      struct told_message_facts *m)
{
	const struct told_workflow_part *w = header->workflow;
	if (w == NULL)
		return;
	m->sets_state = (uint8_t)w->state;
	m->reason = (uint8_t)w->reason;
	m->threshold_met = (uint8_t)w->threshold_met;
	m->high_risk = (uint8_t)w->high_risk;
	m->attempts = w->attempts > UINT8_MAX ? UINT8_MAX : (uint8_t)w->attempts;
	m->ways = w->ways > UINT8_MAX ? UINT8_MAX : (uint8_t)w->ways;
	m->reviewer_named = w->reviewer.len > 0;
	m->referrer_told = yes(w->referrer_told);
	m->detail = (uint8_t)w->detail;
	m->conference_event = (uint8_t)w->event;
	m->due_utc_ms = (int64_t)w->due_ms;
	m->service = w->service.len == 0 ? 0 : party_of(table, w->service);
	m->place_chosen = yes(w->place_chosen);
	m->through_others = yes(w->through_others);
	m->hard_asked = yes(w->hard_asked);
	m->message_left = yes(w->message_left);
	m->recipient_team = told_team_number(w->to_team);
	m->recipient_role = (uint8_t)w->to_role;
}

static bool is_author(const struct told_table *table, const struct told_header *header, struct told_bytes worker)
{
	return told_bytes_equal(header->author, worker) ||
	       told_directory_same_human(table->directory, party_of(table, header->sender), header->author, worker,
					 table->when);
}

/* Whose exclusion of a worker ends. Another's and none at all are the same: who asks learns nothing. */
static void lay_lift(const struct told_table *table, const struct told_header *header, struct told_message_facts *m)
{
	const struct told_flag_part *flag = header->flag;
	if (flag == NULL || flag->kind != TOLD_FLAG_WORKER_EXCLUDED || flag->state != TOLD_FLAG_STATE_CLEARED)
		return;
	bool own = table->person != NULL &&
		   told_person_excludes(table->person, flag->worker, party_of(table, header->sender));
	m->lifts = is_author(table, header, flag->worker) ? TOLD_LIFT_OF_AUTHOR
		   : own                                  ? TOLD_LIFT_OWN
							  : TOLD_LIFT_NOT_OWN;
}

/* What every kind of question takes from the header. */
static enum told_status lay_header(const struct told_table *table, struct told_arena *arena,
				   const struct told_header *header, struct told_message_facts *m)
{
	m->type = (uint8_t)header->type;
	m->role = (uint8_t)header->role;
	m->recipients_visible = yes(header->recipients_visible);
	m->created_utc_ms = (int64_t)header->created_ms;
	m->expires_utc_ms = (int64_t)header->expires_ms;
	if (header->id.len == TOLD_ID_BYTES)
		memcpy(m->id, header->id.data, TOLD_ID_BYTES);
	for (size_t i = 0; i < header->purposes.count; i++)
		m->purposes |= TOLD_BIT32(header->purposes.items[i]);
	if (header->agreement != NULL) {
		m->agreement_id = header->agreement->id;
		m->agreement_version = header->agreement->version;
	}
	if (header->client_ref.len == TOLD_ID_BYTES)
		m->person = told_person_number(header->client_ref.data);
	lay_override(header, m);
	lay_workflow_part(table, header, m);
	lay_lift(table, header, m);
	uint32_t *recipients = told_arena_alloc(arena, header->recipients.count * sizeof *recipients);
	if (recipients == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < header->recipients.count; i++)
		recipients[i] = party_of(table, header->recipients.items[i]);
	m->recipients = recipients;
	m->recipient_count = header->recipients.count;
	return lay_bases(arena, header, m);
}

/* What a message found, where it has moved a referral or a conference since; NULL: it has not. */
static const struct told_referral_move *move_by(const struct told_person *person, struct told_bytes message)
{
	for (size_t i = 0; i < person->move_count; i++)
		if (told_bytes_equal(told_bytes(person->moves[i].message, TOLD_ID_BYTES), message))
			return &person->moves[i];
	return NULL;
}

/* What is held was sent to nobody: until it goes it is a draft, and its sender's alone. */
static void lay_held(const struct told_table *table, const struct told_header *header, struct told_question *q)
{
	const struct told_held_referral *held = table->held;
	if (held == NULL || header->workflow == NULL || !told_bytes_equal(held->id, header->workflow->referral))
		return;
	q->workflow.referral_state = TOLD_REFERRAL_DRAFT;
	q->workflow.referrer = q->message.sender;
	q->workflow.referred_to = party_of(table, held->recipient);
}

static void lay_referral(const struct told_table *table, const struct told_header *header, struct told_question *q)
{
	lay_held(table, header, q);
	if (table->person == NULL || (header->workflow == NULL && header->type != TOLD_TYPE_REFERRAL))
		return;
	bool itself = header->type == TOLD_TYPE_REFERRAL;
	const struct told_referral_facts *r =
		told_person_referral(table->person, itself ? header->id : header->workflow->referral);
	if (r == NULL)
		return;
	/* Of a referral that waits, only what it rests on: it is the first event of its own life. */
	q->workflow.referral_state = itself ? TOLD_REFERRAL_NONE : r->state;
	q->workflow.referral_reason = itself ? TOLD_REASON_NONE : r->reason;
	q->workflow.changed_utc_ms = itself ? 0 : r->changed_utc_ms;
	const struct told_referral_move *move = move_by(table->person, header->id);
	if (move != NULL) {
		q->workflow.referral_state = move->before;
		q->workflow.referral_reason = move->reason;
		q->workflow.changed_utc_ms = move->changed_utc_ms;
	}
	q->workflow.referrer = r->referrer;
	q->workflow.referred_to = r->referred_to;
	q->workflow.rests_on_consent = r->rests_on_consent;
	memcpy(q->workflow.consent_id, r->consent_id, sizeof r->consent_id);
}

static bool of_conference(unsigned type)
{
	return type >= TOLD_TYPE_CONF_CALL && type <= TOLD_TYPE_CONF_ACTION;
}

/* Whoever calls one opens it; all else needs one that is known. */
static void lay_conference(const struct told_table *table, const struct told_header *header, struct told_question *q)
{
	unsigned event = header->workflow == NULL ? TOLD_CONFERENCE_EVENT_NONE : header->workflow->event;
	if (!of_conference(header->type) || told_conference_opens(header->type, event))
		return;
	q->workflow.conference_state = TOLD_CONFERENCE_UNKNOWN;
	const struct told_conference_facts *c =
		table->person == NULL || header->workflow == NULL
			? NULL
			: told_person_conference(table->person, header->workflow->referral);
	if (c == NULL)
		return;
	const struct told_referral_move *move = move_by(table->person, header->id);
	q->workflow.conference_state = move != NULL ? move->before : c->state;
	q->workflow.chair = c->chair;
	q->workflow.has_conference = c->whole;
	q->workflow.members = c->members;
}

/* The same person, the same service, still open: another referral would be a second one of it. */
static void lay_duplicate(const struct told_table *table, const struct told_header *header, struct told_question *q)
{
	if (table->person == NULL || header->type != TOLD_TYPE_REFERRAL)
		return;
	for (size_t i = 0; i < table->person->referral_count; i++) {
		const struct told_referral_facts *r = &table->person->referrals[i];
		bool itself = memcmp(r->id, q->message.id, TOLD_ID_BYTES) == 0;
		if (!itself && r->referred_to == q->message.recipient && !told_referral_closed(r->state))
			q->workflow.open_duplicate = true;
	}
}

/* Whoever was given it may have it put right, and of it no more than they were given. */
static void lay_about(const struct told_table *table, struct told_bytes recipient, struct told_question *q)
{
	for (size_t i = 0; table->about != NULL && i < table->about->count; i++) {
		const struct told_given *given = &table->about->given[i];
		q->workflow.about_known = true;
		q->workflow.about_sender = q->message.sender;
		told_partyset_add(&q->workflow.about_recipients, party_of(table, given->party));
		if (told_bytes_equal(given->party, recipient))
			q->workflow.about_released = given->released;
	}
}

enum told_status told_table_message(const struct told_table *table, struct told_arena *arena,
				    const struct told_header *header, struct told_section_header *const *sections,
				    size_t section_count, struct told_bytes recipient, bool queued,
				    struct told_question *out)
{
	memset(out, 0, sizeof *out);
	struct told_message_facts *m = &out->message;
	struct told_section_facts *laid = told_arena_alloc(arena, section_count * sizeof *laid);
	enum told_status status = laid == NULL ? TOLD_E_MEMORY : lay_header(table, arena, header, m);
	if (status != TOLD_OK)
		return status;
	for (size_t i = 0; i < section_count; i++)
		lay_section(table, m->person, sections[i], sections[i]->basis == 0 ? 0 : sections[i]->basis - 1,
			    &laid[i]);
	m->sections = laid;
	m->section_count = section_count;
	m->queued = queued;
	m->sender = party_of(table, header->sender);
	m->recipient = recipient.len == 0 ? party_of(table, told_text(TOLD_BROKER_PARTY)) : party_of(table, recipient);
	m->sender_team = told_team_number(header->team);
	lay_referral(table, header, out);
	lay_duplicate(table, header, out);
	lay_conference(table, header, out);
	lay_about(table, recipient, out);
	return told_table_lists(table, arena, header, out);
}

enum told_status told_table_ask(const struct told_table *table, struct told_arena *arena, const struct told_header *ask,
				struct told_bytes holder, const struct told_deposit_facts *deposits, size_t count,
				struct told_question *out)
{
	memset(out, 0, sizeof *out);
	struct told_message_facts *m = &out->message;
	struct told_section_facts *laid = told_arena_alloc(arena, count * sizeof *laid);
	enum told_status status = laid == NULL ? TOLD_E_MEMORY : lay_header(table, arena, ask, m);
	if (status != TOLD_OK)
		return status;
	for (size_t i = 0; i < count; i++)
		lay_section(table, m->person, deposits[i].section, 0, &laid[i]);
	m->sections = laid;
	m->section_count = count;
	m->sender = party_of(table, ask->sender);
	m->sender_team = told_team_number(ask->team);
	m->recipient = party_of(table, holder);
	return told_table_lists(table, arena, ask, out);
}

/* What a grant under this flow would state: the first of each ground that the flow lists. */
static struct told_basis_part stated_by(const struct told_flow *flow)
{
	const struct told_basis_lists *b = &flow->basis;
	return (struct told_basis_part){
		.art6 = b->art6.count > 0 ? b->art6.value[0] : 0,
		.art9 = b->art9.count > 0 ? b->art9.value[0] : 0,
		.art10 = b->art10.count > 0 ? b->art10.value[0] : 0,
		.confidentiality = b->confidentiality.count > 0 ? b->confidentiality.value[0] : 0,
		.power = b->powers.count > 0 ? b->powers.value[0] : 0,
	};
}

static bool same_grounds(const struct told_basis_part *a, const struct told_basis_part *b)
{
	return a->art6 == b->art6 && a->art9 == b->art9 && a->art10 == b->art10 &&
	       a->confidentiality == b->confidentiality && a->power == b->power;
}

/* Rules the ask that a flow with these grounds would carry. The decision itself tries every purpose between the two. */
static enum told_status grant_on(const struct told_table *table, struct told_arena *arena,
				 const struct told_deposit_facts *deposit, struct told_bytes recipient,
				 const struct told_agreement *agreement, struct told_basis_part *grounds,
				 struct told_grant_basis *out)
{
	struct told_agreement_ref ref = {.id = agreement->id,
					 .version = agreement->version,
					 .sha256 = told_bytes(agreement->sha256, sizeof agreement->sha256)};
	struct told_header grant = {
		.type = TOLD_TYPE_GRANT,
		.sender = deposit->originator,
		.client_ref = told_bytes(table->person->ref, TOLD_ID_BYTES),
		.created_ms = (uint64_t)table->when.utc_ms,
		.expires_ms = (uint64_t)table->when.utc_ms + 1,
		.bases = {.items = grounds, .count = 1},
		.agreement = &ref,
	};
	struct told_question question;
	struct told_decision decision;
	struct told_section_header *section[] = {deposit->section};
	enum told_status status = told_table_message(table, arena, &grant, section, 1, recipient, false, &question);
	if (status != TOLD_OK)
		return status;
	told_decide(&question, &decision);
	if (decision.section_count != 1 || decision.sections[0].effect != TOLD_SECTION_EFFECT_RELEASE ||
	    (decision.effect != TOLD_EFFECT_RELEASE && decision.effect != TOLD_EFFECT_PARTIAL))
		return TOLD_E_REFUSED;
	out->agreement = agreement;
	out->purpose = (uint32_t)__builtin_ctz(decision.purposes) + 1;
	memcpy(out->clause, decision.sections[0].clause, sizeof out->clause);
	memcpy(out->consent_id, decision.sections[0].consent_id, sizeof out->consent_id);
	return TOLD_OK;
}

static bool flow_asks(const struct told_flow *flow, uint32_t from, uint32_t to, unsigned category)
{
	uint64_t asks = TOLD_BIT64(TOLD_TYPE_ASK) | TOLD_BIT64(TOLD_TYPE_ASK_REPLY);
	return (flow->types & asks) != 0 && told_partyset_has(&flow->from, from) && told_partyset_has(&flow->to, to) &&
	       (told_catset_has(&flow->data, category) || category == TOLD_CATEGORY_PRF_ACC ||
		category == TOLD_CATEGORY_NARR);
}

/* The grounds that flows would state, each once: more of the same would be the same question again. */
static enum told_status grant_under(const struct told_table *table, struct told_arena *arena,
				    const struct told_deposit_facts *deposit, struct told_bytes recipient,
				    const struct told_agreement *agreement, struct told_grant_basis *basis)
{
	uint32_t from = party_of(table, deposit->originator), to = party_of(table, recipient);
	struct told_basis_part *tried = told_arena_alloc(arena, agreement->flow_count * sizeof *tried);
	enum told_status status = tried == NULL ? TOLD_E_MEMORY : TOLD_E_REFUSED;
	for (size_t i = 0, count = 0; status == TOLD_E_REFUSED && i < agreement->flow_count; i++) {
		const struct told_flow *flow = &agreement->flows[i];
		size_t same = 0;
		if (!flow_asks(flow, from, to, deposit->section->category))
			continue;
		tried[count] = stated_by(flow);
		while (!same_grounds(&tried[same], &tried[count]))
			same++;
		if (same == count)
			status = grant_on(table, arena, deposit, recipient, agreement, &tried[count++], basis);
	}
	return status;
}

enum told_status told_table_grant(const struct told_table *table, struct told_arena *arena,
				  const struct told_deposit_facts *deposit, struct told_bytes recipient,
				  struct told_grant_basis *basis)
{
	uint32_t from = party_of(table, deposit->originator), to = party_of(table, recipient);
	enum told_status status = TOLD_E_REFUSED;
	if (table->person == NULL || from == to)
		return TOLD_E_REFUSED;
	const struct told_agreement *agreement;
	size_t cursor = 0;
	while (status == TOLD_E_REFUSED &&
	       (agreement = told_directory_between(table->directory, from, to, &cursor)) != NULL)
		if (told_directory_governing(table->directory, agreement->id, from, to, table->when) == agreement)
			status = grant_under(table, arena, deposit, recipient, agreement, basis);
	return status;
}
