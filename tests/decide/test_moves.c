/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a referral, every state by every message by every sender, against a picture of it drawn here by hand from
 * SDOH Clinical Care and practice.md, not from the program's table; and what is refused with which rule. */
#include "broker/decide/hearing.h"
#include "broker/decide/moves.h"
#include "decide/world.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATES  TOLD_REFERRAL_COUNT
#define DETAILS (TOLD_DETAIL_BACK + 1)

/* Rows: the state it is in. Columns: the state that is set. R the referrer, T who was asked, E either; w who was asked,
 * onto the waiting list; b who was asked, because the person has come back; . nobody. */
static const char *const life[STATES] = {
	/*                          draft requested accepted in-progr on-hold completed rejected failed cancelled error
	 */
	[TOLD_REFERRAL_NONE] = "    .     R         .        .        .       .         .        .      .         .",
	[TOLD_REFERRAL_DRAFT] = "    .     R         .        .        .       .         .        .      R         R",
	[TOLD_REFERRAL_REQUESTED] =
		"    .     .         T        .        .       .         T        .      E         R",
	[TOLD_REFERRAL_ACCEPTED] =
		"    .     .         w        T        T       T         T        T      E         R",
	[TOLD_REFERRAL_IN_PROGRESS] =
		"    .     .         .        .        T       T         .        T      E         R",
	[TOLD_REFERRAL_ON_HOLD] = "    .     .         T        T        .       T         .        T      E         R",
	[TOLD_REFERRAL_COMPLETED] =
		"    .     .         .        .        .       .         .        .      .         .",
	[TOLD_REFERRAL_REJECTED] =
		"    .     .         .        .        .       .         .        .      .         .",
	[TOLD_REFERRAL_FAILED] = "    .     .         b        .        .       .         .        .      .         .",
	[TOLD_REFERRAL_CANCELLED] =
		"    .     .         .        .        .       .         .        .      .         .",
	[TOLD_REFERRAL_ENTERED_IN_ERROR] =
		"    .     .         .        .        .       .         .        .      .         .",
};

/* Which message says that a state is set, by the referrer and by who was asked. */
static const unsigned by_referrer[STATES] = {
	[TOLD_REFERRAL_REQUESTED] = TOLD_TYPE_REFERRAL,
	[TOLD_REFERRAL_CANCELLED] = TOLD_TYPE_CANCEL,
	[TOLD_REFERRAL_ENTERED_IN_ERROR] = TOLD_TYPE_CANCEL,
};
static const unsigned by_target[STATES] = {
	[TOLD_REFERRAL_ACCEPTED] = TOLD_TYPE_REFERRAL_ANSWER, [TOLD_REFERRAL_IN_PROGRESS] = TOLD_TYPE_REFERRAL_ANSWER,
	[TOLD_REFERRAL_ON_HOLD] = TOLD_TYPE_REFERRAL_ANSWER,  [TOLD_REFERRAL_REJECTED] = TOLD_TYPE_REFERRAL_ANSWER,
	[TOLD_REFERRAL_COMPLETED] = TOLD_TYPE_CLOSURE,        [TOLD_REFERRAL_FAILED] = TOLD_TYPE_CLOSURE,
	[TOLD_REFERRAL_CANCELLED] = TOLD_TYPE_CLOSURE,
};

/* The letter where a row and a column meet. */
static char letter(unsigned from, unsigned to)
{
	char cells[STATES] = "";
	unsigned n = 1;
	for (const char *at = life[from]; *at != '\0'; at++)
		if (*at != ' ' && n < STATES)
			cells[n++] = *at;
	assert_int_equal(n, STATES);
	return cells[to];
}

static bool one_of(char c, const char *letters)
{
	return c != '\0' && strchr(letters, c) != NULL;
}

/* Setting a state, with what is finer than it. */
static bool sets(unsigned type, char side, unsigned from, unsigned to, unsigned detail)
{
	char who = letter(from, to);
	if (side == 'R')
		return one_of(who, "RE") && by_referrer[to] == type && detail == TOLD_DETAIL_NONE;
	if (by_target[to] != type)
		return false;
	switch (detail) {
	case TOLD_DETAIL_NONE: return one_of(who, "TE");
	case TOLD_DETAIL_WAITING_LIST:
		return who == 'w' || (from == TOLD_REFERRAL_REQUESTED && to == TOLD_REFERRAL_ACCEPTED);
	case TOLD_DETAIL_BACK:
		return who == 'b' || (from == TOLD_REFERRAL_ON_HOLD &&
				      (to == TOLD_REFERRAL_ACCEPTED || to == TOLD_REFERRAL_IN_PROGRESS));
	default: return false;
	}
}

