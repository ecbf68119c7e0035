/* SPDX-License-Identifier: Apache-2.0 */
/* What a case demands (decision.md 6.1): effect, released and withheld sections exactly; every listed code; a code that
 * is not listed only of a later stage than the primary's, and none on a release; obligations that the case names. */
#include "broker/cases/case.h"

#include <stdio.h>
#include <string.h>

/* Rulings for several recipients: all alike, that; any section to anybody, partial; else held if any is held. */
static unsigned join_effects(const struct told_case *c, const struct told_decision *rulings)
{
	bool alike = true, went = false, held = false;
	for (size_t i = 0; i < c->recipient_count; i++) {
		alike &= rulings[i].effect == rulings[0].effect;
		went |= rulings[i].effect == TOLD_EFFECT_RELEASE || rulings[i].effect == TOLD_EFFECT_PARTIAL;
		held |= rulings[i].effect == TOLD_EFFECT_HOLD;
	}
	if (alike)
		return rulings[0].effect;
	return went ? TOLD_EFFECT_PARTIAL : held ? TOLD_EFFECT_HOLD : TOLD_EFFECT_DENY;
}

static bool listed(const struct told_node *list, const char *text)
{
	for (const struct told_node *n = list ? list->first : NULL; n; n = n->next)
		if (told_bytes_equal(n->text, told_text(text)))
			return true;
	return false;
}

/* Recipients who were given the same stand under one name of the section. */
static bool same_for_all(const struct told_case *c, const struct told_decision *rulings)
{
	for (size_t i = 1; i < c->recipient_count; i++)
		for (size_t s = 0; s < rulings[0].section_count; s++)
			if ((rulings[i].sections[s].effect == TOLD_SECTION_EFFECT_RELEASE) !=
			    (rulings[0].sections[s].effect == TOLD_SECTION_EFFECT_RELEASE))
				return false;
	return true;
}

static void check_sections(struct told_case *c, const struct told_decision *rulings, const struct told_node *expect,
			   struct told_buf *why)
{
	const struct told_node *released = told_node_get(expect, "released"),
			       *withheld = told_node_get(expect, "withheld");
	bool same = same_for_all(c, rulings);
	size_t seen[2] = {0, 0};
	for (size_t i = 0; i < (same ? 1 : c->recipient_count); i++) {
		for (size_t s = 0; s < rulings[i].section_count; s++) {
			char name[256];
			bool went = rulings[i].sections[s].effect == TOLD_SECTION_EFFECT_RELEASE;
			const char *party = told_party_name(c->parties, rulings[i].recipient);
			snprintf(name, sizeof name, "%s%s%s", same ? "" : party, same ? "" : ":", c->labels[s]);
			seen[went]++;
			if (!listed(went ? released : withheld, name))
				told_buf_printf(why, " %s %s (%s)", name, went ? "went" : "did not go",
						told_code_row(rulings[i].sections[s].code)->name);
		}
	}
	if (seen[1] != told_case_count(released) || seen[0] != told_case_count(withheld))
		told_buf_printf(why, " %zu went and %zu did not", seen[1], seen[0]);
}

static bool reported(const struct told_case *c, const struct told_decision *rulings, unsigned code)
{
	for (size_t i = 0; i < c->recipient_count; i++)
		for (size_t at = 0; at < rulings[i].code_count; at++)
			if (rulings[i].codes[at] == code)
				return true;
	return false;
}

static unsigned primary_stage(const struct told_case *c, const struct told_decision *rulings)
{
	unsigned stage = 99;
	for (size_t i = 0; i < c->recipient_count; i++)
		if (rulings[i].effect != TOLD_EFFECT_RELEASE && rulings[i].stage < stage)
			stage = rulings[i].stage;
	return stage;
}

