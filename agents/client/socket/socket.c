/* SPDX-License-Identifier: Apache-2.0 */
/* The agent's DEALER. May touch: libzmq, one epoll descriptor. */
#include "agents/client/socket/socket.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <zmq.h>

#define ENDPOINT_MAX_BYTES 256u
#define CURVE_EXTRA_BYTES  64 /* a CURVE MESSAGE command adds 33 */
#define HIGH_WATER         128
#define RECONNECT_MS       200
#define NEVER_MS           3600000 /* libzmq connects anew only later than we do: -1 makes it cut messages in two */
#define RECONNECT_MAX_MS   30000
#define HANDSHAKE_MS       10000
#define MAX_SOCKETS        64 /* closed ones are reaped a moment later */
/* Not HANDSHAKE_FAILED_PROTOCOL: telling the monitor of it overwrites the errno by which libzmq 4.3.4 would have ended
 * the connection of a damaged frame, which then hangs instead (stream_engine_base.cpp, in_event_internal). */
#define WATCHED                                                                                                        \
	(ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |                          \
	 ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL)

enum part { PART_ENVELOPE, PART_BODY, PART_SURPLUS, PART_COUNT };

/* One DEALER a connection: when it ends, the socket goes with all that it had queued either way. A DEALER that libzmq
 * connects anew would send what was meant for the connection before and give out what had come on it; and with
 * ZMQ_IMMEDIATE it now and then aborts in the middle of a message when a connection ends (fq.cpp, !_more; libzmq #3485,
 * #3663; tests/flow/test_kill.c shows it). What is sent too early is lost with the socket, so nobody needs that option.
 */
struct told_socket {
	void *context, *dealer, *monitor; /* dealer and monitor: NULL between two connections */
	int poll_fd;
	enum told_socket_state state;
	uint64_t connections, opened;
	int64_t retry_at_ms; /* when the next one opens; -1: there is one, and libzmq tries by itself until it stands */
	int64_t retry_ms;
	zmq_msg_t parts[PART_COUNT];
	char endpoint[ENDPOINT_MAX_BYTES];
	struct told_socket_config config; /* keys above all; its endpoint is ours */
};

