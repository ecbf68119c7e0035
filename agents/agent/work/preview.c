/* SPDX-License-Identifier: Apache-2.0 */
/* Our own ruling before anything goes: the broker's function over what we have verified ourselves (pillar 5). */
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/content.h"
#include "agents/agent/work/referral.h"

#include "broker/decide/codes.h"

#include <string.h>

static const char *effect_word(unsigned effect)
{
	static const char *const words[] = {"none", "release", "partial", "hold", "deny", "reject"};
	return words[effect < sizeof words / sizeof words[0] ? effect : 0];
}

static json_t *section_json(const struct told_section_header *section, const struct told_section_decision *decision)
{
	static const char *const words[] = {"none", "release", "withhold", "hold"};
	json_t *json =
		json_pack("{s:i, s:s, s:s}", "number", (int)decision->index + 1, "category",
			  told_code(TOLD_LIST_CATEGORY, section->category), "effect", words[decision->effect & 3]);
	if (json != NULL && decision->effect != TOLD_SECTION_EFFECT_RELEASE)
		json_object_set_new(json, "code", told_code_json(decision->code));
	return json;
}

/* Who must act by when, of our own ruling: bookkeeping between machines is left to the broker's. */
static json_t *duties_json(const struct told_decision *d)
{
	json_t *list = json_array();
	for (size_t i = 0; i < d->obligation_count; i++)
		if (d->obligations[i].due_utc_ms != 0)
			told_json_add(list,
				      json_pack("{s:s, s:I}", "what", told_obligation_word(d->obligations[i].kind),
						"due_ms", (json_int_t)d->obligations[i].due_utc_ms));
	return list;
}

static json_t *decision_json(const struct told_decision *d, struct told_section_header *const *sections, size_t count,
			     struct told_bytes recipient)
{
	json_t *codes = json_array(), *list = json_array();
	for (size_t i = 0; i < d->code_count; i++)
		if (told_code_matters(d->codes[i]))
			told_json_add(codes, told_code_json(d->codes[i]));
	for (size_t i = 0; i < d->section_count; i++)
		if (d->sections[i].index < count)
			told_json_add(list, section_json(sections[d->sections[i].index], &d->sections[i]));
	return json_pack("{s:o, s:s, s:o, s:o, s:o}", "to", told_text_json(recipient), "effect", effect_word(d->effect),
			 "codes", codes, "sections", list, "duties", duties_json(d));
}

enum told_status told_preview(struct told_agent *agent, const struct told_header *header,
			      struct told_section_header *const *sections, size_t count, struct told_bytes recipient,
			      const struct told_person *person, const struct told_about *about, json_t **json,
			      uint64_t *withhold, bool *nothing)
{
	struct told_table table = {.directory = agent->directory,
				   .parties = agent->parties,
				   .person = person,
				   .about = about,
				   .when = told_agent_now(agent)};
	struct told_held_referral held;
	struct told_question question;
	struct told_decision decision;
	if (header->type == TOLD_TYPE_CANCEL && header->workflow != NULL &&
	    told_referral_held(agent, header->workflow->referral, &held) == TOLD_OK)
		table.held = &held;
	enum told_status status =
		told_table_message(&table, agent->arena, header, sections, count, recipient, false, &question);
	if (status != TOLD_OK)
		return status;
	told_decide(&question, &decision);
	*withhold = 0;
	bool stopped = decision.effect == TOLD_EFFECT_DENY || decision.effect == TOLD_EFFECT_REJECT;
	/* What an override holds goes later, under a message of its own (protocol section 5). */
	bool later = header->override_block != NULL && decision.effect == TOLD_EFFECT_PARTIAL;
	for (size_t i = 0; i < decision.section_count; i++)
		if (stopped || decision.sections[i].effect == TOLD_SECTION_EFFECT_WITHHOLD ||
		    (later && decision.sections[i].effect == TOLD_SECTION_EFFECT_HOLD))
			*withhold |= UINT64_C(1) << decision.sections[i].index;
	if (stopped && decision.section_count == 0)
		*withhold = UINT64_MAX;
	*nothing = stopped;
	*json = decision_json(&decision, sections, count, recipient);
	return *json == NULL ? TOLD_E_MEMORY : TOLD_OK;
}
