/* SPDX-License-Identifier: Apache-2.0 */
/* Who said it, and is it fresh: every check alone, by its status; and that no changed bit gets through as something
 * else. */
#include "broker/verify/keys.h"
#include "verify/checks.h"

/* ---- what is right ---- */

static void test_a_good_message_shows_what_was_signed(void **state)
{
	struct test_world *w = *state;
	struct test_message *m = referral(w);
	struct made made = verify(w, m->header.sender, m->envelope, m->body);
	assert_non_null(made.verified);
	assert_true(told_bytes_equal(told_verified_header(made.verified)->id, m->id));
	assert_true(told_bytes_equal(told_verified_envelope(made.verified), m->envelope));
	assert_true(told_bytes_equal(told_verified_body_bytes(made.verified), m->body));
	assert_int_equal(told_verified_body(made.verified)->sections.count, 2);
	uint32_t seen =
		told_verified_sections(made.verified)[0]->category + told_verified_sections(made.verified)[1]->category;
	assert_int_equal(seen, TOLD_CATEGORY_DEM_ID + TOLD_CATEGORY_HOU_SIT);
	assert_false(told_verified_replay(made.verified));
}

static void test_what_was_verified_once_is_read_back_and_what_was_changed_since_is_not(void **state)
{
	struct test_world *w = *state;
	struct test_message *m = referral(w);
	const struct told_verified *again = NULL;
	OK(told_verified_again(w->arena, m->envelope, m->body, &again));
	uint8_t *body = (uint8_t *)(uintptr_t)told_arena_copy(w->arena, m->body).data;
	body[m->body.len / 2] ^= 1;
	assert_int_equal(told_verified_again(w->arena, m->envelope, told_bytes(body, m->body.len), &again),
			 TOLD_E_CORRUPT);
	assert_null(again);
}

/* ---- form, partnership, identity ---- */

static void test_bytes_that_are_no_message_are_refused_with_their_hash(void **state)
{
	struct test_world *w = *state;
	told_hash hash;
	struct told_bytes junk = told_text("this is no envelope at all");
	struct made made = verify(w, told_text("HOU"), junk, told_bytes(NULL, 0));
	assert_non_null(made.refused);
	told_sha256(junk, &hash);
	assert_true(told_hash_equal(told_refused_hash(made.refused), &hash));
	assert_int_equal(told_refused_size(made.refused), junk.len);
	assert_true(told_bytes_equal(told_refused_party(made.refused), told_text("HOU")));
	assert_null(told_refused_opened(made.refused));
}

static void test_a_message_of_another_partnership_is_refused(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct told_header header = test_header(w, hou, TOLD_TYPE_WITHDRAWAL);
	struct told_withdrawal_part part = {0};
	header.withdrawal = &part;
	header.partnership = told_text("told.example/southtown");
	assert_int_equal(status_of(w, hou, test_sign(w, hou, &header, NULL)), TOLD_E_NOT_FOR_ME);
}

/* B3: A relays what B signed. */
static void test_a_message_signed_by_another_than_who_is_connected_is_refused(void **state)
{
	struct test_world *w = *state;
	struct test_message *m = referral(w);
	assert_int_equal(status_of(w, &w->of[TEST_TT], m), TOLD_E_IDENTITY);
	OK(status_of(w, &w->of[TEST_HOU], m));
}

static void test_a_sender_who_is_not_enrolled_is_refused(void **state)
{
	struct test_world *w = *state;
	struct test_agency stranger = w->of[TEST_HOU];
	stranger.party = told_text("GHOST");
	struct test_message *m = test_withdrawal(w, &stranger, NULL);
	assert_int_equal(status_of(w, &stranger, m), TOLD_E_KEY);
}

/* ---- keys ---- */

static void test_a_key_of_another_purpose_signs_nothing(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], other = *hou;
	other.signing = hou->identity;
	other.signing_signer = hou->identity_signer;
	assert_int_equal(status_of(w, hou, test_withdrawal(w, &other, NULL)), TOLD_E_KEY);
	other = *hou;
	other.identity = hou->signing;
	other.identity_signer = hou->signing_signer;
	assert_int_equal(status_of(w, hou, test_agreement(w, &other)), TOLD_E_KEY);
}

static void test_an_agency_is_no_operator(void **state)
{
	struct test_world *w = *state;
	struct test_agency *tt = &w->of[TEST_TT];
	struct test_message *m = test_enrol(w, &w->of[TEST_EMP]);
	assert_int_equal(status_of(w, tt, m), TOLD_E_IDENTITY);
	struct test_agency false_operator = *tt;
	false_operator.party = w->operator_.party;
	struct told_header header = m->header;
	header.partner = &(struct told_partner_part){.action = TOLD_PARTNER_ACTION_REVOKE, .party = told_text("HOU")};
	assert_int_equal(status_of(w, &w->operator_, test_sign(w, &false_operator, &header, NULL)), TOLD_E_KEY);
}

