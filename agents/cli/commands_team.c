/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands for the team around a person. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

static const struct told_cli_option lead_options[] = {
	NEEDED("to", "PARTY:NUMBER", "to", "the worker whom the person chose; without a party one of ours"),
	NEEDED("deputy", "PARTY:NUMBER", "deputy", "who stands in"),
	DATE("until", "until_ms", "the last day of the role"), FLAG("chosen", "chosen", "the person chose them"), END};

static const struct told_cli_option add_options[] = {TEXT("team", "TEAM", "team", "the team that they work in"), END};

static const struct told_cli_option supporter_options[] = {
	LIST("steps", "STEP,...", "steps", "the steps of the plan that the person ticked for them"),
	TEXT("how", "HOW", "how", "paper (usual) or spoken"),
	FLAG("seen-alone", "seen_alone", "the person was seen alone when they named them"), END};

static const struct told_cli_option promise_options[] = {
	TEXT("what", "TEXT", "what", "what you promised"), DATE("due", "due_ms", "until when"),
	NUMBER("kept", "N", "kept", "the promise of this number was kept"), END};

static const struct told_cli_option handover_options[] = {
	FLAG("do", "do", "hand over now; without it only list"),
	FLAG("told", "told", "the person was told first, and by whom they will be seen"), END};

/* clang-format off */
static const struct told_command commands[] = {
	{"team", "show", "CLIENT", "Show the team around a person: lead worker, members, supporters, promises",
	 {"told team show " PERSON,
	  "told team show " PERSON " --json"},
	 .method = "GET", .path = "/v1/teams/{CLIENT}", .show = told_show_team},
	{"team", "news", NULL, "List what changed for the people whose lead worker or deputy you are; the newest first",
	 {"told team news",
	  "told team news --json"},
	 .method = "GET", .path = "/v1/news", .show = told_show_team_news},
	{"team", "lead", "CLIENT", "Write down the lead worker whom the person chose, their deputy and the last day",
	 {"told team lead " PERSON " --to TT:40718 --deputy TT:40911 --until 2027-05-31 --chosen",
	  "told team lead " PERSON " --to 40718 --deputy 40911 --until 2027-05-31 --chosen --json"},
	 lead_options, .method = "POST", .path = "/v1/teams/{CLIENT}/lead", .show = told_show_team_change},
	{"team", "add", "CLIENT WORKER", "Name a worker of ours who works with the person",
	 {"told team add " PERSON " 40718",
	  "told team add " PERSON " 40718 --team step3"},
	 add_options, .method = "POST", .path = "/v1/teams/{CLIENT}/add", .show = told_show_team_change},
	{"team", "remove", "CLIENT WORKER", "A worker of ours no longer works with the person",
	 {"told team remove " PERSON " 40718",
	  "told team remove " PERSON " 40718 --json"},
	 .method = "POST", .path = "/v1/teams/{CLIENT}/remove", .show = told_show_team_change},
	{"team", "supporter", "CLIENT NAME", "Write down a supporter whom the person named, and the steps they ticked for them",
	 {"told team supporter " PERSON " \"her sister\" --steps 1,3 --seen-alone",
	  "told team supporter " PERSON " \"his neighbour\" --steps 2 --how spoken --seen-alone"},
	 supporter_options, .method = "POST", .path = "/v1/teams/{CLIENT}/supporter", .show = told_show_sent},
	{"team", "drop", "CLIENT NAME", "The person drops a supporter; nobody asks why",
	 {"told team drop " PERSON " \"her sister\"",
	  "told team drop " PERSON " \"her sister\" --json"},
	 .method = "POST", .path = "/v1/teams/{CLIENT}/drop", .show = told_show_sent},
	{"team", "promise", "CLIENT", "Write down what you promised the person, or that it was kept",
	 {"told team promise " PERSON " --what \"I ring you on Friday\" --due 2026-11-27",
	  "told team promise " PERSON " --kept 1"},
	 promise_options, .method = "POST", .path = "/v1/teams/{CLIENT}/promise", .show = told_show_team_change},
	{"team", "handover", "OLD NEW", "List what a worker leaves to another, then hand it over once the person was told",
	 {"told team handover 40718 40911",
	  "told team handover 40718 40911 --do --told"},
	 handover_options, .method = "POST", .path = "/v1/handovers", .show = told_show_handover},
};
/* clang-format on */

const struct told_command_table told_team_commands = {commands, sizeof commands / sizeof commands[0]};
