/* SPDX-License-Identifier: Apache-2.0 */
/* What an agency hands to the operator, who hears the fingerprint by telephone and compares. Room-internal. */
#ifndef TOLD_CLI_ENROLMENT_H
#define TOLD_CLI_ENROLMENT_H

#include "agents/cli/cli.h"
#include "told/limits.h"

struct told_enrolment {
	char party[TOLD_NAME_MAX_BYTES + 1];
	uint8_t identity_key[TOLD_KEY_BYTES], session_key[TOLD_KEY_BYTES];
	char fingerprint[72]; /* of the identity key: SHA256: and 64 digits */
};

/* {"party", "identity", "identity_key", "session_key"}, as told fingerprint --json prints it: reads and judges; prints
 * what is wrong. */
int told_enrolment_read(struct told_cli *cli, const char *path, struct told_enrolment *out);
/* Writes it 0644. */
int told_enrolment_write(struct told_cli *cli, const char *path, const struct told_enrolment *enrolment);

#endif
