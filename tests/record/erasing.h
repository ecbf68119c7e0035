/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of erasure share: a person of whom much was said, an erasure of them, and a search of every file of
 * the broker for what is left. */
#ifndef TOLD_TEST_ERASING_H
#define TOLD_TEST_ERASING_H

#include "broker/record/room.h"
#include "support/agency.h"
#include "support/gaps.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OK(call)     assert_int_equal(call, TOLD_OK)
#define CHUNK_BYTES  48u
#define MESSAGES_MAX 32u

static const uint32_t story[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};
static const enum test_who to_two[] = {TEST_TT, TEST_SUD};

/* A world with a person in it, and every message that was said of them. */
struct told_life {
	struct test_world *w;
	struct test_message *said[MESSAGES_MAX];
	size_t count;
	struct test_message *grant;
};
static struct told_life life;

static inline struct test_message *say(struct test_agency *from, struct test_message *message, unsigned phase)
{
	test_phase(life.w, from, message, phase);
	assert_true(life.count < MESSAGES_MAX);
	return life.said[life.count++] = message;
}

/* What was delivered is not drained for SUD: it waits when the erasure comes. */
static inline void live(struct test_world *w)
{
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	life = (struct told_life){.w = w};
	struct test_message *consent =
		say(hou, test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_two, 2, story, 2), TOLD_PHASE_CONSENT);
	say(tt, test_relationship(w, tt, TOLD_YES_NO_YES), TOLD_PHASE_FLAG);
	struct test_message *identity = say(hou, test_deposit(w, hou, TOLD_CATEGORY_DEM_ID), TOLD_PHASE_ACCEPTED);
	struct test_message *home = say(hou, test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT), TOLD_PHASE_ACCEPTED);
	say(hou, test_grant(w, hou, identity, tt, consent), TOLD_PHASE_ACCEPTED);
	say(hou, test_grant(w, hou, home, tt, consent), TOLD_PHASE_ACCEPTED);
	say(tt, test_ask(w, tt, hou, w->person, TOLD_CATEGORY_HOU_SIT), TOLD_PHASE_ANSWERED);
	say(hou, test_referral(w, hou, tt, story, 2), TOLD_PHASE_ACCEPTED);
	assert_true(test_drain(w, tt) >= 2);
	say(hou, test_referral(w, hou, &w->of[TEST_SUD], story, 2), TOLD_PHASE_ACCEPTED);
}

static inline int set_up(void **state)
{
	struct test_world *w = *state = test_world_ready();
	OK(told_random(w->person, sizeof w->person));
	live(w);
	return 0;
}

static inline int tear_down(void **state)
{
	test_world_free(*state);
	return 0;
}

/* ---- messages ---- */

static inline struct test_message *request(struct test_world *w, struct test_agency *from)
{
	struct told_header header = test_header(w, from, TOLD_TYPE_ERASURE);
	struct told_erasure_part part = {.reason = TOLD_ERASURE_REASON_WITHDRAWN};
	header.client_ref = told_bytes(w->person, TOLD_ID_BYTES);
	header.erasure = &part;
	return test_sign(w, from, &header, NULL);
}

static inline struct test_message *answer(struct test_world *w, struct test_agency *from,
					  const struct test_message *asked)
{
	struct told_header header = test_header(w, from, TOLD_TYPE_ERASURE);
	struct told_erasure_part part = {.state = TOLD_ERASURE_STATE_KEPT,
					 .kept_until_ms = (uint64_t)w->now_ms + 365 * TOLD_MS_DAY,
					 .law = told_text("Limitation Act 1980 s.11")};
	struct told_bytes to[] = {asked->header.sender};
	header.in_reply_to = asked->id;
	header.recipients = (struct told_bytes_list){to, 1};
	header.erasure = &part;
	return test_sign(w, from, &header, NULL);
}

static inline struct test_message *hold(struct test_world *w, struct test_agency *from, unsigned state)
{
	struct told_header header = test_header(w, from, TOLD_TYPE_HOLD);
	struct told_flag_part part = {.kind = TOLD_FLAG_LEGAL_HOLD,
				      .state = state,
				      .hold = TOLD_HOLD_COMPLAINT,
				      .review_ms = (uint64_t)w->now_ms + 30 * TOLD_MS_DAY};
	header.flag = &part;
	return test_sign(w, from, &header, NULL);
}

/* ---- looking ---- */

