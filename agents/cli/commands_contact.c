/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the table of commands for the agency's contact for conferences. Data only. */
#include "agents/cli/do.h"
#include "agents/cli/options.h"
#include "agents/cli/show.h"

#include <stddef.h>

#define MESSAGE "0192f0c1a2b37c4d8e5f60718293a4b5"

static const struct told_cli_option name_options[] = {
	FLAG("deputy", "deputy", "this worker stands in for the contact, with a key of their own"), END};

static const struct told_cli_option key_options[] = {
	NEEDED("passphrase", "FILE", NULL, "your passphrase (a 0600 file, or -); nobody else knows it"), END};

static const struct told_cli_option passphrase_options[] = {
	NEEDED("passphrase", "FILE", NULL, "the passphrase until now (a 0600 file)"),
	NEEDED("new", "FILE", NULL, "the passphrase from now on (a 0600 file)"), END};

static const struct told_cli_option revoke_options[] = {
	TEXT("worker", "WORKER", "worker", "whose key, where it is not your own"), END};

/* clang-format off */
static const struct told_command commands[] = {
	{"contact", "ls", NULL, "Show our contact for conferences, the deputy, and their keys",
	 {"told contact ls",
	  "told contact ls --json"},
	 .method = "GET", .path = "/v1/contacts", .show = told_show_contacts},
	{"contact", "name", "WORKER", "Name the worker to whom a MARAC's safe address and abuse are sealed, or the deputy",
	 {"told contact name W004711",
	  "told contact name W001234 --deputy"},
	 name_options, .method = "POST", .path = "/v1/contacts", .show = told_show_contact, .next = "told contact key --passphrase FILE"},
	{"contact", "leave", "WORKER", "End a worker's part as contact or deputy, and revoke their keys",
	 {"told contact leave W004711",
	  "told contact leave W004711 --json"},
	 .method = "POST", .path = "/v1/contacts/{WORKER}/leave", .show = told_show_contact},
	{"contact", "key", NULL, "Make your own contact key, or renew it, under your own passphrase",
	 {"told contact key --passphrase ~/passphrase",
	  "told contact key --passphrase - --json"},
	 key_options, .method = "POST", .path = "/v1/contact/key", .show = told_show_contact, .run = told_do_contact},
	{"contact", "passphrase", NULL, "Put your contact keys under another passphrase",
	 {"told contact passphrase --passphrase old --new new",
	  "told contact passphrase --passphrase old --new new --json"},
	 passphrase_options, .method = "POST", .path = "/v1/contact/passphrase", .show = told_show_contact, .run = told_do_contact},
	{"contact", "revoke", "NUMBER", "Take a contact key back: nothing is sealed to it, and it opens nothing more",
	 {"told contact revoke 1",
	  "told contact revoke 2 --worker W004711"},
	 revoke_options, .method = "POST", .path = "/v1/contact/key/{NUMBER}/revoke", .show = told_show_contact},
	{"contact", "closed", NULL, "List what came sealed to the contact and the deputy alone",
	 {"told contact closed",
	  "told contact closed --json"},
	 .method = "GET", .path = "/v1/contact/closed", .show = told_show_closed},
	{"contact", "open", "MESSAGE", "Open what is sealed to you; that you did is recorded and its sender hears of it",
	 {"told contact open " MESSAGE " --passphrase ~/passphrase",
	  "told contact open " MESSAGE " --passphrase - --json"},
	 key_options, .method = "POST", .path = "/v1/contact/closed/{MESSAGE}/open", .show = told_show_opened, .run = told_do_contact},
};
/* clang-format on */

const struct told_command_table told_contact_commands = {commands, sizeof commands / sizeof commands[0]};
