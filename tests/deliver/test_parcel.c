/* SPDX-License-Identifier: Apache-2.0 */
/* Parcels from the ruling that makes them to the acknowledgement that ends them: what is in them, who gets them, in
 * which order, and what becomes of those that may not go. */
#include "broker/record/room.h"
#include "support/agency.h"

#include "told/codes.h"

#include <string.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

static const enum test_who to_tt[] = {TEST_TT}, to_both[] = {TEST_TT, TEST_SUD};
static const uint32_t shared[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};
static const uint32_t more[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT, TOLD_CATEGORY_FIN_DEBT};

static int set_up(void **state)
{
	struct test_world *w = *state = test_world_ready();
	for (size_t i = 0; i < TEST_AGENCIES; i++)
		assert_true(test_drain(w, &w->of[i]) > 0);
	return 0;
}

static int tear_down(void **state)
{
	test_world_free(*state);
	return 0;
}

static void say_yes(struct test_world *w, const enum test_who *to, size_t count)
{
	struct test_agency *hou = &w->of[TEST_HOU];
	test_phase(w, hou, test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to, count, shared, 2), TOLD_PHASE_CONSENT);
}

/* A yes that the recipient says it was given: it counts once the originator has seen that it is true (CON-16). */
static void say_yes_to_itself(struct test_world *w, struct test_agency *agency, const enum test_who *to)
{
	test_phase(w, agency, test_consent(w, agency, TOLD_CONSENT_STATE_GIVEN, to, 1, shared, 2), TOLD_PHASE_CONSENT);
}

static struct told_bytes category_names(struct test_world *w, const struct told_parcel *parcel)
{
	struct told_body *body = NULL;
	struct told_buf list = TOLD_BUF(256);
	OK(told_body_decode(parcel->carried.items[0].body, w->arena, &body));
	for (size_t i = 0; i < body->sections.count; i++) {
		struct told_section_header *header = NULL;
		OK(told_section_header_decode(body->sections.items[i].header, w->arena, &header));
		told_buf_printf(&list, "%s%s", i > 0 ? " " : "", told_code(TOLD_LIST_CATEGORY, header->category));
	}
	struct told_bytes names = told_arena_copy(w->arena, told_buf_view(&list));
	told_buf_free(&list);
	return names;
}

static bool contains(struct told_bytes where, struct told_bytes what)
{
	for (size_t i = 0; what.len > 0 && i + what.len <= where.len; i++)
		if (memcmp(where.data + i, what.data, what.len) == 0)
			return true;
	return false;
}

/* ---- what is in a parcel ---- */

static void test_a_referral_carries_what_was_released_and_no_byte_more(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	struct test_parcels parcels;
	say_yes(w, to_tt, 1);
	struct test_message *m = test_referral(w, hou, tt, more, 3);
	test_phase(w, hou, m, TOLD_PHASE_ACCEPTED);
	test_deliver(w, tt, &parcels);
	assert_int_equal(parcels.count, 1);
	const struct told_parcel *parcel = parcels.items[0].parcel;
	assert_int_equal(parcel->type, TOLD_TYPE_REFERRAL);
	assert_int_equal(parcel->marker, TOLD_PARCEL_MARKER_GENERIC);
	assert_int_equal(parcel->deliveries, 1);
	assert_int_equal(parcel->carried.count, 1);
	assert_true(told_bytes_equal(parcel->carried.items[0].envelope, m->envelope));
	assert_true(told_bytes_equal(category_names(w, parcel), told_text("DEM.ID HOU.SIT")));
	test_check_parcel(w, parcel);
	struct told_body *sent = NULL;
	OK(told_body_decode(m->body, w->arena, &sent));
	assert_false(contains(parcel->carried.items[0].body, sent->sections.items[2].ciphertext));
	assert_false(contains(parcel->carried.items[0].body, sent->sections.items[2].salt));
	assert_false(contains(parcel->carried.items[0].body, sent->sections.items[2].commitment));
}

static void test_a_released_section_opens_for_its_recipient_alone(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	uint32_t name[] = {TOLD_CATEGORY_DEM_ID};
	struct test_parcels parcels;
	say_yes(w, to_tt, 1);
	struct test_message *m = test_referral(w, hou, tt, name, 1);
	test_phase(w, hou, m, TOLD_PHASE_ACCEPTED);
	test_deliver(w, tt, &parcels);
	struct told_buf content = TOLD_BUF(4096);
	OK(test_read(w, tt, parcels.items[0].parcel, 0, &content));
	assert_true(told_bytes_equal(told_buf_view(&content), m->sections[0].content));
	told_buf_free(&content);
	assert_int_not_equal(test_read(w, &w->of[TEST_SUD], parcels.items[0].parcel, 0, &content), TOLD_OK);
	told_buf_free(&content);
}

