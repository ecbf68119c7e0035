/* SPDX-License-Identifier: Apache-2.0 */
/* The ZAP handler. May touch: its REP socket and the gate. Every path that is not a known key is 400. */
#include "broker/wire/zap.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define ZAP_ENDPOINT    "inproc://zeromq.zap.01"
#define FRAMES          7 /* version, request id, domain, address, routing id, mechanism, the key */
#define FRAME_MAX_BYTES 256

struct told_zap {
	void *socket;
	struct told_gate *gate;
	told_zap_answer *answer;
	pthread_t thread;
};

struct request {
	uint8_t frames[FRAMES][FRAME_MAX_BYTES];
	size_t sizes[FRAMES];
	size_t count; /* all frames that came, also those over FRAMES */
};

static enum told_status receive(void *socket, struct request *request)
{
	int more = 1;
	for (request->count = 0; more != 0; request->count++) {
		uint8_t spill[FRAME_MAX_BYTES];
		bool kept = request->count < FRAMES;
		int size = zmq_recv(socket, kept ? request->frames[request->count] : spill, FRAME_MAX_BYTES, 0);
		size_t len = sizeof more;
		if (size < 0 || zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &len) != 0)
			return TOLD_E_UNREACHABLE;
		if (kept)
			request->sizes[request->count] =
				(size_t)size; /* cut frames keep their size: they match nothing */
	}
	return TOLD_OK;
}

static bool is(const struct request *request, size_t frame, const char *text)
{
	return request->sizes[frame] == strlen(text) && memcmp(request->frames[frame], text, strlen(text)) == 0;
}

static uint64_t judge(const struct request *request, struct told_gate *gate)
{
	if (request->count != FRAMES || !is(request, 0, "1.0") || !is(request, 2, TOLD_ZAP_DOMAIN) ||
	    !is(request, 5, "CURVE") || request->sizes[6] != TOLD_KEY_BYTES)
		return 0;
	return told_gate_judge(gate, request->frames[6]);
}

static enum told_status reply(void *socket, const struct request *request, uint64_t admission)
{
	char user[17] = "";
	if (admission != 0)
		snprintf(user, sizeof user, "%016" PRIx64, admission);
	size_t id_len = request->count > 1 && request->sizes[1] <= FRAME_MAX_BYTES ? request->sizes[1] : 0;
	const struct told_bytes parts[] = {
		told_text("1.0"),
		told_bytes(request->frames[1], id_len),
		told_text(admission != 0 ? "200" : "400"),
		told_text(admission != 0 ? "OK" : "Not known here"),
		told_text(user),
		told_text(""), /* no metadata */
	};
	size_t count = sizeof parts / sizeof parts[0];
	for (size_t i = 0; i < count; i++)
		if (zmq_send(socket, parts[i].data, parts[i].len, i + 1 < count ? ZMQ_SNDMORE : 0) < 0)
			return TOLD_E_UNREACHABLE;
	return TOLD_OK;
}

enum told_status told_zap_answer_request(void *socket, struct told_gate *gate)
{
	struct request request = {.count = 0};
	enum told_status status = receive(socket, &request);
	if (status != TOLD_OK)
		return status;
	return reply(socket, &request, judge(&request, gate));
}

/* Ends when the context shuts down (ETERM), or when the socket can no longer be trusted: then nobody new gets in. */
static void *run(void *arg)
{
	struct told_zap *zap = arg;
	while (zap->answer(zap->socket, zap->gate) == TOLD_OK)
		;
	zmq_close(zap->socket);
	return NULL;
}

enum told_status told_zap_start(void *context, struct told_gate *gate, told_zap_answer *answer, struct told_zap **out)
{
	int none = 0;
	struct told_zap *zap = calloc(1, sizeof *zap);
	*out = NULL;
	if (zap == NULL)
		return TOLD_E_MEMORY;
	zap->gate = gate;
	zap->answer = answer;
	zap->socket = zmq_socket(context, ZMQ_REP);
	if (zap->socket != NULL && zmq_setsockopt(zap->socket, ZMQ_LINGER, &none, sizeof none) == 0 &&
	    zmq_bind(zap->socket, ZAP_ENDPOINT) == 0 && pthread_create(&zap->thread, NULL, run, zap) == 0) {
		*out = zap;
		return TOLD_OK;
	}
	if (zap->socket != NULL)
		zmq_close(zap->socket);
	free(zap);
	return TOLD_E_SYSTEM;
}

void told_zap_join(struct told_zap *zap)
{
	if (zap == NULL)
		return;
	pthread_join(zap->thread, NULL);
	free(zap);
}
