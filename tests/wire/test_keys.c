/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of wire: keys, sessions, counts. */
#include "support/support.h"

#include "broker/wire/drops.h"
#include "broker/wire/keys.h"
#include "broker/wire/sessions.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* The keys of zmq_curve(7) are tried in test_lock.c; here the points of small order, judged by libsodium. */
static const char *const small_order[] = {
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
	"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

static void test_keys_of_small_order_are_unsafe_also_with_the_ignored_bit(void **state)
{
	(void)state;
	uint8_t key[32], secret[32], shared[32];
	randombytes_buf(secret, sizeof secret);
	for (size_t i = 0; i < sizeof small_order / sizeof small_order[0]; i++)
		for (int bit = 0; bit < 2; bit++) {
			assert_int_equal(told_unhex(told_text(small_order[i]), key, sizeof key), TOLD_OK);
			key[31] |= (uint8_t)(bit << 7);
			assert_int_equal(crypto_scalarmult(shared, secret, key),
					 -1); /* the shared secret would be zero */
			assert_false(told_key_safe(key));
		}
}

static void test_fresh_keys_are_safe(void **state)
{
	(void)state;
	uint8_t key[32], secret[32];
	for (int i = 0; i < 100; i++) {
		crypto_box_keypair(key, secret);
		assert_true(told_key_safe(key));
	}
}

static void key_of(uint64_t number, uint8_t key[32])
{
	memset(key, 0xa5, 32);
	memcpy(key, &number, sizeof number);
}

static void test_the_table_finds_what_was_added_and_not_what_was_removed(void **state)
{
	(void)state;
	struct told_keys *keys = calloc(1, sizeof *keys);
	uint64_t random = told_test_seed();
	bool in[2000] = {false};
	assert_non_null(keys);
	uint8_t key[32];
	for (uint64_t n = 1; n < 2000; n++) {
		key_of(n, key);
		bool room = keys->count < TOLD_WIRE_KEYS_MAX;
		enum told_status status = told_keys_add(keys, key, n, told_text("party"));
		assert_int_equal(status, room ? TOLD_OK : TOLD_E_LIMIT);
		in[n] = status == TOLD_OK;
		uint64_t victim = 1 + told_test_random(&random) % n;
		if (n % 3 == 0) {
			assert_int_equal(told_keys_remove(keys, victim), in[victim]);
			in[victim] = false;
		}
	}
	size_t count = 0;
	for (uint64_t n = 1; n < 2000; n++) {
		key_of(n, key);
		count += in[n];
		assert_int_equal(told_keys_by_admission(keys, n) != NULL, in[n]);
		assert_int_equal(told_keys_by_key(keys, key) != NULL, in[n]);
	}
	assert_int_equal(count, keys->count);
	assert_int_equal(told_keys_by_admission(keys, 0) != NULL, false);
	free(keys);
}

static void test_an_admission_is_never_given_twice(void **state)
{
	(void)state;
	struct told_keys *keys = calloc(1, sizeof *keys);
	uint8_t key[32];
	assert_non_null(keys);
	key_of(1, key);
	assert_int_equal(told_keys_add(keys, key, 5, told_text("a")), TOLD_OK);
	assert_int_equal(told_keys_add(keys, key, 6, told_text("b")), TOLD_E_EXISTS);
	key_of(2, key);
	assert_int_equal(told_keys_add(keys, key, 5, told_text("b")), TOLD_E_INTERNAL);
	assert_int_equal(keys->count, 1);
	free(keys);
}

static void id_of(uint32_t number, uint8_t id[TOLD_ROUTING_ID_BYTES])
{
	id[0] = 0;
	memcpy(id + 1, &number, sizeof number);
}

static void test_sessions_are_found_by_id_handle_and_admission_and_numbers_never_come_again(void **state)
{
	(void)state;
	struct told_sessions *sessions = NULL;
	uint8_t id[TOLD_ROUTING_ID_BYTES];
	static uint64_t handles[TOLD_SESSIONS_MAX];
	assert_int_equal(told_sessions_new(&sessions), TOLD_OK);
	for (uint32_t i = 0; i < TOLD_SESSIONS_MAX; i++) {
		id_of(i * 7919, id);
		struct told_session *session = told_sessions_add(sessions, id, 1 + i % 512, -1);
		assert_non_null(session);
		handles[i] = session->handle;
	}
	id_of(1, id);
	assert_null(told_sessions_add(sessions, id, 1, -1));
	for (uint32_t i = 0; i < TOLD_SESSIONS_MAX; i++) {
		id_of(i * 7919, id);
		struct told_session *session = told_sessions_by_id(sessions, id);
		assert_non_null(session);
		assert_ptr_equal(session, told_sessions_by_handle(sessions, handles[i]));
		if (i % 2 == 0)
			told_sessions_remove(sessions, session);
	}
	for (uint32_t i = 0; i < TOLD_SESSIONS_MAX; i++) {
		id_of(i * 7919, id);
		assert_int_equal(told_sessions_by_id(sessions, id) != NULL, i % 2 == 1);
		assert_int_equal(told_sessions_by_handle(sessions, handles[i]) != NULL, i % 2 == 1);
	}
	id_of(2, id);
	struct told_session *fresh = told_sessions_add(sessions, id, 600, -1);
	for (uint32_t i = 0; i < TOLD_SESSIONS_MAX; i++)
		assert_true(fresh->handle != handles[i]);
	assert_ptr_equal(told_sessions_by_admission(sessions, 600), fresh);
	assert_null(told_sessions_by_handle(sessions, 0));
	told_sessions_free(sessions);
}

static void test_the_surplus_session_is_the_one_used_longest_ago(void **state)
{
	(void)state;
	struct told_sessions *sessions = NULL;
	struct told_session *made[TOLD_WIRE_SESSIONS_PER_KEY_MAX];
	uint8_t id[TOLD_ROUTING_ID_BYTES];
	assert_int_equal(told_sessions_new(&sessions), TOLD_OK);
	for (uint32_t i = 0; i < TOLD_WIRE_SESSIONS_PER_KEY_MAX; i++) {
		assert_null(told_sessions_surplus(sessions, 1));
		id_of(i, id);
		made[i] = told_sessions_add(sessions, id, 1, -1);
	}
	assert_ptr_equal(told_sessions_surplus(sessions, 1), made[0]);
	told_sessions_touch(sessions, made[0]);
	assert_ptr_equal(told_sessions_surplus(sessions, 1), made[1]);
	assert_null(told_sessions_surplus(sessions, 2));
	told_sessions_free(sessions);
}

static void test_counts_come_out_as_they_went_in_and_the_table_is_bounded(void **state)
{
	(void)state;
	struct told_drops *drops = calloc(1, sizeof *drops);
	uint64_t admission = 0, count = 0, total = 0, unknown = 0;
	enum told_wire_reason reason = TOLD_WIRE_REASON_COUNT;
	assert_non_null(drops);
	assert_false(told_drops_take(drops, &admission, &reason, &count));
	for (uint64_t n = 0; n < 2 * TOLD_WIRE_KEYS_MAX; n++) {
		told_drops_add(drops, n, TOLD_WIRE_DROP_FRAMES, 2);
		told_drops_add(drops, n, TOLD_WIRE_DROP_SIZE, 0);
	}
	while (told_drops_take(drops, &admission, &reason, &count)) {
		assert_int_equal(reason, TOLD_WIRE_DROP_FRAMES);
		total += count;
		unknown += admission == 0 ? count : 0;
	}
	assert_int_equal(total, 4 * TOLD_WIRE_KEYS_MAX);
	assert_int_equal(unknown, 2 * TOLD_WIRE_KEYS_MAX); /* 0 itself, and those for whom there was no row */
	told_drops_add(drops, 7, TOLD_WIRE_DROP_KEY, 1);
	assert_true(told_drops_take(drops, &admission, &reason, &count));
	assert_int_equal(admission, 7);
	free(drops);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_of_small_order_are_unsafe_also_with_the_ignored_bit),
		cmocka_unit_test(test_fresh_keys_are_safe),
		cmocka_unit_test(test_the_table_finds_what_was_added_and_not_what_was_removed),
		cmocka_unit_test(test_an_admission_is_never_given_twice),
		cmocka_unit_test(test_sessions_are_found_by_id_handle_and_admission_and_numbers_never_come_again),
		cmocka_unit_test(test_the_surplus_session_is_the_one_used_longest_ago),
		cmocka_unit_test(test_counts_come_out_as_they_went_in_and_the_table_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
