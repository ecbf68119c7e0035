/* SPDX-License-Identifier: Apache-2.0 */
/* What `told init --agency` does: a fresh folder with fresh keys, the partnership's paper, an empty vault, the first
 * worker. Nothing that exists is ever replaced. */
#ifndef TOLD_AGENT_CORE_INIT_H
#define TOLD_AGENT_CORE_INIT_H

#include "told/bytes.h"
#include "told/limits.h"

#include <limits.h>

struct told_init_agency {
	const char *dir;              /* made when absent */
	const char *party;            /* the profile's id: "HOU" */
	const char *profile;          /* absolute path of the profile's folder */
	const char *partnership_file; /* partnership.json of the broker */
	uint32_t roles;               /* of the first worker, bit (role - 1); 0: practitioner and senior */
	const char *teams;            /* of the first worker, joined by commas; may be NULL */
};
/* What was made, for people to read. */
struct told_init_agency_made {
	char fingerprint[72]; /* of the identity key: read out by telephone */
	uint8_t identity_key[TOLD_KEY_BYTES], session_key[TOLD_KEY_BYTES];
	char worker[TOLD_NAME_MAX_BYTES + 1];
	char token_file[PATH_MAX]; /* DIR/workers/NUMBER.token, 0600 */
};

/* why (may be NULL) says what is wrong. TOLD_E_EXISTS: DIR is an agent's folder already; TOLD_E_CONFIG:
 * partnership.json; TOLD_E_USAGE; statuses of told_file_write_new. */
TOLD_MUST_USE enum told_status told_init_agency(const struct told_init_agency *what, struct told_init_agency_made *made,
						struct told_buf *why);

#endif
