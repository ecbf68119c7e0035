/* SPDX-License-Identifier: Apache-2.0 */
/* The agreement of the demo, compiled: each set is what the file says. */
#include "agree/text.h"

struct fixture {
	struct told_parties *parties;
	struct told_agreement *agreement;
	char *text;
};

static int open_northtown(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	assert_non_null(f);
	assert_int_equal(told_parties_new(&f->parties), TOLD_OK);
	f->text = northtown();
	f->agreement = loaded(f->parties, f->text);
	*state = f;
	return 0;
}

static int close_northtown(void **state)
{
	struct fixture *f = *state;
	told_agreement_free(f->agreement);
	told_parties_free(f->parties);
	free(f->text);
	free(f);
	return 0;
}

static uint32_t party(const struct fixture *f, const char *name)
{
	uint32_t number = told_party_find(f->parties, told_text(name));
	assert_int_not_equal(number, TOLD_PARTY_NONE);
	return number;
}

static const struct told_flow *flow_of(const struct told_agreement *agreement, const char *clause)
{
	for (size_t i = 0; i < agreement->flow_count; i++)
		if (strcmp(agreement->flows[i].clause, clause) == 0)
			return &agreement->flows[i];
	fail_msg("no flow %s", clause);
	return NULL;
}

static const struct told_flow *flow(const struct fixture *f, const char *clause)
{
	return flow_of(f->agreement, clause);
}

static struct told_catset codes(const char *text)
{
	struct told_catset set = {0};
	for (const char *at = text; *at != '\0';) {
		size_t len = strcspn(at, " ");
		assert_int_equal(told_catset_add_code(&set, told_bytes(at, len)), TOLD_OK);
		at += len + strspn(at + len, " ");
	}
	return set;
}

static void same(const struct told_catset *got, const char *want)
{
	struct told_catset set = codes(want);
	assert_memory_equal(got, &set, sizeof set);
}

static void set_is(const struct fixture *f, const struct told_partyset *got, const char *want)
{
	struct told_partyset set = {0};
	char *copy = strdup(want), *rest = copy;
	for (char *name; (name = strsep(&rest, " ")) != NULL;)
		told_partyset_add(&set, party(f, name));
	assert_memory_equal(got, &set, sizeof set);
	free(copy);
}

static int64_t day(const char *text)
{
	int64_t utc_ms;
	assert_int_equal(told_date_parse(told_text(text), &utc_ms), TOLD_OK);
	return utc_ms;
}

static void test_the_head_is_what_the_paper_says(void **state)
{
	const struct fixture *f = *state;
	const struct told_agreement *a = f->agreement;
	assert_true(told_bytes_equal(a->id, told_text("ISA-MD3")));
	assert_true(told_bytes_equal(a->title, told_text("Multiple disadvantage, Northtown")));
	assert_int_equal(a->version, 3);
	assert_int_equal(a->kind, TOLD_ISP);
	assert_int_equal(a->status, TOLD_AGREEMENT_SIGNED);
	assert_int_equal(a->from_utc_ms, day("2026-01-01"));
	assert_int_equal(a->until_utc_ms, day("2029-01-01")); /* the end date includes its day */
	assert_int_equal(a->review_utc_ms, day("2027-01-01"));
	assert_true(a->grace.count == 60 && a->grace.unit == TOLD_SPAN_DAYS);
	assert_true(a->consent_max.count == 12 && a->consent_max.unit == TOLD_SPAN_MONTHS);
	set_is(f, &a->never_to, "HOME_OFFICE");
	assert_int_equal(a->never_for, TOLD_BIT32(TOLD_PURPOSE_CRIME));
	set_is(f, &a->locate, "CRISIS");
	assert_int_equal(a->group_count, 7);
	assert_int_equal(a->notice_count, 2);
	assert_int_equal(a->notices[1].from_utc_ms, day("2026-06-01"));
	told_hash hash;
	told_sha256(told_text(f->text), &hash);
	assert_memory_equal(a->sha256, hash.b, sizeof hash.b);
}

