/* SPDX-License-Identifier: Apache-2.0 */
/* An agreement's file, read and judged on this side: for the check, the permission page and its groups. Room-internal.
 */
#ifndef TOLD_CLI_AGREEMENT_H
#define TOLD_CLI_AGREEMENT_H

#include "agents/cli/cli.h"
#include "broker/agree/load.h"

struct told_paper {
	struct told_buf file; /* the exact bytes */
	struct told_parties *parties;
	struct told_agreement *agreement;
};

/* Reads a file; prints every fault with file, line and column. Parties are the caller's, or NULL for fresh ones. */
int told_paper_open(struct told_cli *cli, const char *path, struct told_paper *out);
/* The agreement of --agreement FILE (a name with a dot or slash) or ID, or else the only one that the agent has. */
int told_paper_find(struct told_cli *cli, const struct told_args *args, struct told_paper *out);
void told_paper_close(struct told_paper *paper);

/* The full name of a party where the paper has one, else its id. */
struct told_bytes told_paper_party(const struct told_paper *paper, uint32_t party);

#endif
