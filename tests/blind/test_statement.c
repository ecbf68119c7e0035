/* SPDX-License-Identifier: Apache-2.0 */
/* The statement of the man whom a MARAC is about beside its person: whoever gives it to him, at whichever agency and
 * however far the conference has come, it is the one that he would have in a world without her. As text, as a page, as
 * JSON and in the fields of Estonia's data tracker. */
#include "blind/worlds.h"

/* Two rooms call something of theirs a page: here it is the one that is printed. */
#define told_page told_printed_page
#include "agents/statement/page.h"

#include <unistd.h>

static struct told_catalogue *words;
static struct told_arena *arena;

/* ---- one statement, in every form ---- */

static json_t *given_at(const char *party, const struct told_caller *by)
{
	struct world_agent *a = world_agent(&world, party);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s, s:b, s:b, s:b, s:i}", "client", own_client, "identity", 1, "alone", 1,
				    "take_away", 1, "limit", 200);
	assert_int_equal(told_agent_as(a->agent, by), TOLD_OK);
	enum told_status status = told_agent_statement(a->agent, by, request, &reply);
	assert_int_equal(told_agent_as(a->agent, NULL), TOLD_OK);
	if (status != TOLD_OK)
		fail_msg("%s: %s", party, told_buf_cstr(&reply.why));
	json_t *json = json_incref(reply.json);
	told_reply_free(&reply);
	json_decref(request);
	return json;
}

/* Its own number is drawn. */
static char *in_every_form(json_t *statement)
{
	struct told_page page;
	struct told_buf out = TOLD_BUF(1u << 20);
	json_object_set_new(statement, "statement", json_string("0000-0000"));
	told_arena_reset(arena);
	assert_int_equal(told_page_make(statement, false, words, arena, &page), TOLD_OK);
	told_page_text(&page, &out);
	told_page_html(&page, NULL, &out);
	json_t *usages = told_statement_usages(statement, words), *raw = masked(statement, "");
	char *fields = json_dumps(usages, 0), *dump = json_dumps(raw, JSON_SORT_KEYS), *all = NULL;
	assert_true(asprintf(&all, "%s\n%s\n%s", told_buf_cstr(&out), fields, dump) > 0);
	json_decref(usages);
	json_decref(raw);
	json_decref(statement);
	free(fields);
	free(dump);
	told_buf_free(&out);
	return plain(all);
}

/* ---- who gives it ---- */

enum giver { NAMED, FIRST, CONTACT, HOUSING, WORK, GIVERS };
static const char *const givers[GIVERS] = {"the worker who is named", "their colleague", "the contact", "the chair",
					   "who called it"};

static char *by(enum giver giver)
{
	const char *party = giver == HOUSING ? "HOU" : giver == WORK ? "EMP" : "TT";
	const struct told_caller *caller = giver == NAMED     ? &named
					   : giver == CONTACT ? &contact
							      : &world_agent(&world, party)->caller;
	return in_every_form(given_at(party, caller));
}

/* ---- stages ---- */

#define STAGES_MAX 32u
static struct stage {
	char name[40];
	char *statements[GIVERS];
} stages[STAGES_MAX];
static size_t stage_count;
static char *expected[GIVERS];

static bool referred(struct world *w, void *ctx)
{
	json_t *json = world_call(w, "TT", told_agent_inbox, json_object());
	(void)ctx;
	return says(json, own_client);
}

/* Who sent it has heard that it was opened. */
static bool opened(struct world *w, void *ctx)
{
	json_t *json = given_at("HOU", &world_agent(w, "HOU")->caller);
	(void)ctx;
	bool is = says(json, "\"front\"");
	json_decref(json);
	return is;
}

/* What would stand on anybody's: a permission, a referral that came. */
static void told_of_him(void)
{
	tells("HOU", own_client, "DEM.ID", "Bert, 41");
	tells("HOU", own_client, "HOU.SIT", "Sleeping on a sofa");
	does("HOU", told_agent_consent,
	     "{'client': '$P', 'recipients': ['TT'], 'purposes': ['REFERRAL', 'COORD'], 'include': ['DEM.ID', 'HOU.*'],"
	     " 'evidence': 'signature'}");
	does("HOU", told_agent_refer, "{'client': '$P', 'to': 'TT'}");
	world_until(&world, referred, NULL, "the referral");
	world_until(&world, opened, NULL, "that the referral was opened");
}

static void with_her(const char *name)
{
	if (strcmp(name, "begun") == 0)
		told_of_him();
	assert_true(stage_count < STAGES_MAX);
	struct stage *stage = &stages[stage_count++];
	snprintf(stage->name, sizeof stage->name, "%s", name);
	for (enum giver giver = 0; giver < GIVERS; giver++)
		stage->statements[giver] = by(giver);
}

static void without_her(const char *name)
{
	assert_string_equal(name, "begun");
	told_of_him();
	for (enum giver giver = 0; giver < GIVERS; giver++)
		expected[giver] = by(giver);
}

static size_t compare(const struct stage *stage)
{
	size_t told = 0;
	for (enum giver giver = 0; giver < GIVERS; giver++) {
		if (strcmp(stage->statements[giver], expected[giver]) != 0) {
			fprintf(stderr, "%s: the statement that %s gives him tells:\n%s\n--- without\n%s\n",
				stage->name, givers[giver], stage->statements[giver], expected[giver]);
			told++;
		}
		free(stage->statements[giver]);
	}
	return told;
}

static void his_own_statement_is_that_of_a_world_without_her(void **state)
{
	size_t told = 0;
	(void)state;
	at_stage = with_her;
	build(true);
	world_close(&world);
	at_stage = without_her;
	build(false);
	world_close(&world);
	assert_true(strstr(expected[HOUSING], "DEM.ID") != NULL); /* there is something on it */
	assert_true(stage_count > 10);
	for (size_t i = 0; i < stage_count; i++)
		told += compare(&stages[i]);
	for (enum giver giver = 0; giver < GIVERS; giver++)
		free(expected[giver]);
	assert_int_equal(told, 0);
}

static int set_up(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	assert_int_equal(told_arena_new(4u << 20, &arena), TOLD_OK);
	return told_catalogue_english(&words) == TOLD_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	told_catalogue_free(words);
	told_arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(his_own_statement_is_that_of_a_world_without_her),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
