/* SPDX-License-Identifier: Apache-2.0 */
/* Signed messages that are wrong, sent to a running broker: each is refused with its reason in a logged receipt, and
 * the way stays open for good ones. */
#include "flow/kit.h"

#include "proto/leaf.h"
#include "told/codes.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

struct rig {
	struct flow *flow;
	struct flow_peer *hou, *emp;
	uint64_t equivocation; /* its entry */
	told_hash first, second;
};

static struct rig *rig_of(void **state)
{
	return *state;
}

/* Refused before a ruling, for this reason, in an entry of the log; and nothing else has suffered. */
static const struct flow_answer *refused(struct rig *rig, const struct told_outgoing *message, enum told_status why)
{
	const struct flow_answer *answer = flow_say(rig->hou, message);
	print_message("refused: %s\n", told_status_text((enum told_status)answer->status));
	assert_int_equal(answer->outcome, TOLD_ANSWER_REFUSED);
	assert_int_equal(answer->phase, TOLD_PHASE_REFUSED);
	assert_string_equal(told_status_name((enum told_status)answer->status), told_status_name(why));
	flow_still_good(rig->hou, rig->emp);
	assert_int_equal(flow_times(rig->emp, message->id), 0);
	return answer;
}

/* Ruled, and not released, for this reason. */
static void ruled_out(struct rig *rig, const struct told_outgoing *message, uint32_t outcome, uint32_t code)
{
	const struct flow_answer *answer = flow_say(rig->hou, message);
	assert_int_equal(answer->outcome, outcome);
	assert_int_equal(answer->status, 0);
	assert_int_equal(answer->code, code);
	print_message("%s: %s\n", told_code_row(code)->name, told_code_row(code)->sender);
	flow_still_good(rig->hou, rig->emp);
	assert_int_equal(flow_times(rig->emp, message->id), 0);
}

/* The same message with another envelope, whatever stands in it. */
static void envelope_again(struct rig *rig, struct told_outgoing *message, const struct told_envelope *envelope)
{
	struct told_buf bytes = TOLD_BUF(TOLD_ENVELOPE_MAX_BYTES);
	assert_int_equal(told_envelope_encode(envelope, &bytes), TOLD_OK);
	message->envelope = told_arena_copy(rig->flow->arena, told_buf_view(&bytes));
	told_buf_free(&bytes);
}

static struct told_envelope *envelope_of(struct rig *rig, const struct told_outgoing *message)
{
	struct told_envelope *envelope = NULL;
	assert_int_equal(told_envelope_decode(message->envelope, rig->flow->arena, &envelope), TOLD_OK);
	return envelope;
}

static struct told_body *body_of(struct rig *rig, const struct told_outgoing *message)
{
	struct told_body *body = NULL;
	assert_int_equal(told_body_decode(message->body, rig->flow->arena, &body), TOLD_OK);
	return body;
}

static void body_again(struct rig *rig, struct told_outgoing *message, const struct told_body *body)
{
	struct told_buf bytes = TOLD_BUF(TOLD_BODY_MAX_BYTES);
	assert_int_equal(told_body_encode(body, &bytes), TOLD_OK);
	message->body = told_arena_copy(rig->flow->arena, told_buf_view(&bytes));
	told_buf_free(&bytes);
}

/* The same bytes with one bit of the last turned over. */
static struct told_bytes bent(struct rig *rig, struct told_bytes bytes)
{
	uint8_t *copy = told_arena_alloc(rig->flow->arena, bytes.len);
	assert_non_null(copy);
	memcpy(copy, bytes.data, bytes.len);
	copy[bytes.len - 1] ^= 1;
	return told_bytes(copy, bytes.len);
}

/* ---- who ---- */

static void test_a_message_of_another_agency_is_refused(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing message =
		flow_update(rig->flow, &(struct flow_twist){.as = &rig->flow->world.consumer, .to = "HOU"});
	refused(rig, &message, TOLD_E_IDENTITY);
}

