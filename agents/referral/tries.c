/* SPDX-License-Identifier: Apache-2.0 */
/* Counting tries, and saying what is missing: one row for each thing that practice.md section 5 asks for. */
#include "agents/referral/tries.h"

const char *const told_try_ways[TOLD_TRY_WAY_COUNT] = {NULL,
#define X(name, code, words) code,
						       TOLD_TRY_WAYS(X)
#undef X
};
const char *const told_try_results[TOLD_TRY_RESULT_COUNT] = {NULL, "met", "not_met", "cancelled_by_us"};
const char *const told_try_throughs[TOLD_TRY_THROUGH_COUNT] = {NULL, "lead", "supporter"};

const char *told_try_way_words(enum told_try_way way)
{
	static const char *const words[TOLD_TRY_WAY_COUNT] = {
		"",
#define X(name, code, says) says,
		TOLD_TRY_WAYS(X)
#undef X
	};
	return words[way < TOLD_TRY_WAY_COUNT ? way : 0];
}

static void add_try(struct told_search *s, const struct told_try *try, unsigned *ways)
{
	s->attempts++;
	if (try->way_chosen)
		*ways |= 1u << try->way;
	s->place_chosen |= try->place_chosen;
	s->through_others |= try->through != TOLD_TRY_OURSELVES;
}

void told_search_count(const struct told_try *tries, size_t count, struct told_search *s)
{
	unsigned ways = 0;
	s->met = s->not_met = s->cancelled_by_us = s->attempts = s->ways = 0;
	s->place_chosen = s->through_others = false;
	for (size_t i = 0; i < count; i++) {
		s->met += tries[i].result == TOLD_TRY_MET;
		s->not_met += tries[i].result == TOLD_TRY_NOT_MET;
		s->cancelled_by_us += tries[i].result == TOLD_TRY_CANCELLED_BY_US;
		if (tries[i].result == TOLD_TRY_MET) {
			s->attempts = ways = 0;
			s->place_chosen = s->through_others = false;
		}
		if (tries[i].result == TOLD_TRY_NOT_MET)
			add_try(s, &tries[i], &ways);
	}
	for (; ways != 0; ways &= ways - 1)
		s->ways++;
}

static bool enough_tries(const struct told_search *s)
{
	return s->attempts >= 3;
}
static bool enough_ways(const struct told_search *s)
{
	return s->ways >= 2;
}
static bool at_their_place(const struct told_search *s)
{
	return s->place_chosen;
}
static bool through_others(const struct told_search *s)
{
	return s->through_others;
}
static bool asked(const struct told_search *s)
{
	return s->hard_asked;
}
static bool left(const struct told_search *s)
{
	return s->message_left;
}
static bool reviewed(const struct told_search *s)
{
	return !s->high_risk || s->reviewer_named;
}
static bool referrer_told(const struct told_search *s)
{
	return !s->high_risk || s->referrer_told;
}

static const struct {
	bool (*done)(const struct told_search *s);
	const char *missing;
} needs[] = {
	{enough_tries, "Three tries are needed since you last met (told referral tried)."},
	{enough_ways, "Two of the tries must be by different ways that the person chose (--their-way)."},
	{at_their_place, "One try must be at a place and time that the person chose (--their-place)."},
	{through_others, "One try must be through the lead worker or a supporter (--through lead or supporter)."},
	{asked, "Say what made it hard to reach us (--hard)."},
	{left, "Leave words that the person can keep: \"The door is open. Ring NAME.\" (--left)."},
	{reviewed, "The person is at high risk: a senior must look at it and be named (--reviewer)."},
	{referrer_told, "The person is at high risk: tell the referrer first (told referral inform)."},
};

bool told_search_enough(const struct told_search *s, struct told_buf *missing)
{
	bool enough = true;
	for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
		if (needs[i].done(s))
			continue;
		told_buf_printf(missing, "%s%s", enough ? "" : " ", needs[i].missing);
		enough = false;
	}
	return enough;
}
