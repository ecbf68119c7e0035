/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a referral between two agencies over a real broker: asked back, waited, paused, looked for, lost and
 * found, refused by rule where it may not move; room asked for with nobody in the question. */
#include "agent/world.h"

static struct world world;
static char client[64], referral[40];

static const char *const modality[] = {"in-person"};
static const struct told_here_offer offers[] = {
	{"keep-home", "Keeping the home you have", modality, 1, false, NULL, 0},
	{"low-mood", "First steps for low mood", modality, 1, true, NULL, 0},
};

static int open_world(void **state)
{
	*state = &world;
	world_offers = offers;
	world_offer_count = 2;
	world_open(&world);
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* ---- small things ---- */

static const char *text(const json_t *object, const char *member)
{
	const char *value = json_string_value(json_object_get(object, member));
	return value == NULL ? "" : value;
}

static const json_t *message_of(const json_t *reply)
{
	return json_array_get(json_object_get(reply, "messages"), 0);
}

static const char *state_of(const json_t *reply)
{
	return text(message_of(reply), "state");
}

static bool has_code(const json_t *reply, const char *code)
{
	const json_t *codes = json_object_get(message_of(reply), "codes");
	for (size_t i = 0; i < json_array_size(codes); i++)
		if (strcmp(text(json_array_get(codes, i), "code"), code) == 0)
			return true;
	return false;
}

/* The referral as an agency sees it now; the world's until the next call. */
static const json_t *seen(struct world *w, const char *party)
{
	return world_call(w, party, told_agent_referral, json_pack("{s:s}", "referral", referral));
}

struct stands {
	const char *party, *member, *value;
};

static bool stands(struct world *w, void *ctx)
{
	const struct stands *s = ctx;
	struct world_agent *a = world_agent(w, s->party);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "referral", referral);
	enum told_status status = told_agent_referral(a->agent, &a->caller, request, &reply);
	bool yes = status == TOLD_OK && strcmp(text(reply.json, s->member), s->value) == 0;
	json_decref(request);
	told_reply_free(&reply);
	return yes;
}

static void until_seen(struct world *w, const char *party, const char *member, const char *value)
{
	struct stands s = {party, member, value};
	world_until(w, stands, &s, value);
}

static json_t *act(struct world *w, const char *party, json_t *members)
{
	json_object_set_new(members, "referral", json_string(referral));
	return world_call(w, party, told_agent_answer_referral, members);
}

/* Refused with the rule named, logged, and nothing is different. */
static void refused_by(struct world *w, const char *party, json_t *members, const char *code)
{
	char before[40];
	snprintf(before, sizeof before, "%s", text(seen(w, "TT"), "state"));
	json_t *reply = act(w, party, members);
	assert_string_equal(state_of(reply), "refused");
	if (!has_code(reply, code))
		fail_msg("refused, but not by %s", code);
	assert_true(json_is_integer(json_object_get(message_of(reply), "entry")));
	assert_string_equal(text(seen(w, "TT"), "state"), before);
	assert_string_equal(text(seen(w, "HOU"), "state"), before);
}

/* By the agent, before anything goes. */
static void refused_here(struct world *w, const char *party, json_t *members, const char *code)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	json_object_set_new(members, "referral", json_string(referral));
	assert_int_equal(told_agent_answer_referral(a->agent, &a->caller, members, &reply), TOLD_E_USAGE);
	assert_memory_equal(told_buf_cstr(&reply.why), code, strlen(code));
	json_decref(members);
	told_reply_free(&reply);
}

static void accepted(const json_t *reply)
{
	if (strcmp(state_of(reply), "sent") != 0) {
		char *dump = json_dumps(reply, JSON_INDENT(1));
		print_error("%s\n", dump);
		free(dump);
	}
	assert_string_equal(state_of(reply), "sent");
}

static void make_person(struct world *w)
{
	json_t *card = world_call(w, "HOU", told_agent_card_new, json_object());
	snprintf(client, sizeof client, "%s", text(card, "client"));
	world_call(w, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s}]}", "client", client, "sections", "category", "DEM.ID",
			     "text", "Ada, 41", "category", "HOU.SIT", "text", "Sleeping on a sofa"));
	accepted(world_call(w, "HOU", told_agent_consent,
			    json_pack("{s:s, s:[s,s], s:[s,s], s:[s,s,s], s:s}", "client", client, "recipients", "TT",
				      "SUD", "purposes", "REFERRAL", "COORD", "include", "DEM.ID", "HOU.*", "NED",
				      "evidence", "signature")));
}

