/* SPDX-License-Identifier: Apache-2.0 */
/* What a commissioner gets, after real referrals over a real broker: the first meeting, each side's cancellations, what
 * a missed meeting closed, onward referrals refused, declines; and no number small enough to know somebody by. */
#include "agent/world.h"

#include <time.h>

#define PEOPLE 6 /* more than are hidden, and rounded to five */

static struct world world;
static char client[64], referral[40];

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static json_t *call(const char *party, told_agent_call *function, json_t *request)
{
	return world_call(&world, party, function, request);
}

static bool tt_has_it(struct world *w, void *ctx)
{
	const json_t *list = call("TT", told_agent_referrals, json_pack("{s:s}", "client", client));
	(void)w, (void)ctx;
	return json_array_size(json_object_get(list, "referrals")) == 1;
}

static void refer_somebody(void)
{
	json_t *card = call("HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", text(card, "client"));
	call("HOU", told_agent_tell,
	     json_pack("{s:s, s:[{s:s,s:s}]}", "client", client, "sections", "category", "DEM.ID", "text", "Ada"));
	call("HOU", told_agent_consent,
	     json_pack("{s:s, s:[s], s:[s,s], s:[s], s:s}", "client", client, "recipients", "TT", "purposes",
		       "REFERRAL", "COORD", "include", "DEM.ID", "evidence", "signature"));
	json_t *reply = call("HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", client, "to", "TT"));
	snprintf(referral, sizeof referral, "%s", text(reply, "referral"));
	world_until(&world, tt_has_it, NULL, "the referral at TT");
}

static void tried(const char *result)
{
	call("TT", told_agent_referral_tried,
	     json_pack("{s:s, s:s, s:s}", "referral", referral, "way", "meeting", "result", result));
}

static int open_world(void **state)
{
	*state = &world;
	world_open(&world);
	for (size_t i = 0; i < PEOPLE; i++) {
		refer_somebody();
		tried("met");
		tried("not_met");
		tried("cancelled_by_us");
		tried("cancelled_by_us");
		call("TT", told_agent_onward_refuse,
		     json_pack("{s:s, s:s, s:s, s:s}", "client", client, "to", "SUD", "need", "low-mood", "why",
			       "They wait for years"));
	}
	refer_somebody(); /* one alone */
	call("TT", told_agent_answer_referral,
	     json_pack("{s:s, s:s, s:s}", "referral", referral, "act", "decline", "reason", "no_capacity"));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* A table whose name begins so; a row of it. */
static const json_t *named(const json_t *list, const char *member, const char *name)
{
	size_t i = 0;
	json_t *one = NULL;
	json_array_foreach(list, i, one) if (strncmp(text(one, member), name, strlen(name)) == 0) return one;
	fail_msg("there is no %s", name);
	return NULL;
}

static const json_t *row_of(const json_t *reply, const char *table, const char *row)
{
	const json_t *t = named(json_object_get(reply, "tables"), "table", table);
	return json_object_get(named(json_object_get(t, "rows"), "row", row), "cells");
}

static const json_t *outcomes(void)
{
	char month[8];
	time_t now = (time_t)(world_time().wall_ms / 1000);
	struct tm utc;
	assert_non_null(gmtime_r(&now, &utc));
	assert_int_not_equal(strftime(month, sizeof month, "%Y-%m", &utc), 0);
	return call("TT", told_agent_outcomes, json_pack("{s:s,s:s}", "from", month, "to", month));
}

static json_int_t cell(const json_t *cells, size_t column)
{
	return json_integer_value(json_array_get(cells, column));
}

static void test_how_long_until_we_met_and_who_called_off(void **state)
{
	const json_t *reply = outcomes();
	(void)state;
	assert_int_equal(cell(row_of(reply, "time to first contact", "within a week"), 0), 5);
	assert_int_equal(cell(row_of(reply, "meetings", "we met"), 0), 5);
	assert_int_equal(cell(row_of(reply, "meetings", "we did not meet"), 0), 5);
	/* Twice each, beside theirs: people by how often, so that nobody's number stands there. */
	assert_int_equal(cell(row_of(reply, "meetings", "we cancelled ourselves"), 0), 0);
	assert_int_equal(cell(row_of(reply, "meetings", "we cancelled ourselves"), 1), 5);
}

static void test_a_missed_meeting_closed_nothing(void **state)
{
	const json_t *reply = outcomes();
	const json_t *table = named(json_object_get(reply, "tables"), "table", "referrals after a missed meeting");
	(void)state;
	assert_int_equal(cell(row_of(reply, "referrals after a missed meeting", "kept open"), 0), 5);
	assert_int_equal(json_array_size(json_object_get(table, "rows")), 1);
	assert_null(json_object_get(table, "total")); /* a person may stand in two rows */
}

static void test_what_we_refused_to_pass_on_stands_there(void **state)
{
	(void)state;
	assert_int_equal(cell(row_of(outcomes(), "onward referrals", "asked for and refused by us"), 0), 5);
}

/* One who was declined, and one who ended before we met: the same person, and hidden in both tables. */
static void test_one_alone_is_hidden_wherever_they_would_be_seen(void **state)
{
	const json_t *reply = outcomes();
	(void)state;
	assert_true(json_is_null(json_array_get(row_of(reply, "declines by reason", ""), 0)));
	assert_true(json_is_null(json_array_get(row_of(reply, "time to first contact", "never"), 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_how_long_until_we_met_and_who_called_off),
		cmocka_unit_test(test_a_missed_meeting_closed_nothing),
		cmocka_unit_test(test_what_we_refused_to_pass_on_stands_there),
		cmocka_unit_test(test_one_alone_is_hidden_wherever_they_would_be_seen),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
