/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks on what told-audit is given: one row is what is done to a file, the command, the exit code, the words. A row
 * that hangs is ended by its alarm. What the store itself shows is in test_tamper.c, proofs line by line in
 * test_assault_lines.c. */
#include "audit/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENTRIES   20u
#define LIMIT_S   120u
#define WORDS_MAX 12u

/* "@" stands for the folder of the row. */
#define VERIFY     "verify --store @/told.db --policy @/policy --receipts @/receipts"
#define TILES      "verify --tiles @/export --policy @/policy --receipts @/receipts"
#define AGAINST    "verify --store @/told.db --policy @/policy --against @/a.tlog-proof"
#define NOTED      "verify --store @/told.db --policy @/policy --against @/receipts/housing/checkpoint"
#define CHECK      "check-proof @/a.tlog-proof --policy @/policy"

#define RECEIPT    "receipts/housing/7.tlog-proof"
#define CHECKPOINT "receipts/housing/checkpoint"
#define TILE       "export/tile/0/000.p/20"
#define BUNDLE     "export/tile/entries/000.p/20"

struct attack {
	void (*strike)(const char *path, const char *with);
	const char *path, *with, *command;
	int code;
	const char *says, *also;
};

/* ---- what is done ---- */

static void nothing(const char *path, const char *with)
{
	(void)path;
	(void)with;
}

static void gone(const char *path, const char *with)
{
	(void)with;
	assert_int_equal(unlink(path), 0);
}

static void fifo(const char *path, const char *with)
{
	gone(path, with);
	assert_int_equal(mkfifo(path, 0600), 0);
}

static void folder(const char *path, const char *with)
{
	gone(path, with);
	assert_int_equal(mkdir(path, 0700), 0);
}

/* A link to `with`: a device, itself, or nothing. */
static void link_to(const char *path, const char *with)
{
	gone(path, with);
	assert_int_equal(symlink(with, path), 0);
}

/* The file stays what it was, one link further. */
static void behind_a_link(const char *path, const char *with)
{
	char moved[400];
	(void)with;
	snprintf(moved, sizeof moved, "%s.moved", path);
	assert_int_equal(rename(path, moved), 0);
	assert_int_equal(symlink(moved, path), 0);
}

static void shorter(const char *path, const char *with)
{
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(truncate(path, st.st_size - atol(with)), 0);
}

static void text(const char *path, const char *with)
{
	fixture_write(path, told_text(with));
}

static void copied_to(const char *path, const char *with)
{
	char to[400];
	struct told_bytes whole = told_test_read(path);
	snprintf(to, sizeof to, "%.*s/%s", (int)(strrchr(path, '/') - path), path, with);
	fixture_write(to, whole);
	free((void *)(uintptr_t)whole.data);
}

/* ---- one row ---- */

/* A store, receipts, a proof and an export of the same 20 entries. */
static struct fixture *scene(void)
{
	struct fixture *f = fixture_full(1, ENTRIES, 4);
	struct told_buf proof = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	char path[400];
	fixture_proof(f, 11, true, &proof);
	snprintf(path, sizeof path, "%s/a.tlog-proof", f->dir);
	fixture_write(path, told_buf_view(&proof));
	told_buf_free(&proof);
	fixture_turn(f, 1);
	snprintf(path, sizeof path, "%s/export", f->dir);
	assert_int_equal(fixture_run(f, "export", "--store", f->store, "--tiles", path, NULL), 0);
	return f;
}

static int run(struct fixture *f, const char *command)
{
	char line[4096] = "", *words[WORDS_MAX] = {0}, *save = NULL;
	size_t len = 0, count = 0;
	for (; *command != '\0'; command++)
		len += (size_t)(*command == '@' ? snprintf(line + len, sizeof line - len, "%s", f->dir)
						: snprintf(line + len, sizeof line - len, "%c", *command));
	for (char *word = strtok_r(line, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
		assert_true(count < WORDS_MAX);
		words[count++] = word;
	}
	alarm(LIMIT_S);
	int code = fixture_run(f, words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7],
			       words[8], words[9], words[10], words[11], NULL);
	alarm(0);
	return code;
}

