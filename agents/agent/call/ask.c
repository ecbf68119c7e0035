/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for what others were told. The answer says nothing but that the question was put; what may be had comes by
 * itself. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/content.h"

#include <string.h>

/* Everyone who could hold something: the parties of agreements that we signed. */
static struct told_bytes_list everyone(struct told_agent *agent)
{
	struct told_bytes_list out = {.items = told_arena_alloc(agent->arena, TOLD_RECIPIENTS_MAX * sizeof *out.items)};
	for (uint32_t party = 1; party <= told_party_count(agent->parties) && out.items != NULL; party++) {
		struct told_bytes name = told_text(told_party_name(agent->parties, party));
		bool enrolled =
			told_directory_party(agent->directory, party, told_agent_now(agent)) == TOLD_PARTY_ENROLLED;
		if (party != agent->self && enrolled && told_agent_believes(agent, name) &&
		    out.count < TOLD_RECIPIENTS_MAX)
			out.items[out.count++] = name;
	}
	return out;
}

static struct told_u32_list everything(struct told_agent *agent)
{
	struct told_u32_list out = {.items = told_arena_alloc(agent->arena, TOLD_CATEGORY_COUNT * sizeof *out.items)};
	for (uint32_t c = 1; c < TOLD_CATEGORY_COUNT && out.items != NULL; c++)
		if (c != TOLD_CATEGORY_DEM_FORMER && c != TOLD_CATEGORY_EQA)
			out.items[out.count++] = c;
	return out;
}

/* What an answer of one holder must hold and was not asked for. *carried: it holds something of what was asked for. */
static struct told_catset left_out(struct told_agent *agent, struct told_bytes holder, uint32_t purpose,
				   struct told_u32_list asked, struct told_choice *choice, bool *carried)
{
	struct told_catset missing = {{0}};
	enum told_status status = told_choose(agent, holder, told_agent_self(agent), TOLD_TYPE_ASK, purpose,
					      asked.items, asked.count, choice);
	for (size_t i = 0; status == TOLD_OK && i < asked.count; i++)
		*carried |= told_choice_basis(choice, asked.items[i]) != 0;
	for (size_t i = 0; *carried && i < choice->flow_count; i++)
		for (uint32_t c = 1; c < TOLD_CATEGORY_COUNT; c++)
			if (told_catset_has(&choice->flows[i]->mandatory, c))
				told_catset_add(&missing, c);
	for (size_t i = 0; i < asked.count; i++)
		missing.w[(asked.items[i] - 1) / 64] &= ~(UINT64_C(1) << (asked.items[i] - 1) % 64);
	return missing;
}

static void say_left_out(struct told_request *r, const struct told_choice *choice, const struct told_catset *missing)
{
	struct told_buf words = TOLD_BUF(TOLD_TEXT_MAX_BYTES / 2);
	told_buf_printf(&words, "Every answer under clause %s must hold", choice->flows[0]->clause);
	for (uint32_t c = 1; c < TOLD_CATEGORY_COUNT; c++)
		if (told_catset_has(missing, c))
			told_buf_printf(&words, " %s", told_code(TOLD_LIST_CATEGORY, c));
	told_buf_put_text(&words, ", so an ask without it gets nothing, and nothing was sent. Ask for it too.");
	told_request_refuse(r, TOLD_E_REFUSED, told_buf_cstr(&words));
	told_buf_free(&words);
}

/* An ask that nobody may answer as it stands is not sent: the uniform reply could not say why. The agreement says it.
 */
static void check_mandatory(struct told_request *r, struct told_bytes_list from, uint32_t purpose,
			    struct told_u32_list asked)
{
	struct told_choice choice = {0}, short_of = {0};
	struct told_catset first = {{0}};
	bool found = false;
	for (size_t i = 0; i < from.count; i++) {
		bool carried = false;
		struct told_catset missing = left_out(r->agent, from.items[i], purpose, asked, &choice, &carried);
		uint64_t any = 0;
		for (unsigned w = 0; w < TOLD_CATSET_WORDS; w++)
			any |= missing.w[w];
		if (carried && any == 0)
			return; /* this one can answer */
		if (carried && !found) {
			found = true;
			short_of = choice;
			first = missing;
		}
	}
	if (found)
		say_left_out(r, &short_of, &first);
}

