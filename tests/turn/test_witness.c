/* SPDX-License-Identifier: Apache-2.0 */
/* Agencies as witnesses of the log: what is offered to them and when, which cosignatures are believed, what happens
 * when they stay away. The clock is the test's. */
#include "turn/rig.h"

#include "broker/base/file.h"
#include "broker/record/room.h"
#include "broker/turn.h"
#include "evidence/policy.h"
#include "evidence/timestamp.h"
#include "support/authority.h"
#include "told/codes.h"

#include <stdio.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

static const enum test_who to_tt[] = {TEST_TT};
static const uint32_t shared[] = {TOLD_CATEGORY_DEM_ID, TOLD_CATEGORY_HOU_SIT};

/* How many witnesses' lines the newest checkpoint carries when it is served. */
static size_t lines_served(struct rig *rig)
{
	struct told_bytes note = told_record_served(rig->w->record);
	size_t lines = 0;
	for (size_t i = 0; i + 1 < note.len; i++)
		lines += note.data[i] == '\n' && note.data[i + 1] == 0xe2;
	return lines - 1; /* the log's own */
}

/* ---- offering ---- */

static void test_the_newest_checkpoint_goes_to_witnesses_and_no_more_often_than_every_250_ms(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[2];
	struct test_world *w = rig->w;
	rig_witnesses(rig, keys, 2);
	rig_pass(rig, TOLD_OFFER_MS);
	fake_forget(&rig->wire);
	rig_send(rig, &w->of[0], test_withdrawal(w, &w->of[0], NULL));
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, &w->of[0], TOLD_SESSION_CHECKPOINT), 0); /* one went just now */
	rig_pass(rig, TOLD_OFFER_MS - 1);
	assert_int_equal(rig_heard(rig, &w->of[0], TOLD_SESSION_CHECKPOINT), 0);
	rig_pass(rig, 1);
	assert_int_equal(rig_heard(rig, &w->of[0], TOLD_SESSION_CHECKPOINT), 1);
	assert_int_equal(rig_heard(rig, &w->of[1], TOLD_SESSION_CHECKPOINT), 1);
	assert_int_equal(rig_heard(rig, &w->of[2], TOLD_SESSION_CHECKPOINT), 0); /* no witness */
	rig_pass(rig, TOLD_MS_SECOND);
	assert_int_equal(rig_heard(rig, &w->of[0], TOLD_SESSION_CHECKPOINT), 1); /* nothing new */
}

/* ---- taking ---- */

static void test_a_good_cosignature_is_kept_and_served(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[3];
	rig_witnesses(rig, keys, 3);
	assert_int_equal(lines_served(rig), 0);
	rig_cosign(rig, 0, keys);
	assert_int_equal(lines_served(rig), 1);
	rig_cosign(rig, 0, keys); /* twice is once */
	assert_int_equal(lines_served(rig), 1);
	rig_cosign(rig, 2, keys);
	assert_int_equal(lines_served(rig), 2);
	uint64_t size = told_record_size(rig->w->record);
	test_world_close(rig->w);
	OK(test_world_open(rig->w));
	rig->broker.record = rig->w->record;
	assert_int_equal(told_record_size(rig->w->record), size);
	assert_int_equal(lines_served(rig), 2);
}

static void test_a_cosignature_that_is_not_the_agencys_or_not_of_our_log_is_refused(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[2];
	rig_witnesses(rig, keys, 2);
	struct told_checkpoint good = rig_newest(rig), other = good;
	struct test_agency *hou = &rig->w->of[0];
	char name[64];
	snprintf(name, sizeof name, "%.*s", (int)hou->party.len, (const char *)hou->party.data);
	rig_cosign_as(rig, hou, name, &keys[1], &good); /* another's key */
	rig_cosign_as(rig, hou, "somebody", &keys[0], &good);
	rig_cosign_as(rig, &rig->w->of[3], name, &keys[0], &good); /* from somebody else's session */
	other.root.b[0] ^= 1;
	rig_cosign_as(rig, hou, name, &keys[0], &other);
	other = good;
	other.size++;
	rig_cosign_as(rig, hou, name, &keys[0], &other);
	assert_int_equal(lines_served(rig), 0);
	rig_cosign_as(rig, hou, name, &keys[0], &good);
	assert_int_equal(lines_served(rig), 1);
}