/* Saying something of it as it stands. */
static bool says(unsigned type, char side, unsigned from, unsigned detail)
{
	bool open = from >= TOLD_REFERRAL_REQUESTED && from <= TOLD_REFERRAL_ON_HOLD;
	if (type == TOLD_TYPE_STATUS_UPDATE)
		return open && detail == TOLD_DETAIL_NONE;
	if (type != TOLD_TYPE_REFERRAL_ANSWER || side != 'T')
		return false;
	return (detail == TOLD_DETAIL_ACKNOWLEDGED || detail == TOLD_DETAIL_INFO_REQUESTED) && open &&
	       from != TOLD_REFERRAL_ON_HOLD;
}

/* side: R, T, or 0 for anybody else, the broker too. */
static bool may(unsigned type, char side, unsigned from, unsigned to, unsigned detail)
{
	if (side == 0)
		return false;
	if (says(type, side, from, detail) && (to == TOLD_REFERRAL_NONE || to == from))
		return true;
	if (to != TOLD_REFERRAL_NONE)
		return sets(type, side, from, to, detail);
	for (unsigned any = 1; any < STATES; any++) /* unnamed: some move of the message's own */
		if (sets(type, side, from, any, detail))
			return true;
	return false;
}

static void test_every_state_by_every_message_by_every_side_is_as_drawn(void **state)
{
	(void)state;
	static const char letters[] = {0, 'R', 'T'};
	unsigned asked = 0, allowed = 0;
	for (unsigned from = 0; from < STATES; from++)
		for (unsigned type = 1; type < TOLD_TYPE_COUNT; type++)
			for (unsigned to = 0; to < STATES; to++)
				for (unsigned detail = 0; detail < DETAILS; detail++)
					for (unsigned side = 0; side < TOLD_SIDE_COUNT; side++) {
						bool expected = may(type, letters[side], from, to, detail);
						asked++;
						allowed += expected;
						if (told_move_may(type, side, from, to, detail) != expected)
							fail_msg("%s: %s -> %s, detail %u, side %u: should be %s",
								 told_code(TOLD_LIST_TYPE, type),
								 told_code(TOLD_LIST_REFERRAL, from),
								 told_code(TOLD_LIST_REFERRAL, to), detail, side,
								 expected ? "allowed" : "refused");
					}
	print_message("%u moves asked, %u of them allowed\n", asked, allowed);
	assert_true(allowed > 50);
}

static void test_what_is_in_no_list_fits_nothing(void **state)
{
	(void)state;
	assert_int_equal(told_reason_states(TOLD_REASON_COUNT), 0);
	assert_false(told_state_needs_reason(TOLD_REFERRAL_COUNT));
	assert_string_equal(told_side_words(TOLD_SIDE_COUNT), told_side_words(TOLD_SIDE_NONE));
	size_t rows = 0;
	while (told_move_at(rows) != NULL)
		rows++;
	assert_true(rows > 10);
}

/* ---- the same through the whole decision ---- */

#define REFERRER 1
#define TARGET   2
#define THIRD    3
#define BROKER   6

static unsigned fitting_reason(unsigned to)
{
	for (unsigned reason = 1; reason < TOLD_REASON_COUNT; reason++)
		if (told_reason_states(reason) >> to & 1 && reason != TOLD_REASON_WRONG_SERVICE &&
		    reason != TOLD_REASON_DISENGAGED)
			return reason;
	return TOLD_REASON_OTHER;
}

static bool has_code(const struct told_decision *d, unsigned code)
{
	for (size_t i = 0; i < d->code_count; i++)
		if (d->codes[i] == code)
			return true;
	return false;
}

/* A message about a referral of party 1 to party 2, from anybody. */
static void lay(struct world *w, unsigned type, uint32_t sender, unsigned from, unsigned to, unsigned detail)
{
	uint64_t random = 3;
	world_make(w, &random, 1, 1, 0);
	w->q.message.type = (uint8_t)type;
	w->q.message.sender = sender;
	w->q.message.sets_state = (uint8_t)to;
	w->q.message.detail = (uint8_t)detail;
	w->q.message.reason = told_state_needs_reason(to) ? (uint8_t)fitting_reason(to) : TOLD_REASON_NONE;
	w->q.workflow = (struct told_workflow_facts){.referral_state = (uint8_t)from,
						     .referral_reason = TOLD_REASON_DISENGAGED,
						     .changed_utc_ms = w->q.t_utc_ms - TOLD_MS_DAY,
						     .referrer = from == TOLD_REFERRAL_NONE ? 0 : REFERRER,
						     .referred_to = from == TOLD_REFERRAL_NONE ? 0 : TARGET};
}

