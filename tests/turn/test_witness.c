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

/* The first `count` agencies are witnesses and connected; gives their keys. */
static void witnesses(struct rig *rig, struct test_keypair *keys, size_t count)
{
	struct test_world *w = rig->w;
	for (size_t i = 0; i < TEST_AGENCIES; i++)
		rig_connect(rig, &w->of[i]);
	for (size_t i = 0; i < count; i++) {
		OK(told_random(keys[i].secret, TOLD_KEY_BYTES));
		OK(told_ed25519_public(keys[i].secret, keys[i].key));
		rig_send(rig, &w->of[i], test_key(w, &w->of[i], TOLD_KEY_WITNESS, TOLD_KEY_ACTION_ISSUE, &keys[i], 1));
	}
	rig_turns(rig);
	for (size_t i = 0; i < TEST_AGENCIES; i++)
		test_drain(w, &w->of[i]);
	rig_turns(rig);
	fake_forget(&rig->wire);
}

/* Time passes, and the loop turns. */
static void pass(struct rig *rig, int64_t ms)
{
	rig->time.boot_ms += ms;
	rig->time.wall_ms += ms;
	rig->w->now_ms += ms;
	rig_turns(rig);
}

static void cosign_as(struct rig *rig, const struct test_agency *agency, const char *name,
		      const struct test_keypair *key, const struct told_checkpoint *checkpoint)
{
	struct told_buf text = TOLD_BUF(4096), line = TOLD_BUF(4096);
	struct told_signer *signer = NULL;
	OK(told_signer_new(key->secret, &signer));
	told_checkpoint_format(checkpoint, &text);
	OK(told_note_cosign(told_buf_view(&text), (uint64_t)(rig->time.wall_ms / 1000), told_text(name), signer,
			    key->key, &line));
	struct told_cosignature message = {.size = checkpoint->size, .line = told_buf_view(&line)};
	rig_say(rig, agency, TOLD_SESSION_COSIGNATURE, TOLD_SCHEMA_COSIGNATURE, &message);
	rig_turns(rig);
	told_signer_free(signer);
	told_buf_free(&text);
	told_buf_free(&line);
}

static struct told_checkpoint newest(struct rig *rig)
{
	struct told_checkpoint checkpoint = {.origin = told_record_origin(rig->w->record, NULL),
					     .size = told_record_size(rig->w->record)};
	OK(told_tree_root(told_record_node, rig->w->record, checkpoint.size, &checkpoint.root));
	return checkpoint;
}

static void cosign(struct rig *rig, size_t which, const struct test_keypair *keys)
{
	struct test_agency *agency = &rig->w->of[which];
	char name[64];
	snprintf(name, sizeof name, "%.*s", (int)agency->party.len, (const char *)agency->party.data);
	struct told_checkpoint checkpoint = newest(rig);
	cosign_as(rig, agency, name, &keys[which], &checkpoint);
}

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
	witnesses(rig, keys, 2);
	pass(rig, TOLD_OFFER_MS);
	fake_forget(&rig->wire);
	rig_send(rig, &w->of[0], test_withdrawal(w, &w->of[0], NULL));
	rig_turns(rig);
	assert_int_equal(rig_heard(rig, &w->of[0], TOLD_SESSION_CHECKPOINT), 0); /* one went just now */
	pass(rig, TOLD_OFFER_MS - 1);
	assert_int_equal(rig_heard(rig, &w->of[0], TOLD_SESSION_CHECKPOINT), 0);
	pass(rig, 1);
	assert_int_equal(rig_heard(rig, &w->of[0], TOLD_SESSION_CHECKPOINT), 1);
	assert_int_equal(rig_heard(rig, &w->of[1], TOLD_SESSION_CHECKPOINT), 1);
	assert_int_equal(rig_heard(rig, &w->of[2], TOLD_SESSION_CHECKPOINT), 0); /* no witness */
	pass(rig, TOLD_MS_SECOND);
	assert_int_equal(rig_heard(rig, &w->of[0], TOLD_SESSION_CHECKPOINT), 1); /* nothing new */
}

