/* SPDX-License-Identifier: Apache-2.0 */
/* The index of people: whoever is kept is found, the bound holds, and a person settled between folds says the same as
 * one that never was. Seed printed; TOLD_SEED repeats a run. */
#include "broker/decide/decide.h"
#include "broker/rule/people.h"
#include "support/support.h"
#include "told/codes.h"

#include <string.h>

#define OK(expression) assert_int_equal((expression), TOLD_OK)
#define NOW_MS         INT64_C(1795341600000)

static void ref_of(uint32_t number, uint8_t ref[TOLD_ID_BYTES])
{
	memset(ref, 0, TOLD_ID_BYTES);
	memcpy(ref, &number, sizeof number); /* as badly spread as an agency may choose them */
}

static struct told_person *new_person(uint32_t number)
{
	uint8_t ref[TOLD_ID_BYTES];
	struct told_person *person;
	ref_of(number, ref);
	OK(told_person_new(ref, &person));
	return person;
}

static bool is_kept(struct told_people *people, uint32_t number)
{
	uint8_t ref[TOLD_ID_BYTES];
	ref_of(number, ref);
	struct told_person *person = told_people_find(people, ref);
	if (person != NULL)
		assert_memory_equal(person->ref, ref, TOLD_ID_BYTES);
	return person != NULL;
}

static void test_whoever_is_kept_is_found_until_dropped(void **state)
{
	(void)state;
	static bool kept[500];
	uint64_t random = told_test_seed();
	struct told_people *people;
	size_t count = 0;
	OK(told_people_new(SIZE_MAX / 2, &people));
	for (unsigned i = 0; i < 20000; i++) {
		uint32_t number = (uint32_t)(told_test_random(&random) % 500);
		uint8_t ref[TOLD_ID_BYTES];
		ref_of(number, ref);
		assert_int_equal(is_kept(people, number), kept[number]);
		if (kept[number])
			told_people_drop(people, ref);
		else
			OK(told_people_keep(people, new_person(number)));
		kept[number] = !kept[number];
		count = kept[number] ? count + 1 : count - 1;
		assert_int_equal(told_people_count(people), count);
	}
	for (uint32_t number = 0; number < 500; number++)
		assert_int_equal(is_kept(people, number), kept[number]);
	told_people_clear(people);
	assert_int_equal(told_people_count(people), 0);
	assert_false(is_kept(people, 1));
	told_people_free(people);
	told_people_free(NULL);
}

static struct told_people *people_of_at_most(size_t number)
{
	struct told_people *people;
	struct told_person *one = new_person(9999);
	OK(told_people_new(number * told_person_bytes(one), &people));
	told_person_free(one);
	return people;
}

static void test_the_bound_holds_and_the_newest_stays(void **state)
{
	(void)state;
	struct told_people *people = people_of_at_most(50);
	for (uint32_t number = 0; number < 2000; number++) {
		OK(told_people_keep(people, new_person(number)));
		assert_true(told_people_count(people) <= 50);
		assert_true(is_kept(people, number));
	}
	assert_int_equal(told_people_count(people), 50);
	told_people_free(people);
	OK(told_people_new(1, &people)); /* smaller than anybody: the last one stays */
	OK(told_people_keep(people, new_person(1)));
	OK(told_people_keep(people, new_person(2)));
	assert_true(!is_kept(people, 1) && is_kept(people, 2));
	told_people_free(people);
}

/* Nobody else is asked for: a find is what keeps a person, so that the others may not be looked up here. */
static void test_whoever_is_asked_for_again_and_again_stays(void **state)
{
	(void)state;
	struct told_people *people = people_of_at_most(50);
	for (uint32_t number = 0; number < 2000; number++) {
		OK(told_people_keep(people, new_person(number)));
		assert_true(is_kept(people, 0));
	}
	assert_int_equal(told_people_count(people), 50);
	assert_false(is_kept(people, 1));
	told_people_free(people);
}

/* ---- settling ---- */

struct story {
	struct told_parties *parties;
	uint64_t random, entries;
};

static uint32_t below(struct story *s, uint32_t n)
{
	return (uint32_t)(told_test_random(&s->random) % n);
}

static const char *some_party(struct story *s)
{
	static const char *const names[] = {"HOU", "TT", "SUD", "EMP"};
	return names[below(s, 4)];
}

static void say_consent(struct story *s, struct told_header h, struct told_person *persons[2])
{
	struct told_consent_recipient_part to[] = {{.party = told_text(some_party(s))},
						   {.party = told_text(some_party(s))}};
	struct told_bytes out[] = {told_text(some_party(s))};
	uint32_t purposes[] = {1 + below(s, 4)}, data[] = {1 + below(s, 60), 1 + below(s, 60)};
	struct told_consent_part part = {
		.kind = TOLD_CONSENT_KIND_PERMISSION,
		.state = below(s, 5) ? TOLD_CONSENT_STATE_GIVEN : TOLD_CONSENT_STATE_REFUSED,
		.given_ms = (uint64_t)NOW_MS - below(s, 1000),
		.recipients = {.items = to, .count = below(s, 3)},
		.purposes = {.items = purposes, .count = 1},
		.include = {.items = data, .count = 2},
		.exclude_recipients = {.items = out, .count = below(s, 2)},
	};
	h.type = TOLD_TYPE_CONSENT;
	h.consent = &part;
	for (size_t i = 0; i < 2; i++)
		OK(told_person_apply(persons[i], s->parties, &h, (struct told_entry){s->entries, NOW_MS}));
}

