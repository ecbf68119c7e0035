/* SPDX-License-Identifier: Apache-2.0 */
/* A worker who is named for the alleged perpetrator of a MARAC asks everything that can be asked. Each answer is
 * compared, byte for byte and in its size, with that of a world in which neither the conference nor the person is. */
#include "blind/worlds.h"

#include "agents/api/route.h"

static const struct asked_call {
	const char *method, *path, *request, *why;
} calls[] = {
#define X(method, path, request, why) {method, path, request, why},
#include "blind/calls.h"
#undef X
};
#define CALLS (sizeof calls / sizeof calls[0])

/* Of two rounds: after the first, the worker has written about her. bytes: of the answer as it is sent. */
static struct answer {
	char *text;
	size_t bytes;
} answers[2][2 * CALLS];

/* ---- the table ---- */

/* What may stand behind "?" is in one of the requests. */
static bool is_asked_with(const struct told_route *route, const char *query)
{
	char member[64];
	snprintf(member, sizeof member, "'%s':", query + strspn(query, "#!"));
	for (size_t i = 0; i < CALLS; i++)
		if (strcmp(calls[i].path, route->path) == 0 && calls[i].request != NULL &&
		    strstr(calls[i].request, member) != NULL)
			return true;
	print_error("%s %s: say in tests/blind/calls.h what it is asked with %s\n", route->method, route->path, member);
	return false;
}

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
	for (size_t i = 0; (route = told_route_at(i)) != NULL; i++) {
		all &= is_asked(route);
		for (size_t q = 0; q < TOLD_ROUTE_QUERY_MAX && route->query[q] != NULL; q++)
			all &= is_asked_with(route, route->query[q]);
	}
	assert_true(all);
	for (size_t i = 0; i < CALLS; i++)
		assert_true((calls[i].request == NULL) == (calls[i].why[0] != '\0'));
}

/* ---- asking ---- */

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

static const struct told_route *route_of(const struct asked_call *call)
{
	const struct told_route *route = NULL;
	for (size_t i = 0; (route = told_route_at(i)) != NULL; i++)
		if (strcmp(route->method, call->method) == 0 && strcmp(route->path, call->path) == 0)
			break;
	return route;
}

static json_t *request_of(const struct asked_call *call, const struct told_route *route)
{
	char *text_of = filled(call->request);
	json_t *request = json_loads(text_of, 0, NULL);
	free(text_of);
	assert_non_null(request);
	if (route->state != NULL)
		json_object_set_new(request, "state", json_string(route->state));
	if (what_it_asks(route) == told_agent_story)
		json_object_del(request, "answers");
	return request;
}

/* Digits of numbers that the log counts say how much all agencies wrote: no size is laid on them. */
static size_t bytes_of(const json_t *shown, const char *why)
{
	json_t *masks_of = masked(shown, "");
	char *dump = json_dumps(masks_of, JSON_COMPACT);
	size_t bytes = strlen(dump) + strlen(why);
	free(dump);
	json_decref(masks_of);
	return bytes;
}

static struct answer laid_down(struct told_reply *reply, enum told_status status, const json_t *shown)
{
	struct answer answer = {.bytes = bytes_of(shown, told_buf_cstr(&reply->why))};
	json_t *masks_of = masked(shown, "");
	char *dump = json_dumps(masks_of, JSON_SORT_KEYS | JSON_INDENT(1)), *all = NULL;
	assert_true(asprintf(&all, "%s %s\n%s", told_status_name(status), told_buf_cstr(&reply->why), dump) > 0);
	free(dump);
	json_decref(masks_of);
	answer.text = plain(all);
	return answer;
}

static struct answer ask(const struct asked_call *call)
{
	struct world_agent *a = world_agent(&world, "TT");
	const struct told_route *route = route_of(call);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = request_of(call, route);
	assert_int_equal(told_agent_as(a->agent, &named), TOLD_OK);
	enum told_status status = what_it_asks(route)(a->agent, &named, request, &reply);
	json_t *shown = reply.json != NULL ? json_incref(reply.json) : json_object();
	assert_int_equal(told_agent_attention(a->agent, &named, request, shown), TOLD_OK);
	assert_int_equal(told_agent_as(a->agent, NULL), TOLD_OK);
	if (strstr(route->path, "/v1/cards") != NULL) /* four words, drawn, of different lengths */
		json_object_del(shown, "words");
	struct answer answer = laid_down(&reply, status, shown);
	json_decref(shown);
	json_decref(request);
	told_reply_free(&reply);
	return answer;
}

