/* SPDX-License-Identifier: Apache-2.0 */
/* A worker who is named for the alleged perpetrator of a conference asks everything that can be asked. Each answer is
 * compared, byte for byte, with that of a twin of the agency in which the conference does not exist: status, words and
 * every field. Numbers that are drawn or counted by the log alike for everybody are left out, their length is not. */
#include "agent/meeting.h"

#include "agents/agent/core/state.h"
#include "agents/api/route.h"

static const struct asked_call {
	const char *method, *path, *request, *why;
} calls[] = {
#define X(method, path, request, why) {method, path, request, why},
#include "blind/calls.h"
#undef X
};
#define CALLS (sizeof calls / sizeof calls[0])

static char *answers[2][2 * CALLS]; /* of two rounds: after the first, the worker has written about her */
static struct world world;
static struct told_caller contact, named;
static char own_client[64];

/* ---- the table ---- */

static bool is_asked(const struct told_route *route)
{
	for (size_t i = 0; i < CALLS; i++)
		if (strcmp(calls[i].method, route->method) == 0 && strcmp(calls[i].path, route->path) == 0)
			return true;
	print_error("%s %s: say in tests/blind/calls.h what it asks about somebody hidden\n", route->method,
		    route->path);
	return false;
}

static void every_call_of_the_agent_is_asked_or_says_why_not(void **state)
{
	const struct told_route *route;
	bool all = true;
	(void)state;
	for (size_t i = 0; (route = told_route_at(i)) != NULL; i++)
		all &= is_asked(route);
	assert_true(all);
	for (size_t i = 0; i < CALLS; i++)
		assert_true((calls[i].request == NULL) == (calls[i].why[0] != '\0'));
}

/* ---- two worlds ---- */

static struct told_caller adds(const char *roles)
{
	struct told_caller caller;
	struct world_agent *a = world_agent(&world, "TT");
	json_t *request = json_pack("{s:o}", "roles", json_loads(roles, 0, NULL));
	json_t *made = world_call(&world, "TT", told_agent_worker_add, request);
	assert_int_equal(told_agent_caller(a->agent, told_text(text(made, "token")), &caller), TOLD_OK);
	return caller;
}

static void as_contact(told_agent_call *call, json_t *request)
{
	struct world_agent *a = world_agent(&world, "TT");
	struct told_caller first = a->caller;
	a->caller = contact;
	world_call(&world, "TT", call, request);
	a->caller = first;
}

static void tells(const char *party, const char *who, const char *category, const char *words)
{
	world_call(&world, party, told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s}]}", "client", who, "sections", "category", category, "text", words));
}

static json_t *worker_sees(told_agent_call *call)
{
	struct world_agent *a = world_agent(&world, "TT");
	struct told_caller first = a->caller;
	a->caller = named;
	json_t *json = world_call(&world, "TT", call, json_object());
	a->caller = first;
	return json;
}

/* Talking Therapies works with him; housing calls a conference about her, and asks them to it. */
static void build(bool with_conference)
{
	world_open(&world);
	contact = adds("[\"practitioner\"]");
	named = adds("[\"practitioner\", \"senior\", \"dpo\"]");
	json_t *card = world_call(&world, "HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", text(card, "client"));
	card = world_call(&world, "TT", told_agent_card_new, json_object());
	snprintf(own_client, sizeof own_client, "%s", text(card, "client"));
	tells("HOU", client, "DEM.ID", "Ada");
	tells("TT", own_client, "DEM.ID", "Bert");
	world_call(&world, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s], s:[s,s,s], s:s}", "client", client, "recipients", "TT", "purposes",
			     "MDT", "include", "DEM.ID", "NED", "PLN", "evidence", "signature"));
	world_call(&world, "TT", told_agent_contact_name, json_pack("{s:s}", "worker", contact.number));
	snprintf(meeting, sizeof meeting, "0192f0c1a2b37c4d8e5f60718293a4b5");
	if (!with_conference)
		return;
	json_t *reply = world_call(&world, "HOU", told_agent_conference_call,
				   json_pack("{s:s, s:s, s:[s], s:s}", "client", client, "kind", "mdt", "to", "TT",
					     "grounds", "He is looking for her"));
	snprintf(meeting, sizeof meeting, "%s", text(reply, "conference"));
	act(&world, "HOU", asked("list"), 1);
	until(&world, "TT", "state", "listed");
	act(&world, "TT", asked("known"), 1);
	assert_true(says(worker_sees(told_agent_conferences), meeting)); /* until now */
	as_contact(told_agent_incident_open, json_pack("{s:s, s:s}", "kind", "wrong-person", "client", client));
	as_contact(told_agent_sight_name, json_pack("{s:s, s:[s]}", "conference", meeting, "alleged", named.number));
}

