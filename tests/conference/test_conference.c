/* SPDX-License-Identifier: Apache-2.0 */
/* A conference as an agency folds it: every state by every event by every sender by every message, as the chair and as
 * who attends, against a picture drawn here by hand; then what each event leaves. */
#include "agents/conference/conference.h"

#include "broker/agree/agreement.h"
#include "broker/decide/conference.h"
#include "support/support.h"

#include <stdio.h>
#include <string.h>

#define OK(call) assert_int_equal(call, TOLD_OK)
#define EVENTS   TOLD_CONFERENCE_EVENT_COUNT
#define STATES   (TOLD_CONFERENCE_UNKNOWN + 1)
#define EVENT(e) TOLD_CONFERENCE_EVENT_##e
#define NOW_MS   UINT64_C(1795348800000)

static struct told_conference conference;
static uint64_t clock_ms;
static uint8_t ids[256][TOLD_ID_BYTES];
static unsigned next_id;

static struct told_bytes new_id(void)
{
	uint8_t *id = ids[next_id % 256];
	memset(id, (int)(next_id + 1), TOLD_ID_BYTES);
	next_id++;
	return told_bytes(id, TOLD_ID_BYTES);
}

/* The type that says it, as PROTOCOL.md has it. */
static uint32_t type_of(unsigned event)
{
	static const uint32_t types[EVENTS] = {
		[EVENT(CALL)] = TOLD_TYPE_CONF_CALL,         [EVENT(LIST)] = TOLD_TYPE_CONF_LIST,
		[EVENT(DECLINE)] = TOLD_TYPE_CONF_LIST,      [EVENT(INVITE)] = TOLD_TYPE_CONF_INVITE,
		[EVENT(RESEARCH)] = TOLD_TYPE_CONF_RESEARCH, [EVENT(START)] = TOLD_TYPE_CONF_LIST,
		[EVENT(ACTION)] = TOLD_TYPE_CONF_ACTION,     [EVENT(MINUTES)] = TOLD_TYPE_CONF_MINUTES,
		[EVENT(APPROVE)] = TOLD_TYPE_CONF_MINUTES,   [EVENT(REVIEW)] = TOLD_TYPE_CONF_LIST,
		[EVENT(TRANSFER)] = TOLD_TYPE_CONF_LIST,     [EVENT(END)] = TOLD_TYPE_CONF_LIST,
		[EVENT(CALL_AGAIN)] = TOLD_TYPE_CONF_CALL,   [EVENT(MINUTES_AGAIN)] = TOLD_TYPE_CONF_MINUTES,
	};
	return types[event] != 0 ? types[event] : TOLD_TYPE_CONF_CONTRIB;
}

static struct told_conference_said saying(unsigned event, const char *from, const char *to)
{
	return (struct told_conference_said){.event = event,
					     .type = type_of(event),
					     .id = new_id(),
					     .from = told_text(from),
					     .to = told_text(to),
					     .worker = told_text("U1"),
					     .purposes = TOLD_BIT32(TOLD_PURPOSE_MDT),
					     .reason = TOLD_REASON_OTHER,
					     .at_ms = ++clock_ms};
}

static enum told_status say(unsigned event, const char *from, const char *to)
{
	struct told_conference_said said = saying(event, from, to);
	return told_conference_take(&conference, &said);
}

static void begin(const char *self)
{
	memset(&conference, 0, sizeof conference);
	conference.self = told_text(self);
	clock_ms = NOW_MS;
}

/* As HOU chairs it: TT heard the call, SUD was invited. */
static void called(const char *self)
{
	begin(self);
	OK(say(EVENT(CALL), "HOU", "TT"));
	OK(say(EVENT(LIST), "HOU", "TT"));
	OK(say(EVENT(INVITE), "HOU", "SUD"));
}

/* ---- every state, event, sender and message ---- */

/* Columns: not called yet, called, listed, started, minuted, approved, ended, unknown. C the chair, M who attends, B
 * both, O whoever calls it; . nobody. */