static json_t *refer(struct world *w, const char *to)
{
	return world_call(w, "HOU", told_agent_refer,
			  json_pack("{s:s, s:s, s:s}", "client", client, "to", to, "note", "Mornings are best"));
}

/* ---- the thread ---- */

static void before_a_referral_what_could_be_done_here_is_shown(void **state)
{
	struct world *w = *state;
	make_person(w);
	json_t *reply = world_call(
		w, "HOU", told_agent_refer,
		json_pack("{s:s, s:s, s:s, s:b}", "client", client, "to", "TT", "need", "low-mood", "dry_run", 1));
	const json_t *offer = json_array_get(json_object_get(reply, "here"), 0);
	assert_int_equal(json_array_size(json_object_get(reply, "here")), 1);
	assert_string_equal(text(offer, "need"), "low-mood");
	assert_true(json_is_false(json_object_get(offer, "you"))); /* supervised, and nobody is trained */
	const char *number = world_agent(w, "HOU")->caller.number;
	world_refused(w, "HOU", told_agent_worker_train, json_pack("{s:s, s:s}", "number", number, "need", "surgery"),
		      TOLD_E_UNKNOWN);
	world_call(w, "HOU", told_agent_worker_train, json_pack("{s:s, s:s}", "number", number, "need", "low-mood"));
	reply = world_call(w, "HOU", told_agent_here, json_object());
	assert_int_equal(json_array_size(json_object_get(reply, "here")), 2);
	offer = json_array_get(json_object_get(reply, "here"), 1);
	assert_true(json_is_true(json_object_get(offer, "you")));
	assert_int_equal(json_array_size(json_object_get(offer, "trained")), 1);
}

static void both_sides_see_by_when_somebody_waits_for_an_answer(void **state)
{
	struct world *w = *state;
	json_t *reply = refer(w, "TT");
	accepted(reply);
	assert_null(json_object_get(reply, "duplicate_of"));
	snprintf(referral, sizeof referral, "%s", text(reply, "referral"));
	until_seen(w, "TT", "state", "requested");
	const char *parties[] = {"HOU", "TT"};
	for (size_t i = 0; i < 2; i++) {
		const json_t *row = seen(w, parties[i]);
		assert_string_equal(text(row, "word"), "Sent");
		assert_non_null(strstr(text(row, "due"), "Acknowledge by "));
		assert_non_null(strstr(text(row, "due"), "left)"));
		assert_int_equal(json_array_size(json_object_get(row, "flags")), 0);
	}
	const json_t *inbox = world_call(w, "TT", told_agent_inbox, NULL), *standing = NULL;
	for (size_t i = 0; i < json_array_size(json_object_get(inbox, "parcels")); i++) {
		const json_t *parcel = json_array_get(json_object_get(inbox, "parcels"), i);
		if (strcmp(text(parcel, "type"), "REFERRAL") == 0)
			standing = json_object_get(parcel, "standing");
	}
	assert_string_equal(text(standing, "substate"), "submitted");
}

static void who_refers_cannot_accept_nor_end_what_is_not_theirs(void **state)
{
	struct world *w = *state;
	refused_by(w, "HOU", json_pack("{s:s}", "act", "accept"), "WFL-08");
	refused_by(w, "HOU", json_pack("{s:s, s:s}", "act", "close", "reason", "completed"), "WFL-08");
	refused_by(w, "TT", json_pack("{s:s}", "act", "mistake"), "WFL-08");
	refused_by(w, "TT", json_pack("{s:s}", "act", "start"), "WFL-08"); /* not accepted yet */
	refused_here(w, "TT", json_pack("{s:s}", "act", "decline"), "ENV-05");
	refused_by(w, "TT", json_pack("{s:s, s:s}", "act", "decline", "reason", "wrong_service"), "ENV-05");
	struct world_agent *sud = world_agent(w, "SUD");
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s, s:s}", "referral", referral, "act", "accept");
	assert_int_equal(told_agent_answer_referral(sud->agent, &sud->caller, request, &reply), TOLD_E_NOT_FOUND);
	json_decref(request);
	told_reply_free(&reply);
}

