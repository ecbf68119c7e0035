/* SPDX-License-Identifier: Apache-2.0 */
/* Who holds what somebody must look at: the contact on call, the deputy while the contact is away or has left, nobody
 * when both are. Pure: who is still a worker here is asked of the caller, and the time comes in. */
#ifndef TOLD_ALERT_DUTY_H
#define TOLD_ALERT_DUTY_H

#include "told/bytes.h"
#include "told/limits.h"

#define TOLD_DUTY_AWAY_MAX 64u

struct told_away {
	char worker[TOLD_NAME_MAX_BYTES + 1];
	int64_t until_ms; /* back from then on */
};

struct told_duty {
	char contact[TOLD_NAME_MAX_BYTES + 1]; /* empty: not named */
	char deputy[TOLD_NAME_MAX_BYTES + 1];
	struct told_away away[TOLD_DUTY_AWAY_MAX];
	size_t away_count;
};

/* Whether a staff number is one of an active worker. */
typedef bool told_duty_live_fn(void *ctx, const char *worker);

/* The staff number that is asked now; NULL: nobody is, so that everybody must be shown it. Borrowed of duty. */
const char *told_duty_holder(const struct told_duty *duty, int64_t now_ms, told_duty_live_fn *live, void *ctx);
/* The named person while they are there, else who holds the duty now. named may be NULL or empty. */
const char *told_duty_stands_for(const struct told_duty *duty, const char *named, int64_t now_ms,
				 told_duty_live_fn *live, void *ctx);
bool told_duty_is_away(const struct told_duty *duty, const char *worker, int64_t now_ms);
/* Until until_ms; not after now_ms: back. What is over is forgotten. TOLD_E_LIMIT: too many are away. */
TOLD_MUST_USE enum told_status told_duty_set_away(struct told_duty *duty, const char *worker, int64_t until_ms,
						  int64_t now_ms);

#endif
