/* SPDX-License-Identifier: Apache-2.0 */
/* Explaining a ruling without sending anything: the same function that rules messages and wraps, over what this agent
 * has verified itself, said to one of four readers. Changes nothing. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/content.h"
#include "agents/agent/work/may_see.h"
#include "agents/explain/render.h"

#include <string.h>

/* What was asked, in the order of the members of the request. */
struct asked {
	struct told_bytes client, from, to;
	uint32_t type;
	struct told_u32_list purposes, categories;
	enum told_audience audience;
};

struct laying {
	struct told_agent *agent;
	const struct told_caller *caller;
	const struct asked *asked;
	struct told_section_header *sections[TOLD_SECTIONS_MAX];
	struct told_bytes messages[TOLD_SECTIONS_MAX]; /* the deposits; empty: nothing was told yet */
	size_t count;
};

static void read_asked(struct told_request *r, struct asked *out)
{
	struct told_bytes who = told_request_text(r, "for", false);
	char word[16] = "sender";
	*out = (struct asked){
		.client = told_request_client(r),
		.from = told_request_text(r, "from", true),
		.to = told_request_text(r, "to", true),
		.type = told_request_code(r, "type", TOLD_LIST_TYPE, TOLD_TYPE_REFERRAL),
		.purposes = told_request_codes(r, "purposes", TOLD_LIST_PURPOSE),
		.categories = told_request_categories(r, "categories"),
	};
	if (who.len > 0 && who.len < sizeof word) {
		memcpy(word, who.data, who.len);
		word[who.len] = '\0';
	}
	out->audience = told_audience_named(who.len < sizeof word ? word : "?");
	if (out->audience == TOLD_AUDIENCE_COUNT)
		told_request_refuse(r, TOLD_E_USAGE, "\"for\" is sender, requester, person or auditor.");
	if (out->purposes.count == 0 || out->categories.count == 0)
		told_request_refuse(r, TOLD_E_USAGE, "Name at least one purpose and one category.");
	if (out->categories.count > TOLD_SECTIONS_MAX)
		told_request_refuse(r, TOLD_E_LIMIT, "A message holds 32 sections at most. Ask for fewer categories.");
}

static bool asks(const struct asked *a)
{
	return a->type == TOLD_TYPE_ASK || a->type == TOLD_TYPE_ASK_REPLY || a->type == TOLD_TYPE_KNOWN;
}

/* We rule what we give, and look at what we ask for; what two others do between them we do not know. */
static void check_ours(struct told_request *r, const struct asked *a)
{
	bool give = told_bytes_equal(a->from, told_agent_self(r->agent));
	bool take = told_bytes_equal(a->to, told_agent_self(r->agent));
	if (r->status == TOLD_OK && give == take)
		told_request_refuse(r, TOLD_E_USAGE,
				    "This agent rules for its own agency only. Name it as \"from\" or as \"to\".");
	if (r->status == TOLD_OK && take && !asks(a))
		told_request_refuse(r, TOLD_E_USAGE,
				    "What others send is ruled by them. Use type ASK for what we may ask them for.");
}

/* ---- the sections ---- */

static struct told_section_header *plain_section(struct laying *l, uint32_t category)
{
	struct told_section_header *section = told_arena_alloc(l->agent->arena, sizeof *section);
	if (section != NULL)
		*section = (struct told_section_header){
			.category = category,
			.voice = TOLD_VOICE_WORKER,
			.recorded_ms = (uint64_t)told_clock_now(&l->agent->clock).wall_ms,
			.originator = l->asked->from,
			.author = told_text(l->caller->number),
			.onward = TOLD_YES_NO_YES,
		};
	return section;
}

