/* SPDX-License-Identifier: Apache-2.0 */
/* A plan told to whoever has a step in it: each part a sealed section of its own, so that one step can be withheld from
 * one service and the rest still goes. */
#include "agents/agent/core/show.h"
#include "agents/agent/work/content.h"
#include "agents/agent/work/plan.h"
#include "agents/agent/work/team.h"

#include <string.h>

#define PARTIES_MAX (TOLD_PLAN_STEPS_MAX + TOLD_TEAM_MEMBERS_MAX + 3u)

struct telling {
	struct told_agent *agent;
	const struct told_plan_news *news;
	struct told_team *team;
	struct told_bytes parties[PARTIES_MAX];
	size_t party_count;
	struct told_gathered parcel, goes;                /* all of it; what one party may know of it */
	const struct told_step *steps[TOLD_SECTIONS_MAX]; /* of each section; NULL: none */
};

/* ---- to whom ---- */

static void add_party(struct telling *t, struct told_bytes party)
{
	bool there = party.len == 0 || told_bytes_equal(party, told_agent_self(t->agent)) ||
		     told_bytes_equal(party, t->news->except);
	for (size_t i = 0; i < t->party_count && !there; i++)
		there = told_bytes_equal(t->parties[i], party);
	if (!there && t->party_count < PARTIES_MAX)
		t->parties[t->party_count++] = party;
}

static void add_parties(struct telling *t)
{
	add_party(t, t->news->plan->keeper);
	for (size_t i = 0; i < t->news->plan->count; i++)
		add_party(t, t->news->plan->steps[i].owner);
	add_party(t, t->team->lead.party); /* the lead worker hears of every change that the ruling allows */
	add_party(t, t->team->lead.deputy_party);
	for (size_t i = 0; i < t->team->member_count; i++)
		add_party(t, t->team->members[i].party);
}

/* ---- what ---- */

static struct told_u32_list classified(struct told_agent *agent, const struct told_texts *codes)
{
	struct told_u32_list list = {.items = told_arena_alloc(agent->arena, codes->count * sizeof *list.items)};
	struct told_catset set = {{0}};
	for (size_t i = 0; i < codes->count; i++)
		(void)!told_catset_add_code(&set, codes->items[i]); /* judged when the step was added */
	for (uint32_t c = 1; c < TOLD_CATEGORY_COUNT && list.items != NULL; c++)
		if (told_catset_has(&set, c))
			list.items[list.count++] = c;
	return list;
}

static struct told_section_header header_of(struct telling *t, uint32_t category, uint32_t voice)
{
	return (struct told_section_header){
		.number = 1,
		.category = category,
		.voice = voice,
		.told_by_worker = voice == TOLD_VOICE_WORKER ? told_text(t->news->caller->number) : told_bytes(NULL, 0),
		.recorded_ms = (uint64_t)told_clock_now(&t->agent->clock).wall_ms,
		.originator = told_agent_self(t->agent),
		.author = told_text(t->news->caller->number),
	};
}

static enum told_status add_section(struct telling *t, const struct told_form_of *form, const void *base,
				    const struct told_section_header *header, struct told_bytes text)
{
	struct told_to_send *section = &t->parcel.sections[t->parcel.count];
	section->header = *header;
	enum told_status status =
		told_fields_section(form, base, header->voice, text, t->agent->arena, &section->content);
	t->parcel.count += status == TOLD_OK;
	return status;
}

/* How another service's step went is theirs to tell: we pass on that it is over, and none of their words. */
static enum told_status add_step(struct telling *t, const struct told_step *step)
{
	struct told_step said = *step;
	struct told_section_header header = header_of(t, TOLD_CATEGORY_PLN, TOLD_VOICE_WORKER);
	struct told_buf line = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	said.plan = t->news->plan->id;
	if (!told_bytes_equal(step->owner, told_agent_self(t->agent)))
		said.told_ms = 0, said.because = said.outcome = said.reason = told_bytes(NULL, 0);
	t->steps[t->parcel.count] = step;
	told_plan_line(&said, &line);
	enum told_status status = line.status == TOLD_OK
					  ? add_section(t, &told_plan_step_form, &said, &header, told_buf_view(&line))
					  : line.status;
	told_buf_free(&line);
	return status;
}

/* The lead worker, and our own members: supporters and promises stay here. */
static enum told_status add_team(struct telling *t)
{
	struct told_team_news *news = told_arena_alloc(t->agent->arena, sizeof *news);
	struct told_section_header header = header_of(t, TOLD_CATEGORY_SUP, TOLD_VOICE_WORKER);
	if (news == NULL)
		return TOLD_E_MEMORY;
	told_team_news_of(t->team, told_agent_self(t->agent), news);
	return add_section(t, &told_team_news_form, news, &header, told_text("The team around the person."));
}

