/* SPDX-License-Identifier: Apache-2.0 */
/* The docket's documents: put away, and read out for a statement. */
#include "agents/agent/work/docket.h"
#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/incident.h"

#include "told/quiet.h"

enum told_status told_docket_keep(struct told_agent *agent, const char *kind, struct told_bytes id,
				  struct told_bytes client, json_t *doc)
{
	struct told_kept_row row = {.kind = kind, .id = id, .client = client};
	enum told_status status = told_doc_put(agent, &row, doc);
	json_decref(doc);
	return status;
}

enum told_status told_docket_load(struct told_agent *agent, const char *kind, struct told_bytes id,
				  struct told_bytes *client, json_t **doc)
{
	struct told_kept_row row;
	*doc = NULL;
	enum told_status status = told_kept_next(agent->vault, agent->arena, kind, TOLD_KEPT_ID, id, 0, 0, &row);
	if (status != TOLD_OK)
		return status;
	*client = row.client;
	*doc = told_doc_read(row.doc);
	return *doc != NULL ? TOLD_OK : TOLD_E_CORRUPT;
}

enum told_status told_docket_next(struct told_agent *agent, struct told_arena *arena, const char *kind,
				  struct told_bytes client, uint64_t after, struct told_kept_row *out)
{
	return told_kept_next(agent->vault, arena, kind, client.len > 0 ? TOLD_KEPT_CLIENT : TOLD_KEPT_ALL, client, 0,
			      after, out);
}

struct told_bytes told_docket_safe_id(struct told_bytes message, uint8_t out[TOLD_ID_BYTES])
{
	for (size_t i = 0; i < TOLD_ID_BYTES; i++)
		out[i] = (uint8_t)~message.data[i];
	return told_bytes(out, TOLD_ID_BYTES);
}

/* ---- what is late ---- */

static enum told_status count_late(struct told_agent *agent, const char *kind, const char *done, size_t *late)
{
	struct told_kept_row row = {0};
	int64_t now_ms = told_clock_now(&agent->clock).wall_ms;
	enum told_status status = TOLD_OK;
	*late = 0;
	while (status == TOLD_OK) {
		status = told_docket_next(agent, agent->arena, kind, told_bytes(NULL, 0), row.seq, &row);
		json_t *doc = status == TOLD_OK ? told_doc_read(row.doc) : NULL;
		*late += doc != NULL && json_object_get(doc, done) == NULL &&
			 now_ms >= json_integer_value(json_object_get(doc, "due_ms"));
		json_decref(doc);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_docket_overdue(struct told_agent *agent, size_t *complaints, size_t *disagreements)
{
	enum told_status status = count_late(agent, TOLD_DOCKET_COMPLAINT, "acknowledged_ms", complaints);
	return status == TOLD_OK ? count_late(agent, TOLD_DOCKET_DISAGREEMENT, "decided_ms", disagreements) : status;
}

/* ---- for the statement ---- */

/* What must not be read over a shoulder is not repeated because they disagreed with it. */
static bool quiet(const json_t *doc)
{
	const json_t *categories = json_object_get(doc, "categories");
	for (size_t i = 0; i < json_array_size(categories); i++) {
		const char *code = json_string_value(json_array_get(categories, i));
		if (told_quiet_category(told_value(TOLD_LIST_CATEGORY, told_text(code))))
			return true;
	}
	return false;
}

static json_t *matter(const char *kind, const json_t *doc)
{
	static const char *const shown[] = {"time_ms", "due_ms", "categories", "decided_ms", "acknowledged_ms"};
	json_t *line = json_pack("{s:s}", "kind", kind);
	for (size_t i = 0; line != NULL && i < sizeof shown / sizeof shown[0]; i++)
		if (json_object_get(doc, shown[i]) != NULL)
			json_object_set(line, shown[i], json_object_get(doc, shown[i]));
	return line;
}

static void add_kind(struct told_agent *agent, struct told_bytes client, const char *kind, const char *name,
		     json_t *list)
{
	struct told_kept_row row = {0};
	while (told_docket_next(agent, agent->arena, kind, client, row.seq, &row) == TOLD_OK) {
		json_t *doc = told_doc_read(row.doc);
		if (doc != NULL && !quiet(doc))
			told_json_add(list, matter(name, doc));
		json_decref(doc);
	}
}

json_t *told_docket_matters(struct told_agent *agent, struct told_bytes client)
{
	json_t *list = json_array();
	if (list == NULL)
		return NULL;
	add_kind(agent, client, TOLD_DOCKET_DISAGREEMENT, "disagreement", list);
	add_kind(agent, client, TOLD_DOCKET_COMPLAINT, "complaint", list);
	return list;
}