static void asking_back_changes_nothing_but_that_somebody_answered(void **state)
{
	struct world *w = *state;
	accepted(act(w, "TT", json_pack("{s:s, s:s}", "act", "ask", "note", "Which mornings?")));
	until_seen(w, "HOU", "substate", "info_requested");
	const json_t *row = seen(w, "HOU");
	assert_string_equal(text(row, "state"), "requested");
	assert_string_equal(text(row, "to"), "TT");
	assert_null(json_object_get(row, "due")); /* they have answered */
	accepted(act(w, "HOU", json_pack("{s:s, s:s}", "act", "inform", "note", "Mondays")));
	until_seen(w, "TT", "substate", "acknowledged");
}

static bool nothing_held(struct world *w, void *ctx)
{
	(void)ctx;
	return message_of(world_call(w, "HOU", told_agent_sent, json_pack("{s:s}", "state", "held"))) == NULL;
}

/* Of somebody else, so that what is held goes nowhere when the first one ends. */
static void a_second_referral_is_held_and_linked_to_the_first(void **state)
{
	struct world *w = *state;
	char kept_client[64], kept[40], held[40];
	memcpy(kept_client, client, sizeof client);
	memcpy(kept, referral, sizeof referral);
	make_person(w);
	snprintf(referral, sizeof referral, "%s", text(refer(w, "TT"), "referral"));
	until_seen(w, "TT", "state", "requested");
	json_t *reply = refer(w, "TT");
	assert_string_equal(state_of(reply), "held");
	assert_true(has_code(reply, "WFL-01"));
	assert_string_equal(text(json_object_get(reply, "duplicate_of"), "referral"), referral);
	assert_true(strlen(text(json_object_get(reply, "duplicate_of"), "do")) > 20);
	reply = world_call(w, "HOU", told_agent_sent, json_pack("{s:s}", "state", "held"));
	assert_string_equal(text(json_object_get(message_of(reply), "duplicate_of"), "referral"), referral);
	snprintf(held, sizeof held, "%s", text(message_of(reply), "id"));
	accepted(act(w, "TT", json_pack("{s:s}", "act", "acknowledge")));
	until_seen(w, "HOU", "substate", "acknowledged");
	/* Held, it is ours to take back: the service that it never reached hears nothing, and nobody else may. */
	char first[40];
	memcpy(first, referral, sizeof first);
	json_t *revoke = json_pack("{s:s, s:s}", "referral", held, "act", "revoke");
	world_refused(w, "TT", told_agent_answer_referral, json_incref(revoke), TOLD_E_NOT_FOUND);
	accepted(world_call(w, "HOU", told_agent_answer_referral, json_incref(revoke)));
	world_until(w, nothing_held, NULL, "what was held is over");
	world_refused(w, "HOU", told_agent_answer_referral, revoke, TOLD_E_NOT_FOUND);
	memcpy(referral, held, sizeof referral);
	world_refused(w, "TT", told_agent_referral, json_pack("{s:s}", "referral", held), TOLD_E_NOT_FOUND);
	memcpy(referral, first, sizeof referral);
	assert_string_equal(text(seen(w, "HOU"), "state"), "requested"); /* the first one stands */
	memcpy(client, kept_client, sizeof client);
	memcpy(referral, kept, sizeof referral);
}

static void a_waiting_list_says_how_long(void **state)
{
	struct world *w = *state;
	accepted(act(w, "TT", json_pack("{s:s, s:i}", "act", "accept", "weeks", 3)));
	until_seen(w, "HOU", "substate", "waitlisted");
	assert_string_equal(text(seen(w, "HOU"), "word"), "Active");
	assert_int_equal(json_integer_value(json_object_get(seen(w, "HOU"), "weeks")), 3);
	accepted(act(w, "TT", json_pack("{s:s}", "act", "start")));
	until_seen(w, "HOU", "state", "in-progress");
}

/* Asked back while it runs: an update answers as well as the referral's own command, and so does a telephone call that
 * whoever asked says has come. */
