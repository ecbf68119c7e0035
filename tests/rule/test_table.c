/* SPDX-License-Identifier: Apache-2.0 */
/* From signed headers to decisions, with the northtown agreement: what is permitted, what is not, what no longer is;
 * when a wrap may exist; and that the same log gives the same question. */
#include "support/agency.h"

#include "broker/decide/codes.h"
#include "broker/rule/register.h"
#include "told/codes.h"

#include <string.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

static const uint32_t story[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};
static const uint32_t more[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT, TOLD_CATEGORY_FIN_DEBT};
static const enum test_who to_tt[] = {TEST_TT}, to_sud[] = {TEST_SUD};

static int set_up(void **state)
{
	*state = test_world_ready();
	return 0;
}

static int tear_down(void **state)
{
	test_world_free(*state);
	return 0;
}

static void say_yes(struct test_world *w, const enum test_who *to)
{
	struct test_agency *hou = &w->of[TEST_HOU];
	test_phase(w, hou, test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to, 1, story, 2), TOLD_PHASE_CONSENT);
}

static void withdraw(struct test_world *w)
{
	struct test_agency *tt = &w->of[TEST_TT]; /* whoever it was said to */
	test_phase(w, tt, test_withdrawal(w, tt, NULL), TOLD_PHASE_CONSENT);
}

static void relate(struct test_world *w, unsigned live)
{
	struct test_agency *tt = &w->of[TEST_TT];
	test_phase(w, tt, test_relationship(w, tt, live), TOLD_PHASE_FLAG);
}

static const struct told_decision *refer(struct test_world *w, const uint32_t *categories, size_t count)
{
	test_begin(w);
	struct test_said said =
		test_say(w, &w->of[TEST_HOU], test_referral(w, &w->of[TEST_HOU], &w->of[TEST_TT], categories, count));
	OK(told_record_abort(w->record)); /* only asked: a second referral would be a duplicate */
	return told_ruling_decision(said.ruling, 0);
}

/* ---- messages ---- */

static void test_what_agreement_and_person_allow_is_released(void **state)
{
	struct test_world *w = *state;
	say_yes(w, to_tt);
	const struct told_decision *d = refer(w, story, 2);
	assert_int_equal(d->effect, TOLD_EFFECT_RELEASE);
	assert_string_equal(d->clause, "4.1");
	assert_int_equal(d->section_count, 2);
}

static void test_a_section_that_the_person_did_not_name_is_withheld_alone(void **state)
{
	struct test_world *w = *state;
	say_yes(w, to_tt);
	const struct told_decision *d = refer(w, more, 3);
	assert_int_equal(d->effect, TOLD_EFFECT_PARTIAL);
	size_t released = 0;
	for (size_t i = 0; i < d->section_count; i++)
		released += d->sections[i].effect == TOLD_SECTION_EFFECT_RELEASE;
	assert_int_equal(released, 2);
}

static void test_nothing_goes_without_a_permission_or_with_one_for_somebody_else(void **state)
{
	struct test_world *w = *state;
	assert_int_not_equal(refer(w, story, 2)->effect, TOLD_EFFECT_RELEASE);
	say_yes(w, to_sud);
	assert_int_not_equal(refer(w, story, 2)->effect, TOLD_EFFECT_RELEASE);
	say_yes(w, to_tt);
	assert_int_equal(refer(w, story, 2)->effect, TOLD_EFFECT_RELEASE);
}

static void test_a_withdrawal_counts_at_once_whoever_took_it(void **state)
{
	struct test_world *w = *state;
	say_yes(w, to_tt);
	w->now_ms += TOLD_MS_MINUTE;
	withdraw(w);
	assert_int_not_equal(refer(w, story, 2)->effect, TOLD_EFFECT_RELEASE);
}

static void test_a_permission_ends_with_its_day(void **state)
{
	struct test_world *w = *state;
	w->consent_ms = 10 * TOLD_MS_DAY;
	say_yes(w, to_tt);
	w->now_ms += 10 * TOLD_MS_DAY - 1;
	assert_int_equal(refer(w, story, 2)->effect, TOLD_EFFECT_RELEASE);
	w->now_ms += 1;
	assert_int_not_equal(refer(w, story, 2)->effect, TOLD_EFFECT_RELEASE);
}

