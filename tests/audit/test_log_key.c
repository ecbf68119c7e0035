/* SPDX-License-Identifier: Apache-2.0 */
/* A log whose own key was renewed, judged by policies of the day before, of the 30 days between, and of after; and what
 * somebody with the old key could still do. */
#include "audit/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEFORE 6u /* entries that the first key signed alone */
#define DURING 5u /* and both */
#define AFTER  4u /* and the second alone */
#define END    (BEFORE + DURING)

struct hand {
	uint8_t key[32];
	struct told_signer *signer;
};

struct rotation {
	struct fixture *f;
	struct hand first, second;
};

static void become(struct fixture *f, const struct hand *hand)
{
	f->signer = hand->signer;
	memcpy(f->key, hand->key, sizeof f->key);
}

/* Adds the second key's line to the newest note. */
static void sign_too(struct rotation *r)
{
	struct told_bytes text;
	assert_int_equal(told_note_text(told_buf_view(&r->f->note), &text), TOLD_OK);
	assert_int_equal(
		told_note_sign_line(text, told_text(FIXTURE_ORIGIN), r->second.signer, r->second.key, &r->f->note),
		TOLD_OK);
}

/* A log up to the end of that many of its three times, in turns of one or two. */
static struct rotation rotation(unsigned times)
{
	uint8_t seed[32] = {77};
	struct rotation r = {.f = fixture_new(1)};
	memcpy(r.first.key, r.f->key, sizeof r.first.key);
	r.first.signer = r.f->signer;
	assert_int_equal(told_ed25519_public(seed, r.second.key), TOLD_OK);
	assert_int_equal(told_signer_new(seed, &r.second.signer), TOLD_OK);
	fixture_turn(r.f, BEFORE / 2);
	fixture_turn(r.f, BEFORE / 2);
	for (size_t i = 0; times > 1 && i < DURING; i++) {
		fixture_turn(r.f, 1);
		sign_too(&r);
	}
	if (times > 2)
		become(r.f, &r.second);
	for (size_t i = 0; times > 2 && i < AFTER; i += 2)
		fixture_turn(r.f, 2);
	fixture_receipts(r.f, 3);
	return r;
}

static void end(struct rotation *r)
{
	become(r->f, &r->first);
	told_signer_free(r->second.signer);
	fixture_free(r->f);
}

/* A policy that names these of the two, and for the first its last size, if that is not 0. */
static void policy(struct rotation *r, bool first, bool second, size_t last)
{
	struct told_buf text = TOLD_BUF(4096);
	struct told_vkey vkey;
	char id[9];
	const struct hand *hands[] = {first ? &r->first : NULL, second ? &r->second : NULL};
	for (size_t i = 0; i < 2; i++) {
		if (hands[i] == NULL)
			continue;
		told_vkey_make(told_text(FIXTURE_ORIGIN), TOLD_NOTE_ED25519, hands[i]->key, &vkey);
		told_buf_put_text(&text, "log ");
		told_vkey_format(&vkey, &text);
		told_buf_put_text(&text, "\n");
		told_hex(vkey.id, 4, id);
		if (i == 0 && last > 0)
			told_buf_printf(&text, "#told-end " FIXTURE_ORIGIN "+%s %zu\n", id, last);
	}
	told_buf_put_text(&text, "quorum none\n");
	fixture_write(r->f->policy, told_buf_view(&text));
	told_buf_free(&text);
}

static int judged(struct rotation *r, bool first, bool second, size_t last)
{
	policy(r, first, second, last);
	return fixture_verify(r->f);
}

static void before_a_rotation_only_the_old_key_counts(void **state)
{
	(void)state;
	struct rotation r = rotation(1);
	assert_int_equal(judged(&r, true, false, 0), 0);
	assert_int_equal(judged(&r, true, true, 0), 0);
	assert_int_equal(judged(&r, false, true, 0), 5);
	fixture_says(r.f, "no signature under a key of the policy");
	end(&r);
}

static void while_both_sign_the_old_policy_still_holds(void **state)
{
	(void)state;
	struct rotation r = rotation(2);
	assert_int_equal(judged(&r, true, false, 0), 0);
	assert_int_equal(judged(&r, true, true, 0), 0);
	assert_int_equal(judged(&r, false, true, 0), 5); /* of the days before it has no key */
	end(&r);
}

