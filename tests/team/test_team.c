/* SPDX-License-Identifier: Apache-2.0 */
/* What may be said of a team, what others say of theirs, and that it comes back as it was written. */
#include "agents/team/team.h"
#include "support/support.h"
#include "told/limits.h"

#include <stdlib.h>
#include <string.h>

#define NOW UINT64_C(1795348800000)

static struct told_team team, other;

static int begin(void **state)
{
	(void)state;
	memset(&team, 0, sizeof team);
	memset(&other, 0, sizeof other);
	return 0;
}

static struct told_lead lead(void)
{
	return (struct told_lead){told_text("TT"), told_text("T1"), told_text("TT"), told_text("T2"), NOW + 1, 0};
}

static void test_a_lead_needs_the_persons_choice_a_deputy_and_an_end(void **state)
{
	struct told_lead one = lead();
	(void)state;
	assert_int_equal(told_team_choose(&team, &one, false, NOW), TOLD_TEAM_CHOSEN);
	one.until_ms = NOW;
	assert_int_equal(told_team_choose(&team, &one, true, NOW), TOLD_TEAM_END);
	one = lead();
	one.deputy = told_text("T1");
	assert_int_equal(told_team_choose(&team, &one, true, NOW), TOLD_TEAM_DEPUTY);
	one.deputy = told_bytes(NULL, 0);
	assert_int_equal(told_team_choose(&team, &one, true, NOW), TOLD_TEAM_DEPUTY);
	one = lead();
	one.worker = told_bytes(NULL, 0);
	assert_int_equal(told_team_choose(&team, &one, true, NOW), TOLD_TEAM_WORDS);
	assert_int_equal(team.lead.until_ms, 0);
	one = lead();
	assert_int_equal(told_team_choose(&team, &one, true, NOW), TOLD_TEAM_FINE);
	assert_int_equal(team.lead.chosen_ms, NOW);
}

/* ---- the lead: every way to choose, in every state of the role ---- */

enum { NO_LEAD, LEAD_LASTS, LEAD_OVER, LEAD_STATES };

static void put_lead(unsigned is)
{
	begin(NULL);
	if (is == NO_LEAD)
		return;
	team.lead = (struct told_lead){told_text("HOU"), told_text("H1"), told_text("HOU"),
				       told_text("H2"),  NOW + 9,         NOW - 9};
	if (is == LEAD_OVER)
		team.lead.until_ms = NOW - 1;
}

/* The worker, the deputy, the last day, whether the person chose: which rule answers, the first that is broken. */
static enum told_team_rule drawn(bool chosen, unsigned worker, unsigned deputy, unsigned day)
{
	if (!chosen)
		return TOLD_TEAM_CHOSEN;
	if (day != 2)
		return TOLD_TEAM_END;
	if (worker == 0)
		return TOLD_TEAM_WORDS;
	return deputy < 2 ? TOLD_TEAM_DEPUTY : TOLD_TEAM_FINE;
}

static void test_every_way_to_choose_a_lead_in_every_state_has_one_answer(void **state)
{
	static const char *const workers[] = {"", "T1"}, *const deputies[] = {"", "T1", "T2"};
	static const uint64_t days[] = {NOW - 1, NOW, NOW + 1};
	size_t allowed = 0;
	(void)state;
	for (unsigned n = 0; n < LEAD_STATES * 2 * 2 * 3 * 3; n++) {
		unsigned is = n % LEAD_STATES, worker = n / 3 % 2, deputy = n / 6 % 3, day = n / 18 % 3;
		bool chosen = n / 54 % 2 != 0;
		put_lead(is);
		struct told_lead before = team.lead;
		struct told_lead one = {told_text("TT"), told_text(workers[worker]),
					told_text("TT"), told_text(deputies[deputy]),
					days[day],       0};
		enum told_team_rule rule = told_team_choose(&team, &one, chosen, NOW);
		assert_int_equal(rule, drawn(chosen, worker, deputy, day));
		if (rule == TOLD_TEAM_FINE)
			assert_true(told_bytes_equal(team.lead.worker, told_text("T1")) && team.lead.chosen_ms == NOW);
		else
			assert_memory_equal(&team.lead, &before, sizeof before);
		allowed += rule == TOLD_TEAM_FINE;
	}
	assert_int_equal(allowed, LEAD_STATES);
}