static void test_what_no_flow_carries_is_denied(void **state)
{
	struct test_world *w = *state;
	uint32_t crime[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_CRM_OFF};
	struct test_agency *hou = &w->of[TEST_HOU];
	test_phase(w, hou, test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, crime, 2), TOLD_PHASE_CONSENT);
	const struct told_decision *d = refer(w, crime, 2);
	for (size_t i = 0; i < d->section_count; i++)
		assert_true(d->sections[i].effect != TOLD_SECTION_EFFECT_RELEASE || d->effect == TOLD_EFFECT_PARTIAL);
	assert_int_not_equal(d->effect, TOLD_EFFECT_RELEASE);
}

static void test_a_suspended_agreement_stops_what_it_carried_until_both_lift_it(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	say_yes(w, to_tt);
	test_phase(w, tt, test_suspend(w, tt, TOLD_AGREEMENT_ACTION_SUSPEND), TOLD_PHASE_AGREEMENT);
	assert_int_not_equal(refer(w, story, 2)->effect, TOLD_EFFECT_RELEASE);
	test_phase(w, tt, test_suspend(w, tt, TOLD_AGREEMENT_ACTION_LIFT), TOLD_PHASE_AGREEMENT);
	assert_int_not_equal(refer(w, story, 2)->effect, TOLD_EFFECT_RELEASE);
	test_phase(w, hou, test_suspend(w, hou, TOLD_AGREEMENT_ACTION_LIFT), TOLD_PHASE_AGREEMENT);
	assert_int_equal(refer(w, story, 2)->effect, TOLD_EFFECT_RELEASE);
}

static void test_who_is_not_in_the_register_says_nothing(void **state)
{
	struct test_world *w = *state;
	say_yes(w, to_tt);
	struct test_message *m = test_referral(w, &w->of[TEST_HOU], &w->of[TEST_TT], story, 2);
	struct told_header header = m->header;
	header.author = told_text("U99");
	header.section_digests.count = 0;
	m = test_seal(w, &w->of[TEST_HOU], &header, story, 2, &w->of[TEST_TT]);
	assert_int_equal(test_turn(w, &w->of[TEST_HOU], m).phase, TOLD_PHASE_REFUSED);
}

static void test_a_section_about_the_person_by_name_is_about_the_person(void **state)
{
	struct test_world *w = *state;
	struct told_question question;
	struct told_section_header section = {
		.number = 1, .category = TOLD_CATEGORY_HOU_SIT, .originator = told_text("HOU")};
	struct told_section_header *sections[] = {&section};
	struct test_message *m = test_referral(w, &w->of[TEST_HOU], &w->of[TEST_TT], story, 2);
	struct told_table table = {.directory = told_record_directory(w->record),
				   .parties = told_record_parties(w->record),
				   .when = {w->now_ms, told_record_size(w->record)}};
	section.about = told_bytes(w->person, TOLD_ID_BYTES);
	OK(told_table_message(&table, w->arena, &m->header, sections, 1, told_text("TT"), false, &question));
	assert_int_equal(question.message.sections[0].about, 0); /* also when nobody knows them yet */
	uint8_t other[TOLD_ID_BYTES] = {9};
	section.about = told_bytes(other, TOLD_ID_BYTES);
	OK(told_table_message(&table, w->arena, &m->header, sections, 1, told_text("TT"), false, &question));
	assert_int_not_equal(question.message.sections[0].about, 0);
}