static void test_parties_have_their_marks_and_fingerprints(void **state)
{
	const struct fixture *f = *state;
	const struct told_agreement *a = f->agreement;
	assert_int_equal(a->party_count, 8);
	told_hash hash;
	told_sha256(told_text("TT"), &hash);
	assert_int_equal(a->parties[1].party, party(f, "TT"));
	assert_memory_equal(a->parties[1].identity_key, hash.b, sizeof hash.b);
	assert_int_equal(a->parties[1].marks, TOLD_MARK_PUBLIC | TOLD_MARK_HSC | TOLD_MARK_REVEALS);
	assert_int_equal(a->parties[1].control, TOLD_JOINT_CONTROLLER);
	assert_int_equal(a->parties[1].signed_version, 3);
	assert_int_equal(a->parties[1].assurance_until_utc_ms, day("2027-04-01"));
	assert_int_equal(a->parties[4].marks, TOLD_MARK_PUBLIC | TOLD_MARK_HSC | TOLD_MARK_S213B | TOLD_MARK_PAPER);
	assert_int_equal(a->parties[4].assurance_until_utc_ms, TOLD_FOREVER);
	assert_int_equal(a->parties[6].marks, TOLD_MARK_PERSON);
	assert_int_equal(a->parties[0].nation, TOLD_ENGLAND);
}

static void test_a_flow_is_compiled_to_its_sets(void **state)
{
	const struct fixture *f = *state;
	const struct told_flow *first = flow(f, "4.1");
	set_is(f, &first->from, "HOU");
	set_is(f, &first->to, "TT SUD");
	assert_true(first->types ==
		    (TOLD_BIT64(TOLD_TYPE_REFERRAL) | TOLD_BIT64(TOLD_TYPE_STATUS_UPDATE) | TOLD_BIT64(TOLD_TYPE_ASK)));
	assert_int_equal(first->purposes, TOLD_BIT32(TOLD_PURPOSE_REFERRAL) | TOLD_BIT32(TOLD_PURPOSE_COORD));
	same(&first->data,
	     "DEM.ID DEM.CON DEM.TEL DEM.SAFE DEM.LOC DEM.PC HOU.SIT HOU.DUTY HOU.TEN HOU.SUP HOU.HIST NED FRM "
	     "STR GOA PLN SUP PRF.GEN PRF.ACC MH.PROB SUD.USE SUD.TX FIN.DEBT PHY.COND RSK.SELF RSK.OTH RSK.FROM "
	     "RSK.STAFF NARR");
	same(&first->mandatory, "DEM.ID");
	assert_int_equal(first->lookback_count, 1);
	assert_true(first->lookbacks[0].span.count == 24 && first->lookbacks[0].span.unit == TOLD_SPAN_MONTHS);
	same(&first->lookbacks[0].data, "MH.PROB SUD.USE SUD.TX RSK.SELF RSK.OTH RSK.FROM RSK.STAFF");
	assert_true(first->ack.count == 2 && first->ack.unit == TOLD_SPAN_WORKING_DAYS);
	same(&flow(f, "4.3")->verified, "RSK.OTH RSK.STAFF"); /* RSK.* means those of its leaves that go */
	assert_int_equal(flow(f, "4.4")->not_needed_count, 1);
	same(&flow(f, "4.4")->not_needed[0].data, "MH.ITEM");
	assert_int_equal(flow(f, "4.4")->not_needed[0].purposes, TOLD_BIT32(TOLD_PURPOSE_COORD));
}

static void test_what_a_flow_does_not_say_it_takes_from_the_base(void **state)
{
	const struct fixture *f = *state;
	const struct told_flow *plain = flow(f, "4.1"), *care = flow(f, "4.6"), *meta = flow(f, "4.10");
	assert_int_equal(plain->consent, TOLD_MODE_PERMISSION);
	assert_true(plain->basis.art6.count == 1 && plain->basis.art6.value[0] == TOLD_ART6_E);
	assert_true(plain->basis.art9.count == 1 && plain->basis.art9.value[0] == TOLD_ART9_G_6);
	assert_int_equal(plain->basis.policy_document_utc_ms, day("2025-12-01"));
	assert_int_equal(plain->basis.powers.count, 0);
	assert_int_equal(plain->marker, TOLD_PARCEL_MARKER_GENERIC);
	assert_int_equal(plain->onward, TOLD_ONWARD_ASK_ORIGINATOR);
	assert_true(care->basis.art9.count == 1 && care->basis.art9.value[0] == TOLD_ART9_H_2);
	assert_int_equal(meta->consent, TOLD_MODE_NONE);
	assert_int_equal(meta->basis.confidentiality.value[0], TOLD_CONFIDENTIALITY_NOT_CONFIDENTIAL);
	assert_int_equal(meta->basis.powers.value[0], TOLD_POWER_ANSWERS_REFERRAL);
	assert_true(flow(f, "6.2")->others_own_basis);
	assert_false(plain->others_own_basis);
}

