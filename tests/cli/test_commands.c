/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands as a person meets it: help, slips of the pen, what is missing. No agent is asked. */
#include "cli/run.h"

#include <sys/stat.h>

#define CARD "352CK-GW9MY-1MVZ5-9TDWH-9EDD1R-Q"

static void forget_environment(void)
{
	unsetenv("TOLD_AGENT");
	unsetenv("TOLD_WORKER");
}

/* These read their own words and print their own help. */
static bool own_main(const struct told_command *command)
{
	static const char *const nouns[] = {"demo", "bench", "decide"};
	for (size_t i = 0; i < sizeof nouns / sizeof nouns[0]; i++)
		if (strcmp(command->noun, nouns[i]) == 0)
			return true;
	return false;
}

static void test_help_of_every_command_begins_with_two_examples_of_it(void **state)
{
	(void)state;
	for (size_t i = 0; told_command_at(i) != NULL; i++) {
		const struct told_command *command = told_command_at(i);
		if (own_main(command))
			continue;
		struct ran ran = command->verb != NULL ? RUN(command->noun, command->verb, "--help")
						       : RUN(command->noun, "--help");
		char name[64];
		snprintf(name, sizeof name, "told %s", command->noun);
		assert_int_equal(ran.exit, TOLD_EXIT_DONE);
		assert_string_equal(ran.err, "");
		char *first = strstr(ran.out, name), *second = first != NULL ? strstr(first + 1, name) : NULL;
		char *line = strstr(ran.out, "\n\n");
		assert_non_null(second);
		assert_non_null(line);
		assert_true(second < line);
		ran_free(&ran);
	}
}

static void test_the_examples_of_the_table_are_read_without_complaint(void **state)
{
	(void)state;
	for (size_t i = 0; told_command_at(i) != NULL; i++) {
		const struct told_command *command = told_command_at(i);
		for (const struct told_cli_option *option = command->options; option != NULL && option->name != NULL;
		     option++) {
			assert_non_null(option->help);
			assert_int_not_equal(option->name[0], '-');
		}
		assert_true(command->method != NULL || command->run != NULL || own_main(command));
		assert_true((command->method == NULL) == (command->path == NULL));
	}
}

static void test_every_example_uses_options_that_exist(void **state)
{
	(void)state;
	static const char *const everywhere[] = {"agent", "as", "wait", "json", "help"};
	for (size_t i = 0; told_command_at(i) != NULL; i++) {
		const struct told_command *command = told_command_at(i);
		if (own_main(command))
			continue;
		for (size_t e = 0; e < 2; e++)
			for (const char *at = strstr(command->examples[e], " --"); at != NULL;
			     at = strstr(at + 1, " --")) {
				size_t len = strcspn(at + 3, " =\n");
				bool known = false;
				for (size_t k = 0; k < sizeof everywhere / sizeof everywhere[0]; k++)
					known = known || (strlen(everywhere[k]) == len &&
							  strncmp(everywhere[k], at + 3, len) == 0);
				for (const struct told_cli_option *o = command->options;
				     !known && o != NULL && o->name != NULL; o++)
					known = strlen(o->name) == len && strncmp(o->name, at + 3, len) == 0;
				if (!known)
					fail_msg("%s", command->examples[e]);
			}
	}
}

static void test_a_mistyped_command_is_answered_with_the_nearest(void **state)
{
	(void)state;
	expect(RUN("referal", "send"), TOLD_EXIT_USAGE, NULL, "Did you mean told referral send?");
	expect(RUN("story", "tel", CARD), TOLD_EXIT_USAGE, NULL, "Did you mean told story tell?");
	expect(RUN("inbx"), TOLD_EXIT_USAGE, NULL, "Did you mean told inbox?");
	expect(RUN("xyzzy"), TOLD_EXIT_USAGE, NULL, "told help lists every command.");
	expect(RUN("referral", "send", CARD, "--too", "TT"), TOLD_EXIT_USAGE, NULL, "Did you mean --to?");
}