static void test_names_in_messages_take_no_numbers(void **state)
{
	struct test_world *w = *state;
	uint32_t before = told_party_count(told_record_parties(w->record));
	struct test_agency stranger = w->of[TEST_TT];
	stranger.party = told_text("SOMEWHERE_ELSE");
	assert_int_equal(test_turn(w, &w->of[TEST_HOU], test_referral(w, &w->of[TEST_HOU], &stranger, story, 2)).phase,
			 TOLD_PHASE_REFUSED);
	test_turn(w, &w->of[TEST_TT], test_ask(w, &w->of[TEST_TT], &stranger, w->person, TOLD_CATEGORY_HOU_SIT));
	assert_int_equal(told_party_count(told_record_parties(w->record)), before);
}

/* ---- grants ---- */

static enum told_status may_wrap(struct test_world *w, struct test_message *deposit)
{
	struct told_deposit_facts facts;
	struct told_grant_basis basis;
	struct told_bytes client;
	struct told_deposit_source source = told_record_deposits(w->record);
	struct told_table table = {.directory = told_record_directory(w->record),
				   .parties = told_record_parties(w->record),
				   .when = {w->now_ms, told_record_size(w->record)}};
	OK(source.by_id(source.ctx, w->arena, deposit->id, &client, &facts));
	OK(told_record_person(w->record, client, &table.person));
	return told_table_grant(&table, w->arena, &facts, w->of[TEST_TT].party, &basis);
}

static void test_a_wrap_may_exist_only_while_permission_and_relationship_do(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *deposit = test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT);
	test_phase(w, hou, deposit, TOLD_PHASE_ACCEPTED);
	assert_int_equal(may_wrap(w, deposit), TOLD_E_REFUSED);
	say_yes(w, to_tt);
	assert_int_equal(may_wrap(w, deposit), TOLD_E_REFUSED); /* nobody there works with the person */
	relate(w, TOLD_YES_NO_YES);
	OK(may_wrap(w, deposit));
	w->now_ms += TOLD_MS_MINUTE;
	relate(w, TOLD_YES_NO_NO);
	w->now_ms += TOLD_MS_MINUTE;
	assert_int_equal(may_wrap(w, deposit), TOLD_E_REFUSED);
	relate(w, TOLD_YES_NO_YES);
	OK(may_wrap(w, deposit));
	withdraw(w);
	assert_int_equal(may_wrap(w, deposit), TOLD_E_REFUSED);
}

static void test_a_relationship_of_one_worker_lets_the_agency_be_granted(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	struct test_message *deposit = test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT);
	test_phase(w, hou, deposit, TOLD_PHASE_ACCEPTED);
	say_yes(w, to_tt);
	struct told_header header = test_header(w, tt, TOLD_TYPE_RELATIONSHIP);
	struct told_relationship_part part = {.kind = TOLD_RELATIONSHIP_TEAM,
					      .team = told_text("north"),
					      .worker = told_text("U1"),
					      .live = TOLD_YES_NO_YES,
					      .from_ms = (uint64_t)w->now_ms};
	header.relationship = &part;
	test_phase(w, tt, test_sign(w, tt, &header, NULL), TOLD_PHASE_FLAG);
	OK(may_wrap(w, deposit));
}

static void test_a_grant_of_what_is_not_ones_own_or_to_a_false_key_does_not_stand(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT], *sud = &w->of[TEST_SUD];
	struct test_message *deposit = test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT);
	test_phase(w, hou, deposit, TOLD_PHASE_ACCEPTED);
	say_yes(w, to_tt);
	relate(w, TOLD_YES_NO_YES);
	test_phase(w, sud, test_grant(w, sud, deposit, tt, NULL), TOLD_PHASE_REFUSED);
	struct test_agency false_tt = *tt;
	false_tt.sealing = sud->sealing;
	test_phase(w, hou, test_grant(w, hou, deposit, &false_tt, NULL), TOLD_PHASE_REFUSED);
	test_phase(w, hou, test_grant(w, hou, deposit, tt, NULL), TOLD_PHASE_ACCEPTED);
}

