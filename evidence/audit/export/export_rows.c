/* SPDX-License-Identifier: Apache-2.0 */
/* Entries as lines: JSON with all that the store still opens, and a table for spreadsheets. Touches the stream only. */
#include "evidence/audit/export/export.h"

#include "evidence/audit/base/json.h"
#include "evidence/audit/base/words.h"
#include "proto/leaf.h"
#include "told/codes.h"
#include "told/vocabulary.h"

#include <inttypes.h>
#include <string.h>

/* ---- JSON ---- */

static void codes(struct told_json *json, const char *name, enum told_list list, const struct told_u32_list *values)
{
	if (values->count == 0)
		return;
	told_json_open(json, name, '[');
	for (size_t i = 0; i < values->count; i++)
		told_json_word(json, NULL, told_code(list, values->items[i]));
	told_json_close(json, ']');
}

static void numbers(struct told_json *json, const char *name, const struct told_u32_list *values)
{
	if (values->count == 0)
		return;
	told_json_open(json, name, '[');
	for (size_t i = 0; i < values->count; i++)
		told_json_number(json, NULL, values->items[i]);
	told_json_close(json, ']');
}

static void hexes(struct told_json *json, const char *name, const struct told_bytes_list *values)
{
	if (values->count == 0)
		return;
	told_json_open(json, name, '[');
	for (size_t i = 0; i < values->count; i++)
		told_json_hex(json, NULL, values->items[i]);
	told_json_close(json, ']');
}

static void put_facts(struct told_json *json, const struct told_leaf_facts *facts)
{
	told_json_hex_if(json, "header_hash", facts->header_hash);
	hexes(json, "section_digests", &facts->section_digests);
	told_json_hex_if(json, "other_hash", facts->other_hash);
	told_json_number_if(json, "busy", facts->busy);
	told_json_number_if(json, "dropped", facts->dropped);
	told_json_text_if(json, "authority", facts->authority);
	told_json_text_if(json, "reason", facts->reason);
	hexes(json, "txids", &facts->txids);
	told_json_text_if(json, "old_origin", facts->old_origin);
	told_json_number_if(json, "old_size", facts->old_size);
	told_json_hex_if(json, "old_root", facts->old_root);
	told_json_number_if(json, "size_restored", facts->size_restored);
	told_json_number_if(json, "size_bytes", facts->size_bytes);
	told_json_hex_if(json, "token", facts->token);
	told_json_number_if(json, "token_size", facts->token_size);
}

static const char *effect_word(uint32_t effect)
{
	static const char *const words[] = {"?", "release", "partial", "hold", "deny", "reject"};
	return words[effect <= TOLD_EFFECT_REJECT ? effect : 0];
}

static const char *section_word(uint32_t effect)
{
	static const char *const words[] = {"?", "release", "withhold", "hold"};
	return words[effect <= TOLD_SECTION_EFFECT_HOLD ? effect : 0];
}

static void put_section(struct told_json *json, const struct told_leaf_section_ruling *section)
{
	told_json_open(json, NULL, '{');
	told_json_number(json, "number", section->number);
	told_json_word(json, "category", told_code(TOLD_LIST_CATEGORY, section->category));
	told_json_word(json, "effect", section_word(section->effect));
	told_json_number_if(json, "code", section->code);
	told_json_text_if(json, "clause", section->clause);
	told_json_hex_if(json, "consent_id", section->consent_id);
	told_json_close(json, '}');
}

static void put_recipient(struct told_json *json, const struct told_leaf_recipient_ruling *ruling)
{
	told_json_open(json, NULL, '{');
	told_json_text(json, "recipient", ruling->recipient);
	told_json_word(json, "effect", effect_word(ruling->effect));
	told_json_number_if(json, "primary", ruling->primary);
	numbers(json, "codes", &ruling->codes);
	told_json_text_if(json, "agreement", ruling->agreement);
	told_json_number_if(json, "agreement_version", ruling->agreement_version);
	told_json_text_if(json, "clause", ruling->clause);
	told_json_open(json, "sections", '[');
	for (size_t i = 0; i < ruling->sections.count; i++)
		put_section(json, &ruling->sections.items[i]);
	told_json_close(json, ']');
	told_json_hex_if(json, "input_sha256", ruling->input_sha256);
	told_json_close(json, '}');
}

static void put_ruling(struct told_json *json, const struct told_leaf_ruling *ruling)
{
	told_json_number_if(json, "status", ruling->status);
	told_json_open(json, "recipients", '[');
	for (size_t i = 0; i < ruling->recipients.count; i++)
		put_recipient(json, &ruling->recipients.items[i]);
	told_json_close(json, ']');
}

static const char *state_word(enum told_part_state state)
{
	static const char *const words[] = {[TOLD_PART_GONE] = "gone",
					    [TOLD_PART_FALSE] = "not what the entry commits to",
					    [TOLD_PART_OPEN] = "open",
					    [TOLD_PART_WITHHELD] = "withheld"};
	return words[state];
}

