/* SPDX-License-Identifier: Apache-2.0 */
/* Permission as days pass: it is asked for again 30 days before its end, ends when it says or when the paper does, and
 * nothing lapses without anybody having been told. The broker's clock is the test's. */
#include "flow/consent_world.h"

#include <sqlite3.h>

static struct world world;

static int open_world(void **state)
{
	*state = &world;
	consent_open(&world);
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

static json_t *until(json_t *request, int64_t days)
{
	assert_int_equal(
		json_object_set_new(request, "until_ms", json_integer(world_time().wall_ms + days * TOLD_MS_DAY)), 0);
	return request;
}

/* How HOU's list of what is due calls a permission; "" when it is not on it. */
static const char *due_as(struct world *w, const char *id)
{
	const json_t *due = json_object_get(world_call(w, "HOU", told_agent_consents_due, json_object()), "due");
	for (size_t i = 0; i < json_array_size(due); i++)
		if (strcmp(json_string_value(json_object_get(json_array_get(due, i), "id")), id) == 0)
			return json_string_value(json_object_get(json_array_get(due, i), "due"));
	return "";
}

static bool doctor_is_content(struct world *w)
{
	const json_t *checks = json_object_get(world_call(w, "HOU", told_agent_doctor, json_object()), "checks");
	for (size_t i = 0; i < json_array_size(checks); i++)
		if (strcmp(json_string_value(json_object_get(json_array_get(checks, i), "check")), "permissions") == 0)
			return json_is_true(json_object_get(json_array_get(checks, i), "ok"));
	return false;
}

static void a_permission_is_asked_for_again_30_days_before_its_end_and_ends_loudly(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40], sought[40];
	consent_record(w, "HOU", until(consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), 40), id);
	world_call(w, "TT", told_agent_relationship, json_pack("{s:s, s:s}", "client", p.client, "kind", "team"));
	assert_string_equal(due_as(w, id), "");
	assert_true(doctor_is_content(w));
	consent_days(w, 11);
	assert_string_equal(due_as(w, id), "ends");
	assert_false(doctor_is_content(w));
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", NULL), "sent");
	assert_true(consent_asks(w, "TT", &p) > 0);
	consent_days(w, 30);
	assert_string_equal(due_as(w, id), "ended");
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", "CON-04"), "refused");
	assert_int_equal(consent_asks(w, "TT", &p), 0);
	/* Looked for, and not met yet: it leaves the list, and opens nothing. */
	consent_record(w, "HOU", consent_with(consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), "state", "sought"), sought);
	assert_string_equal(due_as(w, id), "");
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", "CON-04"), "refused");
}

static void a_permission_without_an_end_ends_with_what_the_paper_allows(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	int64_t signed_ms = world_time().wall_ms - 360 * TOLD_MS_DAY;
	json_t *request = consent_ask(&p, "TT", "DEM.ID,HOU.SIT");
	json_object_set_new(request, "given_ms", json_integer(signed_ms));
	json_object_set_new(request, "until_ms", json_integer(signed_ms + 3000 * TOLD_MS_DAY));
	consent_record(w, "HOU", request, id);
	assert_string_equal(due_as(w, id), "ends");
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", NULL), "sent");
	consent_days(w, 10);
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", "CON-04"), "refused");
}

static void a_permission_that_begins_later_holds_until_then(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	json_t *request = consent_ask(&p, "TT", "DEM.ID,HOU.SIT");
	json_object_set_new(request, "from_ms", json_integer(world_time().wall_ms + 2 * TOLD_MS_DAY));
	consent_record(w, "HOU", request, id);
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", "CON-05"), "held");
	consent_days(w, 3);
	consent_until_sees(w, "TT", &p, "HOU.SIT", true); /* what was held has gone, and is believed there */
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", NULL), "sent");
}

/* A number that the broker's own store gives, read beside it; -1 for no row. */
static int64_t in_the_store(const struct world *w, const char *query)
{
	char path[PATH_MAX + 16];
	sqlite3 *db = NULL;
	sqlite3_stmt *row = NULL;
	snprintf(path, sizeof path, "%s/told.db", w->broker_dir);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, query, -1, &row, NULL), SQLITE_OK);
	int64_t number = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : -1;
	sqlite3_finalize(row);
	sqlite3_close(db);
	return number;
}

static bool nothing_is_held(struct world *w, void *ctx)
{
	(void)ctx;
	return in_the_store(w, "SELECT count(*) FROM message WHERE state = 2") == 0;
}

/* Long before the message itself would end: who must act, and by when, is what the hold says. */
static void what_is_held_is_refused_when_nobody_acted_by_the_next_working_day(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40];
	consent_record(w, "HOU", consent_with(consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), "capacity", "lacks"), id);
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", "CON-11"), "held");
	int64_t due_ms = in_the_store(w, "SELECT max(expires_ms) FROM message WHERE state = 2");
	assert_true(due_ms > world_time().wall_ms && due_ms < world_time().wall_ms + 5 * TOLD_MS_DAY);
	consent_days(w, 6);
	world_until(w, nothing_is_held, NULL, "the hold to end");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_permission_is_asked_for_again_30_days_before_its_end_and_ends_loudly),
		cmocka_unit_test(a_permission_without_an_end_ends_with_what_the_paper_allows),
		cmocka_unit_test(a_permission_that_begins_later_holds_until_then),
		cmocka_unit_test(what_is_held_is_refused_when_nobody_acted_by_the_next_working_day),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
