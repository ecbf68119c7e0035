/* SPDX-License-Identifier: Apache-2.0 */
/* Agreements on this side of the API. Reads files; asks the agent for the text of what it has signed. */
#include "agents/cli/agreement.h"

#include "agents/cli/show.h"
#include "told/limits.h"
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

/* The id of the one agreement that the agent knows; of several somebody must choose. */
static int only_one(struct told_cli *cli, char id[TOLD_NAME_MAX_BYTES + 1])
{
	json_t *reply = NULL, *agreement = NULL;
	size_t i = 0, at = 0;
	char names[256] = "";
	bool one = true;
	int exit = told_call(cli, "GET", "/v1/agreements", NULL, &reply);
	id[0] = '\0';
	json_array_foreach(json_object_get(reply, "agreements"), i, agreement)
	{
		if (strcmp(id, told_text_of(agreement, "id")) == 0)
			continue;
		one = id[0] == '\0';
		if (at < sizeof names)
			at += (size_t)snprintf(names + at, sizeof names - at, "%s%s", one ? ": " : ", ",
					       told_text_of(agreement, "id"));
		snprintf(id, TOLD_NAME_MAX_BYTES + 1, "%s", told_text_of(agreement, "id"));
	}
	json_decref(reply);
	if (exit == TOLD_EXIT_DONE && (id[0] == '\0' || !one))
		exit = told_failf(cli, TOLD_EXIT_USAGE, "Name one: --agreement ID, or --agreement FILE.", "%s%s.",
				  one ? "The agent has no agreement" : "There are several agreements", names);
	return exit;
}

/* The text of an agreement's newest version, as the agent has it. */
static int fetch(struct told_cli *cli, const char *id, struct told_paper *out)
{
	char path[256];
	json_t *reply = NULL, *agreement = NULL;
	size_t i = 0;
	json_int_t newest = -1;
	const char *text = "";
	snprintf(path, sizeof path, "/v1/agreements/%.100s", id);
	int exit = told_call(cli, "GET", path, NULL, &reply);
	json_array_foreach(json_object_get(reply, "agreements"), i, agreement)
	{
		json_int_t version = json_integer_value(json_object_get(agreement, "version"));
		if (version > newest && told_text_of(agreement, "file")[0] != '\0') {
			newest = version;
			text = told_text_of(agreement, "file");
		}
	}
	if (exit == TOLD_EXIT_DONE && newest < 0)
		exit = told_failf(cli, TOLD_EXIT_CHECK, "told agreement show lists what there is.",
				  "There is no agreement %s here.", id);
	if (exit == TOLD_EXIT_DONE)
		told_buf_put_text(&out->file, text);
	json_decref(reply);
	return exit;
}

int told_paper_find(struct told_cli *cli, const struct told_args *args, struct told_paper *out)
{
	char id[TOLD_NAME_MAX_BYTES + 1] = "";
	const char *named = told_args_get(args, "agreement");
	if (named != NULL && strpbrk(named, "./") != NULL)
		return told_paper_open(cli, named, out);
	*out = (struct told_paper){.file = TOLD_BUF(TOLD_AGREEMENT_MAX_BYTES)};
	int exit = TOLD_EXIT_DONE;
	if (named == NULL)
		exit = only_one(cli, id);
	if (exit == TOLD_EXIT_DONE)
		exit = fetch(cli, named != NULL ? named : id, out);
	if (exit == TOLD_EXIT_DONE)
		exit = load(cli, named != NULL ? named : id, out);
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
