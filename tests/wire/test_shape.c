/* SPDX-License-Identifier: Apache-2.0 */
/* A message has two frames within their limits; all else is dropped, counted for its party, and harms nobody (rules
 * A9). */
#include "wire/rig.h"

#include "wire/rawrig.h"
#include <zmq.h>

static void send_frames(struct raw *raw, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		assert_true(raw_send(raw, i + 1 < count ? RAW_MORE : 0, text));
}

static void test_other_than_two_frames_are_dropped_and_counted_and_the_connection_goes_on(void **state)
{
	struct rig *rig = *state;
	static const size_t counts[] = {1, 3, 4, 1000};
	struct raw raw;
	rig_start(rig);
	raw_start(rig, &raw, "iapt");
	assert_true(raw_admitted(rig, &raw, NULL, NULL, 0));
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		send_frames(&raw, counts[i], "frame");
	assert_true(raw_tell(&raw, "good"));
	until(rig, rig->heard_count == 1);
	assert_string_equal(rig->heard[0].body, "good");
	until(rig, rig->drops[TOLD_WIRE_DROP_FRAMES] == 4);
	assert_string_equal(rig->drop_party, "iapt");
	close(raw.fd);
}

static void test_an_empty_or_oversize_envelope_is_dropped_and_counted(void **state)
{
	struct rig *rig = *state;
	void *context = zmq_ctx_new(), *dealer = zmq_socket(context, ZMQ_DEALER);
	uint8_t *data = calloc(1, TOLD_BODY_MAX_BYTES + 1);
	int none = 0;
	assert_non_null(data);
	rig_start(rig);
	struct agent *iapt = agent_make(rig);
	assert_int_equal(told_wire_allow(rig->wire, iapt->config.public_key, told_text("iapt")), TOLD_OK);
	agent_join(rig,
		   "housing"); /* who is in proves that the front has heard of iapt: a bare socket does not try again */
	assert_int_equal(zmq_setsockopt(dealer, ZMQ_LINGER, &none, sizeof none), 0);
	assert_int_equal(zmq_setsockopt(dealer, ZMQ_CURVE_SERVERKEY, rig->server_key, 32), 0);
	assert_int_equal(zmq_setsockopt(dealer, ZMQ_CURVE_PUBLICKEY, iapt->config.public_key, 32), 0);
	assert_int_equal(zmq_setsockopt(dealer, ZMQ_CURVE_SECRETKEY, iapt->config.secret_key, 32), 0);
	assert_int_equal(zmq_connect(dealer, rig->endpoint), 0);
	assert_true(zmq_send(dealer, "", 0, ZMQ_SNDMORE) == 0 && zmq_send(dealer, "b", 1, 0) == 1);
	assert_true(zmq_send(dealer, data, TOLD_ENVELOPE_MAX_BYTES + 1, ZMQ_SNDMORE) >= 0 &&
		    zmq_send(dealer, "b", 1, 0) == 1);
	assert_true(zmq_send(dealer, "e", 1, ZMQ_SNDMORE) == 1 &&
		    zmq_send(dealer, data, TOLD_BODY_MAX_BYTES + 1, 0) >= 0);
	assert_true(zmq_send(dealer, "e", 1, ZMQ_SNDMORE) == 1 && zmq_send(dealer, "good", 4, 0) == 4);
	until(rig, rig->heard_count == 1);
	assert_string_equal(rig->heard[0].body, "good");
	until(rig, rig->drops[TOLD_WIRE_DROP_SIZE] == 3);
	assert_string_equal(rig->drop_party, "iapt");
	zmq_close(dealer);
	zmq_ctx_term(context);
	free(data);
}

static void test_an_oversize_frame_ends_the_connection_of_its_sender_only(void **state)
{
	struct rig *rig = *state;
	struct raw raw;
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing");
	uint64_t session = agent_tell(rig, housing, "hello")->session;
	static const uint64_t sizes[] = {TOLD_BODY_MAX_BYTES + 65, UINT64_C(1) << 32, UINT64_MAX};
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		uint8_t head[9] = {0x02};
		char party[16];
		snprintf(party, sizeof party, "iapt-%zu", i);
		raw_start(rig, &raw, party);
		assert_true(raw_admitted(rig, &raw, NULL, NULL, 0));
		for (int byte = 0; byte < 8; byte++)
			head[1 + byte] = (uint8_t)(sizes[i] >> (56 - 8 * byte));
		assert_true(raw_write(&raw, head, sizeof head));
		assert_true(raw_is_cut(&raw)); /* before any of its bytes were sent */
		close(raw.fd);
	}
	assert_true(agent_tell(rig, housing, "well")->session == session);
	assert_int_equal(rig->heard_count, 2);
}

static void test_a_message_cut_short_is_never_heard(void **state)
{
	struct rig *rig = *state;
	struct raw raw;
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing");
	raw_start(rig, &raw, "iapt");
	assert_true(raw_admitted(rig, &raw, NULL, NULL, 0));
	assert_true(raw_send(&raw, RAW_MORE, "envelope without a body"));
	close(raw.fd);
	agent_tell(rig, housing, "well");
	assert_int_equal(rig->heard_count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH_WAYS(test_other_than_two_frames_are_dropped_and_counted_and_the_connection_goes_on),
		BOTH_WAYS(test_an_empty_or_oversize_envelope_is_dropped_and_counted),
		BOTH_WAYS(test_an_oversize_frame_ends_the_connection_of_its_sender_only),
		BOTH_WAYS(test_a_message_cut_short_is_never_heard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
