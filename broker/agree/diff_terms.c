/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions of what passes in both versions: what a message must hold, what must be verified or warned of, how old it
 * may be, what it may rest on. Said as what would newly pass and what would stop. Pure memory. */
#include "broker/agree/diff_fields.h"

#include "broker/agree/sets.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define COUNT(of) (sizeof(of) / sizeof(of)[0])

/* Two clauses, one of each version, that meet in what they carry. */
struct pair {
	const struct terms *terms;
	const void *was, *is;
	const char *clause; /* of the newer */
	struct told_catset common;
};

static const void *at(const void *thing, size_t offset)
{
	return (const char *)thing + offset;
}

/* "RULE: clause 4.1: BEFORE CODES AFTER" for a set that is not empty. */
static void say_set(const struct pair *p, const char *word, const struct told_catset *set, const char *before,
		    const char *after)
{
	struct told_buf codes = TOLD_BUF(4096);
	if (told_catset_empty(set))
		return;
	told_catset_print(set, &codes);
	told_terms_say(p->terms, "%s: clause %s: %s%s%s", word, p->clause, before, told_buf_cstr(&codes), after);
	told_buf_free(&codes);
}

/* ---- sets that bind ---- */

struct binding {
	size_t at;
	const char *before, *stops, *passes;
	bool whole; /* binds the message, so what is not common counts too */
};

#define FLOW(member) offsetof(struct told_flow, member)
static const struct binding bindings[] = {
	{FLOW(mandatory), "a message without ", " is held", " goes", true},
	{FLOW(verified), "", " that nobody marked as verified", " also where nobody marked it as verified", false},
	{FLOW(warned), "", " where the page gave no benefit warning", " also where the page gave no benefit warning",
	 false},
};

static void say_binding(const struct pair *p, const struct binding *b)
{
	const struct told_catset *was = at(p->was, b->at), *is = at(p->is, b->at);
	struct told_catset tighter = told_catset_without(is, was), looser = told_catset_without(was, is);
	if (!b->whole) {
		tighter = told_catset_and(&tighter, &p->common);
		looser = told_catset_and(&looser, &p->common);
	}
	say_set(p, "stops", &tighter, b->before, b->stops);
	say_set(p, "new", &looser, b->before, b->passes);
}

/* ---- age ---- */

/* Long enough to compare: units differ by more than the roughness of a month. */
static uint32_t hours_of(struct told_span span)
{
	static const uint32_t hours[] = {
		[TOLD_SPAN_NONE] = 0,          [TOLD_SPAN_HOURS] = 1,    [TOLD_SPAN_DAYS] = 24,
		[TOLD_SPAN_WORKING_DAYS] = 34, [TOLD_SPAN_MONTHS] = 730, [TOLD_SPAN_YEARS] = 8766,
	};
	return span.count * hours[span.unit];
}

/* Every line that names a category binds it: the shortest counts. */
static struct told_span lookback_of(const struct told_flow *flow, unsigned category)
{
	struct told_span shortest = {0};
	for (size_t i = 0; i < flow->lookback_count; i++) {
		struct told_span span = flow->lookbacks[i].span;
		if (!told_catset_has(&flow->lookbacks[i].data, category))
			continue;
		if (shortest.unit == TOLD_SPAN_NONE || hours_of(span) < hours_of(shortest))
			shortest = span;
	}
	return shortest;
}

static bool same_span(struct told_span a, struct told_span b)
{
	return a.unit == b.unit && a.count == b.count;
}

static void say_age(const struct pair *p, const struct told_catset *set, struct told_span was, struct told_span is)
{
	char before[12] = "any age", after[12] = "any age", words[64];
	bool longer = is.unit == TOLD_SPAN_NONE || (was.unit != TOLD_SPAN_NONE && hours_of(is) > hours_of(was));
	const char *how = is.unit == TOLD_SPAN_NONE ? " of" : longer ? " of up to" : " older than";
	if (was.unit != TOLD_SPAN_NONE)
		told_span_text(was, before);
	if (is.unit != TOLD_SPAN_NONE)
		told_span_text(is, after);
	snprintf(words, sizeof words, "%s %s (look-back was %s)", how, after, before);
	say_set(p, longer ? "new" : "stops", set, "", words);
}

/* Categories whose look-back changes alike share a line. */
static void say_lookback(const struct pair *p)
{
	struct told_catset done = {0};
	for (unsigned category = 1; category <= told_list_max(TOLD_LIST_CATEGORY); category++) {
		struct told_span was = lookback_of(p->was, category), is = lookback_of(p->is, category);
		struct told_catset alike = {0};
		if (!told_catset_has(&p->common, category) || told_catset_has(&done, category) || same_span(was, is))
			continue;
		for (unsigned other = category; other <= told_list_max(TOLD_LIST_CATEGORY); other++)
			if (told_catset_has(&p->common, other) && same_span(was, lookback_of(p->was, other)) &&
			    same_span(is, lookback_of(p->is, other)))
				told_catset_add(&alike, other);
		told_catset_join(&done, &alike);
		say_age(p, &alike, was, is);
	}
}

/* ---- necessity ---- */