/* How far a ruling goes towards an answer. */
static int rank_of(const json_t *preview)
{
	static const char *const effects[] = {"reject", "deny", "hold", "partial", "release"};
	const char *effect = json_string_value(json_object_get(preview, "effect"));
	for (int i = 0; effect != NULL && i < 5; i++)
		if (strcmp(effects[i], effect) == 0)
			return i;
	return -1;
}

/* Of the worker's roles the one that gets furthest by our own ruling, as of whom is asked first; else the first of
 * them. A permission may name a role, and so may an agreement. */
static enum told_status choose_role(struct told_agent *agent, const struct told_caller *caller,
				    struct told_header *header)
{
	struct told_person *person = NULL;
	uint32_t best = header->role;
	int furthest = -1;
	enum told_status status = told_agent_person(agent, header->client_ref, &person);
	for (uint32_t role = 1; status == TOLD_OK && role < TOLD_ROLE_COUNT; role++) {
		json_t *preview = NULL;
		uint64_t withhold = 0;
		bool nothing = false;
		if ((caller->roles & TOLD_BIT32(role)) == 0)
			continue;
		header->role = role;
		status = told_preview(agent, header, NULL, 0, header->recipients.items[0], person, NULL, &preview,
				      &withhold, &nothing);
		if (rank_of(preview) > furthest) {
			furthest = rank_of(preview);
			best = role;
		}
		json_decref(preview);
	}
	header->role = best;
	told_person_free(person);
	return status;
}

static enum told_status ask(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
			    struct told_draft *draft)
{
	struct told_agent *agent = r->agent;
	struct told_choice choice;
	uint32_t purpose = told_request_code(r, "purpose", TOLD_LIST_PURPOSE, TOLD_PURPOSE_COORD);
	struct told_u32_list asked = told_request_categories(r, "categories");
	struct told_bytes_list from = told_request_texts(r, "from");
	struct told_bytes team = told_request_text(r, "team", false);
	if (r->status != TOLD_OK)
		return r->status;
	asked = asked.count == 0 ? everything(agent) : asked;
	from = from.count == 0 ? everyone(agent) : from;
	enum told_status status = TOLD_E_REFUSED;
	for (size_t i = 0; status == TOLD_E_REFUSED && i < from.count; i++)
		status = told_choose(agent, from.items[i], told_agent_self(agent), TOLD_TYPE_ASK, purpose, asked.items,
				     asked.count, &choice);
	if (status == TOLD_E_REFUSED)
		told_request_refuse(r, status,
				    "No agreement that both have signed is in force with anyone whom you ask.");
	if (status == TOLD_OK) {
		check_mandatory(r, from, purpose, asked);
		status = r->status;
	}
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_ASK, caller, client, draft);
	if (status != TOLD_OK)
		return status;
	struct told_header *h = &draft->header;
	h->recipients = from;
	h->purposes = (struct told_u32_list){.items = &purpose, .count = 1};
	h->bases = (struct told_basis_part_list){.items = choice.bases, .count = choice.flow_count};
	h->agreement = &choice.ref;
	h->asked = asked;
	if (team.len > 0)
		h->team = team;
	status = choose_role(agent, caller, h);
	return status != TOLD_OK ? status : told_draft_queue(agent, draft, told_bytes(NULL, 0));
}

enum told_status told_agent_ask(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				struct told_reply *reply)
{
	struct told_draft draft;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client categories purpose from team", reply);
	struct told_bytes client = told_request_client(&r);
	status = ask(&r, caller, client, &draft);
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft.ticket,
					     json_pack("{s:s}", "role", told_code(TOLD_LIST_ROLE, draft.header.role)),
					     reply);
	return told_call_end(agent, status, reply);
}
