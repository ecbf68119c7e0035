/* SPDX-License-Identifier: Apache-2.0 */
/* Two versions side by side: for each pair, type and purpose, the categories that one lets pass and the other does not.
 * Types and purposes that change alike share a line. */
#include "broker/agree/diff.h"

#include "broker/agree/diff_fields.h"
#include "broker/agree/sets.h"

#include <string.h>

/* Tables of counts are no category; in this file they are the last bit of a set. */
#define COUNTS (64u * TOLD_CATSET_WORDS)

struct diff {
	const struct told_agreement *here, *other; /* what passes here and not there is shown */
	const struct told_parties *names;
	struct told_buf *out;
	const char *word; /* "new" or "stops" */
	uint32_t from, to;
};

/* What changes, by type and purpose, of one flow for one pair. */
struct change {
	struct told_catset sets[64][32];
};

static struct told_catset data_of(const struct told_flow *flow)
{
	struct told_catset data = flow->data;
	if (flow->counts)
		told_catset_add(&data, COUNTS);
	return data;
}

static bool fits(const struct told_flow *flow, const struct diff *d, unsigned type, unsigned purpose)
{
	return told_partyset_has(&flow->from, d->from) && told_partyset_has(&flow->to, d->to) &&
	       (told_types_carried(flow->types) >> type & 1) != 0 && (flow->purposes >> purpose & 1) != 0;
}

/* All that passes there, of one mode of permission or (mode < 0) of any. */
static struct told_catset passes(const struct told_agreement *agreement, const struct diff *d, unsigned type,
				 unsigned purpose, int mode)
{
	struct told_catset all = {0};
	for (size_t i = 0; i < agreement->flow_count; i++) {
		const struct told_flow *flow = &agreement->flows[i];
		if (!fits(flow, d, type, purpose) || (mode >= 0 && flow->consent != mode))
			continue;
		struct told_catset data = data_of(flow);
		told_catset_join(&all, &data);
	}
	return all;
}

/* ---- printing ---- */

static const char *mode_words(unsigned mode)
{
	static const char *const words[] = {
		[TOLD_MODE_NONE] = "without permission",
		[TOLD_MODE_PERMISSION] = "with permission",
		[TOLD_MODE_GDPR] = "with consent under UK GDPR",
		[TOLD_MODE_STATUTORY_DTR] = "with the person's agreement to the duty to refer",
		[TOLD_MODE_STATUTORY_UC] = "with explicit consent for Universal Credit",
		[TOLD_MODE_IMPLIED] = "with implied consent for direct care",
	};
	return mode < sizeof words / sizeof words[0] ? words[mode] : "?";
}

static void print_line(const struct diff *d, const char *word, const struct told_flow *flow, uint64_t types,
		       uint64_t purposes, const struct told_catset *set)
{
	told_buf_printf(d->out, "%s: %s to %s, ", word, told_party_name(d->names, d->from),
			told_party_name(d->names, d->to));
	told_bits_print(types, TOLD_LIST_TYPE, d->out);
	told_buf_put_text(d->out, " for ");
	told_bits_print(purposes, TOLD_LIST_PURPOSE, d->out);
	told_buf_printf(d->out, ", %s: ", mode_words(flow->consent));
	told_catset_print(set, d->out);
	told_buf_printf(d->out, "%s (clause %s)\n", told_catset_has(set, COUNTS) ? "counts" : "", flow->clause);
}

static bool same_row(const struct change *change, unsigned a, unsigned b)
{
	return memcmp(change->sets[a], change->sets[b], sizeof change->sets[a]) == 0;
}

/* The purposes of one row that have the same set as the first of them. */
static void print_row(const struct diff *d, const char *word, const struct told_flow *flow, uint64_t types,
		      const struct told_catset row[32])
{
	uint64_t done = 0;
	for (unsigned purpose = 0; purpose < 32; purpose++) {
		if ((done >> purpose & 1) != 0 || told_catset_empty(&row[purpose]))
			continue;
		uint64_t alike = 0;
		for (unsigned other = purpose; other < 32; other++)
			if (memcmp(&row[other], &row[purpose], sizeof row[other]) == 0)
				alike |= UINT64_C(1) << other;
		done |= alike;
		print_line(d, word, flow, types, alike, &row[purpose]);
	}
}

static void print_change(const struct diff *d, const char *word, const struct told_flow *flow,
			 const struct change *change)
{
	uint64_t done = 0;
	for (unsigned type = 0; type < 64; type++) {
		uint64_t alike = 0;
		for (unsigned other = type; other < 64; other++)
			if ((done >> other & 1) == 0 && same_row(change, type, other))
				alike |= UINT64_C(1) << other;
		if ((done >> type & 1) == 0)
			print_row(d, word, flow, alike, change->sets[type]);
		done |= alike;
	}
}

/* ---- flows ---- */

/* What this flow lets pass and the other agreement does not. */
static void flow_gains(const struct diff *d, const struct told_flow *flow)
{
	struct change change = {0};
	struct told_catset data = data_of(flow);
	for (unsigned type = 0; type < 64; type++)
		for (unsigned purpose = 0; purpose < 32; purpose++) {
			if (!fits(flow, d, type, purpose))
				continue;
			struct told_catset there = passes(d->other, d, type, purpose, -1);
			change.sets[type][purpose] = told_catset_without(&data, &there);
		}
	print_change(d, d->word, flow, &change);
}

