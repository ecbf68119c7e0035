/* SPDX-License-Identifier: Apache-2.0 */
/* told decide with the way to the running agent: the request as one call, its words or its JSON as the answer. */
#include "agents/cli/do.h"
#include "agents/cli/show.h"
#include "agents/explain/decide.h"

#include <stdlib.h>

static json_t *list_of(const char *const *items, size_t count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		if (json_array_append_new(list, json_string(items[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	return list;
}

static int print_answer(const struct told_cli *cli, const json_t *reply)
{
	if (cli->json)
		json_dumpf(json_object_get(reply, "ruling"), cli->out, JSON_COMPACT | JSON_PRESERVE_ORDER);
	else
		fputs(told_text_of(reply, "text"), cli->out);
	if (cli->json)
		fputc('\n', cli->out);
	return json_is_true(json_object_get(reply, "goes")) ? TOLD_EXIT_DONE : TOLD_EXIT_REFUSED;
}

static int ask_agent(void *ctx, const struct told_decide_question *q, FILE *out, FILE *err)
{
	struct told_cli cli = {
		.out = out,
		.err = err,
		.json = q->json,
		.agent = q->agent != NULL ? q->agent : getenv("TOLD_AGENT"),
		.worker = q->worker != NULL ? q->worker : getenv("TOLD_WORKER"),
	};
	json_t *reply = NULL;
	(void)ctx;
	json_t *request =
		json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:o, s:o}", "client", q->client, "from", q->from, "to", q->to,
			  "type", q->type, "for", q->audience, "purposes", list_of(q->purposes, q->purpose_count),
			  "categories", list_of(q->categories, q->category_count));
	int exit = request == NULL ? told_fail_status(&cli, TOLD_E_MALFORMED, "told decide", NULL)
				   : told_check_client(&cli, q->client);
	if (exit == TOLD_EXIT_DONE)
		exit = told_call(&cli, "POST", "/v1/decide", request, &reply);
	if (exit == TOLD_EXIT_DONE)
		exit = print_answer(&cli, reply);
	json_decref(request);
	json_decref(reply);
	json_decref(cli.names);
	return exit;
}

int told_decide_here(int argc, char **argv)
{
	return told_decide_main(argc, argv, ask_agent, NULL);
}
