/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands that count. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

static const struct told_cli_option retelling_options[] = {
	TEXT("map", "FILE", NULL,
	     "which question of a bank is which of ours; without it the one for the Ministry's banks"),
	MANY("party", "FORM=PARTY", NULL, "who asks a form: drugs-and-alcohol=SUD"),
	MANY("agreement", "FILE", NULL, "what passes is ruled by this agreement; without one, everything passes"),
	TEXT("permissions", "FILE", NULL, "what the person has said yes and no to, as for told decide --facts"),
	TEXT("at", "TIME", NULL, "when it is ruled, 2026-11-22T10:00Z; without it, now"),
	END};

/* clang-format off */
static const struct told_command commands[] = {
	{"measure", "retelling", "[FORM...]", "Count what a person is asked by a row of services, each alone and with Told Once",
	 {"told measure retelling",
	  "told measure retelling agents/housing banks/health.yml --party health=TT --agreement northtown.yaml --permissions sam.yaml"},
	 retelling_options, .show = told_show_retelling, .run = told_do_retelling},
};
/* clang-format on */

const struct told_command_table told_measure_commands = {commands, sizeof commands / sizeof commands[0]};
