/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of permission say and look at: a person with a story at HOU, permissions in a line, what an agency
 * sees of her. A real broker process with the test's clock; four agents. */
#ifndef TOLD_TEST_CONSENT_WORLD_H
#define TOLD_TEST_CONSENT_WORLD_H

#include "agent/world.h"
#include "flow/shifted_clock.h"

#include <stdarg.h>

#define CONSENT_NOW_MS INT64_C(1793606400000) /* 2026-11-02 08:00 UTC: inside the agreement, far from its ends */

static inline void consent_open(struct world *w)
{
	shifted_clock_make(CONSENT_NOW_MS);
	assert_int_equal(setenv("TOLD_TEST_BROKER", "../tests/told-broker-shifted", 1), 0);
	world_open(w);
}

/* Days pass; agents turn until each has its session again. */
static inline bool consent_connected(struct world *w, void *ctx)
{
	(void)ctx;
	for (size_t i = 0; i < WORLD_AGENTS; i++) {
		struct world_agent *a = &w->agents[i];
		struct told_reply reply = TOLD_REPLY;
		if (a->agent == NULL)
			continue;
		assert_int_equal(told_agent_doctor(a->agent, &a->caller, NULL, &reply), TOLD_OK);
		const json_t *first = json_array_get(json_object_get(reply.json, "checks"), 0);
		bool ready = json_is_true(json_object_get(first, "ok"));
		told_reply_free(&reply);
		if (!ready)
			return false;
	}
	return true;
}

static inline void consent_days(struct world *w, int64_t days)
{
	shifted_clock_pass(days * TOLD_MS_DAY);
	for (size_t i = 0; i < 20; i++)
		world_turns(w); /* whoever fell silent notices it */
	world_until(w, consent_connected, NULL, "every agent connected again");
}

static inline void consent_off(struct world *w, const char *party)
{
	struct world_agent *a = world_agent(w, party);
	told_agent_close(a->agent);
	a->agent = NULL;
}

static inline void consent_on(struct world *w, const char *party)
{
	world_open_agent(world_agent(w, party));
}

/* A person whose story HOU was told. */
struct person {
	char client[64], words[128];
};

static inline struct person consent_person(struct world *w)
{
	struct person p;
	json_t *card = world_call(w, "HOU", told_agent_card_new, json_object());
	snprintf(p.client, sizeof p.client, "%s", json_string_value(json_object_get(card, "client")));
	snprintf(p.words, sizeof p.words, "%s", json_string_value(json_object_get(card, "words")));
	world_call(w, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s},{s:s,s:s}]}", "client", p.client, "sections", "category",
			     "DEM.ID", "text", "Ada, 41", "category", "HOU.SIT", "text", "Sleeping on a sofa",
			     "category", "HOU.SUP", "text", "Needs a hand with forms"));
	return p;
}

/* A permission as JSON: recipients and categories separated by commas; purposes are REFERRAL and COORD. */
static inline json_t *consent_list(const char *text)
{
	json_t *list = json_array();
	while (*text != '\0') {
		size_t len = strcspn(text, ",");
		assert_int_equal(json_array_append_new(list, json_stringn(text, len)), 0);
		text += len + (text[len] == ',');
	}
	return list;
}

static inline json_t *consent_ask(const struct person *p, const char *to, const char *what)
{
	return json_pack("{s:s, s:o, s:[s,s], s:o, s:s}", "client", p->client, "recipients", consent_list(to),
			 "purposes", "REFERRAL", "COORD", "include", consent_list(what), "evidence", "signature");
}

static inline json_t *consent_with(json_t *request, const char *member, const char *value)
{
	assert_int_equal(json_object_set_new(request, member, json_string(value)), 0);
	return request;
}

static inline const char *consent_state(const json_t *reply, size_t message)
{
	const char *text = json_string_value(
		json_object_get(json_array_get(json_object_get(reply, "messages"), message), "state"));
	return text == NULL ? "" : text;
}

