/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands for logs: which there were, and accepting one that began after a restore. Data
 * only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

/* clang-format off */
static const struct told_command commands[] = {
	{"log", "ls", NULL, "List the broker's logs: which is in use, which ended, which waits to be accepted",
	 {"told log ls",
	  "told log ls --json"},
	 .method = "GET", .path = "/v1/logs", .show = told_show_logs},
	{"log", "accept", "LOG", "Accept a log that began after the broker lost entries; what was lost goes again",
	 {"told log accept northtown/2",
	  "told log accept northtown/2 --json"},
	 .method = "POST", .path = "/v1/logs/accept", .show = told_show_log_accepted, .next = "told sent"},
};
/* clang-format on */

const struct told_command_table told_log_commands = {commands, sizeof commands / sizeof commands[0]};
