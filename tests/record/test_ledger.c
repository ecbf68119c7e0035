/* SPDX-License-Identifier: Apache-2.0 */
/* The log in the store: at every size the tree that RFC 6962 says, after any restart, and noticed when it is not. */
#include "broker/record/ledger.h"
#include "proto/leaf.h"
#include "support/support.h"

#include <stdio.h>
#include <string.h>

#define OK(call) assert_int_equal(call, TOLD_OK)
#define MOST     700u

static char file[256];
static struct told_store store;
static struct told_ledger *ledger;
static struct told_arena *arena;
static told_hash leaves[MOST + 1];

static int set_up(void **state)
{
	(void)state;
	snprintf(file, sizeof file, "%s/told.db", told_test_dir());
	OK(told_store_open(file, &store));
	OK(told_ledger_open(&store, 1, &ledger));
	OK(told_arena_new(1u << 26, &arena));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	told_ledger_close(ledger);
	ledger = NULL;
	told_store_close(&store);
	told_arena_free(arena);
	return 0;
}

static void reopen(void)
{
	told_ledger_close(ledger);
	told_store_close(&store);
	OK(told_store_open(file, &store));
	OK(told_ledger_open(&store, 1, &ledger));
}

static void run(enum told_sql which)
{
	OK(told_sql_run(told_sql(&store, which)));
}

/* An entry that states its number as its time. */
static struct told_bytes entry(uint64_t number)
{
	uint8_t zeros[TOLD_HASH_BYTES] = {0};
	struct told_leaf leaf = {
		.version = 1,
		.phase = TOLD_PHASE_HEARTBEAT,
		.time_ms = number + 1,
		.txid = told_bytes(zeros, TOLD_ID_BYTES),
		.sender = told_text("broker"),
		.subject_tag = told_bytes(zeros, TOLD_SUBJECT_TAG_BYTES),
		.facts = told_bytes(zeros, TOLD_HASH_BYTES),
		.ruling = told_bytes(zeros, TOLD_HASH_BYTES),
		.subject = told_bytes(zeros, TOLD_HASH_BYTES),
	};
	struct told_buf buf = TOLD_BUF(TOLD_LEAF_MAX_BYTES);
	OK(told_leaf_encode(&leaf, &buf));
	struct told_bytes bytes = told_arena_copy(arena, told_buf_view(&buf));
	told_buf_free(&buf);
	return bytes;
}

static void append(void)
{
	uint64_t index = 0, number = told_ledger_size(ledger);
	struct told_bytes bytes = entry(number);
	OK(told_ledger_append(ledger, bytes, number + 1, &index));
	assert_int_equal(index, number);
	told_leaf_hash(bytes, &leaves[number]);
}

static void turn(unsigned count)
{
	run(TOLD_SQL_BEGIN);
	for (unsigned i = 0; i < count; i++)
		append();
	OK(told_ledger_put_head(ledger));
	run(TOLD_SQL_COMMIT);
}

static void check_root(void)
{
	told_hash root, wanted;
	uint64_t size = told_ledger_size(ledger);
	told_ledger_root(ledger, &root);
	told_merkle_root(leaves, size, &wanted);
	assert_memory_equal(root.b, wanted.b, sizeof root.b);
	assert_int_equal(told_ledger_time(ledger), size);
}

/* Every perfect subtree, and nothing beyond. */
static void check_nodes(void)
{
	uint64_t size = told_ledger_size(ledger);
	for (unsigned level = 0; level <= 10; level++) {
		told_hash found, wanted;
		for (uint64_t i = 0; i < size >> level; i++) {
			OK(told_ledger_node(ledger, level, i, &found));
			told_merkle_root(&leaves[i << level], (size_t)1 << level, &wanted);
			assert_memory_equal(found.b, wanted.b, sizeof found.b);
		}
		assert_int_equal(told_ledger_node(ledger, level, size >> level, &found), TOLD_E_NOT_FOUND);
	}
	told_hash none;
	assert_int_equal(told_ledger_node(ledger, 63, 0, &none), TOLD_E_NOT_FOUND);
}

