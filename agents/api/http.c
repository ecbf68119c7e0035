/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP of the API: libmicrohttpd without threads, its epoll descriptor turned by the agent's loop. Moves bytes and
 * decides nothing. */
#include "agents/api/http.h"
#include "agents/api/state.h"

#include <stdlib.h>
#include <string.h>

/* jansson hands out pieces; a buffer that wipes itself takes them, because they are somebody's story. */
static int collect(const char *text, size_t len, void *ctx)
{
	struct told_buf *out = ctx;
	told_buf_put(out, text, len);
	return out->status == TOLD_OK ? 0 : -1;
}

static void free_body(void *ctx)
{
	struct told_buf *body = ctx;
	told_buf_free(body);
	free(body);
}

static struct MHD_Response *response_of(const json_t *json)
{
	struct told_buf *body = calloc(1, sizeof *body);
	if (body == NULL)
		return NULL;
	*body = TOLD_BUF(SIZE_MAX);
	struct MHD_Response *response = NULL;
	if (json != NULL && json_dump_callback(json, collect, body, JSON_COMPACT | JSON_PRESERVE_ORDER) == 0)
		response =
			MHD_create_response_from_buffer_with_free_callback_cls(body->len, body->data, free_body, body);
	if (response == NULL)
		free_body(body);
	return response;
}

static enum MHD_Result send_answer(struct told_exchange *exchange)
{
	struct MHD_Response *response = response_of(exchange->answer);
	if (response == NULL)
		return MHD_NO; /* no memory: the connection ends, which a client takes for "not now" */
	const char *type = exchange->http < 400 ? "application/json" : "application/problem+json";
	enum MHD_Result sent = MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	if (sent == MHD_YES)
		sent = MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	if (sent == MHD_YES && exchange->http == MHD_HTTP_METHOD_NOT_ALLOWED)
		sent = MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, exchange->routed.allowed);
	if (sent == MHD_YES)
		sent = MHD_queue_response(exchange->connection, exchange->http, response);
	MHD_destroy_response(response);
	return sent;
}

static struct told_exchange *exchange_new(struct told_api *api, struct MHD_Connection *connection)
{
	struct told_exchange *exchange = calloc(1, sizeof *exchange);
	if (exchange == NULL)
		return NULL;
	exchange->api = api;
	exchange->connection = connection;
	exchange->body = TOLD_BUF(TOLD_API_REQUEST_MAX_BYTES);
	return exchange;
}

static void suspend(struct told_exchange *exchange)
{
	exchange->suspended = true;
	exchange->next = exchange->api->waiting;
	exchange->api->waiting = exchange;
	MHD_suspend_connection(exchange->connection);
}

/* MHD calls this for the head, for each piece of the body, at its end, and again after a suspended one goes on. */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *path, const char *method,
				  const char *version, const char *data, size_t *len, void **state)
{
	struct told_exchange *exchange = *state;
	(void)version;
	if (exchange == NULL) {
		exchange = exchange_new(ctx, connection);
		if (exchange == NULL)
			return MHD_NO;
		*state = exchange;
		told_exchange_begin(exchange, method, path);
		return exchange->http != 0 ? send_answer(exchange) : MHD_YES;
	}
	if (*len > 0) {
		told_buf_put(&exchange->body, data, *len);
		*len = 0;
		/* Sent in pieces and without a length: no way to say more than goodbye. */
		return exchange->body.status == TOLD_OK ? MHD_YES : MHD_NO;
	}
	if (exchange->http == 0)
		told_exchange_run(exchange);
	if (exchange->http != 0)
		return send_answer(exchange);
	suspend(exchange);
	return MHD_YES;
}

static void on_done(void *ctx, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
	(void)ctx, (void)connection, (void)code;
	told_exchange_free(*state);
	*state = NULL;
}

enum told_status told_http_start(struct told_api *api, int listen_fd, unsigned connections_max, unsigned idle_s)
{
	api->http = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, api,
				     MHD_OPTION_LISTEN_SOCKET, listen_fd, MHD_OPTION_CONNECTION_LIMIT, connections_max,
				     MHD_OPTION_CONNECTION_TIMEOUT, idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
				     (size_t)TOLD_API_HEAD_MAX_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
				     MHD_OPTION_NOTIFY_COMPLETED, on_done, NULL, MHD_OPTION_END);
	if (api->http == NULL)
		return TOLD_E_SYSTEM;
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(api->http, MHD_DAEMON_INFO_EPOLL_FD);
	if (info == NULL)
		return TOLD_E_SYSTEM;
	api->epoll_fd = info->epoll_fd;
	return TOLD_OK;
}

/* Everyone who waits and may go on. all: whether answered or not. */
static void resume(struct told_api *api, bool all)
{
	struct told_exchange **at = &api->waiting;
	while (*at != NULL) {
		struct told_exchange *exchange = *at;
		if (!all && exchange->http == 0) {
			at = &exchange->next;
			continue;
		}
		*at = exchange->next;
		exchange->suspended = false;
		MHD_resume_connection(exchange->connection);
	}
}

void told_http_stop(struct told_api *api)
{
	if (api->http == NULL)
		return;
	resume(api, true); /* libmicrohttpd does not stop while one is suspended */
	MHD_stop_daemon(api->http);
	api->http = NULL;
}

/* ---- in the agent's loop ---- */

size_t told_http_prepare(void *ctx, struct pollfd *fds, size_t room, int64_t *timeout_ms)
{
	struct told_api *api = ctx;
	MHD_UNSIGNED_LONG_LONG due_ms = 0;
	if (room == 0)
		return 0;
	fds[0] = (struct pollfd){.fd = api->epoll_fd, .events = POLLIN};
	if (MHD_get_timeout(api->http, &due_ms) == MHD_YES && (*timeout_ms < 0 || due_ms < (uint64_t)*timeout_ms))
		*timeout_ms = (int64_t)due_ms;
	int64_t now_ms = told_clock_now(&api->clock).boot_ms;
	for (const struct told_exchange *w = api->waiting; w != NULL; w = w->next) {
		int64_t left_ms = w->deadline_boot_ms > now_ms ? w->deadline_boot_ms - now_ms : 0;
		if (*timeout_ms < 0 || left_ms < *timeout_ms)
			*timeout_ms = left_ms;
	}
	return 1;
}

void told_http_serve(void *ctx, const struct pollfd *fds, size_t count)
{
	struct told_api *api = ctx;
	int64_t now_ms = told_clock_now(&api->clock).boot_ms;
	(void)fds, (void)count;
	for (struct told_exchange *w = api->waiting; w != NULL; w = w->next)
		told_exchange_look(w, now_ms);
	resume(api, false);
	MHD_run(api->http);
}
