/* SPDX-License-Identifier: Apache-2.0 */
/* Telling more later: what was told before still stands unless it is replaced; and who is present is present to the
 * worker who says so. */
#include "agent/world.h"

static struct world world;
static char client[64];

static int open_world(void **state)
{
	*state = &world;
	world_open(&world);
	json_t *card = world_call(&world, "HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", json_string_value(json_object_get(card, "client")));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* {"category", "story": {"items": [one answer]}} */
static json_t *answer(const char *category, const char *code, const char *value)
{
	char uri[128];
	snprintf(uri, sizeof uri, "urn:x#%s", code);
	return json_pack("{s:s, s:{s:[{s:s, s:{s:s, s:s}, s:s, s:s}]}}", "category", category, "story", "items", "item",
			 uri, "code", "system", "urn:x", "code", code, "value", value, "voice", "person");
}

static void tell(json_t *section, bool replace)
{
	json_t *request = json_pack("{s:s, s:[o]}", "client", client, "sections", section);
	if (replace)
		json_object_set_new(request, "replace", json_true());
	world_call(&world, "HOU", told_agent_tell, request);
}

/* The story of a category as the worker sees it; it stands once. */
static const json_t *story_of(const char *category)
{
	const json_t *sections = json_object_get(
		world_call(&world, "HOU", told_agent_story, json_pack("{s:s}", "client", client)), "sections");
	const json_t *found = NULL;
	for (size_t i = 0; i < json_array_size(sections); i++) {
		const json_t *section = json_array_get(sections, i);
		if (strcmp(json_string_value(json_object_get(section, "category")), category) != 0)
			continue;
		assert_null(found);
		found = json_object_get(section, "story");
	}
	return found;
}

static const char *value_of(const json_t *story, const char *code)
{
	const json_t *items = json_object_get(story, "items");
	for (size_t i = 0; i < json_array_size(items); i++) {
		const json_t *item = json_array_get(items, i);
		const char *own = json_string_value(json_object_get(json_object_get(item, "code"), "code"));
		if (strcmp(own, code) == 0)
			return json_string_value(json_object_get(item, "value"));
	}
	return NULL;
}

static void an_answer_that_is_not_said_again_still_stands(void **state)
{
	(void)state;
	tell(answer("PRF.GEN", "helps", "A walk"), false);
	tell(answer("PRF.GEN", "not-again", "My father"), false);
	const json_t *story = story_of("PRF.GEN");
	assert_string_equal(value_of(story, "helps"), "A walk");
	assert_string_equal(value_of(story, "not-again"), "My father");
}

static void a_new_answer_takes_the_place_of_the_old_one(void **state)
{
	(void)state;
	tell(answer("PRF.GEN", "helps", "Tea"), false);
	const json_t *story = story_of("PRF.GEN");
	assert_int_equal(json_array_size(json_object_get(story, "items")), 2);
	assert_string_equal(value_of(story, "helps"), "Tea");
}

static void words_are_added_to_words(void **state)
{
	(void)state;
	tell(json_pack("{s:s, s:s}", "category", "NED", "text", "A bed"), false);
	tell(json_pack("{s:s, s:s}", "category", "NED", "text", "A coat"), false);
	assert_string_equal(json_string_value(json_object_get(story_of("NED"), "text")), "A bed\n\nA coat");
}

static void what_is_replaced_is_gone(void **state)
{
	(void)state;
	tell(answer("PRF.GEN", "not-again", "The fire"), true);
	const json_t *story = story_of("PRF.GEN");
	assert_null(value_of(story, "helps"));
	assert_string_equal(value_of(story, "not-again"), "The fire");
}

static json_t *present(struct world *w)
{
	return world_call(w, "TT", told_agent_relationship,
			  json_pack("{s:s, s:s}", "client", client, "kind", "present"));
}

static void who_is_present_lets_the_worker_ask_today(void **state)
{
	struct world *w = *state;
	tell(json_pack("{s:s, s:s}", "category", "DEM.ID", "text", "Ada"), false);
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s], s:[s,s], s:s}", "client", client, "recipients", "TT", "purposes",
			     "COORD", "include", "DEM.ID", "PRF.GEN", "evidence", "note"));
	present(w);
	const json_t *reply =
		world_call(w, "TT", told_agent_ask, json_pack("{s:s, s:[s]}", "client", client, "from", "HOU"));
	assert_true(json_array_size(json_object_get(reply, "received")) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_that_is_not_said_again_still_stands),
		cmocka_unit_test(a_new_answer_takes_the_place_of_the_old_one),
		cmocka_unit_test(words_are_added_to_words),
		cmocka_unit_test(what_is_replaced_is_gone),
		cmocka_unit_test(who_is_present_lets_the_worker_ask_today),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
