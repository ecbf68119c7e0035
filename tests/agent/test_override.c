/* SPDX-License-Identifier: Apache-2.0 */
/* Sharing without permission, end to end: a real broker, agents with clocks of their own. What an alert's first set is
 * goes at once; what is missing holds the rest, for a named person, until a date; what nobody opens is rung for. */
#include "agent/world.h"

static struct world world;
static struct told_time hou_time; /* how far the clock of HOU is ahead */
static char client[64];

static struct told_time ahead(void *ctx)
{
	const struct told_time *shift = ctx;
	struct told_clock clock = told_clock_system();
	struct told_time now = told_clock_now(&clock);
	now.wall_ms += shift->wall_ms;
	return now;
}

/* A second, third, ... worker of HOU with their own token. */
struct colleague {
	char number[TOLD_NAME_MAX_BYTES + 1];
	struct told_caller caller;
};
static struct colleague dsl, senior, trainee;

static void add_worker(struct world *w, struct colleague *who, const char *role)
{
	json_t *made = world_call(w, "HOU", told_agent_worker_add, json_pack("{s:[s]}", "roles", role));
	snprintf(who->number, sizeof who->number, "%s", json_string_value(json_object_get(made, "number")));
	assert_int_equal(told_agent_caller(world_agent(w, "HOU")->agent,
					   told_text(json_string_value(json_object_get(made, "token"))), &who->caller),
			 TOLD_OK);
}

static bool registered(struct world *w, void *ctx)
{
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_reply reply = TOLD_REPLY;
	size_t sent = 0;
	(void)ctx;
	assert_int_equal(told_agent_sent(hou->agent, &hou->caller, NULL, &reply), TOLD_OK);
	json_t *list = json_object_get(reply.json, "messages");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *m = json_array_get(list, i);
		sent += strcmp(json_string_value(json_object_get(m, "type")), "WORKER_REGISTER") == 0 &&
			strcmp(json_string_value(json_object_get(m, "state")), "sent") == 0;
	}
	told_reply_free(&reply);
	return sent >= 2; /* the first worker's, and these */
}

/* The demo's agreement, with adult social care reached through TT's agent as well, which may also ask. */
static int open_world(void **state)
{
	*state = &world;
	world_with = (struct world_change){
		.from = "to: [ASC]\n    types: [ALERT, STATUS_UPDATE, DISCLOSURE_RECORD]\n    purposes: [SAFEADULT, "
			"SAFECHILD]",
		.to = "to: [ASC, TT]\n    types: [ALERT, STATUS_UPDATE, DISCLOSURE_RECORD, ASK]\n    purposes: "
		      "[SAFEADULT, "
		      "SAFECHILD]"};
	world_open(&world);
	add_worker(&world, &dsl, "dsl");
	add_worker(&world, &senior, "senior");
	add_worker(&world, &trainee, "trainee");
	world_until(&world, registered, NULL, "the colleagues in the log");
	json_t *card = world_call(&world, "HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", json_string_value(json_object_get(card, "client")));
	world_call(&world, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s},{s:s,s:s},{s:s,s:s}]}", "client", client, "sections",
			     "category", "DEM.ID", "text", "Ada, 41", "category", "DEM.TEL", "text", "01632 960100",
			     "category", "SUD.USE", "text", "Drinks at night", "category", "FIN.DEBT", "text",
			     "Owes rent"));
	told_agent_set_clock(world_agent(&world, "HOU")->agent, (struct told_clock){.now = ahead, .ctx = &hou_time});
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* ---- calling ---- */

/* What an agent acknowledges under a clock that is ahead is refused: so everything that comes has come before. */
static bool all_arrived(struct world *w, void *ctx)
{
	struct told_reply reply = TOLD_REPLY;
	struct world_agent *hou = world_agent(w, "HOU");
	bool all = true;
	(void)ctx;
	assert_int_equal(told_agent_alerts(hou->agent, &hou->caller, NULL, &reply), TOLD_OK);
	json_t *list = json_object_get(reply.json, "alerts");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *to = json_string_value(json_object_get(json_array_get(list, i), "to"));
		all &= strcmp(to, "TT") != 0 || json_object_get(json_array_get(list, i), "arrived_ms") != NULL;
	}
	told_reply_free(&reply);
	return all;
}

