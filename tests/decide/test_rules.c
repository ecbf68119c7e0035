/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that no YAML case reaches: bounds, role tables, conference lists, several numbers of one human, which stage
 * gives the effect. Each starts from a question that is released and changes one fact. */
#include "broker/decide/hearing.h"
#include "decide/world.h"
#include "support/support.h"

#include <string.h>

static bool has_code(const struct told_decision *d, unsigned code)
{
	for (size_t i = 0; i < d->code_count; i++)
		if (d->codes[i] == code)
			return true;
	return false;
}

static const struct told_obligation *obligation(const struct told_decision *d, unsigned kind)
{
	for (size_t i = 0; i < d->obligation_count; i++)
		if (d->obligations[i].kind == kind)
			return &d->obligations[i];
	return NULL;
}

static void expect(const struct world *w, unsigned effect, unsigned primary)
{
	struct told_decision d;
	told_decide(&w->q, &d);
	if (d.effect != effect || d.primary != primary)
		fail_msg("effect %u, primary %s", d.effect, told_code_row(d.primary)->name);
}

static void test_the_plain_question_is_released_with_its_obligations(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	world_plain(&w);
	told_decide(&w.q, &d);
	assert_int_equal(d.effect, TOLD_EFFECT_RELEASE);
	assert_int_equal(d.primary, TOLD_OK_00);
	assert_string_equal(d.clause, "4.1");
	assert_int_equal(d.sections[0].consent_id[0], 1);
	assert_non_null(obligation(&d, TOLD_OBLIGATION_RECEIPT));
	assert_non_null(obligation(&d, TOLD_OBLIGATION_RETAIN_UNTIL));
	assert_non_null(obligation(&d, TOLD_OBLIGATION_ASK_ACCESS));
	/* Sunday 10:00 and two working days: Tuesday 10:00 */
	assert_true(obligation(&d, TOLD_OBLIGATION_ACK_BY)->due_utc_ms == WORLD_T_UTC_MS + 2 * TOLD_MS_DAY);
	assert_null(obligation(&d, TOLD_OBLIGATION_CURE_BY));
}

static void test_more_sections_than_a_ruling_holds_are_rejected(void **state)
{
	(void)state;
	static struct world w;
	world_plain(&w);
	w.q.message.section_count = TOLD_SECTIONS_MAX + 1;
	expect(&w, TOLD_EFFECT_REJECT, TOLD_ENV_05);
}

static void test_more_records_than_a_ruling_weighs_hold_everything(void **state)
{
	(void)state;
	static struct world w;
	static struct told_consent many[TOLD_RECORDS_MAX + 1];
	world_plain(&w);
	for (size_t i = 0; i <= TOLD_RECORDS_MAX; i++) {
		many[i] = w.consents[0];
		many[i].id[0] = (uint8_t)i;
		many[i].id[1] = (uint8_t)(i >> 8);
	}
	w.q.consents = many;
	w.q.consent_count = TOLD_RECORDS_MAX;
	expect(&w, TOLD_EFFECT_RELEASE, TOLD_OK_00);
	w.q.consent_count++;
	expect(&w, TOLD_EFFECT_HOLD, TOLD_CON_16);
}

static void test_a_role_sends_what_the_roles_table_lets_it_send(void **state)
{
	(void)state;
	static struct world w;
	struct told_role_facts row = {.role = TOLD_ROLE_PRACTITIONER, .types = TOLD_BIT64(TOLD_TYPE_NOTE)};
	world_plain(&w);
	w.q.roles = &row;
	w.q.role_count = 1;
	expect(&w, TOLD_EFFECT_DENY, TOLD_PTY_05);
	row.party = 5; /* another party's table */
	expect(&w, TOLD_EFFECT_RELEASE, TOLD_OK_00);
}

static void test_a_role_that_the_worker_does_not_have_sends_nothing(void **state)
{
	(void)state;
	static struct world w;
	world_plain(&w);
	w.q.message.role = TOLD_ROLE_DPO;
	expect(&w, TOLD_EFFECT_DENY, TOLD_PTY_05);
}

