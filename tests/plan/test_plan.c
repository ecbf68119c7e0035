/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan allows, what it takes from others, and that it comes back as it was written. */
#include "agents/plan/plan.h"
#include "support/support.h"
#include "told/limits.h"

#include <stdlib.h>
#include <string.h>

#define NOW UINT64_C(1795348800000) /* 2026-11-22 12:00 UTC, a Sunday */
#define DAY ((uint64_t)TOLD_MS_DAY)

static struct told_plan plan, other;
static const struct told_bytes none = {0};

static struct told_bytes hou(void)
{
	return told_text("HOU");
}

static struct told_step a_step(const char *owner)
{
	return (struct told_step){
		.what = told_text("Ring the landlord"), .owner = told_text(owner), .kind = TOLD_STEP_USUAL};
}

static enum told_plan_rule add(const char *owner, uint64_t waits, bool wish)
{
	struct told_step step = a_step(owner);
	step.wish = wish;
	step.waits = (struct told_numbers){{waits}, waits != 0};
	return told_plan_add(&plan, hou(), &step, NOW);
}

/* Three steps of three services; the third waits for the second, as the person wants it. */
static int begin(void **state)
{
	(void)state;
	plan = (struct told_plan){.id = told_text("0192f0c1a2b37c4d8e5f60718293a4b5"), .keeper = hou(), .version = 1};
	plan.goals = (struct told_texts){{told_text("My own front door")}, 1};
	assert_int_equal(add("HOU", 0, false), TOLD_PLAN_FINE);
	assert_int_equal(add("SUD", 0, false), TOLD_PLAN_FINE);
	assert_int_equal(add("EMP", 2, true), TOLD_PLAN_FINE);
	return 0;
}

static enum told_plan_rule waits_for(uint64_t number, uint64_t before, bool wish)
{
	struct told_numbers waits = {{before}, before != 0};
	struct told_plan_order order = {.number = number, .waits = &waits, .wish = wish};
	return told_plan_move(&plan, hou(), &order, NOW);
}

static void test_a_step_does_not_start_before_what_it_waits_for(void **state)
{
	uint32_t next;
	(void)state;
	assert_int_equal(told_plan_try(&plan, 3, TOLD_STEP_START, told_text("EMP"), false, &next), TOLD_PLAN_WAITS);
	assert_int_equal(told_plan_try(&plan, 3, TOLD_STEP_FINISH, told_text("EMP"), false, &next), TOLD_PLAN_WAITS);
	assert_int_equal(told_plan_try(&plan, 3, TOLD_STEP_STOP, told_text("EMP"), false, &next), TOLD_PLAN_FINE);
	assert_int_equal(told_plan_try(&plan, 3, TOLD_STEP_START, told_text("EMP"), true, &next), TOLD_PLAN_FINE);
	assert_int_equal(next, TOLD_STEP_STARTED);
	plan.steps[1].state = TOLD_STEP_STARTED;
	assert_int_equal(told_plan_try(&plan, 3, TOLD_STEP_START, told_text("EMP"), false, &next), TOLD_PLAN_WAITS);
	for (uint32_t over = TOLD_STEP_DONE; over <= TOLD_STEP_STOPPED; over++) {
		plan.steps[1].state = over;
		assert_int_equal(told_plan_try(&plan, 3, TOLD_STEP_START, told_text("EMP"), false, &next),
				 TOLD_PLAN_FINE);
	}
}

static void test_another_service_says_nothing_of_a_step(void **state)
{
	uint32_t next;
	(void)state;
	assert_int_equal(told_plan_try(&plan, 2, TOLD_STEP_START, hou(), true, &next), TOLD_PLAN_OWNER);
	assert_int_equal(told_plan_try(&plan, 2, TOLD_STEP_MOVE, told_text("SUD"), true, &next), TOLD_PLAN_KEEPER);
	assert_int_equal(told_plan_try(&plan, 9, TOLD_STEP_START, hou(), true, &next), TOLD_PLAN_STEP);
	struct told_step step = a_step("SUD");
	assert_int_equal(told_plan_add(&plan, told_text("SUD"), &step, NOW), TOLD_PLAN_KEEPER);
	assert_int_equal(plan.count, 3);
}

static void test_a_circle_is_refused_and_named(void **state)
{
	struct told_numbers circle;
	(void)state;
	assert_int_equal(waits_for(2, 3, true), TOLD_PLAN_CYCLE);
	assert_int_equal(plan.steps[1].waits.count, 0);
	assert_int_equal(waits_for(3, 3, true), TOLD_PLAN_CYCLE);
	assert_int_equal(waits_for(2, 1, true), TOLD_PLAN_FINE);
	assert_int_equal(waits_for(1, 3, false), TOLD_PLAN_CYCLE);
	plan.steps[0].waits = (struct told_numbers){{3}, 1};
	told_plan_cycle(&plan, &circle);
	const uint64_t path[] = {1, 3, 2, 1};
	assert_int_equal(circle.count, 4);
	assert_memory_equal(circle.items, path, sizeof path);
}