static void ask_all(struct answer out[2 * CALLS])
{
	for (size_t i = 0; i < 2 * CALLS; i++) {
		const struct asked_call *call = &calls[i % CALLS];
		bool again = i >= CALLS && strcmp(call->method, "GET") != 0;
		out[i] = call->request == NULL || again ? (struct answer){.text = NULL} : ask(call);
	}
}

static size_t compare(void)
{
	size_t told = 0;
	for (size_t i = 0; i < 2 * CALLS; i++) {
		const struct asked_call *call = &calls[i % CALLS];
		const struct answer *with_her = &answers[0][i], *without = &answers[1][i];
		if (with_her->text != NULL &&
		    (strcmp(with_her->text, without->text) != 0 || with_her->bytes != without->bytes)) {
			fprintf(stderr, "%s %s tells:\n--- with, %zu bytes\n%s\n--- without, %zu bytes\n%s\n",
				call->method, call->path, with_her->bytes, with_her->text, without->bytes,
				without->text);
			told++;
		}
		free(with_her->text);
		free(without->text);
	}
	return told;
}

static size_t answered(void)
{
	size_t n = 0;
	for (size_t i = 0; i < CALLS; i++)
		n += answers[0][i].text != NULL && strncmp(answers[0][i].text, "OK", 2) == 0;
	return n;
}

/* ---- what our own log has of it ---- */

/* Lines of the rule, which name neither of the two; the agent's log goes into a file while all is asked. */
static size_t logged_while_all_is_asked(struct answer out[2 * CALLS])
{
	struct told_agent *agent = world_agent(&world, "TT")->agent;
	char path[PATH_MAX];
	struct told_buf lines = TOLD_BUF(4u << 20);
	size_t count = 0;
	int was = agent->log.fd;
	snprintf(path, sizeof path, "%.*s/log", PATH_MAX - 16, world.dir);
	agent->log.fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(agent->log.fd >= 0);
	ask_all(out);
	close(agent->log.fd);
	agent->log.fd = was;
	assert_int_equal(told_file_read(path, 4u << 20, &lines), TOLD_OK);
	for (const char *at = told_buf_cstr(&lines); (at = strstr(at, "\"agent.kept_from\"")) != NULL; at++)
		count++;
	assert_null(strstr(told_buf_cstr(&lines), client));
	assert_null(strstr(told_buf_cstr(&lines), named.number));
	told_buf_free(&lines);
	return count;
}

/* Whoever is not named sees her in each of these, or there is nothing that could be hidden. */
static void others_see_her(void)
{
	static told_agent_call *const lists[] = {told_agent_inbox,         told_agent_conferences, told_agent_holds,
						 told_agent_disagreements, told_agent_complaints,  told_agent_risks};
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		json_t *json = world_call(&world, "TT", lists[i], json_object());
		if (!says(json, client))
			fail_msg("list %zu has nothing of her", i);
	}
}

/* How many entries of the broker's log, about her, a worker is shown. */
static size_t entries_about_her(const struct told_caller *by)
{
	size_t i = 0, count = 0;
	const json_t *entry = NULL;
	const json_t *reply = as(by, told_agent_audit_view, json_pack("{s:s}", "purpose", "internal"));
	assert_non_null(json_object_get(reply, "view"));
	json_array_foreach(json_object_get(json_object_get(reply, "view"), "entries"), i, entry) count +=
		strcmp(text(entry, "client"), client) == 0;
	return count;
}

static void a_worker_who_is_named_learns_nothing_from_any_call(void **state)
{
	(void)state;
	build(true);
	others_see_her();
	assert_true(entries_about_her(&world_agent(&world, "TT")->caller) > 0);
	assert_int_equal(entries_about_her(&named), 0);
	assert_true(logged_while_all_is_asked(answers[0]) > 40);
	json_t *seen = seen_by(&world, "TT"); /* still, with what the named worker wrote beside it */
	assert_non_null(seen);
	json_decref(seen);
	world_close(&world);
	build(false);
	assert_int_equal(entries_about_her(&world_agent(&world, "TT")->caller) + entries_about_her(&named), 0);
	assert_int_equal(logged_while_all_is_asked(answers[1]), 0);
	world_close(&world);
	assert_true(answered() > 30);
	assert_int_equal(compare(), 0);
	for (size_t m = 0; m < MASKS; m++) /* what hides nothing any more is taken out */
		assert_true(mask_used[m] > 0 && masks[m].why[0] != '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_of_the_agent_is_asked_or_says_why_not),
		cmocka_unit_test(a_worker_who_is_named_learns_nothing_from_any_call),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