/* Every state, event and actor: the broker's own function refuses with WFL-08 what the picture does not allow. */
static void test_the_decision_refuses_what_the_picture_does_not_allow(void **state)
{
	(void)state;
	static struct world w;
	static const unsigned types[] = {TOLD_TYPE_REFERRAL, TOLD_TYPE_REFERRAL_ANSWER, TOLD_TYPE_STATUS_UPDATE,
					 TOLD_TYPE_CANCEL, TOLD_TYPE_CLOSURE};
	static const struct {
		uint32_t party;
		char side;
	} actors[] = {{REFERRER, 'R'}, {TARGET, 'T'}, {THIRD, 0}, {BROKER, 0}};
	struct told_decision d;
	for (unsigned from = 1; from < STATES; from++)
		for (size_t type = 0; type < 5; type++)
			for (unsigned to = 1; to < STATES; to++)
				for (unsigned detail = 0; detail < DETAILS; detail++)
					for (size_t a = 0; a < 4; a++) {
						lay(&w, types[type], actors[a].party, from, to, detail);
						/* Whoever sends one is the referrer of what it would open. */
						char side = types[type] == TOLD_TYPE_REFERRAL ? 'R' : actors[a].side;
						bool expected = may(types[type], side, from, to, detail);
						told_decide(&w.q, &d);
						/* A closure as something that no reason can close as fails before that.
						 */
						bool refused = has_code(&d, TOLD_WFL_08) || d.primary == TOLD_ENV_05;
						if (refused == expected)
							fail_msg("%s by %u: %s -> %s, detail %u",
								 told_code(TOLD_LIST_TYPE, types[type]),
								 actors[a].party, told_code(TOLD_LIST_REFERRAL, from),
								 told_code(TOLD_LIST_REFERRAL, to), detail);
					}
}

static void test_a_third_party_says_nothing_of_an_open_referral(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	lay(&w, TOLD_TYPE_STATUS_UPDATE, THIRD, TOLD_REFERRAL_ACCEPTED, TOLD_REFERRAL_NONE, TOLD_DETAIL_NONE);
	told_decide(&w.q, &d);
	assert_true(has_code(&d, TOLD_WFL_08));
	lay(&w, TOLD_TYPE_STATUS_UPDATE, REFERRER, TOLD_REFERRAL_ACCEPTED, TOLD_REFERRAL_NONE, TOLD_DETAIL_NONE);
	told_decide(&w.q, &d);
	assert_false(has_code(&d, TOLD_WFL_08));
	lay(&w, TOLD_TYPE_STATUS_UPDATE, REFERRER, TOLD_REFERRAL_COMPLETED, TOLD_REFERRAL_NONE, TOLD_DETAIL_NONE);
	told_decide(&w.q, &d);
	assert_true(has_code(&d, TOLD_WFL_02));
}

static void test_who_was_lost_touch_with_may_come_back_for_a_year(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	for (int64_t days = 300; days <= 400; days += 100) {
		lay(&w, TOLD_TYPE_REFERRAL_ANSWER, TARGET, TOLD_REFERRAL_FAILED, TOLD_REFERRAL_ACCEPTED,
		    TOLD_DETAIL_BACK);
		w.q.workflow.changed_utc_ms = w.q.t_utc_ms - days * TOLD_MS_DAY;
		told_decide(&w.q, &d);
		assert_int_equal(has_code(&d, TOLD_WFL_08), days > 365);
	}
	lay(&w, TOLD_TYPE_REFERRAL_ANSWER, TARGET, TOLD_REFERRAL_FAILED, TOLD_REFERRAL_ACCEPTED, TOLD_DETAIL_BACK);
	w.q.workflow.referral_reason = TOLD_REASON_NOT_SUITABLE;
	told_decide(&w.q, &d);
	assert_true(has_code(&d, TOLD_WFL_08));
}