static const char *const picture[EVENTS] = {
	[0] = "........",
	[EVENT(CALL)] = "O.......",
	[EVENT(LIST)] = ".CC.....",
	[EVENT(DECLINE)] = ".C......",
	[EVENT(INVITE)] = "..CC....",
	[EVENT(RESEARCH)] = "..C.....",
	[EVENT(KNOWN)] = "..MM....",
	[EVENT(NOT_KNOWN)] = "..MM....",
	[EVENT(NOT_SHARING)] = "..MM....",
	[EVENT(IN_CONFIDENCE)] = "..MMMM..",
	[EVENT(ATTENDS)] = "..MM....",
	[EVENT(APOLOGY_SENT)] = "..MM....",
	[EVENT(APOLOGY)] = "..MM....",
	[EVENT(CONTRIBUTION)] = "..BB....",
	[EVENT(START)] = "..CC....",
	[EVENT(ACTION)] = "...CCC..",
	[EVENT(ACTION_DONE)] = "..MMMM..",
	[EVENT(ACTION_NOT_POSSIBLE)] = "..MMMM..",
	[EVENT(ACTION_NOT_DONE)] = "..MMMM..",
	[EVENT(MINUTES)] = "...CC...",
	[EVENT(APPROVE)] = "....CC..",
	[EVENT(ACKNOWLEDGE)] = "..M..M..",
	[EVENT(OBJECT)] = "..M..M..",
	[EVENT(REVIEW)] = "..C.CC..",
	[EVENT(TRANSFER)] = ".CCCCC..",
	[EVENT(END)] = ".CCCCCC.",
	[EVENT(CALL_AGAIN)] = ".BBBBB..",
	[EVENT(CONTRIBUTION_AGAIN)] = "..BBBB..",
	[EVENT(MINUTES_AGAIN)] = "..CCCC..",
};
/* The state after it; 0: it stays. */
static const uint8_t leads_to[EVENTS] = {
	[EVENT(CALL)] = TOLD_CONFERENCE_CALLED,     [EVENT(LIST)] = TOLD_CONFERENCE_LISTED,
	[EVENT(DECLINE)] = TOLD_CONFERENCE_ENDED,   [EVENT(START)] = TOLD_CONFERENCE_STARTED,
	[EVENT(MINUTES)] = TOLD_CONFERENCE_MINUTED, [EVENT(APPROVE)] = TOLD_CONFERENCE_APPROVED,
	[EVENT(REVIEW)] = TOLD_CONFERENCE_LISTED,   [EVENT(TRANSFER)] = TOLD_CONFERENCE_ENDED,
	[EVENT(END)] = TOLD_CONFERENCE_ENDED,
};

static bool drawn(unsigned event, unsigned at, const char *from)
{
	bool chair = strcmp(from, "HOU") == 0, sits = chair || strcmp(from, "SUD") == 0;
	switch (picture[event][at]) {
	case 'O': return true;
	case 'C': return chair;
	case 'M': return sits && !chair;
	case 'B': return sits;
	default: return false;
	}
}

/* A meeting that stands in a state, with an action that SUD owns. */
static void lay(const char *self, unsigned at)
{
	begin(self);
	if (at == TOLD_CONFERENCE_NONE)
		return;
	called(self);
	conference.state = TOLD_CONFERENCE_STARTED;
	OK(say(EVENT(ACTION), "HOU", "SUD"));
	conference.approved_ms = 1; /* it may be listed for a second meeting */
	conference.state = at;
}

static struct told_conference_said about_the_action(unsigned event, const char *from, const char *to)
{
	struct told_conference_said said = saying(event, from, to);
	said.about = conference.action_count > 0 ? conference.actions[0].message : told_bytes(NULL, 0);
	return said;
}

