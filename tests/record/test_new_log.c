/* SPDX-License-Identifier: Apache-2.0 */
/* A restore that lost entries: the store is refused as it is; a new log is begun once, names the old one, and rests on
 * what is left of it. */
#include "broker/deliver/deliver.h"
#include "broker/record/room.h"
#include "proto/session.h"
#include "support/agency.h"
#include "support/backup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

static const uint32_t story[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};
static const enum test_who to_tt[] = {TEST_TT};

static int set_up(void **state)
{
	*state = test_world_ready();
	return 0;
}

static int tear_down(void **state)
{
	test_world_free(*state);
	return 0;
}

static void copy_files(struct test_world *w, const char *backup, bool back)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", w->dir, backup);
	told_test_backup(back ? path : w->dir, back ? w->dir : path);
}

static void back_up(struct test_world *w, const char *name)
{
	test_world_close(w);
	copy_files(w, name, false);
	OK(test_world_open(w));
}

static void restore(struct test_world *w, const char *name)
{
	test_world_close(w);
	copy_files(w, name, true);
}

static struct test_message *referral(struct test_world *w)
{
	struct test_agency *hou = &w->of[TEST_HOU];
	OK(told_random(w->person, sizeof w->person));
	test_phase(w, hou, test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, story, 2), TOLD_PHASE_CONSENT);
	struct test_message *m = test_referral(w, hou, &w->of[TEST_TT], story, 2);
	test_phase(w, hou, m, TOLD_PHASE_ACCEPTED);
	return m;
}

static struct told_vkey vkey_of(struct test_world *w, const char *origin)
{
	struct told_vkey vkey;
	told_vkey_make(told_text(origin), TOLD_NOTE_ED25519, w->log.key, &vkey);
	return vkey;
}

static struct told_checkpoint opened(struct test_world *w, const char *origin, struct told_bytes note)
{
	struct told_vkey vkey = vkey_of(w, origin);
	struct told_checkpoint checkpoint;
	struct told_note_line line;
	struct told_bytes text;
	size_t lines = 1;
	OK(told_note_open(note, &vkey, 1, &text, &line, &lines));
	OK(told_checkpoint_parse(text, &checkpoint));
	return checkpoint;
}

/* One referral in the backup, one after it; the backup is back, and log 2 has begun; nothing is open. */
struct after {
	struct test_message *kept, *lost;
	uint64_t lost_size, kept_size;
	told_hash lost_root;
};

static struct after lose_and_begin(struct test_world *w)
{
	struct after a = {.kept = referral(w)};
	struct told_new_log begun;
	a.kept_size = told_record_size(w->record);
	back_up(w, "backup");
	a.lost = referral(w);
	struct told_checkpoint last = opened(w, TEST_PARTNERSHIP "/1", told_record_checkpoint(w->record));
	a.lost_size = last.size;
	a.lost_root = last.root;
	restore(w, "backup");
	assert_int_equal(test_world_open(w), TOLD_E_FORK);
	OK(test_world_begin_log(w, &begun));
	assert_int_equal(begun.number, 2);
	assert_int_equal(begun.old_size, a.lost_size);
	assert_int_equal(begun.size_restored, a.kept_size);
	return a;
}

static struct after lose(struct test_world *w)
{
	struct after a = lose_and_begin(w);
	OK(test_world_open(w));
	return a;
}

static void test_the_first_entry_names_the_old_log_as_anchored_and_as_restored(void **state)
{
	struct test_world *w = *state;
	struct after a = lose(w);
	uint64_t number = 0;
	struct told_log_begun begun;
	struct told_leaf_facts *facts = NULL;
	assert_true(told_bytes_equal(told_record_origin(w->record, &number), told_text(TEST_PARTNERSHIP "/2")));
	assert_int_equal(number, 2);
	assert_int_equal(test_leaf(w, 0)->phase, TOLD_PHASE_RESTORE);
	assert_int_equal(opened(w, TEST_PARTNERSHIP "/2", told_record_checkpoint(w->record)).size, 1);
	OK(told_record_began(w->record, w->arena, 2, &begun));
	OK(told_leaf_facts_decode(begun.facts, w->arena, &facts));
	assert_true(told_bytes_equal(facts->old_origin, told_text(TEST_PARTNERSHIP "/1")));
	assert_int_equal(facts->old_size, a.lost_size);
	assert_int_equal(facts->size_restored, a.kept_size);
	assert_memory_equal(facts->old_root.data, a.lost_root.b, TOLD_HASH_BYTES);
	assert_int_equal(told_record_when(w->record).log_size, a.kept_size + 1); /* counted over both */
}

