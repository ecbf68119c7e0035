/* SPDX-License-Identifier: Apache-2.0 */
/* told measure retelling: the words and options as one request to count. Reads the files that are named, or the four
 * profiles that came with the program. */
#include "agents/cli/do.h"
#include "agents/cli/show.h"

#include "agents/measure/retelling.h"
#include <limits.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DATA_FOLDER "../share/told"

static const char *const own_forms[] = {"housing", "iapt", "addiction", "employability"};
#define OWN_COUNT (sizeof own_forms / sizeof own_forms[0])

/* What has to live as long as the request: paths of our own data, names cut out of options, the time. */
struct typed {
	char mapping[PATH_MAX], own[OWN_COUNT][PATH_MAX];
	char names[TOLD_RETELLING_FORMS_MAX][128];
	char now[24];
};

/* The path of what was installed with the program, from where the program stands. */
static bool data_path(const char *name, char out[PATH_MAX])
{
	char bin[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", bin, sizeof bin - 1);
	if (n <= 0)
		return false;
	bin[n] = '\0';
	char *slash = strrchr(bin, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	int len = snprintf(out, PATH_MAX, "%s/" DATA_FOLDER "/%s", bin, name);
	return len > 0 && len < PATH_MAX && access(out, R_OK) == 0;
}

static int put_forms(struct told_cli *cli, const struct told_args *args, struct typed *typed,
		     struct told_retelling_ask *ask)
{
	size_t count = args->word_count > 0 ? args->word_count : OWN_COUNT;
	if (count > TOLD_RETELLING_FORMS_MAX)
		return told_failf(cli, TOLD_EXIT_USAGE, "Name fewer forms.", "At most %u forms are counted at once.",
				  TOLD_RETELLING_FORMS_MAX);
	for (size_t i = 0; i < count; i++) {
		ask->forms[i] = args->word_count > 0 ? args->words[i] : typed->own[i];
		if (args->word_count == 0 && !data_path(own_forms[i], typed->own[i]))
			return told_failf(cli, TOLD_EXIT_CONFIG, "Install the program again, or name the forms.",
					  "The form of %s that came with the program is not there.", own_forms[i]);
	}
	ask->form_count = count;
	return TOLD_EXIT_DONE;
}

static int put_party(struct told_cli *cli, const char *value, struct typed *typed, struct told_retelling_ask *ask)
{
	const char *equal = strchr(value, '=');
	size_t len = equal != NULL ? (size_t)(equal - value) : 0, at = ask->party_count;
	if (len == 0 || len >= sizeof typed->names[0] || equal[1] == '\0' || at == TOLD_RETELLING_FORMS_MAX)
		return told_fail(cli, TOLD_EXIT_USAGE, "A form and who asks it: a name, an equals sign and a party.",
				 NULL, "Write --party drugs-and-alcohol=SUD.");
	memcpy(typed->names[at], value, len);
	typed->names[at][len] = '\0';
	ask->parties[at].form = typed->names[at];
	ask->parties[at].party = equal + 1;
	ask->party_count++;
	return TOLD_EXIT_DONE;
}

static int put_options(struct told_cli *cli, const struct told_args *args, struct typed *typed,
		       struct told_retelling_ask *ask)
{
	int exit = TOLD_EXIT_DONE;
	for (size_t i = 0; i < args->option_count && exit == TOLD_EXIT_DONE; i++) {
		const char *name = args->options[i].option->name, *value = args->options[i].value;
		if (strcmp(name, "party") == 0)
			exit = put_party(cli, value, typed, ask);
		else if (strcmp(name, "agreement") == 0 && ask->agreement_count < TOLD_RETELLING_AGREEMENTS_MAX)
			ask->agreements[ask->agreement_count++] = value;
		else if (strcmp(name, "agreement") == 0)
			exit = told_failf(cli, TOLD_EXIT_USAGE, "Name fewer.", "At most %u agreements are on file.",
					  TOLD_RETELLING_AGREEMENTS_MAX);
	}
	return exit;
}

static void put_time(const struct told_args *args, struct typed *typed, struct told_retelling_ask *ask)
{
	time_t now = time(NULL);
	struct tm utc;
	strftime(typed->now, sizeof typed->now, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	ask->clock = told_args_get(args, "at") != NULL ? told_args_get(args, "at") : typed->now;
	ask->permissions = told_args_get(args, "permissions");
	ask->mapping = told_args_get(args, "map");
	if (ask->mapping == NULL && data_path("measure/moj-resettlement.json", typed->mapping))
		ask->mapping = typed->mapping;
}

int told_do_retelling(struct told_cli *cli, const struct told_args *args)
{
	struct typed typed = {.now = ""};
	struct told_retelling_ask ask = {.form_count = 0};
	struct told_buf why = TOLD_BUF(65536);
	json_t *report = NULL;
	put_time(args, &typed, &ask);
	int exit = put_forms(cli, args, &typed, &ask);
	if (exit == TOLD_EXIT_DONE)
		exit = put_options(cli, args, &typed, &ask);
	if (exit == TOLD_EXIT_DONE) {
		enum told_status status = told_retelling_count(&ask, &report, &why);
		exit = status == TOLD_OK ? told_finish(cli, args, report)
					 : told_fail_status(cli, status, "The forms cannot be counted", &why);
	}
	json_decref(report);
	told_buf_free(&why);
	return exit;
}
