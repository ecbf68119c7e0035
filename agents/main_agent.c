/* SPDX-License-Identifier: Apache-2.0 */
/* told-agent: opens one agency's folder and serves it until told to stop. Puts together profile, form, agent and API;
 * each says what is wrong with what it was given. */
#include "agents/agent/agent.h"
#include "agents/api/api.h"
#include "agents/exit/exit.h"
#include "agents/form/form.h"
#include "agents/keys/settings.h"
#include "agents/profile/profile.h"
#include "broker/base/file.h"
#include "broker/base/harden.h"
#include "broker/base/loop.h"
#include "broker/base/notify.h"
#include "told/limits.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHY_MAX_BYTES 65536u /* a form with many faults says them all */

/* Everything that is open, so that one function closes it. */
struct daemon {
	char profile_dir[PATH_MAX], socket[PATH_MAX];
	struct told_profile *profile;
	struct told_here_offer *offers; /* of the profile */
	struct told_form *form;
	struct told_agent *agent;
	struct told_api *api;
	struct told_agent_watch inner; /* the API's */
	int64_t watchdog_ms, watchdog_due_ms;
	int stop_fd;
};

/* JSON trees hold stories: what jansson gives back is wiped first. */
static void free_wiped(void *data)
{
	if (data != NULL)
		told_wipe(data, malloc_usable_size(data));
	free(data);
}

static enum told_status in_dir(const char *dir, const char *path, char out[PATH_MAX])
{
	int n = path[0] == '/' ? snprintf(out, PATH_MAX, "%s", path) : snprintf(out, PATH_MAX, "%s/%s", dir, path);
	return n > 0 && n < PATH_MAX ? TOLD_OK : TOLD_E_LIMIT;
}

static enum told_status read_settings(struct daemon *d, const char *dir, struct told_buf *why)
{
	struct told_agent_settings settings;
	enum told_status status = told_agent_settings_read(dir, &settings, why);
	if (status == TOLD_OK)
		status = in_dir(dir, settings.profile, d->profile_dir);
	return status;
}

static enum told_status read_profile(struct daemon *d, struct told_buf *why)
{
	struct told_buf json = TOLD_BUF(TOLD_FORM_MAX_BYTES);
	enum told_status status = told_profile_open(d->profile_dir, &d->profile, &json, why);
	if (status == TOLD_OK)
		status = told_form_load(told_buf_view(&json), &d->form, why);
	if (status == TOLD_OK)
		status = told_form_fits(d->form, &d->profile->categories, why);
	told_buf_free(&json);
	return status;
}

/* As days: what the profile writes in hours or minutes is no limit for a plan. */
static void plan_wait(const struct told_profile *profile, struct told_agency *agency)
{
	static const unsigned days[TOLD_PROMISE_UNIT_COUNT] = {[TOLD_PROMISE_DAYS] = 1,
							       [TOLD_PROMISE_WORKING_DAYS] = 1,
							       [TOLD_PROMISE_WEEKS] = 7,
							       [TOLD_PROMISE_MONTHS] = 30};
	const struct told_agency_clock *clock = told_profile_clock(profile, "plan_wait");
	if (clock == NULL)
		return;
	agency->plan_wait_days = clock->span.amount * days[clock->span.unit];
	agency->plan_wait_working = clock->span.unit == TOLD_PROMISE_WORKING_DAYS;
}

static enum told_status lay_offers(struct daemon *d)
{
	d->offers = calloc(d->profile->does_count + 1, sizeof *d->offers);
	if (d->offers == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < d->profile->does_count; i++) {
		const struct told_offer *o = &d->profile->does[i];
		d->offers[i] = (struct told_here_offer){
			.need = o->need,
			.words = o->words,
			.modality = (const char *const *)o->modality,
			.modality_count = o->modality_count,
			.supervised = strcmp(o->supervision, "required") == 0,
			.not_suitable_when = (const char *const *)o->not_suitable_when,
			.not_suitable_count = o->not_suitable_when_count,
		};
	}
	return TOLD_OK;
}

/* Our promise to answer a referral; none where it is in a unit that no deadline counts in. */
static struct told_span acknowledge_of(const struct told_profile *profile)
{
	const struct told_agency_clock *clock = told_profile_clock(profile, "acknowledge_by");
	struct told_span span = {.unit = TOLD_SPAN_NONE};
	if (clock == NULL || told_span_parse(told_text(clock->within), &span) != TOLD_OK)
		return (struct told_span){.unit = TOLD_SPAN_NONE};
	return span;
}

static enum told_status open_agent(struct daemon *d, const char *dir, struct told_buf *why)
{
	const struct told_profile *profile = d->profile;
	const char **teams = calloc(profile->teams_count + 1, sizeof *teams);
	struct told_agency agency = {.name = profile->name,
				     .categories = profile->categories,
				     .roles = profile->role_bits >> 1, /* the profile counts from bit 1 */
				     .team_count = profile->teams_count,
				     .emergency_telephone = profile->emergency.telephone,
				     .telephone = profile->telephone,
				     .specialist = (profile->mark_bits & TOLD_AGENCY_MARK_SPECIALIST) != 0,
				     .acknowledge = acknowledge_of(profile),
				     .offer_count = profile->does_count};
	if (teams == NULL)
		return TOLD_E_MEMORY;
	if (lay_offers(d) != TOLD_OK) {
		free(teams);
		return TOLD_E_MEMORY;
	}
	agency.offers = d->offers;
	for (size_t i = 0; i < profile->teams_count; i++) {
		teams[i] = profile->teams[i].id;
		if (profile->teams[i].duty)
			agency.duty_team = profile->teams[i].id;
	}
	agency.teams = teams;
	plan_wait(profile, &agency);
	enum told_status status = told_agent_open(dir, &agency, &d->agent, why);
	free(teams);
	return status;
}

