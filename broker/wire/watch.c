/* SPDX-License-Identifier: Apache-2.0 */
/* Watching the ROUTER from outside: its monitor, the probe of its lock, and the counts. May touch: libzmq. */
#include "broker/wire/front.h"

#include <string.h>
#include <zmq.h>

#define MONITOR_ENDPOINT "inproc://told.front"
#define PROBE_MS         INT64_C(30000)
#define PROBE_LIMIT_MS   5000 /* a handshake takes milliseconds; a handler that needs longer is not there */
#define REPORT_MS        1000
/* Not HANDSHAKE_FAILED_PROTOCOL: telling the monitor of it overwrites the errno by which libzmq 4.3.4 would have ended
 * the connection of a damaged or replayed frame, which then hangs instead (stream_engine_base.cpp, in_event_internal).
 */
#define WATCHED ZMQ_EVENT_DISCONNECTED

static int64_t now_ms(const struct told_front *front)
{
	return told_clock_now(&front->clock).boot_ms;
}

static enum told_status start_probe(struct told_front *front)
{
	return told_probe_start(front->context, front->router, front->server_key, front->gate,
				now_ms(front) + PROBE_LIMIT_MS, &front->probe);
}

enum told_status told_watch_open(struct told_front *front)
{
	int none = 0;
	front->monitor = zmq_socket(front->context, ZMQ_PAIR);
	/* No high water: libzmq's I/O thread would block on a full monitor, and every turn empties this one. */
	if (front->monitor == NULL || zmq_setsockopt(front->monitor, ZMQ_RCVHWM, &none, sizeof none) != 0 ||
	    zmq_setsockopt(front->monitor, ZMQ_LINGER, &none, sizeof none) != 0 ||
	    zmq_socket_monitor(front->router, MONITOR_ENDPOINT, WATCHED) != 0 ||
	    zmq_connect(front->monitor, MONITOR_ENDPOINT) != 0)
		return TOLD_E_SYSTEM;
	return start_probe(front);
}

void told_watch_close(struct told_front *front)
{
	told_probe_free(front->probe);
	front->probe = NULL;
	if (front->router != NULL)
		zmq_socket_monitor(front->router, NULL, 0);
	if (front->monitor != NULL)
		zmq_close(front->monitor);
}

/* Whether an address is that of the public port, and not of a probe. */
static bool is_public(const struct told_front *front, const char *address)
{
	const char *port = strrchr(address, ':');
	return front->port[0] != '\0' && port != NULL && strcmp(port, front->port) == 0;
}

/* libzmq tells the descriptor that ended. Should another connection have it by now, and have spoken before we read
 * this, then that one loses its number here and gets a new one with its next message: no harm. */
static enum told_status disconnected(struct told_front *front, int fd, const char *address)
{
	struct told_session *session = told_sessions_by_fd(front->sessions, fd);
	if (session != NULL)
		return told_front_gone(front, session);
	if (is_public(front, address))
		told_drops_add(&front->drops, 0, TOLD_WIRE_DROP_SILENT, 1);
	return TOLD_OK;
}

static enum told_status look_at_monitor(struct told_front *front)
{
	uint8_t event[6] = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && zmq_recv(front->monitor, event, sizeof event, ZMQ_DONTWAIT) >= 0) {
		char address[TOLD_ENDPOINT_MAX_BYTES] = "";
		uint32_t value = 0;
		if (zmq_recv(front->monitor, address, sizeof address - 1, 0) < 0)
			return TOLD_E_SYSTEM;
		memcpy(&value, event + 2, sizeof value); /* zmq_socket_monitor(3): in the machine's own order */
		status = disconnected(front, (int)value, address);
	}
	return status;
}

/* The first probe decides whether we start at all; later ones whether we are well. */
static enum told_status judge_probe(struct told_front *front, enum told_status outcome)
{
	if (!front->tested) {
		front->tested = outcome == TOLD_OK;
		return outcome == TOLD_OK ? told_front_listen(front) : TOLD_E_CONFIG;
	}
	if (outcome == front->health)
		return TOLD_OK;
	front->health = outcome;
	told_log(front->config->log, TOLD_LOG_WARNING, "wire.health", TOLD_LOG_STATUS("status", outcome));
	return told_front_say(front, &(struct told_frame){.kind = TOLD_WIRE_HEALTH, .number = outcome});
}

static enum told_status look_at_probe(struct told_front *front)
{
	if (front->probe == NULL)
		return now_ms(front) >= front->next_probe_ms ? start_probe(front) : TOLD_OK;
	enum told_status outcome = told_probe_look(front->probe, now_ms(front));
	if (outcome == TOLD_E_BUSY)
		return TOLD_OK;
	told_probe_free(front->probe);
	front->probe = NULL;
	front->next_probe_ms = now_ms(front) + (front->config->probe_ms > 0 ? front->config->probe_ms : PROBE_MS);
	return judge_probe(front, outcome);
}

static enum told_status report(struct told_front *front)
{
	uint64_t admission = 0, count = 0;
	enum told_wire_reason reason = TOLD_WIRE_REASON_COUNT;
	if (now_ms(front) < front->next_report_ms)
		return TOLD_OK;
	front->next_report_ms = now_ms(front) + REPORT_MS;
	if (told_frame_queued(front->core) >= TOLD_PAIR_BULK_BYTES)
		return TOLD_OK; /* counted on, and told once the core reads again */
	told_drops_add(&front->drops, 0, TOLD_WIRE_DROP_KEY, told_gate_refused(front->gate));
	while (told_drops_take(&front->drops, &admission, &reason, &count)) {
		uint8_t why = (uint8_t)reason;
		enum told_status status = told_front_say(front, &(struct told_frame){.kind = TOLD_WIRE_DROPPED,
										     .handle = admission,
										     .number = count,
										     .first = told_bytes(&why, 1)});
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

int64_t told_watch_wait_ms(const struct told_front *front)
{
	int64_t due_ms = front->probe != NULL ? told_probe_end_ms(front->probe) : front->next_probe_ms;
	int64_t now = now_ms(front);
	if (front->next_report_ms < due_ms)
		due_ms = front->next_report_ms;
	return due_ms > now ? due_ms - now : 0;
}

enum told_status told_watch_look(struct told_front *front)
{
	enum told_status status = look_at_monitor(front);
	if (status == TOLD_OK)
		status = look_at_probe(front);
	if (status == TOLD_OK)
		status = report(front);
	return status;
}
