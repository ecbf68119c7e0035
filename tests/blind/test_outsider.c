/* SPDX-License-Identifier: Apache-2.0 */
/* A worker whom the person excluded, and one of another team than the referral is for, do everything that can be done
 * about that person, and the same about somebody whom nobody knows: each answer is the same, and so is all that they
 * see afterwards. References, numbers and times are left out, their form is not. */
#include "agent/world.h"
#include "blind/numbers.h"

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

static struct world world;
static struct told_caller outsider;
static char known[64], theirs[64], referral[64], stranger[64], nowhere[64] = "0192f0c1a2b37c4d8e5f60718293a4b5";

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

/* ---- who is known ---- */

static void card(const char *party, char out[64])
{
	snprintf(out, 64, "%s", text(world_call(&world, party, told_agent_card_new, json_object()), "client"));
}

static void tell(const char *party, const char *who, const char *category)
{
	world_call(&world, party, told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s}]}", "client", who, "sections", "category", category, "text", "Words"));
}

static void permits(const char *party, const char *who, const char *to)
{
	world_call(&world, party, told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s,s], s:[s,s,s], s:s}", "client", who, "recipients", to, "purposes",
			     "REFERRAL", "COORD", "include", "DEM.ID", "NED", "PLN", "evidence", "signature"));
}

/* Ours, with a story, a permission, a plan, a team and a note; and does not want that worker to look. */
static void make_known(void)
{
	card("TT", known);
	tell("TT", known, "DEM.ID");
	permits("TT", known, "HOU");
	world_call(&world, "TT", told_agent_plan_add,
		   json_pack("{s:s, s:s, s:s}", "client", known, "goal", "Sleep", "what", "Ring"));
	world_call(&world, "TT", told_agent_team_add,
		   json_pack("{s:s, s:s}", "client", known, "worker", world_agent(&world, "TT")->caller.number));
	world_call(&world, "TT", told_agent_note_add, json_pack("{s:s, s:s}", "client", known, "text", "Came"));
	world_call(&world, "TT", told_agent_need,
		   json_pack("{s:s, s:s, s:i}", "client", known, "need", "find-home", "person", 3));
	world_call(&world, "TT", told_agent_flag,
		   json_pack("{s:s, s:s, s:s}", "client", known, "kind", "worker_excluded", "worker", outsider.number));
}

static bool has_come(struct world *w, void *ctx)
{
	(void)w, (void)ctx;
	json_t *list = json_object_get(world_call(&world, "TT", told_agent_referrals, json_object()), "referrals"),
	       *one;
	size_t i = 0;
	json_array_foreach(list, i, one) if (strcmp(text(one, "referral"), referral) == 0) return true;
	return false;
}

/* Known here by a referral for one team alone, who have begun with them. */
static void make_theirs(void)
{
	card("HOU", theirs);
	tell("HOU", theirs, "DEM.ID");
	permits("HOU", theirs, "TT");
	json_t *sent = world_call(
		&world, "HOU", told_agent_refer,
		json_pack("{s:s, s:s, s:s, s:s}", "client", theirs, "to", "TT", "team", "front", "note", "Mornings"));
	snprintf(referral, sizeof referral, "%s", text(sent, "referral"));
	world_until(&world, has_come, NULL, "the referral with its team");
	world_call(&world, "TT", told_agent_team_promise, json_pack("{s:s, s:s}", "client", theirs, "what", "I ring"));
}

/* ---- asking ---- */

static char *filled(const char *request, const char *who, const char *what)
{
	static const char *const marks[] = {"'", "$V", "$P", "$C", "$R", "$W", "$F"};
	char review[32];
	const char *first = world_agent(&world, "TT")->caller.number,
		   *with[] = {"\"", who, who, what, review, outsider.number, first};
	char *all = put_numbers(strdup(request), what);
	snprintf(review, sizeof review, "%lld", (long long)(world_time().wall_ms + 30 * TOLD_MS_DAY));
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		all = put_for(all, marks[i], with[i]);
	return all;
}

/* Each number, in whatever form, is one sign. */
static char *plain(char *dump, const char *who)
{
	struct told_buf named = TOLD_BUF(1u << 20);
	world_replace(&named, dump, who, "CLIENT");
	free(dump);
	char *out = strdup(told_buf_cstr(&named)), *to = out;
	told_buf_free(&named);
	for (const char *at = out; *at != '\0';) {
		size_t hex = strspn(at, "0123456789abcdef"), digits = strspn(at, "0123456789");
		size_t card = strspn(at, "0123456789ABCDEFGHJKMNPQRSTUVWXYZ*~$=-");
		bool is_card = card >= 9 && memchr(at, '-', card) != NULL;
		size_t drawn = is_card ? card : hex >= 24 ? hex : digits;
		*to++ = drawn > 0 ? '#' : *at;
		at += drawn > 0 ? drawn : 1;
	}
	*to = '\0';
	return out;
}

