/* SPDX-License-Identifier: Apache-2.0 */
/* Deposited sections and the wraps that open them. A wrap stands only while a ruling would release its section (R6). */
#include "broker/record/room.h"

#include "proto/types.h"

/* The section of a deposit without its wraps: those stand in a table of their own. */
static enum told_status put_row(struct told_record *record, const struct told_verified *verified, uint64_t index)
{
	const struct told_header *header = told_verified_header(verified);
	struct told_sealed_section section = told_verified_body(verified)->sections.items[0];
	section.wraps.count = 0;
	struct told_buf bytes = TOLD_BUF(TOLD_BODY_MAX_BYTES);
	enum told_status status = told_sealed_section_encode(&section, &bytes);
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_DEPOSIT_PUT);
	told_bind_blob(put, 1, header->id);
	told_bind_blob(put, 2, header->client_ref);
	told_bind_text(put, 3, header->sender);
	told_bind_blob(put, 4, header->deposit->deposit_id);
	told_bind_u64(put, 5, header->deposit->version);
	told_bind_u64(put, 6, told_verified_sections(verified)[0]->category);
	told_bind_u64(put, 7, record->log_number);
	told_bind_u64(put, 8, index);
	told_bind_blob(put, 9, told_verified_envelope(verified));
	told_bind_blob(put, 10, told_buf_view(&bytes));
	if (status == TOLD_OK)
		status = told_sql_run(put);
	told_buf_free(&bytes);
	return status;
}

static enum told_status put_wrap(struct told_record *record, struct told_bytes deposit, const struct told_wrap *wrap,
				 uint64_t grant_log, uint64_t grant_index)
{
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_WRAP_PUT);
	told_bind_blob(put, 1, deposit);
	told_bind_text(put, 2, wrap->recipient);
	told_bind_blob(put, 3, wrap->key_id);
	told_bind_blob(put, 4, wrap->enc);
	told_bind_blob(put, 5, wrap->sealed);
	told_bind_u64(put, 6, grant_log);
	told_bind_u64(put, 7, grant_index);
	return told_sql_run(put);
}

/* Whoever deposits for the first time about a person must know what the person allowed and forbade before. */
enum told_status told_deposit_put(struct told_record *record, struct told_arena *arena,
				  const struct told_verified *verified, uint64_t index)
{
	const struct told_header *header = told_verified_header(verified);
	sqlite3_stmt *of = told_sql(&record->store, TOLD_SQL_DEPOSIT_OF);
	told_bind_blob(of, 1, header->client_ref);
	told_bind_text(of, 2, header->sender);
	enum told_status status = told_sql_next(of);
	sqlite3_reset(of);
	if (status == TOLD_E_NOT_FOUND)
		status = told_parcels_catch_up(record, arena, header->sender, header->client_ref);
	return status == TOLD_OK ? put_row(record, verified, index) : status;
}

enum told_status told_grants_put(struct told_record *record, struct told_arena *arena, const struct told_ruling *ruling,
				 uint64_t index)
{
	const struct told_verified *verified = told_ruling_verified(ruling);
	const struct told_header *header = told_verified_header(verified);
	const struct told_body *body = told_verified_body(verified);
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < header->grants.count; i++)
		if (told_ruling_grants(ruling, i))
			status = put_wrap(record, header->grants.items[i].message_id, &body->wraps.items[i],
					  record->log_number, index);
	return status == TOLD_OK ? told_asks_again(record, arena, header) : status;
}

/* ---- the sweep ---- */

struct pair {
	struct told_bytes deposit, recipient;
};
#define PAIRS_AT_ONCE 64u /* as many as the statement gives */

/* The pairs of a deposit and a recipient behind `after`. */
static enum told_status read_pairs(struct told_record *record, struct told_arena *arena, struct told_bytes client,
				   struct pair after, struct pair *pairs, size_t *count)
{
	sqlite3_stmt *rows = told_sql(&record->store, TOLD_SQL_WRAP_PERSON);
	told_bind_blob(rows, 1, client);
	told_bind_blob(rows, 2, after.deposit);
	told_bind_text(rows, 3, after.recipient);
	enum told_status status = TOLD_OK;
	*count = 0;
	while (*count < PAIRS_AT_ONCE && (status = told_sql_next(rows)) == TOLD_OK) {
		pairs[*count].deposit = told_arena_copy(arena, told_column(rows, 0));
		pairs[(*count)++].recipient = told_arena_copy(arena, told_column(rows, 1));
	}
	sqlite3_reset(rows);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status sweep_one(struct told_record *record, struct told_arena *arena, const struct told_table *table,
				  const struct pair *pair)
{
	struct told_deposit_facts deposit;
	struct told_grant_basis basis;
	struct told_bytes client;
	enum told_status status = told_deposit_by_id(record, arena, pair->deposit, &client, &deposit);
	if (status == TOLD_OK)
		status = told_table_grant(table, arena, &deposit, pair->recipient, &basis);
	if (status != TOLD_E_REFUSED)
		return status;
	sqlite3_stmt *gone = told_sql(&record->store, TOLD_SQL_WRAP_DELETE);
	told_bind_blob(gone, 1, pair->deposit);
	told_bind_text(gone, 2, pair->recipient);
	return told_sql_run(gone);
}

enum told_status told_record_sweep(struct told_record *record, struct told_arena *arena, struct told_bytes client,
				   struct told_when when)
{
	struct told_table table = {.directory = record->directory, .parties = record->parties, .when = when};
	struct pair pairs[PAIRS_AT_ONCE], after = {0};
	size_t count = PAIRS_AT_ONCE;
	enum told_status status = told_record_person(record, client, &table.person);
	while (status == TOLD_OK && count == PAIRS_AT_ONCE) {
		status = read_pairs(record, arena, client, after, pairs, &count);
		for (size_t i = 0; status == TOLD_OK && i < count; i++)
			status = sweep_one(record, arena, &table, &pairs[i]);
		if (count > 0)
			after = pairs[count - 1];
	}
	return status;
}

enum told_status told_record_next_wrapped(struct told_record *record, uint8_t client[TOLD_ID_BYTES])
{
	sqlite3_stmt *next = told_sql(&record->store, TOLD_SQL_WRAP_NEXT_PERSON);
	told_bind_blob(next, 1, told_bytes(client, TOLD_ID_BYTES));
	enum told_status status = told_sql_next(next);
	if (status == TOLD_OK)
		status = told_column_fixed(next, 0, client, TOLD_ID_BYTES);
	sqlite3_reset(next);
	return status;
}

enum told_status told_wraps_revoke(struct told_record *record, const struct told_header *header)
{
	const struct told_key_part *key = header->key_record;
	told_hash id;
	told_key_id(key->key.data, &id);
	sqlite3_stmt *gone = told_sql(&record->store, TOLD_SQL_WRAP_KEY_DELETE);
	told_bind_text(gone, 1, header->sender);
	told_bind_blob(gone, 2, told_bytes(id.b, sizeof id.b));
	return told_sql_run(gone);
}
