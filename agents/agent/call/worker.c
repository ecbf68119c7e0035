/* SPDX-License-Identifier: Apache-2.0 */
/* The register of workers: random numbers, tokens of which only the hash is kept, and who is live. */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/contact.h"

#include "agents/agent/core/worker.h"

#include <string.h>

/* ---- adding ---- */

static enum told_status join_teams(struct told_request *r, struct told_bytes_list teams, struct told_bytes *out)
{
	struct told_buf joined = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	for (size_t i = 0; i < teams.count; i++) {
		if (memchr(teams.items[i].data, ',', teams.items[i].len) != NULL ||
		    teams.items[i].len > TOLD_NAME_MAX_BYTES || teams.count > TOLD_CALLER_TEAMS_MAX)
			told_request_refuse(r, TOLD_E_USAGE, "\"teams\" are at most 16 short names without commas.");
		told_buf_printf(&joined, "%s%.*s", i > 0 ? "," : "", (int)teams.items[i].len,
				(const char *)teams.items[i].data);
	}
	*out = told_arena_copy(r->agent->arena, told_buf_view(&joined));
	enum told_status status = r->status == TOLD_OK ? joined.status : r->status;
	told_buf_free(&joined);
	return status;
}

static enum told_status read_worker(struct told_request *r, struct told_new_worker *out)
{
	struct told_bytes number = told_request_text(r, "number", false);
	struct told_u32_list roles = told_request_codes(r, "roles", TOLD_LIST_ROLE);
	*out = (struct told_new_worker){
		.kind = told_request_code(r, "kind", TOLD_LIST_WORKER_KIND, TOLD_WORKER_KIND_EMPLOYED),
		.now_ms = (uint64_t)told_clock_now(&r->agent->clock).wall_ms,
		.until_ms = told_request_number(r, "until_ms"),
	};
	for (size_t i = 0; i < roles.count; i++)
		out->roles |= TOLD_BIT32(roles.items[i]);
	if (roles.count == 0)
		out->roles = TOLD_BIT32(TOLD_ROLE_PRACTITIONER);
	if (r->status == TOLD_OK && r->agent->roles != 0 && (out->roles & ~r->agent->roles) != 0)
		told_request_refuse(r, TOLD_E_USAGE, "This agency's profile has no such role.");
	if (!told_worker_number_ok(number))
		told_request_refuse(r, TOLD_E_USAGE,
				    "A staff \"number\" is 1 to 32 letters, digits or '-', and no name.");
	if (r->status == TOLD_OK && number.len > 0)
		memcpy(out->number, number.data, number.len);
	struct told_bytes_list teams = told_request_texts(r, "teams");
	for (size_t i = 0; i < teams.count; i++)
		told_request_team_known(r, told_agent_self(r->agent), teams.items[i]);
	return join_teams(r, teams, &out->teams);
}

static enum told_status not_manager(struct told_reply *reply)
{
	told_buf_put_text(&reply->why, "Only a senior or coordinator of this agency keeps the register of workers.");
	return TOLD_E_NOT_ALLOWED;
}

enum told_status told_agent_worker_add(struct told_agent *agent, const struct told_caller *caller,
				       const json_t *request, struct told_reply *reply)
{
	struct told_new_worker worker;
	if (!told_may_manage(caller->roles))
		return not_manager(reply);
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "number roles teams kind until_ms", reply);
	status = read_worker(&r, &worker);
	if (status == TOLD_OK)
		status = told_worker_make(agent->vault, &worker);
	if (status == TOLD_E_EXISTS)
		told_buf_put_text(&reply->why, "This staff number is taken.");
	if (status == TOLD_OK)
		reply->json = json_pack("{s:s, s:s}", "number", worker.number, "token", worker.token);
	told_wipe(&worker, sizeof worker);
	/* The register itself goes out with the next turn (start.c). */
	return told_call_end(agent, status, reply);
}

/* ---- changing, listing ---- */

static const char *const state_words[] = {NULL, "active", "suspended", "left"};