static struct told_catset not_needed_for(const struct told_flow *flow, unsigned purpose)
{
	struct told_catset all = {0};
	for (size_t i = 0; i < flow->not_needed_count; i++)
		if ((flow->not_needed[i].purposes & TOLD_BIT32(purpose)) != 0)
			told_catset_join(&all, &flow->not_needed[i].data);
	return told_catset_and(&all, &flow->data);
}

static void say_not_needed(const struct pair *p)
{
	for (unsigned purpose = 1; purpose <= told_list_max(TOLD_LIST_PURPOSE); purpose++) {
		char stops[64], passes[64];
		struct told_catset was = not_needed_for(p->was, purpose), is = not_needed_for(p->is, purpose);
		struct told_catset tighter = told_catset_without(&is, &was), looser = told_catset_without(&was, &is);
		tighter = told_catset_and(&tighter, &p->common);
		looser = told_catset_and(&looser, &p->common);
		snprintf(stops, sizeof stops, " for %s, as not needed", told_code(TOLD_LIST_PURPOSE, purpose));
		snprintf(passes, sizeof passes, " for %s (it was not needed)", told_code(TOLD_LIST_PURPOSE, purpose));
		say_set(p, "stops", &tighter, "", stops);
		say_set(p, "new", &looser, "", passes);
	}
}

/* ---- what it may rest on ---- */

static const struct {
	const char *key;
	size_t at;
	enum told_list list;
} grounds[] = {
	{"art6", offsetof(struct told_basis_lists, art6), TOLD_LIST_ART6},
	{"art9", offsetof(struct told_basis_lists, art9), TOLD_LIST_ART9},
	{"art10", offsetof(struct told_basis_lists, art10), TOLD_LIST_ART10},
	{"confidentiality", offsetof(struct told_basis_lists, confidentiality), TOLD_LIST_CONFIDENTIALITY},
	{"powers", offsetof(struct told_basis_lists, powers), TOLD_LIST_POWER},
};

static bool only_in(const struct pair *p, size_t i, const struct told_grounds *here, const struct told_grounds *other,
		    const char *word)
{
	bool any = false;
	for (unsigned n = 0; n < here->count; n++)
		if (!told_grounds_have(other, here->value[n])) {
			told_terms_say(p->terms, "%s: clause %s: what rests on %s %s", word, p->clause, grounds[i].key,
				       told_code(grounds[i].list, here->value[n]));
			any = true;
		}
	return any;
}

static void say_ground(const struct pair *p, size_t i, const struct told_grounds *was, const struct told_grounds *is)
{
	bool differs = only_in(p, i, is, was, "new");
	differs |= only_in(p, i, was, is, "stops");
	if (!differs && is->count > 0 && is->value[0] != was->value[0])
		told_terms_say(p->terms,
			       "changes: clause %s: a message rests on %s %s unless it says otherwise, was %s",
			       p->clause, grounds[i].key, told_code(grounds[i].list, is->value[0]),
			       told_code(grounds[i].list, was->value[0]));
	else if (!differs && memcmp(was, is, sizeof *was) != 0)
		told_terms_say(p->terms, "changes: clause %s: the order of %s", p->clause, grounds[i].key);
}

static void say_basis(const struct pair *p, const struct told_basis_lists *was, const struct told_basis_lists *is)
{
	static const struct field document = {"apd", offsetof(struct told_basis_lists, policy_document_utc_ms),
					      told_value_date, NULL, NULL};
	char where[32];
	snprintf(where, sizeof where, "clause %s", p->clause);
	for (size_t i = 0; i < COUNT(grounds); i++)
		say_ground(p, i, at(was, grounds[i].at), at(is, grounds[i].at));
	told_fields_differ(p->terms, where, &document, 1, was, is);
}

/* ---- flags: what stands open with them ---- */

struct opening {
	size_t at;
	bool opens; /* set, it lets more pass; else less */
	const char *words;
};

static void say_openings(const struct pair *p, const struct opening *openings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool was = *(const bool *)at(p->was, openings[i].at), is = *(const bool *)at(p->is, openings[i].at);
		if (was != is)
			told_terms_say(p->terms, "%s: clause %s: %s", is == openings[i].opens ? "new" : "stops",
				       p->clause, openings[i].words);
	}
}

static const struct opening flow_openings[] = {
	{FLOW(others_own_basis), true, "what is about other people, without their permission"},
	{FLOW(needs_threshold), false, "messages that met no threshold"},
};

/* ---- flows ---- */

static const char *const onwards[] = {"ask-originator", "never"};
static const char *const markers[] = {
	[TOLD_PARCEL_MARKER_NONE] = "none",
	[TOLD_PARCEL_MARKER_GENERIC] = "generic",
	[TOLD_PARCEL_MARKER_PER_SECTION] = "per-section",
};
static const struct field flow_fields[] = {
	{"clause", FLOW(clause), told_value_clause, NULL, NULL},
	{"onward", FLOW(onward), told_value_word, onwards, NULL},
	{"marker", FLOW(marker), told_value_word, markers, NULL},
	{"statutory-exceptions", FLOW(bars), told_value_bars, NULL, NULL},
	{"smallest-cell", FLOW(smallest_cell), told_value_number, NULL, NULL},
	{"consent-max", FLOW(consent_max), told_value_span, NULL, NULL},
	{"acknowledge", FLOW(ack), told_value_span, NULL, NULL},
};

