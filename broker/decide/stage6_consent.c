/* SPDX-License-Identifier: Apache-2.0 */
/* Stage 6, consent, section by section: CON-00 to 20, OK-00. Every record is read once for the message, up to the first
 * test that it fails; a section adds its own tests. The lowest of both is where the record stopped, the record that got
 * furthest is the closest miss. */
#include "broker/decide/consents.h"

/* In the order of decision.md 4.4: a lower bit stops earlier. */
enum test {
	SPECIFIC,
	RECIPIENT,
	PURPOSE,
	CATEGORY,
	WINDOW,
	CONTACT,
	SOUGHT,
	NOT_YET,
	EXPIRED,
	WITHDRAWN,
	CAPACITY,
	REPRESENTATIVE,
	FREE,
	NOTICE,
	EVIDENCE,
	TESTS
};

static const uint16_t code_of[TESTS] = {
	[SPECIFIC] = TOLD_CON_18,       [RECIPIENT] = TOLD_CON_07, [PURPOSE] = TOLD_CON_08,  [CATEGORY] = TOLD_CON_09,
	[WINDOW] = TOLD_CON_17,         [CONTACT] = TOLD_CON_19,   [SOUGHT] = TOLD_CON_06,   [NOT_YET] = TOLD_CON_05,
	[EXPIRED] = TOLD_CON_04,        [WITHDRAWN] = TOLD_CON_03, [CAPACITY] = TOLD_CON_11, [FREE] = TOLD_CON_15,
	[REPRESENTATIVE] = TOLD_CON_12, [NOTICE] = TOLD_CON_14,    [EVIDENCE] = TOLD_CON_16,
};

/* One record as it reads for this message. */
struct reading {
	const struct told_consent *record;
	uint8_t depth;                     /* the first test that fails whatever the section; TESTS: none */
	bool grants;                       /* was meant to permit something */
	bool withdrawn_in_part;            /* some withdrawal reaches it: which categories, the section asks */
	bool refuses, shuts_out, excludes; /* a refusal; excludes this recipient; has exclusions that apply here */
};

/* The record that got furthest, and the test that stopped it. */
struct closest {
	const struct told_consent *record;
	unsigned depth;
};

/* Only records that may say no or yes to some section are weighed for each; what stops the others does not depend on
 * the section, so of each kind the closest is found once. */
struct readings {
	struct reading items[TOLD_RECORDS_MAX];
	size_t count;
	struct closest early[TOLD_CONSENT_KIND_COUNT];
	bool overflow;
};

/* ---- tests that look only at the record and the message ---- */

static bool branch_named(const struct told_consent *c)
{
	for (size_t i = 0; i < c->recipient_count; i++)
		if (!c->recipients[i].team)
			return false;
	return true;
}

static bool specific(const struct told_hearing *h, const struct told_consent *c)
{
	(void)h;
	if (c->flags & TOLD_CONSENT_NOT_SPECIFIC || !c->recipient_count || !c->purposes ||
	    told_catset_empty(&c->include))
		return false;
	if (c->state == TOLD_CONSENT_STATE_INVALID && !(c->flags & TOLD_CONSENT_NOT_FREE))
		return false;
	if (c->kind == TOLD_CONSENT_KIND_STATUTORY_UC)
		return branch_named(c) && c->flags & TOLD_CONSENT_REASON;
	return c->kind != TOLD_CONSENT_KIND_STATUTORY_DTR || c->flags & TOLD_CONSENT_REFER;
}

static bool recipient(const struct told_hearing *h, const struct told_consent *c)
{
	return c->kind == TOLD_CONSENT_KIND_STATUTORY_DTR ? c->chosen == h->taker : told_consent_names(h, c);
}

static bool purpose(const struct told_hearing *h, const struct told_consent *c)
{
	return h->purposes && !(h->purposes & ~c->purposes);
}

static bool contact(const struct told_hearing *h, const struct told_consent *c)
{
	(void)h;
	return c->kind != TOLD_CONSENT_KIND_STATUTORY_DTR || c->flags & TOLD_CONSENT_CONTACT;
}

static bool answered(const struct told_hearing *h, const struct told_consent *c)
{
	(void)h;
	return c->state != TOLD_CONSENT_STATE_SOUGHT;
}

