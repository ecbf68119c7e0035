/* SPDX-License-Identifier: Apache-2.0 */
/* Showing a person's story to a worker: ours, and what was released to us and not withdrawn, newest version each. */
#include "agents/agent/core/show.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/card.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/correct.h"
#include "agents/agent/work/docket.h"
#include "agents/agent/work/limit.h"
#include "agents/agent/work/may_see.h"

#include <string.h>

enum told_status told_each_section(struct told_agent *agent, struct told_bytes client, told_each_section_fn *fn,
				   void *ctx)
{
	struct told_story_row story;
	struct told_section_row section;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_story_next(agent->vault, agent->arena, client, after, &story);
		after = story.id;
		if (status == TOLD_OK && story.newest)
			status = fn(ctx, &story, NULL);
	}
	if (status == TOLD_E_NOT_FOUND)
		status = TOLD_OK;
	for (after = 0; status == TOLD_OK;) {
		status = told_section_next_of_client(agent->vault, agent->arena, client, after, &section);
		after = section.id;
		if (status == TOLD_OK)
			status = fn(ctx, NULL, &section);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

struct showing {
	struct told_agent *agent;
	const struct told_caller *caller;
	struct told_bytes client;
	json_t *list;
	size_t withdrawn;
};

struct newer {
	const struct told_section_row *than;
	bool found;
};

static enum told_status look_for_newer(void *ctx, const struct told_story_row *story,
				       const struct told_section_row *row)
{
	struct newer *n = ctx;
	(void)story;
	if (row != NULL && row->deposit.len > 0 && told_bytes_equal(row->deposit, n->than->deposit) &&
	    row->version > n->than->version)
		n->found = true;
	return TOLD_OK;
}

static enum told_status show_one(void *ctx, const struct told_story_row *story, const struct told_section_row *row)
{
	struct showing *s = ctx;
	if (story != NULL)
		return told_json_add(s->list, told_story_json(s->agent, story)) ? TOLD_OK : TOLD_E_MEMORY;
	struct newer newer = {.than = row};
	if (row->hidden) {
		s->withdrawn++;
		return TOLD_OK;
	}
	bool allows = false;
	enum told_status status = told_limit_allows(s->agent, s->caller, row, &allows);
	if (status == TOLD_OK && allows)
		status = told_each_section(s->agent, s->client, look_for_newer, &newer);
	if (status != TOLD_OK || !allows || newer.found)
		return status;
	json_t *shown = NULL;
	status = told_section_shown(s->agent, row, &shown);
	return status == TOLD_OK && !told_json_add(s->list, shown) ? TOLD_E_MEMORY : status;
}

enum told_status told_agent_story(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				  struct told_reply *reply)
{
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client", reply);
	struct told_bytes client = told_request_client(&r);
	struct showing s = {.agent = agent, .caller = caller, .list = json_array()};
	enum told_status status = r.status;
	if (status == TOLD_OK)
		status = told_look(agent, caller, client, &s.client);
	if (status == TOLD_OK)
		status = told_each_section(agent, s.client, show_one, &s);
	if (status == TOLD_OK)
		status = told_beside_sections(agent, s.client, s.list);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:O, s:I}", "client", told_client_json(client), "sections", s.list,
					"withdrawn", (json_int_t)s.withdrawn);
	told_agent_head(agent, reply->json);
	if (status != TOLD_OK && reply->why.len == 0)
		told_buf_printf(&reply->why, "Nothing to show: %s.", told_status_text(status));
	json_decref(s.list);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

struct handing {
	struct told_agent *agent;
	const struct told_caller *caller;
	struct told_bytes client;
	told_agent_section_fn *fn;
	void *ctx;
};

/* A form asks of the person: what is about somebody else of the family fills none of their answers. */
static enum told_status about_another(struct told_agent *agent, const struct told_story_row *story,
				      const struct told_section_row *row, bool *out)
{
	struct told_section_header *header = NULL;
	*out = row != NULL && row->about.len > 0;
	if (story == NULL)
		return TOLD_OK;
	enum told_status status = told_section_header_decode(story->header, agent->arena, &header);
	*out = status == TOLD_OK && header->about.len > 0;
	return status;
}

static enum told_status hand_one(void *ctx, const struct told_story_row *story, const struct told_section_row *row)
{
	struct handing *h = ctx;
	struct told_agent_section out;
	struct newer newer = {.than = row};
	bool another = false;
	bool allows = true;
	enum told_status status = about_another(h->agent, story, row, &another);
	if (status == TOLD_OK && row != NULL)
		status = told_limit_allows(h->agent, h->caller, row, &allows);
	if (status != TOLD_OK || another || !allows)
		return status;
	if (story != NULL) {
		out = (struct told_agent_section){told_agent_self(h->agent), story->category, story->voice,
						  story->recorded_ms, story->content};
		return h->fn(h->ctx, &out);
	}
	if (!row->hidden)
		status = told_each_section(h->agent, h->client, look_for_newer, &newer);
	if (status != TOLD_OK || row->hidden || newer.found)
		return status;
	struct told_inbox_row correction; /* what was wrong fills no form */
	status = told_correction_of(h->agent, row, &correction);
	if (status != TOLD_E_NOT_FOUND)
		return status;
	out = (struct told_agent_section){row->originator, row->category, row->voice, row->recorded_ms, row->content};
	return h->fn(h->ctx, &out);
}

enum told_status told_agent_sections(struct told_agent *agent, const struct told_caller *caller,
				     struct told_bytes client, told_agent_section_fn *fn, void *ctx)
{
	uint8_t ref[TOLD_ID_BYTES];
	struct handing h = {
		.agent = agent, .caller = caller, .client = told_bytes(ref, sizeof ref), .fn = fn, .ctx = ctx};
	told_arena_reset(agent->arena);
	enum told_status status = told_code_read(client, ref);
	if (status == TOLD_OK)
		status = told_may_see(agent, caller, h.client);
	return status == TOLD_OK ? told_each_section(agent, h.client, hand_one, &h) : status;
}
