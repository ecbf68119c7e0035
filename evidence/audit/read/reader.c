/* SPDX-License-Identifier: Apache-2.0 */
/* Reads entries and details side by side. Touches the tables entry and detail only. */
#include "evidence/audit/read/reader.h"

#include "told/proof.h"

/* The leaf and its three parts; decoding takes its input's bound twice (codec.c). */
#define ARENA_BYTES (8 * (TOLD_DECODE_FACTOR * TOLD_LEAF_PART_MAX_BYTES + TOLD_DECODE_EXTRA_BYTES))

/* A part that is there opens only with the salt that the entry commits to. */
static void open_part(struct told_reader *reader, enum told_part which, struct told_bytes commitment)
{
	const struct told_rows *row = &reader->details;
	int at = 1 + 2 * (int)which;
	if (told_rows_null(row, at) || told_rows_null(row, at + 1))
		return;
	struct told_bytes salt = told_rows_bytes(row, at), part = told_rows_bytes(row, at + 1);
	told_hash hash;
	told_hmac(salt, part, &hash);
	reader->state[which] = TOLD_PART_FALSE;
	if (salt.len != TOLD_LEAF_SALT_BYTES || !told_bytes_equal(commitment, told_bytes(hash.b, sizeof hash.b)))
		return;
	reader->state[which] = TOLD_PART_OPEN;
	reader->salt[which] = salt;
	reader->part[which] = part;
}

static const void *decode_part(struct told_reader *reader, enum told_part which, enum told_schema schema)
{
	void *out = NULL;
	bool good = reader->state[which] == TOLD_PART_OPEN &&
		    told_decode(schema, reader->part[which], reader->arena, &out) == TOLD_OK;
	return good ? out : NULL;
}

static void open_parts(struct told_reader *reader)
{
	const struct told_leaf *leaf = reader->leaf;
	open_part(reader, TOLD_PART_FACTS, leaf->facts);
	open_part(reader, TOLD_PART_RULING, leaf->ruling);
	open_part(reader, TOLD_PART_SUBJECT, leaf->subject);
	reader->facts = decode_part(reader, TOLD_PART_FACTS, TOLD_SCHEMA_LEAF_FACTS);
	reader->ruling = decode_part(reader, TOLD_PART_RULING, TOLD_SCHEMA_LEAF_RULING);
	reader->subject = decode_part(reader, TOLD_PART_SUBJECT, TOLD_SCHEMA_LEAF_SUBJECT);
}

static void forget(struct told_reader *reader)
{
	told_arena_reset(reader->arena);
	reader->leaf = NULL;
	reader->facts = NULL;
	reader->ruling = NULL;
	reader->subject = NULL;
	reader->person = reader->worker = told_bytes(NULL, 0);
	for (int i = 0; i < TOLD_PART_COUNT; i++) {
		reader->state[i] = TOLD_PART_GONE;
		reader->salt[i] = reader->part[i] = told_bytes(NULL, 0);
	}
}

static const unsigned bits[TOLD_PART_COUNT] = {TOLD_ENTRY_FACTS, TOLD_ENTRY_RULING, TOLD_ENTRY_SUBJECT};

/* What a copy for audit lacks on purpose, and under which names it speaks of people. */
static enum told_status take_withheld(struct told_reader *reader)
{
	unsigned parts = 0;
	enum told_status status = told_withheld_at(&reader->withheld, reader->index, &parts);
	for (int i = 0; i < TOLD_PART_COUNT; i++)
		if (reader->state[i] == TOLD_PART_GONE && (parts & bits[i]) != 0)
			reader->state[i] = TOLD_PART_WITHHELD;
	if (status == TOLD_OK && parts != 0) {
		reader->person = told_withheld_person(&reader->withheld);
		reader->worker = told_withheld_worker(&reader->withheld);
	}
	return status;
}

bool told_reader_narrow(struct told_reader *reader, struct told_bytes party)
{
	unsigned open = reader->leaf != NULL ? told_leaf_open_to(reader->leaf, party) : 0;
	for (int i = 0; i < TOLD_PART_COUNT; i++) {
		if ((open & bits[i]) != 0 || reader->state[i] == TOLD_PART_GONE)
			continue;
		reader->state[i] = TOLD_PART_WITHHELD;
		reader->salt[i] = reader->part[i] = told_bytes(NULL, 0);
	}
	if ((open & TOLD_ENTRY_FACTS) == 0)
		reader->facts = NULL;
	if ((open & TOLD_ENTRY_RULING) == 0)
		reader->ruling = NULL;
	if ((open & TOLD_ENTRY_SUBJECT) == 0)
		reader->subject = NULL;
	return open != 0;
}

/* Takes up the entry that the rows stand at, and goes on in the details up to it. */
static enum told_status take(struct told_reader *reader)
{
	struct told_leaf *leaf = NULL;
	enum told_status status = TOLD_OK;
	forget(reader);
	reader->there = reader->entries.there;
	if (!reader->there)
		return TOLD_OK;
	reader->index = told_rows_u64(&reader->entries, 0);
	reader->entry = told_rows_bytes(&reader->entries, 1);
	while (status == TOLD_OK && reader->details.there && told_rows_u64(&reader->details, 0) < reader->index)
		status = told_rows_next(&reader->details);
	if (status != TOLD_OK || told_leaf_decode(reader->entry, reader->arena, &leaf) != TOLD_OK)
		return status;
	reader->leaf = leaf;
	if (reader->details.there && told_rows_u64(&reader->details, 0) == reader->index)
		open_parts(reader);
	return take_withheld(reader);
}

enum told_status told_reader_open(struct told_source *source, int64_t log, uint64_t from, struct told_reader *out)
{
	const int64_t args[] = {log, (int64_t)(from & INT64_MAX)};
	*out = (struct told_reader){0};
	enum told_status status = told_arena_new(ARENA_BYTES, &out->arena);
	if (status == TOLD_OK)
		status = told_rows_open(&source->store, TOLD_AUDIT_SQL_ENTRIES, args, 2, &out->entries);
	if (status == TOLD_OK)
		status = told_rows_open(&source->store, TOLD_AUDIT_SQL_DETAILS, args, 2, &out->details);
	if (status == TOLD_OK)
		status = told_withheld_open(&source->store, log, from, &out->withheld);
	return status == TOLD_OK ? take(out) : status;
}

enum told_status told_reader_next(struct told_reader *reader)
{
	enum told_status status = told_rows_next(&reader->entries);
	return status == TOLD_OK ? take(reader) : status;
}

void told_reader_close(struct told_reader *reader)
{
	told_rows_close(&reader->entries);
	told_rows_close(&reader->details);
	told_withheld_close(&reader->withheld);
	told_arena_free(reader->arena);
	*reader = (struct told_reader){0};
}

#define TXID_TIME_BYTES 6

uint64_t told_txid_ms(struct told_bytes txid)
{
	uint64_t ms = 0;
	for (size_t i = 0; i < TXID_TIME_BYTES && i < txid.len; i++)
		ms = ms << 8 | txid.data[i];
	return ms;
}
