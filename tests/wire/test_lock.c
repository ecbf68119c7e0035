/* SPDX-License-Identifier: Apache-2.0 */
/* Nobody comes in whose key is not allowed, also when what guards the door is broken (rules A1, A2, A3, M1). */
#include "wire/rig.h"

#include <zmq.h>

static void test_random_keys_never_deliver_and_are_counted(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *known = agent_join(rig, "housing"), *stranger = agent_make(rig);
	agent_tell(rig, known, "before");
	for (int i = 0; i < 100; i++) {
		assert_int_equal(told_curve_keypair(stranger->config.public_key, stranger->config.secret_key), TOLD_OK);
		agent_open(stranger);
		until(rig, agent_state(stranger) == TOLD_SOCKET_REFUSED);
		assert_int_equal(told_socket_send(stranger->socket, told_text("e"), told_text("b")), TOLD_E_BUSY);
		agent_close(stranger);
	}
	agent_tell(rig, known, "after");
	assert_int_equal(rig->heard_count, 2);
	until(rig, rig->drops[TOLD_WIRE_DROP_KEY] >= 100);
	assert_string_equal(rig->drop_party, "");
}

static void test_the_published_keys_of_the_manual_are_refused_at_every_door(void **state)
{
	struct rig *rig = *state;
	struct told_bytes client = told_test_hex("bb88471d65e2659b30c55a5321cebb5aab2b70a398645c26dca2b2fcb43fc518");
	struct told_bytes secret = told_test_hex("7bb864b489afa3671fbe69101f94b38972f24816dfb01b51656b3fec8dfd0888");
	uint8_t derived[TOLD_KEY_BYTES];
	rig_start(rig);
	assert_int_equal(told_curve_public(secret.data, derived), TOLD_OK);
	assert_memory_equal(derived, client.data, TOLD_KEY_BYTES); /* the pair of zmq_curve(7), so the test is of it */
	assert_int_equal(told_wire_allow(rig->wire, client.data, told_text("housing")), TOLD_E_KEY);
	struct agent *stranger = agent_make(rig);
	memcpy(stranger->config.public_key, client.data, TOLD_KEY_BYTES);
	memcpy(stranger->config.secret_key, secret.data, TOLD_KEY_BYTES);
	agent_open(stranger);
	until(rig, agent_state(stranger) == TOLD_SOCKET_REFUSED);
	free((void *)(uintptr_t)client.data);
	free((void *)(uintptr_t)secret.data);
}

static void test_a_broker_with_the_published_server_key_does_not_start(void **state)
{
	struct rig *rig = *state;
	struct told_bytes secret = told_test_hex("8e0bdd697628b91d8f245587ee95c5b04d48963f79259877b49cd9063aead3b7");
	memcpy(rig->config.secret_key, secret.data, TOLD_KEY_BYTES);
	rig->config.endpoint = "tcp://127.0.0.1:*";
	rig->ended = TOLD_E_BUSY;
	assert_int_equal(told_wire_open(&rig->config, rig->start, &rig->wire), TOLD_OK);
	until(rig, rig->failed != TOLD_OK);
	assert_int_equal(rig->failed, TOLD_E_KEY);
	free((void *)(uintptr_t)secret.data);
}

static void test_a_client_without_curve_never_delivers(void **state)
{
	struct rig *rig = *state;
	int none = 0;
	rig_start(rig);
	struct agent *known = agent_join(rig, "housing");
	void *context = zmq_ctx_new(), *dealer = zmq_socket(context, ZMQ_DEALER);
	assert_int_equal(zmq_setsockopt(dealer, ZMQ_LINGER, &none, sizeof none), 0);
	assert_int_equal(zmq_connect(dealer, rig->endpoint), 0);
	assert_true(zmq_send(dealer, "e", 1, ZMQ_SNDMORE) == 1 && zmq_send(dealer, "plain", 5, 0) == 5);
	until(rig, rig->drops[TOLD_WIRE_DROP_SILENT] > 0);
	agent_tell(rig, known, "known");
	assert_int_equal(rig->heard_count, 1);
	zmq_close(dealer);
	zmq_ctx_term(context);
}

