/* SPDX-License-Identifier: Apache-2.0 */
/* Stage 8, combine: mandatory sections, then one effect for the message and one for each section, and the codes. */
#include "broker/decide/hearing.h"

static bool goes(const struct told_item *item)
{
	return item->stage == TOLD_STAGE_COUNT;
}

/* The lowest stage that stops the message; TOLD_STAGE_COUNT when none does. */
static unsigned stopped_stage(const struct told_hearing *h)
{
	unsigned stage = 0;
	while (stage < TOLD_STAGE_COUNT && h->stops[stage] == TOLD_EFFECT_NONE)
		stage++;
	return stage;
}

static size_t count_going(const struct told_hearing *h)
{
	size_t count = 0;
	for (size_t i = 0; i < h->item_count; i++)
		count += goes(&h->items[i]);
	return count;
}

/* Of the flows that this message uses: what they call mandatory and nothing that goes carries. */
static bool husk(const struct told_hearing *h)
{
	struct told_catset going = {0}, mandatory = {0};
	for (size_t i = 0; i < h->item_count; i++) {
		const struct told_item *item = &h->items[i];
		for (unsigned w = 0; w < TOLD_CATSET_WORDS; w++) {
			going.w[w] |= goes(item) ? item->leaves.w[w] : 0;
			mandatory.w[w] |= item->flow ? item->flow->mandatory.w[w] : 0;
		}
	}
	return !told_catset_within(&mandatory, &going);
}

/* A husk of a referral helps nobody: back to the sender with what is missing. A grant is one section of what an ask
 * would get, never the whole of it. */
static void hold_husk(struct told_hearing *h)
{
	if (h->m->type == TOLD_TYPE_GRANT || stopped_stage(h) < TOLD_STAGE_COUNT || !count_going(h) || !husk(h))
		return;
	for (size_t i = 0; i < h->item_count; i++)
		if (goes(&h->items[i]))
			told_stop_section(h, &h->items[i], TOLD_SEC_09, TOLD_SECTION_EFFECT_HOLD);
}

/* With no row left the view is still partial, never held: a hold would say that there is something. */
static enum told_effect effect_of_sections(const struct told_hearing *h)
{
	size_t going = count_going(h);
	bool held = false;
	for (size_t i = 0; i < h->item_count; i++)
		held |= !goes(&h->items[i]) && h->items[i].effect == TOLD_SECTION_EFFECT_HOLD;
	if (going == h->item_count)
		return TOLD_EFFECT_RELEASE;
	if (going || h->m->type == TOLD_TYPE_AUDIT_VIEW)
		return TOLD_EFFECT_PARTIAL;
	return held ? TOLD_EFFECT_HOLD : TOLD_EFFECT_DENY;
}

static enum told_section_effect section_effect(const struct told_item *item, enum told_effect message)
{
	switch (message) {
	case TOLD_EFFECT_REJECT:
	case TOLD_EFFECT_DENY: return TOLD_SECTION_EFFECT_WITHHOLD;
	case TOLD_EFFECT_HOLD:
		return goes(item) || item->effect != TOLD_SECTION_EFFECT_WITHHOLD ? TOLD_SECTION_EFFECT_HOLD
										  : TOLD_SECTION_EFFECT_WITHHOLD;
	default: return goes(item) ? TOLD_SECTION_EFFECT_RELEASE : item->effect;
	}
}

/* A pass code for what went; a message that carries nothing passes as CON-00, a view as the right that it is. */
static void collect_passes(const struct told_hearing *h, const struct told_decision *out, struct told_codeset *passed)
{
	if (out->effect != TOLD_EFFECT_RELEASE && out->effect != TOLD_EFFECT_PARTIAL)
		return;
	for (size_t i = 0; i < h->item_count; i++)
		if (out->sections[i].effect == TOLD_SECTION_EFFECT_RELEASE)
			told_codeset_add(passed, h->items[i].pass ? h->items[i].pass : TOLD_CON_00);
	if (h->m->type == TOLD_TYPE_AUDIT_VIEW)
		told_codeset_add(passed, TOLD_RGT_04);
	else if (!h->item_count)
		told_codeset_add(passed, h->overriding ? TOLD_OVR_01 : TOLD_CON_00);
}