/* Whoever chairs saw all, so that what the picture does not have changes nothing. */
static void test_the_chair_takes_only_what_the_picture_has(void **state)
{
	(void)state;
	static const char *const senders[] = {"HOU", "SUD", "EMP"};
	static struct told_conference before;
	for (unsigned event = 0; event < EVENTS + 1; event++)
		for (unsigned type = 0; type < TOLD_TYPE_COUNT; type++)
			for (unsigned at = 0; at < STATES; at++)
				for (size_t who = 0; who < 3; who++) {
					lay("HOU", at);
					before = conference;
					struct told_conference_said said =
						about_the_action(event < EVENTS ? event : 0, senders[who], "TT");
					said.event = event;
					said.type = type;
					bool may = event > 0 && event < EVENTS && type == type_of(event) &&
						   drawn(event, at, senders[who]);
					if (at == TOLD_CONFERENCE_NONE) /* or else it is not ours to chair */
						may = may || (event == EVENT(INVITE) && type == type_of(event));
					/* an action is SUD's to answer */
					enum told_status status = told_conference_take(&conference, &said);
					if ((status == TOLD_OK) != may)
						fail_msg("%s by %s, type %u, %s: %d", told_conference_event_code(event),
							 senders[who], type, told_conference_state_code(at), status);
					if (!may)
						assert_memory_equal(&before, &conference, sizeof before);
					else if (at != TOLD_CONFERENCE_NONE || event == EVENT(CALL))
						assert_int_equal(conference.state,
								 leads_to[event] ? leads_to[event] : at);
				}
}

static void test_before_the_first_meeting_there_are_no_minutes_to_acknowledge(void **state)
{
	(void)state;
	for (unsigned self = 0; self < 2; self++)
		for (unsigned event = EVENT(ACKNOWLEDGE); event <= EVENT(OBJECT); event++) {
			lay(self == 0 ? "HOU" : "SUD", TOLD_CONFERENCE_LISTED);
			conference.approved_ms = 0;
			struct told_conference_said said = saying(event, "SUD", "HOU");
			assert_int_equal(told_conference_take(&conference, &said), TOLD_E_REFUSED);
			conference.approved_ms = 1;
			assert_int_equal(told_conference_take(&conference, &said), TOLD_OK);
		}
}

/* Whoever attends did not see all that led to a state: what the broker accepted of the right seat and type counts. */
static void test_who_attends_believes_the_broker_and_never_a_wrong_seat(void **state)
{
	(void)state;
	static const char *const senders[] = {"HOU", "SUD", "EMP"};
	for (unsigned event = 1; event < EVENTS; event++)
		for (unsigned type = 0; type < TOLD_TYPE_COUNT; type++)
			for (unsigned at = 1; at < STATES; at++)
				for (size_t who = 0; who < 3; who++) {
					lay("SUD", at);
					struct told_conference_said said = about_the_action(event, senders[who], "SUD");
					said.type = type;
					bool chair = who == 0, right = false;
					for (unsigned s = 0; s < STATES; s++)
						right |= picture[event][s] == (chair ? 'C' : 'M') ||
							 picture[event][s] == 'B';
					bool answers = event >= EVENT(ACTION_DONE) && event <= EVENT(ACTION_NOT_DONE);
					right = right && type == type_of(event) && !(answers && who != 1);
					enum told_status status = told_conference_take(&conference, &said);
					if ((status == TOLD_OK) != right)
						fail_msg("%s by %s, type %u, %s: %d", told_conference_event_code(event),
							 senders[who], type, told_conference_state_code(at), status);
				}
}

/* ---- what they leave ---- */

