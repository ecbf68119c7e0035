/* SPDX-License-Identifier: Apache-2.0 */
/* Copies for audit, over a log of real messages: ordered by a logged message, whole in their tree, and holding nothing
 * of others; what is changed in one is found. */
#include "reports/rig.h"

#include "told/codes.h"
#include "told/vocabulary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct files {
	char policy[400], note[400], key[400], copy[400], entry[24];
};

static struct files files;

/* ---- the order ---- */

static struct test_message *order(struct test_world *w, struct test_agency *from, const char *party, int64_t until_ms)
{
	struct told_header header = test_header(w, from, TOLD_TYPE_AUDIT_COPY);
	struct told_audit_copy_part part = {.party = told_text(party),
					    .purpose = TOLD_AUDIT_PURPOSE_COMPLAINT,
					    .asked_by = TOLD_AUDIT_ASKER_DPO,
					    .asker = told_text(party),
					    .until_ms = (uint64_t)until_ms};
	header.audit_copy = &part;
	return test_sign(w, from, &header, NULL);
}

static uint64_t ordered(struct rig *rig, const char *party)
{
	struct test_world *w = rig->world;
	struct test_message *m = order(w, &w->operator_, party, w->now_ms + 30 * TOLD_MS_DAY);
	return told_receipt_index(test_phase(w, &w->operator_, m, TOLD_PHASE_ADMIN));
}

static void test_an_order_is_an_entry_of_the_log_and_names_for_whom_and_until_when(void **state)
{
	struct rig *rig = *state;
	struct told_leaf *leaf = test_leaf(rig->world, ordered(rig, "HOU"));
	assert_int_equal(leaf->type, TOLD_TYPE_AUDIT_COPY);
	assert_int_equal(leaf->phase, TOLD_PHASE_ADMIN);
	test_world_close(rig->world);
	assert_int_equal(test_world_open(rig->world), TOLD_OK); /* folded anew, it is in nobody's way */
	ordered(rig, "");
}

static void test_an_order_by_a_stranger_for_nobody_or_without_an_end_is_refused(void **state)
{
	struct rig *rig = *state;
	struct test_world *w = rig->world;
	struct test_agency *op = &w->operator_, *hou = &w->of[TEST_HOU];
	int64_t until_ms = w->now_ms + TOLD_MS_DAY;
	test_phase(w, op, order(w, op, "NOBODY", until_ms), TOLD_PHASE_REFUSED);
	assert_int_equal(test_turn(w, op, order(w, op, "HOU", w->now_ms - 1)).status, TOLD_E_MALFORMED);
	assert_int_equal(test_turn(w, op, order(w, op, "HOU", w->now_ms + 367 * TOLD_MS_DAY)).status, TOLD_E_MALFORMED);
	assert_int_not_equal(test_turn(w, hou, order(w, hou, "HOU", until_ms)).status, TOLD_OK);
}

/* ---- the copy ---- */

static void write_note(struct rig *rig)
{
	fixture_write(files.note, told_record_checkpoint(rig->world->record));
}

/* Policy, an anchor from outside, the operator's key, and a store at rest. */
static void prepare(struct rig *rig)
{
	struct test_world *w = rig->world;
	char hex[2 * TOLD_KEY_BYTES + 1];
	struct told_vkey vkey;
	struct told_buf text = TOLD_BUF(1024);
	static const char *dir;
	dir = dir != NULL ? dir : told_test_dir();
	snprintf(files.policy, sizeof files.policy, "%s/policy", dir);
	snprintf(files.note, sizeof files.note, "%s/note", dir);
	snprintf(files.key, sizeof files.key, "%s/operator.key", dir);
	snprintf(files.copy, sizeof files.copy, "%s/copy.db", dir);
	unlink(files.copy);
	told_vkey_make(told_text(TEST_PARTNERSHIP "/1"), TOLD_NOTE_ED25519, w->log.key, &vkey);
	told_buf_put_text(&text, "log ");
	told_vkey_format(&vkey, &text);
	told_buf_put_text(&text, "\nquorum none\n");
	fixture_write(files.policy, told_buf_view(&text));
	told_hex(w->operator_.signing.secret, TOLD_KEY_BYTES, hex);
	fixture_write(files.key, told_text(hex));
	told_buf_free(&text);
	rig->run.now_ms = (uint64_t)TEST_NOW_MS;
}