/* What the calls of the API's own ask the agent. */
static told_agent_call *what_it_asks(const struct told_route *route)
{
	if (route->own == NULL)
		return route->call;
	if (strncmp(route->path, "/v1/intake", 10) == 0)
		return told_agent_story;
	return strncmp(route->path, "/v1/usage", 9) == 0 ? told_agent_statement : told_agent_tell;
}

static char *ask(const struct asked_call *call, const char *who, const char *what)
{
	struct told_agent *agent = world_agent(&world, "TT")->agent;
	const struct told_route *route = NULL;
	struct told_reply reply = TOLD_REPLY;
	char *request_text = filled(call->request, who, what), *all = NULL;
	json_t *request = json_loads(request_text, 0, NULL);
	free(request_text);
	assert_non_null(request);
	for (size_t i = 0; (route = told_route_at(i)) != NULL; i++)
		if (strcmp(route->method, call->method) == 0 && strcmp(route->path, call->path) == 0)
			break;
	assert_non_null(route);
	if (route->state != NULL)
		json_object_set_new(request, "state", json_string(route->state));
	told_agent_call *run = what_it_asks(route);
	if (run == told_agent_story)
		json_object_del(request, "answers");
	assert_int_equal(told_agent_as(agent, &outsider), TOLD_OK);
	enum told_status status = run(agent, &outsider, request, &reply);
	json_t *shown = reply.json != NULL ? json_incref(reply.json) : json_object();
	assert_int_equal(told_agent_attention(agent, &outsider, request, shown), TOLD_OK);
	assert_int_equal(told_agent_as(agent, NULL), TOLD_OK);
	json_object_del(shown, "words"); /* of a new card: drawn */
	char *dump = json_dumps(shown, JSON_SORT_KEYS | JSON_INDENT(1));
	assert_true(asprintf(&all, "%s %s\n%s", told_status_name(status), told_buf_cstr(&reply.why), dump) > 0);
	free(dump);
	json_decref(shown);
	json_decref(request);
	told_reply_free(&reply);
	return plain(all, who);
}

/* A call that is about one person, by reference or by something of theirs. */
static bool is_of_one(const struct asked_call *call, bool writes)
{
	if (call->request == NULL)
		return false;
	char *any = put_numbers(strdup(call->request), "$C");
	bool about = strstr(any, "$V") || strstr(any, "$C");
	free(any);
	return about && (strcmp(call->method, "GET") != 0) == writes;
}

static size_t compare(const char *who, const char *what, bool writes)
{
	size_t told = 0, asked = 0;
	for (size_t i = 0; i < CALLS; i++) {
		if (!is_of_one(&calls[i], writes))
			continue;
		char *with = ask(&calls[i], who, what), *without = ask(&calls[i], stranger, nowhere);
		if (strcmp(with, without) != 0) {
			fprintf(stderr, "%s %s tells:\n--- of whom we know\n%s\n--- of whom nobody knows\n%s\n",
				calls[i].method, calls[i].path, with, without);
			told++;
		}
		asked++;
		free(with);
		free(without);
	}
	print_message("%zu calls that %s, asked of both\n", asked, writes ? "write" : "read");
	assert_true(asked > 10);
	return told;
}

/* Writing, and then looking at what came of it. */
static void learns_nothing(const char *who, const char *what)
{
	card("HOU", stranger); /* of whom nobody has told anything */
	assert_int_equal(compare(who, what, true), 0);
	assert_int_equal(compare(who, what, false), 0);
	assert_int_equal(compare(who, what, true), 0);
}

static void an_excluded_worker_learns_nothing_by_writing(void **state)
{
	(void)state;
	learns_nothing(known, nowhere);
}

static void a_worker_of_another_team_learns_nothing_by_writing(void **state)
{
	(void)state;
	learns_nothing(theirs, referral);
}

/* Whoever may see still sees all that was there. */
static void what_was_there_is_as_it_was(void **state)
{
	(void)state;
	const json_t *plans = world_call(&world, "TT", told_agent_plan, json_pack("{s:s}", "client", known));
	char *dump = json_dumps(plans, 0);
	assert_non_null(strstr(dump, "Sleep"));
	free(dump);
	const json_t *team = world_call(&world, "TT", told_agent_team, json_pack("{s:s}", "client", theirs));
	dump = json_dumps(team, 0);
	assert_non_null(strstr(dump, "I ring"));
	free(dump);
}

static int open_world(void **state)
{
	*state = &world;
	world_open(&world);
	json_t *made = world_call(&world, "TT", told_agent_worker_add,
				  json_pack("{s:[s,s,s]}", "roles", "practitioner", "senior", "dpo"));
	assert_int_equal(told_agent_caller(world_agent(&world, "TT")->agent, told_text(text(made, "token")), &outsider),
			 TOLD_OK);
	make_known();
	make_theirs();
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_excluded_worker_learns_nothing_by_writing),
		cmocka_unit_test(a_worker_of_another_team_learns_nothing_by_writing),
		cmocka_unit_test(what_was_there_is_as_it_was),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
