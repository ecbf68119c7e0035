/* SPDX-License-Identifier: Apache-2.0 */
/* Who holds it now. Pure. */
#include "agents/alert/duty.h"

#include <stdio.h>
#include <string.h>

bool told_duty_is_away(const struct told_duty *duty, const char *worker, int64_t now_ms)
{
	for (size_t i = 0; i < duty->away_count; i++)
		if (strcmp(duty->away[i].worker, worker) == 0 && now_ms < duty->away[i].until_ms)
			return true;
	return false;
}

static bool there(const struct told_duty *duty, const char *worker, int64_t now_ms, told_duty_live_fn *live, void *ctx)
{
	return worker != NULL && worker[0] != '\0' && !told_duty_is_away(duty, worker, now_ms) && live(ctx, worker);
}

const char *told_duty_holder(const struct told_duty *duty, int64_t now_ms, told_duty_live_fn *live, void *ctx)
{
	if (there(duty, duty->contact, now_ms, live, ctx))
		return duty->contact;
	return there(duty, duty->deputy, now_ms, live, ctx) ? duty->deputy : NULL;
}

const char *told_duty_stands_for(const struct told_duty *duty, const char *named, int64_t now_ms,
				 told_duty_live_fn *live, void *ctx)
{
	return there(duty, named, now_ms, live, ctx) ? named : told_duty_holder(duty, now_ms, live, ctx);
}

/* Without what is over, and without this worker. */
static void forget(struct told_duty *duty, const char *worker, int64_t now_ms)
{
	size_t kept = 0;
	for (size_t i = 0; i < duty->away_count; i++)
		if (now_ms < duty->away[i].until_ms && strcmp(duty->away[i].worker, worker) != 0)
			duty->away[kept++] = duty->away[i];
	duty->away_count = kept;
}

enum told_status told_duty_set_away(struct told_duty *duty, const char *worker, int64_t until_ms, int64_t now_ms)
{
	forget(duty, worker, now_ms);
	if (until_ms <= now_ms)
		return TOLD_OK;
	if (duty->away_count == TOLD_DUTY_AWAY_MAX)
		return TOLD_E_LIMIT;
	struct told_away *away = &duty->away[duty->away_count++];
	snprintf(away->worker, sizeof away->worker, "%s", worker);
	away->until_ms = until_ms;
	return TOLD_OK;
}
