/* SPDX-License-Identifier: Apache-2.0 */
/* Names of tiles: one text each, and no other text is read. Published names are in test_vectors.c. */
#include "support/support.h"

#include "told/proof.h"

static enum told_status read(const char *text, int *level, uint64_t *index, unsigned *width)
{
	return told_tile_parse(told_text(text), level, index, width);
}

static void test_a_name_is_read_as_it_is_written(void **state)
{
	(void)state;
	static const uint64_t indexes[] = {0, 7, 999, 1000, 1234067, 999999999, INT64_MAX, UINT64_MAX};
	static const unsigned widths[] = {1, 99, 255, 256};
	for (int level = -1; level <= 63; level++)
		for (size_t i = 0; i < 8; i++)
			for (size_t w = 0; w < 4; w++) {
				struct told_buf path = TOLD_BUF(200);
				int read_level;
				uint64_t index;
				unsigned width;
				told_tile_path(level, indexes[i], widths[w], &path);
				assert_int_equal(told_tile_parse(told_buf_view(&path), &read_level, &index, &width),
						 TOLD_OK);
				assert_int_equal(read_level, level);
				assert_true(index == indexes[i] && width == widths[w]);
				told_buf_free(&path);
			}
}

static void test_any_other_text_is_refused(void **state)
{
	(void)state;
	static const char *const refused[] = {
		"",
		"tile",
		"tile/",
		"tile/0",
		"tile/0/",
		"/tile/0/000",
		"tile/00/000",
		"tile/+1/000",
		"tile/-1/000",
		"tile/64/000",
		"tile/0/0",
		"tile/0/0000",
		"tile/0/00a",
		"tile/0/000/",
		"tile/0/x000/001",
		"tile/0/x001",
		"tile/0/x001/",
		"tile/0/001/002",
		"tile/0/X001/002",
		"tile/0/x001/x002",
		"tile/0/x018/x446/x744/x073/x709/x551/616", /* 2^64 */
		"tile/0/000.p",
		"tile/0/000.p/",
		"tile/0/000.p/0",
		"tile/0/000.p/01",
		"tile/0/000.p/256",
		"tile/0/000.p/1/",
		"tile/0/000.P/1",
		"tile/0/000\n",
		"tile/entry/000",
		"tile/entries/x000/000",
		"tile/0/../000",
		"checkpoint",
	};
	int level;
	uint64_t index;
	unsigned width;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		assert_int_equal(read(refused[i], &level, &index, &width), TOLD_E_MALFORMED);
	assert_int_equal(read("tile/0/x018/x446/x744/x073/x709/x551/615", &level, &index, &width), TOLD_OK);
	assert_true(index == UINT64_MAX);
}

static void test_a_bundle_gives_its_entries_and_nothing_that_is_cut_off(void **state)
{
	(void)state;
	struct told_bytes bundle = told_bytes("\0\3abc\0\0\0\2d", 10), entry;
	assert_true(told_bundle_take(&bundle, &entry) && told_bytes_equal(entry, told_text("abc")));
	assert_true(told_bundle_take(&bundle, &entry) && entry.len == 0);
	assert_false(told_bundle_take(&bundle, &entry));
	assert_int_equal(bundle.len, 3);
	bundle = told_bytes("\0", 1);
	assert_false(told_bundle_take(&bundle, &entry));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_name_is_read_as_it_is_written),
		cmocka_unit_test(test_any_other_text_is_refused),
		cmocka_unit_test(test_a_bundle_gives_its_entries_and_nothing_that_is_cut_off),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