static void test_a_message_in_the_name_of_an_agency_that_nobody_enrolled_is_refused(void **state)
{
	struct rig *rig = rig_of(state);
	struct bench_party stranger = rig->flow->world.sender;
	stranger.name = "NEW";
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){.as = &stranger});
	refused(rig, &message, TOLD_E_IDENTITY);
}

static void test_a_key_record_signed_by_a_key_that_chains_to_no_fingerprint_is_refused(void **state)
{
	struct rig *rig = rig_of(state);
	struct bench_party forger = rig->flow->world.sender;
	const char *dir = told_test_dir();
	uint8_t proof[TOLD_SIGNATURE_BYTES];
	assert_int_equal(told_keys_make(dir), TOLD_OK);
	assert_int_equal(told_keys_load(dir, &forger.keys, NULL), TOLD_OK);
	const uint8_t *fresh = forger.keys.of[TOLD_AGENCY_KEY_IDENTITY].key;
	assert_int_equal(told_signer_new(forger.keys.of[TOLD_AGENCY_KEY_IDENTITY].secret, &forger.identity), TOLD_OK);
	assert_int_equal(told_possession_sign(forger.identity, told_text(forger.name), fresh, proof), TOLD_OK);
	struct told_header header = flow_header(rig->flow, &forger, TOLD_TYPE_KEY_RECORD);
	struct told_key_part part = {
		.purpose = TOLD_KEY_SIGNING,
		.key = told_bytes(fresh, TOLD_KEY_BYTES),
		.from_ms = header.created_ms,
		.until_ms = header.created_ms + (uint64_t)TOLD_MS_DAY,
		.number = 2,
		.action = TOLD_KEY_ACTION_ISSUE,
		.possession = told_bytes(proof, sizeof proof),
	};
	header.key_record = &part;
	struct told_outgoing message = flow_signed(rig->flow, &forger, &header, NULL);
	refused(rig, &message, TOLD_E_KEY);
	told_signer_free(forger.identity);
	told_keys_wipe(&forger.keys);
}

/* The believing side: an agency that has signed no agreement with the sender knows of no fingerprint, and opens
 * nothing. */
static void test_an_agency_opens_nothing_under_a_key_that_chains_to_no_fingerprint(void **state)
{
	struct rig *rig = rig_of(state);
	flow_leave(rig->emp);
	struct flow_peer *stranger = flow_join(rig->flow, &rig->flow->world.consumer, true);
	stranger->forgetful = true;
	flow_until_ready(stranger);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){.content = "not for strangers"});
	assert_int_equal(flow_say(rig->hou, &message)->outcome, TOLD_ANSWER_ACCEPTED);
	/* It is not shown which message that was: nothing of it is believed. */
	uint8_t unknown[TOLD_ID_BYTES] = {0};
	const struct flow_parcel *parcel = flow_parcel(stranger, unknown, FLOW_WAIT_MS);
	assert_non_null(parcel);
	assert_int_equal(parcel->result, TOLD_ACK_SIGNATURE);
	assert_int_equal(parcel->sections, 0);
	/* The sender is told that it was not taken. */
	struct told_outgoing next = flow_update(rig->flow, &(struct flow_twist){0});
	assert_int_equal(flow_say(rig->hou, &next)->outcome, TOLD_ANSWER_ACCEPTED);
	flow_leave(stranger);
	flow_rejoin(rig->emp);
	flow_still_good(rig->hou, rig->emp);
	assert_int_equal(flow_times(rig->emp, message.id), 0); /* quarantined, not offered again */
}

/* ---- what was signed ---- */

static void test_a_forged_signature_is_refused(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){0});
	struct told_envelope *envelope = envelope_of(rig, &message);
	envelope->signature = bent(rig, envelope->signature);
	envelope_again(rig, &message, envelope);
	refused(rig, &message, TOLD_E_SIGNATURE);
}