static bool set_numbers(void *dealer, int high_water)
{
	const struct {
		int option, value;
	} numbers[] = {
		{ZMQ_LINGER, 0},
		{ZMQ_RECONNECT_IVL, NEVER_MS},
		{ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
		{ZMQ_SNDHWM, high_water},
		{ZMQ_RCVHWM, high_water},
		{ZMQ_IPV6, 1},
		{ZMQ_TCP_KEEPALIVE, 1},
		{ZMQ_TCP_KEEPALIVE_IDLE, 30},
		{ZMQ_TCP_KEEPALIVE_INTVL, 10},
		{ZMQ_TCP_KEEPALIVE_CNT, 3},
	};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (zmq_setsockopt(dealer, numbers[i].option, &numbers[i].value, sizeof numbers[i].value) != 0)
			return false;
	return true;
}

static enum told_status secure(void *dealer, const struct told_socket_config *config)
{
	int64_t max_bytes = TOLD_FRAME_MAX_BYTES + CURVE_EXTRA_BYTES; /* a full parcel */
	if (!set_numbers(dealer, config->high_water > 0 ? config->high_water : HIGH_WATER) ||
	    zmq_setsockopt(dealer, ZMQ_MAXMSGSIZE, &max_bytes, sizeof max_bytes) != 0 ||
	    zmq_setsockopt(dealer, ZMQ_CURVE_SERVERKEY, config->server_key, TOLD_KEY_BYTES) != 0 ||
	    zmq_setsockopt(dealer, ZMQ_CURVE_PUBLICKEY, config->public_key, TOLD_KEY_BYTES) != 0 ||
	    zmq_setsockopt(dealer, ZMQ_CURVE_SECRETKEY, config->secret_key, TOLD_KEY_BYTES) != 0)
		return TOLD_E_CONFIG;
	return TOLD_OK;
}

static enum told_status open_monitor(struct told_socket *socket)
{
	int none = 0;
	char endpoint[64];
	snprintf(endpoint, sizeof endpoint, "inproc://told.socket.%" PRIu64, ++socket->opened);
	socket->monitor = zmq_socket(socket->context, ZMQ_PAIR);
	/* No high water: libzmq's I/O thread would block on a monitor that is not read. */
	if (socket->monitor == NULL || zmq_setsockopt(socket->monitor, ZMQ_RCVHWM, &none, sizeof none) != 0 ||
	    zmq_setsockopt(socket->monitor, ZMQ_LINGER, &none, sizeof none) != 0 ||
	    zmq_socket_monitor(socket->dealer, endpoint, WATCHED) != 0 || zmq_connect(socket->monitor, endpoint) != 0)
		return TOLD_E_SYSTEM;
	return TOLD_OK;
}

/* Both sockets' descriptors behind one, so that the caller polls one thing only. */
static bool poll_both(struct told_socket *socket, int operation)
{
	void *const both[] = {socket->dealer, socket->monitor};
	bool done = true;
	for (size_t i = 0; i < sizeof both / sizeof both[0]; i++) {
		struct epoll_event event = {.events = EPOLLIN};
		int fd = -1;
		size_t len = sizeof fd;
		done &= both[i] != NULL && zmq_getsockopt(both[i], ZMQ_FD, &fd, &len) == 0 &&
			epoll_ctl(socket->poll_fd, operation, fd, &event) == 0;
	}
	return done;
}

static void close_dealer(struct told_socket *socket)
{
	poll_both(socket, EPOLL_CTL_DEL); /* of one that was half open there may be nothing to take out */
	if (socket->dealer != NULL) {
		zmq_socket_monitor(socket->dealer, NULL, 0);
		zmq_close(socket->dealer);
	}
	if (socket->monitor != NULL)
		zmq_close(socket->monitor);
	socket->dealer = socket->monitor = NULL;
}

static enum told_status open_dealer(struct told_socket *socket)
{
	socket->dealer = zmq_socket(socket->context, ZMQ_DEALER);
	if (socket->dealer == NULL)
		return TOLD_E_SYSTEM;
	enum told_status status = secure(socket->dealer, &socket->config);
	if (status == TOLD_OK)
		status = open_monitor(socket);
	if (status == TOLD_OK && !poll_both(socket, EPOLL_CTL_ADD))
		status = TOLD_E_SYSTEM;
	if (status == TOLD_OK && zmq_connect(socket->dealer, socket->endpoint) != 0)
		status = TOLD_E_CONFIG;
	return status;
}

static enum told_status open_all(struct told_socket *socket, const struct told_socket_config *config)
{
	size_t len = strlen(config->endpoint);
	if (len >= sizeof socket->endpoint || strncmp(config->endpoint, "tcp://", 6) != 0)
		return TOLD_E_CONFIG;
	memcpy(socket->endpoint, config->endpoint, len + 1);
	socket->config = *config;
	socket->config.endpoint = socket->endpoint;
	socket->poll_fd = epoll_create1(EPOLL_CLOEXEC);
	socket->context = zmq_ctx_new();
	if (socket->poll_fd < 0 || socket->context == NULL ||
	    zmq_ctx_set(socket->context, ZMQ_MAX_SOCKETS, MAX_SOCKETS) != 0)
		return TOLD_E_SYSTEM;
	return open_dealer(socket);
}

enum told_status told_socket_open(const struct told_socket_config *config, struct told_socket **out)
{
	struct told_socket *socket = calloc(1, sizeof *socket);
	*out = NULL;
	if (socket == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < PART_COUNT; i++)
		zmq_msg_init(&socket->parts[i]);
	socket->poll_fd = -1;
	socket->retry_at_ms = -1;
	socket->retry_ms = RECONNECT_MS;
	enum told_status status = open_all(socket, config);
	if (status == TOLD_OK)
		*out = socket;
	else
		told_socket_close(socket);
	return status;
}

void told_socket_close(struct told_socket *socket)
{
	if (socket == NULL)
		return;
	for (size_t i = 0; i < PART_COUNT; i++)
		zmq_msg_close(&socket->parts[i]);
	close_dealer(socket);
	if (socket->poll_fd >= 0)
		close(socket->poll_fd);
	if (socket->context != NULL)
		while (zmq_ctx_term(socket->context) != 0 && errno == EINTR)
			;
	told_wipe(socket, sizeof *socket);
	free(socket);
}

int told_socket_fd(const struct told_socket *socket)
{
	return socket->poll_fd;
}

enum told_socket_state told_socket_state(const struct told_socket *socket)
{
	return socket->state;
}

uint64_t told_socket_connections(const struct told_socket *socket)
{
	return socket->connections;
}

const char *told_socket_advice(enum told_socket_state state)
{
	static const char *const advice[] = {
		[TOLD_SOCKET_CONNECTING] =
			"Nobody answers at the broker's address. Check the address, the network and that "
			"the broker runs.",
		[TOLD_SOCKET_UNANSWERED] =
			"Something answers at the broker's address, but not as the broker. Check the "
			"broker's public key in the settings against the one that was read out to you.",
		[TOLD_SOCKET_REFUSED] =
			"The broker does not know this agency's session key. Ask the operator to enrol it, "
			"or to say whether it was revoked.",
		[TOLD_SOCKET_CONNECTED] = "Connected.",
	};
	return advice[state];
}

static bool readable(void *zmq)
{
	int events = 0;
	size_t len = sizeof events;
	return zmq != NULL && zmq_getsockopt(zmq, ZMQ_EVENTS, &events, &len) == 0 && (events & ZMQ_POLLIN) != 0;
}

int64_t told_socket_timeout_ms(struct told_socket *socket, int64_t boot_ms)
{
	if (readable(socket->dealer) || readable(socket->monitor))
		return 0;
	if (socket->retry_at_ms < 0)
		return -1;
	return socket->retry_at_ms > boot_ms ? socket->retry_at_ms - boot_ms : 0;
}

/* Agents of a broker that restarts must not all come back at once. */
static void retry_later(struct told_socket *socket, int64_t boot_ms)
{
	uint32_t random = 0;
	if (socket->retry_at_ms >= 0)
		return;
	if (told_random(&random, sizeof random) != TOLD_OK)
		random = UINT32_MAX; /* no jitter then */
	socket->retry_at_ms = boot_ms + socket->retry_ms + random % (uint32_t)socket->retry_ms;
	socket->retry_ms = socket->retry_ms * 2 < RECONNECT_MAX_MS ? socket->retry_ms * 2 : RECONNECT_MAX_MS;
}

static void happened(struct told_socket *socket, uint16_t event, int64_t boot_ms)
{
	switch (event) {
	case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
		socket->state = TOLD_SOCKET_CONNECTED;
		socket->connections++;
		socket->retry_at_ms = -1;
		socket->retry_ms = RECONNECT_MS;
		return;
	case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: socket->state = TOLD_SOCKET_REFUSED; break;
	case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL: socket->state = TOLD_SOCKET_UNANSWERED; break;
	default: /* disconnected: what a failed handshake said about it is worth more */
		if (socket->state == TOLD_SOCKET_CONNECTED)
			socket->state = TOLD_SOCKET_CONNECTING;
		break;
	}
	retry_later(socket, boot_ms);
}

enum told_status told_socket_pump(struct told_socket *socket, int64_t boot_ms)
{
	uint8_t event[6] = {0}, address[ENDPOINT_MAX_BYTES];
	while (socket->monitor != NULL && zmq_recv(socket->monitor, event, sizeof event, ZMQ_DONTWAIT) >= 0) {
		uint16_t kind = 0;
		if (zmq_recv(socket->monitor, address, sizeof address, 0) < 0)
			return TOLD_E_SYSTEM;
		memcpy(&kind, event, sizeof kind); /* zmq_socket_monitor(3): in the machine's own order */
		happened(socket, kind, boot_ms);
		if (kind != ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
			close_dealer(socket);
	}
	if (socket->retry_at_ms < 0 || boot_ms < socket->retry_at_ms)
		return TOLD_OK;
	socket->retry_at_ms = -1;
	return open_dealer(socket);
}

enum told_status told_socket_send(struct told_socket *socket, struct told_bytes envelope, struct told_bytes body)
{
	if (envelope.len > TOLD_ENVELOPE_MAX_BYTES || body.len > TOLD_BODY_MAX_BYTES)
		return TOLD_E_LIMIT;
	if (socket->dealer == NULL)
		return TOLD_E_BUSY;
	if (zmq_send(socket->dealer, envelope.data, envelope.len, ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0)
		return errno == EAGAIN ? TOLD_E_BUSY : TOLD_E_SYSTEM;
	return zmq_send(socket->dealer, body.data, body.len, ZMQ_DONTWAIT) >= 0 ? TOLD_OK : TOLD_E_SYSTEM;
}

enum told_status told_socket_receive(struct told_socket *socket, struct told_bytes *envelope, struct told_bytes *body)
{
	int more = 1;
	size_t frames = 0;
	if (socket->dealer == NULL)
		return TOLD_E_BUSY;
	for (; more != 0; frames++) {
		zmq_msg_t *part = &socket->parts[frames < PART_SURPLUS ? frames : PART_SURPLUS];
		if (zmq_msg_recv(part, socket->dealer, ZMQ_DONTWAIT) < 0)
			return errno == EAGAIN ? TOLD_E_BUSY : TOLD_E_SYSTEM;
		more = zmq_msg_more(part);
	}
	*envelope =
		told_bytes(zmq_msg_data(&socket->parts[PART_ENVELOPE]), zmq_msg_size(&socket->parts[PART_ENVELOPE]));
	*body = told_bytes(zmq_msg_data(&socket->parts[PART_BODY]), zmq_msg_size(&socket->parts[PART_BODY]));
	bool whole = frames == 2 && envelope->len <= TOLD_ENVELOPE_MAX_BYTES && body->len <= TOLD_FRAME_MAX_BYTES;
	return whole ? TOLD_OK : TOLD_E_MALFORMED;
}