/* Eighty columns, and what belongs to one word in one place. */
static void test_the_list_of_commands_fits_a_terminal(void **state)
{
	(void)state;
	struct ran ran = RUN("help");
	for (const char *line = ran.out, *end; *line != '\0'; line = *end == '\0' ? end : end + 1) {
		end = strchrnul(line, '\n');
		if (end - line > 80)
			fail_msg("too wide: %.*s", (int)(end - line), line);
	}
	const char *partner = strstr(ran.out, "  told partner ls "), *key = strstr(ran.out, "  told partner log-key");
	assert_non_null(partner);
	assert_non_null(key);
	assert_true(key > partner && strstr(partner, "  told agreement ") > key);
	ran_free(&ran);
}

static void test_what_is_missing_is_named(void **state)
{
	(void)state;
	expect(RUN("referral", "send", CARD), TOLD_EXIT_USAGE, NULL, "needs --to PARTY");
	expect(RUN("story", "show"), TOLD_EXIT_USAGE, NULL, "takes CLIENT");
	expect(RUN("story", "show", CARD, "again"), TOLD_EXIT_USAGE, NULL, "takes CLIENT");
	expect(RUN("referral"), TOLD_EXIT_USAGE, NULL, "told referral send");
	expect(RUN("referral", "ls", "--client"), TOLD_EXIT_USAGE, NULL, "needs a value");
	expect(RUN("referral", "ls", "--client", CARD, "--client", CARD), TOLD_EXIT_USAGE, NULL, "stands twice");
}

static void test_without_an_agent_or_a_worker_nothing_is_asked(void **state)
{
	(void)state;
	forget_environment();
	expect(RUN("story", "show", CARD), TOLD_EXIT_USAGE, NULL, "--agent DIR");
	expect(RUN("story", "show", CARD, "--agent", told_test_dir()), TOLD_EXIT_UNREACHABLE, NULL, "told-agent DIR");
}

