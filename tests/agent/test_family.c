/* SPDX-License-Identifier: Apache-2.0 */
/* A family is several people, each with a reference and permissions of their own: what one tells about another goes
 * only where the paper has a basis for it, and never fills the other's form. */
#include "agent/world.h"

static struct world world;
static char ada[64], ben[64];

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static json_t *section(const char *category, const char *words, const char *about)
{
	json_t *one = json_pack("{s:s, s:s}", "category", category, "text", words);
	if (about != NULL)
		json_object_set_new(one, "about", json_string(about));
	return one;
}

static void permit(struct world *w, const char *client, const char *to)
{
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s], s:[s,s,s], s:s}", "client", client, "recipients", to, "purposes",
			     "REFERRAL", "include", "DEM.ID", "HOU.*", "FAM.LINK", "evidence", "signature"));
}

/* Housing and the two treatment services agreed that facts about the household have a basis of their own. */
static int open_world(void **state)
{
	struct world *w = *state = &world;
	world_with = (struct world_change){
		"    acknowledge: 2wd\n    lookback:\n      - span: 24m",
		"    acknowledge: 2wd\n    others-own-basis: true\n    lookback:\n      - span: 24m"};
	world_open(w);
	snprintf(ada, sizeof ada, "%s", text(world_call(w, "HOU", told_agent_card_new, json_object()), "client"));
	snprintf(ben, sizeof ben, "%s", text(world_call(w, "HOU", told_agent_card_new, json_object()), "client"));
	world_call(w, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[o,o,o,o]}", "client", ada, "sections", section("DEM.ID", "Ada, 41", NULL),
			     section("HOU.SIT", "Sleeps at her aunt's", NULL),
			     section("HOU.SIT", "Ben sleeps in a car", ben),
			     section("FAM.LINK", "Ben is my brother", ben)));
	permit(w, ada, "TT");
	permit(w, ada, "EMP");
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

static json_t *story_of(struct world *w, const char *client)
{
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", client);
	assert_int_equal(told_agent_story(hou->agent, &hou->caller, request, &reply), TOLD_OK);
	json_t *sections = json_incref(json_object_get(reply.json, "sections"));
	json_decref(request);
	told_reply_free(&reply);
	return sections;
}

static void test_two_peoples_facts_never_become_one_section(void **state)
{
	json_t *sections = story_of(*state, ada), *one = NULL;
	size_t i = 0, about_ben = 0, hers = 0;
	json_array_foreach(sections, i, one)
	{
		hers += strcmp(text(one, "category"), "HOU.SIT") == 0 && text(one, "about")[0] == '\0';
		about_ben += strcmp(text(one, "about"), ben) == 0;
	}
	assert_int_equal(hers, 1);
	assert_int_equal(about_ben, 2);
	json_decref(sections);
}

static void test_each_person_has_a_story_and_permissions_of_their_own(void **state)
{
	struct world *w = *state;
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", ben), *sections = story_of(w, ben);
	assert_int_equal(json_array_size(sections), 0);
	assert_int_equal(told_agent_consents(hou->agent, &hou->caller, request, &reply), TOLD_OK);
	assert_int_equal(json_array_size(json_object_get(reply.json, "consents")), 0);
	json_decref(sections);
	json_decref(request);
	told_reply_free(&reply);
}

/* The effect on the nth section of a category in what our own ruling and then the broker's says. */
static size_t count_effect(const json_t *reply, const char *category, const char *effect, const char *code)
{
	const json_t *sections = json_object_get(json_object_get(reply, "preview"), "sections");
	json_t *one = NULL;
	size_t i = 0, count = 0;
	json_array_foreach(sections, i, one) count +=
		strcmp(text(one, "category"), category) == 0 && strcmp(text(one, "effect"), effect) == 0 &&
		(code == NULL || strcmp(text(json_object_get(one, "code"), "code"), code) == 0);
	return count;
}