static void what_was_asked_back_may_come_by_any_way(void **state)
{
	struct world *w = *state;
	accepted(act(w, "TT", json_pack("{s:s, s:s}", "act", "ask", "note", "Which bus?")));
	until_seen(w, "HOU", "substate", "info_requested");
	accepted(world_call(w, "HOU", told_agent_update,
			    json_pack("{s:s, s:s, s:s, s:s}", "client", client, "to", "TT", "purpose", "REFERRAL",
				      "note", "The 7")));
	until_seen(w, "TT", "substate", "in_service");
	accepted(act(w, "TT", json_pack("{s:s, s:s}", "act", "ask", "note", "And back?")));
	until_seen(w, "HOU", "substate", "info_requested");
	refused_by(w, "HOU", json_pack("{s:s}", "act", "acknowledge"), "WFL-08");
	accepted(act(w, "TT", json_pack("{s:s}", "act", "acknowledge")));
	until_seen(w, "HOU", "substate", "in_service");
}

static void a_pause_has_an_open_door_and_no_day_in_the_past(void **state)
{
	struct world *w = *state;
	int64_t now_ms = world_time().wall_ms;
	refused_by(w, "TT", json_pack("{s:s, s:I}", "act", "pause", "until_ms", (json_int_t)(now_ms - TOLD_MS_DAY)),
		   "WFL-08");
	accepted(act(w, "TT", json_pack("{s:s, s:I}", "act", "pause", "until_ms", (json_int_t)(now_ms + TOLD_MS_DAY))));
	until_seen(w, "HOU", "substate", "paused");
	assert_string_equal(text(seen(w, "HOU"), "reason"), "door_open");
	json_t *reply = act(w, "TT", json_pack("{s:s}", "act", "back"));
	accepted(reply);
	assert_string_equal(text(json_object_get(reply, "back"), "worker"), world_agent(w, "TT")->caller.number);
	until_seen(w, "HOU", "state", "in-progress");
}

/* ---- lost touch ---- */

static json_t *tried(struct world *w, const char *way, const char *result, bool place, const char *through)
{
	json_t *request = json_pack("{s:s, s:s, s:s, s:b, s:b}", "referral", client, "way", way, "result", result,
				    "their_way", 1, "their_place", place);
	if (through != NULL)
		json_object_set_new(request, "through", json_string(through));
	return world_call(w, "TT", told_agent_referral_tried, request);
}

static json_t *lost(const char *high_risk)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "referral", referral, "act", "close", "reason", "disengaged",
			 "hard", "No credit on the telephone", "left", "The door is open. Ring Sam.", "high_risk",
			 high_risk);
}

static void lost_touch_is_refused_until_everything_was_tried(void **state)
{
	struct world *w = *state;
	tried(w, "telephone", "not_met", false, NULL);
	json_t *reply = tried(w, "meeting", "cancelled_by_us", true, NULL);
	const json_t *count = json_object_get(reply, "attendance");
	assert_int_equal(json_integer_value(json_object_get(count, "we_did_not_meet")), 1);
	assert_int_equal(json_integer_value(json_object_get(count, "we_cancelled")), 1);
	assert_non_null(strstr(text(reply, "missing"), "Three tries"));
	world_refused(w, "TT", told_agent_answer_referral, lost("no"), TOLD_E_REFUSED);
	tried(w, "visit", "not_met", true, NULL);
	tried(w, "text", "not_met", false, NULL);
	world_refused(w, "TT", told_agent_answer_referral, lost("no"), TOLD_E_REFUSED); /* through nobody else yet */
	assert_string_equal(text(seen(w, "TT"), "state"), "in-progress");
	tried(w, "telephone", "not_met", false, "lead");
	/* For somebody at high risk a senior has looked at it, and the referrer knows. */
	world_refused(w, "TT", told_agent_answer_referral, lost("yes"), TOLD_E_REFUSED);
	json_t *untold = lost("no");
	json_object_del(untold, "hard");
	world_refused(w, "TT", told_agent_answer_referral, untold, TOLD_E_REFUSED);
}

static void a_try_has_a_day_that_is_behind_us_and_after_the_referral(void **state)
{
	struct world *w = *state;
	int64_t now_ms = world_time().wall_ms, days[] = {now_ms + 3 * TOLD_MS_DAY, now_ms - 3 * TOLD_MS_DAY};
	for (size_t i = 0; i < 2; i++)
		world_refused(w, "TT", told_agent_referral_tried,
			      json_pack("{s:s, s:s, s:s, s:I}", "referral", referral, "way", "text", "result",
					"not_met", "at_ms", (json_int_t)days[i]),
			      TOLD_E_USAGE);
	world_refused(w, "HOU", told_agent_referral_tried,
		      json_pack("{s:s, s:s, s:s}", "referral", referral, "way", "text", "result", "met"),
		      TOLD_E_REFUSED);
}

