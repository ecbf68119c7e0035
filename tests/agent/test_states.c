/* SPDX-License-Identifier: Apache-2.0 */
/* What an agency keeps of a person's day has few states: a disagreement, a complaint, a note, the room a service has,
 * a worker's standing. Every state, every event, every actor, through a real broker and real agents, against pictures
 * drawn by hand from practice.md; what is refused leaves the state as it was, to the last letter. */
#include "agent/world.h"

#include "broker/agree/agreement.h"

static struct world world;
static char client[64];

static const char *text(const json_t *object, const char *member)
{
	const char *is = json_string_value(json_object_get(object, member));
	return is == NULL ? "" : is;
}

/* A worker of housing in each role, and one of another agency who is everything. */
#define ACTORS TOLD_ROLE_COUNT
#define OTHER  0

static const char *house(unsigned actor)
{
	return actor == OTHER ? "TT" : "HOU";
}

static enum told_status says(unsigned actor, told_agent_call *call, json_t *request, json_t **out)
{
	struct world_agent *a = world_agent(&world, house(actor));
	struct told_caller caller = a->caller;
	struct told_reply reply = TOLD_REPLY;
	caller.roles = actor == OTHER ? UINT32_MAX : TOLD_BIT32(actor);
	enum told_status status = call(a->agent, &caller, request, &reply);
	if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
		assert_true(reply.why.len > 0);
	if (out != NULL)
		*out = json_incref(reply.json);
	json_decref(request);
	told_reply_free(&reply);
	return status;
}

static json_t *housing(told_agent_call *call, json_t *request)
{
	return world_call(&world, "HOU", call, request);
}

static json_t *one(const char *member, const char *value)
{
	return json_pack("{s:s}", member, value);
}

static char *seen(told_agent_call *call)
{
	return json_dumps(housing(call, one("client", client)), JSON_SORT_KEYS);
}

/* One cell: what is expected, and that a refusal changed nothing. */
static void cell(unsigned actor, told_agent_call *event, json_t *request, told_agent_call *view,
		 enum told_status expected, const char *where)
{
	char *before = seen(view);
	enum told_status got = says(actor, event, request, NULL);
	if (got != expected)
		fail_msg("%s by actor %u: %s and not %s", where, actor, told_status_name(got),
			 told_status_name(expected));
	char *after = seen(view);
	assert_int_equal(strcmp(before, after) == 0, expected != TOLD_OK);
	free(before);
	free(after);
}

static int open_world(void **state)
{
	*state = &world;
	world_open(&world);
	snprintf(client, sizeof client, "%s", text(housing(told_agent_card_new, json_object()), "client"));
	housing(told_agent_consent, json_pack("{s:s, s:[s], s:[s], s:[s], s:s}", "client", client, "recipients", "TT",
					      "purposes", "COORD", "include", "HOU.SIT", "evidence", "signature"));
	return 0;
}

static int close_world(void **state)
{
	world_close(*state);
	return 0;
}

static const char nobody[] = "00000000000000000000000000000000";

/* ---- a disagreement: unknown, open, told anew since, kept, corrected ---- */

enum { D_UNKNOWN, D_OPEN, D_TOLD_ANEW, D_KEPT, D_CORRECTED, D_STATES };
static const char *const outcomes[] = {"kept", "corrected"};
/* A row a state, a letter an outcome: o goes, r refused, n not found. */
static const char *const disagreement_picture[D_STATES] = {"nn", "or", "oo", "rr", "rr"};

static void tell(const char *words)
{
	housing(told_agent_tell, json_pack("{s:s, s:[{s:s,s:s}], s:b}", "client", client, "sections", "category",
					   "HOU.SIT", "text", words, "replace", 1));
}

static json_t *decision(const char *id, const char *outcome)
{
	return json_pack("{s:s,s:s,s:s}", "id", id, "outcome", outcome, "why", "Looked at again");
}