/* ---- what becomes of a parcel ---- */

static void test_an_acknowledgement_ends_a_parcel_and_frees_its_body(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	struct test_parcels parcels;
	say_yes(w, to_tt, 1);
	test_phase(w, hou, test_referral(w, hou, tt, shared, 2), TOLD_PHASE_ACCEPTED);
	test_deliver(w, tt, &parcels);
	assert_int_equal(test_waiting(w, tt), 1); /* delivered is not yet stored */
	test_phase(w, &w->of[TEST_SUD], test_ack(w, &w->of[TEST_SUD], &parcels, TOLD_ACK_STORED),
		   TOLD_PHASE_ACKNOWLEDGED);
	assert_int_equal(test_waiting(w, tt), 1); /* it was not theirs */
	struct test_parcels again;
	test_deliver(w, tt, &again);
	assert_int_equal(again.items[0].parcel->deliveries, 2);
	struct test_message *ack = test_ack(w, tt, &parcels, TOLD_ACK_STORED);
	test_phase(w, tt, ack, TOLD_PHASE_ACKNOWLEDGED);
	assert_int_equal(test_waiting(w, tt), 0);
	struct told_message_row row;
	OK(told_message_get(w->record, w->arena, again.items[0].delivery.row.message, &row));
	assert_int_equal(row.place.len, 0);
	test_phase(w, tt, test_ack(w, tt, &parcels, TOLD_ACK_STORED), TOLD_PHASE_ACKNOWLEDGED); /* twice is once */
}

static void test_a_rejected_parcel_is_not_sent_again(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	struct test_parcels parcels;
	say_yes(w, to_tt, 1);
	test_phase(w, hou, test_referral(w, hou, tt, shared, 2), TOLD_PHASE_ACCEPTED);
	test_deliver(w, tt, &parcels);
	test_phase(w, tt, test_ack(w, tt, &parcels, TOLD_ACK_DIGEST), TOLD_PHASE_ACKNOWLEDGED);
	assert_int_equal(test_waiting(w, tt), 0);
}

static void test_what_waits_is_not_delivered_after_a_withdrawal_and_its_sender_hears(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	struct test_parcels parcels;
	say_yes(w, to_tt, 1);
	struct test_message *m = test_referral(w, hou, tt, shared, 2);
	test_phase(w, hou, m, TOLD_PHASE_ACCEPTED);
	w->now_ms += TOLD_MS_MINUTE;
	test_phase(w, hou, test_withdrawal(w, hou, NULL), TOLD_PHASE_CONSENT);
	test_deliver(w, tt, &parcels);
	assert_int_equal(parcels.count, 1);
	assert_false(parcels.items[0].released);
	const struct told_receipt *receipt = parcels.items[0].receipt;
	assert_non_null(receipt);
	assert_true(told_bytes_equal(told_receipt_party(receipt), hou->party));
	assert_true(told_bytes_equal(told_receipt_message(receipt), m->id));
	struct told_leaf *leaf = test_leaf(w, told_receipt_index(receipt));
	assert_int_equal(leaf->phase, TOLD_PHASE_REFUSED);
	assert_int_equal(leaf->released.count, 0);
	assert_int_equal(test_waiting(w, tt), 0);
}

static void test_a_held_message_goes_once_the_person_has_said_yes(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	const struct told_receipt *receipts[4];
	struct test_parcels parcels;
	say_yes_to_itself(w, tt, to_tt);
	struct test_message *m = test_referral(w, hou, tt, shared, 2);
	test_phase(w, hou, m, TOLD_PHASE_HELD);
	assert_int_equal(test_waiting(w, tt), 0);
	test_begin(w); /* something else changes: it is held still, and nothing is said */
	test_say(w, tt, test_relationship(w, tt, TOLD_YES_NO_YES));
	assert_int_equal(test_follow(w, receipts, 4), 0);
	test_commit(w);
	test_begin(w);
	test_say(w, hou, test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2));
	assert_int_equal(test_follow(w, receipts, 4), 1);
	test_commit(w);
	struct told_leaf *leaf = test_leaf(w, told_receipt_index(receipts[0]));
	assert_int_equal(leaf->phase, TOLD_PHASE_ACCEPTED);
	assert_true(told_bytes_equal(told_receipt_message(receipts[0]), m->id));
	test_deliver(w, tt, &parcels);
	assert_int_equal(parcels.count, 1);
	test_check_parcel(w, parcels.items[0].parcel);
	test_begin(w); /* nothing is held any more */
	assert_int_equal(test_follow(w, receipts, 4), 0);
	test_commit(w);
}

