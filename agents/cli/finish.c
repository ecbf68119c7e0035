/* SPDX-License-Identifier: Apache-2.0 */
/* The end of every command: what it says on paper or as JSON. */
#include "agents/cli/cli.h"
#include "agents/cli/show.h"

#include "proto/page/page.h"
#include <stdlib.h>
#include <string.h>

/* What somebody must look at comes first. Whatever an agency shows that was away may have been taken back meanwhile
 * (practice.md section 8). */
static void head(struct told_cli *cli, const json_t *reply)
{
	char since[40];
	told_print_attention(cli, cli->out, reply);
	const json_t *ms = json_object_get(reply, "not_checked_since_ms");
	if (ms == NULL)
		return;
	told_time_words(ms, since);
	fprintf(cli->out,
		"NOT CHECKED SINCE %s: withdrawals and corrections may be missing. Ask before you rely on it.\n\n",
		json_integer_value(ms) > 0 ? since : "the beginning");
}

/* For people at a terminal no line is longer than it. */
void told_show_folded(struct told_cli *cli, told_show *show, const json_t *reply)
{
	FILE *whole = cli->out, *folded = cli->columns > 0 ? told_fold_open(cli->out, cli->columns) : NULL;
	if (folded != NULL)
		cli->out = folded;
	head(cli, reply);
	show(cli, reply);
	cli->out = whole;
	if (folded != NULL && fclose(folded) != 0)
		fputs("told: the output could not be written.\n", cli->err);
}

int told_finish(struct told_cli *cli, const struct told_args *args, const json_t *reply)
{
	/* A list of what became of messages did its job, whatever became of them. */
	bool looks = args->command->method != NULL && strcmp(args->command->method, "GET") == 0;
	int exit = looks ? TOLD_EXIT_DONE : told_exit_of_reply(reply);
	/* It only said what it would do: no failure, but a script must hear that nothing was saved. */
	if (exit == TOLD_EXIT_DONE && json_is_false(json_object_get(reply, "saved")) &&
	    told_args_get(args, "dry-run") == NULL)
		exit = TOLD_EXIT_CHECK;
	if (cli->json || args->command->show == NULL) {
		json_dumpf(reply, cli->out, JSON_PRESERVE_ORDER | (cli->json ? JSON_COMPACT : JSON_INDENT(2)));
		fputc('\n', cli->out);
	} else {
		told_show_folded(cli, args->command->show, reply);
		if (args->command->next != NULL && exit == TOLD_EXIT_DONE && told_args_get(args, "dry-run") == NULL)
			fprintf(cli->err, "Next: %s\n", args->command->next);
	}
	return exit;
}
