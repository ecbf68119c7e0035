/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit flows: what was sent against what is declared; the same numbers in table, CSV, JSON, graph and picture. */
#include "reports/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_what_was_sent_stands_under_its_clause(void **state)
{
	struct rig *rig = *state;
	assert_int_equal(fixture_run(&rig->run, "flows", "--store", rig->store, "--csv", NULL), 0);
	fixture_says(&rig->run, "standing,from,to,sent,agreement,clause,purpose,first,last,category\r\n");
	fixture_says(&rig->run, "\"as declared\",\"HOU\",\"TT\",1,\"ISA-MD3 v3\",\"4.1\",\"REFERRAL\","
				"\"2026-11-22T12:00:00Z\",\"2026-11-22T12:00:00Z\",\"HOU.SIT\"\r\n");
	fixture_says(&rig->run,
		     "\"as declared\",\"HOU\",\"SUD\",1,"); /* by whom it was told, not by whom it was asked */
	assert_null(strstr(rig->run.out, "\"SUD\",\"SUD\""));
	assert_null(strstr(rig->run.out, "\"not declared"));
}

static void test_differences_come_first(void **state)
{
	struct rig *rig = *state;
	rig_agreement(rig, "DEM.PC, HOU.*, NED", "DEM.PC, NED");
	assert_int_equal(fixture_run(&rig->run, "flows", "--store", rig->store, "--agreement", rig->file, NULL), 1);
	fixture_says(&rig->run, "2 flows not declared");
	const char *differs = strstr(rig->run.out, "not declared: not this category");
	const char *unseen = strstr(rig->run.out, "declared, never seen"), *good = strstr(rig->run.out, "as declared");
	assert_non_null(differs);
	assert_true(differs < unseen && unseen < good);
	assert_int_equal(rig_count(rig->run.out, "not this category"), 2);
}

static void test_an_agreement_that_cannot_be_read_stops_the_report(void **state)
{
	struct rig *rig = *state;
	fixture_write(rig->file, told_text("agreement: [\x1b[31m\n"));
	assert_int_equal(fixture_run(&rig->run, "flows", "--store", rig->store, "--agreement", rig->file, NULL), 6);
	assert_null(strchr(rig->run.out, 0x1b));
	assert_int_equal(fixture_run(&rig->run, "flows", "--store", rig->store, "--agreement", "/nowhere", NULL), 6);
	assert_int_equal(fixture_run(&rig->run, "flows", "--csv", NULL), 2);
}

/* The number between two texts. */
static long number_after(const char *text, const char *before)
{
	const char *at = strstr(text, before);
	assert_non_null(at);
	return strtol(at + strlen(before), NULL, 10);
}

/* The fourth field of every line that begins so, added up. */
static long csv_sum(const char *csv, const char *from, const char *to)
{
	char middle[64];
	long sum = 0;
	snprintf(middle, sizeof middle, "\",\"%s\",\"%s\",", from, to);
	for (const char *at = csv; (at = strstr(at, middle)) != NULL; at += strlen(middle))
		sum += strtol(at + strlen(middle), NULL, 10);
	return sum;
}

static void test_the_numbers_are_the_same_in_every_form(void **state)
{
	struct rig *rig = *state;
	assert_int_equal(fixture_run(&rig->run, "flows", "--store", rig->store, "--csv", "--html", rig->file, NULL), 0);
	long tt = csv_sum(rig->run.out, "HOU", "TT"), sud = csv_sum(rig->run.out, "HOU", "SUD");
	assert_int_equal(tt, 2);
	assert_true(sud > 0);
	struct told_bytes page = told_test_read(rig->file);
	const char *html = (const char *)page.data;
	assert_int_equal(number_after(html, "<td>HOU</td><td>TT</td><td class=\"n\">"), tt);
	assert_int_equal(number_after(html, "<td>HOU</td><td>SUD</td><td class=\"n\">"), sud);
	assert_int_equal(number_after(html, "<title>HOU to TT: "), tt);
	assert_int_equal(number_after(html, "<title>HOU to SUD: "), sud);
	assert_int_equal(number_after(html, ">HOU "), tt + sud); /* beside the sender's bar */
	free((void *)(uintptr_t)page.data);
	assert_int_equal(fixture_run(&rig->run, "flows", "--store", rig->store, "--dot", NULL), 0);
	assert_int_equal(number_after(rig->run.out, "\"HOU\" -> \"TT\" [label=\""), tt);
	assert_int_equal(fixture_run(&rig->run, "flows", "--store", rig->store, "--json", NULL), 0);
	assert_int_equal(rig_count(rig->run.out, "\"to\":\"TT\",\"sent\":1,"), 2);
}

static void test_the_page_needs_nothing_from_anywhere(void **state)
{
	struct rig *rig = *state;
	assert_int_equal(fixture_run(&rig->run, "flows", "--store", rig->store, "--html", rig->file, NULL), 0);
	struct told_bytes page = told_test_read(rig->file);
	const char *html = (const char *)page.data, *svg = strstr(html, "<svg ");
	assert_non_null(svg);
	assert_true(strstr(html, "<table>") < svg); /* the table comes first */
	assert_non_null(strstr(svg, "<title id=\"flows-title\">"));
	assert_non_null(strstr(svg, "<desc id=\"flows-desc\">"));
	assert_null(strstr(html, "<script"));
	assert_null(strstr(html, "href="));
	assert_null(strstr(html, "src=\""));
	assert_null(strstr(html, "@import"));
	assert_int_equal(rig_count(html, "http://"), 1); /* the name of SVG's own language */
	assert_int_equal(rig_count(html, "https://"), 0);
	free((void *)(uintptr_t)page.data);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)
	const struct CMUnitTest tests[] = {
		T(test_what_was_sent_stands_under_its_clause),
		T(test_differences_come_first),
		T(test_an_agreement_that_cannot_be_read_stops_the_report),
		T(test_the_numbers_are_the_same_in_every_form),
		T(test_the_page_needs_nothing_from_anywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
