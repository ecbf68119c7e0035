/* SPDX-License-Identifier: Apache-2.0 */
/* What entries say: time, state ruled on, numbers of senders, erasures; all in logs that are well signed. */
#include "audit/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One turn of three usual entries, then one with this leaf, then a usual turn, all signed as they stand. */
static struct fixture *with_entry(struct told_leaf leaf, const struct told_leaf_facts *facts)
{
	struct fixture *f = fixture_new(1);
	fixture_turn(f, 3);
	fixture_begin(f);
	fixture_entry(f, &leaf, facts);
	fixture_end(f);
	fixture_turn(f, 3);
	fixture_receipts(f, 2);
	return f;
}

static void test_time_that_goes_back_is_found(void **state)
{
	(void)state;
	struct fixture *f = with_entry((struct told_leaf){.time_ms = FIXTURE_TIME_MS - 5}, NULL);
	assert_int_equal(fixture_verify(f), 5);
	fixture_says(f, "integrity     FAILED     entry 3: its time lies 1005 ms before that of the entry before");
	fixture_says(f, "signature     OK");
	fixture_says(f, "anchored      OK");
	fixture_free(f);
}

static void test_a_ruling_on_a_state_to_come_is_found(void **state)
{
	(void)state;
	struct fixture *f = with_entry((struct told_leaf){.as_of = 4}, NULL);
	assert_int_equal(fixture_verify(f), 5);
	fixture_says(f, "entry 3: it was ruled as of size 4, which was still to come");
	fixture_free(f);
	f = with_entry((struct told_leaf){.as_of = 3}, NULL);
	assert_int_equal(fixture_verify(f), 0);
	fixture_free(f);
}

static void numbered(struct fixture *f, const char *sender, uint64_t number)
{
	struct told_leaf leaf = {.sender = told_text(sender), .sender_seq = number, .type = TOLD_TYPE_NOTE};
	fixture_entry(f, &leaf, NULL);
}

static struct fixture *with_numbers(const uint64_t *numbers, size_t n)
{
	struct fixture *f = fixture_new(1);
	fixture_turn(f, 3);
	fixture_begin(f);
	for (size_t i = 0; i < n; i++)
		numbered(f, "EMPLOYABILITY", numbers[i]);
	fixture_end(f);
	fixture_turn(f, 3);
	fixture_receipts(f, 3);
	return f;
}

static void test_gaps_are_named_and_do_not_fail(void **state)
{
	(void)state;
	struct fixture *f = with_numbers((uint64_t[]){1, 2, 5, 4, 9, 0, 10}, 7);
	assert_int_equal(fixture_verify(f), 0);
	fixture_says(f, "completeness  NOT SHOWN  2 gaps in what senders numbered, the first of EMPLOYABILITY: 3 to 3");
	assert_int_equal(fixture_run(f, "verify", "--json", "--store", f->store, "--policy", f->policy, "--receipts",
				     f->receipts, NULL),
			 0);
	fixture_says(f, "\"gap_count\":2,\"gaps\":[{\"sender\":\"EMPLOYABILITY\",\"from\":3,\"to\":3},"
			"{\"sender\":\"EMPLOYABILITY\",\"from\":6,\"to\":8}]");
	fixture_free(f);
}

static void test_numbers_out_of_order_and_twice_are_no_gaps(void **state)
{
	(void)state;
	struct fixture *f = with_numbers((uint64_t[]){2, 1, 4, 3, 3, 1, 6, 5}, 8);
	assert_int_equal(fixture_verify(f), 0);
	fixture_says(f, "completeness  OK         no gap in what 4 senders numbered");
	fixture_free(f);
}

static void test_a_leap_is_one_gap_however_far(void **state)
{
	(void)state;
	struct fixture *f = with_numbers((uint64_t[]){1, UINT64_C(9000000000000000000)}, 2);
	assert_int_equal(fixture_verify(f), 0);
	fixture_says(f, "1 gap in what senders numbered, the first of EMPLOYABILITY: 2 to 8999999999999999999");
	fixture_free(f);
}

/* ---- erasures ---- */

