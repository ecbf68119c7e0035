/* SPDX-License-Identifier: Apache-2.0 */
/* Deposits as rows: the newest of each category, and what a reply holds of them. */
#include "broker/record/room.h"
#include "proto/types.h"

#include <string.h>

/* The facts of one deposit row: its section header decoded from the section's bytes. */
static enum told_status row_facts(sqlite3_stmt *row, struct told_arena *arena, struct told_deposit_facts *out)
{
	struct told_sealed_section *section = NULL;
	struct told_section_header *header = NULL;
	enum told_status status = told_sealed_section_decode(told_column(row, 9), arena, &section);
	if (status == TOLD_OK)
		status = told_section_header_decode(section->header, arena, &header);
	if (status != TOLD_OK)
		return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_E_CORRUPT : status;
	*out = (struct told_deposit_facts){
		.id = told_arena_copy(arena, told_column(row, 0)),
		.originator = told_arena_copy(arena, told_column(row, 2)),
		.section = header,
	};
	return TOLD_OK;
}

enum told_status told_deposit_by_id(void *ctx, struct told_arena *arena, struct told_bytes id,
				    struct told_bytes *client, struct told_deposit_facts *out)
{
	struct told_record *record = ctx;
	sqlite3_stmt *row = told_sql(&record->store, TOLD_SQL_DEPOSIT_GET);
	told_bind_blob(row, 1, id);
	enum told_status status = told_sql_next(row);
	if (status != TOLD_OK)
		return status;
	*client = told_arena_copy(arena, told_column(row, 1));
	status = row_facts(row, arena, out);
	sqlite3_reset(row);
	return status;
}

enum told_status told_deposit_free(struct told_record *record, struct told_bytes id)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_DEPOSIT_GET);
	told_bind_blob(get, 1, id);
	enum told_status status = told_sql_next(get);
	sqlite3_reset(get);
	return status == TOLD_OK ? TOLD_E_EXISTS : status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

#define DEPOSITS_MAX 512u /* newest sections of one person that an ask looks at */

/* The newest version of each deposited section, as rows come by. */
struct newest {
	struct told_deposit_facts *list;
	struct told_bytes *deposit_ids;
	uint64_t *versions;
	size_t count;
};

/* What its originator deposited later under the same deposit id takes the place of the earlier. */
static enum told_status take_newest(struct newest *n, struct told_arena *arena, sqlite3_stmt *row)
{
	struct told_deposit_facts facts;
	struct told_bytes id = told_arena_copy(arena, told_column(row, 3));
	uint64_t version = told_column_u64(row, 4);
	enum told_status status = row_facts(row, arena, &facts);
	if (status != TOLD_OK)
		return status;
	size_t at = 0;
	while (at < n->count && !(told_bytes_equal(n->deposit_ids[at], id) &&
				  told_bytes_equal(n->list[at].originator, facts.originator) &&
				  n->list[at].section->number == facts.section->number))
		at++;
	if (at < n->count && n->versions[at] > version)
		return TOLD_OK;
	n->list[at] = facts;
	n->deposit_ids[at] = id;
	n->versions[at] = version;
	n->count += at == n->count;
	return TOLD_OK;
}

static enum told_status of_person(void *ctx, struct told_arena *arena, struct told_bytes client,
				  struct told_bytes holder, const struct told_deposit_facts **out, size_t *count)
{
	struct told_record *record = ctx;
	struct newest n = {
		.list = told_arena_alloc(arena, DEPOSITS_MAX * sizeof *n.list),
		.deposit_ids = told_arena_alloc(arena, DEPOSITS_MAX * sizeof *n.deposit_ids),
		.versions = told_arena_alloc(arena, DEPOSITS_MAX * sizeof *n.versions),
	};
	if (n.list == NULL || n.deposit_ids == NULL || n.versions == NULL)
		return TOLD_E_MEMORY;
	sqlite3_stmt *rows = told_sql(&record->store, TOLD_SQL_DEPOSIT_PERSON);
	told_bind_blob(rows, 1, client);
	told_bind_text(rows, 2, holder);
	enum told_status status = TOLD_OK;
	while (n.count < DEPOSITS_MAX && status == TOLD_OK && (status = told_sql_next(rows)) == TOLD_OK)
		status = take_newest(&n, arena, rows);
	sqlite3_reset(rows);
	*out = n.list;
	*count = n.count;
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

struct told_deposit_source told_record_deposits(struct told_record *record)
{
	return (struct told_deposit_source){.ctx = record, .of_person = of_person, .by_id = told_deposit_by_id};
}

static enum told_status fact_envelope(struct told_record *record, struct told_arena *arena, uint64_t log,
				      uint64_t index, struct told_bytes *out)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_FACT_AT);
	told_bind_u64(get, 1, log);
	told_bind_u64(get, 2, index);
	enum told_status status = told_sql_next(get);
	if (status == TOLD_OK)
		*out = told_arena_copy(arena, told_column(get, 0));
	sqlite3_reset(get);
	return status == TOLD_E_NOT_FOUND ? TOLD_E_CORRUPT : status;
}

