/* SPDX-License-Identifier: Apache-2.0 */
/* The vault: survives being killed at any moment, opens for its own key only, keeps content sealed, shows nothing
 * twice. */
#include "support/support.h"

#include "agents/vault/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MARKER "nobody-may-read-this-in-the-file"
#define KILLS  20

static const uint8_t key[TOLD_KEY_BYTES] = {1, 2, 3};

static const char *fresh_path(void)
{
	static char path[PATH_MAX];
	snprintf(path, sizeof path, "%s/vault.db", told_test_dir());
	return path;
}

static struct told_vault *opened(const char *path)
{
	struct told_vault *vault = NULL;
	struct told_buf why = TOLD_BUF(4096);
	enum told_status status = told_vault_open(path, key, &vault, &why);
	if (status != TOLD_OK)
		print_error("%s\n", told_buf_cstr(&why));
	assert_int_equal(status, TOLD_OK);
	told_buf_free(&why);
	return vault;
}

static struct told_arena *arena_of_test(void)
{
	struct told_arena *arena = NULL;
	assert_int_equal(told_arena_new(16u << 20, &arena), TOLD_OK);
	return arena;
}

static void numbered(uint8_t id[TOLD_ID_BYTES], uint64_t n)
{
	memset(id, 0, TOLD_ID_BYTES);
	memcpy(id, &n, sizeof n);
}

static enum told_status queue(struct told_vault *vault, uint64_t n)
{
	uint8_t id[TOLD_ID_BYTES];
	numbered(id, n);
	struct told_outbox_row row = {.id = told_bytes(id, sizeof id),
				      .header = told_text("header"),
				      .body = told_text("body"),
				      .author = told_text("W1"),
				      .type = 1,
				      .signed_by = 2,
				      .queued_ms = n};
	return told_outbox_put(vault, &row);
}

/* ---- killed ---- */

/* One committed message after another; its number is told only after the commit. */
static void write_until_killed(const char *path, int out)
{
	struct told_vault *vault = NULL;
	if (told_vault_open(path, key, &vault, NULL) != TOLD_OK)
		_exit(1);
	for (;;) {
		uint64_t n = 0;
		if (told_vault_begin(vault) != TOLD_OK || told_vault_count_up(vault, "sender-seq", &n) != TOLD_OK ||
		    queue(vault, n) != TOLD_OK || told_vault_commit(vault) != TOLD_OK)
			_exit(1);
		if (write(out, &n, sizeof n) != (ssize_t)sizeof n)
			_exit(1);
	}
}

/* The last number that was told before the kill. */
static uint64_t run_and_kill(const char *path, uint64_t wanted)
{
	int out[2];
	uint64_t n = 0, told = 0;
	assert_int_equal(pipe(out), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(out[0]);
		write_until_killed(path, out[1]);
	}
	close(out[1]);
	for (uint64_t i = 0; i < wanted && read(out[0], &n, sizeof n) == (ssize_t)sizeof n; i++)
		told = n;
	kill(child, SIGKILL);
	int state = 0;
	assert_int_equal(waitpid(child, &state, 0), child);
	assert_true(WIFSIGNALED(state));
	while (read(out[0], &n, sizeof n) == (ssize_t)sizeof n)
		told = n;
	close(out[0]);
	return told;
}

static void what_was_committed_is_there_after_a_kill_and_nothing_in_halves(void **state)
{
	const char *path = fresh_path();
	uint64_t seed = told_test_seed();
	struct told_arena *arena = arena_of_test();
	(void)state;
	for (size_t i = 0; i < KILLS; i++) {
		uint64_t told = run_and_kill(path, 1 + told_test_random(&seed) % 40), last = 0, rows = 0;
		struct told_vault *vault = opened(path);
		struct told_outbox_row row;
		assert_int_equal(told_vault_number(vault, "sender-seq", &last), TOLD_OK);
		assert_true(last >= told); /* nothing that was told is gone */
		for (uint64_t after = 0;
		     told_outbox_next(vault, arena, TOLD_OUTBOX_OF_ALL, told_bytes(NULL, 0), after, &row) == TOLD_OK;
		     after = row.seq, rows++)
			told_arena_reset(arena);
		assert_int_equal(rows, last); /* number and row came together, each time */
		told_vault_close(vault);
	}
	told_arena_free(arena);
}

/* ---- keys and modes ---- */