static bool among(uint64_t size, const unsigned *sizes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (sizes[i] == size)
			return true;
	return false;
}

static void test_at_every_size_root_and_nodes_are_those_of_the_leaves(void **state)
{
	(void)state;
	static const unsigned looked_at[] = {0, 1, 2, 3, 127, 128, 255, 256, 257, 300, 511, 512, 513, 640, 700};
	for (unsigned size = 0;; size++) {
		check_root();
		if (among(size, looked_at, sizeof looked_at / sizeof looked_at[0])) {
			check_nodes();
			reopen();
			check_root();
			check_nodes();
		}
		if (size == MOST)
			break;
		turn(1);
		told_arena_reset(arena);
	}
}

static void test_turns_of_many_entries_give_the_same_tree(void **state)
{
	(void)state;
	static const unsigned turns[] = {1, 254, 2, 255, 100, 88};
	for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
		turn(turns[i]);
		check_root();
		reopen();
		check_root();
	}
	check_nodes();
}

static void test_a_turn_that_is_rolled_back_never_was(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 8; round++) {
		turn(37 + round);
		uint64_t size = told_ledger_size(ledger);
		run(TOLD_SQL_BEGIN);
		for (unsigned i = 0; i < 300; i++)
			append();
		run(TOLD_SQL_ROLLBACK);
		OK(told_ledger_rewind(ledger));
		assert_int_equal(told_ledger_size(ledger), size);
		check_root();
		check_nodes();
		told_arena_reset(arena);
	}
}

static void test_entries_come_back_and_others_are_not_there(void **state)
{
	(void)state;
	struct told_bytes found;
	turn(300);
	for (uint64_t i = 0; i < 300; i += 13) {
		OK(told_ledger_entry(ledger, i, arena, &found));
		assert_true(told_bytes_equal(found, entry(i)));
	}
	assert_int_equal(told_ledger_entry(ledger, 300, arena, &found), TOLD_E_NOT_FOUND);
	uint64_t index;
	run(TOLD_SQL_BEGIN);
	assert_int_equal(told_ledger_append(ledger, told_bytes(NULL, 0), 1, &index), TOLD_E_LIMIT);
	static uint8_t long_entry[TOLD_LEAF_MAX_BYTES + 1];
	assert_int_equal(told_ledger_append(ledger, told_bytes(long_entry, sizeof long_entry), 1, &index),
			 TOLD_E_LIMIT);
	run(TOLD_SQL_ROLLBACK);
}

static void test_proofs_hold_at_all_sizes(void **state)
{
	(void)state;
	turn(600);
	for (uint64_t size = 1; size <= 600; size += 37) {
		told_hash root, path[TOLD_PROOF_MAX], older;
		size_t count;
		told_merkle_root(leaves, size, &root);
		for (uint64_t i = 0; i < size; i += 19) {
			OK(told_tree_inclusion(told_ledger_node, ledger, i, size, path, &count));
			OK(told_inclusion_check(&leaves[i], i, size, path, count, &root));
		}
		for (uint64_t old = 1; old < size; old += 41) {
			told_merkle_root(leaves, old, &older);
			OK(told_tree_consistency(told_ledger_node, ledger, old, size, path, &count));
			OK(told_consistency_check(old, &older, size, &root, path, count));
		}
	}
}

/* ---- R1 ---- */

/* As an insider with a text editor would: without our settings and without our authorizer. */
static int edit(const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	return code;
}

/* Through the broker's own connection, as its own code would do it by mistake. */
static int mistake(const char *sql)
{
	sqlite3_set_authorizer(store.db, NULL, NULL);
	return sqlite3_exec(store.db, sql, NULL, NULL, NULL);
}