static bool begun(const struct told_hearing *h, const struct told_consent *c)
{
	return h->q->t_utc_ms >= c->given_utc_ms && h->q->t_utc_ms >= c->from_utc_ms;
}

/* Presumed, unless the record or the person's own facts say otherwise; of a child, recorded. */
static bool capacity(const struct told_hearing *h, const struct told_consent *c)
{
	if (c->giver != TOLD_GIVER_PERSON)
		return true;
	if (h->q->person.age == TOLD_UNDER_16)
		return c->capacity == TOLD_CAPACITY_COMPETENT_CHILD;
	return c->capacity != TOLD_CAPACITY_LACKS && c->capacity != TOLD_CAPACITY_FLUCTUATING &&
	       h->q->person.capacity != TOLD_CAPACITY_LACKS;
}

/* An attorney, a deputy or a best-interests decision stands only where the person cannot decide; a parent's authority
 * ends at 18. */
static bool representative(const struct told_hearing *h, const struct told_consent *c)
{
	const struct told_person_facts *person = &h->q->person;
	bool cannot = person->capacity == TOLD_CAPACITY_LACKS || person->capacity == TOLD_CAPACITY_FLUCTUATING;
	switch (c->giver) {
	case TOLD_GIVER_PERSON: return true;
	case TOLD_GIVER_BEST_INTERESTS: return cannot && c->authority != TOLD_AUTHORITY_REJECTED;
	case TOLD_GIVER_ATTORNEY:
	case TOLD_GIVER_DEPUTY: return cannot && c->authority == TOLD_AUTHORITY_CHECKED;
	case TOLD_GIVER_PARENT: return person->age != TOLD_ADULT && c->authority == TOLD_AUTHORITY_CHECKED;
	default: return c->authority == TOLD_AUTHORITY_CHECKED;
	}
}

static bool freely_given(const struct told_hearing *h, const struct told_consent *c)
{
	(void)h;
	return !(c->flags & TOLD_CONSENT_NOT_FREE);
}

static bool lasts(const struct told_hearing *h, const struct told_consent *c)
{
	return !told_consent_over(h, c, NULL);
}

/* In the order of the tests: of a record only the first that fails is ever told. */
static const struct {
	uint8_t test;
	bool (*passes)(const struct told_hearing *h, const struct told_consent *c);
} message_tests[] = {
	{SPECIFIC, specific}, {RECIPIENT, recipient}, {PURPOSE, purpose},
	{CONTACT, contact},   {SOUGHT, answered},     {NOT_YET, begun},
	{EXPIRED, lasts},     {CAPACITY, capacity},   {REPRESENTATIVE, representative},
	{FREE, freely_given},
};

static unsigned first_miss(const struct told_hearing *h, const struct told_consent *c)
{
	for (size_t i = 0; i < sizeof message_tests / sizeof message_tests[0]; i++)
		if (!message_tests[i].passes(h, c))
			return message_tests[i].test;
	return TESTS;
}

/* ---- reading the records once ---- */

static bool names_party(const struct told_hearing *h, const struct told_consent *c)
{
	for (size_t i = 0; i < c->recipient_count; i++)
		if (c->recipients[i].party == h->taker)
			return true;
	return c->recipient_count == 0;
}

static void read_exclusions(const struct told_hearing *h, struct reading *r)
{
	const struct told_consent *c = r->record;
	if (c->given_utc_ms > h->q->t_utc_ms)
		return;
	r->shuts_out = told_partyset_has(&c->not_to, h->taker);
	bool any = !told_catset_empty(&c->exclude) || !told_partyset_empty(&c->not_from) || c->not_about_count;
	r->excludes = any && names_party(h, c) && (!c->purposes || c->purposes & h->purposes);
}

static void read_record(const struct told_hearing *h, struct reading *r, const struct told_consent *c)
{
	*r = (struct reading){.record = c};
	switch (c->state) {
	case TOLD_CONSENT_STATE_REFUSED: r->refuses = told_refusal_stands(h, c); return;
	case TOLD_CONSENT_STATE_GIVEN:
	case TOLD_CONSENT_STATE_WITHDRAWN:
	case TOLD_CONSENT_STATE_INVALID:
		read_exclusions(h, r);
		r->grants = true;
		break;
	case TOLD_CONSENT_STATE_SOUGHT: r->grants = true; break;
	default: /* not sought, not required: no permission, and no refusal either */ return;
	}
	r->depth = (uint8_t)first_miss(h, c);
	r->withdrawn_in_part = r->depth > CATEGORY && told_consent_withdrawn(h, c, 0);
}

