/* SPDX-License-Identifier: Apache-2.0 */
/* What a peer says of itself changes nothing, and what it damages is its own (rules A4, A7, A10, A11). */
#include "wire/rig.h"

#include "wire/rawrig.h"
#include <errno.h>
#include <fcntl.h>

static void test_the_hand_written_client_speaks_curve(void **state)
{
	struct rig *rig = *state;
	struct raw raw;
	rig_start(rig);
	raw_start(rig, &raw, "iapt");
	assert_true(raw_admitted(rig, &raw, NULL, NULL, 0));
	assert_true(raw_tell(&raw, "hello"));
	until(rig, rig->heard_count == 1);
	assert_string_equal(rig->heard[0].party, "iapt");
	assert_string_equal(rig->heard[0].body, "hello");
	close(raw.fd);
	until(rig, rig->gone_count == 1);
}

static void test_properties_that_claim_another_identity_are_not_believed(void **state)
{
	struct rig *rig = *state;
	static const struct {
		const char *name, *value;
	} claims[] = {
		{"User-Id", "0000000000000001"},   {"User-Id", "housing"},  {"user-id", "0000000000000001"},
		{"X-User-Id", "0000000000000001"}, {"X-Agency", "housing"}, {"__fd", "0"},
		{"Peer-Address", "127.0.0.1"},
	};
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing"); /* admission 1 */
	agent_tell(rig, housing, "hello");
	for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
		struct raw raw;
		char party[16];
		snprintf(party, sizeof party, "iapt-%zu", i);
		raw_start(rig, &raw, party);
		assert_true(raw_admitted(rig, &raw, claims[i].name, claims[i].value, strlen(claims[i].value)));
		assert_true(raw_tell(&raw, claims[i].name));
		size_t before = rig->heard_count;
		until(rig, rig->heard_count == before + 1);
		assert_string_equal(rig->heard[before].party, party);
		close(raw.fd);
	}
	agent_tell(rig, housing, "still connected");
}

static void test_a_stranger_does_not_get_in_by_any_property(void **state)
{
	struct rig *rig = *state;
	struct raw raw;
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing");
	agent_tell(rig, housing, "hello");
	raw_start(rig, &raw, NULL);
	assert_false(raw_join(&raw, "User-Id", "0000000000000001", 16));
	raw_tell(&raw, "let me in");
	assert_true(raw_is_cut(&raw));
	close(raw.fd);
	agent_tell(rig, housing, "still connected");
	assert_int_equal(rig->heard_count, 2);
}

static void test_a_peer_that_names_itself_is_turned_away(void **state)
{
	struct rig *rig = *state;
	static const uint8_t guessed[5] = {0, 1, 2, 3, 4};
	struct raw raw, twin;
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing");
	uint64_t session = agent_tell(rig, housing, "hello")->session;
	raw_start(rig, &raw, "iapt");
	assert_true(raw_admitted(rig, &raw, "Identity", "housing", 7));
	assert_true(raw_tell(&raw, "I am housing"));
	assert_true(raw_is_cut(&raw));
	until(rig, rig->drops[TOLD_WIRE_DROP_IDENTITY] == 1);
	assert_string_equal(rig->drop_party, "iapt");
	/* An id of libzmq's own form gets in, as what the key says and no more. */
	raw_start(rig, &twin, "addiction");
	assert_true(raw_admitted(rig, &twin, "Identity", guessed, sizeof guessed));
	assert_true(raw_tell(&twin, "I am housing"));
	until(rig, rig->heard_count == 2);
	assert_string_equal(rig->heard[1].party, "addiction");
	rig_send(rig, session, 1, "for housing");
	until(rig, housing->received == 1);
	close(raw.fd);
	close(twin.fd);
}

static void test_a_replayed_frame_is_heard_once_and_ends_the_connection(void **state)
{
	struct rig *rig = *state;
	struct raw raw;
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing");
	raw_start(rig, &raw, "iapt");
	assert_true(raw_admitted(rig, &raw, NULL, NULL, 0));
	assert_true(raw_tell(&raw, "once"));
	assert_true(raw_write(&raw, raw.last, raw.last_len));
	assert_true(raw_is_cut(&raw));
	close(raw.fd);
	until(rig, rig->heard_count == 1);
	agent_tell(rig, housing, "well");
	assert_int_equal(rig->heard_count, 2);
	assert_string_equal(rig->heard[0].body, "once");
}

