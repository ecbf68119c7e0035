/* SPDX-License-Identifier: Apache-2.0 */
/* The table of lint rules. A rule is one question about an agreement, a party, a flow or an override; its words say why
 * it is asked and what to do. Adding a rule is one function and one row. */
#include "broker/agree/lint.h"

#include "broker/agree/compile.h"
#include "broker/agree/sets.h"

#include <stdlib.h>
#include <string.h>

struct rule;

struct lint {
	const struct told_agreement *agreement;
	const struct told_parties *names;
	struct told_faults *warnings;
	const struct rule *rule;
	const struct told_node *root, *block; /* the file, and what is looked at in it; NULL: no place is known */
};

struct rule {
	const char *name, *why, *todo;
	const char *key; /* pointed at, where the block has it */
	void (*whole)(struct lint *lint);
	void (*party)(struct lint *lint, const struct told_party *party);
	void (*flow)(struct lint *lint, const struct told_flow *flow);
	void (*profile)(struct lint *lint, const struct told_profile *profile);
};

#define CAT(...)     ((const unsigned[]){__VA_ARGS__, 0})
#define CATEGORY(of) TOLD_CATEGORY_##of

static void warn(struct lint *lint, const char *where, const char *what);

/* The i-th block of a list of the file: it has the order of the compiled one. */
static void look_at(struct lint *lint, const char *list, size_t i)
{
	const struct told_node *node = lint->root != NULL ? told_node_get(lint->root, list) : NULL;
	lint->block = node != NULL ? node->first : NULL;
	for (; lint->block != NULL && i > 0; i--)
		lint->block = lint->block->next;
}

/* ---- sets ---- */

static struct told_catset set_of(const unsigned *categories)
{
	struct told_catset set = {0};
	for (; *categories != 0; categories++)
		told_catset_add(&set, *categories);
	return set;
}

static struct told_catset prefix(const char *code)
{
	struct told_catset set = {0};
	if (told_catset_add_code(&set, told_text(code)) != TOLD_OK)
		return (struct told_catset){0};
	return set;
}

/* Special by nature (decision 1.4). */
static struct told_catset special(void)
{
	struct told_catset set = set_of(CAT(CATEGORY(RSK_SELF), CATEGORY(EMP_FIT), CATEGORY(EMP_ADJ), CATEGORY(PRF_ACC),
					    CATEGORY(FRM), CATEGORY(EQA), CATEGORY(DEM_FORMER)));
	static const char *const areas[] = {"MH.*", "SUD.*", "PHY.*"};
	for (size_t i = 0; i < 3; i++) {
		struct told_catset area = prefix(areas[i]);
		told_catset_join(&set, &area);
	}
	return set;
}

static struct told_catset criminal(void)
{
	struct told_catset set = prefix("CRM.*");
	told_catset_add(&set, TOLD_CATEGORY_SAF_DA);
	told_catset_add(&set, TOLD_CATEGORY_SAF_MARAC);
	return set;
}

static bool any_marked(const struct lint *lint, const struct told_partyset *set, uint16_t marks)
{
	for (size_t i = 0; i < lint->agreement->party_count; i++) {
		const struct told_party *party = &lint->agreement->parties[i];
		if (told_partyset_has(set, party->party) && (party->marks & marks) != 0)
			return true;
	}
	return false;
}

/* A party of the set that lacks one of the marks; persons are not asked. NULL when none does. */
static const char *unmarked(const struct lint *lint, const struct told_partyset *set, uint16_t marks)
{
	for (size_t i = 0; i < lint->agreement->party_count; i++) {
		const struct told_party *party = &lint->agreement->parties[i];
		if (told_partyset_has(set, party->party) && (party->marks & (marks | TOLD_MARK_PERSON)) == 0)
			return told_party_name(lint->names, party->party);
	}
	return NULL;
}

static bool has_g(const struct told_grounds *art9)
{
	return told_grounds_have(art9, TOLD_ART9_G_6) || told_grounds_have(art9, TOLD_ART9_G_16) ||
	       told_grounds_have(art9, TOLD_ART9_G_17) || told_grounds_have(art9, TOLD_ART9_G_18) ||
	       told_grounds_have(art9, TOLD_ART9_G_19);
}

/* ---- the agreement ---- */

static void no_end(struct lint *lint)
{
	if (lint->agreement->until_utc_ms == TOLD_FOREVER)
		warn(lint, "", "it has no end date");
}

