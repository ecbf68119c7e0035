/* SPDX-License-Identifier: Apache-2.0 */
/* Folding signed headers into a person: what a later word does to an earlier one, and where memory ends. */
#include "broker/rule/person.h"
#include "support/support.h"

#include "told/codes.h"

#include <stdio.h>
#include <string.h>

#define OK(call) assert_int_equal(call, TOLD_OK)
#define NOW_MS   INT64_C(1795348800000)

static const uint8_t ref[TOLD_ID_BYTES] = {0xab, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static struct told_person *person;
static struct told_parties *parties;
static uint64_t entries;

static int set_up(void **state)
{
	(void)state;
	entries = 0;
	OK(told_parties_new(&parties));
	OK(told_person_new(ref, &person));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	told_person_free(person);
	told_parties_free(parties);
	person = NULL;
	return 0;
}

static struct told_header header(uint32_t type, const char *sender)
{
	static uint8_t ids[64][TOLD_ID_BYTES];
	uint8_t *id = ids[entries % 64];
	memset(id, (int)entries + 1, TOLD_ID_BYTES);
	return (struct told_header){.type = type, .sender = told_text(sender), .id = told_bytes(id, TOLD_ID_BYTES)};
}

/* Each entry a second after the one before. */
static enum told_status fold(const struct told_header *h)
{
	struct told_entry entry = {.number = entries, .utc_ms = NOW_MS + (int64_t)entries * TOLD_MS_SECOND};
	entries++;
	return told_person_apply(person, parties, h, entry);
}

static int64_t now(void)
{
	return NOW_MS + (int64_t)entries * TOLD_MS_SECOND;
}

static void says_flag(const char *sender, uint32_t kind, uint32_t state, const struct told_flag_part *more)
{
	struct told_flag_part part = more != NULL ? *more : (struct told_flag_part){0};
	part.kind = kind;
	part.state = state;
	struct told_header h = header(TOLD_TYPE_FLAG, sender);
	h.flag = &part;
	OK(fold(&h));
}

static void say_flag(uint32_t kind, uint32_t state, const struct told_flag_part *more)
{
	says_flag("HOU", kind, state, more);
}

static void relate(const char *sender, uint32_t kind, const char *team, const char *worker, uint32_t live)
{
	struct told_relationship_part part = {
		.kind = kind, .team = told_text(team), .worker = told_text(worker), .live = live};
	struct told_header h = header(TOLD_TYPE_RELATIONSHIP, sender);
	h.relationship = &part;
	OK(fold(&h));
}

static size_t live_relationships(void)
{
	size_t n = 0;
	for (size_t i = 0; i < person->relationship_count; i++) {
		const struct told_relationship_facts *r = &person->relationships[i];
		n += r->from_utc_ms <= now() && (r->until_utc_ms == 0 || r->until_utc_ms > now());
	}
	return n;
}

static struct told_bytes refer(const char *from, const char *to)
{
	struct told_bytes names[1] = {told_text(to)};
	struct told_header h = header(TOLD_TYPE_REFERRAL, from);
	h.recipients = (struct told_bytes_list){names, 1};
	OK(fold(&h));
	return told_bytes(person->referrals[person->referral_count - 1].id, TOLD_ID_BYTES);
}

static void move(uint32_t type, struct told_bytes referral, uint32_t to_state)
{
	struct told_workflow_part part = {.referral = referral, .state = to_state, .reason = TOLD_REASON_COMPLETED};
	struct told_header h = header(type, "TT");
	h.workflow = &part;
	OK(fold(&h));
}

static void test_one_is_known_from_the_first_fact_on(void **state)
{
	(void)state;
	assert_false(person->known);
	struct told_header h = header(TOLD_TYPE_DEPOSIT, "HOU");
	OK(fold(&h));
	assert_true(person->known);
}

static void test_a_consent_is_folded_field_by_field(void **state)
{
	(void)state;
	uint32_t purposes[] = {TOLD_PURPOSE_COORD}, include[] = {TOLD_CATEGORY_HOU_SIT}, steps[] = {1, 64, 65};
	struct told_bytes not_to[] = {told_text("EMP")};
	struct told_consent_recipient_part to[] = {{told_text("TT"), told_text("north"), TOLD_ROLE_SENIOR}};
	struct told_consent_part part = {.kind = TOLD_CONSENT_KIND_PERMISSION,
					 .state = TOLD_CONSENT_STATE_GIVEN,
					 .given_ms = 5,
					 .recipients = {to, 1},
					 .purposes = {purposes, 1},
					 .include = {include, 1},
					 .exclude_recipients = {not_to, 1},
					 .freely_given = TOLD_YES_NO_NO,
					 .plan_steps = {steps, 3}};
	struct told_header h = header(TOLD_TYPE_CONSENT, "HOU");
	h.consent = &part;
	OK(fold(&h));
	const struct told_consent *c = &person->consents[0];
	assert_int_equal(c->taken_by, told_party_find(parties, told_text("HOU")));
	assert_int_equal(c->recipients[0].party, told_party_find(parties, told_text("TT")));
	assert_int_equal(c->recipients[0].team, told_team_number(told_text("north")));
	assert_int_equal(c->recipients[0].role, TOLD_ROLE_SENIOR);
	assert_true(told_catset_has(&c->include, TOLD_CATEGORY_HOU_SIT));
	assert_true(told_partyset_has(&c->not_to, told_party_find(parties, told_text("EMP"))));
	assert_int_equal(c->flags, TOLD_CONSENT_NOT_FREE);
	assert_int_equal(c->plan_steps, UINT64_C(1) | UINT64_C(1) << 63);
	assert_memory_equal(c->id, h.id.data, TOLD_ID_BYTES);
	uint8_t proof[32] = {1};
	h.presence = told_bytes(proof, sizeof proof);
	to[0].party = told_text("SUD");
	part.purposes.count = 0;
	OK(fold(&h));
	assert_int_equal(person->consents[1].flags,
			 TOLD_CONSENT_NOT_FREE | TOLD_CONSENT_NOT_SPECIFIC | TOLD_CONSENT_PRESENCE);
	assert_int_equal(person->consents[0].recipients[0].party, told_party_find(parties, told_text("TT")));
}

static void test_a_withdrawal_counts_from_its_entry(void **state)
{
	(void)state;
	struct told_withdrawal_part part = {0};
	struct told_header h = header(TOLD_TYPE_WITHDRAWAL, "SUD");
	h.withdrawal = &part;
	int64_t at = now();
	OK(fold(&h));
	assert_int_equal(person->withdrawal_count, 1);
	assert_int_equal(person->withdrawals[0].at_utc_ms, at);
}

static void test_flags_are_set_and_cleared(void **state)
{
	(void)state;
	say_flag(TOLD_FLAG_LOCATION_PROTECTED, TOLD_FLAG_STATE_SET, NULL);
	assert_true(person->location_protected);
	say_flag(TOLD_FLAG_LOCATION_PROTECTED, TOLD_FLAG_STATE_CLEARED, NULL);
	assert_false(person->location_protected);
	say_flag(TOLD_FLAG_UNDER_16, TOLD_FLAG_STATE_SET, NULL);
	assert_true(person->under_16);
	int64_t at = now();
	say_flag(TOLD_FLAG_DECEASED, TOLD_FLAG_STATE_SET, NULL);
	assert_int_equal(person->died_utc_ms, at);
	say_flag(TOLD_FLAG_LACKS_CAPACITY, TOLD_FLAG_STATE_SET, NULL);
	assert_int_equal(person->capacity, TOLD_CAPACITY_LACKS);
}

static void test_a_restriction_that_was_cleared_is_over(void **state)
{
	(void)state;
	struct told_flag_part home = {.category = TOLD_CATEGORY_HOU_SIT}, debts = {.category = TOLD_CATEGORY_FIN_DEBT};
	say_flag(TOLD_FLAG_RESTRICTED, TOLD_FLAG_STATE_SET, &home);
	say_flag(TOLD_FLAG_RESTRICTED, TOLD_FLAG_STATE_SET, &debts);
	assert_int_equal(person->restriction_count, 2);
	say_flag(TOLD_FLAG_RESTRICTED, TOLD_FLAG_STATE_CLEARED, &home);
	assert_int_equal(person->restriction_count, 2);
	assert_int_equal(person->restrictions[0].state, TOLD_FLAG_STATE_CLEARED);
	assert_int_equal(person->restrictions[1].state, TOLD_FLAG_STATE_SET);
	say_flag(TOLD_FLAG_OBJECTION, TOLD_FLAG_STATE_BEING_LOOKED_AT, &home);
	say_flag(TOLD_FLAG_OBJECTION, TOLD_FLAG_STATE_UPHELD, &home);
	assert_int_equal(person->restriction_count, 3);
	assert_int_equal(person->restrictions[2].state, TOLD_FLAG_STATE_UPHELD);
}

/* Or the service that is kept out would let itself in. */
static void test_nobody_lifts_what_another_service_set(void **state)
{
	(void)state;
	struct told_flag_part home = {.category = TOLD_CATEGORY_HOU_SIT, .party = told_text("TT")};
	says_flag("HOU", TOLD_FLAG_LOCATION_PROTECTED, TOLD_FLAG_STATE_SET, NULL);
	says_flag("SUD", TOLD_FLAG_LOCATION_PROTECTED, TOLD_FLAG_STATE_SET, NULL);
	says_flag("TT", TOLD_FLAG_LOCATION_PROTECTED, TOLD_FLAG_STATE_CLEARED, NULL);
	says_flag("HOU", TOLD_FLAG_LOCATION_PROTECTED, TOLD_FLAG_STATE_CLEARED, NULL);
	assert_true(person->location_protected);
	says_flag("SUD", TOLD_FLAG_LOCATION_PROTECTED, TOLD_FLAG_STATE_CLEARED, NULL);
	assert_false(person->location_protected);
	says_flag("HOU", TOLD_FLAG_RESTRICTED, TOLD_FLAG_STATE_SET, &home);
	says_flag("TT", TOLD_FLAG_RESTRICTED, TOLD_FLAG_STATE_CLEARED, &home);
	assert_int_equal(person->restrictions[0].state, TOLD_FLAG_STATE_SET);
	says_flag("HOU", TOLD_FLAG_RESTRICTED, TOLD_FLAG_STATE_CLEARED, &home);
	assert_int_equal(person->restrictions[0].state, TOLD_FLAG_STATE_CLEARED);
}

/* Their own number on the message that would let them in. */
static void test_nobody_lets_themselves_in_again(void **state)
{
	(void)state;
	struct told_flag_part part = {
		.kind = TOLD_FLAG_WORKER_EXCLUDED, .state = TOLD_FLAG_STATE_CLEARED, .worker = told_text("U7")};
	say_flag(TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_SET, &part);
	struct told_header h = header(TOLD_TYPE_FLAG, "HOU");
	h.flag = &part;
	h.author = told_text("U7");
	OK(fold(&h));
	assert_int_equal(person->excluded_count, 1);
	h.author = told_text("U8");
	OK(fold(&h));
	assert_int_equal(person->excluded_count, 0);
}

static void test_a_hold_that_was_cleared_is_over(void **state)
{
	(void)state;
	struct told_flag_part court = {.hold = TOLD_HOLD_COURT}, complaint = {.hold = TOLD_HOLD_COMPLAINT};
	say_flag(TOLD_FLAG_LEGAL_HOLD, TOLD_FLAG_STATE_SET, &court);
	say_flag(TOLD_FLAG_LEGAL_HOLD, TOLD_FLAG_STATE_SET, &complaint);
	int64_t at = now();
	say_flag(TOLD_FLAG_LEGAL_HOLD, TOLD_FLAG_STATE_CLEARED, &court);
	assert_int_equal(person->hold_count, 2);
	assert_int_equal(person->holds[0].until_utc_ms, at);
	assert_int_equal(person->holds[1].until_utc_ms, 0);
}

static void test_a_worker_is_excluded_until_the_exclusion_is_cleared(void **state)
{
	(void)state;
	struct told_flag_part one = {.worker = told_text("U7")}, two = {.worker = told_text("U8")};
	say_flag(TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_SET, &one);
	say_flag(TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_SET, &two);
	say_flag(TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_SET, &one);
	assert_int_equal(person->excluded_count, 2);
	say_flag(TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_CLEARED, &one);
	assert_int_equal(person->excluded_count, 1);
	assert_true(told_bytes_equal(person->excluded[0], told_text("U8")));
}

/* Or one phone call to the next service would let them in. */
static void test_no_service_lets_in_whom_another_keeps_out(void **state)
{
	(void)state;
	struct told_flag_part u7 = {.worker = told_text("U7")}, u8 = {.worker = told_text("U8")};
	says_flag("HOU", TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_SET, &u7);
	says_flag("HOU", TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_SET, &u8);
	says_flag("SUD", TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_SET, &u7);
	says_flag("TT", TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_CLEARED, &u7);
	says_flag("HOU", TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_CLEARED, &u7);
	assert_int_equal(person->excluded_count, 2);
	OK(told_person_settle(person));
	says_flag("TT", TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_CLEARED, &u7);
	says_flag("SUD", TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_CLEARED, &u7);
	assert_int_equal(person->excluded_count, 1);
	says_flag("SUD", TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_CLEARED, &u8);
	assert_int_equal(person->excluded_count, 1);
	says_flag("HOU", TOLD_FLAG_WORKER_EXCLUDED, TOLD_FLAG_STATE_CLEARED, &u8);
	assert_int_equal(person->excluded_count, 0);
}

static void test_relationships_of_two_workers_do_not_end_each_other(void **state)
{
	(void)state;
	relate("TT", TOLD_RELATIONSHIP_TEAM, "north", "U1", TOLD_YES_NO_YES);
	relate("TT", TOLD_RELATIONSHIP_TEAM, "north", "U2", TOLD_YES_NO_YES);
	relate("TT", TOLD_RELATIONSHIP_TEAM, "south", "", TOLD_YES_NO_YES);
	relate("EMP", TOLD_RELATIONSHIP_TEAM, "north", "U1", TOLD_YES_NO_YES);
	assert_int_equal(live_relationships(), 4);
	relate("TT", TOLD_RELATIONSHIP_TEAM, "north", "U1", TOLD_YES_NO_YES); /* said again: one, not two */
	assert_int_equal(live_relationships(), 4);
	relate("TT", TOLD_RELATIONSHIP_TEAM, "north", "U1", TOLD_YES_NO_NO);
	assert_int_equal(live_relationships(), 3);
	relate("TT", TOLD_RELATIONSHIP_TEAM, "", "", TOLD_YES_NO_NO); /* the whole agency */
	assert_int_equal(live_relationships(), 1);
}

static void test_a_referral_opens_a_relationship_and_its_end_closes_it(void **state)
{
	(void)state;
	struct told_bytes referral = refer("HOU", "TT");
	assert_int_equal(live_relationships(), 1);
	relate("TT", TOLD_RELATIONSHIP_REFERRAL, "north", "",
	       TOLD_YES_NO_YES); /* as the agency says itself on arrival */
	move(TOLD_TYPE_REFERRAL_ANSWER, referral, TOLD_REFERRAL_ACCEPTED);
	assert_int_equal(live_relationships(), 2);
	move(TOLD_TYPE_CLOSURE, referral, TOLD_REFERRAL_COMPLETED);
	assert_int_equal(live_relationships(), 0);
	assert_int_equal(told_person_referral(person, referral)->state, TOLD_REFERRAL_COMPLETED);
}

static void test_a_relationship_stays_while_another_referral_is_open(void **state)
{
	(void)state;
	uint8_t first[TOLD_ID_BYTES];
	memcpy(first, refer("HOU", "TT").data, TOLD_ID_BYTES);
	struct told_bytes second = refer("SUD", "TT");
	move(TOLD_TYPE_REFERRAL_ANSWER, told_bytes(first, TOLD_ID_BYTES), TOLD_REFERRAL_REJECTED);
	assert_true(live_relationships() > 0);
	move(TOLD_TYPE_CLOSURE, second, TOLD_REFERRAL_COMPLETED);
	assert_int_equal(live_relationships(), 0);
}

/* One event of a referral as the log would have it, an hour after the last. */
static const struct told_referral_facts *event(const char *sender, uint32_t type, struct told_workflow_part part)
{
	struct told_header h = header(type, sender);
	h.workflow = &part;
	OK(fold(&h));
	return told_person_referral(person, part.referral);
}

static void test_what_is_finer_than_a_state_follows_the_messages(void **state)
{
	(void)state;
	uint8_t id[TOLD_ID_BYTES];
	memcpy(id, refer("HOU", "TT").data, TOLD_ID_BYTES);
	struct told_workflow_part part = {.referral = told_bytes(id, sizeof id), .detail = TOLD_DETAIL_INFO_REQUESTED};
	const struct told_referral_facts *r = event("TT", TOLD_TYPE_REFERRAL_ANSWER, part);
	assert_int_equal(r->state, TOLD_REFERRAL_REQUESTED);
	assert_int_equal(r->detail, TOLD_DETAIL_INFO_REQUESTED);
	assert_true(r->answered_utc_ms != 0);
	part.detail = TOLD_DETAIL_NONE;
	r = event("TT", TOLD_TYPE_STATUS_UPDATE, part); /* who asked does not answer themselves */
	assert_int_equal(r->detail, TOLD_DETAIL_INFO_REQUESTED);
	r = event("HOU", TOLD_TYPE_STATUS_UPDATE, part);
	assert_int_equal(r->detail, TOLD_DETAIL_ACKNOWLEDGED);
	part.state = TOLD_REFERRAL_ACCEPTED;
	part.detail = TOLD_DETAIL_WAITING_LIST;
	part.weeks = 3;
	r = event("TT", TOLD_TYPE_REFERRAL_ANSWER, part);
	assert_int_equal(r->detail, TOLD_DETAIL_WAITING_LIST);
	assert_int_equal(r->weeks, 3);
	part = (struct told_workflow_part){.referral = part.referral,
					   .state = TOLD_REFERRAL_ON_HOLD,
					   .reason = TOLD_REASON_DOOR_OPEN,
					   .due_ms = 1900000000000};
	r = event("TT", TOLD_TYPE_REFERRAL_ANSWER, part);
	assert_int_equal(r->detail, TOLD_DETAIL_NONE);
	assert_true(r->due_utc_ms == 1900000000000);
	part = (struct told_workflow_part){
		.referral = part.referral, .state = TOLD_REFERRAL_IN_PROGRESS, .detail = TOLD_DETAIL_BACK};
	r = event("TT", TOLD_TYPE_REFERRAL_ANSWER, part);
	assert_int_equal(r->detail, TOLD_DETAIL_BACK);
	assert_true(r->due_utc_ms == 0);
}

/* The state before, with its reason and since when: what was said is ruled again at delivery as it was said. */
static void test_coming_back_opens_the_relationship_again_and_keeps_what_was_before(void **state)
{
	(void)state;
	uint8_t id[TOLD_ID_BYTES];
	memcpy(id, refer("HOU", "TT").data, TOLD_ID_BYTES);
	struct told_workflow_part part = {
		.referral = told_bytes(id, sizeof id), .state = TOLD_REFERRAL_FAILED, .reason = TOLD_REASON_DISENGAGED};
	int64_t lost_ms = event("TT", TOLD_TYPE_CLOSURE, part)->changed_utc_ms;
	assert_int_equal(live_relationships(), 0);
	part = (struct told_workflow_part){
		.referral = part.referral, .state = TOLD_REFERRAL_ACCEPTED, .detail = TOLD_DETAIL_BACK};
	assert_int_equal(event("TT", TOLD_TYPE_REFERRAL_ANSWER, part)->reason, TOLD_REASON_NONE);
	assert_int_equal(live_relationships(), 1);
	const struct told_referral_move *move = &person->moves[person->move_count - 1];
	assert_int_equal(move->before, TOLD_REFERRAL_FAILED);
	assert_int_equal(move->reason, TOLD_REASON_DISENGAGED);
	assert_true(move->changed_utc_ms == lost_ms);
}

static void test_a_retired_reference_stays_retired(void **state)
{
	(void)state;
	struct told_reference_part part = {.action = TOLD_REFERENCE_ACTION_RETIRE};
	struct told_header h = header(TOLD_TYPE_REFERENCE, "HOU");
	h.reference = &part;
	OK(fold(&h));
	assert_true(person->retired);
}

static void test_memory_ends_with_a_refusal_of_the_one_too_many(void **state)
{
	(void)state;
	struct told_withdrawal_part part = {0};
	struct told_header h = header(TOLD_TYPE_WITHDRAWAL, "HOU");
	h.withdrawal = &part;
	for (size_t i = 0; i < TOLD_PERSON_RECORDS_MAX; i++)
		OK(fold(&h));
	assert_int_equal(fold(&h), TOLD_E_LIMIT);
}

static void test_teams_take_no_number_of_a_party(void **state)
{
	(void)state;
	assert_int_equal(told_team_number(told_text("")), 0);
	assert_int_not_equal(told_team_number(told_text("north")), told_team_number(told_text("south")));
	assert_true(told_team_number(told_text("north")) > TOLD_PARTIES_MAX);
	uint32_t before = told_party_count(parties);
	relate("TT", TOLD_RELATIONSHIP_TEAM, "north", "U1", TOLD_YES_NO_YES);
	assert_int_equal(told_party_count(parties), before + 1); /* TT */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_is_known_from_the_first_fact_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_consent_is_folded_field_by_field, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_withdrawal_counts_from_its_entry, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_flags_are_set_and_cleared, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_restriction_that_was_cleared_is_over, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nobody_lifts_what_another_service_set, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nobody_lets_themselves_in_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_hold_that_was_cleared_is_over, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_service_lets_in_whom_another_keeps_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_worker_is_excluded_until_the_exclusion_is_cleared, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_relationships_of_two_workers_do_not_end_each_other, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_referral_opens_a_relationship_and_its_end_closes_it, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_relationship_stays_while_another_referral_is_open, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_finer_than_a_state_follows_the_messages, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_coming_back_opens_the_relationship_again_and_keeps_what_was_before,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_retired_reference_stays_retired, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_memory_ends_with_a_refusal_of_the_one_too_many, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_teams_take_no_number_of_a_party, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
