/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a case conference, every state by every event by every sender by every message, against a picture of it
 * drawn here by hand from decision.md section 1.3 and practice.md section 7, not from the program's table. */
#include "broker/decide/conference.h"
#include "broker/decide/hearing.h"
#include "decide/world.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS TOLD_CONFERENCE_EVENT_COUNT
#define STATES (TOLD_CONFERENCE_UNKNOWN + 1)

/* Columns: not called yet, called, listed, started, minuted, approved, ended, unknown. C the chair, M who attends, B
 * both, O whoever calls it; . nobody. Then the message that says it, the state afterwards, and whether a reason is
 * needed. */
static const struct {
	const char *who;
	unsigned type, to;
	bool reasoned;
} life[EVENTS] = {
#define SAID(event, who, type, to) [TOLD_CONFERENCE_EVENT_##event] = {who, TOLD_TYPE_CONF_##type, to, false}
#define WHY(event, who, type, to)  [TOLD_CONFERENCE_EVENT_##event] = {who, TOLD_TYPE_CONF_##type, to, true}
	[0] = {"........", 0, 0, false},
	SAID(CALL, "O.......", CALL, TOLD_CONFERENCE_CALLED),
	SAID(LIST, ".CC.....", LIST, TOLD_CONFERENCE_LISTED),
	WHY(DECLINE, ".C......", LIST, TOLD_CONFERENCE_ENDED),
	SAID(INVITE, "..CC....", INVITE, 0),
	SAID(RESEARCH, "..C.....", RESEARCH, 0),
	SAID(KNOWN, "..MM....", CONTRIB, 0),
	SAID(NOT_KNOWN, "..MM....", CONTRIB, 0),
	WHY(NOT_SHARING, "..MM....", CONTRIB, 0),
	SAID(IN_CONFIDENCE, "..MMMM..", CONTRIB, 0),
	SAID(ATTENDS, "..MM....", CONTRIB, 0),
	SAID(APOLOGY_SENT, "..MM....", CONTRIB, 0),
	SAID(APOLOGY, "..MM....", CONTRIB, 0),
	SAID(CONTRIBUTION, "..BB....", CONTRIB, 0),
	SAID(START, "..CC....", LIST, TOLD_CONFERENCE_STARTED),
	SAID(ACTION, "...CCC..", ACTION, 0),
	SAID(ACTION_DONE, "..MMMM..", CONTRIB, 0),
	WHY(ACTION_NOT_POSSIBLE, "..MMMM..", CONTRIB, 0),
	SAID(ACTION_NOT_DONE, "..MMMM..", CONTRIB, 0),
	SAID(MINUTES, "...CC...", MINUTES, TOLD_CONFERENCE_MINUTED),
	SAID(APPROVE, "....CC..", MINUTES, TOLD_CONFERENCE_APPROVED),
	SAID(ACKNOWLEDGE, "..M..M..", CONTRIB, 0),
	SAID(OBJECT, "..M..M..", CONTRIB, 0),
	SAID(REVIEW, "..C.CC..", LIST, TOLD_CONFERENCE_LISTED),
	SAID(TRANSFER, ".CCCCC..", LIST, TOLD_CONFERENCE_ENDED),
	SAID(END, ".CCCCCC.", LIST, TOLD_CONFERENCE_ENDED),
	SAID(CALL_AGAIN, ".BBBBB..", CALL, 0),
	SAID(CONTRIBUTION_AGAIN, "..BBBB..", CONTRIB, 0),
	SAID(MINUTES_AGAIN, "..CCCC..", MINUTES, 0),
};

static bool drawn(unsigned event, unsigned type, enum told_seat seat, unsigned state)
{
	char who = life[event].who[state];
	if (type != life[event].type)
		return false;
	switch (who) {
	case 'O': return seat == TOLD_SEAT_NONE;
	case 'C': return seat == TOLD_SEAT_CHAIR;
	case 'M': return seat == TOLD_SEAT_MEMBER;
	case 'B': return seat != TOLD_SEAT_NONE;
	default: return false;
	}
}

static void test_the_table_is_the_picture(void **state)
{
	(void)state;
	size_t rows = 0;
	for (unsigned event = 0; event < EVENTS; event++)
		for (unsigned type = 0; type < TOLD_TYPE_COUNT; type++)
			for (unsigned seat = 0; seat < TOLD_SEAT_COUNT; seat++)
				for (unsigned at = 0; at < STATES; at++) {
					const struct told_conference_move *move =
						told_conference_may(event, type, (enum told_seat)seat, at);
					if ((move != NULL) != drawn(event, type, (enum told_seat)seat, at))
						fail_msg("%s by type %u, seat %u, %s",
							 told_conference_event_code(event), type, seat,
							 told_conference_state_code(at));
					if (move != NULL &&
					    (move->to != life[event].to || move->reasoned != life[event].reasoned))
						fail_msg("%s leads elsewhere", told_conference_event_code(event));
				}
	while (told_conference_move_at(rows) != NULL)
		rows++;
	assert_int_equal(rows, EVENTS - 1);
}