static inline int64_t number(struct test_world *w, const char *sql)
{
	sqlite3_stmt *rows = NULL;
	assert_int_equal(sqlite3_prepare_v2(w->record->store.db, sql, -1, &rows, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(rows, 0);
	sqlite3_finalize(rows);
	return n;
}

static inline bool holds(struct told_bytes file, struct told_bytes what)
{
	return memmem(file.data, file.len, what.data, what.len) != NULL;
}

/* How many chunks of the bytes the file has: header, envelope and body are looked for piece by piece. */
static inline size_t pieces(struct told_bytes file, struct told_bytes bytes)
{
	size_t found = 0;
	for (size_t at = 0; at + CHUNK_BYTES <= bytes.len; at += CHUNK_BYTES)
		found += holds(file, told_bytes(bytes.data + at, CHUNK_BYTES));
	return found;
}

static inline size_t in_file(const char *path, const uint8_t person[TOLD_ID_BYTES])
{
	struct told_bytes file = told_test_read(path);
	size_t found = holds(file, told_bytes(person, TOLD_ID_BYTES));
	for (size_t i = 0; i < life.count; i++)
		found += pieces(file, life.said[i]->header_bytes) + pieces(file, life.said[i]->body);
	free((void *)(uintptr_t)file.data);
	if (found > 0)
		print_message("%zu pieces in %s\n", found, path);
	return found;
}

static inline size_t in_folder(const char *folder, const uint8_t person[TOLD_ID_BYTES])
{
	size_t found = 0;
	DIR *dir = opendir(folder);
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		char path[600];
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (entry->d_type == DT_REG)
			found += in_file(path, person);
		else if (strcmp(entry->d_name, "spool") == 0)
			found += in_folder(path, person);
	}
	closedir(dir);
	return found;
}

static inline uint32_t phase_at(struct test_world *w, uint64_t index)
{
	return test_leaf(w, index)->phase;
}

/* Turns until nothing is left to do; TOLD_OK of truncation is expected: nobody reads. */
static inline unsigned finish(struct test_world *w)
{
	unsigned turns = 0;
	for (bool more = true; more; turns++) {
		more = false;
		test_begin(w);
		OK(told_record_erasing(w->record, w->arena, &more));
		test_commit(w);
		OK(told_record_truncate(w->record, 1000, &more));
		assert_true(turns < 100);
	}
	return turns;
}

/* Every entry whose details are gone is named by an erasure entry whose facts open its commitment. */
static inline void proofs_stand(struct test_world *w)
{
	uint64_t size = told_record_size(w->record);
	struct told_buf named = TOLD_BUF(1u << 20);
	sqlite3_stmt *get;
	for (uint64_t i = 0; i < size; i++) {
		if (phase_at(w, i) != TOLD_PHASE_ERASURE)
			continue;
		struct told_leaf_facts *facts = NULL;
		told_hash commitment;
		get = told_sql(&w->record->store, TOLD_SQL_DETAIL_GET);
		told_bind_u64(get, 1, 1);
		told_bind_u64(get, 2, i);
		OK(told_sql_next(get));
		told_hmac(told_column(get, 0), told_column(get, 1), &commitment);
		assert_memory_equal(commitment.b, test_leaf(w, i)->facts.data, sizeof commitment.b);
		OK(told_leaf_facts_decode(told_arena_copy(w->arena, told_column(get, 1)), w->arena, &facts));
		assert_true(facts->authority.len > 0 && facts->reason.len > 0);
		for (size_t j = 0; j < facts->txids.count; j++)
			told_buf_put_bytes(&named, facts->txids.items[j]);
		sqlite3_reset(get);
	}
	for (uint64_t i = 0; i < size; i++) {
		get = told_sql(&w->record->store, TOLD_SQL_DETAIL_GET);
		told_bind_u64(get, 1, 1);
		told_bind_u64(get, 2, i);
		enum told_status status = told_sql_next(get);
		sqlite3_reset(get);
		if (status == TOLD_E_NOT_FOUND)
			assert_true(holds(told_buf_view(&named), test_leaf(w, i)->txid));
	}
	told_buf_free(&named);
}

static inline void nothing_is_left(struct test_world *w)
{
	char path[300];
	snprintf(path, sizeof path, "%s/told.db", w->dir);
	assert_int_equal(in_folder(w->dir, w->person), 0);
	assert_int_equal(told_test_bytes_in_gaps(path), 0);
	proofs_stand(w);
}

#endif
