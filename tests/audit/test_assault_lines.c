/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks on text: every line of a proof, the lines of a policy; and on what stands beside a store: its write-ahead
 * log, another partnership's files. */
#include "audit/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the lines of a proof ---- */

enum { CHANGED, DROPPED, DOUBLED, EMPTIED, OVER_LONG, CRLF, KINDS };
static const char *const kinds[KINDS] = {"changed", "dropped", "doubled", "emptied", "over-long", "CRLF"};

static void put_long(struct told_buf *out)
{
	for (unsigned i = 0; i < 20000; i++)
		told_buf_put_text(out, "A");
}

static void strike_line(struct told_bytes line, int kind, struct told_buf *out)
{
	size_t from = out->len;
	if (kind != DROPPED && kind != EMPTIED)
		told_buf_put_bytes(out, line);
	if (kind == CHANGED && line.len > 0)
		out->data[from + line.len / 2] ^= 1;
	if (kind == CHANGED && line.len == 0)
		told_buf_put_text(out, "x");
	if (kind == OVER_LONG)
		put_long(out);
	if (kind == CRLF)
		told_buf_put_text(out, "\r");
	if (kind != DROPPED)
		told_buf_put_text(out, "\n");
	if (kind == DOUBLED) {
		told_buf_put_bytes(out, line);
		told_buf_put_text(out, "\n");
	}
}

/* The text with one line struck; false when it has no such line. */
static bool strike_text(struct told_bytes text, size_t which, int kind, struct told_buf *out)
{
	size_t at = 0;
	for (size_t from = 0; from < text.len; at++) {
		const uint8_t *end = memchr(text.data + from, '\n', text.len - from);
		struct told_bytes line = told_bytes(text.data + from, (size_t)(end - text.data) - from);
		if (at == which)
			strike_line(line, kind, out);
		else {
			told_buf_put_bytes(out, line);
			told_buf_put_text(out, "\n");
		}
		from += line.len + 1;
	}
	assert_int_equal(out->status, TOLD_OK);
	return which < at;
}

/* Two that leave a proof of the same entry: without the leaf it carries (which check-proof needs), and with a signature
 * twice. */
static int verdict(size_t line, size_t last, int kind, bool alone)
{
	if (line == 1 && kind == DROPPED)
		return alone ? 5 : 0;
	return line == last && kind == DOUBLED ? 0 : 5;
}

static bool struck(struct fixture *f, const char *path, size_t line, size_t last, int kind)
{
	int against = fixture_run(f, "verify", "--store", f->store, "--policy", f->policy, "--against", path, NULL);
	bool named = against == 0 || strstr(f->out, "struck.tlog-proof: ") != NULL;
	bool good = against == verdict(line, last, kind, false) && named && strstr(f->out, "integrity     OK") != NULL;
	if (!good)
		print_error("line %zu %s: verify gave %d\n%s\n", line + 1, kinds[kind], against, f->out);
	int alone = fixture_run(f, "check-proof", path, "--policy", f->policy, NULL);
	named = alone == 0 || strstr(f->out, "struck.tlog-proof: ") != NULL;
	if (alone == verdict(line, last, kind, true) && named)
		return good;
	print_error("line %zu %s: check-proof gave %d\n%s\n", line + 1, kinds[kind], alone, f->out);
	return false;
}

static size_t lines_of(struct told_bytes text)
{
	size_t lines = 0;
	for (size_t i = 0; i < text.len; i++)
		lines += text.data[i] == '\n';
	return lines;
}

static void test_no_line_of_a_proof_can_be_struck(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 9, 3);
	struct told_buf proof = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	char path[400];
	size_t failed = 0;
	fixture_proof(f, 5, true, &proof);
	snprintf(path, sizeof path, "%s/struck.tlog-proof", f->dir);
	size_t lines = lines_of(told_buf_view(&proof));
	assert_true(lines >= 12); /* version, extra, index, path, empty, three of the note, empty, signature */
	for (size_t line = 0; line < lines; line++) {
		for (int kind = 0; kind < KINDS; kind++) {
			struct told_buf text = TOLD_BUF(1 << 20);
			assert_true(strike_text(told_buf_view(&proof), line, kind, &text));
			fixture_write(path, told_buf_view(&text));
			if (!told_bytes_equal(told_buf_view(&text), told_buf_view(&proof))) /* one was empty */
				failed += !struck(f, path, line, lines - 1, kind);
			told_buf_free(&text);
		}
	}
	assert_int_equal(failed, 0);
	told_buf_free(&proof);
	fixture_free(f);
}

/* ---- policies ---- */

/* "%L" stands for the log's key, "%1" and "%2" for those of two witnesses. */
struct policy_attack {
	const char *text, *says;
};

static void put_witness(struct told_buf *out, uint8_t byte)
{
	uint8_t seed[32] = {byte}, key[32];
	struct told_vkey vkey;
	assert_int_equal(told_ed25519_public(seed, key), TOLD_OK);
	told_vkey_make(told_text("housing.witness"), TOLD_NOTE_COSIGNATURE, key, &vkey);
	told_vkey_format(&vkey, out);
}

