/* SPDX-License-Identifier: Apache-2.0 */
/* Which agent, and who asks: the socket and the worker's token. Room-internal. */
#ifndef TOLD_CLI_WHERE_H
#define TOLD_CLI_WHERE_H

#include "agents/cli/cli.h"
#include "told/limits.h"

#include <limits.h>

struct told_where {
	int dir_fd;
	char socket[128];     /* through /proc/self/fd, so that the folder may be long */
	char shown[PATH_MAX]; /* the same for people */
	char token[2 * TOLD_TOKEN_BYTES + 1];
	const char *wait;
};

/* From --agent and --as. Prints what is wrong. */
int told_where_find(struct told_cli *cli, struct told_where *out);
/* Wipes the token too. */
void told_where_close(struct told_where *where);

/* The socket of an agent's folder, or the path itself when it is a socket; no token. */
int told_where_socket(struct told_cli *cli, char path[PATH_MAX]);

/* Somebody listens there; a socket that a crash left does not answer. */
bool told_where_answers(const char *path);

#endif