static const struct told_ruling *rule_once_more(struct test_world *w, const struct told_verified *held)
{
	const struct told_ruling *ruling = NULL;
	struct told_deposit_source deposits = told_record_deposits(w->record);
	struct told_table table = {.directory = told_record_directory(w->record),
				   .parties = told_record_parties(w->record),
				   .when = told_record_when(w->record)};
	OK(told_record_person(w->record, told_verified_header(held)->client_ref, &table.person));
	OK(told_rule(&table, &deposits, w->arena, held, true, told_bytes(NULL, 0), &ruling));
	return ruling;
}

static void test_a_held_message_whose_time_is_over_is_refused(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	const struct told_verified *held = NULL;
	const struct told_receipt *receipt = NULL;
	uint64_t seq = 0;
	say_yes_to_itself(w, tt, to_tt);
	test_phase(w, hou, test_referral(w, hou, tt, shared, 2), TOLD_PHASE_HELD);
	assert_int_equal(told_record_overdue(w->record, w->arena, w->now_ms, &seq, &held), TOLD_E_NOT_FOUND);
	w->now_ms += 7 * TOLD_MS_DAY;
	test_begin(w);
	OK(told_record_overdue(w->record, w->arena, w->now_ms, &seq, &held));
	OK(told_record_reruled(w->record, w->arena, seq, rule_once_more(w, held), true, &receipt));
	assert_int_equal(told_record_overdue(w->record, w->arena, w->now_ms, &seq, &held), TOLD_E_NOT_FOUND);
	test_commit(w);
	assert_int_equal(test_leaf(w, told_receipt_index(receipt))->phase, TOLD_PHASE_REFUSED);
}

static void test_a_parcel_whose_time_is_over_expires_and_its_sender_hears(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	const struct told_receipt *receipt = NULL;
	say_yes(w, to_tt, 1);
	struct test_message *m = test_referral(w, hou, tt, shared, 2);
	test_phase(w, hou, m, TOLD_PHASE_ACCEPTED);
	w->now_ms += 7 * TOLD_MS_DAY;
	test_begin(w);
	OK(told_record_expire(w->record, w->arena, w->now_ms, &receipt));
	assert_int_equal(told_record_expire(w->record, w->arena, w->now_ms, &(const struct told_receipt *){NULL}),
			 TOLD_E_NOT_FOUND);
	OK(told_record_forget(w->record, w->now_ms));
	test_commit(w);
	assert_int_equal(test_leaf(w, told_receipt_index(receipt))->phase, TOLD_PHASE_EXPIRED);
	assert_true(told_bytes_equal(told_receipt_message(receipt), m->id));
	assert_int_equal(test_waiting(w, tt), 0);
}

static void test_duplicate_rows_outlive_the_message_and_then_go(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *m = test_withdrawal(w, hou, NULL);
	told_hash hash;
	told_sha256(m->header_bytes, &hash);
	test_phase(w, hou, m, TOLD_PHASE_CONSENT);
	int64_t accepted_ms = w->now_ms;
	for (int day = 0; day <= 38; day++) {
		w->now_ms = accepted_ms + day * TOLD_MS_DAY;
		test_begin(w);
		OK(told_record_forget(w->record, w->now_ms));
		test_commit(w);
		enum told_status seen = told_record_seen(w->record, hou->party, m->id, &hash);
		assert_int_equal(seen, day <= 37 ? TOLD_E_REPLAY : TOLD_E_NOT_FOUND);
	}
}

/* Held for one and released to another: who is held gets it when the hold is cured. */
static void test_a_recipient_who_is_held_is_not_forgotten_for_one_who_is_not(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT], *sud = &w->of[TEST_SUD];
	struct told_bytes names[] = {tt->party, sud->party};
	struct test_parcels parcels;
	say_yes(w, to_tt, 1);
	say_yes_to_itself(w, sud, &(enum test_who){TEST_SUD});
	struct told_header header = test_referral(w, hou, tt, shared, 1)->header;
	header.type = TOLD_TYPE_STATUS_UPDATE;
	header.recipients = (struct told_bytes_list){names, 2};
	header.section_digests.count = 0;
	header.purposes.items[0] = TOLD_PURPOSE_COORD;
	struct test_message *m = test_seal(w, hou, &header, shared, 2, tt);
	test_phase(w, hou, m, TOLD_PHASE_ACCEPTED);
	test_deliver(w, tt, &parcels);
	assert_int_equal(parcels.count, 1);
	assert_int_equal(test_waiting(w, sud), 1);
	test_deliver(w, sud, &parcels);
	assert_int_equal(parcels.count, 0);
	say_yes(w, to_both, 2);
	test_deliver(w, sud, &parcels);
	assert_int_equal(parcels.count, 1);
	assert_true(parcels.items[0].released);
}

