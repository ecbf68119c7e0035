/* SPDX-License-Identifier: Apache-2.0 */
/* Which checkpoint a proof rests on when several witnesses signed, each when it could. */
#include "audit/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct witness {
	const char *name;
	uint8_t seed[32], key[32];
	struct told_signer *signer;
};

static void witness_begin(struct witness *w, struct told_buf *policy)
{
	struct told_vkey vkey;
	assert_int_equal(told_ed25519_public(w->seed, w->key), TOLD_OK);
	assert_int_equal(told_signer_new(w->seed, &w->signer), TOLD_OK);
	told_vkey_make(told_text(w->name), TOLD_NOTE_COSIGNATURE, w->key, &vkey);
	told_buf_printf(policy, "\nwitness %s ", w->name);
	told_vkey_format(&vkey, policy);
}

static void witness_signs(const struct witness *w, struct fixture *f, uint64_t size)
{
	char sql[128];
	struct told_buf line = TOLD_BUF(1024);
	struct told_bytes note = fixture_blob(f, "SELECT note FROM checkpoint WHERE size = ?1", size), text;
	assert_int_equal(told_note_text(note, &text), TOLD_OK);
	assert_int_equal(told_note_cosign(text, 1795000100, told_text(w->name), w->signer, w->key, &line), TOLD_OK);
	snprintf(sql, sizeof sql, "INSERT INTO cosignature(log, size, name, line) SELECT 1, ?2, '%s', ?1", w->name);
	fixture_put_blob(f, sql, told_buf_view(&line), size);
	free((void *)(uintptr_t)note.data);
	told_buf_free(&line);
}

static void test_a_proof_rests_on_the_checkpoint_that_most_witnesses_signed(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 60, 50);
	char proof[400];
	fixture_turn(f, 1); /* checkpoints of 50 and of 60 are in the store now */
	snprintf(proof, sizeof proof, "%s/one.tlog-proof", f->dir);
	struct witness iapt = {.name = "iapt", .seed = {9}}, housing = {.name = "housing", .seed = {8}};
	struct told_buf policy = TOLD_BUF(2048);
	told_buf_put_text(&policy, "log ");
	told_vkey_format(&f->vkey, &policy);
	witness_begin(&iapt, &policy);
	witness_begin(&housing, &policy);
	told_buf_put_text(&policy, "\ngroup both all iapt housing\nquorum both\n");
	fixture_write(f->policy, told_buf_view(&policy));
	witness_signs(&iapt, f, 50);
	witness_signs(&iapt, f, 60);
	assert_int_equal(fixture_run(f, "prove", "17", "--store", f->store, "--out", proof, NULL), 0);
	assert_int_equal(fixture_run(f, "check-proof", proof, "--policy", f->policy, NULL), 1);
	witness_signs(&housing, f, 60);
	assert_int_equal(fixture_run(f, "prove", "17", "--store", f->store, "--out", proof, NULL), 0);
	assert_int_equal(fixture_run(f, "check-proof", proof, "--policy", f->policy, NULL), 0);
	fixture_says(f, "by its checkpoint of size 60");
	told_buf_free(&policy);
	told_signer_free(iapt.signer);
	told_signer_free(housing.signer);
	fixture_free(f);
}

/* A checkpoint comes into its table with the next turn, and witnesses are quicker than that. */
static void test_a_cosignature_whose_checkpoint_is_still_to_come_proves_nothing_yet(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 60, 50);
	char proof[400], tiles[400];
	struct witness iapt = {.name = "iapt", .seed = {9}};
	struct told_buf policy = TOLD_BUF(2048);
	fixture_turn(f, 1);
	snprintf(proof, sizeof proof, "%s/one.tlog-proof", f->dir);
	snprintf(tiles, sizeof tiles, "%s/tiles", f->dir);
	told_buf_put_text(&policy, "log ");
	told_vkey_format(&f->vkey, &policy);
	witness_begin(&iapt, &policy);
	told_buf_put_text(&policy, "\nquorum iapt\n");
	fixture_write(f->policy, told_buf_view(&policy));
	witness_signs(&iapt, f, 50);
	witness_signs(&iapt, f, 60);
	fixture_drop_triggers(f);
	fixture_sql(f, "DELETE FROM checkpoint WHERE size >= ?1 AND ?2 = 0", 60, 0);
	assert_int_equal(fixture_run(f, "prove", "17", "--store", f->store, "--out", proof, NULL), 0);
	assert_int_equal(fixture_run(f, "check-proof", proof, "--policy", f->policy, NULL), 0);
	fixture_says(f, "by its checkpoint of size 50");
	assert_int_equal(fixture_run(f, "export", "--store", f->store, "--cosigned", "--tiles", tiles, NULL), 0);
	told_buf_free(&policy);
	told_signer_free(iapt.signer);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_proof_rests_on_the_checkpoint_that_most_witnesses_signed),
		cmocka_unit_test(test_a_cosignature_whose_checkpoint_is_still_to_come_proves_nothing_yet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
