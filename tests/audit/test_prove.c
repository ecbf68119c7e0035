/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit prove: which entry a message, a transaction or a number means. */
#include "audit/fixture.h"

#include "told/vocabulary.h"

#include <stdio.h>

struct found {
	struct fixture *f;
	char proof[320];
};

static struct found found_new(size_t entries)
{
	struct found e = {.f = fixture_full(1, entries, 20)};
	fixture_turn(e.f, 1); /* brings the checkpoint of all before into the store */
	snprintf(e.proof, sizeof e.proof, "%s/one.tlog-proof", e.f->dir);
	return e;
}

static int check_proof(struct found *e)
{
	return fixture_run(e->f, "check-proof", e->proof, "--policy", e->f->policy, NULL);
}

static void test_a_message_is_found_by_either_id(void **state)
{
	(void)state;
	struct found e = found_new(60);
	static const uint8_t txid[16] = {0xaa, 1, 2, 3};
	static const char put[] =
		"INSERT INTO message(seq, log, idx, txid, id, sender, type, state, expires_ms, envelope,"
		" segment, offset, length) SELECT 1, 1, ?2, randomblob(16), ?1, 'IAPT', 12, 1, 1, x'', 0, 0, 0";
	struct told_leaf leaf = {.txid = told_bytes(txid, sizeof txid)};
	fixture_put_blob(e.f, put, told_bytes("message-id-of-16", 16), 33);
	fixture_put_blob(e.f, "INSERT INTO party(party, epoch, sender_seq, confirmed) VALUES ('IAPT', ?1, 0, ?2)",
			 told_bytes("epoch-of-an-iapt", 16), 0);
	fixture_put_blob(e.f, "INSERT INTO duplicate VALUES ('IAPT', ?1, x'', 1, ?2, 0)",
			 told_bytes("id-of-a-refusal!", 16), 21);
	fixture_begin(e.f);
	fixture_entry(e.f, &leaf, NULL);
	fixture_end(e.f);
	fixture_turn(e.f, 1);
	assert_int_equal(fixture_run(e.f, "prove", "6d657373-6167-652d-6964-2d6f662d3136", "--store", e.f->store,
				     "--out", e.proof, NULL),
			 0);
	assert_int_equal(check_proof(&e), 0);
	fixture_says(e.f, "entry 33 of northtown/1");
	assert_int_equal(fixture_run(e.f, "prove", "69642d6f662d612d7265667573616c21", "--store", e.f->store, "--out",
				     e.proof, NULL),
			 0);
	assert_int_equal(check_proof(&e), 0);
	fixture_says(e.f, "entry 21 of northtown/1"); /* no message row: it was refused */
	assert_int_equal(fixture_run(e.f, "prove", "aa010203000000000000000000000000", "--store", e.f->store, "--out",
				     e.proof, NULL),
			 0);
	assert_int_equal(check_proof(&e), 0);
	fixture_says(e.f, "entry 61 of northtown/1");
	assert_int_equal(fixture_run(e.f, "prove", "bb010203000000000000000000000000", "--store", e.f->store, NULL), 1);
	fixture_says(e.f, "no entry is about it");
	assert_int_equal(fixture_run(e.f, "prove", "xyz", "--store", e.f->store, NULL), 2);
	fixture_free(e.f);
}

/* The same number in an earlier entry, which only a search through all of them would meet first. */
static void test_a_transaction_is_looked_for_where_its_time_says(void **state)
{
	(void)state;
	struct found e = found_new(600);
	uint8_t txid[16] = {0};
	char id[40];
	uint64_t time_ms = e.f->time_ms + 5000;
	for (unsigned i = 0; i < 6; i++)
		txid[i] = (uint8_t)(time_ms >> 8 * (5 - i));
	told_hex(txid, sizeof txid, id);
	for (unsigned turn = 0; turn < 3; turn++) {
		struct told_leaf leaf = {.txid = told_bytes(txid, sizeof txid), .time_ms = turn == 0 ? 0 : time_ms};
		fixture_begin(e.f);
		fixture_entry(e.f, &leaf, NULL);
		fixture_end(e.f);
	}
	fixture_turn(e.f, 1);
	assert_int_equal(fixture_run(e.f, "prove", id, "--store", e.f->store, "--out", e.proof, NULL), 0);
	assert_int_equal(check_proof(&e), 0);
	fixture_says(e.f, "entry 602 of northtown/1");
	fixture_free(e.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_message_is_found_by_either_id),
		cmocka_unit_test(test_a_transaction_is_looked_for_where_its_time_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