static void test_a_meeting_goes_from_call_to_acknowledged_minutes(void **state)
{
	(void)state;
	called("HOU");
	assert_int_equal(conference.kind, TOLD_CONFERENCE_MDT);
	assert_true(told_conference_chaired(&conference));
	OK(say(EVENT(RESEARCH), "HOU", "SUD"));
	OK(say(EVENT(KNOWN), "SUD", "HOU"));
	OK(say(EVENT(NOT_SHARING), "TT", "HOU"));
	OK(say(EVENT(ATTENDS), "SUD", "HOU"));
	OK(say(EVENT(APOLOGY_SENT), "TT", "HOU"));
	OK(say(EVENT(IN_CONFIDENCE), "SUD", "HOU"));
	OK(say(EVENT(CONTRIBUTION), "SUD", "HOU"));
	OK(say(EVENT(START), "HOU", "SUD"));
	OK(say(EVENT(START), "HOU", "TT"));
	OK(say(EVENT(ACTION), "HOU", "SUD"));
	OK(say(EVENT(MINUTES), "HOU", "SUD"));
	OK(say(EVENT(APPROVE), "HOU", "SUD"));
	OK(say(EVENT(APPROVE), "HOU", "TT"));
	OK(say(EVENT(ACKNOWLEDGE), "SUD", "HOU"));
	OK(say(EVENT(OBJECT), "TT", "HOU"));
	const struct told_attendee *sud = told_conference_attendee(&conference, told_text("SUD"));
	const struct told_attendee *tt = told_conference_attendee(&conference, told_text("TT"));
	assert_true(sud->asked);
	assert_int_equal(sud->research, EVENT(KNOWN));
	assert_int_equal(tt->research, EVENT(NOT_SHARING));
	assert_int_equal(tt->reason, TOLD_REASON_OTHER);
	assert_int_equal(sud->attendance, EVENT(ATTENDS));
	assert_int_equal(tt->attendance, EVENT(APOLOGY_SENT));
	assert_int_equal(sud->minutes, EVENT(ACKNOWLEDGE));
	assert_int_equal(tt->minutes, EVENT(OBJECT));
	assert_true(tt->objection.len > 0);
	assert_int_equal(conference.contribution_count, 1);
	assert_int_equal(conference.action_count, 1);
	assert_int_equal(conference.state, TOLD_CONFERENCE_APPROVED);
	assert_true(conference.approved_ms < clock_ms && conference.started_ms < conference.minutes_ms);
}

static void test_actions_stand_from_the_meeting_and_only_their_owner_says_how_they_went(void **state)
{
	(void)state;
	static const struct {
		unsigned event, state;
	} ends[] = {{EVENT(ACTION_NOT_DONE), TOLD_ACTION_NOT_DONE},
		    {EVENT(ACTION_NOT_POSSIBLE), TOLD_ACTION_NOT_POSSIBLE},
		    {EVENT(ACTION_DONE), TOLD_ACTION_DONE}};
	lay("HOU", TOLD_CONFERENCE_STARTED);
	assert_int_equal(conference.actions[0].state, TOLD_ACTION_OPEN);
	struct told_conference_said other = about_the_action(EVENT(ACTION_DONE), "TT", "HOU");
	assert_int_equal(told_conference_take(&conference, &other), TOLD_E_REFUSED);
	assert_int_equal(conference.actions[0].state, TOLD_ACTION_OPEN);
	struct told_conference_said none = saying(EVENT(ACTION_DONE), "SUD", "HOU");
	none.about = conference.id;
	assert_int_equal(told_conference_take(&conference, &none), TOLD_E_NOT_FOUND);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		struct told_conference_said said = about_the_action(ends[i].event, "SUD", "HOU");
		OK(told_conference_take(&conference, &said));
		assert_int_equal(conference.actions[0].state, ends[i].state);
	}
}

static void test_the_chair_answers_for_its_own_agency_too(void **state)
{
	(void)state;
	called("HOU");
	OK(say(EVENT(IN_CONFIDENCE), "HOU", "HOU"));
	assert_int_equal(say(EVENT(IN_CONFIDENCE), "HOU", "SUD"), TOLD_E_REFUSED);
	OK(say(EVENT(START), "HOU", "SUD"));
	OK(say(EVENT(ACTION), "HOU", "HOU"));
	struct told_conference_said said = about_the_action(EVENT(ACTION_DONE), "HOU", "HOU");
	OK(told_conference_take(&conference, &said));
	assert_int_equal(conference.actions[0].state, TOLD_ACTION_DONE);
}

