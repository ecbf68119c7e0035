/* SPDX-License-Identifier: Apache-2.0 */
/* Erasure and what may go wrong: a store from a backup, a crash at any step, and rows whose time is over. */
#include "record/erasing.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- backups ---- */

static struct told_bytes take(const char *dir, const char *name)
{
	char path[300];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	return access(path, R_OK) == 0 ? told_test_read(path) : told_bytes(NULL, 0);
}

static void put_back(const char *dir, const char *name, struct told_bytes bytes)
{
	char path[300];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	if (bytes.data == NULL) {
		unlink(path);
		return;
	}
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	assert_int_equal(fwrite(bytes.data, 1, bytes.len, out), bytes.len);
	fclose(out);
	free((void *)(uintptr_t)bytes.data);
}

static const char *const backed_up[] = {"told.db", "told.db-wal", "spool/00000001.bodies", "anchor"};
#define BACKED_UP (sizeof backed_up / sizeof backed_up[0])

/* The anchor goes back with the rest here, so that the store opens at all; the file of erased transactions does not. */
static void test_a_store_from_a_backup_erases_again(void **state)
{
	struct test_world *w = *state;
	struct told_bytes backup[BACKED_UP];
	test_world_close(w);
	for (size_t i = 0; i < BACKED_UP; i++)
		backup[i] = take(w->dir, backed_up[i]);
	OK(test_world_open(w));
	test_phase(w, &w->of[TEST_HOU], request(w, &w->of[TEST_HOU]), TOLD_PHASE_ACCEPTED);
	test_drain(w, &w->of[TEST_TT]);
	finish(w);
	test_world_close(w);
	for (size_t i = 0; i < BACKED_UP; i++)
		put_back(w->dir, backed_up[i], backup[i]);
	assert_true(in_folder(w->dir, w->person) > 20); /* they are back */
	OK(test_world_open(w));
	finish(w);
	nothing_is_left(w);
	assert_int_equal(number(w, "SELECT count(*) FROM erasure WHERE finished = 1"), 1);
	uint64_t size = told_record_size(w->record);
	test_world_close(w);
	OK(test_world_open(w)); /* and once is enough */
	finish(w);
	assert_int_equal(told_record_size(w->record), size);
}

static void test_an_erasure_that_was_not_noted_is_noted_at_opening(void **state)
{
	struct test_world *w = *state;
	test_phase(w, &w->of[TEST_HOU], request(w, &w->of[TEST_HOU]), TOLD_PHASE_ACCEPTED);
	test_world_close(w);
	struct told_bytes noted = take(w->dir, "anchor.erased");
	assert_true(noted.len > 36);
	for (size_t cut = 0; cut < noted.len; cut += 7) {
		struct told_buf torn = TOLD_BUF(1u << 20);
		told_buf_put(&torn, noted.data, cut);
		uint8_t *copy = malloc(torn.len + 1);
		assert_non_null(copy);
		if (torn.len > 0)
			memcpy(copy, torn.data, torn.len);
		put_back(w->dir, "anchor.erased", told_bytes(copy, torn.len));
		told_buf_free(&torn);
		OK(test_world_open(w));
		test_world_close(w);
		struct told_bytes again = take(w->dir, "anchor.erased");
		assert_true(told_bytes_equal(again, noted));
		free((void *)(uintptr_t)again.data);
	}
	free((void *)(uintptr_t)noted.data);
	OK(test_world_open(w));
}

/* ---- crashes ---- */

enum step { SAID, COMMITTED, OVERWRITING, OVERWRITTEN, TRUNCATED, FINISHING, FINISHED, STEPS };

static void die_at(enum step step, enum step here)
{
	if (step == here)
		kill(getpid(), SIGKILL);
}

/* The child erases and dies at the step given. */
static void erase_until(struct test_world *w, enum step step)
{
	bool more = false;
	OK(test_world_open(w));
	test_begin(w);
	test_say(w, &w->of[TEST_HOU], request(w, &w->of[TEST_HOU]));
	die_at(step, SAID);
	test_commit(w);
	die_at(step, COMMITTED);
	test_drain(w, &w->of[TEST_TT]);
	test_begin(w);
	OK(told_record_erasing(w->record, w->arena, &more));
	die_at(step, OVERWRITING);
	test_commit(w);
	die_at(step, OVERWRITTEN);
	OK(told_record_truncate(w->record, 1000, &more));
	die_at(step, TRUNCATED);
	test_begin(w);
	OK(told_record_erasing(w->record, w->arena, &more));
	die_at(step, FINISHING);
	test_commit(w);
	kill(getpid(), SIGKILL);
}

static void in_a_child(struct test_world *w, void (*run)(struct test_world *w, uint64_t given), uint64_t given)
{
	int how = 0;
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		run(w, given);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
}

static void run_until(struct test_world *w, uint64_t step)
{
	erase_until(w, (enum step)step);
}