static void txid_of(struct fixture *f, int64_t index, uint8_t txid[16])
{
	struct told_bytes data = fixture_blob(f, "SELECT data FROM entry WHERE idx = ?1", index);
	struct told_arena *arena = NULL;
	struct told_leaf *leaf = NULL;
	assert_int_equal(told_arena_new(1 << 20, &arena), TOLD_OK);
	assert_int_equal(told_leaf_decode(data, arena, &leaf), TOLD_OK);
	memcpy(txid, leaf->txid.data, 16);
	told_arena_free(arena);
	free((void *)(uintptr_t)data.data);
}

static void test_details_gone_without_an_erasure_are_named(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 12, 4);
	fixture_sql(f, "DELETE FROM detail WHERE idx IN (5, 6)", 0, 0);
	assert_int_equal(fixture_verify(f), 5);
	fixture_says(f, "integrity     OK");
	fixture_says(f, "anchored      OK");
	fixture_says(
		f, "erasures      FAILED     entry 5: its details are gone and no erasure entry names it (and 1 more)");
	fixture_free(f);
}

static void test_details_that_an_erasure_names_may_be_gone(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 12, 4);
	uint8_t txids[2][16];
	txid_of(f, 5, txids[0]);
	txid_of(f, 6, txids[1]);
	struct told_bytes items[] = {told_bytes(txids[1], 16), told_bytes(txids[0], 16)};
	struct told_leaf_facts facts = {.authority = told_text("HOUSING"), .txids = {items, 2}};
	struct told_leaf leaf = {.phase = TOLD_PHASE_ERASURE, .sender = told_text("broker")};
	fixture_begin(f);
	fixture_sql(f, "DELETE FROM detail WHERE idx = 5", 0, 0);
	fixture_sql(f, "UPDATE detail SET subject = NULL, subject_salt = NULL WHERE idx = 6", 0, 0);
	fixture_entry(f, &leaf, &facts);
	fixture_end(f);
	fixture_turn(f, 2);
	fixture_receipts(f, 4);
	assert_int_equal(fixture_verify(f), 0);
	fixture_says(f, "erasures      OK         2 entries without their details, each named by an erasure");
	fixture_sql(f, "DELETE FROM detail WHERE idx = 7", 0, 0);
	assert_int_equal(fixture_verify(f), 5);
	fixture_says(f, "erasures      FAILED     entry 7: its details are gone");
	fixture_free(f);
}

static void test_an_erasure_whose_facts_were_changed_names_nothing(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 12, 4);
	uint8_t txid[16], other[16];
	txid_of(f, 5, txid);
	txid_of(f, 6, other);
	struct told_bytes item = told_bytes(other, 16);
	struct told_leaf_facts facts = {.txids = {&item, 1}};
	struct told_leaf leaf = {.phase = TOLD_PHASE_ERASURE, .sender = told_text("broker")};
	fixture_begin(f);
	fixture_entry(f, &leaf, &facts);
	fixture_end(f);
	fixture_sql(f, "DELETE FROM detail WHERE idx = 5", 0, 0);
	struct told_buf forged = TOLD_BUF(1024);
	item = told_bytes(txid, 16);
	assert_int_equal(told_leaf_facts_encode(&facts, &forged), TOLD_OK);
	fixture_put_blob(f, "UPDATE detail SET facts = ?1 WHERE idx = ?2", told_buf_view(&forged), 12);
	assert_int_equal(fixture_verify(f), 5);
	fixture_says(f, "integrity     FAILED     entry 12: its stored record of facts is not what it commits to");
	fixture_says(f, "erasures      FAILED     entry 5: its details are gone");
	told_buf_free(&forged);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time_that_goes_back_is_found),
		cmocka_unit_test(test_a_ruling_on_a_state_to_come_is_found),
		cmocka_unit_test(test_gaps_are_named_and_do_not_fail),
		cmocka_unit_test(test_numbers_out_of_order_and_twice_are_no_gaps),
		cmocka_unit_test(test_a_leap_is_one_gap_however_far),
		cmocka_unit_test(test_details_gone_without_an_erasure_are_named),
		cmocka_unit_test(test_details_that_an_erasure_names_may_be_gone),
		cmocka_unit_test(test_an_erasure_whose_facts_were_changed_names_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
