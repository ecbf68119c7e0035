/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands for what a worker has to look at, and writes down. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

#define NOTE "0192f0c1a2b37c4d8e5f60718293a4b5"

static const struct told_cli_option list_options[] = {TEXT("client", "CLIENT", "client", "only about this person"),
						      END};

static const struct told_cli_option note_options[] = {
	LIST("to", "PARTY,...", "to", "who is to see it, too; without it, only we do"),
	LIST("about", "CATEGORY,...", "about", "what it speaks of: each of it must be allowed"),
	TEXT("for", "PURPOSE", "purpose", "COORD unless said otherwise"),
	TEXT("team", "TEAM", "team", "with one service: its team, and nobody else there sees it"),
	TEXT("role", "ROLE", "role", "with one service: its workers of this role, and nobody else there sees it"),
	FLAG("yes", "yes", "you have read who will see it: save it"),
	FLAG("dry-run", NULL, "only say who would see it"),
	END};

static const struct told_cli_option correct_options[] = {FLAG("yes", "yes", "you have read who will see it: save it"),
							 FLAG("dry-run", NULL, "only say who would see it"), END};

static const struct told_cli_option need_options[] = {
	NUMBER("person", "1-5", "person", "how much it is in the way, as they say: 1 hardly, 5 it stops everything"),
	NUMBER("worker", "1-5", "worker", "the same, as you see it"), END};

static const struct told_cli_option outcomes_options[] = {
	NEEDED("from", "MONTH", "from", "the first month, 2026-01"),
	NEEDED("to", "MONTH", "to", "the last month, 2026-03"),
	NUMBER("smallest", "N", "smallest", "below it a number is not shown: 5 (usual) to 100"), END};

static const struct told_cli_option done_options[] = {
	NEEDED("did", "TEXT", "did", "what you did, so that the next worker knows"), END};

static const struct told_cli_option hand_options[] = {NEEDED("to", "NUMBER", "to", "who is asked from now on"), END};

/* clang-format off */
static const struct told_command commands[] = {
	{"note", "add", "CLIENT TEXT", "Write a note; only we see it, unless you name who else does",
	 {"told note add " PERSON " \"Came on time, and brought the letter\"",
	  "told note add " PERSON " \"Viewing on Friday at ten\" --to TT --about HOU.SIT --yes"},
	 note_options, .method = "POST", .path = "/v1/notes", .show = told_show_note},
	{"note", "correct", "NOTE TEXT", "Correct a note; the old text stays beside the new one",
	 {"told note correct " NOTE " \"Viewing on Thursday at ten\" --yes",
	  "told note correct " NOTE " \"Viewing on Thursday at ten\" --dry-run"},
	 correct_options, .method = "POST", .path = "/v1/notes/{NOTE}/correct", .show = told_show_note},
	{"note", "ls", "CLIENT", "List notes of ours and those written for us, with what they said before",
	 {"told note ls " PERSON,
	  "told note ls " PERSON " --json"},
	 .method = "GET", .path = "/v1/notes/{CLIENT}", .show = told_show_notes},
	{"correction", "ls", "CLIENT", "List who was sent a correction, and who has put it right",
	 {"told correction ls " PERSON,
	  "told correction ls " PERSON " --json"},
	 .method = "GET", .path = "/v1/corrections/{CLIENT}", .show = told_show_corrections},
	{"need", "record", "CLIENT NEED", "Write down how much a need is in the way, first and again",
	 {"told need record " PERSON " find-home --person 5 --worker 4",
	  "told need record " PERSON " find-home --person 2"},
	 need_options, .method = "POST", .path = "/v1/needs", .show = told_show_need},
	{"need", "ls", "CLIENT", "List a person's needs here, and how each stands",
	 {"told need ls " PERSON,
	  "told need ls " PERSON " --json"},
	 .method = "GET", .path = "/v1/needs/{CLIENT}", .show = told_show_needs},
	{"outcomes", NULL, NULL, "Count what came of our work, for who pays for it: no small numbers, no workers",
	 {"told outcomes --from 2026-01 --to 2026-03",
	  "told outcomes --from 2026-01 --to 2026-12 --smallest 10 --json"},
	 outcomes_options, .method = "GET", .path = "/v1/outcomes", .show = told_show_outcomes},
	{"risk", "ls", NULL, "List what was raised to somebody, such as PHQ-9 item 9 or RSK.*, and who did what",
	 {"told risk ls",
	  "told risk ls --client " PERSON " --json"},
	 list_options, .method = "GET", .path = "/v1/risks", .show = told_show_risks},
	{"risk", "done", "CLIENT", "Write down what you did; until then it stays on screen",
	 {"told risk done " PERSON " --did \"Safety plan made with him; Anna rings tomorrow at ten\"",
	  "told risk done " PERSON " --did \"Crisis team told by telephone\" --json"},
	 done_options, .method = "POST", .path = "/v1/risks/{CLIENT}/done", .show = told_show_risk_done},
	{"risk", "hand", "CLIENT", "Hand what was raised about a person to another worker",
	 {"told risk hand " PERSON " --to W100300",
	  "told risk hand " PERSON " --to W100300 --json"},
	 hand_options, .method = "POST", .path = "/v1/risks/{CLIENT}/hand", .show = told_show_risk_hand},
};
/* clang-format on */

const struct told_command_table told_note_commands = {commands, sizeof commands / sizeof commands[0]};
