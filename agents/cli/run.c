/* SPDX-License-Identifier: Apache-2.0 */
/* From argv to an exit code. */
#include "agents/cli/cli.h"
#include "agents/cli/do.h"
#include "agents/cli/show.h"

#include "proto/page/page.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
			       .columns = told_page_columns(out),
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
