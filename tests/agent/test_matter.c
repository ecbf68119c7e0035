/* SPDX-License-Identifier: Apache-2.0 */
/* "This is wrong" and "I want to complain", through a real broker and real agents: both views stand wherever the
 * section is shown, nobody new gets it until it is decided, and each has its clock. */
#include "agent/world.h"

#include "broker/agree/agreement.h"

static struct world world;
static char client[64], disagreement[40], complaint[40];
static struct told_time shift;

static struct told_time ahead(void *ctx)
{
	const struct told_time *by = ctx;
	struct told_time now = world_time();
	now.wall_ms += by->wall_ms;
	return now;
}

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static json_t *call(const char *party, told_agent_call *function, json_t *request)
{
	return world_call(&world, party, function, request);
}

static json_t *section_of(const char *party, const char *category)
{
	size_t i = 0;
	json_t *section = NULL;
	const json_t *story = call(party, told_agent_story, json_pack("{s:s}", "client", client));
	json_array_foreach(json_object_get(story, "sections"), i,
			   section) if (strcmp(text(section, "category"), category) == 0) return section;
	return NULL;
}

static bool tt_has_it(struct world *w, void *ctx)
{
	(void)w, (void)ctx;
	return section_of("TT", "HOU.SIT") != NULL;
}

static int open_world(void **state)
{
	*state = &world;
	world_open(&world);
	json_t *card = call("HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", text(card, "client"));
	call("HOU", told_agent_tell,
	     json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s}]}", "client", client, "sections", "category", "DEM.ID", "text",
		       "Ada, 41", "category", "HOU.SIT", "text", "Evicted for arrears"));
	call("HOU", told_agent_consent,
	     json_pack("{s:s, s:[s,s], s:[s,s], s:[s,s], s:s}", "client", client, "recipients", "TT", "SUD", "purposes",
		       "REFERRAL", "COORD", "include", "DEM.ID", "HOU.*", "evidence", "signature"));
	call("HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", client, "to", "TT"));
	world_until(&world, tt_has_it, NULL, "the referral at TT");
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* ---- this is wrong ---- */

static void test_a_disagreement_names_a_part_and_has_words(void **state)
{
	world_refused(*state, "HOU", told_agent_disagree, json_pack("{s:s,s:s}", "client", client, "words", "No"),
		      TOLD_E_USAGE);
	world_refused(*state, "HOU", told_agent_disagree,
		      json_pack("{s:s,s:[s]}", "client", client, "categories", "HOU.SIT"), TOLD_E_USAGE);
	world_refused(*state, "HOU", told_agent_disagree,
		      json_pack("{s:s,s:[s],s:s}", "client", client, "categories", "HOU.NONE", "words", "No"),
		      TOLD_E_UNKNOWN);
}

static bool tt_hears(struct world *w, void *ctx)
{
	(void)w, (void)ctx;
	return json_is_true(json_object_get(section_of("TT", "HOU.SIT"), "disputed"));
}

static void test_both_views_stand_wherever_the_section_is_shown(void **state)
{
	const json_t *reply = call("HOU", told_agent_disagree,
				   json_pack("{s:s,s:[s],s:s}", "client", client, "categories", "HOU.SIT", "words",
					     "I left because he hit me"));
	snprintf(disagreement, sizeof disagreement, "%s", text(reply, "disagreement"));
	const json_t *section = section_of("HOU", "HOU.SIT");
	assert_string_equal(text(json_object_get(section, "story"), "text"), "Evicted for arrears");
	const json_t *views = json_object_get(section, "disagreed");
	assert_int_equal(json_array_size(views), 1);
	assert_string_equal(text(json_array_get(views, 0), "words"), "I left because he hit me");
	assert_null(json_object_get(section_of("HOU", "DEM.ID"), "disagreed"));
	world_until(*state, tt_hears, NULL, "TT hears that it is disputed");
	assert_null(json_object_get(section_of("TT", "DEM.ID"), "disputed"));
}