/* For who did not hear all that was said: what may be said in some state may have been said. */
static void test_what_may_be_said_in_no_state_was_never_said(void **state)
{
	(void)state;
	for (unsigned event = 0; event < EVENTS; event++)
		for (unsigned type = 0; type < TOLD_TYPE_COUNT; type++)
			for (unsigned seat = 0; seat < TOLD_SEAT_COUNT; seat++) {
				const struct told_conference_move *move = NULL;
				for (unsigned at = 0; at < STATES && move == NULL; at++)
					move = told_conference_may(event, type, (enum told_seat)seat, at);
				assert_ptr_equal(told_conference_said(event, type, (enum told_seat)seat), move);
			}
}

static void test_codes_are_read_as_they_are_written(void **state)
{
	(void)state;
	for (unsigned event = 1; event < EVENTS; event++)
		assert_int_equal(told_conference_event(told_text(told_conference_event_code(event))), event);
	for (unsigned at = 1; at < STATES; at++)
		assert_int_equal(told_conference_state(told_text(told_conference_state_code(at))), at);
	assert_string_equal(told_conference_event_code(EVENTS), "?");
	assert_string_equal(told_conference_state_code(0), "?");
	assert_int_equal(told_conference_event(told_text("Invite")), 0);
}

static void states_of(unsigned from, struct told_buf *out)
{
	const char *separator = "";
	for (unsigned at = 0; at < STATES; at++)
		if (from >> at & 1) {
			told_buf_printf(out, "%s%s", separator,
					at == 0 ? "not called yet" : told_conference_state_code(at));
			separator = ", ";
		}
}

/* proto/PROTOCOL.md has the table as it is, a row each. */
static void test_the_protocol_has_every_row(void **state)
{
	(void)state;
	static const char *const by[] = {"whoever calls it", "the chair", "who attends"};
	char path[4096];
	snprintf(path, sizeof path, "%s/proto/PROTOCOL.md",
		 getenv("TOLD_SOURCE") != NULL ? getenv("TOLD_SOURCE") : ".");
	struct told_bytes document = told_test_read(path);
	const struct told_conference_move *move;
	for (size_t i = 0; (move = told_conference_move_at(i)) != NULL; i++) {
		struct told_buf row = TOLD_BUF(1024);
		unsigned seat = move->by == (1 << TOLD_SEAT_MEMBER) ? 2 : move->by >> 1 & 1;
		bool both = move->by == (1 << TOLD_SEAT_MEMBER | 1 << TOLD_SEAT_CHAIR);
		told_buf_printf(&row, "| %s | %s | %s | ", told_conference_event_code(move->event),
				told_code(TOLD_LIST_TYPE, move->type), both ? "both" : by[seat]);
		states_of(move->from, &row);
		told_buf_printf(&row, " | %s | %s |\n", move->to == 0 ? "stays" : told_conference_state_code(move->to),
				move->reasoned ? "yes" : "–");
		if (strstr((const char *)document.data, told_buf_cstr(&row)) == NULL)
			fail_msg("PROTOCOL.md lacks: %s", told_buf_cstr(&row));
		told_buf_free(&row);
	}
	free((void *)(uintptr_t)document.data);
}

/* ---- the same through the whole decision ---- */

#define CHAIR   1
#define ATTENDS 2
#define OUTSIDE 3

static bool has_code(const struct told_decision *d, unsigned code)
{
	for (size_t i = 0; i < d->code_count; i++)
		if (d->codes[i] == code)
			return true;
	return false;
}

/* Parties 1 and 2 sit there, 1 in the chair; 4 attends as well and hears what is said. */
static void lay(struct world *w, unsigned event, unsigned type, uint32_t sender, unsigned at)
{
	uint64_t random = 3;
	world_make(w, &random, 1, 1, 0);
	for (unsigned i = 0; i < WORLD_PARTIES; i++)
		w->parties[0][i] = (struct told_party){
			.party = i + 1, .marks = TOLD_MARK_PUBLIC, .assurance_until_utc_ms = TOLD_FOREVER};
	w->agreements[0].party_count = WORLD_PARTIES;
	w->q.message.type = (uint8_t)type;
	w->q.message.sender = sender;
	w->q.message.recipient = 4;
	w->q.message.conference_event = (uint8_t)event;
	w->q.message.reason = TOLD_REASON_OTHER;
	w->q.workflow = (struct told_workflow_facts){.conference_state = (uint8_t)at, .chair = at ? CHAIR : 0};
	w->q.workflow.has_conference = at != TOLD_CONFERENCE_NONE;
	told_partyset_add(&w->q.workflow.members, CHAIR);
	told_partyset_add(&w->q.workflow.members, ATTENDS);
	told_partyset_add(&w->q.workflow.members, 4);
}