static void test_a_retired_key_is_believed_for_seven_days(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *retire = test_key(w, hou, TOLD_KEY_SIGNING, TOLD_KEY_ACTION_RETIRE, &hou->signing, 1);
	test_phase(w, hou, retire, TOLD_PHASE_KEY);
	w->now_ms += TOLD_KEY_GRACE_MS - TOLD_MS_MINUTE;
	struct test_message *late = test_withdrawal(w, hou, NULL);
	OK(status_of(w, hou, late));
	w->now_ms += 2 * TOLD_MS_MINUTE;
	assert_int_equal(status_of(w, hou, late), TOLD_E_KEY);
}

static void test_a_revoked_key_is_believed_no_more(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *before = referral(w), *kept = test_withdrawal(w, hou, NULL);
	test_phase(w, hou, kept, TOLD_PHASE_CONSENT);
	test_phase(w, hou, test_key(w, hou, TOLD_KEY_SIGNING, TOLD_KEY_ACTION_REVOKE, &hou->signing, 1),
		   TOLD_PHASE_KEY);
	assert_int_equal(status_of(w, hou, before), TOLD_E_KEY);
	/* What was recorded while it was in force gets its first receipt whenever it comes again. */
	struct test_said again = test_turn(w, hou, kept);
	assert_non_null(again.verified);
	assert_true(told_verified_replay(again.verified));
	assert_true(told_receipt_again(again.receipt));
}

static void test_a_new_key_needs_proof_that_its_owner_has_it(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	static const unsigned purposes[] = {TOLD_KEY_SEALING, TOLD_KEY_WITNESS};
	for (size_t i = 0; i < 2; i++) {
		struct test_keypair pair;
		OK(told_random(pair.secret, sizeof pair.secret));
		OK(i == 0 ? told_x25519_public(pair.secret, pair.key) : told_ed25519_public(pair.secret, pair.key));
		struct test_message *m = test_key(w, hou, purposes[i], TOLD_KEY_ACTION_ISSUE, &pair, 2);
		OK(status_of(w, hou, m));
		struct test_message *of_tt = test_key(w, tt, purposes[i], TOLD_KEY_ACTION_ISSUE, &pair, 2);
		struct told_opened_envelope opened;
		OK(told_envelope_open(w->arena, of_tt->envelope, &opened));
		struct told_header header = test_header(w, hou, TOLD_TYPE_KEY_RECORD);
		header.key_record = opened.header->key_record; /* a proof that TT made */
		assert_int_not_equal(status_of(w, hou, test_sign(w, hou, &header, NULL)), TOLD_OK);
	}
}

/* ---- the signature ---- */

static struct test_message *with_envelope(struct test_world *w, const struct test_message *m,
					  void (*change)(struct told_envelope *))
{
	struct test_message *other = told_arena_alloc(w->arena, sizeof *other);
	struct told_envelope *envelope = NULL;
	struct told_buf bytes = TOLD_BUF(TOLD_ENVELOPE_MAX_BYTES);
	*other = *m;
	OK(told_envelope_decode(m->envelope, w->arena, &envelope));
	change(envelope);
	OK(told_envelope_encode(envelope, &bytes));
	other->envelope = told_arena_copy(w->arena, told_buf_view(&bytes));
	told_buf_free(&bytes);
	return other;
}

static void spoil_signature(struct told_envelope *e)
{
	((uint8_t *)(uintptr_t)e->signature.data)[3] ^= 1;
}

static void spoil_place(struct told_envelope *e)
{
	e->count = 2;
	e->index = 1;
}

static void test_a_signature_or_place_that_is_wrong_is_refused(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *m = referral(w);
	assert_int_equal(status_of(w, hou, with_envelope(w, m, spoil_signature)), TOLD_E_SIGNATURE);
	assert_int_equal(status_of(w, hou, with_envelope(w, m, spoil_place)), TOLD_E_PROOF);
}

/* One verified signature serves its batch, and nothing that is not in it. */
static void test_the_memory_of_a_batch_never_lets_a_changed_message_pass(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	enum { COUNT = 8 };
	struct told_bytes headers[COUNT], envelopes[COUNT];
	struct test_message *messages[COUNT];
	uint32_t types[COUNT];
	for (size_t i = 0; i < COUNT; i++) {
		messages[i] = test_withdrawal(w, hou, NULL);
		headers[i] = messages[i]->header_bytes;
		types[i] = TOLD_TYPE_WITHDRAWAL;
	}
	OK(told_envelopes_sign(w->arena, hou->signing_signer, hou->signing.key, headers, types, COUNT, envelopes));
	memset(&w->verify.cache, 0, sizeof w->verify.cache);
	for (size_t i = 0; i < COUNT; i++) {
		messages[i]->envelope = envelopes[i];
		OK(status_of(w, hou, messages[i]));
		assert_int_not_equal(status_of(w, hou, with_envelope(w, messages[i], spoil_signature)), TOLD_OK);
		struct told_envelope *envelope = NULL;
		struct told_buf bytes = TOLD_BUF(TOLD_ENVELOPE_MAX_BYTES);
		OK(told_envelope_decode(envelopes[i], w->arena, &envelope));
		envelope->header = test_withdrawal(w, hou, NULL)->header_bytes; /* another header in the same frame */
		OK(told_envelope_encode(envelope, &bytes));
		struct test_message forged = {.envelope = told_arena_copy(w->arena, told_buf_view(&bytes)),
					      .body = messages[i]->body};
		assert_int_not_equal(status_of(w, hou, &forged), TOLD_OK);
		told_buf_free(&bytes);
	}
	assert_int_equal(w->verify.cache.next, 1);
}