static void test_an_excluded_human_is_excluded_under_every_number(void **state)
{
	(void)state;
	static struct world w;
	static const uint32_t barred[] = {2};
	world_plain(&w);
	w.q.message.recipient_worker = 3;
	w.q.person.excluded_workers = barred;
	w.q.person.excluded_worker_count = 1;
	expect(&w, TOLD_EFFECT_RELEASE, TOLD_OK_00);
	w.workers[2].human = w.workers[1].human;
	expect(&w, TOLD_EFFECT_HOLD, TOLD_PTY_07);
	w.q.message.recipient_worker = 9; /* a number that the register does not have is nobody's second number */
	expect(&w, TOLD_EFFECT_RELEASE, TOLD_OK_00);
	w.q.message.recipient_worker = 3;
	w.workers[1].human = w.workers[2].human = 0; /* nobody has said who they are: two numbers are two people */
	expect(&w, TOLD_EFFECT_RELEASE, TOLD_OK_00);
}

static void test_a_second_number_of_the_author_is_no_second_person(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	world_plain(&w);
	w.q.message.type = TOLD_TYPE_ALERT;
	w.q.message.override = (struct told_override_facts){.kind = TOLD_OVERRIDE_SAFEGUARDING,
							    .at_risk = TOLD_AT_RISK_OTHERS_TOO,
							    .reason_given = true,
							    .raised_utc_ms = WORLD_T_UTC_MS};
	w.bases[0].confidentiality = TOLD_CONFIDENTIALITY_PUBLIC_INTEREST;
	memset(&w.profiles[0][0].first, 0, sizeof w.profiles[0][0].first);
	memset(&w.profiles[0][0].beyond, 0, sizeof w.profiles[0][0].beyond);
	YES(w.profiles[0][0].first, TOLD_CATEGORY_DEM_ID);
	YES(w.profiles[0][0].beyond, TOLD_CATEGORY_HOU_SIT);
	expect(&w, TOLD_EFFECT_RELEASE, TOLD_OVR_01);
	w.workers[1].human = w.workers[0].human;
	told_decide(&w.q, &d);
	assert_int_equal(d.effect, TOLD_EFFECT_PARTIAL);
	assert_true(has_code(&d, TOLD_OVR_03) && has_code(&d, TOLD_OVR_01));
	/* Sunday 10:00: the rest is due on Monday, and so is the review */
	assert_true(obligation(&d, TOLD_OBLIGATION_CURE_BY)->due_utc_ms == WORLD_T_UTC_MS + TOLD_MS_DAY);
	assert_int_equal(obligation(&d, TOLD_OBLIGATION_CURE_BY)->who, TOLD_WHO_ON_CALL);
	assert_true(obligation(&d, TOLD_OBLIGATION_REVIEW_BY)->due_utc_ms == WORLD_T_UTC_MS + TOLD_MS_DAY);
	assert_non_null(obligation(&d, TOLD_OBLIGATION_CALL_IF_UNOPENED));
}

static void test_a_conference_paper_goes_to_its_members_only(void **state)
{
	(void)state;
	static struct world w;
	world_plain(&w);
	w.q.message.type = TOLD_TYPE_CONF_MINUTES;
	w.q.message.conference_event = TOLD_CONFERENCE_EVENT_MINUTES;
	w.q.workflow.conference_state = TOLD_CONFERENCE_STARTED;
	w.q.workflow.chair = 1;
	w.q.message.purposes = TOLD_BIT32(TOLD_PURPOSE_MDT);
	expect(&w, TOLD_EFFECT_RELEASE, TOLD_OK_00);
	w.q.workflow.has_conference = true;
	told_partyset_add(&w.q.workflow.members, 3);
	expect(&w, TOLD_EFFECT_DENY, TOLD_WFL_06);
	told_partyset_add(&w.q.workflow.members, 2);
	expect(&w, TOLD_EFFECT_RELEASE, TOLD_OK_00);
}

/* Housing Act 1996 s.213B: from a specified authority to a housing authority, both in England; the first row alone. */
static void test_the_duty_to_refer_works_between_english_authorities_only(void **state)
{
	(void)state;
	static struct world w;
	const uint32_t public = TOLD_MARK_PUBLIC, named = public | TOLD_MARK_S213B;
	const uint32_t rows[][4] = {{named, TOLD_ENGLAND, public, TOLD_ENGLAND},
				    {public, TOLD_ENGLAND, public, TOLD_ENGLAND},
				    {named, TOLD_ENGLAND, 0, TOLD_ENGLAND},
				    {named, TOLD_WALES, public, TOLD_ENGLAND},
				    {named, TOLD_ENGLAND, public, TOLD_WALES}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct told_decision d;
		world_plain(&w);
		w.flows[0][0].basis.powers = (struct told_grounds){1, {TOLD_POWER_S213B}};
		w.bases[0].power = TOLD_POWER_S213B;
		for (size_t party = 0; party < 2; party++) {
			w.parties[0][party].marks = rows[i][2 * party];
			w.parties[0][party].nation = (uint8_t)rows[i][2 * party + 1];
		}
		told_decide(&w.q, &d);
		assert_int_equal(has_code(&d, TOLD_LAW_02), i > 0);
	}
}

