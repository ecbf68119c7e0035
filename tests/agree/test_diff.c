/* SPDX-License-Identifier: Apache-2.0 */
/* The difference of two versions, in words: all of it and nothing else. */
#include "agree/text.h"

#include "broker/agree/diff.h"

/* One change to the demo's agreement and the lines that say it. */
static const struct {
	const char *from, *to, *lines;
} cases[] = {
	{"title: Multiple disadvantage, Northtown", "title: Another",
	 "changes: title was Multiple disadvantage, Northtown, now Another\n"},
	{"    purposes: [REFERRAL]\n    data: [DEM.ID, DEM.CON, HOU.SIT, EMP.ADJ, STR",
	 "    purposes: [REFERRAL]\n    data: [DEM.ID, DEM.CON, HOU.*, STR",
	 "new: HOU to EMP, REFERRAL for REFERRAL, with permission: HOU.DUTY HOU.TEN HOU.SUP HOU.HIST (clause 4.2)\n"
	 "stops: HOU to EMP, REFERRAL for REFERRAL, with permission: EMP.ADJ (clause 4.2)\n"},
	{"    data: [DEM.ID, SUD.USE, SUD.ATT, HOU.SUP,", "    data: [DEM.ID, SUD.USE, SUD.ATT, SUD.TX, HOU.SUP,",
	 "new: SUD to HOU, ASK ASK_REPLY STATUS_UPDATE for REFERRAL COORD, with permission: SUD.TX (clause 4.8)\n"},
	{"    types: [PLAN_STEP, DISCLOSURE_RECORD]\n    purposes: [COORD]\n    data: [PLN]\n",
	 "    types: [PLAN_STEP, DISCLOSURE_RECORD]\n    purposes: [COORD]\n    data: [PLN]\n    consent: none\n    "
	 "powers: [care_act]\n",
	 "changes: HOU to SUPPORTER, DISCLOSURE_RECORD PLAN_STEP for COORD, without permission: PLN (clause 5.1)\n"
	 "changes: TT to SUPPORTER, DISCLOSURE_RECORD PLAN_STEP for COORD, without permission: PLN (clause 5.1)\n"
	 "changes: SUD to SUPPORTER, DISCLOSURE_RECORD PLAN_STEP for COORD, without permission: PLN (clause 5.1)\n"
	 "changes: EMP to SUPPORTER, DISCLOSURE_RECORD PLAN_STEP for COORD, without permission: PLN (clause 5.1)\n"
	 "new: clause 5.1: what rests on powers care_act\n"},
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
	{"        data: [MH.ITEM]\n", "        data: [MH.ITEM, MH.TX]\n",
	 "stops: clause 4.4: MH.TX for COORD, as not needed\n"},
	{"      - for: [COORD]\n        data: [MH.ITEM]", "      - for: [MDT]\n        data: [MH.ITEM]",
	 "new: clause 4.4: MH.ITEM for COORD (it was not needed)\nstops: clause 4.4: MH.ITEM for MDT, as not needed\n"},
	{"      - span: 12m\n", "      - span: 6m\n",
	 "stops: clause 4.6: MH.SCORE older than 6m (look-back was 12m)\n"},
	{"    lookback:\n      - span: 12m\n        data: [MH.SCORE]\n", "",
	 "new: clause 4.6: MH.SCORE of any age (look-back was 12m)\n"},
	{"    types: [REFERRAL]\n    purposes: [REFERRAL]\n    data: [DEM.ID, DEM.CON, HOU.SIT, EMP.ADJ, STR, GOA, "
	 "PRF.*]\n    mandatory: [DEM.ID]\n",
	 "    types: [REFERRAL]\n    purposes: [REFERRAL]\n    data: [DEM.ID, DEM.CON, HOU.SIT, EMP.ADJ, STR, GOA, "
	 "PRF.*]\n    mandatory: [GOA]\n",
	 "stops: clause 4.2: a message without GOA is held\nnew: clause 4.2: a message without DEM.ID goes\n"},
	{"    verified: [RSK.*]\n", "    verified: [RSK.OTH]\n    benefit-warning: [GOA]\n",
	 "new: clause 4.3: RSK.STAFF also where nobody marked it as verified\n"
	 "stops: clause 4.3: GOA where the page gave no benefit warning\n"},
	{"    art9: [h:2]\n", "    art9: [h:2, a]\n", "new: clause 4.6: what rests on art9 a\n"},
	{"    expires: 72h\n", "    expires: 48h\n", "changes: clause 7.2: expires was 72h, now 48h\n"},
	{"    keep: 20y\n", "    keep: 21y\n",
	 "new rule: keep 21y at (TT): MH.PROB MH.SCORE MH.ITEM MH.TX MH.NOTE MH.SEC MH.ATT\n"
	 "rule gone: keep 20y at (TT): MH.PROB MH.SCORE MH.ITEM MH.TX MH.NOTE MH.SEC MH.ATT\n"},
	{"# Printed first", "# Said first",
	 "changes: the bytes, and nothing that anybody may rely on; a new version is signed all the same\n"},
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

static void test_a_changed_key_is_said_with_what_to_do_about_it(void **state)
{
	(void)state;
	struct told_parties *parties;
	assert_int_equal(told_parties_new(&parties), TOLD_OK);
	char *older = source_text("tests/data/agreements/small.yaml");
	char *newer = replaced(source_text("tests/data/agreements/small.yaml"), "SHA256:2222", "SHA256:3333");
	char *lines = difference(parties, older, newer);
	const char start[] = "changes: EMP: key was SHA256:2222";
	assert_memory_equal(lines, start, sizeof start - 1);
	assert_non_null(strstr(lines, ", now SHA256:3333"));
	assert_non_null(strstr(lines, "read out by telephone"));
	free(lines);
	free(older);
	free(newer);
	told_parties_free(parties);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_changed_key_is_said_with_what_to_do_about_it),
		cmocka_unit_test(test_each_change_is_said_and_nothing_else),
		cmocka_unit_test(test_the_way_back_swaps_new_and_stops),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
