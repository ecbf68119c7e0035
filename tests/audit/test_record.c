/* SPDX-License-Identifier: Apache-2.0 */
/* A store that the broker's own record room has written, with its commits and restarts, is good; and while it is open.
 */
#include "audit/fixture.h"

#include "broker/record/record.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct told_record *open_record(struct fixture *f, const char *dir, const char *anchor)
{
	struct told_record_config config = {
		.dir = dir,
		.anchor = anchor,
		.partnership = told_text("northtown"),
		.log_signer = f->signer,
		.segment_bytes = 1 << 20,
	};
	struct told_record *record = NULL;
	const uint8_t operator_seed[32] = {77};
	assert_int_equal(told_ed25519_public(operator_seed, config.operator_key), TOLD_OK);
	memcpy(config.log_key, f->key, sizeof config.log_key);
	assert_int_equal(told_record_open(&config, &record), TOLD_OK);
	return record;
}

static void turn(struct told_record *record, struct told_arena *arena, int64_t clock_ms, unsigned entries)
{
	struct told_when when;
	assert_int_equal(told_record_begin(record, clock_ms, &when), TOLD_OK);
	for (unsigned i = 0; i < entries; i++)
		assert_int_equal(told_record_heartbeat(record, arena, i, 0), TOLD_OK);
	assert_int_equal(told_record_commit(record), TOLD_OK);
	told_arena_reset(arena);
}

/* Keeps the newest note as an agency would. */
static void keep(struct told_record *record, const char *path)
{
	fixture_write(path, told_record_checkpoint(record));
}

static void test_what_the_record_writes_is_good_open_and_closed(void **state)
{
	(void)state;
	struct fixture *f = fixture_new(1);
	struct told_arena *arena = NULL;
	char dir[400], anchor[400], store[500], note[500];
	snprintf(dir, sizeof dir, "%s/broker", f->dir);
	snprintf(anchor, sizeof anchor, "%s/anchor", f->dir);
	snprintf(store, sizeof store, "%s/told.db", dir);
	snprintf(note, sizeof note, "%s/checkpoint", f->receipts);
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_int_equal(told_arena_new(1 << 22, &arena), TOLD_OK);
	int64_t clock_ms = (int64_t)FIXTURE_TIME_MS;
	for (int life = 0; life < 4; life++) {
		struct told_record *record = open_record(f, dir, anchor);
		for (unsigned i = 0; i < 25; i++) {
			turn(record, arena, clock_ms, i % 7);
			clock_ms += i % 5 == 4 ? -3000 : 1000; /* a clock that is set back now and then */
		}
		keep(record, note);
		assert_int_equal(fixture_run(f, "verify", "--store", store, "--policy", f->policy, "--receipts",
					     f->receipts, NULL),
				 0);
		told_record_close(record);
		assert_int_equal(fixture_run(f, "verify", "--store", store, "--policy", f->policy, "--receipts",
					     f->receipts, NULL),
				 0);
	}
	fixture_says(f, "northtown/1: 276 entries");
	told_arena_free(arena);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_the_record_writes_is_good_open_and_closed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