static void test_override_profiles_are_compiled(void **state)
{
	const struct fixture *f = *state;
	assert_int_equal(f->agreement->profile_count, 2);
	const struct told_profile *safe = &f->agreement->profiles[0], *vital = &f->agreement->profiles[1];
	assert_string_equal(safe->clause, "7.1");
	assert_int_equal(safe->kind, TOLD_OVERRIDE_SAFEGUARDING);
	set_is(f, &safe->to, "ASC");
	same(&safe->first,
	     "DEM.ID DEM.CON DEM.TEL DEM.SAFE DEM.LOC PRF.ACC RSK.SELF RSK.FROM SAF.ADULT SAF.CHILD FAM.CHILD NARR");
	same(&safe->beyond, "RSK.OTH RSK.STAFF SAF.DA DEM.HH HOU.SIT HOU.HIST MH.PROB SUD.USE FAM.TP");
	assert_int_equal(safe->declare,
			 TOLD_BIT32(TOLD_ROLE_PRACTITIONER) | TOLD_BIT32(TOLD_ROLE_SENIOR) | TOLD_BIT32(TOLD_ROLE_DSL));
	assert_int_equal(safe->second, TOLD_BIT32(TOLD_ROLE_DSL));
	assert_true(safe->needs_reason && safe->others_own_basis && !safe->anyone);
	assert_true(safe->review.count == 5 && safe->review.unit == TOLD_SPAN_WORKING_DAYS);
	set_is(f, &vital->to, "CRISIS TT NOK");
	assert_int_equal(vital->basis.art9.count, 2);
	assert_int_equal(vital->basis.art9.value[0], TOLD_ART9_C);
	assert_int_equal(vital->second, 0);
}

static void test_former_names_go_only_by_name(void **state)
{
	const struct fixture *f = *state;
	char *text = strdup(f->text);
	text = replaced(text, "data: [PLN]", "data: [PLN, DEM.*]");
	struct told_agreement *a = loaded(f->parties, text);
	for (size_t i = 0; i < a->flow_count; i++)
		assert_false(told_catset_has(&a->flows[i].data, TOLD_CATEGORY_DEM_FORMER));
	told_agreement_free(a);
	text = replaced(text, "data: [PLN, DEM.*]", "data: [PLN, DEM.FORMER]");
	a = loaded(f->parties, text);
	size_t carried = 0;
	for (size_t i = 0; i < a->flow_count; i++)
		carried += told_catset_has(&a->flows[i].data, TOLD_CATEGORY_DEM_FORMER) ? 1 : 0;
	assert_int_equal(carried, 1);
	told_agreement_free(a);
	free(text);
}

static void test_all_that_the_format_has_is_read(void **state)
{
	const struct fixture *f = *state;
	char *text = everything();
	struct told_agreement *a = loaded(f->parties, text);
	assert_int_equal(a->consent_max.count, 6);
	assert_true(told_bytes_equal(a->under, told_text("ISA-WIDE")));
	same(&a->seal, "SAF.DA");
	assert_int_equal(a->threshold_count, 1);
	assert_true(a->thresholds[0].score == 14 && a->thresholds[0].ways == 15 &&
		    a->thresholds[0].repeat_within.count == 12);
	const struct told_flow *supporter = flow_of(a, "5.1"), *counts = flow_of(a, "8.1");
	assert_true(supporter->needs_threshold && supporter->onward == TOLD_ONWARD_NEVER &&
		    supporter->marker == TOLD_PARCEL_MARKER_PER_SECTION && supporter->consent_max.count == 3);
	assert_int_equal(supporter->bars, TOLD_BAR_GENDER_HISTORY | TOLD_BAR_FAMILY_COURT);
	same(&supporter->warned, "PLN");
	assert_true(counts->counts && counts->smallest_cell == 5);
	same(&counts->data, "");
	assert_true(a->profiles[0].any_data && a->profiles[0].mandatory_report && a->profiles[0].anyone);
	assert_true(a->profiles[1].order_names && !a->profiles[1].any_data);
	assert_int_equal(a->profiles[1].basis.art10.value[0], TOLD_ART10_OFFICIAL);
	set_is(f, &a->notices[1].changed_to, "EMP");
	same(&a->notices[1].changed_data, "RSK.*");
	assert_int_equal(a->parties[4].nation, TOLD_WALES);
	assert_int_equal(a->parties[4].control, TOLD_PROCESSOR);
	assert_int_equal(a->parties[4].acts_for, party(f, "HOU"));
	assert_int_equal(a->retention_count, 4);
	set_is(f, &a->retentions[0].parties, "TT");
	assert_true(a->retentions[0].span.count == 20 && a->retentions[0].span.unit == TOLD_SPAN_YEARS);
	told_agreement_free(a);
	free(text);
}