static json_t *refer(struct world *w, const char *to)
{
	return world_call(w, "HOU", told_agent_refer,
			  json_pack("{s:s, s:s, s:[s,s,s]}", "client", ada, "to", to, "categories", "DEM.ID", "HOU.SIT",
				    "FAM.LINK"));
}

static void test_what_is_about_another_is_withheld_where_the_flow_has_no_basis_of_its_own(void **state)
{
	json_t *reply = refer(*state, "EMP");
	assert_int_equal(count_effect(reply, "HOU.SIT", "release", NULL), 1);
	assert_int_equal(count_effect(reply, "HOU.SIT", "withhold", "SEC-02"), 1);
}

static bool arrived(struct world *w, void *ctx)
{
	struct world_agent *a = world_agent(w, ctx);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", ada), *parcel = NULL, *one = NULL;
	size_t i = 0, k = 0, own = 0, bens = 0, links = 0;
	assert_int_equal(told_agent_inbox(a->agent, &a->caller, request, &reply), TOLD_OK);
	json_array_foreach(json_object_get(reply.json, "parcels"), i, parcel)
		json_array_foreach(json_object_get(parcel, "sections"), k, one)
	{
		own += strcmp(text(one, "category"), "HOU.SIT") == 0 && text(one, "about")[0] == '\0';
		bens += strcmp(text(one, "about"), ben) == 0;
		links += strcmp(text(one, "category"), "FAM.LINK") == 0;
	}
	json_decref(request);
	told_reply_free(&reply);
	assert_int_equal(links, 0);
	return own == 1 && bens == (strcmp(ctx, "TT") == 0 ? 1u : 0u);
}

static void test_it_goes_where_the_flow_has_one_and_says_whom_it_is_about(void **state)
{
	struct world *w = *state;
	json_t *reply = refer(w, "TT");
	assert_int_equal(count_effect(reply, "HOU.SIT", "release", NULL), 2);
	assert_int_equal(count_effect(reply, "FAM.LINK", "release", NULL), 0);
	world_until(w, arrived, (void *)(uintptr_t) "TT", "both at TT, each with whom it is about");
	world_until(w, arrived, (void *)(uintptr_t) "EMP", "the person's own at EMP, and nothing of her brother");
}

static enum told_status count_hou(void *ctx, const struct told_agent_section *one)
{
	*(size_t *)ctx += one->category == TOLD_CATEGORY_HOU_SIT;
	return TOLD_OK;
}

static void test_what_is_about_another_fills_no_form_of_the_person(void **state)
{
	struct world *w = *state;
	struct world_agent *tt = world_agent(w, "TT"), *hou = world_agent(w, "HOU");
	size_t at_tt = 0, at_hou = 0;
	assert_int_equal(told_agent_sections(tt->agent, &tt->caller, told_text(ada), count_hou, &at_tt), TOLD_OK);
	assert_int_equal(told_agent_sections(hou->agent, &hou->caller, told_text(ada), count_hou, &at_hou), TOLD_OK);
	assert_int_equal(at_tt, 1);
	assert_int_equal(at_hou, 1);
}

/* The basis is the flow's own: a refusal of Ben's is about Ben's own story, and stops nothing that rests on it. */
static void test_a_refusal_is_about_ones_own_story_and_no_flow_with_a_basis_of_its_own(void **state)
{
	struct world *w = *state;
	world_call(w, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[o,o]}", "client", ben, "sections", section("DEM.ID", "Ben, 38", NULL),
			     section("HOU.SIT", "My car", NULL)));
	permit(w, ben, "TT");
	json_t *update = world_call(w, "HOU", told_agent_update,
				    json_pack("{s:s, s:s, s:s, s:[s,s], s:b}", "client", ben, "to", "TT", "purpose",
					      "REFERRAL", "categories", "DEM.ID", "HOU.SIT", "dry_run", 1));
	assert_int_equal(count_effect(update, "HOU.SIT", "release", NULL), 1);
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:s, s:[s]}", "client", ben, "state", "refused", "recipients", "TT"));
	update = world_call(w, "HOU", told_agent_update,
			    json_pack("{s:s, s:s, s:s, s:[s,s], s:b}", "client", ben, "to", "TT", "purpose", "REFERRAL",
				      "categories", "DEM.ID", "HOU.SIT", "dry_run", 1));
	assert_int_equal(count_effect(update, "HOU.SIT", "release", NULL), 0);
	update = world_call(w, "HOU", told_agent_update,
			    json_pack("{s:s, s:s, s:s, s:[s,s], s:b}", "client", ada, "to", "TT", "purpose", "REFERRAL",
				      "categories", "DEM.ID", "HOU.SIT", "dry_run", 1));
	assert_int_equal(count_effect(update, "HOU.SIT", "release", NULL), 2);
}

