/* SPDX-License-Identifier: Apache-2.0 */
/* told partner policy: the policy file that the broker keeps up to date, for auditors and holders of receipts. */
#include "agents/cli/do.h"

#include "broker/base/file.h"
#include "told/limits.h"

#include <limits.h>
#include <string.h>

static int print(struct told_cli *cli, const struct told_buf *text)
{
	if (!cli->json) {
		fwrite(text->data, 1, text->len, cli->out);
		return TOLD_EXIT_DONE;
	}
	json_t *json = json_pack("{s:s%}", "policy", (const char *)text->data, text->len);
	if (json == NULL)
		return told_fail_status(cli, TOLD_E_MEMORY, "policy", NULL);
	json_dumpf(json, cli->out, JSON_COMPACT);
	fputc('\n', cli->out);
	json_decref(json);
	return TOLD_EXIT_DONE;
}

int told_do_policy(struct told_cli *cli, const struct told_args *args)
{
	char path[PATH_MAX];
	struct told_buf text = TOLD_BUF(TOLD_POLICY_MAX_BYTES);
	snprintf(path, sizeof path, "%.4000s/policy", told_args_get(args, "broker"));
	enum told_status status = told_file_read(path, TOLD_POLICY_MAX_BYTES, &text);
	int exit = status == TOLD_OK ? print(cli, &text) : told_fail_status(cli, status, path, NULL);
	bool none = status == TOLD_OK && strstr(told_buf_cstr(&text), "quorum none") != NULL;
	if (none && !cli->json)
		fprintf(cli->err, "No witness is asked for: no enrolled agency has a witness key on record yet, or "
				  "witness_quorum is none in broker.yaml.\n");
	told_buf_free(&text);
	return exit;
}