static void test_a_day_in_the_past_is_refused(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	for (int past = 0; past < 2; past++) {
		lay(&w, TOLD_TYPE_REFERRAL_ANSWER, TARGET, TOLD_REFERRAL_IN_PROGRESS, TOLD_REFERRAL_ON_HOLD, 0);
		w.q.message.due_utc_ms = w.q.message.created_utc_ms + (past ? -1 : TOLD_MS_DAY);
		told_decide(&w.q, &d);
		assert_int_equal(has_code(&d, TOLD_WFL_08), past);
	}
}

/* ---- reasons ---- */

static bool rejected(unsigned type, unsigned to, unsigned reason, uint32_t service)
{
	static struct world w;
	struct told_decision d;
	lay(&w, type, type == TOLD_TYPE_CANCEL ? REFERRER : TARGET, TOLD_REFERRAL_ACCEPTED, to, TOLD_DETAIL_NONE);
	w.q.message.reason = (uint8_t)reason;
	w.q.message.service = service;
	told_decide(&w.q, &d);
	return d.effect == TOLD_EFFECT_REJECT && d.primary == TOLD_ENV_05;
}

static void test_no_end_and_no_pause_goes_without_its_reason(void **state)
{
	(void)state;
	assert_true(rejected(TOLD_TYPE_REFERRAL_ANSWER, TOLD_REFERRAL_REJECTED, TOLD_REASON_NONE, 0));
	assert_true(rejected(TOLD_TYPE_REFERRAL_ANSWER, TOLD_REFERRAL_ON_HOLD, TOLD_REASON_NONE, 0));
	assert_true(rejected(TOLD_TYPE_CLOSURE, TOLD_REFERRAL_COMPLETED, TOLD_REASON_NONE, 0));
	assert_true(rejected(TOLD_TYPE_CLOSURE, TOLD_REFERRAL_NONE, TOLD_REASON_NONE, 0));
	assert_true(rejected(TOLD_TYPE_CANCEL, TOLD_REFERRAL_CANCELLED, TOLD_REASON_NONE, 0));
	assert_false(rejected(TOLD_TYPE_REFERRAL_ANSWER, TOLD_REFERRAL_IN_PROGRESS, TOLD_REASON_NONE, 0));
}

static void test_a_mistake_is_no_revocation_and_the_reverse(void **state)
{
	(void)state;
	for (unsigned reason = 1; reason < TOLD_REASON_COUNT; reason++) {
		bool mistake = reason == TOLD_REASON_SENT_IN_ERROR;
		assert_int_equal(rejected(TOLD_TYPE_CANCEL, TOLD_REFERRAL_ENTERED_IN_ERROR, reason, 0), !mistake);
		if (mistake)
			assert_true(rejected(TOLD_TYPE_CANCEL, TOLD_REFERRAL_CANCELLED, reason, 0));
	}
}

static void test_a_redirect_names_another_service(void **state)
{
	(void)state;
	const unsigned answer = TOLD_TYPE_REFERRAL_ANSWER, no = TOLD_REFERRAL_REJECTED,
		       wrong = TOLD_REASON_WRONG_SERVICE;
	assert_true(rejected(answer, no, wrong, 0));
	assert_true(rejected(answer, no, wrong, TARGET));
	assert_false(rejected(answer, no, wrong, THIRD));
}

/* "Lost touch" ends nothing but as failed; every reason ends or pauses something, in three wordings. */
static void test_every_reason_has_its_states_and_three_wordings(void **state)
{
	(void)state;
	for (unsigned reason = 1; reason < TOLD_REASON_COUNT; reason++) {
		unsigned states = told_reason_states(reason);
		assert_true(states != 0);
		for (unsigned to = 1; to < STATES; to++)
			assert_true(!(states >> to & 1) || told_state_needs_reason(to));
		assert_true(strlen(told_code(TOLD_LIST_REASON, reason)) > 1);
		assert_true(strlen(told_words(TOLD_LIST_REASON, reason)) > 1);
		assert_true(strlen(told_reason_person(reason)) > 8);
	}
	assert_int_equal(told_reason_states(TOLD_REASON_DISENGAGED), TOLD_STATE_BIT(TOLD_REFERRAL_FAILED));
	assert_int_equal(told_reason_states(TOLD_REASON_COUNT), 0);
}

