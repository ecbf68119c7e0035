/* SPDX-License-Identifier: Apache-2.0 */
/* told partner log-key: the log gets a new key beside the old one, or the old one, stolen, is ended at once. Both are
 * signed acts of the operator's; the broker needs the new key's file in its own folder before it takes the first. */
#include "agents/cli/do.h"
#include "agents/cli/operator.h"
#include "agents/cli/show.h"

#include "agents/keys/log_ring.h"
#include "agents/keys/log_say.h"
#include "told/codes.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

struct keys {
	const char *dir;
	struct told_partnership paper;
	uint32_t newest; /* its number */
};

static enum told_status read_paper(const char *dir, struct keys *out, struct told_buf *why)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%.4000s/partnership.json", dir);
	out->dir = dir;
	enum told_status status = told_partnership_read(path, &out->paper, why);
	out->newest = (uint32_t)out->paper.log_keys_before + 1;
	return status;
}

static enum told_status say(const struct keys *keys, struct told_key_part *record,
			    struct told_operator_receipt *receipt, struct told_buf *why)
{
	struct told_partner_part part = {.action = TOLD_PARTNER_ACTION_LOG_KEY, .log_key = record};
	record->purpose = TOLD_KEY_LOG;
	return told_operator_say(keys->dir, &part, receipt, why);
}

/* A file that is there already is that of an attempt which did not reach the log: the same key is tried again. */
static enum told_status rotate(const struct keys *keys, struct told_operator_receipt *receipt, struct told_buf *why)
{
	struct told_keypair pair;
	struct told_key_part record = {0};
	uint8_t proof[TOLD_SIGNATURE_BYTES];
	enum told_status status = told_log_key_make(keys->dir, keys->newest + 1, &pair);
	if (status == TOLD_OK)
		status = told_log_key_record(&pair, keys->newest + 1, proof, &record);
	if (status == TOLD_OK)
		status = say(keys, &record, receipt, why);
	told_wipe(&pair, sizeof pair);
	if (status == TOLD_E_REFUSED)
		told_buf_put_text(why, " The log takes a new key when no older one still has its 30 days. If the old "
				       "one was stolen: told partner log-key retire --now.");
	return status;
}

static enum told_status retire(const struct keys *keys, struct told_operator_receipt *receipt, struct told_buf *why)
{
	struct told_vkey vkey;
	enum told_status status = TOLD_E_NOT_FOUND;
	if (keys->newest > 1)
		status = told_vkey_parse(told_text(keys->paper.log_vkeys_before[keys->newest - 2]), &vkey);
	else
		told_buf_put_text(why, "The log has one key only, and nothing could replace it. Give it a new one "
				       "first: told partner log-key rotate.");
	if (status != TOLD_OK)
		return status;
	struct told_key_part record = {.action = TOLD_KEY_ACTION_REVOKE,
				       .key = told_bytes(vkey.key, sizeof vkey.key),
				       .number = keys->newest - 1};
	return say(keys, &record, receipt, why);
}

static int report(struct told_cli *cli, bool rotated, const struct told_operator_receipt *receipt)
{
	char day[40];
	json_t *ends = json_integer((json_int_t)receipt->time_ms + (rotated ? (json_int_t)TOLD_LOG_KEY_GRACE_MS : 0));
	if (ends == NULL)
		return told_fail_status(cli, TOLD_E_MEMORY, "the log's key", NULL);
	told_date_words(ends, day);
	if (cli->json)
		fprintf(cli->out, "{\"act\":\"%s\",\"entry\":%llu,\"time_ms\":%llu,\"old_ends_ms\":%lld}\n",
			rotated ? "rotate" : "retire", (unsigned long long)receipt->index,
			(unsigned long long)receipt->time_ms, (long long)json_integer_value(ends));
	else if (rotated)
		fprintf(cli->out,
			"The log has a new key (entry %llu). Both sign until %s; then the broker removes the old one's "
			"file.\nAgencies learn it by themselves. Give auditors the new policy: told partner policy.\n",
			(unsigned long long)receipt->index, day);
	else
		fprintf(cli->out,
			"The old key of the log is over (entry %llu), and its file is removed.\nGive auditors the new "
			"policy: told partner policy. It says up to which size the old key counts.\n",
			(unsigned long long)receipt->index);
	json_decref(ends);
	return TOLD_EXIT_DONE;
}

int told_do_log_key(struct told_cli *cli, const struct told_args *args)
{
	struct keys keys = {0};
	struct told_operator_receipt receipt = {0};
	struct told_buf why = TOLD_BUF(4096);
	bool rotated = strcmp(args->words[0], "rotate") == 0, now = told_args_get(args, "now") != NULL;
	if (!rotated && strcmp(args->words[0], "retire") != 0)
		return told_fail(cli, TOLD_EXIT_USAGE, "There is no such act on the log's key.",
				 "It is given a successor, or an old one is ended.", "Say rotate, or retire --now.");
	if (now == rotated)
		return told_fail(cli, TOLD_EXIT_USAGE, "--now goes with retire, and retire does not go without it.",
				 "An old key ends by itself, 30 days after rotate; only a stolen one is ended at once.",
				 "Say rotate, or retire --now.");
	enum told_status status = read_paper(told_args_get(args, "broker"), &keys, &why);
	if (status == TOLD_OK)
		status = rotated ? rotate(&keys, &receipt, &why) : retire(&keys, &receipt, &why);
	int exit = status == TOLD_OK ? report(cli, rotated, &receipt)
				     : told_fail_status(cli, status, "the log's key", &why);
	told_buf_free(&why);
	return exit;
}