static void test_the_decision_refuses_what_the_picture_does_not_allow(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	static const enum told_seat seats[] = {[CHAIR] = TOLD_SEAT_CHAIR, [ATTENDS] = TOLD_SEAT_MEMBER, [OUTSIDE] = 0};
	for (unsigned event = 0; event < EVENTS; event++)
		for (unsigned type = TOLD_TYPE_CONF_CALL; type <= TOLD_TYPE_CONF_ACTION; type++)
			for (unsigned at = 0; at < STATES; at++)
				for (uint32_t sender = CHAIR; sender <= OUTSIDE; sender++) {
					lay(&w, event, type, sender, at);
					enum told_seat seat =
						at == TOLD_CONFERENCE_NONE ? TOLD_SEAT_NONE : seats[sender];
					bool expected = drawn(event, type, seat, at);
					told_decide(&w.q, &d);
					bool refused = has_code(&d, TOLD_WFL_08) || has_code(&d, TOLD_WFL_02);
					if (refused == expected)
						fail_msg("%s by party %u, type %u, %s",
							 told_conference_event_code(event), sender, type,
							 told_conference_state_code(at));
					if (at == TOLD_CONFERENCE_ENDED && !expected && !has_code(&d, TOLD_WFL_02))
						fail_msg("an ended conference takes %s",
							 told_conference_event_code(event));
				}
}

static void test_what_needs_a_reason_is_refused_without(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	for (unsigned event = 1; event < EVENTS; event++) {
		unsigned at = 0;
		while (life[event].who[at] == '.')
			at++;
		lay(&w, event, life[event].type, life[event].who[at] == 'C' ? CHAIR : ATTENDS, at);
		w.q.message.reason = TOLD_REASON_NONE;
		told_decide(&w.q, &d);
		assert_int_equal(has_code(&d, TOLD_WFL_08), life[event].reasoned);
	}
}

static void test_whom_nobody_invited_hears_nothing(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	static const struct {
		unsigned event, at, code;
	} said[] = {{TOLD_CONFERENCE_EVENT_CONTRIBUTION, TOLD_CONFERENCE_STARTED, TOLD_WFL_06},
		    {TOLD_CONFERENCE_EVENT_MINUTES, TOLD_CONFERENCE_STARTED, TOLD_WFL_06},
		    {TOLD_CONFERENCE_EVENT_RESEARCH, TOLD_CONFERENCE_LISTED, TOLD_WFL_06},
		    {TOLD_CONFERENCE_EVENT_START, TOLD_CONFERENCE_LISTED, TOLD_WFL_06},
		    {TOLD_CONFERENCE_EVENT_ACTION, TOLD_CONFERENCE_STARTED, TOLD_WFL_07},
		    {TOLD_CONFERENCE_EVENT_INVITE, TOLD_CONFERENCE_LISTED, 0},
		    {TOLD_CONFERENCE_EVENT_TRANSFER, TOLD_CONFERENCE_LISTED, 0}};
	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
		lay(&w, said[i].event, life[said[i].event].type, CHAIR, said[i].at);
		w.q.message.recipient = OUTSIDE;
		told_decide(&w.q, &d);
		assert_int_equal(has_code(&d, TOLD_WFL_06), said[i].code == TOLD_WFL_06);
		assert_int_equal(has_code(&d, TOLD_WFL_07), said[i].code == TOLD_WFL_07);
	}
}

/* Who was invited does not see who else was: it rules what it can see, and the broker the rest. */
static void test_where_members_are_not_known_the_broker_says(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	lay(&w, TOLD_CONFERENCE_EVENT_CONTRIBUTION, TOLD_TYPE_CONF_CONTRIB, OUTSIDE, TOLD_CONFERENCE_STARTED);
	w.q.workflow.has_conference = false;
	told_decide(&w.q, &d);
	assert_false(has_code(&d, TOLD_WFL_06) || has_code(&d, TOLD_WFL_08));
}

static void test_who_is_on_the_list_says_nothing_even_from_the_chair(void **state)
{
	(void)state;
	static struct world w;
	static uint32_t listed[1];
	struct told_decision d;
	for (int barred = 0; barred < 2; barred++) {
		lay(&w, TOLD_CONFERENCE_EVENT_LIST, TOLD_TYPE_CONF_LIST, CHAIR, TOLD_CONFERENCE_CALLED);
		listed[0] = w.q.message.author;
		w.q.person.excluded_workers = listed;
		w.q.person.excluded_worker_count = (size_t)barred;
		told_decide(&w.q, &d);
		assert_int_equal(has_code(&d, TOLD_PTY_07), barred);
	}
	w.q.message.type = TOLD_TYPE_REFERRAL;
	told_decide(&w.q, &d);
	assert_false(has_code(&d, TOLD_PTY_07));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_table_is_the_picture),
		cmocka_unit_test(test_what_may_be_said_in_no_state_was_never_said),
		cmocka_unit_test(test_codes_are_read_as_they_are_written),
		cmocka_unit_test(test_the_protocol_has_every_row),
		cmocka_unit_test(test_the_decision_refuses_what_the_picture_does_not_allow),
		cmocka_unit_test(test_what_needs_a_reason_is_refused_without),
		cmocka_unit_test(test_whom_nobody_invited_hears_nothing),
		cmocka_unit_test(test_where_members_are_not_known_the_broker_says),
		cmocka_unit_test(test_who_is_on_the_list_says_nothing_even_from_the_chair),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
