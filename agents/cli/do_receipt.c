/* SPDX-License-Identifier: Apache-2.0 */
/* told receipt: the proof file of one message, to a file or to standard output. */
#include "agents/cli/do.h"

#include "agents/cli/show.h"
#include "broker/base/file.h"
#include "broker/base/loop.h"

#include <string.h>

#define RECEIPT_MODE 0644
#define TRIES        8u
#define PAUSE_MS     250 /* in which the broker answers and the agent keeps it */

static int write_receipt(struct told_cli *cli, const struct told_args *args, const json_t *reply)
{
	const char *out = told_args_get(args, "out"), *text = told_text_of(reply, "receipt");
	if (out == NULL || strcmp(out, "-") == 0) {
		fputs(text, cli->out);
		return TOLD_EXIT_DONE;
	}
	enum told_status status = told_file_write(out, told_text(text), RECEIPT_MODE);
	if (status != TOLD_OK)
		return told_fail_status(cli, status, out, NULL);
	fprintf(cli->err, "Written: %s\nNext: told-audit check-proof %s --policy FILE\n", out, out);
	return TOLD_EXIT_DONE;
}

/* One that few witnesses have signed so far gets some moments: more may have signed since. */
static int fetch(struct told_cli *cli, const char *path, json_t **out)
{
	int exit = TOLD_EXIT_DONE;
	bool thin = true;
	for (unsigned tries = 0; exit == TOLD_EXIT_DONE && thin && tries < TRIES; tries++) {
		enum told_status pause = told_poll(NULL, 0, tries == 0 ? 0 : PAUSE_MS);
		json_decref(*out);
		*out = NULL;
		exit = pause == TOLD_E_TIMEOUT ? told_call(cli, "GET", path, NULL, out)
					       : told_fail_status(cli, pause, "Waiting", NULL);
		thin = json_is_true(json_object_get(*out, "thin"));
	}
	if (exit == TOLD_EXIT_DONE && thin && !cli->json)
		fputs("Not yet signed by more than half of the witnesses: ask again later for one that is.\n",
		      cli->err);
	return exit;
}

int told_do_receipt(struct told_cli *cli, const struct told_args *args)
{
	struct told_buf path = TOLD_BUF(1024);
	json_t *reply = NULL;
	int exit = told_call_path(cli, args, &path);
	if (exit == TOLD_EXIT_DONE)
		exit = fetch(cli, told_buf_cstr(&path), &reply);
	if (exit == TOLD_EXIT_DONE && cli->json)
		exit = told_finish(cli, args, reply);
	else if (exit == TOLD_EXIT_DONE)
		exit = write_receipt(cli, args, reply);
	json_decref(reply);
	told_buf_free(&path);
	return exit;
}
