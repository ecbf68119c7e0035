/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that need only files: agreements checked and compared, the permission page, imports looked at. */
#include "cli/run.h"

#define SMALL "tests/data/agreements/small.yaml"

/* The small agreement with one thing changed. */
static const char *small_with(const char *from, const char *to)
{
	static char text[16384];
	struct told_bytes file = told_test_read(source(SMALL));
	const char *at = memmem(file.data, file.len, from, strlen(from));
	assert_non_null(at);
	size_t before = (size_t)(at - (const char *)file.data), rest = file.len - before - strlen(from);
	snprintf(text, sizeof text, "%.*s%s%.*s", (int)before, (const char *)file.data, to, (int)rest,
		 at + strlen(from));
	free((void *)(uintptr_t)file.data);
	return file_with("agreement.yaml", text);
}

static void test_a_good_agreement_is_said_to_be_good_with_its_hash(void **state)
{
	(void)state;
	struct ran ran = RUN("agreement", "check", source(SMALL));
	assert_int_equal(ran.exit, TOLD_EXIT_DONE);
	assert_non_null(strstr(ran.out, "good. ISA-SMALL version 1"));
	assert_non_null(strstr(ran.out, "SHA-256 "));
	ran_free(&ran);
}

static void test_a_faulty_agreement_is_named_with_file_line_and_column(void **state)
{
	(void)state;
	expect(RUN("agreement", "check", small_with("flows:", "flowz:")), TOLD_EXIT_CONFIG, NULL,
	       "agreement.yaml:25:1: ");
	expect(RUN("agreement", "check", small_with("flows:", "flowz:")), TOLD_EXIT_CONFIG, NULL,
	       "did you mean \"flows\"?");
	expect(RUN("agreement", "check", small_with("HOU.SIT", "HOU.SITT")), TOLD_EXIT_CONFIG, NULL,
	       "agreement.yaml:31:");
	expect(RUN("agreement", "check", small_with("overrides:", "---\noverrides:")), TOLD_EXIT_CONFIG, NULL,
	       "agreement.yaml:");
	expect(RUN("agreement", "check", "/nowhere/at/all.yaml"), TOLD_EXIT_CONFIG, NULL, "/nowhere/at/all.yaml");
}

static void test_one_faulty_file_among_good_ones_fails_the_check(void **state)
{
	(void)state;
	struct ran ran = RUN("agreement", "check", small_with("flows:", "flowz:"), source(SMALL));
	assert_int_equal(ran.exit, TOLD_EXIT_CONFIG);
	assert_non_null(strstr(ran.out, "good."));
	ran_free(&ran);
}

static void test_a_new_version_says_what_would_newly_pass(void **state)
{
	(void)state;
	const char *newer = small_with("data: [DEM.ID, HOU.SIT, GOA]", "data: [DEM.ID, HOU.SIT, GOA, FIN.DEBT]");
	struct ran ran = RUN("agreement", "diff", source(SMALL), newer);
	assert_int_equal(ran.exit, TOLD_EXIT_DONE);
	assert_non_null(strstr(ran.out, "new: HOU to EMP"));
	assert_non_null(strstr(ran.out, "FIN.DEBT"));
	ran_free(&ran);
}

static void test_the_permission_page_prints_who_and_which_groups_and_never(void **state)
{
	(void)state;
	const char *paper =
		small_with("overrides:", "never:\n  to: [HOME_OFFICE]\ngroups:\n  - name: home\n    words: my home\n"
					 "    data: [HOU.SIT]\noverrides:");
	struct ran ran = RUN("consent", "form", "--agreement", paper);
	assert_int_equal(ran.exit, TOLD_EXIT_DONE);
	assert_non_null(strstr(ran.out, "We never tell: HOME_OFFICE"));
	assert_non_null(strstr(ran.out, "[ ] my home  (home)"));
	assert_non_null(strstr(ran.out, "housing situation now"));
	assert_non_null(strstr(ran.out, "[ ] EMP  (EMP)"));
	assert_ptr_equal(strstr(ran.out, "  We never tell"), strstr(ran.out, "\n\n") + 2); /* first, behind the title */
	ran_free(&ran);
}

