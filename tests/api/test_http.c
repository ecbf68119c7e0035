/* SPDX-License-Identifier: Apache-2.0 */
/* The API's HTTP: who may call, what shape a request has, what happens to what is too large, too slow or too much. */
#include "api/rig.h"

#include "agents/api/route.h"
#include <sys/stat.h>

static void test_a_call_reaches_the_agent_and_its_answer_comes_back(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	const char *answer = rig_ask(&rig, "POST", "/v1/story", AUTH, "{\"client\":\"X\",\"sections\":[]}");
	assert_int_equal(rig_status(answer), 200);
	assert_non_null(strstr(answer, "Cache-Control: no-store"));
	assert_string_equal(agent_double.called, "story tell");
	assert_string_equal(agent_double.request, "{\"client\":\"X\",\"sections\":[]}");
	rig_close(&rig);
}

static void test_path_and_query_become_members_of_the_request(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	assert_int_equal(rig_status(rig_ask(&rig, "GET", "/v1/story/352CK%2DGW9MY", AUTH, "")), 200);
	assert_string_equal(agent_double.called, "story show");
	assert_string_equal(agent_double.request, "{\"client\":\"352CK-GW9MY\"}");
	assert_int_equal(rig_status(rig_ask(&rig, "GET", "/v1/inbox?after=41&client=A%20B", AUTH, "")), 200);
	assert_string_equal(agent_double.request, "{\"after\":41,\"client\":\"A B\"}");
	assert_int_equal(
		rig_status(rig_ask(&rig, "POST", "/v1/referrals/00ff/decline", AUTH, "{\"reason\":\"moved\"}")), 200);
	assert_string_equal(agent_double.called, "referral answer");
	assert_string_equal(agent_double.request,
			    "{\"reason\":\"moved\",\"referral\":\"00ff\",\"state\":\"rejected\"}");
	rig_close(&rig);
}

static void test_every_call_of_the_agent_has_a_path(void **state)
{
	(void)state;
	static const struct {
		told_agent_call *call;
		const char *name;
	} calls[] = {
#define X(function, verb) {function, verb},
		TOLD_AGENT_CALLS(X)
#undef X
	};
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		bool found = false;
		for (size_t r = 0; told_route_at(r) != NULL; r++)
			found = found || told_route_at(r)->call == calls[i].call;
		if (!found)
			fail_msg("no path leads to %s", calls[i].name);
	}
}

static void test_without_a_token_nobody_is_let_in(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	static const char *const fields[] = {
		"",
		"Authorization: Basic YTpi\r\n",
		"Authorization: Bearer \r\n",
		"Authorization: Bearer ffff456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n",
	};
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		rig_problem(rig_ask(&rig, "GET", "/v1/inbox", fields[i], ""), 403, 8);
	assert_int_equal(agent_double.calls, 0);
	rig_close(&rig);
}

static void test_an_unknown_path_and_a_wrong_method_are_said(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	rig_problem(rig_ask(&rig, "GET", "/v1/nothing", AUTH, ""), 404, 1);
	rig_problem(rig_ask(&rig, "GET", "/v1/story//", AUTH, ""), 404, 1);
	const char *answer = rig_ask(&rig, "DELETE", "/v1/story", AUTH, "");
	assert_non_null(strstr(answer, "Allow: POST"));
	rig_problem(answer, 405, 2);
	rig_problem(rig_ask(&rig, "GET", "/v1/inbox?everything=yes", AUTH, ""), 400, 2);
	rig_problem(rig_ask(&rig, "GET", "/v1/inbox?after=-1", AUTH, ""), 400, 2);
	assert_int_equal(agent_double.calls, 0);
	rig_close(&rig);
}

static void test_what_is_no_json_object_is_refused_with_its_place(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	static const char *const bodies[] = {"{\"client\":",        "[1]",   "\"x\"",           "{\"a\":1,\"a\":2}",
					     "{\"a\":\"\\u0000\"}", "{} {}", "{\"a\":\"\xff\"}"};
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		const char *answer = rig_ask(&rig, "POST", "/v1/story", AUTH, bodies[i]);
		assert_non_null(strstr(answer, "line 1 column"));
		rig_problem(answer, 400, 2);
	}
	assert_int_equal(agent_double.calls, 0);
	rig_close(&rig);
}