/* Either nothing happened, or after some turns nothing is left. */
static void finished_or_undone(struct test_world *w, int64_t before, bool *undone)
{
	OK(test_world_open(w));
	test_drain(w, &w->of[TEST_TT]);
	finish(w);
	*undone = number(w, "SELECT count(*) FROM erasure") == before;
	int64_t finished = number(w, "SELECT count(*) FROM erasure WHERE finished = 1");
	if (*undone)
		assert_true(in_folder(w->dir, w->person) > 20);
	else {
		assert_int_equal(finished, number(w, "SELECT count(*) FROM erasure"));
		nothing_is_left(w);
	}
	assert_int_equal(number(w, "SELECT count(*) FROM deposit") == 2, *undone);
	assert_int_equal(number(w, "SELECT count(*) FROM subject") == 1, *undone);
}

static void test_death_at_each_step_leaves_it_finished_or_undone(void **state)
{
	for (enum step step = SAID; step < STEPS; step++) {
		struct test_world *w = step == SAID ? *state : test_world_ready();
		bool undone = false;
		if (step != SAID) {
			OK(told_random(w->person, sizeof w->person));
			live(w);
		}
		test_world_close(w);
		in_a_child(w, run_until, step);
		finished_or_undone(w, 0, &undone);
		assert_int_equal(undone, step == SAID);
		if (step != SAID)
			test_world_free(w);
	}
}

/* Dies after so many microseconds, wherever that is. */
static void run_for(struct test_world *w, uint64_t us)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
	struct itimerspec when = {.it_value = {.tv_nsec = (long)(1 + us) * 1000}};
	timer_t timer;
	assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
	assert_int_equal(timer_settime(timer, 0, &when, NULL), 0);
	erase_until(w, STEPS);
}

#define DEATHS 24u

static unsigned deaths(void)
{
	const char *asked = getenv("TOLD_DEATHS");
	return asked != NULL ? (unsigned)strtoul(asked, NULL, 10) : DEATHS;
}

static void test_whatever_the_moment_of_death_it_is_never_half(void **state)
{
	struct test_world *w = *state;
	uint64_t seed = told_test_seed();
	unsigned undone_times = 0;
	for (unsigned i = 0; i < deaths(); i++) {
		bool undone = false;
		int64_t before = number(w, "SELECT count(*) FROM erasure");
		test_world_close(w);
		in_a_child(w, run_for, told_test_random(&seed) % 120000);
		finished_or_undone(w, before, &undone);
		undone_times += undone;
		if (undone)
			continue;
		OK(told_random(w->person, sizeof w->person));
		live(w);
	}
	print_message("%u deaths, %u before the commit\n", deaths(), undone_times);
}

/* ---- rows whose time is over ---- */

static void forget_all(struct test_world *w)
{
	for (int i = 0; i < 20; i++) {
		bool more = false;
		w->now_ms += TOLD_MS_SECOND + 1;
		test_begin(w);
		OK(told_record_erasing(w->record, w->arena, &more));
		OK(told_record_forget(w->record, w->now_ms));
		test_commit(w);
	}
}

static void test_done_rows_go_seven_days_after_the_later_of_their_times(void **state)
{
	struct test_world *w = *state;
	test_drain(w, &w->of[TEST_TT]);
	test_drain(w, &w->of[TEST_SUD]);
	test_drain(w, &w->of[TEST_HOU]);
	test_drain(w, &w->of[TEST_EMP]);
	int64_t messages = number(w, "SELECT count(*) FROM message"),
		parcels = number(w, "SELECT count(*) FROM parcel");
	assert_true(messages >= 3 && parcels >= 4);
	w->now_ms += TOLD_EXPIRES_MAX_MS + TOLD_DUPLICATE_KEEP_MS - TOLD_MS_HOUR;
	forget_all(w);
	assert_int_equal(number(w, "SELECT count(*) FROM parcel"), parcels); /* not a minute before */
	w->now_ms += 2 * TOLD_MS_HOUR;
	forget_all(w);
	assert_int_equal(number(w, "SELECT count(*) FROM message"), 1); /* the last tells where the spool ends */
	assert_int_equal(number(w, "SELECT count(*) FROM parcel"), 1);
	assert_int_equal(number(w, "SELECT count(*) FROM message WHERE state < 6"), 0); /* its body is overwritten */
	test_world_close(w);
	OK(test_world_open(w)); /* and the spool is whole */
	struct test_agency *hou = &w->of[TEST_HOU];
	test_phase(w, hou, test_withdrawal(w, hou, NULL), TOLD_PHASE_CONSENT);
	assert_int_equal(test_waiting(w, &w->of[TEST_TT]), 1); /* who was sent something still hears of it */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_store_from_a_backup_erases_again),
		TEST(test_an_erasure_that_was_not_noted_is_noted_at_opening),
		TEST(test_death_at_each_step_leaves_it_finished_or_undone),
		TEST(test_whatever_the_moment_of_death_it_is_never_half),
		TEST(test_done_rows_go_seven_days_after_the_later_of_their_times),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