static void hou_is_ahead(int64_t ms)
{
	if (ms > 0)
		world_until(&world, all_arrived, NULL, "that all alerts are at TT, at HOU");
	hou_time.wall_ms = ms;
}

static json_t *as(const struct colleague *who, told_agent_call *call, json_t *request)
{
	struct world_agent *hou = world_agent(&world, "HOU");
	struct told_caller own = hou->caller;
	if (who != NULL)
		hou->caller = who->caller;
	json_t *reply = world_call(&world, "HOU", call, request);
	hou->caller = own;
	return reply;
}

static void refused_as(const struct colleague *who, told_agent_call *call, json_t *request, enum told_status expected,
		       const char *words)
{
	struct world_agent *hou = world_agent(&world, "HOU");
	struct told_reply reply = TOLD_REPLY;
	assert_int_equal(call(hou->agent, who == NULL ? &hou->caller : &who->caller, request, &reply), expected);
	if (strstr(told_buf_cstr(&reply.why), words) == NULL)
		fail_msg("not said: %s\nbut: %s", words, told_buf_cstr(&reply.why));
	json_decref(request);
	told_reply_free(&reply);
}

/* Raises as the first worker. extra (taken) adds to or replaces members. */
static json_t *raised(const struct colleague *who, json_t *extra)
{
	json_t *request = json_pack("{s:s, s:s, s:s, s:[s,s,s], s:s, s:s}", "client", client, "to", "TT", "kind",
				    "safeguarding", "categories", "DEM.ID", "DEM.TEL", "SUD.USE", "concern",
				    "She said he is coming back tonight", "reason", "Asking her would raise the risk");
	json_object_update(request, extra);
	json_decref(extra);
	return as(who, told_agent_alert, request);
}

static const char *id_of(const json_t *reply)
{
	static char id[40];
	snprintf(id, sizeof id, "%s", json_string_value(json_object_get(json_object_get(reply, "alert"), "id")));
	return id;
}

static const json_t *alert_of(const char *id)
{
	static json_t *kept;
	json_t *list = json_object_get(as(NULL, told_agent_alerts, json_object()), "alerts");
	json_decref(kept);
	kept = NULL;
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_object_get(json_array_get(list, i), "id")), id) == 0)
			kept = json_incref(json_array_get(list, i));
	assert_non_null(kept);
	return kept;
}

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static bool has_code(const json_t *reply, const char *code)
{
	const json_t *preview = json_object_get(reply, "preview"), *codes = json_object_get(preview, "codes");
	for (size_t i = 0; i < json_array_size(codes); i++)
		if (strcmp(text(json_array_get(codes, i), "code"), code) == 0)
			return true;
	return false;
}

static const char *effect_of(const json_t *reply, const char *category)
{
	const json_t *message = json_array_get(json_object_get(reply, "messages"), 0);
	const json_t *sections = json_object_get(message, "sections");
	for (size_t i = 0; i < json_array_size(sections); i++)
		if (strcmp(text(json_array_get(sections, i), "category"), category) == 0)
			return text(json_array_get(sections, i), "effect");
	return "";
}

static const char *state_of(const json_t *reply)
{
	return text(json_array_get(json_object_get(reply, "messages"), 0), "state");
}

static bool waits(const json_t *alert, const char *need)
{
	const json_t *list = json_object_get(alert, "waits_for");
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(text(json_array_get(list, i), "need"), need) == 0)
			return json_integer_value(json_object_get(json_array_get(list, i), "due_ms")) > 0;
	return false;
}

struct at_tt {
	const char *category;
	size_t count;
};