static void test_a_member_may_not_stand_in_path_and_body(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	rig_problem(rig_ask(&rig, "POST", "/v1/referrals/00ff/accept", AUTH, "{\"state\":\"rejected\"}"), 400, 2);
	assert_int_equal(agent_double.calls, 0);
	rig_close(&rig);
}

static void test_too_deep_is_refused_before_a_tree_is_built(void **state)
{
	(void)state;
	struct rig rig;
	char body[512] = "{\"a\":";
	rig_open(&rig, NULL, 0);
	for (size_t i = 0; i < 100; i++)
		strcat(body, "[");
	for (size_t i = 0; i < 100; i++)
		strcat(body, "]");
	strcat(body, "}");
	rig_problem(rig_ask(&rig, "POST", "/v1/story", AUTH, body), 413, 2);
	rig_close(&rig);
}

static void test_too_large_is_refused_by_its_length_alone(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	static const char head[] =
		"POST /v1/story HTTP/1.1\r\nHost: agent\r\n" AUTH "Content-Length: 999999999\r\n\r\n";
	int fd = rig_connect(&rig);
	assert_true(rig_write(&rig, fd, head, sizeof head - 1));
	rig_problem(rig_read(&rig, fd), 413, 2);
	close(fd);
	assert_int_equal(agent_double.calls, 0);
	rig_close(&rig);
}

static void test_too_large_in_pieces_ends_the_connection(void **state)
{
	(void)state;
	struct rig rig;
	static char chunk[65536];
	bool open = true;
	rig_open(&rig, NULL, 0);
	static const char head[] =
		"POST /v1/story HTTP/1.1\r\nHost: agent\r\n" AUTH "Transfer-Encoding: chunked\r\n\r\n";
	int fd = rig_connect(&rig);
	open = rig_write(&rig, fd, head, sizeof head - 1);
	memset(chunk, ' ', sizeof chunk);
	for (size_t sent = 0; open && sent <= TOLD_API_REQUEST_MAX_BYTES * 2; sent += sizeof chunk)
		open = rig_write(&rig, fd, "10000\r\n", 7) && rig_write(&rig, fd, chunk, sizeof chunk) &&
		       rig_write(&rig, fd, "\r\n", 2);
	assert_false(open);
	close(fd);
	assert_int_equal(agent_double.calls, 0);
	rig_close(&rig);
}

static void test_a_head_without_end_is_refused(void **state)
{
	(void)state;
	struct rig rig;
	static char line[TOLD_API_HEAD_MAX_BYTES * 2];
	rig_open(&rig, NULL, 0);
	int fd = rig_connect(&rig);
	rig_write(&rig, fd, "GET /v1/inbox HTTP/1.1\r\nX: ", 27);
	memset(line, 'x', sizeof line);
	rig_write(&rig, fd, line, sizeof line);
	int status = rig_status(rig_read(&rig, fd));
	assert_true(status == 0 || status == 431 || status == 413 || status == 414);
	close(fd);
	assert_int_equal(agent_double.calls, 0);
	rig_close(&rig);
}

static void test_the_agents_refusal_is_a_problem_with_its_words(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	agent_double.status = TOLD_E_REFUSED;
	agent_double.why = "No agreement has such a flow.";
	const char *answer = rig_ask(&rig, "POST", "/v1/referrals", AUTH, "{}");
	assert_non_null(strstr(answer, "\"detail\":\"No agreement has such a flow.\""));
	rig_problem(answer, 403, 4);
	rig_close(&rig);
}

static void test_a_slow_client_is_dropped_and_holds_up_nobody(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 1);
	int slow = rig_connect(&rig);
	assert_true(rig_write(&rig, slow, "POST /v1/story HTTP/1.1\r\nHost: ag", 33));
	assert_int_equal(rig_status(rig_ask(&rig, "GET", "/v1/workers", AUTH, "")), 200);
	const char *answer = rig_read(&rig, slow); /* until it is closed */
	assert_true(rig_status(answer) == 0 || rig_status(answer) == 408);
	close(slow);
	rig_close(&rig);
}

