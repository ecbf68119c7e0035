/* SPDX-License-Identifier: Apache-2.0 */
/* The contact names those of the agency's workers who work with the alleged perpetrator or the household, before a
 * conference's content is opened. Who is named sees nothing from the next call on. Taking it back needs two. */
#include "agents/agent/core/sight.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/conference.h"
#include "agents/agent/work/contact.h"
#include "broker/decide/codes.h"

#include <string.h>

struct naming {
	struct told_request r;
	const struct told_caller *caller;
	struct told_sight_book book;
	uint64_t now_ms;
};

/* The contact and the deputy name; a senior or coordinator may be the second who ends it. */
static void judge(struct naming *n, bool second)
{
	bool is = second && told_may_manage(n->caller->roles);
	enum told_status status = n->r.status;
	if (status == TOLD_OK && !is)
		status = told_contact_is(n->r.agent, n->caller->number, &is);
	if (status != TOLD_OK)
		told_request_refuse(&n->r, status, "Who our contact is cannot be read.");
	else if (!is)
		told_request_refuse(&n->r, TOLD_E_NOT_ALLOWED,
				    "Our contact for conferences and the deputy name workers. told contact ls says who "
				    "they are.");
}

static enum told_status begin(struct naming *n, bool second)
{
	struct told_meeting meeting = {.book = NULL};
	struct told_agent *agent = n->r.agent;
	n->now_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
	judge(n, second);
	enum told_status status = n->r.status == TOLD_OK ? told_meeting_named(&n->r, n->caller, &meeting) : n->r.status;
	if (status == TOLD_OK)
		status = told_sight_open(agent, meeting.id, meeting.client, &n->book);
	told_meeting_drop(&meeting);
	return status;
}

/* "W1" of a member's list, live or not: who left may come back. */
static enum told_status name_one(struct naming *n, struct told_bytes worker, enum told_sight_for why)
{
	struct told_worker_row row;
	struct told_caller who;
	enum told_status status = told_worker_by_number(n->r.agent->vault, n->r.agent->arena, worker, &row);
	if (status == TOLD_E_NOT_FOUND)
		told_request_refuse(&n->r, status,
				    "No worker of ours has one of these numbers. told worker ls shows them.");
	if (status != TOLD_OK)
		return status;
	told_worker_caller(&row, &who);
	struct told_naming how = {who.number, n->caller->number, n->now_ms};
	status = told_sight_name(n->book.book, why, &how);
	return status == TOLD_E_EXISTS ? TOLD_OK : status;
}

static enum told_status name_all(struct naming *n)
{
	static const enum told_sight_for kinds[] = {TOLD_SIGHT_ALLEGED, TOLD_SIGHT_HOUSEHOLD};
	enum told_status status = told_sight_declare(n->book.book, n->caller->number, n->now_ms);
	if (status == TOLD_OK)
		status = told_sight_look(n->book.book, n->caller->number, n->now_ms);
	for (size_t k = 0; k < 2 && status == TOLD_OK; k++) {
		struct told_bytes_list list = told_request_texts(&n->r, told_sight_word(kinds[k]));
		for (size_t i = 0; i < list.count && status == TOLD_OK; i++)
			status = name_one(n, list.items[i], kinds[k]);
	}
	return status == TOLD_OK ? n->r.status : status;
}

/* Who spoke for us as the chair and is named now: somebody else has to take the chair (PTY-07). */
static json_t *chairs(struct naming *n)
{
	struct told_outbox_row row;
	json_t *list = json_array();
	uint64_t after = 0;
	while (told_outbox_next(n->r.agent->vault, n->r.agent->arena, TOLD_OUTBOX_OF_CLIENT, n->book.client, after,
				&row) == TOLD_OK) {
		char author[TOLD_NAME_MAX_BYTES + 1];
		snprintf(author, sizeof author, "%.*s", (int)row.author.len, (const char *)row.author.data);
		bool chair = row.type >= TOLD_TYPE_CONF_CALL && row.type <= TOLD_TYPE_CONF_ACTION &&
			     row.type != TOLD_TYPE_CONF_CONTRIB;
		after = row.seq;
		if (chair && json_array_size(list) == 0 && told_sight_hides(n->book.book, author))
			told_json_add(list,
				      json_pack("{s:s, s:o}", "worker", author, "code", told_code_json(TOLD_PTY_07)));
	}
	return list;
}

