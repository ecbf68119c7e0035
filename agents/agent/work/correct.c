/* SPDX-License-Identifier: Apache-2.0 */
/* Sending corrections. Who holds the wrong words is read from our own outbox; what each was given, the broker knows
 * too, and lets nothing more through (decision.md 4.3, "notices and rights"). */
#include "agents/agent/work/correct.h"

#include "agents/agent/core/show.h"
#include "agents/agent/work/content.h"
#include "agents/agent/work/incident.h"

#include <stdio.h>
#include <string.h>

/* What carries a story as it was told; a note or a plan step that speaks of the same has a correction of its own. */
#define STORY_TYPES                                                                                                    \
	(TOLD_BIT64(TOLD_TYPE_GRANT) | TOLD_BIT64(TOLD_TYPE_REFERRAL) | TOLD_BIT64(TOLD_TYPE_STATUS_UPDATE) |          \
	 TOLD_BIT64(TOLD_TYPE_ALERT) | TOLD_BIT64(TOLD_TYPE_DISCLOSURE_RECORD))

struct correcting {
	struct told_request *r;
	const struct told_caller *caller;
	struct told_bytes client;
	json_t *work; /* {party: {message: [category]}} */
	json_t *vain; /* {party: {message: true}}: they never had it, and by now cannot get it any more */
	struct told_gathered *right;
};

/* ---- who holds it ---- */