static void write_policy(struct fixture *f, const char *text)
{
	struct told_buf out = TOLD_BUF(65536);
	for (; *text != '\0'; text++) {
		if (*text != '%')
			told_buf_put(&out, text, 1);
		else if (*++text == 'L')
			told_vkey_format(&f->vkey, &out);
		else
			put_witness(&out, (uint8_t)*text);
	}
	fixture_write(f->policy, told_buf_view(&out));
	told_buf_free(&out);
}

static void test_a_policy_with_a_fault_is_refused_with_its_line_by_every_command(void **state)
{
	static const struct policy_attack rows[] = {
		{"", "/policy: it has no quorum line"},
		{"\n\n", "/policy: it has no quorum line"},
		{"quorum none\n", "/policy: it has no log line"},
		{"log %L\nwitness a %1\nwitness a %2\nquorum a\n", "/policy: line 3: "},
		{"log %L\nwitness a %1\nwitness b %1\nquorum a\n", "/policy: line 3: "},
		{"log %L\nwitness a %1\ngroup g all a z\nquorum g\n", "/policy: line 3: "},
		{"log %L\nwitness a %1\nquorum z\n", "/policy: line 3: "},
		{"log %L\nwitness a %1\ngroup g all a g\nquorum g\n", "/policy: line 3: "},
		{"log %L\nwitness a %1\ngroup g any h\ngroup h any g\nquorum g\n", "/policy: line 3: "},
		{"log %L\r\nquorum none\r\n", "/policy: line 1: "},
		{"log %L\nquorum none", "/policy: line 2: "},
		{"log %L\nlog %L\nquorum none\n", "/policy: line 2: "},
	};
	(void)state;
	struct fixture *f = fixture_full(1, 9, 3);
	char proof[400];
	snprintf(proof, sizeof proof, "%s/housing/7.tlog-proof", f->receipts);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		write_policy(f, rows[i].text);
		int codes[] = {
			fixture_verify(f),
			fixture_run(f, "check-proof", proof, "--policy", f->policy, NULL),
			fixture_run(f, "drill", "--store", f->store, "--policy", f->policy, "--receipts", f->receipts,
				    NULL),
		};
		for (size_t j = 0; j < sizeof codes / sizeof codes[0]; j++)
			if (codes[j] != 6)
				fail_msg("exit %d of command %zu with:\n%s\n%s", codes[j], j, rows[i].text, f->out);
		fixture_says(f, rows[i].says);
	}
	write_policy(f, "log %L\nwitness a %1\nwitness b %2\ngroup g all a b\nquorum none\n");
	assert_int_equal(fixture_verify(f), 0);
	fixture_free(f);
}

/* ---- a write-ahead log beside the store ---- */

static void copy_file(const char *from, const char *to)
{
	struct told_bytes whole = told_test_read(from);
	fixture_write(to, whole);
	free((void *)(uintptr_t)whole.data);
}

/* Copies of a store whose last turns stand in its write-ahead log only, as a broker that runs leaves them. */
struct pair {
	struct fixture *f;
	char db[400], wal[420];
	long wal_bytes;
};

static void pair_open(struct pair *pair, uint8_t key)
{
	char wal[320];
	struct stat st;
	struct fixture *f = pair->f = fixture_full(key, 20, 4);
	snprintf(wal, sizeof wal, "%s-wal", f->store);
	assert_int_equal(
		sqlite3_exec(f->db, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0", NULL, NULL, NULL),
		SQLITE_OK);
	for (int i = 0; i < 3; i++)
		fixture_turn(f, 4);
	fixture_receipts(f, 7); /* of 32 entries */
	snprintf(pair->db, sizeof pair->db, "%s/copy.db", f->dir);
	snprintf(pair->wal, sizeof pair->wal, "%s-wal", pair->db);
	copy_file(f->store, pair->db);
	copy_file(wal, pair->wal);
	assert_int_equal(stat(pair->wal, &st), 0);
	pair->wal_bytes = (long)st.st_size;
}

static int pair_verify(const struct pair *pair, const char *db)
{
	return fixture_run(pair->f, "verify", "--store", (char *)(uintptr_t)db, "--policy", pair->f->policy,
			   "--receipts", pair->f->receipts, NULL);
}

static void test_a_write_ahead_log_is_part_of_the_store_and_its_loss_is_seen(void **state)
{
	(void)state;
	struct pair pair;
	pair_open(&pair, 1);
	assert_int_equal(pair_verify(&pair, pair.db), 0);
	fixture_says(pair.f, "32 of 32 entries");
	/* each cut loses the last turn at least; SQLite passes over what is not whole */
	const long cuts[] = {1, 4096, pair.wal_bytes / 2, pair.wal_bytes - 40, pair.wal_bytes - 31, pair.wal_bytes};
	for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
		assert_int_equal(truncate(pair.wal, pair.wal_bytes - cuts[i]), 0);
		int code = pair_verify(&pair, pair.db);
		if (code != 5)
			fail_msg("exit %d with %ld bytes cut\n%s", code, cuts[i], pair.f->out);
		fixture_says(pair.f, "integrity     OK");
		fixture_says(pair.f, "anchored      FAILED");
		fixture_says(pair.f, "missing");
	}
	assert_int_equal(unlink(pair.wal), 0);
	assert_int_equal(pair_verify(&pair, pair.db), 5);
	fixture_says(pair.f, "those from 20 on are missing");
	fixture_free(pair.f);
}