static void test_the_lowest_stage_that_stops_gives_the_effect(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	world_plain(&w);
	w.q.person.matches = 2;           /* stage 3, hold */
	w.bases[0].art6 = TOLD_ART6_NONE; /* stage 4, deny */
	told_decide(&w.q, &d);
	assert_int_equal(d.effect, TOLD_EFFECT_HOLD);
	assert_int_equal(d.primary, TOLD_SUB_02);
	assert_true(has_code(&d, TOLD_LAW_01));
	w.q.person.matches = 0; /* within a stage deny beats hold */
	w.q.person.merge_pending = true;
	expect(&w, TOLD_EFFECT_DENY, TOLD_SUB_01);
}

static void test_an_override_block_opens_nothing_for_records_and_rights(void **state)
{
	(void)state;
	static struct world w;
	world_plain(&w);
	w.q.message.override.kind = TOLD_OVERRIDE_SAFEGUARDING;
	w.q.message.type = TOLD_TYPE_SUBJECT_ACCESS;
	w.q.message.recipient = 0;
	expect(&w, TOLD_EFFECT_HOLD, TOLD_RGT_01);
}

static void test_a_withdrawal_of_everything_reaches_every_permission_before_it(void **state)
{
	(void)state;
	static struct world w;
	world_plain(&w);
	w.withdrawals[0] = (struct told_withdrawal_facts){.at_utc_ms = WORLD_T_UTC_MS - 1};
	w.q.withdrawal_count = 1;
	expect(&w, TOLD_EFFECT_DENY, TOLD_CON_03);
	w.consents[0].given_utc_ms = WORLD_T_UTC_MS; /* a new yes */
	expect(&w, TOLD_EFFECT_RELEASE, TOLD_OK_00);
}

static void test_a_withdrawal_may_take_one_category_only(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	world_plain(&w);
	w.withdrawals[0] = (struct told_withdrawal_facts){.at_utc_ms = WORLD_T_UTC_MS - 1};
	YES(w.withdrawals[0].categories, TOLD_CATEGORY_HOU_SIT);
	w.q.withdrawal_count = 1;
	told_decide(&w.q, &d);
	assert_int_equal(d.effect, TOLD_EFFECT_PARTIAL);
	assert_int_equal(d.sections[0].effect, TOLD_SECTION_EFFECT_RELEASE);
	assert_int_equal(d.sections[1].code, TOLD_CON_03);
	w.q.message.queued = true; /* what waited rests on what is left of it */
	w.q.workflow.rests_on_consent = true;
	memcpy(w.q.workflow.consent_id, w.consents[0].id, sizeof w.q.workflow.consent_id);
	expect(&w, TOLD_EFFECT_PARTIAL, TOLD_CON_03);
	memset(&w.withdrawals[0].categories, 0, sizeof w.withdrawals[0].categories);
	told_decide(&w.q, &d);
	assert_int_equal(d.effect, TOLD_EFFECT_DENY);
	assert_true(has_code(&d, TOLD_WFL_03));
}

/* A ruling looks at no more than 32 flows of one pair, purpose and type; what only a later one carries stays. */
static void test_a_flow_beyond_what_a_ruling_looks_at_carries_nothing(void **state)
{
	(void)state;
	static struct world w;
	static struct told_flow flows[40];
	world_plain(&w);
	for (size_t i = 0; i < 40; i++) {
		flows[i] = w.flows[0][0];
		if (i < 39)
			memset(&flows[i].data, 0, sizeof flows[i].data);
	}
	w.agreements[0].flows = flows;
	w.agreements[0].flow_count = 40;
	expect(&w, TOLD_EFFECT_DENY, TOLD_AGR_07);
	flows[3].data = flows[39].data;
	expect(&w, TOLD_EFFECT_RELEASE, TOLD_OK_00);
}

static void test_every_section_from_elsewhere_has_its_own_duty(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	size_t duties = 0;
	world_plain(&w);
	w.q.message.section_count = TOLD_SECTIONS_MAX;
	for (size_t i = 0; i < TOLD_SECTIONS_MAX; i++) {
		w.sections[i] = w.sections[0];
		w.sections[i].originator = 3;
	}
	told_decide(&w.q, &d);
	assert_int_equal(d.effect, TOLD_EFFECT_RELEASE);
	for (size_t i = 0; i < d.obligation_count; i++)
		duties += d.obligations[i].kind == TOLD_OBLIGATION_NO_ONWARD;
	assert_int_equal(duties, TOLD_SECTIONS_MAX);
	assert_non_null(obligation(&d, TOLD_OBLIGATION_ASK_ACCESS));
}

