/* SPDX-License-Identifier: Apache-2.0 */
/* From argv to an exit code. */
#include "agents/cli/cli.h"
#include "agents/cli/do.h"
#include "agents/cli/show.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
		head(cli, reply);
		args->command->show(cli, reply);
		if (args->command->next != NULL && exit == TOLD_EXIT_DONE && told_args_get(args, "dry-run") == NULL)
			fprintf(cli->err, "Next: %s\n", args->command->next);
	}
	return exit;
}

/* Commands with arguments of their own get argv as it is, without "told". */
static int own_main(int argc, char **argv, bool *mine)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} mains[] = {
		{NULL, NULL},
		{"decide", told_decide_here},
#ifdef TOLD_HAS_DEMO
		{"demo", told_demo_main},
#endif
#ifdef TOLD_HAS_BENCH
		{"bench", told_bench_main},
#endif
	};
	for (size_t i = 1; argc > 1 && i < sizeof mains / sizeof mains[0]; i++)
		if (strcmp(argv[1], mains[i].name) == 0) {
			*mine = true;
			return mains[i].run(argc - 1, argv + 1);
		}
	return TOLD_EXIT_USAGE;
}

int told_cli_main(int argc, char **argv, FILE *out, FILE *err)
{
	struct told_cli cli = {.out = out,
			       .err = err,
			       .agent = getenv("TOLD_AGENT"),
			       .worker = getenv("TOLD_WORKER"),
			       .colour = isatty(fileno(out)) && getenv("NO_COLOR") == NULL};
	struct told_args args;
	bool mine = false;
	int exit = own_main(argc, argv, &mine);
	if (!mine) {
		exit = told_args_read(&cli, argc, argv, &args);
		if (exit == TOLD_EXIT_DONE && args.command != NULL)
			exit = args.command->run != NULL ? args.command->run(&cli, &args) : told_run_call(&cli, &args);
	}
	json_decref(cli.names);
	if (fflush(out) != 0 || ferror(out)) {
		fprintf(err, "told: the output could not be written.\n");
		exit = exit == TOLD_EXIT_DONE ? TOLD_EXIT_CHECK : exit;
	}
	return exit;
}
