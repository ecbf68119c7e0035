/* SPDX-License-Identifier: Apache-2.0 */
/* The table of reason codes: complete, in four voices, and words that a child of nine can read. */
#include "broker/decide/hearing.h"
#include "support/support.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void test_every_code_has_words_for_four_audiences(void **state)
{
	(void)state;
	for (unsigned place = 0; place < TOLD_CODE_COUNT; place++) {
		const struct told_code_row *row = told_code_at(place);
		const char *const texts[] = {row->sender, row->fix, row->person, row->auditor};
		for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
			if (strlen(texts[i]) < 8)
				fail_msg("%s has no text %zu", row->name, i);
	}
	assert_true(strlen(TOLD_NOTHING_TO_RELEASE) > 0);
}

static void test_a_code_is_found_by_number_and_by_name(void **state)
{
	(void)state;
	for (unsigned place = 0; place < TOLD_CODE_COUNT; place++) {
		const struct told_code_row *row = told_code_at(place);
		assert_ptr_equal(told_code_row(row->code), row);
		assert_int_equal(told_code_place(row->code), place);
		assert_int_equal(told_code_named(told_text(row->name)), row->code);
		char name[16];
		const char *family = row->name;
		snprintf(name, sizeof name, "%.*s-%02u", (int)(strchr(family, '-') - family), family, row->code % 100u);
		assert_string_equal(name, row->name);
	}
	assert_null(told_code_row(0));
	assert_null(told_code_row(799));
	assert_null(told_code_row(70000));
	assert_int_equal(told_code_named(told_text("con-07")), TOLD_NO_CODE);
	assert_int_equal(told_code_named(told_text("CON-7")), TOLD_NO_CODE);
}

static void test_effects_and_stages_are_those_of_the_specification(void **state)
{
	(void)state;
	for (unsigned place = 0; place < TOLD_CODE_COUNT; place++) {
		const struct told_code_row *row = told_code_at(place);
		assert_true(row->stage <= 8);
		assert_true(strlen(row->effects) >= 1 && strspn(row->effects, "RDHwhpn") == strlen(row->effects));
		assert_true(row->cure < TOLD_CURE_COUNT);
		bool passes = strcmp(row->effects, "p") == 0;
		assert_int_equal(passes, row->cure == TOLD_CURE_NOBODY && row->code != TOLD_ENV_02);
		assert_true(strlen(told_cure_words(row->cure)) > 1);
	}
}

static size_t words_of(const char *text)
{
	size_t words = 0;
	for (const char *c = text; *c; c++)
		words += isspace((unsigned char)*c) != 0;
	return words + 1;
}

static size_t sentences_of(const char *text)
{
	size_t sentences = 0;
	for (const char *c = text; *c; c++)
		sentences += *c == '.' || *c == '?' || *c == '!';
	return sentences ? sentences : 1;
}

/* No formula knows whether a child understands; long sentences and long words are what it can see. */
static void test_what_the_person_reads_is_short_and_plain(void **state)
{
	(void)state;
	for (unsigned place = 0; place < TOLD_CODE_COUNT; place++) {
		const struct told_code_row *row = told_code_at(place);
		size_t words = words_of(row->person), letters = strlen(row->person);
		if (words / sentences_of(row->person) > 20)
			fail_msg("%s: sentences too long: %s", row->name, row->person);
		if (letters > words * 7)
			fail_msg("%s: words too long: %s", row->name, row->person);
		if (strstr(row->person, "consent") || strstr(row->person, "processor") || strstr(row->person, "data "))
			fail_msg("%s speaks like a form: %s", row->name, row->person);
	}
}

static void test_a_number_that_is_no_code_is_in_no_set(void **state)
{
	(void)state;
	struct told_codeset set = {0};
	told_codeset_add(&set, 9999);
	assert_true(set.w[0] == 0 && set.w[1] == 0);
	set.w[0] = set.w[1] = UINT64_MAX;
	assert_false(told_codeset_has(&set, 9999));
	assert_null(told_code_at(TOLD_CODE_COUNT));
}

static void test_every_obligation_has_a_word(void **state)
{
	(void)state;
	for (unsigned kind = 1; kind < TOLD_OBLIGATION_COUNT; kind++)
		assert_true(strlen(told_obligation_word(kind)) > 2);
	assert_string_equal(told_obligation_word(0), "?");
	assert_string_equal(told_obligation_word(99), "?");
	assert_string_equal(told_cure_words(99), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code_has_words_for_four_audiences),
		cmocka_unit_test(test_a_code_is_found_by_number_and_by_name),
		cmocka_unit_test(test_effects_and_stages_are_those_of_the_specification),
		cmocka_unit_test(test_what_the_person_reads_is_short_and_plain),
		cmocka_unit_test(test_a_number_that_is_no_code_is_in_no_set),
		cmocka_unit_test(test_every_obligation_has_a_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
