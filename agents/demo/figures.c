/* SPDX-License-Identifier: Apache-2.0 */
/* The figures as one JSON object that grows as the story is told. Touches the file that --json names. */
#include "agents/demo/figures.h"

#include <string.h>

/* The object that holds "plan.steps" as "steps"; *last gets that. Made when absent. */
static json_t *holder(json_t *all, const char *name, const char **last)
{
	const char *dot = strchr(name, '.');
	*last = name;
	if (dot == NULL)
		return all;
	json_t *inner = json_object_getn(all, name, (size_t)(dot - name));
	if (inner == NULL) {
		inner = json_object();
		json_object_setn_new(all, name, (size_t)(dot - name), inner);
	}
	*last = dot + 1;
	return inner;
}

void told_demo_figure(struct told_demo *demo, const char *name, json_t *value)
{
	const char *last;
	json_t *inner = holder(demo->figures, name, &last);
	json_object_set_new(inner, last, value);
}

size_t told_demo_counted(const struct told_demo *demo, const char *name)
{
	const char *last;
	const json_t *inner = holder(demo->figures, name, &last);
	return (size_t)json_integer_value(json_object_get(inner, last));
}

void told_demo_count(struct told_demo *demo, const char *name, size_t more)
{
	told_demo_figure(demo, name, json_integer((json_int_t)(told_demo_counted(demo, name) + more)));
}

static json_t *questions(const struct told_demo *demo)
{
	struct told_figures q = told_measure_figures(demo->measure);
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "separately", (json_int_t)q.separately, "asked",
			 (json_int_t)q.asked, "confirmed", (json_int_t)q.confirmed, "always", (json_int_t)q.always,
			 "prefilled", (json_int_t)q.prefilled, "asked_twice", (json_int_t)q.asked_twice, "asked_again",
			 (json_int_t)q.asked_again);
}

static json_t *input(const struct told_demo *demo)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I}", "files", (json_int_t)demo->input.files, "imported",
			 (json_int_t)demo->input.imported, "refused", (json_int_t)demo->input.refused, "sections",
			 (json_int_t)json_array_size(demo->imported), "aliased", (json_int_t)demo->input.aliased);
}

enum told_status told_demo_figures_write(struct told_demo *demo)
{
	const char *path = demo->options.json;
	if (path == NULL)
		return TOLD_OK;
	told_demo_figure(demo, "questions", questions(demo));
	if (demo->imported != NULL)
		told_demo_figure(demo, "input", input(demo));
	told_demo_figure(demo, "ms", json_integer((json_int_t)(told_demo_clock_ms() - demo->began_ms)));
	FILE *out = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
	bool ok = out != NULL && json_dumpf(demo->figures, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER) == 0 &&
		  fputc('\n', out) != EOF && fflush(out) == 0;
	if (out != NULL && out != stdout)
		ok = fclose(out) == 0 && ok;
	return ok ? TOLD_OK : told_demo_fail(demo, TOLD_E_SYSTEM, "%s: the figures could not be written.", path);
}