static void test_one_changed_byte_is_another_agreement(void **state)
{
	const struct fixture *f = *state;
	char *text = replaced(strdup(f->text), "# Northtown:", "#  Northtown:");
	struct told_agreement *a = loaded(f->parties, text);
	assert_memory_not_equal(a->sha256, f->agreement->sha256, sizeof a->sha256);
	told_agreement_free(a);
	free(text);
}

static void test_a_party_beyond_the_sets_is_a_fault(void **state)
{
	(void)state;
	struct told_parties *parties;
	uint32_t number;
	assert_int_equal(told_parties_new(&parties), TOLD_OK);
	for (unsigned i = 0; i < TOLD_PARTYSET_MAX; i++) {
		char name[16];
		snprintf(name, sizeof name, "P%u", i);
		assert_int_equal(told_party_intern(parties, told_text(name), &number), TOLD_OK);
	}
	char *text = northtown();
	struct told_agreement *a;
	struct told_faults *faults = calloc(1, sizeof *faults);
	assert_int_equal(told_agreement_load(told_text(text), "f", parties, &a, faults), TOLD_E_CONFIG);
	assert_null(a);
	struct told_buf out = TOLD_BUF(1u << 20);
	told_faults_print(faults, &out);
	assert_non_null(strstr(told_buf_cstr(&out), "\"HOU\" is party number 257 of this partnership, 256 can be in"));
	assert_non_null(strstr(told_buf_cstr(&out), "\"HOME_OFFICE\" is party number 265"));
	told_buf_free(&out);
	told_faults_free(faults);
	free(faults);
	free(text);
	told_parties_free(parties);
}

/* DC158 of the worked cases: a flow to somebody who is told nothing special. */
static void test_none_takes_away_what_the_base_says(void **state)
{
	(void)state;
	struct told_parties *parties = NULL;
	struct told_agreement *agreement = NULL;
	struct told_faults faults = TOLD_FAULTS("northtown.yaml");
	char *text = replaced(northtown(), "  - clause: 4.4\n", "  - clause: 4.4\n    art9: [none]\n");
	assert_int_equal(told_parties_new(&parties), TOLD_OK);
	assert_int_equal(told_agreement_load(told_text(text), "northtown.yaml", parties, &agreement, &faults), TOLD_OK);
	for (size_t i = 0; i < agreement->flow_count; i++)
		if (strcmp(agreement->flows[i].clause, "4.4") == 0) {
			assert_int_equal(agreement->flows[i].basis.art9.count, 0);
			assert_int_equal(agreement->flows[i].basis.art6.count, 1);
		}
	told_agreement_free(agreement);
	told_parties_free(parties);
	free(text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_northtown, close_northtown)
	const struct CMUnitTest tests[] = {
		TEST(test_the_head_is_what_the_paper_says),
		TEST(test_parties_have_their_marks_and_fingerprints),
		TEST(test_a_flow_is_compiled_to_its_sets),
		TEST(test_what_a_flow_does_not_say_it_takes_from_the_base),
		TEST(test_none_takes_away_what_the_base_says),
		TEST(test_override_profiles_are_compiled),
		TEST(test_former_names_go_only_by_name),
		TEST(test_all_that_the_format_has_is_read),
		TEST(test_one_changed_byte_is_another_agreement),
		cmocka_unit_test(test_a_party_beyond_the_sets_is_a_fault),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