/* What another service says of the lead: the newer choice counts, in every state, whoever says it. */
static void test_every_news_of_a_lead_in_every_state_has_one_answer(void **state)
{
	static const int64_t ages[] = {-99, -9, 99}; /* before, at and after the choice that stands */
	static const char *const senders[] = {"TT", "HOU", "SUD"};
	(void)state;
	for (unsigned n = 0; n < LEAD_STATES * 3 * 3; n++) {
		unsigned is = n % LEAD_STATES, age = n / 3 % 3, sender = n / 9 % 3;
		put_lead(is);
		struct told_team_news news = {.lead = {told_text("TT"), told_text("T1"), told_text("TT"),
						       told_text("T2"), NOW + 5, (uint64_t)((int64_t)NOW + ages[age])}};
		(void)!told_team_take(&team, told_text(senders[sender]), &news, NOW + 200);
		bool newer = is == NO_LEAD || age == 2;
		assert_int_equal(told_bytes_equal(team.lead.worker, told_text("T1")), newer);
	}
}

/* ---- supporters: absent, named, dropped; named, dropped, heard ---- */

/* Else whoever claims a choice of tomorrow could never be followed by another. */
static void test_a_choice_newer_than_its_telling_counts_for_nothing(void **state)
{
	struct told_team_news news = {.lead = lead()};
	(void)state;
	news.lead.chosen_ms = NOW + 2 * TOLD_MS_HOUR;
	(void)!told_team_take(&team, told_text("TT"), &news, NOW);
	assert_int_equal(team.lead.worker.len, 0);
	(void)!told_team_take(&team, told_text("TT"), &news, NOW + TOLD_MS_HOUR);
	assert_true(told_bytes_equal(team.lead.worker, told_text("T1")));
}

static void test_every_state_and_event_of_a_supporter_has_one_answer(void **state)
{
	enum { ABSENT, NAMED, DROPPED, STATES };
	const struct told_supporter one = {
		.name = told_text("her sister"), .how = TOLD_SUPPORT_PAPER, .steps = {{1, 3}, 2}};
	const struct told_supporter *found = NULL;
	struct told_bytes consent;
	(void)state;
	for (unsigned is = ABSENT; is < STATES; is++)
		for (unsigned event = 0; event < 6; event++) {
			begin(NULL);
			if (is != ABSENT)
				assert_int_equal(told_team_support(&team, &one, true), TOLD_TEAM_FINE);
			if (is == DROPPED)
				assert_int_equal(told_team_drop(&team, one.name, &consent), TOLD_TEAM_FINE);
			const enum told_team_rule got[] = {
				event == 0 ? told_team_support(&team, &one, false) : TOLD_TEAM_FINE,
				event == 1 ? told_team_support(&team, &one, true) : TOLD_TEAM_FINE,
				event == 2 ? told_team_drop(&team, one.name, &consent) : TOLD_TEAM_FINE,
				event == 3 ? told_team_may_hear(&team, one.name, 0, &found) : TOLD_TEAM_FINE,
				event == 4 ? told_team_may_hear(&team, one.name, 3, &found) : TOLD_TEAM_FINE,
				event == 5 ? told_team_may_hear(&team, one.name, 2, &found) : TOLD_TEAM_FINE,
			};
			const enum told_team_rule stands[] = {TOLD_TEAM_ALONE, TOLD_TEAM_FINE, TOLD_TEAM_FINE,
							      TOLD_TEAM_FINE,  TOLD_TEAM_FINE, TOLD_TEAM_TICKED};
			bool names = event < 2;
			assert_int_equal(got[event], is == NAMED || names ? stands[event] : TOLD_TEAM_SUPPORTER);
		}
}

