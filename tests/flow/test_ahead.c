/* SPDX-License-Identifier: Apache-2.0 */
/* An agency whose clock is ahead: what its machine says by itself is dated by the broker's clock, so that it goes on
 * acknowledging; an acknowledgement that was refused all the same is made anew. A real broker process with the test's
 * clock. */
#include "flow/consent_world.h"

#include "agents/agent/core/state.h"
#include "agents/client/state.h"

#include <sqlite3.h>

static struct world world;
static bool ignorant; /* TT has not heard what the broker's clock shows */

static int open_world(void **state)
{
	*state = &world;
	ignorant = false;
	consent_open(&world);
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* Every look at this clock is an hour ahead of everybody's. */
static struct told_time hour_ahead(void *ctx)
{
	struct told_time now = world_time();
	struct world_agent *tt = ctx;
	if (ignorant && tt->agent->client != NULL)
		tt->agent->client->told_utc_ms = 0;
	return (struct told_time){.wall_ms = now.wall_ms + TOLD_MS_HOUR, .boot_ms = now.boot_ms};
}

static void put_ahead(struct world *w)
{
	struct world_agent *tt = world_agent(w, "TT");
	told_agent_set_clock(tt->agent, (struct told_clock){.now = hour_ahead, .ctx = tt});
}

static struct person told_of(struct world *w)
{
	char id[40];
	struct person p = consent_person(w);
	consent_record(w, "HOU", consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), id);
	return p;
}

/* In the broker's store, as it stands: one number. */
static int64_t in_store(const struct world *w, const char *sql)
{
	char path[PATH_MAX + 16];
	sqlite3 *db = NULL;
	sqlite3_stmt *rows = NULL;
	snprintf(path, sizeof path, "%s/told.db", w->broker_dir);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_busy_timeout(db, 5000), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
	int64_t number = sqlite3_column_int64(rows, 0);
	sqlite3_finalize(rows);
	sqlite3_close(db);
	return number;
}

static bool nothing_waits_for_tt(struct world *w, void *ctx)
{
	(void)ctx;
	return in_store(w, "SELECT count(*) FROM parcel WHERE recipient = 'TT' AND state < 3") == 0;
}

/* Of what TT sent by itself: how many acknowledgements the log refused. */
static size_t refused(struct world *w, uint32_t type)
{
	struct told_agent *agent = world_agent(w, "TT")->agent;
	struct told_outbox_row row = {0};
	struct told_arena *arena = NULL;
	size_t count = 0;
	assert_int_equal(told_arena_new(1u << 24, &arena), TOLD_OK);
	while (told_outbox_next(agent->vault, arena, TOLD_OUTBOX_OF_ALL, told_bytes(NULL, 0), row.seq, &row) == TOLD_OK)
		count += row.type == type && row.state == TOLD_OUTBOX_REFUSED && row.status == TOLD_E_FUTURE;
	told_arena_free(arena);
	return count;
}

static bool an_acknowledgement_is_refused(struct world *w, void *ctx)
{
	(void)ctx;
	return refused(w, TOLD_TYPE_ACK) > 0;
}

/* Whether HOU has heard that somebody at TT opened what it sent last. */
static bool hou_heard_of_the_opening(struct world *w, void *ctx)
{
	struct told_agent *agent = world_agent(w, "HOU")->agent;
	struct told_arena *arena = NULL;
	struct told_bytes worker;
	uint64_t time_ms = 0;
	assert_int_equal(told_arena_new(1u << 16, &arena), TOLD_OK);
	enum told_status status = told_opened_next(agent->vault, arena, told_bytes(ctx, TOLD_ID_BYTES), told_text("TT"),
						   told_bytes(NULL, 0), &worker, &time_ms);
	told_arena_free(arena);
	return status == TOLD_OK;
}

static void send(struct world *w, const struct person *p, uint8_t id[TOLD_ID_BYTES])
{
	assert_string_equal(consent_update(w, p, "TT", "DEM.ID,HOU.SIT", NULL), "sent");
	const json_t *message = json_array_get(json_object_get(w->last, "messages"), 0);
	assert_int_equal(told_unhex(told_text(json_string_value(json_object_get(message, "id"))), id, TOLD_ID_BYTES),
			 TOLD_OK);
}

static void an_agency_an_hour_ahead_acknowledges_what_it_stored(void **state)
{
	struct world *w = *state;
	struct person p = told_of(w);
	put_ahead(w);
	uint8_t message[TOLD_ID_BYTES];
	send(w, &p, message);
	consent_until_sees(w, "TT", &p, "HOU.SIT", true);
	world_until(w, nothing_waits_for_tt, NULL, "TT's acknowledgement to be taken");
	world_call(w, "TT", told_agent_inbox, json_object());
	world_until(w, hou_heard_of_the_opening, message, "HOU to hear that it was opened");
	assert_int_equal(refused(w, TOLD_TYPE_ACK), 0);
	assert_int_equal(refused(w, TOLD_TYPE_OPENED), 0);
}

static void one_that_was_refused_is_made_anew_within_two_minutes(void **state)
{
	struct world *w = *state;
	struct person p = told_of(w);
	world_until(w, nothing_waits_for_tt, NULL, "TT to have acknowledged all so far");
	put_ahead(w);
	ignorant = true;
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", NULL), "sent");
	world_until(w, an_acknowledgement_is_refused, NULL, "an acknowledgement from the future to be refused");
	assert_false(nothing_waits_for_tt(w, NULL));
	ignorant = false;
	for (size_t minute = 0; minute < 2; minute++) {
		shifted_clock_pass(TOLD_MS_MINUTE);
		for (size_t i = 0; i < 20; i++)
			world_turns(w);
	}
	world_until(w, nothing_waits_for_tt, NULL, "the next acknowledgement to be taken");
	assert_true(refused(w, TOLD_TYPE_ACK) <= 2); /* and not one after the other */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_agency_an_hour_ahead_acknowledges_what_it_stored),
		TEST(one_that_was_refused_is_made_anew_within_two_minutes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