/* What signed the old log signed nothing larger than what was anchored of it; the new one has no end yet. */
static void test_a_log_that_ended_is_signed_up_to_where_it_was_anchored(void **state)
{
	struct test_world *w = *state;
	struct after a = lose(w);
	struct told_record_log_key keys[TOLD_LOG_KEYS_MAX];
	size_t count = 0;
	OK(told_record_log_keys(w->record, w->arena, 1, keys, &count));
	assert_int_equal(count, 1);
	assert_int_equal(keys[0].last_size, a.lost_size);
	OK(told_record_log_keys(w->record, w->arena, 2, keys, &count));
	assert_int_equal(count, 1);
	assert_true(keys[0].last_size == TOLD_WHOLE_LOG);
	assert_int_equal(told_record_log_keys(w->record, w->arena, 3, keys, &count), TOLD_E_NOT_FOUND);
}

static void test_a_store_that_lost_nothing_goes_on_with_its_log(void **state)
{
	struct test_world *w = *state;
	struct told_new_log begun;
	uint64_t size = told_record_size(w->record), number = 0;
	test_world_close(w);
	assert_int_equal(test_world_begin_log(w, &begun), TOLD_E_EXISTS);
	OK(test_world_open(w));
	(void)told_record_origin(w->record, &number);
	assert_int_equal(number, 1);
	assert_int_equal(told_record_size(w->record), size);
}

static void test_what_was_lost_is_new_again_and_what_was_not_gets_its_first_receipt(void **state)
{
	struct test_world *w = *state;
	struct after a = lose(w);
	struct test_agency *hou = &w->of[TEST_HOU];
	struct told_answer *answer = NULL;
	struct told_frames frames;
	test_begin(w);
	struct test_said kept = test_say(w, hou, a.kept);
	struct test_said lost = test_say(w, hou, a.lost);
	test_commit(w);
	assert_int_equal(told_receipt_log(lost.receipt), 2);
	assert_int_equal(told_receipt_log(kept.receipt), 1);
	assert_true(told_receipt_again(kept.receipt));
	OK(told_answer_again(w->record, w->arena, kept.receipt, 1, &frames));
	OK(told_answer_decode(frames.body, w->arena, &answer));
	struct told_checkpoint end = opened(w, TEST_PARTNERSHIP "/1", answer->checkpoint);
	assert_int_equal(end.size, a.kept_size);
	assert_int_equal(answer->from_size, 0);
	const struct told_run *run = &answer->runs.items[0];
	told_hash leaf, left[TOLD_PROOF_MAX], right[TOLD_PROOF_MAX];
	told_leaf_hash(run->leaves.items[0].leaf, &leaf);
	for (size_t i = 0; i < run->left.count; i++)
		memcpy(left[i].b, run->left.items[i].data, TOLD_HASH_BYTES);
	for (size_t i = 0; i < run->right.count; i++)
		memcpy(right[i].b, run->right.items[i].data, TOLD_HASH_BYTES);
	OK(told_run_check(&leaf, 1, run->first, end.size, left, run->left.count, right, run->right.count, &end.root));
}

static void test_a_parcel_proves_an_entry_of_the_old_log_under_its_last_checkpoint(void **state)
{
	struct test_world *w = *state;
	struct after a = lose(w);
	struct test_parcels parcels;
	bool found = false;
	test_deliver(w, &w->of[TEST_TT], &parcels);
	for (size_t i = 0; i < parcels.count; i++) {
		const struct told_parcel *parcel = parcels.items[i].parcel;
		const struct told_carried *one = parcel != NULL ? &parcel->carried.items[0] : NULL;
		if (one == NULL || parcel->type != TOLD_TYPE_REFERRAL)
			continue;
		struct told_checkpoint end = opened(w, TEST_PARTNERSHIP "/1", one->checkpoint);
		told_hash leaf, path[TOLD_PROOF_MAX];
		told_leaf_hash(one->leaf, &leaf);
		for (size_t p = 0; p < one->path.count; p++)
			memcpy(path[p].b, one->path.items[p].data, TOLD_HASH_BYTES);
		assert_int_equal(end.size, a.kept_size);
		OK(told_inclusion_check(&leaf, one->index, end.size, path, one->path.count, &end.root));
		found = true;
	}
	assert_true(found);
}

