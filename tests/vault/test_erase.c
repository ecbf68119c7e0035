/* SPDX-License-Identifier: Apache-2.0 */
/* A vault that forgets: after our own answer no byte of the person is in its files, others' rows stay, and a crash
 * behind the commit is made good at the next opening. */
#include "support/gaps.h"

#include "agents/vault/vault.h"
#include "told/proof.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OK(call) assert_int_equal(call, TOLD_OK)
#define WORDS    "header-bytes-that-name-somebody"

static const uint8_t key[TOLD_KEY_BYTES] = {1, 2, 3};
static const uint8_t them[TOLD_ID_BYTES] = "sixteen-bytes-X";
static const uint8_t other[TOLD_ID_BYTES] = "somebody-else-Y";
static char path[PATH_MAX];
static struct told_vault *vault;

static void opened(void)
{
	OK(told_vault_open(path, key, &vault, NULL));
}

static struct told_bytes id_of(uint8_t id[TOLD_ID_BYTES], uint64_t n)
{
	memset(id, 0, TOLD_ID_BYTES);
	memcpy(id, &n, sizeof n);
	return told_bytes(id, TOLD_ID_BYTES);
}

/* One row of each table that names a person. */
static void write_about(const uint8_t person[TOLD_ID_BYTES], uint64_t n)
{
	uint8_t a[TOLD_ID_BYTES];
	uint64_t inbox = 0;
	struct told_bytes client = told_bytes(person, TOLD_ID_BYTES), id = id_of(a, n), words = told_text(WORDS);
	struct told_outbox_row sent = {.id = id, .client = client, .header = words, .author = told_text("W1")};
	struct told_inbox_row came = {.parcel = id,
				      .sender = told_text("TT"),
				      .client = client,
				      .message = id,
				      .type = 6,
				      .result = 1,
				      .envelope = words};
	struct told_section_row section = {
		.message = id, .client = client, .originator = told_text("TT"), .number = 1, .content = words};
	struct told_story_row story = {
		.message = id, .client = client, .deposit = id, .version = 1, .header = words, .content = words};
	struct told_fact_row fact = {
		.entry = n, .client = client, .sender = told_text("HOU"), .type = 15, .envelope = words};
	struct told_erasure_row asked = {.id = id, .asker = told_text("HOU"), .client = client, .reason = 1};
	OK(told_vault_begin(vault));
	OK(told_outbox_put(vault, &sent));
	sent.state = TOLD_OUTBOX_ACCEPTED;
	OK(told_outbox_answer(vault, &sent));
	OK(told_inbox_put(vault, &came, &inbox));
	section.inbox = inbox;
	OK(told_section_put(vault, &section));
	OK(told_story_put(vault, &story));
	OK(told_granted_put(vault, id, told_text("TT"), told_bytes(key, sizeof key), id));
	OK(told_card_put(vault, person, key, n));
	OK(told_fact_put(vault, &fact));
	OK(told_erasure_put(vault, &asked));
	OK(told_vault_commit(vault));
}

static int set_up(void **state)
{
	(void)state;
	snprintf(path, sizeof path, "%s/vault.db", told_test_dir());
	opened();
	write_about(them, 1);
	write_about(other, 2);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	told_vault_close(vault);
	return 0;
}

static bool found(const uint8_t person[TOLD_ID_BYTES])
{
	static const char *const files[] = {"", "-wal", "-journal"};
	bool there = false;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		char name[PATH_MAX + 16];
		snprintf(name, sizeof name, "%s%s", path, files[i]);
		if (access(name, R_OK) != 0)
			continue;
		struct told_bytes file = told_test_read(name);
		there |= memmem(file.data, file.len, person, TOLD_ID_BYTES) != NULL;
		free((void *)(uintptr_t)file.data);
	}
	return there;
}

static void erase(const uint8_t person[TOLD_ID_BYTES], bool only_received)
{
	OK(told_vault_begin(vault));
	OK(told_vault_erase(vault, told_bytes(person, TOLD_ID_BYTES), only_received));
	OK(told_vault_commit(vault));
}

static void test_a_vault_that_erased_somebody_has_no_byte_of_them(void **state)
{
	(void)state;
	assert_true(found(them) && found(other));
	erase(them, false);
	OK(told_vault_shred(vault));
	assert_false(found(them));
	assert_true(found(other));
}

static void test_a_parcel_that_comes_again_after_an_erasure_is_not_shown(void **state)
{
	(void)state;
	uint8_t a[TOLD_ID_BYTES];
	uint64_t seq = 0;
	struct told_inbox_row again = {.parcel = id_of(a, 1), .sender = told_text("TT"), .type = 6, .result = 1};
	erase(them, false);
	assert_int_equal(told_inbox_put(vault, &again, &seq), TOLD_E_EXISTS);
}

