/* SPDX-License-Identifier: Apache-2.0 */
/* What an information-governance lead reads is what the program does: docs/decision-codes.md against the table of codes
 * and the cases, docs/agreement-file.md against the closed lists. */
#include "broker/decide/codes.h"
#include "support/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const char *path)
{
	char full[8192];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(full, sizeof full, "%s/%s", source ? source : ".", path);
	return (const char *)told_test_read(full).data;
}

static const char *words_of_effects(const char *effects)
{
	static char out[128];
	static const struct {
		char letter;
		const char *words;
	} all[] = {{'R', "reject"},           {'D', "deny"}, {'H', "hold"},  {'w', "withhold"},
		   {'h', "hold the section"}, {'p', "pass"}, {'n', "notice"}};
	out[0] = '\0';
	for (; *effects; effects++)
		for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
			if (all[i].letter == *effects)
				snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s", out[0] ? ", " : "",
					 all[i].words);
	return out;
}

static const char *const under_words[] = {
	[TOLD_UNDER_S] = "stops", [TOLD_UNDER_N] = "notice", [TOLD_UNDER_R] = "replaced", [TOLD_UNDER_X] = "not asked"};

/* Every `key` of the facts is one that the format has. */
static void check_keys(const char *from, const char *to, const char *format, const char *code)
{
	for (const char *tick = memchr(from, '`', (size_t)(to - from)); tick;
	     tick = memchr(from, '`', (size_t)(to - from))) {
		const char *end = memchr(tick + 1, '`', (size_t)(to - tick - 1));
		char key[64];
		assert_non_null(end);
		snprintf(key, sizeof key, "`%.*s`", (int)strcspn(tick + 1, ":`"), tick + 1);
		if (!strstr(format, key))
			fail_msg("%s: %s is no key of a case", code, key);
		from = end + 1;
	}
}

static void check_cases(const char *from, const char *to, const char *cases, const char *code)
{
	assert_true(to - from >= 4);
	while (from < to) {
		size_t len = strspn(from, "DCX0123456789");
		char id[64];
		snprintf(id, sizeof id, "- id: %.*s\n", (int)len, from);
		const char *at = strstr(cases, id), *next = at ? strstr(at + 1, "- id: ") : NULL,
			   *hit = at ? strstr(at, code) : NULL;
		if (!at || !hit || (next && hit > next))
			fail_msg("%s does not expect %s", id, code);
		from += len + strspn(from + len, ", ");
	}
}

static const char *all_cases(void)
{
	const char *source = getenv("TOLD_SOURCE");
	struct told_buf all = TOLD_BUF(16u << 20);
	char path[4096];
	snprintf(path, sizeof path, "%s/tests/table/decision", source ? source : ".");
	DIR *dir = opendir(path);
	assert_non_null(dir);
	for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		if (!strstr(entry->d_name, ".yaml"))
			continue;
		snprintf(path, sizeof path, "tests/table/decision/%s", entry->d_name);
		const char *text = text_of(path);
		told_buf_put_text(&all, text);
		free((void *)(uintptr_t)text);
	}
	closedir(dir);
	return told_buf_cstr(&all);
}

static void test_every_code_stands_in_the_document_with_facts_and_a_case(void **state)
{
	(void)state;
	const char *document = text_of("docs/decision-codes.md"), *format = text_of("tests/table/decision/README.md");
	const char *cases = all_cases(), *at = document;
	for (unsigned place = 0; place < TOLD_CODE_COUNT; place++) {
		const struct told_code_row *row = told_code_at(place);
		char begin[512];
		snprintf(begin, sizeof begin, "\n| %s | %s | %s | %s | ", row->name, words_of_effects(row->effects),
			 under_words[row->under], row->auditor);
		at = strstr(at, begin);
		if (!at)
			fail_msg("docs/decision-codes.md lacks, or has out of order:%s", begin);
		const char *facts = at + strlen(begin), *bar = strstr(facts, " | "), *end = strstr(facts, " |\n");
		assert_non_null(bar);
		assert_non_null(end);
		assert_true(bar < end && bar - facts > 5);
		check_keys(facts, bar, format, row->name);
		check_cases(bar + 3, end, cases, row->name);
		at = end;
	}
	free((void *)(uintptr_t)document);
	free((void *)(uintptr_t)format);
	free((void *)(uintptr_t)cases);
}

static void test_the_codes_of_an_agreement_are_those_of_the_lists(void **state)
{
	(void)state;
	static const struct {
		const char *under;
		enum told_list list;
	} lists[] = {
		{"`types`", TOLD_LIST_TYPE},
		{"`purposes`", TOLD_LIST_PURPOSE},
		{"`data` and other lists of categories", TOLD_LIST_CATEGORY},
		{"`art6`", TOLD_LIST_ART6},
		{"`art9`", TOLD_LIST_ART9},
		{"`art10`", TOLD_LIST_ART10},
		{"`confidentiality`", TOLD_LIST_CONFIDENTIALITY},
		{"`powers`", TOLD_LIST_POWER},
		{"`declare`, `second`", TOLD_LIST_ROLE},
	};
	const char *document = text_of("docs/agreement-file.md");
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		struct told_buf row = TOLD_BUF(8192);
		told_buf_printf(&row, "\n| %s |", lists[i].under);
		for (unsigned value = 1; value <= told_list_max(lists[i].list); value++)
			told_buf_printf(&row, " `%s`", told_code(lists[i].list, value));
		told_buf_put_text(&row, " |\n");
		if (!strstr(document, told_buf_cstr(&row)))
			fail_msg("docs/agreement-file.md lacks:%s", told_buf_cstr(&row));
		told_buf_free(&row);
	}
	free((void *)(uintptr_t)document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code_stands_in_the_document_with_facts_and_a_case),
		cmocka_unit_test(test_the_codes_of_an_agreement_are_those_of_the_lists),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
