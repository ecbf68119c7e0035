/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit, the auditor's program: it works on a copy, needs no server, and believes neither broker nor store. */
#ifndef TOLD_AUDIT_BASE_AUDIT_H
#define TOLD_AUDIT_BASE_AUDIT_H

#include "told/bytes.h"

#include <stdio.h>

/* Exit codes (design.md section 3). */
enum told_audit_exit {
	TOLD_AUDIT_GOOD = 0,
	TOLD_AUDIT_CHECK_FAILED = 1, /* nothing anchors the log, or it is not fresh, or no quorum has signed it */
	TOLD_AUDIT_WRONG_USE = 2,
	TOLD_AUDIT_INTEGRITY = 5,
	TOLD_AUDIT_CONFIG = 6, /* a file that was named cannot be read or is not what it should be */
};

/* What the program gets from outside: where it writes, and what the time is. */
struct told_audit_io {
	FILE *out;        /* the answer */
	FILE *err;        /* complaints, and the progress bar when it is a terminal */
	unsigned columns; /* of the terminal that out is, or 0 */
	uint64_t now_ms;
	const char *after_until; /* why a copy for audit is opened after its time, or NULL */
};

/* Runs `told-audit argv[1] ...`; argv as main has it. Gives the exit code. */
int told_audit_run(int argc, char **argv, const struct told_audit_io *io);

/* ---- the subcommands; args are the words behind the subcommand's name ---- */
int told_audit_search(int argc, char **args, const struct told_audit_io *io);
int told_audit_reconcile(int argc, char **args, const struct told_audit_io *io);
int told_audit_looks(int argc, char **args, const struct told_audit_io *io);
int told_audit_overrides(int argc, char **args, const struct told_audit_io *io);
int told_audit_client(int argc, char **args, const struct told_audit_io *io);
int told_audit_verify(int argc, char **args, const struct told_audit_io *io);
int told_audit_drill(int argc, char **args, const struct told_audit_io *io);
int told_audit_timestamp(int argc, char **args, const struct told_audit_io *io);
int told_audit_flows(int argc, char **args, const struct told_audit_io *io);
int told_audit_copy(int argc, char **args, const struct told_audit_io *io);
int told_audit_export(int argc, char **args, const struct told_audit_io *io);
int told_audit_prove(int argc, char **args, const struct told_audit_io *io);
int told_audit_check_proof(int argc, char **args, const struct told_audit_io *io);
int told_audit_bench(int argc, char **args, const struct told_audit_io *io);

#endif