static void no_review(struct lint *lint)
{
	if (lint->agreement->review_utc_ms == TOLD_FOREVER)
		warn(lint, "", "it has no review date");
}

static bool flows_between(const struct told_flow *flow, uint32_t from, uint32_t to)
{
	return from != to && told_partyset_has(&flow->from, from) && told_partyset_has(&flow->to, to);
}

static const struct told_flow *some_flow(const struct told_agreement *agreement, uint32_t from, uint32_t to)
{
	for (size_t i = 0; i < agreement->flow_count; i++)
		if (flows_between(&agreement->flows[i], from, to))
			return &agreement->flows[i];
	return NULL;
}

static void two_way(struct lint *lint)
{
	const struct told_agreement *a = lint->agreement;
	for (size_t i = 0; a->kind == TOLD_DDA && i < a->party_count; i++)
		for (size_t j = i + 1; j < a->party_count; j++) {
			const struct told_flow *there = some_flow(a, a->parties[i].party, a->parties[j].party);
			const struct told_flow *back = some_flow(a, a->parties[j].party, a->parties[i].party);
			if (there == NULL || back == NULL)
				continue;
			look_at(lint, "flows", (size_t)(back - a->flows));
			warn(lint, back->clause, "data flows both ways under a one-way agreement (kind dda)");
		}
}

static struct told_catset all_data(const struct told_agreement *agreement)
{
	struct told_catset all = {0};
	for (size_t i = 0; i < agreement->flow_count; i++)
		told_catset_join(&all, &agreement->flows[i].data);
	for (size_t i = 0; i < agreement->profile_count; i++) {
		if (agreement->profiles[i].any_data || agreement->profiles[i].order_names)
			memset(&all, 0xff, sizeof all);
		told_catset_join(&all, &agreement->profiles[i].first);
		told_catset_join(&all, &agreement->profiles[i].beyond);
	}
	return all;
}

static void unused_one(struct lint *lint, const struct told_catset *data, const struct told_catset *used,
		       const char *what)
{
	if (!told_catset_empty(data) && !told_catset_meets(data, used))
		warn(lint, "", what);
}

static void unused(struct lint *lint)
{
	const struct told_agreement *a = lint->agreement;
	struct told_catset used = all_data(a);
	unused_one(lint, &a->seal, &used, "\"seal\" names only categories that no flow carries");
	for (size_t i = 0; i < a->group_count; i++) {
		look_at(lint, "groups", i);
		unused_one(lint, &a->groups[i].data, &used, "a group names only categories that no flow carries");
	}
	for (size_t i = 0; i < a->retention_count; i++) {
		look_at(lint, "retain", i);
		unused_one(lint, &a->retentions[i].data, &used,
			   "\"retain\" has a line with only categories that no flow carries");
	}
}

static bool shorter(struct told_span span, uint32_t years)
{
	static const uint32_t per_year[] = {
		[TOLD_SPAN_NONE] = 1,           [TOLD_SPAN_HOURS] = 8766, [TOLD_SPAN_DAYS] = 365,
		[TOLD_SPAN_WORKING_DAYS] = 253, [TOLD_SPAN_MONTHS] = 12,  [TOLD_SPAN_YEARS] = 1,
	};
	return span.count < years * per_year[span.unit];
}

static void short_retention(struct lint *lint)
{
	struct told_catset mind = prefix("MH.*"), drugs = prefix("SUD.*"), body = prefix("PHY.*");
	for (size_t i = 0; i < lint->agreement->retention_count; i++) {
		const struct told_retention *line = &lint->agreement->retentions[i];
		bool mental = told_catset_meets(&line->data, &mind);
		bool health = mental || told_catset_meets(&line->data, &drugs) || told_catset_meets(&line->data, &body);
		if (line->reason.len > 0)
			continue;
		look_at(lint, "retain", i);
		if (mental && shorter(line->span, 20))
			warn(lint, "", "MH data is kept for less than 20 years, and no reason is given");
		else if (health && shorter(line->span, 8))
			warn(lint, "", "health data is kept for less than 8 years, and no reason is given");
	}
}

/* ---- parties ---- */

static void no_dpo(struct lint *lint, const struct told_party *party)
{
	if ((party->marks & (TOLD_MARK_PAPER | TOLD_MARK_PERSON)) == 0 && party->dpo.len == 0)
		warn(lint, told_party_name(lint->names, party->party), "no data protection officer is named");
}

