/* SPDX-License-Identifier: Apache-2.0 */
/* What a command is given by name: the policy file, ids; and how it says that something it was given will not do. */
#ifndef TOLD_AUDIT_BASE_GIVEN_H
#define TOLD_AUDIT_BASE_GIVEN_H

#include "evidence/policy.h"

#include <stdio.h>

/* "told-audit: PATH: what happened", then what to do. Gives TOLD_AUDIT_CONFIG. */
int told_complain(FILE *err, const char *path, enum told_status status, const char *todo);

/* Reads a policy with a log in it; its views point into text (TOLD_BUF(TOLD_POLICY_MAX_BYTES)). Complains and gives
 * TOLD_AUDIT_CONFIG when it cannot be read or is wrong, with the line. */
TOLD_MUST_USE int told_policy_read(const char *path, FILE *err, struct told_buf *text, struct told_policy *out);

/* 16 bytes of an id, as 32 hexadecimal digits or as a UUID with its dashes. TOLD_E_MALFORMED. */
TOLD_MUST_USE enum told_status told_id_parse(struct told_bytes text, uint8_t id[TOLD_ID_BYTES]);

/* A key's seed from its file: 64 hexadecimal digits on a line, as told init writes them; the caller wipes it. Complains
 * and gives TOLD_AUDIT_CONFIG when there is none. */
TOLD_MUST_USE int told_seed_read(const char *path, FILE *err, uint8_t seed[TOLD_KEY_BYTES]);

#endif