static void test_an_agent_that_pins_another_broker_key_does_not_connect(void **state)
{
	struct rig *rig = *state;
	uint8_t other_secret[TOLD_KEY_BYTES];
	rig_start(rig);
	struct agent *agent = agent_make(rig);
	assert_int_equal(told_wire_allow(rig->wire, agent->config.public_key, told_text("housing")), TOLD_OK);
	assert_int_equal(told_curve_keypair(agent->config.server_key, other_secret), TOLD_OK);
	agent_open(agent);
	until(rig, agent_state(agent) == TOLD_SOCKET_UNANSWERED);
	assert_non_null(strstr(told_socket_advice(agent_state(agent)), "public key"));
}

/* Broken locks. Each must keep the front from opening its port. */

static enum told_status take_request(void *socket)
{
	int more = 1;
	size_t len = sizeof more;
	for (char frame[256]; more != 0;)
		if (zmq_recv(socket, frame, sizeof frame, 0) < 0 ||
		    zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &len) != 0)
			return TOLD_E_UNREACHABLE;
	return TOLD_OK;
}

static enum told_status die(void *socket, struct told_gate *gate)
{
	(void)gate;
	return take_request(socket) == TOLD_OK ? TOLD_E_INTERNAL : TOLD_E_UNREACHABLE;
}

static enum told_status hang(void *socket, struct told_gate *gate)
{
	zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
	(void)gate;
	if (take_request(socket) != TOLD_OK)
		return TOLD_E_UNREACHABLE;
	/* A REP that owes an answer is never readable: this waits until the context ends. */
	while (zmq_poll(&item, 1, -1) >= 0)
		;
	return TOLD_E_UNREACHABLE;
}

/* Answers with these frames; "=" stands for the request's id. */
static enum told_status answer_with(void *socket, const char *const *frames, size_t count)
{
	char version[8], id[64];
	int id_len = -1;
	if (zmq_recv(socket, version, sizeof version, 0) < 0 || (id_len = zmq_recv(socket, id, sizeof id, 0)) < 0 ||
	    take_request(socket) != TOLD_OK)
		return TOLD_E_UNREACHABLE;
	for (size_t i = 0; i < count; i++) {
		bool is_id = strcmp(frames[i], "=") == 0;
		int flags = i + 1 < count ? ZMQ_SNDMORE : 0;
		if (zmq_send(socket, is_id ? id : frames[i], is_id ? (size_t)id_len : strlen(frames[i]), flags) < 0)
			return TOLD_E_UNREACHABLE;
	}
	return TOLD_OK;
}

#define ANSWER(name, ...)                                                                                              \
	static enum told_status name(void *socket, struct told_gate *gate)                                             \
	{                                                                                                              \
		static const char *const frames[] = {__VA_ARGS__};                                                     \
		(void)gate;                                                                                            \
		return answer_with(socket, frames, sizeof frames / sizeof frames[0]);                                  \
	}

ANSWER(wrong_version, "2.0", "=", "200", "OK", "0000000000000001", "")
ANSWER(wrong_id, "1.0", "nonsense", "200", "OK", "0000000000000001", "")
ANSWER(wrong_status, "1.0", "=", "2xx", "OK", "0000000000000001", "")
ANSWER(seventh_frame, "1.0", "=", "200", "OK", "0000000000000001", "", "more")
ANSWER(short_answer, "1.0", "=", "200")
ANSWER(garbage_metadata, "1.0", "=", "200", "OK", "0000000000000001", "\377\377\377\377\377")
ANSWER(one_frame, "")
ANSWER(let_all_in, "1.0", "=", "200", "OK", "0000000000000001", "")
ANSWER(temporary, "1.0", "=", "300", "Later", "", "")

/* Locks that somebody forgot to close. */
static enum told_status unset(void *router, const struct told_wire_config *config, int option, const void *value,
			      size_t len)
{
	enum told_status status = told_router_set_options(router, config);
	return status == TOLD_OK && zmq_setsockopt(router, option, value, len) != 0 ? TOLD_E_INTERNAL : status;
}

/* libzmq takes no empty domain, so this one sets all that is checked but the domain. */
static enum told_status without_domain(void *router, const struct told_wire_config *config)
{
	int on = 1;
	int64_t max_bytes = 1000;
	bool set = zmq_setsockopt(router, ZMQ_CURVE_SERVER, &on, sizeof on) == 0 &&
		   zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, config->secret_key, TOLD_KEY_BYTES) == 0 &&
		   zmq_setsockopt(router, 93, &on, sizeof on) == 0 &&
		   zmq_setsockopt(router, ZMQ_MAXMSGSIZE, &max_bytes, sizeof max_bytes) == 0;
	return set ? TOLD_OK : TOLD_E_INTERNAL;
}

