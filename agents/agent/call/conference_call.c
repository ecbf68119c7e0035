/* SPDX-License-Identifier: Apache-2.0 */
/* Calling a conference: of whom, on what grounds, and, of a MARAC, by which way its threshold is met. The threshold is
 * a table of the agreement; here it is only read. */
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/conference.h"
#include "agents/agent/work/may_see.h"

#include <string.h>

struct calling {
	struct told_request *r;
	const struct told_caller *caller;
	struct told_bytes_list to;
	struct told_bytes grounds, tool, argument;
	uint64_t score;
	uint32_t kind, argued;
	struct told_gathered *words;
	struct told_meeting meeting;
	uint8_t id[TOLD_ID_BYTES];
};

/* The ways that are argued in words; met in the order of the agreement's own list. */
static void read_argument(struct calling *c)
{
	static const struct {
		const char *member;
		uint32_t way;
	} ways[] = {{"judgement", TOLD_THRESHOLD_JUDGEMENT},
		    {"escalation", TOLD_THRESHOLD_ESCALATION},
		    {"repeat", TOLD_THRESHOLD_REPEAT}};
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		struct told_bytes words = told_request_text(c->r, ways[i].member, false);
		if (words.len == 0)
			continue;
		if (c->argued != TOLD_THRESHOLD_NONE)
			told_request_refuse(c->r, TOLD_E_USAGE, "Argue one way: judgement, escalation or repeat.");
		c->argument = words;
		c->argued = ways[i].way;
	}
}

static void read_calling(struct calling *c)
{
	struct told_request *r = c->r;
	c->meeting.client = told_request_client(r);
	c->kind = told_request_word(r, "kind", told_conference_kinds, 3, TOLD_CONFERENCE_MDT);
	c->to = told_request_texts(r, "to");
	c->grounds = told_request_text(r, "grounds", true);
	c->tool = told_request_text(r, "tool", false);
	c->score = told_request_number(r, "score");
	read_argument(c);
	told_request_parties_known(r, c->to);
	if (r->status == TOLD_OK && (c->to.count == 0 || (c->kind == TOLD_CONFERENCE_MARAC && c->to.count != 1)))
		told_request_refuse(r, TOLD_E_USAGE,
				    "Say who is to come: --to PARTY,PARTY. A MARAC is asked of one: its coordinator.");
}

/* The score meets it where the agreement names that tool and such a level; else what was argued counts. */
static enum told_status threshold_of(struct calling *c, uint32_t *met)
{
	const uint32_t category = TOLD_CATEGORY_DEM_ID;
	struct told_agent *agent = c->r->agent;
	struct told_choice *choice = told_arena_alloc(agent->arena, sizeof *choice);
	*met = c->argued;
	if (c->kind != TOLD_CONFERENCE_MARAC || c->score == 0)
		return TOLD_OK;
	enum told_status status = choice == NULL
					  ? TOLD_E_MEMORY
					  : told_choose(agent, told_agent_self(agent), c->to.items[0],
							TOLD_TYPE_CONF_CALL, TOLD_PURPOSE_MARAC, &category, 1, choice);
	for (size_t i = 0; status == TOLD_OK && i < choice->agreement->threshold_count; i++) {
		const struct told_threshold_rule *rule = &choice->agreement->thresholds[i];
		bool tool = c->tool.len == 0 || told_bytes_equal(c->tool, rule->tool);
		if (tool && c->score >= rule->score && (rule->ways & TOLD_BIT32(TOLD_THRESHOLD_SCORE)) != 0)
			*met = TOLD_THRESHOLD_SCORE;
	}
	return status == TOLD_E_REFUSED ? TOLD_OK : status;
}

/* Grounds, the score as it was found, and what was argued, as one text. */
static enum told_status gather_grounds(struct calling *c)
{
	struct told_agent *agent = c->r->agent;
	struct told_buf text = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	told_buf_put_bytes(&text, c->grounds);
	if (c->score > 0)
		told_buf_printf(&text, "\n%.*s score: %llu", (int)c->tool.len, (const char *)c->tool.data,
				(unsigned long long)c->score);
	if (c->argument.len > 0)
		told_buf_printf(&text, "\nThreshold argued (%s): %.*s",
				c->argued == TOLD_THRESHOLD_JUDGEMENT    ? "professional judgement"
				: c->argued == TOLD_THRESHOLD_ESCALATION ? "escalation"
									 : "repeat",
				(int)c->argument.len, (const char *)c->argument.data);
	c->words = told_arena_alloc(agent->arena, sizeof *c->words);
	enum told_status status = c->words == NULL ? TOLD_E_MEMORY : text.status;
	if (status == TOLD_OK) {
		c->words->count = 0;
		status = told_meeting_sections(c->r, c->caller, c->words);
	}
	struct told_bytes words = told_arena_copy(agent->arena, told_buf_view(&text));
	if (status == TOLD_OK)
		status = told_gather_words(agent, c->caller, words,
					   told_meeting_category(c->meeting.state, TOLD_CONFERENCE_EVENT_CALL),
					   c->words);
	told_buf_free(&text);
	return status;
}

static enum told_status begin(struct calling *c)
{
	struct told_agent *agent = c->r->agent;
	enum told_status status = c->r->status;
	if (status == TOLD_OK)
		status = told_may_see(agent, c->caller, c->meeting.client);
	if (status == TOLD_OK)
		status = told_uuid7((uint64_t)told_clock_now(&agent->clock).wall_ms, c->id);
	c->meeting.id = told_bytes(c->id, sizeof c->id);
	c->meeting.state = told_arena_alloc(agent->arena, sizeof *c->meeting.state);
	c->meeting.book = json_object();
	if (status == TOLD_OK && (c->meeting.state == NULL || c->meeting.book == NULL))
		status = TOLD_E_MEMORY;
	if (status != TOLD_OK)
		return status;
	memset(c->meeting.state, 0, sizeof *c->meeting.state);
	c->meeting.state->kind = c->kind;
	return gather_grounds(c);
}

/* The call goes to the first who may hear of it; whoever the person has refused is left out, and the meeting is not. */
static enum told_status call(struct calling *c, json_t *told, uint8_t ticket[TOLD_ID_BYTES])
{
	struct told_agent *agent = c->r->agent;
	struct told_utterance said = {.event = TOLD_CONFERENCE_EVENT_CALL, .sections = c->words, .identify = true};
	enum told_status status = threshold_of(c, &said.workflow.threshold_met);
	bool heard = false;
	for (size_t i = 0; status == TOLD_OK && !heard && i < c->to.count; i++) {
		struct told_bytes_list one = {.items = &c->to.items[i], .count = 1};
		status = told_meeting_say(agent, c->caller, &c->meeting, &said, one, c->r->why, told, ticket);
		const json_t *preview = json_array_get(told, json_array_size(told) - 1);
		heard = status == TOLD_OK && !json_is_true(json_object_get(preview, "left_out"));
	}
	return status;
}

enum told_status told_agent_conference_call(struct told_agent *agent, const struct told_caller *caller,
					    const json_t *request, struct told_reply *reply)
{
	uint8_t ticket[TOLD_ID_BYTES] = {0};
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(
		agent, request, "client kind to grounds tool score judgement escalation repeat facts views said",
		reply);
	struct calling c = {.r = &r, .caller = caller};
	json_t *told = json_array();
	read_calling(&c);
	status = begin(&c);
	if (status == TOLD_OK)
		status = call(&c, told, ticket);
	status = told_meeting_finish(agent, status, &c.meeting, ticket, told, reply);
	json_decref(told);
	told_meeting_drop(&c.meeting);
	return status;
}