static void test_a_receipt_asked_for_again_is_proved_where_a_quorum_signed(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[3];
	struct test_world *w = rig->w;
	rig_witnesses(rig, keys, 3);
	uint64_t before = told_record_size(w->record), size = 0;
	struct told_bytes note;
	rig_send(rig, &w->of[0], test_withdrawal(w, &w->of[0], NULL));
	rig_turns(rig);
	rig_pass(rig, TOLD_HEARTBEAT_ENTRY_MS);
	OK(told_record_checkpoint_at(w->record, w->arena, before, &size, &note));
	uint64_t first = size;
	rig_cosign(rig, 0, keys);
	OK(told_record_checkpoint_at(w->record, w->arena, before, &size, &note));
	assert_int_equal(size, first); /* one of three is no quorum */
	rig_cosign(rig, 1, keys);
	OK(told_record_checkpoint_at(w->record, w->arena, before, &size, &note));
	assert_int_equal(size, told_record_size(w->record));
	assert_true(size > first);
}

/* ---- staying away ---- */

static void test_a_quarter_of_an_hour_without_a_signature_raises_the_alarm(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[3];
	rig_witnesses(rig, keys, 3);
	rig_pass(rig, TOLD_WITNESS_SILENT_MS - TOLD_MS_MINUTE);
	assert_false(rig->broker.witnessing.silent);
	rig_pass(rig, TOLD_MS_MINUTE);
	assert_true(rig->broker.witnessing.silent);
	rig_cosign(rig, 1, keys);
	rig_pass(rig, TOLD_MS_SECOND);
	assert_false(rig->broker.witnessing.silent);
}

static void test_witnesses_that_are_not_connected_raise_no_alarm(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[3];
	rig_witnesses(rig, keys, 3);
	for (size_t i = 0; i < 2; i++)
		fake_push(&rig->wire, (struct told_wire_message){.kind = TOLD_WIRE_GONE,
								 .session = rig_session(&rig->w->of[i]),
								 .party = rig->w->of[i].party});
	rig_turns(rig);
	rig_pass(rig, 2 * TOLD_WITNESS_SILENT_MS);
	assert_false(rig->broker.witnessing.silent);
}

static size_t parcels_of(struct rig *rig, uint32_t type)
{
	size_t n = 0;
	for (size_t i = 0; i < rig->wire.sent_count; i++) {
		struct told_parcel *parcel = NULL;
		if (rig->wire.sent[i].token == 0)
			continue;
		OK(told_parcel_decode(rig->wire.sent[i].body, rig->w->arena, &parcel));
		n += parcel->type == type;
	}
	return n;
}

static void test_after_a_day_without_quorum_content_waits_and_everything_else_passes(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[3];
	struct test_world *w = rig->w;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	struct test_keypair fresh;
	OK(told_random(fresh.secret, TOLD_KEY_BYTES));
	OK(told_ed25519_public(fresh.secret, fresh.key));
	rig_witnesses(rig, keys, 3);
	w->consent_ms = 30 * TOLD_MS_DAY;
	rig_cosign(rig, 0, keys);
	rig_cosign(rig, 1, keys);
	rig_pass(rig, TOLD_WITNESS_HOLD_MS + TOLD_MS_MINUTE);
	assert_true(rig->broker.witnessing.holding);
	rig_credit(rig, tt, 256);
	struct test_message *consent = test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2);
	struct test_message *referral = test_referral(w, hou, tt, shared, 2);
	struct test_message *flag = test_relationship(w, hou, 1);
	rig_send(rig, hou, consent);
	rig_send(rig, hou, flag);
	rig_send(rig, hou, referral);
	rig_turns(rig);
	rig_pass(rig, TOLD_MS_SECOND);
	assert_int_equal(rig_answered(rig, hou, consent), TOLD_PHASE_CONSENT); /* receipts do not wait */
	assert_int_equal(rig_answered(rig, hou, referral), TOLD_PHASE_ACCEPTED);
	assert_int_equal(parcels_of(rig, TOLD_TYPE_REFERRAL), 0);
	size_t facts = parcels_of(rig, TOLD_TYPE_KEY_RECORD);
	rig_send(rig, hou, test_key(w, hou, TOLD_KEY_SIGNING, TOLD_KEY_ACTION_ISSUE, &fresh, 2)); /* facts pass */
	rig_turns(rig);
	assert_true(parcels_of(rig, TOLD_TYPE_KEY_RECORD) > facts);
	rig_cosign(rig, 0, keys);
	assert_true(rig->broker.witnessing.holding);
	rig_cosign(rig, 2, keys);
	rig_pass(rig, TOLD_MS_SECOND);
	assert_false(rig->broker.witnessing.holding);
	assert_int_equal(parcels_of(rig, TOLD_TYPE_REFERRAL), 1);
}