static void another_vault_key_does_not_open_it(void **state)
{
	const char *path = fresh_path();
	struct told_vault *vault = opened(path);
	struct told_buf why = TOLD_BUF(4096);
	const uint8_t other[TOLD_KEY_BYTES] = {9};
	(void)state;
	told_vault_close(vault);
	assert_int_equal(told_vault_open(path, other, &vault, &why), TOLD_E_CONFIG);
	assert_non_null(strstr(told_buf_cstr(&why), "vault.key"));
	told_buf_free(&why);
	vault = opened(path); /* and has done no harm */
	told_vault_close(vault);
}

static void a_file_that_others_can_read_is_refused(void **state)
{
	const char *path = fresh_path();
	struct told_vault *vault = opened(path);
	struct told_buf why = TOLD_BUF(4096);
	struct stat st;
	(void)state;
	told_vault_close(vault);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(told_vault_open(path, key, &vault, &why), TOLD_E_PERMISSION);
	assert_non_null(strstr(told_buf_cstr(&why), "0600"));
	told_buf_free(&why);
}

static void a_second_process_is_told_that_it_is_in_use(void **state)
{
	const char *path = fresh_path();
	struct told_vault *vault = opened(path), *second = NULL;
	(void)state;
	assert_int_equal(told_vault_begin(vault), TOLD_OK);
	assert_int_equal(queue(vault, 1), TOLD_OK);
	assert_int_equal(told_vault_commit(vault), TOLD_OK);
	assert_int_equal(told_vault_open(path, key, &second, NULL), TOLD_E_IN_USE);
	told_vault_close(vault);
}

static void a_file_that_is_no_vault_is_refused(void **state)
{
	const char *path = fresh_path();
	struct told_vault *vault = NULL;
	(void)state;
	int fd = open(path, O_CREAT | O_WRONLY, 0600);
	char junk[5000];
	memset(junk, 'x', sizeof junk);
	assert_int_equal(write(fd, junk, sizeof junk), sizeof junk);
	close(fd);
	assert_int_equal(told_vault_open(path, key, &vault, NULL), TOLD_E_CORRUPT);
}

/* ---- sealed ---- */

static bool file_holds(const char *path, const char *text)
{
	char name[PATH_MAX + 8];
	bool found = false;
	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof name, "%s%s", path, i == 0 ? "" : "-wal");
		if (access(name, R_OK) != 0)
			continue;
		struct told_bytes file = told_test_read(name);
		found |= memmem(file.data, file.len, text, strlen(text)) != NULL;
		free((void *)(uintptr_t)file.data);
	}
	return found;
}

static void fill_story(struct told_story_row *row, const uint8_t id[TOLD_ID_BYTES], uint32_t version)
{
	*row = (struct told_story_row){.message = told_bytes(id, TOLD_ID_BYTES),
				       .client = told_bytes(key, TOLD_ID_BYTES),
				       .deposit = told_bytes(key + 8, TOLD_ID_BYTES),
				       .digest = told_bytes(key, TOLD_HASH_BYTES),
				       .header = told_text("section header"),
				       .content = told_text(MARKER),
				       .version = version,
				       .category = 9};
	memcpy(row->key, MARKER, sizeof row->key);
}

static void content_and_keys_lie_in_the_file_only_sealed(void **state)
{
	const char *path = fresh_path();
	struct told_vault *vault = opened(path);
	struct told_arena *arena = arena_of_test();
	struct told_story_row story;
	uint8_t id[TOLD_ID_BYTES];
	(void)state;
	numbered(id, 1);
	fill_story(&story, id, 1);
	struct told_section_row section = {.inbox = 1,
					   .message = told_bytes(id, sizeof id),
					   .client = told_bytes(key, TOLD_ID_BYTES),
					   .originator = told_text("HOU"),
					   .number = 1,
					   .content = told_text(MARKER)};
	assert_int_equal(told_vault_begin(vault), TOLD_OK);
	assert_int_equal(told_story_put(vault, &story), TOLD_OK);
	assert_int_equal(told_section_put(vault, &section), TOLD_OK);
	assert_int_equal(told_card_put(vault, key, (const uint8_t *)MARKER, 1), TOLD_OK);
	assert_int_equal(told_vault_commit(vault), TOLD_OK);
	assert_true(file_holds(path, "section header")); /* the search itself works */
	assert_false(file_holds(path, MARKER));
	assert_int_equal(told_story_next(vault, arena, told_bytes(key, TOLD_ID_BYTES), 0, &story), TOLD_OK);
	assert_true(told_bytes_equal(story.content, told_text(MARKER)));
	assert_memory_equal(story.key, MARKER, sizeof story.key);
	uint8_t card[TOLD_KEY_BYTES];
	bool retired = true;
	assert_int_equal(told_card_get(vault, told_bytes(key, TOLD_ID_BYTES), card, &retired), TOLD_OK);
	assert_memory_equal(card, MARKER, sizeof card);
	assert_int_equal(told_card_retire(vault, told_bytes(key, TOLD_ID_BYTES)), TOLD_OK);
	assert_int_equal(told_card_get(vault, told_bytes(key, TOLD_ID_BYTES), card, &retired), TOLD_E_NOT_FOUND);
	assert_true(retired);
	told_arena_free(arena);
	told_vault_close(vault);
}

