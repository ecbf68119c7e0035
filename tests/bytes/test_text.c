/* SPDX-License-Identifier: Apache-2.0 */
/* The strict text forms: what each accepts, and that it accepts nothing beside it. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "told/bytes.h"

static void test_hexadecimal_goes_there_and_back(void **state)
{
	(void)state;
	uint8_t all[256], back[256];
	char text[513];
	for (unsigned i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	told_hex(all, sizeof all, text);
	assert_int_equal(strlen(text), 512);
	assert_int_equal(told_unhex(told_text(text), back, sizeof back), TOLD_OK);
	assert_memory_equal(all, back, sizeof all);
	assert_int_equal(told_unhex(told_text("aBCdEF"), back, 3), TOLD_OK);
	assert_memory_equal(back, "\xab\xcd\xef", 3);
}

static void test_hexadecimal_of_another_length_or_alphabet_is_refused(void **state)
{
	(void)state;
	uint8_t out[4];
	static const char *const bad[] = {"",      "0",    "000",  "00000", "0g00", " 000",
					  "00\n0", "0x00", "@000", "`000",  "G000"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(told_unhex(told_text(bad[i]), out, 2), TOLD_E_MALFORMED);
}

static void expect_base64(const char *plain, const char *coded)
{
	struct told_buf out = TOLD_BUF(100);
	told_base64(told_text(plain), &out);
	assert_string_equal(told_buf_cstr(&out), coded);
	told_buf_free(&out);
	assert_int_equal(told_unbase64(told_text(coded), &out), TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&out), told_text(plain)));
	told_buf_free(&out);
}

static void test_base64_is_that_of_rfc_4648_section_10(void **state)
{
	(void)state;
	expect_base64("", "");
	expect_base64("f", "Zg==");
	expect_base64("fo", "Zm8=");
	expect_base64("foo", "Zm9v");
	expect_base64("foob", "Zm9vYg==");
	expect_base64("fooba", "Zm9vYmE=");
	expect_base64("foobar", "Zm9vYmFy");
	expect_base64("\xfb\xff\xbf", "+/+/");
}

static void test_base64_that_is_not_the_one_form_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"Zg=",      "Zg",           "Z",        "Z===",     "====", "Zh==",     "Zm9=",    "Zg==Zg==",
		"Zm8=Zm8=", "Zm9v\n",       "Zm9v Zg=", "Zm-v",     "Zm_v", "\nZm9",    "=Zm9",    "Z=9v",
		"Zm=v",     "Zg==\n\n\n\n", "Zg=\x3d=", "Zm9vZ===", "Zg=a", "Zm9v====", "Zm9\x80",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct told_buf out = TOLD_BUF(100);
		told_buf_put_text(&out, "kept");
		assert_int_equal(told_unbase64(told_text(bad[i]), &out), TOLD_E_MALFORMED);
		assert_string_equal(told_buf_cstr(&out), "kept");
		told_buf_free(&out);
	}
}

static void test_base64_respects_the_ceiling_of_its_buffer(void **state)
{
	(void)state;
	struct told_buf out = TOLD_BUF(5);
	assert_int_equal(told_unbase64(told_text("Zm9vYmFy"), &out), TOLD_E_LIMIT);
	told_buf_free(&out);
}

/* The whole space of one and two bytes, and the corners of three and four, by RFC 3629. */
static void test_utf8_is_refused_wherever_rfc_3629_refuses_it(void **state)
{
	(void)state;
	for (unsigned a = 0; a < 256; a++) {
		uint8_t one = (uint8_t)a;
		assert_int_equal(told_utf8_valid(told_bytes(&one, 1)), a >= 1 && a < 0x80);
		for (unsigned b = 0; b < 256; b++) {
			uint8_t two[2] = {(uint8_t)a, (uint8_t)b};
			bool ascii = a >= 1 && a < 0x80 && b >= 1 && b < 0x80;
			bool pair = a >= 0xc2 && a <= 0xdf && b >= 0x80 && b <= 0xbf;
			assert_int_equal(told_utf8_valid(told_bytes(two, 2)), ascii || pair);
		}
	}
	static const char *const good[] = {"",
					   "caf\xc3\xa9",
					   "\xe0\xa0\x80",
					   "\xed\x9f\xbf",
					   "\xee\x80\x80",
					   "\xef\xbf\xbf",
					   "\xf0\x90\x80\x80",
					   "\xf4\x8f\xbf\xbf"};
	static const char *const bad[] = {"\xe0\x9f\xbf",     "\xed\xa0\x80",     "\xed\xbf\xbf",
					  "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
					  "\xe2\x80",         "\xe2\x80\x28",     "\xf0\x9f\x98",
					  "\xf0\x9f\x98\x28", "\xf0\x28\x98\x80", "a\x80"};
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(told_utf8_valid(told_text(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(told_utf8_valid(told_text(bad[i])));
}

static void test_decimal_has_one_form_and_a_ceiling(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t max;
		enum told_status want;
		uint64_t value;
	} rows[] = {
		{"0", 0, TOLD_OK, 0},
		{"1", 0, TOLD_E_LIMIT, 0},
		{"9", 8, TOLD_E_LIMIT, 0},
		{"10", 10, TOLD_OK, 10},
		{"11", 10, TOLD_E_LIMIT, 0},
		{"99", 100, TOLD_OK, 99},
		{"100", 99, TOLD_E_LIMIT, 0},
		{"18446744073709551615", UINT64_MAX, TOLD_OK, UINT64_MAX},
		{"18446744073709551616", UINT64_MAX, TOLD_E_LIMIT, 0},
		{"99999999999999999999999", UINT64_MAX, TOLD_E_LIMIT, 0},
		{"", 9, TOLD_E_MALFORMED, 0},
		{"00", 9, TOLD_E_MALFORMED, 0},
		{"01", 9, TOLD_E_MALFORMED, 0},
		{"+1", 9, TOLD_E_MALFORMED, 0},
		{"-1", 9, TOLD_E_MALFORMED, 0},
		{" 1", 9, TOLD_E_MALFORMED, 0},
		{"1 ", 99, TOLD_E_MALFORMED, 0},
		{"1:", 99, TOLD_E_MALFORMED, 0},
		{"/", 99, TOLD_E_MALFORMED, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint64_t value = 77;
		assert_int_equal(told_decimal(told_text(rows[i].text), rows[i].max, &value), rows[i].want);
		assert_true(value == (rows[i].want == TOLD_OK ? rows[i].value : 77));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hexadecimal_goes_there_and_back),
		cmocka_unit_test(test_hexadecimal_of_another_length_or_alphabet_is_refused),
		cmocka_unit_test(test_base64_is_that_of_rfc_4648_section_10),
		cmocka_unit_test(test_base64_that_is_not_the_one_form_is_refused),
		cmocka_unit_test(test_base64_respects_the_ceiling_of_its_buffer),
		cmocka_unit_test(test_utf8_is_refused_wherever_rfc_3629_refuses_it),
		cmocka_unit_test(test_decimal_has_one_form_and_a_ceiling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
