/* SPDX-License-Identifier: Apache-2.0 */
/* Text on a terminal: nothing is longer than a line, nothing is lost, and a command can still be copied. */
#include "support/support.h"

#include "proto/page/page.h"

#include <stdlib.h>
#include <string.h>

#define ID     "01a206e257267000bedb6c857bc6e3ea"
#define CLIENT "1TAW9-S5S31-DG0HT-2XGYT-JDGVN8-0"

static char *said;
static size_t said_len;

static FILE *page(void)
{
	FILE *out = open_memstream(&said, &said_len);
	assert_non_null(out);
	return out;
}

static void ends(FILE *out, const char *right)
{
	assert_int_equal(fclose(out), 0);
	assert_string_equal(said, right);
	free(said);
	said = NULL;
}

static void folds(const char *line, unsigned columns, const char *right)
{
	FILE *out = page();
	told_fold(out, told_text(line), columns);
	ends(out, right);
}

static void put(FILE *out, struct told_bytes cell)
{
	fprintf(out, "%.*s", (int)cell.len, cell.data);
}

static void shows(const char *const *texts, size_t columns, size_t rows, unsigned width, const char *right)
{
	struct told_bytes cells[64];
	FILE *out = page();
	for (size_t i = 0; i < columns * rows; i++)
		cells[i] = told_text(texts[i]);
	const struct told_grid grid = {.cells = cells,
				       .columns = columns,
				       .rows = rows,
				       .right = 1,
				       .print = put,
				       .head_on = "",
				       .head_off = ""};
	told_grid_print(&grid, out, width);
	ends(out, right);
}

static void test_a_line_is_folded_under_its_own_words(void **state)
{
	(void)state;
	folds("one two three", 13, "one two three\n");
	folds("one two three", 12, "one two\nthree\n");
	folds("  one two three", 10, "  one two\n  three\n");
	folds("  to  Northtown Council, Housing Options", 24, "  to  Northtown Council,\n      Housing Options\n");
	folds("one two three", 0, "one two three\n");
	folds("", 12, "\n");
}

/* Two spaces, a colour, a letter of two bytes: each is what it is on the screen. */
static void test_what_is_wide_is_what_is_seen(void **state)
{
	(void)state;
	assert_int_equal(told_page_width(told_text("caf\xc3\xa9")), 4);
	assert_int_equal(told_page_width(told_text("\xff\xff")), 2);
	folds("caf\xc3\xa9 caf\xc3\xa9", 9, "caf\xc3\xa9 caf\xc3\xa9\n");
	folds("\x1b[31mred\x1b[0m one two", 8, "\x1b[31mred\x1b[0m one\ntwo\n");
}

/* Paper takes a fold; a shell must, too. */
static void test_a_command_stays_one_that_can_be_typed(void **state)
{
	(void)state;
	folds("told referral send " CLIENT " --to TT --note \"Mornings are best\"", 60,
	      "told referral send " CLIENT " --to \\\n    TT --note \"Mornings are best\"\n");
	folds("  told slip " CLIENT " --alone", 50, "  told slip " CLIENT " \\\n      --alone\n");
	folds("told: it is not a command, it is said", 20, "told: it is not a\ncommand, it is said\n");
}

static void test_a_word_that_is_too_long_is_not_broken(void **state)
{
	(void)state;
	folds("see " ID " there", 20, "see\n" ID "\nthere\n");
}

static void test_a_stream_folds_each_line_however_it_comes(void **state)
{
	(void)state;
	FILE *to = page(), *out = told_fold_open(to, 12);
	assert_non_null(out);
	fputs("one t", out);
	assert_int_equal(fflush(out), 0);
	fputs("wo three\nfour", out);
	assert_int_equal(fclose(out), 0);
	ends(to, "one two\nthree\nfour\n");
}

static const char *const small[] = {"N", "WHO", "WHAT", "7", "HOU", "a home of their own", "12", "TT", ""};

static void test_a_table_that_fits_is_as_wide_as_it_must_be(void **state)
{
	(void)state;
	const char *whole = " N  WHO  WHAT\n 7  HOU  a home of their own\n12  TT\n";
	shows(small, 3, 3, 0, whole);
	shows(small, 3, 3, 80, whole);
}

static void test_a_table_that_does_not_fit_folds_its_cells(void **state)
{
	(void)state;
	shows(small, 3, 3, 18, " N  WHO  WHAT\n 7  HOU  a home of\n         their own\n12  TT\n");
}

/* Two numbers of 32 signs stand on no line together. */
static void test_where_no_columns_fit_each_row_is_told(void **state)
{
	(void)state;
	const char *const wide[] = {"ENTRY", "REFERRAL", "", "CLIENT", "LOOK", "3", ID, "out", CLIENT, "by Wed 25 Nov"};
	shows(wide, 5, 2, 60, "ENTRY 3  REFERRAL " ID "  out\n    CLIENT " CLIENT "\n    LOOK by Wed 25 Nov\n");
	static const char words[] = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen";
	const char *const long_cell[] = {"A", "WORDS", ID CLIENT, words};
	shows(long_cell, 2, 2, 66,
	      "A " ID CLIENT "\n    WORDS one two three four five six seven eight nine ten eleven\n"
	      "    twelve thirteen fourteen\n");
}

static void test_one_is_no_plural(void **state)
{
	(void)state;
	assert_string_equal(told_many(0, "entry", "entries"), "entries");
	assert_string_equal(told_many(1, "entry", "entries"), "entry");
	assert_string_equal(told_many(2, "entry", "entries"), "entries");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_line_is_folded_under_its_own_words),
		cmocka_unit_test(test_what_is_wide_is_what_is_seen),
		cmocka_unit_test(test_a_command_stays_one_that_can_be_typed),
		cmocka_unit_test(test_a_word_that_is_too_long_is_not_broken),
		cmocka_unit_test(test_a_stream_folds_each_line_however_it_comes),
		cmocka_unit_test(test_a_table_that_fits_is_as_wide_as_it_must_be),
		cmocka_unit_test(test_a_table_that_does_not_fit_folds_its_cells),
		cmocka_unit_test(test_where_no_columns_fit_each_row_is_told),
		cmocka_unit_test(test_one_is_no_plural),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