/* What TT's agent holds of the person. It is asked without its inbox: that would count as opening. */
static bool came(struct world *w, void *ctx)
{
	const struct at_tt *wanted = ctx;
	struct world_agent *tt = world_agent(w, "TT");
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", client);
	size_t count = 0;
	assert_int_equal(told_agent_story(tt->agent, &tt->caller, request, &reply), TOLD_OK);
	json_t *list = json_object_get(reply.json, "sections");
	for (size_t i = 0; i < json_array_size(list); i++)
		count += strcmp(text(json_array_get(list, i), "category"), wanted->category) == 0;
	json_decref(request);
	told_reply_free(&reply);
	return count >= wanted->count;
}

static json_t *by_id(const char *id)
{
	return json_pack("{s:s}", "id", id);
}

/* ---- the first set, and the rest ---- */

static char first[40];

static void test_the_first_set_goes_at_once_on_one_workers_word(void **state)
{
	json_t *reply = raised(NULL, json_object());
	snprintf(first, sizeof first, "%s", id_of(reply));
	assert_string_equal(text(reply, "danger"), "In danger now? Ring 999. This does not replace a call.");
	assert_string_equal(state_of(reply), "sent");
	assert_string_equal(effect_of(reply, "DEM.ID"), "release");
	assert_string_equal(effect_of(reply, "NARR"), "release");
	assert_string_equal(effect_of(reply, "SUD.USE"), "hold");
	assert_true(has_code(reply, "OVR-03"));
	struct at_tt wanted = {.category = "NARR", .count = 2}; /* the concern and the reason, sealed */
	world_until(*state, came, &wanted, "the concern at TT");
	assert_true(waits(alert_of(first), "second"));
	assert_false(waits(alert_of(first), "reason"));
}

static void test_nobody_seconds_themselves(void **state)
{
	(void)state;
	refused_as(NULL, told_agent_override_confirm, by_id(first), TOLD_E_NOT_ALLOWED, "OVR-03");
	refused_as(&trainee, told_agent_override_confirm, by_id(first), TOLD_E_NOT_ALLOWED, "OVR-03");
	assert_true(waits(alert_of(first), "second"));
}

static void test_a_second_worker_of_the_right_role_releases_the_rest_under_a_new_message(void **state)
{
	json_t *reply = as(&dsl, told_agent_override_confirm, by_id(first));
	assert_string_equal(state_of(reply), "sent");
	assert_string_equal(effect_of(reply, "SUD.USE"), "release");
	struct at_tt wanted = {.category = "SUD.USE", .count = 1};
	world_until(*state, came, &wanted, "what was confirmed, at TT");
	const json_t *alert = alert_of(first);
	assert_string_equal(text(alert, "state"), "open");
	assert_string_equal(text(alert, "authoriser"), dsl.number);
	refused_as(&dsl, told_agent_override_confirm, by_id(first), TOLD_E_REFUSED, "Nothing waits");
}

static void test_who_names_themselves_as_second_holds_only_what_lies_beyond_the_first_set(void **state)
{
	(void)state;
	json_t *reply = raised(NULL, json_pack("{s:s}", "second", world_agent(&world, "HOU")->caller.number));
	assert_string_equal(state_of(reply), "sent");
	assert_string_equal(effect_of(reply, "DEM.ID"), "release");
	assert_string_equal(effect_of(reply, "SUD.USE"), "hold");
	assert_true(has_code(reply, "OVR-03"));
}

static void test_without_a_reason_only_the_rest_waits_for_one(void **state)
{
	(void)state;
	json_t *reply = raised(NULL, json_pack("{s:n}", "reason"));
	char id[40];
	snprintf(id, sizeof id, "%s", id_of(reply));
	assert_true(has_code(reply, "OVR-04"));
	assert_string_equal(effect_of(reply, "DEM.ID"), "release");
	assert_true(waits(alert_of(id), "reason"));
	as(&dsl, told_agent_override_confirm, by_id(id)); /* the reason is still missing: nothing goes */
	assert_true(waits(alert_of(id), "reason"));
	reply = as(NULL, told_agent_override_reason, json_pack("{s:s, s:s}", "id", id, "reason", "He has the key"));
	assert_string_equal(state_of(reply), "sent");
	assert_string_equal(effect_of(reply, "SUD.USE"), "release");
	assert_string_equal(text(alert_of(id), "state"), "open");
}