static void test_a_welcome_to_who_knows_the_old_log_proves_how_the_new_one_began(void **state)
{
	struct test_world *w = *state;
	struct after a = lose(w);
	struct told_frames frames;
	struct told_welcome *welcome = NULL;
	const struct told_heard_hello heard = {.log = 1, .confirmed = a.kept_size - 1};
	OK(told_welcome_build(w->record, w->arena, &heard, 0, w->now_ms, &frames));
	OK(told_welcome_decode(frames.body, w->arena, &welcome));
	assert_non_null(welcome->restore);
	assert_int_equal(welcome->consistency.count, 0);
	assert_true(welcome->restore->consistency.count > 0);
	assert_int_equal(opened(w, TEST_PARTNERSHIP "/1", welcome->restore->ended).size, a.kept_size);
	const struct told_heard_hello beyond = {.log = 1, .confirmed = a.lost_size};
	OK(told_welcome_build(w->record, w->arena, &beyond, 0, w->now_ms, &frames));
	OK(told_welcome_decode(frames.body, w->arena, &welcome));
	assert_int_equal(welcome->restore->consistency.count, 0);
}

static void test_a_store_from_before_the_newest_log_is_refused_for_good(void **state)
{
	struct test_world *w = *state;
	struct told_new_log begun;
	lose(w);
	restore(w, "backup");
	assert_int_equal(test_world_open(w), TOLD_E_FORK);
	assert_int_equal(test_world_begin_log(w, &begun), TOLD_E_FORK);
}

static void test_a_log_that_loses_again_is_followed_by_a_third(void **state)
{
	struct test_world *w = *state;
	struct told_new_log begun;
	struct after a = lose(w);
	test_phase(w, &w->of[TEST_HOU], a.lost, TOLD_PHASE_REFUSED); /* its permission was lost too */
	uint64_t position = told_record_when(w->record).log_size;
	back_up(w, "second");
	struct test_message *lost = referral(w);
	restore(w, "second");
	OK(test_world_begin_log(w, &begun));
	assert_int_equal(begun.number, 3);
	assert_int_equal(begun.size_restored, 2);
	OK(test_world_open(w));
	assert_int_equal(told_record_when(w->record).log_size, position + 1);
	assert_int_equal(told_receipt_log(test_turn(w, &w->of[TEST_HOU], lost).receipt), 3);
	assert_int_equal(told_receipt_log(test_turn(w, &w->of[TEST_HOU], a.lost).receipt), 2);
	assert_int_equal(told_receipt_log(test_turn(w, &w->of[TEST_HOU], a.kept).receipt), 1);
}

static void test_a_beginning_whose_signature_a_crash_cut_off_is_signed_at_the_next_start(void **state)
{
	struct test_world *w = *state;
	char path[300];
	lose_and_begin(w);
	snprintf(path, sizeof path, "%s.2", w->anchor);
	assert_int_equal(unlink(path), 0); /* as if it had never been written */
	OK(test_world_open(w));
	assert_int_equal(opened(w, TEST_PARTNERSHIP "/2", told_record_checkpoint(w->record)).size, 1);
}

static void test_what_was_in_force_in_the_old_log_is_in_force(void **state)
{
	struct test_world *w = *state;
	lose(w);
	referral(w); /* keys, agreement, workers: all from the old log */
	assert_int_equal(test_leaf(w, told_record_size(w->record) - 1)->as_of,
			 told_record_when(w->record).log_size - 1);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(test_the_first_entry_names_the_old_log_as_anchored_and_as_restored),
		T(test_a_log_that_ended_is_signed_up_to_where_it_was_anchored),
		T(test_a_store_that_lost_nothing_goes_on_with_its_log),
		T(test_what_was_lost_is_new_again_and_what_was_not_gets_its_first_receipt),
		T(test_a_parcel_proves_an_entry_of_the_old_log_under_its_last_checkpoint),
		T(test_a_welcome_to_who_knows_the_old_log_proves_how_the_new_one_began),
		T(test_a_store_from_before_the_newest_log_is_refused_for_good),
		T(test_a_log_that_loses_again_is_followed_by_a_third),
		T(test_a_beginning_whose_signature_a_crash_cut_off_is_signed_at_the_next_start),
		T(test_what_was_in_force_in_the_old_log_is_in_force),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
