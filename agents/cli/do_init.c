/* SPDX-License-Identifier: Apache-2.0 */
/* told init: a fresh folder for a broker or an agency. Writes that folder through agents/keys. */
#include "agents/cli/do.h"

#include "agents/agent/core/init.h"
#include "agents/cli/enrolment.h"
#include "agents/keys/init.h"
#include "agents/profile/profile.h"
#include <stdlib.h>
#include <string.h>

static int init_broker(struct told_cli *cli, const struct told_args *args, const char *dir)
{
	struct told_buf why = TOLD_BUF(1024);
	const char *name = told_args_get(args, "partnership"), *endpoint = told_args_get(args, "endpoint");
	if (name == NULL || endpoint == NULL)
		return told_fail(cli, TOLD_EXIT_USAGE,
				 "A broker needs the partnership's name and the address it listens on.", NULL,
				 "Add --partnership NAME --endpoint tcp://HOST:PORT.");
	enum told_status status = told_init_broker(dir, name, endpoint, &why);
	int exit = TOLD_EXIT_DONE;
	if (status != TOLD_OK)
		exit = told_fail_status(cli, status, dir, &why);
	else if (cli->json)
		fprintf(cli->out, "{\"broker\":\"%s\",\"partnership\":\"%s/partnership.json\"}\n", dir, dir);
	else
		fprintf(cli->out, "A broker's folder: %s\nHand %s/partnership.json to every agency.\n", dir, dir);
	if (status == TOLD_OK)
		fprintf(cli->err, "Next: told-broker %s\n", dir);
	told_buf_free(&why);
	return exit;
}

/* The profile's id, which is the party; its form is judged too, so that the agent starts. */
static int read_profile(struct told_cli *cli, const char *dir, char party[TOLD_NAME_MAX_BYTES + 1])
{
	struct told_profile *profile = NULL;
	struct told_buf form = TOLD_BUF(TOLD_FORM_MAX_BYTES), why = TOLD_BUF(65536);
	enum told_status status = told_profile_open(dir, &profile, &form, &why);
	if (status == TOLD_OK)
		snprintf(party, TOLD_NAME_MAX_BYTES + 1, "%s", profile->id);
	int exit = status == TOLD_OK ? TOLD_EXIT_DONE : told_fail_status(cli, status, dir, &why);
	told_profile_free(profile);
	told_buf_free(&form);
	told_buf_free(&why);
	return exit == TOLD_EXIT_CHECK ? TOLD_EXIT_CONFIG : exit;
}

static int hand_over(struct told_cli *cli, const char *dir, const char *party, const struct told_init_agency_made *made)
{
	struct told_enrolment enrolment = {0};
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%.4000s/enrol.json", dir);
	snprintf(enrolment.party, sizeof enrolment.party, "%s", party);
	memcpy(enrolment.identity_key, made->identity_key, TOLD_KEY_BYTES);
	memcpy(enrolment.session_key, made->session_key, TOLD_KEY_BYTES);
	memcpy(enrolment.fingerprint, made->fingerprint, sizeof enrolment.fingerprint);
	int exit = told_enrolment_write(cli, path, &enrolment);
	if (exit != TOLD_EXIT_DONE)
		return exit;
	if (cli->json) {
		json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "agency", dir, "party", party, "identity",
					 made->fingerprint, "enrolment", path, "worker", made->worker, "token_file",
					 made->token_file);
		json_dumpf(json, cli->out, JSON_COMPACT | JSON_PRESERVE_ORDER);
		fputc('\n', cli->out);
		json_decref(json);
	} else {
		fprintf(cli->out, "An agency's folder: %s, for %s\nIdentity key: %s\nFirst worker: %s, token in %s\n",
			dir, party, made->fingerprint, made->worker, made->token_file);
		fprintf(cli->err,
			"Hand %s to the operator, and read the identity key out by telephone.\nNext: told-agent %s\n",
			path, dir);
	}
	return exit;
}

static int init_agency(struct told_cli *cli, const struct told_args *args, const char *profile)
{
	const char *dir = args->words[0], *partnership = told_args_get(args, "partnership");
	struct told_init_agency_made made;
	struct told_buf why = TOLD_BUF(1024);
	char party[TOLD_NAME_MAX_BYTES + 1], path[PATH_MAX];
	if (partnership == NULL)
		return told_fail(cli, TOLD_EXIT_USAGE, "An agency needs the partnership's paper.", NULL,
				 "Add --partnership FILE with the broker's partnership.json.");
	if (realpath(profile, path) == NULL)
		return told_failf(cli, TOLD_EXIT_CONFIG, "Name the folder of a profile.", "There is no profile at %s.",
				  profile);
	int exit = read_profile(cli, path, party);
	if (exit != TOLD_EXIT_DONE)
		return exit;
	const struct told_init_agency what = {
		.dir = dir, .party = party, .profile = path, .partnership_file = partnership};
	enum told_status status = told_init_agency(&what, &made, &why);
	exit = status == TOLD_OK ? hand_over(cli, dir, party, &made) : told_fail_status(cli, status, dir, &why);
	told_buf_free(&why);
	return exit;
}

int told_do_init(struct told_cli *cli, const struct told_args *args)
{
	const char *broker = told_args_get(args, "broker"), *profile = told_args_get(args, "agency");
	if (broker != NULL && profile == NULL && args->word_count == 0)
		return init_broker(cli, args, broker);
	if (profile != NULL && broker == NULL && args->word_count == 1)
		return init_agency(cli, args, profile);
	return told_fail(cli, TOLD_EXIT_USAGE, "What shall the folder be for?", NULL,
			 "Write told init --broker DIR, or told init --agency PROFILE DIR --partnership FILE.");
}
