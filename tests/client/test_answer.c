/* SPDX-License-Identifier: Apache-2.0 */
/* What the client believes of an answer: nothing that it did not check. */
#include "client/log.h"

#include <stdio.h>

struct sent {
	struct told_header header;
	struct told_bytes header_bytes, facts;
	uint64_t index;
	uint8_t salt[32];
};

/* One message of ours on its way, accepted at the end of the log. */
static struct sent send_one(struct test_log *log, uint32_t phase)
{
	struct sent s = {.header = log_header(log, TOLD_TYPE_RELATIONSHIP, US)};
	struct told_relationship_part part = {.kind = TOLD_RELATIONSHIP_TEAM, .from_ms = 1, .live = TOLD_YES_NO_YES};
	s.header.author = told_text("W1");
	s.header.role = TOLD_ROLE_PRACTITIONER;
	s.header.relationship = &part;
	s.header_bytes = log_encode(log, TOLD_SCHEMA_HEADER, &s.header);
	s.header.relationship = NULL;
	struct told_flight *flight = told_flights_add(&log->client->flights, s.header.id.data);
	assert_non_null(flight);
	told_sha256(s.header_bytes, &flight->header_hash);
	told_key_id(log->signing_key, &flight->key_id);
	flight->sender_seq = s.header.sender_seq;
	flight->type = s.header.type;
	s.index = log_accept(log, &s.header, phase, s.header_bytes, &s.facts, s.salt);
	return s;
}

/* An answer with this one entry, as an honest broker makes it. */
struct made {
	struct told_answer answer;
	struct told_run run;
	struct told_opened_leaf leaf;
};

static void make_answer(struct test_log *log, const struct sent *s, size_t from, struct made *m)
{
	told_hash left[TOLD_PROOF_MAX], right[TOLD_PROOF_MAX];
	size_t left_count = 0, right_count = 0;
	assert_int_equal(told_tree_run(log_node, log, s->index, 1, log->size, left, &left_count, right, &right_count),
			 TOLD_OK);
	*m = (struct made){0};
	m->leaf = (struct told_opened_leaf){.leaf = log->entries[s->index],
					    .message_id = s->header.id,
					    .facts_salt = told_bytes(s->salt, 32),
					    .facts = s->facts};
	m->run = (struct told_run){.first = s->index,
				   .leaves = {.items = &m->leaf, .count = 1},
				   .left = log_list(log, left, left_count),
				   .right = log_list(log, right, right_count)};
	m->answer = (struct told_answer){.checkpoint = log_note(log, log->size),
					 .from_size = from,
					 .consistency = log_consistency(log, from, log->size),
					 .runs = {.items = &m->run, .count = 1}};
}

static void hear(struct test_log *log, const struct made *m)
{
	struct told_bytes body = log_encode(log, TOLD_SCHEMA_ANSWER, &m->answer);
	told_arena_reset(log->client->arena);
	assert_int_equal(told_client_take_answer(log->client, body, log_hear, log), TOLD_OK);
}

/* What whoever holds a receipt is given: the log's key, and no witnesses asked for. */
static void log_policy(const struct test_log *log, char out[300])
{
	char vkey[256];
	log_vkey(log, vkey);
	snprintf(out, 300, "log %s\nquorum none\n", vkey);
}

static void a_receipt_is_told_with_a_proof_that_stands_alone(void **state)
{
	struct test_log *log = *state;
	struct made m;
	char policy[300];
	uint64_t index = 0;
	log_fill(log, 7);
	log_client(log, 5);
	struct sent s = send_one(log, TOLD_PHASE_FLAG);
	log_fill(log, 3);
	make_answer(log, &s, 5, &m);
	hear(log, &m);
	assert_int_equal(log->answers, 1);
	assert_int_equal(log->last.answer.outcome, TOLD_ANSWER_ACCEPTED);
	assert_int_equal(log->last.answer.index, s.index);
	assert_true(log->last.answer.in_flight);
	assert_int_equal(log->client->flights.count, 0);
	log_policy(log, policy);
	assert_int_equal(told_receipt_check(told_buf_view(&log->receipt), told_text(policy), NULL, &index), TOLD_OK);
	assert_int_equal(index, s.index);
}

static void a_changed_receipt_file_is_no_proof(void **state)
{
	struct test_log *log = *state;
	struct made m;
	char policy[300];
	uint64_t index = 0;
	log_fill(log, 6);
	log_client(log, 5);
	struct sent s = send_one(log, TOLD_PHASE_FLAG);
	make_answer(log, &s, 5, &m);
	hear(log, &m);
	log_policy(log, policy);
	for (size_t i = 0; i < log->receipt.len; i++) {
		log->receipt.data[i] ^= 1;
		assert_int_not_equal(told_receipt_check(told_buf_view(&log->receipt), told_text(policy), NULL, &index),
				     TOLD_OK);
		log->receipt.data[i] ^= 1;
	}
}

