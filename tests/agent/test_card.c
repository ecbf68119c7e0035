/* SPDX-License-Identifier: Apache-2.0 */
/* The card's code and words as people read them out. */
#include "support/support.h"

#include "agents/agent/core/card.h"
#include "agents/agent/core/state.h"

#include <ctype.h>
#include <string.h>

static void a_code_reads_back_as_it_was_written(void **state)
{
	uint64_t seed = told_test_seed();
	(void)state;
	for (size_t i = 0; i < 2000; i++) {
		uint8_t ref[TOLD_ID_BYTES], back[TOLD_ID_BYTES];
		char code[TOLD_CODE_TEXT_BYTES];
		for (size_t j = 0; j < sizeof ref; j++)
			ref[j] = (uint8_t)told_test_random(&seed);
		told_code_write(ref, code);
		assert_int_equal(told_code_read(told_text(code), back), TOLD_OK);
		assert_memory_equal(ref, back, sizeof ref);
	}
}

static void case_blanks_hyphens_and_lookalikes_do_not_matter(void **state)
{
	uint8_t ref[TOLD_ID_BYTES] = {0x10, 0x21, 0}, back[TOLD_ID_BYTES];
	char code[TOLD_CODE_TEXT_BYTES], spoken[2 * TOLD_CODE_TEXT_BYTES];
	size_t n = 0;
	(void)state;
	told_code_write(ref, code);
	for (size_t i = 0; code[i] != '\0'; i++) {
		char c = code[i] == '-' ? ' ' : (char)tolower(code[i]);
		c = c == '0' && i < 30 ? 'o' : c;
		c = c == '1' ? 'l' : c;
		spoken[n++] = c;
	}
	spoken[n] = '\0';
	assert_int_equal(told_code_read(told_text(spoken), back), TOLD_OK);
	assert_memory_equal(ref, back, sizeof ref);
}

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void one_wrong_digit_is_always_noticed(void **state)
{
	uint8_t ref[TOLD_ID_BYTES], back[TOLD_ID_BYTES];
	char code[TOLD_CODE_TEXT_BYTES];
	(void)state;
	assert_int_equal(told_random(ref, sizeof ref), TOLD_OK);
	told_code_write(ref, code);
	for (size_t i = 0; i + 2 < strlen(code); i++) {
		char right = code[i];
		for (size_t d = 0; right != '-' && d < 32; d++) {
			if (digits[d] == right)
				continue;
			code[i] = digits[d];
			assert_int_equal(told_code_read(told_text(code), back), TOLD_E_MALFORMED);
		}
		code[i] = right;
	}
}

static void two_neighbours_swapped_are_always_noticed(void **state)
{
	uint8_t ref[TOLD_ID_BYTES], back[TOLD_ID_BYTES];
	char code[TOLD_CODE_TEXT_BYTES];
	(void)state;
	assert_int_equal(told_random(ref, sizeof ref), TOLD_OK);
	told_code_write(ref, code);
	for (size_t i = 0; i + 3 < strlen(code); i++) {
		if (code[i] == '-' || code[i + 1] == '-' || code[i] == code[i + 1])
			continue;
		char swap = code[i];
		code[i] = code[i + 1];
		code[i + 1] = swap;
		assert_int_equal(told_code_read(told_text(code), back), TOLD_E_MALFORMED);
		code[i + 1] = code[i];
		code[i] = swap;
	}
}

static void what_is_no_code_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"A",
		"00000-00000-00000-00000-00000-0",
		"ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZZ-Z",
		"00000-00000-00000-00000-000000-00",
		"00000-00000-00000-00000-00000U-0",
		"********-*****-*****-*****-*****-*",
	};
	uint8_t ref[TOLD_ID_BYTES];
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_int_equal(told_code_read(told_text(texts[i]), ref), TOLD_E_MALFORMED);
	assert_int_equal(told_code_read(told_text("00000-00000-00000-00000-000000-0"), ref), TOLD_OK);
}

static void drawn_words_are_four_of_the_list_and_settle_however_they_are_typed(void **state)
{
	char drawn[TOLD_WORDS_TEXT_BYTES], typed[4 * TOLD_WORDS_TEXT_BYTES] = "  ", settled[TOLD_WORDS_TEXT_BYTES];
	(void)state;
	for (size_t round = 0; round < 200; round++) {
		assert_int_equal(told_words_draw(drawn), TOLD_OK);
		size_t n = 2;
		for (size_t i = 0; drawn[i] != '\0'; i++) {
			typed[n++] = (char)toupper(drawn[i]);
			if (drawn[i] == ' ')
				typed[n++] = '-';
		}
		typed[n++] = '\n';
		typed[n] = '\0';
		assert_int_equal(told_words_settle(told_text(typed), settled), TOLD_OK);
		assert_string_equal(settled, drawn);
	}
}

static void other_words_are_not_the_cards(void **state)
{
	static const char *const texts[] = {"",
					    "apple",
					    "apple apple apple",
					    "apple apple apple apple apple",
					    "apple apple apple aple",
					    "apple apple apple appleapple"};
	char settled[TOLD_WORDS_TEXT_BYTES];
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_int_equal(told_words_settle(told_text(texts[i]), settled), TOLD_E_MALFORMED);
	assert_int_equal(told_words_settle(told_text("Apple, apple; apple apple"), settled), TOLD_E_MALFORMED);
	assert_int_equal(told_words_settle(told_text("Apple, apple  apple-apple"), settled), TOLD_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_reads_back_as_it_was_written),
		cmocka_unit_test(case_blanks_hyphens_and_lookalikes_do_not_matter),
		cmocka_unit_test(one_wrong_digit_is_always_noticed),
		cmocka_unit_test(two_neighbours_swapped_are_always_noticed),
		cmocka_unit_test(what_is_no_code_is_refused),
		cmocka_unit_test(drawn_words_are_four_of_the_list_and_settle_however_they_are_typed),
		cmocka_unit_test(other_words_are_not_the_cards),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
