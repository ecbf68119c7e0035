/* SPDX-License-Identifier: Apache-2.0 */
/* Timestamp tokens in the drill: turned, deleted, moved, swapped; and that a heartbeat's word of one is what tells. */
#include "audit/fixture.h"

#include "evidence/timestamp.h"
#include "support/authority.h"

#include <stdio.h>
#include <string.h>

#define KEY 1u

/* A turn in which the token of the newest checkpoint is filed, and an entry says so unless nobody says. */
static void stamp(struct fixture *f, bool said)
{
	struct told_buf query = TOLD_BUF(65536), token = TOLD_BUF(65536);
	struct told_leaf leaf = {.phase = TOLD_PHASE_HEARTBEAT, .sender = told_text("broker")};
	told_hash hash;
	int64_t size = (int64_t)f->note_size;
	assert_int_equal(told_timestamp_query(told_buf_view(&f->note), &query), TOLD_OK);
	test_authority_answer(f->dir, "tsa", told_buf_view(&query), &token);
	told_sha256(told_buf_view(&token), &hash);
	const struct told_leaf_facts facts = {.token = told_bytes(hash.b, said ? sizeof hash.b : 0),
					      .token_size = said ? (uint64_t)size : 0};
	fixture_begin(f);
	fixture_entry(f, &leaf, &facts);
	fixture_put_blob(f, "INSERT INTO timestamp(log, size, token) SELECT 1, ?2, ?1", told_buf_view(&token), size);
	fixture_end(f);
	told_buf_free(&query);
	told_buf_free(&token);
}

static struct fixture *stamped(bool said)
{
	struct fixture *f = fixture_full(KEY, 8, 4);
	test_authority_make(f->dir, "tsa");
	for (int i = 0; i < 3; i++)
		stamp(f, said);
	fixture_turn(f, 2);
	fixture_receipts(f, 7);
	return f;
}

static int drill(struct fixture *f)
{
	return fixture_run(f, "drill", "--store", f->store, "--policy", f->policy, "--receipts", f->receipts, NULL);
}

static void test_every_timestamp_that_is_changed_moved_or_gone_is_seen(void **state)
{
	static const char *const kinds[] = {
		"one bit of a timestamp turned",
		"a timestamp deleted",
		"a timestamp filed with another checkpoint",
		"two timestamps swapped",
	};
	(void)state;
	struct fixture *f = stamped(true);
	if (drill(f) != 0)
		fail_msg("%s", f->out);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		fixture_caught(f, kinds[i], " integrity");
	fixture_says(f, " detected, 0 missed\n");
	fixture_free(f);
}

/* Where no entry speaks of a token, one that is gone cannot be seen: the drill says so. */
static void test_a_token_that_no_entry_speaks_of_is_missed_when_it_is_gone(void **state)
{
	char line[256];
	(void)state;
	struct fixture *f = stamped(false);
	assert_int_equal(drill(f), 5);
	fixture_line(f, "a timestamp deleted", line);
	assert_non_null(strstr(line, "MISSED 3"));
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_timestamp_that_is_changed_moved_or_gone_is_seen),
		cmocka_unit_test(test_a_token_that_no_entry_speaks_of_is_missed_when_it_is_gone),
	};
	if (!test_authority_possible()) {
		printf("skipped: there is no openssl command here\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
