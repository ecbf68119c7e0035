/* SPDX-License-Identifier: Apache-2.0 */
/* The signatures of messages that a store keeps: every one is checked against the keys that the log gave its sender. */
#include "reports/rig.h"

#include "proto/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void close_world(struct rig *rig)
{
	rig_outside(rig);
	test_world_close(rig->world);
}

static int verify(struct rig *rig, const char *key)
{
	return fixture_run(&rig->run, "verify", "--store", rig->store, "--policy", rig->policy, "--against", rig->note,
			   key != NULL ? "--operator-key" : NULL, key, NULL);
}

/* Turns bit `bit` of a part of an envelope: its signature, its key id, or its place in the batch. */
static void turn(struct rig *rig, const char *table, const char *where, const char *part, unsigned bit)
{
	struct fixture f = {0};
	char sql[200];
	struct told_arena *arena = NULL;
	struct told_envelope *envelope = NULL;
	assert_int_equal(sqlite3_open(rig->store, &f.db), SQLITE_OK);
	snprintf(sql, sizeof sql, "SELECT envelope FROM %s WHERE %s ORDER BY log, idx LIMIT 1 OFFSET ?1", table, where);
	struct told_bytes bytes = fixture_blob(&f, sql, 0);
	assert_int_equal(told_arena_new(1 << 22, &arena), TOLD_OK);
	assert_int_equal(told_envelope_decode(bytes, arena, &envelope), TOLD_OK);
	struct told_bytes at = strcmp(part, "signature") == 0 ? envelope->signature : envelope->key_id;
	const uint8_t *found = memmem(bytes.data, bytes.len, at.data, at.len);
	assert_non_null(found);
	((uint8_t *)(uintptr_t)found)[bit / 8 % at.len] ^= (uint8_t)(1u << bit % 8);
	snprintf(sql, sizeof sql,
		 "UPDATE %s SET envelope = ?1 WHERE (log, idx) = (SELECT log, idx FROM %s WHERE %s ORDER BY log, idx"
		 " LIMIT 1 OFFSET ?2)",
		 table, table, where);
	fixture_put_blob(&f, sql, bytes, 0);
	free((void *)(uintptr_t)bytes.data);
	told_arena_free(arena);
	sqlite3_close(f.db);
}

static void test_a_bit_of_any_kept_signature_is_seen(void **state)
{
	static const struct {
		const char *table, *where, *part;
	} rows[] = {
		{"fact", "client IS NOT NULL", "signature"},
		{"fact", "client IS NOT NULL", "key id"},
		{"message", "length(envelope) > 0", "signature"},
		{"deposit", "1", "signature"},
		{"deposit", "1", "key id"},
	};
	struct rig *rig = *state;
	close_world(rig);
	assert_int_equal(verify(rig, NULL), 0);
	fixture_says(&rig->run, " kept messages, all signed by their senders");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (unsigned bit = 0; bit < 256; bit += 97) {
			turn(rig, rows[i].table, rows[i].where, rows[i].part, bit);
			assert_int_equal(verify(rig, NULL), 5);
			fixture_says(&rig->run, "signature     FAILED     entry ");
			fixture_says(&rig->run, ": the message kept beside it is not signed by its sender");
			turn(rig, rows[i].table, rows[i].where, rows[i].part, bit);
		}
	assert_int_equal(verify(rig, NULL), 0);
}

/* The operator's first key stands in no entry: what it signed is counted, not passed over in silence. */
static void test_what_the_operator_signed_is_counted_or_checked(void **state)
{
	struct rig *rig = *state;
	char key[2 * TOLD_KEY_BYTES + 1], where[40];
	told_hex(rig->world->operator_.signing.key, TOLD_KEY_BYTES, key);
	close_world(rig);
	snprintf(where, sizeof where, "type = %d", TOLD_TYPE_PARTNER);
	assert_int_equal(verify(rig, NULL), 0);
	fixture_says(&rig->run, " more of the operator's, under a key that is not here (--operator-key)");
	assert_int_equal(verify(rig, key), 0);
	assert_null(strstr(rig->run.out, "--operator-key"));
	turn(rig, "fact", where, "signature", 3);
	assert_int_equal(verify(rig, key), 5);
	fixture_says(&rig->run, "is not signed by its sender");
	key[0] = 'x';
	assert_int_equal(verify(rig, key), 2);
}