/* The newest that was told under a category, with its marks and its date. */
static enum told_status told_section(struct laying *l, uint32_t category, struct told_section_header **out,
				     struct told_bytes *message)
{
	struct told_story_row row;
	enum told_status status = TOLD_OK;
	*out = NULL;
	for (uint64_t after = 0; status == TOLD_OK && *out == NULL; after = row.id) {
		status = told_story_next(l->agent->vault, l->agent->arena, l->asked->client, after, &row);
		if (status != TOLD_OK || !row.newest || row.category != category)
			continue;
		status = told_section_header_decode(row.header, l->agent->arena, out);
		*message = row.message;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status lay_sections(struct laying *l)
{
	bool ours = told_bytes_equal(l->asked->from, told_agent_self(l->agent));
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < l->asked->categories.count; i++) {
		uint32_t category = l->asked->categories.items[i];
		struct told_section_header **section = &l->sections[l->count];
		if (ours)
			status = told_section(l, category, section, &l->messages[l->count]);
		if (status == TOLD_OK && *section == NULL)
			*section = plain_section(l, category);
		if (*section == NULL)
			return status == TOLD_OK ? TOLD_E_MEMORY : status;
		l->count++;
	}
	return status;
}

/* ---- the message ---- */

/* As the agent itself would state it: agreement and bases of the flows that carry most of it. */
static void state(struct laying *l, struct told_choice *choice, struct told_header *h)
{
	const struct asked *a = l->asked;
	uint32_t type = asks(a) ? TOLD_TYPE_ASK : a->type;
	enum told_status status = told_choose(l->agent, a->from, a->to, type, a->purposes.items[0], a->categories.items,
					      a->categories.count, choice);
	if (status != TOLD_OK)
		return; /* no agreement: the ruling says so */
	h->agreement = &choice->ref;
	h->bases = (struct told_basis_part_list){.items = choice->bases, .count = choice->flow_count};
	for (size_t i = 0; i < l->count; i++)
		l->sections[i]->basis = told_choice_basis(choice, l->sections[i]->category);
}

static enum told_status lay(struct laying *l, const struct told_table *table, struct told_header *h,
			    struct told_question *question)
{
	const struct asked *a = l->asked;
	struct told_deposit_facts deposits[TOLD_SECTIONS_MAX];
	struct told_bytes *other = told_arena_alloc(l->agent->arena, sizeof *other);
	if (other == NULL)
		return TOLD_E_MEMORY;
	bool ours = told_bytes_equal(a->from, told_agent_self(l->agent));
	*other = ours ? a->to : a->from;
	h->recipients = (struct told_bytes_list){.items = other, .count = 1};
	if (ours) {
		h->type = asks(a) ? TOLD_TYPE_GRANT : a->type; /* a wrap is ruled as the ask that it would answer */
		return told_table_message(table, l->agent->arena, h, l->sections, l->count, a->to, false, question);
	}
	h->asked = a->categories;
	for (size_t i = 0; i < l->count; i++)
		deposits[i] = (struct told_deposit_facts){h->id, a->from, l->sections[i]};
	return told_table_ask(table, l->agent->arena, h, a->from, deposits, l->count, question);
}

static enum told_status rule(struct laying *l, const struct told_person *person, struct told_question *question,
			     struct told_decision *decision)
{
	struct told_table table = {
		.directory = l->agent->directory,
		.parties = l->agent->parties,
		.person = person,
		.when = told_agent_now(l->agent),
	};
	struct told_draft draft;
	struct told_choice *choice = told_arena_alloc(l->agent->arena, sizeof *choice);
	if (choice == NULL)
		return TOLD_E_MEMORY;
	uint32_t type = asks(l->asked) ? TOLD_TYPE_ASK : l->asked->type;
	enum told_status status = told_draft_begin(l->agent, type, l->caller, l->asked->client, &draft);
	if (status == TOLD_OK)
		status = lay_sections(l);
	if (status != TOLD_OK)
		return status;
	draft.header.purposes = l->asked->purposes;
	state(l, choice, &draft.header);
	status = lay(l, &table, &draft.header, question);
	if (status != TOLD_OK)
		return status;
	told_decide(question, decision);
	told_question_digest(question, &decision->inputs);
	return TOLD_OK;
}

static enum told_status say(const struct laying *l, const struct told_question *question,
			    const struct told_decision *decision, struct told_reply *reply)
{
	struct told_rendering rendering = {question, decision, l->agent->parties, NULL};
	struct told_buf text = TOLD_BUF(1048576);
	json_t *ruling = NULL;
	bool goes = decision->effect == TOLD_EFFECT_RELEASE || decision->effect == TOLD_EFFECT_PARTIAL;
	told_render_text(&rendering, l->asked->audience, &text);
	enum told_status status = told_render_json(&rendering, l->asked->audience, &ruling);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O, s:o, s:b}", "ruling", ruling, "text",
					json_stringn((const char *)text.data, text.len), "goes", (int)goes);
	json_decref(ruling);
	told_buf_free(&text);
	return reply->json == NULL ? TOLD_E_MEMORY : status;
}

/* Nothing of it is kept: the transaction that a draft needs is always rolled back. */
enum told_status told_agent_decide(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				   struct told_reply *reply)
{
	struct asked asked;
	struct told_question question;
	struct told_person *person = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_decision *decision = told_arena_alloc(agent->arena, sizeof *decision);
	struct laying *l = told_arena_alloc(agent->arena, sizeof *l);
	struct told_request r = told_request_open(agent, request, "client from to type purposes categories for", reply);
	read_asked(&r, &asked);
	check_ours(&r, &asked);
	status = l == NULL || decision == NULL ? TOLD_E_MEMORY : r.status;
	if (status == TOLD_OK)
		status = told_may_see(agent, caller, asked.client);
	if (status == TOLD_OK)
		status = told_agent_person(agent, asked.client, &person);
	if (status == TOLD_OK) {
		*l = (struct laying){.agent = agent, .caller = caller, .asked = &asked};
		status = rule(l, person->known ? person : NULL, &question, decision);
	}
	if (status == TOLD_OK)
		status = say(l, &question, decision, reply);
	if (status != TOLD_OK && reply->why.len == 0)
		told_buf_printf(&reply->why, "Nothing was ruled: %s.", told_status_text(status));
	told_vault_rollback(agent->vault);
	told_person_free(person);
	return status;
}