/* Of two records that say the same the later counts, then the higher id: memory order never shows. */
static const struct told_consent *later(const struct told_consent *a, const struct told_consent *b)
{
	if (!a)
		return b;
	if (a->given_utc_ms != b->given_utc_ms)
		return a->given_utc_ms > b->given_utc_ms ? a : b;
	for (size_t i = 0; i < TOLD_ID_BYTES; i++)
		if (a->id[i] != b->id[i])
			return a->id[i] > b->id[i] ? a : b;
	return a;
}

static void keep_closest(struct closest *closest, const struct told_consent *record, unsigned depth)
{
	if (!closest->record || depth > closest->depth)
		*closest = (struct closest){record, depth};
	else if (depth == closest->depth)
		closest->record = later(closest->record, record);
}

static void read_all(const struct told_hearing *h, struct readings *all)
{
	all->count = 0;
	all->overflow = h->q->consent_count > TOLD_RECORDS_MAX;
	memset(all->early, 0, sizeof all->early);
	for (size_t i = 0; !all->overflow && i < h->q->consent_count; i++) {
		const struct told_consent *c = &h->q->consents[i];
		struct reading *r = &all->items[all->count];
		if (!told_consent_counts(h, c))
			continue;
		read_record(h, r, c);
		bool stopped = r->depth < CATEGORY;
		if (r->grants && stopped && c->kind < TOLD_CONSENT_KIND_COUNT)
			keep_closest(&all->early[c->kind], c, r->depth);
		if (r->refuses || r->shuts_out || r->excludes || (r->grants && !stopped))
			all->count++;
	}
}

/* ---- what a section adds ---- */

/* One section in one of its categories (free text may have several). */
struct look {
	const struct told_hearing *h;
	const struct told_item *item;
	const struct told_flow *flow;
	unsigned category;
	uint32_t originator;
	uint64_t kinds; /* TOLD_BIT64 of the kinds that serve here */
};

static bool in_window(const struct look *l, const struct told_consent *c)
{
	return (!c->data_from_utc_ms && !c->data_until_utc_ms) ||
	       told_within(c->data_from_utc_ms, c->data_until_utc_ms, l->item->facts->recorded_utc_ms);
}

static bool includes(const struct look *l, const struct told_consent *c)
{
	bool warned = !l->flow || !told_catset_has(&l->flow->warned, l->category) || c->flags & TOLD_CONSENT_WARNED;
	return told_catset_has(&c->include, l->category) && warned;
}

/* A flow may allow less time than the agreement. */
static bool ended_for_flow(const struct look *l, const struct told_consent *c)
{
	return l->flow && l->flow->consent_max.unit != TOLD_SPAN_NONE && told_consent_over(l->h, c, l->flow);
}

static bool notice_changed_this(const struct look *l, const struct told_notice *n)
{
	return told_partyset_has(&n->changed_from, l->h->giver) && told_partyset_has(&n->changed_to, l->h->taker) &&
	       (!n->changed_purposes || n->changed_purposes & l->h->purposes) &&
	       (told_catset_empty(&n->changed_data) || told_catset_has(&n->changed_data, l->category));
}

/* An older notice stays good, unless a newer one in force changed what it was about. */
static bool notice_holds(const struct look *l, const struct told_consent *c)
{
	const struct told_agreement *a = l->h->agreement;
	bool known = a->notice_count == 0;
	for (size_t i = 0; i < a->notice_count; i++) {
		const struct told_notice *n = &a->notices[i];
		known |= n->version == c->notice_version;
		if (n->version > c->notice_version && l->h->q->t_utc_ms >= n->from_utc_ms && notice_changed_this(l, n))
			return false;
	}
	return known;
}

