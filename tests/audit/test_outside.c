/* SPDX-License-Identifier: Apache-2.0 */
/* What comes from outside the store: notes, proofs, folders of receipts, witnesses. */
#include "audit/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int against(struct fixture *f, const char *name, struct told_bytes content)
{
	char path[400];
	snprintf(path, sizeof path, "%s/%s", f->dir, name);
	fixture_write(path, content);
	return fixture_run(f, "verify", "--store", f->store, "--policy", f->policy, "--against", path, NULL);
}

static void test_a_proof_anchors_what_its_checkpoint_covers(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 20, 4);
	struct told_buf with = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES), without = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	fixture_proof(f, 11, true, &with);
	fixture_proof(f, 11, false, &without);
	fixture_turn(f, 3);
	assert_int_equal(against(f, "a.tlog-proof", told_buf_view(&with)), 0);
	fixture_says(f, "20 of 23 entries, by 1 file from outside (1 proof)");
	assert_int_equal(against(f, "b.tlog-proof", told_buf_view(&without)), 0);
	told_buf_free(&with);
	told_buf_free(&without);
	fixture_free(f);
}

static void test_bits_all_over_a_proof_count(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 9, 3);
	struct told_buf proof = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	fixture_proof(f, 5, true, &proof);
	for (size_t bit = 0; bit < proof.len * 8; bit += 5) /* reaches every byte */ {
		proof.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		int code = against(f, "bent.tlog-proof", told_buf_view(&proof));
		if (code != 5)
			fail_msg("exit %d with bit %zu flipped\n%s", code, bit, f->out);
		fixture_says(f, "anchored      FAILED");
		fixture_says(f, "integrity     OK");
		proof.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_int_equal(against(f, "bent.tlog-proof", told_buf_view(&proof)), 0);
	told_buf_free(&proof);
	fixture_free(f);
}

static void test_a_proof_of_another_log_is_refused(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 9, 3), *other = fixture_full(2, 9, 3);
	struct told_buf proof = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	fixture_proof(other, 5, true, &proof);
	assert_int_equal(against(f, "other.tlog-proof", told_buf_view(&proof)), 5);
	fixture_says(f, "no signature under a key of the policy");
	assert_int_equal(against(f, "other.checkpoint", told_buf_view(&other->note)), 5);
	assert_int_equal(against(f, "empty", told_bytes("", 0)), 5);
	fixture_says(f, "empty: line 1: this has not the form of a signed note (C2SP)");
	assert_int_equal(against(f, "empty.tlog-proof", told_bytes("", 0)), 5);
	fixture_says(f, "empty.tlog-proof: line 1 is not that of a proof");
	told_buf_free(&proof);
	fixture_free(f);
	fixture_free(other);
}

static void test_files_that_are_too_long_are_refused(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 9, 3);
	uint8_t *long_file = calloc(1, TOLD_PROOF_FILE_MAX_BYTES + 1);
	assert_non_null(long_file);
	assert_int_equal(against(f, "long", told_bytes(long_file, TOLD_NOTE_MAX_BYTES + 1)), 5);
	fixture_says(f, "longer than a checkpoint can be");
	assert_int_equal(against(f, "long.tlog-proof", told_bytes(long_file, TOLD_PROOF_FILE_MAX_BYTES + 1)), 5);
	fixture_says(f, "longer than a proof can be");
	free(long_file);
	fixture_free(f);
}

static void test_an_empty_folder_of_receipts_anchors_nothing(void **state)
{
	(void)state;
	struct fixture *f = fixture_new(1);
	fixture_turn(f, 5);
	fixture_turn(f, 5);
	char path[400];
	snprintf(path, sizeof path, "%s/notes.txt", f->receipts);
	fixture_write(path, told_text("nothing of ours\n"));
	assert_int_equal(fixture_verify(f), 1);
	fixture_says(f, "anchored      NOT SHOWN");
	fixture_free(f);
}

static void test_receipts_are_found_in_folders_below_and_links_are_not_followed(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 9, 3), *other = fixture_full(2, 9, 3);
	char path[400], target[400];
	snprintf(target, sizeof target, "%s/housing", other->receipts);
	snprintf(path, sizeof path, "%s/elsewhere", f->receipts);
	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(fixture_verify(f), 0);
	snprintf(path, sizeof path, "%s/housing/deep", f->receipts);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/housing/deep/kept.checkpoint", f->receipts);
	fixture_write(path, told_buf_view(&other->note));
	assert_int_equal(fixture_verify(f), 5);
	fixture_says(f, "deep/kept.checkpoint: no signature");
	fixture_free(f);
	fixture_free(other);
}