/* When the words of a category were told last; the newest telling is the right one. */
static enum told_status told_at(struct correcting *c, uint32_t category, uint64_t *at_ms)
{
	struct told_agent *agent = c->r->agent;
	struct told_story_row story = {0};
	enum told_status status = TOLD_OK;
	*at_ms = 0;
	while (status == TOLD_OK) {
		status = told_story_next_of_category(agent->vault, agent->arena, c->client, category, story.id, &story);
		if (status == TOLD_OK && story.recorded_ms > *at_ms)
			*at_ms = story.recorded_ms;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static json_t *made(json_t *object, const char *key, json_t *empty)
{
	json_t *there = json_object_get(object, key);
	if (there != NULL) {
		json_decref(empty);
		return there;
	}
	return json_object_set_new(object, key, empty) == 0 ? empty : NULL;
}

static bool lists(const json_t *codes, const char *code)
{
	for (size_t i = 0; i < json_array_size(codes); i++)
		if (strcmp(json_string_value(json_array_get(codes, i)), code) == 0)
			return true;
	return false;
}

static enum told_status add_work(struct correcting *c, const json_t *group, const char *code)
{
	const char *name = json_string_value(json_object_get(group, "party")), *message;
	json_t *party = made(c->work, name, json_object()), *vain = json_object_get(c->vain, name), *codes;
	json_object_foreach(json_object_get(group, "of"), message, codes)
	{
		if (json_object_get(vain, message) != NULL || !lists(codes, code))
			continue;
		if (party == NULL || !told_json_add(made(party, message, json_array()), json_string(code)))
			return TOLD_E_MEMORY;
	}
	return TOLD_OK;
}

static enum told_status find_holders(struct correcting *c, uint32_t category)
{
	struct told_incident_filter filter = {.client = c->client, .types = STORY_TYPES};
	json_t *went = json_array();
	enum told_status status = told_at(c, category, &filter.until_ms);
	if (status == TOLD_OK && filter.until_ms > 0)
		status = told_incident_went(c->r->agent, &filter, went);
	for (size_t i = 0; status == TOLD_OK && i < json_array_size(went); i++) {
		const json_t *group = json_array_get(went, i);
		if (lists(json_object_get(group, "categories"), told_code(TOLD_LIST_CATEGORY, category)))
			status = add_work(c, group, told_code(TOLD_LIST_CATEGORY, category));
	}
	json_decref(went);
	return status;
}

/* A correction that was refused before: the wrap was never asked for, and whoever asks now gets the newest words. */
static enum told_status add_vain(struct correcting *c, const struct told_outbox_row *row)
{
	struct told_header *header = NULL;
	char party[TOLD_NAME_MAX_BYTES + 1], message[2 * TOLD_ID_BYTES + 1];
	enum told_status status = told_header_decode(row->header, c->r->agent->arena, &header);
	if (status != TOLD_OK || header->recipients.count != 1 || header->in_reply_to.len != TOLD_ID_BYTES)
		return TOLD_E_CORRUPT;
	snprintf(party, sizeof party, "%.*s", (int)header->recipients.items[0].len,
		 (const char *)header->recipients.items[0].data);
	told_hex(header->in_reply_to.data, TOLD_ID_BYTES, message);
	json_t *messages = made(c->vain, party, json_object());
	return json_object_set_new(messages, message, json_true()) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status find_vain(struct correcting *c)
{
	struct told_agent *agent = c->r->agent;
	struct told_outbox_row row;
	enum told_status status = TOLD_OK;
	for (uint64_t after = 0; status == TOLD_OK; after = row.seq) {
		status = told_outbox_next(agent->vault, agent->arena, TOLD_OUTBOX_OF_CLIENT, c->client, after, &row);
		if (status == TOLD_OK && row.type == TOLD_TYPE_CORRECTION && row.state == TOLD_OUTBOX_REFUSED)
			status = add_vain(c, &row);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* ---- sending ---- */

const struct told_about *told_about_one(struct told_agent *agent, struct told_bytes party,
					struct told_u32_list released)
{
	struct told_about *about = told_arena_alloc(agent->arena, sizeof *about);
	struct told_given *given = told_arena_alloc(agent->arena, sizeof *given);
	if (about == NULL || given == NULL)
		return NULL;
	*given = (struct told_given){.party = party};
	for (size_t i = 0; i < released.count; i++)
		told_catset_add(&given->released, released.items[i]);
	*about = (struct told_about){.given = given, .count = 1};
	return about;
}

/* The right words of these categories about the person; what is about somebody else of the family may not have been in
 * that message, and is told by hand. */
static struct told_gathered *pick(struct correcting *c, const json_t *codes, struct told_u32_list *released)
{
	struct told_arena *arena = c->r->agent->arena;
	struct told_gathered *out = told_arena_alloc(arena, sizeof *out);
	uint32_t *items = told_arena_alloc(arena, TOLD_CATEGORY_COUNT * sizeof *items);
	if (out == NULL || items == NULL)
		return NULL;
	released->items = items;
	released->count = 0;
	for (size_t i = 0; i < c->right->count; i++) {
		const struct told_section_header *header = &c->right->sections[i].header;
		if (header->about.len > 0 || !lists(codes, told_code(TOLD_LIST_CATEGORY, header->category)))
			continue;
		out->sections[out->count++] = c->right->sections[i];
		items[released->count++] = header->category;
		for (size_t k = 0; k < header->classified.count && released->count < TOLD_CATEGORY_COUNT; k++)
			items[released->count++] = header->classified.items[k];
	}
	return out;
}

static enum told_status send_one(struct correcting *c, struct told_bytes party, struct told_bytes message,
				 const json_t *codes, json_t *sent)
{
	struct told_agent *agent = c->r->agent;
	struct told_draft draft;
	struct told_u32_list released = {0};
	json_t *preview = NULL;
	struct told_gathered *right = pick(c, codes, &released);
	if (right == NULL)
		return TOLD_E_MEMORY;
	if (right->count == 0)
		return TOLD_OK;
	enum told_status status = told_draft_begin(agent, TOLD_TYPE_CORRECTION, c->caller, c->client, &draft);
	if (status != TOLD_OK)
		return status;
	draft.header.in_reply_to = message;
	draft.about = told_about_one(agent, party, released);
	status = draft.about == NULL ? TOLD_E_MEMORY
				     : told_send_content(agent, &draft, party, 0, right->sections, right->count, false,
							 &preview, c->r->why);
	json_decref(preview);
	return status == TOLD_OK && !told_json_add(sent, told_id_json(draft.header.id)) ? TOLD_E_MEMORY : status;
}

static enum told_status send_to(struct correcting *c, const char *party, json_t *messages, json_t *holders)
{
	struct told_agent *agent = c->r->agent;
	json_t *holder = json_pack("{s:s, s:[], s:[]}", "party", party, "messages", "corrections"), *codes;
	enum told_status status = told_json_add(holders, holder) ? TOLD_OK : TOLD_E_MEMORY;
	struct told_bytes to = told_arena_copy(agent->arena, told_text(party));
	const char *hex;
	json_object_foreach(messages, hex, codes)
	{
		uint8_t *id = told_arena_alloc(agent->arena, TOLD_ID_BYTES);
		if (status == TOLD_OK && id == NULL)
			status = TOLD_E_MEMORY;
		if (status == TOLD_OK)
			status = told_unhex(told_text(hex), id, TOLD_ID_BYTES);
		if (status == TOLD_OK)
			status = send_one(c, to, told_bytes(id, TOLD_ID_BYTES), codes,
					  json_object_get(holder, "corrections"));
		if (status == TOLD_OK)
			told_json_add(json_object_get(holder, "messages"), json_string(hex));
	}
	return status;
}

enum told_status told_correct(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
			      struct told_u32_list categories, json_t *holders)
{
	struct correcting c = {.r = r,
			       .caller = caller,
			       .client = client,
			       .work = json_object(),
			       .vain = json_object(),
			       .right = told_arena_alloc(r->agent->arena, sizeof *c.right)};
	enum told_status status = c.work == NULL || c.vain == NULL || c.right == NULL ? TOLD_E_MEMORY : find_vain(&c);
	for (size_t i = 0; status == TOLD_OK && i < categories.count; i++)
		status = find_holders(&c, categories.items[i]);
	if (status == TOLD_OK && categories.count > 0)
		status = told_gather_story(r->agent, client, categories, c.right);
	const char *party;
	json_t *messages;
	json_object_foreach(c.work, party, messages) if (status == TOLD_OK && json_object_size(messages) > 0) status =
		send_to(&c, party, messages, holders);
	json_decref(c.work);
	json_decref(c.vain);
	return status;
}
