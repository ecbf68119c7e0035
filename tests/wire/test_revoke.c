/* SPDX-License-Identifier: Apache-2.0 */
/* A key that is denied is out within a second, and nothing of it is heard from the moment it was denied (rules A6, M8).
 */
#include "wire/rig.h"

static void test_a_streaming_session_is_cut_and_nothing_more_of_it_is_heard(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *bad = agent_join(rig, "iapt"), *good = agent_join(rig, "housing");
	agent_tell(rig, good, "hello");
	agent_tell(rig, bad, "hello");
	/* Leave messages in every queue on the way, unread by the core. */
	rig->core_deaf = true;
	for (int i = 0; i < 500; i++)
		if (told_socket_send(bad->socket, told_text("e"), told_text("stream")) != TOLD_OK)
			rig_step(rig);
	assert_int_equal(told_poll_one(told_wire_fd(rig->wire), POLLIN, 5000), TOLD_OK);
	rig->core_deaf = false;
	size_t before = rig->heard_count;
	int64_t denied_ms = rig_now_ms();
	assert_int_equal(told_wire_deny(rig->wire, bad->config.public_key), TOLD_OK);
	until_ms(rig, 1000, agent_state(bad) == TOLD_SOCKET_REFUSED);
	assert_true(rig_now_ms() - denied_ms <= 1000);
	agent_tell(rig, good, "still here");
	assert_int_equal(rig->heard_count, before + 1);
	assert_int_equal(told_wire_deny(rig->wire, bad->config.public_key), TOLD_E_NOT_FOUND);
}

static void test_what_is_sent_to_a_denied_session_comes_back(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *bad = agent_join(rig, "iapt");
	uint64_t session = agent_tell(rig, bad, "hello")->session;
	assert_int_equal(told_wire_deny(rig->wire, bad->config.public_key), TOLD_OK);
	rig_send(rig, session, 9, "not for you any more");
	until(rig, rig->unsent_count == 1 && rig->gone_count == 1);
	assert_true(rig->unsent_token == 9 && rig->gone_session == session);
	assert_int_equal(bad->received, 0);
}

static void test_a_session_that_was_silent_when_denied_is_cut_at_its_first_word(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *bad = agent_join(rig, "iapt"), *good = agent_join(rig, "housing");
	assert_int_equal(told_wire_deny(rig->wire, bad->config.public_key), TOLD_OK);
	agent_tell(rig, good, "the front has read that by now");
	assert_int_equal(told_socket_send(bad->socket, told_text("e"), told_text("b")), TOLD_OK);
	until_ms(rig, 1000, agent_state(bad) == TOLD_SOCKET_REFUSED);
	until(rig, rig->drops[TOLD_WIRE_DROP_IDENTITY] == 1);
	assert_int_equal(rig->heard_count, 1);
}

static void test_a_key_that_is_allowed_again_gets_in_but_its_old_session_does_not_revive(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *agent = agent_join(rig, "iapt");
	assert_int_equal(told_wire_deny(rig->wire, agent->config.public_key), TOLD_OK);
	assert_int_equal(told_wire_allow(rig->wire, agent->config.public_key, told_text("iapt")), TOLD_OK);
	/* Silent so far: its session was made under the first admission, and its first word is lost with it. */
	assert_int_equal(told_socket_send(agent->socket, told_text("e"), told_text("old session")), TOLD_OK);
	until(rig, rig->drops[TOLD_WIRE_DROP_IDENTITY] == 1);
	assert_int_equal(rig->heard_count, 0);
	agent_tell(rig, agent, "new session");
	assert_string_equal(rig->heard[0].party, "iapt");
	assert_int_equal(rig->heard_count, 1);
}

static void test_denying_one_key_of_a_party_leaves_its_other(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *old = agent_join(rig, "housing"), *new = agent_join(rig, "housing");
	agent_tell(rig, old, "old");
	uint64_t session = agent_tell(rig, new, "new")->session;
	assert_int_equal(told_wire_deny(rig->wire, old->config.public_key), TOLD_OK);
	until(rig, agent_state(old) == TOLD_SOCKET_REFUSED);
	assert_true(agent_tell(rig, new, "new")->session == session);
}

static void test_a_refused_agent_gets_in_by_itself_once_it_is_enrolled(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *agent = agent_make(rig);
	agent_open(agent);
	until(rig, agent_state(agent) == TOLD_SOCKET_REFUSED);
	assert_non_null(strstr(told_socket_advice(agent_state(agent)), "does not know"));
	assert_int_equal(told_wire_allow(rig->wire, agent->config.public_key, told_text("addiction")), TOLD_OK);
	until(rig, agent_state(agent) == TOLD_SOCKET_CONNECTED);
	assert_string_equal(agent_tell(rig, agent, "hello")->party, "addiction");
}

static void test_an_agent_waits_for_a_broker_that_is_not_there_yet(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *agent = agent_join(rig, "housing");
	agent_tell(rig, agent, "one");
	char endpoint[TOLD_ENDPOINT_MAX_BYTES];
	strcpy(endpoint, rig->endpoint);
	assert_int_equal(told_wire_close(rig->wire), TOLD_OK);
	rig->wire = NULL;
	until(rig, agent_state(agent) == TOLD_SOCKET_CONNECTING);
	assert_int_equal(told_socket_send(agent->socket, told_text("e"), told_text("b")), TOLD_E_BUSY);
	rig->endpoint[0] = '\0';
	rig->config.endpoint = endpoint;
	rig->ended = TOLD_E_BUSY;
	assert_int_equal(told_wire_open(&rig->config, rig->start, &rig->wire), TOLD_OK); /* same key, same port */
	assert_int_equal(told_wire_allow(rig->wire, agent->config.public_key, told_text("housing")), TOLD_OK);
	rig_listen(rig);
	agent_tell(rig, agent, "two");
}

static void test_a_key_belongs_to_one_party(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *agent = agent_join(rig, "housing");
	const uint8_t *key = agent->config.public_key;
	assert_int_equal(told_wire_allow(rig->wire, key, told_text("housing")), TOLD_OK);
	assert_int_equal(told_wire_allow(rig->wire, key, told_text("iapt")), TOLD_E_EXISTS);
	assert_int_equal(told_wire_allow(rig->wire, agent->config.secret_key, told_text("")), TOLD_E_MALFORMED);
	char longer[TOLD_NAME_MAX_BYTES + 2];
	memset(longer, 'a', sizeof longer);
	assert_int_equal(told_wire_allow(rig->wire, agent->config.secret_key, told_bytes(longer, sizeof longer)),
			 TOLD_E_MALFORMED);
	assert_string_equal(agent_tell(rig, agent, "hello")->party, "housing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH_WAYS(test_a_streaming_session_is_cut_and_nothing_more_of_it_is_heard),
		BOTH_WAYS(test_what_is_sent_to_a_denied_session_comes_back),
		BOTH_WAYS(test_a_session_that_was_silent_when_denied_is_cut_at_its_first_word),
		BOTH_WAYS(test_a_key_that_is_allowed_again_gets_in_but_its_old_session_does_not_revive),
		BOTH_WAYS(test_denying_one_key_of_a_party_leaves_its_other),
		BOTH_WAYS(test_a_refused_agent_gets_in_by_itself_once_it_is_enrolled),
		BOTH_WAYS(test_an_agent_waits_for_a_broker_that_is_not_there_yet),
		BOTH_WAYS(test_a_key_belongs_to_one_party),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