/* Taken by the one who would itself receive under it: only with a presence proof for what others were told. */
static bool evidenced(const struct look *l, const struct told_consent *c)
{
	if (c->kind == TOLD_CONSENT_KIND_IMPLIED)
		return true;
	if (c->evidence == TOLD_EVIDENCE_NONE)
		return false;
	return c->taken_by != l->h->taker || l->originator == l->h->taker || c->flags & TOLD_CONSENT_PRESENCE;
}

/* The first test that this record fails for this section; TESTS when it passes all. */
static unsigned stopped_at(const struct look *l, const struct reading *r)
{
	if (r->depth < CATEGORY)
		return r->depth;
	unsigned misses = 1u << r->depth;
	const struct told_consent *c = r->record;
	misses |= !includes(l, c) ? 1u << CATEGORY : 0;
	misses |= !in_window(l, c) ? 1u << WINDOW : 0;
	misses |= ended_for_flow(l, c) ? 1u << EXPIRED : 0;
	misses |= r->withdrawn_in_part && told_consent_withdrawn(l->h, c, l->category) ? 1u << WITHDRAWN : 0;
	misses |= !notice_holds(l, c) ? 1u << NOTICE : 0;
	misses |= !evidenced(l, c) ? 1u << EVIDENCE : 0;
	return (unsigned)__builtin_ctz(misses);
}

static bool refused_by(const struct look *l, const struct reading *r)
{
	return r->refuses &&
	       (told_catset_empty(&r->record->include) || told_catset_has(&r->record->include, l->category));
}

static bool person_excluded(const struct look *l, const struct told_consent *c)
{
	uint64_t about = l->item->facts->about;
	for (size_t i = 0; i < c->not_about_count; i++)
		if (c->not_about[i] == (about ? about : l->h->m->person))
			return true;
	return false;
}

static bool excluded_by(const struct look *l, const struct reading *r)
{
	if (r->shuts_out)
		return true;
	return r->excludes && (told_catset_has(&r->record->exclude, l->category) ||
			       told_partyset_has(&r->record->not_from, l->originator) || person_excluded(l, r->record));
}

/* ---- weighing them for one section ---- */

struct weighed {
	const struct told_consent *refusal, *exclusion, *grant;
	struct closest closest;
};

/* Of a kind that is asked here; a number that is no kind serves nowhere. */
static bool serves(const struct look *l, const struct told_consent *c)
{
	return c->kind >= 1 && c->kind < TOLD_CONSENT_KIND_COUNT && l->kinds & TOLD_BIT64(c->kind);
}

static void weigh_record(const struct look *l, const struct reading *r, struct weighed *w)
{
	bool refused = refused_by(l, r), excluded = excluded_by(l, r);
	if (refused)
		w->refusal = later(w->refusal, r->record);
	if (excluded)
		w->exclusion = later(w->exclusion, r->record);
	if (!r->grants || excluded || !serves(l, r->record))
		return;
	unsigned depth = stopped_at(l, r);
	if (depth == TESTS)
		w->grant = later(w->grant, r->record);
	else
		keep_closest(&w->closest, r->record, depth);
}

static bool waits(const struct closest *closest)
{
	switch (closest->depth) {
	case SOUGHT:
	case NOT_YET:
	case CAPACITY:
	case EVIDENCE: return true;
	case REPRESENTATIVE: return closest->record->authority != TOLD_AUTHORITY_REJECTED;
	default: return false;
	}
}

static void miss(struct told_hearing *h, struct told_item *item, const struct closest *closest)
{
	unsigned code = code_of[closest->depth];
	if (closest->depth == RECIPIENT && closest->record->kind == TOLD_CONSENT_KIND_STATUTORY_DTR)
		code = TOLD_CON_20;
	if (code == TOLD_CON_19 || code == TOLD_CON_20)
		told_stop_message(h, code, TOLD_EFFECT_DENY);
	item->consent = closest->record;
	told_stop_section(h, item, code, waits(closest) ? TOLD_SECTION_EFFECT_HOLD : TOLD_SECTION_EFFECT_WITHHOLD);
}

