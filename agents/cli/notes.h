/* SPDX-License-Identifier: Apache-2.0 */
/* What the operator did, noted in the broker's folder beside the log: lists in JSON, one file each. Room-internal. */
#ifndef TOLD_CLI_NOTES_H
#define TOLD_CLI_NOTES_H

#include "agents/cli/cli.h"

/* The list in a file of the folder; empty when there is none. Prints what went wrong. *out is the caller's. */
int told_notes_read(struct told_cli *cli, const char *dir, const char *file, json_t **out);
/* Adds one to it; the file is the operator's alone. */
int told_notes_add(struct told_cli *cli, const char *dir, const char *file, json_t *note);

#endif
