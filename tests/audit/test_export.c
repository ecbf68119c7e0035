/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit export, verify --tiles, prove, check-proof: what goes out comes back in, and nothing else does. */
#include "audit/fixture.h"

#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define ENTRIES 700u /* two full tiles, and one at the edge */

struct exported {
	struct fixture *f;
	char tiles[400], proof[400];
};

static struct exported exported_new(size_t entries)
{
	struct exported e = {.f = fixture_full(1, entries, 50)};
	fixture_turn(e.f, 1); /* brings the checkpoint of all before into the store */
	snprintf(e.tiles, sizeof e.tiles, "%s/tiles", e.f->dir);
	snprintf(e.proof, sizeof e.proof, "%s/one.tlog-proof", e.f->dir);
	assert_int_equal(fixture_run(e.f, "export", "--store", e.f->store, "--tiles", e.tiles, NULL), 0);
	return e;
}

static int verify_tiles(struct exported *e)
{
	return fixture_run(e->f, "verify", "--tiles", e->tiles, "--policy", e->f->policy, "--receipts", e->f->receipts,
			   NULL);
}

static const char *below(const struct exported *e, const char *name)
{
	static char path[500];
	snprintf(path, sizeof path, "%s/%s", e->tiles, name);
	return path;
}

/* ---- tiles ---- */

static void test_an_export_has_the_tiles_of_its_size_and_verifies(void **state)
{
	(void)state;
	struct exported e = exported_new(ENTRIES);
	static const char *const names[] = {
		"checkpoint", "vkey",           "tile/entries/000", "tile/entries/001",      "tile/0/000",
		"tile/0/001", "tile/1/000.p/2", "tile/0/002.p/188", "tile/entries/002.p/188"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (access(below(&e, names[i]), R_OK) != 0)
			fail_msg("%s is missing", names[i]);
	assert_int_equal(verify_tiles(&e), 0);
	fixture_says(e.f, "northtown/1: 700 entries, 1 checkpoint\n");
	fixture_says(e.f, "anchored      OK         700 of 700 entries");
	fixture_says(e.f, "erasures      NONE ASKED not judged: a folder of tiles holds no details");
	struct told_bytes text = told_test_read(below(&e, "vkey"));
	struct told_vkey vkey;
	assert_int_equal(told_vkey_parse(told_bytes(text.data, text.len - 1), &vkey), TOLD_OK);
	assert_memory_equal(vkey.key, e.f->key, sizeof vkey.key);
	free((void *)(uintptr_t)text.data);
	fixture_free(e.f);
}

static void test_an_older_export_says_what_is_newer_and_fails_nothing(void **state)
{
	(void)state;
	struct exported e = exported_new(300);
	fixture_turn(e.f, 20);
	fixture_receipts(e.f, 7);
	assert_int_equal(verify_tiles(&e), 1); /* no note from outside covers it: those of before were replaced */
	fixture_says(e.f, "integrity     OK         300 entries");
	fixture_free(e.f);
}

/* Every file: a bit, a byte less, a byte more, gone. */
static void test_a_changed_file_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *name, *says;
	} files[] = {
		{"tile/0/001", "integrity     FAILED"},
		{"tile/1/000.p/2", "integrity     FAILED"},
		{"tile/0/002.p/188", "integrity     FAILED"},
		{"tile/entries/001", "integrity     FAILED"},
		{"tile/entries/002.p/188", "integrity     FAILED"},
	};
	struct exported e = exported_new(ENTRIES);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct told_bytes content = told_test_read(below(&e, files[i].name));
		uint8_t *more = calloc(1, content.len + 1);
		assert_non_null(more);
		memcpy(more, content.data, content.len);
		more[content.len / 2] ^= 4;
		fixture_write(below(&e, files[i].name), told_bytes(more, content.len));
		assert_int_equal(verify_tiles(&e), 5);
		fixture_says(e.f, files[i].says);
		more[content.len / 2] ^= 4;
		fixture_write(below(&e, files[i].name), told_bytes(more, content.len - 1));
		assert_int_equal(verify_tiles(&e), 5);
		fixture_says(e.f, files[i].name);
		fixture_write(below(&e, files[i].name), told_bytes(more, content.len + 1));
		assert_int_equal(verify_tiles(&e), 5);
		fixture_says(e.f, files[i].name);
		assert_int_equal(unlink(below(&e, files[i].name)), 0);
		assert_int_equal(verify_tiles(&e), 5);
		fixture_says(e.f, "it is missing, and the size of the checkpoint calls for it");
		fixture_write(below(&e, files[i].name), content);
		assert_int_equal(verify_tiles(&e), 0);
		free(more);
		free((void *)(uintptr_t)content.data);
	}
	fixture_free(e.f);
}