static void test_a_permission_is_renewed_before_its_event_or_its_end_whichever_is_first(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	world_plain(&w);
	w.consents[0].ended_utc_ms = WORLD_T_UTC_MS + 10 * TOLD_MS_DAY;
	told_decide(&w.q, &d);
	assert_int_equal(d.effect, TOLD_EFFECT_RELEASE);
	assert_true(obligation(&d, TOLD_OBLIGATION_RENEW_CONSENT)->due_utc_ms == w.consents[0].ended_utc_ms);
	w.consents[0].until_utc_ms = WORLD_T_UTC_MS + 5 * TOLD_MS_DAY;
	told_decide(&w.q, &d);
	assert_true(obligation(&d, TOLD_OBLIGATION_RENEW_CONSENT)->due_utc_ms == w.consents[0].until_utc_ms);
	w.consents[0].ended_utc_ms = WORLD_T_UTC_MS;
	expect(&w, TOLD_EFFECT_DENY, TOLD_CON_04);
}

/* A static_assert keeps the bound above what can be set; were it wrong, memory behind the ruling would still be safe.
 */
static void test_a_full_list_of_obligations_takes_no_more(void **state)
{
	(void)state;
	static struct world w;
	static struct told_hearing h;
	static struct told_decision d;
	world_plain(&w);
	told_decide(&w.q, &d);
	told_hearing_open(&h, &w.q);
	d.obligation_count = TOLD_OBLIGATIONS_MAX;
	told_set_obligations(&h, &d);
	assert_int_equal(d.obligation_count, TOLD_OBLIGATIONS_MAX);
}

static void test_a_quiet_flag_older_than_the_calendar_still_has_a_review(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	world_plain(&w);
	w.q.person.do_not_notify_since_utc_ms = -2000 * 366 * TOLD_MS_DAY;
	told_decide(&w.q, &d);
	assert_non_null(obligation(&d, TOLD_OBLIGATION_REVIEW_BY));
}

/* More than are sorted at once: read again, in order still, and no two lists alike. */
static void test_records_beyond_what_is_sorted_at_once_have_one_digest_in_any_order(void **state)
{
	(void)state;
	static struct world w;
	static struct told_consent many[600];
	told_hash one, two;
	world_plain(&w);
	for (size_t i = 0; i < 600; i++) {
		many[i] = w.consents[0];
		many[i].given_utc_ms -= (int64_t)(i % 590); /* ten of them twice */
	}
	w.q.consents = many;
	w.q.consent_count = 600;
	told_question_digest(&w.q, &one);
	for (size_t i = 0; i < 300; i++) {
		struct told_consent held = many[i];
		many[i] = many[599 - i];
		many[599 - i] = held;
	}
	told_question_digest(&w.q, &two);
	assert_true(told_hash_equal(&one, &two));
	many[0] = many[300]; /* one more of this, one less of that */
	told_question_digest(&w.q, &two);
	assert_false(told_hash_equal(&one, &two));
}