static void a_high_risk_person_has_a_named_reviewer_and_the_referrer_knows(void **state)
{
	struct world *w = *state;
	json_t *made = world_call(w, "TT", told_agent_worker_add,
				  json_pack("{s:s, s:[s]}", "number", "S1", "roles", "senior"));
	assert_string_equal(text(made, "number"), "S1");
	json_t *request = lost("yes");
	json_object_set_new(request, "reviewer", json_string("S1"));
	world_refused(w, "TT", told_agent_answer_referral, json_incref(request), TOLD_E_REFUSED); /* not told yet */
	accepted(act(w, "TT", json_pack("{s:s, s:s}", "act", "inform", "note", "We have not reached her")));
	json_t *self = lost("yes");
	json_object_set_new(self, "reviewer", json_string(world_agent(w, "TT")->caller.number));
	world_refused(w, "TT", told_agent_answer_referral, self, TOLD_E_REFUSED);
	accepted(world_call(w, "TT", told_agent_answer_referral, request));
	until_seen(w, "HOU", "state", "failed");
	assert_string_equal(text(seen(w, "HOU"), "substate"), "disengaged");
	assert_string_equal(text(seen(w, "HOU"), "reason_person"), "we lost touch; the door is open");
}

static void who_comes_back_is_taken_on_again_by_the_same_worker(void **state)
{
	struct world *w = *state;
	json_t *reply = world_call(w, "TT", told_agent_answer_referral,
				   json_pack("{s:s, s:s}", "referral", client, "act", "back")); /* by the card */
	accepted(reply);
	assert_string_equal(text(json_object_get(reply, "back"), "worker"), world_agent(w, "TT")->caller.number);
	until_seen(w, "HOU", "state", "accepted");
	json_t *story = world_call(w, "TT", told_agent_story, json_pack("{s:s}", "client", client));
	assert_true(json_array_size(json_object_get(story, "sections")) > 0); /* nothing is told again */
}

static void a_closed_referral_is_done_and_a_mistake_is_not_a_revocation(void **state)
{
	struct world *w = *state;
	accepted(act(w, "TT", json_pack("{s:s, s:s}", "act", "close", "reason", "completed")));
	until_seen(w, "HOU", "word", "Done");
	make_person(w);
	json_t *reply = refer(w, "TT");
	snprintf(referral, sizeof referral, "%s", text(reply, "referral"));
	until_seen(w, "TT", "state", "requested");
	refused_by(w, "HOU", json_pack("{s:s, s:s}", "act", "revoke", "reason", "sent_in_error"), "ENV-05");
	accepted(act(w, "HOU", json_pack("{s:s}", "act", "mistake")));
	until_seen(w, "TT", "substate", "entered_in_error");
	reply = refer(w, "TT");
	snprintf(referral, sizeof referral, "%s", text(reply, "referral"));
	until_seen(w, "TT", "state", "requested");
	accepted(act(w, "HOU", json_pack("{s:s}", "act", "revoke")));
	until_seen(w, "TT", "substate", "withdrawn_by_person");
}

static void a_redirect_names_where_to_go_instead(void **state)
{
	struct world *w = *state;
	json_t *reply = refer(w, "TT");
	snprintf(referral, sizeof referral, "%s", text(reply, "referral"));
	until_seen(w, "TT", "state", "requested");
	accepted(act(w, "TT",
		     json_pack("{s:s, s:s, s:s}", "act", "decline", "reason", "wrong_service", "instead", "SUD")));
	until_seen(w, "HOU", "substate", "redirected");
	assert_string_equal(text(seen(w, "HOU"), "instead"), "SUD");
	assert_string_equal(text(seen(w, "HOU"), "word"), "Closed");
}

