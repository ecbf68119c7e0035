/* SPDX-License-Identifier: Apache-2.0 */
/* Each lint rule fires where it should and is silent where it should not. */
#include "agree/text.h"

#include "broker/agree/lint.h"

/* The warnings of a text as one string, malloc'd. */
static char *warnings(const char *text)
{
	struct told_parties *parties;
	struct told_faults *found = calloc(1, sizeof *found);
	assert_non_null(found);
	assert_int_equal(told_parties_new(&parties), TOLD_OK);
	struct told_agreement *agreement = loaded(parties, text);
	told_agreement_lint(agreement, parties, told_text(text), found);
	struct told_buf out = TOLD_BUF(1u << 20);
	told_faults_print(found, &out);
	char *lines = strdup(told_buf_cstr(&out));
	told_buf_free(&out);
	told_faults_free(found);
	free(found);
	told_agreement_free(agreement);
	told_parties_free(parties);
	return lines;
}

#define CLAUSE_42 "    data: [DEM.ID, DEM.CON, HOU.SIT, EMP.ADJ, STR, GOA, PRF.*]\n"
#define DUTY      "    art9: [g:6]\n    consent: statutory:dtr\n    powers: [s213B]\n"

/* One change to the demo's agreement, and the rule that it breaks: exactly that one. */
static const struct {
	const char *rule, *where, *from, *to;
} cases[] = {
	{"no-end-date", "", "until: 2028-12-31\n", ""},
	{"no-review-date", "", "review: 2027-01-01\n", ""},
	{"no-dpo", "EMP: ", "    dpo: dpo@steppingstones.example\n", ""},
	{"special-without-art9", "clause 4.1: ", "  art9: [g:6]\n  apd", "  apd"},
	{"special-without-art9", "clause 7.2: ", "    art9: [c, g:18]\n    apd: 2025-12-01\n", "    art9: [none]\n"},
	{"criminal-without-art10", "clause 6.2: ", "    art10: [sch1:18]\n    powers: [care_act]\n",
	 "    powers: [care_act]\n"},
	{"criminal-without-art10", "clause 7.1: ", "    art10: [sch1:18]\n    confidentiality: [public_interest]\n",
	 "    confidentiality: [public_interest]\n"},
	{"no-permission-no-power", "clause 4.10: ", "    powers: [answers_referral]\n", ""},
	{"override-without-end", "clause 7.2: ", "    expires: 72h\n", ""},
	{"alert-without-first-set",
	 "clause 7.2: ", "    first: [DEM.ID, DEM.CON, DEM.TEL, DEM.SAFE, DEM.LOC, PRF.ACC, RSK.SELF, RSK.OTH,",
	 "    then: [DEM.ID, DEM.CON, DEM.TEL, DEM.SAFE, DEM.LOC, PRF.ACC, RSK.SELF, RSK.OTH,"},
	{"signed-another-version", "TT: ", "    marks: [public, hsc, reveals]\n    signed: 3\n",
	 "    marks: [public, hsc, reveals]\n    signed: 2\n"},
	{"category-in-no-flow", "a group ", "groups:\n",
	 "groups:\n  - name: crime\n    words: crime\n    data: [CRM.*]\n"},
	{"category-in-no-flow", "\"retain\"", "retain:\n", "retain:\n  - data: [CRM.*]\n    keep: 6y\n"},
	{"category-in-no-flow", "\"seal\"", "retain:\n", "seal: [SAF.MARAC]\nretain:\n"},
	{"duty-to-refer-sender", "clause 4.2: ", CLAUSE_42, CLAUSE_42 DUTY},
	{"two-way-under-one-way", "clause 4.4: ", "kind: isp", "kind: dda"},
	{"art9-h-outside-care", "clause 4.4: ", "    not-needed:\n", "    art9: [h:2]\n    not-needed:\n"},
	{"art9-g-without-document", "clause 4.1: ", "  apd: 2025-12-01\n  confidentiality", "  confidentiality"},
	{"art9-g-without-document", "clause 7.2: ", "    art9: [c, g:18]\n    apd: 2025-12-01\n",
	 "    art9: [c, g:18]\n"},
	{"consent-to-a-public-body", "clause 4.2: ", CLAUSE_42, CLAUSE_42 "    art6: [a]\n"},
	{"spent-convictions", "clause 4.2: ", CLAUSE_42,
	 "    data: [DEM.ID, DEM.CON, HOU.SIT, EMP.ADJ, STR, GOA, PRF.*, CRM.OFF]\n    art10: [sch1:18]\n"},
	{"spent-convictions", "clause 4.2: ", CLAUSE_42,
	 "    data: [DEM.ID, DEM.CON, HOU.SIT, EMP.ADJ, STR, GOA, PRF.*, CRM.OFF]\n    art10: [sch1:18]\n    verified: "
	 "[CRM.*]\n"
	 "    statutory-exceptions: [spent_conviction]\n"},
	{"benefit-warning", "clause 4.9: ", "    purposes: [REFERRAL, COORD]\n    data: [DEM.ID, EMP.*",
	 "    purposes: [REFERRAL, COORD, EMPSUP]\n    data: [DEM.ID, EMP.*"},
	{"short-retention", "MH data ", "    keep: 20y\n", "    keep: 239m\n"},
	{"short-retention", "health data ", "retain:\n", "retain:\n  - data: [PHY.*]\n    keep: 2900d\n"},
	{"against-never", "clause 4.2: ", "  to: [HOME_OFFICE]\n", "  to: [HOME_OFFICE, EMP]\n"},
	{"against-never", "clause 4.11: ", "  for: [CRIME]\n", "  for: [COORD]\n"},
};