/* ---- wraps ---- */

static void test_wraps_to_a_revoked_key_go_with_it(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	struct told_carried_deposit carried;
	struct test_message *deposit = test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT);
	test_phase(w, hou, deposit, TOLD_PHASE_ACCEPTED);
	say_yes(w, to_tt, 1);
	test_phase(w, tt, test_relationship(w, tt, TOLD_YES_NO_YES), TOLD_PHASE_FLAG);
	test_phase(w, hou, test_grant(w, hou, deposit, tt, NULL), TOLD_PHASE_ACCEPTED);
	OK(told_record_deposit(w->record, w->arena, deposit->id, tt->party, &carried));
	test_phase(w, tt, test_key(w, tt, TOLD_KEY_SEALING, TOLD_KEY_ACTION_REVOKE, &tt->sealing, 1), TOLD_PHASE_KEY);
	assert_int_equal(told_record_deposit(w->record, w->arena, deposit->id, tt->party, &carried), TOLD_E_NOT_FOUND);
	test_phase(w, hou, test_grant(w, hou, deposit, tt, NULL), TOLD_PHASE_REFUSED);
}

static void test_a_sweep_of_everybody_comes_past_each_person_once(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	uint8_t client[TOLD_ID_BYTES] = {0}, before[TOLD_ID_BYTES] = {0};
	for (size_t i = 0; i < 5; i++) {
		OK(told_random(w->person, sizeof w->person));
		struct test_message *deposit = test_deposit(w, hou, TOLD_CATEGORY_HOU_SIT);
		test_phase(w, hou, deposit, TOLD_PHASE_ACCEPTED);
		say_yes(w, to_tt, 1);
		test_phase(w, tt, test_relationship(w, tt, TOLD_YES_NO_YES), TOLD_PHASE_FLAG);
		test_phase(w, hou, test_grant(w, hou, deposit, tt, NULL), TOLD_PHASE_ACCEPTED);
	}
	test_phase(w, tt, test_suspend(w, tt, TOLD_AGREEMENT_ACTION_SUSPEND), TOLD_PHASE_AGREEMENT);
	size_t people = 0;
	test_begin(w);
	while (told_record_next_wrapped(w->record, client) == TOLD_OK) {
		assert_true(memcmp(client, before, sizeof client) > 0);
		memcpy(before, client, sizeof before);
		OK(told_record_sweep(w->record, w->arena, told_bytes(client, sizeof client),
				     told_record_when(w->record)));
		people++;
	}
	test_commit(w);
	assert_int_equal(people, 5);
	memset(client, 0, sizeof client);
	assert_int_equal(told_record_next_wrapped(w->record, client), TOLD_E_NOT_FOUND); /* no wrap is left */
}

/* ---- the spool ---- */

static void test_segments_in_which_nothing_waits_are_removed(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	test_world_close(w);
	w->segment_bytes = 1u << 13;
	OK(test_world_open(w));
	for (size_t i = 0; i < 20; i++) {
		OK(told_random(w->person, sizeof w->person));
		say_yes(w, to_tt, 1);
		test_phase(w, hou, test_referral(w, hou, tt, shared, 2), TOLD_PHASE_ACCEPTED);
	}
	assert_true(told_spool_segment(w->record->spool) > 1);
	OK(told_record_tidy(w->record));
	assert_int_equal(told_spool_first(w->record->spool), 1);
	assert_int_equal(test_drain(w, tt), 20);
	OK(told_record_tidy(w->record));
	assert_int_equal(told_spool_first(w->record->spool), told_spool_segment(w->record->spool));
	test_world_close(w);
	OK(test_world_open(w));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_referral_carries_what_was_released_and_no_byte_more),
		TEST(test_a_released_section_opens_for_its_recipient_alone),
		TEST(test_an_acknowledgement_ends_a_parcel_and_frees_its_body),
		TEST(test_a_rejected_parcel_is_not_sent_again),
		TEST(test_what_waits_is_not_delivered_after_a_withdrawal_and_its_sender_hears),
		TEST(test_a_held_message_goes_once_the_person_has_said_yes),
		TEST(test_a_held_message_whose_time_is_over_is_refused),
		TEST(test_a_parcel_whose_time_is_over_expires_and_its_sender_hears),
		TEST(test_duplicate_rows_outlive_the_message_and_then_go),
		TEST(test_a_recipient_who_is_held_is_not_forgotten_for_one_who_is_not),
		TEST(test_wraps_to_a_revoked_key_go_with_it),
		TEST(test_a_sweep_of_everybody_comes_past_each_person_once),
		TEST(test_segments_in_which_nothing_waits_are_removed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
