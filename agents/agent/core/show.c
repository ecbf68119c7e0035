/* SPDX-License-Identifier: Apache-2.0 */
/* What the vault holds, as JSON for people and programs. Nothing is changed here. */
#include "agents/agent/core/show.h"
#include "agents/agent/core/card.h"
#include "agents/agent/core/state.h"

#include "broker/decide/codes.h"
#include "proto/leaf.h"

#include <string.h>

bool told_json_add(json_t *array, json_t *item)
{
	return array != NULL && item != NULL && json_array_append_new(array, item) == 0;
}

void told_agent_head(const struct told_agent *agent, json_t *shown)
{
	if (!agent->checked && shown != NULL)
		json_object_set_new(shown, "not_checked_since_ms", json_integer((json_int_t)agent->checked_ms));
}

json_t *told_text_json(struct told_bytes text)
{
	return text.len == 0 ? json_string("") : json_stringn((const char *)text.data, text.len);
}

json_t *told_id_json(struct told_bytes id)
{
	char hex[2 * TOLD_HASH_BYTES + 1];
	if (id.len > TOLD_HASH_BYTES)
		return json_null();
	told_hex(id.data, id.len, hex);
	return json_string(hex);
}

json_t *told_client_json(struct told_bytes client)
{
	char code[TOLD_CODE_TEXT_BYTES];
	if (client.len != TOLD_ID_BYTES)
		return json_null();
	told_code_write(client.data, code);
	return json_string(code);
}

json_t *told_categories_json(const struct told_catset *set)
{
	json_t *list = json_array();
	for (unsigned c = 1; c < TOLD_CATEGORY_COUNT; c++)
		if (told_catset_has(set, c))
			told_json_add(list, json_string(told_code(TOLD_LIST_CATEGORY, c)));
	return list;
}

static json_t *purposes_json(uint32_t bits)
{
	json_t *list = json_array();
	for (unsigned p = 1; p < TOLD_PURPOSE_COUNT; p++)
		if (bits & TOLD_BIT32(p))
			told_json_add(list, json_string(told_code(TOLD_LIST_PURPOSE, p)));
	return list;
}

json_t *told_code_json(unsigned code)
{
	const struct told_code_row *row = told_code_row(code);
	if (row == NULL)
		return json_null();
	return json_pack("{s:s, s:s, s:s, s:s}", "code", row->name, "words", row->sender, "fix", row->fix, "who",
			 told_cure_words(row->cure));
}

bool told_code_matters(unsigned code)
{
	const struct told_code_row *row = told_code_row(code);
	return row != NULL && row->cure != TOLD_CURE_NOBODY;
}

json_t *told_status_json(unsigned status)
{
	return json_pack("{s:s, s:s}", "code", told_status_name((enum told_status)status), "words",
			 told_status_text((enum told_status)status));
}

/* Sections were judged when they came; a text that is no JSON all the same is shown as nothing, never as it is. */
static json_t *content_json(struct told_bytes content)
{
	json_t *json = json_loadb((const char *)content.data, content.len, JSON_REJECT_DUPLICATES, NULL);
	return json != NULL ? json : json_null();
}

/* In a family: whom it is about and who told it, where that is somebody else. */
static json_t *add_family(json_t *json, struct told_bytes about, struct told_bytes told_by)
{
	if (json != NULL && about.len == TOLD_ID_BYTES)
		json_object_set_new(json, "about", told_client_json(about));
	if (json != NULL && told_by.len == TOLD_ID_BYTES)
		json_object_set_new(json, "told_by", told_client_json(told_by));
	return json;
}

json_t *told_section_json(const struct told_section_row *row, const char *from)
{
	json_t *json = json_pack("{s:s, s:o, s:o, s:I, s:I, s:s, s:I, s:o, s:o}", "category",
				 told_code(TOLD_LIST_CATEGORY, row->category), "from",
				 from != NULL ? json_string(from) : told_text_json(row->originator), "message",
				 told_id_json(row->message), "version", (json_int_t)row->version, "recorded_ms",
				 (json_int_t)row->recorded_ms, "voice", told_words(TOLD_LIST_VOICE, row->voice),
				 "received_ms", (json_int_t)row->received_ms, "purposes", purposes_json(row->purposes),
				 "story", content_json(row->content));
	return add_family(json, row->about, row->told_by);
}

json_t *told_story_json(struct told_agent *agent, const struct told_story_row *row)
{
	struct told_section_header *header = NULL;
	json_t *json = json_pack("{s:s, s:s, s:o, s:I, s:I, s:s, s:o}", "category",
				 told_code(TOLD_LIST_CATEGORY, row->category), "from", agent->settings.party, "message",
				 told_id_json(row->message), "version", (json_int_t)row->version, "recorded_ms",
				 (json_int_t)row->recorded_ms, "voice", told_words(TOLD_LIST_VOICE, row->voice),
				 "story", content_json(row->content));
	if (told_section_header_decode(row->header, agent->arena, &header) != TOLD_OK)
		return json;
	return add_family(json, header->about, header->told_by);
}

/* ---- messages ---- */

