/* SPDX-License-Identifier: Apache-2.0 */
/* Making a worker: a number, a token that is shown once, a row of the register. Room-internal; init.c makes the first.
 */
#ifndef TOLD_AGENT_CORE_WORKER_H
#define TOLD_AGENT_CORE_WORKER_H

#include "agents/agent/core/caller.h"
#include "agents/vault/vault.h"

struct told_new_worker {
	char number[TOLD_NAME_MAX_BYTES + 1]; /* empty: a random one is drawn */
	char token[2 * TOLD_TOKEN_BYTES + 1]; /* set: 64 hexadecimal digits; the caller wipes */
	struct told_bytes teams;              /* joined by commas */
	uint32_t roles, kind;
	uint64_t now_ms, until_ms;
};
/* In the caller's transaction. TOLD_E_EXISTS: the number is taken. */
TOLD_MUST_USE enum told_status told_worker_make(struct told_vault *vault, struct told_new_worker *worker);
/* Only seniors and coordinators keep the register and the keys; `told init` made the first. roles: a caller's. */
bool told_may_manage(uint32_t roles);
/* Who answers for what the agency keeps: those, and its data protection officer. */
bool told_may_answer(uint32_t roles);
/* Empty, or 1 to 32 letters, digits and '-'. */
bool told_worker_number_ok(struct told_bytes number);

/* A row of the register as who asks. */
void told_worker_caller(const struct told_worker_row *row, struct told_caller *out);

#endif
