/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of incidents and recalls: read from the vault and put back, and how they stand. No clock, no queue. */
#include "agents/agent/work/incident.h"
#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"

#include <stdlib.h>
#include <string.h>

const char *const told_incident_kinds[] = {NULL,          "wrong-person", "wrong-recipient",
					   "lost-device", "key-stolen",   "wrong-merge"};

enum told_status told_incident_load(struct told_agent *agent, struct told_bytes id, json_t **doc)
{
	struct told_kept_row row;
	*doc = NULL;
	enum told_status status = told_kept_next(agent->vault, agent->arena, "incident", TOLD_KEPT_ID, id, 0, 0, &row);
	if (status == TOLD_OK)
		*doc = told_doc_read(row.doc);
	return status == TOLD_OK && *doc == NULL ? TOLD_E_CORRUPT : status;
}

enum told_status told_incident_save(struct told_agent *agent, struct told_bytes id, const json_t *doc)
{
	return told_doc_put(agent, &(struct told_kept_row){.kind = "incident", .id = id}, doc);
}

enum told_status told_recall_save(struct told_agent *agent, const struct told_recall_row *row, const json_t *doc)
{
	struct told_recall_row kept = *row;
	char *text = json_dumps(doc, JSON_COMPACT);
	if (text == NULL)
		return TOLD_E_MEMORY;
	kept.doc = told_text(text);
	enum told_status status = told_recall_put(agent->vault, &kept);
	told_wipe(text, strlen(text));
	free(text);
	return status;
}

bool told_incident_over(const json_t *doc, int64_t now_ms)
{
	bool told = json_object_get(doc, "reported_ms") != NULL || json_object_get(doc, "closed_ms") != NULL;
	return !told && now_ms >= json_integer_value(json_object_get(doc, "due_ms"));
}

enum told_status told_incident_answers(struct told_agent *agent, struct told_bytes id, size_t *sent, size_t *answered)
{
	struct told_recall_row row = {0};
	enum told_status status = TOLD_OK;
	*sent = *answered = 0;
	while (status == TOLD_OK) {
		status = told_recall_next(agent->vault, agent->arena, id, row.seq, &row);
		json_t *doc = status == TOLD_OK ? told_doc_read(row.doc) : NULL;
		*sent += status == TOLD_OK;
		*answered += json_object_get(doc, "answer") != NULL;
		json_decref(doc);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