const char *const told_outbox_words[TOLD_OUTBOX_STATES] = {
	[TOLD_OUTBOX_WAITING] = "waiting", [TOLD_OUTBOX_ACCEPTED] = "sent",     [TOLD_OUTBOX_HELD] = "held",
	[TOLD_OUTBOX_REFUSED] = "refused", [TOLD_OUTBOX_ANSWERED] = "answered", [TOLD_OUTBOX_EXPIRED] = "expired",
};

static const char *state_word(uint32_t state)
{
	return state < TOLD_OUTBOX_STATES && told_outbox_words[state] != NULL ? told_outbox_words[state] : "waiting";
}

static json_t *section_ruling_json(const struct told_leaf_section_ruling *s)
{
	static const char *const names[] = {"none", "release", "withhold", "hold"};
	json_t *json = json_pack("{s:I, s:s, s:s}", "number", (json_int_t)s->number, "category",
				 told_code(TOLD_LIST_CATEGORY, s->category), "effect", names[s->effect & 3]);
	if (json != NULL && s->effect != TOLD_SECTION_EFFECT_RELEASE)
		json_object_set_new(json, "code", told_code_json(s->code));
	return json;
}

/* Who must act on a held message, by when. */
static void add_obligations(json_t *json, const struct told_leaf_recipient_ruling *r)
{
	json_t *list = json_array();
	for (size_t i = 0; i < r->obligations.count; i++) {
		const struct told_leaf_obligation *o = &r->obligations.items[i];
		told_json_add(list, json_pack("{s:s, s:o, s:I}", "what", told_obligation_word(o->kind), "who",
					      told_text_json(o->who), "due_ms", (json_int_t)o->due_ms));
	}
	if (json_array_size(list) > 0)
		json_object_set(json, "obligations", list);
	json_decref(list);
}

/* Refusals whose status alone says too little. */
static const struct {
	uint32_t type;
	enum told_status status;
	const char *words, *fix;
} refusals[] = {
	{TOLD_TYPE_ERASURE, TOLD_E_NOT_ALLOWED,
	 "your organisation never sat with this person: it has no relationship with them, took no permission and told "
	 "nothing of their story",
	 "Check the reference. If it is right, the person asks one of those who sat with them."},
	{TOLD_TYPE_HOLD, TOLD_E_NOT_ALLOWED,
	 "a hold counts from an organisation that sat with this person, told something of their story or was sent "
	 "something of it; yours did none of these",
	 "Check the reference. If it is right, ask one of those organisations to set the hold."},
};

static json_t *refusal_json(uint32_t type, enum told_status status)
{
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		if (refusals[i].type == type && refusals[i].status == status)
			return json_pack("{s:s, s:s, s:s}", "code", told_status_name(status), "words",
					 refusals[i].words, "fix", refusals[i].fix);
	return told_status_json(status);
}

/* What the signed ruling says: its reasons belong to whoever sent. */
static void add_ruling(struct told_agent *agent, const struct told_outbox_row *row, json_t *json)
{
	struct told_leaf_ruling *ruling = NULL;
	json_t *codes = json_array(), *sections = json_array();
	if (row->ruling.len > 0 && told_leaf_ruling_decode(row->ruling, agent->arena, &ruling) == TOLD_OK) {
		if (ruling->status != 0)
			told_json_add(codes, refusal_json(row->type, ruling->status));
		for (size_t i = 0; i < ruling->recipients.count; i++) {
			const struct told_leaf_recipient_ruling *r = &ruling->recipients.items[i];
			for (size_t j = 0; j < r->codes.count; j++)
				if (told_code_matters(r->codes.items[j]))
					told_json_add(codes, told_code_json(r->codes.items[j]));
			for (size_t j = 0; j < r->sections.count; j++)
				told_json_add(sections, section_ruling_json(&r->sections.items[j]));
			add_obligations(json, r);
		}
	}
	if (json_array_size(codes) > 0)
		json_object_set(json, "codes", codes);
	if (json_array_size(sections) > 0)
		json_object_set(json, "sections", sections);
	json_decref(codes);
	json_decref(sections);
}

json_t *told_message_json(struct told_agent *agent, const struct told_outbox_row *row)
{
	struct told_header *header = NULL;
	json_t *to = json_array();
	if (told_header_decode(row->header, agent->arena, &header) == TOLD_OK)
		for (size_t i = 0; i < header->recipients.count; i++)
			told_json_add(to, told_text_json(header->recipients.items[i]));
	json_t *json = json_pack("{s:o, s:s, s:o, s:s, s:I}", "id", told_id_json(row->id), "type",
				 told_code(TOLD_LIST_TYPE, row->type), "to", to, "state", state_word(row->state),
				 "queued_ms", (json_int_t)row->queued_ms);
	if (json == NULL)
		return NULL;
	if (row->client.len == TOLD_ID_BYTES)
		json_object_set_new(json, "client", told_client_json(row->client));
	if (row->state != TOLD_OUTBOX_WAITING)
		json_object_set_new(json, "entry", json_integer((json_int_t)row->entry));
	if (row->state != TOLD_OUTBOX_ANSWERED)
		add_ruling(agent, row, json);
	return json;
}
