/* SPDX-License-Identifier: Apache-2.0 */
/* Agreements on this side of the API. Reads files; asks the agent for the text of what it has signed. */
#include "agents/cli/agreement.h"

#include "agents/cli/show.h"
#include <stdlib.h>
#include <string.h>

static int load(struct told_cli *cli, const char *name, struct told_paper *out)
{
	struct told_faults *faults = calloc(1, sizeof *faults);
	struct told_buf text = TOLD_BUF(1048576);
	enum told_status status = faults != NULL ? told_parties_new(&out->parties) : TOLD_E_MEMORY;
	if (status == TOLD_OK) {
		*faults = TOLD_FAULTS(name);
		status = told_agreement_load(told_buf_view(&out->file), name, out->parties, &out->agreement, faults);
	}
	int exit = status == TOLD_OK ? TOLD_EXIT_DONE : (int)told_exit_of(status);
	if (status != TOLD_OK && faults != NULL && told_faults_any(faults)) {
		told_faults_print(faults, &text);
		fwrite(text.data, 1, text.len, cli->err);
	} else if (status != TOLD_OK) {
		exit = told_fail_status(cli, status, name, NULL);
	}
	told_buf_free(&text);
	if (faults != NULL)
		told_faults_free(faults);
	free(faults);
	return exit;
}

int told_paper_open(struct told_cli *cli, const char *path, struct told_paper *out)
{
	*out = (struct told_paper){.file = TOLD_BUF(TOLD_AGREEMENT_MAX_BYTES)};
	int exit = told_read_input(cli, path, TOLD_AGREEMENT_MAX_BYTES, &out->file);
	if (exit == TOLD_EXIT_CHECK) /* no such file: a fault of settings here, not an empty list */
		exit = TOLD_EXIT_CONFIG;
	if (exit == TOLD_EXIT_DONE)
		exit = load(cli, path, out);
	if (exit != TOLD_EXIT_DONE)
		told_paper_close(out);
	return exit;
}

/* The text of the one agreement that the agent has signed; of several somebody must choose. */
static int fetch(struct told_cli *cli, struct told_paper *out)
{
	json_t *reply = NULL;
	size_t i = 0, found = 0;
	json_t *agreement = NULL;
	const char *text = NULL;
	int exit = told_call(cli, "GET", "/v1/agreements", NULL, &reply);
	json_array_foreach(json_object_get(reply, "agreements"), i, agreement)
	{
		if (told_text_of(agreement, "file")[0] == '\0')
			continue;
		text = told_text_of(agreement, "file");
		found++;
	}
	if (exit == TOLD_EXIT_DONE && found != 1)
		exit = told_fail(cli, TOLD_EXIT_USAGE,
				 found == 0 ? "The agent has no agreement's text." : "There are several agreements.",
				 NULL, "Name the file: --agreement FILE.");
	if (exit == TOLD_EXIT_DONE)
		told_buf_put_text(&out->file, text);
	json_decref(reply);
	return exit;
}

int told_paper_find(struct told_cli *cli, const struct told_args *args, struct told_paper *out)
{
	const char *path = told_args_get(args, "agreement");
	if (path != NULL)
		return told_paper_open(cli, path, out);
	*out = (struct told_paper){.file = TOLD_BUF(TOLD_AGREEMENT_MAX_BYTES)};
	int exit = fetch(cli, out);
	if (exit == TOLD_EXIT_DONE)
		exit = load(cli, "agreement", out);
	if (exit != TOLD_EXIT_DONE)
		told_paper_close(out);
	return exit;
}

void told_paper_close(struct told_paper *paper)
{
	told_agreement_free(paper->agreement);
	told_parties_free(paper->parties);
	told_buf_free(&paper->file);
	paper->agreement = NULL;
	paper->parties = NULL;
}

struct told_bytes told_paper_party(const struct told_paper *paper, uint32_t party)
{
	for (size_t i = 0; i < paper->agreement->party_count; i++) {
		const struct told_party *p = &paper->agreement->parties[i];
		if (p->party == party && p->legal_name.len > 0)
			return p->legal_name;
	}
	return told_text(told_party_name(paper->parties, party));
}