static void test_two_hundred_connections_are_all_answered(void **state)
{
	(void)state;
	struct rig rig;
	int fds[200];
	rig_open(&rig, NULL, 0);
	static const char request[] = "GET /v1/workers HTTP/1.1\r\nHost: agent\r\n" AUTH "\r\n";
	for (size_t i = 0; i < 200; i++) {
		fds[i] = rig_connect(&rig);
		rig_turn(&rig);
	}
	for (size_t i = 0; i < 200; i++)
		assert_true(rig_write(&rig, fds[i], request, sizeof request - 1));
	for (size_t i = 0; i < 200; i++) {
		assert_int_equal(rig_status(rig_read(&rig, fds[i])), 200);
		close(fds[i]);
	}
	assert_int_equal(agent_double.calls, 200);
	rig_close(&rig);
}

static void test_the_socket_is_for_owner_and_group_and_goes_away_at_the_end(void **state)
{
	(void)state;
	struct rig rig;
	struct stat st;
	rig_open(&rig, NULL, 0);
	assert_int_equal(stat(rig.socket, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	rig_close(&rig);
	assert_int_equal(stat(rig.socket, &st), -1);
}

static void test_a_living_socket_is_not_taken_over_and_a_dead_one_is(void **state)
{
	(void)state;
	struct rig rig;
	struct told_api *second = NULL;
	struct told_buf why = TOLD_BUF(1024);
	rig_open(&rig, NULL, 0);
	const struct told_api_settings settings = {.socket = rig.socket, .clock = rig.clock};
	assert_int_equal(told_api_open(NULL, NULL, &settings, &second, &why), TOLD_E_IN_USE);
	assert_non_null(strstr(told_buf_cstr(&why), "stop it first"));
	told_buf_free(&why);
	rig_close(&rig);

	struct sockaddr_un address = {.sun_family = AF_UNIX};
	strcpy(address.sun_path, rig.socket);
	int dead = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(dead, (const struct sockaddr *)&address, sizeof address), 0);
	close(dead);
	assert_int_equal(told_api_open(NULL, NULL, &settings, &second, NULL), TOLD_OK);
	told_api_close(second);
}

static void test_a_folder_may_have_a_long_name(void **state)
{
	(void)state;
	struct told_api *api = NULL;
	struct stat st;
	char path[600], part[160];
	struct told_clock clock = told_clock_system();
	memset(part, 'n', sizeof part);
	part[sizeof part - 1] = '\0';
	snprintf(path, sizeof path, "%s/%s", told_test_dir(), part);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/api.sock");
	const struct told_api_settings settings = {.socket = path, .clock = clock};
	assert_int_equal(told_api_open(NULL, NULL, &settings, &api, NULL), TOLD_OK);
	assert_int_equal(stat(path, &st), 0);
	told_api_close(api);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_call_reaches_the_agent_and_its_answer_comes_back),
		cmocka_unit_test(test_path_and_query_become_members_of_the_request),
		cmocka_unit_test(test_every_call_of_the_agent_has_a_path),
		cmocka_unit_test(test_without_a_token_nobody_is_let_in),
		cmocka_unit_test(test_an_unknown_path_and_a_wrong_method_are_said),
		cmocka_unit_test(test_what_is_no_json_object_is_refused_with_its_place),
		cmocka_unit_test(test_a_member_may_not_stand_in_path_and_body),
		cmocka_unit_test(test_too_deep_is_refused_before_a_tree_is_built),
		cmocka_unit_test(test_too_large_is_refused_by_its_length_alone),
		cmocka_unit_test(test_too_large_in_pieces_ends_the_connection),
		cmocka_unit_test(test_a_head_without_end_is_refused),
		cmocka_unit_test(test_the_agents_refusal_is_a_problem_with_its_words),
		cmocka_unit_test(test_a_slow_client_is_dropped_and_holds_up_nobody),
		cmocka_unit_test(test_two_hundred_connections_are_all_answered),
		cmocka_unit_test(test_the_socket_is_for_owner_and_group_and_goes_away_at_the_end),
		cmocka_unit_test(test_a_living_socket_is_not_taken_over_and_a_dead_one_is),
		cmocka_unit_test(test_a_folder_may_have_a_long_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
