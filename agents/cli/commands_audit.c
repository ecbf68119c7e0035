/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands for those who check: copies of the log for audit. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

#define BROKER NEEDED("broker", "DIR", NULL, "the broker's folder, with the operator's key")

static const struct told_cli_option copy_options[] = {
	BROKER,
	NEEDED("for", "PARTY|partnership", NULL,
	       "one agency's flows; or all of them, people and workers under other names"),
	NEEDED("purpose", "CODE", NULL,
	       "internal, external, regulator, complaint, access, incident, court or log-check"),
	NEEDED("asked-by", "WHO[:PARTY]", NULL,
	       "lead, dpo, caldicott, auditor, regulator, court or operator; and of which agency: dpo:HOU"),
	{"until", "DATE", "until_ms", TOLD_OPTION_DATE, true, "the last day on which it may be read"},
	TEXT("note", "TEXT", NULL, "words about why; kept in the broker's folder, never sent"),
	END};

static const struct told_cli_option copies_options[] = {BROKER, END};

static const struct told_cli_option view_options[] = {
	NEEDED("purpose", "CODE", "purpose",
	       "internal, external, regulator, complaint, access, incident, court or log-check"),
	TEXT("client", "CLIENT", "client", "only what is about this person"),
	TEXT("message", "ID", "message", "only this message, with its proof"),
	TEXT("type", "TYPE", "type", "only this kind of message: REFERRAL, CONSENT, ..."),
	TEXT("phase", "WORD", "phase", "only entries of this kind: accepted, refused, delivered, audit-query, ..."),
	TEXT("with", "PARTY", "with", "only what this party sent or was sent"),
	DATE("since", "since_ms", "from this day on"),
	DATE("until", "until_ms", "before this day"),
	NUMBER("from", "ENTRY", "from", "from this entry on"),
	NUMBER("limit", "N", "limit", "at most so many entries; 1000 if not given"),
	NUMBER("log", "N", "log", "of this log; the newest if not given"),
	TEXT("of", "PARTY", "of", "another party's entries: needs an order for a copy that names you"),
	FLAG("all", "all", "everybody's, without persons and workers: for the operator, or under such an order"),
	FLAG("flows", NULL, "count what went from whom to whom, instead of listing entries"),
	TEXT("out", "FILE", NULL, "with --message: writes the .tlog-proof there"),
	TEXT("broker", "DIR", NULL, "ask as the operator, from the broker's folder"),
	END};

/* clang-format off */
static const struct told_command commands[] = {
	{"audit", "copy", "OUT", "Make a copy of the log for somebody who checks; the log says for whom, why and until when",
	 {"told audit copy housing.db --broker /srv/broker --for HOU --purpose complaint --asked-by dpo:HOU --until 2027-01-31",
	  "told audit copy all.db --broker /srv/broker --for partnership --purpose external --asked-by auditor --until 2027-03-31"},
	 copy_options, .run = told_do_audit_copy},
	{"audit", "view", NULL, "Look at the running broker's log; who looked, when and why stands in the log first",
	 {"told audit view --purpose complaint --client " PERSON " --since 2026-11-01",
	  "told audit view --broker /srv/broker --all --phase refused --purpose incident"},
	 view_options, .method = "POST", .path = "/v1/audit/views", .show = told_show_audit_view, .run = told_do_audit_view},
	{"audit", "ls", NULL, "List the copies that were ordered from this broker's folder",
	 {"told audit ls --broker /srv/broker",
	  "told audit ls --broker /srv/broker --json"},
	 copies_options, .show = told_show_audit_copies, .run = told_do_audit_copies},
};
/* clang-format on */

const struct told_command_table told_audit_commands = {commands, sizeof commands / sizeof commands[0]};