static void test_files_of_an_export_that_are_no_tiles_are_named_and_not_read(void **state)
{
	(void)state;
	struct exported e = exported_new(300);
	assert_int_equal(verify_tiles(&e), 0);
	assert_null(strstr(e.f->out, "so it was not read"));
	fixture_write(below(&e, "tile/0/001.p/7"), told_text("an older one, of before the log had grown"));
	assert_int_equal(verify_tiles(&e), 0);
	assert_null(strstr(e.f->out, "so it was not read"));
	static const char *const strays[] = {"tile/0/0000", "tile/0/000.tmp", "tile/entries/x000", "tile/notes"};
	for (size_t i = 0; i < sizeof strays / sizeof strays[0]; i++)
		fixture_write(below(&e, strays[i]), told_text("?"));
	assert_int_equal(verify_tiles(&e), 0);
	for (size_t i = 0; i < sizeof strays / sizeof strays[0]; i++)
		fixture_says(e.f, strays[i]);
	fixture_says(e.f, "this is no name of a tile or an entry bundle (C2SP tlog-tiles), so it was not read");
	for (char name[] = "tile/stray-a"; name[11] <= 'j'; name[11]++)
		fixture_write(below(&e, name), told_text("?"));
	assert_int_equal(verify_tiles(&e), 0);
	fixture_says(e.f, "and 6 more such files");
	fixture_free(e.f);
}

static void test_a_checkpoint_of_a_size_that_the_folder_has_not_is_read_to_where_it_ends(void **state)
{
	(void)state;
	struct exported e = exported_new(300);
	static const char huge[] = "northtown/1\n9223372036854775807\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n"
				   "\xe2\x80\x94 northtown/1 AAAAAAAAAAA=\n";
	fixture_write(below(&e, "checkpoint"), told_text(huge));
	assert_int_equal(verify_tiles(&e), 5);
	fixture_says(e.f, "tile/0/001");
	fixture_write(below(&e, "checkpoint"), told_text("northtown/1\n01\n"));
	assert_int_equal(verify_tiles(&e), 5);
	fixture_says(e.f, "/checkpoint: line 2: this has not the form of a signed note");
	fixture_says(e.f, "not a checkpoint in the form of C2SP");
	fixture_write(below(&e, "checkpoint"), told_text("northtown/1\n01\nx\n\n\xe2\x80\x94 a AAAAAAA=\n"));
	assert_int_equal(verify_tiles(&e), 5);
	fixture_says(e.f, "/checkpoint: line 2: the size has to be a plain decimal number");
	assert_int_equal(unlink(below(&e, "checkpoint")), 0);
	assert_int_equal(verify_tiles(&e), 5);
	fixture_says(e.f, "Its tiles are here, and no checkpoint signs them");
	fixture_free(e.f);
}

static void test_a_store_that_is_not_what_was_signed_is_not_exported(void **state)
{
	(void)state;
	struct exported e = exported_new(60);
	char other[450];
	snprintf(other, sizeof other, "%s-other", e.tiles);
	fixture_drop_triggers(e.f);
	fixture_sql(e.f, "UPDATE entry SET data = x'0801' WHERE idx = ?1", 20, 0);
	assert_int_equal(fixture_run(e.f, "export", "--store", e.f->store, "--tiles", other, NULL), 5);
	fixture_says(e.f, "do not give the root that was signed");
	snprintf(other, sizeof other, "%s-other/checkpoint", e.tiles);
	assert_int_not_equal(access(other, F_OK), 0);
	fixture_free(e.f);
}

/* ---- lines ---- */

static size_t lines_of(const char *text, const char *with)
{
	size_t count = 0;
	for (const char *at = text; (at = strstr(at, with)) != NULL; at += strlen(with))
		count++;
	return count;
}

