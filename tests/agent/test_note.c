/* SPDX-License-Identifier: Apache-2.0 */
/* A note through a real broker and real agents: whoever may not know one of the things that it speaks of gets nothing
 * of it, and the writer is told so before it is saved. */
#include "agent/world.h"

static struct world world;
static char client[64];

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static int open_world(void **state)
{
	struct world *w = *state = &world;
	world_open(w);
	snprintf(client, sizeof client, "%s", text(world_call(w, "HOU", told_agent_card_new, json_object()), "client"));
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s,s], s:[s], s:[s,s], s:s}", "client", client, "recipients", "TT", "EMP",
			     "purposes", "COORD", "include", "HOU.SIT", "MH.PROB", "evidence", "signature"));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

static json_t *note(const char *words, int yes)
{
	return json_pack("{s:s, s:s, s:[s,s], s:[s,s], s:b}", "client", client, "text", words, "to", "TT", "EMP",
			 "about", "HOU.SIT", "MH.PROB", "yes", yes);
}

static const char *effect_of(const json_t *reply, const char *party)
{
	size_t i;
	json_t *one = NULL;
	json_array_foreach(json_object_get(reply, "previews"), i, one)
	{
		if (strcmp(text(one, "to"), party) == 0)
			return text(one, "effect");
	}
	return "";
}

/* Employability may hear of the home, and the agreement has no line about mood for it. */
static void test_a_note_goes_only_where_all_that_it_speaks_of_may(void **state)
{
	json_t *reply = world_call(*state, "HOU", told_agent_note_add, note("Viewing on Friday. Sleeps badly.", 0));
	assert_string_equal(effect_of(reply, "TT"), "release");
	assert_string_not_equal(effect_of(reply, "EMP"), "release");
	assert_non_null(strstr(text(reply, "audience"), "will not see it"));
	assert_true(json_is_false(json_object_get(reply, "saved")));
}

static size_t received(struct world *w, const char *party, const char *words)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", client), *one = NULL;
	size_t i, count = 0;
	if (told_agent_notes(a->agent, &a->caller, request, &reply) == TOLD_OK)
		json_array_foreach(json_object_get(reply.json, "received"), i, one) count +=
			strstr(text(json_object_get(one, "story"), "text"), words) != NULL;
	json_decref(request);
	told_reply_free(&reply);
	return count;
}

static bool arrived(struct world *w, void *words)
{
	return received(w, "TT", words) == 1;
}

static void test_whoever_may_not_see_it_gets_nothing_of_it_nor_of_its_correction(void **state)
{
	struct world *w = *state;
	json_t *reply = world_call(w, "HOU", told_agent_note_add, note("Viewing on Friday. Sleeps badly.", 1));
	char number[64];
	snprintf(number, sizeof number, "%s", text(reply, "note"));
	world_until(w, arrived, (void *)(uintptr_t) "Friday", "the note with those who may see it");
	world_call(
		w, "HOU", told_agent_note_correct,
		json_pack("{s:s, s:s, s:b}", "note", number, "text", "Viewing on Thursday. Sleeps badly.", "yes", 1));
	world_until(w, arrived, (void *)(uintptr_t) "Thursday", "its correction");
	assert_int_equal(received(w, "TT", "Friday"), 1);
	assert_int_equal(received(w, "EMP", "Sleeps badly"), 0);
	assert_int_equal(received(w, "SUD", "Sleeps badly"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_note_goes_only_where_all_that_it_speaks_of_may),
		cmocka_unit_test(test_whoever_may_not_see_it_gets_nothing_of_it_nor_of_its_correction),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
