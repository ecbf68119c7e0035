/* SPDX-License-Identifier: Apache-2.0 */
/* A withdrawal hides what rested on it before anything more is shown (protocol section 5). */
#include "agents/agent/work/hide.h"

static bool lists_text(struct told_bytes_list list, struct told_bytes text)
{
	for (size_t i = 0; i < list.count; i++)
		if (told_bytes_equal(list.items[i], text))
			return true;
	return list.count == 0;
}

static bool lists_number(struct told_u32_list list, uint32_t number)
{
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i] == number)
			return true;
	return list.count == 0;
}

static bool lists_purpose(struct told_u32_list list, uint32_t bits)
{
	for (size_t i = 0; i < list.count; i++)
		if (bits & TOLD_BIT32(list.items[i]))
			return true;
	return list.count == 0 || bits == 0;
}

/* What came under a grant names its permission. What came in a message may rest on any, except how things stand. */
static bool covers(const struct told_agent *agent, const struct told_withdrawal_part *part,
		   const struct told_section_row *row)
{
	bool granted = row->deposit.len > 0;
	bool meta = row->category == TOLD_CATEGORY_REF_META || row->category == TOLD_CATEGORY_CNS_META;
	if ((granted && row->consent.len == 0) || (!granted && meta))
		return false; /* it needed no permission */
	if (part->consent_id.len > 0 && row->consent.len > 0 && !told_bytes_equal(part->consent_id, row->consent))
		return false;
	return lists_text(part->recipients, told_agent_self(agent)) && lists_number(part->categories, row->category) &&
	       lists_purpose(part->purposes, row->purposes);
}

enum told_status told_agent_hide(struct told_agent *agent, const struct told_header *header)
{
	struct told_arena *arena = NULL;
	struct told_section_row row;
	uint64_t after = 0;
	/* What a withdrawal ends is hidden from all, whoever took it down. */
	struct told_sight was = told_vault_open_eyes(agent->vault);
	enum told_status status = told_arena_new(TOLD_AGENT_HEAP, &arena);
	while (status == TOLD_OK) {
		told_arena_reset(arena);
		status = told_section_next_of_client(agent->vault, arena, header->client_ref, after, &row);
		if (status != TOLD_OK)
			break;
		after = row.id;
		if (!row.hidden && covers(agent, header->withdrawal, &row))
			status = told_section_hide(agent->vault, row.id);
	}
	told_arena_free(arena);
	told_vault_narrow(agent->vault, was);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
