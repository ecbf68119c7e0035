/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that follow another one, and messages that rest on a right: what takes the place of stages 2, 4 and 6 for
 * them (decision.md 4.3, "notices and rights"). */
#include "broker/decide/follows.h"

#include "told/quiet.h"

/* Its parties, and no category that the message it is about did not release. */
static void follow(struct told_hearing *h)
{
	const struct told_workflow_facts *w = &h->q->workflow;
	bool same_sender = w->about_sender == h->m->sender || h->sender->operator;
	bool notice = h->m->type == TOLD_TYPE_WITHDRAWAL_NOTICE;
	if (!w->about_known || !same_sender || !told_partyset_has(&w->about_recipients, h->m->recipient))
		told_stop_message(h, TOLD_WFL_08, TOLD_EFFECT_DENY);
	for (size_t i = 0; i < h->item_count; i++) {
		struct told_item *item = &h->items[i];
		bool meta = notice && told_catset_within(&item->leaves, &told_leaves_meta);
		item->pass = notice ? TOLD_CON_00 : TOLD_RGT_05;
		if (!item->blank && !meta && !told_catset_within(&item->leaves, &w->about_released))
			told_stop_section(h, item, TOLD_AGR_07, TOLD_SECTION_EFFECT_WITHHOLD);
	}
}

/* Rows that could harm if seen: until the owner of the flow marks them safe, whatever the legal basis. */
static bool row_unsafe(const struct told_section_facts *row)
{
	bool quiet = told_quiet_category(row->category) || row->flags & (TOLD_ROW_SPECIALIST | TOLD_ROW_DO_NOT_NOTIFY);
	for (unsigned purpose = 1; purpose < TOLD_PURPOSE_COUNT; purpose++)
		quiet |= told_quiet_purpose(purpose) && row->purposes & TOLD_BIT32(purpose);
	return quiet && !(row->flags & TOLD_ROW_SAFE);
}

static void audit_view(struct told_hearing *h)
{
	for (size_t i = 0; i < h->item_count; i++) {
		struct told_item *item = &h->items[i];
		item->pass = TOLD_RGT_04;
		if (row_unsafe(item->facts))
			told_stop_section(h, item, TOLD_RGT_02, TOLD_SECTION_EFFECT_HOLD);
		if (item->facts->flags & TOLD_ROW_NOT_THEIRS)
			told_stop_section(h, item, TOLD_RGT_03, TOLD_SECTION_EFFECT_HOLD);
	}
}

static bool may_harm(const struct told_item *item)
{
	unsigned category = item->facts->category;
	return told_catset_meets(&item->leaves, &told_leaves_special) ||
	       (category >= TOLD_CATEGORY_RSK_SELF && category <= TOLD_CATEGORY_SAF_MARAC);
}

/* Decided by a person, never by the broker: as a processor it only routes the request. */
static void subject_access(struct told_hearing *h)
{
	told_stop_message(h, TOLD_RGT_01, TOLD_EFFECT_HOLD);
	for (size_t i = 0; i < h->item_count; i++) {
		struct told_item *item = &h->items[i];
		const struct told_section_facts *s = item->facts;
		if (may_harm(item))
			told_stop_section(h, item, TOLD_RGT_02, TOLD_SECTION_EFFECT_HOLD);
		if ((s->about && s->about != h->m->person) || (s->told_by && s->told_by != h->m->person))
			told_stop_section(h, item, TOLD_RGT_03, TOLD_SECTION_EFFECT_HOLD);
	}
}

void told_rule_followers(struct told_hearing *h)
{
	if (h->traits & TOLD_TRAIT_FOLLOWS)
		follow(h);
	else if (h->m->type == TOLD_TYPE_AUDIT_VIEW)
		audit_view(h);
	else if (h->m->type == TOLD_TYPE_SUBJECT_ACCESS)
		subject_access(h);
}
