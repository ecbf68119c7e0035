/* SPDX-License-Identifier: Apache-2.0 */
/* Options of a subcommand as a table: --name VALUE, --name=VALUE, --flag, and lists that take every word up to the next
 * option. Each is given once, but for lists. */
#ifndef TOLD_AUDIT_BASE_OPTIONS_H
#define TOLD_AUDIT_BASE_OPTIONS_H

#include "told/bytes.h"

#include <stdio.h>

/* Words of a list, in the caller's argv. */
struct told_words {
	const char **items; /* owned: free */
	size_t count;
};

enum told_option_kind { TOLD_OPTION_FLAG, TOLD_OPTION_VALUE, TOLD_OPTION_LIST };

/* target: bool * of a flag, const char ** of a value, struct told_words * of a list. All start empty. */
struct told_option {
	const char *name; /* with its dashes */
	enum told_option_kind kind;
	bool needed;
	void *target;
};

/* Fills the targets. TOLD_E_USAGE, and err says what is wrong, with the nearest option; TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_options_read(int argc, char **args, const struct told_option *options, size_t n,
						 FILE *err);

/* The same for a subcommand that asks about one thing: its first word is that thing and goes into *name. what: how the
 * usage calls it, for a complaint. */
TOLD_MUST_USE enum told_status told_options_named(int argc, char **args, const char *what,
						  const struct told_option *options, size_t n, FILE *err,
						  const char **name);

#endif