static void expect_fault(struct test_log *log, const struct made *m, enum told_status status)
{
	hear(log, m);
	assert_int_equal(log->answers, 0);
	assert_int_equal(log->faults, 1);
	assert_int_equal(log->last.status, status);
	assert_int_equal(log->client->shut, status == TOLD_E_FORK);
}

static void a_checkpoint_signed_by_another_key_is_not_believed(void **state)
{
	struct test_log *log = *state;
	struct made m;
	log_fill(log, 4);
	log_client(log, 4);
	struct sent s = send_one(log, TOLD_PHASE_FLAG);
	make_answer(log, &s, 4, &m);
	m.answer.checkpoint = log_note_as(log, log->size, LOG_ORIGIN, log->signing, log->key);
	expect_fault(log, &m, TOLD_E_SIGNATURE);
	assert_int_equal(log->client->flights.count, 1);
}

static void a_checkpoint_of_another_log_is_not_believed(void **state)
{
	struct test_log *log = *state;
	struct made m;
	log_fill(log, 4);
	log_client(log, 4);
	struct sent s = send_one(log, TOLD_PHASE_FLAG);
	make_answer(log, &s, 4, &m);
	m.answer.checkpoint = log_note_as(log, log->size, "northtown.example/2", log->signer, log->key);
	expect_fault(log, &m, TOLD_E_SIGNATURE);
}

static void two_histories_shut_the_session_and_keep_both_notes(void **state)
{
	struct test_log *log = *state;
	struct made m;
	log_fill(log, 6);
	log_client(log, 6);
	log->leaves[2].b[0] ^= 1; /* history is rewritten */
	struct sent s = send_one(log, TOLD_PHASE_FLAG);
	make_answer(log, &s, 6, &m);
	expect_fault(log, &m, TOLD_E_FORK);
	assert_true(log->last.fault.kept.len > 0);
	assert_true(log->last.fault.note.len > 0);
	assert_false(told_client_ready(log->client));
	assert_int_equal(told_client_room(log->client), 0);
	assert_non_null(strstr(told_client_advice(log->client), "two histories"));
}

static void another_root_of_the_same_size_is_a_fork(void **state)
{
	struct test_log *log = *state;
	struct made m;
	log_fill(log, 6);
	log_client(log, 6);
	struct sent s = send_one(log, TOLD_PHASE_FLAG);
	make_answer(log, &s, 6, &m);
	hear(log, &m);
	assert_int_equal(log->answers, 1);
	log->answers = log->faults = 0;
	log->leaves[0].b[0] ^= 1;
	m.answer.checkpoint = log_note(log, log->size);
	expect_fault(log, &m, TOLD_E_FORK);
}

/* The broker lost its end of the session: nothing is believed, nobody is accused, and we say hello again. */
static void expect_anew(struct test_log *log, const struct made *m)
{
	log->client->ready = log->client->hailed = true;
	hear(log, m);
	assert_int_equal(log->answers, 0);
	assert_int_equal(log->faults, 0);
	assert_int_equal(log->last.kind, TOLD_CLIENT_DISCONNECTED);
	assert_false(log->client->ready || log->client->hailed || log->client->shut);
}

static void a_proof_from_a_size_that_was_never_named_proves_nothing(void **state)
{
	struct test_log *log = *state;
	struct made m;
	log_fill(log, 6);
	log_client(log, 6);
	struct sent s = send_one(log, TOLD_PHASE_FLAG);
	make_answer(log, &s, 5, &m);
	expect_anew(log, &m);
	make_answer(log, &s, 0, &m);
	expect_anew(log, &m);
}

static void an_entry_that_is_not_in_the_tree_is_not_told(void **state)
{
	struct test_log *log = *state;
	struct made m;
	log_fill(log, 4);
	log_client(log, 4);
	struct sent s = send_one(log, TOLD_PHASE_REFUSED), other = send_one(log, TOLD_PHASE_FLAG);
	make_answer(log, &s, 4, &m);
	m.leaf.leaf = log->entries[other.index];
	expect_fault(log, &m, TOLD_E_PROOF);
}

static void opened_facts_must_be_those_committed_to(void **state)
{
	struct test_log *log = *state;
	struct made m;
	log_fill(log, 4);
	log_client(log, 4);
	struct sent s = send_one(log, TOLD_PHASE_FLAG);
	make_answer(log, &s, 4, &m);
	s.salt[3] ^= 1;
	expect_fault(log, &m, TOLD_E_COMMITMENT);
}

static void a_receipt_for_other_bytes_is_not_ours(void **state)
{
	struct test_log *log = *state;
	struct made m;
	log_fill(log, 4);
	log_client(log, 4);
	struct sent s = send_one(log, TOLD_PHASE_FLAG);
	told_flights_find(&log->client->flights, s.header.id)->header_hash.b[0] ^= 1;
	make_answer(log, &s, 4, &m);
	expect_fault(log, &m, TOLD_E_DIGEST);
	assert_int_equal(log->client->flights.count, 1);
}