/* Nobody takes another's deposit by using its id. */
static void test_the_id_of_a_deposit_is_taken_once(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *sud = &w->of[TEST_SUD];
	struct test_message *deposit = test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT);
	test_phase(w, hou, deposit, TOLD_PHASE_ACCEPTED);
	struct told_header header = test_header(w, sud, TOLD_TYPE_DEPOSIT);
	header.id = deposit->id;
	header.deposit = deposit->header.deposit;
	struct test_message *other = test_seal(w, sud, &header, story, 1, NULL);
	const struct told_receipt *receipt = test_phase(w, sud, other, TOLD_PHASE_REFUSED);
	assert_int_equal(test_ruling_part(w, receipt)->status, TOLD_E_EXISTS);
}

/* ---- asks ---- */

static const struct told_decision *ask(struct test_world *w, struct test_agency *from, const char *author)
{
	struct told_header header = test_ask(w, from, &w->of[TEST_HOU], w->person, TOLD_CATEGORY_HOU_SIT)->header;
	header.author = told_text(author);
	header.role = strcmp(author, "U2") == 0 ? TOLD_ROLE_DSL : TOLD_ROLE_PRACTITIONER;
	test_begin(w);
	struct test_said said = test_say(w, from, test_sign(w, from, &header, NULL));
	assert_int_equal(said.phase, TOLD_PHASE_ANSWERED);
	OK(told_record_abort(w->record));
	return told_ruling_decision(said.ruling, 0);
}

static void test_an_ask_is_ruled_by_whoever_asks(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	test_phase(w, hou, test_deposit(w, hou, TOLD_CATEGORY_DEM_ID), TOLD_PHASE_ACCEPTED);
	test_phase(w, hou, test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT), TOLD_PHASE_ACCEPTED);
	assert_int_not_equal(ask(w, tt, "U1")->effect, TOLD_EFFECT_RELEASE);
	say_yes(w, to_tt);
	assert_int_not_equal(ask(w, tt, "U1")->effect, TOLD_EFFECT_RELEASE); /* no relationship */
	relate(w, TOLD_YES_NO_YES);
	assert_int_equal(ask(w, tt, "U1")->effect, TOLD_EFFECT_RELEASE);
	assert_int_not_equal(ask(w, tt, "U99")->effect, TOLD_EFFECT_RELEASE); /* no worker of ours */
	assert_int_not_equal(ask(w, &w->of[TEST_EMP], "U1")->effect, TOLD_EFFECT_RELEASE);
}

static void test_a_worker_whom_the_person_excluded_asks_in_vain(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	test_phase(w, hou, test_deposit(w, hou, TOLD_CATEGORY_DEM_ID), TOLD_PHASE_ACCEPTED);
	test_phase(w, hou, test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT), TOLD_PHASE_ACCEPTED);
	say_yes(w, to_tt);
	relate(w, TOLD_YES_NO_YES);
	struct told_header header = test_header(w, hou, TOLD_TYPE_FLAG);
	struct told_flag_part part = {
		.kind = TOLD_FLAG_WORKER_EXCLUDED, .state = TOLD_FLAG_STATE_SET, .worker = told_text("U1")};
	header.flag = &part;
	test_phase(w, hou, test_sign(w, hou, &header, NULL), TOLD_PHASE_FLAG);
	assert_int_equal(ask(w, tt, "U1")->effect, TOLD_EFFECT_DENY);
	assert_int_equal(ask(w, tt, "U2")->effect, TOLD_EFFECT_RELEASE);
}

static const struct told_decision *lift(struct test_world *w, enum test_who who, const char *author, const char *worker)
{
	struct told_header header = test_header(w, &w->of[who], TOLD_TYPE_FLAG);
	struct told_flag_part part = {
		.kind = TOLD_FLAG_WORKER_EXCLUDED, .state = TOLD_FLAG_STATE_CLEARED, .worker = told_text(worker)};
	header.flag = &part;
	header.author = told_text(author);
	header.role = strcmp(author, "U2") == 0 ? TOLD_ROLE_DSL : TOLD_ROLE_PRACTITIONER;
	test_begin(w);
	struct test_said said = test_say(w, &w->of[who], test_sign(w, &w->of[who], &header, NULL));
	OK(told_record_abort(w->record));
	return told_ruling_decision(said.ruling, 0);
}