static void other_version(struct lint *lint, const struct told_party *party)
{
	if ((party->marks & (TOLD_MARK_PAPER | TOLD_MARK_PERSON)) == 0 &&
	    party->signed_version != lint->agreement->version)
		warn(lint, told_party_name(lint->names, party->party), "it has signed another version than this one");
}

/* ---- flows ---- */

static void no_art9(struct lint *lint, const struct told_flow *flow)
{
	struct told_catset set = special();
	if (flow->basis.art9.count > 0 || flow->counts)
		return;
	if (told_catset_meets(&flow->data, &set))
		warn(lint, flow->clause, "it carries special category data and states no Article 9 condition");
	else if (any_marked(lint, &flow->from, TOLD_MARK_REVEALS) || any_marked(lint, &flow->to, TOLD_MARK_REVEALS))
		warn(lint, flow->clause,
		     "being known to one of its parties reveals health, and it states no Article 9 condition");
}

static void profile_no_art9(struct lint *lint, const struct told_profile *profile)
{
	struct told_catset set = special();
	if (profile->basis.art9.count == 0 && (profile->any_data || told_catset_meets(&profile->first, &set) ||
					       told_catset_meets(&profile->beyond, &set)))
		warn(lint, profile->clause, "it carries special category data and states no Article 9 condition");
}

static void flow_no_art10(struct lint *lint, const struct told_flow *flow)
{
	struct told_catset set = criminal();
	if (flow->basis.art10.count == 0 && told_catset_meets(&flow->data, &set))
		warn(lint, flow->clause, "it carries offences or allegations and states no Article 10 ground");
}

static void profile_no_art10(struct lint *lint, const struct told_profile *profile)
{
	struct told_catset set = criminal();
	if (profile->basis.art10.count == 0 &&
	    (told_catset_meets(&profile->first, &set) || told_catset_meets(&profile->beyond, &set)))
		warn(lint, profile->clause, "it carries offences or allegations and states no Article 10 ground");
}

static void no_power(struct lint *lint, const struct told_flow *flow)
{
	if (flow->consent == TOLD_MODE_NONE && flow->basis.powers.count == 0)
		warn(lint, flow->clause, "it needs no permission and names no power");
}

static bool duty_to_refer(const struct told_flow *flow)
{
	return flow->consent == TOLD_MODE_STATUTORY_DTR || told_grounds_have(&flow->basis.powers, TOLD_POWER_S213B);
}

static void duty_from(struct lint *lint, const struct told_flow *flow)
{
	if (duty_to_refer(flow) && unmarked(lint, &flow->from, TOLD_MARK_S213B) != NULL)
		warn(lint, flow->clause, "a sender of this duty-to-refer flow is no body that has the duty");
}

static void duty_to(struct lint *lint, const struct told_flow *flow)
{
	for (size_t i = 0; duty_to_refer(flow) && i < lint->agreement->party_count; i++) {
		const struct told_party *party = &lint->agreement->parties[i];
		if (told_partyset_has(&flow->to, party->party) && party->nation != TOLD_ENGLAND)
			warn(lint, flow->clause, "a recipient of this duty-to-refer flow lies outside England");
	}
}

static void h_without_hsc(struct lint *lint, const struct told_flow *flow)
{
	if (!told_grounds_have(&flow->basis.art9, TOLD_ART9_H_2))
		return;
	if (unmarked(lint, &flow->from, TOLD_MARK_HSC) != NULL || unmarked(lint, &flow->to, TOLD_MARK_HSC) != NULL)
		warn(lint, flow->clause,
		     "Article 9(2)(h) is stated between parties that are not both health or social care");
}

static void flow_g_without_document(struct lint *lint, const struct told_flow *flow)
{
	if (has_g(&flow->basis.art9) && flow->basis.policy_document_utc_ms == 0)
		warn(lint, flow->clause,
		     "Article 9(2)(g) is stated without the date of the appropriate policy document");
}

static void profile_g_without_document(struct lint *lint, const struct told_profile *profile)
{
	if (has_g(&profile->basis.art9) && profile->basis.policy_document_utc_ms == 0)
		warn(lint, profile->clause,
		     "Article 9(2)(g) is stated without the date of the appropriate policy document");
}

static void consent_to_power(struct lint *lint, const struct told_flow *flow)
{
	if (told_grounds_have(&flow->basis.art6, TOLD_ART6_A) &&
	    (any_marked(lint, &flow->from, TOLD_MARK_PUBLIC) || any_marked(lint, &flow->to, TOLD_MARK_PUBLIC)))
		warn(lint, flow->clause, "Article 6(1)(a) is stated where a public body is a party");
}

