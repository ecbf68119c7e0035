/* SPDX-License-Identifier: Apache-2.0 */
/* What was told wrongly is put right with everyone who holds it, through a real broker and real agents: after a
 * referral, after an ask, of a note, and after the permission has ended; the old words stay, and who corrects hears who
 * has put it right. Nobody else can correct it, and nothing more than was given goes. */
#include "agent/world.h"

static struct world world;
static char client[64];

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static json_t *call(const char *party, told_agent_call *function, json_t *request)
{
	return world_call(&world, party, function, request);
}

/* A section of the story there with these words. */
static json_t *with_words(const char *party, const char *words)
{
	size_t i = 0;
	json_t *section = NULL;
	const json_t *story = call(party, told_agent_story, json_pack("{s:s}", "client", client));
	json_array_foreach(json_object_get(story, "sections"), i,
			   section) if (strcmp(text(json_object_get(section, "story"), "text"), words) ==
					0) return section;
	return NULL;
}

struct wanted {
	const char *party, *words;
};

static bool has_words(struct world *w, void *ctx)
{
	const struct wanted *wanted = ctx;
	(void)w;
	return with_words(wanted->party, wanted->words) != NULL;
}

static void until_it_has(const char *party, const char *words)
{
	struct wanted wanted = {party, words};
	world_until(&world, has_words, &wanted, words);
}

static void tell(const char *category, const char *words, bool correct)
{
	call("HOU", told_agent_tell,
	     json_pack("{s:s, s:b, s:[{s:s,s:s}]}", "client", client, "correct", (int)correct, "sections", "category",
		       category, "text", words));
}

/* Corrections to a party that it says it has applied; or that were refused. */
static size_t corrections(const char *party, bool applied)
{
	size_t i = 0, count = 0;
	json_t *one = NULL;
	const json_t *reply = call("HOU", told_agent_corrections, json_pack("{s:s}", "client", client));
	json_array_foreach(json_object_get(reply, "corrections"), i, one)
	{
		const char *to = json_string_value(json_array_get(json_object_get(one, "to"), 0));
		bool is = applied ? json_object_get(one, "applied_ms") != NULL
				  : strcmp(text(one, "state"), "refused") == 0;
		count += strcmp(to, party) == 0 && is;
	}
	return count;
}

struct answered {
	const char *party;
	bool applied;
	size_t count;
};

static bool has_answered(struct world *w, void *ctx)
{
	const struct answered *wanted = ctx;
	(void)w;
	return corrections(wanted->party, wanted->applied) >= wanted->count;
}

static void until_answered(const char *party, bool applied, size_t count)
{
	struct answered wanted = {party, applied, count};
	world_until(&world, has_answered, &wanted, "what became of a correction");
	assert_int_equal(corrections(party, applied), count);
}

/* A section of the inbox there with these words. */
static json_t *came_with(const char *party, const char *words)
{
	size_t i = 0, k = 0;
	json_t *parcel = NULL, *section = NULL;
	const json_t *inbox = call(party, told_agent_inbox, json_pack("{s:s}", "client", client));
	json_array_foreach(json_object_get(inbox, "parcels"), i, parcel) json_array_foreach(
		json_object_get(parcel, "sections"), k,
		section) if (strcmp(text(json_object_get(section, "story"), "text"), words) == 0) return section;
	return NULL;
}

static int open_world(void **state)
{
	*state = &world;
	world_open(&world);
	json_t *card = call("HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", text(card, "client"));
	tell("DEM.ID", "Ada, 41", false);
	tell("HOU.SIT", "Evicted for arrears", false);
	call("HOU", told_agent_consent,
	     json_pack("{s:s, s:[s,s], s:[s,s], s:[s,s], s:s}", "client", client, "recipients", "TT", "SUD", "purposes",
		       "REFERRAL", "COORD", "include", "DEM.ID", "HOU.*", "evidence", "signature"));
	call("HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", client, "to", "TT"));
	until_it_has("TT", "Evicted for arrears");
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

static void test_a_correction_reaches_who_was_sent_it_and_the_old_words_stay_marked(void **state)
{
	(void)state;
	tell("HOU.SIT", "Fled from violence", true);
	until_it_has("TT", "Fled from violence");
	assert_non_null(json_object_get(with_words("TT", "Fled from violence"), "corrects"));
	json_t *old = with_words("TT", "Evicted for arrears");
	assert_non_null(json_object_get(old, "corrected"));
	assert_null(json_object_get(with_words("TT", "Ada, 41"), "corrected"));
	until_answered("TT", true, 1);
	assert_int_equal(corrections("SUD", true), 0); /* may ask, and never did */
}

static void test_what_is_right_already_is_sent_to_nobody_again(void **state)
{
	(void)state;
	tell("HOU.SIT", "Fled from violence in May", true);
	until_it_has("TT", "Fled from violence in May");
	until_answered("TT", true, 2);
	/* The newest correction stands, and the one before is marked as the first words are. */
	assert_null(json_object_get(with_words("TT", "Fled from violence in May"), "corrected"));
	assert_non_null(json_object_get(with_words("TT", "Fled from violence"), "corrected"));
	assert_non_null(json_object_get(with_words("TT", "Evicted for arrears"), "corrected"));
}

static bool sud_has_asked(struct world *w, void *ctx)
{
	(void)w, (void)ctx;
	call("SUD", told_agent_ask,
	     json_pack("{s:s,s:[s,s],s:[s]}", "client", client, "categories", "DEM.ID", "HOU.SIT", "from", "HOU"));
	return with_words("SUD", "Fled from violence in May") != NULL;
}

static void test_whoever_asked_for_it_is_corrected_too(void **state)
{
	(void)state;
	call("SUD", told_agent_relationship, json_pack("{s:s}", "client", client));
	world_until(&world, sud_has_asked, NULL, "what SUD asked for");
	tell("HOU.SIT", "Fled in June", true);
	until_it_has("SUD", "Fled in June");
	until_it_has("TT", "Fled in June");
	until_answered("SUD", true, 1);
	assert_non_null(json_object_get(came_with("SUD", "Fled from violence in May"), "corrected"));
}

static bool tt_has_none(struct world *w, void *ctx)
{
	(void)w, (void)ctx;
	return with_words("TT", "Fled in June") == NULL;
}

/* It reaches them, so that nobody goes on believing what was wrong; and nobody reads it, as nobody reads the rest. */
static void test_after_a_withdrawal_it_goes_and_nobody_reads_it(void **state)
{
	(void)state;
	size_t before = corrections("TT", true);
	call("TT", told_agent_withdraw, json_pack("{s:s}", "client", client));
	world_until(&world, tt_has_none, NULL, "what was withdrawn is hidden");
	tell("HOU.SIT", "Fled in July", true);
	until_answered("TT", true, before + 1);
	assert_null(with_words("TT", "Fled in July"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_correction_reaches_who_was_sent_it_and_the_old_words_stay_marked),
		cmocka_unit_test(test_what_is_right_already_is_sent_to_nobody_again),
		cmocka_unit_test(test_whoever_asked_for_it_is_corrected_too),
		cmocka_unit_test(test_after_a_withdrawal_it_goes_and_nobody_reads_it),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