static void test_a_flipped_bit_anywhere_in_a_frame_is_never_heard(void **state)
{
	struct rig *rig = *state;
	uint64_t random = told_test_seed();
	uint8_t key_public[32], key_secret[32];
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing");
	assert_int_equal(told_curve_keypair(key_public, key_secret), TOLD_OK);
	assert_int_equal(told_wire_allow(rig->wire, key_public, told_text("iapt")), TOLD_OK);
	for (int i = 0; i < 60; i++) {
		struct raw raw, copy;
		raw_start(rig, &raw, NULL);
		memcpy(raw.public_key, key_public, 32);
		memcpy(raw.secret_key, key_secret, 32);
		assert_true(raw_admitted(rig, &raw, NULL, NULL, 0));
		copy = raw;
		copy.fd = open("/dev/null", O_WRONLY); /* builds the frame without sending it */
		raw_send(&copy, 0, "damaged body");
		close(copy.fd);
		size_t bit = told_test_random(&random) % (copy.last_len * 8);
		copy.last[bit / 8] ^= (uint8_t)(1 << bit % 8);
		raw.nonce = copy.nonce;
		raw_write(&raw, copy.last, copy.last_len);
		shutdown(raw.fd, SHUT_WR);
		assert_true(raw_is_cut(&raw));
		close(raw.fd);
	}
	agent_tell(rig, housing, "well");
	assert_int_equal(rig->heard_count, 1);
}

static void test_half_handshakes_and_silence_keep_nobody_out_and_are_cut(void **state)
{
	struct rig *rig = *state;
	enum { COUNT = 200 };
	static struct raw raws[COUNT];
	rig->config.handshake_ms = 1000;
	rig_start(rig);
	for (size_t i = 0; i < COUNT; i++) {
		raw_start(rig, &raws[i], NULL);
		if (i % 4 >= 1)
			assert_true(raw_greet(&raws[i], "CURVE"));
		if (i % 4 >= 2)
			assert_true(raw_hello(&raws[i]));
		if (i % 4 >= 3)
			assert_true(raw_welcome(&raws[i]));
	}
	int64_t start_ms = rig_now_ms();
	struct agent *housing = agent_join(rig, "housing");
	agent_tell(rig, housing, "hello");
	assert_true(rig_now_ms() - start_ms < 2000); /* rules A7 */
	for (size_t i = 0; i < COUNT; i++) {
		assert_true(raw_is_cut(&raws[i]));
		close(raws[i].fd);
	}
	agent_tell(rig, housing, "well");
}

static void test_garbage_on_the_port_does_no_harm(void **state)
{
	struct rig *rig = *state;
	uint64_t random = told_test_seed();
	static const char *const mechanisms[] = {"CURVE", "NULL", "PLAIN", "GSSAPI", "", "CURVECURVECURVECURVE"};
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing");
	for (int i = 0; i < 300; i++) {
		struct raw raw;
		uint8_t garbage[3000];
		raw_start(rig, &raw, NULL);
		for (size_t at = 0; at < sizeof garbage; at++)
			garbage[at] = (uint8_t)told_test_random(&random);
		if (i % 3 > 0) /* past the greeting, with each mechanism */
			raw_greet(&raw, mechanisms[i % 6]);
		if (i % 3 > 1) { /* a frame with a plausible head */
			garbage[0] &= 0x07;
			memcpy(garbage + 2 + (garbage[0] & 2 ? 7 : 0), "\x05HELLO", 6);
		}
		raw_write(&raw, garbage, 1 + told_test_random(&random) % sizeof garbage);
		shutdown(raw.fd, SHUT_WR);
		assert_true(raw_is_cut(&raw));
		close(raw.fd);
	}
	until(rig, rig->drops[TOLD_WIRE_DROP_SILENT] > 0);
	agent_tell(rig, housing, "well");
	assert_int_equal(rig->heard_count, 1);
	assert_int_equal(rig->gone_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH_WAYS(test_the_hand_written_client_speaks_curve),
		BOTH_WAYS(test_properties_that_claim_another_identity_are_not_believed),
		BOTH_WAYS(test_a_stranger_does_not_get_in_by_any_property),
		BOTH_WAYS(test_a_peer_that_names_itself_is_turned_away),
		BOTH_WAYS(test_a_replayed_frame_is_heard_once_and_ends_the_connection),
		BOTH_WAYS(test_a_flipped_bit_anywhere_in_a_frame_is_never_heard),
		BOTH_WAYS(test_half_handshakes_and_silence_keep_nobody_out_and_are_cut),
		BOTH_WAYS(test_garbage_on_the_port_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