static void test_a_withdrawal_and_its_notice_pass_while_content_waits_for_witnesses(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[3];
	struct test_world *w = rig->w;
	struct test_agency *hou = &w->of[TEST_HOU], *tt = &w->of[TEST_TT];
	rig_witnesses(rig, keys, 3);
	w->consent_ms = 30 * TOLD_MS_DAY;
	rig_credit(rig, tt, 256);
	rig_send(rig, hou, test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2));
	rig_send(rig, hou, test_referral(w, hou, tt, shared, 2));
	rig_turns(rig);
	assert_int_equal(parcels_of(rig, TOLD_TYPE_REFERRAL), 1);
	rig_pass(rig, TOLD_WITNESS_HOLD_MS + TOLD_MS_MINUTE);
	assert_true(rig->broker.witnessing.holding);
	struct test_message *m = test_withdrawal(w, &w->of[TEST_SUD], NULL);
	rig_send(rig, &w->of[TEST_SUD], m);
	rig_turns(rig);
	assert_int_equal(rig_answered(rig, &w->of[TEST_SUD], m), TOLD_PHASE_CONSENT);
	assert_int_equal(parcels_of(rig, TOLD_TYPE_WITHDRAWAL_NOTICE), 1);
	assert_true(rig->broker.witnessing.holding);
}

static void test_a_restart_does_not_forget_how_long_no_quorum_signed(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[3];
	rig_witnesses(rig, keys, 3);
	rig_cosign(rig, 0, keys);
	rig_cosign(rig, 1, keys);
	rig_pass(rig, TOLD_WITNESS_HOLD_MS - TOLD_MS_HOUR);
	assert_false(rig->broker.witnessing.holding);
	rig->broker.witnessing = (struct told_witnessing){0};
	rig_pass(rig, TOLD_MS_HOUR);
	rig_pass(rig, TOLD_MS_SECOND);
	assert_true(rig->broker.witnessing.holding);
}

/* ---- the policy ---- */

static void read_policy(const char *path, struct told_buf *text, struct told_policy *policy)
{
	struct told_policy_fault fault = {0};
	told_buf_free(text);
	*text = TOLD_BUF(TOLD_POLICY_MAX_BYTES);
	OK(told_file_read(path, TOLD_POLICY_MAX_BYTES, text));
	if (told_policy_parse(told_buf_view(text), policy, &fault) != TOLD_OK)
		fail_msg("line %zu: %s", fault.line, fault.what);
}

