/* SPDX-License-Identifier: Apache-2.0 */
/* A new worker gets a token in a 0600 file; it is on no screen and in no list of processes. Writes that file. */
#include "agents/cli/do.h"
#include "agents/cli/show.h"

#include "broker/base/file.h"
#include "told/limits.h"
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Where the token will go, judged before a worker is made whose token could not be kept. */
static int place(struct told_cli *cli, const struct told_args *args, char folder[PATH_MAX], const char **file)
{
	*file = told_args_get(args, "token");
	if (*file != NULL) {
		const char *slash = strrchr(*file, '/');
		snprintf(folder, PATH_MAX, "%.*s", slash != NULL ? (int)(slash - *file) + 1 : 1,
			 slash != NULL ? *file : ".");
		if (access(*file, F_OK) == 0)
			return told_failf(cli, TOLD_EXIT_CONFIG, "Choose another name; a token is never replaced.",
					  "%s is there already.", *file);
	} else {
		snprintf(folder, PATH_MAX, "%s/workers", cli->agent != NULL ? cli->agent : ".");
	}
	if (access(folder, W_OK | X_OK) == 0)
		return TOLD_EXIT_DONE;
	return told_failf(cli, TOLD_EXIT_CONFIG, "Name a file that you may write: --token FILE.",
			  "The token cannot be kept in %s.", folder);
}

static int keep(struct told_cli *cli, const json_t *reply, const char *folder, const char *file, char path[PATH_MAX])
{
	char line[2 * TOLD_TOKEN_BYTES + 2];
	const char *token = told_text_of(reply, "token"), *number = told_text_of(reply, "number");
	int n = file != NULL ? snprintf(path, PATH_MAX, "%s", file)
			     : snprintf(path, PATH_MAX, "%s/%s.token", folder, number);
	int m = snprintf(line, sizeof line, "%s\n", token);
	enum told_status status = TOLD_E_LIMIT;
	if (n > 0 && n < PATH_MAX && m > 0 && (size_t)m < sizeof line)
		status = told_file_write_new(path, told_text(line), 0600);
	told_wipe(line, sizeof line);
	if (status == TOLD_OK)
		return TOLD_EXIT_DONE;
	return told_failf(
		cli, TOLD_EXIT_CONFIG, "Close the register entry (told worker leave NUMBER) and add the worker again.",
		"The token of worker %s could not be written to %s: %s.", number, path, told_status_text(status));
}

/* The reply goes on without its token. */
static int show(struct told_cli *cli, const struct told_args *args, json_t *reply, const char *path)
{
	json_object_del(reply, "token");
	if (json_object_set_new(reply, "token_file", json_string(path)) != 0)
		return told_fail_status(cli, TOLD_E_MEMORY, path, NULL);
	if (!cli->json) {
		fprintf(cli->out, "Worker %s\nToken  %s (0600; hand it over in person)\n",
			told_text_of(reply, "number"), path);
		return TOLD_EXIT_DONE;
	}
	return told_finish(cli, args, reply);
}

int told_do_worker_add(struct told_cli *cli, const struct told_args *args)
{
	char folder[PATH_MAX], path[PATH_MAX] = "";
	const char *file = NULL;
	json_t *request = NULL, *reply = NULL;
	int exit = place(cli, args, folder, &file);
	if (exit == TOLD_EXIT_DONE)
		exit = told_request(cli, args, &request);
	if (exit == TOLD_EXIT_DONE)
		exit = told_call(cli, "POST", "/v1/workers", request, &reply);
	if (exit == TOLD_EXIT_DONE)
		exit = keep(cli, reply, folder, file, path);
	if (exit == TOLD_EXIT_DONE)
		exit = show(cli, args, reply, path);
	json_decref(reply);
	json_decref(request);
	return exit;
}
