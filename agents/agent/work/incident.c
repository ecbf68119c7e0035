/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of incidents and recalls: read from the vault and put back, and how they stand. No clock, no queue. */
#include "agents/agent/work/incident.h"
#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"

#include <stdlib.h>
#include <string.h>

const char *const told_incident_kinds[] = {NULL,          "wrong-person", "wrong-recipient",
					   "lost-device", "key-stolen",   "wrong-merge"};

/* ---- whom it is about ---- */

/* How many recalls it has in all, and how many of them are about people whom whoever looks sees. */
static enum told_status count_recalls(struct told_agent *agent, struct told_bytes id, size_t *all, size_t *seen)
{
	size_t unused = 0;
	enum told_status status = told_incident_answers(agent, id, seen, &unused);
	struct told_sight was = told_vault_open_eyes(agent->vault);
	if (status == TOLD_OK)
		status = told_incident_answers(agent, id, all, &unused);
	told_vault_narrow(agent->vault, was);
	return status;
}

/* A stranger's incident is none. */
static enum told_status is_known(struct told_agent *agent, struct told_bytes id)
{
	size_t all = 0, seen = 0;
	enum told_status status = count_recalls(agent, id, &all, &seen);
	return status == TOLD_OK && all > 0 && seen == 0 ? TOLD_E_NOT_FOUND : status;
}

static bool has(const json_t *list, const json_t *text)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), text))
			return true;
	return false;
}

void told_incident_count(const json_t *groups, json_t *doc)
{
	size_t records = 0, i = 0, j = 0;
	json_t *persons = json_object(), *categories = json_array(), *group = NULL, *category = NULL;
	json_array_foreach(groups, i, group)
	{
		json_object_set_new(persons, json_string_value(json_object_get(group, "client_hex")), json_true());
		records += json_array_size(json_object_get(group, "messages"));
		json_array_foreach(json_object_get(group, "categories"), j, category) if (!has(categories, category))
			json_array_append(categories, category);
	}
	json_object_set_new(doc, "persons", json_integer((json_int_t)json_object_size(persons)));
	json_object_set_new(doc, "records", json_integer((json_int_t)records));
	json_object_set_new(doc, "categories", categories);
	json_decref(persons);
}

/* Its recalls that are seen, as told_incident_went has them. */
static enum told_status seen_groups(struct told_agent *agent, struct told_bytes id, json_t *groups)
{
	struct told_recall_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		char hex[2 * TOLD_ID_BYTES + 1];
		status = told_recall_next(agent->vault, agent->arena, id, row.seq, &row);
		json_t *group = status == TOLD_OK && row.client.len == TOLD_ID_BYTES ? told_doc_read(row.doc) : NULL;
		if (group == NULL)
			continue;
		told_hex(row.client.data, row.client.len, hex);
		json_object_set_new(group, "client_hex", json_string(hex));
		json_array_append_new(groups, group);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_incident_narrow(struct told_agent *agent, struct told_bytes id, json_t *doc)
{
	size_t all = 0, seen = 0;
	json_t *groups = json_array();
	enum told_status status = count_recalls(agent, id, &all, &seen);
	bool narrowed = status == TOLD_OK && seen < all;
	if (narrowed)
		status = seen_groups(agent, id, groups);
	if (narrowed && status == TOLD_OK)
		told_incident_count(groups, doc);
	json_decref(groups);
	return status;
}

static bool is_text(const json_t *a, const json_t *b, const char *member)
{
	return json_equal(json_object_get(a, member), json_object_get(b, member));
}

/* Some recall to that party about that person names every message of the group. */
static bool is_covered(const json_t *recalls, const json_t *group)
{
	size_t i = 0, j = 0, named = 0;
	const json_t *recall = NULL, *message = NULL, *messages = json_object_get(group, "messages");
	json_array_foreach(messages, j, message)
	{
		bool found = false;
		json_array_foreach(recalls, i, recall) found |= is_text(recall, group, "party") &&
								is_text(recall, group, "client_hex") &&
								has(json_object_get(recall, "messages"), message);
		named += found;
	}
	return named == json_array_size(messages);
}

enum told_status told_incident_covers(struct told_agent *agent, struct told_bytes id, const json_t *groups,
				      bool *covers)
{
	json_t *recalls = json_array();
	enum told_status status = seen_groups(agent, id, recalls);
	*covers = status == TOLD_OK;
	for (size_t i = 0; *covers && i < json_array_size(groups); i++)
		*covers = is_covered(recalls, json_array_get(groups, i));
	json_decref(recalls);
	return status;
}

/* ---- documents ---- */

static enum told_status read_row(struct told_agent *agent, const struct told_kept_row *row, json_t **doc)
{
	enum told_status status = is_known(agent, row->id);
	if (status == TOLD_OK)
		*doc = told_doc_read(row->doc);
	return status == TOLD_OK && *doc == NULL ? TOLD_E_CORRUPT : status;
}

enum told_status told_incident_load(struct told_agent *agent, struct told_bytes id, json_t **doc)
{
	struct told_kept_row row;
	*doc = NULL;
	enum told_status status = told_kept_next(agent->vault, agent->arena, "incident", TOLD_KEPT_ID, id, 0, 0, &row);
	return status == TOLD_OK ? read_row(agent, &row, doc) : status;
}

enum told_status told_incident_next(struct told_agent *agent, uint64_t after, struct told_kept_row *row, json_t **doc)
{
	enum told_status status = TOLD_E_NOT_FOUND;
	*doc = NULL;
	do {
		status = told_kept_next(agent->vault, agent->arena, "incident", TOLD_KEPT_ALL, told_bytes(NULL, 0), 0,
					after, row);
		if (status != TOLD_OK)
			return status;
		after = row->seq;
		status = read_row(agent, row, doc);
	} while (status == TOLD_E_NOT_FOUND);
	return status;
}

enum told_status told_incident_save(struct told_agent *agent, struct told_bytes id, struct told_bytes client,
				    const json_t *doc)
{
	return told_doc_put(agent, &(struct told_kept_row){.kind = "incident", .id = id, .client = client}, doc);
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
