/* SPDX-License-Identifier: Apache-2.0 */
/* `told decide` as typed: what it prints, how it ends, and that a case altered in any way is not passed over. */
#include "agents/explain/decide.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1795341600000LL /* 2026-11-22T10:00Z */

struct ran {
	int exit;
	char *out, *err;
};

static struct ran run(const char *const *words)
{
	struct ran ran;
	size_t out_len, err_len;
	char *argv[64];
	int argc = 0;
	for (; words[argc]; argc++)
		argv[argc] = (char *)(uintptr_t)words[argc];
	FILE *out = open_memstream(&ran.out, &out_len), *err = open_memstream(&ran.err, &err_len);
	ran.exit = told_decide_run(argc, argv, out, err, NOW, NULL, NULL);
	fclose(out);
	fclose(err);
	return ran;
}
#define RUN(...) run((const char *const[]){"decide", __VA_ARGS__, NULL})

static void expect(struct ran ran, int exit, const char *out, const char *err)
{
	if (ran.exit != exit || !strstr(ran.out, out) || !strstr(ran.err, err))
		fail_msg("exit %d\nout: %s\nerr: %s", ran.exit, ran.out, ran.err);
	free(ran.out);
	free(ran.err);
}

static const char *source(const char *path)
{
	static char full[4][4096];
	static unsigned next;
	const char *root = getenv("TOLD_SOURCE");
	char *out = full[next++ % 4];
	snprintf(out, sizeof full[0], "%s/%s", root ? root : ".", path);
	return out;
}

#define AGREEMENTS "tests/table/decision/agreements/"

static const char *file_with(const char *text)
{
	static char path[256];
	snprintf(path, sizeof path, "%s/cases.yaml", told_test_dir());
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	return path;
}

/* A good case under an agreement of the table, with one line of our own. */
static const char *case_with(const char *line, const char *expect_codes, const char *rest)
{
	char text[8192];
	snprintf(text, sizeof text,
		 "cases:\n  - id: T1\n    title: \"One\"\n    clock: 2026-11-22T10:00Z\n    agreement: \"%s\"\n%s"
		 "    consents:\n      - {id: C1, kind: permission, state: given, given: 2026-11-01, to: [TT], for: "
		 "[REFERRAL], "
		 "data: [DEM.ID]}\n    message:\n      from: HOU\n      to: [TT]\n      type: REFERRAL\n      for: "
		 "[REFERRAL]\n"
		 "      sections: [DEM.ID]\n    expect:\n      effect: RELEASE\n      released: [DEM.ID]\n      codes: "
		 "[%s]\n%s",
		 source(AGREEMENTS "ISA-MD3.yaml"), line, expect_codes, rest);
	return file_with(text);
}

static void test_the_whole_table_passes(void **state)
{
	(void)state;
	expect(RUN("--cases", source("tests/table/decision")), 0, " passed, 0 failed\n", "");
	expect(RUN("--cases", source("tests/table/decision/law.yaml"), source("tests/table/decision/rights.yaml")), 0,
	       " passed, 0 failed\n", "");
}

static void test_an_altered_expectation_fails_and_says_what_differs(void **state)
{
	(void)state;
	expect(RUN("--cases", case_with("", "OK-00", "")), 0, "1 passed, 0 failed\n", "");
	expect(RUN("--cases", case_with("", "CON-07", "")), 1, "CON-07 is missing OK-00 was not expected", "");
	expect(RUN("--cases", case_with("", "CON-07", "")), 1, "0 passed, 1 failed\n", "");
}

static void test_a_key_or_word_that_no_case_has_is_refused_with_its_place(void **state)
{
	(void)state;
	expect(RUN("--cases", case_with("    relashionships: []\n", "OK-00", "")), 1,
	       "cases.yaml:6:5: no case has \"relashionships\" here (did you mean \"relationships\"?)", "");
	expect(RUN("--cases", case_with("    person: {age: teenager}\n", "OK-00", "")), 1,
	       "cases.yaml:6:19: \"teenager\" is no \"age\"", "");
	expect(RUN("--cases", case_with("    person: {merge-pending: maybe}\n", "OK-00", "")), 1,
	       "is no \"merge-pending\"", "");
	expect(RUN("--cases", case_with("    workflow: {members: HOU}\n", "OK-00", "")), 1,
	       "\"members\" must be a list", "");
	expect(RUN("--cases", case_with("    consents: [C1]\n", "OK-00", "")), 1, "1 failed", "");
	expect(RUN("--cases", file_with("")), 1, "1 failed", "");
	expect(RUN("--cases", file_with("cases: []\n")), 1, "1 failed", "");
	expect(RUN("--cases", file_with("case:\n  - {id: A}\n")), 1, "has one list, \"cases\"", "");
	expect(RUN("--cases", file_with("cases:\n  - {id: A, clock: 2026-11-22}\n")), 1, "names no recipient", "");
}

