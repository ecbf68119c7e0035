/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit timestamp: the request, and the check of what an authority answered. */
#include "evidence/audit/base/audit.h"
#include "support/authority.h"
#include "support/support.h"

#include <stdio.h>
#include <string.h>

static char dir[200];

static const char note[] = "told.example/northtown/1\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
			   "\xe2\x80\x94 told.example/northtown/1 c2lnbmVk\n";

/* Runs told-audit timestamp with paths in the folder; options alternate with file names. */
static int audit(const char *const *pairs, size_t count, char *said, size_t room)
{
	char paths[8][300];
	char *argv[20] = {(char *)(uintptr_t) "told-audit", (char *)(uintptr_t) "timestamp"};
	FILE *out = fmemopen(said, room, "w"), *err = fopen("/dev/null", "w");
	assert_non_null(out);
	assert_non_null(err);
	for (size_t i = 0; i < count; i++) {
		snprintf(paths[i], sizeof paths[i], "%.200s/%.60s", dir, pairs[i]);
		argv[2 + i] = i % 2 == 0 ? (char *)(uintptr_t)pairs[i] : paths[i];
	}
	struct told_audit_io io = {.out = out, .err = err};
	int code = told_audit_run(2 + (int)count, argv, &io);
	fclose(out);
	fclose(err);
	return code;
}

static void test_a_checkpoint_is_stamped_and_the_token_checked(void **state)
{
	(void)state;
	char said[4096] = "";
	struct told_buf query = TOLD_BUF(65536), token = TOLD_BUF(65536);
	static const char *const asks[] = {"--note", "note", "--query", "query"};
	static const char *const checks[] = {"--note", "note", "--response", "token", "--ca", "tsa.pem"};
	static const char *const other[] = {"--note", "other", "--response", "token", "--ca", "tsa.pem"};
	static const char *const both[] = {"--note", "note", "--response", "token"};
	test_authority_put(dir, "note", told_text(note));
	test_authority_put(dir, "other", told_text("other"));
	assert_int_equal(audit(asks, 4, said, sizeof said), TOLD_AUDIT_GOOD);
	test_authority_get(dir, "query", &query);
	test_authority_answer(dir, "tsa", told_buf_view(&query), &token);
	test_authority_put(dir, "token", told_buf_view(&token));
	assert_int_equal(audit(checks, 6, said, sizeof said), TOLD_AUDIT_GOOD);
	assert_non_null(strstr(said, "OK"));
	assert_int_equal(audit(other, 6, said, sizeof said), TOLD_AUDIT_CONFIG);
	assert_int_equal(audit(both, 4, said, sizeof said), TOLD_AUDIT_WRONG_USE);
	struct told_buf changed = TOLD_BUF(4096);
	told_buf_put_text(&changed, note);
	changed.data[strlen("told.example/northtown/1\n")] = '8';
	test_authority_put(dir, "note", told_buf_view(&changed));
	assert_int_equal(audit(checks, 6, said, sizeof said), TOLD_AUDIT_INTEGRITY);
	told_buf_free(&changed);
	told_buf_free(&query);
	told_buf_free(&token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_checkpoint_is_stamped_and_the_token_checked),
	};
	if (!test_authority_possible()) {
		printf("skipped: there is no openssl command here\n");
		return 77;
	}
	snprintf(dir, sizeof dir, "%.190s", told_test_dir());
	test_authority_make(dir, "tsa");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
