/* SPDX-License-Identifier: Apache-2.0 */
/* Questions that a person was spared here, because another service had told the answer: each once, with the day. */
#include "agents/agent/core/doc.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/risk.h"

#include "told/seal.h"

static enum told_status load(struct told_agent *agent, struct told_bytes client, struct told_kept_row *row,
			     json_t **doc)
{
	enum told_status status =
		told_kept_next(agent->vault, agent->arena, "spared", TOLD_KEPT_CLIENT, client, 0, 0, row);
	if (status == TOLD_OK) {
		*doc = told_doc_read(row->doc);
		return *doc != NULL ? TOLD_OK : TOLD_E_CORRUPT;
	}
	if (status != TOLD_E_NOT_FOUND)
		return status;
	uint8_t *id = told_arena_alloc(agent->arena, TOLD_ID_BYTES);
	*row = (struct told_kept_row){.kind = "spared", .id = told_bytes(id, TOLD_ID_BYTES), .client = client};
	*doc = json_object();
	return id == NULL || *doc == NULL ? TOLD_E_MEMORY : told_random(id, TOLD_ID_BYTES);
}

enum told_status told_spared_note(struct told_request *r, struct told_bytes client, const json_t *items)
{
	struct told_kept_row row;
	json_t *doc = NULL, *item, *now = json_integer((json_int_t)told_clock_now(&r->agent->clock).wall_ms);
	size_t i;
	bool changed = false;
	enum told_status status = json_array_size(items) == 0 ? r->status : load(r->agent, client, &row, &doc);
	json_array_foreach(items, i, item)
	{
		const char *code = json_string_value(item);
		if (status == TOLD_OK && code != NULL && json_object_get(doc, code) == NULL) {
			changed = true;
			status = json_object_set(doc, code, now) == 0 ? TOLD_OK : TOLD_E_MEMORY;
		}
	}
	if (status == TOLD_OK && changed)
		status = told_doc_put(r->agent, &row, doc);
	json_decref(now);
	json_decref(doc);
	return status;
}
