/* SPDX-License-Identifier: Apache-2.0 */
/* Coming back, through real processes: what a sender hears that was away when its message was ruled again, and what a
 * recipient takes before anything that it shows counts as current. */
#include "flow/consent_world.h"

static struct world world;
static char tt[] = "TT", emp[] = "EMP";

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

/* ---- what became of a message, as its sender's list shows it ---- */

struct fate {
	const char *id, *state, *code;
};

static bool has_met_its_fate(struct world *w, void *ctx)
{
	const struct fate *fate = ctx;
	const json_t *list = json_object_get(world_call(w, "HOU", told_agent_sent, json_object()), "messages");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *message = json_array_get(list, i);
		if (strcmp(json_string_value(json_object_get(message, "id")), fate->id) == 0)
			return strcmp(json_string_value(json_object_get(message, "state")), fate->state) == 0 &&
			       (fate->code == NULL || consent_has_code(json_object_get(message, "codes"), fate->code));
	}
	return false;
}

static void until_fate(struct world *w, const char *id, const char *state, const char *code)
{
	world_until(w, has_met_its_fate, &(struct fate){id, state, code}, state);
}

/* The id of what the last call sent. */
static void last_id(const struct world *w, char id[64])
{
	const json_t *message = json_array_get(json_object_get(w->last, "messages"), 0);
	snprintf(id, 64, "%s", json_string_value(json_object_get(message, "id")));
}

static bool is_current(struct world *w, void *ctx)
{
	struct world_agent *a = world_agent(w, ctx);
	struct told_reply reply = TOLD_REPLY;
	assert_int_equal(told_agent_inbox(a->agent, &a->caller, NULL, &reply), TOLD_OK);
	bool is = json_object_get(reply.json, "not_checked_since_ms") == NULL;
	told_reply_free(&reply);
	return is;
}

static void come_back(struct world *w, char *party)
{
	consent_on(w, party);
	assert_false(is_current(w, party));
	world_until(w, is_current, party, "an agency that is back to be up to date");
}

/* ---- a sender that was away ---- */

static void a_sender_that_was_away_hears_that_its_held_message_went(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40], message[64];
	world_call(w, "TT", told_agent_consent, consent_ask(&p, "TT", "DEM.ID,HOU.SIT"));
	consent_until_known(w, "HOU", &p);
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", "CON-16"), "held");
	last_id(w, message);
	consent_off(w, "HOU");
	consent_record(w, "SUD", consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), id);
	consent_until_sees(w, "TT", &p, "HOU.SIT", true);
	consent_on(w, "HOU");
	until_fate(w, message, "sent", NULL);
}

static void a_sender_that_was_away_hears_that_its_held_message_was_refused(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40], message[64];
	consent_record(w, "HOU", consent_with(consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), "capacity", "lacks"), id);
	assert_string_equal(consent_update(w, &p, "TT", "DEM.ID,HOU.SIT", "CON-11"), "held");
	last_id(w, message);
	consent_off(w, "HOU");
	consent_days(w, 6);
	world_stop_broker(w, SIGTERM);
	world_start_broker(w);
	world_until(w, consent_connected, NULL, "the others connected to the new broker");
	consent_on(w, "HOU");
	until_fate(w, message, "refused", "CON-11");
}

/* ---- what rests on something that went meanwhile ---- */

static void a_referral_on_its_way_is_stopped_by_the_withdrawal_of_its_permission(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40], message[64];
	consent_record(w, "HOU", consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), id);
	consent_off(w, "TT");
	json_t *reply = world_call(w, "HOU", told_agent_refer, json_pack("{s:s, s:s}", "client", p.client, "to", "TT"));
	assert_string_equal(consent_state(reply, 0), "sent");
	last_id(w, message);
	world_call(w, "SUD", told_agent_withdraw, json_pack("{s:s}", "client", p.client));
	come_back(w, tt);
	until_fate(w, message, "refused", "WFL-03");
	assert_true(consent_sees_now(w, &(struct sight){"TT", p.client, "HOU.SIT", false}));
}

/* As another worker of HOU's says it; gives her number. */
static void told_by_another(struct world *w, const struct person *p, char number[32], char message[64])
{
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_caller first = hou->caller;
	json_t *made = world_call(w, "HOU", told_agent_worker_add, json_pack("{s:[s]}", "teams", "front"));
	snprintf(number, 32, "%s", json_string_value(json_object_get(made, "number")));
	const char *token = json_string_value(json_object_get(made, "token"));
	assert_int_equal(told_agent_caller(hou->agent, told_text(token), &hou->caller), TOLD_OK);
	for (size_t i = 0; i < 20; i++)
		world_turns(w); /* the register goes out */
	assert_string_equal(consent_update(w, p, "TT", "DEM.ID,HOU.SIT", NULL), "sent");
	last_id(w, message);
	hou->caller = first;
}

static void what_waits_from_a_worker_who_has_left_is_not_shown_on_return(void **state)
{
	struct world *w = *state;
	struct person p = consent_person(w);
	char id[40], message[64], number[32];
	consent_record(w, "HOU", consent_ask(&p, "TT", "DEM.ID,HOU.SIT"), id);
	consent_off(w, "TT");
	told_by_another(w, &p, number, message);
	world_call(w, "HOU", told_agent_worker_set, json_pack("{s:s, s:s}", "number", number, "state", "left"));
	for (size_t i = 0; i < 20; i++)
		world_turns(w);
	come_back(w, tt);
	until_fate(w, message, "refused", NULL);
	assert_true(consent_sees_now(w, &(struct sight){"TT", p.client, "HOU.SIT", false}));
}

static bool suspended_at(struct world *w, const char *party)
{
	const json_t *reply = world_call(w, party, told_agent_agreements, json_object());
	const json_t *first = json_array_get(json_object_get(reply, "agreements"), 0);
	return json_array_size(json_object_get(first, "suspended")) > 0;
}

static void suspend(struct world *w)
{
	const json_t *reply = world_call(w, "HOU", told_agent_agreements, json_object());
	const json_t *first = json_array_get(json_object_get(reply, "agreements"), 0);
	char id[64];
	snprintf(id, sizeof id, "%s", json_string_value(json_object_get(first, "id")));
	reply = world_call(w, "HOU", told_agent_agreement_act, json_pack("{s:s, s:s}", "id", id, "action", "suspend"));
	assert_string_equal(consent_state(reply, 0), "sent");
}

static void a_suspension_is_taken_before_what_is_shown_counts_as_current(void **state)
{
	struct world *w = *state;
	consent_off(w, "EMP");
	suspend(w);
	consent_on(w, "EMP");
	assert_false(is_current(w, emp));
	while (!is_current(w, emp))
		world_turns(w);
	assert_true(suspended_at(w, "EMP")); /* not a turn later */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sender_that_was_away_hears_that_its_held_message_went),
		cmocka_unit_test(a_referral_on_its_way_is_stopped_by_the_withdrawal_of_its_permission),
		cmocka_unit_test(what_waits_from_a_worker_who_has_left_is_not_shown_on_return),
		cmocka_unit_test(a_sender_that_was_away_hears_that_its_held_message_was_refused),
		cmocka_unit_test(a_suspension_is_taken_before_what_is_shown_counts_as_current), /* the last one: nothing
												   passes after it */
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
