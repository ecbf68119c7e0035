/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands for who is on call. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

static const struct told_cli_option set_options[] = {
	TEXT("deputy", "NUMBER", "deputy", "who stands in while the contact is away"), END};

static const struct told_cli_option away_options[] = {
	TEXT("worker", "NUMBER", "worker", "somebody else than you, if you are a senior or coordinator"),
	{"until", "DATE", "until_ms", TOLD_OPTION_DATE, true, "the last day away"},
	END};

static const struct told_cli_option back_options[] = {
	TEXT("worker", "NUMBER", "worker", "somebody else than you, if you are a senior or coordinator"), END};

/* clang-format off */
static const struct told_command commands[] = {
	{"duty", "show", NULL, "Show who is on call here, who stands in, and who is away",
	 {"told duty show",
	  "told duty show --json"},
	 .method = "GET", .path = "/v1/duty", .show = told_show_duty},
	{"duty", "set", "CONTACT", "Name who is on call: alerts and risks are raised to them",
	 {"told duty set W100200 --deputy W100300",
	  "told duty set W100200"},
	 set_options, .method = "POST", .path = "/v1/duty", .show = told_show_duty},
	{"duty", "away", NULL, "Say that you are away: what is raised to you goes to who stands in",
	 {"told duty away --until 2026-12-31",
	  "told duty away --worker W100200 --until 2026-12-31"},
	 away_options, .method = "POST", .path = "/v1/duty/away", .show = told_show_duty},
	{"duty", "back", NULL, "Say that you are back",
	 {"told duty back",
	  "told duty back --worker W100200"},
	 back_options, .method = "POST", .path = "/v1/duty/away", .show = told_show_duty},
};
/* clang-format on */

const struct told_command_table told_duty_commands = {commands, sizeof commands / sizeof commands[0]};