static void test_a_marac_is_chaired_by_whom_it_is_asked_of(void **state)
{
	(void)state;
	begin("HOU");
	struct told_conference_said said = saying(EVENT(CALL), "HOU", "MARAC");
	said.purposes = TOLD_BIT32(TOLD_PURPOSE_MARAC);
	said.threshold = TOLD_THRESHOLD_JUDGEMENT;
	OK(told_conference_take(&conference, &said));
	assert_int_equal(conference.kind, TOLD_CONFERENCE_MARAC);
	assert_int_equal(conference.threshold, TOLD_THRESHOLD_JUDGEMENT);
	assert_true(told_bytes_equal(conference.chair, told_text("MARAC")));
	assert_false(told_conference_chaired(&conference));
	assert_int_equal(say(EVENT(LIST), "HOU", "MARAC"), TOLD_E_REFUSED);
	OK(say(EVENT(LIST), "MARAC", "HOU"));
	assert_int_equal(conference.state, TOLD_CONFERENCE_LISTED);
}

static void test_another_area_hears_of_it_when_it_is_handed_over_and_calls_its_own(void **state)
{
	(void)state;
	begin("EMP");
	assert_int_equal(say(EVENT(TRANSFER), "HOU", "TT"), TOLD_E_REFUSED);
	OK(say(EVENT(TRANSFER), "HOU", "EMP"));
	assert_int_equal(conference.state, TOLD_CONFERENCE_ENDED);
	assert_true(told_bytes_equal(conference.handed_to, told_text("EMP")));
	assert_int_equal(told_conference_access(&conference, told_text("U1"), NOW_MS), TOLD_CONFERENCE_OVER);
	assert_true(told_bytes_equal(conference.chair, told_text("HOU")));
}

/* ---- who may see what was said ---- */

static void test_nothing_is_shown_before_the_statement_is_accepted_by_that_worker(void **state)
{
	(void)state;
	called("SUD");
	assert_int_equal(told_conference_access(&conference, told_text("U1"), NOW_MS), TOLD_CONFERENCE_STATEMENT);
	OK(say(EVENT(IN_CONFIDENCE), "TT", "HOU"));
	assert_int_equal(told_conference_access(&conference, told_text("U1"), NOW_MS), TOLD_CONFERENCE_STATEMENT);
	OK(say(EVENT(IN_CONFIDENCE), "SUD", "HOU"));
	assert_int_equal(told_conference_access(&conference, told_text("U1"), NOW_MS), TOLD_CONFERENCE_OPEN);
	assert_int_equal(told_conference_access(&conference, told_text("U2"), NOW_MS), TOLD_CONFERENCE_STATEMENT);
	called("HOU");
	assert_int_equal(told_conference_access(&conference, told_text("U1"), NOW_MS), TOLD_CONFERENCE_STATEMENT);
}

/* Every state, every event, every sender, before our contact has named whom a MARAC is kept from: whatever is said,
 * nothing opens to whom accepted the statement. Named, it opens where a meeting of services would. */
