/* SPDX-License-Identifier: Apache-2.0 */
/* Recalls as they come in: what they name is hidden before anything more is shown, and stays so when it comes again.
 * Only what the sender of the recall had sent is touched. */
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/correct.h"
#include "agents/agent/work/incident.h"

#include <string.h>

static json_t *ids_json(struct told_bytes_list ids)
{
	json_t *list = json_array();
	for (size_t i = 0; i < ids.count; i++)
		told_json_add(list, told_id_json(ids.items[i]));
	return list;
}

static json_t *texts_json(struct told_bytes_list texts)
{
	json_t *list = json_array();
	for (size_t i = 0; i < texts.count; i++)
		told_json_add(list, told_text_json(texts.items[i]));
	return list;
}

static bool names(const json_t *doc, struct told_bytes message)
{
	char hex[2 * TOLD_ID_BYTES + 1];
	size_t i = 0;
	json_t *id = NULL;
	if (message.len != TOLD_ID_BYTES)
		return false;
	told_hex(message.data, message.len, hex);
	json_array_foreach(json_object_get(doc, "messages"), i,
			   id) if (strcmp(json_string_value(id), hex) == 0) return true;
	return false;
}

/* The parcel that brought the section came from them, or they told it first. */
static enum told_status is_theirs(struct told_agent *agent, struct told_arena *arena,
				  const struct told_section_row *section, struct told_bytes from, bool *theirs)
{
	struct told_inbox_row row = {0};
	enum told_status status = TOLD_OK;
	*theirs = told_bytes_equal(section->originator, from);
	while (status == TOLD_OK && !*theirs) {
		status = told_inbox_next(agent->vault, arena, TOLD_INBOX_OF_CLIENT, section->client, row.seq, &row);
		*theirs = status == TOLD_OK && row.seq == section->inbox && told_bytes_equal(row.sender, from);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status apply_to(struct told_agent *agent, const json_t *doc, const struct told_recall_row *row,
				 struct told_arena *arena, bool delete)
{
	struct told_section_row section = {0};
	struct told_bytes from = told_text(json_string_value(json_object_get(doc, "from")));
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		bool theirs = false;
		uint64_t after = section.id;
		told_arena_reset(arena);
		status = told_section_next_of_client(agent->vault, arena, row->client, after, &section);
		if (status != TOLD_OK || !names(doc, section.message))
			continue;
		status = is_theirs(agent, arena, &section, from, &theirs);
		if (status == TOLD_OK && theirs)
			status = delete ? told_section_delete(agent->vault, section.id)
					: told_section_hide(agent->vault, section.id);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_recall_apply(struct told_agent *agent, const struct told_recall_row *row, bool delete)
{
	struct told_arena *arena = NULL;
	json_t *doc = told_doc_read(row->doc);
	enum told_status status = doc == NULL ? TOLD_E_CORRUPT : told_arena_new(TOLD_AGENT_HEAP, &arena);
	if (status == TOLD_OK)
		status = apply_to(agent, doc, row, arena, delete);
	told_arena_free(arena);
	json_decref(doc);
	return status;
}

enum told_status told_recall_again(struct told_agent *agent, struct told_bytes client)
{
	struct told_recall_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_recall_next(agent->vault, agent->arena, told_bytes(NULL, 0), row.seq, &row);
		if (status == TOLD_OK && told_bytes_equal(row.client, client))
			status = told_recall_apply(agent, &row, false);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_recall_take(struct told_agent *agent, const struct told_header *header, uint64_t at_ms)
{
	struct told_recall_row row = {.id = header->id, .client = header->client_ref};
	json_t *doc = json_pack("{s:o, s:s, s:o, s:I}", "from", told_text_json(header->sender), "kind",
				told_incident_kinds[header->recall->kind], "messages",
				ids_json(header->recall->messages), "came_ms", (json_int_t)at_ms);
	enum told_status status = doc == NULL ? TOLD_E_MEMORY : told_recall_save(agent, &row, doc);
	json_decref(doc);
	for (size_t i = 0; status == TOLD_OK && i < header->recall->messages.count; i++)
		status = told_alert_came_wrong(agent, header->sender, header->recall->messages.items[i]);
	return status == TOLD_OK ? told_recall_again(agent, row.client) : status;
}

/* Only the party that was asked answers, and once. */
enum told_status told_recall_heard(struct told_agent *agent, const struct told_header *header, uint64_t at_ms)
{
	struct told_recall_row row;
	const struct told_recall_part *part = header->recall;
	enum told_status status = told_recall_get(agent->vault, agent->arena, header->in_reply_to, &row);
	if (status == TOLD_E_NOT_FOUND)
		return told_correction_heard(agent, header, at_ms);
	if (status != TOLD_OK)
		return status;
	json_t *doc = told_doc_read(row.doc);
	const char *party = json_string_value(json_object_get(doc, "party"));
	if (party != NULL && told_bytes_equal(told_text(party), header->sender) &&
	    json_object_get(doc, "answer") == NULL) {
		json_object_set_new(doc, "answer",
				    json_pack("{s:b, s:o, s:o, s:I}", "deleted", part->deleted == TOLD_YES_NO_YES,
					      "opened_by", texts_json(part->opened_by), "passed_on",
					      texts_json(part->passed_on), "at_ms", (json_int_t)at_ms));
		status = told_recall_save(agent, &row, doc);
	}
	json_decref(doc);
	return status;
}
