/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands for incidents: what went is called back, answered for, reported. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

#define INCIDENT "0192f0c1a2b37c4d8e5f60718293a4b5"

static const struct told_cli_option open_options[] = {
	NEEDED("kind", "KIND", "kind", "wrong-person, wrong-recipient, lost-device, key-stolen or wrong-merge"),
	TEXT("client", "CLIENT", "client", "whose record it is"),
	TEXT("to", "PARTY", "to", "only what went to this party"),
	TEXT("worker", "NUMBER", "worker", "only what this worker sent"),
	TEXT("message", "ID", "message", "only this message"),
	DATE("since", "since_ms", "only what went since this day"),
	DATE("known", "known_ms", "the day you learned of it, if not now: the 72 hours run from there"),
	FLAG("dry-run", "dry_run", "list what went, stop and call back nothing"),
	END};

static const struct told_cli_option note_options[] = {
	TEXT("nature", "TEXT", "nature", "what happened"),
	TEXT("contact", "TEXT", "contact", "whom the Commissioner may ask"),
	TEXT("consequences", "TEXT", "consequences", "what may come of it for the person"),
	TEXT("measures", "TEXT", "measures", "what was done about it"),
	FLAG("reported", "reported", "the Commissioner was told: the 72 hours stop"),
	END};

static const struct told_cli_option answer_options[] = {
	FLAG("deleted", "deleted", "what was called back is deleted here, now"),
	LIST("opened-by", "NUMBER,...", "opened_by", "the workers who opened it"),
	LIST("passed-on", "PARTY,...", "passed_on", "the parties it was passed on to"), END};

static const struct told_cli_option close_options[] = {
	NEEDED("outcome", "TEXT", "outcome", "how it ended"),
	TEXT("reason", "TEXT", "reason", "why it is closed though somebody has not answered"), END};

/* clang-format off */
static const struct told_command commands[] = {
	{"incident", "open", NULL, "Something went wrong: list what went to whom, stop it, call it back",
	 {"told incident open --kind wrong-recipient --client " PERSON " --to TT",
	  "told incident open --kind lost-device --worker 40718 --since 2026-11-20 --dry-run"},
	 open_options, .method = "POST", .path = "/v1/incidents", .show = told_show_incident, .next = "told incident ls"},
	{"incident", "ls", NULL, "List incidents: who has not answered, when the 72 hours end; and recalls to answer",
	 {"told incident ls",
	  "told incident ls --json"},
	 .method = "GET", .path = "/v1/incidents", .show = told_show_incidents},
	{"incident", "show", "INCIDENT", "Show one incident as the sheet that Article 33 asks for",
	 {"told incident show " INCIDENT,
	  "told incident show " INCIDENT " --json"},
	 .method = "GET", .path = "/v1/incidents/{INCIDENT}", .show = told_show_incident},
	{"incident", "note", "INCIDENT", "Write down what was learned, or that the Commissioner was told",
	 {"told incident note " INCIDENT " --measures \"Called back and deleted\"",
	  "told incident note " INCIDENT " --reported"},
	 note_options, .method = "POST", .path = "/v1/incidents/{INCIDENT}/note", .show = told_show_incident},
	{"incident", "answer", "RECALL", "Answer a recall: deleted, opened by whom, passed on to whom",
	 {"told incident answer " INCIDENT " --deleted --opened-by 40718",
	  "told incident answer " INCIDENT " --passed-on SUD"},
	 answer_options, .method = "POST", .path = "/v1/recalls/{RECALL}/answer", .show = told_show_sent},
	{"incident", "close", "INCIDENT", "Close an incident, with every answer or a reason",
	 {"told incident close " INCIDENT " --outcome \"deleted there\"",
	  "told incident close " INCIDENT " --outcome unknown --reason \"The service has closed\""},
	 close_options, .method = "POST", .path = "/v1/incidents/{INCIDENT}/close", .show = told_show_incident},
};
/* clang-format on */

const struct told_command_table told_incident_commands = {commands, sizeof commands / sizeof commands[0]};