/* The failing code of the lowest stage, then lowest number; the table is in the order of families, so stages are asked.
 */
static unsigned first_failing(const struct told_codeset *failed)
{
	const struct told_code_row *best = NULL;
	for (unsigned w = 0; w < 2; w++)
		for (uint64_t bits = failed->w[w]; bits; bits &= bits - 1) {
			const struct told_code_row *row = told_code_at(w * 64 + (unsigned)__builtin_ctzll(bits));
			if (!best || row->stage < best->stage)
				best = row;
		}
	return best ? best->code : TOLD_NO_CODE;
}

static unsigned first_passing(const struct told_codeset *passed)
{
	static const uint16_t order[] = {TOLD_OVR_01, TOLD_RGT_04, TOLD_RGT_05, TOLD_OK_00};
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
		if (told_codeset_has(passed, order[i]))
			return order[i];
	return TOLD_CON_00;
}

static void write_codes(const struct told_hearing *h, const struct told_codeset *passed, struct told_decision *out)
{
	struct told_codeset all;
	for (unsigned w = 0; w < 2; w++) {
		all.w[w] = h->failed.w[w] | h->noticed.w[w] | passed->w[w];
		for (uint64_t bits = all.w[w]; bits; bits &= bits - 1)
			out->codes[out->code_count++] = told_code_at(w * 64 + (unsigned)__builtin_ctzll(bits))->code;
	}
	unsigned failing = first_failing(&h->failed);
	out->primary = (uint16_t)(failing ? failing : first_passing(passed));
	out->stage = told_code_row(out->primary)->stage;
}

static void write_section(const struct told_hearing *h, size_t index, struct told_decision *out)
{
	const struct told_item *item = &h->items[index];
	struct told_section_decision *s = &out->sections[index];
	const char *clause = item->flow ? item->flow->clause : h->profile ? h->profile->clause : NULL;
	s->index = (uint16_t)index;
	s->effect = (uint8_t)section_effect(item, out->effect);
	s->notice = item->notice;
	s->rule = item->flow ? TOLD_RULE_FLOW : h->profile ? TOLD_RULE_PROFILE : TOLD_RULE_NONE;
	if (h->traits & (TOLD_TRAIT_RIGHT | TOLD_TRAIT_FOLLOWS))
		s->rule = TOLD_RULE_RIGHT;
	if (clause)
		memcpy(s->clause, clause, sizeof s->clause);
	if (item->consent)
		memcpy(s->consent_id, item->consent->id, sizeof s->consent_id);
	if (!goes(item))
		s->code = item->code;
	else if (s->effect == TOLD_SECTION_EFFECT_RELEASE)
		s->code = item->pass ? item->pass : TOLD_CON_00;
}

void told_stage_combine(struct told_hearing *h, struct told_decision *out)
{
	struct told_codeset passed = {0};
	hold_husk(h);
	unsigned stage = stopped_stage(h);
	out->effect = stage < TOLD_STAGE_COUNT ? h->stops[stage] : (uint8_t)effect_of_sections(h);
	out->section_count = (uint16_t)h->item_count;
	for (size_t i = 0; i < h->item_count; i++)
		write_section(h, i, out);
	collect_passes(h, out, &passed);
	write_codes(h, &passed, out);
	for (size_t i = 0; i < h->item_count; i++)
		if (!out->sections[i].code)
			out->sections[i].code = out->primary;
	out->agreement_id = h->agreement->id;
	out->agreement_version = h->agreement->version;
	if (h->item_count)
		memcpy(out->clause, out->sections[0].clause, sizeof out->clause);
}