/* Deny wins over every live record; consent is never more than the best of them. */
static void rule_by(struct told_hearing *h, struct told_item *item, const struct weighed *w)
{
	const struct told_consent *no = w->refusal ? w->refusal : w->exclusion;
	if (no) {
		unsigned alone = w->refusal ? TOLD_CON_02 : TOLD_CON_10;
		item->consent = no;
		told_stop_section(h, item, w->grant ? TOLD_CON_13 : alone, TOLD_SECTION_EFFECT_WITHHOLD);
	} else if (w->grant) {
		item->consent = w->grant;
	} else if (w->closest.record) {
		miss(h, item, &w->closest);
	} else {
		told_stop_section(h, item, TOLD_CON_01, TOLD_SECTION_EFFECT_WITHHOLD);
	}
}

/* The kinds of record that serve in a mode; what rests on Article 6(1)(a) or 9(2)(a) asks for gdpr whatever the mode.
 */
static uint64_t kinds_asked(const struct told_item *item, unsigned mode)
{
	static const uint64_t of_mode[] = {
		[TOLD_MODE_PERMISSION] = TOLD_BIT64(TOLD_CONSENT_KIND_PERMISSION) | TOLD_BIT64(TOLD_CONSENT_KIND_GDPR),
		[TOLD_MODE_GDPR] = TOLD_BIT64(TOLD_CONSENT_KIND_GDPR),
		[TOLD_MODE_STATUTORY_DTR] = TOLD_BIT64(TOLD_CONSENT_KIND_STATUTORY_DTR),
		[TOLD_MODE_STATUTORY_UC] = TOLD_BIT64(TOLD_CONSENT_KIND_STATUTORY_UC),
		[TOLD_MODE_IMPLIED] = TOLD_BIT64(TOLD_CONSENT_KIND_IMPLIED),
	};
	if (item->basis->art6 == TOLD_ART6_A || (item->health && item->basis->art9 == TOLD_ART9_A))
		return TOLD_BIT64(TOLD_CONSENT_KIND_GDPR);
	return mode <= TOLD_MODE_IMPLIED ? of_mode[mode] : 0;
}

static void weigh_category(struct told_hearing *h, struct told_item *item, const struct readings *all,
			   const struct look *look)
{
	struct weighed weighed = {0};
	for (unsigned kind = 1; kind < TOLD_CONSENT_KIND_COUNT; kind++)
		if (look->kinds & TOLD_BIT64(kind) && all->early[kind].record)
			keep_closest(&weighed.closest, all->early[kind].record, all->early[kind].depth);
	for (size_t i = 0; i < all->count; i++)
		weigh_record(look, &all->items[i], &weighed);
	rule_by(h, item, &weighed);
}

static void weigh_section(struct told_hearing *h, struct told_item *item, const struct readings *all)
{
	unsigned mode = item->flow ? item->flow->consent : TOLD_MODE_PERMISSION;
	struct look look = {
		.h = h,
		.item = item,
		.flow = item->flow,
		.originator = item->facts->originator ? item->facts->originator : h->giver,
		.kinds = kinds_asked(item, mode),
	};
	item->pass = TOLD_OK_00;
	if (all->overflow) {
		told_stop_section(h, item, TOLD_CON_16, TOLD_SECTION_EFFECT_HOLD);
		return;
	}
	for (unsigned word = 0; word < TOLD_CATSET_WORDS; word++)
		for (uint64_t left = item->leaves.w[word]; left; left &= left - 1) {
			look.category = word * 64 + (unsigned)__builtin_ctzll(left) + 1;
			weigh_category(h, item, all, &look);
		}
}

static bool needs_none(const struct told_item *item)
{
	if (item->facts->kind == TOLD_SECTION_COUNTS)
		return true;
	bool rests_on_consent = item->basis->art6 == TOLD_ART6_A || (item->health && item->basis->art9 == TOLD_ART9_A);
	return item->flow && item->flow->consent == TOLD_MODE_NONE && !rests_on_consent;
}

/* Free text that nobody classified is left to SEC-05. */
void told_stage_consent(struct told_hearing *h)
{
	struct readings all;
	if (h->overriding || h->traits & (TOLD_TRAIT_ADMIN | TOLD_TRAIT_RIGHT | TOLD_TRAIT_FOLLOWS))
		return;
	read_all(h, &all);
	for (size_t i = 0; i < h->item_count; i++) {
		struct told_item *item = &h->items[i];
		if (needs_none(item))
			item->pass = TOLD_CON_00;
		else if (!item->blank)
			weigh_section(h, item, &all);
	}
}