/* ---- duplicates ---- */

static struct test_message *same_id(struct test_world *w, struct test_agency *from, const struct test_message *m)
{
	struct told_header header = m->header;
	struct told_withdrawal_part part = {0};
	header.withdrawal = &part;
	header.sender_seq++;
	return test_sign(w, from, &header, NULL);
}

static void test_the_same_bytes_get_their_first_receipt_across_turns_restarts_and_time(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *m = test_withdrawal(w, hou, NULL);
	const struct told_receipt *first = test_phase(w, hou, m, TOLD_PHASE_CONSENT);
	uint64_t size = told_record_size(w->record);
	for (int i = 0; i < 4; i++) {
		struct test_said again = test_turn(w, hou, m);
		assert_true(told_verified_replay(again.verified));
		assert_int_equal(told_receipt_index(again.receipt), told_receipt_index(first));
		assert_true(told_bytes_equal(told_receipt_leaf(again.receipt), told_receipt_leaf(first)));
		assert_int_equal(told_record_size(w->record), size);
		test_world_close(w);
		OK(test_world_open(w));
		w->now_ms += 10 * TOLD_MS_DAY; /* long past its expiry */
	}
}

static void test_one_id_for_two_messages_is_evidence_with_both_hashes(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *m = test_withdrawal(w, hou, NULL), *other = same_id(w, hou, m);
	test_phase(w, hou, m, TOLD_PHASE_CONSENT);
	struct test_said said = test_turn(w, hou, other);
	assert_int_equal(said.status, TOLD_E_EQUIVOCATION);
	struct told_bytes salt, facts_bytes, ruling_salt, ruling;
	struct told_leaf_facts *facts = NULL;
	told_hash first, second;
	told_receipt_parts(said.receipt, &salt, &facts_bytes, &ruling_salt, &ruling);
	OK(told_leaf_facts_decode(facts_bytes, w->arena, &facts));
	told_sha256(m->header_bytes, &first);
	told_sha256(other->header_bytes, &second);
	assert_memory_equal(facts->other_hash.data, first.b, TOLD_HASH_BYTES);
	assert_memory_equal(facts->header_hash.data, second.b, TOLD_HASH_BYTES);
}

static void test_within_one_turn_the_first_of_an_id_stands(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *m = test_withdrawal(w, hou, NULL);
	test_begin(w);
	assert_int_equal(test_say(w, hou, m).phase, TOLD_PHASE_CONSENT);
	assert_true(told_verified_replay(test_say(w, hou, m).verified));
	assert_int_equal(test_say(w, hou, same_id(w, hou, m)).status, TOLD_E_EQUIVOCATION);
	test_commit(w);
}

/* A frame that names a known id without a signature accuses nobody. */
static void test_an_unsigned_second_message_is_no_evidence(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *m = test_withdrawal(w, hou, NULL);
	test_phase(w, hou, m, TOLD_PHASE_CONSENT);
	struct test_message *other = with_envelope(w, same_id(w, hou, m), spoil_signature);
	assert_int_equal(status_of(w, hou, other), TOLD_E_SIGNATURE);
}

/* ---- times ---- */

static void test_what_is_past_its_expiry_or_from_the_future_is_refused(void **state)
{
	struct test_world *w = *state;
	struct test_agency *hou = &w->of[TEST_HOU];
	struct test_message *m = test_withdrawal(w, hou, NULL);
	w->now_ms += 7 * TOLD_MS_DAY - 1;
	OK(status_of(w, hou, m));
	w->now_ms += 1;
	assert_int_equal(status_of(w, hou, m), TOLD_E_STALE);
	m = test_withdrawal(w, hou, NULL);
	w->now_ms -= TOLD_FUTURE_MAX_MS;
	OK(status_of(w, hou, m));
	w->now_ms -= 1;
	assert_int_equal(status_of(w, hou, m), TOLD_E_FUTURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_good_message_shows_what_was_signed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_what_was_verified_once_is_read_back_and_what_was_changed_since_is_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bytes_that_are_no_message_are_refused_with_their_hash, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_message_of_another_partnership_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_message_signed_by_another_than_who_is_connected_is_refused,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_sender_who_is_not_enrolled_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_key_of_another_purpose_signs_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_an_agency_is_no_operator, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_retired_key_is_believed_for_seven_days, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_revoked_key_is_believed_no_more, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_new_key_needs_proof_that_its_owner_has_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_signature_or_place_that_is_wrong_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_memory_of_a_batch_never_lets_a_changed_message_pass, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(
			test_the_same_bytes_get_their_first_receipt_across_turns_restarts_and_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_one_id_for_two_messages_is_evidence_with_both_hashes, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_within_one_turn_the_first_of_an_id_stands, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_an_unsigned_second_message_is_no_evidence, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_past_its_expiry_or_from_the_future_is_refused, set_up,
						tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