static bool said(const struct fixture *f, const char *words)
{
	return words == NULL || strstr(f->out, words) != NULL;
}

/* Every row is tried, so that one look shows all that went wrong. */
static bool holds(const struct attack *attack)
{
	char path[400];
	struct fixture *f = scene();
	snprintf(path, sizeof path, "%s/%s", f->dir, attack->path);
	attack->strike(path, attack->with);
	int code = run(f, attack->command);
	bool good = code == attack->code && said(f, attack->says) && said(f, attack->also);
	if (!good)
		print_error("%s (%s): %s: exit %d and not %d, or \"%s\" \"%s\" is not in:\n%s\n", attack->path,
			    attack->with != NULL ? attack->with : "", attack->command, code, attack->code, attack->says,
			    attack->also != NULL ? attack->also : "", f->out);
	fixture_free(f);
	return good;
}

static void attack_all(const struct attack *attacks, size_t n)
{
	size_t failed = 0;
	for (size_t i = 0; i < n; i++)
		failed += !holds(&attacks[i]);
	assert_int_equal(failed, 0);
}
#define ATTACK(rows) attack_all(rows, sizeof(rows) / sizeof(rows)[0])

/* ---- the tables ---- */

static void test_the_scene_holds_when_nothing_is_done(void **state)
{
	static const struct attack rows[] = {
		{nothing, "policy", NULL, VERIFY, 0, "anchored      OK", NULL},
		{nothing, "policy", NULL, TILES, 0, "anchored      OK", NULL},
		{nothing, "policy", NULL, AGAINST, 0, "20 of 21 entries, by 1 file ", NULL},
		{nothing, "policy", NULL, CHECK, 0, "entry 11 of " FIXTURE_ORIGIN, NULL},
	};
	(void)state;
	ATTACK(rows);
}

static void test_what_is_no_file_is_refused_and_never_waited_for(void **state)
{
	static const struct attack rows[] = {
		{fifo, "policy", NULL, VERIFY, 6, "/policy: ", NULL},
		{folder, "policy", NULL, VERIFY, 6, "/policy: ", NULL},
		{link_to, "policy", "/dev/zero", VERIFY, 6, "/policy: ", NULL},
		{link_to, "policy", "policy", CHECK, 6, "/policy: ", NULL},
		{gone, "policy", NULL, TILES, 6, "/policy: ", NULL},
		{fifo, "told.db", NULL, VERIFY, 6, "/told.db: ", NULL},
		{folder, "told.db", NULL, VERIFY, 6, "/told.db: ", NULL},
		{link_to, "told.db", "/dev/zero", VERIFY, 6, "/told.db: ", NULL},
		{link_to, "told.db", "told.db", VERIFY, 6, "/told.db: ", NULL},
		{fifo, "a.tlog-proof", NULL, AGAINST, 6, "/a.tlog-proof: ", NULL},
		{fifo, "a.tlog-proof", NULL, CHECK, 6, "/a.tlog-proof: ", NULL},
		{link_to, "a.tlog-proof", "/dev/zero", CHECK, 6, "/a.tlog-proof: ", NULL},
		{folder, "a.tlog-proof", NULL, AGAINST, 6, "/a.tlog-proof: ", NULL},
		{fifo, CHECKPOINT, NULL, NOTED, 6, "/housing/checkpoint: ", NULL},
		{fifo, TILE, NULL, TILES, 5, "integrity     FAILED", "/" TILE ": "},
		{folder, TILE, NULL, TILES, 5, "integrity     FAILED", "/" TILE ": "},
		{link_to, TILE, "/dev/zero", TILES, 5, "integrity     FAILED", "/" TILE ": "},
		{link_to, TILE, "20", TILES, 5, "integrity     FAILED", "/" TILE ": "},
		{fifo, BUNDLE, NULL, TILES, 5, "integrity     FAILED", "/" BUNDLE ": "},
		{link_to, BUNDLE, "/dev/zero", TILES, 5, "integrity     FAILED", "/" BUNDLE ": "},
		{fifo, "export/checkpoint", NULL, TILES, 6, "/export/checkpoint: ", NULL},
		{link_to, "export/checkpoint", "/dev/zero", TILES, 6, "/export/checkpoint: ", NULL},
	};
	(void)state;
	ATTACK(rows);
}