static void bring_disagreement(unsigned is, char id[64])
{
	snprintf(id, 64, "%s", nobody);
	if (is == D_UNKNOWN)
		return;
	snprintf(id, 64, "%s",
		 text(housing(told_agent_disagree, json_pack("{s:s,s:[s],s:s}", "client", client, "categories",
							     "HOU.SIT", "words", "I was not evicted")),
		      "disagreement"));
	if (is == D_TOLD_ANEW || is == D_CORRECTED)
		tell("Left because of damp");
	if (is == D_KEPT || is == D_CORRECTED)
		housing(told_agent_disagree_decide, decision(id, outcomes[is == D_CORRECTED]));
}

/* Who answers for what the agency keeps: practice.md section 4. */
static bool may_answer(unsigned actor)
{
	return actor == OTHER || actor == TOLD_ROLE_SENIOR || actor == TOLD_ROLE_COORDINATOR || actor == TOLD_ROLE_DPO;
}

static enum told_status meant(char letter)
{
	return letter == 'o' ? TOLD_OK : letter == 'r' ? TOLD_E_REFUSED : TOLD_E_NOT_FOUND;
}

static void test_a_disagreement_in_every_state_by_every_outcome_and_actor(void **state)
{
	char id[64], where[64];
	(void)state;
	tell("Evicted");
	for (unsigned is = 0; is < D_STATES; is++)
		for (unsigned event = 0; event < 2; event++)
			for (unsigned actor = 0; actor < ACTORS; actor++) {
				enum told_status expected = meant(disagreement_picture[is][event]);
				if (!may_answer(actor))
					expected = TOLD_E_NOT_ALLOWED;
				else if (actor == OTHER)
					expected = TOLD_E_NOT_FOUND;
				bring_disagreement(is, id);
				snprintf(where, sizeof where, "disagreement %u, %s", is, outcomes[event]);
				cell(actor, told_agent_disagree_decide, decision(id, outcomes[event]),
				     told_agent_disagreements, expected, where);
			}
}

/* ---- a complaint: unknown, open, acknowledged, answered ---- */

enum { C_UNKNOWN, C_OPEN, C_ACKNOWLEDGED, C_ANSWERED, C_STATES };

static json_t *answer(const char *id, bool with_outcome)
{
	json_t *request = one("id", id);
	if (with_outcome)
		json_object_set_new(request, "outcome", json_string("We are sorry"));
	return request;
}

static void bring_complaint(unsigned is, char id[64])
{
	snprintf(id, 64, "%s", nobody);
	if (is == C_UNKNOWN)
		return;
	json_t *made =
		housing(told_agent_complaint, json_pack("{s:s,s:s}", "client", client, "words", "You told my mother"));
	snprintf(id, 64, "%s", text(made, "complaint"));
	if (is >= C_ACKNOWLEDGED)
		housing(told_agent_complaint_answer, answer(id, is == C_ANSWERED));
}

/* Anybody of ours takes it on; what was answered stays as it was said. */
static void test_a_complaint_in_every_state_by_every_answer_and_actor(void **state)
{
	char id[64], where[64];
	(void)state;
	for (unsigned is = 0; is < C_STATES; is++)
		for (unsigned event = 0; event < 2; event++)
			for (unsigned actor = 0; actor < ACTORS; actor++) {
				enum told_status expected = is == C_ANSWERED ? TOLD_E_REFUSED : TOLD_OK;
				if (is == C_UNKNOWN || actor == OTHER)
					expected = TOLD_E_NOT_FOUND;
				bring_complaint(is, id);
				snprintf(where, sizeof where, "complaint %u, event %u", is, event);
				if (is == C_ACKNOWLEDGED && event == 0 && expected == TOLD_OK) {
					assert_int_equal(
						says(actor, told_agent_complaint_answer, answer(id, false), NULL),
						TOLD_OK);
					continue; /* said again: by whom, at most, is new */
				}
				cell(actor, told_agent_complaint_answer, answer(id, event == 1), told_agent_complaints,
				     expected, where);
			}
}

