/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of a message that went without some of its keys: the sections, sealed in the vault, until it is known
 * whether they are owed. They go with the person. */
#include "agents/agent/work/rest.h"

#include "broker/agree/index.h"
#include "proto/leaf.h"
#include "told/proof.h"

#include <stdlib.h>
#include <string.h>

#define FIXED_BYTES (TOLD_ID_BYTES + 3 * 4u + TOLD_REST_KEYS_MAX * TOLD_HASH_BYTES)

/* A section's own number: of the message's and its place. */
static void number(struct told_bytes message, uint32_t place, uint8_t id[TOLD_ID_BYTES])
{
	uint8_t bytes[TOLD_ID_BYTES + 4];
	told_hash hash;
	memcpy(bytes, message.data, TOLD_ID_BYTES);
	for (size_t i = 0; i < 4; i++)
		bytes[TOLD_ID_BYTES + i] = (uint8_t)(place >> (24 - 8 * i));
	told_sha256(told_bytes(bytes, sizeof bytes), &hash);
	memcpy(id, hash.b, TOLD_ID_BYTES);
}

static enum told_status put(struct told_agent *agent, const struct told_rest *rest)
{
	struct told_buf doc = TOLD_BUF(TOLD_STORY_MAX_BYTES + TOLD_SECTION_HEADER_MAX_BYTES + FIXED_BYTES);
	struct told_bytes header;
	enum told_status status = told_agent_encode(agent, TOLD_SCHEMA_SECTION_HEADER, rest->header, &header);
	told_buf_put_bytes(&doc, rest->message);
	told_buf_put_u32(&doc, (uint32_t)header.len);
	told_buf_put_bytes(&doc, header);
	if (rest->state == TOLD_REST_CONTACT) {
		told_buf_put_u32(&doc, (uint32_t)rest->keys.len);
		told_buf_put_bytes(&doc, rest->keys);
	}
	told_buf_put_bytes(&doc, rest->content);
	if (status == TOLD_OK)
		status = doc.status;
	struct told_kept_row row = {.kind = TOLD_REST_KIND,
				    .id = rest->id,
				    .client = rest->client,
				    .state = rest->state,
				    .doc = told_buf_view(&doc)};
	if (status == TOLD_OK)
		status = told_kept_put(agent->vault, &row);
	told_buf_free(&doc);
	return status;
}

/* What of a message is kept, and as what. */
struct keeping {
	const struct told_header *header;
	const struct told_plain_section *sections;
	size_t count;
	uint64_t bits;
	enum told_rest_state state;
	struct told_bytes keys;
};

static enum told_status keep(struct told_agent *agent, const struct keeping *k)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < k->count && i < 64; i++) {
		uint8_t id[TOLD_ID_BYTES];
		struct told_section_header section = k->sections[i].header;
		if ((k->bits >> i & 1) == 0)
			continue;
		number(k->header->id, section.number, id);
		status = put(agent, &(struct told_rest){.state = k->state,
							.id = told_bytes(id, sizeof id),
							.message = k->header->id,
							.client = k->header->client_ref,
							.header = &section,
							.content = k->sections[i].content,
							.keys = k->keys});
	}
	if (status != TOLD_E_LIMIT)
		return status;
	told_log(&agent->log, TOLD_LOG_WARNING, "agent.rest_too_large",
		 TOLD_LOG_HEX("id", k->header->id.data, TOLD_ID_BYTES));
	return TOLD_OK;
}

enum told_status told_rest_keep(struct told_agent *agent, const struct told_header *header,
				const struct told_plain_section *sections, size_t count, uint64_t bits)
{
	struct keeping k = {header, sections, count, bits, TOLD_REST_UNSURE, {0}};
	return keep(agent, &k);
}

enum told_status told_rest_keep_contact(struct told_agent *agent, const struct told_header *header,
					const struct told_plain_section *sections, size_t count, uint64_t bits,
					struct told_bytes keys)
{
	struct keeping k = {header, sections, count, bits, TOLD_REST_CONTACT, keys};
	return keep(agent, &k);
}

/* The key ids stand before the content. */
static enum told_status read_keys(struct told_rest *out)
{
	struct told_bytes rest = out->content;
	size_t len = rest.len < 4 ? SIZE_MAX : told_u32(rest.data);
	if (len > TOLD_REST_KEYS_MAX * TOLD_HASH_BYTES || len % TOLD_HASH_BYTES != 0 || len > rest.len - 4)
		return TOLD_E_CORRUPT;
	out->keys = told_bytes(rest.data + 4, len);
	out->content = told_bytes(rest.data + 4 + len, rest.len - 4 - len);
	return TOLD_OK;
}

static enum told_status read_doc(struct told_agent *agent, struct told_bytes doc, struct told_rest *out)
{
	if (doc.len < TOLD_ID_BYTES + 4)
		return TOLD_E_CORRUPT;
	size_t len = told_u32(doc.data + TOLD_ID_BYTES), at = TOLD_ID_BYTES + 4;
	if (len > doc.len - at)
		return TOLD_E_CORRUPT;
	out->message = told_bytes(doc.data, TOLD_ID_BYTES);
	out->content = told_bytes(doc.data + at + len, doc.len - at - len);
	enum told_status status =
		told_section_header_decode(told_bytes(doc.data + at, len), agent->arena, &out->header);
	if (status == TOLD_OK && out->state == TOLD_REST_CONTACT)
		status = read_keys(out);
	return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_E_CORRUPT : status;
}

