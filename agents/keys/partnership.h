/* SPDX-License-Identifier: Apache-2.0 */
/* partnership.json: what everybody in a partnership knows of its broker. Public, but believed: it is handed over with
 * the papers, and its keys are read out by telephone. */
#ifndef TOLD_KEYS_PARTNERSHIP_H
#define TOLD_KEYS_PARTNERSHIP_H

#include "told/bytes.h"
#include "told/limits.h"

#define TOLD_PARTNERSHIP_MAX_BYTES 16384u /* keys and two names; every key that the log ever had */
#define TOLD_ENDPOINT_MAX_BYTES    256u
#define TOLD_VKEY_MAX_BYTES        256u

struct told_partnership {
	char partnership[TOLD_NAME_MAX_BYTES + 1]; /* origin of the log without its last part */
	char endpoint[TOLD_ENDPOINT_MAX_BYTES];    /* "tcp://broker.example:7443" */
	char log_vkey[TOLD_VKEY_MAX_BYTES]; /* C2SP verifier key of the log, the newest; its name is the origin */
	/* Those before it, oldest first: for what was signed long ago. Number n stands at n - 1, the newest behind
	 * them. */
	char log_vkeys_before[TOLD_LOG_KEYS_MAX - 1][TOLD_VKEY_MAX_BYTES];
	size_t log_keys_before;
	uint8_t broker_session_key[TOLD_KEY_BYTES], operator_key[TOLD_KEY_BYTES], enrolment_key[TOLD_KEY_BYTES];
};

/* TOLD_E_CONFIG: why (may be NULL) says what is wrong in it; also the statuses of told_file_read. */
TOLD_MUST_USE enum told_status told_partnership_read(const char *path, struct told_partnership *out,
						     struct told_buf *why);
/* Writes it 0644. */
TOLD_MUST_USE enum told_status told_partnership_write(const char *path, const struct told_partnership *partnership);

#endif