static void test_a_note_of_a_log_that_the_store_lacks_is_a_loss(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 9, 3);
	struct told_checkpoint checkpoint = {.origin = told_text("northtown/2"), .size = 3, .root = {{1}}};
	struct told_buf text = TOLD_BUF(1024), note = TOLD_BUF(4096), policy = TOLD_BUF(1024);
	struct told_vkey second;
	uint8_t seed[32] = {9}, key[32];
	struct told_signer *signer = NULL;
	assert_int_equal(told_ed25519_public(seed, key), TOLD_OK);
	assert_int_equal(told_signer_new(seed, &signer), TOLD_OK);
	told_vkey_make(checkpoint.origin, TOLD_NOTE_ED25519, key, &second);
	told_checkpoint_format(&checkpoint, &text);
	assert_int_equal(told_note_sign(told_buf_view(&text), checkpoint.origin, signer, key, &note), TOLD_OK);
	told_buf_put_text(&policy, "log ");
	told_vkey_format(&f->vkey, &policy);
	told_buf_put_text(&policy, "\nlog ");
	told_vkey_format(&second, &policy);
	told_buf_put_text(&policy, "\nquorum none\n");
	fixture_write(f->policy, told_buf_view(&policy));
	assert_int_equal(fixture_verify(f), 0);
	assert_int_equal(against(f, "second", told_buf_view(&note)), 5);
	fixture_says(f, "signed for size 3 of log 2, but the store has 0 entries");
	/* and its key does not sign for the first log */
	checkpoint.origin = told_text(FIXTURE_ORIGIN);
	told_buf_free(&text);
	told_buf_free(&note);
	told_checkpoint_format(&checkpoint, &text);
	assert_int_equal(told_note_sign(told_buf_view(&text), told_text("northtown/2"), signer, key, &note), TOLD_OK);
	assert_int_equal(against(f, "second", told_buf_view(&note)), 5);
	fixture_says(f, "not signed by the log that its first line names");
	told_buf_free(&text);
	told_buf_free(&note);
	told_buf_free(&policy);
	told_signer_free(signer);
	fixture_free(f);
}

/* ---- witnesses ---- */

struct witness {
	struct told_signer *signer;
	uint8_t key[32];
	struct told_vkey vkey;
};

static void witness_open(struct witness *w, const char *name, uint8_t byte)
{
	uint8_t seed[32] = {byte};
	assert_int_equal(told_ed25519_public(seed, w->key), TOLD_OK);
	assert_int_equal(told_signer_new(seed, &w->signer), TOLD_OK);
	told_vkey_make(told_text(name), TOLD_NOTE_COSIGNATURE, w->key, &w->vkey);
}

/* Puts the cosignature of a witness over the stored checkpoint of this size into the store, or appends it to a note. */
static void cosign(struct fixture *f, struct witness *w, int64_t size, uint64_t time_s, struct told_buf *note)
{
	struct told_bytes stored = note != NULL ? told_buf_view(note)
						: fixture_blob(f, "SELECT note FROM checkpoint WHERE size = ?1", size);
	struct told_buf line = TOLD_BUF(1024);
	struct told_note_line found;
	struct told_bytes text;
	size_t count;
	assert_int_equal(told_note_open(stored, &f->vkey, 1, &text, &found, &count), TOLD_OK);
	assert_int_equal(told_note_cosign(text, time_s, w->vkey.name, w->signer, w->key, &line), TOLD_OK);
	if (note != NULL) {
		told_buf_put_bytes(note, told_buf_view(&line));
	} else {
		char sql[256];
		snprintf(sql, sizeof sql, "INSERT INTO cosignature(log, size, name, line) VALUES (1, ?2, '%.*s', ?1)",
			 (int)w->vkey.name.len, (const char *)w->vkey.name.data);
		fixture_put_blob(f, sql, told_buf_view(&line), size);
		free((void *)(uintptr_t)stored.data);
	}
	told_buf_free(&line);
}