/* What passed before and passes now, but under another mode of permission. */
static void flow_modes(const struct diff *d, const struct told_flow *flow)
{
	struct change change = {0};
	struct told_catset data = data_of(flow);
	for (unsigned type = 0; type < 64; type++)
		for (unsigned purpose = 0; purpose < 32; purpose++) {
			if (!fits(flow, d, type, purpose))
				continue;
			struct told_catset before = passes(d->other, d, type, purpose, -1);
			struct told_catset alike = passes(d->other, d, type, purpose, flow->consent);
			before = told_catset_without(&before, &alike);
			change.sets[type][purpose] = told_catset_and(&data, &before);
		}
	print_change(d, "changes", flow, &change);
}

static void each_flow(struct diff *d, void (*one)(const struct diff *d, const struct told_flow *flow))
{
	for (size_t i = 0; i < d->here->flow_count; i++) {
		const struct told_flow *flow = &d->here->flows[i];
		if (told_partyset_has(&flow->from, d->from) && told_partyset_has(&flow->to, d->to))
			one(d, flow);
	}
}

/* ---- overrides ---- */

static const struct told_profile *profile_like(const struct told_agreement *agreement, const struct diff *d,
					       const struct told_profile *like)
{
	for (size_t i = 0; i < agreement->profile_count; i++) {
		const struct told_profile *profile = &agreement->profiles[i];
		if (profile->kind == like->kind && profile->mandatory_report == like->mandatory_report &&
		    told_partyset_has(&profile->from, d->from) && told_partyset_has(&profile->to, d->to) &&
		    (profile->types & like->types) != 0)
			return profile;
	}
	return NULL;
}

static struct told_catset profile_data(const struct told_profile *profile)
{
	struct told_catset all = {0};
	if (profile == NULL)
		return all;
	told_catset_join(&all, &profile->first);
	told_catset_join(&all, &profile->beyond);
	if (profile->any_data || profile->order_names)
		for (unsigned category = 1; category <= told_list_max(TOLD_LIST_CATEGORY); category++)
			told_catset_add(&all, category);
	return all;
}

static void profile_gains(const struct diff *d, const struct told_profile *profile)
{
	struct told_catset data = profile_data(profile);
	struct told_catset there = profile_data(profile_like(d->other, d, profile));
	struct told_catset gain = told_catset_without(&data, &there);
	if (told_catset_empty(&gain))
		return;
	told_buf_printf(d->out, "%s: %s to %s, override (%s): ", d->word, told_party_name(d->names, d->from),
			told_party_name(d->names, d->to), told_code(TOLD_LIST_OVERRIDE, profile->kind));
	told_catset_print(&gain, d->out);
	told_buf_printf(d->out, " (clause %s)\n", profile->clause);
}

static void each_profile(struct diff *d)
{
	for (size_t i = 0; i < d->here->profile_count; i++) {
		const struct told_profile *profile = &d->here->profiles[i];
		if (told_partyset_has(&profile->from, d->from) && told_partyset_has(&profile->to, d->to))
			profile_gains(d, profile);
	}
}

/* ---- never lines and protected addresses ---- */

static void heads(const struct diff *d, const char *never, const char *locate)
{
	for (uint32_t party = 1; party <= told_party_count(d->names); party++) {
		const char *name = told_party_name(d->names, party);
		if (told_partyset_has(&d->here->never_to, party) && !told_partyset_has(&d->other->never_to, party))
			told_buf_printf(d->out, "%s: never to %s\n", never, name);
		if (told_partyset_has(&d->here->locate, party) && !told_partyset_has(&d->other->locate, party))
			told_buf_printf(d->out, "%s: %s may be told protected addresses\n", locate, name);
	}
	for (unsigned purpose = 1; purpose <= told_list_max(TOLD_LIST_PURPOSE); purpose++)
		if ((d->here->never_for & ~d->other->never_for & TOLD_BIT32(purpose)) != 0)
			told_buf_printf(d->out, "%s: never for %s\n", never, told_code(TOLD_LIST_PURPOSE, purpose));
}

/* ---- the whole ---- */

static void each_pair(const struct told_agreement *older, const struct told_agreement *newer,
		      const struct told_parties *names, struct told_buf *out, bool profiles)
{
	uint32_t count = told_party_count(names) < TOLD_PARTYSET_MAX ? told_party_count(names) : TOLD_PARTYSET_MAX;
	for (uint32_t from = 1; from <= count; from++)
		for (uint32_t to = 1; to <= count; to++) {
			struct diff gains = {newer, older, names, out, "new", from, to};
			struct diff losses = {older, newer, names, out, "stops", from, to};
			if (from == to)
				continue;
			if (profiles) {
				each_profile(&gains);
				each_profile(&losses);
				continue;
			}
			each_flow(&gains, flow_gains);
			each_flow(&gains, flow_modes);
			each_flow(&losses, flow_gains);
		}
}

void told_agreement_diff(const struct told_agreement *older, const struct told_agreement *newer,
			 const struct told_parties *parties, struct told_buf *out)
{
	const struct terms terms = {older, newer, parties, out};
	size_t start = out->len;
	struct diff gains = {newer, older, parties, out, "new", 0, 0};
	struct diff losses = {older, newer, parties, out, "stops", 0, 0};
	told_diff_head(&terms);
	heads(&gains, "new rule", "new");
	heads(&losses, "rule gone", "stops");
	each_pair(older, newer, parties, out, false);
	told_diff_flow_terms(&terms);
	each_pair(older, newer, parties, out, true);
	told_diff_profile_terms(&terms);
	told_diff_lists(&terms);
	if (out->len == start && memcmp(older->sha256, newer->sha256, sizeof older->sha256) != 0)
		told_buf_put_text(out, "changes: the bytes, and nothing that anybody may rely on; a new version is "
				       "signed all the same\n");
}