enum told_status told_rest_next(struct told_agent *agent, struct told_bytes client, uint64_t after,
				struct told_rest *out)
{
	struct told_kept_row row;
	enum told_status status =
		told_kept_next(agent->vault, agent->arena, TOLD_REST_KIND, TOLD_KEPT_CLIENT, client, 0, after, &row);
	if (status != TOLD_OK)
		return status;
	*out = (struct told_rest){.seq = row.seq, .state = row.state, .id = row.id, .client = row.client};
	return read_doc(agent, row.doc, out);
}

enum told_status told_rest_drop(struct told_agent *agent, const struct told_rest *rest)
{
	return told_kept_drop(agent->vault, TOLD_REST_KIND, rest->id);
}

/* ---- what the log said ---- */

static bool released(const struct told_leaf_ruling *ruling, uint32_t section)
{
	for (size_t i = 0; ruling != NULL && i < ruling->recipients.count; i++) {
		const struct told_leaf_section_ruling_list *list = &ruling->recipients.items[i].sections;
		for (size_t j = 0; j < list->count; j++)
			if (list->items[j].number == section && list->items[j].effect == TOLD_SECTION_EFFECT_RELEASE)
				return true;
	}
	return false;
}

static enum told_status settle(struct told_agent *agent, struct told_rest *rest, const struct told_leaf_ruling *ruling)
{
	if (!released(ruling, rest->header->number))
		return told_rest_drop(agent, rest);
	if (rest->state == TOLD_REST_CONTACT)
		return TOLD_OK;
	rest->state = TOLD_REST_OWED;
	told_agent_touch(agent, rest->client);
	return put(agent, rest);
}

enum told_status told_rest_ruled(struct told_agent *agent, const struct told_outbox_row *row)
{
	struct told_leaf_ruling *ruling = NULL;
	struct told_rest rest = {0};
	if (row->state == TOLD_OUTBOX_HELD || row->client.len != TOLD_ID_BYTES)
		return TOLD_OK;
	bool went = row->state == TOLD_OUTBOX_ACCEPTED && row->ruling.len > 0;
	enum told_status status = went ? told_leaf_ruling_decode(row->ruling, agent->arena, &ruling) : TOLD_OK;
	if (told_status_class(status) == TOLD_CLASS_PEER)
		status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_rest_next(agent, row->client, rest.seq, &rest);
		if (status == TOLD_OK && rest.state != TOLD_REST_OWED && told_bytes_equal(rest.message, row->id))
			status = settle(agent, &rest, ruling);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static struct told_rest_debt *debt_of(struct told_rest_debts *debts, struct told_bytes message)
{
	for (size_t i = 0; i < debts->count; i++)
		if (told_bytes_equal(told_bytes(debts->items[i].message, TOLD_ID_BYTES), message))
			return &debts->items[i];
	struct told_rest_debt *room =
		told_list_room(debts->items, debts->count, &debts->cap, sizeof *room, TOLD_REST_DEBTS_MAX);
	if (room == NULL)
		return NULL;
	debts->items = room;
	room += debts->count++;
	*room = (struct told_rest_debt){.sections = 0};
	memcpy(room->message, message.data, TOLD_ID_BYTES);
	return room;
}

enum told_status told_rest_debts(struct told_agent *agent, struct told_rest_debts *out)
{
	struct told_kept_row row = {0};
	enum told_status status = TOLD_OK;
	*out = (struct told_rest_debts){.items = NULL};
	while (status == TOLD_OK) {
		status = told_kept_next(agent->vault, agent->arena, TOLD_REST_KIND, TOLD_KEPT_STATE,
					told_bytes(NULL, 0), TOLD_REST_OWED, row.seq, &row);
		if (status != TOLD_OK)
			break;
		struct told_rest_debt *debt =
			row.doc.len < TOLD_ID_BYTES ? NULL : debt_of(out, told_bytes(row.doc.data, TOLD_ID_BYTES));
		if (debt != NULL)
			debt->sections++;
		else
			status = row.doc.len < TOLD_ID_BYTES ? TOLD_E_CORRUPT : TOLD_E_MEMORY;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

size_t told_rest_owed(const struct told_rest_debts *debts, struct told_bytes message)
{
	for (size_t i = 0; i < debts->count; i++)
		if (told_bytes_equal(told_bytes(debts->items[i].message, TOLD_ID_BYTES), message))
			return debts->items[i].sections;
	return 0;
}

void told_rest_debts_free(struct told_rest_debts *debts)
{
	free(debts->items);
	*debts = (struct told_rest_debts){.items = NULL};
}

static enum told_status touch(struct told_agent *agent, enum told_rest_state state)
{
	struct told_kept_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && agent->dirty_count < TOLD_AGENT_DIRTY_MAX) {
		told_arena_reset(agent->arena);
		status = told_kept_next(agent->vault, agent->arena, TOLD_REST_KIND, TOLD_KEPT_STATE,
					told_bytes(NULL, 0), state, row.seq, &row);
		if (status == TOLD_OK)
			told_agent_touch(agent, row.client);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

enum told_status told_rest_touch(struct told_agent *agent)
{
	enum told_status status = touch(agent, TOLD_REST_OWED);
	return status == TOLD_OK ? touch(agent, TOLD_REST_CONTACT) : status;
}