static void test_a_service_adds_no_condition_on_anothers_step(void **state)
{
	(void)state;
	assert_int_equal(add("SUD", 1, false), TOLD_PLAN_CONDITION);
	assert_int_equal(waits_for(2, 1, false), TOLD_PLAN_CONDITION);
	assert_int_equal(waits_for(2, 1, true), TOLD_PLAN_FINE);
	assert_int_equal(add("HOU", 1, false), TOLD_PLAN_FINE);
	assert_int_equal(add("HOU", 77, false), TOLD_PLAN_STEP);
	assert_int_equal(plan.count, 4);
	assert_int_equal(plan.steps[3].number, 4);
}

static void test_safety_duty_and_crisis_never_wait(void **state)
{
	(void)state;
	for (uint32_t kind = TOLD_STEP_SAFETY; kind <= TOLD_STEP_CRISIS; kind++) {
		struct told_step step = a_step("HOU");
		step.kind = kind;
		step.wish = true;
		step.waits = (struct told_numbers){{1}, 1};
		assert_int_equal(told_plan_add(&plan, hou(), &step, NOW), TOLD_PLAN_NEVER_WAITS);
		step.waits.count = 0;
		assert_int_equal(told_plan_add(&plan, hou(), &step, NOW), TOLD_PLAN_FINE);
		assert_int_equal(waits_for(plan.last, 1, true), TOLD_PLAN_NEVER_WAITS);
	}
}

static void test_a_day_in_the_past_is_refused(void **state)
{
	struct told_step step = a_step("HOU");
	struct told_plan_order order = {.number = 1, .due_ms = NOW - 1};
	(void)state;
	step.due_ms = NOW - 1;
	assert_int_equal(told_plan_add(&plan, hou(), &step, NOW), TOLD_PLAN_PAST);
	assert_int_equal(told_plan_move(&plan, hou(), &order, NOW), TOLD_PLAN_PAST);
	order.due_ms = NOW + DAY;
	assert_int_equal(told_plan_move(&plan, hou(), &order, NOW), TOLD_PLAN_FINE);
	assert_int_equal(plan.steps[0].due_ms, NOW + DAY);
}

static void test_a_step_without_words_or_one_too_many_is_refused(void **state)
{
	struct told_step step = a_step("HOU");
	(void)state;
	step.what = none;
	assert_int_equal(told_plan_add(&plan, hou(), &step, NOW), TOLD_PLAN_WORDS);
	step = a_step("HOU");
	step.goal = 2;
	assert_int_equal(told_plan_add(&plan, hou(), &step, NOW), TOLD_PLAN_STEP);
	while (plan.count < TOLD_PLAN_STEPS_MAX)
		assert_int_equal(add("HOU", 0, false), TOLD_PLAN_FINE);
	assert_int_equal(add("HOU", 0, false), TOLD_PLAN_FULL);
}

static void test_the_order_is_moved_and_numbers_stay(void **state)
{
	(void)state;
	const uint64_t places[] = {1, 2, 3, 99}, firsts[] = {3, 1, 1, 1};
	for (size_t i = 0; i < 4; i++) {
		begin(NULL);
		struct told_plan_order order = {.number = 3, .place = places[i]};
		assert_int_equal(told_plan_move(&plan, hou(), &order, NOW), TOLD_PLAN_FINE);
		assert_int_equal(plan.steps[0].number, firsts[i]);
		assert_int_equal(plan.count, 3);
		assert_non_null(told_plan_step(&plan, 1));
		assert_non_null(told_plan_step(&plan, 2));
		assert_non_null(told_plan_step(&plan, 3));
	}
	struct told_plan_order first = {.number = 1, .place = 3};
	begin(NULL);
	assert_int_equal(told_plan_move(&plan, hou(), &first, NOW), TOLD_PLAN_FINE);
	assert_int_equal(plan.steps[2].number, 1);
}

static void test_waiting_is_counted_in_days(void **state)
{
	(void)state;
	assert_int_equal(told_plan_days(NOW, NOW, false), 0);
	assert_int_equal(told_plan_days(NOW, NOW + 7 * DAY, false), 7);
	assert_int_equal(told_plan_days(NOW, NOW + 7 * DAY, true), 5);
	assert_int_equal(told_plan_days(NOW + 31 * DAY, NOW + 37 * DAY, true), 2); /* Christmas: 25 and 28 December */
	assert_int_equal(told_plan_days(NOW, 0, false), 0);
}

/* ---- what others say ---- */