/* Records it and gives its number. */
static inline void consent_record(struct world *w, const char *party, json_t *request, char id[40])
{
	json_t *reply = world_call(w, party, told_agent_consent, request);
	assert_string_equal(consent_state(reply, 0), "sent");
	snprintf(id, 40, "%s", json_string_value(json_object_get(reply, "consent")));
}

static inline bool consent_has_code(const json_t *list, const char *code)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *its = json_string_value(json_object_get(json_array_get(list, i), "code"));
		if (its != NULL && strcmp(its, code) == 0)
			return true;
	}
	return false;
}

/* HOU tells a service how she lives now; gives the state. code, where not NULL, must be among the reasons. */
static inline const char *consent_update(struct world *w, const struct person *p, const char *to, const char *what,
					 const char *code)
{
	json_t *reply = world_call(
		w, "HOU", told_agent_update,
		json_pack("{s:s, s:s, s:o}", "client", p->client, "to", to, "categories", consent_list(what)));
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	bool has = code == NULL || consent_has_code(json_object_get(message, "codes"), code);
	if (!has) {
		char *dump = json_dumps(reply, JSON_INDENT(1));
		print_error("%s is missing:\n%s\n", code, dump);
		free(dump);
	}
	assert_true(has);
	return consent_state(reply, 0);
}

struct party_and_person {
	const char *party, *client;
};

/* Whether an agency has heard of any permission of hers: its own ruling rests on what it has heard. */
static inline bool consent_known_there(struct world *w, void *ctx)
{
	const struct party_and_person *pair = ctx;
	json_t *reply = world_call(w, pair->party, told_agent_consents, json_pack("{s:s}", "client", pair->client));
	return json_array_size(json_object_get(reply, "consents")) > 0;
}

static inline void consent_until_known(struct world *w, const char *party, const struct person *p)
{
	struct party_and_person pair = {party, p->client};
	world_until(w, consent_known_there, &pair, "a permission to be known there");
}

/* Whether an agency shows a category of hers, now or within the wait. */
struct sight {
	const char *party, *client, *category;
	bool wanted;
};

static inline bool consent_sees_now(struct world *w, void *ctx)
{
	const struct sight *s = ctx;
	struct world_agent *a = world_agent(w, s->party);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", s->client);
	enum told_status status = told_agent_story(a->agent, &a->caller, request, &reply);
	json_decref(request);
	bool seen = false;
	const json_t *list = json_object_get(reply.json, "sections");
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(list); i++)
		seen |= strcmp(json_string_value(json_object_get(json_array_get(list, i), "category")), s->category) ==
			0;
	told_reply_free(&reply);
	return seen == s->wanted;
}

static inline void consent_until_sees(struct world *w, const char *party, const struct person *p, const char *category,
				      bool wanted)
{
	struct sight s = {party, p->client, category, wanted};
	world_until(w, consent_sees_now, &s, wanted ? "a section to come" : "a section to go");
}

/* What an ask of theirs brings within a second or two: the names of the categories, or "". */
static inline size_t consent_asks(struct world *w, const char *party, const struct person *p)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	bool final = false;
	json_t *request = json_pack("{s:s, s:s}", "client", p->client, "purpose", "COORD");
	assert_int_equal(told_agent_ask(a->agent, &a->caller, request, &reply), TOLD_OK);
	json_decref(request);
	for (size_t i = 0; i < 40; i++) {
		world_turns(w);
		assert_int_equal(told_agent_outcome(a->agent, reply.ticket, &reply, &final), TOLD_OK);
	}
	size_t count = json_array_size(json_object_get(reply.json, "received"));
	told_reply_free(&reply);
	return count;
}

/* Calls, expects this status, and gives the words of the refusal (static). */
static inline const char *consent_refused(struct world *w, const char *party, told_agent_call *call, json_t *request,
					  enum told_status expected)
{
	static char why[1024];
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	assert_int_equal(call(a->agent, &a->caller, request, &reply), expected);
	snprintf(why, sizeof why, "%s", told_buf_cstr(&reply.why));
	json_decref(request);
	told_reply_free(&reply);
	return why;
}

#endif