static void test_lines_hold_every_entry_and_what_is_open(void **state)
{
	(void)state;
	struct exported e = exported_new(60);
	assert_int_equal(fixture_run(e.f, "export", "--store", e.f->store, "--jsonl", NULL), 0);
	assert_int_equal(lines_of(e.f->out, "\n"), 61);
	assert_int_equal(lines_of(e.f->out, "\"worker\":\"W1\""), 61);
	assert_int_equal(lines_of(e.f->out, "\"part\":\"open\""), 3 * 61);
	fixture_sql(e.f, "UPDATE detail SET subject = NULL, subject_salt = NULL WHERE idx = ?1", 7, 0);
	fixture_sql(e.f, "UPDATE detail SET ruling = x'00' WHERE idx = ?1", 8, 0);
	assert_int_equal(fixture_run(e.f, "export", "--store", e.f->store, "--jsonl", NULL), 0);
	assert_int_equal(lines_of(e.f->out, "\"worker\":\"W1\""), 60);
	assert_int_equal(lines_of(e.f->out, "\"subject\":{\"part\":\"gone\"}"), 1);
	assert_int_equal(lines_of(e.f->out, "\"ruling\":{\"part\":\"not what the entry commits to\"}"), 1);
	assert_int_equal(fixture_run(e.f, "export", "--store", e.f->store, "--csv", NULL), 0);
	assert_int_equal(lines_of(e.f->out, "\r\n"), 62);
	fixture_says(e.f, "1,7,2026-11-1");
	fixture_says(e.f, "open,open,gone\r\n");
	fixture_free(e.f);
}

static void test_a_cell_is_never_a_formula(void **state)
{
	(void)state;
	struct fixture *f = fixture_new(1);
	struct told_leaf leaf = {.sender = told_text("=CMD\"x"), .type = TOLD_TYPE_NOTE, .clause = told_text("4.2")};
	fixture_begin(f);
	fixture_entry(f, &leaf, NULL);
	fixture_end(f);
	assert_int_equal(fixture_run(f, "export", "--store", f->store, "--csv", NULL), 0);
	fixture_says(f, ",\"'=CMD\"\"x\",");
	fixture_free(f);
}

/* A checker that knows the published definitions and nothing of us; it must find the errors that it plants, too. */
static void check_by_the_definition(const struct fixture *f)
{
	char path[512], checker[1024];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(path, sizeof path, "%s/events.ndjson", f->dir);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	for (const char *line = f->out, *end; *line != '\0'; line = *end == '\0' ? end : end + 1) {
		end = line + strcspn(line, "\n");
		if (*line == '{') /* what was left out is said in between, and goes elsewhere */
			fprintf(file, "%.*s\n", (int)(end - line), line);
	}
	assert_int_equal(fclose(file), 0);
	snprintf(checker, sizeof checker, "%s/tests/independent/check_fhir.py", source != NULL ? source : ".");
	char python[] = "python3", planted[] = "--planted";
	char *argv[] = {python, checker, planted, path, NULL};
	pid_t pid;
	int ended = -1;
	assert_int_equal(posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ), 0);
	assert_int_equal(waitpid(pid, &ended, 0), pid);
	assert_int_equal(ended, 0);
	unlink(path);
}

static void test_disclosures_are_audit_events_of_both_sides(void **state)
{
	(void)state;
	struct fixture *f = fixture_new(1);
	uint32_t purposes[] = {1}, released[] = {9, 14};
	struct told_leaf delivered = {.phase = TOLD_PHASE_DELIVERED,
				      .sender = told_text("HOUSING"),
				      .recipient = told_text("IAPT"),
				      .type = TOLD_TYPE_REFERRAL,
				      .agreement = told_text("core"),
				      .agreement_version = 2,
				      .clause = told_text("4.2"),
				      .purposes = {purposes, 1},
				      .released = {released, 2}};
	struct told_leaf refused = {.phase = TOLD_PHASE_REFUSED, .sender = told_text("IAPT"), .type = TOLD_TYPE_ASK};
	struct told_leaf plain = {0};
	fixture_begin(f);
	fixture_entry(f, &plain, NULL);
	fixture_entry(f, &delivered, NULL);
	fixture_entry(f, &refused, NULL);
	fixture_end(f);
	assert_int_equal(fixture_run(f, "export", "--store", f->store, "--fhir", NULL), 0);
	assert_int_equal(lines_of(f->out, "\"resourceType\":\"AuditEvent\""), 3);
	assert_int_equal(lines_of(f->out, "PrivacyDisclosure.Source\""), 2);
	assert_int_equal(lines_of(f->out, "PrivacyDisclosure.Recipient\""), 1);
	/* by name: the profile's fixed values, both agents, the person, what went */
	static const char *const wanted[] = {
		"\"code\":\"110106\"",
		"\"code\":\"110107\"",
		"\"code\":\"110153\"",
		"\"code\":\"110152\"",
		"iso-21089-lifecycle\",\"code\":\"disclose\"",
		"\"action\":\"R\"",
		"\"action\":\"C\"",
		"\"outcome\":\"0\"",
		"\"outcome\":\"4\"",
		"\"observer\":{\"type\":\"Organization\",\"identifier\":{\"system\":\"urn:told-once:party\",",
		"\"policy\":[\"urn:told-once:agreement:core:2#4.2\"]",
		"{\"type\":\"released\",\"valueString\":\"HOU.SIT\"}",
		"{\"type\":\"released\",\"valueString\":\"MH.PROB\"}",
		"\"system\":\"urn:told-once:client-ref\",\"value\":\"0900",
		"\"recorded\":\"2026-11-1",
	};
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		fixture_says(f, wanted[i]);
	check_by_the_definition(f);
	fixture_free(f);
}

