/* SPDX-License-Identifier: Apache-2.0 */
/* The command against the real API with a stand-in for the agent: the API runs in a child process. */
#include "api/rig.h"
#include "cli/run.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define CARD "352CK-GW9MY-1MVZ5-9TDWH-9EDD1R-Q"

/* An agent's folder, a worker's token, and the child that answers. */
struct agency {
	char dir[128], token[256];
	pid_t child;
};

/* The child: says that it listens by a byte, then turns until it is killed. */
static void serve(const char *dir, const char *reply, enum told_status status, int ready)
{
	struct rig rig = {.clock = told_clock_system()};
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(rig.socket, sizeof rig.socket, "%s/run/api.sock", dir);
	agent_double.reply = reply;
	agent_double.status = status;
	agent_double.why = "The agreement ISA-MD3 does not carry debts to EMP (clause 4.2).";
	const struct told_api_settings settings = {.socket = rig.socket, .clock = rig.clock};
	if (told_api_open(NULL, NULL, &settings, &rig.api, NULL) != TOLD_OK)
		_exit(1);
	rig.watch = told_api_watch(rig.api);
	if (write(ready, "r", 1) != 1)
		_exit(1);
	for (;;)
		rig_turn(&rig);
}

static void agency_open(struct agency *agency, const char *reply, enum told_status status)
{
	int ready[2];
	char byte = 0, run_dir[192];
	snprintf(agency->dir, sizeof agency->dir, "%s", told_test_dir());
	snprintf(run_dir, sizeof run_dir, "%s/run", agency->dir);
	assert_int_equal(mkdir(run_dir, 0700), 0);
	snprintf(agency->token, sizeof agency->token, "%s", file_with("w.token", GOOD_TOKEN "\n"));
	assert_int_equal(chmod(agency->token, 0600), 0);
	assert_int_equal(pipe(ready), 0);
	fflush(stdout);
	agency->child = fork();
	assert_true(agency->child >= 0);
	if (agency->child == 0)
		serve(agency->dir, reply, status, ready[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	setenv("TOLD_AGENT", agency->dir, 1);
	setenv("TOLD_WORKER", agency->token, 1);
}

static void agency_close(struct agency *agency)
{
	kill(agency->child, SIGKILL);
	waitpid(agency->child, NULL, 0);
	unsetenv("TOLD_AGENT");
	unsetenv("TOLD_WORKER");
}

static void test_what_was_sent_and_what_was_not_is_said_in_words(void **state)
{
	(void)state;
	struct agency agency;
	agency_open(&agency,
		    "{\"referral\":\"00ff\",\"messages\":[{\"id\":\"00ff\",\"type\":\"REFERRAL\",\"to\":[\"TT\"],"
		    "\"state\":\"sent\","
		    "\"entry\":17,\"sections\":[{\"number\":1,\"category\":\"DEM.ID\",\"effect\":\"release\"},"
		    "{\"number\":2,\"category\":\"HOU.SIT\",\"effect\":\"release\"},"
		    "{\"number\":3,\"category\":\"FIN.DEBT\",\"effect\":\"withhold\",\"code\":\"AGR-06\"}]}]}",
		    TOLD_OK);
	struct ran ran = RUN("referral", "send", CARD, "--to", "TT");
	assert_int_equal(ran.exit, TOLD_EXIT_DONE);
	assert_non_null(strstr(ran.out, "Sent to TT: referral (entry 17 of the log)."));
	assert_non_null(strstr(ran.out, "Shared: who the person is, housing situation now."));
	assert_non_null(strstr(ran.out, "Not shared:\n    debts: "));
	assert_non_null(strstr(ran.out, "[AGR-06"));
	ran_free(&ran);
	agency_close(&agency);
}

static void test_a_refused_message_ends_with_four_and_says_why(void **state)
{
	(void)state;
	struct agency agency;
	agency_open(
		&agency,
		"{\"messages\":[{\"id\":\"00ff\",\"type\":\"REFERRAL\",\"to\":[\"EMP\"],\"state\":\"refused\","
		"\"codes\":[{\"code\":\"CON-07\",\"words\":\"The person withdrew this.\",\"fix\":\"Ask the person.\","
		"\"who\":\"the sender\"}]}]}",
		TOLD_OK);
	expect(RUN("referral", "send", CARD, "--to", "EMP"), TOLD_EXIT_REFUSED,
	       "The person withdrew this. Ask the person.", NULL);
	agency_close(&agency);
}

static void test_what_still_waits_ends_with_seven(void **state)
{
	(void)state;
	struct agency agency;
	agency_open(&agency, "{\"messages\":[{\"id\":\"00ff\",\"type\":\"CONSENT\",\"to\":[],\"state\":\"waiting\"}]}",
		    TOLD_OK);
	expect(RUN("consent", "withdraw", CARD), TOLD_EXIT_TIMEOUT, "it goes by itself", NULL);
	agency_close(&agency);
}

static void test_the_agents_refusal_is_said_with_why_and_what_to_do(void **state)
{
	(void)state;
	struct agency agency;
	agency_open(&agency, NULL, TOLD_E_REFUSED);
	expect(RUN("referral", "send", CARD, "--to", "EMP"), TOLD_EXIT_REFUSED, NULL,
	       "does not carry debts to EMP (clause 4.2)");
	agency_close(&agency);
}

static void test_a_story_is_shown_with_the_persons_own_voice_first(void **state)
{
	(void)state;
	struct agency agency;
	agency_open(
		&agency,
		"{\"client\":\"X\",\"withdrawn\":1,\"sections\":["
		"{\"category\":\"HOU.SIT\",\"from\":\"HOU\",\"recorded_ms\":1795363200000,\"voice\":\"worker\","
		"\"story\":"
		"{\"text\":\"Sofa surfing\"}},"
		"{\"category\":\"GOA\",\"from\":\"HOU\",\"recorded_ms\":1795363200000,\"voice\":\"person\",\"story\":"
		"{\"items\":[{\"code\":{\"system\":\"s\",\"code\":\"first-goal\"},\"value\":\"A door of my own\"}]}}]}",
		TOLD_OK);
	struct ran ran = RUN("story", "show", CARD);
	assert_int_equal(ran.exit, TOLD_EXIT_DONE);
	assert_non_null(strstr(ran.out, "first goal: A door of my own"));
	assert_true(strstr(ran.out, "A door of my own") < strstr(ran.out, "Sofa surfing"));
	assert_non_null(strstr(ran.out, "1 section is hidden: the permission was withdrawn."));
	ran_free(&ran);
	agency_close(&agency);
}

static void test_an_ask_that_brings_nothing_says_only_that(void **state)
{
	(void)state;
	struct agency agency;
	agency_open(&agency,
		    "{\"messages\":[{\"id\":\"00\",\"type\":\"ASK\",\"to\":[\"TT\"],\"state\":\"answered\"}],"
		    "\"received\":[]}",
		    TOLD_OK);
	expect(RUN("story", "ask", CARD), TOLD_EXIT_DONE, "Nothing to release.\n", NULL);
	agency_close(&agency);
}

static void test_a_new_workers_token_goes_into_a_file_and_onto_no_screen(void **state)
{
	(void)state;
	struct agency agency;
	struct stat st;
	char path[256], where[320];
	agency_open(&agency, "{\"number\":\"40718\",\"token\":\"" GOOD_TOKEN "\",\"messages\":[]}", TOLD_OK);
	snprintf(path, sizeof path, "%s/amy.token", agency.dir);
	snprintf(where, sizeof where, "--token=%s", path);
	struct ran ran = RUN("worker", "add", where);
	assert_int_equal(ran.exit, TOLD_EXIT_DONE);
	assert_null(strstr(ran.out, GOOD_TOKEN));
	assert_null(strstr(ran.err, GOOD_TOKEN));
	ran_free(&ran);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	expect(RUN("worker", "add", where), TOLD_EXIT_CONFIG, NULL, "is there already");
	agency_close(&agency);
}

static void test_json_is_the_reply_as_it_came(void **state)
{
	(void)state;
	struct agency agency;
	agency_open(&agency, "{\"workers\":[]}", TOLD_OK);
	struct ran ran = RUN("worker", "ls", "--json");
	assert_int_equal(ran.exit, TOLD_EXIT_DONE);
	assert_string_equal(ran.out, "{\"workers\":[]}\n");
	ran_free(&ran);
	agency_close(&agency);
}

static void test_a_token_that_nobody_has_ends_with_eight(void **state)
{
	(void)state;
	struct agency agency;
	agency_open(&agency, NULL, TOLD_OK);
	const char *other = file_with("x.token", "ffff456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n");
	assert_int_equal(chmod(other, 0600), 0);
	expect(RUN("inbox", "--as", other), TOLD_EXIT_NOT_ALLOWED, NULL, "suspended or has left");
	agency_close(&agency);
}

static void test_doctor_names_each_fault_with_its_fix_and_ends_with_one(void **state)
{
	(void)state;
	struct agency agency;
	agency_open(&agency,
		    "{\"checks\":[{\"check\":\"broker\",\"ok\":false,\"what\":\"No broker answers.\",\"fix\":\"Start "
		    "it.\"}]}",
		    TOLD_OK);
	expect(RUN("doctor"), TOLD_EXIT_CHECK, "Start it.", NULL);
	agency_close(&agency);
	struct ran ran = RUN("doctor", "--agent", agency.dir);
	assert_int_equal(ran.exit, TOLD_EXIT_CHECK);
	assert_non_null(strstr(ran.out, "told-agent DIR"));
	ran_free(&ran);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_sent_and_what_was_not_is_said_in_words),
		cmocka_unit_test(test_a_refused_message_ends_with_four_and_says_why),
		cmocka_unit_test(test_what_still_waits_ends_with_seven),
		cmocka_unit_test(test_the_agents_refusal_is_said_with_why_and_what_to_do),
		cmocka_unit_test(test_a_story_is_shown_with_the_persons_own_voice_first),
		cmocka_unit_test(test_an_ask_that_brings_nothing_says_only_that),
		cmocka_unit_test(test_a_new_workers_token_goes_into_a_file_and_onto_no_screen),
		cmocka_unit_test(test_json_is_the_reply_as_it_came),
		cmocka_unit_test(test_a_token_that_nobody_has_ends_with_eight),
		cmocka_unit_test(test_doctor_names_each_fault_with_its_fix_and_ends_with_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
