/* SPDX-License-Identifier: Apache-2.0 */
/* What a query gave: judged against what was asked, and as JSON. */
#include "agents/view/view.h"

#include "broker/decide/codes.h"
#include "proto/code.h"
#include "proto/leaf.h"
#include "told/codes.h"
#include "told/vocabulary.h"

#define ENTRY_ARENA_BYTES (4u << 20)
#define BROKER_PARTY      "broker"

/* An entry with what of it is open, decoded. */
struct entry {
	struct told_leaf *leaf;
	struct told_leaf_facts *facts;
	struct told_leaf_ruling *ruling;
	struct told_leaf_subject *subject;
};

static enum told_status open_entry(const struct told_viewed_entry *given, struct told_arena *arena, struct entry *out)
{
	told_arena_reset(arena);
	*out = (struct entry){0};
	enum told_status status = told_leaf_decode(given->leaf, arena, &out->leaf);
	if (status == TOLD_OK && given->facts.len > 0)
		status = told_leaf_facts_decode(given->facts, arena, &out->facts);
	if (status == TOLD_OK && given->ruling.len > 0)
		status = told_leaf_ruling_decode(given->ruling, arena, &out->ruling);
	if (status == TOLD_OK && given->subject.len > 0)
		status = told_leaf_subject_decode(given->subject, arena, &out->subject);
	return status;
}

/* ---- judging ---- */

static bool belongs(const struct told_audit_view_part *asked, struct told_bytes asker, const struct entry *e,
		    const struct told_viewed_entry *given)
{
	bool by_operator = told_bytes_equal(asker, told_text(BROKER_PARTY));
	struct told_bytes whose = asked->of.len > 0 ? asked->of : asker;
	if ((by_operator || asked->all != 0) && e->subject != NULL)
		return false;
	if (asked->all != 0)
		return true;
	unsigned open = told_leaf_open_to(e->leaf, whose);
	return open != 0 && (given->ruling.len == 0 || (open & TOLD_ENTRY_RULING) != 0);
}

static bool narrow(const struct told_audit_view_part *asked, const struct entry *e, uint64_t index)
{
	const struct told_leaf *leaf = e->leaf;
	bool with = asked->with.len == 0 || told_bytes_equal(asked->with, leaf->sender) ||
		    told_bytes_equal(asked->with, leaf->recipient);
	return with && index >= asked->from && (asked->type == 0 || asked->type == leaf->type) &&
	       (asked->phase == 0 || asked->phase == leaf->phase) && leaf->time_ms >= asked->since_ms &&
	       (asked->until_ms == 0 || leaf->time_ms < asked->until_ms);
}

enum told_status told_view_check(const struct told_audit_view_part *asked, struct told_bytes asker,
				 const struct told_view_event *view)
{
	struct told_arena *arena = NULL;
	bool beyond = view->count > asked->count || (asked->message.len > 0 && view->count > 1) ||
		      (view->next != 0 && view->next <= asked->from) || view->next > view->size;
	enum told_status status = beyond ? TOLD_E_NOT_FOR_ME : told_arena_new(ENTRY_ARENA_BYTES, &arena);
	for (size_t i = 0; status == TOLD_OK && i < view->count; i++) {
		struct entry e;
		status = open_entry(&view->entries[i], arena, &e);
		if (status != TOLD_OK)
			break;
		bool fits = belongs(asked, asker, &e, &view->entries[i]) && narrow(asked, &e, view->entries[i].index) &&
			    (view->next == 0 || view->entries[i].index < view->next);
		status = fits ? TOLD_OK : TOLD_E_NOT_FOR_ME;
	}
	told_arena_free(arena);
	return status;
}

/* ---- JSON ---- */

static void put_text(json_t *object, const char *name, struct told_bytes text)
{
	if (text.len > 0)
		json_object_set_new(object, name, json_stringn((const char *)text.data, text.len));
}

static void put_hex(json_t *object, const char *name, struct told_bytes bytes)
{
	char hex[2 * TOLD_HASH_BYTES + 1];
	if (bytes.len == 0 || bytes.len > TOLD_HASH_BYTES)
		return;
	told_hex(bytes.data, bytes.len, hex);
	json_object_set_new(object, name, json_string(hex));
}

static void put_client(json_t *object, struct told_bytes client)
{
	char code[TOLD_CODE_TEXT_BYTES];
	if (client.len != TOLD_ID_BYTES)
		return;
	told_code_write(client.data, code);
	json_object_set_new(object, "client", json_string(code));
}

static void put_number(json_t *object, const char *name, uint64_t number)
{
	if (number > 0)
		json_object_set_new(object, name, json_integer((json_int_t)number));
}