static void say_other(struct story *s, struct told_header h, struct told_person *persons[2])
{
	static const uint32_t kinds[] = {TOLD_FLAG_RESTRICTED, TOLD_FLAG_LEGAL_HOLD, TOLD_FLAG_WORKER_EXCLUDED};
	static const char *const workers[] = {"U1", "U22", "U333"};
	struct told_flag_part flag = {.kind = kinds[below(s, 3)],
				      .state = below(s, 3) ? TOLD_FLAG_STATE_SET : TOLD_FLAG_STATE_CLEARED,
				      .worker = told_text(workers[below(s, 3)]),
				      .category = 1 + below(s, 60)};
	struct told_relationship_part relationship = {
		.kind = TOLD_RELATIONSHIP_TEAM, .worker = told_text(workers[below(s, 3)]), .live = 1 + below(s, 2)};
	struct told_withdrawal_part withdrawal = {0};
	switch (below(s, 3)) {
	case 0:
		h.type = TOLD_TYPE_FLAG;
		h.flag = &flag;
		break;
	case 1:
		h.type = TOLD_TYPE_RELATIONSHIP;
		h.relationship = &relationship;
		break;
	default:
		h.type = TOLD_TYPE_WITHDRAWAL;
		h.withdrawal = &withdrawal;
		break;
	}
	for (size_t i = 0; i < 2; i++)
		OK(told_person_apply(persons[i], s->parties, &h, (struct told_entry){s->entries, NOW_MS}));
}

static told_hash digest_of(const struct told_person *person, const struct told_parties *parties, bool kept)
{
	struct told_question question = {.names = parties};
	told_hash digest;
	told_person_records(person, &question);
	if (!kept)
		question.records = NULL;
	question.relationships = person->relationships;
	question.relationship_count = person->relationship_count;
	told_question_digest(&question, &digest);
	return digest;
}

static void same_names(const struct told_bytes *a, const struct told_bytes *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_true(told_bytes_equal(a[i], b[i]));
}

static void check_same(const struct told_person *settled, const struct told_person *plain,
		       const struct told_parties *parties)
{
	told_hash a = digest_of(settled, parties, true), b = digest_of(plain, parties, false);
	assert_true(told_hash_equal(&a, &b));
	assert_int_equal(settled->excluded_count, plain->excluded_count);
	same_names(settled->excluded, plain->excluded, plain->excluded_count);
	same_names(settled->relationship_workers, plain->relationship_workers, plain->relationship_count);
}

static void test_a_person_settled_between_folds_says_the_same(void **state)
{
	(void)state;
	struct story s = {.random = told_test_seed()};
	OK(told_parties_new(&s.parties));
	for (unsigned life = 0; life < 40; life++) {
		struct told_people *people;
		struct told_person *persons[2] = {new_person(7), new_person(7)};
		OK(told_people_new(SIZE_MAX / 2, &people));
		OK(told_people_keep(people, persons[0]));
		for (unsigned i = 0; i < 60; i++, s.entries++) {
			uint8_t id[TOLD_ID_BYTES] = {(uint8_t)(s.entries >> 8), (uint8_t)s.entries, 1};
			struct told_header h = {.id = told_bytes(id, sizeof id), .sender = told_text(some_party(&s))};
			if (below(&s, 2))
				say_consent(&s, h, persons);
			else
				say_other(&s, h, persons);
			if (below(&s, 3) == 0)
				OK(told_people_settle(people, persons[0], s.parties));
			check_same(persons[0], persons[1], s.parties);
		}
		told_people_free(people);
		told_person_free(persons[1]);
	}
	told_parties_free(s.parties);
}

/* Whether one record more fits depends on how many there are, not on how they lie in memory. */
static void test_the_most_records_are_as_many_for_a_settled_person(void **state)
{
	(void)state;
	struct story s = {.random = 1};
	struct told_person *person = new_person(7);
	struct told_withdrawal_part part = {0};
	struct told_header h = {.type = TOLD_TYPE_WITHDRAWAL, .sender = told_text("HOU"), .withdrawal = &part};
	OK(told_parties_new(&s.parties));
	for (unsigned i = 0; i < TOLD_PERSON_RECORDS_MAX; i++) {
		if (i % 1000 == 20)
			OK(told_person_settle(person));
		OK(told_person_apply(person, s.parties, &h, (struct told_entry){i, NOW_MS}));
	}
	assert_int_equal(told_person_apply(person, s.parties, &h, (struct told_entry){0}), TOLD_E_LIMIT);
	assert_int_equal(person->withdrawal_count, TOLD_PERSON_RECORDS_MAX);
	told_person_free(person);
	told_parties_free(s.parties);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whoever_is_kept_is_found_until_dropped),
		cmocka_unit_test(test_the_bound_holds_and_the_newest_stays),
		cmocka_unit_test(test_whoever_is_asked_for_again_and_again_stays),
		cmocka_unit_test(test_a_person_settled_between_folds_says_the_same),
		cmocka_unit_test(test_the_most_records_are_as_many_for_a_settled_person),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