static void test_a_trainee_may_raise_the_first_set_and_somebody_else_takes_the_rest_on(void **state)
{
	(void)state;
	json_t *reply = raised(&trainee, json_object());
	char id[40];
	snprintf(id, sizeof id, "%s", id_of(reply));
	assert_string_equal(effect_of(reply, "DEM.ID"), "release");
	assert_string_equal(effect_of(reply, "SUD.USE"), "hold");
	assert_true(has_code(reply, "PTY-05"));
	as(&senior, told_agent_override_confirm, by_id(id)); /* declares */
	assert_true(waits(alert_of(id), "second"));
	reply = as(&dsl, told_agent_override_confirm, by_id(id));
	assert_string_equal(effect_of(reply, "SUD.USE"), "release");
	assert_string_equal(text(alert_of(id), "declared_by"), senior.number);
}

/* ---- what is never passed ---- */

static void test_what_the_concern_does_not_need_stays(void **state)
{
	(void)state;
	json_t *reply = raised(NULL, json_pack("{s:[s,s]}", "categories", "DEM.ID", "FIN.DEBT"));
	assert_true(has_code(reply, "OVR-06"));
	assert_string_equal(effect_of(reply, "FIN.DEBT"), "withhold");
	assert_string_equal(effect_of(reply, "DEM.ID"), "release");
}

static void test_a_recipient_outside_the_profile_gets_nothing(void **state)
{
	(void)state;
	json_t *reply = raised(NULL, json_pack("{s:s}", "to", "EMP"));
	assert_string_equal(state_of(reply), "refused");
	assert_true(has_code(reply, "OVR-05"));
}

static void test_a_kind_that_the_paper_does_not_have_is_refused(void **state)
{
	(void)state;
	json_t *reply = raised(NULL, json_pack("{s:s, s:b}", "kind", "law", "mandatory_report", 1));
	assert_string_equal(state_of(reply), "refused");
	assert_true(has_code(reply, "OVR-02"));
}

/* ---- time ---- */

static void test_an_override_that_is_over_releases_nothing_more(void **state)
{
	(void)state;
	char id[40];
	snprintf(id, sizeof id, "%s", id_of(raised(NULL, json_object())));
	hou_is_ahead(91 * TOLD_MS_DAY);
	assert_string_equal(text(alert_of(id), "state"), "expired");
	assert_int_equal(json_array_size(json_object_get(alert_of(id), "waits_for")), 0);
	refused_as(&dsl, told_agent_override_confirm, by_id(id), TOLD_E_REFUSED, "OVR-08");
	hou_is_ahead(0);
	assert_string_equal(text(alert_of(id), "state"), "waiting");
}

static void test_what_is_overdue_and_what_must_be_reviewed_is_said(void **state)
{
	(void)state;
	char id[40];
	snprintf(id, sizeof id, "%s", id_of(raised(NULL, json_object())));
	const json_t *wait = json_array_get(json_object_get(alert_of(id), "waits_for"), 0);
	assert_string_equal(text(wait, "who"), "authoriser");
	assert_false(json_is_true(json_object_get(wait, "late")));
	hou_is_ahead(10 * TOLD_MS_DAY);
	assert_true(
		json_is_true(json_object_get(json_array_get(json_object_get(alert_of(id), "waits_for"), 0), "late")));
	assert_true(json_is_true(json_object_get(alert_of(id), "review_due")));
	refused_as(NULL, told_agent_override_review, json_pack("{s:s, s:s}", "id", id, "outcome", "right"),
		   TOLD_E_NOT_ALLOWED, "reviews it");
	as(&senior, told_agent_override_review,
	   json_pack("{s:s, s:s, s:s}", "id", id, "outcome", "right", "note", "Sound"));
	assert_false(json_is_true(json_object_get(alert_of(id), "review_due")));
	as(&senior, told_agent_override_review, json_pack("{s:s, s:s}", "id", id, "outcome", "ended"));
	assert_string_equal(text(alert_of(id), "state"), "ended");
	assert_int_equal(json_array_size(json_object_get(alert_of(id), "reviews")), 2);
	hou_is_ahead(0);
}