static void flow_pair(const struct pair *p)
{
	const struct told_flow *was = p->was, *is = p->is;
	char where[32];
	snprintf(where, sizeof where, "clause %s", p->clause);
	told_fields_differ(p->terms, where, flow_fields, COUNT(flow_fields), was, is);
	for (size_t i = 0; i < COUNT(bindings); i++)
		say_binding(p, &bindings[i]);
	say_lookback(p);
	say_not_needed(p);
	say_basis(p, &was->basis, &is->basis);
	say_openings(p, flow_openings, COUNT(flow_openings));
}

static bool sets_meet(const struct told_partyset *a, const struct told_partyset *b)
{
	uint64_t both = 0;
	for (unsigned i = 0; i < TOLD_PARTY_WORDS; i++)
		both |= a->w[i] & b->w[i];
	return both != 0;
}

static bool flows_meet(const struct told_flow *a, const struct told_flow *b)
{
	return sets_meet(&a->from, &b->from) && sets_meet(&a->to, &b->to) &&
	       (told_types_carried(a->types) & told_types_carried(b->types)) != 0 && (a->purposes & b->purposes) != 0 &&
	       (told_catset_meets(&a->data, &b->data) || (a->counts && b->counts));
}

void told_diff_flow_terms(const struct terms *terms)
{
	for (size_t i = 0; i < terms->newer->flow_count; i++)
		for (size_t j = 0; j < terms->older->flow_count; j++) {
			const struct told_flow *is = &terms->newer->flows[i], *was = &terms->older->flows[j];
			struct pair p = {terms, was, is, is->clause, told_catset_and(&is->data, &was->data)};
			if (flows_meet(was, is))
				flow_pair(&p);
		}
}

/* ---- overrides ---- */

#define PROFILE(member) offsetof(struct told_profile, member)
static const struct field profile_fields[] = {
	{"clause", PROFILE(clause), told_value_clause, NULL, NULL},
	{"types", PROFILE(types), told_value_types, NULL, NULL},
	{"purposes", PROFILE(purposes), told_value_purposes, NULL, NULL},
	{"declare", PROFILE(declare), told_value_roles, NULL, NULL},
	{"second", PROFILE(second), told_value_roles, NULL, NULL},
	{"expires", PROFILE(expires), told_value_span, NULL, NULL},
	{"review-within", PROFILE(review), told_value_span, NULL, NULL},
	{"statutory-exceptions", PROFILE(bars), told_value_bars, NULL, NULL},
};
static const struct opening profile_openings[] = {
	{PROFILE(others_own_basis), true, "what is about other people, without their permission"},
	{PROFILE(any_data), true, "every category, at once"},
	{PROFILE(order_names), true, "what the order in hand names"},
	{PROFILE(needs_reason), false, "what lies beyond the first set, without a reason"},
	{PROFILE(anyone), true, "what any worker declares, whatever the role"},
	{PROFILE(mandatory_report), true, "a mandatory report, whatever else is missing"},
};

/* What passes, but not at once; an order may name anything. */
static struct told_catset beyond(const struct told_profile *profile)
{
	struct told_catset all = profile->beyond;
	for (unsigned category = 1; profile->order_names && category <= told_list_max(TOLD_LIST_CATEGORY); category++)
		told_catset_add(&all, category);
	return told_catset_without(&all, &profile->first);
}

static void profile_pair(const struct pair *p)
{
	const struct told_profile *was = p->was, *is = p->is;
	char where[32];
	snprintf(where, sizeof where, "clause %s", p->clause);
	told_fields_differ(p->terms, where, profile_fields, COUNT(profile_fields), was, is);
	say_openings(p, profile_openings, COUNT(profile_openings));
	struct told_catset was_waiting = beyond(was), waiting = beyond(is);
	struct told_catset sooner = told_catset_and(&is->first, &was_waiting);
	struct told_catset later = told_catset_and(&waiting, &was->first);
	say_set(p, "new", &sooner, "", " at once, on one worker's word");
	say_set(p, "stops", &later, "", " at once; it waits for a reason and a second authoriser");
	say_basis(p, &was->basis, &is->basis);
}

static bool profiles_meet(const struct told_profile *a, const struct told_profile *b)
{
	return a->kind == b->kind && sets_meet(&a->from, &b->from) && sets_meet(&a->to, &b->to) &&
	       ((a->types & b->types) != 0 || strcmp(a->clause, b->clause) == 0);
}

void told_diff_profile_terms(const struct terms *terms)
{
	for (size_t i = 0; i < terms->newer->profile_count; i++)
		for (size_t j = 0; j < terms->older->profile_count; j++) {
			const struct told_profile *is = &terms->newer->profiles[i], *was = &terms->older->profiles[j];
			struct pair p = {.terms = terms, .was = was, .is = is, .clause = is->clause};
			if (profiles_meet(was, is))
				profile_pair(&p);
		}
}