static void test_the_policy_file_names_each_witness_and_a_quorum_of_more_than_half(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[4];
	static struct told_policy policy;
	struct told_buf text = TOLD_BUF(16);
	char path[512];
	snprintf(path, sizeof path, "%.400s/policy", rig->w->dir);
	rig->broker.witnessing.policy_path = path;
	rig_turns(rig);
	read_policy(path, &text, &policy);
	assert_int_equal(policy.log_count, 1);
	assert_int_equal(policy.quorum, TOLD_POLICY_NONE);
	rig->broker.witnessing.asked = 2; /* half of four: not taken */
	rig_witnesses(rig, keys, 4);
	read_policy(path, &text, &policy);
	assert_int_equal(policy.key_count, 1 + 4);
	assert_int_equal(policy.names[policy.quorum].threshold, 3);
	assert_memory_equal(policy.keys[1].key, keys[0].key, TOLD_KEY_BYTES);
	struct test_agency *last = &rig->w->of[3];
	rig_send(rig, last, test_key(rig->w, last, TOLD_KEY_WITNESS, TOLD_KEY_ACTION_REVOKE, &keys[3], 1));
	rig_turns(rig);
	read_policy(path, &text, &policy);
	assert_int_equal(policy.key_count, 1 + 3 + 1); /* what the former one signed still verifies */
	assert_memory_equal(policy.keys[4].key, keys[3].key, TOLD_KEY_BYTES);
	assert_int_equal(policy.names[policy.quorum].members, 3);
	assert_int_equal(policy.names[policy.quorum].threshold, 2);
	told_buf_free(&text);
}

/* ---- time from outside ---- */

static uint64_t tokens_filed(struct rig *rig)
{
	sqlite3_stmt *count = NULL;
	assert_int_equal(
		sqlite3_prepare_v2(rig->w->record->store.db, "SELECT count(*) FROM timestamp", -1, &count, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_step(count), SQLITE_ROW);
	uint64_t filed = (uint64_t)sqlite3_column_int64(count, 0);
	sqlite3_finalize(count);
	return filed;
}

static void test_a_token_that_the_operator_brings_is_filed_with_its_checkpoint(void **state)
{
	struct rig *rig = *state;
	const char *dir = rig->w->dir;
	struct told_buf note = TOLD_BUF(65536), query = TOLD_BUF(4096), token = TOLD_BUF(65536);
	if (!test_authority_possible())
		skip();
	rig->broker.dir = dir;
	test_authority_make(dir, "tsa");
	rig_pass(rig, TOLD_HEARTBEAT_ENTRY_MS);
	test_authority_get(dir, "checkpoint", &note);
	OK(told_timestamp_query(told_buf_view(&note), &query));
	test_authority_answer(dir, "tsa", told_buf_view(&query), &token);
	rig_pass(rig, TOLD_HEARTBEAT_ENTRY_MS); /* the log has gone on meanwhile */
	test_authority_put(dir, "timestamp.tsr", told_text("no token"));
	rig_pass(rig, TOLD_HEARTBEAT_ENTRY_MS);
	assert_int_equal(tokens_filed(rig), 0);
	test_authority_put(dir, "timestamp.tsr", told_buf_view(&token));
	rig_pass(rig, TOLD_HEARTBEAT_ENTRY_MS);
	assert_int_equal(tokens_filed(rig), 1);
	rig_pass(rig, TOLD_HEARTBEAT_ENTRY_MS);
	assert_int_equal(tokens_filed(rig), 1);
	told_buf_free(&note);
	told_buf_free(&query);
	told_buf_free(&token);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_the_newest_checkpoint_goes_to_witnesses_and_no_more_often_than_every_250_ms),
		TEST(test_a_good_cosignature_is_kept_and_served),
		TEST(test_a_cosignature_that_is_not_the_agencys_or_not_of_our_log_is_refused),
		TEST(test_a_receipt_asked_for_again_is_proved_where_a_quorum_signed),
		TEST(test_a_quarter_of_an_hour_without_a_signature_raises_the_alarm),
		TEST(test_witnesses_that_are_not_connected_raise_no_alarm),
		TEST(test_after_a_day_without_quorum_content_waits_and_everything_else_passes),
		TEST(test_a_withdrawal_and_its_notice_pass_while_content_waits_for_witnesses),
		TEST(test_a_restart_does_not_forget_how_long_no_quorum_signed),
		TEST(test_a_token_that_the_operator_brings_is_filed_with_its_checkpoint),
		TEST(test_the_policy_file_names_each_witness_and_a_quorum_of_more_than_half),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
