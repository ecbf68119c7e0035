/* SPDX-License-Identifier: Apache-2.0 */
/* What two versions say of themselves and of their parties, and their lists of rules: groups, notices, thresholds,
 * retention. Pure memory. */
#include "broker/agree/diff_fields.h"

#include "broker/agree/meaning.h"
#include "broker/agree/sets.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(of) (sizeof(of) / sizeof(of)[0])

static const char *const kinds[] = {"isp", "dda", "jca"};
static const char *const statuses[] = {"draft", "quality-assured", "signed", "suspended", "ended"};
static const char *const lates[] = {"warn", "hold", "deny"};
static const char *const controls[] = {"controller", "joint-controller", "processor"};
static const char *const nations[] = {"england", "wales", "scotland", "northern-ireland"};

/* ---- the agreement ---- */

#define AT(member) offsetof(struct told_agreement, member)
static const struct field head[] = {
	{"agreement", AT(id), told_value_text, NULL, "These are two agreements, not two versions of one."},
	{"version", AT(version), told_value_number, NULL, NULL},
	{"title", AT(title), told_value_text, NULL, NULL},
	{"kind", AT(kind), told_value_word, kinds, NULL},
	{"status", AT(status), told_value_word, statuses, NULL},
	{"from", AT(from_utc_ms), told_value_date, NULL, NULL},
	{"until", AT(until_utc_ms), told_value_end, NULL, NULL},
	{"review", AT(review_utc_ms), told_value_date, NULL, NULL},
	{"grace", AT(grace), told_value_span, NULL, NULL},
	{"review-late", AT(review_late), told_value_word, lates, NULL},
	{"assurance-late", AT(assurance_late), told_value_word, lates, NULL},
	{"consent-max", AT(consent_max), told_value_span, NULL, "Permissions given before end at the new maximum."},
	{"under", AT(under), told_value_text, NULL, NULL},
	{"seal", AT(seal), told_value_categories, NULL, NULL},
};
#undef AT

/* Who is reached on paper or by voice signs nothing. */
static void signed_by(const struct terms *terms, const void *at, const void *with, struct told_buf *out)
{
	const struct told_party *party = at;
	if ((party->marks & (TOLD_MARK_PAPER | TOLD_MARK_PERSON)) == 0)
		told_value_number(terms, &party->signed_version, with, out);
}

#define AT(member) offsetof(struct told_party, member)
static const struct field party_fields[] = {
	{"name", AT(legal_name), told_value_text, NULL, NULL},
	{"role", AT(control), told_value_word, controls, NULL},
	{"acts-for", AT(acts_for), told_value_party, NULL, NULL},
	{"nation", AT(nation), told_value_word, nations, NULL},
	{"marks and contact", AT(marks), told_value_marks, NULL, NULL},
	{"signed", 0, signed_by, NULL, NULL},
	{"key", AT(identity_key), told_value_fingerprint, NULL,
	 "Have the new one read out by telephone before you sign: who holds it speaks for this party."},
	{"assurance", AT(assurance_until_utc_ms), told_value_end, NULL, NULL},
	{"dpo", AT(dpo), told_value_text, NULL, NULL},
	{"spoc", AT(spoc), told_value_text, NULL, NULL},
	{"on-call", AT(on_call), told_value_text, NULL, NULL},
	{"ico", AT(ico), told_value_text, NULL, NULL},
};
#undef AT

static void parties(const struct terms *terms)
{
	for (uint32_t number = 1; number <= told_party_count(terms->names); number++) {
		const struct told_party *was = told_agreement_party(terms->older, number);
		const struct told_party *is = told_agreement_party(terms->newer, number);
		const char *name = told_party_name(terms->names, number);
		if (was == NULL && is != NULL)
			told_terms_say(terms, "new: %s becomes a party", name);
		if (was != NULL && is == NULL)
			told_terms_say(terms, "stops: %s is no party any more", name);
		if (was != NULL && is != NULL)
			told_fields_differ(terms, name, party_fields, COUNT(party_fields), was, is);
	}
}

void told_diff_head(const struct terms *terms)
{
	told_fields_differ(terms, "", head, COUNT(head), terms->older, terms->newer);
	parties(terms);
}

/* ---- lists: each item is a line of words, and what only one side has is said ---- */

typedef void item_fn(const struct terms *terms, const struct told_agreement *agreement, size_t i, struct told_buf *out);

static void put_categories(const struct told_catset *set, const char *before, struct told_buf *out)
{
	if (told_catset_empty(set))
		return;
	told_buf_put_text(out, before);
	told_catset_print(set, out);
}

static void group(const struct terms *terms, const struct told_agreement *a, size_t i, struct told_buf *out)
{
	const struct told_group *g = &a->groups[i];
	(void)terms;
	told_buf_put_text(out, "group ");
	told_buf_put_bytes(out, g->name);
	told_buf_put_text(out, " \"");
	told_buf_put_bytes(out, g->words);
	put_categories(&g->data, "\": ", out);
}

