/* SPDX-License-Identifier: Apache-2.0 */
/* One request from its head to its answer: who asks, what for, how long they may wait. Touches the agent through its
 * calls, the connection only to read header fields. */
#include "agents/api/problem.h"
#include "agents/api/state.h"

#include "agents/story/json.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct told_json_limits limits = {
	.bytes = TOLD_API_REQUEST_MAX_BYTES,
	.depth = TOLD_API_DEPTH_MAX,
	.values = TOLD_API_VALUES_MAX,
};

static void answer(struct told_exchange *exchange, unsigned http, json_t *json)
{
	json_decref(exchange->answer);
	exchange->answer = json;
	exchange->http = http;
}

static void refuse(struct told_exchange *exchange, enum told_status status, unsigned http, const char *detail,
		   const char *fix)
{
	answer(exchange, http != 0 ? http : told_problem_http(status), told_problem(status, http, detail, fix));
}

/* ---- the head ---- */

static const char *field(const struct told_exchange *exchange, const char *name)
{
	return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

static void no_route(struct told_exchange *exchange, enum told_status status)
{
	if (status == TOLD_E_USAGE)
		refuse(exchange, status, MHD_HTTP_METHOD_NOT_ALLOWED, "This path takes another method.",
		       "See the header field Allow.");
	else if (status == TOLD_E_NOT_FOUND)
		refuse(exchange, status, 0, "There is no such path.", "See told-agent(8) for the list of paths.");
	else
		refuse(exchange, status, 0, "The path holds what is no text.", NULL);
}

static bool find_worker(struct told_exchange *exchange)
{
	static const char scheme[] = "Bearer ";
	const char *given = field(exchange, MHD_HTTP_HEADER_AUTHORIZATION);
	if (given == NULL || strncasecmp(given, scheme, sizeof scheme - 1) != 0) {
		refuse(exchange, TOLD_E_NOT_ALLOWED, 0, "The call does not say which worker makes it.",
		       "Hand in your own token file: told --as FILE, or the header Authorization: Bearer TOKEN.");
		return false;
	}
	if (told_agent_caller(exchange->api->agent, told_text(given + sizeof scheme - 1), &exchange->caller) == TOLD_OK)
		return true;
	refuse(exchange, TOLD_E_NOT_ALLOWED, 0,
	       "PTY-05: No worker of this agency has this token, or the worker is suspended or has left.",
	       "Use your own token (tokens are never shared), or ask whoever keeps the register of workers.");
	return false;
}

static enum MHD_Result take_query(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct told_exchange *exchange = ctx;
	(void)kind;
	enum told_status status = told_route_query(&exchange->routed, name, value);
	if (status == TOLD_OK)
		return MHD_YES;
	refuse(exchange, status, 0, "What stands behind the question mark is not for this path.", NULL);
	return MHD_NO;
}

static void too_large(struct told_exchange *exchange)
{
	char detail[96];
	snprintf(detail, sizeof detail, "A request may have at most %u bytes.", TOLD_API_REQUEST_MAX_BYTES);
	refuse(exchange, TOLD_E_LIMIT, 0, detail, NULL);
}

static void judge_length(struct told_exchange *exchange)
{
	const char *given = field(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH);
	uint64_t length = 0;
	if (given != NULL && told_decimal(told_text(given), TOLD_API_REQUEST_MAX_BYTES, &length) != TOLD_OK)
		too_large(exchange);
}

/* RFC 7240: what is not understood there is passed over. */
static unsigned wait_of(const struct told_exchange *exchange)
{
	static const char wait[] = "wait=";
	const char *prefer = field(exchange, "Prefer");
	const char *at = prefer != NULL ? strstr(prefer, wait) : NULL;
	uint64_t seconds = 0;
	if (at == NULL)
		return exchange->routed.route->wait_s;
	at += sizeof wait - 1;
	size_t digits = strspn(at, "0123456789");
	if (told_decimal(told_bytes(at, digits), TOLD_API_WAIT_MAX_S, &seconds) != TOLD_OK)
		return digits > 0 ? TOLD_API_WAIT_MAX_S : exchange->routed.route->wait_s;
	return (unsigned)seconds;
}

void told_exchange_begin(struct told_exchange *exchange, const char *method, const char *path)
{
	enum told_status status = told_route_find(method, path, &exchange->routed);
	if (status != TOLD_OK) {
		no_route(exchange, status);
		return;
	}
	if (!find_worker(exchange))
		return;
	MHD_get_connection_values(exchange->connection, MHD_GET_ARGUMENT_KIND, take_query, exchange);
	if (exchange->http == 0)
		judge_length(exchange);
	exchange->wait_s = wait_of(exchange);
}

/* ---- the call ---- */

/* The body's members and those of the path; nothing may stand in both. */
static enum told_status read_request(struct told_exchange *exchange, json_t **out)
{
	struct told_json_error error = {0};
	char detail[160];
	*out = json_incref(exchange->routed.members);
	if (exchange->body.len == 0)
		return TOLD_OK;
	json_t *body = NULL;
	enum told_status status = told_json_load(told_buf_view(&exchange->body), &limits, &body, &error);
	if (status == TOLD_OK && !json_is_object(body)) {
		status = TOLD_E_MALFORMED;
		error = (struct told_json_error){"a request is a JSON object", 1, 1};
	}
	const char *name = NULL;
	json_t *value = NULL;
	json_object_foreach(exchange->routed.members, name, value)
	{
		if (status == TOLD_OK && json_object_get(body, name) != NULL) {
			status = TOLD_E_USAGE;
			error = (struct told_json_error){"a member stands in the path and in the body", 1, 1};
		}
	}
	if (status == TOLD_OK && json_object_update(body, exchange->routed.members) == 0) {
		json_decref(*out);
		*out = body;
		return TOLD_OK;
	}
	json_decref(body);
	snprintf(detail, sizeof detail, "The request, line %zu column %zu: %s.", error.line, error.column,
		 error.why != NULL ? error.why : told_status_text(status));
	refuse(exchange, status != TOLD_OK ? status : TOLD_E_MEMORY, 0, detail, NULL);
	return status != TOLD_OK ? status : TOLD_E_MEMORY;
}

/* What somebody must look at now stands on every answer, refusals too. Where it cannot be read nothing is shown as if
 * there were none. */
static void add_attention(struct told_exchange *exchange)
{
	if (!json_is_object(exchange->answer) ||
	    told_agent_attention(exchange->api->agent, &exchange->caller, exchange->about, exchange->answer) == TOLD_OK)
		return;
	refuse(exchange, TOLD_E_STORE, 0, "What somebody must look at now cannot be read.", NULL);
}

/* Takes the reply's JSON; what our own calls add is merged in. */
static void deliver(struct told_exchange *exchange, struct told_reply *reply, bool more)
{
	json_t *json = reply->json != NULL ? json_incref(reply->json) : json_object();
	if (json != NULL && exchange->extra != NULL)
		json_object_update_missing(json, exchange->extra);
	answer(exchange, more ? MHD_HTTP_ACCEPTED : MHD_HTTP_OK, json);
	add_attention(exchange);
}

static void fail(struct told_exchange *exchange, enum told_status status, struct told_reply *reply)
{
	const char *why = reply->why.len > 0 ? told_buf_cstr(&reply->why) : NULL;
	refuse(exchange, status, 0, why, why != NULL ? "" : NULL); /* its words say what to do, too */
	add_attention(exchange);
}

/* Whom it is about, for as long as the answer is waited for; nothing else of a request is kept. */
static void note_about(struct told_exchange *exchange, const json_t *request)
{
	json_t *client = json_object_get(request, "client");
	if (client != NULL)
		exchange->about = json_pack("{s:O}", "client", client);
}

/* The one place through which all pass: from here on the agent shows what this worker may see. */
static bool see_as(struct told_exchange *exchange)
{
	if (told_agent_as(exchange->api->agent, &exchange->caller) == TOLD_OK)
		return true;
	refuse(exchange, TOLD_E_STORE, 0, "Whom this worker may see cannot be read.", NULL);
	return false;
}

/* Afterwards the machine sees everything again, whatever became of the call. */
static void see_all(struct told_exchange *exchange)
{
	if (told_agent_as(exchange->api->agent, NULL) != TOLD_OK)
		refuse(exchange, TOLD_E_STORE, 0, "Whom this worker may see cannot be read.", NULL);
}

/* An answer leaves at a whole number of these after it was begun, to whomever: about somebody from whom the worker is
 * kept there is a little more to do than about a stranger (decision 0035). */
#define BEAT_NS UINT64_C(1000000)

void told_exchange_run(struct told_exchange *exchange)
{
	const struct told_route *route = exchange->routed.route;
	struct told_api *api = exchange->api;
	uint64_t began_ns = told_clock_ns(&api->clock);
	struct told_reply reply = TOLD_REPLY;
	json_t *request = NULL;
	enum told_status status = read_request(exchange, &request);
	note_about(exchange, request);
	if (status == TOLD_OK && !see_as(exchange))
		status = TOLD_E_STORE;
	else if (status == TOLD_OK) {
		status = route->own != NULL ? route->own(api, &exchange->caller, request, &reply, &exchange->extra)
					    : route->call(api->agent, &exchange->caller, request, &reply);
		if (status != TOLD_OK)
			fail(exchange, status, &reply);
	}
	if (status == TOLD_OK && reply.waits && exchange->wait_s > 0) {
		memcpy(exchange->ticket, reply.ticket, sizeof exchange->ticket);
		exchange->deadline_boot_ms =
			told_clock_now(&api->clock).boot_ms + (int64_t)exchange->wait_s * TOLD_MS_SECOND;
	} else if (status == TOLD_OK) {
		deliver(exchange, &reply, reply.waits);
	}
	json_decref(request);
	told_reply_free(&reply);
	told_buf_free(&exchange->body);
	see_all(exchange);
	told_clock_beat(&api->clock, began_ns, BEAT_NS);
}

void told_exchange_look(struct told_exchange *exchange, int64_t now_boot_ms)
{
	struct told_reply reply = TOLD_REPLY;
	bool final = false;
	if (!see_as(exchange))
		return;
	enum told_status status = told_agent_outcome(exchange->api->agent, exchange->ticket, &reply, &final);
	if (status != TOLD_OK)
		fail(exchange, status, &reply);
	else if (final || now_boot_ms >= exchange->deadline_boot_ms)
		deliver(exchange, &reply, !final);
	told_reply_free(&reply);
	see_all(exchange);
}

void told_exchange_free(struct told_exchange *exchange)
{
	if (exchange == NULL)
		return;
	json_decref(exchange->routed.members);
	json_decref(exchange->about);
	json_decref(exchange->extra);
	json_decref(exchange->answer);
	told_buf_free(&exchange->body);
	told_wipe(exchange, sizeof *exchange);
	free(exchange);
}