static void test_a_group_that_the_agreement_lacks_is_refused(void **state)
{
	(void)state;
	expect(RUN("consent", "record", "352CK-GW9MY-1MVZ5-9TDWH-9EDD1R-Q", "--to", "EMP", "--for", "REFERRAL",
		   "--group", "home", "--agreement", source(SMALL)),
	       TOLD_EXIT_USAGE, NULL, "has no group home");
}

static void test_import_check_says_what_is_taken_and_what_is_refused(void **state)
{
	(void)state;
	const char *good = file_with("goal.json", "{\"resourceType\":\"Patient\",\"id\":\"p1\"}");
	expect(RUN("import", "--check", good), TOLD_EXIT_DONE, "refused", NULL);
	const char *bad = file_with("bad.json", "{\"resourceType\":");
	expect(RUN("import", "--check", bad), TOLD_EXIT_CHECK, "1:", NULL);
	expect(RUN("import", good), TOLD_EXIT_USAGE, "refused", "Whose story is it?");
}

static void test_a_story_file_that_is_no_json_is_refused_with_its_place(void **state)
{
	(void)state;
	const char *path = file_with("story.json", "{\"sections\": [\n  {\"category\": }\n]}");
	expect(RUN("story", "tell", "352CK-GW9MY-1MVZ5-9TDWH-9EDD1R-Q", "--file", path), TOLD_EXIT_USAGE, NULL,
	       "story.json:2:");
	expect(RUN("story", "tell", "352CK-GW9MY-1MVZ5-9TDWH-9EDD1R-Q"), TOLD_EXIT_USAGE, NULL, "nothing to tell");
	expect(RUN("story", "tell", "352CK-GW9MY-1MVZ5-9TDWH-9EDD1R-Q", "--section", "HOU.SIT"), TOLD_EXIT_USAGE, NULL,
	       "an equals sign");
}

static void test_enrolment_needs_the_telephone(void **state)
{
	(void)state;
	const char *dir = told_test_dir();
	expect(RUN("partner", "enrol", "HOU", "--broker", dir, "--file", "x"), TOLD_EXIT_USAGE, NULL, "by telephone");
	const char *file = file_with(
		"enrol.json", "{\"party\":\"HOU\",\"identity_key\":"
			      "\"0000000000000000000000000000000000000000000000000000000000000000\",\"session_key\":"
			      "\"0000000000000000000000000000000000000000000000000000000000000000\",\"identity\":"
			      "\"SHA256:66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925\"}");
	expect(RUN("partner", "enrol", "HOU", "--broker", dir, "--file", file, "--fingerprint", "SHA256:11"),
	       TOLD_EXIT_INTEGRITY, NULL, "another fingerprint");
	expect(RUN("partner", "enrol", "TT", "--broker", dir, "--file", file, "--fingerprint", "SHA256:11"),
	       TOLD_EXIT_CONFIG, NULL, "enrolment of HOU");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_good_agreement_is_said_to_be_good_with_its_hash),
		cmocka_unit_test(test_a_faulty_agreement_is_named_with_file_line_and_column),
		cmocka_unit_test(test_one_faulty_file_among_good_ones_fails_the_check),
		cmocka_unit_test(test_a_new_version_says_what_would_newly_pass),
		cmocka_unit_test(test_the_permission_page_prints_who_and_which_groups_and_never),
		cmocka_unit_test(test_a_group_that_the_agreement_lacks_is_refused),
		cmocka_unit_test(test_import_check_says_what_is_taken_and_what_is_refused),
		cmocka_unit_test(test_a_story_file_that_is_no_json_is_refused_with_its_place),
		cmocka_unit_test(test_enrolment_needs_the_telephone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