/* ---- proofs ---- */

static int check_proof(struct exported *e)
{
	return fixture_run(e->f, "check-proof", e->proof, "--policy", e->f->policy, NULL);
}

static void test_every_entry_has_its_proof_from_store_and_from_tiles(void **state)
{
	(void)state;
	struct exported e = exported_new(ENTRIES);
	char number[32], says[64];
	for (unsigned index = 0; index < ENTRIES; index += index < 4 || index > 690 ? 1 : 41) {
		const char *const from[] = {"--store", "--tiles"};
		for (size_t i = 0; i < 2; i++) {
			snprintf(number, sizeof number, "%u", index);
			assert_int_equal(fixture_run(e.f, "prove", number, from[i], i == 0 ? e.f->store : e.tiles,
						     "--out", e.proof, NULL),
					 0);
			assert_int_equal(check_proof(&e), 0);
			snprintf(says, sizeof says, "entry %u of northtown/1 is in the log", index);
			fixture_says(e.f, says);
		}
	}
	assert_int_equal(fixture_run(e.f, "prove", "700", "--store", e.f->store, NULL), 1);
	fixture_says(e.f, "no signed checkpoint in the store covers it yet");
	assert_int_equal(fixture_run(e.f, "prove", "701", "--store", e.f->store, NULL), 1);
	fixture_free(e.f);
}

static void test_a_proof_that_was_changed_is_refused_with_its_line(void **state)
{
	(void)state;
	struct exported e = exported_new(60);
	assert_int_equal(fixture_run(e.f, "prove", "17", "--store", e.f->store, "--out", e.proof, NULL), 0);
	struct told_bytes proof = told_test_read(e.proof);
	uint8_t *bytes = (uint8_t *)(uintptr_t)proof.data;
	for (size_t i = 0; i < proof.len; i += 3) {
		bytes[i] ^= 1;
		fixture_write(e.proof, proof);
		assert_int_equal(check_proof(&e), 5);
		bytes[i] ^= 1;
	}
	fixture_write(e.proof, told_bytes(proof.data, 23));
	assert_int_equal(check_proof(&e), 5);
	fixture_says(e.f, "line 2 is not that of a proof");
	fixture_write(e.proof, told_text("c2sp.org/tlog-proof@v1\nindex 017\n"));
	assert_int_equal(check_proof(&e), 5);
	fixture_says(e.f, "line 2 is not that of a proof");
	assert_int_equal(unlink(e.proof), 0);
	assert_int_equal(check_proof(&e), 6);
	assert_int_equal(fixture_run(e.f, "check-proof", "--policy", e.f->policy, NULL), 2);
	free(bytes);
	fixture_free(e.f);
}