static bool flagged(struct world *w, void *ctx)
{
	struct world_agent *a = world_agent(w, "HOU");
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", client);
	assert_int_equal(told_agent_referrals(a->agent, &a->caller, request, &reply), TOLD_OK);
	json_decref(request);
	const json_t *row = json_array_get(json_object_get(reply.json, "referrals"), 0);
	const char *flag = json_string_value(json_array_get(json_object_get(row, "flags"), 0));
	bool yes = flag != NULL && strcmp(flag, ctx) == 0;
	told_reply_free(&reply);
	return yes;
}

static void a_referral_whose_permission_ended_is_marked(void **state)
{
	struct world *w = *state;
	static char expected[] = "permission ended";
	make_person(w);
	snprintf(referral, sizeof referral, "%s", text(refer(w, "TT"), "referral"));
	until_seen(w, "TT", "state", "requested");
	accepted(act(w, "TT", json_pack("{s:s}", "act", "acknowledge")));
	until_seen(w, "HOU", "substate", "acknowledged");
	assert_false(flagged(w, expected));
	accepted(world_call(w, "HOU", told_agent_withdraw, json_pack("{s:s}", "client", client)));
	world_until(w, flagged, expected, "the flag");
	make_person(w); /* for those below */
}

/* ---- room ---- */

static void room_is_asked_for_with_nobody_in_the_question(void **state)
{
	struct world *w = *state;
	json_t *reply = world_call(w, "HOU", told_agent_capacity, json_pack("{s:s}", "to", "TT"));
	const json_t *answer = json_array_get(json_object_get(reply, "received"), 0);
	assert_string_equal(text(answer, "room"), "not_said");
	assert_null(json_object_get(message_of(reply), "client"));
	world_refused(w, "TT", told_agent_capacity_set, json_pack("{s:s}", "room", "waiting"), TOLD_E_USAGE);
	world_call(w, "TT", told_agent_capacity_set, json_pack("{s:s, s:i}", "room", "waiting", "weeks", 3));
	world_call(w, "TT", told_agent_capacity_set, json_pack("{s:s, s:s}", "room", "has_space", "need", "low-mood"));
	reply = world_call(w, "HOU", told_agent_capacity, json_pack("{s:s}", "to", "TT"));
	answer = json_array_get(json_object_get(reply, "received"), 0);
	assert_string_equal(text(answer, "room"), "waiting");
	assert_int_equal(json_integer_value(json_object_get(answer, "weeks")), 3);
	reply = world_call(w, "HOU", told_agent_capacity, json_pack("{s:s, s:s}", "to", "TT", "need", "low-mood"));
	answer = json_array_get(json_object_get(reply, "received"), 0);
	assert_string_equal(text(answer, "room"), "has_space");
	assert_string_equal(text(answer, "from"), "TT");
}

/* ---- onward referrals ---- */

static void counted(struct world *w, int opened, int avoided, int refused)
{
	json_t *is = world_call(w, "HOU", told_agent_onward, json_pack("{s:s}", "need", "low-mood"));
	assert_int_equal(json_integer_value(json_object_get(is, "opened_here")), opened);
	assert_int_equal(json_integer_value(json_object_get(is, "avoided")), avoided);
	assert_int_equal(json_integer_value(json_object_get(is, "asked_for_and_refused")), refused);
}

static void a_referral_is_avoided_by_a_step_here_with_its_outcome_and_by_nothing_else(void **state)
{
	struct world *w = *state;
	counted(w, 0, 0, 0);
	world_call(w, "HOU", told_agent_onward_refuse,
		   json_pack("{s:s, s:s, s:s, s:s}", "client", client, "to", "TT", "need", "low-mood", "why",
			     "First steps can be done here"));
	counted(w, 0, 0, 1); /* saying no avoids nothing */
	world_call(w, "HOU", told_agent_plan_add,
		   json_pack("{s:s, s:s, s:s, s:s}", "client", client, "goal", "Sleep through", "what",
			     "A guide for low mood", "need", "low-mood"));
	world_call(w, "HOU", told_agent_plan_add,
		   json_pack("{s:s, s:s, s:s}", "client", client, "what", "A budget", "need", "keep-home"));
	counted(w, 1, 0, 1);
	world_call(w, "HOU", told_agent_plan_start, json_pack("{s:s, s:s}", "client", client, "step", "1"));
	counted(w, 1, 0, 1);
	world_call(w, "HOU", told_agent_plan_done,
		   json_pack("{s:s, s:s, s:s}", "client", client, "step", "1", "outcome", "She sleeps"));
	counted(w, 1, 1, 1);
}