static void test_a_supporter_hears_what_is_ticked_until_dropped(void **state)
{
	struct told_supporter one = {.name = told_text("her sister"), .how = TOLD_SUPPORT_PAPER, .steps = {{1, 3}, 2}};
	const struct told_supporter *found = NULL;
	struct told_bytes consent;
	(void)state;
	assert_int_equal(told_team_support(&team, &one, false), TOLD_TEAM_ALONE);
	assert_int_equal(told_team_may_hear(&team, one.name, 1, &found), TOLD_TEAM_SUPPORTER);
	assert_int_equal(told_team_support(&team, &one, true), TOLD_TEAM_FINE);
	assert_int_equal(told_team_may_hear(&team, one.name, 0, &found), TOLD_TEAM_FINE);
	assert_int_equal(told_team_may_hear(&team, one.name, 3, &found), TOLD_TEAM_FINE);
	assert_int_equal(told_team_may_hear(&team, one.name, 2, &found), TOLD_TEAM_TICKED);
	assert_int_equal(told_team_drop(&team, one.name, &consent), TOLD_TEAM_FINE);
	assert_int_equal(told_team_drop(&team, one.name, &consent), TOLD_TEAM_SUPPORTER);
	assert_int_equal(told_team_may_hear(&team, one.name, 1, &found), TOLD_TEAM_SUPPORTER);
	assert_int_equal(told_team_support(&team, &one, true), TOLD_TEAM_FINE);
	assert_int_equal(team.supporter_count, 1);
}

/* ---- members and promises ---- */

/* A worker: absent, ours, or another service's of the same number; joined, joined with another team, leaving. */
static void test_every_state_and_event_of_a_member_has_one_answer(void **state)
{
	enum { ABSENT, OURS, THEIRS, STATES };
	const struct told_member ours = {told_text("HOU"), told_text("A"), told_text("front")},
				 moved = {told_text("HOU"), told_text("A"), told_text("back")},
				 theirs = {told_text("TT"), told_text("A"), told_text("front")};
	(void)state;
	for (unsigned is = ABSENT; is < STATES; is++)
		for (unsigned event = 0; event < 3; event++) {
			begin(NULL);
			if (is != ABSENT)
				assert_int_equal(told_team_join(&team, is == OURS ? &ours : &theirs), TOLD_TEAM_FINE);
			enum told_team_rule got = event == 0   ? told_team_join(&team, &ours)
						  : event == 1 ? told_team_join(&team, &moved)
							       : told_team_leave(&team, ours.party, ours.worker);
			assert_int_equal(got, event == 2 && is != OURS ? TOLD_TEAM_MEMBER : TOLD_TEAM_FINE);
			size_t others = is == THEIRS ? 1 : 0;
			assert_int_equal(team.member_count, others + (event < 2 ? 1 : 0));
			if (event < 2)
				assert_true(told_bytes_equal(team.members[others].team,
							     event == 0 ? ours.team : moved.team));
		}
}

/* A promise: none, open, late, kept; kept, kept again, made with a day behind us. */
static void test_every_state_and_event_of_a_promise_has_one_answer(void **state)
{
	enum { NO_PROMISE, OPEN, LATE, KEPT, STATES };
	(void)state;
	for (unsigned is = NO_PROMISE; is < STATES; is++)
		for (unsigned event = 0; event < 2; event++) {
			struct told_promise promise = {.what = told_text("I ring"), .worker = told_text("A")};
			begin(NULL);
			promise.due_ms = is == LATE ? NOW - 5 : NOW + 5;
			if (is != NO_PROMISE)
				assert_int_equal(told_team_promise(&team, &promise, NOW - 9), TOLD_TEAM_FINE);
			if (is == KEPT)
				assert_int_equal(told_team_keep(&team, 1), TOLD_TEAM_FINE);
			promise.due_ms = NOW - 1;
			enum told_team_rule got =
				event == 0 ? told_team_keep(&team, 1) : told_team_promise(&team, &promise, NOW);
			if (event == 1)
				assert_int_equal(got, TOLD_TEAM_END);
			else
				assert_int_equal(got, is == NO_PROMISE ? TOLD_TEAM_MEMBER : TOLD_TEAM_FINE);
			assert_int_equal(team.promise_count, is == NO_PROMISE ? 0 : 1);
			if (is != NO_PROMISE)
				assert_int_equal(team.promises[0].kept, is == KEPT || event == 0);
		}
}