static void test_what_others_told_us_goes_alone_when_a_law_keeps_our_own(void **state)
{
	(void)state;
	struct told_arena *arena = NULL;
	struct told_section_row section;
	struct told_story_row story;
	struct told_bytes client = told_bytes(them, sizeof them);
	OK(told_arena_new(1u << 20, &arena));
	erase(them, true);
	assert_int_equal(told_section_next_of_client(vault, arena, client, 0, &section), TOLD_E_NOT_FOUND);
	OK(told_story_next(vault, arena, client, 0, &story));
	told_arena_free(arena);
}

static void test_nothing_goes_while_a_message_about_them_waits(void **state)
{
	(void)state;
	uint8_t a[TOLD_ID_BYTES];
	struct told_outbox_row row = {.id = id_of(a, 9),
				      .client = told_bytes(them, sizeof them),
				      .header = told_text(WORDS),
				      .author = told_text("W1")};
	OK(told_outbox_put(vault, &row));
	OK(told_vault_begin(vault));
	assert_int_equal(told_vault_erase(vault, row.client, false), TOLD_E_BUSY);
	told_vault_rollback(vault);
}

/* ---- deaths ---- */

static void in_a_child(void (*run)(uint64_t given), uint64_t given)
{
	int how = 0;
	told_vault_close(vault);
	vault = NULL;
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		run(given);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
	opened();
}

static void erase_and_die(uint64_t unused)
{
	(void)unused;
	opened();
	erase(them, false);
}

static void test_a_vault_that_died_behind_the_commit_has_forgotten_when_it_opens(void **state)
{
	(void)state;
	in_a_child(erase_and_die, 0);
	assert_false(found(them));
	assert_true(found(other));
}

#define DEATHS      24u
#define LATEST_US   30000u
#define NEIGHBOURS  40u /* whose rows move when others go */
#define FIRST_OTHER 100u

static unsigned deaths(void)
{
	const char *asked = getenv("TOLD_DEATHS");
	return asked != NULL ? (unsigned)strtoul(asked, NULL, 10) : DEATHS;
}

static struct told_bytes person(uint8_t ref[TOLD_ID_BYTES], uint64_t n)
{
	told_hash hash;
	told_sha256(told_bytes((const uint8_t *)&n, sizeof n), &hash);
	memcpy(ref, hash.b, TOLD_ID_BYTES);
	return told_bytes(ref, TOLD_ID_BYTES);
}

static uint64_t leaving;

/* Dies after so many microseconds, wherever that is. */
static void erase_for(uint64_t us)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
	struct itimerspec when = {.it_value = {.tv_nsec = (long)(1 + us) * 1000}};
	uint8_t ref[TOLD_ID_BYTES];
	timer_t timer;
	opened();
	assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
	assert_int_equal(timer_settime(timer, 0, &when, NULL), 0);
	erase(person(ref, leaving).data, false);
	OK(told_vault_shred(vault));
}

static bool still_told(struct told_bytes client)
{
	struct told_arena *arena = NULL;
	struct told_story_row row;
	OK(told_arena_new(1u << 20, &arena));
	enum told_status status = told_story_next(vault, arena, client, 0, &row);
	told_arena_free(arena);
	return status == TOLD_OK;
}

static void test_whatever_the_moment_of_death_a_vault_has_all_of_somebody_or_nothing(void **state)
{
	(void)state;
	uint64_t seed = told_test_seed(), next = FIRST_OTHER;
	unsigned undone = 0;
	uint8_t ref[TOLD_ID_BYTES];
	for (; next < FIRST_OTHER + NEIGHBOURS; next++)
		write_about(person(ref, next).data, next);
	leaving = FIRST_OTHER;
	for (unsigned i = 0; i < deaths(); i++) {
		in_a_child(erase_for, told_test_random(&seed) % LATEST_US);
		struct told_bytes client = person(ref, leaving);
		assert_int_equal(found(client.data), still_told(client));
		assert_int_equal(told_test_bytes_in_gaps(path), 0);
		undone += still_told(client);
		if (still_told(client))
			continue;
		leaving++;
		write_about(person(ref, next).data, next);
		next++;
	}
	print_message("%u deaths, %u before the commit\n", deaths(), undone);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_vault_that_erased_somebody_has_no_byte_of_them),
		TEST(test_a_parcel_that_comes_again_after_an_erasure_is_not_shown),
		TEST(test_what_others_told_us_goes_alone_when_a_law_keeps_our_own),
		TEST(test_nothing_goes_while_a_message_about_them_waits),
		TEST(test_a_vault_that_died_behind_the_commit_has_forgotten_when_it_opens),
		TEST(test_whatever_the_moment_of_death_a_vault_has_all_of_somebody_or_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