/* ---- only the person is at risk ---- */

static json_t *self_only(void)
{
	return raised(NULL, json_pack("{s:s, s:[s,s]}", "at_risk", "self", "categories", "DEM.ID", "DEM.TEL"));
}

static void test_where_the_person_has_said_no_a_named_senior_decides_within_the_hour(void **state)
{
	(void)state;
	char id[40];
	json_t *refusal = as(NULL, told_agent_consent,
			     json_pack("{s:s, s:s, s:[s], s:[s], s:[s]}", "client", client, "state", "refused",
				       "recipients", "TT", "purposes", "SAFEADULT", "include", "DEM.ID"));
	assert_string_equal(state_of(refusal), "sent");
	json_t *reply = self_only();
	snprintf(id, sizeof id, "%s", id_of(reply));
	assert_string_equal(state_of(reply), "held");
	assert_true(has_code(reply, "OVR-09"));
	const json_t *wait = json_array_get(json_object_get(alert_of(id), "waits_for"), 0);
	assert_string_equal(text(wait, "need"), "decision");
	int64_t hour = json_integer_value(json_object_get(wait, "due_ms")) -
		       json_integer_value(json_object_get(alert_of(id), "raised_ms"));
	assert_true(hour > 0 && hour <= TOLD_MS_HOUR + TOLD_MS_MINUTE);
	json_t *decision = json_pack("{s:s, s:s, s:s}", "id", id, "answer", "release", "why", "She could not follow");
	refused_as(NULL, told_agent_override_decide, json_incref(decision), TOLD_E_NOT_ALLOWED, "OVR-09");
	reply = as(&senior, told_agent_override_decide, decision);
	assert_string_equal(state_of(reply), "sent");
	assert_string_equal(effect_of(reply, "DEM.ID"), "release");
}

static void test_a_senior_may_refuse_and_nothing_goes(void **state)
{
	(void)state;
	char id[40];
	snprintf(id, sizeof id, "%s", id_of(self_only()));
	as(&senior, told_agent_override_decide,
	   json_pack("{s:s, s:s, s:s}", "id", id, "answer", "refuse", "why", "Her own choice"));
	assert_string_equal(text(alert_of(id), "state"), "ended");
	refused_as(&senior, told_agent_override_decide,
		   json_pack("{s:s, s:s, s:s}", "id", id, "answer", "release", "why", "Changed"), TOLD_E_REFUSED,
		   "OVR-08");
}

/* ---- nobody opened it ---- */

static void test_what_nobody_opens_is_rung_for_and_the_call_is_kept(void **state)
{
	(void)state;
	char id[40];
	snprintf(id, sizeof id, "%s", id_of(raised(NULL, json_object())));
	assert_null(json_object_get(alert_of(id), "warning"));
	hou_is_ahead(16 * TOLD_MS_MINUTE);
	assert_string_equal(text(alert_of(id), "warning"), "Nobody has opened this. Telephone now: 01632 960012");
	as(NULL, told_agent_alert_called, json_pack("{s:s, s:s}", "id", id, "who_answered", "worker"));
	assert_null(json_object_get(alert_of(id), "warning"));
	assert_int_equal(json_array_size(json_object_get(alert_of(id), "calls")), 1);
	hou_is_ahead(0);
}

static bool says_opened(struct world *w, void *ctx)
{
	(void)w;
	return json_object_get(alert_of(ctx), "opened") != NULL;
}

static bool says_arrived(struct world *w, void *ctx)
{
	(void)w;
	return json_object_get(alert_of(ctx), "arrived_ms") != NULL;
}