static void test_a_changed_header_is_refused(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){0});
	struct told_outgoing other = flow_update(rig->flow, &(struct flow_twist){.id = message.id, .person = 1});
	struct told_envelope *envelope = envelope_of(rig, &message);
	message.header = envelope->header = other.header;
	message.sender_seq = other.sender_seq;
	envelope_again(rig, &message, envelope);
	refused(rig, &message, TOLD_E_SIGNATURE);
}

static void test_a_changed_section_is_refused(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){0});
	struct told_body *body = body_of(rig, &message);
	body->sections.items[0].ciphertext = bent(rig, body->sections.items[0].ciphertext);
	body_again(rig, &message, body);
	refused(rig, &message, TOLD_E_DIGEST);
}

static void test_a_wrap_without_a_grant_is_refused(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){0});
	struct told_body *body = body_of(rig, &message);
	body->wraps = body->sections.items[0].wraps;
	body_again(rig, &message, body);
	refused(rig, &message, TOLD_E_MALFORMED);
}

/* ---- once ---- */

static void test_a_replay_gets_the_same_receipt_and_has_no_second_effect(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){0});
	uint64_t first = flow_say(rig->hou, &message)->index;
	assert_non_null(flow_parcel(rig->emp, message.id, FLOW_WAIT_MS));
	for (int i = 0; i < 3; i++) {
		const struct flow_answer *again = flow_say(rig->hou, &message);
		assert_int_equal(again->outcome, TOLD_ANSWER_ACCEPTED);
		assert_int_equal(again->index, first);
	}
	flow_still_good(rig->hou, rig->emp);
	assert_int_equal(flow_times(rig->emp, message.id), 1);
}

static void test_one_id_for_two_messages_is_refused_and_both_digests_are_kept(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing one = flow_update(rig->flow, &(struct flow_twist){.content = "one"});
	struct told_outgoing two = flow_update(rig->flow, &(struct flow_twist){.id = one.id, .content = "two"});
	assert_int_equal(flow_say(rig->hou, &one)->outcome, TOLD_ANSWER_ACCEPTED);
	assert_non_null(flow_parcel(rig->emp, one.id, FLOW_WAIT_MS));
	const struct flow_answer *answer = flow_say(rig->hou, &two);
	assert_int_equal(answer->outcome, TOLD_ANSWER_REFUSED);
	assert_string_equal(told_status_name((enum told_status)answer->status), "E_EQUIVOCATION");
	rig->equivocation = answer->index;
	told_sha256(one.header, &rig->first);
	told_sha256(two.header, &rig->second);
	flow_still_good(rig->hou, rig->emp);
	assert_int_equal(flow_times(rig->emp, one.id), 1);
}

/* ---- when ---- */

static void test_a_stale_message_is_refused(void **state)
{
	struct rig *rig = rig_of(state);
	struct flow_twist twist = {.created_shift_ms = -2 * TOLD_MS_DAY, .expires_in_ms = TOLD_MS_DAY};
	struct told_outgoing message = flow_update(rig->flow, &twist);
	refused(rig, &message, TOLD_E_STALE);
}

static void test_a_message_from_the_future_is_refused(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){.created_shift_ms = TOLD_MS_HOUR});
	refused(rig, &message, TOLD_E_FUTURE);
}

/* ---- what the ruling says ---- */

static void test_an_unknown_recipient_is_refused(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){.to = "ZZZ"});
	ruled_out(rig, &message, TOLD_ANSWER_REFUSED, TOLD_PTY_03);
}

