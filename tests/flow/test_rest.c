/* SPDX-License-Identifier: Apache-2.0 */
/* What was held, or released before its sender had heard why, arrives with its content: a sender whose own ruling kept
 * the keys back sends them as soon as it knows what the log ruled by. A real broker process, agents of four agencies.
 */
#include "flow/consent_world.h"

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

/* HOU refers her at once; what its agent has heard by then is all that its own ruling knows. */
static const json_t *refer(struct world *w, const struct person *p, const char *what, char id[64])
{
	json_t *reply = world_call(
		w, "HOU", told_agent_refer,
		json_pack("{s:s, s:s, s:o}", "client", p->client, "to", "TT", "categories", consent_list(what)));
	snprintf(id, 64, "%s", json_string_value(json_object_get(reply, "referral")));
	return reply;
}

/* A permission that HOU's agent has not heard of when it comes back. */
static void permit_behind_the_back_of_hou(struct world *w, const struct person *p, const char *by, const char *what)
{
	char id[40];
	consent_off(w, "HOU");
	consent_record(w, by, consent_ask(p, "TT", what), id);
	consent_on(w, "HOU");
}

struct arrival {
	const char *referral, *category;
};

/* TT's list shows the section in the parcel of the referral or in one that belongs to it. */
static bool has_arrived(struct world *w, void *ctx)
{
	const struct arrival *a = ctx;
	const json_t *parcels = json_object_get(world_call(w, "TT", told_agent_inbox, json_object()), "parcels");
	for (size_t i = 0; i < json_array_size(parcels); i++) {
		const json_t *parcel = json_array_get(parcels, i), *sections = json_object_get(parcel, "sections");
		const char *referral = json_string_value(json_object_get(parcel, "referral"));
		for (size_t j = 0; referral != NULL && j < json_array_size(sections); j++)
			if (strcmp(referral, a->referral) == 0 &&
			    strcmp(json_string_value(json_object_get(json_array_get(sections, j), "category")),
				   a->category) == 0)
				return true;
	}
	return false;
}

static void until_arrived(struct world *w, const char *referral, const char *category)
{
	world_until(w, has_arrived, &(struct arrival){referral, category}, "the content of a referral");
}

/* The message of this id in HOU's list. */
static const json_t *sent_by_hou(struct world *w, const char *id)
{
	const json_t *list = json_object_get(world_call(w, "HOU", told_agent_sent, json_object()), "messages");
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_object_get(json_array_get(list, i), "id")), id) == 0)
			return json_array_get(list, i);
	fail_msg("%s was never sent", id);
	return NULL;
}

static size_t sent_count(struct world *w)
{
	return json_array_size(json_object_get(world_call(w, "HOU", told_agent_sent, json_object()), "messages"));
}

static bool nothing_owed(struct world *w, void *id)
{
	return json_object_get(sent_by_hou(w, id), "rest") == NULL;
}

static bool is_refused(struct world *w, void *id)
{
	return strcmp(json_string_value(json_object_get(sent_by_hou(w, id), "state")), "refused") == 0;
}

/* ---- */

static void what_was_held_and_is_released_arrives_with_its_content(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char referral[64], id[40];
	permit_behind_the_back_of_hou(w, &p, "TT", "DEM.ID,HOU.SIT");
	const json_t *reply = refer(w, &p, "DEM.ID,HOU.SIT", referral);
	assert_string_equal(json_string_value(json_object_get(json_object_get(reply, "preview"), "effect")), "deny");
	assert_string_equal(consent_state(reply, 0), "held"); /* TT took it, and gains by it: somebody else confirms */
	consent_record(w, "SUD", consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), id);
	until_arrived(w, referral, "DEM.ID");
	until_arrived(w, referral, "HOU.SIT");
	world_until(w, nothing_owed, referral, "nothing to be owed");
	assert_string_equal(json_string_value(json_object_get(sent_by_hou(w, referral), "state")), "sent");
}

static void what_was_released_before_its_sender_had_heard_why_arrives_with_its_content(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char referral[64];
	permit_behind_the_back_of_hou(w, &p, "SUD", "DEM.ID,HOU.SIT");
	assert_string_equal(consent_state(refer(w, &p, "DEM.ID,HOU.SIT", referral), 0), "sent");
	until_arrived(w, referral, "DEM.ID");
	until_arrived(w, referral, "HOU.SIT");
}

/* A key that was kept back goes once, and survives its agent's end. */
static void what_is_owed_outlives_the_agent_and_goes_once(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char referral[64], id[40];
	permit_behind_the_back_of_hou(w, &p, "TT", "DEM.ID,HOU.SIT");
	assert_string_equal(consent_state(refer(w, &p, "DEM.ID,HOU.SIT", referral), 0), "held");
	consent_off(w, "HOU");
	consent_record(w, "SUD", consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), id);
	consent_on(w, "HOU");
	until_arrived(w, referral, "HOU.SIT");
	size_t before = sent_count(w);
	consent_record(w, "SUD", consent_ask(&p, "TT", "HOU.SUP"), id);
	consent_until_known(w, "HOU", &p);
	for (size_t i = 0; i < 40; i++)
		world_turns(w);
	assert_int_equal(sent_count(w), before);
}

/* What the log kept back as well is nobody's debt: a later yes is for a later message. */
static void what_the_log_kept_back_too_does_not_go_later_by_itself(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char referral[64], id[40];
	consent_record(w, "HOU", consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), id);
	assert_string_equal(consent_state(refer(w, &p, "DEM.ID,HOU.SIT,HOU.SUP", referral), 0), "sent");
	until_arrived(w, referral, "HOU.SIT");
	assert_true(nothing_owed(w, referral));
	size_t before = sent_count(w);
	consent_record(w, "SUD", consent_ask(&p, "TT", "HOU.SUP"), id);
	for (size_t i = 0; i < 40; i++)
		world_turns(w);
	assert_int_equal(sent_count(w), before);
	assert_false(has_arrived(w, &(struct arrival){referral, "HOU.SUP"}));
}

static void a_message_that_is_refused_in_the_end_owes_nothing(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char referral[64];
	permit_behind_the_back_of_hou(w, &p, "TT", "DEM.ID,HOU.SIT");
	assert_string_equal(consent_state(refer(w, &p, "DEM.ID,HOU.SIT", referral), 0), "held");
	size_t before = sent_count(w);
	consent_days(w, 6);
	world_until(w, is_refused, referral, "what nobody confirmed to be refused");
	assert_true(nothing_owed(w, referral));
	assert_int_equal(sent_count(w), before);
	assert_false(has_arrived(w, &(struct arrival){referral, "HOU.SIT"}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_held_and_is_released_arrives_with_its_content),
		cmocka_unit_test(what_was_released_before_its_sender_had_heard_why_arrives_with_its_content),
		cmocka_unit_test(what_is_owed_outlives_the_agent_and_goes_once),
		cmocka_unit_test(what_the_log_kept_back_too_does_not_go_later_by_itself),
		cmocka_unit_test(a_message_that_is_refused_in_the_end_owes_nothing),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
