/* SPDX-License-Identifier: Apache-2.0 */
/* Replay: of every ruling on record the state as of its entry's as_of is folded anew from the facts in the store, with
 * numbers of its own; the same message is ruled again and gives the same bytes, the digest of its inputs among them.
 * Messages are as their sender keeps them: the broker frees a body once it is delivered. */
#include "broker/rule/register.h"
#include "proto/types.h"
#include "record/erasing.h"
#include "told/codes.h"

#include <inttypes.h>

enum replay { SAME, DIFFERENT, ERASED, NO_RULING, REPLAYS };

/* The state of the log's first as_of entries. */
struct state {
	struct told_parties *parties;
	struct told_directory *directory;
	struct told_person *person;
};

static struct told_bytes blob(struct test_world *w, sqlite3_stmt *row, int at)
{
	size_t len = (size_t)sqlite3_column_bytes(row, at);
	return told_arena_copy(w->arena, told_bytes(len > 0 ? sqlite3_column_blob(row, at) : NULL, len));
}

static sqlite3_stmt *rows_of(struct test_world *w, const char *sql, uint64_t number)
{
	sqlite3_stmt *rows = NULL;
	assert_int_equal(sqlite3_prepare_v2(w->record->store.db, sql, -1, &rows, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_bind_int64(rows, 1, (int64_t)number), SQLITE_OK);
	return rows;
}

static void fold_fact(struct test_world *w, struct state *s, struct told_bytes client, sqlite3_stmt *row)
{
	struct told_opened_envelope opened;
	uint64_t index = (uint64_t)sqlite3_column_int64(row, 0);
	struct told_entry entry = {.number = index, .utc_ms = (int64_t)test_leaf(w, index)->time_ms};
	OK(told_envelope_open(w->arena, blob(w, row, 1), &opened));
	if (told_register_cares(opened.header->type))
		OK(told_register_apply(s->directory, s->parties, opened.header, blob(w, row, 2), entry));
	else if (told_person_cares(opened.header->type) && told_bytes_equal(opened.header->client_ref, client))
		OK(told_person_apply(s->person, s->parties, opened.header, entry));
}

static void fold(struct test_world *w, struct state *s, struct told_bytes client, uint64_t as_of)
{
	static const uint8_t nobody[TOLD_ID_BYTES];
	struct told_key_fact operator= {.action = TOLD_KEY_ACTION_ISSUE,
					.purpose = TOLD_KEY_OPERATOR,
					.key = w->record->operator_key,
					.number = 1};
	OK(told_parties_new(&s->parties));
	OK(told_directory_new(&s->directory));
	OK(told_person_new(client.len == TOLD_ID_BYTES ? client.data : nobody, &s->person));
	OK(told_party_intern(s->parties, told_text(TOLD_BROKER_PARTY), &operator.party));
	OK(told_directory_apply_key(s->directory, (struct told_entry){0}, &operator));
	sqlite3_stmt *rows = rows_of(w, "SELECT idx, envelope, attachment FROM fact WHERE idx < ? ORDER BY idx", as_of);
	while (sqlite3_step(rows) == SQLITE_ROW)
		fold_fact(w, s, client, rows);
	sqlite3_finalize(rows);
}

static void free_state(struct state *s)
{
	told_person_free(s->person);
	told_directory_free(s->directory);
	told_parties_free(s->parties);
}

/* The message as its sender keeps it. */
static const struct told_verified *kept(struct test_world *w, struct told_bytes header_hash)
{
	const struct told_verified *verified = NULL;
	for (size_t i = 0; i < life.count && verified == NULL; i++) {
		OK(told_verified_again(w->arena, life.said[i]->envelope, life.said[i]->body, &verified));
		if (memcmp(told_verified_opened(verified)->hash.b, header_hash.data, TOLD_HASH_BYTES) != 0)
			verified = NULL;
	}
	return verified;
}

/* The fact that stands at this entry. */
static const struct told_verified *fact_at(struct test_world *w, uint64_t index)
{
	const struct told_verified *verified = NULL;
	sqlite3_stmt *row = rows_of(w, "SELECT envelope, attachment FROM fact WHERE idx = ?", index);
	if (sqlite3_step(row) == SQLITE_ROW) {
		struct told_body body = {.attachment = blob(w, row, 1)};
		struct told_buf bytes = TOLD_BUF(TOLD_BODY_MAX_BYTES);
		OK(told_body_encode(&body, &bytes));
		struct told_bytes copy = told_arena_copy(w->arena, told_buf_view(&bytes));
		OK(told_verified_again(w->arena, blob(w, row, 0), copy, &verified));
		told_buf_free(&bytes);
	}
	sqlite3_finalize(row);
	return verified;
}

static enum replay rule_again(struct test_world *w, const struct told_leaf *leaf, const struct told_verified *verified,
			      struct told_bytes stored)
{
	struct state s;
	const struct told_ruling *ruling = NULL;
	struct told_buf bytes = TOLD_BUF(TOLD_LEAF_MAX_BYTES * 4);
	bool delivery = leaf->phase == TOLD_PHASE_DELIVERED;
	struct told_deposit_source deposits = told_record_deposits(w->record);
	fold(w, &s, told_verified_header(verified)->client_ref, leaf->as_of);
	struct told_table table = {.directory = s.directory,
				   .parties = s.parties,
				   .person = s.person->known ? s.person : NULL,
				   .when = {.utc_ms = (int64_t)leaf->time_ms, .log_size = leaf->as_of}};
	OK(told_rule(&table, &deposits, w->arena, verified, delivery, delivery ? leaf->recipient : told_bytes(NULL, 0),
		     &ruling));
	OK(told_ruling_encode(ruling, s.parties, w->arena, &bytes));
	enum replay result = told_bytes_equal(told_buf_view(&bytes), stored) ? SAME : DIFFERENT;
	told_buf_free(&bytes);
	free_state(&s);
	return result;
}

/* An acknowledgement's lines are kept by nobody, and it is no ruling about anybody. */
static enum replay replay(struct test_world *w, uint64_t index)
{
	const struct told_leaf *leaf = test_leaf(w, index);
	struct told_leaf_facts *facts = NULL;
	sqlite3_stmt *row = rows_of(w, "SELECT facts, ruling FROM detail WHERE idx = ?", index);
	bool there = sqlite3_step(row) == SQLITE_ROW;
	struct told_bytes stated = there ? blob(w, row, 0) : told_bytes(NULL, 0);
	struct told_bytes stored = there ? blob(w, row, 1) : told_bytes(NULL, 0);
	sqlite3_finalize(row);
	if (!there)
		return ERASED;
	if (stored.len == 0 || leaf->type == TOLD_TYPE_ACK)
		return NO_RULING;
	OK(told_leaf_facts_decode(stated, w->arena, &facts));
	const struct told_verified *verified = kept(w, facts->header_hash);
	if (verified == NULL)
		verified = fact_at(w, index);
	assert_non_null(verified);
	return rule_again(w, leaf, verified, stored);
}

struct tally {
	size_t of[REPLAYS], deliveries;
};

static struct tally replay_all(struct test_world *w)
{
	struct tally tally = {0};
	for (uint64_t index = 0; index < told_record_size(w->record); index++) {
		enum replay result = replay(w, index);
		tally.of[result]++;
		tally.deliveries += result == SAME && test_leaf(w, index)->phase == TOLD_PHASE_DELIVERED;
		if (result == DIFFERENT)
			print_message("entry %" PRIu64 ": another ruling\n", index);
	}
	return tally;
}

static void test_every_ruling_on_record_is_made_again_byte_for_byte(void **state)
{
	struct test_world *w = *state;
	struct tally tally = replay_all(w);
	assert_int_equal(tally.of[DIFFERENT], 0);
	assert_int_equal(tally.of[ERASED], 0);
	assert_true(tally.of[SAME] > life.count + 2);
	assert_true(tally.deliveries >= 2);
}

/* What came later is no part of it: with the permission withdrawn the ruling before it is still the same. */
static void test_what_the_log_says_later_changes_no_earlier_ruling(void **state)
{
	struct test_world *w = *state;
	struct tally before = replay_all(w);
	uint64_t referral = told_record_size(w->record) - 1;
	assert_int_equal(replay(w, referral), SAME);
	w->now_ms += TOLD_MS_DAY;
	say(&w->of[TEST_HOU], test_withdrawal(w, &w->of[TEST_HOU], life.said[0]), TOLD_PHASE_CONSENT);
	assert_int_equal(replay_all(w).of[SAME], before.of[SAME] + 1);
	assert_int_equal(replay_all(w).of[DIFFERENT], 0);
}

/* A ruling whose facts are not those of its entry is found out: the replay can fail. */
static void test_a_ruling_replayed_from_another_state_differs(void **state)
{
	struct test_world *w = *state;
	uint64_t referral = told_record_size(w->record) - 1;
	struct told_leaf leaf = *test_leaf(w, referral);
	sqlite3_stmt *row = rows_of(w, "SELECT ruling FROM detail WHERE idx = ?", referral);
	assert_int_equal(sqlite3_step(row), SQLITE_ROW);
	struct told_bytes stored = blob(w, row, 0);
	sqlite3_finalize(row);
	const struct told_verified *verified = NULL;
	const struct test_message *last = life.said[life.count - 1];
	OK(told_verified_again(w->arena, last->envelope, last->body, &verified));
	assert_int_equal(rule_again(w, &leaf, verified, stored), SAME);
	leaf.time_ms++;
	assert_int_equal(rule_again(w, &leaf, verified, stored), DIFFERENT);
}

static void test_after_an_erasure_the_inputs_are_erased_and_nothing_else_differs(void **state)
{
	struct test_world *w = *state;
	struct tally before = replay_all(w);
	test_phase(w, &w->of[TEST_HOU], request(w, &w->of[TEST_HOU]), TOLD_PHASE_ACCEPTED);
	size_t erased = 0, different = 0;
	uint64_t size = told_record_size(w->record);
	for (uint64_t index = 0; index < size; index++) {
		if (test_leaf(w, index)->type == TOLD_TYPE_ERASURE || test_leaf(w, index)->type == 0)
			continue; /* the request itself and what was done */
		enum replay result = replay(w, index);
		erased += result == ERASED;
		different += result == DIFFERENT;
	}
	assert_int_equal(different, 0);
	assert_true(erased >= life.count);
	assert_true(erased < before.of[SAME]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_every_ruling_on_record_is_made_again_byte_for_byte, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_what_the_log_says_later_changes_no_earlier_ruling, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_ruling_replayed_from_another_state_differs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_after_an_erasure_the_inputs_are_erased_and_nothing_else_differs,
						set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
