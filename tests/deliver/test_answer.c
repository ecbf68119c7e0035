/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: every receipt proves itself, from whatever size its reader has checked; and no entry of the log holds what a
 * stranger may not know. */
#include "support/agency.h"

#include "told/codes.h"

#include <string.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

static const enum test_who to_tt[] = {TEST_TT};
static const uint32_t shared[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};

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

/* What an agency keeps: the newest checkpoint it has checked. */
struct kept {
	uint64_t size;
	told_hash root;
};

static struct told_checkpoint opened(struct test_world *w, struct told_bytes note)
{
	struct told_checkpoint checkpoint;
	struct told_vkey vkey;
	struct told_note_line line;
	struct told_bytes text;
	size_t lines = 1;
	told_vkey_make(told_text(TEST_PARTNERSHIP "/1"), TOLD_NOTE_ED25519, w->log.key, &vkey);
	OK(told_note_open(note, &vkey, 1, &text, &line, &lines));
	OK(told_checkpoint_parse(text, &checkpoint));
	return checkpoint;
}

static size_t hashes(const struct told_bytes_list *list, told_hash *out)
{
	for (size_t i = 0; i < list->count; i++)
		memcpy(out[i].b, list->items[i].data, TOLD_HASH_BYTES);
	return list->count;
}

/* Consistency in whichever direction the two sizes lie. */
static void consistent(const struct kept *kept, const struct told_checkpoint *c, const struct told_bytes_list *proof)
{
	told_hash path[TOLD_PROOF_MAX];
	size_t count = hashes(proof, path);
	if (kept->size == 0 || kept->size == c->size)
		assert_int_equal(count, 0);
	else if (kept->size < c->size)
		OK(told_consistency_check(kept->size, &kept->root, c->size, &c->root, path, count));
	else
		OK(told_consistency_check(c->size, &c->root, kept->size, &kept->root, path, count));
}

static void part_holds(struct told_bytes salt, struct told_bytes part, struct told_bytes commitment)
{
	told_hash hash;
	if (salt.len == 0)
		return;
	told_hmac(salt, part, &hash);
	assert_true(told_bytes_equal(commitment, told_bytes(hash.b, sizeof hash.b)));
}

/* Checks an answer as an agency does; gives how many receipts it held. */
static size_t check(struct test_world *w, const struct told_frames *frames, struct kept *kept)
{
	struct told_answer *answer = NULL;
	size_t receipts = 0;
	OK(told_answer_decode(frames->body, w->arena, &answer));
	struct told_checkpoint c = opened(w, answer->checkpoint);
	assert_int_equal(answer->from_size, kept->size);
	consistent(kept, &c, &answer->consistency);
	for (size_t r = 0; r < answer->runs.count; r++) {
		const struct told_run *run = &answer->runs.items[r];
		told_hash leaves[256], left[TOLD_PROOF_MAX], right[TOLD_PROOF_MAX];
		for (size_t i = 0; i < run->leaves.count; i++) {
			const struct told_opened_leaf *one = &run->leaves.items[i];
			struct told_leaf *leaf = NULL;
			told_leaf_hash(one->leaf, &leaves[i]);
			OK(told_leaf_decode(one->leaf, w->arena, &leaf));
			part_holds(one->facts_salt, one->facts, leaf->facts);
			part_holds(one->ruling_salt, one->ruling, leaf->ruling);
		}
		size_t left_count = hashes(&run->left, left), right_count = hashes(&run->right, right);
		OK(told_run_check(leaves, run->leaves.count, run->first, c.size, left, left_count, right, right_count,
				  &c.root));
		receipts += run->leaves.count;
	}
	if (c.size > kept->size)
		*kept = (struct kept){c.size, c.root};
	return receipts;
}

static struct test_message *small(struct test_world *w, enum test_who from)
{
	return test_withdrawal(w, &w->of[from], NULL);
}