/* ---- asking ---- */

static char *filled(const char *request)
{
	static const char *const marks[] = {"'", "$V", "$P", "$C", "$R"};
	char review[32];
	const char *with[] = {"\"", client, own_client, meeting, review};
	char *all = strdup(request);
	snprintf(review, sizeof review, "%lld", (long long)(world_time().wall_ms + 30 * TOLD_MS_DAY));
	for (size_t i = 0; i < 5; i++) {
		struct told_buf out = TOLD_BUF(65536);
		world_replace(&out, all, marks[i], with[i]);
		free(all);
		all = strdup(told_buf_cstr(&out));
		told_buf_free(&out);
	}
	return all;
}

/* Drawn at random, or counted by the log over everybody: only how long they are says something. */
static bool is_drawn(const char *name)
{
	static const char *const drawn[] = {"id",       "message",     "deposit",   "entry",  "fingerprint",
					    "identity", "session_key", "number",    "worker", "by",
					    "known",    "ticket",      "n",         "parcel", "consent",
					    "file",     "conference",  "reference", "as_of",  "statement"};
	size_t len = strlen(name);
	if (len > 3 && strcmp(name + len - 3, "_ms") == 0)
		return true;
	for (size_t i = 0; i < sizeof drawn / sizeof drawn[0]; i++)
		if (strcmp(name, drawn[i]) == 0)
			return true;
	return false;
}

/* A number of something, or a reference on a card that is neither of the two. */
static bool is_number(const char *value)
{
	size_t len = strlen(value), hex = strspn(value, "0123456789abcdef");
	bool card =
		len > 30 && strcspn(value, "-") == 5 && strspn(value, "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U-") == len;
	bool person = strcmp(value, client) == 0 || strcmp(value, own_client) == 0 || strcmp(value, meeting) == 0;
	return !person && (card || (hex == len && (len == 32 || len == 64)));
}

static json_t *masked(const json_t *value, const char *name)
{
	const char *key = NULL;
	json_t *one = NULL;
	size_t i = 0;
	if (json_is_object(value)) {
		json_t *out = json_object();
		json_object_foreach((json_t *)(uintptr_t)value, key, one)
			json_object_set_new(out, key, masked(one, key));
		return out;
	}
	if (json_is_array(value)) {
		json_t *out = json_array();
		json_array_foreach(value, i, one) json_array_append_new(out, masked(one, name));
		return out;
	}
	if (is_drawn(name) && json_is_integer(value))
		return json_integer(0);
	if (json_is_string(value) && (is_drawn(name) || is_number(json_string_value(value)))) {
		char *same = strdup(json_string_value(value));
		memset(same, '*', strlen(same));
		json_t *out = json_string(same);
		free(same);
		return out;
	}
	return json_deep_copy(value);
}

/* The minute of an answer: 2026-11-22T12:00Z. */
static void without_minutes(char *dump)
{
	for (char *at = dump; (at = strstr(at, "-")) != NULL; at++)
		if (at - dump >= 4 && strlen(at) > 12 && at[6] == 'T' && at[9] == ':' && at[12] == 'Z')
			memset(at - 4, '*', 16);
}

/* References and numbers that stand in words: the persons by who they are, any other by its length. */
static char *plain(char *dump)
{
	without_minutes(dump);
	const char *persons[] = {client, own_client, meeting}, *as[] = {"HER", "HIM", "THERE"};
	for (size_t i = 0; i < 3; i++) {
		struct told_buf out = TOLD_BUF(4u << 20);
		world_replace(&out, dump, persons[i], as[i]);
		free(dump);
		dump = strdup(told_buf_cstr(&out));
		told_buf_free(&out);
	}
	return dump;
}

/* What the calls of the API's own ask the agent. */
static told_agent_call *what_it_asks(const struct told_route *route)
{
	static const struct {
		const char *begins;
		told_agent_call *call;
	} own[] = {
		{"/v1/intake", told_agent_story}, {"/v1/usage", told_agent_statement}, {"/v1/story", told_agent_tell}};
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		if (route->own != NULL && strncmp(route->path, own[i].begins, strlen(own[i].begins)) == 0)
			return own[i].call;
	return route->call;
}