static void test_an_expired_agreement_carries_nothing(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_buf file = TOLD_BUF(65536);
	told_hash hash;
	bench_agreement(&rig->flow->world, "ISA-OLD", "2021-12-31", &file);
	told_sha256(told_buf_view(&file), &hash);
	struct told_outgoing of_emp =
		flow_agreement(rig->flow, &rig->flow->world.consumer, "ISA-OLD", told_buf_view(&file));
	struct told_outgoing of_hou =
		flow_agreement(rig->flow, &rig->flow->world.sender, "ISA-OLD", told_buf_view(&file));
	assert_int_equal(flow_say(rig->emp, &of_emp)->outcome, TOLD_ANSWER_ACCEPTED);
	assert_int_equal(flow_say(rig->hou, &of_hou)->outcome, TOLD_ANSWER_ACCEPTED);
	struct flow_twist twist = {.agreement = "ISA-OLD", .agreement_hash = &hash};
	struct told_outgoing message = flow_update(rig->flow, &twist);
	ruled_out(rig, &message, TOLD_ANSWER_REFUSED, TOLD_AGR_03);
	told_buf_free(&file);
}

static void test_a_broken_agreement_file_is_refused(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_buf good = TOLD_BUF(65536), second = TOLD_BUF(65536);
	const char *broken = "agreement: ISA-TYPO\nversion: 1\nkind: isp\nflows: [unclosed\n";
	struct told_outgoing message =
		flow_agreement(rig->flow, &rig->flow->world.sender, "ISA-TYPO", told_text(broken));
	assert_int_equal(flow_say(rig->hou, &message)->outcome, TOLD_ANSWER_REFUSED);
	bench_agreement(&rig->flow->world, "ISA-TWO", "2099-12-31", &good);
	told_buf_put_bytes(&second, told_buf_view(&good));
	told_buf_put_text(&second, "---\n");
	told_buf_put_bytes(&second, told_buf_view(&good));
	message = flow_agreement(rig->flow, &rig->flow->world.sender, "ISA-TWO", told_buf_view(&second));
	assert_int_equal(flow_say(rig->hou, &message)->outcome, TOLD_ANSWER_REFUSED);
	flow_still_good(rig->hou, rig->emp);
	told_buf_free(&good);
	told_buf_free(&second);
}

static void test_an_unknown_worker_sends_nothing(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){.author = "nobody"});
	ruled_out(rig, &message, TOLD_ANSWER_REFUSED, TOLD_PTY_05);
}

static void test_a_suspended_worker_sends_nothing(void **state)
{
	struct rig *rig = rig_of(state);
	struct told_outgoing joins = flow_worker(rig->flow, &rig->flow->world.sender, "w7", 0);
	struct told_outgoing works = flow_update(rig->flow, &(struct flow_twist){.author = "w7"});
	assert_int_equal(flow_say(rig->hou, &joins)->outcome, TOLD_ANSWER_ACCEPTED);
	assert_int_equal(flow_say(rig->hou, &works)->outcome, TOLD_ANSWER_ACCEPTED);
	assert_non_null(flow_parcel(rig->emp, works.id, FLOW_WAIT_MS));
	struct told_outgoing ends =
		flow_worker(rig->flow, &rig->flow->world.sender, "w7", (uint64_t)bench_wall_ms() - TOLD_MS_MINUTE);
	assert_int_equal(flow_say(rig->hou, &ends)->outcome, TOLD_ANSWER_ACCEPTED);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){.author = "w7"});
	ruled_out(rig, &message, TOLD_ANSWER_REFUSED, TOLD_PTY_05);
}

static void test_a_permission_taken_by_who_would_gain_holds_without_presence(void **state)
{
	struct rig *rig = rig_of(state);
	uint8_t client[TOLD_ID_BYTES];
	assert_int_equal(told_random(client, sizeof client), TOLD_OK);
	struct told_outgoing consent = flow_consent(rig->flow, &rig->flow->world.consumer, client);
	assert_int_equal(flow_say(rig->emp, &consent)->outcome, TOLD_ANSWER_ACCEPTED);
	struct told_outgoing message = flow_update(rig->flow, &(struct flow_twist){.client = client});
	ruled_out(rig, &message, TOLD_ANSWER_HELD, TOLD_CON_16);
}

