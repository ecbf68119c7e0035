/* SPDX-License-Identifier: Apache-2.0 */
/* Messages go both ways whole, and one peer's trouble is nobody else's. */
#include "wire/rig.h"

static void test_a_message_reaches_the_core_with_its_party_and_is_answered(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing");
	const struct heard *heard = agent_tell(rig, housing, "hello");
	assert_string_equal(heard->party, "housing");
	assert_int_equal(heard->envelope_len, strlen("envelope"));
	rig_send(rig, heard->session, 1, "welcome");
	until(rig, housing->received == 1);
	assert_string_equal(housing->body, "welcome");
	assert_int_equal(housing->envelope_len, strlen("answer"));
	assert_int_equal(rig->unsent_count, 0);
}

static void test_the_largest_message_passes_both_ways(void **state)
{
	struct rig *rig = *state;
	uint8_t *data = calloc(1, TOLD_FRAME_MAX_BYTES + 1);
	struct told_bytes envelope = told_bytes(data, TOLD_ENVELOPE_MAX_BYTES),
			  body = told_bytes(data, TOLD_BODY_MAX_BYTES), parcel = told_bytes(data, TOLD_FRAME_MAX_BYTES);
	assert_non_null(data);
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing");
	assert_int_equal(told_socket_send(housing->socket, envelope, body), TOLD_OK);
	until(rig, rig->heard_count == 1);
	assert_int_equal(rig->heard[0].envelope_len, TOLD_ENVELOPE_MAX_BYTES);
	assert_int_equal(rig->heard[0].body_len, TOLD_BODY_MAX_BYTES);
	/* A parcel carries a body, its envelope and its proofs: the way out is wider. */
	assert_int_equal(told_wire_send(rig->wire, rig->heard[0].session, 1, envelope, parcel), TOLD_OK);
	until(rig, housing->received == 1);
	assert_int_equal(housing->envelope_len, TOLD_ENVELOPE_MAX_BYTES);
	assert_int_equal(housing->body_len, TOLD_FRAME_MAX_BYTES);
	struct told_bytes over = told_bytes(data, TOLD_BODY_MAX_BYTES + 1);
	assert_int_equal(told_socket_send(housing->socket, envelope, over), TOLD_E_LIMIT);
	over = told_bytes(data, TOLD_FRAME_MAX_BYTES + 1);
	assert_int_equal(told_wire_send(rig->wire, rig->heard[0].session, 1, envelope, over), TOLD_E_LIMIT);
	over = told_bytes(data, TOLD_ENVELOPE_MAX_BYTES + 1);
	assert_int_equal(told_wire_send(rig->wire, rig->heard[0].session, 1, over, body), TOLD_E_LIMIT);
	assert_int_equal(told_socket_send(housing->socket, over, body), TOLD_E_LIMIT);
	free(data);
}

static void test_an_empty_body_is_a_message_too(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing");
	assert_int_equal(told_socket_send(housing->socket, told_text("credit"), told_bytes(NULL, 0)), TOLD_OK);
	until(rig, rig->heard_count == 1);
	assert_int_equal(rig->heard[0].body_len, 0);
}

static void test_an_ended_connection_is_told_and_what_is_sent_to_it_comes_back(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing");
	uint64_t session = agent_tell(rig, housing, "hello")->session;
	agent_close(housing);
	until(rig, rig->gone_count == 1);
	assert_true(rig->gone_session == session);
	rig_send(rig, session, 77, "too late");
	until(rig, rig->unsent_count == 1);
	assert_true(rig->unsent_token == 77);
	rig_send(rig, 0, 78, "to nobody");
	until(rig, rig->unsent_count == 2);
	rig_send(rig, UINT64_MAX, 79, "to nobody");
	until(rig, rig->unsent_count == 3);
}

static void test_a_party_that_comes_back_has_a_new_session(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing");
	uint64_t first = agent_tell(rig, housing, "one")->session;
	agent_close(housing);
	agent_open(housing);
	uint64_t second = agent_tell(rig, housing, "two")->session;
	assert_true(first != second);
	rig_send(rig, first, 5, "for the old one");
	until(rig, rig->unsent_count == 1);
	assert_int_equal(housing->received, 0);
}

static void test_a_key_with_too_many_sessions_loses_the_one_used_longest_ago(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *other = agent_join(rig, "iapt");
	uint64_t others = agent_tell(rig, other, "hello")->session;
	struct agent *one = agent_join(rig, "housing");
	uint64_t first = agent_tell(rig, one, "0")->session;
	for (size_t i = 1; i <= TOLD_WIRE_SESSIONS_PER_KEY_MAX; i++) {
		char body[8];
		snprintf(body, sizeof body, "%zu", i);
		struct agent *next = agent_make(rig);
		next->config = one->config;
		agent_open(next);
		agent_tell(rig, next, body);
	}
	until(rig, rig->gone_count == 1);
	assert_true(rig->gone_session == first);
	rig_send(rig, others, 1, "still here");
	until(rig, other->received == 1);
}

