/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 3161 against an authority that the test makes with the openssl command: a token over a checkpoint holds, over
 * anything else it does not. Exits 77 where there is no such command. */
#include "evidence/timestamp.h"
#include "support/authority.h"
#include "support/support.h"

#include <stdio.h>
#include <string.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

static char dir[200];

static const char note[] = "told.example/northtown/1\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
			   "\xe2\x80\x94 told.example/northtown/1 c2lnbmVk\n";

static void test_what_is_stamped_leaves_cosignatures_out(void **state)
{
	(void)state;
	struct told_buf cosigned = TOLD_BUF(4096), text = TOLD_BUF(4096);
	told_buf_put_text(&cosigned, note);
	told_buf_put_text(&cosigned, "\xe2\x80\x94 HOU Y29zaWduZWQ=\n");
	OK(told_timestamp_text(told_buf_view(&cosigned), &text));
	assert_string_equal(told_buf_cstr(&text), note);
	told_buf_free(&text);
	text = TOLD_BUF(4096);
	assert_int_equal(told_timestamp_text(told_text("a\n1\nb\n\n"), &text), TOLD_E_MALFORMED);
	told_buf_free(&text);
	told_buf_free(&cosigned);
}

static void test_a_token_holds_for_its_checkpoint_and_for_nothing_else(void **state)
{
	(void)state;
	struct told_buf query = TOLD_BUF(4096), response = TOLD_BUF(65536), ca = TOLD_BUF(65536),
			other = TOLD_BUF(65536), longer = TOLD_BUF(4096);
	uint64_t time_ms = 0;
	told_hash imprint, ours;
	OK(told_timestamp_query(told_text(note), &query));
	test_authority_answer(dir, "tsa", told_buf_view(&query), &response);
	test_authority_get(dir, "tsa.pem", &ca);
	test_authority_get(dir, "stranger.pem", &other);
	struct told_bytes token = told_buf_view(&response);
	OK(told_timestamp_check(token, told_text(note), told_buf_view(&ca), &time_ms));
	assert_true(time_ms > UINT64_C(1600000000000));
	OK(told_timestamp_read(token, &imprint, &time_ms));
	told_sha256(told_text(note), &ours);
	assert_true(told_hash_equal(&imprint, &ours));
	told_buf_put_text(&longer, note);
	told_buf_put_text(&longer, "x");
	assert_int_equal(told_timestamp_check(token, told_buf_view(&longer), told_buf_view(&ca), &time_ms),
			 TOLD_E_SIGNATURE);
	assert_int_equal(told_timestamp_check(token, told_text(note), told_buf_view(&other), &time_ms),
			 TOLD_E_SIGNATURE);
	assert_int_equal(told_timestamp_check(token, told_text(note), told_text("no certificate"), &time_ms),
			 TOLD_E_CONFIG);
	told_buf_free(&query);
	told_buf_free(&response);
	told_buf_free(&ca);
	told_buf_free(&other);
	told_buf_free(&longer);
}

/* Status and certificates are not signed; what is said of time and bytes is. */
static void test_no_flipped_bit_makes_a_token_say_anything_else(void **state)
{
	(void)state;
	struct told_buf query = TOLD_BUF(4096), response = TOLD_BUF(65536), ca = TOLD_BUF(65536);
	uint64_t time_ms = 0, true_ms = 0;
	size_t failed = 0;
	OK(told_timestamp_query(told_text(note), &query));
	test_authority_answer(dir, "tsa", told_buf_view(&query), &response);
	test_authority_get(dir, "tsa.pem", &ca);
	OK(told_timestamp_check(told_buf_view(&response), told_text(note), told_buf_view(&ca), &true_ms));
	for (size_t i = 0; i < response.len; i++) {
		response.data[i] ^= 1;
		if (told_timestamp_check(told_buf_view(&response), told_text(note), told_buf_view(&ca), &time_ms) ==
		    TOLD_OK)
			assert_int_equal(time_ms, true_ms);
		else
			failed++;
		response.data[i] ^= 1;
	}
	assert_true(failed > response.len / 2);
	assert_int_equal(told_timestamp_check(told_bytes(response.data, response.len - 1), told_text(note),
					      told_buf_view(&ca), &time_ms),
			 TOLD_E_MALFORMED);
	told_buf_free(&query);
	told_buf_free(&response);
	told_buf_free(&ca);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_stamped_leaves_cosignatures_out),
		cmocka_unit_test(test_a_token_holds_for_its_checkpoint_and_for_nothing_else),
		cmocka_unit_test(test_no_flipped_bit_makes_a_token_say_anything_else),
	};
	if (!test_authority_possible()) {
		printf("skipped: there is no openssl command here\n");
		return 77;
	}
	snprintf(dir, sizeof dir, "%.190s", told_test_dir());
	test_authority_make(dir, "tsa");
	test_authority_make(dir, "stranger");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
