/* SPDX-License-Identifier: Apache-2.0 */
/* libmicrohttpd, started, stopped and turned. Room-internal. */
#ifndef TOLD_API_HTTP_H
#define TOLD_API_HTTP_H

#include "agents/api/api.h"

/* Starts on a listening socket, which MHD owns after TOLD_OK. TOLD_E_SYSTEM. */
TOLD_MUST_USE enum told_status told_http_start(struct told_api *api, int listen_fd, unsigned connections_max,
					       unsigned idle_s);
void told_http_stop(struct told_api *api);

size_t told_http_prepare(void *api, struct pollfd *fds, size_t room, int64_t *timeout_ms);
void told_http_serve(void *api, const struct pollfd *fds, size_t count);

#endif
