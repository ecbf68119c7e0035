/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share: the API, and one request on its way. Room-internal. */
#ifndef TOLD_API_STATE_H
#define TOLD_API_STATE_H

#include "agents/api/api.h"
#include "agents/api/route.h"

#include <microhttpd.h>

struct told_api {
	struct told_agent *agent;
	const struct told_form *form;
	struct told_clock clock;
	struct MHD_Daemon *http;
	int epoll_fd;
	int dir_fd;                    /* the socket's folder, so that its path may be long */
	char *name;                    /* the socket in it */
	struct told_exchange *waiting; /* suspended, newest first */
};

/* One request: told_exchange_* in exchange.c; http.c moves its bytes. */
struct told_exchange {
	struct told_api *api;
	struct MHD_Connection *connection;
	struct told_routed routed;
	struct told_caller caller;
	struct told_buf body;
	unsigned wait_s;
	bool suspended;
	/* While it waits for the broker. */
	uint8_t ticket[TOLD_ID_BYTES];
	int64_t deadline_boot_ms;
	struct told_exchange *next;
	json_t *about, *extra;
	/* The answer. */
	unsigned http; /* 0: not answered yet */
	json_t *answer;
};

/* Judges route, worker and length from the head alone; sets the answer when that is the end of it. */
void told_exchange_begin(struct told_exchange *exchange, const char *method, const char *path);
/* All is here: parses, calls the agent. Afterwards either http is set or the exchange waits (deadline_boot_ms is set).
 */
void told_exchange_run(struct told_exchange *exchange);
/* Asks the agent how it stands; sets the answer when that is final, refused, or the deadline has come. */
void told_exchange_look(struct told_exchange *exchange, int64_t now_boot_ms);
void told_exchange_free(struct told_exchange *exchange);

told_api_own_call told_api_intake;
told_api_own_call told_api_story;
told_api_own_call told_api_usage, told_api_usage_period, told_api_usage_heartbeat;

#endif