static void test_lists_end_where_they_are_full(void **state)
{
	char name[16];
	struct told_promise promise = {.what = told_text("I ring you")};
	(void)state;
	for (unsigned i = 0; i <= TOLD_TEAM_MEMBERS_MAX; i++) {
		snprintf(name, sizeof name, "W%u", i);
		char *kept = strdup(name); /* the team borrows it */
		struct told_member member = {told_text("HOU"), told_text(kept), told_bytes(NULL, 0)};
		assert_int_equal(told_team_join(&team, &member),
				 i < TOLD_TEAM_MEMBERS_MAX ? TOLD_TEAM_FINE : TOLD_TEAM_FULL);
		if (i == TOLD_TEAM_MEMBERS_MAX)
			free(kept);
	}
	for (unsigned i = 0; i <= TOLD_TEAM_PROMISES_MAX; i++)
		assert_int_equal(told_team_promise(&team, &promise, NOW),
				 i < TOLD_TEAM_PROMISES_MAX ? TOLD_TEAM_FINE : TOLD_TEAM_FULL);
	promise.due_ms = NOW - 1;
	assert_int_equal(told_team_promise(&team, &promise, NOW), TOLD_TEAM_END);
	assert_int_equal(told_team_keep(&team, 0), TOLD_TEAM_MEMBER);
	assert_int_equal(told_team_keep(&team, TOLD_TEAM_PROMISES_MAX + 1), TOLD_TEAM_MEMBER);
	for (size_t i = 0; i < team.member_count; i++)
		free((void *)(uintptr_t)team.members[i].worker.data);
}

static void test_a_handover_passes_what_is_open_and_nothing_of_another_party(void **state)
{
	const struct told_member members[] = {{told_text("HOU"), told_text("A"), told_bytes(NULL, 0)},
					      {told_text("TT"), told_text("A"), told_bytes(NULL, 0)},
					      {told_text("HOU"), told_text("B"), told_bytes(NULL, 0)}};
	struct told_promise open = {.what = told_text("I ring"), .worker = told_text("A")}, kept = open;
	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(told_team_join(&team, &members[i]), TOLD_TEAM_FINE);
	kept.kept = true;
	assert_int_equal(told_team_promise(&team, &open, NOW), TOLD_TEAM_FINE);
	assert_int_equal(told_team_promise(&team, &kept, NOW), TOLD_TEAM_FINE);
	team.lead = (struct told_lead){told_text("HOU"), told_text("A"), told_text("TT"), told_text("A"), NOW + 1, NOW};
	assert_int_equal(told_team_hand_over(&team, told_text("HOU"), told_text("A"), told_text("B")), 3);
	assert_true(told_bytes_equal(team.lead.worker, told_text("B")));
	assert_true(told_bytes_equal(team.lead.deputy, told_text("A")));
	assert_int_equal(team.member_count, 2);
	assert_true(told_bytes_equal(team.promises[0].worker, told_text("B")));
	assert_true(told_bytes_equal(team.promises[1].worker, told_text("A")));
	assert_int_equal(told_team_leave(&team, told_text("HOU"), told_text("A")), TOLD_TEAM_MEMBER);
}