/* The last change needs two places: an authority outside England, and a sender with the duty. */
static char *welsh(void)
{
	char *text = northtown();
	text = replaced(text, CLAUSE_42, CLAUSE_42 DUTY);
	text = replaced(text, "    marks: [public, dea]\n", "    marks: [public, dea, s213b]\n");
	return replaced(text, "Stepping Stones Employability\n", "Stepping Stones Employability\n    nation: wales\n");
}

static void only_rule(const char *lines, const char *rule, const char *where)
{
	char tag[64], start[128];
	snprintf(tag, sizeof tag, " [%s]", rule);
	bool placed = false;
	if (lines[0] == '\0')
		fail_msg("%s is silent", rule);
	for (const char *at = lines; *at != '\0';) {
		const char *end = strchr(at, '\n');
		size_t len = (size_t)(end - at);
		char line[1024];
		snprintf(line, sizeof line, "%.*s", (int)len, at);
		if (strstr(line, tag) == NULL)
			fail_msg("%s was wanted alone, not: %s", rule, line);
		unsigned row = 0, column = 0;
		int read = 0;
		if (sscanf(line, "agreement:%u:%u: %n", &row, &column, &read) != 2 || row == 0 || column == 0)
			fail_msg("%s has no line and column: %s", rule, line);
		snprintf(start, sizeof start, "%s", where);
		placed = placed || strncmp(line + read, start, strlen(start)) == 0;
		at = end + 1;
	}
	if (!placed)
		fail_msg("%s is not said of \"%s\" but: %s", rule, where, lines);
}

static void test_the_demo_agreement_has_no_warning(void **state)
{
	(void)state;
	char *text = northtown(), *lines = warnings(text);
	assert_string_equal(lines, "");
	free(lines);
	free(text);
}

static void test_each_rule_fires_on_its_fault_and_no_other_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *text = replaced(northtown(), cases[i].from, cases[i].to);
		char *lines = warnings(text);
		only_rule(lines, cases[i].rule, cases[i].where);
		free(lines);
		free(text);
	}
	char *text = welsh(), *lines = warnings(text);
	only_rule(lines, "duty-to-refer-nation", "clause 4.2: ");
	free(lines);
	free(text);
}

static void test_every_rule_of_the_table_has_a_case(void **state)
{
	(void)state;
	const char *rule;
	for (size_t i = 0; (rule = told_lint_rule(i)) != NULL; i++) {
		bool found = strcmp(rule, "duty-to-refer-nation") == 0;
		for (size_t j = 0; j < sizeof cases / sizeof cases[0]; j++)
			found = found || strcmp(cases[j].rule, rule) == 0;
		if (!found)
			fail_msg("no case for %s", rule);
	}
}

/* What looks like a fault and is none. */
static void test_rules_are_silent_where_the_condition_is_met(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to;
	} fine[] = {
		{CLAUSE_42,
		 "    data: [DEM.ID, DEM.CON, HOU.SIT, EMP.ADJ, STR, GOA, PRF.*, CRM.OFF]\n    art10: [sch1:18]\n"
		 "    verified: [CRM.*]\n"},
		{"    purposes: [REFERRAL, COORD]\n    data: [DEM.ID, EMP.*",
		 "    purposes: [REFERRAL, COORD, EMPSUP]\n    benefit-warning: [EMP.ATT]\n    data: [DEM.ID, EMP.*"},
		{"    keep: 20y\n", "    keep: 5y\n    reason: as the trust's schedule says\n"},
		{"retain:\n", "retain:\n  - data: [PHY.*]\n    keep: 8y\n"},
	};
	for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
		char *text = replaced(northtown(), fine[i].from, fine[i].to), *lines = warnings(text);
		assert_string_equal(lines, "");
		free(lines);
		free(text);
	}
}

/* One rule of each kind: the whole, a party, a flow, an override, a list. */
static void test_a_warning_points_at_the_line_that_it_is_about(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to, *points_at;
	} pointed[] = {
		{"until: 2028-12-31\n", "", "from: 2026-01-01"},
		{"    dpo: dpo@steppingstones.example\n", "", "party: EMP"},
		{"    powers: [answers_referral]\n", "", "consent: none"},
		{"    expires: 72h\n", "", "clause: 7.2"},
		{"    keep: 20y\n", "    keep: 239m\n", "keep: 239m"},
		{"groups:\n", "groups:\n  - name: crime\n    words: crime\n    data: [CRM.*]\n", "data: [CRM.*]"},
	};
	for (size_t i = 0; i < sizeof pointed / sizeof pointed[0]; i++) {
		char *text = replaced(northtown(), pointed[i].from, pointed[i].to), *lines = warnings(text);
		unsigned row = 0, column = 0;
		assert_int_equal(sscanf(lines, "agreement:%u:%u: ", &row, &column), 2);
		const char *at = text;
		for (unsigned line = 1; line < row; line++)
			at = strchr(at, '\n') + 1;
		const char *key = at + column - 1;
		key = strncmp(key, pointed[i].points_at, strlen(pointed[i].points_at)) == 0
			      ? key
			      : strstr(at, pointed[i].points_at);
		if (key == NULL || key > strchr(at, '\n'))
			fail_msg("\"%s\" was wanted, not line %u, column %u: %s", pointed[i].points_at, row, column,
				 lines);
		free(lines);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_demo_agreement_has_no_warning),
		cmocka_unit_test(test_each_rule_fires_on_its_fault_and_no_other_does),
		cmocka_unit_test(test_every_rule_of_the_table_has_a_case),
		cmocka_unit_test(test_a_warning_points_at_the_line_that_it_is_about),
		cmocka_unit_test(test_rules_are_silent_where_the_condition_is_met),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