/* ---- overdue, last: the agents' clocks are moved ---- */

static struct told_time a_fortnight_on(void *ctx)
{
	struct told_time now = world_time();
	(void)ctx;
	now.wall_ms += 14 * TOLD_MS_DAY;
	now.boot_ms += 14 * TOLD_MS_DAY;
	return now;
}

static bool noticed(struct world *w, void *ctx)
{
	struct world_agent *a = world_agent(w, ctx);
	struct told_reply reply = TOLD_REPLY;
	assert_int_equal(told_agent_referrals(a->agent, &a->caller, NULL, &reply), TOLD_OK);
	bool yes = json_array_size(json_object_get(reply.json, "notices")) > 0;
	told_reply_free(&reply);
	return yes;
}

static void what_nobody_acknowledged_goes_to_both_contacts_once(void **state)
{
	struct world *w = *state;
	static char parties[2][4] = {"HOU", "SUD"};
	json_t *reply = refer(w, "SUD");
	accepted(reply);
	snprintf(referral, sizeof referral, "%s", text(reply, "referral"));
	until_seen(w, "SUD", "state", "requested");
	for (size_t i = 0; i < 2; i++)
		told_agent_set_clock(world_agent(w, parties[i])->agent, (struct told_clock){.now = a_fortnight_on});
	for (size_t i = 0; i < 2; i++) {
		json_int_t since[2];
		for (size_t again = 0; again < 2; again++) {
			world_until(w, noticed, parties[i], "the notice");
			const json_t *list = world_call(w, parties[i], told_agent_referrals, NULL);
			const json_t *notices = json_object_get(list, "notices"), *notice = json_array_get(notices, 0);
			assert_int_equal(json_array_size(notices), 1);
			assert_string_equal(text(notice, "referral"), referral);
			assert_string_equal(text(json_object_get(notice, "code"), "code"), "WFL-04");
			const json_t *contacts = json_object_get(notice, "contacts");
			assert_int_equal(json_array_size(contacts), 2);
			assert_string_equal(text(json_array_get(contacts, 0), "party"), "HOU");
			assert_string_equal(text(json_array_get(contacts, 1), "party"), "SUD");
			assert_true(strlen(text(json_array_get(contacts, 1), "telephone")) > 4);
			since[again] = json_integer_value(json_object_get(notice, "since_ms"));
			world_turns(w);
		}
		assert_true(since[0] == since[1]); /* noticed once */
		const json_t *row = seen(w, parties[i]);
		assert_non_null(strstr(text(row, "due"), "late)"));
		assert_string_equal(json_string_value(json_array_get(json_object_get(row, "flags"), 0)), "overdue");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_a_referral_what_could_be_done_here_is_shown),
		cmocka_unit_test(both_sides_see_by_when_somebody_waits_for_an_answer),
		cmocka_unit_test(who_refers_cannot_accept_nor_end_what_is_not_theirs),
		cmocka_unit_test(asking_back_changes_nothing_but_that_somebody_answered),
		cmocka_unit_test(a_second_referral_is_held_and_linked_to_the_first),
		cmocka_unit_test(a_waiting_list_says_how_long),
		cmocka_unit_test(what_was_asked_back_may_come_by_any_way),
		cmocka_unit_test(a_pause_has_an_open_door_and_no_day_in_the_past),
		cmocka_unit_test(lost_touch_is_refused_until_everything_was_tried),
		cmocka_unit_test(a_try_has_a_day_that_is_behind_us_and_after_the_referral),
		cmocka_unit_test(a_high_risk_person_has_a_named_reviewer_and_the_referrer_knows),
		cmocka_unit_test(who_comes_back_is_taken_on_again_by_the_same_worker),
		cmocka_unit_test(a_closed_referral_is_done_and_a_mistake_is_not_a_revocation),
		cmocka_unit_test(a_redirect_names_where_to_go_instead),
		cmocka_unit_test(a_referral_whose_permission_ended_is_marked),
		cmocka_unit_test(room_is_asked_for_with_nobody_in_the_question),
		cmocka_unit_test(a_referral_is_avoided_by_a_step_here_with_its_outcome_and_by_nothing_else),
		cmocka_unit_test(what_nobody_acknowledged_goes_to_both_contacts_once),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