static void test_a_quorum_that_is_missing_is_said_and_no_more(void **state)
{
	(void)state;
	struct exported e = exported_new(60);
	uint8_t seed[32] = {9}, key[32];
	struct told_vkey witness;
	struct told_signer *signer = NULL;
	struct told_buf policy = TOLD_BUF(2048), line = TOLD_BUF(1024);
	assert_int_equal(told_ed25519_public(seed, key), TOLD_OK);
	assert_int_equal(told_signer_new(seed, &signer), TOLD_OK);
	told_vkey_make(told_text("iapt"), TOLD_NOTE_COSIGNATURE, key, &witness);
	told_buf_put_text(&policy, "log ");
	told_vkey_format(&e.f->vkey, &policy);
	told_buf_put_text(&policy, "\nwitness w ");
	told_vkey_format(&witness, &policy);
	told_buf_put_text(&policy, "\nquorum w\n");
	fixture_write(e.f->policy, told_buf_view(&policy));
	assert_int_equal(fixture_run(e.f, "prove", "17", "--store", e.f->store, "--out", e.proof, NULL), 0);
	assert_int_equal(check_proof(&e), 1);
	fixture_says(e.f, "too few witnesses");
	assert_int_equal(verify_tiles(&e), 1);
	fixture_says(e.f, "quorum        FAILED");

	/* the witness signs the checkpoint of 60 entries: proof, export and verdict have it */
	struct told_bytes note = fixture_blob(e.f, "SELECT note FROM checkpoint WHERE size = ?1", 60), text;
	assert_int_equal(told_note_text(note, &text), TOLD_OK);
	assert_int_equal(told_note_cosign(text, 1795000100, told_text("iapt"), signer, key, &line), TOLD_OK);
	fixture_put_blob(e.f, "INSERT INTO cosignature(log, size, name, line) SELECT 1, ?2, 'iapt', ?1",
			 told_buf_view(&line), 60);
	assert_int_equal(fixture_run(e.f, "prove", "17", "--store", e.f->store, "--out", e.proof, NULL), 0);
	assert_int_equal(check_proof(&e), 0);
	fixture_says(e.f, "witnesses enough have signed");
	fixture_turn(e.f, 1);
	assert_int_equal(fixture_run(e.f, "export", "--store", e.f->store, "--cosigned", "--tiles", e.tiles, NULL), 0);
	assert_int_equal(verify_tiles(&e), 0);
	fixture_says(e.f, "quorum        OK         witnesses enough have signed up to size 60");
	assert_int_equal(fixture_verify(e.f), 0);
	fixture_says(e.f, "quorum        OK         witnesses enough have signed up to size 60");
	free((void *)(uintptr_t)note.data);
	told_buf_free(&policy);
	told_buf_free(&line);
	told_signer_free(signer);
	fixture_free(e.f);
}

static void test_wrong_words_and_places(void **state)
{
	(void)state;
	struct exported e = exported_new(20);
	struct fixture *f = e.f;
	assert_int_equal(fixture_run(f, "export", "--store", f->store, NULL), 2);
	fixture_says(f, "give one of --tiles DIR");
	assert_int_equal(fixture_run(f, "export", "--store", f->store, "--csv", "--fhir", NULL), 2);
	assert_int_equal(fixture_run(f, "export", "--csv", NULL), 2);
	assert_int_equal(fixture_run(f, "export", "--store", f->policy, "--csv", NULL), 6);
	assert_int_equal(fixture_run(f, "export", "--store", f->store, "--tiles", "/dev/null/x", NULL), 6);
	assert_int_equal(fixture_run(f, "prove", "1", "--store", f->store, "--log", "x", NULL), 2);
	assert_int_equal(fixture_run(f, "prove", "1", "--store", f->store, "--log", "2", NULL), 1);
	assert_int_equal(fixture_run(f, "bench", "--entries", "0", NULL), 2);
	assert_int_equal(fixture_run(f, "bench", "--entries", "1200", "--json", NULL), 0);
	fixture_says(f, "{\"entries\":1200,");
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_export_has_the_tiles_of_its_size_and_verifies),
		cmocka_unit_test(test_files_of_an_export_that_are_no_tiles_are_named_and_not_read),
		cmocka_unit_test(test_an_older_export_says_what_is_newer_and_fails_nothing),
		cmocka_unit_test(test_a_changed_file_is_named),
		cmocka_unit_test(test_a_checkpoint_of_a_size_that_the_folder_has_not_is_read_to_where_it_ends),
		cmocka_unit_test(test_a_store_that_is_not_what_was_signed_is_not_exported),
		cmocka_unit_test(test_lines_hold_every_entry_and_what_is_open),
		cmocka_unit_test(test_a_cell_is_never_a_formula),
		cmocka_unit_test(test_disclosures_are_audit_events_of_both_sides),
		cmocka_unit_test(test_every_entry_has_its_proof_from_store_and_from_tiles),
		cmocka_unit_test(test_a_proof_that_was_changed_is_refused_with_its_line),
		cmocka_unit_test(test_a_quorum_that_is_missing_is_said_and_no_more),
		cmocka_unit_test(test_wrong_words_and_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
