/* SPDX-License-Identifier: Apache-2.0 */
/* Stage 6, consent, section by section: CON-00 to 20, OK-00. Every record is read once for the message, into a mask of
 * the tests it fails; a section adds its own tests. The lowest bit left is where the record stopped, the record that
 * got furthest is the closest miss. */
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

/* More records than this of one person are never weighed one against the other: everything waits for a person. */
#define READINGS_MAX 256u

/* One record as it reads for this message. */
struct reading {
	const struct told_consent *record;
	int64_t end_utc_ms;
	uint16_t misses;                   /* tests that fail whatever the section */
	bool grants;                       /* was meant to permit something */
	bool refuses, shuts_out, in_scope; /* refusal; excludes this recipient; its exclusions apply here */
};

struct readings {
	struct reading items[READINGS_MAX];
	size_t count;
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

static const struct {
	uint8_t test;
	bool (*passes)(const struct told_hearing *h, const struct told_consent *c);
} message_tests[] = {
	{SPECIFIC, specific}, {RECIPIENT, recipient}, {PURPOSE, purpose},   {CONTACT, contact},
	{SOUGHT, answered},   {NOT_YET, begun},       {CAPACITY, capacity}, {REPRESENTATIVE, representative},
	{FREE, freely_given},
};

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
	r->in_scope = names_party(h, c) && (!c->purposes || c->purposes & h->purposes);
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
	for (size_t i = 0; i < sizeof message_tests / sizeof message_tests[0]; i++)
		if (!message_tests[i].passes(h, c))
			r->misses |= (uint16_t)(1u << message_tests[i].test);
	r->end_utc_ms = r->misses & 1u << RECIPIENT ? 0 : told_consent_end(h, c, NULL);
}

static void read_all(const struct told_hearing *h, struct readings *all)
{
	all->count = 0;
	all->overflow = h->q->consent_count > READINGS_MAX;
	for (size_t i = 0; !all->overflow && i < h->q->consent_count; i++)
		if (told_consent_counts(h, &h->q->consents[i]))
			read_record(h, &all->items[all->count++], &h->q->consents[i]);
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

static bool not_ended(const struct look *l, const struct reading *r)
{
	int64_t end = r->end_utc_ms;
	if (l->flow && l->flow->consent_max.unit != TOLD_SPAN_NONE)
		end = told_consent_end(l->h, r->record, l->flow);
	return l->h->q->t_utc_ms < end;
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
	bool known = !a || a->notice_count == 0;
	for (size_t i = 0; a && i < a->notice_count; i++) {
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
	unsigned misses = r->misses;
	if (misses & ((1u << CATEGORY) - 1))
		return (unsigned)__builtin_ctz(misses);
	const struct told_consent *c = r->record;
	misses |= !includes(l, c) ? 1u << CATEGORY : 0;
	misses |= !in_window(l, c) ? 1u << WINDOW : 0;
	misses |= !not_ended(l, r) ? 1u << EXPIRED : 0;
	misses |= told_consent_withdrawn(l->h, c, l->category) ? 1u << WITHDRAWN : 0;
	misses |= !notice_holds(l, c) ? 1u << NOTICE : 0;
	misses |= !evidenced(l, c) ? 1u << EVIDENCE : 0;
	return misses ? (unsigned)__builtin_ctz(misses) : TESTS;
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
	return r->in_scope && (told_catset_has(&r->record->exclude, l->category) ||
			       told_partyset_has(&r->record->not_from, l->originator) || person_excluded(l, r->record));
}

/* ---- weighing them for one section ---- */

struct weighed {
	const struct told_consent *refusal, *exclusion, *grant, *closest;
	unsigned depth; /* of the closest */
};

/* Of two records that say the same the later counts, then the higher id: memory order never shows. */
static const struct told_consent *later(const struct told_consent *a, const struct told_consent *b)
{
	if (!a || !b)
		return a ? a : b;
	if (a->given_utc_ms != b->given_utc_ms)
		return a->given_utc_ms > b->given_utc_ms ? a : b;
	for (size_t i = 0; i < TOLD_ID_BYTES; i++)
		if (a->id[i] != b->id[i])
			return a->id[i] > b->id[i] ? a : b;
	return a;
}

static void weigh_record(const struct look *l, const struct reading *r, struct weighed *w)
{
	bool refused = refused_by(l, r), excluded = excluded_by(l, r);
	if (refused)
		w->refusal = later(w->refusal, r->record);
	if (excluded)
		w->exclusion = later(w->exclusion, r->record);
	if (!r->grants || refused || excluded || !(l->kinds & TOLD_BIT64(r->record->kind)))
		return;
	unsigned depth = stopped_at(l, r);
	if (depth == TESTS) {
		w->grant = later(w->grant, r->record);
	} else if (!w->closest || depth > w->depth) {
		w->closest = r->record;
		w->depth = depth;
	} else if (depth == w->depth) {
		w->closest = later(w->closest, r->record);
	}
}

static void miss(struct told_hearing *h, struct told_item *item, const struct weighed *w)
{
	unsigned code = code_of[w->depth];
	enum told_section_effect effect = TOLD_SECTION_EFFECT_WITHHOLD;
	item->consent = w->closest;
	if (w->depth == RECIPIENT && w->closest->kind == TOLD_CONSENT_KIND_STATUTORY_DTR)
		code = TOLD_CON_20;
	if (w->depth == SOUGHT || w->depth == NOT_YET || w->depth == CAPACITY || w->depth == EVIDENCE ||
	    (w->depth == REPRESENTATIVE && w->closest->authority != TOLD_AUTHORITY_REJECTED))
		effect = TOLD_SECTION_EFFECT_HOLD;
	if (code == TOLD_CON_19 || code == TOLD_CON_20)
		told_stop_message(h, code, TOLD_EFFECT_DENY);
	told_stop_section(h, item, code, effect);
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
	} else if (w->closest) {
		miss(h, item, w);
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
	for (look.category = 1; look.category < TOLD_CATEGORY_COUNT; look.category++) {
		if (!told_catset_has(&item->leaves, look.category))
			continue;
		struct weighed weighed = {0};
		for (size_t i = 0; i < all->count; i++)
			weigh_record(&look, &all->items[i], &weighed);
		rule_by(h, item, &weighed);
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