static void an_ask_is_answered_without_any_part(void **state)
{
	struct test_log *log = *state;
	struct made m;
	log_fill(log, 4);
	log_client(log, 4);
	struct sent s = send_one(log, TOLD_PHASE_ANSWERED);
	make_answer(log, &s, 4, &m);
	m.leaf.facts_salt = m.leaf.facts = told_bytes(NULL, 0);
	hear(log, &m);
	assert_int_equal(log->answers, 1);
	assert_int_equal(log->last.answer.outcome, TOLD_ANSWER_ANSWERED);
	assert_null(log->last.answer.header_hash);
	assert_int_equal(log->last.answer.ruling.len, 0);
}

static void an_entry_without_parts_must_still_fit_what_was_sent(void **state)
{
	struct test_log *log = *state;
	struct made m;
	log_fill(log, 4);
	log_client(log, 4);
	struct sent s = send_one(log, TOLD_PHASE_ANSWERED);
	told_flights_find(&log->client->flights, s.header.id)->sender_seq++;
	make_answer(log, &s, 4, &m);
	m.leaf.facts_salt = m.leaf.facts = told_bytes(NULL, 0);
	expect_fault(log, &m, TOLD_E_DIGEST);
}

static void a_receipt_given_again_is_proved_under_its_old_checkpoint(void **state)
{
	struct test_log *log = *state;
	struct made m;
	log_fill(log, 4);
	log_client(log, 4);
	struct sent s = send_one(log, TOLD_PHASE_FLAG);
	make_answer(log, &s, 4, &m);
	size_t old_size = log->size;
	log_fill(log, 20);
	log_client(log, log->size); /* what we confirmed since is newer */
	struct told_flight *flight = told_flights_add(&log->client->flights, s.header.id.data);
	told_sha256(s.header_bytes, &flight->header_hash);
	told_key_id(log->signing_key, &flight->key_id);
	flight->sender_seq = s.header.sender_seq;
	flight->type = s.header.type;
	m.answer.from_size = log->size;
	m.answer.consistency = log_consistency(log, old_size, log->size);
	hear(log, &m);
	assert_int_equal(log->answers, 1);
	uint64_t newest = 0;
	told_client_checkpoint(log->client, &newest, NULL);
	assert_int_equal(newest, log->size); /* an old checkpoint is never newest again */
}

static void busy_means_the_same_id_later(void **state)
{
	struct test_log *log = *state;
	log_fill(log, 4);
	log_client(log, 4);
	struct sent s = send_one(log, TOLD_PHASE_FLAG);
	struct told_busy busy = {.message_id = s.header.id, .retry_ms = 70};
	struct made m = {
		.answer = {.checkpoint = log_note(log, 4), .from_size = 4, .busy = {.items = &busy, .count = 1}}};
	hear(log, &m);
	assert_int_equal(log->last.kind, TOLD_CLIENT_BUSY);
	assert_int_equal(log->last.busy.retry_ms, 70);
	assert_int_equal(log->client->flights.count, 0);
}

static void random_bytes_are_a_fault_and_nothing_else(void **state)
{
	struct test_log *log = *state;
	uint64_t seed = told_test_seed();
	log_fill(log, 4);
	log_client(log, 4);
	for (size_t i = 0; i < 500; i++) {
		uint8_t bytes[300];
		for (size_t j = 0; j < sizeof bytes; j++)
			bytes[j] = (uint8_t)told_test_random(&seed);
		size_t len = told_test_random(&seed) % sizeof bytes;
		told_arena_reset(log->client->arena);
		assert_int_equal(told_client_take_answer(log->client, told_bytes(bytes, len), log_hear, log), TOLD_OK);
		told_arena_reset(log->client->arena);
		assert_int_equal(told_client_take_parcel(log->client, told_bytes(bytes, len), log_hear, log), TOLD_OK);
	}
	assert_int_equal(log->answers, 0);
	assert_int_equal(log->parcels, 0);
	assert_false(log->client->shut);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, log_open, log_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_receipt_is_told_with_a_proof_that_stands_alone),
		TEST(a_changed_receipt_file_is_no_proof),
		TEST(a_checkpoint_signed_by_another_key_is_not_believed),
		TEST(a_checkpoint_of_another_log_is_not_believed),
		TEST(two_histories_shut_the_session_and_keep_both_notes),
		TEST(another_root_of_the_same_size_is_a_fork),
		TEST(a_proof_from_a_size_that_was_never_named_proves_nothing),
		TEST(an_entry_that_is_not_in_the_tree_is_not_told),
		TEST(opened_facts_must_be_those_committed_to),
		TEST(a_receipt_for_other_bytes_is_not_ours),
		TEST(an_ask_is_answered_without_any_part),
		TEST(an_entry_without_parts_must_still_fit_what_was_sent),
		TEST(a_receipt_given_again_is_proved_under_its_old_checkpoint),
		TEST(busy_means_the_same_id_later),
		TEST(random_bytes_are_a_fault_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
