/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that wait for the broker: the connection sleeps, the loop does not. */
#include "api/rig.h"

static void send_call(struct rig *rig, int fd, const char *prefer)
{
	char head[512];
	int n = snprintf(head, sizeof head,
			 "POST /v1/ask HTTP/1.1\r\nHost: agent\r\n" AUTH "%sContent-Length: 2\r\n\r\n{}", prefer);
	assert_true(rig_write(rig, fd, head, (size_t)n));
}

static void turn_until_waiting(struct rig *rig)
{
	for (int64_t end = rig_now_ms(rig) + DEADLINE_MS; agent_double.looks == 0; rig_turn(rig))
		assert_true(rig_now_ms(rig) < end);
}

static void test_a_waiting_call_is_answered_when_it_is_final(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 1);
	agent_double.waits = true;
	int fd = rig_connect(&rig);
	send_call(&rig, fd, "Prefer: wait=60\r\n");
	turn_until_waiting(&rig);
	/* Others are served meanwhile, and waiting is not idleness. */
	agent_double.waits = false;
	assert_int_equal(rig_status(rig_ask(&rig, "GET", "/v1/workers", AUTH, "")), 200);
	agent_double.final = true;
	const char *answer = rig_read(&rig, fd);
	assert_int_equal(rig_status(answer), 200);
	assert_non_null(strstr(answer, "{\"final\":true}"));
	close(fd);
	rig_close(&rig);
}

static void test_at_its_deadline_the_answer_is_what_is_known(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	agent_double.waits = true;
	int fd = rig_connect(&rig);
	send_call(&rig, fd, "Prefer: wait=1\r\n");
	const char *answer = rig_read(&rig, fd);
	assert_int_equal(rig_status(answer), 202);
	assert_non_null(strstr(answer, "{\"final\":false}"));
	close(fd);
	rig_close(&rig);
}

static void test_who_does_not_wait_is_answered_at_once(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	agent_double.waits = true;
	int fd = rig_connect(&rig);
	send_call(&rig, fd, "Prefer: wait=0\r\n");
	const char *answer = rig_read(&rig, fd);
	assert_int_equal(rig_status(answer), 202);
	assert_non_null(strstr(answer, "story ask"));
	assert_int_equal(agent_double.looks, 0);
	close(fd);
	rig_close(&rig);
}

static void test_a_failure_while_waiting_is_a_problem(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	agent_double.waits = true;
	agent_double.outcome = TOLD_E_NOT_FOUND;
	int fd = rig_connect(&rig);
	send_call(&rig, fd, "");
	rig_problem(rig_read(&rig, fd), 404, 1);
	close(fd);
	rig_close(&rig);
}

static void test_a_client_that_leaves_while_it_waits_harms_nobody(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	agent_double.waits = true;
	int fd = rig_connect(&rig);
	send_call(&rig, fd, "Prefer: wait=60\r\n");
	turn_until_waiting(&rig);
	close(fd);
	agent_double.waits = false;
	agent_double.final = true;
	assert_int_equal(rig_status(rig_ask(&rig, "GET", "/v1/workers", AUTH, "")), 200);
	rig_close(&rig);
}

static void test_the_api_closes_while_somebody_waits(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig, NULL, 0);
	agent_double.waits = true;
	int fd = rig_connect(&rig);
	send_call(&rig, fd, "Prefer: wait=60\r\n");
	turn_until_waiting(&rig);
	rig_close(&rig);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_waiting_call_is_answered_when_it_is_final),
		cmocka_unit_test(test_at_its_deadline_the_answer_is_what_is_known),
		cmocka_unit_test(test_who_does_not_wait_is_answered_at_once),
		cmocka_unit_test(test_a_failure_while_waiting_is_a_problem),
		cmocka_unit_test(test_a_client_that_leaves_while_it_waits_harms_nobody),
		cmocka_unit_test(test_the_api_closes_while_somebody_waits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