static void test_nothing_is_lost_while_the_core_does_not_read_and_memory_is_bounded(void **state)
{
	struct rig *rig = *state;
	uint8_t *data = calloc(1, 100000);
	size_t sent = 0;
	assert_non_null(data);
	rig_start(rig);
	struct agent *housing = agent_join(rig, "housing");
	rig->core_deaf = true;
	/* It is full when nothing more went for a second: what is counted is what all queues between hold. */
	for (int64_t last_ms = rig_now_ms(); rig_now_ms() - last_ms < 1000;) {
		enum told_status status =
			told_socket_send(housing->socket, told_text("envelope"), told_bytes(data, 100000));
		assert_true(status == TOLD_OK || status == TOLD_E_BUSY);
		if (status == TOLD_OK) {
			sent++;
			last_ms = rig_now_ms();
		} else {
			rig_step(rig);
		}
		assert_true(sent < 2000);
	}
	assert_true(sent > 0);
	rig->core_deaf = false;
	until(rig, rig->heard_count == sent);
	assert_string_equal(agent_tell(rig, housing, "after")->body, "after");
	free(data);
}

static void test_a_slow_consumer_stops_nobody_else(void **state)
{
	struct rig *rig = *state;
	uint8_t *data = calloc(1, 200000);
	assert_non_null(data);
	rig->config.high_water = 64;
	rig_start(rig);
	struct agent *slow = agent_join(rig, "iapt");
	struct agent *quick = agent_join(rig, "housing");
	uint64_t to_slow = agent_tell(rig, slow, "s")->session, to_quick = agent_tell(rig, quick, "q")->session;
	slow->deaf = true;
	size_t sent = 0;
	for (enum told_status status = TOLD_OK; rig->unsent_count == 0; rig_step(rig)) {
		status = told_wire_send(rig->wire, to_slow, sent, told_text("e"), told_bytes(data, 200000));
		assert_true(status == TOLD_OK || status == TOLD_E_BUSY);
		sent += status == TOLD_OK;
		assert_true(sent < 5000);
	}
	for (int i = 0; i < 100; i++) {
		size_t before = quick->received;
		agent_tell(rig, quick, "ask");
		rig_send(rig, to_quick, 0, "answer");
		until_ms(rig, 2000, quick->received == before + 1);
	}
	assert_int_equal(rig->gone_count, 0); /* and the slow one still is connected */
	slow->deaf = false;
	until(rig, slow->received + rig->unsent_count == sent); /* each was either delivered or reported */
	free(data);
}

static void test_a_flood_does_not_keep_the_front_from_stopping(void **state)
{
	struct rig *rig = *state;
	static const char *const parties[] = {"housing", "iapt", "addiction"};
	rig_start(rig);
	struct agent *agents[3];
	for (size_t i = 0; i < 3; i++)
		agents[i] = agent_join(rig, parties[i]);
	for (int round = 0; round < 300; round++)
		for (size_t i = 0; i < 3; i++) {
			enum told_status status =
				told_socket_send(agents[i]->socket, told_text("envelope"), told_text("flood"));
			assert_true(status == TOLD_OK || status == TOLD_E_BUSY);
			if (status == TOLD_E_BUSY)
				rig_step(rig);
		}
	until(rig, rig->heard_count > 0);
	rig_send(rig, rig->heard[0].session, 1, "unsent perhaps");
	int64_t start_ms = rig_now_ms();
	assert_int_equal(told_wire_close(rig->wire), TOLD_OK);
	rig->wire = NULL;
	assert_true(rig_now_ms() - start_ms < 5000);
}

static void test_a_port_in_use_is_said(void **state)
{
	struct rig *rig = *state;
	struct rig second = {.start = rig->start, .heard = rig->heard};
	rig_start(rig);
	second.config.endpoint = rig->endpoint;
	rig_open(&second, told_wire_run);
	assert_int_equal(told_wire_listen(second.wire), TOLD_OK);
	until(&second, second.failed != TOLD_OK);
	assert_int_equal(second.failed, TOLD_E_IN_USE);
	until(&second, second.ended == TOLD_E_UNREACHABLE);
	assert_int_equal(told_wire_close(second.wire), TOLD_E_IN_USE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH_WAYS(test_a_message_reaches_the_core_with_its_party_and_is_answered),
		BOTH_WAYS(test_the_largest_message_passes_both_ways),
		BOTH_WAYS(test_an_empty_body_is_a_message_too),
		BOTH_WAYS(test_an_ended_connection_is_told_and_what_is_sent_to_it_comes_back),
		BOTH_WAYS(test_a_party_that_comes_back_has_a_new_session),
		BOTH_WAYS(test_a_key_with_too_many_sessions_loses_the_one_used_longest_ago),
		BOTH_WAYS(test_nothing_is_lost_while_the_core_does_not_read_and_memory_is_bounded),
		BOTH_WAYS(test_a_slow_consumer_stops_nobody_else),
		BOTH_WAYS(test_a_flood_does_not_keep_the_front_from_stopping),
		BOTH_WAYS(test_a_port_in_use_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