/* ---- taking ---- */

static void test_a_good_cosignature_is_kept_and_served(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[3];
	witnesses(rig, keys, 3);
	assert_int_equal(lines_served(rig), 0);
	cosign(rig, 0, keys);
	assert_int_equal(lines_served(rig), 1);
	cosign(rig, 0, keys); /* twice is once */
	assert_int_equal(lines_served(rig), 1);
	cosign(rig, 2, keys);
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
	witnesses(rig, keys, 2);
	struct told_checkpoint good = newest(rig), other = good;
	struct test_agency *hou = &rig->w->of[0];
	char name[64];
	snprintf(name, sizeof name, "%.*s", (int)hou->party.len, (const char *)hou->party.data);
	cosign_as(rig, hou, name, &keys[1], &good); /* another's key */
	cosign_as(rig, hou, "somebody", &keys[0], &good);
	cosign_as(rig, &rig->w->of[3], name, &keys[0], &good); /* from somebody else's session */
	other.root.b[0] ^= 1;
	cosign_as(rig, hou, name, &keys[0], &other);
	other = good;
	other.size++;
	cosign_as(rig, hou, name, &keys[0], &other);
	assert_int_equal(lines_served(rig), 0);
	cosign_as(rig, hou, name, &keys[0], &good);
	assert_int_equal(lines_served(rig), 1);
}

static void test_a_receipt_asked_for_again_is_proved_where_a_quorum_signed(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[3];
	struct test_world *w = rig->w;
	witnesses(rig, keys, 3);
	uint64_t before = told_record_size(w->record), size = 0;
	struct told_bytes note;
	rig_send(rig, &w->of[0], test_withdrawal(w, &w->of[0], NULL));
	rig_turns(rig);
	pass(rig, TOLD_HEARTBEAT_ENTRY_MS);
	OK(told_record_checkpoint_at(w->record, w->arena, before, &size, &note));
	uint64_t first = size;
	cosign(rig, 0, keys);
	OK(told_record_checkpoint_at(w->record, w->arena, before, &size, &note));
	assert_int_equal(size, first); /* one of three is no quorum */
	cosign(rig, 1, keys);
	OK(told_record_checkpoint_at(w->record, w->arena, before, &size, &note));
	assert_int_equal(size, told_record_size(w->record));
	assert_true(size > first);
}

/* ---- staying away ---- */

static void test_a_quarter_of_an_hour_without_a_signature_raises_the_alarm(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[3];
	witnesses(rig, keys, 3);
	pass(rig, TOLD_WITNESS_SILENT_MS - TOLD_MS_MINUTE);
	assert_false(rig->broker.witnessing.silent);
	pass(rig, TOLD_MS_MINUTE);
	assert_true(rig->broker.witnessing.silent);
	cosign(rig, 1, keys);
	pass(rig, TOLD_MS_SECOND);
	assert_false(rig->broker.witnessing.silent);
}