/* Refused in the same words whether another service keeps the worker out or nobody does. */
static void test_an_exclusion_is_lifted_by_who_set_it_and_by_another_hand(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	test_phase(w, hou, test_deposit(w, hou, TOLD_CATEGORY_DEM_ID), TOLD_PHASE_ACCEPTED);
	struct told_header header = test_header(w, hou, TOLD_TYPE_FLAG);
	struct told_flag_part part = {
		.kind = TOLD_FLAG_WORKER_EXCLUDED, .state = TOLD_FLAG_STATE_SET, .worker = told_text("U1")};
	header.flag = &part;
	test_phase(w, hou, test_sign(w, hou, &header, NULL), TOLD_PHASE_FLAG);
	const struct told_decision *of_theirs = lift(w, TEST_TT, "U2", "U1");
	assert_int_equal(of_theirs->effect, TOLD_EFFECT_DENY);
	assert_int_equal(of_theirs->primary, TOLD_WFL_08);
	assert_int_equal(lift(w, TEST_TT, "U2", "U9")->primary, TOLD_WFL_08);
	assert_int_equal(lift(w, TEST_HOU, "U2", "U9")->primary, TOLD_WFL_08);
	assert_int_equal(lift(w, TEST_HOU, "U1", "U1")->primary, TOLD_PTY_07);
	assert_int_equal(lift(w, TEST_HOU, "U2", "U1")->effect, TOLD_EFFECT_RELEASE);
}

static void test_a_retired_reference_is_nobody(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	test_phase(w, hou, test_deposit(w, hou, TOLD_CATEGORY_DEM_ID), TOLD_PHASE_ACCEPTED);
	say_yes(w, to_tt);
	relate(w, TOLD_YES_NO_YES);
	assert_int_equal(ask(w, tt, "U1")->effect, TOLD_EFFECT_RELEASE);
	struct told_header header = test_header(w, hou, TOLD_TYPE_REFERENCE);
	struct told_reference_part part = {.action = TOLD_REFERENCE_ACTION_RETIRE};
	header.reference = &part;
	test_phase(w, hou, test_sign(w, hou, &header, NULL), TOLD_PHASE_FLAG);
	assert_int_not_equal(ask(w, tt, "U1")->effect, TOLD_EFFECT_RELEASE);
}

/* ---- the same log, the same question ---- */

static void test_the_same_log_gives_the_same_question(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	test_phase(w, hou, test_deposit(w, hou, TOLD_CATEGORY_DEM_ID), TOLD_PHASE_ACCEPTED);
	say_yes(w, to_tt);
	relate(w, TOLD_YES_NO_YES);
	struct test_message *m = test_referral(w, hou, tt, more, 3);
	told_hash digests[3];
	for (size_t round = 0; round < 3; round++) {
		test_begin(w);
		struct test_said said = test_say(w, hou, m);
		digests[round] = told_ruling_decision(said.ruling, 0)->inputs;
		OK(told_record_abort(w->record));
		test_turn(w, tt,
			  test_ask(w, tt, hou, w->person, TOLD_CATEGORY_HOU_SIT)); /* asking leaves no trace in it */
		if (round == 0) {
			test_world_close(w);
			OK(test_world_open(w));
		}
	}
	assert_memory_equal(digests[0].b, digests[1].b, TOLD_HASH_BYTES);
	assert_memory_equal(digests[0].b, digests[2].b, TOLD_HASH_BYTES);
}

/* ---- the register ---- */