static enum told_status open_api(struct daemon *d, const char *dir, struct told_buf *why)
{
	char run[PATH_MAX];
	enum told_status status = in_dir(dir, told_agent_socket(d->agent), d->socket);
	if (status == TOLD_OK)
		status = in_dir(dir, "run", run);
	if (status == TOLD_OK && strncmp(d->socket, run, strlen(run)) == 0)
		status = told_dir_make(run);
	const struct told_api_settings settings = {.socket = d->socket, .clock = told_clock_system()};
	if (status == TOLD_OK)
		status = told_api_open(d->agent, d->form, &settings, &d->api, why);
	return status;
}

/* ---- the watchdog rides along with the API ---- */

static int64_t now_ms(void)
{
	struct told_clock clock = told_clock_system();
	return told_clock_now(&clock).boot_ms;
}

static size_t prepare(void *ctx, struct pollfd *fds, size_t room, int64_t *timeout_ms)
{
	struct daemon *d = ctx;
	if (d->watchdog_ms > 0) {
		int64_t left_ms = d->watchdog_due_ms - now_ms();
		left_ms = left_ms > 0 ? left_ms : 0;
		if (*timeout_ms < 0 || left_ms < *timeout_ms)
			*timeout_ms = left_ms;
	}
	return d->inner.prepare(d->inner.ctx, fds, room, timeout_ms);
}

static void serve(void *ctx, const struct pollfd *fds, size_t count)
{
	struct daemon *d = ctx;
	d->inner.serve(d->inner.ctx, fds, count);
	if (d->watchdog_ms > 0 && now_ms() >= d->watchdog_due_ms) {
		(void)!told_notify(TOLD_NOTIFY_WATCHDOG); /* a manager that does not listen stops us, as it should */
		d->watchdog_due_ms = now_ms() + d->watchdog_ms;
	}
}

/* ---- the life ---- */

static enum told_status start(struct daemon *d, const char *dir, struct told_buf *why)
{
	enum told_status status = told_harden();
	if (status == TOLD_OK)
		status = told_signals_open(&d->stop_fd);
	if (status == TOLD_OK)
		status = read_settings(d, dir, why);
	if (status == TOLD_OK)
		status = read_profile(d, why);
	if (status == TOLD_OK)
		status = open_agent(d, dir, why);
	if (status == TOLD_OK)
		status = open_api(d, dir, why);
	return status;
}

static enum told_status run(struct daemon *d)
{
	struct told_bytes party = told_agent_party(d->agent);
	d->inner = told_api_watch(d->api);
	d->watchdog_ms = told_notify_watchdog_ms();
	d->watchdog_due_ms = now_ms();
	printf("told-agent %.*s ready, listening on %s\n", (int)party.len, party.data, d->socket);
	fflush(stdout);
	enum told_status status = told_notify(TOLD_NOTIFY_READY);
	const struct told_agent_watch watch = {.prepare = prepare, .serve = serve, .ctx = d};
	if (status == TOLD_OK)
		status = told_agent_run(d->agent, &watch, d->stop_fd);
	(void)!told_notify(TOLD_NOTIFY_STOPPING); /* we end all the same */
	return status;
}

static void stop(struct daemon *d)
{
	told_api_close(d->api);
	told_agent_close(d->agent);
	told_form_free(d->form);
	free(d->offers);
	told_profile_free(d->profile);
	if (d->stop_fd >= 0)
		close(d->stop_fd);
}

static int usage(FILE *out, int exit)
{
	fputs("told-agent /srv/housing\nNOTIFY_SOCKET=@told told-agent /srv/housing\n\n"
	      "told-agent DIR\nServes the agency whose folder told init --agency made, until SIGTERM. See "
	      "told-agent(8).\n",
	      out);
	return exit;
}

int main(int argc, char **argv)
{
	struct daemon d = {.stop_fd = -1};
	struct told_buf why = TOLD_BUF(WHY_MAX_BYTES);
	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return usage(stdout, TOLD_EXIT_DONE);
	if (argc != 2 || argv[1][0] == '-')
		return usage(stderr, TOLD_EXIT_USAGE);
	json_set_alloc_funcs(malloc, free_wiped);
	enum told_status status = start(&d, argv[1], &why);
	if (status == TOLD_OK)
		status = run(&d);
	if (status != TOLD_OK) {
		const char *detail = why.len > 0 ? told_buf_cstr(&why) : NULL;
		fprintf(stderr, "told-agent: %s: %s. %s\n%s\n", argv[1], told_status_text(status),
			detail != NULL ? detail : "", told_fix_of(status));
	}
	stop(&d);
	told_buf_free(&why);
	return (int)told_exit_of(status);
}