/* Each of practice.md's conditions by itself holds the closure. */
static void test_lost_touch_needs_every_one_of_its_conditions(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	for (unsigned missing = 0; missing <= 7; missing++) {
		lay(&w, TOLD_TYPE_CLOSURE, TARGET, TOLD_REFERRAL_ACCEPTED, TOLD_REFERRAL_FAILED, 0);
		struct told_message_facts *m = &w.q.message;
		m->reason = TOLD_REASON_DISENGAGED;
		m->attempts = missing == 1 ? 2 : 3;
		m->ways = missing == 2 ? 1 : 2;
		m->place_chosen = missing != 3;
		m->through_others = missing != 4;
		m->hard_asked = missing != 5;
		m->message_left = missing != 6;
		m->high_risk = missing == 7 ? TOLD_YES_NO_NONE : TOLD_YES_NO_NO;
		told_decide(&w.q, &d);
		assert_int_equal(has_code(&d, TOLD_WFL_05), missing != 0);
	}
}

/* ---- the document ---- */

static void put_states(struct told_buf *out, unsigned states)
{
	bool first = true;
	for (unsigned s = 0; s < STATES; s++) {
		if (!(states >> s & 1))
			continue;
		told_buf_printf(out, "%s%s", first ? "" : ", ",
				s == 0 ? "not sent yet" : told_code(TOLD_LIST_REFERRAL, s));
		first = false;
	}
}

/* With TOLD_PRINT set the lines are printed, to be pasted there. */
static void stands_in(const char *document, struct told_buf *line)
{
	const char *text = told_buf_cstr(line);
	assert_non_null(text);
	if (getenv("TOLD_PRINT") != NULL)
		printf("%s", text);
	else if (strstr(document, text) == NULL)
		fail_msg("docs/referrals.md lacks this line: %s", text);
	told_buf_free(line);
}

static void test_the_document_has_every_move_word_and_reason(void **state)
{
	(void)state;
	char path[4096];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(path, sizeof path, "%s/docs/referrals.md", source ? source : ".");
	struct told_bytes file = told_test_read(path);
	const char *document = (const char *)file.data;
	for (size_t i = 0; told_move_at(i) != NULL; i++) {
		const struct told_move *move = told_move_at(i);
		struct told_buf line = TOLD_BUF(1024);
		told_buf_printf(&line, "| %s | %s | ", move->words, told_side_words(move->by));
		put_states(&line, move->from);
		told_buf_put_text(&line, " | ");
		if (move->to == 0)
			told_buf_put_text(&line, "as it is");
		put_states(&line, move->to);
		told_buf_printf(&line, " | %s |\n", told_code(TOLD_LIST_TYPE, move->type));
		stands_in(document, &line);
	}
	for (unsigned s = TOLD_REFERRAL_REQUESTED; s < STATES; s++) {
		struct told_buf line = TOLD_BUF(1024);
		told_buf_printf(&line, "| %s | %s |\n", told_code(TOLD_LIST_REFERRAL, s),
				told_words(TOLD_LIST_REFERRAL, s));
		stands_in(document, &line);
	}
	for (unsigned reason = 1; reason < TOLD_REASON_COUNT; reason++) {
		struct told_buf line = TOLD_BUF(1024);
		told_buf_printf(&line, "| `%s` | %s | %s | ", told_code(TOLD_LIST_REASON, reason),
				told_words(TOLD_LIST_REASON, reason), told_reason_person(reason));
		put_states(&line, told_reason_states(reason));
		told_buf_put_text(&line, " |\n");
		stands_in(document, &line);
	}
	free((void *)(uintptr_t)file.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_state_by_every_message_by_every_side_is_as_drawn),
		cmocka_unit_test(test_what_is_in_no_list_fits_nothing),
		cmocka_unit_test(test_the_decision_refuses_what_the_picture_does_not_allow),
		cmocka_unit_test(test_a_third_party_says_nothing_of_an_open_referral),
		cmocka_unit_test(test_who_was_lost_touch_with_may_come_back_for_a_year),
		cmocka_unit_test(test_a_day_in_the_past_is_refused),
		cmocka_unit_test(test_no_end_and_no_pause_goes_without_its_reason),
		cmocka_unit_test(test_a_mistake_is_no_revocation_and_the_reverse),
		cmocka_unit_test(test_a_redirect_names_another_service),
		cmocka_unit_test(test_every_reason_has_its_states_and_three_wordings),
		cmocka_unit_test(test_lost_touch_needs_every_one_of_its_conditions),
		cmocka_unit_test(test_the_document_has_every_move_word_and_reason),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