static void check_codes(struct told_case *c, const struct told_decision *rulings, const struct told_node *expect,
			unsigned effect, struct told_buf *why)
{
	const struct told_node *codes = told_node_get(expect, "codes");
	unsigned stage = primary_stage(c, rulings);
	bool only = told_case_yes(c, expect, "no-other-code");
	for (const struct told_node *n = codes ? codes->first : NULL; n; n = n->next)
		if (!reported(c, rulings, told_code_named(n->text)))
			told_buf_printf(why, " %s is missing", told_case_text(c, n));
	for (unsigned place = 0; place < TOLD_CODE_COUNT; place++) {
		const struct told_code_row *row = told_code_at(place);
		bool later = effect != TOLD_EFFECT_RELEASE && row->stage > stage && !only;
		if (reported(c, rulings, row->code) && !listed(codes, row->name) && !later)
			told_buf_printf(why, " %s was not expected", row->name);
	}
}

/* ---- obligations: "cure_by", or with who, of which party, until when, for which code ---- */

static const char *const who_words[] = {"broker", "author",    "worker", "senior",  "on-call",
					"dpo",    "caldicott", "spoc",   "operator"};

/* One word behind the kind, against what it can only be. */
static bool word_fits(const struct told_case *c, const struct told_obligation *o, struct told_bytes word)
{
	char when[32], date[11];
	int64_t minutes = o->due_utc_ms / TOLD_MS_MINUTE;
	if (told_code_named(word))
		return told_code_named(word) == o->detail;
	for (unsigned who = 0; who < sizeof who_words / sizeof who_words[0]; who++)
		if (told_bytes_equal(word, told_text(who_words[who])))
			return o->who == who;
	if (word.len && word.data[0] >= 'A' && word.data[0] <= 'Z')
		return o->party == told_party_find(c->parties, word) && o->party;
	told_date_text(o->due_utc_ms, date);
	snprintf(when, sizeof when, "%sT%02u:%02uZ", date, (unsigned)(minutes / 60 % 24), (unsigned)(minutes % 60));
	return told_bytes_equal(word, told_text(when));
}

static bool obligation_fits(const struct told_case *c, const struct told_obligation *o, struct told_bytes wanted)
{
	bool first = true;
	for (size_t at = 0, len; at < wanted.len; at += len + 1, first = false) {
		for (len = 0; at + len < wanted.len && wanted.data[at + len] != ' '; len++)
			;
		struct told_bytes word = told_bytes(wanted.data + at, len);
		if (first ? !told_bytes_equal(word, told_text(told_obligation_word(o->kind))) : !word_fits(c, o, word))
			return false;
	}
	return !first;
}

static bool is_set(const struct told_case *c, const struct told_decision *rulings, struct told_bytes wanted)
{
	for (size_t i = 0; i < c->recipient_count; i++)
		for (size_t o = 0; o < rulings[i].obligation_count; o++)
			if (obligation_fits(c, &rulings[i].obligations[o], wanted))
				return true;
	return false;
}

static void check_obligations(struct told_case *c, const struct told_decision *rulings, const struct told_node *expect,
			      struct told_buf *why)
{
	const struct told_node *set = told_node_get(expect, "obligations"), *unset = told_node_get(expect, "without");
	for (const struct told_node *n = set ? set->first : NULL; n; n = n->next)
		if (!is_set(c, rulings, n->text))
			told_buf_printf(why, " obligation %s is missing", told_case_text(c, n));
	for (const struct told_node *n = unset ? unset->first : NULL; n; n = n->next)
		if (is_set(c, rulings, n->text))
			told_buf_printf(why, " obligation %s was not expected", told_case_text(c, n));
}

bool told_case_compare(struct told_case *c, const struct told_decision *rulings, struct told_buf *why)
{
	static const char *const effects[] = {"?", "RELEASE", "PARTIAL", "HOLD", "DENY", "REJECT"};
	const struct told_node *expect = told_node_get(c->node, "expect");
	unsigned effect = join_effects(c, rulings);
	if (!told_case_is(expect, "effect", effects[effect]))
		told_buf_printf(why, " effect is %s", effects[effect]);
	check_sections(c, rulings, expect, why);
	check_codes(c, rulings, expect, effect, why);
	check_obligations(c, rulings, expect, why);
	return why->len == 0 && why->status == TOLD_OK;
}
