/* SPDX-License-Identifier: Apache-2.0 */
/* Each kind of incident, through a real broker and real agents: what went, what stops, who is asked. And what goes
 * wrong around one: opened twice, by somebody who may not see the person, answered by somebody who was not asked or
 * twice, closed before everybody answered, the agent gone in between. */
#include "agent/world.h"

#include "agents/agent/core/state.h"
#include "agents/agent/work/incident.h"

static struct world world;

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

static size_t number(const json_t *object, const char *member)
{
	return (size_t)json_integer_value(json_object_get(object, member));
}

static const json_t *went_of(const json_t *reply)
{
	return json_object_get(reply, "went");
}

static const json_t *stop_of(const json_t *reply, size_t which)
{
	return json_array_get(json_object_get(reply, "stops"), which);
}

/* ---- people ---- */

struct somebody {
	char client[64];
};

/* Known at HOU, with a permission for TT, referred there as the caller who is set; *message is the referral's. */
static struct somebody sent_to_tt(struct world *w)
{
	struct somebody s;
	json_t *card = world_call(w, "HOU", told_agent_card_new, json_object());
	snprintf(s.client, sizeof s.client, "%s", text(card, "client"));
	world_call(w, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s},{s:s,s:s}]}", "client", s.client, "sections", "category", "DEM.ID",
			     "text", "Ada, 41", "category", "HOU.SIT", "text", "Sleeping on a sofa"));
	world_call(w, "HOU", told_agent_consent,
		   json_pack("{s:s, s:[s], s:[s,s], s:[s,s,s], s:s}", "client", s.client, "recipients", "TT",
			     "purposes", "REFERRAL", "COORD", "include", "DEM.ID", "HOU.*", "NED", "evidence",
			     "signature"));
	json_t *sent = world_call(w, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", s.client, "to", "TT"));
	assert_string_equal(text(json_array_get(json_object_get(sent, "messages"), 0), "state"), "sent");
	return s;
}

struct seen {
	const char *client;
	bool wanted;
};

static bool tt_sees(struct world *w, void *ctx)
{
	const struct seen *seen = ctx;
	struct world_agent *tt = world_agent(w, "TT");
	struct told_reply reply = TOLD_REPLY;
	json_t *request = json_pack("{s:s}", "client", seen->client), *parcel = NULL;
	size_t count = 0, i = 0;
	assert_int_equal(told_agent_inbox(tt->agent, &tt->caller, request, &reply), TOLD_OK);
	json_array_foreach(json_object_get(reply.json, "parcels"), i, parcel) count +=
		json_array_size(json_object_get(parcel, "sections"));
	json_decref(request);
	told_reply_free(&reply);
	return (count > 0) == seen->wanted;
}

static void until_tt(struct world *w, const struct somebody *s, bool sees)
{
	struct seen seen = {s->client, sees};
	world_until(w, tt_sees, &seen, sees ? "it is there at TT" : "it is gone at TT");
}

/* ---- workers ---- */

/* Another worker of an agency; the token ends with the worker. */
struct hand {
	struct told_caller caller;
	char token[2 * TOLD_TOKEN_BYTES + 1];
};

static bool is_there(struct world *w, void *ctx)
{
	size_t i = 0, waiting = 0;
	const json_t *m = NULL;
	const json_t *reply = world_call(w, ctx, told_agent_sent, json_object());
	json_array_foreach(json_object_get(reply, "messages"), i, m) waiting +=
		strcmp(text(m, "state"), "waiting") == 0;
	return waiting == 0;
}

static struct hand add_hand(struct world *w, const char *party, const char *role)
{
	struct hand hand;
	struct world_agent *a = world_agent(w, party);
	json_t *made = world_call(w, party, told_agent_worker_add, json_pack("{s:[s]}", "roles", role));
	snprintf(hand.token, sizeof hand.token, "%s", text(made, "token"));
	assert_int_equal(told_agent_caller(a->agent, told_text(hand.token), &hand.caller), TOLD_OK);
	world_until(w, is_there, (void *)(uintptr_t)party, "the worker in the log");
	return hand;
}

/* A call as another worker. */
static json_t *call_as(struct world *w, const char *party, const struct told_caller *by, told_agent_call *call,
		       json_t *request)
{
	struct world_agent *a = world_agent(w, party);
	struct told_caller first = a->caller;
	a->caller = *by;
	json_t *reply = world_call(w, party, call, request);
	a->caller = first;
	return reply;
}

static void refused_as(struct world *w, const char *party, const struct told_caller *by, told_agent_call *call,
		       json_t *request, enum told_status expected)
{
	struct world_agent *a = world_agent(w, party);
	struct told_reply reply = TOLD_REPLY;
	assert_int_equal(call(a->agent, by, request, &reply), expected);
	json_decref(request);
	told_reply_free(&reply);
}