/* What somebody else gave, and what the person gave, by what is known of both. */
static void test_who_gave_a_permission_must_have_been_able_to(void **state)
{
	(void)state;
	static struct world w;
	static const struct {
		uint8_t giver, authority, recorded, capacity, age, effect;
		uint16_t code;
	} rows[] = {
#define ROW(giver, authority, recorded, capacity, age, effect, code)                                                   \
	{TOLD_GIVER_##giver,                                                                                           \
	 TOLD_AUTHORITY_##authority,                                                                                   \
	 TOLD_CAPACITY_##recorded,                                                                                     \
	 TOLD_CAPACITY_##capacity,                                                                                     \
	 age,                                                                                                          \
	 TOLD_EFFECT_##effect,                                                                                         \
	 code}
		ROW(PERSON, CHECKED, LACKS, HAS, TOLD_ADULT, HOLD, TOLD_CON_11),
		ROW(PERSON, CHECKED, FLUCTUATING, HAS, TOLD_ADULT, HOLD, TOLD_CON_11),
		ROW(PERSON, CHECKED, HAS, LACKS, TOLD_ADULT, HOLD, TOLD_CON_11),
		ROW(BEST_INTERESTS, CHECKED, HAS, HAS, TOLD_ADULT, HOLD, TOLD_CON_12),
		ROW(BEST_INTERESTS, CHECKED, HAS, FLUCTUATING, TOLD_ADULT, RELEASE, TOLD_OK_00),
		ROW(BEST_INTERESTS, REJECTED, HAS, LACKS, TOLD_ADULT, DENY, TOLD_CON_12),
		ROW(ATTORNEY, CHECKED, HAS, HAS, TOLD_ADULT, HOLD, TOLD_CON_12),
		ROW(ATTORNEY, CHECKED, HAS, LACKS, TOLD_ADULT, RELEASE, TOLD_OK_00),
		ROW(DEPUTY, REJECTED, HAS, LACKS, TOLD_ADULT, DENY, TOLD_CON_12),
		ROW(PARENT, CHECKED, HAS, HAS, TOLD_ADULT, HOLD, TOLD_CON_12),
		ROW(PARENT, CHECKED, HAS, HAS, TOLD_16_OR_17, RELEASE, TOLD_OK_00),
		ROW(PARENT, REJECTED, HAS, HAS, TOLD_16_OR_17, DENY, TOLD_CON_12),
#undef ROW
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		world_plain(&w);
		w.consents[0].giver = rows[i].giver;
		w.consents[0].authority = rows[i].authority;
		w.consents[0].capacity = rows[i].recorded;
		w.q.person.capacity = rows[i].capacity;
		w.q.person.age = rows[i].age;
		expect(&w, rows[i].effect, rows[i].code);
	}
}

/* Free text that nobody classified rests on no record: it does not say when the rest begins. */
static void test_a_permission_that_begins_later_is_held_until_it_begins(void **state)
{
	(void)state;
	static struct world w;
	struct told_decision d;
	world_plain(&w);
	w.q.message.expires_utc_ms = WORLD_T_UTC_MS + 2 * TOLD_MS_DAY;
	w.consents[0].from_utc_ms = WORLD_T_UTC_MS + TOLD_MS_HOUR;
	told_decide(&w.q, &d);
	assert_int_equal(d.effect, TOLD_EFFECT_HOLD);
	assert_int_equal(d.primary, TOLD_CON_05);
	assert_true(obligation(&d, TOLD_OBLIGATION_CURE_BY)->due_utc_ms == w.consents[0].from_utc_ms);
	w.sections[1].category = TOLD_CATEGORY_NARR;
	told_decide(&w.q, &d);
	assert_true(has_code(&d, TOLD_CON_05));
	w.consents[0].from_utc_ms = 0;
	w.consents[0].given_utc_ms = WORLD_T_UTC_MS + 1;
	told_decide(&w.q, &d);
	assert_true(has_code(&d, TOLD_CON_05));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_plain_question_is_released_with_its_obligations),
		cmocka_unit_test(test_more_sections_than_a_ruling_holds_are_rejected),
		cmocka_unit_test(test_more_records_than_a_ruling_weighs_hold_everything),
		cmocka_unit_test(test_a_role_sends_what_the_roles_table_lets_it_send),
		cmocka_unit_test(test_a_role_that_the_worker_does_not_have_sends_nothing),
		cmocka_unit_test(test_an_excluded_human_is_excluded_under_every_number),
		cmocka_unit_test(test_a_second_number_of_the_author_is_no_second_person),
		cmocka_unit_test(test_a_conference_paper_goes_to_its_members_only),
		cmocka_unit_test(test_the_duty_to_refer_works_between_english_authorities_only),
		cmocka_unit_test(test_the_lowest_stage_that_stops_gives_the_effect),
		cmocka_unit_test(test_an_override_block_opens_nothing_for_records_and_rights),
		cmocka_unit_test(test_a_withdrawal_of_everything_reaches_every_permission_before_it),
		cmocka_unit_test(test_a_withdrawal_may_take_one_category_only),
		cmocka_unit_test(test_a_flow_beyond_what_a_ruling_looks_at_carries_nothing),
		cmocka_unit_test(test_every_section_from_elsewhere_has_its_own_duty),
		cmocka_unit_test(test_a_permission_is_renewed_before_its_event_or_its_end_whichever_is_first),
		cmocka_unit_test(test_a_full_list_of_obligations_takes_no_more),
		cmocka_unit_test(test_a_quiet_flag_older_than_the_calendar_still_has_a_review),
		cmocka_unit_test(test_who_gave_a_permission_must_have_been_able_to),
		cmocka_unit_test(test_a_permission_that_begins_later_is_held_until_it_begins),
		cmocka_unit_test(test_records_beyond_what_is_sorted_at_once_have_one_digest_in_any_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
