/* SPDX-License-Identifier: Apache-2.0 */
/* A log that ended and the one that began after it: what the client offers to its caller, what it follows by itself,
 * and every lie about the old log that it can see. */
#include "client/log.h"

#include "told/codes.h"

#define NEXT "northtown.example/2"

/* The honest broker's word after a restore: the old log at `restored` of `anchored`, the new one with one entry. */
struct word {
	struct told_leaf_facts facts;
	struct told_leaf leaf;
	struct told_restore restore;
	struct told_welcome welcome;
	uint8_t salt[32];
	const char *next_origin;
	struct told_signer *signer;
	const uint8_t *key;
};

static struct told_bytes note_of(struct test_log *log, const char *origin, uint64_t size, const told_hash *root,
				 const struct word *w)
{
	struct told_checkpoint checkpoint = {.origin = told_text(origin), .size = size, .root = *root};
	struct told_buf text = TOLD_BUF(4096), note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	told_checkpoint_format(&checkpoint, &text);
	assert_int_equal(told_note_sign(told_buf_view(&text), told_text(origin), w->signer, w->key, &note), TOLD_OK);
	told_buf_free(&text);
	return log_keep(log, &note);
}

static told_hash root_at(const struct test_log *log, size_t size)
{
	told_hash root;
	told_merkle_root(log->leaves, size, &root);
	return root;
}

static struct word honest(struct test_log *log, size_t anchored, size_t restored)
{
	struct word w = {.next_origin = NEXT, .signer = log->signer, .key = log->key};
	told_hash *root = told_arena_alloc(log->arena, sizeof *root);
	*root = root_at(log, anchored);
	w.facts = (struct told_leaf_facts){.old_origin = told_text(LOG_ORIGIN),
					   .old_size = anchored,
					   .old_root = told_bytes(root->b, sizeof root->b),
					   .size_restored = restored};
	w.leaf = (struct told_leaf){.version = 1,
				    .phase = TOLD_PHASE_RESTORE,
				    .time_ms = 1790000000000u,
				    .txid = told_bytes(root->b, TOLD_ID_BYTES),
				    .sender = told_text("broker")};
	assert_int_equal(told_random(w.salt, sizeof w.salt), TOLD_OK);
	return w;
}

/* Makes the frames' content of what was stated, as the broker would. */
static void say(struct test_log *log, struct word *w)
{
	told_hash commitment, leaf, ended = root_at(log, w->facts.size_restored);
	size_t known = log->client->trail.newest.size;
	w->restore.facts = log_encode(log, TOLD_SCHEMA_LEAF_FACTS, &w->facts);
	w->restore.facts_salt = told_bytes(w->salt, sizeof w->salt);
	told_hmac(w->restore.facts_salt, w->restore.facts, &commitment);
	w->leaf.facts = told_bytes(commitment.b, sizeof commitment.b);
	w->restore.leaf = log_encode(log, TOLD_SCHEMA_LEAF, &w->leaf);
	told_leaf_hash(w->restore.leaf, &leaf);
	w->restore.checkpoint = note_of(log, w->next_origin, 1, &leaf, w);
	if (w->restore.ended.len == 0)
		w->restore.ended = note_of(log, LOG_ORIGIN, w->facts.size_restored, &ended, w);
	if (known > 0 && known < w->facts.size_restored)
		w->restore.consistency = log_consistency(log, known, w->facts.size_restored);
	w->welcome = (struct told_welcome){.now_ms = 1, .checkpoint = w->restore.checkpoint, .restore = &w->restore};
}

static void hear(struct test_log *log, const struct word *w)
{
	struct told_welcome *welcome = NULL;
	struct told_bytes body = log_encode(log, TOLD_SCHEMA_WELCOME, &w->welcome);
	log->client->ready = false;
	told_arena_reset(log->client->arena);
	assert_int_equal(told_welcome_decode(body, log->client->arena, &welcome), TOLD_OK);
	assert_int_equal(told_client_hear_other(log->client, welcome, log_hear, log), TOLD_OK);
}

static void begin(struct test_log *log, size_t size, size_t confirmed)
{
	log_fill(log, size);
	log_client(log, confirmed);
}

static void expect_fault(struct test_log *log, struct word *w, enum told_status status)
{
	hear(log, w);
	assert_int_equal(log->faults, 1);
	assert_int_equal(log->last.status, status);
	assert_int_equal(log->client->shut, status == TOLD_E_FORK);
	assert_false(log->client->ready);
	assert_int_equal(log->client->log_number, 1);
}

static void a_new_log_is_offered_with_its_numbers_and_nothing_goes_on(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 9);
	struct word w = honest(log, 20, 12);
	say(log, &w);
	hear(log, &w);
	assert_int_equal(log->last.kind, TOLD_CLIENT_NEW_LOG);
	assert_int_equal(log->last.new_log.known, 9);
	assert_int_equal(log->last.new_log.old_size, 20);
	assert_int_equal(log->last.new_log.ended.size, 12);
	assert_true(log->last.new_log.proved);
	assert_false(log->last.new_log.followed);
	assert_false(log->client->ready);
	assert_int_equal(log->client->log_number, 1);
}

static void what_was_checked_beyond_the_size_restored_is_said_to_be_unproved(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 15);
	struct word w = honest(log, 20, 12);
	say(log, &w);
	hear(log, &w);
	assert_int_equal(log->last.kind, TOLD_CLIENT_NEW_LOG);
	assert_false(log->last.new_log.proved);
}

