/* SPDX-License-Identifier: Apache-2.0 */
/* What went to whom, out of our own outbox: accepted messages with content, and wraps to what was told before. Grouped
 * by party and person, as one recall asks one party about one person. */
#include "agents/agent/core/show.h"
#include "agents/agent/work/incident.h"

#include "proto/leaf.h"

#include <string.h>

#define GROUPS_MAX 256u /* recalls of one incident: more is for several incidents, and for the telephone */

struct search {
	struct told_agent *agent;
	struct told_arena *arena; /* of one row of the outbox */
	const struct told_incident_filter *filter;
	json_t *list;
};

static bool fits(struct told_bytes wanted, struct told_bytes is)
{
	return wanted.len == 0 || told_bytes_equal(wanted, is);
}

static json_t *group_of(struct search *s, const char *client, struct told_bytes party)
{
	for (size_t i = 0; i < json_array_size(s->list); i++) {
		json_t *group = json_array_get(s->list, i);
		if (told_bytes_equal(told_text(json_string_value(json_object_get(group, "party"))), party) &&
		    strcmp(json_string_value(json_object_get(group, "client_hex")), client) == 0 &&
		    json_array_size(json_object_get(group, "messages")) < TOLD_RECALL_MESSAGES_MAX)
			return group;
	}
	if (json_array_size(s->list) == GROUPS_MAX)
		return NULL;
	json_t *group = json_pack("{s:o, s:s, s:[], s:[], s:{}}", "party", told_text_json(party), "client_hex", client,
				  "messages", "categories", "of");
	return told_json_add(s->list, group) ? group : NULL;
}

static void add_once(json_t *list, json_t *text)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), text)) {
			json_decref(text);
			return;
		}
	told_json_add(list, text);
}

/* Where the categories of a message to a party are put: of the group, and of the message itself. */
struct noted {
	json_t *all, *of;
};

static bool note(struct search *s, struct told_bytes client, struct told_bytes party, struct told_bytes message,
		 struct noted *out)
{
	char hex[2 * TOLD_ID_BYTES + 1];
	told_hex(client.data, TOLD_ID_BYTES, hex);
	json_t *group = group_of(s, hex, party), *by_message = json_object_get(group, "of");
	if (group == NULL)
		return false;
	add_once(json_object_get(group, "messages"), told_id_json(message));
	told_hex(message.data, TOLD_ID_BYTES, hex);
	if (json_object_get(by_message, hex) == NULL)
		json_object_set_new(by_message, hex, json_array());
	*out = (struct noted){json_object_get(group, "categories"), json_object_get(by_message, hex)};
	return true;
}

static void add_category(const struct noted *to, uint32_t category)
{
	add_once(to->all, json_string(told_code(TOLD_LIST_CATEGORY, category)));
	add_once(to->of, json_string(told_code(TOLD_LIST_CATEGORY, category)));
}

/* ---- messages ---- */

/* What the ruling let go, as categories. */
static void add_released(struct search *s, const struct told_outbox_row *row, const struct noted *to)
{
	struct told_leaf_ruling *ruling = NULL;
	if (row->ruling.len == 0 || told_leaf_ruling_decode(row->ruling, s->arena, &ruling) != TOLD_OK)
		return;
	for (size_t i = 0; i < ruling->recipients.count; i++)
		for (size_t j = 0; j < ruling->recipients.items[i].sections.count; j++) {
			const struct told_leaf_section_ruling *section = &ruling->recipients.items[i].sections.items[j];
			if (section->effect == TOLD_SECTION_EFFECT_RELEASE)
				add_category(to, section->category);
		}
}

static enum told_status add_message(struct search *s, const struct told_outbox_row *row,
				    const struct told_header *header)
{
	if (header->section_digests.count == 0 || !fits(s->filter->message, row->id))
		return TOLD_OK;
	for (size_t i = 0; i < header->recipients.count; i++) {
		if (!fits(s->filter->to, header->recipients.items[i]))
			continue;
		struct noted to;
		if (!note(s, row->client, header->recipients.items[i], row->id, &to))
			return TOLD_E_LIMIT;
		add_released(s, row, &to);
	}
	return TOLD_OK;
}

/* ---- wraps ---- */

static enum told_status add_told(struct search *s, struct told_bytes client, struct told_bytes message,
				 const struct noted *to)
{
	struct told_story_row story = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_story_next(s->agent->vault, s->arena, client, story.id, &story);
		if (status == TOLD_OK && told_bytes_equal(story.message, message))
			add_category(to, story.category);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status add_grants(struct search *s, const struct told_outbox_row *row,
				   const struct told_header *header)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < header->grants.count; i++) {
		const struct told_grant_part *grant = &header->grants.items[i];
		if (!fits(s->filter->to, grant->recipient) || !fits(s->filter->message, grant->message_id))
			continue;
		struct noted to;
		status = note(s, row->client, grant->recipient, grant->message_id, &to)
				 ? add_told(s, row->client, grant->message_id, &to)
				 : TOLD_E_LIMIT;
	}
	return status;
}

static enum told_status add_row(struct search *s, const struct told_outbox_row *row)
{
	struct told_header *header = NULL;
	const struct told_incident_filter *f = s->filter;
	if (row->state != TOLD_OUTBOX_ACCEPTED || row->client.len != TOLD_ID_BYTES || row->queued_ms < f->since_ms ||
	    (f->until_ms != 0 && row->queued_ms >= f->until_ms) ||
	    (f->types != 0 && (f->types & TOLD_BIT64(row->type)) == 0) || !fits(f->worker, row->author))
		return TOLD_OK;
	enum told_status status = told_header_decode(row->header, s->arena, &header);
	if (status != TOLD_OK)
		return TOLD_E_CORRUPT;
	return row->type == TOLD_TYPE_GRANT ? add_grants(s, row, header) : add_message(s, row, header);
}

enum told_status told_incident_went(struct told_agent *agent, const struct told_incident_filter *filter, json_t *list)
{
	struct search s = {.agent = agent, .filter = filter, .list = list};
	struct told_outbox_row row = {0};
	enum told_outbox_list which = filter->client.len > 0 ? TOLD_OUTBOX_OF_CLIENT : TOLD_OUTBOX_OF_ALL;
	enum told_status status = told_arena_new(TOLD_AGENT_HEAP, &s.arena);
	for (uint64_t after = 0; status == TOLD_OK; after = row.seq) {
		told_arena_reset(s.arena);
		status = told_outbox_next(agent->vault, s.arena, which, filter->client, after, &row);
		if (status == TOLD_OK)
			status = add_row(&s, &row);
	}
	told_arena_free(s.arena);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
