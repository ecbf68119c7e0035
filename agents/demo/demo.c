/* SPDX-License-Identifier: Apache-2.0 */
/* told demo from its first word to its last: the folder, the steps in order, the figures. */
#include "agents/demo/demo.h"

#include "agents/demo/folder.h"
#include "agents/demo/input.h"
#include "agents/demo/keeper.h"
#include "agents/demo/say.h"
#include "agents/exit/exit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The story. */
static told_demo_step *const steps[] = {
	told_demo_join, told_demo_tell, told_demo_permit, told_demo_ask,      told_demo_refer,     told_demo_visit,
	told_demo_plan, told_demo_meet, told_demo_refuse, told_demo_withdraw, told_demo_statement, told_demo_check,
};

/* ---- figures ---- */

/* The day's work, each counted from what happened. */
static json_t *work_json(const struct told_demo_figures *f)
{
	return json_pack("{s:{s:I, s:I}, s:I, s:I, s:I, s:{s:I, s:I}}", "plan", "steps", (json_int_t)f->plan_steps,
			 "out_of_order_refused", (json_int_t)f->out_of_order_refused, "missed_appointments",
			 (json_int_t)f->missed, "closed_for_non_engagement", (json_int_t)f->closed_for_non_engagement,
			 "onward_referrals_avoided", (json_int_t)f->avoided, "statement", "entries",
			 (json_int_t)f->entries_of_statement, "reading_age", (json_int_t)f->reading_age);
}

static json_t *figures_json(const struct told_demo *demo)
{
	const struct told_demo_figures *f = &demo->figures;
	struct told_figures q = told_measure_figures(f->measure);
	json_t *json = json_pack(
		"{s:I, s:{s:I, s:I, s:I, s:I, s:I, s:I, s:I}, s:{s:I, s:I}, s:I, s:I, s:{s:I, s:b}, s:I}", "agencies",
		(json_int_t)f->agencies, "questions", "separately", (json_int_t)q.separately, "asked",
		(json_int_t)q.asked, "confirmed", (json_int_t)q.confirmed, "always", (json_int_t)q.always, "prefilled",
		(json_int_t)q.prefilled, "asked_twice", (json_int_t)q.asked_twice, "asked_again",
		(json_int_t)q.asked_again, "sections", "released", (json_int_t)f->released, "withheld",
		(json_int_t)f->withheld, "refused", (json_int_t)f->refused, "withdrawn_in_queue_not_delivered",
		(json_int_t)f->undelivered, "log", "entries", (json_int_t)f->entries, "verified", (int)f->verified,
		"ms", (json_int_t)(told_demo_clock_ms() - demo->began_ms));
	if (json != NULL && demo->imported != NULL)
		json_object_set_new(json, "input",
				    json_pack("{s:I, s:I, s:I, s:I, s:I}", "files", (json_int_t)demo->input.files,
					      "imported", (json_int_t)demo->input.imported, "refused",
					      (json_int_t)demo->input.refused, "sections",
					      (json_int_t)json_array_size(demo->imported), "aliased",
					      (json_int_t)demo->input.aliased));
	json_t *work = work_json(f);
	if (json != NULL && json_object_update(json, work) != 0) {
		json_decref(json);
		json = NULL;
	}
	json_decref(work);
	if (json != NULL && f->broken != NULL)
		json_object_set(json, "broken", f->broken);
	return json;
}

static enum told_status write_figures(struct told_demo *demo)
{
	const char *path = demo->options.json;
	if (path == NULL)
		return TOLD_OK;
	json_t *json = figures_json(demo);
	FILE *out = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
	bool ok = json != NULL && out != NULL && json_dumpf(json, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER) == 0 &&
		  fputc('\n', out) != EOF && fflush(out) == 0;
	if (out != NULL && out != stdout)
		ok = fclose(out) == 0 && ok;
	json_decref(json);
	return ok ? TOLD_OK : told_demo_fail(demo, TOLD_E_SYSTEM, "%s: the figures could not be written.", path);
}

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
	fputs("Told Once: four services, one person, a story told once.\n", demo->out);
	enum told_status status = told_demo_open(demo);
	if (status == TOLD_OK)
		status = told_demo_input(demo);
	for (size_t i = 0; i < sizeof steps / sizeof steps[0] && status == TOLD_OK; i++)
		status = steps[i](demo);
	if (status == TOLD_OK)
		say_end(demo);
	return status == TOLD_OK ? write_figures(demo) : status;
}

static int run(void *ctx)
{
	struct told_demo *demo = ctx;
	enum told_status status = tell(demo);
	int exit = status == TOLD_OK ? demo->figures.audit_exit : (int)told_exit_of(status);
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
