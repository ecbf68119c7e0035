/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands for action plans: goals in the person's own words, steps in the person's order.
 * Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

#define PLAN TEXT("plan", "ID", "plan", "which plan, where the person has several")

static const struct told_cli_option add_options[] = {
	TEXT("goal", "TEXT", "goal", "a goal, in the person's own words"),
	TEXT("do", "TEXT", "what", "a step: what is to be done"),
	TEXT("owner", "PARTY", "owner", "the service that does it; ours unless said otherwise"),
	TEXT("who", "WHO", "who", "who there: a staff number, a team, or the person"),
	DATE("due", "due_ms", "the last day for it"),
	LIST("after", "STEP,...", "after", "it does not start before these are done"),
	FLAG("wish", "wish", "the person wants it to wait: needed for another service's step"),
	NUMBER("for-goal", "N", "for_goal", "the goal it is for; with --goal that one"),
	TEXT("kind", "KIND", "kind", "usual, safety, duty or crisis; only usual steps wait"),
	TEXT("need", "NEED", "need", "the need that we meet with it ourselves, as our profile names it"),
	LIST("classified", "CATEGORY,...", "classified", "what its words also speak of: all of it must be allowed"),
	PLAN,
	END};

static const struct told_cli_option start_options[] = {
	TEXT("because", "TEXT", "because", "why it starts before what it waits for is done"), PLAN, END};

static const struct told_cli_option done_options[] = {
	NEEDED("outcome", "TEXT", "outcome", "what came of it"),
	TEXT("because", "TEXT", "because", "why before what it waits for"), PLAN, END};

static const struct told_cli_option reason_options[] = {NEEDED("reason", "TEXT", "reason", "why"), PLAN, END};

static const struct told_cli_option move_options[] = {
	NUMBER("to", "PLACE", "place", "its place in the person's order, from 1"),
	DATE("due", "due_ms", "another last day"),
	LIST("after", "STEP,...", "after", "what it waits for, instead of what stood there"),
	FLAG("free", "free", "it waits for nothing any more"),
	FLAG("wish", "wish", "the person wants it to wait: needed for another service's step"),
	PLAN,
	END};

static const struct told_cli_option print_options[] = {
	NEEDED("for", "NAME", "for", "the supporter, as the person named them"),
	NUMBER("step", "STEP", "step", "only this step; it must be ticked"), PLAN, END};

/* clang-format off */
static const struct told_command commands[] = {
	{"plan", "add", "CLIENT", "Add a goal or a step to the person's plan; the first begins one",
	 {"told plan add " PERSON " --goal \"A door of my own\" --do \"Ask the council for a list\" --due 2026-12-04",
	  "told plan add " PERSON " --do \"See the nurse\" --owner SUD --after 1 --wish"},
	 add_options, .method = "POST", .path = "/v1/plans/{CLIENT}/add", .show = told_show_plan_change,
	 .next = "told plan show CLIENT"},
	{"plan", "show", "CLIENT", "Show the plan: steps in the person's order, who does what, what waits for what",
	 {"told plan show " PERSON,
	  "told plan show " PERSON " --json"},
	 .method = "GET", .path = "/v1/plans/{CLIENT}", .show = told_show_plans},
	{"plan", "ls", NULL, "List the steps that wait or are late, in all plans here",
	 {"told plan ls",
	  "told plan ls --json"},
	 .method = "GET", .path = "/v1/plans", .show = told_show_plan_steps},
	{"plan", "start", "CLIENT STEP", "Say that a step of ours has started",
	 {"told plan start " PERSON " 2",
	  "told plan start " PERSON " 3 --because \"The clinic had a place today\""},
	 start_options, .method = "POST", .path = "/v1/plans/{CLIENT}/start", .show = told_show_plan_change},
	{"plan", "done", "CLIENT STEP", "Say that a step of ours is done, and what came of it",
	 {"told plan done " PERSON " 2 --outcome \"She has a place from Monday\"",
	  "told plan done " PERSON " 1 --outcome \"On the list\" --json"},
	 done_options, .method = "POST", .path = "/v1/plans/{CLIENT}/done", .show = told_show_plan_change},
	{"plan", "stop", "CLIENT STEP", "Say that a step of ours is no longer possible or wanted; it holds nobody up",
	 {"told plan stop " PERSON " 4 --reason \"The scheme has ended\"",
	  "told plan stop " PERSON " 4 --reason \"She does not want it any more\""},
	 reason_options, .method = "POST", .path = "/v1/plans/{CLIENT}/stop", .show = told_show_plan_change},
	{"plan", "reopen", "CLIENT STEP", "Open a step of ours again",
	 {"told plan reopen " PERSON " 4 --reason \"The scheme goes on\"",
	  "told plan reopen " PERSON " 4 --reason \"It was the wrong step\" --json"},
	 reason_options, .method = "POST", .path = "/v1/plans/{CLIENT}/reopen", .show = told_show_plan_change},
	{"plan", "move", "CLIENT STEP", "Put a step where the person wants it, by another day, after other steps",
	 {"told plan move " PERSON " 3 --to 1",
	  "told plan move " PERSON " 3 --after 1,2 --wish --due 2026-12-18"},
	 move_options, .method = "POST", .path = "/v1/plans/{CLIENT}/move", .show = told_show_plan_change},
	{"plan", "print", "CLIENT", "Print for a supporter the steps that the person ticked, and write down that they were told",
	 {"told plan print " PERSON " --for \"her sister\"",
	  "told plan print " PERSON " --for \"her sister\" --step 2"},
	 print_options, .method = "POST", .path = "/v1/plans/{CLIENT}/print", .show = told_show_plan_page},
};
/* clang-format on */

const struct told_command_table told_plan_commands = {commands, sizeof commands / sizeof commands[0]};