static void put_parts(struct told_json *json, const struct told_reader *entry)
{
	static const char *const names[TOLD_PART_COUNT] = {"facts", "ruling", "subject"};
	for (int i = 0; i < TOLD_PART_COUNT; i++) {
		told_json_open(json, names[i], '{');
		told_json_word(json, "part", state_word(entry->state[i]));
		if (i == TOLD_PART_FACTS && entry->facts != NULL)
			put_facts(json, entry->facts);
		if (i == TOLD_PART_RULING && entry->ruling != NULL)
			put_ruling(json, entry->ruling);
		if (i == TOLD_PART_SUBJECT && entry->subject != NULL) {
			told_json_hex_if(json, "client_ref", entry->subject->client_ref);
			told_json_text_if(json, "worker", entry->subject->worker);
		}
		if (i == TOLD_PART_SUBJECT) {
			told_json_hex_if(json, "person", entry->person);
			told_json_hex_if(json, "worker_name", entry->worker);
		}
		told_json_hex_if(json, "salt", entry->salt[i]);
		if (entry->state[i] == TOLD_PART_OPEN)
			told_json_base64(json, "bytes", entry->part[i]);
		told_json_close(json, '}');
	}
}

static void put_leaf(struct told_json *json, const struct told_leaf *leaf)
{
	char when[TOLD_TIME_BYTES];
	told_time_format(leaf->time_ms, when);
	told_json_word(json, "time", when);
	told_json_number(json, "time_ms", leaf->time_ms);
	told_json_word(json, "phase", told_phase_word(leaf->phase));
	if (leaf->type != 0)
		told_json_word(json, "type", told_code(TOLD_LIST_TYPE, leaf->type));
	told_json_hex(json, "txid", leaf->txid);
	told_json_text_if(json, "sender", leaf->sender);
	told_json_number_if(json, "sender_seq", leaf->sender_seq);
	told_json_hex_if(json, "signer_key_id", leaf->signer_key_id);
	told_json_text_if(json, "recipient", leaf->recipient);
	told_json_text_if(json, "agreement", leaf->agreement);
	told_json_number_if(json, "agreement_version", leaf->agreement_version);
	codes(json, "purposes", TOLD_LIST_PURPOSE, &leaf->purposes);
	told_json_text_if(json, "clause", leaf->clause);
	codes(json, "released", TOLD_LIST_CATEGORY, &leaf->released);
	told_json_number(json, "as_of", leaf->as_of);
	told_json_hex_if(json, "subject_tag", leaf->subject_tag);
}

void told_export_jsonl_entry(struct told_export *export, const struct told_reader *entry)
{
	struct told_json json = {.out = export->out};
	told_json_open(&json, NULL, '{');
	told_json_number(&json, "log", (uint64_t) export->log);
	told_json_number(&json, "index", entry->index);
	if (entry->leaf != NULL) {
		put_leaf(&json, entry->leaf);
		put_parts(&json, entry);
	}
	told_json_base64(&json, "leaf", entry->entry);
	told_json_close(&json, '}');
	fputc('\n', export->out);
}

/* ---- CSV (RFC 4180) ---- */

/* A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
static void cell(FILE *out, struct told_bytes text)
{
	bool utf8 = told_utf8_valid(text);
	fputs(text.len > 0 && strchr("=+-@", text.data[0]) != NULL ? "\"'" : "\"", out);
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];
		if (c == '"')
			fputc('"', out);
		fputc(c < 0x20 || c == 0x7f || (c >= 0x80 && !utf8) ? '?' : c, out);
	}
	fputs("\",", out);
}

static void code_cell(FILE *out, enum told_list list, const struct told_u32_list *values)
{
	fputc('"', out);
	for (size_t i = 0; i < values->count; i++)
		fprintf(out, "%s%s", i > 0 ? " " : "", told_code(list, values->items[i]));
	fputs("\",", out);
}

static void number_cell(FILE *out, uint64_t value)
{
	if (value != 0)
		fprintf(out, "%" PRIu64, value);
	fputc(',', out);
}

void told_export_csv_head(struct told_export *export)
{
	fputs("log,index,time,phase,type,sender,sender_seq,recipient,agreement,agreement_version,purposes,clause,"
	      "released,"
	      "as_of,txid,facts,ruling,subject\r\n",
	      export->out);
}

void told_export_csv_entry(struct told_export *export, const struct told_reader *entry)
{
	static const struct told_leaf none;
	const struct told_leaf *leaf = entry->leaf != NULL ? entry->leaf : &none;
	FILE *out = export->out;
	char when[TOLD_TIME_BYTES], txid[2 * TOLD_ID_BYTES + 1];
	told_time_format(leaf->time_ms, when);
	told_hex(leaf->txid.data, leaf->txid.len < TOLD_ID_BYTES ? leaf->txid.len : TOLD_ID_BYTES, txid);
	fprintf(out, "%" PRId64 ",%" PRIu64 ",%s,%s,%s,", export->log, entry->index, when, told_phase_word(leaf->phase),
		leaf->type != 0 ? told_code(TOLD_LIST_TYPE, leaf->type) : "");
	cell(out, leaf->sender);
	number_cell(out, leaf->sender_seq);
	cell(out, leaf->recipient);
	cell(out, leaf->agreement);
	number_cell(out, leaf->agreement_version);
	code_cell(out, TOLD_LIST_PURPOSE, &leaf->purposes);
	cell(out, leaf->clause);
	code_cell(out, TOLD_LIST_CATEGORY, &leaf->released);
	fprintf(out, "%" PRIu64 ",%s,%s,%s,%s\r\n", leaf->as_of, txid, state_word(entry->state[TOLD_PART_FACTS]),
		state_word(entry->state[TOLD_PART_RULING]), state_word(entry->state[TOLD_PART_SUBJECT]));
}