static void test_nothing_of_a_marac_opens_anywhere_before_our_contact_has_named(void **state)
{
	(void)state;
	static const char *const selves[] = {"HOU", "SUD"}, *const senders[] = {"HOU", "SUD", "EMP"};
	size_t opened = 0;
	for (unsigned at = 1; at < STATES; at++)
		for (unsigned event = 1; event < EVENTS; event++)
			for (size_t row = 0; row < 6; row++) {
				const char *self = selves[row / 3], *from = senders[row % 3];
				lay(self, at);
				conference.confidants[0] =
					(struct told_confidant){told_text(self), told_text("U1"), NOW_MS};
				conference.confidant_count = 1;
				struct told_conference_said said = about_the_action(event, from, self);
				enum told_status taken = told_conference_take(&conference, &said);
				assert_true(taken == TOLD_OK || taken == TOLD_E_REFUSED);
				conference.kind = TOLD_CONFERENCE_MDT;
				enum told_conference_access meeting =
					told_conference_access(&conference, told_text("U1"), NOW_MS);
				conference.kind = TOLD_CONFERENCE_MARAC;
				enum told_conference_access before =
					told_conference_access(&conference, told_text("U1"), NOW_MS);
				conference.declared = true;
				enum told_conference_access after =
					told_conference_access(&conference, told_text("U1"), NOW_MS);
				assert_int_equal(before,
						 meeting == TOLD_CONFERENCE_OPEN ? TOLD_CONFERENCE_NAMES : meeting);
				assert_int_equal(after, meeting);
				opened += after == TOLD_CONFERENCE_OPEN;
			}
	assert_true(opened > STATES * EVENTS);
}

static void test_access_ends_by_itself_on_its_day_and_with_the_conference(void **state)
{
	(void)state;
	begin("SUD");
	struct told_conference_said said = saying(EVENT(INVITE), "HOU", "SUD");
	said.due_ms = NOW_MS + 1000;
	OK(told_conference_take(&conference, &said));
	OK(say(EVENT(IN_CONFIDENCE), "SUD", "HOU"));
	assert_int_equal(told_conference_access(&conference, told_text("U1"), NOW_MS + 999), TOLD_CONFERENCE_OPEN);
	assert_int_equal(told_conference_access(&conference, told_text("U1"), NOW_MS + 1000), TOLD_CONFERENCE_OVER);
	OK(say(EVENT(END), "HOU", "SUD"));
	assert_int_equal(told_conference_access(&conference, told_text("U1"), NOW_MS), TOLD_CONFERENCE_OVER);
}

static void test_a_meeting_that_is_full_says_so_and_changes_nothing(void **state)
{
	(void)state;
	static char names[TOLD_CONFERENCE_ATTENDEES_MAX][8];
	enum told_status status = TOLD_OK;
	called("HOU");
	for (size_t i = conference.attendee_count; i < TOLD_CONFERENCE_ATTENDEES_MAX; i++) {
		snprintf(names[i], sizeof names[i], "P%zu", i);
		OK(say(EVENT(INVITE), "HOU", names[i]));
	}
	assert_int_equal(say(EVENT(INVITE), "HOU", "EMP"), TOLD_E_LIMIT);
	for (size_t i = 0; status == TOLD_OK; i++) {
		assert_true(i <= TOLD_CONFERENCE_CONTRIBUTIONS_MAX);
		status = say(EVENT(CONTRIBUTION), "SUD", "HOU");
	}
	assert_int_equal(status, TOLD_E_LIMIT);
	assert_int_equal(conference.contribution_count, TOLD_CONFERENCE_CONTRIBUTIONS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_chair_takes_only_what_the_picture_has),
		cmocka_unit_test(test_who_attends_believes_the_broker_and_never_a_wrong_seat),
		cmocka_unit_test(test_a_meeting_goes_from_call_to_acknowledged_minutes),
		cmocka_unit_test(test_actions_stand_from_the_meeting_and_only_their_owner_says_how_they_went),
		cmocka_unit_test(test_the_chair_answers_for_its_own_agency_too),
		cmocka_unit_test(test_a_marac_is_chaired_by_whom_it_is_asked_of),
		cmocka_unit_test(test_another_area_hears_of_it_when_it_is_handed_over_and_calls_its_own),
		cmocka_unit_test(test_nothing_is_shown_before_the_statement_is_accepted_by_that_worker),
		cmocka_unit_test(test_nothing_of_a_marac_opens_anywhere_before_our_contact_has_named),
		cmocka_unit_test(test_access_ends_by_itself_on_its_day_and_with_the_conference),
		cmocka_unit_test(test_before_the_first_meeting_there_are_no_minutes_to_acknowledge),
		cmocka_unit_test(test_a_meeting_that_is_full_says_so_and_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
