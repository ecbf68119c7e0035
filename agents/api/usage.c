/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/usage, /period and /heartbeat: the statement as programs ask for it, in the shape of Estonia's data tracker
 * (findUsage 1.6). It is the same statement: what is not safe to tell is off here too, and the same is confirmed. */
#include "agents/api/state.h"

#include "agents/statement/page.h"

#include <stdio.h>
#include <time.h>

/* The statement, which is given by this call as by any other, as usages. */
static enum told_status usages_of(struct told_api *api, const struct told_caller *caller, const json_t *request,
				  struct told_reply *reply)
{
	struct told_catalogue *words = NULL;
	enum told_status status = told_agent_statement(api->agent, caller, request, reply);
	if (status == TOLD_OK)
		status = told_catalogue_english(&words);
	json_t *usages = status == TOLD_OK ? told_statement_usages(reply->json, words) : NULL;
	told_catalogue_free(words);
	if (status != TOLD_OK)
		return status;
	json_decref(reply->json);
	reply->json = usages;
	return usages != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

enum told_status told_api_usage(struct told_api *api, const struct told_caller *caller, const json_t *request,
				struct told_reply *reply, json_t **extra)
{
	(void)extra;
	return usages_of(api, caller, request, reply);
}

/* From when to when there is something that may be told. */
enum told_status told_api_usage_period(struct told_api *api, const struct told_caller *caller, const json_t *request,
				       struct told_reply *reply, json_t **extra)
{
	(void)extra;
	enum told_status status = usages_of(api, caller, request, reply);
	if (status != TOLD_OK)
		return status;
	json_t *period = json_pack("{s:O}", "usagePeriod", json_object_get(reply->json, "usagePeriod"));
	json_decref(reply->json);
	reply->json = period;
	return period != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

/* That usages can be asked for at all; nobody is in the question. */
enum told_status told_api_usage_heartbeat(struct told_api *api, const struct told_caller *caller, const json_t *request,
					  struct told_reply *reply, json_t **extra)
{
	char now[40] = "";
	time_t seconds = (time_t)(told_clock_now(&api->clock).wall_ms / 1000);
	struct tm at;
	(void)caller, (void)request, (void)extra;
	if (gmtime_r(&seconds, &at) == NULL || strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%S.000Z", &at) == 0)
		return TOLD_E_INTERNAL;
	reply->json = json_pack("{s:s, s:s}", "status", "OK", "heartbeat", now);
	return reply->json != NULL ? TOLD_OK : TOLD_E_MEMORY;
}
