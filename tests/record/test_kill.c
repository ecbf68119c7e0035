/* SPDX-License-Identifier: Apache-2.0 */
/* kill -9 at any instant (rules C1): what a commit said is kept is there, nothing is there by half, the log verifies
 * and the anchor is not ahead of it. TOLD_KILLS: how many; TOLD_SEED repeats the moments. */
#include "broker/record/room.h"
#include "support/agency.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OK(call)     assert_int_equal(call, TOLD_OK)
#define KILLS        40
#define KEPT_MAX     65536
#define TURN_AT_MOST 6

/* What the child says once a commit has returned. */
struct kept {
	uint8_t id[TOLD_ID_BYTES];
	told_hash hash;
	uint64_t index;
};

static struct kept kept[KEPT_MAX];
static size_t kept_count;
static const uint32_t story[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};
static const enum test_who to_tt[] = {TEST_TT};

static struct test_message *another(struct test_world *w, uint64_t *seed)
{
	struct test_agency *hou = &w->of[TEST_HOU];
	switch (told_test_random(seed) % 5) {
	case 0: OK(told_random(w->person, sizeof w->person)); return test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT);
	case 1: return test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, story, 2);
	case 2: return test_withdrawal(w, hou, NULL);
	case 3: return test_deposit(w, hou, TOLD_CATEGORY_DEM_ID);
	default: return test_referral(w, hou, &w->of[TEST_TT], story, 2);
	}
}

/* Turn after turn until somebody kills us. */
static void live(struct test_world *w, int out, uint64_t seed)
{
	struct kept open_now = {.index = UINT64_MAX};
	OK(test_world_open(w));
	if (write(out, &open_now, sizeof open_now) != (ssize_t)sizeof open_now)
		_exit(1);
	for (;;) {
		struct kept done[TURN_AT_MOST];
		size_t n = 1 + told_test_random(&seed) % TURN_AT_MOST;
		test_begin(w);
		for (size_t i = 0; i < n; i++) {
			struct test_message *m = another(w, &seed);
			struct test_said said = test_say(w, &w->of[TEST_HOU], m);
			memcpy(done[i].id, m->id.data, TOLD_ID_BYTES);
			told_sha256(m->header_bytes, &done[i].hash);
			done[i].index = told_receipt_index(said.receipt);
		}
		test_commit(w);
		if (write(out, done, n * sizeof done[0]) != (ssize_t)(n * sizeof done[0]))
			_exit(1);
	}
}