/* In a folder of receipts a name says what a file has to be: what cannot be read might be the note that tells. */
static void test_a_receipt_that_is_no_file_is_not_passed_over(void **state)
{
	static const struct attack rows[] = {
		{fifo, RECEIPT, NULL, VERIFY, 6, "/" RECEIPT ": ", NULL},
		{link_to, RECEIPT, "/dev/zero", VERIFY, 6, "/" RECEIPT ": ", NULL},
		{behind_a_link, RECEIPT, NULL, VERIFY, 6, "/" RECEIPT ": ", NULL},
		{fifo, CHECKPOINT, NULL, VERIFY, 6, "/" CHECKPOINT ": ", NULL},
		{link_to, CHECKPOINT, "nowhere", VERIFY, 6, "/" CHECKPOINT ": ", NULL},
		/* a folder may have any name */
		{folder, RECEIPT, NULL, VERIFY, 0, "anchored      OK", NULL},
	};
	(void)state;
	ATTACK(rows);
}

static void test_a_link_to_the_right_file_is_that_file(void **state)
{
	static const struct attack rows[] = {
		{behind_a_link, "policy", NULL, VERIFY, 0, "anchored      OK", NULL},
		{behind_a_link, "told.db", NULL, VERIFY, 0, "anchored      OK", NULL},
		{behind_a_link, "a.tlog-proof", NULL, CHECK, 0, "entry 11", NULL},
		{behind_a_link, TILE, NULL, TILES, 0, "anchored      OK", NULL},
	};
	(void)state;
	ATTACK(rows);
}

static void test_a_folder_of_tiles_has_the_files_that_its_checkpoint_calls_for(void **state)
{
	static const struct attack rows[] = {
		{gone, TILE, NULL, TILES, 5, "integrity     FAILED", "/tile/0/000: it is missing"},
		{gone, BUNDLE, NULL, TILES, 5, "integrity     FAILED", "/tile/entries/000: it is missing"},
		{shorter, BUNDLE, "1", TILES, 5, "integrity     FAILED", "/" BUNDLE ": it ends before its entries do"},
		{shorter, TILE, "1", TILES, 5, "integrity     FAILED", "/" TILE ": it has not the length of its"},
		{shorter, TILE, "32", TILES, 5, "integrity     FAILED", "/" TILE ": it has not the length of its"},
		/* those of an earlier size may stay, and nothing reads them; a name of no tile is said */
		{copied_to, TILE, "19", TILES, 0, "anchored      OK", NULL},
		{copied_to, TILE, "21", TILES, 0, "anchored      OK", NULL},
		{copied_to, TILE, "020", TILES, 0, "/000.p/020: this is no name of a tile", "anchored      OK"},
		{gone, "export/checkpoint", NULL, TILES, 5, "no checkpoint signs them", NULL},
		{shorter, "export/checkpoint", "1", TILES, 5, "signature     FAILED", "20: line 5: "},
		{text, "export/checkpoint", "", TILES, 5, "/export/checkpoint: line 1: ", NULL},
	};
	(void)state;
	ATTACK(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_scene_holds_when_nothing_is_done),
		cmocka_unit_test(test_what_is_no_file_is_refused_and_never_waited_for),
		cmocka_unit_test(test_a_receipt_that_is_no_file_is_not_passed_over),
		cmocka_unit_test(test_a_link_to_the_right_file_is_that_file),
		cmocka_unit_test(test_a_folder_of_tiles_has_the_files_that_its_checkpoint_calls_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