static json_t *reply_json(struct naming *n)
{
	json_t *named = json_object_get(n->book.book, "named");
	return json_pack("{s:o, s:O*, s:o, s:o}", "conference", told_id_json(n->book.conference), "declared",
			 json_object_get(n->book.book, "declared"), "named",
			 named != NULL ? json_incref(named) : json_array(), "chairs", chairs(n));
}

/* From the next call on, of whoever, also of those who wait for an answer now. */
static enum told_status finish(struct naming *n, enum told_status status, struct told_reply *reply)
{
	if (status == TOLD_OK)
		status = told_sight_save(n->r.agent, &n->book);
	if (status == TOLD_OK && reply->json == NULL)
		reply->json = reply_json(n);
	json_decref(n->book.book);
	n->r.agent->sight_stale = true;
	return told_call_end(n->r.agent, status, reply);
}

enum told_status told_agent_sight_name(struct told_agent *agent, const struct told_caller *caller,
				       const json_t *request, struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct naming n = {.r = told_request_open(agent, request, "conference alleged household none same", reply),
			   .caller = caller};
	bool none = told_request_flag(&n.r, "none") == TOLD_YES_NO_YES;
	bool same = told_request_flag(&n.r, "same") == TOLD_YES_NO_YES;
	size_t named = json_array_size(json_object_get(request, "alleged")) +
		       json_array_size(json_object_get(request, "household"));
	if (n.r.status == TOLD_OK && (named > 0) + none + same != 1)
		told_request_refuse(
			&n.r, TOLD_E_USAGE,
			"Name your workers for the alleged perpetrator (--alleged) and for the household "
			"(--household), say that there are none (--none), or that they are still right (--same).");
	status = begin(&n, false);
	if (status == TOLD_OK && same && !told_sight_declared(n.book.book))
		told_request_refuse(&n.r, TOLD_E_USAGE, "Nobody was asked yet: name them, or say --none.");
	if (status == TOLD_OK)
		status = n.r.status;
	if (status == TOLD_OK)
		status = name_all(&n);
	return finish(&n, status, reply);
}

enum told_status told_agent_sight_unname(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	bool ended = false;
	struct told_caller whom = {.number = ""};
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct naming n = {.r = told_request_open(agent, request, "conference worker", reply), .caller = caller};
	struct told_bytes worker = told_request_text(&n.r, "worker", true);
	snprintf(whom.number, sizeof whom.number, "%.*s", (int)worker.len, (const char *)worker.data);
	status = begin(&n, true);
	struct told_naming how = {whom.number, caller->number, n.now_ms};
	if (status == TOLD_OK)
		status = told_sight_unname(n.book.book, &how, &ended);
	if (status == TOLD_E_NOT_ALLOWED && reply->why.len == 0)
		told_buf_put_text(&reply->why, "It takes a second person, other than the one who asked and the worker "
					       "themselves: the deputy, or a senior.");
	if (status == TOLD_E_NOT_FOUND && reply->why.len == 0)
		told_buf_put_text(&reply->why, "This worker is not named here. told conference names shows who is.");
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:s, s:s}", "conference", told_id_json(n.book.conference), "worker",
					whom.number, "state", ended ? "ended" : "asked");
	return finish(&n, status, reply);
}

enum told_status told_agent_sight_names(struct told_agent *agent, const struct told_caller *caller,
					const json_t *request, struct told_reply *reply)
{
	told_arena_reset(agent->arena);
	struct naming n = {.r = told_request_open(agent, request, "conference", reply), .caller = caller};
	enum told_status status = begin(&n, false);
	if (status == TOLD_OK)
		reply->json = reply_json(&n);
	json_decref(n.book.book);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}