/* ---- rows ---- */

static void a_parcel_is_stored_once(void **state)
{
	struct told_vault *vault = opened(fresh_path());
	struct told_arena *arena = arena_of_test();
	uint8_t parcel[TOLD_ID_BYTES], message[TOLD_ID_BYTES], found[TOLD_ID_BYTES];
	uint64_t seq = 0;
	uint32_t result = 0;
	(void)state;
	numbered(parcel, 1);
	numbered(message, 2);
	struct told_inbox_row row = {.parcel = told_bytes(parcel, sizeof parcel),
				     .message = told_bytes(message, sizeof message),
				     .sender = told_text("HOU"),
				     .type = 6,
				     .result = 1};
	assert_int_equal(told_vault_begin(vault), TOLD_OK);
	assert_int_equal(told_inbox_put(vault, &row, &seq), TOLD_OK);
	assert_int_equal(told_inbox_put(vault, &row, &seq), TOLD_E_EXISTS);
	assert_int_equal(told_inbox_has_message(vault, row.message, 6), TOLD_OK);
	assert_int_equal(told_inbox_has_message(vault, row.message, 7), TOLD_E_NOT_FOUND);
	assert_int_equal(told_inbox_unacked(vault, 0, &seq, found, &result), TOLD_OK);
	assert_memory_equal(found, parcel, sizeof parcel);
	assert_int_equal(told_inbox_acked(vault, row.parcel), TOLD_OK);
	assert_int_equal(told_inbox_unacked(vault, 0, &seq, found, &result), TOLD_E_NOT_FOUND);
	assert_int_equal(told_inbox_unack(vault, row.parcel), TOLD_OK);
	assert_int_equal(told_inbox_unacked(vault, 0, &seq, found, &result), TOLD_OK);
	assert_int_equal(told_vault_commit(vault), TOLD_OK);
	struct told_inbox_row read;
	assert_int_equal(told_inbox_next(vault, arena, TOLD_INBOX_OF_ALL, told_bytes(NULL, 0), 0, &read), TOLD_OK);
	assert_int_equal(told_inbox_next(vault, arena, TOLD_INBOX_OF_ALL, told_bytes(NULL, 0), read.seq, &read),
			 TOLD_E_NOT_FOUND);
	told_arena_free(arena);
	told_vault_close(vault);
}

static void a_row_that_came_again_is_acknowledged_and_never_listed(void **state)
{
	struct told_vault *vault = opened(fresh_path());
	struct told_arena *arena = arena_of_test();
	uint8_t parcel[TOLD_ID_BYTES];
	struct told_inbox_row read;
	uint64_t seq = 0;
	(void)state;
	numbered(parcel, 1);
	struct told_inbox_row row = {
		.parcel = told_bytes(parcel, sizeof parcel), .sender = told_text("HOU"), .type = 0, .result = 1};
	assert_int_equal(told_inbox_put(vault, &row, &seq), TOLD_OK);
	assert_int_equal(told_inbox_next(vault, arena, TOLD_INBOX_OF_ALL, told_bytes(NULL, 0), 0, &read),
			 TOLD_E_NOT_FOUND);
	told_arena_free(arena);
	told_vault_close(vault);
}

