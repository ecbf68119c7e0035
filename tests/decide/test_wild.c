/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold whatever is asked: a ruling is whole, says why, is the same when asked again, and never lets more go
 * than was sent. Seed printed; TOLD_SEED repeats a run, TOLD_ROUNDS asks for more. */
#include "decide/wild.h"
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

static uint64_t rounds(void)
{
	const char *text = getenv("TOLD_ROUNDS");
	return text ? strtoull(text, NULL, 10) : 50000;
}

static size_t count_going(const struct told_decision *d)
{
	size_t going = 0;
	for (size_t i = 0; i < d->section_count; i++) {
		assert_in_range(d->sections[i].effect, TOLD_SECTION_EFFECT_RELEASE, TOLD_SECTION_EFFECT_HOLD);
		assert_non_null(told_code_row(d->sections[i].code));
		assert_int_equal(d->sections[i].index, i);
		going += d->sections[i].effect == TOLD_SECTION_EFFECT_RELEASE;
	}
	return going;
}

static void check_effect(const struct told_question *q, const struct told_decision *d)
{
	size_t going = count_going(d);
	bool view = q->message.type == TOLD_TYPE_AUDIT_VIEW;
	assert_true(d->section_count == q->message.section_count || q->message.section_count > TOLD_SECTIONS_MAX);
	switch (d->effect) {
	case TOLD_EFFECT_RELEASE: assert_int_equal(going, d->section_count); break;
	case TOLD_EFFECT_PARTIAL: assert_true((going > 0 || view) && going < d->section_count); break;
	case TOLD_EFFECT_HOLD:
	case TOLD_EFFECT_DENY:
	case TOLD_EFFECT_REJECT: assert_int_equal(going, 0); break;
	default: fail_msg("effect %u", d->effect);
	}
}

static void check_reason(const struct told_decision *d)
{
	const struct told_code_row *row = told_code_row(d->primary);
	assert_non_null(row);
	assert_true(d->code_count > 0 && d->code_count <= TOLD_CODE_COUNT);
	assert_int_equal(d->stage, row->stage);
	if (d->effect != TOLD_EFFECT_RELEASE)
		assert_true(strcmp(row->effects, "p") != 0);
	for (size_t i = 1; i < d->code_count; i++)
		assert_true(told_code_place(d->codes[i - 1]) < told_code_place(d->codes[i]));
}

static void check_obligations(const struct told_decision *d)
{
	bool receipt = false;
	assert_true(d->obligation_count <= TOLD_OBLIGATIONS_MAX);
	for (size_t i = 0; i < d->obligation_count; i++) {
		assert_in_range(d->obligations[i].kind, 1, TOLD_OBLIGATION_COUNT - 1);
		receipt |= d->obligations[i].kind == TOLD_OBLIGATION_RECEIPT;
	}
	assert_true(receipt);
}

static void check_digest(const struct told_question *q)
{
	told_hash one, two;
	told_question_digest(q, &one);
	told_question_digest(q, &two);
	assert_true(told_hash_equal(&one, &two));
}

static void test_whatever_is_asked_gets_a_whole_ruling_twice_the_same(void **state)
{
	static struct wild x;
	static struct told_decision d, again;
	uint64_t random = *(uint64_t *)*state, seen[TOLD_EFFECT_REJECT + 1] = {0};
	bool codes[TOLD_CODE_COUNT] = {false};
	for (uint64_t i = 0; i < rounds(); i++) {
		wild_make(&x, &random);
		memset(&d, 0xa5, sizeof d);
		memset(&again, 0x5a, sizeof again);
		told_decide(&x.w.q, &d);
		told_decide(&x.w.q, &again);
		assert_int_equal(d.effect, again.effect);
		assert_memory_equal(d.codes, again.codes, d.code_count * sizeof d.codes[0]);
		assert_memory_equal(d.sections, again.sections, d.section_count * sizeof d.sections[0]);
		if (i % 8 == 0)
			check_digest(&x.w.q);
		check_effect(&x.w.q, &d);
		check_reason(&d);
		check_obligations(&d);
		seen[d.effect]++;
		for (size_t c = 0; c < d.code_count; c++)
			codes[told_code_place(d.codes[c])] = true;
	}
	size_t reached = 0;
	for (size_t place = 0; place < TOLD_CODE_COUNT; place++)
		reached += codes[place];
	print_message("release %llu, partial %llu, hold %llu, deny %llu, reject %llu; %zu codes of %u\n",
		      (unsigned long long)seen[1], (unsigned long long)seen[2], (unsigned long long)seen[3],
		      (unsigned long long)seen[4], (unsigned long long)seen[5], reached, TOLD_CODE_COUNT);
	for (size_t effect = TOLD_EFFECT_RELEASE; effect <= TOLD_EFFECT_REJECT; effect++)
		assert_true(seen[effect] > 0);
	assert_true(rounds() < 50000 || reached > 80);
}

int main(void)
{
	static uint64_t seed;
	seed = told_test_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_whatever_is_asked_gets_a_whole_ruling_twice_the_same, &seed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