static void test_each_service_says_its_own_members_and_the_newer_lead_counts(void **state)
{
	struct told_team_news news;
	struct told_member ours = {told_text("HOU"), told_text("A"), told_text("front")};
	struct told_lead one = lead();
	(void)state;
	assert_int_equal(told_team_join(&team, &ours), TOLD_TEAM_FINE);
	assert_int_equal(told_team_choose(&team, &one, true, NOW), TOLD_TEAM_FINE);
	told_team_news_of(&team, told_text("HOU"), &news);
	assert_int_equal(told_team_take(&other, told_text("HOU"), &news, NOW + 200), TOLD_TEAM_FINE);
	assert_int_equal(told_team_take(&other, told_text("HOU"), &news, NOW + 200), TOLD_TEAM_FINE);
	assert_int_equal(other.member_count, 1);
	assert_true(told_bytes_equal(other.members[0].team, told_text("front")));
	news.lead.worker = told_text("OLD");
	news.lead.chosen_ms = NOW - 1;
	assert_int_equal(told_team_take(&other, told_text("SUD"), &news, NOW + 200), TOLD_TEAM_FINE);
	assert_true(told_bytes_equal(other.lead.worker, told_text("T1")));
	assert_int_equal(other.member_count, 2);
	news.teams.count = 0;
	assert_int_equal(told_team_take(&other, told_text("HOU"), &news, NOW + 200), TOLD_TEAM_FULL);
}

static void test_a_team_comes_back_as_it_was_written(void **state)
{
	struct told_arena *arena = NULL;
	struct told_supporter one = {.name = told_text("her sister"), .how = TOLD_SUPPORT_SPOKEN, .steps = {{2}, 1}};
	struct told_promise promise = {.what = told_text("I ring"), .worker = told_text("A"), .due_ms = NOW};
	struct told_member member = {told_text("HOU"), told_text("A"), told_text("front")};
	struct told_lead chosen = lead();
	(void)state;
	assert_int_equal(told_team_support(&team, &one, true), TOLD_TEAM_FINE);
	assert_int_equal(told_team_promise(&team, &promise, NOW), TOLD_TEAM_FINE);
	assert_int_equal(told_team_join(&team, &member), TOLD_TEAM_FINE);
	assert_int_equal(told_team_choose(&team, &chosen, true, NOW), TOLD_TEAM_FINE);
	json_t *doc = told_team_json(&team);
	char *text = json_dumps(doc, JSON_COMPACT);
	assert_int_equal(told_arena_new(1u << 20, &arena), TOLD_OK);
	assert_int_equal(told_team_read(told_text(text), arena, &other), TOLD_OK);
	json_t *again = told_team_json(&other);
	assert_true(json_equal(doc, again));
	assert_int_equal(told_team_read(told_text("[]"), arena, &other), TOLD_E_MALFORMED);
	json_decref(doc);
	json_decref(again);
	free(text);
	told_arena_free(arena);
}

static void test_every_rule_has_a_name_and_a_sentence(void **state)
{
	(void)state;
	for (unsigned rule = 1; rule < TOLD_TEAM_RULE_COUNT; rule++) {
		assert_int_equal(strncmp(told_team_rule_name(rule), "team-", 5), 0);
		assert_true(strlen(told_team_rule_text(rule)) > 10);
	}
	assert_string_equal(told_team_rule_name(TOLD_TEAM_RULE_COUNT), "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
		TEST(test_a_lead_needs_the_persons_choice_a_deputy_and_an_end),
		TEST(test_every_way_to_choose_a_lead_in_every_state_has_one_answer),
		TEST(test_every_news_of_a_lead_in_every_state_has_one_answer),
		TEST(test_a_choice_newer_than_its_telling_counts_for_nothing),
		TEST(test_every_state_and_event_of_a_supporter_has_one_answer),
		TEST(test_a_supporter_hears_what_is_ticked_until_dropped),
		TEST(test_every_state_and_event_of_a_member_has_one_answer),
		TEST(test_every_state_and_event_of_a_promise_has_one_answer),
		TEST(test_lists_end_where_they_are_full),
		TEST(test_a_handover_passes_what_is_open_and_nothing_of_another_party),
		TEST(test_each_service_says_its_own_members_and_the_newer_lead_counts),
		TEST(test_a_team_comes_back_as_it_was_written),
		TEST(test_every_rule_has_a_name_and_a_sentence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