/* ---- a note: unknown, ours alone, shared; corrected as often as one likes ---- */

enum { N_UNKNOWN, N_OURS, N_SHARED, N_CORRECTED, N_STATES };
enum { SAY_THE_SAME, SAY_ANEW, SAY_ANEW_WITH_YES, N_EVENTS };
/* o saved, l looked at only, s nothing new to say, n not found. */
static const char *const note_picture[N_STATES] = {"nnn", "soo", "slo", "soo"};

static void bring_note(unsigned is, char id[64])
{
	json_t *request = json_pack("{s:s, s:s}", "client", client, "text", "Came on time");
	snprintf(id, 64, "%s", nobody);
	if (is == N_SHARED) {
		json_object_set_new(request, "to", json_pack("[s]", "TT"));
		json_object_set_new(request, "about", json_pack("[s]", "HOU.SIT"));
		json_object_set_new(request, "yes", json_true());
	}
	if (is == N_UNKNOWN)
		json_decref(request);
	else
		snprintf(id, 64, "%s", text(housing(told_agent_note_add, request), "note"));
	if (is == N_CORRECTED)
		housing(told_agent_note_correct, json_pack("{s:s,s:s}", "note", id, "text", "Came early"));
}

static json_t *correction(const char *id, unsigned is, unsigned event)
{
	const char *same = is == N_CORRECTED ? "Came early" : "Came on time";
	return json_pack("{s:s, s:s, s:b}", "note", id, "text", event == SAY_THE_SAME ? same : "Came late", "yes",
			 event == SAY_ANEW_WITH_YES);
}