static struct hand senior, dealer; /* HOU's senior; TT's, who answers */
static struct somebody ann, bob;

static int open_world(void **state)
{
	struct world *w = *state = &world;
	world_open(w);
	senior = add_hand(w, "HOU", "senior");
	dealer = add_hand(w, "TT", "senior");
	ann = sent_to_tt(w);
	bob = sent_to_tt(w);
	until_tt(w, &ann, true);
	until_tt(w, &bob, true);
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

/* ---- recalls ---- */

struct wanted {
	const char *client;
	char recall[40];
};

/* The recall about a person that nobody at TT has answered. */
static bool is_asked(struct world *w, void *ctx)
{
	struct wanted *wanted = ctx;
	size_t i = 0;
	const json_t *one = NULL, *list = world_call(w, "TT", told_agent_incidents, json_object());
	json_array_foreach(json_object_get(list, "asked"), i,
			   one) if (strcmp(text(one, "client"), wanted->client) == 0 &&
				    json_object_get(one, "answer") == NULL)
		snprintf(wanted->recall, sizeof wanted->recall, "%s", text(one, "recall"));
	return wanted->recall[0] != '\0';
}

static void until_asked(struct world *w, const struct somebody *s, struct wanted *wanted)
{
	*wanted = (struct wanted){.client = s->client};
	world_until(w, is_asked, wanted, "the recall at TT");
}

static const json_t *shown(struct world *w, const char *incident)
{
	return world_call(w, "HOU", told_agent_incident, json_pack("{s:s}", "incident", incident));
}

struct count {
	const char *incident;
	size_t answers;
};

static bool has_answers(struct world *w, void *ctx)
{
	const struct count *count = ctx;
	return number(json_object_get(shown(w, count->incident), "incident"), "answered") == count->answers;
}

static void answer(struct world *w, const struct somebody *s, const char *incident)
{
	struct wanted wanted;
	struct count one = {incident, 1};
	until_asked(w, s, &wanted);
	call_as(w, "TT", &dealer.caller, told_agent_incident_answer,
		json_pack("{s:s,s:b}", "recall", wanted.recall, "deleted", 1));
	world_until(w, has_answers, &one, "the answer at HOU");
}

/* ---- the kinds ---- */

static json_t *about(const char *kind, const struct somebody *s)
{
	return json_pack("{s:s,s:s}", "kind", kind, "client", s->client);
}

static char first[40]; /* the incident about ann */

static void test_the_wrong_person_stops_everything_of_the_person_and_calls_all_of_it_back(void **state)
{
	struct world *w = *state;
	json_t *reply = world_call(w, "HOU", told_agent_incident_open, about("wrong-person", &ann));
	snprintf(first, sizeof first, "%s", text(reply, "incident"));
	assert_int_equal(json_array_size(went_of(reply)), 1);
	assert_string_equal(text(json_array_get(went_of(reply), 0), "client"), ann.client);
	assert_string_equal(text(stop_of(reply, 0), "done"), "restricted");
	assert_string_equal(text(stop_of(reply, 0), "to"), ""); /* to nobody */
	until_tt(w, &ann, false);
	until_tt(w, &bob, true);
	json_t *again =
		world_call(w, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", ann.client, "to", "TT"));
	assert_string_not_equal(text(json_array_get(json_object_get(again, "messages"), 0), "state"), "sent");
}

static void test_what_is_open_already_is_not_opened_again(void **state)
{
	struct world *w = *state;
	const char *why = "";
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_reply reply = TOLD_REPLY;
	json_t *request = about("wrong-person", &ann);
	assert_int_equal(told_agent_incident_open(hou->agent, &hou->caller, request, &reply), TOLD_E_EXISTS);
	why = told_buf_cstr(&reply.why);
	assert_non_null(strstr(why, first));
	json_decref(request);
	told_reply_free(&reply);
	const json_t *list = world_call(w, "HOU", told_agent_incidents, json_object());
	assert_int_equal(json_array_size(json_object_get(list, "incidents")), 1);
}

static void test_who_was_not_asked_cannot_answer_and_a_second_answer_changes_nothing(void **state)
{
	struct world *w = *state;
	struct world_agent *hou = world_agent(w, "HOU");
	struct wanted wanted;
	uint8_t id[TOLD_ID_BYTES];
	until_asked(w, &ann, &wanted);
	assert_int_equal(told_unhex(told_text(wanted.recall), id, sizeof id), TOLD_OK);
	/* Not at EMP's screens, not at TT's where the role is missing, and not as a message of EMP's. */
	world_refused(w, "EMP", told_agent_incident_answer,
		      json_pack("{s:s,s:b}", "recall", wanted.recall, "deleted", 1), TOLD_E_NOT_FOUND);
	struct told_caller low = dealer.caller;
	low.roles = TOLD_BIT32(TOLD_ROLE_PRACTITIONER);
	refused_as(w, "TT", &low, told_agent_incident_answer,
		   json_pack("{s:s,s:b}", "recall", wanted.recall, "deleted", 1), TOLD_E_NOT_ALLOWED);
	struct told_recall_part part = {.deleted = TOLD_YES_NO_YES};
	struct told_header forged = {
		.sender = told_text("EMP"), .in_reply_to = told_bytes(id, sizeof id), .recall = &part};
	assert_int_equal(told_recall_heard(hou->agent, &forged, 1), TOLD_OK);
	assert_int_equal(number(json_object_get(shown(w, first), "incident"), "answered"), 0);

	world_refused(w, "HOU", told_agent_incident_close, json_pack("{s:s,s:s}", "incident", first, "outcome", "done"),
		      TOLD_E_REFUSED);
	answer(w, &ann, first);
	forged.sender = told_text("TT");
	part.deleted = TOLD_YES_NO_NO; /* "we have it still", after "deleted" */
	assert_int_equal(told_recall_heard(hou->agent, &forged, 2), TOLD_OK);
	const json_t *is = json_object_get(json_array_get(went_of(shown(w, first)), 0), "answer");
	assert_true(json_is_true(json_object_get(is, "deleted")));
	json_t *closed = world_call(w, "HOU", told_agent_incident_close,
				    json_pack("{s:s,s:s}", "incident", first, "outcome", "deleted there"));
	assert_string_equal(text(json_object_get(closed, "incident"), "state"), "closed");
	world_refused(w, "HOU", told_agent_incident_close,
		      json_pack("{s:s,s:s}", "incident", first, "outcome", "again"), TOLD_E_EXISTS);
}

/* Two people were told under one card. Everything under it stops and comes back; then each has a card of their own, and
 * nothing of the mixed record comes back into sight. */
static void test_a_wrong_merge_is_called_back_and_taken_apart(void **state)
{
	struct world *w = *state;
	world_call(w, "HOU", told_agent_tell,
		   json_pack("{s:s, s:[{s:s,s:s}]}", "client", bob.client, "sections", "category", "HOU.SIT", "text",
			     "Cid lives in a hostel"));
	json_t *reply = world_call(w, "HOU", told_agent_incident_open, about("wrong-merge", &bob));
	char incident[40];
	snprintf(incident, sizeof incident, "%s", text(reply, "incident"));
	assert_string_equal(text(stop_of(reply, 0), "done"), "restricted");
	until_tt(w, &bob, false);
	answer(w, &bob, incident);

	struct somebody cid = sent_to_tt(w); /* the second of the two, apart */
	until_tt(w, &cid, true);
	world_call(w, "HOU", told_agent_flag,
		   json_pack("{s:s,s:s,s:s}", "client", bob.client, "kind", "restricted", "state", "cleared"));
	json_t *again =
		world_call(w, "HOU", told_agent_refer, json_pack("{s:s,s:s}", "client", bob.client, "to", "TT"));
	const json_t *message = json_array_get(json_object_get(again, "messages"), 0);
	assert_true(strcmp(text(message, "state"), "sent") == 0 || strcmp(text(message, "state"), "held") == 0);
	assert_int_equal(number(json_object_get(shown(w, incident), "incident"), "persons"), 1);
	/* With a reason it is closed although somebody owes an answer; here nobody does. */
	world_call(w, "HOU", told_agent_incident_close,
		   json_pack("{s:s,s:s}", "incident", incident, "outcome", "two cards now"));
}

static void test_a_lost_device_names_what_its_worker_sent_and_ends_with_its_token(void **state)
{
	struct world *w = *state;
	struct world_agent *hou = world_agent(w, "HOU");
	struct hand lost = add_hand(w, "HOU", "practitioner");
	struct told_caller before = hou->caller, ended;
	hou->caller = lost.caller;
	struct somebody dot = sent_to_tt(w);
	hou->caller = before;
	until_tt(w, &dot, true);
	json_t *request = json_pack("{s:s,s:s,s:I}", "kind", "lost-device", "worker", lost.caller.number, "since_ms",
				    (json_int_t)1);
	json_t *reply = world_call(w, "HOU", told_agent_incident_open, request);
	assert_int_equal(json_array_size(went_of(reply)), 1); /* not what others sent */
	assert_string_equal(text(json_array_get(went_of(reply), 0), "client"), dot.client);
	char run[128];
	snprintf(run, sizeof run, "told worker suspend %s", lost.caller.number);
	assert_string_equal(text(stop_of(reply, 0), "run"), run);
	char incident[40];
	snprintf(incident, sizeof incident, "%s", text(reply, "incident"));
	until_tt(w, &dot, false);
	assert_int_equal(told_agent_caller(hou->agent, told_text(lost.token), &ended), TOLD_OK);
	world_call(w, "HOU", told_agent_worker_set,
		   json_pack("{s:s,s:s}", "number", lost.caller.number, "state", "suspended"));
	assert_int_equal(told_agent_caller(hou->agent, told_text(lost.token), &ended), TOLD_E_NOT_ALLOWED);
	/* Nobody at TT ever answers: it is closed with the reason why, and not without. */
	world_refused(w, "HOU", told_agent_incident_close,
		      json_pack("{s:s,s:s}", "incident", incident, "outcome", "wiped"), TOLD_E_REFUSED);
	json_t *closed = world_call(
		w, "HOU", told_agent_incident_close,
		json_pack("{s:s,s:s,s:s}", "incident", incident, "outcome", "wiped", "reason", "TT has closed down"));
	assert_string_equal(text(json_object_get(closed, "incident"), "reason"), "TT has closed down");
	assert_int_equal(number(json_object_get(closed, "incident"), "answered"), 0);
}

/* Whom a person does not want to look may notice that something went wrong, and learns nothing of the person by it. */
static void test_an_incident_shows_nobody_whom_the_worker_may_not_see(void **state)
{
	struct world *w = *state;
	struct somebody eve = sent_to_tt(w);
	struct hand out = add_hand(w, "HOU", "practitioner");
	world_call(w, "HOU", told_agent_flag,
		   json_pack("{s:s, s:s, s:s}", "client", eve.client, "kind", "worker_excluded", "worker",
			     out.caller.number));
	refused_as(w, "HOU", &out.caller, told_agent_incident_open, about("wrong-person", &eve), TOLD_E_NOT_FOUND);
	json_t *dry =
		call_as(w, "HOU", &out.caller, told_agent_incident_open,
			json_pack("{s:s,s:I,s:b}", "kind", "key-stolen", "since_ms", (json_int_t)1, "dry_run", 1));
	assert_true(json_array_size(went_of(dry)) > 0);
	char *all = json_dumps(dry, 0);
	assert_null(strstr(all, eve.client));
	free(all);
	dry = world_call(w, "HOU", told_agent_incident_open,
			 json_pack("{s:s,s:I,s:b}", "kind", "key-stolen", "since_ms", (json_int_t)1, "dry_run", 1));
	all = json_dumps(dry, 0);
	assert_non_null(strstr(all, eve.client));
	free(all);
}

/* The agent ends between the opening and the broker's answer: what was opened is there, and the recall goes. */
static void test_an_agent_that_ends_in_between_loses_nothing(void **state)
{
	struct world *w = *state;
	struct world_agent *hou = world_agent(w, "HOU");
	struct told_reply reply = TOLD_REPLY;
	struct wanted wanted;
	struct somebody fay = sent_to_tt(w);
	until_tt(w, &fay, true);
	json_t *request = json_pack("{s:s,s:s,s:s}", "kind", "wrong-recipient", "client", fay.client, "to", "TT");
	assert_int_equal(told_agent_incident_open(hou->agent, &hou->caller, request, &reply), TOLD_OK);
	json_decref(request);
	char incident[40];
	snprintf(incident, sizeof incident, "%s", text(reply.json, "incident"));
	told_reply_free(&reply);
	told_agent_close(hou->agent); /* nothing of it was sent */
	hou->agent = NULL;
	world_open_agent(hou);
	until_tt(w, &fay, false);
	until_asked(w, &fay, &wanted);
	assert_int_equal(number(json_object_get(shown(w, incident), "incident"), "recalls"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_wrong_person_stops_everything_of_the_person_and_calls_all_of_it_back),
		cmocka_unit_test(test_what_is_open_already_is_not_opened_again),
		cmocka_unit_test(test_who_was_not_asked_cannot_answer_and_a_second_answer_changes_nothing),
		cmocka_unit_test(test_a_wrong_merge_is_called_back_and_taken_apart),
		cmocka_unit_test(test_a_lost_device_names_what_its_worker_sent_and_ends_with_its_token),
		cmocka_unit_test(test_an_incident_shows_nobody_whom_the_worker_may_not_see),
		cmocka_unit_test(test_an_agent_that_ends_in_between_loses_nothing),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