static void test_a_token_file_that_others_may_read_is_refused(void **state)
{
	(void)state;
	const char *token = file_with("a.token", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n");
	const char *dir = told_test_dir();
	char run_dir[256];
	snprintf(run_dir, sizeof run_dir, "%s/run", dir);
	assert_int_equal(mkdir(run_dir, 0700), 0);
	assert_int_equal(chmod(token, 0644), 0);
	expect(RUN("inbox", "--agent", dir, "--as", token), TOLD_EXIT_CONFIG, NULL, "chmod 600");
	assert_int_equal(chmod(token, 0600), 0);
	expect(RUN("inbox", "--agent", dir, "--as", token), TOLD_EXIT_UNREACHABLE, NULL, "is not running there");
	const char *other = file_with("b.token", "not a token\n");
	assert_int_equal(chmod(other, 0600), 0);
	expect(RUN("inbox", "--agent", dir, "--as", other), TOLD_EXIT_CONFIG, NULL, "64 hexadecimal digits");
	expect(RUN("inbox", "--agent", dir), TOLD_EXIT_NOT_ALLOWED, NULL, "no shared account");
}

static void test_a_reference_with_a_wrong_check_symbol_is_refused_before_any_call(void **state)
{
	(void)state;
	forget_environment();
	expect(RUN("story", "show", "352CK-GW9MY-1MVZ5-9TDWH-9EDD1R-S"), TOLD_EXIT_USAGE, NULL,
	       "check symbol does not fit");
	expect(RUN("story", "show", "352CK-GW9MY-1MVZ5-9TDWH-9EDDR1-Q"), TOLD_EXIT_USAGE, NULL, "two changed places");
	expect(RUN("story", "show", "352CK-GW9MY-1MVZ5-9TDWH"), TOLD_EXIT_USAGE, NULL, "Some of it is missing");
	expect(RUN("story", "show", "352CK-GW9MY-1MVZ5-9TDWH-9EDD1R-Q7"), TOLD_EXIT_USAGE, NULL,
	       "longer than a reference");
	expect(RUN("story", "show", "352CK-GW9MY-1MVZ5-9TDWH-9EDD1?-Q"), TOLD_EXIT_USAGE, NULL,
	       "sign that no reference has");
	/* as it is read out: blanks, small letters, l for 1 */
	expect(RUN("story", "show", "352ck gw9my lmvz5 9tdwh 9eddlr q"), TOLD_EXIT_USAGE, NULL, "--agent DIR");
}

static void test_a_permission_for_everything_or_for_nothing_is_refused_with_the_reason(void **state)
{
	(void)state;
	forget_environment();
	expect(RUN("consent", "record", CARD, "--to", "*", "--for", "REFERRAL", "--category", "HOU.SIT"),
	       TOLD_EXIT_USAGE, NULL, "nobody can agree to what was not named");
	expect(RUN("consent", "record", CARD, "--to", "TT,*", "--for", "REFERRAL", "--category", "HOU.SIT"),
	       TOLD_EXIT_USAGE, NULL, "may not be \"*\"");
	expect(RUN("consent", "record", CARD, "--for", "REFERRAL", "--category", "HOU.SIT"), TOLD_EXIT_USAGE, NULL,
	       "which organisations");
	expect(RUN("consent", "record", CARD, "--to", "TT", "--category", "HOU.SIT"), TOLD_EXIT_USAGE, NULL,
	       "what for");
	expect(RUN("consent", "record", CARD, "--to", "TT", "--for", "REFERRAL"), TOLD_EXIT_USAGE, NULL, "which parts");
	expect(RUN("consent", "record", CARD, "--to", "TT", "--for", "COORD", "--category", "HOU.SIT", "--until",
		   "31/12/2026"),
	       TOLD_EXIT_USAGE, NULL, "2026-12-31");
}

static void test_an_error_for_programs_is_json_on_standard_error(void **state)
{
	(void)state;
	struct ran ran = RUN("story", "show", "352", "--json");
	json_t *json = json_loads(ran.err, 0, NULL);
	assert_int_equal(ran.exit, TOLD_EXIT_USAGE);
	assert_int_equal(json_integer_value(json_object_get(json, "exit")), TOLD_EXIT_USAGE);
	assert_true(json_string_length(json_object_get(json, "fix")) > 0);
	json_decref(json);
	ran_free(&ran);
}

static void test_completion_names_every_noun_and_verb(void **state)
{
	(void)state;
	struct ran ran = RUN("completion", "bash");
	assert_int_equal(ran.exit, TOLD_EXIT_DONE);
	for (size_t i = 0; told_command_at(i) != NULL; i++) {
		assert_non_null(strstr(ran.out, told_command_at(i)->noun));
		if (told_command_at(i)->verb != NULL)
			assert_non_null(strstr(ran.out, told_command_at(i)->verb));
	}
	ran_free(&ran);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_help_of_every_command_begins_with_two_examples_of_it),
		cmocka_unit_test(test_the_examples_of_the_table_are_read_without_complaint),
		cmocka_unit_test(test_every_example_uses_options_that_exist),
		cmocka_unit_test(test_a_mistyped_command_is_answered_with_the_nearest),
		cmocka_unit_test(test_the_list_of_commands_fits_a_terminal),
		cmocka_unit_test(test_what_is_missing_is_named),
		cmocka_unit_test(test_without_an_agent_or_a_worker_nothing_is_asked),
		cmocka_unit_test(test_a_token_file_that_others_may_read_is_refused),
		cmocka_unit_test(test_a_reference_with_a_wrong_check_symbol_is_refused_before_any_call),
		cmocka_unit_test(test_a_permission_for_everything_or_for_nothing_is_refused_with_the_reason),
		cmocka_unit_test(test_an_error_for_programs_is_json_on_standard_error),
		cmocka_unit_test(test_completion_names_every_noun_and_verb),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