/* What the log lost is offered again as the same bytes; what is kept no longer is named; what was refused is left. */
static void what_a_log_lost_is_sent_again_while_it_is_kept(void **state)
{
	struct told_vault *vault = opened(fresh_path());
	struct told_arena *arena = arena_of_test();
	struct told_outbox_row row, read;
	uint8_t id[TOLD_ID_BYTES];
	uint64_t count = 0;
	(void)state;
	for (uint8_t i = 1; i <= 4; i++) {
		numbered(id, i);
		row = (struct told_outbox_row){.id = told_bytes(id, sizeof id),
					       .header = told_text("header"),
					       .body = told_text("body"),
					       .type = 1,
					       .signed_by = 2,
					       .expires_ms = (uint64_t)TOLD_EXPIRES_MAX_MS};
		assert_int_equal(told_outbox_put(vault, &row), TOLD_OK);
		row = (struct told_outbox_row){.id = told_bytes(id, sizeof id),
					       .state = i == 3 ? TOLD_OUTBOX_REFUSED : TOLD_OUTBOX_ACCEPTED,
					       .entry = 10 + i,
					       .time_ms = i == 4 ? 1 : 2 * (uint64_t)TOLD_MS_DAY,
					       .receipt = told_text("receipt")};
		assert_int_equal(told_outbox_answer(vault, &row), TOLD_OK);
	}
	assert_int_equal(told_offer_sweep(vault, (uint64_t)TOLD_REOFFER_MS + 2), TOLD_OK);
	assert_int_equal(told_offer_again(vault, 12, &count), TOLD_OK);
	assert_int_equal(count, 1);
	numbered(id, 2);
	assert_int_equal(told_outbox_get(vault, arena, told_bytes(id, sizeof id), &read), TOLD_OK);
	assert_int_equal(read.state, TOLD_OUTBOX_WAITING);
	assert_true(told_bytes_equal(read.receipt, told_text("receipt")));
	numbered(id, 3);
	assert_int_equal(told_outbox_get(vault, arena, told_bytes(id, sizeof id), &read), TOLD_OK);
	assert_int_equal(read.state, TOLD_OUTBOX_REFUSED);
	assert_int_equal(told_offer_gone(vault, arena, 12, 0, &read), TOLD_OK);
	assert_int_equal(read.entry, 14);
	assert_int_equal(told_offer_gone(vault, arena, 12, read.seq, &read), TOLD_E_NOT_FOUND);
	told_arena_free(arena);
	told_vault_close(vault);
}

/* "Sent up to here" would skip a message that got the number of one that was forgotten. */
static void the_number_of_a_forgotten_message_is_never_used_again(void **state)
{
	struct told_vault *vault = opened(fresh_path());
	struct told_arena *arena = arena_of_test();
	struct told_outbox_row row;
	uint8_t id[TOLD_ID_BYTES];
	(void)state;
	assert_int_equal(queue(vault, 1), TOLD_OK);
	assert_int_equal(told_outbox_next(vault, arena, TOLD_OUTBOX_OF_UNSIGNED, told_bytes(NULL, 0), 0, &row),
			 TOLD_OK);
	uint64_t first = row.seq;
	numbered(id, 1);
	struct told_outbox_row forgotten = {.id = told_bytes(id, sizeof id), .entry = 7, .time_ms = 1000};
	assert_int_equal(told_outbox_forget(vault, &forgotten), TOLD_OK);
	assert_int_equal(told_offer_sweep(vault, UINT32_MAX), TOLD_OK);
	assert_int_equal(told_outbox_get(vault, arena, forgotten.id, &row), TOLD_E_NOT_FOUND);
	assert_int_equal(queue(vault, 2), TOLD_OK);
	assert_int_equal(told_outbox_next(vault, arena, TOLD_OUTBOX_OF_UNSIGNED, told_bytes(NULL, 0), 0, &row),
			 TOLD_OK);
	assert_true(row.seq > first);
	told_arena_free(arena);
	told_vault_close(vault);
}

static void the_body_of_what_was_answered_is_gone_and_of_what_is_held_is_not(void **state)
{
	struct told_vault *vault = opened(fresh_path());
	struct told_arena *arena = arena_of_test();
	struct told_outbox_row row, answer = {.receipt = told_text("proof"), .ruling = told_text("ruling")};
	uint8_t id[TOLD_ID_BYTES];
	(void)state;
	assert_int_equal(queue(vault, 1), TOLD_OK);
	numbered(id, 1);
	answer.id = told_bytes(id, sizeof id);
	answer.state = TOLD_OUTBOX_HELD;
	assert_int_equal(told_outbox_answer(vault, &answer), TOLD_OK);
	assert_int_equal(told_outbox_get(vault, arena, answer.id, &row), TOLD_OK);
	assert_int_equal(row.body.len, 4);
	answer.state = TOLD_OUTBOX_ACCEPTED;
	assert_int_equal(told_outbox_answer(vault, &answer), TOLD_OK);
	assert_int_equal(told_outbox_get(vault, arena, answer.id, &row), TOLD_OK);
	assert_int_equal(row.body.len, 0);
	assert_true(told_bytes_equal(row.receipt, told_text("proof")));
	assert_int_equal(told_outbox_next(vault, arena, TOLD_OUTBOX_OF_UNEXPORTED, told_bytes(NULL, 0), 0, &row),
			 TOLD_OK);
	assert_int_equal(told_outbox_exported(vault, row.seq), TOLD_OK);
	assert_int_equal(told_outbox_next(vault, arena, TOLD_OUTBOX_OF_UNEXPORTED, told_bytes(NULL, 0), 0, &row),
			 TOLD_E_NOT_FOUND);
	told_arena_free(arena);
	told_vault_close(vault);
}

