/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands for what a worker has to look at, and writes down. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

static const struct told_cli_option list_options[] = {TEXT("client", "CLIENT", "client", "only about this person"),
						      END};

static const struct told_cli_option done_options[] = {
	NEEDED("did", "TEXT", "did", "what you did, so that the next worker knows"), END};

/* clang-format off */
static const struct told_command commands[] = {
	{"risk", "ls", NULL, "List answers that somebody had to look at, such as PHQ-9 item 9, and who did what",
	 {"told risk ls",
	  "told risk ls --client " PERSON " --json"},
	 list_options, .method = "GET", .path = "/v1/risks", .show = told_show_risks},
	{"risk", "done", "CLIENT", "Write down what you did; until then it stays on screen",
	 {"told risk done " PERSON " --did \"Safety plan made with him; Anna rings tomorrow at ten\"",
	  "told risk done " PERSON " --did \"Crisis team told by telephone\" --json"},
	 done_options, .method = "POST", .path = "/v1/risks/{CLIENT}/done", .show = told_show_risk_done},
};
/* clang-format on */

const struct told_command *told_note_command_at(size_t index)
{
	const size_t own = sizeof commands / sizeof commands[0];
	return index < own ? &commands[index] : told_plan_command_at(index - own);
}
