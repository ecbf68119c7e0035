/* SPDX-License-Identifier: Apache-2.0 */
/* The difference of two versions, in words: all of it and nothing else. */
#include "agree/text.h"

#include "broker/agree/diff.h"

/* One change to the demo's agreement and the lines that say it. */
static const struct {
	const char *from, *to, *lines;
} cases[] = {
	{"title: Multiple disadvantage, Northtown", "title: Another", ""},
	{"    purposes: [REFERRAL]\n    data: [DEM.ID, DEM.CON, HOU.SIT, EMP.ADJ, STR",
	 "    purposes: [REFERRAL]\n    data: [DEM.ID, DEM.CON, HOU.*, STR",
	 "new: HOU to EMP, REFERRAL for REFERRAL, with permission: HOU.DUTY HOU.TEN HOU.SUP HOU.HIST (clause 4.2)\n"
	 "stops: HOU to EMP, REFERRAL for REFERRAL, with permission: EMP.ADJ (clause 4.2)\n"},
	{"    data: [DEM.ID, SUD.USE, SUD.ATT, HOU.SUP,", "    data: [DEM.ID, SUD.USE, SUD.ATT, SUD.TX, HOU.SUP,",
	 "new: SUD to HOU, ASK ASK_REPLY STATUS_UPDATE for REFERRAL COORD, with permission: SUD.TX (clause 4.8)\n"},
	{"    types: [PLAN_STEP]\n    purposes: [COORD]\n",
	 "    types: [PLAN_STEP]\n    purposes: [COORD]\n    consent: none\n    powers: [care_act]\n",
	 "changes: HOU to SUPPORTER, PLAN_STEP for COORD, without permission: PLN (clause 5.1)\n"
	 "changes: TT to SUPPORTER, PLAN_STEP for COORD, without permission: PLN (clause 5.1)\n"
	 "changes: SUD to SUPPORTER, PLAN_STEP for COORD, without permission: PLN (clause 5.1)\n"
	 "changes: EMP to SUPPORTER, PLAN_STEP for COORD, without permission: PLN (clause 5.1)\n"},
	{"    then: [RSK.OTH, RSK.STAFF,", "    then: [RSK.OTH,",
	 "stops: HOU to ASC, override (safeguarding): RSK.STAFF (clause 7.1)\n"
	 "stops: TT to ASC, override (safeguarding): RSK.STAFF (clause 7.1)\n"
	 "stops: SUD to ASC, override (safeguarding): RSK.STAFF (clause 7.1)\n"
	 "stops: EMP to ASC, override (safeguarding): RSK.STAFF (clause 7.1)\n"},
	{"  for: [CRIME]\n", "", "rule gone: never for CRIME\n"},
	{"locate: [CRISIS]", "locate: [ASC]",
	 "new: ASC may be told protected addresses\nstops: CRISIS may be told protected addresses\n"},
	{"  # Whoever referred",
	 "  - clause: 8.1\n    from: [HOU]\n    to: [EMP]\n    types: [AGGREGATE]\n    purposes: [EVAL]\n    counts: "
	 "true\n"
	 "    consent: none\n    powers: [no_person]\n  # Whoever referred",
	 "new: HOU to EMP, AGGREGATE for EVAL, without permission: counts (clause 8.1)\n"},
};

static char *difference(struct told_parties *parties, const char *older, const char *newer)
{
	struct told_agreement *a = loaded(parties, older), *b = loaded(parties, newer);
	struct told_buf out = TOLD_BUF(1u << 20);
	told_agreement_diff(a, b, parties, &out);
	char *lines = strdup(told_buf_cstr(&out));
	told_buf_free(&out);
	told_agreement_free(a);
	told_agreement_free(b);
	return lines;
}

static void test_each_change_is_said_and_nothing_else(void **state)
{
	(void)state;
	char *older = northtown();
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct told_parties *parties;
		assert_int_equal(told_parties_new(&parties), TOLD_OK);
		char *newer = replaced(northtown(), cases[i].from, cases[i].to);
		char *lines = difference(parties, older, newer);
		assert_string_equal(lines, cases[i].lines);
		free(lines);
		free(newer);
		told_parties_free(parties);
	}
	free(older);
}

static void test_the_way_back_swaps_new_and_stops(void **state)
{
	(void)state;
	struct told_parties *parties;
	assert_int_equal(told_parties_new(&parties), TOLD_OK);
	char *older = northtown(), *newer = replaced(northtown(), cases[2].from, cases[2].to);
	char *lines = difference(parties, newer, older);
	assert_string_equal(lines, "stops: SUD to HOU, ASK ASK_REPLY STATUS_UPDATE for REFERRAL COORD, with "
				   "permission: SUD.TX (clause 4.8)\n");
	free(lines);
	free(older);
	free(newer);
	told_parties_free(parties);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_change_is_said_and_nothing_else),
		cmocka_unit_test(test_the_way_back_swaps_new_and_stops),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