static void test_nothing_in_the_log_can_be_changed(void **state)
{
	(void)state;
	static const char *const mistakes[] = {
		"UPDATE entry SET data = x'00' WHERE idx = 3",
		"DELETE FROM entry WHERE idx = 299",
		"INSERT OR REPLACE INTO entry VALUES (1, 3, x'00', x'00')",
		"INSERT OR IGNORE INTO entry VALUES (1, 500, x'00', x'00')",
		"INSERT INTO entry VALUES (1, 301, x'00', x'00')",
		"INSERT INTO entry VALUES (1, -1, x'00', x'00')",
		"UPDATE OR REPLACE entry SET idx = 4 WHERE idx = 3",
		"UPDATE tile SET data = x'00'",
		"DELETE FROM tile",
		"INSERT OR REPLACE INTO tile VALUES (1, 0, 0, x'00')",
		"UPDATE tree_head SET root = x'00'",
		"DELETE FROM tree_head",
		"INSERT OR REPLACE INTO tree_head VALUES (1, 300, x'00')",
		"INSERT INTO checkpoint VALUES (1, 300, x'00'); UPDATE checkpoint SET note = x'01'",
		"DELETE FROM checkpoint",
		"INSERT OR REPLACE INTO checkpoint VALUES (1, 300, x'02')",
		"INSERT INTO cosignature VALUES (1, 300, 'HOU', x'00'); DELETE FROM cosignature",
		"INSERT OR REPLACE INTO cosignature VALUES (1, 300, 'HOU', x'01')",
		"INSERT INTO timestamp VALUES (1, 300, x'00'); UPDATE timestamp SET token = x'01'",
	};
	turn(300);
	for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++)
		assert_int_equal(mistake(mistakes[i]), SQLITE_CONSTRAINT);
	check_nodes();
	reopen();
	check_root();
}

static void test_an_edit_behind_our_back_is_noticed(void **state)
{
	(void)state;
	static const struct {
		const char *sql;
		bool at_opening;
	} edits[] = {
		{"UPDATE entry SET leaf_hash = zeroblob(32) WHERE idx = 299", true},
		{"UPDATE entry SET leaf_hash = zeroblob(31) WHERE idx = 299", true},
		{"DELETE FROM entry WHERE idx = 299", true},
		{"DELETE FROM entry WHERE idx = 270", true},
		{"DELETE FROM tile", true},
		{"UPDATE tile SET data = zeroblob(8192)", true},
		{"UPDATE tree_head SET root = zeroblob(32)", true},
		{"DELETE FROM tree_head", true},
		{"UPDATE entry SET leaf_hash = zeroblob(32) WHERE idx = 5", false},
		{"UPDATE entry SET data = zeroblob(20) WHERE idx = 5", false},
	};
	static const char drop[] =
		"DROP TRIGGER entry_dense; DROP TRIGGER entry_kept; DROP TRIGGER entry_fixed;"
		"DROP TRIGGER tile_kept; DROP TRIGGER tile_fixed; DROP TRIGGER head_kept; DROP TRIGGER head_fixed";
	for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
		struct told_ledger *other = NULL;
		struct told_bytes found;
		tear_down(NULL);
		set_up(NULL);
		turn(300);
		told_ledger_close(ledger);
		told_store_close(&store);
		ledger = NULL;
		assert_int_equal(edit(drop), SQLITE_OK);
		assert_int_equal(edit(edits[i].sql), SQLITE_OK);
		OK(told_store_open(file, &store));
		enum told_status status = told_ledger_open(&store, 1, &other);
		assert_int_equal(status, edits[i].at_opening ? TOLD_E_CORRUPT : TOLD_OK);
		if (!edits[i].at_opening)
			assert_int_equal(told_ledger_entry(other, 5, arena, &found), TOLD_E_CORRUPT);
		told_ledger_close(other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_at_every_size_root_and_nodes_are_those_of_the_leaves, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_turns_of_many_entries_give_the_same_tree, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_turn_that_is_rolled_back_never_was, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_entries_come_back_and_others_are_not_there, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_proofs_hold_at_all_sizes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_in_the_log_can_be_changed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_an_edit_behind_our_back_is_noticed, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
