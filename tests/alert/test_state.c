/* SPDX-License-Identifier: Apache-2.0 */
/* The life of an alert: every state, every act, every actor, compared with the rules as docs/alerts.md says them; and
 * what must hold whatever the table is. */
#include "agents/alert/state.h"

#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the rules, written down a second time ---- */

static bool actor_may(enum told_alert_act act, enum told_alert_actor actor)
{
	switch (act) {
	case TOLD_ALERT_ACT_ARRIVE: return actor == TOLD_ALERT_ACTOR_THEIR_AGENT;
	case TOLD_ALERT_ACT_OPEN:
	case TOLD_ALERT_ACT_ANSWER: return actor == TOLD_ALERT_ACTOR_THEIR_WORKER;
	case TOLD_ALERT_ACT_TIME_OVER:
	case TOLD_ALERT_ACT_PAGE: return actor == TOLD_ALERT_ACTOR_OUR_AGENT;
	case TOLD_ALERT_ACT_RING:
	case TOLD_ALERT_ACT_WRONG_NUMBER:
	case TOLD_ALERT_ACT_RECALL:
	case TOLD_ALERT_ACT_CALL: return actor == TOLD_ALERT_ACTOR_OUR_WORKER || actor == TOLD_ALERT_ACTOR_OUR_LEAD;
	default: return actor == TOLD_ALERT_ACTOR_OUR_LEAD;
	}
}

/* 0: refused. */
static unsigned leads_to(unsigned state, unsigned act)
{
	bool by_hand = state == TOLD_ALERT_BY_HAND, closed = state == TOLD_ALERT_CLOSED;
	bool early = state == TOLD_ALERT_SENT || state == TOLD_ALERT_DELIVERED;
	bool recalled = state == TOLD_ALERT_RECALLED;
	bool known = state == TOLD_ALERT_OPENED || state == TOLD_ALERT_ANSWERED || state == TOLD_ALERT_CALLED;
	if (state == TOLD_ALERT_NONE)
		return 0;
	switch (act) {
	case TOLD_ALERT_ACT_ARRIVE: return by_hand ? 0 : state == TOLD_ALERT_SENT ? TOLD_ALERT_DELIVERED : state;
	case TOLD_ALERT_ACT_OPEN: return by_hand ? 0 : early ? TOLD_ALERT_OPENED : state;
	case TOLD_ALERT_ACT_ANSWER: return by_hand ? 0 : closed || recalled ? state : TOLD_ALERT_ANSWERED;
	case TOLD_ALERT_ACT_TIME_OVER: return early || by_hand ? TOLD_ALERT_OVERDUE : 0;
	case TOLD_ALERT_ACT_PAGE: return state == TOLD_ALERT_OVERDUE ? TOLD_ALERT_PAGED : 0;
	case TOLD_ALERT_ACT_RING: return state;
	case TOLD_ALERT_ACT_WRONG_NUMBER: return state == TOLD_ALERT_PAGED ? TOLD_ALERT_OVERDUE : state;
	case TOLD_ALERT_ACT_RECALL: return TOLD_ALERT_RECALLED;
	case TOLD_ALERT_ACT_CALL: return closed || state == TOLD_ALERT_ANSWERED ? state : TOLD_ALERT_CALLED;
	default: return known ? TOLD_ALERT_CLOSED : 0;
	}
}

static void test_every_state_act_and_actor_leads_where_the_rules_say(void **state)
{
	(void)state;
	for (unsigned s = 0; s <= TOLD_ALERT_STATE_COUNT; s++)
		for (unsigned act = 0; act <= TOLD_ALERT_ACT_COUNT; act++)
			for (unsigned actor = 0; actor <= TOLD_ALERT_ACTOR_COUNT; actor++) {
				bool inside = act < TOLD_ALERT_ACT_COUNT && actor < TOLD_ALERT_ACTOR_COUNT;
				bool may = inside && actor_may(act, actor);
				unsigned to = s < TOLD_ALERT_STATE_COUNT && may ? leads_to(s, act) : 0;
				enum told_alert_state next = TOLD_ALERT_STATE_COUNT;
				enum told_status status = told_alert_step(s, act, actor, &next);
				enum told_status expected = !may      ? TOLD_E_NOT_ALLOWED
							    : to == 0 ? TOLD_E_REFUSED
								      : TOLD_OK;
				if (status != expected || next != (to == 0 ? TOLD_ALERT_STATE_COUNT : to))
					fail_msg("state %u, act %u, actor %u: %s, then %u", s, act, actor,
						 told_status_name(status), (unsigned)next);
			}
}

/* ---- what must hold ---- */

static void test_what_is_overdue_ends_in_a_call_or_an_answer_and_in_nothing_else(void **state)
{
	(void)state;
	for (unsigned s = 1; s < TOLD_ALERT_STATE_COUNT; s++)
		for (unsigned act = 0; told_alert_is_overdue(s) && act < TOLD_ALERT_ACT_COUNT; act++)
			for (unsigned actor = 0; actor < TOLD_ALERT_ACTOR_COUNT; actor++) {
				enum told_alert_state next;
				if (told_alert_step(s, act, actor, &next) == TOLD_OK && !told_alert_is_overdue(next))
					assert_true(act == TOLD_ALERT_ACT_CALL || act == TOLD_ALERT_ACT_ANSWER);
			}
}

