/* SPDX-License-Identifier: Apache-2.0 */
/* What could be done here, by you or by whom: our profile's offers with the workers who are trained for each. */
#include "agents/referral/here.h"

#include "agents/agent/core/show.h"
#include "agents/agent/work/referral.h"

#include <string.h>

static json_t *texts_json(const char *const *texts, size_t count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		told_json_add(list, json_string(texts[i]));
	return list;
}

/* Those who still work here. */
static enum told_status trained_for(struct told_agent *agent, const char *need, json_t *list)
{
	struct told_bytes number = told_bytes(NULL, 0);
	struct told_worker_row row;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_trained_next(agent->vault, agent->arena, told_text(need), number, &number);
		if (status == TOLD_OK && told_worker_by_number(agent->vault, agent->arena, number, &row) == TOLD_OK &&
		    row.state == TOLD_WORKER_ACTIVE)
			told_json_add(list, told_text_json(number));
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static bool among(const json_t *list, const char *number)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_array_get(list, i)), number) == 0)
			return true;
	return false;
}

static enum told_status add_offer(struct told_agent *agent, const struct told_caller *caller,
				  const struct told_here_offer *offer, json_t *list)
{
	json_t *trained = json_array();
	enum told_status status = trained == NULL ? TOLD_E_MEMORY : trained_for(agent, offer->need, trained);
	bool you = told_here_may(offer, among(trained, caller->number));
	json_t *json =
		json_pack("{s:s, s:s, s:o, s:b, s:o, s:O, s:b}", "need", offer->need, "words", offer->words, "modality",
			  texts_json(offer->modality, offer->modality_count), "supervised", offer->supervised,
			  "not_suitable_when", texts_json(offer->not_suitable_when, offer->not_suitable_count),
			  "trained", trained, "you", you);
	json_decref(trained);
	if (status == TOLD_OK && !told_json_add(list, json))
		return TOLD_E_MEMORY;
	if (status != TOLD_OK)
		json_decref(json);
	return status;
}

enum told_status told_here_json(struct told_agent *agent, const struct told_caller *caller, struct told_bytes need,
				json_t **out)
{
	enum told_status status = TOLD_OK;
	*out = json_array();
	if (*out == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; status == TOLD_OK && i < agent->offer_count; i++)
		if (need.len == 0 || told_bytes_equal(need, told_text(agent->offers[i].need)))
			status = add_offer(agent, caller, &agent->offers[i], *out);
	return status;
}