static void spent_convictions(struct lint *lint, const struct told_flow *flow)
{
	struct told_catset crime = prefix("CRM.*");
	crime = told_catset_and(&crime, &flow->data);
	struct told_catset unchecked = told_catset_without(&crime, &flow->verified);
	bool filtered = told_catset_empty(&unchecked) && (flow->bars & TOLD_BAR_SPENT_CONVICTION) == 0;
	if (!told_catset_empty(&crime) && !filtered &&
	    unmarked(lint, &flow->to, TOLD_MARK_PUBLIC | TOLD_MARK_HSC | TOLD_MARK_SPECIALIST) != NULL)
		warn(lint, flow->clause,
		     "offences go to a service outside justice and care without a filter for spent convictions");
}

static void benefit_warning(struct lint *lint, const struct told_flow *flow)
{
	uint32_t dwp = told_party_find(lint->names, told_text("DWP"));
	bool reached = told_partyset_has(&flow->to, dwp) || ((flow->purposes & TOLD_BIT32(TOLD_PURPOSE_EMPSUP)) != 0 &&
							     any_marked(lint, &flow->to, TOLD_MARK_PUBLIC));
	if (reached && told_catset_has(&flow->data, TOLD_CATEGORY_EMP_ATT) &&
	    !told_catset_has(&flow->warned, TOLD_CATEGORY_EMP_ATT))
		warn(lint, flow->clause, "EMP.ATT goes to whoever pays the benefit without the benefit warning");
}

static void against_never(struct lint *lint, const struct told_flow *flow)
{
	const struct told_agreement *a = lint->agreement;
	bool to = false;
	for (uint32_t party = 1; party <= TOLD_PARTYSET_MAX; party++)
		to = to || (told_partyset_has(&a->never_to, party) && told_partyset_has(&flow->to, party));
	if (to || (flow->purposes & a->never_for) != 0)
		warn(lint, flow->clause, "a \"never\" line forbids what this flow would carry");
}

/* ---- overrides ---- */

static void no_expiry(struct lint *lint, const struct told_profile *profile)
{
	if (profile->expires.unit == TOLD_SPAN_NONE)
		warn(lint, profile->clause, "this override has no end");
}

static void no_first(struct lint *lint, const struct told_profile *profile)
{
	bool alert = (profile->types & TOLD_BIT64(TOLD_TYPE_ALERT)) != 0;
	if (alert && !profile->any_data && told_catset_empty(&profile->first))
		warn(lint, profile->clause, "this override carries alerts and names no first set");
}

/* ---- the table ---- */