static void test_that_a_worker_opened_it_reaches_its_sender(void **state)
{
	char id[40];
	snprintf(id, sizeof id, "%s", id_of(raised(NULL, json_object())));
	world_until(*state, says_arrived, id, "that it is at TT, at HOU");
	struct world_agent *tt = world_agent(*state, "TT");
	world_call(*state, "TT", told_agent_inbox, NULL);
	world_until(*state, says_opened, id, "that TT opened it, at HOU");
	const json_t *opened = json_object_get(alert_of(id), "opened");
	assert_string_equal(text(opened, "party"), "TT");
	assert_string_equal(text(opened, "worker"), tt->caller.number);
	hou_is_ahead(16 * TOLD_MS_MINUTE);
	assert_null(json_object_get(alert_of(id), "warning"));
	hou_is_ahead(0);
}

/* ---- nobody there to send it to ---- */

static void test_for_who_has_no_agent_the_sheet_comes_with_the_number_and_nothing_is_queued(void **state)
{
	(void)state;
	json_t *before = as(NULL, told_agent_sent, json_object());
	size_t sent = json_array_size(json_object_get(before, "messages"));
	json_t *reply = raised(NULL, json_pack("{s:s}", "to", "ASC"));
	char id[40];
	snprintf(id, sizeof id, "%s", id_of(reply));
	const json_t *sheet = json_object_get(reply, "sheet");
	assert_string_equal(text(sheet, "telephone"), "01632 960015");
	assert_true(json_array_size(json_object_get(sheet, "say")) >= 3);
	assert_true(waits(alert_of(id), "by_hand"));
	json_t *after = as(NULL, told_agent_sent, json_object());
	assert_int_equal(json_array_size(json_object_get(after, "messages")), sent);
}

static void test_what_was_told_by_hand_is_written_down_and_ruled_after_the_fact(void **state)
{
	(void)state;
	char id[40];
	json_t *raise = raised(NULL, json_pack("{s:s}", "to", "ASC"));
	snprintf(id, sizeof id, "%s", id_of(raise));
	json_t *reply =
		as(NULL, told_agent_disclosure,
		   json_pack("{s:s, s:s, s:[s,s], s:s, s:s, s:s}", "client", client, "to", "ASC", "categories",
			     "DEM.ID", "NARR", "how", "telephone", "why", "They send somebody tonight", "alert", id));
	assert_string_equal(state_of(reply), "sent");
	assert_string_equal(text(json_object_get(json_object_get(reply, "record"), "ruling"), "effect"), "release");
	assert_false(waits(alert_of(id), "by_hand"));
}

static void test_that_something_was_asked_for_and_not_told_is_written_down_too(void **state)
{
	(void)state;
	refused_as(NULL, told_agent_disclosure,
		   json_pack("{s:s, s:s, s:[s], s:s, s:s}", "client", client, "to", "ASC", "categories", "SUD.USE",
			     "why", "She said no", "outcome", "declined"),
		   TOLD_E_USAGE, "reason");
	json_t *reply = as(NULL, told_agent_disclosure,
			   json_pack("{s:s, s:s, s:[s], s:s, s:s, s:s}", "client", client, "to", "ASC", "categories",
				     "SUD.USE", "why", "She said no", "outcome", "declined", "reason", "no_consent"));
	assert_string_equal(text(json_object_get(reply, "record"), "outcome"), "declined");
	json_t *list = json_object_get(as(NULL, told_agent_alerts, json_pack("{s:s}", "only", "disclosure")), "alerts");
	assert_int_equal(json_array_size(list), 2);
}