static void test_nothing_leads_back_to_not_overdue_but_people(void **state)
{
	(void)state;
	enum told_alert_state next;
	for (unsigned s = 1; s < TOLD_ALERT_STATE_COUNT; s++)
		for (unsigned act = 0; told_alert_is_overdue(s) && act < TOLD_ALERT_ACT_COUNT; act++) {
			if (told_alert_step(s, act, TOLD_ALERT_ACTOR_OUR_AGENT, &next) == TOLD_OK)
				assert_true(told_alert_is_overdue(next));
			if (told_alert_step(s, act, TOLD_ALERT_ACTOR_THEIR_AGENT, &next) == TOLD_OK)
				assert_true(told_alert_is_overdue(next));
		}
}

static void test_whatever_waits_can_run_out_of_time_and_can_be_rung_for(void **state)
{
	(void)state;
	enum told_alert_state next;
	for (unsigned s = 1; s < TOLD_ALERT_STATE_COUNT; s++) {
		if (s == TOLD_ALERT_CLOSED)
			continue;
		assert_int_equal(told_alert_step(s, TOLD_ALERT_ACT_CALL, TOLD_ALERT_ACTOR_OUR_WORKER, &next), TOLD_OK);
		bool runs = told_alert_step(s, TOLD_ALERT_ACT_TIME_OVER, TOLD_ALERT_ACTOR_OUR_AGENT, &next) == TOLD_OK;
		assert_int_equal(runs, told_alert_waits(s));
	}
}

/* A number that is not theirs ends nothing, and a page that went to it is none; a call alone ends what was called back.
 */
static void test_a_wrong_number_ends_nothing_and_a_recall_ends_in_a_call(void **state)
{
	(void)state;
	enum told_alert_state next;
	for (unsigned s = 1; s < TOLD_ALERT_STATE_COUNT; s++) {
		assert_int_equal(told_alert_step(s, TOLD_ALERT_ACT_WRONG_NUMBER, TOLD_ALERT_ACTOR_OUR_WORKER, &next),
				 TOLD_OK);
		assert_int_equal(told_alert_is_overdue(next), told_alert_is_overdue(s));
	}
	for (unsigned act = 0; act < TOLD_ALERT_ACT_COUNT; act++)
		for (unsigned actor = 0; actor < TOLD_ALERT_ACTOR_COUNT; actor++)
			if (told_alert_step(TOLD_ALERT_RECALLED, act, actor, &next) == TOLD_OK)
				assert_int_equal(next,
						 act == TOLD_ALERT_ACT_CALL ? TOLD_ALERT_CALLED : TOLD_ALERT_RECALLED);
}

/* Nobody closes what nobody saw and nobody was told of. */
static void test_it_is_over_only_after_somebody_there_knew(void **state)
{
	(void)state;
	enum told_alert_state next;
	for (unsigned s = 1; s < TOLD_ALERT_STATE_COUNT; s++) {
		bool knew = s == TOLD_ALERT_OPENED || s == TOLD_ALERT_ANSWERED || s == TOLD_ALERT_CALLED;
		enum told_status status = told_alert_step(s, TOLD_ALERT_ACT_CLOSE, TOLD_ALERT_ACTOR_OUR_LEAD, &next);
		assert_int_equal(status, knew ? TOLD_OK : TOLD_E_REFUSED);
	}
}

/* ---- the page that people read ---- */

static void put_row(struct told_buf *out, unsigned state, unsigned act)
{
	enum told_alert_state next = TOLD_ALERT_NONE;
	for (unsigned actor = 0; actor < TOLD_ALERT_ACTOR_COUNT; actor++)
		if (told_alert_may(act, actor) && told_alert_step(state, act, actor, &next) != TOLD_OK)
			next = TOLD_ALERT_NONE;
	const char *code = next == TOLD_ALERT_NONE ? "–" : told_alert_state_code(next);
	told_buf_printf(out, " %s |", (unsigned)next == state ? "stays" : code);
}

static void test_the_page_says_what_the_table_says(void **state)
{
	(void)state;
	char path[4096];
	const char *source = getenv("TOLD_SOURCE");
	struct told_buf rows = TOLD_BUF(1u << 16);
	snprintf(path, sizeof path, "%s/docs/alerts.md", source == NULL ? "." : source);
	struct told_bytes page = told_test_read(path);
	for (unsigned s = 1; s < TOLD_ALERT_STATE_COUNT; s++) {
		told_buf_printf(&rows, "| %s |", told_alert_state_code(s));
		for (unsigned act = 0; act < TOLD_ALERT_ACT_COUNT; act++)
			put_row(&rows, s, act);
		told_buf_put_text(&rows, "\n");
	}
	if (strstr((const char *)page.data, told_buf_cstr(&rows)) == NULL)
		fail_msg("docs/alerts.md lacks this table:\n%s", told_buf_cstr(&rows));
	free((void *)(uintptr_t)page.data);
	told_buf_free(&rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_state_act_and_actor_leads_where_the_rules_say),
		cmocka_unit_test(test_what_is_overdue_ends_in_a_call_or_an_answer_and_in_nothing_else),
		cmocka_unit_test(test_nothing_leads_back_to_not_overdue_but_people),
		cmocka_unit_test(test_whatever_waits_can_run_out_of_time_and_can_be_rung_for),
		cmocka_unit_test(test_a_wrong_number_ends_nothing_and_a_recall_ends_in_a_call),
		cmocka_unit_test(test_it_is_over_only_after_somebody_there_knew),
		cmocka_unit_test(test_the_page_says_what_the_table_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
