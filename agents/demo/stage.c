/* SPDX-License-Identifier: Apache-2.0 */
/* The stage: where the programs and their data are, the agencies, the daemons. Touches the demo's own folder. */
#include "agents/demo/stage.h"

#include "agents/story/json.h"
#include "broker/base/file.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DATA_FOLDER    "../share/told"
#define DATA_MAX_BYTES 65536u
#define LOG_TAIL_BYTES 400u
#define STOP_MS        5000

static const char *const folders[TOLD_DEMO_AGENCIES] = {
	[TOLD_DEMO_HOUSING] = "housing",
	[TOLD_DEMO_THERAPIES] = "iapt",
	[TOLD_DEMO_DRUGS] = "addiction",
	[TOLD_DEMO_WORK] = "employability",
};

enum told_status told_demo_fail(struct told_demo *demo, enum told_status status, const char *format, ...)
{
	va_list args;
	char *text = NULL;
	va_start(args, format);
	if (demo->why.len == 0 && vasprintf(&text, format, args) >= 0)
		told_buf_put_text(&demo->why, text);
	va_end(args);
	free(text);
	return status;
}

enum told_status told_demo_path(struct told_demo *demo, char out[PATH_MAX], const char *dir, const char *name)
{
	int n = snprintf(out, PATH_MAX, "%s/%s", dir, name);
	if (n > 0 && n < PATH_MAX)
		return TOLD_OK;
	return told_demo_fail(demo, TOLD_E_LIMIT, "The path of %s is too long. Choose a shorter folder.", name);
}

const char *told_demo_called(const struct told_demo *demo, const char *party)
{
	for (size_t i = 0; i < TOLD_DEMO_AGENCIES; i++)
		if (strcmp(demo->agencies[i].profile->id, party) == 0)
			return demo->agencies[i].profile->called;
	return party;
}

/* ---- programs and data ---- */

/* The programs stand beside this one, the data where both build and installation put it. */
static enum told_status find_programs(struct told_demo *demo)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", demo->bin, sizeof demo->bin - 1);
	char *slash = n > 0 ? strrchr(demo->bin, '/') : NULL;
	if (slash == NULL)
		return told_demo_fail(demo, TOLD_E_SYSTEM, "/proc/self/exe cannot be read. Is /proc mounted?");
	*slash = '\0';
	static const char *const programs[] = {"told", "told-broker", "told-agent", "told-audit"};
	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
		enum told_status status = told_demo_path(demo, path, demo->bin, programs[i]);
		if (status != TOLD_OK)
			return status;
		if (access(path, X_OK) != 0)
			return told_demo_fail(demo, TOLD_E_CONFIG,
					      "%s is missing. Build all programs: script/demo does.", path);
	}
	return told_demo_path(demo, demo->data, demo->bin, DATA_FOLDER);
}

enum told_status told_demo_read(struct told_demo *demo, const char *name, json_t **out)
{
	static const struct told_json_limits limits = {.bytes = DATA_MAX_BYTES, .depth = 8, .values = 4096};
	struct told_buf text = TOLD_BUF(DATA_MAX_BYTES);
	struct told_json_error error = {0};
	char path[PATH_MAX];
	enum told_status status = told_demo_path(demo, path, demo->data, name);
	if (status == TOLD_OK)
		status = told_file_read(path, DATA_MAX_BYTES, &text);
	if (status == TOLD_OK)
		status = told_json_load(told_buf_view(&text), &limits, out, &error);
	told_buf_free(&text);
	if (status == TOLD_OK)
		return TOLD_OK;
	return told_demo_fail(demo, TOLD_E_CONFIG, "%s:%zu: %s.", path, error.line,
			      error.why != NULL ? error.why : told_status_text(status));
}

static enum told_status open_agency(struct told_demo *demo, size_t which)
{
	struct told_demo_agency *agency = &demo->agencies[which];
	struct told_buf form = TOLD_BUF(TOLD_FORM_MAX_BYTES);
	enum told_status status = told_demo_path(demo, agency->folder, demo->data, folders[which]);
	if (status == TOLD_OK)
		status = told_profile_open(agency->folder, &agency->profile, &form, &demo->why);
	if (status == TOLD_OK)
		status = told_form_load(told_buf_view(&form), &agency->form, &demo->why);
	told_buf_free(&form);
	if (status != TOLD_OK)
		return told_demo_fail(demo, status, "%s: the profile cannot be read.", agency->folder);
	return told_demo_path(demo, agency->dir, demo->dir, agency->profile->id);
}

