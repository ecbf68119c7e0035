/* SPDX-License-Identifier: Apache-2.0 */
/* The front's life: locks first, then the self-test, then the port, then turns until STOP. May touch: libzmq. */
#include "broker/wire/front.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zmq.h>

#define MAX_SOCKETS   16 /* ROUTER, REP, the probe's two, their monitors */
#define NOFILE_WANTED 65536
#define FAREWELL_MS   1000

const struct told_front_doors told_front_doors = {
	.answer = told_zap_answer_request,
	.secure = told_router_set_options,
};

/* A flood of silent connections must run into the handshake's end before it runs into this (rules M4). */
static void raise_nofile(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	rlim_t wanted = limit.rlim_max < NOFILE_WANTED ? limit.rlim_max : NOFILE_WANTED;
	if (limit.rlim_cur < wanted) {
		limit.rlim_cur = wanted;
		setrlimit(RLIMIT_NOFILE, &limit); /* a lower limit still works */
	}
}

static enum told_status open_context(struct told_front *front)
{
	front->context = zmq_ctx_new();
	if (front->context == NULL || zmq_ctx_set(front->context, ZMQ_MAX_SOCKETS, MAX_SOCKETS) != 0)
		return TOLD_E_SYSTEM;
	return told_router_seed();
}

/* The order is the point: the handler of ZAP, the locks, the reading back, and no port yet. */
static enum told_status open_locks(struct told_front *front, const struct told_front_doors *doors)
{
	enum told_status status = told_zap_start(front->context, front->gate, doors->answer, &front->zap);
	if (status != TOLD_OK)
		return status;
	front->router = zmq_socket(front->context, ZMQ_ROUTER);
	if (front->router == NULL)
		return TOLD_E_SYSTEM;
	status = doors->secure(front->router, front->config);
	if (status == TOLD_OK)
		status = told_router_check(front->router);
	if (status == TOLD_OK)
		status = told_router_public(front->config->secret_key, front->server_key);
	return status;
}

static enum told_status open_front(struct told_front *front, const struct told_front_doors *doors)
{
	raise_nofile();
	enum told_status status = told_gate_new(&front->gate);
	if (status == TOLD_OK)
		status = told_sessions_new(&front->sessions);
	if (status == TOLD_OK)
		status = open_context(front);
	if (status == TOLD_OK)
		status = open_locks(front, doors);
	if (status == TOLD_OK)
		status = told_watch_open(front);
	return status;
}

static void close_front(struct told_front *front)
{
	told_watch_close(front);
	if (front->router != NULL)
		zmq_close(front->router);
	if (front->context != NULL) {
		zmq_ctx_shutdown(front->context); /* wakes the ZAP thread, which closes its own socket */
		told_zap_join(front->zap);
		while (zmq_ctx_term(front->context) != 0 && errno == EINTR)
			;
	}
	told_sessions_free(front->sessions);
	told_gate_free(front->gate);
}

/* One wait on everything. Peers are not heard while the core does not read: the backlog stays theirs. */
static enum told_status wait(struct told_front *front)
{
	size_t queued = told_frame_queued(front->core);
	bool room = queued < TOLD_PAIR_BULK_BYTES;
	zmq_pollitem_t items[] = {
		{.fd = front->core_fd, .events = (short)(ZMQ_POLLIN | (queued > 0 ? ZMQ_POLLOUT : 0))},
		{.socket = front->monitor, .events = ZMQ_POLLIN},
		{.socket = front->router, .events = (short)(room ? ZMQ_POLLIN : 0)},
		{.socket = front->probe != NULL ? told_probe_monitor(front->probe) : NULL, .events = ZMQ_POLLIN},
	};
	int count = front->probe != NULL ? 4 : 3;
	if (zmq_poll(items, count, (long)told_watch_wait_ms(front)) < 0 && errno != EINTR)
		return TOLD_E_SYSTEM;
	return TOLD_OK;
}

/* Ended connections are seen before what new ones sent, so that a descriptor used again is not taken for the old one.
 */
static enum told_status turn(struct told_front *front)
{
	enum told_status status = wait(front);
	if (status == TOLD_OK)
		status = told_orders_obey(front);
	if (status == TOLD_OK)
		status = told_watch_look(front);
	if (status == TOLD_OK)
		status = told_inbound_take(front);
	if (status == TOLD_OK)
		status = told_frame_flush(front->core);
	if (status == TOLD_E_UNREACHABLE) {
		front->stop = true; /* the core is gone, and with it our reason to be */
		return TOLD_OK;
	}
	return status == TOLD_E_BUSY ? TOLD_OK : status;
}

static void say_why(struct told_front *front, enum told_status why)
{
	told_log(front->config->log, TOLD_LOG_ERROR, "wire.failed", TOLD_LOG_STATUS("status", why));
	if (told_front_say(front, &(struct told_frame){.kind = TOLD_WIRE_FAILED, .number = why}) != TOLD_OK)
		return;
	zmq_pollitem_t item = {.fd = front->core_fd, .events = ZMQ_POLLOUT};
	while (told_frame_flush(front->core) == TOLD_E_BUSY && zmq_poll(&item, 1, FAREWELL_MS) > 0)
		;
}

enum told_status told_front_run(const struct told_wire_config *config, int core_fd,
				const struct told_front_doors *doors)
{
	struct told_front *front = calloc(1, sizeof *front);
	enum told_status status = TOLD_E_MEMORY;
	if (front == NULL)
		goto out;
	front->config = config;
	front->clock = told_clock_system();
	front->core_fd = core_fd;
	status = told_frame_open(core_fd, TOLD_PAIR_MAX_BYTES, TOLD_PAIR_QUEUE_BYTES, &front->core);
	if (status != TOLD_OK)
		goto out;
	status = open_front(front, doors);
	while (status == TOLD_OK && !front->stop)
		status = turn(front);
	if (status != TOLD_OK)
		say_why(front, status);
	close_front(front);
out:
	if (front != NULL)
		told_frame_close(front->core);
	free(front);
	close(core_fd);
	return status;
}

enum told_status told_wire_run(const struct told_wire_config *config, int core_fd)
{
	return told_front_run(config, core_fd, &told_front_doors);
}