static const struct rule rules[] = {
	{"no-end-date", "An agreement that never ends is never looked at again.", "Add \"until\".", .key = "from",
	 .whole = no_end},
	{"no-review-date", "The ICO's code asks for regular review.", "Add \"review\".", .key = "from",
	 .whole = no_review},
	{"no-dpo", "Overrides and notices go to the data protection officer of each party.", "Add \"dpo\".",
	 .key = "party", .party = no_dpo},
	{"special-without-art9", "Such sections would be withheld, each one (LAW-03).", "Add \"art9\".", .key = "data",
	 .flow = no_art9, .profile = profile_no_art9},
	{"criminal-without-art10", "Article 10 asks for official authority or a paragraph of Schedule 1 (LAW-04).",
	 "Add \"art10\".", .key = "data", .flow = flow_no_art10, .profile = profile_no_art10},
	{"no-permission-no-power", "What needs no permission needs a law that opens it.",
	 "Name the power under \"powers\", or ask for permission.", .key = "consent", .flow = no_power},
	{"override-without-end", "An override that stays open becomes the rule.", "Add \"expires\".", .key = "clause",
	 .profile = no_expiry},
	{"alert-without-first-set", "Its alerts would wait for a second authoriser or a reason.",
	 "Name under \"first\" who the person is, how to find them and the concern.", .key = "types",
	 .profile = no_first},
	{"signed-another-version", "Between two parties only what both have signed is in force.",
	 "Have it sign this version, or correct \"signed\".", .key = "signed", .party = other_version},
	{"category-in-no-flow", "A rule for data that never goes is a mistake or a flow forgotten.",
	 "Add the flow, or take the line out.", .key = "data", .whole = unused},
	{"duty-to-refer-sender", "Housing Act 1996 s213B binds the bodies that its regulations list.",
	 "Mark the party s213b if it is one; else let it refer with permission under REFERRAL.", .key = "from",
	 .flow = duty_from},
	{"duty-to-refer-nation", "Housing Act 1996 s213B reaches authorities in England.",
	 "Refer with permission under REFERRAL, or under the other nation's law.", .key = "to", .flow = duty_to},
	{"two-way-under-one-way", "A disclosure agreement (dda) goes one way.", "Use kind isp, or take one flow out.",
	 .key = "clause", .whole = two_way},
	{"art9-h-outside-care", "It needs staff who owe confidentiality on both sides (Article 9(3)).",
	 "Use 9(2)(a), or 9(2)(g) with its paragraph, for housing and employability.", .key = "art9",
	 .flow = h_without_hsc},
	{"art9-g-without-document", "DPA 2018 Schedule 1 Part 4 asks for an appropriate policy document.",
	 "Add \"apd\" with its date.", .key = "art9", .flow = flow_g_without_document,
	 .profile = profile_g_without_document},
	{"consent-to-a-public-body", "Who depends on a public body can seldom refuse it freely.",
	 "Use the public task (e), and ask for permission besides.", .key = "art6", .flow = consent_to_power},
	{"spent-convictions", "Spent convictions from official records may not be passed on (1974 Act, s9).",
	 "List CRM codes under \"verified\" and name no exception for spent convictions.", .key = "data",
	 .flow = spent_convictions},
	{"benefit-warning", "A missed appointment can cost the person their benefit.",
	 "List EMP.ATT under \"benefit-warning\".", .key = "data", .flow = benefit_warning},
	{"short-retention", "Health records are kept for 8 years, mental health records for 20.",
	 "Keep it longer, or say why not under \"reason\".", .key = "keep", .whole = short_retention},
	{"against-never", "A \"never\" line wins, so this flow would carry nothing.", "Take one of the two out.",
	 .key = "clause", .flow = against_never},
};

#define RULES (sizeof rules / sizeof rules[0])

static struct told_place place_of(const struct lint *lint)
{
	return lint->block != NULL ? told_compile_place(lint->block, lint->rule->key) : (struct told_place){0};
}

static void warn(struct lint *lint, const char *where, const char *what)
{
	bool clause = where[0] >= '0' && where[0] <= '9';
	told_fault_add(lint->warnings, place_of(lint), lint->rule->why, lint->rule->todo, "%s%s%s%s [%s]",
		       clause ? "clause " : "", where, where[0] != '\0' ? ": " : "", what, lint->rule->name);
}

const char *told_lint_rule(size_t index)
{
	return index < RULES ? rules[index].name : NULL;
}

static void apply(struct lint *lint)
{
	const struct told_agreement *a = lint->agreement;
	const struct rule *rule = lint->rule;
	lint->block = lint->root;
	if (rule->whole != NULL)
		rule->whole(lint);
	for (size_t i = 0; rule->party != NULL && i < a->party_count; i++)
		look_at(lint, "parties", i), rule->party(lint, &a->parties[i]);
	for (size_t i = 0; rule->flow != NULL && i < a->flow_count; i++)
		look_at(lint, "flows", i), rule->flow(lint, &a->flows[i]);
	for (size_t i = 0; rule->profile != NULL && i < a->profile_count; i++)
		look_at(lint, "overrides", i), rule->profile(lint, &a->profiles[i]);
}

/* The file was good when the agreement was loaded from it, so nothing is wrong with it now. */
static const struct told_node *tree_of(struct told_bytes file, struct told_arena *arena)
{
	struct told_node *root = NULL;
	struct told_faults *none = calloc(1, sizeof *none);
	if (none == NULL || told_yaml_read(file, arena, none, &root) != TOLD_OK)
		root = NULL;
	if (none != NULL)
		told_faults_free(none);
	free(none);
	return root;
}

void told_agreement_lint(const struct told_agreement *agreement, const struct told_parties *parties,
			 struct told_bytes file, struct told_faults *warnings)
{
	struct lint lint = {.agreement = agreement, .names = parties, .warnings = warnings};
	struct told_arena *arena = NULL;
	if (told_arena_new(TOLD_AGREEMENT_TREE_MAX_BYTES, &arena) == TOLD_OK)
		lint.root = tree_of(file, arena);
	for (size_t i = 0; i < RULES; i++) {
		lint.rule = &rules[i];
		apply(&lint);
	}
	told_faults_sort(warnings);
	told_arena_free(arena);
}
