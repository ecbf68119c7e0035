/* SPDX-License-Identifier: Apache-2.0 */
/* One call of the agency's API: libcurl over the Unix socket of the agent. The only file here that speaks to anybody.
 */
#include "agents/cli/cli.h"
#include "agents/cli/show.h"
#include "agents/cli/where.h"

#include <curl/curl.h>
#include <string.h>

#define REPLY_MAX_BYTES (64u * 1024u * 1024u) /* an inbox of a busy agency, read at one go */
#define CONNECT_S       5L
#define BEYOND_WAIT_S   20L /* the agent's own work on top of what it waits for the broker */
#define WAIT_MAX_S      120u

struct answer {
	struct told_buf body;
	long http;
};

static size_t take(char *data, size_t size, size_t count, void *ctx)
{
	struct told_buf *body = ctx;
	told_buf_put(body, data, size * count);
	return body->status == TOLD_OK ? size * count : 0;
}

static int put_fields(struct told_cli *cli, const struct told_where *where, struct curl_slist **fields)
{
	struct told_buf line = TOLD_BUF(256);
	uint64_t wait_s = 0;
	struct curl_slist *list = NULL;
	told_buf_printf(&line, "Authorization: Bearer %s", where->token);
	if (told_buf_cstr(&line) != NULL)
		list = curl_slist_append(NULL, told_buf_cstr(&line));
	told_buf_free(&line);
	if (list != NULL)
		*fields = list;
	if (list != NULL)
		list = curl_slist_append(*fields, "Content-Type: application/json");
	if (list != NULL && cli->wait != NULL) {
		char prefer[48];
		if (told_decimal(told_text(cli->wait), WAIT_MAX_S, &wait_s) != TOLD_OK)
			return told_failf(cli, TOLD_EXIT_USAGE, "Write a whole number from 0 to 120.",
					  "--wait takes seconds, not %s.", cli->wait);
		snprintf(prefer, sizeof prefer, "Prefer: wait=%u", (unsigned)wait_s);
		list = curl_slist_append(*fields, prefer);
	}
	return list != NULL ? TOLD_EXIT_DONE : told_fail_status(cli, TOLD_E_MEMORY, "The call", NULL);
}

static int no_answer(struct told_cli *cli, CURLcode code, const struct told_where *where)
{
	if (code == CURLE_OPERATION_TIMEDOUT)
		return told_fail(cli, TOLD_EXIT_TIMEOUT, "The agent did not answer in time.",
				 "It may be busy; what it had taken is safe in its vault.",
				 "Look with told sent, or run told doctor.");
	if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST)
		return told_failf(cli, TOLD_EXIT_UNREACHABLE,
				  "Start it: told-agent DIR. Or name another one: --agent DIR.",
				  "Nobody answers at %s: the agent is not running there.", where->shown);
	return told_failf(cli, TOLD_EXIT_UNREACHABLE, "Run told doctor.", "The call to the agent broke off: %s.",
			  curl_easy_strerror(code));
}

/* An RFC 9457 problem, said as one of our own errors: its detail where there is one, for the title is only the kind. */
static int problem(struct told_cli *cli, const json_t *json, long http)
{
	const json_t *exit = json_object_get(json, "exit");
	const char *title = json_string_value(json_object_get(json, "title"));
	const char *detail = json_string_value(json_object_get(json, "detail"));
	char what[2048];
	if (title == NULL)
		return told_failf(cli, TOLD_EXIT_UNREACHABLE, "Run told doctor.",
				  "The agent answered with the status %ld and no words.", http);
	if (detail != NULL && detail[0] != '\0')
		snprintf(what, sizeof what, "%.2000s", detail);
	else
		snprintf(what, sizeof what, "It did not work: %.400s.", title);
	return told_fail(cli, json_is_integer(exit) ? (enum told_exit)json_integer_value(exit) : TOLD_EXIT_CONFIG, what,
			 NULL, json_string_value(json_object_get(json, "fix")));
}

static int read_answer(struct told_cli *cli, const struct answer *answer, json_t **out)
{
	json_error_t error;
	json_t *json = json_loadb((const char *)answer->body.data, answer->body.len, JSON_REJECT_DUPLICATES, &error);
	if (answer->http >= 200 && answer->http < 300 && json_is_object(json)) {
		*out = json;
		return TOLD_EXIT_DONE;
	}
	if (!cli->json)
		told_print_attention(cli, cli->err, json);
	int exit = problem(cli, json, answer->http);
	json_decref(json);
	return exit;
}

static CURLcode perform(CURL *curl, const struct told_where *where, const char *method, const char *path,
			struct curl_slist *fields, const char *body, struct answer *answer)
{
	char url[2048];
	uint64_t wait_s = 10;
	int n = snprintf(url, sizeof url, "http://agent%s", path);
	if (n < 0 || (size_t)n >= sizeof url)
		return CURLE_URL_MALFORMAT;
	if (where->wait != NULL && told_decimal(told_text(where->wait), WAIT_MAX_S, &wait_s) != TOLD_OK)
		wait_s = WAIT_MAX_S;
	curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, where->socket);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer->body);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)wait_s + BEYOND_WAIT_S);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	if (body != NULL)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	CURLcode code = curl_easy_perform(curl);
	if (code == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->http);
	return code;
}

int told_call(struct told_cli *cli, const char *method, const char *path, const json_t *request, json_t **out)
{
	struct told_where where = {0};
	struct curl_slist *fields = NULL;
	struct answer answer = {.body = TOLD_BUF(REPLY_MAX_BYTES)};
	CURL *curl = NULL;
	*out = NULL;
	int exit = told_where_find(cli, &where);
	if (exit == TOLD_EXIT_DONE)
		exit = put_fields(cli, &where, &fields);
	char *body = exit == TOLD_EXIT_DONE && request != NULL ? json_dumps(request, JSON_COMPACT) : NULL;
	if (exit == TOLD_EXIT_DONE) {
		curl = curl_easy_init();
		if (curl == NULL || (request != NULL && body == NULL))
			exit = told_fail_status(cli, TOLD_E_MEMORY, "The call", NULL);
	}
	if (exit == TOLD_EXIT_DONE) {
		CURLcode code = perform(curl, &where, method, path, fields, body, &answer);
		exit = code == CURLE_OK ? read_answer(cli, &answer, out) : no_answer(cli, code, &where);
	}
	if (body != NULL)
		told_wipe(body, strlen(body));
	free(body);
	curl_easy_cleanup(curl);
	for (struct curl_slist *f = fields; f != NULL; f = f->next)
		told_wipe(f->data, strlen(f->data));
	curl_slist_free_all(fields);
	told_buf_free(&answer.body);
	told_where_close(&where);
	return exit;
}