static void afterwards_it_takes_both_lines(void **state)
{
	(void)state;
	struct rotation r = rotation(3);
	assert_int_equal(judged(&r, true, false, 0), 5);
	assert_int_equal(judged(&r, false, true, 0), 5);
	assert_int_equal(judged(&r, true, true, 0), 0);
	assert_int_equal(judged(&r, true, true, END), 0);
	end(&r);
}

static void a_line_that_is_wrong_spoils_a_checkpoint_that_the_other_signed(void **state)
{
	(void)state;
	struct rotation r = rotation(3);
	struct told_bytes note = fixture_blob(r.f, "SELECT note FROM checkpoint WHERE size = ?1", END - 1);
	uint8_t bent[4096];
	assert_true(note.len < sizeof bent);
	memcpy(bent, note.data, note.len);
	bent[note.len - 20] = bent[note.len - 20] == 'A' ? 'B' : 'A'; /* in the second's line */
	fixture_drop_triggers(r.f);
	fixture_put_blob(r.f, "UPDATE checkpoint SET note = ?1 WHERE size = ?2", told_bytes(bent, note.len), END - 1);
	assert_int_equal(judged(&r, true, true, END), 5);
	fixture_says(r.f, "this signature names a key of the policy and does not verify");
	free((void *)(uintptr_t)note.data);
	end(&r);
}

/* Whoever has the old key signs the newest checkpoints of the store with it: the same tree, so nothing else is wrong.
 */
static void a_head_under_the_old_key_behind_its_end_is_found_where_the_policy_says_so(void **state)
{
	(void)state;
	struct rotation r = rotation(3);
	become(r.f, &r.first);
	fixture_turn(r.f, 2);
	fixture_turn(r.f, 1);
	assert_int_equal(judged(&r, true, true, 0), 0);
	assert_int_equal(judged(&r, true, true, END), 5);
	fixture_says(r.f, "signature     FAILED");
	fixture_says(r.f, "only a key signed it that had ended before this size");
	end(&r);
}

static void a_receipt_under_the_old_key_behind_its_end_proves_nothing(void **state)
{
	(void)state;
	struct rotation r = rotation(3);
	char path[400];
	struct told_buf proof = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	become(r.f, &r.first);
	fixture_turn(r.f, 2);
	fixture_proof(r.f, 3, true, &proof);
	snprintf(path, sizeof path, "%s/forged.tlog-proof", r.f->dir);
	fixture_write(path, told_buf_view(&proof));
	policy(&r, true, true, 0);
	assert_int_equal(fixture_run(r.f, "check-proof", path, "--policy", r.f->policy, NULL), 0);
	policy(&r, true, true, END);
	assert_int_equal(fixture_run(r.f, "check-proof", path, "--policy", r.f->policy, NULL), 5);
	assert_int_equal(
		fixture_run(r.f, "verify", "--store", r.f->store, "--policy", r.f->policy, "--against", path, NULL), 5);
	fixture_says(r.f, "anchored      FAILED");
	told_buf_free(&proof);
	end(&r);
}

static void an_end_line_is_read_strictly(void **state)
{
	(void)state;
	struct rotation r = rotation(1);
	static const char *const bad[] = {
		"#told-end\n",
		"#told-end " FIXTURE_ORIGIN "+00000000 5\n",
		"#told-end " FIXTURE_ORIGIN " 5\n",
		"#told-end " FIXTURE_ORIGIN "+00000000 five\n",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		policy(&r, true, true, 0);
		struct told_buf text = TOLD_BUF(8192);
		struct told_bytes whole = told_test_read(r.f->policy);
		told_buf_put_bytes(&text, whole);
		told_buf_put_text(&text, bad[i]);
		fixture_write(r.f->policy, told_buf_view(&text));
		assert_int_not_equal(fixture_verify(r.f), 0);
		fixture_says(r.f, "line 4");
		told_buf_free(&text);
		free((void *)(uintptr_t)whole.data);
	}
	policy(&r, true, true, BEFORE);
	assert_int_equal(fixture_verify(r.f), 0);
	end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_a_rotation_only_the_old_key_counts),
		cmocka_unit_test(while_both_sign_the_old_policy_still_holds),
		cmocka_unit_test(afterwards_it_takes_both_lines),
		cmocka_unit_test(a_line_that_is_wrong_spoils_a_checkpoint_that_the_other_signed),
		cmocka_unit_test(a_head_under_the_old_key_behind_its_end_is_found_where_the_policy_says_so),
		cmocka_unit_test(a_receipt_under_the_old_key_behind_its_end_proves_nothing),
		cmocka_unit_test(an_end_line_is_read_strictly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
