/* SPDX-License-Identifier: Apache-2.0 */
/* Properties of the decision over made-up questions (decision.md 4.9, 1 to 6, 8 and 9). Seed printed; TOLD_SEED repeats
 * a run, TOLD_ROUNDS asks for more. */
#include "decide/world.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t rounds(void)
{
	const char *text = getenv("TOLD_ROUNDS");
	return text ? strtoull(text, NULL, 10) : 50000;
}

static uint64_t below(uint64_t *random, uint64_t n)
{
	return told_test_random(random) % n;
}

static void make(struct world *w, uint64_t *random)
{
	size_t sections = 1 + below(random, 8), agreements = 1 + below(random, 3), consents = below(random, 8);
	world_make(w, random, sections, agreements, consents);
}

static bool went(const struct told_decision *d, size_t section)
{
	return d->sections[section].effect == TOLD_SECTION_EFFECT_RELEASE;
}

/* Every section that goes after goes before. */
static bool releases_no_more(const struct told_decision *before, const struct told_decision *after)
{
	for (size_t i = 0; i < before->section_count; i++)
		if (went(after, i) && !went(before, i))
			return false;
	return true;
}

static bool same(const struct told_decision *a, const struct told_decision *b)
{
	return a->effect == b->effect && a->primary == b->primary && a->stage == b->stage &&
	       a->code_count == b->code_count && memcmp(a->codes, b->codes, sizeof a->codes) == 0 &&
	       a->section_count == b->section_count && memcmp(a->sections, b->sections, sizeof a->sections) == 0 &&
	       a->obligation_count == b->obligation_count &&
	       memcmp(a->obligations, b->obligations, sizeof a->obligations) == 0;
}

/* ---- 1: taking away ---- */

#define REMOVE(array, count, at)                                                                                       \
	do {                                                                                                           \
		memmove(&(array)[at], &(array)[(at) + 1], ((count) - (at)-1) * sizeof(array)[0]);                      \
		(count)--;                                                                                             \
	} while (0)

static bool is_withdrawn(const struct world *w, const struct told_consent *c)
{
	for (size_t i = 0; i < w->q.withdrawal_count; i++)
		if (memcmp(w->withdrawals[i].consent_id, c->id, sizeof c->id) == 0)
			return true;
	return c->state == TOLD_CONSENT_STATE_WITHDRAWN;
}

/* A refusal, a withdrawal, an exclusion, or a record that supersedes another: taking it away may well release more. */
static bool protects(const struct world *w, const struct told_consent *c)
{
	static const struct told_consent none;
	return c->state == TOLD_CONSENT_STATE_REFUSED || is_withdrawn(w, c) ||
	       memcmp(&c->exclude, &none.exclude, sizeof c->exclude) != 0 ||
	       memcmp(&c->not_to, &none.not_to, sizeof c->not_to) != 0 || c->supersedes[0] != 0;
}

static bool take_away(struct world *w, uint64_t *random)
{
	size_t at;
	switch (below(random, 4)) {
	case 0:
		if (w->q.consent_count == 0)
			return false;
		at = below(random, w->q.consent_count);
		if (protects(w, &w->consents[at]))
			return false;
		REMOVE(w->consents, w->q.consent_count, at);
		return true;
	case 1:
		at = below(random, w->q.relationship_count);
		REMOVE(w->relationships, w->q.relationship_count, at);
		return true;
	case 2:
		at = below(random, WORLD_FLOWS);
		REMOVE(w->flows[0], w->agreements[0].flow_count, at);
		return true;
	default:
		at = below(random, WORLD_PARTIES);
		REMOVE(w->parties[0], w->agreements[0].party_count, at);
		return true;
	}
}

static void test_taking_a_permission_relationship_flow_or_party_away_never_releases_more(void **state)
{
	static struct world before, after;
	struct told_decision first, second;
	uint64_t random = *(uint64_t *)*state, released = 0, tried = 0;
	for (uint64_t i = 0; i < rounds(); i++) {
		make(&before, &random);
		world_copy(&after, &before);
		if (!take_away(&after, &random))
			continue;
		told_decide(&before.q, &first);
		told_decide(&after.q, &second);
		if (!releases_no_more(&first, &second))
			fail_msg("round %llu: less gave more", (unsigned long long)i);
		released += first.effect == TOLD_EFFECT_RELEASE || first.effect == TOLD_EFFECT_PARTIAL;
		tried++;
	}
	print_message("%llu taken away, %llu of them from something that went\n", (unsigned long long)tried,
		      (unsigned long long)released);
	assert_true(released * 20 > tried); /* else the property says nothing */
}

/* ---- 2: a no more ---- */