static int64_t number(struct test_world *w, const char *sql)
{
	sqlite3_stmt *rows = NULL;
	assert_int_equal(sqlite3_prepare_v2(w->record->store.db, sql, -1, &rows, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(rows, 0);
	sqlite3_finalize(rows);
	return n;
}

static void nothing_by_half(struct test_world *w)
{
	static const char *const halves[] = {
		"SELECT count(*) FROM entry LEFT JOIN detail USING (log, idx) WHERE detail.idx IS NULL",
		"SELECT count(*) FROM detail LEFT JOIN entry USING (log, idx) WHERE entry.idx IS NULL",
		"SELECT count(*) FROM duplicate LEFT JOIN entry USING (log, idx) WHERE entry.idx IS NULL",
		"SELECT count(*) FROM message LEFT JOIN duplicate USING (sender, id) WHERE duplicate.id IS NULL",
		"SELECT count(*) FROM parcel WHERE message <> 0 AND message NOT IN (SELECT seq FROM message)",
		"SELECT count(*) FROM deposit WHERE id NOT IN (SELECT id FROM duplicate)",
		"SELECT count(*) FROM fact LEFT JOIN entry USING (log, idx) WHERE entry.idx IS NULL",
	};
	for (size_t i = 0; i < sizeof halves / sizeof halves[0]; i++)
		assert_int_equal(number(w, halves[i]), 0);
}

static void log_verifies(struct test_world *w)
{
	struct told_checkpoint checkpoint;
	struct told_vkey vkey;
	struct told_note_line line;
	struct told_bytes text, entry;
	size_t lines = 1;
	uint64_t size = told_record_size(w->record);
	told_vkey_make(told_text(TEST_PARTNERSHIP "/1"), TOLD_NOTE_ED25519, w->log.key, &vkey);
	OK(told_note_open(told_record_checkpoint(w->record), &vkey, 1, &text, &line, &lines));
	OK(told_checkpoint_parse(text, &checkpoint));
	assert_int_equal(checkpoint.size, size);
	assert_int_equal(number(w, "SELECT count(*) FROM entry"), (int64_t)size);
	told_hash *leaves = malloc(size * sizeof *leaves), root;
	assert_non_null(leaves);
	for (uint64_t i = 0; i < size; i++) {
		OK(told_record_entry(w->record, w->arena, test_place(w, i), &entry));
		told_leaf_hash(entry, &leaves[i]);
	}
	told_merkle_root(leaves, size, &root);
	assert_memory_equal(root.b, checkpoint.root.b, sizeof root.b);
	free(leaves);
}

static void all_that_was_said_is_there(struct test_world *w)
{
	for (size_t i = 0; i < kept_count; i++) {
		struct told_bytes id = told_bytes(kept[i].id, TOLD_ID_BYTES);
		assert_int_equal(told_record_seen(w->record, w->of[TEST_HOU].party, id, &kept[i].hash), TOLD_E_REPLAY);
		assert_true(kept[i].index < told_record_size(w->record));
	}
}

/* Every body that waits can be read. */
static void bodies_are_whole(struct test_world *w)
{
	uint64_t after = 0;
	for (size_t count = 64; count == 64;) {
		struct told_parcel_row rows[64];
		OK(told_record_waiting(w->record, w->arena, w->of[TEST_TT].party, after, rows, &count));
		for (size_t i = 0; i < count; i++) {
			const struct told_verified *verified = NULL;
			struct told_place place;
			OK(told_record_carried(w->record, w->arena, &rows[i], &verified, &place));
			after = rows[i].seq;
		}
	}
}

static void hear(int in)
{
	struct kept one;
	while (read(in, &one, sizeof one) == (ssize_t)sizeof one && kept_count < KEPT_MAX)
		if (one.index != UINT64_MAX)
			kept[kept_count++] = one;
}

static void one_life(struct test_world *w, uint64_t *seed)
{
	int pipes[2];
	assert_int_equal(pipe(pipes), 0);
	fflush(NULL);
	uint64_t child_seed = told_test_random(seed);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(pipes[0]);
		live(w, pipes[1], child_seed);
		_exit(1);
	}
	close(pipes[1]);
	struct kept open_now;
	if (told_test_random(seed) % 5 != 0) /* the others may die while they open */
		assert_int_equal(read(pipes[0], &open_now, sizeof open_now), (ssize_t)sizeof open_now);
	usleep((useconds_t)(told_test_random(seed) %
			    150000)); /* the moment is what the test draws, not what it waits for */
	kill(child, SIGKILL);
	int how = 0;
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL); /* it did not fail before */
	hear(pipes[0]);
	close(pipes[0]);
}

static void test_whatever_the_moment_of_death_nothing_said_is_lost(void **state)
{
	(void)state;
	const char *given = getenv("TOLD_KILLS");
	unsigned kills = given != NULL ? (unsigned)atoi(given) : KILLS;
	uint64_t seed = told_test_seed();
	struct test_world *w = test_world_ready();
	test_world_close(w);
	for (unsigned i = 0; i < kills; i++) {
		one_life(w, &seed);
		OK(test_world_open(w));
		all_that_was_said_is_there(w);
		nothing_by_half(w);
		test_world_close(w);
	}
	OK(test_world_open(w));
	log_verifies(w);
	bodies_are_whole(w);
	print_message("%u deaths, %zu messages said, %llu entries\n", kills, kept_count,
		      (unsigned long long)told_record_size(w->record));
	assert_true(kept_count > 0);
	test_world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whatever_the_moment_of_death_nothing_said_is_lost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