static void test_witnesses_that_are_not_connected_raise_no_alarm(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[3];
	witnesses(rig, keys, 3);
	for (size_t i = 0; i < 2; i++)
		fake_push(&rig->wire, (struct told_wire_message){.kind = TOLD_WIRE_GONE,
								 .session = rig_session(&rig->w->of[i]),
								 .party = rig->w->of[i].party});
	rig_turns(rig);
	pass(rig, 2 * TOLD_WITNESS_SILENT_MS);
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
	witnesses(rig, keys, 3);
	w->consent_ms = 30 * TOLD_MS_DAY;
	cosign(rig, 0, keys);
	cosign(rig, 1, keys);
	pass(rig, TOLD_WITNESS_HOLD_MS + TOLD_MS_MINUTE);
	assert_true(rig->broker.witnessing.holding);
	rig_credit(rig, tt, 256);
	struct test_message *consent = test_consent(w, hou, TOLD_CONSENT_STATE_GIVEN, to_tt, 1, shared, 2);
	struct test_message *referral = test_referral(w, hou, tt, shared, 2);
	struct test_message *flag = test_relationship(w, hou, 1);
	rig_send(rig, hou, consent);
	rig_send(rig, hou, flag);
	rig_send(rig, hou, referral);
	rig_turns(rig);
	pass(rig, TOLD_MS_SECOND);
	assert_int_equal(rig_answered(rig, hou, consent), TOLD_PHASE_CONSENT); /* receipts do not wait */
	assert_int_equal(rig_answered(rig, hou, referral), TOLD_PHASE_ACCEPTED);
	assert_int_equal(parcels_of(rig, TOLD_TYPE_REFERRAL), 0);
	size_t facts = parcels_of(rig, TOLD_TYPE_KEY_RECORD);
	rig_send(rig, hou, test_key(w, hou, TOLD_KEY_SIGNING, TOLD_KEY_ACTION_ISSUE, &fresh, 2)); /* facts pass */
	rig_turns(rig);
	assert_true(parcels_of(rig, TOLD_TYPE_KEY_RECORD) > facts);
	cosign(rig, 0, keys);
	assert_true(rig->broker.witnessing.holding);
	cosign(rig, 2, keys);
	pass(rig, TOLD_MS_SECOND);
	assert_false(rig->broker.witnessing.holding);
	assert_int_equal(parcels_of(rig, TOLD_TYPE_REFERRAL), 1);
}

static void test_a_restart_does_not_forget_how_long_no_quorum_signed(void **state)
{
	struct rig *rig = *state;
	struct test_keypair keys[3];
	witnesses(rig, keys, 3);
	cosign(rig, 0, keys);
	cosign(rig, 1, keys);
	pass(rig, TOLD_WITNESS_HOLD_MS - TOLD_MS_HOUR);
	assert_false(rig->broker.witnessing.holding);
	rig->broker.witnessing = (struct told_witnessing){0};
	pass(rig, TOLD_MS_HOUR);
	pass(rig, TOLD_MS_SECOND);
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
	witnesses(rig, keys, 4);
	read_policy(path, &text, &policy);
	assert_int_equal(policy.key_count, 1 + 4);
	assert_int_equal(policy.names[policy.quorum].threshold, 3);
	assert_memory_equal(policy.keys[1].key, keys[0].key, TOLD_KEY_BYTES);
	struct test_agency *last = &rig->w->of[3];
	rig_send(rig, last, test_key(rig->w, last, TOLD_KEY_WITNESS, TOLD_KEY_ACTION_REVOKE, &keys[3], 1));
	rig_turns(rig);
	read_policy(path, &text, &policy);
	assert_int_equal(policy.key_count, 1 + 3);
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
	pass(rig, TOLD_HEARTBEAT_ENTRY_MS);
	test_authority_get(dir, "checkpoint", &note);
	OK(told_timestamp_query(told_buf_view(&note), &query));
	test_authority_answer(dir, "tsa", told_buf_view(&query), &token);
	pass(rig, TOLD_HEARTBEAT_ENTRY_MS); /* the log has gone on meanwhile */
	test_authority_put(dir, "timestamp.tsr", told_text("no token"));
	pass(rig, TOLD_HEARTBEAT_ENTRY_MS);
	assert_int_equal(tokens_filed(rig), 0);
	test_authority_put(dir, "timestamp.tsr", told_buf_view(&token));
	pass(rig, TOLD_HEARTBEAT_ENTRY_MS);
	assert_int_equal(tokens_filed(rig), 1);
	pass(rig, TOLD_HEARTBEAT_ENTRY_MS);
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
		TEST(test_a_restart_does_not_forget_how_long_no_quorum_signed),
		TEST(test_a_token_that_the_operator_brings_is_filed_with_its_checkpoint),
		TEST(test_the_policy_file_names_each_witness_and_a_quorum_of_more_than_half),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