static enum told_status lay_parts(struct telling *t)
{
	const struct told_plan *plan = t->news->plan;
	unsigned parts = t->news->parts;
	struct told_plan_head head;
	struct told_plan_goals goals = {.plan = plan->id, .goals = plan->goals};
	struct told_section_header pln = header_of(t, TOLD_CATEGORY_PLN, TOLD_VOICE_WORKER);
	struct told_section_header goa = header_of(t, TOLD_CATEGORY_GOA, TOLD_VOICE_PERSON);
	enum told_status status = TOLD_OK;
	if (parts & TOLD_PLAN_TEAM)
		status = add_team(t);
	told_plan_head_of(plan, &head);
	if (status == TOLD_OK && (parts & TOLD_PLAN_HEAD) != 0 && plan->id.len > 0)
		status = add_section(t, &told_plan_head_form, &head, &pln, told_text("The order of the plan's steps."));
	if (status == TOLD_OK && (parts & TOLD_PLAN_GOALS) != 0 && plan->goals.count > 0)
		status = add_section(t, &told_plan_goals_form, &goals, &goa, told_bytes(NULL, 0));
	for (size_t i = 0; status == TOLD_OK && i < plan->count; i++) {
		const struct told_step *step = &plan->steps[i];
		bool one = (parts & TOLD_PLAN_ONE) != 0 && step->number == t->news->number;
		if (step->owner.len > 0 && ((parts & TOLD_PLAN_STEPS) != 0 || one))
			status = add_step(t, step);
	}
	return status;
}

/* ---- sending ---- */

/* The type that the paper between the two has for it; plans of papers older than plans travel as updates. */
static uint32_t type_for(const struct telling *t, struct told_bytes to)
{
	static const uint32_t categories[] = {TOLD_CATEGORY_PLN, TOLD_CATEGORY_GOA};
	static const uint32_t types[] = {TOLD_TYPE_PLAN_STEP, TOLD_TYPE_STATUS_UPDATE};
	struct told_choice choice;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		enum told_status status = told_choose(t->agent, told_agent_self(t->agent), to, types[i],
						      TOLD_PURPOSE_COORD, categories, 2, &choice);
		if (status != TOLD_OK)
			return 0;
		if (choice.flow_count > 0)
			return types[i];
	}
	return TOLD_TYPE_PLAN_STEP; /* the refusal names its clause */
}

static bool may_go(const json_t *preview)
{
	const char *effect = json_string_value(json_object_get(preview, "effect"));
	return effect != NULL && strcmp(effect, "deny") != 0 && strcmp(effect, "reject") != 0;
}

/* Released, or held for nothing but that the probe does not carry what its flow calls mandatory. */
static bool passes(const json_t *section)
{
	const char *effect = json_string_value(json_object_get(section, "effect"));
	const char *code = json_string_value(json_object_get(json_object_get(section, "code"), "code"));
	return effect != NULL && (strcmp(effect, "release") == 0 ||
				  (strcmp(effect, "hold") == 0 && code != NULL && strcmp(code, "SEC-09") == 0));
}

/* Whether our own ruling would let a party know all that a step's words also speak of. */
static enum told_status may_know(struct telling *t, struct told_bytes to, const struct told_step *step, bool *may)
{
	struct told_u32_list categories = classified(t->agent, &step->classified);
	struct told_to_send *probes = told_arena_alloc(t->agent->arena, categories.count * sizeof *probes);
	struct told_buf why = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	struct told_draft draft;
	json_t *preview = NULL, *section = NULL;
	size_t i = 0;
	*may = true;
	if (categories.count == 0)
		return TOLD_OK;
	enum told_status status = probes == NULL ? TOLD_E_MEMORY : TOLD_OK;
	for (; status == TOLD_OK && i < categories.count; i++)
		probes[i] = (struct told_to_send){.header = header_of(t, categories.items[i], TOLD_VOICE_WORKER)};
	if (status == TOLD_OK)
		status = told_draft_begin(t->agent, TOLD_TYPE_STATUS_UPDATE, t->news->caller, t->news->client, &draft);
	if (status == TOLD_OK)
		status = told_send_content(t->agent, &draft, to, TOLD_PURPOSE_COORD, probes, categories.count, true,
					   &preview, &why);
	*may = status == TOLD_OK && may_go(preview);
	json_array_foreach(json_object_get(preview, "sections"), i, section) *may = *may && passes(section);
	json_decref(preview);
	told_buf_free(&why);
	if (status == TOLD_OK || status == TOLD_E_REFUSED)
		status = told_draft_drop(t->agent, &draft);
	return status;
}

