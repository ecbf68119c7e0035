/* SPDX-License-Identifier: Apache-2.0 */
/* The thread of the main job with a real broker: tell, permit, refer, ask, answer, withdraw. */
#include "agent/world.h"

static struct world world;

static int open_world(void **state)
{
	*state = &world;
	world_open(&world);
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

static char client[64], refused[40];

static const char *state_of(const json_t *reply)
{
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	const char *text = json_string_value(json_object_get(message, "state"));
	return text == NULL ? "" : text;
}

static bool has_category(const json_t *sections, const char *category, const char *from)
{
	for (size_t i = 0; i < json_array_size(sections); i++) {
		const json_t *s = json_array_get(sections, i);
		if (strcmp(json_string_value(json_object_get(s, "category")), category) == 0 &&
		    (from == NULL || strcmp(json_string_value(json_object_get(s, "from")), from) == 0))
			return true;
	}
	return false;
}

/* Everything that was told, at every agency, is answered by the log. */
static void a_story_told_once_is_in_the_log(void **state)
{
	struct world *w = *state;
	json_t *card = world_call(w, "HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", json_string_value(json_object_get(card, "client")));
	json_t *told = world_call(w, "HOU", told_agent_tell,
				  json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s},{s:s,s:s},{s:s,s:s}]}", "client", client,
					    "sections", "category", "DEM.ID", "text", "Ada, 41", "category", "HOU.SIT",
					    "text", "Sleeping on a sofa", "category", "SUD.USE", "text",
					    "Drinks at night", "category", "PRF.ACC", "text", "Large print"));
	json_t *messages = json_object_get(told, "messages");
	assert_int_equal(json_array_size(messages), 5); /* four sections and that we have to do with her */
	for (size_t i = 0; i < json_array_size(messages); i++)
		assert_string_equal(json_string_value(json_object_get(json_array_get(messages, i), "state")), "sent");
}

