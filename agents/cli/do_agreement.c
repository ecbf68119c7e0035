/* SPDX-License-Identifier: Apache-2.0 */
/* told agreement check, diff, sign: what needs no agent is done without one. */
#include "agents/cli/agreement.h"
#include "agents/cli/do.h"

#include "broker/agree/diff.h"
#include "broker/agree/lint.h"
#include "proto/page/page.h"
#include <stdlib.h>
#include <string.h>

static void print_good(struct told_cli *cli, const char *path, const struct told_agreement *a)
{
	char sha[2 * TOLD_HASH_BYTES + 1];
	told_hex(a->sha256, TOLD_HASH_BYTES, sha);
	if (cli->json) {
		json_t *line = json_pack("{s:s, s:b, s:s%, s:i, s:s, s:i, s:i}", "file", path, "ok", 1, "agreement",
					 (const char *)a->id.data, a->id.len, "version", (int)a->version, "sha256", sha,
					 "flows", (int)a->flow_count, "parties", (int)a->party_count);
		json_dumpf(line, cli->out, JSON_COMPACT);
		fputc('\n', cli->out);
		json_decref(line);
		return;
	}
	fprintf(cli->out, "%s: good. %.*s version %u, %zu part%s, %zu flow%s\nSHA-256 %s\n", path, (int)a->id.len,
		a->id.data, a->version, a->party_count, told_many(a->party_count, "y", "ies"), a->flow_count,
		told_many(a->flow_count, "", "s"), sha);
}

static void print_lint(struct told_cli *cli, const char *path, const struct told_paper *paper)
{
	struct told_faults *warnings = calloc(1, sizeof *warnings);
	struct told_buf text = TOLD_BUF(1048576);
	if (warnings == NULL)
		return;
	*warnings = TOLD_FAULTS(path);
	told_agreement_lint(paper->agreement, paper->parties, told_buf_view(&paper->file), warnings);
	told_faults_print(warnings, &text);
	fwrite(text.data, 1, text.len, cli->err);
	told_buf_free(&text);
	told_faults_free(warnings);
	free(warnings);
}

int told_do_agreement_check(struct told_cli *cli, const struct told_args *args)
{
	int worst = TOLD_EXIT_DONE;
	for (size_t i = 0; i < args->word_count; i++) {
		struct told_paper paper;
		int exit = told_paper_open(cli, args->words[i], &paper);
		if (exit == TOLD_EXIT_DONE) {
			print_lint(cli, args->words[i], &paper);
			print_good(cli, args->words[i], paper.agreement);
			told_paper_close(&paper);
		}
		worst = exit != TOLD_EXIT_DONE ? exit : worst;
	}
	return worst;
}

/* Whoever has signed these two would be taken for saying two things under one name. */
static void warn_of_same_version(struct told_cli *cli, const struct told_agreement *older,
				 const struct told_agreement *newer)
{
	if (told_bytes_equal(older->id, newer->id) && older->version == newer->version &&
	    memcmp(older->sha256, newer->sha256, sizeof older->sha256) != 0)
		fprintf(cli->err,
			"Both are version %u, with other bytes. A version is signed once: give the new one a new "
			"version "
			"number before anyone signs it.\n",
			newer->version);
}

/* Both are read with one table of names, as the comparison asks. */
int told_do_agreement_diff(struct told_cli *cli, const struct told_args *args)
{
	struct told_paper older, newer = {0};
	struct told_agreement *again = NULL;
	struct told_faults *faults = calloc(1, sizeof *faults);
	struct told_buf text = TOLD_BUF(1048576);
	int exit = told_paper_open(cli, args->words[0], &older);
	if (exit != TOLD_EXIT_DONE) {
		free(faults);
		return exit;
	}
	exit = told_paper_open(cli, args->words[1], &newer);
	if (exit == TOLD_EXIT_DONE) {
		enum told_status status = faults == NULL
						  ? TOLD_E_MEMORY
						  : told_agreement_load(told_buf_view(&newer.file), args->words[1],
									older.parties, &again, faults);
		if (status != TOLD_OK)
			exit = told_fail_status(cli, status, args->words[1], NULL);
	}
	if (exit == TOLD_EXIT_DONE) {
		told_agreement_diff(older.agreement, again, older.parties, &text);
		warn_of_same_version(cli, older.agreement, again);
		fwrite(text.data, 1, text.len, cli->out);
		if (text.len == 0)
			fputs("Nothing changes for anybody.\n", cli->err);
	}
	told_agreement_free(again);
	told_buf_free(&text);
	if (faults != NULL)
		told_faults_free(faults);
	free(faults);
	told_paper_close(&older);
	told_paper_close(&newer);
	return exit;
}

int told_do_agreement_sign(struct told_cli *cli, const struct told_args *args)
{
	struct told_paper paper;
	int exit = told_paper_open(cli, args->words[0], &paper);
	if (exit != TOLD_EXIT_DONE)
		return exit;
	json_t *request = json_pack("{s:s%}", "file", (const char *)paper.file.data, paper.file.len);
	told_paper_close(&paper);
	if (request == NULL)
		return told_fail_status(cli, TOLD_E_MALFORMED, args->words[0], NULL);
	return told_run_request(cli, args, request);
}