static void note_cell(unsigned is, unsigned event, unsigned actor)
{
	char id[64], where[64], *before = NULL, *after = NULL;
	char letter = actor == OTHER ? 'n' : note_picture[is][event];
	bring_note(is, id);
	snprintf(where, sizeof where, "note %u, event %u", is, event);
	enum told_status expected = letter == 'n' ? TOLD_E_NOT_FOUND : letter == 's' ? TOLD_E_USAGE : TOLD_OK;
	if (letter != 'l') {
		cell(actor, told_agent_note_correct, correction(id, is, event), told_agent_notes, expected, where);
		return;
	}
	before = seen(told_agent_notes);
	assert_int_equal(says(actor, told_agent_note_correct, correction(id, is, event), NULL), TOLD_OK);
	after = seen(told_agent_notes);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void test_a_note_in_every_state_by_every_word_and_actor(void **state)
{
	(void)state;
	for (unsigned is = 0; is < N_STATES; is++)
		for (unsigned event = 0; event < N_EVENTS; event++)
			for (unsigned actor = 0; actor < ACTORS; actor++)
				note_cell(is, event, actor);
	/* Whatever was said, the first words of each note are still there. */
	size_t i = 0, kept = 0;
	json_t *note = NULL;
	const json_t *notes = json_object_get(housing(told_agent_notes, one("client", client)), "notes");
	json_array_foreach(notes, i, note)
	{
		const json_t *first = json_array_get(json_object_get(note, "was"), 0);
		kept += strcmp(text(first != NULL ? first : note, "text"), "Came on time") == 0;
	}
	assert_int_equal(kept, json_array_size(notes));
}

/* ---- room: not said, space, waiting, closed ---- */

static const char *const rooms[] = {"not_said", "has_space", "waiting", "closed"};
enum { WEEKS_NONE, WEEKS_SOME, WEEKS_TOO_MANY, WEEKS };
static const int weeks[WEEKS] = {0, 6, 521};

static json_t *room(unsigned is, unsigned how_long)
{
	json_t *request = json_pack("{s:s}", "room", rooms[is]);
	if (how_long != WEEKS_NONE)
		json_object_set_new(request, "weeks", json_integer(weeks[how_long]));
	return request;
}

/* What another service hears. */
static const char *heard(void)
{
	const json_t *reply = world_call(&world, "TT", told_agent_capacity, one("to", "HOU"));
	return text(json_array_get(json_object_get(reply, "received"), 0), "room");
}

static void test_room_in_every_state_by_every_word_and_actor(void **state)
{
	(void)state;
	assert_string_equal(heard(), "not_said");
	for (unsigned is = 1; is < 4; is++)
		for (unsigned to = 0; to < 4; to++)
			for (unsigned n = 0; n < WEEKS * ACTORS; n++) {
				unsigned how_long = n % WEEKS, actor = n / WEEKS;
				bool fits =
					to > 0 && (how_long == WEEKS_SOME) == (to == 2) && how_long != WEEKS_TOO_MANY;
				enum told_status expected = fits ? TOLD_OK : to == 0 ? TOLD_E_UNKNOWN : TOLD_E_USAGE;
				housing(told_agent_capacity_set, room(is, is == 2 ? WEEKS_SOME : WEEKS_NONE));
				assert_int_equal(says(actor, told_agent_capacity_set, room(to, how_long), NULL),
						 expected);
				/* What another agency says of itself is not said of us. */
				if (n % 8 == 0)
					assert_string_equal(heard(), rooms[fits && actor != OTHER ? to : is]);
			}
}

/* ---- a worker: active, suspended, left, over ---- */

enum { W_ACTIVE, W_SUSPENDED, W_LEFT, W_OVER, W_STATES };
static const char *const standings[] = {"active", "suspended", "left"};

static bool opens(const char *token)
{
	struct told_caller caller;
	return told_agent_caller(world_agent(&world, "HOU")->agent, told_text(token), &caller) == TOLD_OK;
}

static void test_a_worker_in_every_state_by_every_word_and_actor(void **state)
{
	char number[32], token[80];
	(void)state;
	for (unsigned n = 0; n < W_STATES * 3 * ACTORS; n++) {
		unsigned is = n % W_STATES, to = n / W_STATES % 3, actor = n / W_STATES / 3;
		json_t *request = json_pack("{s:[s]}", "roles", "practitioner");
		if (is == W_OVER)
			json_object_set_new(request, "until_ms", json_integer(world_time().wall_ms - 1));
		json_t *made = housing(told_agent_worker_add, request);
		snprintf(number, sizeof number, "%s", text(made, "number"));
		snprintf(token, sizeof token, "%s", text(made, "token"));
		if (is == W_SUSPENDED || is == W_LEFT)
			housing(told_agent_worker_set,
				json_pack("{s:s,s:s}", "number", number, "state", standings[is]));
		assert_int_equal(opens(token), is == W_ACTIVE);
		bool may = actor == TOLD_ROLE_SENIOR || actor == TOLD_ROLE_COORDINATOR;
		enum told_status expected = actor == OTHER ? TOLD_E_NOT_FOUND : may ? TOLD_OK : TOLD_E_NOT_ALLOWED;
		assert_int_equal(says(actor, told_agent_worker_set,
				      json_pack("{s:s,s:s}", "number", number, "state", standings[to]), NULL),
				 expected);
		assert_int_equal(opens(token), expected == TOLD_OK ? to == W_ACTIVE : is == W_ACTIVE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_disagreement_in_every_state_by_every_outcome_and_actor),
		cmocka_unit_test(test_a_complaint_in_every_state_by_every_answer_and_actor),
		cmocka_unit_test(test_a_note_in_every_state_by_every_word_and_actor),
		cmocka_unit_test(test_room_in_every_state_by_every_word_and_actor),
		cmocka_unit_test(test_a_worker_in_every_state_by_every_word_and_actor),
	};
	return cmocka_run_group_tests(tests, open_world, close_world);
}