static enum told_status open_work(struct told_agent *agent, struct told_bytes number, json_t *list)
{
	struct told_outbox_row row;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_outbox_next(agent->vault, agent->arena, TOLD_OUTBOX_OF_ALL, told_bytes(NULL, 0), after,
					  &row);
		after = row.seq;
		bool open = status == TOLD_OK && row.type == TOLD_TYPE_REFERRAL &&
			    told_bytes_equal(row.author, number) && row.state <= TOLD_OUTBOX_HELD;
		if (open)
			told_json_add(list, told_id_json(row.id));
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* Who leaves is no contact any more, and nothing more is sealed to them. */
static enum told_status end_contact(struct told_agent *agent, const struct told_worker_row *row,
				    const struct told_caller *by)
{
	struct told_caller leaver;
	uint8_t ticket[TOLD_ID_BYTES];
	bool ended = false;
	told_worker_caller(row, &leaver);
	return told_contact_end(agent, leaver.number, by->number, ticket, &ended);
}

enum told_status told_agent_worker_set(struct told_agent *agent, const struct told_caller *caller,
				       const json_t *request, struct told_reply *reply)
{
	struct told_worker_row row;
	json_t *open = json_array();
	if (!told_may_manage(caller->roles)) {
		json_decref(open);
		return not_manager(reply);
	}
	enum told_status status = told_call_begin(agent);
	struct told_request r = told_request_open(agent, request, "number state", reply);
	struct told_bytes number = told_request_text(&r, "number", true);
	uint32_t state = told_request_word(&r, "state", state_words, 4, 0);
	if (r.status == TOLD_OK && state == 0)
		told_request_refuse(&r, TOLD_E_USAGE, "\"state\" is active, suspended or left.");
	if (r.status == TOLD_OK && state != TOLD_WORKER_ACTIVE && told_bytes_equal(number, told_text(caller->number)))
		told_request_refuse(&r, TOLD_E_NOT_ALLOWED,
				    "Another senior must close your own number, so that nobody locks the agency out.");
	if (status == TOLD_OK)
		status = r.status;
	if (status == TOLD_OK)
		status = told_worker_by_number(agent->vault, agent->arena, number, &row);
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(&reply->why, "The register has no such number.");
	uint64_t until_ms = state == TOLD_WORKER_ACTIVE ? 0 : (uint64_t)told_clock_now(&agent->clock).wall_ms;
	if (status == TOLD_OK)
		status = told_worker_set(agent->vault, number, state, until_ms);
	if (status == TOLD_OK && state == TOLD_WORKER_LEFT)
		status = end_contact(agent, &row, caller);
	if (status == TOLD_OK)
		status = open_work(agent, number, open);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:s, s:O}", "number", told_text_json(number), "state",
					state_words[state & 3], "open", open);
	json_decref(open);
	return told_call_end(agent, status, reply);
}

static json_t *worker_json(const struct told_worker_row *row)
{
	struct told_caller caller;
	json_t *roles = json_array(), *teams = json_array();
	told_worker_caller(row, &caller);
	for (uint32_t role = 1; role < TOLD_ROLE_COUNT; role++)
		if (row->roles & TOLD_BIT32(role))
			told_json_add(roles, json_string(told_code(TOLD_LIST_ROLE, role)));
	for (size_t i = 0; i < caller.team_count; i++)
		told_json_add(teams, json_string(caller.teams[i]));
	json_t *json = json_pack("{s:o, s:o, s:o, s:s, s:s, s:I}", "number", told_text_json(row->number), "roles",
				 roles, "teams", teams, "kind", told_code(TOLD_LIST_WORKER_KIND, row->kind), "state",
				 state_words[row->state & 3] == NULL ? "?" : state_words[row->state & 3], "from_ms",
				 (json_int_t)row->from_ms);
	if (json != NULL && row->until_ms != 0)
		json_object_set_new(json, "until_ms", json_integer((json_int_t)row->until_ms));
	return json;
}

enum told_status told_agent_workers(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				    struct told_reply *reply)
{
	struct told_worker_row row;
	json_t *list = json_array();
	uint64_t after = 0;
	(void)caller;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "", reply);
	enum told_status status = r.status;
	while (status == TOLD_OK) {
		status = told_worker_next(agent->vault, agent->arena, after, &row);
		after = row.id;
		if (status == TOLD_OK)
			told_json_add(list, worker_json(&row));
	}
	if (status == TOLD_E_NOT_FOUND)
		status = TOLD_OK;
	if (status == TOLD_OK)
		reply->json = json_pack("{s:O}", "workers", list);
	json_decref(list);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}