static void test_an_answer_proves_every_receipt_from_any_size(void **state)
{
	struct test_world *w = *state;
	struct kept kept = {0}, past[8];
	size_t known = 0;
	for (size_t turn = 0; turn < 8; turn++) {
		const struct told_receipt *of_hou[16];
		size_t count = 0;
		test_begin(w);
		for (size_t i = 0; i < 3 + turn; i++) { /* two runs: others' entries stand between */
			of_hou[count++] = test_say(w, &w->of[TEST_HOU], small(w, TEST_HOU)).receipt;
			if (i == turn)
				test_say(w, &w->of[TEST_TT], small(w, TEST_TT));
		}
		test_commit(w);
		struct told_frames frames;
		OK(told_answer_build(w->record, w->arena, of_hou, count, kept.size, NULL, 0, &frames));
		past[known++] = kept;
		assert_int_equal(check(w, &frames, &kept), count);
		for (size_t p = 0; p < known; p++) { /* one who is further behind */
			struct kept behind = past[p];
			OK(told_answer_build(w->record, w->arena, of_hou, count, behind.size, NULL, 0, &frames));
			assert_int_equal(check(w, &frames, &behind), count);
		}
	}
}

static void test_a_receipt_asked_for_again_has_the_same_bytes_under_the_same_checkpoint(void **state)
{
	struct test_world *w = *state;
	struct test_message *m = small(w, TEST_HOU);
	struct told_frames first, again;
	struct kept kept = {0};
	const struct told_receipt *receipt = test_phase(w, &w->of[TEST_HOU], m, TOLD_PHASE_CONSENT);
	OK(told_answer_build(w->record, w->arena, &receipt, 1, 0, NULL, 0, &first));
	check(w, &first, &kept);
	for (int i = 0; i < 5; i++) {
		test_turn(w, &w->of[TEST_TT], small(w, TEST_TT));
		struct test_said said = test_turn(w, &w->of[TEST_HOU], m);
		assert_true(told_receipt_again(said.receipt));
		OK(told_answer_again(w->record, w->arena, said.receipt, 0, &again));
		assert_true(told_bytes_equal(again.body, first.body));
		OK(told_answer_again(w->record, w->arena, said.receipt, kept.size, &again));
		assert_int_equal(check(w, &again, &kept), 1);
		if (i == 2) {
			test_world_close(w);
			OK(test_world_open(w));
		}
	}
}

static void test_a_refusal_is_proved_like_an_acceptance(void **state)
{
	struct test_world *w = *state;
	struct test_message *m = small(w, TEST_HOU);
	struct kept kept = {0};
	struct told_frames frames;
	w->now_ms += 8 * TOLD_MS_DAY;
	struct test_said said = test_turn(w, &w->of[TEST_HOU], m);
	assert_int_equal(said.status, TOLD_E_STALE);
	assert_true(told_bytes_equal(told_receipt_message(said.receipt), m->id));
	OK(told_answer_build(w->record, w->arena, &said.receipt, 1, 0, NULL, 0, &frames));
	assert_int_equal(check(w, &frames, &kept), 1);
	assert_int_equal(test_ruling_part(w, said.receipt)->status, TOLD_E_STALE);
}

static void test_bytes_without_an_id_are_answered_too(void **state)
{
	struct test_world *w = *state;
	struct test_message junk = {.envelope = told_text("no envelope, but longer than eight"),
				    .body = told_bytes(NULL, 0)};
	struct kept kept = {0};
	struct told_frames frames;
	struct test_said said = test_turn(w, &w->of[TEST_HOU], &junk);
	assert_int_not_equal(said.status, TOLD_OK);
	OK(told_answer_build(w->record, w->arena, &said.receipt, 1, 0, NULL, 0, &frames));
	assert_int_equal(check(w, &frames, &kept), 1);
}

static void test_whoever_is_turned_away_hears_busy_and_which(void **state)
{
	struct test_world *w = *state;
	struct told_bytes ids[2] = {small(w, TEST_HOU)->id, small(w, TEST_HOU)->id};
	struct told_frames frames;
	struct told_answer *answer = NULL;
	OK(told_answer_build(w->record, w->arena, NULL, 0, 0, ids, 2, &frames));
	OK(told_answer_decode(frames.body, w->arena, &answer));
	assert_int_equal(answer->runs.count, 0);
	assert_int_equal(answer->busy.count, 2);
	assert_true(told_bytes_equal(answer->busy.items[1].message_id, ids[1]));
	assert_true(answer->busy.items[1].retry_ms > 0);
}