static void without_permission_a_referral_is_not_accepted(void **state)
{
	json_t *reply =
		world_call(*state, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", client, "to", "TT"));
	assert_string_not_equal(state_of(reply), "sent");
	assert_non_null(json_object_get(json_object_get(reply, "preview"), "effect"));
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	snprintf(refused, sizeof refused, "%s", json_string_value(json_object_get(message, "id")));
}

/* Checks the receipt that an agency gives of a message, alone, with the log's key only. */
static void receipt_of(struct world *w, const char *party, const char *message, struct told_buf *leaf)
{
	struct told_partnership p;
	char path[PATH_MAX + 32], policy[512];
	uint64_t index = 0;
	json_t *reply = world_call(w, party, told_agent_receipt, json_pack("{s:s}", "message", message));
	const char *text = json_string_value(json_object_get(reply, "receipt"));
	snprintf(path, sizeof path, "%s/partnership.json", w->broker_dir);
	assert_int_equal(told_partnership_read(path, &p, NULL), TOLD_OK);
	snprintf(policy, sizeof policy, "log %s\nquorum none\n", p.log_vkey);
	assert_non_null(text);
	assert_int_equal(told_receipt_check(told_text(text), told_text(policy), leaf, &index), TOLD_OK);
	char *other = strdup(text); /* another entry's number, and it proves nothing */
	assert_non_null(other);
	strstr(other, "index ")[strlen("index ")] ^= 1;
	assert_int_not_equal(told_receipt_check(told_text(other), told_text(policy), NULL, &index), TOLD_OK);
	free(other);
}

static void permit(struct world *w, const char *to, const char *other)
{
	json_t *reply =
		world_call(w, "HOU", told_agent_consent,
			   json_pack("{s:s, s:[s,s], s:[s,s], s:[s,s,s,s,s,s], s:s}", "client", client, "recipients",
				     to, other, "purposes", "REFERRAL", "COORD", "include", "DEM.ID", "HOU.*",
				     "SUD.USE", "PRF.ACC", "NED", "MH.PROB", "evidence", "signature"));
	assert_string_equal(state_of(reply), "sent");
}

struct arrival {
	const char *party, *type;
	char referral[40];
	json_t *sections; /* borrowed */
	struct told_reply reply;
};

static bool arrived(struct world *w, void *ctx)
{
	struct arrival *a = ctx;
	struct world_agent *agent = world_agent(w, a->party);
	told_reply_free(&a->reply);
	assert_int_equal(told_agent_inbox(agent->agent, &agent->caller, NULL, &a->reply), TOLD_OK);
	json_t *list = json_object_get(a->reply.json, "parcels");
	for (size_t i = json_array_size(list); i > 0; i--) {
		json_t *parcel = json_array_get(list, i - 1);
		if (strcmp(json_string_value(json_object_get(parcel, "type")), a->type) != 0)
			continue;
		const char *id = json_string_value(json_object_get(parcel, "referral"));
		snprintf(a->referral, sizeof a->referral, "%s", id == NULL ? "" : id);
		a->sections = json_object_get(parcel, "sections");
		return true;
	}
	return false;
}

static char referral[40];

static void both_ends_hold_receipts_that_verify_alone_refusals_too(void **state)
{
	struct told_buf sent = TOLD_BUF(TOLD_LEAF_MAX_BYTES), got = TOLD_BUF(TOLD_LEAF_MAX_BYTES),
			no = TOLD_BUF(TOLD_LEAF_MAX_BYTES);
	receipt_of(*state, "HOU", referral, &sent);
	receipt_of(*state, "TT", referral, &got);
	receipt_of(*state, "HOU", refused, &no);
	assert_true(told_bytes_equal(told_buf_view(&sent), told_buf_view(&got))); /* the same entry */
	assert_false(told_bytes_equal(told_buf_view(&sent), told_buf_view(&no)));
	told_buf_free(&sent);
	told_buf_free(&got);
	told_buf_free(&no);
}

static void a_referral_reaches_the_service_with_what_it_may_know(void **state)
{
	struct world *w = *state;
	permit(w, "TT", "SUD");
	json_t *reply = world_call(w, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", client, "to", "TT"));
	char *dump = json_dumps(reply, JSON_INDENT(1));
	if (strcmp(state_of(reply), "sent") != 0)
		print_error("%s\n", dump);
	free(dump);
	assert_string_equal(state_of(reply), "sent");
	struct arrival a = {.party = "TT", .type = "REFERRAL", .reply = TOLD_REPLY};
	world_until(w, arrived, &a, "the referral at TT");
	assert_true(has_category(a.sections, "HOU.SIT", "HOU"));
	assert_true(has_category(a.sections, "PRF.ACC", "HOU"));
	snprintf(referral, sizeof referral, "%s", a.referral);
	told_reply_free(&a.reply);
}

static bool granted_to_tt(struct world *w, void *ctx)
{
	struct world_agent *hou = world_agent(w, "HOU");
	json_t **out = ctx;
	(void)hou;
	struct world_agent *tt = world_agent(w, "TT");
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", client);
	assert_int_equal(told_agent_story(tt->agent, &tt->caller, request, &reply), TOLD_OK);
	json_decref(request);
	json_decref(*out);
	*out = json_incref(json_object_get(reply.json, "sections"));
	told_reply_free(&reply);
	return has_category(*out, "SUD.USE", "HOU");
}

static void an_ask_brings_what_was_granted(void **state)
{
	struct world *w = *state;
	json_t *reply = world_call(w, "TT", told_agent_ask, json_pack("{s:s}", "client", client));
	assert_string_equal(state_of(reply), "answered");
	assert_true(has_category(json_object_get(reply, "received"), "HOU.SIT", "HOU"));
	json_t *sections = NULL;
	world_until(w, granted_to_tt, &sections, "SUD.USE at TT");
	json_decref(sections);
}

static bool state_is_accepted(struct world *w, void *ctx)
{
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_reply reply = TOLD_REPLY;
	(void)ctx;
	json_t *request = json_pack("{s:s}", "referral", referral);
	assert_int_equal(told_agent_referral(hou->agent, &hou->caller, request, &reply), TOLD_OK);
	json_decref(request);
	bool yes = strcmp(json_string_value(json_object_get(reply.json, "state")), "accepted") == 0;
	told_reply_free(&reply);
	return yes;
}

static void the_answer_to_a_referral_comes_back(void **state)
{
	struct world *w = *state;
	json_t *reply = world_call(w, "TT", told_agent_answer_referral,
				   json_pack("{s:s,s:s}", "referral", referral, "state", "accepted"));
	char *dump = json_dumps(reply, JSON_INDENT(1));
	if (strcmp(state_of(reply), "sent") != 0)
		print_error("%s\n", dump);
	free(dump);
	assert_string_equal(state_of(reply), "sent");
	world_until(w, state_is_accepted, NULL, "the referral accepted, at HOU");
}

static void what_no_flow_carries_is_refused_and_logged(void **state)
{
	json_t *reply =
		world_call(*state, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", client, "to", "EMP"));
	assert_string_equal(state_of(reply), "refused");
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	assert_true(json_array_size(json_object_get(message, "codes")) > 0);
	assert_non_null(json_object_get(message, "entry"));
}

static bool hidden_at_tt(struct world *w, void *ctx)
{
	struct world_agent *tt = world_agent(w, "TT");
	struct told_reply reply = TOLD_REPLY;
	(void)ctx;
	json_t *request = json_pack("{s:s}", "client", client);
	assert_int_equal(told_agent_story(tt->agent, &tt->caller, request, &reply), TOLD_OK);
	json_decref(request);
	bool gone = !has_category(json_object_get(reply.json, "sections"), "SUD.USE", NULL) &&
		    json_integer_value(json_object_get(reply.json, "withdrawn")) > 0;
	told_reply_free(&reply);
	return gone;
}

static void a_withdrawal_hides_what_was_shared(void **state)
{
	struct world *w = *state;
	json_t *reply = world_call(w, "SUD", told_agent_withdraw, json_pack("{s:s}", "client", client));
	assert_string_equal(state_of(reply), "sent");
	world_until(w, hidden_at_tt, NULL, "the story hidden at TT");
	reply = world_call(w, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", client, "to", "SUD"));
	assert_string_not_equal(state_of(reply), "sent");
}

static void a_misread_reference_is_said_to_be_one(void **state)
{
	char wrong[64];
	snprintf(wrong, sizeof wrong, "%s", client);
	wrong[2] = wrong[2] == '7' ? '8' : '7';
	world_refused(*state, "HOU", told_agent_story, json_pack("{s:s}", "client", wrong), TOLD_E_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_story_told_once_is_in_the_log),
		cmocka_unit_test(without_permission_a_referral_is_not_accepted),
		cmocka_unit_test(a_referral_reaches_the_service_with_what_it_may_know),
		cmocka_unit_test(both_ends_hold_receipts_that_verify_alone_refusals_too),
		cmocka_unit_test(an_ask_brings_what_was_granted),
		cmocka_unit_test(the_answer_to_a_referral_comes_back),
		cmocka_unit_test(what_no_flow_carries_is_refused_and_logged),
		cmocka_unit_test(a_withdrawal_hides_what_was_shared),
		cmocka_unit_test(a_misread_reference_is_said_to_be_one),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