/* The plan as another agency hears it: order, goals, and the steps that it is told. */
static void tell_other(unsigned mask)
{
	struct told_plan_head head;
	struct told_plan_goals goals = {.plan = plan.id, .goals = plan.goals};
	told_plan_head_of(&plan, &head);
	assert_int_equal(told_plan_take_head(&other, hou(), &head), TOLD_PLAN_FINE);
	assert_int_equal(told_plan_take_goals(&other, hou(), &goals), TOLD_PLAN_FINE);
	for (size_t i = 0; i < plan.count; i++)
		if (mask >> i & 1)
			assert_int_equal(told_plan_take_step(&other, hou(), &plan.steps[i]), TOLD_PLAN_FINE);
}

static void test_a_step_that_is_withheld_still_holds_its_place(void **state)
{
	uint32_t next;
	(void)state;
	other = (struct told_plan){0};
	tell_other(1 << 0 | 1 << 2);
	assert_int_equal(other.count, 3);
	assert_int_equal(other.steps[1].owner.len, 0);
	assert_int_equal(told_plan_try(&other, 3, TOLD_STEP_START, told_text("EMP"), false, &next), TOLD_PLAN_WAITS);
	plan.steps[1].state = TOLD_STEP_DONE;
	plan.version++;
	tell_other(0);
	assert_int_equal(told_plan_try(&other, 3, TOLD_STEP_START, told_text("EMP"), false, &next), TOLD_PLAN_FINE);
}

static void test_the_keeper_orders_and_the_owner_alone_says_how_it_goes(void **state)
{
	struct told_step said;
	(void)state;
	other = (struct told_plan){0};
	tell_other(7);
	said = other.steps[1];
	said.state = TOLD_STEP_DONE;
	said.what = told_text("Something else");
	said.outcome = told_text("Seen on Monday");
	said.changed_ms = NOW + 5;
	assert_int_equal(told_plan_take_step(&other, told_text("EMP"), &said), TOLD_PLAN_OWNER);
	assert_int_equal(told_plan_take_step(&other, hou(), &said), TOLD_PLAN_FINE);
	assert_int_equal(other.steps[1].state, TOLD_STEP_TO_DO); /* the keeper changes words, not progress */
	said.what = told_text("Ring them");
	assert_int_equal(told_plan_take_step(&other, told_text("SUD"), &said), TOLD_PLAN_FINE);
	assert_int_equal(other.steps[1].state, TOLD_STEP_DONE);
	assert_true(told_bytes_equal(other.steps[1].what, told_text("Something else")));
	said.state = TOLD_STEP_STARTED;
	said.changed_ms = NOW;
	assert_int_equal(told_plan_take_step(&other, told_text("SUD"), &said), TOLD_PLAN_FINE);
	assert_int_equal(other.steps[1].state, TOLD_STEP_DONE); /* an older word that came later */
}

static void test_a_stranger_orders_nothing_and_a_handed_over_plan_has_one_keeper(void **state)
{
	struct told_plan_head head;
	struct told_plan_goals goals = {.plan = plan.id};
	(void)state;
	other = (struct told_plan){0};
	tell_other(7);
	told_plan_head_of(&plan, &head);
	head.version = 99;
	assert_int_equal(told_plan_take_head(&other, told_text("EMP"), &head), TOLD_PLAN_KEEPER);
	assert_int_equal(told_plan_take_goals(&other, told_text("EMP"), &goals), TOLD_PLAN_KEEPER);
	head.keeper = told_text("EMP");
	assert_int_equal(told_plan_take_head(&other, hou(), &head), TOLD_PLAN_FINE);
	assert_int_equal(told_plan_take_head(&other, hou(), &head), TOLD_PLAN_KEEPER);
	head.order.items[0] = head.order.items[1];
	assert_int_equal(told_plan_take_head(&other, told_text("EMP"), &head), TOLD_PLAN_FULL);
	head.order.items[0] = 0;
	assert_int_equal(told_plan_take_head(&other, told_text("EMP"), &head), TOLD_PLAN_FULL);
}

static void test_conditions_that_may_not_be_there_are_left_out_of_what_comes(void **state)
{
	struct told_step said;
	(void)state;
	other = (struct told_plan){0};
	tell_other(7);
	said = plan.steps[1];
	said.waits = (struct told_numbers){{1}, 1};
	assert_int_equal(told_plan_take_step(&other, hou(), &said), TOLD_PLAN_CONDITION);
	assert_int_equal(other.steps[1].waits.count, 0);
	said.wish = true;
	said.kind = TOLD_STEP_CRISIS;
	assert_int_equal(told_plan_take_step(&other, hou(), &said), TOLD_PLAN_NEVER_WAITS);
	said.kind = TOLD_STEP_USUAL;
	said.waits.items[0] = 3;
	assert_int_equal(told_plan_take_step(&other, hou(), &said), TOLD_PLAN_CYCLE);
	assert_int_equal(other.steps[1].waits.count, 0);
	said.waits.items[0] = 1;
	assert_int_equal(told_plan_take_step(&other, hou(), &said), TOLD_PLAN_FINE);
	assert_int_equal(other.steps[1].waits.count, 1);
	said.number = 9;
	assert_int_equal(told_plan_take_step(&other, hou(), &said), TOLD_PLAN_STEP);
}

