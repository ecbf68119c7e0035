/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of reports: whatever stands in a cell harms neither terminal, spreadsheet, page nor reader of JSON. */
#include "support/support.h"

#include "evidence/audit/report/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct told_sheet_column columns[] = {{"name", "Name", false}, {"count", "Count", true}};

static char *shown(const char *cell, void (*show)(const struct told_sheet *sheet, FILE *out))
{
	char *text = NULL;
	size_t len = 0;
	struct told_sheet sheet;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	told_sheet_init(&sheet, columns, 2);
	told_sheet_text(&sheet, cell);
	told_sheet_number(&sheet, 7);
	assert_int_equal(sheet.status, TOLD_OK);
	show(&sheet, out);
	assert_int_equal(fclose(out), 0);
	told_sheet_free(&sheet);
	return text;
}

static void check(const char *cell, void (*show)(const struct told_sheet *sheet, FILE *out), const char *expected)
{
	char *text = shown(cell, show);
	assert_string_equal(text, expected);
	free(text);
}

static void html(const struct told_sheet *sheet, FILE *out)
{
	told_sheet_html(sheet, "A & B", out);
}

static void print(const struct told_sheet *sheet, FILE *out)
{
	told_sheet_print(sheet, &(struct told_audit_io){.out = out, .err = stderr});
}

static void print_at_80(const struct told_sheet *sheet, FILE *out)
{
	told_sheet_print(sheet, &(struct told_audit_io){.out = out, .err = stderr, .columns = 80});
}

/* What is longer than a terminal is folded there, and nowhere else. */
static void test_a_table_fits_the_terminal(void **state)
{
	(void)state;
	static const char cell[] = "who the person is, telephone, housing situation now, strengths, goals, preferences";
	char *text = shown(cell, print_at_80), *end = strchr(text, '\n');
	for (const char *line = text; end != NULL; line = end + 1, end = strchr(line, '\n'))
		assert_true(end - line <= 80);
	assert_non_null(strstr(text, "\npreferences"));
	free(text);
	text = shown(cell, print);
	assert_non_null(strstr(text, cell));
	free(text);
}

static void test_a_terminal_is_not_steered(void **state)
{
	(void)state;
	check("\x1b[2J\x9b", print, "Name   Count\n?[2J?      7\n");
	check("plain", print, "Name   Count\nplain      7\n");
}

static void test_a_spreadsheet_runs_no_formula(void **state)
{
	(void)state;
	check("=1+1", told_sheet_csv, "name,count\r\n\"'=1+1\",7\r\n");
	check("a \"b\", c", told_sheet_csv, "name,count\r\n\"a \"\"b\"\", c\",7\r\n");
	check("", told_sheet_csv, "name,count\r\n\"\",7\r\n");
}

static void test_json_is_json(void **state)
{
	(void)state;
	check("a\"b\\\n", told_sheet_json, "[{\"name\":\"a\\\"b\\\\\\u000a\",\"count\":7}]");
}

static void test_a_page_gets_no_markup(void **state)
{
	(void)state;
	char *text = shown("<script>alert('x')</script>&\"", html);
	assert_null(strstr(text, "<script"));
	assert_non_null(strstr(text, "<td>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;</td>"));
	assert_non_null(strstr(text, "<caption>A &amp; B</caption>"));
	assert_non_null(strstr(text, "<td class=\"n\">7</td>"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_terminal_is_not_steered),     cmocka_unit_test(test_a_table_fits_the_terminal),
		cmocka_unit_test(test_a_spreadsheet_runs_no_formula), cmocka_unit_test(test_json_is_json),
		cmocka_unit_test(test_a_page_gets_no_markup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