static void notice(const struct terms *terms, const struct told_agreement *a, size_t i, struct told_buf *out)
{
	const struct told_notice *n = &a->notices[i];
	told_buf_printf(out, "privacy notice %u from ", n->version);
	told_value_date(terms, &n->from_utc_ms, NULL, out);
	struct told_buf from = TOLD_BUF(65536);
	told_value_parties(terms, &n->changed_from, NULL, &from);
	if (from.len > 0) {
		told_buf_printf(out, ", changed between (%s) and (", told_buf_cstr(&from));
		told_value_parties(terms, &n->changed_to, NULL, out);
		told_buf_put_text(out, ")");
	}
	told_buf_free(&from);
	if (n->changed_purposes != 0)
		told_buf_put_text(out, " for ");
	told_value_purposes(terms, &n->changed_purposes, NULL, out);
	put_categories(&n->changed_data, ": ", out);
}

static void threshold(const struct terms *terms, const struct told_agreement *a, size_t i, struct told_buf *out)
{
	const struct told_threshold_rule *t = &a->thresholds[i];
	told_buf_put_text(out, "threshold ");
	told_buf_put_bytes(out, t->tool);
	told_buf_printf(out, " version %u, score %u, opened by", t->tool_version, t->score);
	for (unsigned way = 0; way < told_threshold_words.count; way++)
		if ((t->ways >> way & 1) != 0)
			told_buf_printf(out, " %s", told_threshold_words.words[way]);
	told_buf_put_text(out, ", repeat within ");
	told_value_span(terms, &t->repeat_within, NULL, out);
}

static void retention(const struct terms *terms, const struct told_agreement *a, size_t i, struct told_buf *out)
{
	const struct told_retention *r = &a->retentions[i];
	told_buf_put_text(out, "keep ");
	told_value_span(terms, &r->span, NULL, out);
	told_buf_put_text(out, " at (");
	told_value_parties(terms, &r->parties, NULL, out);
	put_categories(&r->data, "): ", out);
	if (r->reason.len > 0)
		told_buf_put_text(out, ", because ");
	told_buf_put_bytes(out, r->reason);
}

static const struct {
	item_fn *item;
	size_t count_at;
} lists[] = {
	{group, offsetof(struct told_agreement, group_count)},
	{notice, offsetof(struct told_agreement, notice_count)},
	{threshold, offsetof(struct told_agreement, threshold_count)},
	{retention, offsetof(struct told_agreement, retention_count)},
};

static size_t count_of(const struct told_agreement *agreement, size_t list)
{
	return *(const size_t *)(const void *)((const char *)agreement + lists[list].count_at);
}

static char *item_text(const struct terms *terms, const struct told_agreement *agreement, size_t list, size_t i)
{
	struct told_buf text = TOLD_BUF(65536);
	lists[list].item(terms, agreement, i, &text);
	char *copy = told_buf_cstr(&text) != NULL ? strdup(told_buf_cstr(&text)) : NULL;
	if (copy == NULL && terms->out->status == TOLD_OK)
		terms->out->status = TOLD_E_MEMORY;
	told_buf_free(&text);
	return copy;
}

/* Where the text stands in the other's list; its count when nowhere. */
static size_t stands(const struct terms *terms, const struct told_agreement *other, size_t list, const char *text)
{
	size_t i = 0, count = count_of(other, list);
	for (bool found = false; i < count && !found; i += !found) {
		char *there = item_text(terms, other, list, i);
		found = there != NULL && text != NULL && strcmp(there, text) == 0;
		free(there);
	}
	return i;
}

/* Says what only `here` has; true when what both have stands there in another order. */
static bool only_here(const struct terms *terms, const struct told_agreement *here, const struct told_agreement *other,
		      size_t list, const char *word)
{
	bool moved = false;
	size_t last = 0;
	for (size_t i = 0; i < count_of(here, list); i++) {
		char *text = item_text(terms, here, list, i);
		size_t at = stands(terms, other, list, text);
		if (text != NULL && at == count_of(other, list))
			told_terms_say(terms, "%s: %s", word, text);
		else
			moved |= at < last, last = at;
		free(text);
	}
	return moved;
}

void told_diff_lists(const struct terms *terms)
{
	for (size_t list = 0; list < COUNT(lists); list++) {
		bool moved = only_here(terms, terms->newer, terms->older, list, "new rule");
		(void)only_here(terms, terms->older, terms->newer, list, "rule gone");
		if (moved && lists[list].item == retention)
			told_terms_say(terms, "changes: the lines of \"retain\" stand in another order, and the first "
					      "that fits counts");
		else if (moved && lists[list].item == group)
			told_terms_say(terms, "changes: the lines of \"groups\" stand in another order");
	}
}
