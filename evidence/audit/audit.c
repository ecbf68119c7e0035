/* SPDX-License-Identifier: Apache-2.0 */
/* The table of subcommands. Touches nothing but the two streams that it is given. */
#include "evidence/audit/base/audit.h"

#include "evidence/audit/base/words.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *does;
	int (*run)(int argc, char **args, const struct told_audit_io *io);
} commands[] = {
	{"client", "who has been sent one person's story, when, why, under what", told_audit_client},
	{"search", "entries by party, type, phase, time, reason code, message or clause", told_audit_search},
	{"reconcile", "agencies' receipts against the log, both ways", told_audit_reconcile},
	{"overrides", "every override, and whether its review is due", told_audit_overrides},
	{"looks", "who read the log through the broker or ordered a copy, when and why", told_audit_looks},
	{"verify", "check a store against its own proofs and against notes from outside", told_audit_verify},
	{"drill", "try every way of tampering on a copy, and show what catches it", told_audit_drill},
	{"timestamp", "an outside authority's word for when a checkpoint was there", told_audit_timestamp},
	{"flows", "who sent what to whom, against what agreements declare", told_audit_flows},
	{"copy", "make the copy for audit that an entry of the log orders", told_audit_copy},
	{"export", "give a log away: as tiles, JSON lines, a table, FHIR AuditEvents", told_audit_export},
	{"prove", "write the proof of one entry as a file that proves itself", told_audit_prove},
	{"check-proof", "judge such a file", told_audit_check_proof},
	{"bench", "make a log and measure verifying and proving on this machine", told_audit_bench},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static void help(FILE *to)
{
	fprintf(to, "usage: told-audit COMMAND [OPTION...]\n\n");
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-12s %s\n", commands[i].name, commands[i].does);
	fprintf(to, "\ntold-audit COMMAND --help says more. See told-audit(1).\n");
}

static int unknown(const char *name, FILE *err)
{
	const char *names[COMMANDS];
	for (size_t i = 0; i < COMMANDS; i++)
		names[i] = commands[i].name;
	const char *near = told_nearest(name, names, COMMANDS);
	fputs("told-audit: there is no command ", err);
	told_print_plain(err, told_text(name));
	fprintf(err, "; the nearest is %s\nTry: told-audit --help\n", near);
	return TOLD_AUDIT_WRONG_USE;
}

/* --after-until REASON belongs to every command that opens a copy for audit: it is taken out before the command looks.
 */
static int take_after_until(int argc, char **argv, const char **reason)
{
	static const char name[] = "--after-until";
	int kept = 0;
	for (int i = 0; i < argc; i++) {
		size_t len = strlen(name);
		if (strcmp(argv[i], name) == 0 && i + 1 < argc)
			*reason = argv[++i];
		else if (strncmp(argv[i], name, len) == 0 && argv[i][len] == '=')
			*reason = argv[i] + len + 1;
		else
			argv[kept++] = argv[i];
	}
	return kept;
}

static int dispatch(int argc, char **argv, const struct told_audit_io *io)
{
	if (argc < 2) {
		help(io->err);
		return TOLD_AUDIT_WRONG_USE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		help(io->out);
		return TOLD_AUDIT_GOOD;
	}
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 2, argv + 2, io);
	return unknown(argv[1], io->err);
}

int told_audit_run(int argc, char **argv, const struct told_audit_io *io)
{
	struct told_audit_io with = *io;
	char **words = malloc((size_t)(argc + 1) * sizeof *words);
	if (words == NULL)
		return TOLD_AUDIT_CONFIG;
	memcpy(words, argv, (size_t)argc * sizeof *words);
	int count = take_after_until(argc, words, &with.after_until);
	words[count] = NULL;
	int code = dispatch(count, words, &with);
	free(words);
	return code;
}