static enum told_status choose_parts(struct telling *t, struct told_bytes to)
{
	enum told_status status = TOLD_OK;
	t->goes.count = 0;
	for (size_t i = 0; status == TOLD_OK && i < t->parcel.count; i++) {
		bool may = true;
		if (t->steps[i] != NULL)
			status = may_know(t, to, t->steps[i], &may);
		if (may)
			t->goes.sections[t->goes.count++] = t->parcel.sections[i];
	}
	return status;
}

static enum told_status send_to(struct telling *t, struct told_bytes to, json_t *list)
{
	struct told_draft draft;
	json_t *preview = NULL, *again = NULL;
	struct told_buf why = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	uint32_t type = type_for(t, to);
	if (type == 0) {
		told_json_add(list, json_pack("{s:o, s:s}", "to", told_text_json(to), "effect", "none"));
		return TOLD_OK;
	}
	enum told_status status = choose_parts(t, to);
	if (status == TOLD_OK && t->goes.count > 0)
		status = told_draft_begin(t->agent, type, t->news->caller, t->news->client, &draft);
	if (status != TOLD_OK || t->goes.count == 0)
		return status;
	memcpy(draft.ticket, t->news->ticket, sizeof draft.ticket);
	status = told_send_content(t->agent, &draft, to, TOLD_PURPOSE_COORD, t->goes.sections, t->goes.count, true,
				   &preview, &why);
	if (status == TOLD_OK && may_go(preview))
		status = told_send_content(t->agent, &draft, to, TOLD_PURPOSE_COORD, t->goes.sections, t->goes.count,
					   false, &again, &why);
	else if (status == TOLD_OK)
		status = told_draft_drop(t->agent, &draft);
	told_buf_free(&why);
	json_decref(again);
	if (status == TOLD_OK)
		told_json_add(list, preview);
	else
		json_decref(preview);
	return status;
}

enum told_status told_plan_tell(struct told_agent *agent, const struct told_plan_news *news, json_t *list)
{
	struct telling *t = told_arena_alloc(agent->arena, sizeof *t);
	if (t == NULL)
		return TOLD_E_MEMORY;
	memset(t, 0, sizeof *t);
	t->agent = agent;
	t->news = news;
	enum told_status status = told_team_load(agent, news->client, &t->team);
	if (status != TOLD_OK)
		return status;
	add_parties(t);
	status = t->party_count == 0 ? TOLD_OK : lay_parts(t);
	for (size_t i = 0; status == TOLD_OK && t->parcel.count > 0 && i < t->party_count; i++)
		status = send_to(t, t->parties[i], list);
	return status;
}

/* ---- as a part of our story ---- */

static enum told_status deposit(struct telling *t, struct told_section_header *header,
				void (*lines)(const struct told_plan *plan, struct told_buf *out))
{
	struct told_buf words = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	struct told_bytes content;
	json_t *json = NULL;
	lines(t->news->plan, &words);
	enum told_status status = words.status;
	if (status == TOLD_OK && words.len > 0 && told_catset_has(&t->agent->categories, header->category)) {
		status = told_note_content(t->agent, told_buf_view(&words), &content);
		if (status == TOLD_OK)
			status = told_tell_section(t->agent, t->news->caller, t->news->client, header, content,
						   t->news->ticket, &json);
	}
	json_decref(json);
	told_buf_free(&words);
	return status;
}

enum told_status told_plan_deposit(struct told_agent *agent, const struct told_plan_news *news)
{
	struct telling *t = told_arena_alloc(agent->arena, sizeof *t);
	if (t == NULL)
		return TOLD_E_MEMORY;
	t->agent = agent;
	t->news = news;
	struct told_section_header pln = header_of(t, TOLD_CATEGORY_PLN, TOLD_VOICE_WORKER);
	struct told_section_header goa = header_of(t, TOLD_CATEGORY_GOA, TOLD_VOICE_PERSON);
	enum told_status status =
		(news->parts & (TOLD_PLAN_STEPS | TOLD_PLAN_ONE)) != 0 ? deposit(t, &pln, told_plan_lines) : TOLD_OK;
	if (status == TOLD_OK && (news->parts & TOLD_PLAN_GOALS) != 0)
		status = deposit(t, &goa, told_plan_goal_lines);
	return status;
}