static void test_a_disputed_row_runs_against_what_we_argue_and_is_said(void **state)
{
	(void)state;
	const char *table = "    table_expect:\n      effect: DENY\n      withheld: [DEM.ID]\n      codes: [AGR-08]\n";
	char rest[512];
	snprintf(rest, sizeof rest, "    disputed: \"the flow is there\"\n%s", table);
	expect(RUN("--cases", case_with("", "OK-00", rest)), 0, "disputed T1: the flow is there\n1 passed, 0 failed\n",
	       "");
	expect(RUN("--cases", case_with("", "OK-00", table)), 1, "one needs the other", "");
}

static void test_a_path_without_cases_is_no_success(void **state)
{
	(void)state;
	expect(RUN("--cases", "/nowhere"), 1, "0 passed, 1 failed\n", "there is no such thing");
	expect(RUN("--cases", told_test_dir()), 1, "0 passed, 1 failed\n", "there is no such thing");
}

static void test_json_has_a_line_a_case_and_the_count(void **state)
{
	(void)state;
	expect(RUN("--cases", case_with("", "OK-00", ""), "--json"), 0,
	       "\"id\":\"T1\",\"passed\":true,\"disputed\":null", "");
	expect(RUN("--cases", case_with("", "OK-00", ""), "--json"), 0, "{\"passed\":1,\"failed\":0,\"disputed\":0}\n",
	       "");
}

static void test_one_case_is_explained(void **state)
{
	(void)state;
	const char *file = source("tests/table/decision/release.yaml");
	expect(RUN("--case", file, "--id", "DC001"), 0, "RELEASE: 5 of 5 parts go, under ISA-MD version 3", "");
	expect(RUN("--case", file, "--id", "DC001", "--for", "auditor"), 0, "primary    OK-00, stage 8", "");
	expect(RUN("--case", file, "--id", "DC001", "--json"), 0, "\"clause\":\"4.1\",\"permission\":\"C1\"", "");
	expect(RUN("--case", file, "--id", "DC999"), 1, "", "has no case DC999");
	expect(RUN("--case", file), 0, "DC001 Plain referral", "");
}

static void test_a_request_in_words_is_explained(void **state)
{
	(void)state;
	const char *agreement = source(AGREEMENTS "ISA-MD3.yaml");
	expect(RUN("--agreement", agreement, "--from", "HOU", "--to", "TT", "--purpose", "REFERRAL", "--section",
		   "DEM.ID,MH.PROB"),
	       4, "CON-01 There is no permission for this. [clause 4.1]", "");
	const char *facts =
		file_with("consents:\n  - {id: C7, kind: permission, state: given, given: 2026-11-01, to: [TT], "
			  "for: [REFERRAL], data: [DEM.ID]}\n");
	expect(RUN("--agreement", agreement, "--from", "HOU", "--to", "TT", "--purpose", "REFERRAL", "--section",
		   "DEM.ID", "MH.PROB", "--consents", facts),
	       0, "[clause 4.1, permission C7]", "");
	expect(RUN("--agreement", agreement, "--from", "HOU", "--to", "TT", "--purpose", "REFERRAL", "--section",
		   "DEM.ID", "--facts", facts, "--at", "2028-01-01"),
	       4, "CON-04", "");
	expect(RUN("--agreement", agreement, "--from", "TT", "--to", "EVALUATOR", "--purpose", "EVAL", "--section",
		   "MH.PROB"),
	       4, "DENY: 0 of 1 parts go", "");
}

static void test_wrong_use_says_what_to_do(void **state)
{
	(void)state;
	const char *agreement = source(AGREEMENTS "ISA-MD3.yaml");
	expect(RUN("--csaes", "x"), 2, "", "Did you mean --cases?");
	expect(RUN("--json"), 2, "", "one of --cases, --case, --agreement, --client and --bench");
	expect(RUN("--cases"), 2, "", "a word behind --cases");
	expect(RUN("--cases", "x", "--case", "y"), 2, "", "one of --cases, --case, --agreement, --client and --bench");
	expect(RUN("--case", "x", "--for", "everybody"), 2, "", "not everybody");
	expect(RUN("--agreement", agreement), 2, "", "--from, --to, --purpose and --section");
	expect(RUN("--agreement", agreement, "--from", "HOU", "--to", "TT", "--purpose", "FUN", "--section", "DEM.ID"),
	       6, "", "\"FUN\" is no purpose");
	expect(RUN("--agreement", "/nowhere.yaml", "--from", "HOU", "--to", "TT", "--purpose", "REFERRAL", "--section",
		   "DEM.ID"),
	       6, "", "cannot be read");
	expect(RUN("--help"), 0, "told decide --cases PATH...", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_whole_table_passes),
		cmocka_unit_test(test_an_altered_expectation_fails_and_says_what_differs),
		cmocka_unit_test(test_a_key_or_word_that_no_case_has_is_refused_with_its_place),
		cmocka_unit_test(test_a_disputed_row_runs_against_what_we_argue_and_is_said),
		cmocka_unit_test(test_a_path_without_cases_is_no_success),
		cmocka_unit_test(test_json_has_a_line_a_case_and_the_count),
		cmocka_unit_test(test_one_case_is_explained),
		cmocka_unit_test(test_a_request_in_words_is_explained),
		cmocka_unit_test(test_wrong_use_says_what_to_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
