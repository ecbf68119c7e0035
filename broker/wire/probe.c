/* SPDX-License-Identifier: Apache-2.0 */
/* The probe of our own lock. May touch: libzmq, one loopback port while it runs. */
#include "broker/wire/probe.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define MONITOR_ENDPOINT "inproc://told.probe"
#define REFUSED_STATUS   400
#define OUTCOMES                                                                                                       \
	(ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL)

struct told_probe {
	void *router, *knocker, *monitor;
	int64_t end_boot_ms;
	char endpoint[TOLD_ENDPOINT_MAX_BYTES];
};

static bool set_number(void *socket, int option, int value)
{
	return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

/* A key of its own each time: it was never allowed, and nobody else has it. */
static enum told_status give_key(void *knocker, struct told_gate *gate)
{
	uint8_t public_key[TOLD_KEY_BYTES], secret_key[TOLD_KEY_BYTES];
	enum told_status status = told_wire_keypair(public_key, secret_key);
	if (status != TOLD_OK)
		return status;
	told_gate_expect(gate, public_key);
	if (zmq_setsockopt(knocker, ZMQ_CURVE_PUBLICKEY, public_key, sizeof public_key) != 0 ||
	    zmq_setsockopt(knocker, ZMQ_CURVE_SECRETKEY, secret_key, sizeof secret_key) != 0)
		status = TOLD_E_SYSTEM;
	told_wipe(secret_key, sizeof secret_key);
	return status;
}

static enum told_status open_sockets(struct told_probe *probe, void *context, const uint8_t server_key[TOLD_KEY_BYTES],
				     struct told_gate *gate)
{
	probe->knocker = zmq_socket(context, ZMQ_DEALER);
	probe->monitor = zmq_socket(context, ZMQ_PAIR);
	if (probe->knocker == NULL || probe->monitor == NULL)
		return TOLD_E_SYSTEM;
	enum told_status status = give_key(probe->knocker, gate);
	if (status != TOLD_OK)
		return status;
	if (!set_number(probe->knocker, ZMQ_LINGER, 0) || !set_number(probe->monitor, ZMQ_LINGER, 0) ||
	    !set_number(probe->knocker, ZMQ_IPV6, 1) || !set_number(probe->knocker, ZMQ_RECONNECT_IVL, -1) ||
	    zmq_setsockopt(probe->knocker, ZMQ_CURVE_SERVERKEY, server_key, TOLD_KEY_BYTES) != 0)
		return TOLD_E_SYSTEM;
	if (zmq_socket_monitor(probe->knocker, MONITOR_ENDPOINT, OUTCOMES) != 0 ||
	    zmq_connect(probe->monitor, MONITOR_ENDPOINT) != 0)
		return TOLD_E_SYSTEM;
	return zmq_connect(probe->knocker, probe->endpoint) == 0 ? TOLD_OK : TOLD_E_SYSTEM;
}

enum told_status told_probe_start(void *context, void *router, const uint8_t server_key[TOLD_KEY_BYTES],
				  struct told_gate *gate, int64_t end_boot_ms, struct told_probe **out)
{
	struct told_probe *probe = calloc(1, sizeof *probe);
	*out = NULL;
	if (probe == NULL)
		return TOLD_E_MEMORY;
	probe->end_boot_ms = end_boot_ms;
	probe->router = router;
	enum told_status status = told_router_bind(router, "tcp://127.0.0.1:*", probe->endpoint);
	if (status == TOLD_OK)
		status = open_sockets(probe, context, server_key, gate);
	if (status == TOLD_OK)
		*out = probe;
	else
		told_probe_free(probe);
	return status;
}

void *told_probe_monitor(const struct told_probe *probe)
{
	return probe->monitor;
}

int64_t told_probe_end_ms(const struct told_probe *probe)
{
	return probe->end_boot_ms;
}

enum told_status told_probe_look(struct told_probe *probe, int64_t boot_ms)
{
	uint8_t event[6] = {0}, address[TOLD_ENDPOINT_MAX_BYTES];
	if (zmq_recv(probe->monitor, event, sizeof event, ZMQ_DONTWAIT) < 0)
		return boot_ms < probe->end_boot_ms ? TOLD_E_BUSY : TOLD_E_TIMEOUT;
	if (zmq_recv(probe->monitor, address, sizeof address, 0) < 0)
		return TOLD_E_SYSTEM;
	uint16_t kind = 0;
	uint32_t value = 0;
	memcpy(&kind, event, sizeof kind); /* zmq_socket_monitor(3): both in the machine's own order */
	memcpy(&value, event + 2, sizeof value);
	return kind == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH && value == REFUSED_STATUS ? TOLD_OK : TOLD_E_CONFIG;
}

void told_probe_free(struct told_probe *probe)
{
	if (probe == NULL)
		return;
	if (probe->knocker != NULL) {
		zmq_socket_monitor(probe->knocker, NULL, 0);
		zmq_close(probe->knocker);
	}
	if (probe->monitor != NULL)
		zmq_close(probe->monitor);
	if (probe->endpoint[0] != '\0')
		zmq_unbind(probe->router, probe->endpoint);
	free(probe);
}
