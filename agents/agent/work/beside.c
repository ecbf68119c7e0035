/* SPDX-License-Identifier: Apache-2.0 */
/* "I do not agree with this" stands beside both views, wherever the section is shown: the words where they were taken
 * down, and everywhere else that the person disputes it. */
#include "agents/agent/core/show.h"
#include "agents/agent/work/docket.h"
#include "agents/agent/work/incident.h"

#include "broker/agree/sets.h"

#include <string.h>

struct beside {
	json_t *views;               /* documents of disagreements here; owned */
	struct told_catset disputed; /* categories that somebody in the partnership is looking at */
	bool all;                    /* every category is */
};

static enum told_status load_views(struct told_agent *agent, struct told_bytes client, json_t *views)
{
	struct told_kept_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_docket_next(agent, agent->arena, TOLD_DOCKET_DISAGREEMENT, client, row.seq, &row);
		if (status == TOLD_OK && !told_json_add(views, told_doc_read(row.doc)))
			return TOLD_E_CORRUPT;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static void add_disputed(const struct told_restriction_facts *r, struct beside *out)
{
	if (r->kind != TOLD_FLAG_DISPUTED || r->state == TOLD_FLAG_STATE_CLEARED)
		return;
	out->all |= told_catset_empty(&r->categories);
	for (size_t i = 0; i < TOLD_CATSET_WORDS; i++)
		out->disputed.w[i] |= r->categories.w[i];
}

static enum told_status load(struct told_agent *agent, struct told_bytes client, struct beside *out)
{
	struct told_person *person = NULL;
	enum told_status status = load_views(agent, client, out->views);
	if (status == TOLD_OK)
		status = told_agent_person(agent, client, &person);
	for (size_t i = 0; status == TOLD_OK && i < person->restriction_count; i++)
		add_disputed(&person->restrictions[i], out);
	told_person_free(person);
	return status;
}

static bool speaks_of(const json_t *view, const char *category)
{
	const json_t *categories = json_object_get(view, "categories");
	for (size_t i = 0; i < json_array_size(categories); i++)
		if (strcmp(json_string_value(json_array_get(categories, i)), category) == 0)
			return true;
	return false;
}

/* Once it was corrected, what they disagreed with is not there any more. */
static bool settled(const json_t *view)
{
	const char *outcome = json_string_value(json_object_get(view, "outcome"));
	return outcome != NULL && strcmp(outcome, "corrected") == 0;
}

static void put(const struct beside *beside, json_t *section)
{
	const char *category = json_string_value(json_object_get(section, "category"));
	json_t *list = json_array();
	for (size_t i = 0; category != NULL && i < json_array_size(beside->views); i++) {
		const json_t *view = json_array_get(beside->views, i);
		if (speaks_of(view, category) && !settled(view))
			told_json_add(list, json_pack("{s:O, s:O, s:O*}", "words", json_object_get(view, "words"),
						      "time_ms", json_object_get(view, "time_ms"), "outcome",
						      json_object_get(view, "outcome")));
	}
	if (json_array_size(list) > 0)
		json_object_set(section, "disagreed", list);
	json_decref(list);
	if (category != NULL &&
	    (beside->all || told_catset_has(&beside->disputed, told_value(TOLD_LIST_CATEGORY, told_text(category)))))
		json_object_set_new(section, "disputed", json_true());
}

enum told_status told_beside_sections(struct told_agent *agent, struct told_bytes client, json_t *sections)
{
	struct beside beside = {.views = json_array()};
	if (client.len != TOLD_ID_BYTES || json_array_size(sections) == 0) {
		json_decref(beside.views);
		return TOLD_OK;
	}
	enum told_status status = load(agent, client, &beside);
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(sections); i++)
		put(&beside, json_array_get(sections, i));
	json_decref(beside.views);
	return status;
}