/* ---- keys that are over ---- */

/* HOU's signing key ends and another comes; gives HOU as it was. */
static struct test_agency end_key(struct rig *rig, unsigned action)
{
	struct test_world *w = rig->world;
	struct test_agency *hou = &w->of[TEST_HOU], before = *hou;
	struct test_keypair next = {.secret = {77}};
	assert_int_equal(told_ed25519_public(next.secret, next.key), TOLD_OK);
	test_phase(w, hou, test_key(w, hou, TOLD_KEY_SIGNING, TOLD_KEY_ACTION_ISSUE, &next, 2), TOLD_PHASE_KEY);
	test_phase(w, hou, test_key(w, hou, TOLD_KEY_SIGNING, action, &before.signing, 1), TOLD_PHASE_KEY);
	hou->signing = next;
	assert_int_equal(told_signer_new(next.secret, &hou->signing_signer), TOLD_OK);
	return before;
}

/* After a time HOU says something with its new key; in the store the same words come to stand signed with the one that
 * is over, as its thief could sign them. */
static void say_with_old_key(struct rig *rig, unsigned action, int64_t later_ms)
{
	struct test_world *w = rig->world;
	struct fixture f = {0};
	struct test_agency *hou = &w->of[TEST_HOU], before = end_key(rig, action);
	struct told_bytes envelope;
	w->now_ms += later_ms;
	struct test_message *said = test_relationship(w, hou, TOLD_YES_NO_YES);
	assert_int_equal(told_envelopes_sign(w->arena, before.signing_signer, before.signing.key, &said->header_bytes,
					     &said->header.type, 1, &envelope),
			 TOLD_OK);
	test_phase(w, hou, said, TOLD_PHASE_FLAG);
	rig_outside(rig);
	test_world_close(w);
	assert_int_equal(verify(rig, NULL), 0);
	assert_int_equal(sqlite3_open(rig->store, &f.db), SQLITE_OK);
	fixture_put_blob(&f, "UPDATE fact SET envelope = ?1 WHERE idx = (SELECT max(idx) FROM fact) AND ?2 = 0",
			 envelope, 0);
	sqlite3_close(f.db);
	told_signer_free(before.signing_signer);
}

static void test_a_message_signed_with_a_revoked_key_is_seen(void **state)
{
	struct rig *rig = *state;
	say_with_old_key(rig, TOLD_KEY_ACTION_REVOKE, 1);
	assert_int_equal(verify(rig, NULL), 5);
	fixture_says(&rig->run,
		     ": the message kept beside it is signed with a key of its sender's that was over by then");
}

static void test_a_retired_key_signs_in_its_grace(void **state)
{
	struct rig *rig = *state;
	say_with_old_key(rig, TOLD_KEY_ACTION_RETIRE, TOLD_KEY_GRACE_MS - 1);
	assert_int_equal(verify(rig, NULL), 0);
}

static void test_a_message_signed_after_the_grace_of_a_retired_key_is_seen(void **state)
{
	struct rig *rig = *state;
	say_with_old_key(rig, TOLD_KEY_ACTION_RETIRE, TOLD_KEY_GRACE_MS);
	assert_int_equal(verify(rig, NULL), 5);
	fixture_says(&rig->run, "that was over by then");
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)
	const struct CMUnitTest tests[] = {
		T(test_a_bit_of_any_kept_signature_is_seen),
		T(test_what_the_operator_signed_is_counted_or_checked),
		T(test_a_message_signed_with_a_revoked_key_is_seen),
		T(test_a_retired_key_signs_in_its_grace),
		T(test_a_message_signed_after_the_grace_of_a_retired_key_is_seen),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