static void test_a_write_ahead_log_that_is_no_file_or_another_stores_is_seen(void **state)
{
	(void)state;
	struct pair pair, other;
	pair_open(&pair, 1);
	pair_open(&other, 2);
	copy_file(other.wal, pair.wal);
	assert_int_equal(pair_verify(&pair, pair.db), 5);
	assert_int_equal(unlink(pair.wal), 0);
	assert_int_equal(mkfifo(pair.wal, 0600), 0);
	alarm(120);
	assert_int_equal(pair_verify(&pair, pair.db), 6);
	alarm(0);
	fixture_says(pair.f, "/copy.db");
	fixture_free(pair.f);
	fixture_free(other.f);
}

/* SQLite looks for the log beside the file that a link leads to. */
static void test_the_write_ahead_log_is_found_behind_a_link(void **state)
{
	(void)state;
	struct pair pair;
	char link[400];
	pair_open(&pair, 1);
	snprintf(link, sizeof link, "%s/link.db", pair.f->dir);
	assert_int_equal(symlink("copy.db", link), 0);
	assert_int_equal(pair_verify(&pair, link), 0);
	fixture_says(pair.f, "32 of 32 entries");
	fixture_free(pair.f);
}

/* ---- another partnership ---- */

static void test_anothers_store_policy_and_receipts_are_told_apart(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 20, 4), *other = fixture_full(2, 20, 4);
	static const struct {
		int store, policy, receipts, code;
		const char *says;
	} rows[] = {
		{0, 0, 0, 0, "anchored      OK"},
		{1, 1, 1, 0, "anchored      OK"},
		{1, 0, 0, 5, "signature     FAILED     checkpoint of size 4: no signature under a key of the policy"},
		{0, 1, 0, 5, "signature     FAILED     checkpoint of size 4: no signature under a key of the policy"},
		{1, 0, 1, 5, "signature     FAILED     checkpoint of size 4: no signature under a key of the policy"},
		{0, 0, 1, 5, "/housing/0.tlog-proof: no signature under a key of the policy"},
		{1, 1, 0, 5, "/housing/0.tlog-proof: no signature under a key of the policy"},
	};
	struct fixture *both[] = {f, other};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int code =
			fixture_run(f, "verify", "--store", both[rows[i].store]->store, "--policy",
				    both[rows[i].policy]->policy, "--receipts", both[rows[i].receipts]->receipts, NULL);
		if (code != rows[i].code)
			fail_msg("exit %d in row %zu\n%s", code, i, f->out);
		fixture_says(f, rows[i].says);
	}
	fixture_free(f);
	fixture_free(other);
}

/* What two agencies keep, thrown together: each file proves itself. One of another partnership among them is named. */
static void test_receipts_of_two_agencies_may_lie_in_one_folder(void **state)
{
	(void)state;
	struct fixture *f = fixture_full(1, 20, 4), *other = fixture_full(2, 20, 4);
	char path[400];
	struct told_buf proof = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES), strange = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	snprintf(path, sizeof path, "%s/housing/iapt.checkpoint", f->receipts);
	fixture_write(path, told_buf_view(&f->note)); /* the second's, of size 20 */
	fixture_turn(f, 4);
	fixture_receipts(f, 20); /* the first's went on to 24 */
	fixture_proof(f, 22, false, &proof);
	snprintf(path, sizeof path, "%s/housing/iapt-22.tlog-proof", f->receipts);
	fixture_write(path, told_buf_view(&proof));
	assert_int_equal(fixture_verify(f), 0);
	fixture_says(f, "24 of 24 entries, by 7 files from outside (5 proofs)");
	fixture_proof(other, 3, true, &strange);
	snprintf(path, sizeof path, "%s/housing/addiction-3.tlog-proof", f->receipts);
	fixture_write(path, told_buf_view(&strange));
	assert_int_equal(fixture_verify(f), 5);
	fixture_says(f, "anchored      FAILED");
	fixture_says(f, "/housing/addiction-3.tlog-proof: no signature under a key of the policy");
	fixture_says(f, "integrity     OK");
	told_buf_free(&proof);
	told_buf_free(&strange);
	fixture_free(f);
	fixture_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_line_of_a_proof_can_be_struck),
		cmocka_unit_test(test_a_policy_with_a_fault_is_refused_with_its_line_by_every_command),
		cmocka_unit_test(test_a_write_ahead_log_is_part_of_the_store_and_its_loss_is_seen),
		cmocka_unit_test(test_a_write_ahead_log_that_is_no_file_or_another_stores_is_seen),
		cmocka_unit_test(test_the_write_ahead_log_is_found_behind_a_link),
		cmocka_unit_test(test_anothers_store_policy_and_receipts_are_told_apart),
		cmocka_unit_test(test_receipts_of_two_agencies_may_lie_in_one_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