static void put_codes(json_t *object, const char *name, enum told_list list, const struct told_u32_list *values)
{
	json_t *codes = values->count > 0 ? json_array() : NULL;
	for (size_t i = 0; codes != NULL && i < values->count; i++)
		json_array_append_new(codes, json_string(told_code(list, values->items[i])));
	if (codes != NULL)
		json_object_set_new(object, name, codes);
}

static void put_ruling(json_t *object, const struct told_leaf_ruling *ruling)
{
	json_t *codes = json_array();
	for (size_t i = 0; i < ruling->recipients.count; i++) {
		const struct told_code_row *row = told_code_row(ruling->recipients.items[i].primary);
		json_array_append_new(codes, json_string(row != NULL ? row->name : "?"));
	}
	if (ruling->status != 0)
		json_array_append_new(codes, json_string(told_status_name((enum told_status)ruling->status)));
	json_object_set_new(object, "codes", codes);
}

/* Who looked at the log: what for, and how much it was given. */
static void put_viewed(json_t *object, const struct told_audit_viewed *viewed)
{
	json_t *out = json_object();
	if (viewed->asked != NULL) {
		json_object_set_new(out, "purpose",
				    json_string(told_code(TOLD_LIST_AUDIT_PURPOSE, viewed->asked->purpose)));
		put_text(out, "of", viewed->asked->of);
		if (viewed->asked->all != 0)
			json_object_set_new(out, "all", json_true());
		put_hex(out, "message", viewed->asked->message);
	}
	json_object_set_new(out, "given", json_integer(viewed->count));
	put_number(out, "order", viewed->order);
	json_object_set_new(object, "looked", out);
}

static json_t *entry_json(const struct entry *e, uint64_t index)
{
	const struct told_leaf *leaf = e->leaf;
	json_t *out = json_pack("{s:I, s:I, s:s}", "entry", (json_int_t)index, "time_ms", (json_int_t)leaf->time_ms,
				"phase", told_phase_word(leaf->phase));
	if (out == NULL)
		return NULL;
	if (leaf->type != 0)
		json_object_set_new(out, "type", json_string(told_code(TOLD_LIST_TYPE, leaf->type)));
	put_text(out, "from", leaf->sender);
	put_text(out, "to", leaf->recipient);
	put_codes(out, "purposes", TOLD_LIST_PURPOSE, &leaf->purposes);
	put_codes(out, "categories", TOLD_LIST_CATEGORY, &leaf->released);
	put_text(out, "agreement", leaf->agreement);
	put_number(out, "version", leaf->agreement_version);
	put_text(out, "clause", leaf->clause);
	put_hex(out, "txid", leaf->txid);
	if (e->ruling != NULL)
		put_ruling(out, e->ruling);
	if (e->subject != NULL)
		put_text(out, "worker", e->subject->worker);
	if (e->subject != NULL)
		put_client(out, e->subject->client_ref);
	if (e->facts != NULL && e->facts->viewed != NULL)
		put_viewed(out, e->facts->viewed);
	return out;
}

static void put_proof(json_t *object, const struct told_view_event *view)
{
	const struct told_viewed_entry *entry = &view->entries[0];
	struct told_buf text = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	struct told_answer_event as_answer = {.index = entry->index,
					      .leaf = entry->leaf,
					      .path = entry->path,
					      .path_count = entry->path_count,
					      .note = view->note};
	told_receipt_format(&as_answer, &text);
	if (text.status == TOLD_OK)
		put_text(object, "proof", told_buf_view(&text));
	told_buf_free(&text);
}

json_t *told_view_json(const struct told_audit_view_part *asked, const struct told_view_event *view)
{
	struct told_arena *arena = NULL;
	json_t *entries = json_array(), *out = NULL;
	enum told_status status = entries == NULL ? TOLD_E_MEMORY : told_arena_new(ENTRY_ARENA_BYTES, &arena);
	for (size_t i = 0; status == TOLD_OK && i < view->count; i++) {
		struct entry e;
		status = open_entry(&view->entries[i], arena, &e);
		if (status == TOLD_OK && json_array_append_new(entries, entry_json(&e, view->entries[i].index)) != 0)
			status = TOLD_E_MEMORY;
	}
	if (status == TOLD_OK)
		out = json_pack("{s:O, s:I, s:I}", "entries", entries, "next", (json_int_t)view->next, "size",
				(json_int_t)view->size);
	if (out != NULL && asked->message.len > 0 && view->count == 1)
		put_proof(out, view);
	told_arena_free(arena);
	json_decref(entries);
	return out;
}