static void add_no(struct world *w, uint64_t *random)
{
	struct told_consent *c = &w->consents[w->q.consent_count];
	switch (below(random, 4)) {
	case 0: told_partyset_add(&w->agreements[0].never_to, 1 + (uint32_t)below(random, WORLD_PARTIES)); return;
	case 1: w->agreements[0].never_for |= TOLD_BIT32(1 + below(random, 4)); return;
	default:
		*c = (struct told_consent){.id = {200}, .kind = TOLD_CONSENT_KIND_PERMISSION, .person = 1};
		c->given_utc_ms = WORLD_T_UTC_MS - (int64_t)below(random, 300) * TOLD_MS_DAY;
		c->state = below(random, 2) ? TOLD_CONSENT_STATE_REFUSED : TOLD_CONSENT_STATE_GIVEN;
		if (c->state == TOLD_CONSENT_STATE_GIVEN)
			told_partyset_add(&c->not_to, 2);
		w->q.consent_count++;
	}
}

static void test_a_refusal_an_exclusion_or_a_never_line_more_never_releases_more(void **state)
{
	static struct world before, after;
	struct told_decision first, second;
	uint64_t random = *(uint64_t *)*state ^ 2;
	for (uint64_t i = 0; i < rounds(); i++) {
		make(&before, &random);
		world_copy(&after, &before);
		add_no(&after, &random);
		told_decide(&before.q, &first);
		told_decide(&after.q, &second);
		if (!releases_no_more(&first, &second))
			fail_msg("round %llu: a no gave more", (unsigned long long)i);
	}
}

/* ---- 3 and 8: order and repetition ---- */

static void test_the_order_in_memory_never_changes_the_ruling_nor_its_digest(void **state)
{
	static struct world before, after;
	struct told_decision first, second;
	told_hash one, two;
	uint64_t random = *(uint64_t *)*state ^ 3;
	for (uint64_t i = 0; i < rounds(); i++) {
		make(&before, &random);
		world_copy(&after, &before);
		world_shuffle(&after, &random);
		told_decide(&before.q, &first);
		told_decide(&after.q, &second);
		if (!same(&first, &second))
			fail_msg("round %llu: another order, another ruling", (unsigned long long)i);
		if (i % 16)
			continue;
		told_question_digest(&before.q, &one);
		told_question_digest(&after.q, &two);
		if (!told_hash_equal(&one, &two))
			fail_msg("round %llu: another order, another digest", (unsigned long long)i);
	}
}

static void test_the_same_question_gets_the_same_bytes(void **state)
{
	static struct world w;
	struct told_decision first, second;
	uint64_t random = *(uint64_t *)*state ^ 8;
	for (uint64_t i = 0; i < rounds() / 4; i++) {
		make(&w, &random);
		memset(&first, 0xa5, sizeof first);
		memset(&second, 0x5a, sizeof second);
		told_decide(&w.q, &first);
		told_decide(&w.q, &second);
		assert_true(same(&first, &second));
	}
}

static void test_every_fact_that_changes_changes_the_digest(void **state)
{
	static struct world w;
	told_hash before, after;
	uint64_t random = *(uint64_t *)*state ^ 9;
	make(&w, &random);
	told_question_digest(&w.q, &before);
	int64_t *const times[] = {&w.q.t_utc_ms, &w.q.message.expires_utc_ms, &w.q.person.died_utc_ms};
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		(*times[i])++;
		told_question_digest(&w.q, &after);
		assert_false(told_hash_equal(&before, &after));
		(*times[i])--;
	}
	w.sections[0].flags ^= TOLD_SECTION_ONWARD;
	told_question_digest(&w.q, &after);
	assert_false(told_hash_equal(&before, &after));
}

/* ---- 4: time ---- */

static void test_past_every_end_nothing_that_needs_permission_goes(void **state)
{
	static struct world w;
	struct told_decision d;
	uint64_t random = *(uint64_t *)*state ^ 4;
	for (uint64_t i = 0; i < rounds(); i++) {
		make(&w, &random);
		w.q.t_utc_ms += 3 * 366 * TOLD_MS_DAY;
		w.q.message.created_utc_ms = w.q.t_utc_ms;
		w.q.message.expires_utc_ms = w.q.t_utc_ms + TOLD_MS_DAY;
		told_decide(&w.q, &d);
		for (size_t s = 0; s < d.section_count; s++)
			if (went(&d, s) && d.sections[s].code == TOLD_OK_00)
				fail_msg("round %llu: a permission outlived its end", (unsigned long long)i);
	}
}

/* ---- 5 and 6: what a ruling looks like ---- */