enum told_status told_record_deposit(struct told_record *record, struct told_arena *arena, struct told_bytes id,
				     struct told_bytes recipient, struct told_carried_deposit *out)
{
	memset(out, 0, sizeof *out);
	sqlite3_stmt *wrap = told_sql(&record->store, TOLD_SQL_WRAP_GET);
	told_bind_blob(wrap, 1, id);
	told_bind_text(wrap, 2, recipient);
	enum told_status status = told_sql_next(wrap);
	if (status != TOLD_OK)
		return status;
	out->key_id = told_arena_copy(arena, told_column(wrap, 0));
	out->enc = told_arena_copy(arena, told_column(wrap, 1));
	out->sealed = told_arena_copy(arena, told_column(wrap, 2));
	out->grant = (struct told_place){.log = told_column_u64(wrap, 3), .index = told_column_u64(wrap, 4)};
	sqlite3_reset(wrap);
	sqlite3_stmt *row = told_sql(&record->store, TOLD_SQL_DEPOSIT_GET);
	told_bind_blob(row, 1, id);
	status = told_sql_next(row);
	if (status != TOLD_OK)
		return status;
	out->place = (struct told_place){.log = told_column_u64(row, 6), .index = told_column_u64(row, 7)};
	out->envelope = told_arena_copy(arena, told_column(row, 8));
	out->section = told_arena_copy(arena, told_column(row, 9));
	sqlite3_reset(row);
	return fact_envelope(record, arena, out->grant.log, out->grant.index, &out->grant_envelope);
}

#define REPLY_MAX_BYTES (TOLD_FRAME_MAX_BYTES - 512u * 1024u) /* of deposits; the rest is for grants and proofs */

static enum told_status add_to_reply(struct told_record *record, struct told_bytes id, struct told_bytes asker,
				     struct told_reply *reply)
{
	sqlite3_stmt *size = told_sql(&record->store, TOLD_SQL_WRAP_SIZE);
	told_bind_blob(size, 1, id);
	told_bind_text(size, 2, asker);
	enum told_status status = told_sql_next(size);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK; /* no wrap: released some day, when its originator has granted */
	if (status != TOLD_OK)
		return status;
	size_t bytes = told_column_u64(size, 1);
	uint32_t category = (uint32_t)told_column_u64(size, 0);
	sqlite3_reset(size);
	if (reply->bytes + bytes > REPLY_MAX_BYTES) {
		reply->more = true;
		return TOLD_OK;
	}
	reply->bytes += bytes;
	reply->rows[reply->count].id = id;
	reply->rows[reply->count++].category = category;
	return TOLD_OK;
}

enum told_status told_record_reply(struct told_record *record, struct told_arena *arena,
				   const struct told_ruling *ruling, struct told_bytes asker, struct told_reply *out)
{
	size_t rulings = told_ruling_count(ruling);
	enum told_status status = TOLD_OK;
	*out = (struct told_reply){.rows = told_arena_alloc(arena, rulings * TOLD_SECTIONS_MAX * sizeof *out->rows)};
	if (out->rows == NULL)
		return TOLD_E_MEMORY;
	for (size_t r = 0; status == TOLD_OK && r < rulings; r++) {
		const struct told_decision *decision = told_ruling_decision(ruling, r);
		size_t count = 0;
		const struct told_deposit_facts *deposits = told_ruling_deposits(ruling, r, &count);
		if (decision->effect != TOLD_EFFECT_RELEASE && decision->effect != TOLD_EFFECT_PARTIAL)
			continue;
		for (size_t i = 0; status == TOLD_OK && i < decision->section_count; i++)
			if (decision->sections[i].effect == TOLD_SECTION_EFFECT_RELEASE)
				status = add_to_reply(record, deposits[decision->sections[i].index].id, asker, out);
	}
	return status;
}