static void a_new_version_takes_the_place_of_the_old(void **state)
{
	struct told_vault *vault = opened(fresh_path());
	struct told_arena *arena = arena_of_test();
	struct told_story_row row;
	uint8_t first[TOLD_ID_BYTES], second[TOLD_ID_BYTES];
	struct told_bytes client = told_bytes(key, TOLD_ID_BYTES);
	(void)state;
	numbered(first, 1);
	numbered(second, 2);
	fill_story(&row, first, 1);
	assert_int_equal(told_story_put(vault, &row), TOLD_OK);
	fill_story(&row, second, 2);
	assert_int_equal(told_story_put(vault, &row), TOLD_OK);
	assert_int_equal(told_story_next_of_category(vault, arena, client, 9, 0, &row), TOLD_OK);
	assert_int_equal(row.version, 2);
	assert_int_equal(told_story_next_of_category(vault, arena, client, 9, row.id, &row), TOLD_E_NOT_FOUND);
	told_arena_free(arena);
	told_vault_close(vault);
}

static void facts_come_in_the_order_of_the_log_from_its_first_entry(void **state)
{
	struct told_vault *vault = opened(fresh_path());
	struct told_arena *arena = arena_of_test();
	static const uint64_t entries[] = {5, 0, 3};
	struct told_fact_row row;
	uint64_t after = 0;
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct told_fact_row fact = {
			.entry = entries[i], .sender = told_text("HOU"), .envelope = told_text("e"), .type = 25};
		assert_int_equal(told_fact_put(vault, &fact), TOLD_OK);
		assert_int_equal(told_fact_put(vault, &fact), TOLD_OK); /* again: nothing new */
	}
	static const uint64_t sorted[] = {0, 3, 5};
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(told_fact_next(vault, arena, told_bytes(NULL, 0), after, &row), TOLD_OK);
		assert_int_equal(row.entry, sorted[i]);
		after = row.entry + 1;
	}
	assert_int_equal(told_fact_next(vault, arena, told_bytes(NULL, 0), after, &row), TOLD_E_NOT_FOUND);
	told_arena_free(arena);
	told_vault_close(vault);
}

static void what_is_rolled_back_was_never_there(void **state)
{
	struct told_vault *vault = opened(fresh_path());
	struct told_arena *arena = arena_of_test();
	struct told_outbox_row row;
	uint64_t n = 0;
	(void)state;
	assert_int_equal(told_vault_begin(vault), TOLD_OK);
	assert_int_equal(told_vault_begin(vault), TOLD_E_INTERNAL); /* one at a time */
	assert_int_equal(told_vault_count_up(vault, "sender-seq", &n), TOLD_OK);
	assert_int_equal(queue(vault, n), TOLD_OK);
	told_vault_rollback(vault);
	assert_int_equal(told_vault_number(vault, "sender-seq", &n), TOLD_OK);
	assert_int_equal(n, 0);
	assert_int_equal(told_outbox_next(vault, arena, TOLD_OUTBOX_OF_ALL, told_bytes(NULL, 0), 0, &row),
			 TOLD_E_NOT_FOUND);
	told_arena_free(arena);
	told_vault_close(vault);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_committed_is_there_after_a_kill_and_nothing_in_halves),
		cmocka_unit_test(another_vault_key_does_not_open_it),
		cmocka_unit_test(a_file_that_others_can_read_is_refused),
		cmocka_unit_test(a_second_process_is_told_that_it_is_in_use),
		cmocka_unit_test(a_file_that_is_no_vault_is_refused),
		cmocka_unit_test(content_and_keys_lie_in_the_file_only_sealed),
		cmocka_unit_test(a_parcel_is_stored_once),
		cmocka_unit_test(a_row_that_came_again_is_acknowledged_and_never_listed),
		cmocka_unit_test(the_number_of_a_forgotten_message_is_never_used_again),
		cmocka_unit_test(what_a_log_lost_is_sent_again_while_it_is_kept),
		cmocka_unit_test(the_body_of_what_was_answered_is_gone_and_of_what_is_held_is_not),
		cmocka_unit_test(a_new_version_takes_the_place_of_the_old),
		cmocka_unit_test(facts_come_in_the_order_of_the_log_from_its_first_entry),
		cmocka_unit_test(what_is_rolled_back_was_never_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