static enum told_status with_another_domain(void *router, const struct told_wire_config *config)
{
	return unset(router, config, ZMQ_ZAP_DOMAIN, "global", 6);
}

static enum told_status without_enforcing(void *router, const struct told_wire_config *config)
{
	return unset(router, config, 93, &(int){0}, sizeof(int));
}

static enum told_status without_curve(void *router, const struct told_wire_config *config)
{
	return unset(router, config, ZMQ_CURVE_SERVER, &(int){0}, sizeof(int));
}

static enum told_status without_a_size_limit(void *router, const struct told_wire_config *config)
{
	return unset(router, config, ZMQ_MAXMSGSIZE, &(int64_t){-1}, sizeof(int64_t));
}

static enum told_status with_no_options_at_all(void *router, const struct told_wire_config *config)
{
	(void)router, (void)config;
	return TOLD_OK;
}

static const struct told_front_doors broken_doors[] = {
	{.answer = die, .secure = told_router_set_options},
	{.answer = hang, .secure = told_router_set_options},
	{.answer = wrong_version, .secure = told_router_set_options},
	{.answer = wrong_id, .secure = told_router_set_options},
	{.answer = wrong_status, .secure = told_router_set_options},
	{.answer = seventh_frame, .secure = told_router_set_options},
	{.answer = short_answer, .secure = told_router_set_options},
	{.answer = garbage_metadata, .secure = told_router_set_options},
	{.answer = one_frame, .secure = told_router_set_options},
	{.answer = let_all_in, .secure = told_router_set_options},
	{.answer = temporary, .secure = told_router_set_options},
	{.answer = told_zap_answer_request, .secure = without_domain},
	{.answer = told_zap_answer_request, .secure = with_another_domain},
	{.answer = told_zap_answer_request, .secure = without_enforcing},
	{.answer = told_zap_answer_request, .secure = without_curve},
	{.answer = told_zap_answer_request, .secure = without_a_size_limit},
	{.answer = told_zap_answer_request, .secure = with_no_options_at_all},
};

static size_t broken_now; /* the row that broken_entry uses; a forked front has its copy */

static enum told_status broken_entry(const struct told_wire_config *config, int core_fd)
{
	return told_front_run(config, core_fd, &broken_doors[broken_now]);
}

static void test_with_a_broken_lock_the_port_stays_shut(void **state)
{
	struct rig *rig = *state;
	rig->config.handshake_ms = 300;
	for (broken_now = 0; broken_now < sizeof broken_doors / sizeof broken_doors[0]; broken_now++) {
		rig->failed = TOLD_OK;
		rig_open(rig, broken_entry);
		assert_int_equal(told_wire_listen(rig->wire), TOLD_OK);
		until(rig, rig->failed != TOLD_OK);
		if (rig->failed != TOLD_E_CONFIG)
			fail_msg("broken lock %zu ended with %s", broken_now, told_status_name(rig->failed));
		assert_string_equal(rig->endpoint, "");
		until(rig, rig->ended == TOLD_E_UNREACHABLE);
		assert_int_equal(told_wire_close(rig->wire), TOLD_E_CONFIG);
		rig->wire = NULL;
	}
}

/* The handler answers rightly until it is asked about this key, then goes wrong for ever. */
static const uint8_t *fatal_key;
static told_zap_answer *fatal_answer;

static enum told_status right_until_asked(void *socket, struct told_gate *gate)
{
	if (fatal_key != NULL && told_gate_judge(gate, fatal_key) != 0)
		return fatal_answer(socket, gate);
	return told_zap_answer_request(socket, gate);
}

static enum told_status failing_entry(const struct told_wire_config *config, int core_fd)
{
	static const struct told_front_doors doors = {.answer = right_until_asked, .secure = told_router_set_options};
	return told_front_run(config, core_fd, &doors);
}

#define RIGHT_HANDSHAKE_MS 3000