enum told_status told_demo_open(struct told_demo *demo)
{
	json_t *all = NULL;
	enum told_status status = find_programs(demo);
	if (status == TOLD_OK)
		status = told_demo_read(demo, "demo/household.json", &all);
	for (size_t i = 0; i < TOLD_DEMO_AGENCIES && status == TOLD_OK; i++)
		status = open_agency(demo, i);
	if (status == TOLD_OK) {
		demo->answers = json_incref(json_object_get(all, "answers"));
		demo->household = json_incref(json_object_get(all, "household"));
		demo->figures = json_object();
		status = told_demo_path(demo, demo->agreement, demo->dir, "northtown.yaml");
	}
	json_decref(all);
	if (status == TOLD_OK)
		status = told_measure_new(&demo->measure);
	if (status == TOLD_OK)
		status = told_demo_ready_open(&demo->ready);
	return status == TOLD_OK ? TOLD_OK : told_demo_fail(demo, status, "%s.", told_status_text(status));
}

void told_demo_close(struct told_demo *demo)
{
	enum told_status stopped = told_demo_stop_all(demo);
	if (stopped != TOLD_OK)
		fprintf(stderr, "told demo: %s\n", told_buf_cstr(&demo->why));
	for (size_t i = 0; i < TOLD_DEMO_AGENCIES; i++) {
		told_profile_free(demo->agencies[i].profile);
		told_form_free(demo->agencies[i].form);
	}
	told_demo_ready_close(&demo->ready);
	told_measure_free(demo->measure);
	json_decref(demo->figures);
	json_decref(demo->answers);
	json_decref(demo->household);
	json_decref(demo->imported);
	json_decref(demo->referral);
	told_buf_free(&demo->why);
}

/* ---- daemons ---- */

/* What it said last helps more than our own words. */
static enum told_status not_ready(struct told_demo *demo, enum told_status status, const char *program, const char *log)
{
	struct told_buf text = TOLD_BUF(1024u * 1024u);
	const char *said = told_file_read(log, text.max_bytes, &text) == TOLD_OK ? told_buf_cstr(&text) : NULL;
	size_t skip = text.len > LOG_TAIL_BYTES ? text.len - LOG_TAIL_BYTES : 0;
	told_demo_fail(demo, status, "%s did not become ready: %s. It said: %s", program, told_status_text(status),
		       said != NULL ? said + skip : "nothing");
	told_buf_free(&text);
	return status;
}

static enum told_status start(struct told_demo *demo, const char *program, const char *dir, pid_t *pid)
{
	char path[PATH_MAX], log[PATH_MAX], name[64];
	snprintf(name, sizeof name, "%s.log", program);
	enum told_status status = told_demo_path(demo, path, demo->bin, program);
	if (status == TOLD_OK)
		status = told_demo_path(demo, log, dir, name);
	if (status == TOLD_OK)
		status = told_daemon_start((const char *const[]){path, dir, NULL}, log, &demo->ready, pid);
	if (status != TOLD_OK)
		return told_demo_fail(demo, status, "%s could not be started: %s.", program, told_status_text(status));
	status = told_daemon_ready(&demo->ready, *pid, TOLD_DEMO_READY_MS);
	return status == TOLD_OK ? TOLD_OK : not_ready(demo, status, program, log);
}

enum told_status told_demo_start_broker(struct told_demo *demo)
{
	char dir[PATH_MAX];
	enum told_status status = told_demo_path(demo, dir, demo->dir, "broker");
	return status == TOLD_OK ? start(demo, "told-broker", dir, &demo->broker) : status;
}

enum told_status told_demo_start_agent(struct told_demo *demo, struct told_demo_agency *agency)
{
	return start(demo, "told-agent", agency->dir, &agency->agent);
}

enum told_status told_demo_stop_agent(struct told_demo *demo, struct told_demo_agency *agency)
{
	enum told_status status = told_daemon_stop(&agency->agent, STOP_MS);
	return status == TOLD_OK ? TOLD_OK
				 : told_demo_fail(demo, status, "told-agent of %s did not stop.", agency->profile->id);
}

enum told_status told_demo_stop_all(struct told_demo *demo)
{
	enum told_status worst = TOLD_OK;
	for (size_t i = 0; i < TOLD_DEMO_AGENCIES; i++) {
		enum told_status status =
			demo->agencies[i].agent > 0 ? told_demo_stop_agent(demo, &demo->agencies[i]) : TOLD_OK;
		worst = status != TOLD_OK ? status : worst;
	}
	enum told_status status = told_daemon_stop(&demo->broker, STOP_MS);
	if (status != TOLD_OK)
		worst = told_demo_fail(demo, status, "told-broker did not stop.");
	return worst;
}
