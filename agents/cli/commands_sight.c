/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands by which a contact names the workers who may not see a conference. Data only. */
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

#define CONFERENCE "0192f0c1a2b37c4d8e5f60718293a4b5"

static const struct told_cli_option name_options[] = {
	LIST("alleged", "WORKER,...", "alleged", "our workers for the alleged perpetrator"),
	LIST("household", "WORKER,...", "household", "our workers for others of the household"),
	FLAG("none", "none", "you have asked, and there are none"),
	FLAG("same", "same", "you have asked again, and who is named is right"), END};

/* clang-format off */
static const struct told_command commands[] = {
	{"conference", "name", "CONFERENCE", "Name our workers for the alleged perpetrator and the household: they see nothing of it",
	 {"told conference name " CONFERENCE " --alleged W004711 --household W001234,W001235",
	  "told conference name " CONFERENCE " --none"},
	 name_options, .method = "POST", .path = "/v1/conferences/{CONFERENCE}/names", .show = told_show_names},
	{"conference", "names", "CONFERENCE", "Show who is named, by whom and since when; for our contact and the deputy",
	 {"told conference names " CONFERENCE,
	  "told conference names " CONFERENCE " --json"},
	 .method = "GET", .path = "/v1/conferences/{CONFERENCE}/names", .show = told_show_names},
	{"conference", "unname", "CONFERENCE WORKER", "Take a name back: it ends when a second person says so, too",
	 {"told conference unname " CONFERENCE " W004711",
	  "told conference unname " CONFERENCE " W004711 --json"},
	 .method = "POST", .path = "/v1/conferences/{CONFERENCE}/names/end", .show = told_show_names},
};
/* clang-format on */

const struct told_command_table told_sight_commands = {commands, sizeof commands / sizeof commands[0]};
