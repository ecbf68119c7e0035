/* SPDX-License-Identifier: Apache-2.0 */
/* told demo from its first word to its last: the folder, the scenes in order, the figures. */
#include "agents/demo/demo.h"

#include "agents/demo/figures.h"
#include "agents/demo/folder.h"
#include "agents/demo/input.h"
#include "agents/demo/keeper.h"
#include "agents/demo/scenes.h"
#include "agents/exit/exit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The story. */
static told_demo_scene *const scenes[] = {
#define X(name) told_demo_##name,
	TOLD_DEMO_SCENES(X)
#undef X
};

static void say_end(struct told_demo *demo)
{
	int64_t ms = told_demo_clock_ms() - demo->began_ms;
	bool kept = demo->options.keep || demo->options.dir != NULL;
	fprintf(demo->out, "\nAll this took %lld.%lld seconds. ", (long long)(ms / 1000), (long long)(ms % 1000 / 100));
	if (kept)
		fprintf(demo->out, "What is left of it is in %s\n", demo->dir);
	else
		fputs("Nothing of it stays on this machine (--keep keeps it).\n", demo->out);
}

/* ---- the run ---- */

static enum told_status tell(struct told_demo *demo)
{
	fputs("Told Once: four services, one household, a story told once.\n", demo->out);
	enum told_status status = told_demo_open(demo);
	if (status == TOLD_OK)
		status = told_demo_input(demo);
	for (size_t i = 0; i < sizeof scenes / sizeof scenes[0] && status == TOLD_OK; i++)
		status = scenes[i](demo);
	if (status == TOLD_OK)
		say_end(demo);
	return status == TOLD_OK ? told_demo_figures_write(demo) : status;
}

static int run(void *ctx)
{
	struct told_demo *demo = ctx;
	enum told_status status = tell(demo);
	int exit = status == TOLD_OK ? demo->audit_exit : (int)told_exit_of(status);
	if (status != TOLD_OK) {
		fflush(demo->out);
		fprintf(stderr, "\ntold demo: %s\n", told_buf_cstr(&demo->why));
	}
	told_demo_close(demo);
	return exit;
}

static int no_folder(enum told_status status, const char *dir)
{
	if (status == TOLD_E_EXISTS)
		fprintf(stderr, "told demo: %s is not empty. Choose a folder that is new or empty.\n", dir);
	else
		fprintf(stderr,
			"told demo: %s: %s. Choose a folder that is yours alone (0700), or that is not there yet.\n",
			dir, told_status_text(status));
	return status == TOLD_E_EXISTS ? TOLD_EXIT_USAGE : TOLD_EXIT_CONFIG;
}

int told_demo_main(int argc, char **argv)
{
	struct told_demo demo = {.why = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES), .ready = {.fd = -1}};
	int code = told_demo_options_read(argc, argv, &demo.options);
	if (code >= 0)
		return code;
	bool figures_only = demo.options.json != NULL && strcmp(demo.options.json, "-") == 0;
	const char *given = demo.options.dir;
	demo.out = figures_only ? stderr : stdout;
	demo.colour = isatty(fileno(demo.out)) && !demo.options.plain && getenv("NO_COLOR") == NULL;
	demo.began_ms = told_demo_clock_ms();
	enum told_status status = given != NULL ? told_folder_take(given, demo.dir) : told_folder_fresh(demo.dir);
	if (status != TOLD_OK)
		return no_folder(status, given != NULL ? given : demo.dir);
	code = told_demo_keep(run, &demo);
	if (given == NULL && !demo.options.keep && told_folder_remove(demo.dir) != TOLD_OK)
		fprintf(stderr, "told demo: %s could not be removed. Remove it yourself.\n", demo.dir);
	return code;
}
