/* SPDX-License-Identifier: Apache-2.0 */
/* A new worker in the vault: a random number, a token of which only the hash is kept. Also for told init, which has no
 * agent yet. */
#include "agents/agent/core/worker.h"

#include "broker/agree/agreement.h"
#include "broker/base/clock.h"
#include "told/limits.h"
#include "told/proof.h"
#include "told/vocabulary.h"

#include <stdio.h>

enum told_status told_worker_make(struct told_vault *vault, struct told_new_worker *worker)
{
	uint8_t secret[TOLD_TOKEN_BYTES];
	uint32_t random = 0;
	told_hash hash;
	enum told_status status = told_random(secret, sizeof secret);
	if (status == TOLD_OK)
		status = told_random(&random, sizeof random);
	if (status != TOLD_OK)
		return status;
	if (worker->number[0] == '\0')
		snprintf(worker->number, sizeof worker->number, "W%06u", random % 1000000u);
	told_hex(secret, sizeof secret, worker->token);
	told_sha256(told_bytes(secret, sizeof secret), &hash);
	told_wipe(secret, sizeof secret);
	struct told_worker_row row = {
		.number = told_text(worker->number),
		.token = told_bytes(hash.b, sizeof hash.b),
		.teams = worker->teams,
		.roles = worker->roles,
		.kind = worker->kind,
		.state = TOLD_WORKER_ACTIVE,
		/* Live at once, also where the broker's clock is a little behind. */
		.from_ms = worker->now_ms - (uint64_t)TOLD_FUTURE_MAX_MS,
		.until_ms = worker->until_ms,
	};
	return told_worker_put(vault, &row);
}

bool told_worker_number_ok(struct told_bytes number)
{
	for (size_t i = 0; i < number.len; i++) {
		uint8_t c = number.data[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'))
			return false;
	}
	return number.len <= 32;
}

bool told_may_manage(uint32_t roles)
{
	return (roles & (TOLD_BIT32(TOLD_ROLE_SENIOR) | TOLD_BIT32(TOLD_ROLE_COORDINATOR))) != 0;
}

bool told_may_answer(uint32_t roles)
{
	return told_may_manage(roles) || (roles & TOLD_BIT32(TOLD_ROLE_DPO)) != 0;
}