/* SUB-06: held for everybody until it is decided. */
static void test_what_is_disputed_goes_to_nobody_new(void **state)
{
	const json_t *reply =
		call("HOU", told_agent_refer, json_pack("{s:s,s:s,s:b}", "client", client, "to", "SUD", "dry_run", 1));
	size_t i = 0, held = 0;
	json_t *section = NULL;
	(void)state;
	json_array_foreach(json_object_get(json_object_get(reply, "preview"), "sections"), i, section)
	{
		bool disputed = strcmp(text(section, "category"), "HOU.SIT") == 0;
		assert_string_equal(text(section, "effect"), disputed ? "hold" : "release");
		if (disputed)
			assert_string_equal(text(json_object_get(section, "code"), "code"), "SUB-06");
		held += disputed;
	}
	assert_int_equal(held, 1);
}

static json_t *decision(const char *outcome)
{
	return json_pack("{s:s,s:s,s:s}", "id", disagreement, "outcome", outcome, "why", "She showed the order");
}

static void test_only_who_may_decide_decides_and_a_correction_needs_the_right_words(void **state)
{
	struct world_agent *hou = world_agent(*state, "HOU");
	struct told_caller own = hou->caller;
	hou->caller.roles = TOLD_BIT32(TOLD_ROLE_PRACTITIONER);
	world_refused(*state, "HOU", told_agent_disagree_decide, decision("kept"), TOLD_E_NOT_ALLOWED);
	hou->caller = own;
	world_refused(*state, "HOU", told_agent_disagree_decide, decision("maybe"), TOLD_E_UNKNOWN);
	world_refused(*state, "HOU", told_agent_disagree_decide, decision("corrected"), TOLD_E_REFUSED);
	world_refused(*state, "TT", told_agent_disagree_decide, decision("kept"), TOLD_E_NOT_FOUND);
}

static bool tt_hears_the_end(struct world *w, void *ctx)
{
	(void)w, (void)ctx;
	return json_object_get(section_of("TT", "HOU.SIT"), "disputed") == NULL;
}

static bool tt_has_it_right(struct world *w, void *ctx)
{
	size_t i = 0;
	json_t *section = NULL;
	const json_t *story = call("TT", told_agent_story, json_pack("{s:s}", "client", client));
	(void)w, (void)ctx;
	json_array_foreach(json_object_get(story, "sections"), i,
			   section) if (strcmp(text(json_object_get(section, "story"), "text"), "Fled from violence") ==
					0) return true;
	return false;
}

static void test_a_correction_goes_to_everyone_who_holds_the_wrong_fact(void **state)
{
	call("HOU", told_agent_tell,
	     json_pack("{s:s, s:b, s:[{s:s,s:s}]}", "client", client, "replace", 1, "sections", "category", "HOU.SIT",
		       "text", "Fled from violence"));
	const json_t *reply = call("HOU", told_agent_disagree_decide, decision("corrected")), *holder = NULL;
	bool tt = false;
	for (size_t i = 0; i < json_array_size(json_object_get(reply, "holders")); i++) {
		holder = json_array_get(json_object_get(reply, "holders"), i);
		tt |= strcmp(text(holder, "party"), "TT") == 0;
		assert_string_not_equal(text(holder, "party"), "EMP");
	}
	assert_true(tt);
	assert_null(json_object_get(section_of("HOU", "HOU.SIT"), "disagreed"));
	world_until(*state, tt_hears_the_end, NULL, "TT hears that it is over");
	world_until(*state, tt_has_it_right, NULL, "the right words at TT");
	world_refused(*state, "HOU", told_agent_disagree_decide, decision("kept"), TOLD_E_REFUSED);
}

static void test_kept_as_it_was_both_views_stay(void **state)
{
	const json_t *reply =
		call("HOU", told_agent_disagree,
		     json_pack("{s:s,s:[s],s:s}", "client", client, "categories", "DEM.ID", "words", "I am 40"));
	(void)state;
	snprintf(disagreement, sizeof disagreement, "%s", text(reply, "disagreement"));
	call("HOU", told_agent_disagree_decide, decision("kept"));
	const json_t *views = json_object_get(section_of("HOU", "DEM.ID"), "disagreed");
	assert_string_equal(text(json_array_get(views, 0), "words"), "I am 40");
	assert_string_equal(text(json_array_get(views, 0), "outcome"), "kept");
}

/* ---- I want to complain ---- */