/* ---- after all of it ---- */

/* The opened part of an entry, read from the store of a broker that is not running. */
static struct told_leaf_facts *facts_of(struct rig *rig, uint64_t index)
{
	char path[PATH_MAX];
	sqlite3 *db = NULL;
	sqlite3_stmt *query = NULL;
	struct told_leaf_facts *facts = NULL;
	snprintf(path, sizeof path, "%.4000s/told.db", rig->flow->world.broker_dir);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT facts FROM detail WHERE idx = ?", -1, &query, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_bind_int64(query, 1, (sqlite3_int64)index), SQLITE_OK);
	assert_int_equal(sqlite3_step(query), SQLITE_ROW);
	struct told_bytes part = told_bytes(sqlite3_column_blob(query, 0), (size_t)sqlite3_column_bytes(query, 0));
	assert_int_equal(told_leaf_facts_decode(part, rig->flow->arena, &facts), TOLD_OK);
	sqlite3_finalize(query);
	sqlite3_close(db);
	return facts;
}

static bool is_hash(struct told_bytes bytes, const told_hash *hash)
{
	return told_bytes_equal(bytes, told_bytes(hash->b, sizeof hash->b));
}

static void test_after_all_of_it_the_log_verifies(void **state)
{
	struct rig *rig = rig_of(state);
	flow_still_good(rig->hou, rig->emp);
	flow_keep_checkpoint(rig->hou);
	assert_int_equal(flow_broker_stop(rig->flow), 0);
	assert_int_equal(flow_audit(rig->flow), 0);
	const struct told_leaf_facts *facts = facts_of(rig, rig->equivocation);
	assert_true(is_hash(facts->header_hash, &rig->second));
	assert_true(is_hash(facts->other_hash, &rig->first));
}

static int set_up(void **state)
{
	struct rig *rig = test_calloc(1, sizeof *rig);
	rig->flow = flow_new(2);
	rig->emp = flow_join(rig->flow, &rig->flow->world.consumer, true);
	rig->hou = flow_join(rig->flow, &rig->flow->world.sender, false);
	flow_still_good(rig->hou, rig->emp);
	*state = rig;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = rig_of(state);
	flow_free(rig->flow);
	test_free(rig);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_message_of_another_agency_is_refused),
		cmocka_unit_test(test_a_message_in_the_name_of_an_agency_that_nobody_enrolled_is_refused),
		cmocka_unit_test(test_a_key_record_signed_by_a_key_that_chains_to_no_fingerprint_is_refused),
		cmocka_unit_test(test_an_agency_opens_nothing_under_a_key_that_chains_to_no_fingerprint),
		cmocka_unit_test(test_a_forged_signature_is_refused),
		cmocka_unit_test(test_a_changed_header_is_refused),
		cmocka_unit_test(test_a_changed_section_is_refused),
		cmocka_unit_test(test_a_wrap_without_a_grant_is_refused),
		cmocka_unit_test(test_a_replay_gets_the_same_receipt_and_has_no_second_effect),
		cmocka_unit_test(test_one_id_for_two_messages_is_refused_and_both_digests_are_kept),
		cmocka_unit_test(test_a_stale_message_is_refused),
		cmocka_unit_test(test_a_message_from_the_future_is_refused),
		cmocka_unit_test(test_an_unknown_recipient_is_refused),
		cmocka_unit_test(test_an_expired_agreement_carries_nothing),
		cmocka_unit_test(test_a_broken_agreement_file_is_refused),
		cmocka_unit_test(test_an_unknown_worker_sends_nothing),
		cmocka_unit_test(test_a_suspended_worker_sends_nothing),
		cmocka_unit_test(test_a_permission_taken_by_who_would_gain_holds_without_presence),
		cmocka_unit_test(test_after_all_of_it_the_log_verifies),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
