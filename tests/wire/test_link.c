/* SPDX-License-Identifier: Apache-2.0 */
/* A bad line, and a front that dies: agents come back by themselves (rules A11, A12, 13). */
#include "wire/rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* A line between agent and front, for one connection at a time, that damages one byte on order. */
struct line {
	pthread_t thread;
	int listener, stop[2];
	uint16_t front_port;
	char endpoint[64];
	_Atomic int damage; /* 1: the next bytes to the front; 2: the next bytes to the agent; 3: both ends are cut */
	_Atomic int connections; /* how many there were */
};

static bool carry(struct line *line, int from, int to, int direction)
{
	uint8_t data[65536];
	ssize_t got = recv(from, data, sizeof data, MSG_DONTWAIT);
	if (got < 0 && errno == EAGAIN)
		return true;
	if (got <= 0)
		return false;
	int expected = direction;
	if (got > 20 && atomic_compare_exchange_strong(&line->damage, &expected, 0))
		data[got - 1] ^= 1; /* the end of a frame, in its ciphertext: lengths stay right */
	return send(to, data, (size_t)got, MSG_NOSIGNAL) == got;
}

static bool line_serve(struct line *line, int agent)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(line->front_port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int front = socket(AF_INET, SOCK_STREAM, 0);
	bool open = connect(front, (struct sockaddr *)&address, sizeof address) == 0;
	bool stopped = false;
	while (open && !stopped) {
		struct pollfd fds[] = {{.fd = agent, .events = POLLIN},
				       {.fd = front, .events = POLLIN},
				       {.fd = line->stop[0], .events = POLLIN}};
		open = told_poll(fds, 3, -1) == TOLD_OK;
		stopped = fds[2].revents != 0;
		open = open && (fds[0].revents == 0 || carry(line, agent, front, 1));
		open = open && (fds[1].revents == 0 || carry(line, front, agent, 2));
	}
	close(front);
	close(agent);
	return !stopped;
}

static void *line_main(void *arg)
{
	struct line *line = arg;
	bool on = true;
	while (on) {
		struct pollfd fds[] = {{.fd = line->listener, .events = POLLIN},
				       {.fd = line->stop[0], .events = POLLIN}};
		on = told_poll(fds, 2, -1) == TOLD_OK && fds[1].revents == 0;
		int agent = on ? accept(line->listener, NULL, NULL) : -1;
		if (agent < 0)
			continue;
		line->connections++;
		on = line_serve(line, agent);
	}
	return NULL;
}