/* A refused fact leaves no trace: what is folded again after a restart is what stood before it. */
static void test_an_agreement_that_one_may_not_sign_is_not_kept(void **state)
{
	struct test_world *w = test_world_new();
	(void)state;
	struct test_agency *hou = &w->of[TEST_HOU], ghost = w->of[TEST_EMP];
	ghost.party = told_text("GHOST");
	test_phase(w, &w->operator_, test_enrol(w, hou), TOLD_PHASE_ADMIN);
	test_phase(w, &w->operator_, test_enrol(w, &ghost), TOLD_PHASE_ADMIN);
	const struct told_receipt *receipt = test_phase(w, &ghost, test_agreement(w, &ghost), TOLD_PHASE_REFUSED);
	assert_int_equal(test_ruling_part(w, receipt)->status, TOLD_E_NOT_ALLOWED);
	assert_null(told_directory_agreement_at(told_record_directory(w->record), 0));
	test_phase(w, hou, test_agreement(w, hou), TOLD_PHASE_AGREEMENT);
	receipt = test_phase(w, hou, test_agreement(w, hou), TOLD_PHASE_REFUSED);
	assert_int_equal(test_ruling_part(w, receipt)->status, TOLD_E_EXISTS);
	/* Other bytes of the same version. */
	uint8_t *text = (uint8_t *)(uintptr_t)told_arena_copy(w->arena, w->agreement).data;
	text[2] ^= 1; /* in a comment */
	w->agreement = told_bytes(text, w->agreement.len);
	told_sha256(w->agreement, &w->agreement_hash);
	receipt = test_phase(w, hou, test_agreement(w, hou), TOLD_PHASE_REFUSED);
	assert_int_equal(test_ruling_part(w, receipt)->status, TOLD_E_EQUIVOCATION);
	assert_null(told_directory_agreement_at(told_record_directory(w->record), 1));
	test_world_close(w);
	OK(test_world_open(w));
	assert_non_null(told_directory_agreement_at(told_record_directory(w->record), 0));
	assert_null(told_directory_agreement_at(told_record_directory(w->record), 1));
	test_world_free(w);
}

static void test_a_person_whose_records_are_full_gets_no_more_and_the_broker_lives(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct told_arena *kept = w->arena;
	OK(told_arena_new(1u << 28, &w->arena));
	test_begin(w);
	for (size_t i = 0; i < TOLD_PERSON_RECORDS_MAX; i++) {
		assert_int_equal(test_say(w, hou, test_withdrawal(w, hou, NULL)).phase, TOLD_PHASE_CONSENT);
		told_arena_reset(w->arena);
	}
	struct test_said said = test_say(w, hou, test_withdrawal(w, hou, NULL));
	assert_int_equal(said.phase, TOLD_PHASE_REFUSED);
	assert_int_equal(test_ruling_part(w, said.receipt)->status, TOLD_E_LIMIT);
	test_commit(w);
	assert_int_equal(test_turn(w, hou, test_relationship(w, hou, TOLD_YES_NO_YES)).phase, TOLD_PHASE_FLAG);
	told_arena_free(w->arena);
	w->arena = kept;
	test_world_close(w);
	OK(test_world_open(w));
	assert_int_equal(test_turn(w, hou, test_relationship(w, hou, TOLD_YES_NO_NO)).phase, TOLD_PHASE_FLAG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_what_agreement_and_person_allow_is_released, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_section_that_the_person_did_not_name_is_withheld_alone, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_goes_without_a_permission_or_with_one_for_somebody_else,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_withdrawal_counts_at_once_whoever_took_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_permission_ends_with_its_day, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_no_flow_carries_is_denied, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_suspended_agreement_stops_what_it_carried_until_both_lift_it,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_who_is_not_in_the_register_says_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_section_about_the_person_by_name_is_about_the_person, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_names_in_messages_take_no_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_wrap_may_exist_only_while_permission_and_relationship_do, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_relationship_of_one_worker_lets_the_agency_be_granted, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_grant_of_what_is_not_ones_own_or_to_a_false_key_does_not_stand,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_id_of_a_deposit_is_taken_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_an_ask_is_ruled_by_whoever_asks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_worker_whom_the_person_excluded_asks_in_vain, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_an_exclusion_is_lifted_by_who_set_it_and_by_another_hand, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_retired_reference_is_nobody, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_same_log_gives_the_same_question, set_up, tear_down),
		cmocka_unit_test(test_an_agreement_that_one_may_not_sign_is_not_kept),
		cmocka_unit_test_setup_teardown(test_a_person_whose_records_are_full_gets_no_more_and_the_broker_lives,
						set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