static char *ask(const struct asked_call *call)
{
	struct world_agent *a = world_agent(&world, "TT");
	const struct told_route *route = NULL;
	struct told_reply reply = TOLD_REPLY;
	char *text_of = filled(call->request), *all = NULL;
	json_t *request = json_loads(text_of, 0, NULL);
	free(text_of);
	assert_non_null(request);
	for (size_t i = 0; (route = told_route_at(i)) != NULL; i++)
		if (strcmp(route->method, call->method) == 0 && strcmp(route->path, call->path) == 0)
			break;
	if (route->state != NULL)
		json_object_set_new(request, "state", json_string(route->state));
	told_agent_call *run = what_it_asks(route);
	if (run == told_agent_story)
		json_object_del(request, "answers");
	assert_int_equal(told_agent_as(a->agent, &named), TOLD_OK);
	enum told_status status = run(a->agent, &named, request, &reply);
	json_t *shown = reply.json != NULL ? json_incref(reply.json) : json_object();
	assert_int_equal(told_agent_attention(a->agent, &named, request, shown), TOLD_OK);
	assert_int_equal(told_agent_as(a->agent, NULL), TOLD_OK);
	if (strstr(route->path, "/v1/cards") != NULL) /* four words, drawn */
		json_object_del(shown, "words");
	json_t *masks = masked(shown, "");
	char *dump = json_dumps(masks, JSON_SORT_KEYS | JSON_INDENT(1));
	assert_true(asprintf(&all, "%s %s\n%s", told_status_name(status), told_buf_cstr(&reply.why), dump) > 0);
	free(dump);
	json_decref(masks);
	json_decref(shown);
	json_decref(request);
	told_reply_free(&reply);
	return plain(all);
}

static void ask_all(char *out[2 * CALLS])
{
	for (size_t i = 0; i < 2 * CALLS; i++) {
		const struct asked_call *call = &calls[i % CALLS];
		bool again = i >= CALLS && strcmp(call->method, "GET") != 0;
		out[i] = call->request == NULL || again ? NULL : ask(call);
	}
}

static size_t compare(void)
{
	size_t told = 0;
	for (size_t i = 0; i < 2 * CALLS; i++) {
		const struct asked_call *call = &calls[i % CALLS];
		if (answers[0][i] != NULL && strcmp(answers[0][i], answers[1][i]) != 0) {
			fprintf(stderr, "%s %s tells:\n--- with\n%s\n--- without\n%s\n", call->method, call->path,
				answers[0][i], answers[1][i]);
			told++;
		}
		free(answers[0][i]);
		free(answers[1][i]);
	}
	return told;
}

static size_t answered(void)
{
	size_t n = 0;
	for (size_t i = 0; i < CALLS; i++)
		n += answers[0][i] != NULL && strncmp(answers[0][i], "OK", 2) == 0;
	return n;
}

/* How many entries of the broker's log, about her, a worker is shown. */
static size_t entries_about_her(struct told_caller by)
{
	struct world_agent *a = world_agent(&world, "TT");
	struct told_caller first = a->caller;
	size_t i = 0, count = 0;
	const json_t *entry = NULL;
	a->caller = by;
	const json_t *reply =
		world_call(&world, "TT", told_agent_audit_view, json_pack("{s:s}", "purpose", "internal"));
	a->caller = first;
	assert_non_null(json_object_get(reply, "view"));
	json_array_foreach(json_object_get(json_object_get(reply, "view"), "entries"), i, entry) count +=
		strcmp(text(entry, "client"), client) == 0;
	return count;
}

static void a_worker_who_is_named_learns_nothing_from_any_call(void **state)
{
	(void)state;
	build(true);
	assert_true(entries_about_her(world_agent(&world, "TT")->caller) > 0);
	assert_int_equal(entries_about_her(named), 0);
	ask_all(answers[0]);
	/* Whoever is not named sees it still, with what the named worker wrote beside it. */
	json_t *seen = seen_by(&world, "TT");
	assert_non_null(seen);
	json_decref(seen);
	world_close(&world);
	build(false);
	assert_int_equal(entries_about_her(world_agent(&world, "TT")->caller) + entries_about_her(named), 0);
	ask_all(answers[1]);
	world_close(&world);
	assert_true(answered() > 30);
	assert_int_equal(compare(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_of_the_agent_is_asked_or_says_why_not),
		cmocka_unit_test(a_worker_who_is_named_learns_nothing_from_any_call),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