static void who_knows_nothing_follows_by_itself(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 0);
	struct word w = honest(log, 20, 12);
	say(log, &w);
	hear(log, &w);
	assert_true(log->last.new_log.followed);
	assert_int_equal(log->client->log_number, 2);
	assert_int_equal(log->client->base, 12);
}

static void a_log_that_does_not_name_ours_is_refused(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 9);
	struct word w = honest(log, 20, 12);
	w.facts.old_origin = told_text("northtown.example/7");
	say(log, &w);
	expect_fault(log, &w, TOLD_E_PROOF);
}

static void a_log_that_is_not_the_next_is_refused(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 9);
	struct word w = honest(log, 20, 12);
	w.next_origin = "northtown.example/3";
	say(log, &w);
	expect_fault(log, &w, TOLD_E_SIGNATURE);
}

static void a_log_under_another_key_is_refused(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 9);
	struct word w = honest(log, 20, 12);
	w.signer = log->signing;
	w.key = log->signing_key;
	say(log, &w);
	expect_fault(log, &w, TOLD_E_SIGNATURE);
}

static void a_later_log_that_says_nothing_of_ours_is_refused(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 9);
	struct word w = honest(log, 20, 12);
	say(log, &w);
	w.welcome.restore = NULL;
	expect_fault(log, &w, TOLD_E_PROOF);
}

static void what_it_states_must_be_what_its_first_entry_commits_to(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 9);
	struct word w = honest(log, 20, 12);
	say(log, &w);
	w.facts.size_restored = 13;
	w.restore.facts = log_encode(log, TOLD_SCHEMA_LEAF_FACTS, &w.facts);
	expect_fault(log, &w, TOLD_E_PROOF);
}

static void a_first_entry_of_another_kind_begins_nothing(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 9);
	struct word w = honest(log, 20, 12);
	w.leaf.phase = TOLD_PHASE_HEARTBEAT;
	say(log, &w);
	expect_fault(log, &w, TOLD_E_PROOF);
}

static void an_anchor_behind_what_we_were_shown_is_a_second_history(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 18);
	struct word w = honest(log, 17, 12);
	say(log, &w);
	expect_fault(log, &w, TOLD_E_FORK);
}

static void another_root_at_the_size_anchored_is_a_second_history(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 20);
	struct word w = honest(log, 20, 12);
	told_hash other = root_at(log, 5);
	w.facts.old_root = told_bytes(other.b, sizeof other.b);
	say(log, &w);
	expect_fault(log, &w, TOLD_E_FORK);
}

/* It dropped entries from 6 on, put others there, and says that 12 are as they were. */
static void more_dropped_than_said_is_a_second_history(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 9);
	struct word w = honest(log, 20, 12);
	for (size_t i = 6; i < 12; i++)
		log->leaves[i].b[0] ^= 1;
	say(log, &w);
	expect_fault(log, &w, TOLD_E_FORK);
}

static void an_end_at_another_size_than_stated_is_refused(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 9);
	struct word w = honest(log, 20, 12);
	told_hash root = root_at(log, 11);
	w.restore.ended = note_of(log, LOG_ORIGIN, 11, &root, &w);
	say(log, &w);
	expect_fault(log, &w, TOLD_E_PROOF);
}

static void nothing_lost_is_no_reason_for_a_new_log(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 9);
	struct word w = honest(log, 20, 20);
	say(log, &w);
	expect_fault(log, &w, TOLD_E_PROOF);
}

static void the_old_log_going_on_after_its_end_is_a_second_history(void **state)
{
	struct test_log *log = *state;
	begin(log, 20, 0);
	struct word w = honest(log, 20, 12);
	say(log, &w);
	hear(log, &w);
	assert_int_equal(log->client->log_number, 2);
	w.welcome = (struct told_welcome){.now_ms = 1, .checkpoint = log_note(log, 20)};
	hear(log, &w);
	assert_int_equal(log->last.status, TOLD_E_FORK);
}

static void an_old_log_is_believed_at_its_accepted_end_only(void **state)
{
	struct test_log *log = *state;
	struct told_point point;
	uint64_t base = 7;
	begin(log, 20, 0);
	struct word w = honest(log, 20, 12);
	say(log, &w);
	hear(log, &w);
	assert_int_equal(told_client_ended(log->client, log_note(log, 12), &point, &base), TOLD_OK);
	assert_int_equal(base, 0);
	assert_int_equal(told_client_ended(log->client, log_note(log, 11), &point, &base), TOLD_E_FORK);
	log->leaves[3].b[0] ^= 1;
	assert_int_equal(told_client_ended(log->client, log_note(log, 12), &point, &base), TOLD_E_FORK);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, log_open, log_close)
	const struct CMUnitTest tests[] = {
		T(a_new_log_is_offered_with_its_numbers_and_nothing_goes_on),
		T(what_was_checked_beyond_the_size_restored_is_said_to_be_unproved),
		T(who_knows_nothing_follows_by_itself),
		T(a_log_that_does_not_name_ours_is_refused),
		T(a_log_that_is_not_the_next_is_refused),
		T(a_log_under_another_key_is_refused),
		T(a_later_log_that_says_nothing_of_ours_is_refused),
		T(what_it_states_must_be_what_its_first_entry_commits_to),
		T(a_first_entry_of_another_kind_begins_nothing),
		T(an_anchor_behind_what_we_were_shown_is_a_second_history),
		T(another_root_at_the_size_anchored_is_a_second_history),
		T(more_dropped_than_said_is_a_second_history),
		T(an_end_at_another_size_than_stated_is_refused),
		T(nothing_lost_is_no_reason_for_a_new_log),
		T(the_old_log_going_on_after_its_end_is_a_second_history),
		T(an_old_log_is_believed_at_its_accepted_end_only),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