/* Ada's permission is Ada's: it opens nothing of Ben's, and Ben's refusal closes nothing of hers. */
static void test_nothing_of_one_persons_is_opened_by_the_others_permission(void **state)
{
	struct world *w = *state;
	json_t *update = world_call(w, "HOU", told_agent_update,
				    json_pack("{s:s, s:s, s:[s,s], s:b}", "client", ben, "to", "EMP", "categories",
					      "DEM.ID", "HOU.SIT", "dry_run", 1));
	assert_int_equal(count_effect(update, "HOU.SIT", "release", NULL), 0);
	assert_int_equal(count_effect(update, "DEM.ID", "release", NULL), 0);
	update = world_call(w, "HOU", told_agent_update,
			    json_pack("{s:s, s:s, s:[s,s], s:b}", "client", ada, "to", "EMP", "categories", "DEM.ID",
				      "HOU.SIT", "dry_run", 1));
	assert_int_equal(count_effect(update, "DEM.ID", "release", NULL), 0); /* hers is for referrals alone */
}

/* What was told about Ben to others stands in Ada's statement by its kind, and in Ben's own not at all. */
static void test_each_has_a_statement_of_their_own(void **state)
{
	struct world *w = *state;
	json_t *hers =
		world_call(w, "HOU", told_agent_statement,
			   json_pack("{s:s, s:b, s:b, s:b}", "client", ada, "identity", 1, "alone", 1, "take_away", 1));
	char *text_of_hers = json_dumps(hers, 0);
	assert_true(json_array_size(json_object_get(hers, "entries")) > 0);
	assert_null(strstr(text_of_hers, ben));
	free(text_of_hers);
	json_t *his =
		world_call(w, "HOU", told_agent_statement,
			   json_pack("{s:s, s:b, s:b, s:b}", "client", ben, "identity", 1, "alone", 1, "take_away", 1));
	char *text_of_his = json_dumps(his, 0);
	assert_null(strstr(text_of_his, ada));
	free(text_of_his);
}

static void test_a_reference_that_is_no_card_is_refused(void **state)
{
	world_refused(*state, "HOU", told_agent_tell,
		      json_pack("{s:s, s:[o]}", "client", ada, "sections", section("HOU.SIT", "x", "my brother")),
		      TOLD_E_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_peoples_facts_never_become_one_section),
		cmocka_unit_test(test_each_person_has_a_story_and_permissions_of_their_own),
		cmocka_unit_test(test_what_is_about_another_is_withheld_where_the_flow_has_no_basis_of_its_own),
		cmocka_unit_test(test_it_goes_where_the_flow_has_one_and_says_whom_it_is_about),
		cmocka_unit_test(test_what_is_about_another_fills_no_form_of_the_person),
		cmocka_unit_test(test_a_refusal_is_about_ones_own_story_and_no_flow_with_a_basis_of_its_own),
		cmocka_unit_test(test_nothing_of_one_persons_is_opened_by_the_others_permission),
		cmocka_unit_test(test_each_has_a_statement_of_their_own),
		cmocka_unit_test(test_a_reference_that_is_no_card_is_refused),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
