/* SPDX-License-Identifier: Apache-2.0 */
/* A case conference in a test's world: saying something in it, and seeing it as one agency's worker does. */
#ifndef TOLD_TEST_AGENT_MEETING_H
#define TOLD_TEST_AGENT_MEETING_H

#include "agent/world.h"

#include "agents/agent/core/state.h"
#include "agents/agent/work/conference.h"

static char client[64] __attribute__((unused)), meeting[40];

static inline const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

/* ---- saying ---- */

static inline json_t *asked(const char *act)
{
	return json_pack("{s:s, s:s}", "conference", meeting, "act", act);
}

static inline json_t *with(json_t *request, const char *member, const char *value)
{
	json_object_set_new(request, member, json_string(value));
	return request;
}

static inline json_t *list_of(json_t *request, const char *member, const char *one)
{
	json_object_set_new(request, member, json_pack("[s]", one));
	return request;
}

static inline json_t *in_a_month(json_t *request)
{
	json_object_set_new(request, "due_ms", json_integer(world_time().wall_ms + 30 * (json_int_t)TOLD_MS_DAY));
	return request;
}

static inline json_t *part(json_t *request, const char *kind, const char *category, const char *words)
{
	json_object_set_new(request, kind, json_pack("[{s:s,s:s}]", "category", category, "text", words));
	return request;
}

static inline size_t sent(const json_t *reply, const char *state)
{
	size_t n = 0, i = 0;
	json_t *message = NULL;
	json_array_foreach(json_object_get(reply, "messages"), i, message) n +=
		strcmp(text(message, "state"), state) == 0;
	return n;
}

/* Everything that it sent was taken. */
static inline json_t *act(struct world *w, const char *party, json_t *request, size_t messages)
{
	json_t *reply = world_call(w, party, told_agent_conference_act, request);
	if (sent(reply, "sent") != messages || json_array_size(json_object_get(reply, "messages")) != messages) {
		char *dump = json_dumps(reply, JSON_INDENT(1));
		fail_msg("%s", dump);
	}
	return reply;
}

/* ---- seeing ---- */

/* As an agency's worker sees it; NULL before they know of it. The caller's. */
static inline json_t *seen_by(struct world *w, const char *party)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "conference", meeting), *json = NULL;
	if (told_agent_conference(a->agent, &a->caller, request, &reply) == TOLD_OK)
		json = json_incref(reply.json);
	json_decref(request);
	told_reply_free(&reply);
	return json;
}

struct expected {
	const char *party, *member, *value;
};

static inline bool stands(struct world *w, void *ctx)
{
	const struct expected *e = ctx;
	json_t *json = seen_by(w, e->party);
	bool is = json != NULL && strcmp(text(json, e->member), e->value) == 0;
	json_decref(json);
	return is;
}

static inline void until(struct world *w, const char *party, const char *member, const char *value)
{
	struct expected e = {party, member, value};
	world_until(w, stands, &e, "the conference to stand there");
}

static inline bool says(const json_t *json, const char *words)
{
	char *dump = json_dumps(json, 0);
	bool found = strstr(dump, words) != NULL;
	free(dump);
	return found;
}

static inline const json_t *attendee(const json_t *json, const char *party)
{
	size_t i = 0;
	json_t *one = NULL;
	json_array_foreach(json_object_get(json, "attendees"), i,
			   one) if (strcmp(text(one, "party"), party) == 0) return one;
	return NULL;
}

/* ---- time ---- */

static inline struct told_time in_forty_days(void *ctx)
{
	struct told_time now = world_time();
	(void)ctx;
	now.wall_ms += 40 * TOLD_MS_DAY;
	return now;
}

/* What this party's worker is shown of one kind, forty days on: only the clock that is looked at is ahead, nothing is
 * signed by it. The caller's. */
static inline json_t *reminded(struct world *w, const char *party, const char *what)
{
	struct world_agent *a = world_agent(w, party);
	json_t *reply = json_object(), *found = json_array(), *one = NULL;
	size_t i = 0;
	told_agent_set_clock(a->agent, (struct told_clock){.now = in_forty_days});
	assert_int_equal(told_vault_begin(a->agent->vault), TOLD_OK);
	assert_int_equal(told_meeting_sweep(a->agent), TOLD_OK);
	assert_int_equal(told_vault_commit(a->agent->vault), TOLD_OK);
	assert_int_equal(told_agent_attention(a->agent, &a->caller, NULL, reply), TOLD_OK);
	told_agent_set_clock(a->agent, told_clock_system());
	json_array_foreach(json_object_get(reply, "look_now"), i, one) if (strcmp(text(one, "what"), what) == 0)
		json_array_append(found, one);
	json_decref(reply);
	return found;
}

static inline size_t reminders(struct world *w, const char *party, const char *what)
{
	json_t *found = reminded(w, party, what);
	size_t count = json_array_size(found);
	json_decref(found);
	return count;
}

#endif