static void test_a_welcome_leads_from_what_was_checked_to_what_is(void **state)
{
	struct test_world *w = *state;
	struct kept kept = {0};
	for (size_t i = 0; i < 6; i++) {
		struct told_frames frames;
		struct told_welcome *welcome = NULL;
		const struct told_heard_hello heard = {.log = 1, .confirmed = kept.size};
		OK(told_welcome_build(w->record, w->arena, &heard, 7, w->now_ms, &frames));
		OK(told_welcome_decode(frames.body, w->arena, &welcome));
		struct told_checkpoint c = opened(w, welcome->checkpoint);
		consistent(&kept, &c, &welcome->consistency);
		assert_int_equal(welcome->sender_seq, 7);
		assert_int_equal(c.size, told_record_size(w->record));
		if (i % 2 == 0)
			kept = (struct kept){c.size, c.root};
		test_turn(w, &w->of[TEST_TT], small(w, TEST_TT));
	}
}

/* ---- what the log gives away ---- */

static bool contains(struct told_bytes where, struct told_bytes what)
{
	for (size_t i = 0; i + what.len <= where.len; i++)
		if (memcmp(where.data + i, what.data, what.len) == 0)
			return true;
	return false;
}

static void test_no_entry_holds_a_person_a_worker_or_a_word(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	struct test_message *deposit = test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT);
	test_phase(w, hou, deposit, TOLD_PHASE_ACCEPTED);
	struct test_message *consent = test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2);
	test_phase(w, hou, consent, TOLD_PHASE_CONSENT);
	test_phase(w, tt, test_relationship(w, tt, TOLD_YES_NO_YES), TOLD_PHASE_FLAG);
	test_phase(w, hou, test_grant(w, hou, deposit, tt, consent), TOLD_PHASE_ACCEPTED);
	test_phase(w, hou, test_referral(w, hou, tt, shared, 2), TOLD_PHASE_ACCEPTED);
	test_phase(w, tt, test_ask(w, tt, hou, w->person, TOLD_CATEGORY_HOU_SIT), TOLD_PHASE_ANSWERED);
	test_phase(w, hou, test_withdrawal(w, hou, consent), TOLD_PHASE_CONSENT);
	test_drain(w, tt);
	const struct told_bytes canaries[] = {
		told_bytes(w->person, TOLD_ID_BYTES),
		told_bytes(w->person, 8), /* nor a piece of the reference */
		consent->id,
		deposit->id,
		deposit->header.deposit->deposit_id,
		told_text("canary"),
		told_text("U1"),
		told_text("CON-"),
	};
	for (uint64_t i = 0; i < told_record_size(w->record); i++) {
		struct told_bytes entry;
		OK(told_record_entry(w->record, w->arena, test_place(w, i), &entry));
		/* Two letters may stand in random bytes by chance: the worker is looked for in what the entry names. */
		struct told_leaf *leaf = test_leaf(w, i);
		for (size_t c = 0; c < sizeof canaries / sizeof canaries[0]; c++)
			if (canaries[c].len > 2)
				assert_false(contains(entry, canaries[c]));
		assert_false(told_bytes_equal(leaf->sender, told_text("U1")));
		assert_true(told_bytes_equal(leaf->recipient, told_text("")) || leaf->phase == TOLD_PHASE_DELIVERED ||
			    leaf->phase == TOLD_PHASE_REFUSED);
		if (leaf->phase != TOLD_PHASE_DELIVERED)
			assert_int_equal(leaf->released.count + leaf->clause.len, 0);
	}
}

/* Two entries about one person share no tag: whoever has no key cannot link them. */
static void test_tags_of_one_person_differ_from_entry_to_entry(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct told_bytes tags[6];
	for (size_t i = 0; i < 6; i++) {
		const struct told_receipt *receipt =
			test_phase(w, hou, test_withdrawal(w, hou, NULL), TOLD_PHASE_CONSENT);
		tags[i] = test_leaf(w, told_receipt_index(receipt))->subject_tag;
		assert_int_equal(tags[i].len, TOLD_SUBJECT_TAG_BYTES);
		for (size_t j = 0; j < i; j++)
			assert_false(told_bytes_equal(tags[i], tags[j]));
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_an_answer_proves_every_receipt_from_any_size),
		TEST(test_a_receipt_asked_for_again_has_the_same_bytes_under_the_same_checkpoint),
		TEST(test_a_refusal_is_proved_like_an_acceptance),
		TEST(test_bytes_without_an_id_are_answered_too),
		TEST(test_whoever_is_turned_away_hears_busy_and_which),
		TEST(test_a_welcome_leads_from_what_was_checked_to_what_is),
		TEST(test_no_entry_holds_a_person_a_worker_or_a_word),
		TEST(test_tags_of_one_person_differ_from_entry_to_entry),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