/* TT asks HOU for what HOU was told; no wrap exists, no worker of HOU does anything. */
static void test_an_ask_under_an_override_is_answered_by_the_originators_agent(void **state)
{
	struct world_agent *tt = world_agent(*state, "TT");
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s, s:s, s:[s,s], s:s, s:s}", "client", client, "from", "HOU", "categories",
				    "DEM.TEL", "SUD.USE", "kind", "safeguarding", "reason", "She has not come home");
	assert_int_equal(told_agent_override_ask(tt->agent, &tt->caller, request, &reply), TOLD_OK);
	json_decref(request);
	assert_string_equal(text(reply.json, "telephone"), "01632 960011");
	struct world_wait wait = {.a = tt, .reply = &reply};
	world_until(*state, world_is_final, &wait, "what HOU's agent sends");
	json_t *received = json_object_get(reply.json, "received");
	assert_int_equal(json_array_size(received), 1);
	assert_string_equal(text(json_array_get(received, 0), "category"), "DEM.TEL");
	told_reply_free(&reply);
	const json_t *list = json_object_get(as(NULL, told_agent_alerts, json_object()), "alerts");
	assert_true(
		waits(json_array_get(list, json_array_size(list) - 1), "second")); /* the rest, for HOU's own second */
}

static bool is_answered(struct world *w, void *ctx)
{
	struct world_wait *wait = ctx;
	(void)w;
	assert_int_equal(told_agent_outcome(wait->a->agent, wait->reply->ticket, wait->reply, &wait->final), TOLD_OK);
	return strcmp(state_of(wait->reply->json), "answered") == 0;
}

/* It is answered like any other, and looks like nothing: EMP is in no profile. */
static void test_an_ask_that_the_paper_does_not_carry_brings_the_number_and_nothing_else(void **state)
{
	struct world_agent *emp = world_agent(*state, "EMP");
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s, s:s, s:[s], s:s}", "client", client, "from", "HOU", "categories", "DEM.TEL",
				    "kind", "vital");
	assert_int_equal(told_agent_override_ask(emp->agent, &emp->caller, request, &reply), TOLD_OK);
	json_decref(request);
	struct world_wait wait = {.a = emp, .reply = &reply};
	world_until(*state, is_answered, &wait, "the broker's answer");
	for (int i = 0; i < 20; i++) /* whatever would come has every chance to */
		world_turns(*state);
	assert_int_equal(told_agent_outcome(emp->agent, reply.ticket, &reply, &wait.final), TOLD_OK);
	assert_string_equal(text(reply.json, "telephone"), "01632 960011");
	assert_int_equal(json_array_size(json_object_get(reply.json, "received")), 0);
	told_reply_free(&reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_set_goes_at_once_on_one_workers_word),
		cmocka_unit_test(test_nobody_seconds_themselves),
		cmocka_unit_test(test_a_second_worker_of_the_right_role_releases_the_rest_under_a_new_message),
		cmocka_unit_test(test_who_names_themselves_as_second_holds_only_what_lies_beyond_the_first_set),
		cmocka_unit_test(test_without_a_reason_only_the_rest_waits_for_one),
		cmocka_unit_test(test_a_trainee_may_raise_the_first_set_and_somebody_else_takes_the_rest_on),
		cmocka_unit_test(test_what_the_concern_does_not_need_stays),
		cmocka_unit_test(test_a_recipient_outside_the_profile_gets_nothing),
		cmocka_unit_test(test_a_kind_that_the_paper_does_not_have_is_refused),
		cmocka_unit_test(test_an_override_that_is_over_releases_nothing_more),
		cmocka_unit_test(test_what_is_overdue_and_what_must_be_reviewed_is_said),
		cmocka_unit_test(test_what_nobody_opens_is_rung_for_and_the_call_is_kept),
		cmocka_unit_test(test_that_a_worker_opened_it_reaches_its_sender),
		cmocka_unit_test(test_for_who_has_no_agent_the_sheet_comes_with_the_number_and_nothing_is_queued),
		cmocka_unit_test(test_what_was_told_by_hand_is_written_down_and_ruled_after_the_fact),
		cmocka_unit_test(test_that_something_was_asked_for_and_not_told_is_written_down_too),
		cmocka_unit_test(test_an_ask_under_an_override_is_answered_by_the_originators_agent),
		cmocka_unit_test(test_an_ask_that_the_paper_does_not_carry_brings_the_number_and_nothing_else),
		cmocka_unit_test(test_where_the_person_has_said_no_a_named_senior_decides_within_the_hour),
		cmocka_unit_test(test_a_senior_may_refuse_and_nothing_goes),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