/* Once fatal_key is allowed, the handler is broken: who is in stays in, nobody new comes in, health is red. */
static void expect_closed_once_broken(struct rig *rig, told_zap_answer *broken)
{
	static uint8_t key[TOLD_KEY_BYTES];
	uint8_t secret[TOLD_KEY_BYTES];
	assert_int_equal(told_curve_keypair(key, secret), TOLD_OK);
	fatal_key = key;
	fatal_answer = broken;
	/* The same limit cuts off the right handler's handshakes and the broken one's. Too short, a busy machine makes
	 * the right one look broken: health is red before it is, and whoever comes late is let in. */
	rig->config.handshake_ms = RIGHT_HANDSHAKE_MS;
	rig->config.probe_ms = 100;
	rig_open(rig, failing_entry);
	rig_listen(rig);
	struct agent *inside = agent_join(rig, "housing"), *late = agent_make(rig);
	uint64_t session = agent_tell(rig, inside, "before")->session;
	assert_int_equal(told_wire_allow(rig->wire, late->config.public_key, told_text("iapt")), TOLD_OK);
	assert_int_equal(told_wire_allow(rig->wire, key, told_text("signal")), TOLD_OK);
	until(rig, rig->health != TOLD_OK);
	agent_open(late);
	/* By its side, so that it is tried while it is shut: those inside still speak and are heard. */
	for (int i = 0; i < 20; i++) {
		assert_true(agent_tell(rig, inside, "after")->session == session);
		rig_send(rig, session, 1, "answer");
		size_t before = inside->received;
		until(rig, inside->received > before);
	}
	until(rig, agent_state(late) == TOLD_SOCKET_UNANSWERED);
	assert_int_equal(rig->heard_count, 21);
	assert_int_equal(rig->gone_count, 0);
}

static void test_when_the_handler_dies_nobody_new_comes_in_and_health_is_red(void **state)
{
	expect_closed_once_broken(*state, die);
}

static void test_when_the_handler_hangs_nobody_new_comes_in_and_health_is_red(void **state)
{
	expect_closed_once_broken(*state, hang);
}

static void test_when_the_handler_talks_nonsense_nobody_new_comes_in_and_health_is_red(void **state)
{
	expect_closed_once_broken(*state, wrong_id);
}

static void test_a_handler_that_lets_all_in_turns_health_red_and_still_no_stranger_is_heard(void **state)
{
	struct rig *rig = *state;
	static uint8_t key[TOLD_KEY_BYTES];
	uint8_t secret[TOLD_KEY_BYTES];
	/* User-Id 1 is the admission of the key that is allowed first: it must be denied to be nobody. */
	assert_int_equal(told_curve_keypair(key, secret), TOLD_OK);
	fatal_key = key;
	fatal_answer = let_all_in;
	rig->config.probe_ms = 100;
	rig_open(rig, failing_entry);
	struct agent *first = agent_make(rig), *stranger = agent_make(rig);
	assert_int_equal(told_wire_allow(rig->wire, first->config.public_key, told_text("housing")), TOLD_OK);
	assert_int_equal(told_wire_deny(rig->wire, first->config.public_key), TOLD_OK);
	rig_listen(rig);
	assert_int_equal(told_wire_allow(rig->wire, key, told_text("signal")), TOLD_OK);
	until(rig, rig->health == TOLD_E_CONFIG);
	agent_open(stranger);
	until(rig, agent_state(stranger) == TOLD_SOCKET_CONNECTED);
	assert_int_equal(told_socket_send(stranger->socket, told_text("e"), told_text("b")), TOLD_OK);
	until(rig, rig->drops[TOLD_WIRE_DROP_IDENTITY] > 0);
	assert_int_equal(rig->heard_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH_WAYS(test_random_keys_never_deliver_and_are_counted),
		BOTH_WAYS(test_the_published_keys_of_the_manual_are_refused_at_every_door),
		BOTH_WAYS(test_a_broker_with_the_published_server_key_does_not_start),
		BOTH_WAYS(test_a_client_without_curve_never_delivers),
		BOTH_WAYS(test_an_agent_that_pins_another_broker_key_does_not_connect),
		BOTH_WAYS(test_with_a_broken_lock_the_port_stays_shut),
		BOTH_WAYS(test_when_the_handler_dies_nobody_new_comes_in_and_health_is_red),
		BOTH_WAYS(test_when_the_handler_hangs_nobody_new_comes_in_and_health_is_red),
		BOTH_WAYS(test_when_the_handler_talks_nonsense_nobody_new_comes_in_and_health_is_red),
		BOTH_WAYS(test_a_handler_that_lets_all_in_turns_health_red_and_still_no_stranger_is_heard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