/* ---- written and read ---- */

static void fill(struct told_step *step)
{
	step->who = told_text("40718");
	step->because = told_text("She asked to be seen first");
	step->outcome = told_text("\"Done\", she said");
	step->need = told_text("keep-home");
	step->classified = (struct told_texts){{told_text("SUD.USE"), told_text("MH.PROB")}, 2};
	step->due_ms = NOW + DAY;
	step->goal = 1;
}

static void test_a_plan_comes_back_as_it_was_written(void **state)
{
	struct told_arena *arena = NULL;
	(void)state;
	fill(&plan.steps[2]);
	plan.refused = 2;
	json_t *doc = told_plan_json(&plan), *again = NULL;
	char *text = json_dumps(doc, JSON_COMPACT);
	assert_int_equal(told_arena_new(1u << 20, &arena), TOLD_OK);
	assert_int_equal(told_plan_read(told_text(text), arena, &other), TOLD_OK);
	again = told_plan_json(&other);
	assert_true(json_equal(doc, again));
	assert_int_equal(other.steps[2].waits.items[0], 2);
	json_decref(doc);
	json_decref(again);
	free(text);
	assert_int_equal(told_plan_read(told_text("{\"plan\":7}"), arena, &other), TOLD_E_MALFORMED);
	assert_int_equal(told_plan_read(told_text("{\"steps\":[{\"kind\":\"odd\"}]}"), arena, &other), TOLD_E_UNKNOWN);
	assert_int_equal(told_plan_read(told_text("nothing"), arena, &other), TOLD_E_MALFORMED);
	told_arena_free(arena);
}

static void test_a_step_travels_as_questions_with_answers(void **state)
{
	struct told_arena *arena = NULL;
	struct told_bytes content;
	struct told_step back;
	struct told_plan_head head;
	(void)state;
	fill(&plan.steps[2]);
	plan.steps[2].plan = plan.id;
	assert_int_equal(told_arena_new(1u << 20, &arena), TOLD_OK);
	assert_int_equal(told_fields_section(&told_plan_step_form, &plan.steps[2], TOLD_VOICE_WORKER,
					     told_text("3. Ring the landlord"), arena, &content),
			 TOLD_OK);
	assert_int_equal(told_fields_take(&told_plan_step_form, content, arena, &back, sizeof back), TOLD_OK);
	json_t *one = told_fields_json(&told_plan_step_form, &plan.steps[2]);
	json_t *two = told_fields_json(&told_plan_step_form, &back);
	assert_true(json_equal(one, two));
	json_decref(one);
	json_decref(two);
	told_plan_head_of(&plan, &head);
	assert_int_equal(told_fields_section(&told_plan_head_form, &head, TOLD_VOICE_WORKER, none, arena, &content),
			 TOLD_OK);
	assert_int_equal(told_fields_take(&told_plan_head_form, content, arena, &head, sizeof head), TOLD_OK);
	assert_int_equal(head.order.count, 3);
	assert_int_equal(told_fields_take(&told_plan_step_form, told_text("{\"items\":[],\"text\":\"hello\"}"), arena,
					  &back, sizeof back),
			 TOLD_E_NOT_FOUND);
	told_arena_free(arena);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
		TEST(test_a_step_does_not_start_before_what_it_waits_for),
		TEST(test_another_service_says_nothing_of_a_step),
		TEST(test_a_circle_is_refused_and_named),
		TEST(test_a_service_adds_no_condition_on_anothers_step),
		TEST(test_safety_duty_and_crisis_never_wait),
		TEST(test_a_day_in_the_past_is_refused),
		TEST(test_a_step_without_words_or_one_too_many_is_refused),
		TEST(test_the_order_is_moved_and_numbers_stay),
		TEST(test_waiting_is_counted_in_days),
		TEST(test_a_step_that_is_withheld_still_holds_its_place),
		TEST(test_the_keeper_orders_and_the_owner_alone_says_how_it_goes),
		TEST(test_a_stranger_orders_nothing_and_a_handed_over_plan_has_one_keeper),
		TEST(test_conditions_that_may_not_be_there_are_left_out_of_what_comes),
		TEST(test_a_plan_comes_back_as_it_was_written),
		TEST(test_a_step_travels_as_questions_with_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