static int make(struct rig *rig, uint64_t index)
{
	snprintf(files.entry, sizeof files.entry, "%llu", (unsigned long long)index);
	return fixture_run(&rig->run, "copy", files.copy, "--store", rig->store, "--key", files.key, "--entry",
			   files.entry, NULL);
}

static void copy_of(struct rig *rig, const char *party)
{
	prepare(rig);
	uint64_t index = ordered(rig, party);
	write_note(rig);
	if (make(rig, index) != 0)
		fail_msg("%s", rig->run.out);
}

static int verify(struct rig *rig)
{
	return fixture_run(&rig->run, "verify", "--store", files.copy, "--policy", files.policy, "--against",
			   files.note, NULL);
}

/* One number out of a database. */
static int64_t number(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *row = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(row), SQLITE_ROW);
	int64_t value = sqlite3_column_int64(row, 0);
	sqlite3_finalize(row);
	sqlite3_close(db);
	return value;
}

static void test_a_party_s_copy_verifies_and_says_what_it_withholds(void **state)
{
	struct rig *rig = *state;
	copy_of(rig, "TT");
	fixture_says(&rig->run, "a copy for audit of the flows of TT; made for a complaint; asked for by a data "
				"protection officer of TT; good until 2026-12-22T12:00:00Z");
	assert_int_equal(verify(rig), 0);
	fixture_says(&rig->run, "This is a copy for audit of the flows of TT");
	int64_t withheld = number(files.copy, "SELECT count(*) FROM entry WHERE length(data) = 0");
	char line[80];
	snprintf(line, sizeof line, "withheld      %lld entries", (long long)withheld);
	assert_true(withheld > 5);
	fixture_says(&rig->run, line);
	assert_int_equal(number(files.copy, "SELECT count(*) FROM entry"),
			 number(rig->store, "SELECT count(*) FROM entry"));
	struct stat st;
	assert_int_equal(stat(files.copy, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

/* ---- nothing of others ---- */

static struct told_bytes read_copy(void)
{
	return told_test_read(files.copy);
}

static bool holds(struct told_bytes file, struct told_bytes what)
{
	return what.len > 0 && memmem(file.data, file.len, what.data, what.len) != NULL;
}

/* Every value of one column of the store that a condition picks out is looked for in the copy's bytes. */
static size_t held_of(struct rig *rig, struct told_bytes file, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *row = NULL;
	size_t held = 0, looked = 0;
	assert_int_equal(sqlite3_open(rig->store, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
	for (; sqlite3_step(row) == SQLITE_ROW; looked++)
		held += holds(file, told_bytes(sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0)));
	sqlite3_finalize(row);
	sqlite3_close(db);
	assert_true(looked > 0);
	return held;
}

/* EMP has no part in the referral from HOU to TT, nor in SUD's ask. */
static void test_a_party_s_copy_holds_no_byte_of_others(void **state)
{
	struct rig *rig = *state;
	copy_of(rig, "EMP");
	struct told_bytes file = read_copy();
	assert_false(holds(file, told_bytes(rig->world->person, TOLD_ID_BYTES)));
	assert_int_equal(held_of(rig, file,
				 "SELECT data FROM entry WHERE instr(data, CAST('EMP' AS BLOB)) = 0 AND"
				 " instr(data, CAST('HOU' AS BLOB)) > 0 AND idx > 40"),
			 0);
	assert_int_equal(held_of(rig, file, "SELECT subject FROM detail WHERE client IS NOT NULL"), 0);
	assert_int_equal(held_of(rig, file, "SELECT subject_salt FROM detail WHERE client IS NOT NULL"), 0);
	assert_int_equal(held_of(rig, file, "SELECT envelope FROM message WHERE client IS NOT NULL"), 0);
	assert_int_equal(held_of(rig, file, "SELECT key FROM subject"), 0);
	assert_int_equal(held_of(rig, file, "SELECT section FROM deposit"), 0);
	free((void *)(uintptr_t)file.data);
	assert_int_equal(verify(rig), 0);
}

static void test_whoever_merely_asked_finds_no_ruling_in_its_copy(void **state)
{
	struct rig *rig = *state;
	copy_of(rig, "SUD");
	struct told_bytes file = read_copy();
	assert_int_equal(held_of(rig, file, "SELECT ruling FROM detail JOIN message USING (log, idx) WHERE type = 3"),
			 0);
	free((void *)(uintptr_t)file.data);
	assert_int_equal(fixture_run(&rig->run, "search", "--store", files.copy, "--type", "ASK", "--csv", NULL), 0);
	assert_int_equal(rig_count(rig->run.out, "\r\n"), 3); /* head, answered, delivered */
}

static void test_a_partnership_s_copy_has_everything_under_other_names(void **state)
{
	struct rig *rig = *state;
	copy_of(rig, "");
	struct told_bytes file = read_copy();
	assert_false(holds(file, told_bytes(rig->world->person, TOLD_ID_BYTES)));
	assert_int_equal(held_of(rig, file, "SELECT subject_salt FROM detail WHERE client IS NOT NULL"), 0);
	free((void *)(uintptr_t)file.data);
	assert_int_equal(number(files.copy, "SELECT count(*) FROM entry WHERE length(data) = 0"), 0);
	assert_int_equal(number(files.copy, "SELECT count(DISTINCT person) FROM withheld WHERE person IS NOT NULL"), 1);
	assert_true(number(files.copy, "SELECT count(*) FROM fact") > 0);
	assert_int_equal(number(files.copy, "SELECT count(*) FROM fact WHERE type NOT IN (20, 25, 45)"), 0);
	assert_int_equal(number(files.copy, "SELECT max(length(envelope)) FROM message"), 0);
	assert_int_equal(verify(rig), 0);
	fixture_says(&rig->run, "of the whole partnership, people and workers under other names");
}

static void test_two_copies_give_one_person_two_names(void **state)
{
	struct rig *rig = *state;
	static const char sql[] = "SELECT hex(person) FROM withheld WHERE person IS NOT NULL LIMIT 1";
	char first[2 * TOLD_ID_BYTES + 1] = "";
	for (int i = 0; i < 2; i++) {
		sqlite3 *db = NULL;
		sqlite3_stmt *row = NULL;
		copy_of(rig, "");
		assert_int_equal(sqlite3_open(files.copy, &db), SQLITE_OK);
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_step(row), SQLITE_ROW);
		const char *name = (const char *)sqlite3_column_text(row, 0);
		assert_int_equal(strlen(name), 2 * TOLD_ID_BYTES);
		assert_string_not_equal(name, first);
		snprintf(first, sizeof first, "%s", name);
		sqlite3_finalize(row);
		sqlite3_close(db);
	}
}

/* ---- tampering ---- */

static void tamper(const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(files.copy, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_true(sqlite3_total_changes(db) > 0);
	sqlite3_close(db);
}

static void test_whatever_is_changed_in_a_copy_is_found(void **state)
{
	struct rig *rig = *state;
	static const char *const changes[] = {
		"UPDATE entry SET data = x'' WHERE length(data) > 0 AND idx > 3",
		"UPDATE entry SET data = data || x'00' WHERE idx = (SELECT min(idx) FROM entry WHERE length(data) > 0)",
		"UPDATE entry SET leaf_hash = zeroblob(32) WHERE idx = (SELECT min(idx) FROM entry WHERE length(data) "
		"= 0)",
		"DELETE FROM entry WHERE idx = (SELECT min(idx) FROM entry WHERE length(data) = 0)",
		"DELETE FROM withheld WHERE idx = (SELECT min(idx) FROM withheld)",
		"UPDATE withheld SET parts = 15 WHERE parts <> 15",
		"INSERT INTO withheld SELECT log, idx, 14, NULL, NULL FROM entry WHERE idx = (SELECT min(idx) FROM "
		"entry"
		" WHERE length(data) > 0 AND idx NOT IN (SELECT idx FROM withheld))",
		"DELETE FROM detail WHERE idx = (SELECT min(idx) FROM detail)",
		"UPDATE detail SET ruling = NULL WHERE idx = (SELECT min(idx) FROM detail WHERE length(ruling) > 0)",
		"UPDATE audit_copy SET entries = entries - 1",
		"UPDATE audit_copy SET signature = zeroblob(64)",
		"UPDATE audit_copy SET operator_key = zeroblob(32)",
		"UPDATE audit_copy SET idx = 0",
		"DELETE FROM audit_copy",
		"DELETE FROM fact WHERE type = 45",
	};
	copy_of(rig, "TT");
	struct told_bytes whole = read_copy();
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		fixture_write(files.copy, whole);
		tamper(changes[i]);
		int code = verify(rig);
		if (code != 5)
			fail_msg("%s: %d\n%s", changes[i], code, rig->run.out);
	}
	free((void *)(uintptr_t)whole.data);
}

static void test_the_drill_finds_every_tampering_on_a_copy(void **state)
{
	struct rig *rig = *state;
	copy_of(rig, "TT");
	int code = fixture_run(&rig->run, "drill", "--store", files.copy, "--policy", files.policy, "--against",
			       files.note, NULL);
	const char *missed = strstr(rig->run.out, "MISSED");
	if (code != 0)
		fail_msg("%d: %.200s", code, missed != NULL ? missed - 100 : rig->run.out);
	fixture_says(&rig->run, " 0 missed");
	fixture_says(&rig->run, "an entry of a copy withheld besides");
}

/* ---- exports ---- */

static const char *const forms[] = {"--jsonl", "--csv", "--fhir"};

static void test_a_party_s_export_holds_that_party_s_flows_only(void **state)
{
	struct rig *rig = *state;
	char ref[2 * TOLD_ID_BYTES + 1];
	told_hex(rig->world->person, TOLD_ID_BYTES, ref);
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		assert_int_equal(
			fixture_run(&rig->run, "export", "--store", rig->store, forms[i], "--party", "TT", NULL), 0);
		fixture_says(&rig->run, "REFERRAL");
		assert_null(strstr(rig->run.out, "\"ASK\"")); /* between HOU and SUD */
		assert_null(strstr(rig->run.out, ",ASK,"));
		assert_int_equal(
			fixture_run(&rig->run, "export", "--store", rig->store, forms[i], "--party", "EMP", NULL), 0);
		assert_null(strstr(rig->run.out, ref));
		assert_null(strstr(rig->run.out, "REFERRAL"));
	}
	assert_int_equal(fixture_run(&rig->run, "export", "--store", rig->store, "--tiles", "x", "--party", "TT", NULL),
			 2);
}

static void test_a_party_s_export_keeps_the_ruling_for_who_sent(void **state)
{
	struct rig *rig = *state;
	assert_int_equal(fixture_run(&rig->run, "export", "--store", rig->store, "--jsonl", "--party", "SUD", NULL), 0);
	const char *asked = strstr(rig->run.out, "\"phase\":\"answered\"");
	assert_non_null(asked);
	const char *ruling = strstr(asked, "\"ruling\":{");
	assert_ptr_equal(strstr(ruling, "\"ruling\":{\"part\":\"withheld\""), ruling);
	assert_int_equal(fixture_run(&rig->run, "export", "--store", rig->store, "--jsonl", "--party", "HOU", NULL), 0);
	const char *sent = strstr(rig->run.out, "\"phase\":\"accepted\",\"type\":\"REFERRAL\"");
	assert_non_null(sent);
	ruling = strstr(sent, "\"ruling\":{");
	assert_ptr_equal(strstr(ruling, "\"ruling\":{\"part\":\"open\""), ruling);
}

static void test_the_export_of_a_copy_is_that_of_the_store(void **state)
{
	struct rig *rig = *state;
	copy_of(rig, "TT");
	assert_int_equal(fixture_run(&rig->run, "export", "--store", rig->store, "--csv", "--party", "TT", NULL), 0);
	char *of_store = rig->run.out;
	rig->run.out = NULL;
	assert_int_equal(fixture_run(&rig->run, "export", "--store", files.copy, "--csv", "--party", "TT", NULL), 0);
	assert_string_equal(rig->run.out, of_store);
	free(of_store);
	assert_int_equal(fixture_run(&rig->run, "export", "--store", files.copy, "--tiles", rig->file, NULL), 6);
	fixture_says(&rig->run, "has the entries of one agency only");
}

static void test_one_person_is_found_in_a_partnership_s_copy_by_the_name_made_for_it(void **state)
{
	struct rig *rig = *state;
	char ref[2 * TOLD_ID_BYTES + 1], name[2 * TOLD_ID_BYTES + 1];
	copy_of(rig, "");
	assert_int_equal(fixture_run(&rig->run, "export", "--store", files.copy, "--jsonl", NULL), 0);
	const char *at = strstr(rig->run.out, "\"person\":\"");
	assert_non_null(at);
	snprintf(name, sizeof name, "%s", at + strlen("\"person\":\""));
	assert_int_equal(fixture_run(&rig->run, "client", name, "--reason", "sample", "--store", files.copy, NULL), 0);
	fixture_says(&rig->run, "Sent to Northtown NHS Talking Therapies");
	told_hex(rig->world->person, TOLD_ID_BYTES, ref);
	assert_int_equal(fixture_run(&rig->run, "client", ref, "--reason", "sample", "--store", files.copy, NULL), 0);
	fixture_says(&rig->run, "Nothing about this person");
}

static int prove(struct rig *rig, const char *sql)
{
	char index[24];
	snprintf(index, sizeof index, "%lld", (long long)number(files.copy, sql));
	return fixture_run(&rig->run, "prove", index, "--store", files.copy, "--out", rig->file, NULL);
}

static void test_a_copy_proves_what_it_shows_and_says_what_it_withholds(void **state)
{
	struct rig *rig = *state;
	copy_of(rig, "TT");
	assert_int_equal(prove(rig, "SELECT min(idx) FROM entry WHERE length(data) > 0"), 0);
	assert_int_equal(fixture_run(&rig->run, "check-proof", rig->file, "--policy", files.policy, NULL), 0);
	assert_int_equal(prove(rig, "SELECT min(idx) FROM entry WHERE length(data) = 0"), 1);
	fixture_says(&rig->run, "this copy for audit withholds that entry");
}

/* ---- its time ---- */

static void test_after_its_time_a_copy_is_read_for_a_reason_only(void **state)
{
	struct rig *rig = *state;
	copy_of(rig, "TT");
	rig->run.now_ms = (uint64_t)TEST_NOW_MS + 31 * (uint64_t)TOLD_MS_DAY;
	assert_int_equal(verify(rig), 6);
	fixture_says(&rig->run, "this copy for audit was given until 2026-12-22T12:00:00Z");
	assert_int_equal(fixture_run(&rig->run, "search", "--store", files.copy, "--type", "REFERRAL", NULL), 6);
	assert_int_equal(fixture_run(&rig->run, "search", "--after-until", "the hearing was put off", "--store",
				     files.copy, "--type", "REFERRAL", NULL),
			 0);
	fixture_says(&rig->run, "Read after its time, because: the hearing was put off");
}

static void test_nothing_is_copied_without_an_order_or_with_another_key(void **state)
{
	struct rig *rig = *state;
	prepare(rig);
	uint64_t index = ordered(rig, "TT");
	assert_int_equal(make(rig, index - 1), 6);
	fixture_says(&rig->run, "That entry orders no copy");
	fixture_write(files.key, told_text("00000000000000000000000000000000000000000000000000000000000000ff"));
	assert_int_equal(make(rig, index), 6);
	fixture_says(&rig->run, "the operator's key that signed the order");
	assert_int_equal(access(files.copy, F_OK), -1);
	fixture_write(files.copy, told_text("mine"));
	assert_int_equal(make(rig, index), 6); /* what is there is not written over */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_an_order_is_an_entry_of_the_log_and_names_for_whom_and_until_when),
		TEST(test_an_order_by_a_stranger_for_nobody_or_without_an_end_is_refused),
		TEST(test_a_party_s_copy_verifies_and_says_what_it_withholds),
		TEST(test_a_party_s_copy_holds_no_byte_of_others),
		TEST(test_whoever_merely_asked_finds_no_ruling_in_its_copy),
		TEST(test_a_partnership_s_copy_has_everything_under_other_names),
		TEST(test_two_copies_give_one_person_two_names),
		TEST(test_whatever_is_changed_in_a_copy_is_found),
		TEST(test_the_drill_finds_every_tampering_on_a_copy),
		TEST(test_a_party_s_export_holds_that_party_s_flows_only),
		TEST(test_a_party_s_export_keeps_the_ruling_for_who_sent),
		TEST(test_the_export_of_a_copy_is_that_of_the_store),
		TEST(test_one_person_is_found_in_a_partnership_s_copy_by_the_name_made_for_it),
		TEST(test_a_copy_proves_what_it_shows_and_says_what_it_withholds),
		TEST(test_after_its_time_a_copy_is_read_for_a_reason_only),
		TEST(test_nothing_is_copied_without_an_order_or_with_another_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