static const json_t *first_complaint(void)
{
	const json_t *reply = call("HOU", told_agent_complaints, json_pack("{s:s}", "client", client));
	return json_array_get(json_object_get(reply, "complaints"), 0);
}

static bool doctor_is_content(void)
{
	size_t i = 0;
	json_t *check = NULL;
	const json_t *reply = call("HOU", told_agent_doctor, NULL);
	json_array_foreach(json_object_get(reply, "checks"), i,
			   check) if (strcmp(text(check, "check"), "complaints") ==
				      0) return json_is_true(json_object_get(check, "ok"));
	return false;
}

static void test_a_complaint_has_thirty_days_and_the_clock_is_shown(void **state)
{
	const json_t *reply = call("HOU", told_agent_complaint,
				   json_pack("{s:s,s:s}", "client", client, "words", "You told my mother"));
	snprintf(complaint, sizeof complaint, "%s", text(reply, "complaint"));
	const json_t *made = first_complaint();
	json_int_t days = (json_integer_value(json_object_get(made, "due_ms")) -
			   json_integer_value(json_object_get(made, "time_ms"))) /
			  TOLD_MS_DAY;
	assert_int_equal(days, 30);
	assert_true(json_is_false(json_object_get(made, "overdue")));
	assert_true(doctor_is_content());
	told_agent_set_clock(world_agent(*state, "HOU")->agent, (struct told_clock){.now = ahead, .ctx = &shift});
	shift.wall_ms = 31 * TOLD_MS_DAY;
	assert_true(json_is_true(json_object_get(first_complaint(), "overdue")));
	assert_false(doctor_is_content());
	shift.wall_ms = 0;
}

static void test_an_acknowledged_complaint_is_not_overdue_and_stands_on_the_statement(void **state)
{
	(void)state;
	call("HOU", told_agent_complaint_answer, json_pack("{s:s}", "id", complaint));
	shift.wall_ms = 31 * TOLD_MS_DAY;
	assert_true(json_is_false(json_object_get(first_complaint(), "overdue")));
	shift.wall_ms = 0;
	const json_t *statement =
		call("HOU", told_agent_statement,
		     json_pack("{s:s,s:b,s:b,s:b}", "client", client, "identity", 1, "alone", 1, "take_away", 1));
	const json_t *matters = json_object_get(statement, "matters");
	assert_int_equal(json_array_size(matters), 3);
	assert_string_equal(text(json_array_get(matters, 2), "kind"), "complaint");
	assert_non_null(json_object_get(json_array_get(matters, 2), "acknowledged_ms"));
	assert_null(json_object_get(json_array_get(matters, 2), "words"));
	world_refused(&world, "HOU", told_agent_complaint_answer,
		      json_pack("{s:s}", "id", "00000000000000000000000000000000"), TOLD_E_NOT_FOUND);
}

/* What they disagreed with is not repeated where it must not be read. */
static void test_a_disagreement_about_what_is_off_is_off_the_statement_too(void **state)
{
	(void)state;
	call("HOU", told_agent_disagree,
	     json_pack("{s:s,s:[s],s:s}", "client", client, "categories", "SAF.DA", "words", "He did"));
	const json_t *statement =
		call("HOU", told_agent_statement,
		     json_pack("{s:s,s:b,s:b,s:b}", "client", client, "identity", 1, "alone", 1, "take_away", 1));
	assert_int_equal(json_array_size(json_object_get(statement, "matters")), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_disagreement_names_a_part_and_has_words),
		cmocka_unit_test(test_both_views_stand_wherever_the_section_is_shown),
		cmocka_unit_test(test_what_is_disputed_goes_to_nobody_new),
		cmocka_unit_test(test_only_who_may_decide_decides_and_a_correction_needs_the_right_words),
		cmocka_unit_test(test_a_correction_goes_to_everyone_who_holds_the_wrong_fact),
		cmocka_unit_test(test_kept_as_it_was_both_views_stay),
		cmocka_unit_test(test_a_complaint_has_thirty_days_and_the_clock_is_shown),
		cmocka_unit_test(test_an_acknowledged_complaint_is_not_overdue_and_stands_on_the_statement),
		cmocka_unit_test(test_a_disagreement_about_what_is_off_is_off_the_statement_too),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