static void line_open(struct line *line, const char *endpoint)
{
	unsigned port = 0;
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof address;
	*line = (struct line){.listener = socket(AF_INET, SOCK_STREAM, 0)};
	assert_int_equal(sscanf(endpoint, "tcp://127.0.0.1:%u", &port), 1);
	line->front_port = (uint16_t)port;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(line->listener, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(line->listener, 16), 0);
	assert_int_equal(getsockname(line->listener, (struct sockaddr *)&address, &len), 0);
	snprintf(line->endpoint, sizeof line->endpoint, "tcp://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
	assert_int_equal(pipe(line->stop), 0);
	assert_int_equal(pthread_create(&line->thread, NULL, line_main, line), 0);
}

static void line_close(struct line *line)
{
	assert_int_equal(write(line->stop[1], "x", 1), 1);
	pthread_join(line->thread, NULL);
	close(line->stop[0]);
	close(line->stop[1]);
	close(line->listener);
}

static struct agent *join_over(struct rig *rig, struct line *line)
{
	struct agent *agent = agent_make(rig);
	assert_int_equal(told_wire_allow(rig->wire, agent->config.public_key, told_text("housing")), TOLD_OK);
	agent->config.endpoint = line->endpoint;
	agent_open(agent);
	until(rig, agent_state(agent) == TOLD_SOCKET_CONNECTED);
	return agent;
}

static void test_a_damaged_frame_to_the_front_is_not_heard_and_the_agent_comes_back(void **state)
{
	struct rig *rig = *state;
	static struct line line;
	rig_start(rig);
	line_open(&line, rig->endpoint);
	struct agent *agent = join_over(rig, &line);
	uint64_t first = agent_tell(rig, agent, "before")->session;
	line.damage = 1;
	assert_int_equal(told_socket_send(agent->socket, told_text("e"), told_text("damaged")), TOLD_OK);
	until(rig, line.connections == 2 && agent_state(agent) == TOLD_SOCKET_CONNECTED);
	assert_true(agent_tell(rig, agent, "after")->session != first);
	assert_int_equal(rig->heard_count, 2);
	line_close(&line);
}

static void test_a_damaged_frame_to_the_agent_is_not_received_and_the_agent_comes_back(void **state)
{
	struct rig *rig = *state;
	static struct line line;
	rig_start(rig);
	line_open(&line, rig->endpoint);
	struct agent *agent = join_over(rig, &line);
	uint64_t session = agent_tell(rig, agent, "before")->session;
	line.damage = 2;
	rig_send(rig, session, 1, "damaged");
	until(rig, line.connections == 2 && agent_state(agent) == TOLD_SOCKET_CONNECTED);
	session = agent_tell(rig, agent, "after")->session;
	rig_send(rig, session, 2, "whole");
	until(rig, agent->received == 1);
	assert_string_equal(agent->body, "whole");
	line_close(&line);
}

/* A front that says which process it is. */
static _Atomic int *front_pid;

static enum told_status known_entry(const struct told_wire_config *config, int core_fd)
{
	*front_pid = getpid();
	return told_wire_run(config, core_fd);
}

static void test_a_front_that_dies_is_replaced_and_agents_come_back(void **state)
{
	struct rig *rig = *state;
	front_pid = mmap(NULL, sizeof *front_pid, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(front_pid != MAP_FAILED);
	rig_open(rig, known_entry);
	rig_listen(rig);
	struct agent *agent = agent_join(rig, "housing");
	agent_tell(rig, agent, "before");
	char endpoint[TOLD_ENDPOINT_MAX_BYTES];
	strcpy(endpoint, rig->endpoint);
	assert_int_equal(kill(*front_pid, SIGKILL), 0);
	until(rig, rig->ended == TOLD_E_UNREACHABLE);
	struct told_wire_message message;
	assert_int_equal(told_wire_next(rig->wire, &message), TOLD_E_UNREACHABLE);
	assert_int_equal(told_wire_close(rig->wire), TOLD_E_SYSTEM);
	rig->config.endpoint = endpoint;
	rig->endpoint[0] = '\0';
	rig->ended = TOLD_E_BUSY;
	int64_t start_ms = rig_now_ms();
	assert_int_equal(told_wire_open(&rig->config, rig->start, &rig->wire), TOLD_OK);
	assert_int_equal(told_wire_allow(rig->wire, agent->config.public_key, told_text("housing")), TOLD_OK);
	rig_listen(rig);
	assert_true(rig_now_ms() - start_ms < 1000); /* rules 13 */
	agent_tell(rig, agent, "after");
}

static void test_a_front_whose_core_is_gone_ends_by_itself(void **state)
{
	struct rig *rig = *state;
	rig_start(rig);
	struct agent *agent = agent_join(rig, "housing");
	agent_tell(rig, agent, "hello");
	shutdown(told_wire_fd(rig->wire), SHUT_RDWR);
	until(rig, rig->ended == TOLD_E_UNREACHABLE && agent_state(agent) == TOLD_SOCKET_CONNECTING);
}

#define AS_PROCESS(test)                                                                                               \
	{                                                                                                              \
#test, test, rig_set_up, rig_tear_down, (void *)(uintptr_t)&rig_process                                \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH_WAYS(test_a_damaged_frame_to_the_front_is_not_heard_and_the_agent_comes_back),
		BOTH_WAYS(test_a_damaged_frame_to_the_agent_is_not_received_and_the_agent_comes_back),
		BOTH_WAYS(test_a_front_whose_core_is_gone_ends_by_itself),
		AS_PROCESS(test_a_front_that_dies_is_replaced_and_agents_come_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
