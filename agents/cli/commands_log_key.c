/* SPDX-License-Identifier: Apache-2.0 */
/* The row of the table of commands for the log's own key. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"

#include <stddef.h>

static const struct told_cli_option log_key_options[] = {
	NEEDED("broker", "DIR", NULL, "the broker's folder, with the operator's key"),
	FLAG("now", NULL, "with retire: the old key ends at once, because it was stolen"), END};

/* clang-format off */
static const struct told_command commands[] = {
	{"partner", "log-key", "rotate|retire", "Give the log a new key; end an old one at once",
	 {"told partner log-key rotate --broker /srv/broker",
	  "told partner log-key retire --now --broker /srv/broker"},
	 log_key_options, .run = told_do_log_key},
};
/* clang-format on */

const struct told_command_table told_log_key_commands = {commands, sizeof commands / sizeof commands[0]};