static void quorum_of(struct fixture *f, const struct witness *all, size_t n, const char *rule)
{
	struct told_buf text = TOLD_BUF(4096);
	told_buf_put_text(&text, "log ");
	told_vkey_format(&f->vkey, &text);
	for (size_t i = 0; i < n; i++) {
		told_buf_printf(&text, "\nwitness w%zu ", i);
		told_vkey_format(&all[i].vkey, &text);
	}
	told_buf_printf(&text, "\n%s\n", rule);
	fixture_write(f->policy, told_buf_view(&text));
	told_buf_free(&text);
}

static void test_a_quorum_of_cosignatures_is_counted_and_gives_the_time(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 40, 4);
	struct witness w[3];
	uint64_t now_s = f->time_ms / 1000 + 60;
	for (uint8_t i = 0; i < 3; i++)
		witness_open(&w[i], i == 0 ? "housing.witness" : i == 1 ? "iapt.witness" : "addiction.witness", 20 + i);
	quorum_of(f, w, 3, "group g 2 w0 w1 w2\nquorum g");
	assert_int_equal(fixture_verify(f), 1);
	fixture_says(f, "quorum        FAILED     no checkpoint has the cosignatures");
	cosign(f, &w[0], 20, now_s, NULL);
	assert_int_equal(fixture_verify(f), 1);
	cosign(f, &w[2], 20, now_s + 1, NULL);
	cosign(f, &w[1], 24, now_s + 2, NULL);
	assert_int_equal(fixture_verify(f), 0);
	fixture_says(f, "quorum        OK         witnesses enough have signed up to size 20");
	char newest[96];
	snprintf(newest, sizeof newest, "\"newest_cosigned_ms\":%llu", (unsigned long long)(now_s + 2) * 1000);
	fixture_run(f, "verify", "--json", "--store", f->store, "--policy", f->policy, "--receipts", f->receipts, NULL);
	fixture_says(f, newest);

	/* on a note from outside they count as well */
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	told_buf_put_bytes(&note, told_buf_view(&f->note));
	cosign(f, &w[0], 0, now_s + 3, &note);
	cosign(f, &w[1], 0, now_s + 3, &note);
	assert_int_equal(against(f, "cosigned", told_buf_view(&note)), 0);
	fixture_says(f, "signed up to size 40");
	told_buf_free(&note);
	for (size_t i = 0; i < 3; i++)
		told_signer_free(w[i].signer);
	fixture_free(f);
}

static void test_a_cosignature_of_a_known_witness_that_is_bent_is_found(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 12, 4);
	struct witness w;
	witness_open(&w, "housing.witness", 20);
	quorum_of(f, &w, 1, "quorum w0");
	cosign(f, &w, 4, 1795000000, NULL);
	fixture_drop_triggers(f);
	assert_int_equal(fixture_verify(f), 0);
	struct told_bytes line = fixture_blob(f, "SELECT line FROM cosignature WHERE size = ?1", 4);
	for (size_t bit = 0; bit < line.len * 8; bit += 5) {
		((uint8_t *)(uintptr_t)line.data)[bit / 8] ^= (uint8_t)(1u << bit % 8);
		fixture_put_blob(f, "UPDATE cosignature SET line = ?1 WHERE size = ?2", line, 4);
		int code = fixture_verify(f);
		if (code != 5)
			fail_msg("exit %d with bit %zu flipped\n%s", code, bit, f->out);
		fixture_says(f,
			     "signature     FAILED     cosignature of checkpoint 4 by housing.witness does not verify");
		((uint8_t *)(uintptr_t)line.data)[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	free((void *)(uintptr_t)line.data);
	told_signer_free(w.signer);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_proof_anchors_what_its_checkpoint_covers),
		cmocka_unit_test(test_bits_all_over_a_proof_count),
		cmocka_unit_test(test_a_proof_of_another_log_is_refused),
		cmocka_unit_test(test_files_that_are_too_long_are_refused),
		cmocka_unit_test(test_an_empty_folder_of_receipts_anchors_nothing),
		cmocka_unit_test(test_receipts_are_found_in_folders_below_and_links_are_not_followed),
		cmocka_unit_test(test_a_note_of_a_log_that_the_store_lacks_is_a_loss),
		cmocka_unit_test(test_a_quorum_of_cosignatures_is_counted_and_gives_the_time),
		cmocka_unit_test(test_a_cosignature_of_a_known_witness_that_is_bent_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
