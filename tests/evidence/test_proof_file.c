/* SPDX-License-Identifier: Apache-2.0 */
/* Proof files and tile names: there and back, and nothing beside the one form. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "told/proof.h"

#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define HEAD "c2sp.org/tlog-proof@v1\n"

static void test_a_proof_file_goes_there_and_back(void **state)
{
	(void)state;
	for (size_t count = 0; count <= TOLD_PROOF_MAX; count++) {
		struct told_proof_file made = {
			.has_extra = count % 2 == 1, .extra = TOLD_BUF(100), .index = UINT64_MAX - count};
		struct told_proof_file read;
		struct told_buf text = TOLD_BUF(100000), again = TOLD_BUF(100000);
		made.count = count;
		made.checkpoint = told_text("whatever\n\nis here\n");
		memset(made.path, 0xa7, sizeof made.path);
		told_buf_put_text(&made.extra, "the leaf");
		told_proof_file_format(&made, &text);
		assert_int_equal(text.status, TOLD_OK);
		assert_int_equal(told_proof_file_parse(told_buf_view(&text), &read), TOLD_OK);
		assert_int_equal(read.has_extra, made.has_extra);
		assert_int_equal(read.extra.len, made.has_extra ? 8 : 0);
		assert_true(read.index == made.index && read.count == count);
		assert_true(told_bytes_equal(read.checkpoint, made.checkpoint));
		told_proof_file_format(&read, &again);
		assert_true(told_bytes_equal(told_buf_view(&text), told_buf_view(&again)));
		told_buf_free(&made.extra);
		told_buf_free(&read.extra);
		told_buf_free(&text);
		told_buf_free(&again);
	}
}

static void test_a_proof_file_of_another_form_is_refused_and_leaves_nothing(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		HEAD,
		HEAD "index 0\n",
		HEAD "index 0\n" HASH,
		HEAD "index 0\n\n",
		HEAD "index 0\n\nno newline",
		HEAD "index 00\n\nc\n",
		HEAD "index  0\n\nc\n",
		HEAD "index 0 \n\nc\n",
		HEAD "index 0\r\n\nc\n",
		HEAD "Index 0\n\nc\n",
		HEAD "extra AA==\nextra AA==\nindex 0\n\nc\n",
		HEAD "extra AB==\nindex 0\n\nc\n",
		HEAD "index 0\nextra AA==\n\nc\n",
		HEAD "index 0\n AAAA" HASH "\nc\n",
		" " HEAD "index 0\n\nc\n",
		"c2sp.org/tlog-proof@v2\nindex 0\n\nc\n",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct told_proof_file proof;
		assert_int_equal(told_proof_file_parse(told_text(bad[i]), &proof), TOLD_E_MALFORMED);
		assert_null(proof.extra.data);
		assert_int_equal(proof.count, 0);
		assert_false(proof.has_extra);
	}
}

static void test_a_proof_file_that_is_too_large_is_refused(void **state)
{
	(void)state;
	struct told_proof_file proof;
	struct told_buf text = TOLD_BUF(1000000);
	told_buf_put_text(&text, HEAD "index 0\n");
	for (unsigned i = 0; i <= TOLD_PROOF_MAX; i++)
		told_buf_put_text(&text, HASH);
	told_buf_put_text(&text, "\nc\n");
	assert_int_equal(told_proof_file_parse(told_buf_view(&text), &proof), TOLD_E_LIMIT);
	told_buf_free(&text);
	told_buf_put_text(&text, HEAD "index 0\n\n");
	for (unsigned i = 0; i <= TOLD_NOTE_MAX_BYTES; i++)
		told_buf_put_text(&text, "\n");
	assert_int_equal(told_proof_file_parse(told_buf_view(&text), &proof), TOLD_E_LIMIT);
	told_buf_free(&text);
	told_buf_put_text(&text, HEAD "extra ");
	for (unsigned i = 0; i <= TOLD_LEAF_MAX_BYTES / 3; i++)
		told_buf_put_text(&text, "AAAA");
	told_buf_put_text(&text, "\nindex 0\n\nc\n");
	assert_int_equal(told_proof_file_parse(told_buf_view(&text), &proof), TOLD_E_LIMIT);
	told_buf_free(&text);
}

static void test_a_tile_that_cannot_be_has_no_name(void **state)
{
	(void)state;
	static const struct {
		int level;
		unsigned width;
	} bad[] = {{-2, 1}, {64, 1}, {0, 0}, {0, 257}};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct told_buf out = TOLD_BUF(100);
		told_tile_path(bad[i].level, 0, bad[i].width, &out);
		assert_int_equal(out.status, TOLD_E_USAGE);
		assert_int_equal(out.len, 0);
		told_buf_free(&out);
	}
	struct told_buf out = TOLD_BUF(100);
	told_tile_path(63, UINT64_MAX, 255, &out);
	assert_string_equal(told_buf_cstr(&out), "tile/63/x018/x446/x744/x073/x709/x551/615.p/255");
	told_buf_free(&out);
}

static void test_the_width_of_a_tile_follows_from_the_size_of_the_log(void **state)
{
	(void)state;
	assert_int_equal(told_tile_width(0, 0, 0), 0);
	assert_int_equal(told_tile_width(-1, 0, 255), 255);
	assert_int_equal(told_tile_width(-1, 0, 256), 256);
	assert_int_equal(told_tile_width(-1, 1, 256), 0);
	assert_int_equal(told_tile_width(1, 0, 255), 0);
	assert_int_equal(told_tile_width(1, 0, 256), 1);
	assert_int_equal(told_tile_width(7, 0, UINT64_MAX), 255);
	assert_int_equal(told_tile_width(8, 0, UINT64_MAX), 0);
	assert_int_equal(told_tile_width(63, 0, UINT64_MAX), 0);
	assert_int_equal(told_tile_width(0, UINT64_MAX / 256, UINT64_MAX), 255);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_proof_file_goes_there_and_back),
		cmocka_unit_test(test_a_proof_file_of_another_form_is_refused_and_leaves_nothing),
		cmocka_unit_test(test_a_proof_file_that_is_too_large_is_refused),
		cmocka_unit_test(test_a_tile_that_cannot_be_has_no_name),
		cmocka_unit_test(test_the_width_of_a_tile_follows_from_the_size_of_the_log),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