static void check_shape(const struct world *w, const struct told_decision *d, uint64_t round)
{
	size_t gone = 0;
	assert_int_equal(d->section_count, w->q.message.section_count);
	for (size_t i = 0; i < d->section_count; i++) {
		assert_in_range(d->sections[i].effect, TOLD_SECTION_EFFECT_RELEASE, TOLD_SECTION_EFFECT_HOLD);
		assert_non_null(told_code_row(d->sections[i].code));
		gone += went(d, i);
	}
	bool fits = d->effect == TOLD_EFFECT_RELEASE   ? gone == d->section_count
		    : d->effect == TOLD_EFFECT_PARTIAL ? gone > 0 && gone < d->section_count
						       : gone == 0;
	const struct told_code_row *row = told_code_row(d->primary);
	if (!fits || !row || d->code_count == 0)
		fail_msg("round %llu: effect %u with %zu of %u sections, %u codes", (unsigned long long)round,
			 d->effect, gone, d->section_count, d->code_count);
	bool passes = strcmp(row->effects, "p") == 0;
	assert_int_equal(passes, d->effect == TOLD_EFFECT_RELEASE);
}

static void test_released_and_withheld_are_what_was_sent_and_every_refusal_has_a_reason(void **state)
{
	static struct world w;
	struct told_decision d;
	uint64_t random = *(uint64_t *)*state ^ 5, seen[TOLD_EFFECT_REJECT + 1] = {0};
	for (uint64_t i = 0; i < rounds(); i++) {
		if (i % 4 == 0)
			world_make_alert(&w, &random);
		else
			make(&w, &random);
		told_decide(&w.q, &d);
		check_shape(&w, &d, i);
		seen[d.effect]++;
	}
	print_message("release %llu, partial %llu, hold %llu, deny %llu\n", (unsigned long long)seen[1],
		      (unsigned long long)seen[2], (unsigned long long)seen[3], (unsigned long long)seen[4]);
	assert_true(seen[1] && seen[2] && seen[3] && seen[4]);
}

/* ---- 9: formalities never hold an alert ---- */

static void take_formality(struct world *w, unsigned which)
{
	switch (which) {
	case 0: w->q.message.authoriser = 0; break;
	case 1: w->q.message.override.reason_given = false; break;
	case 2: w->q.consent_count = 0; break;
	case 3: w->agreements[0].review_utc_ms = WORLD_T_UTC_MS - 300 * TOLD_MS_DAY; break;
	case 4: w->parties[0][0].assurance_until_utc_ms = WORLD_T_UTC_MS - 300 * TOLD_MS_DAY; break;
	case 5: w->directory[0].standing = TOLD_STANDING_SUSPENDED; break;
	case 6: w->facts[0].sender_suspended = true; break;
	default: w->workers[0].roles = TOLD_BIT32(TOLD_ROLE_TRAINEE); break;
	}
}

static void test_an_alerts_first_set_never_waits_for_a_formality(void **state)
{
	static struct world before, after;
	struct told_decision first, second;
	uint64_t random = *(uint64_t *)*state ^ 7, accepted = 0;
	for (uint64_t i = 0; i < rounds(); i++) {
		world_make_alert(&before, &random);
		world_copy(&after, &before);
		for (unsigned which = 0; which < 8; which++)
			if (below(&random, 2))
				take_formality(&after, which);
		told_decide(&before.q, &first);
		told_decide(&after.q, &second);
		for (size_t s = 0; s < first.section_count; s++) {
			bool in_first = told_catset_has(&before.profiles[0][0].first, before.sections[s].category);
			accepted += in_first && went(&first, s);
			if (in_first && went(&first, s) && !went(&second, s))
				fail_msg("round %llu: a formality held section %zu (%s)", (unsigned long long)i, s,
					 told_code_row(second.sections[s].code)->name);
		}
	}
	assert_true(accepted > rounds() / 10);
}

int main(void)
{
	static uint64_t seed;
	seed = told_test_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_taking_a_permission_relationship_flow_or_party_away_never_releases_more,
					  &seed),
		cmocka_unit_test_prestate(test_a_refusal_an_exclusion_or_a_never_line_more_never_releases_more, &seed),
		cmocka_unit_test_prestate(test_the_order_in_memory_never_changes_the_ruling_nor_its_digest, &seed),
		cmocka_unit_test_prestate(test_the_same_question_gets_the_same_bytes, &seed),
		cmocka_unit_test_prestate(test_every_fact_that_changes_changes_the_digest, &seed),
		cmocka_unit_test_prestate(test_past_every_end_nothing_that_needs_permission_goes, &seed),
		cmocka_unit_test_prestate(test_released_and_withheld_are_what_was_sent_and_every_refusal_has_a_reason,
					  &seed),
		cmocka_unit_test_prestate(test_an_alerts_first_set_never_waits_for_a_formality, &seed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
