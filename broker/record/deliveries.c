/* SPDX-License-Identifier: Apache-2.0 */
/* Deliveries: what a parcel carries, the second ruling written down, what no longer may go; and how far agencies are.
 */
#include "broker/record/room.h"

#include "proto/types.h"
#include "told/codes.h"

#include <string.h>

static enum told_status fact_carried(struct told_record *record, struct told_arena *arena,
				     const struct told_parcel_row *row, const struct told_verified **verified)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_FACT_AT);
	told_bind_u64(get, 1, row->fact.log);
	told_bind_u64(get, 2, row->fact.index);
	enum told_status status = told_sql_next(get);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_E_CORRUPT : status;
	struct told_bytes envelope = told_arena_copy(arena, told_column(get, 0));
	struct told_body body = {.attachment = told_arena_copy(arena, told_column(get, 1))};
	sqlite3_reset(get);
	struct told_buf bytes = TOLD_BUF(TOLD_BODY_MAX_BYTES);
	status = told_body_encode(&body, &bytes);
	if (status == TOLD_OK)
		status = told_verified_again(arena, envelope, told_arena_copy(arena, told_buf_view(&bytes)), verified);
	told_buf_free(&bytes);
	return status;
}

enum told_status told_record_carried(struct told_record *record, struct told_arena *arena,
				     const struct told_parcel_row *row, const struct told_verified **verified,
				     struct told_place *place)
{
	struct told_message_row message;
	*place = row->fact;
	if (row->message == 0)
		return fact_carried(record, arena, row, verified);
	enum told_status status = told_message_get(record, arena, row->message, &message);
	if (status == TOLD_OK) {
		*place = (struct told_place){.log = message.log, .index = message.index};
		status = told_message_open(record, arena, &message, verified);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_E_CORRUPT : status;
}

/* Categories that go: of a message what its one decision releases, of an ask what the reply holds. */
static enum told_status released_of(const struct told_ruling *ruling, const struct told_reply *reply,
				    struct told_arena *arena, struct told_entry_facts *facts)
{
	struct told_catset set = {0};
	struct told_section_header *const *sections = told_verified_sections(told_ruling_verified(ruling));
	const struct told_decision *decision = told_ruling_decision(ruling, 0);
	for (size_t i = 0; reply != NULL && i < reply->count; i++)
		told_catset_add(&set, reply->rows[i].category);
	for (size_t i = 0; reply == NULL && i < decision->section_count; i++)
		if (decision->sections[i].effect == TOLD_SECTION_EFFECT_RELEASE)
			told_catset_add(&set, sections[decision->sections[i].index]->category);
	uint32_t *list = told_arena_alloc(arena, TOLD_CATEGORY_COUNT * sizeof *list);
	if (list == NULL)
		return TOLD_E_MEMORY;
	for (uint32_t c = 1; c < TOLD_CATEGORY_COUNT; c++)
		if (told_catset_has(&set, c))
			list[facts->released.count++] = c;
	facts->released.items = list;
	return TOLD_OK;
}

static bool may_go(const struct told_ruling *ruling)
{
	for (size_t i = 0; i < told_ruling_count(ruling); i++) {
		unsigned effect = told_ruling_decision(ruling, i)->effect;
		if (effect == TOLD_EFFECT_RELEASE || effect == TOLD_EFFECT_PARTIAL)
			return true;
	}
	return false;
}

static bool is_held(const struct told_ruling *ruling)
{
	for (size_t i = 0; i < told_ruling_count(ruling); i++)
		if (told_ruling_decision(ruling, i)->effect == TOLD_EFFECT_HOLD)
			return true;
	return false;
}

static enum told_status txid_of_message(struct told_record *record, uint64_t seq, uint8_t txid[TOLD_ID_BYTES])
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_MESSAGE_TXID);
	told_bind_u64(get, 1, seq);
	enum told_status status = told_sql_next(get);
	if (status == TOLD_OK)
		status = told_column_fixed(get, 0, txid, TOLD_ID_BYTES);
	sqlite3_reset(get);
	return status == TOLD_E_NOT_FOUND ? TOLD_E_CORRUPT : status;
}

/* One txid a message: what became of it later is found by the txid of its first entry. */
static enum told_status txid_of(struct told_record *record, struct told_arena *arena, const struct told_parcel_row *row,
				uint8_t txid[TOLD_ID_BYTES])
{
	struct told_bytes entry;
	struct told_leaf *leaf = NULL;
	if (row->message != 0)
		return txid_of_message(record, row->message, txid);
	enum told_status status = told_record_entry(record, arena, row->fact, &entry);
	if (status == TOLD_OK)
		status = told_leaf_decode(entry, arena, &leaf);
	if (status == TOLD_OK)
		memcpy(txid, leaf->txid.data, TOLD_ID_BYTES);
	return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_E_CORRUPT : status;
}

/* The entry of a delivery, or of what became of it instead. Its receipt is the sender's. */
static enum told_status put_entry(struct told_record *record, struct told_arena *arena,
				  const struct told_parcel_row *row, const struct told_verified *verified,
				  const struct told_ruling *ruling, const struct told_reply *reply, uint32_t phase,
				  const struct told_receipt **out)
{
	struct told_entry_facts facts = {.phase = phase, .recipient = row->recipient, .as_of = record->when.log_size};
	if (ruling != NULL)
		facts.as_of = told_ruling_as_of(ruling);
	struct told_buf bytes = TOLD_BUF(TOLD_LEAF_MAX_BYTES * 4);
	told_entry_facts_of(verified, &facts);
	enum told_status status = txid_of(record, arena, row, facts.txid);
	if (status == TOLD_OK && ruling != NULL)
		status = told_ruling_encode(ruling, record->parties, arena, &bytes);
	if (status == TOLD_OK && ruling != NULL && phase == TOLD_PHASE_DELIVERED) {
		status = released_of(ruling, reply, arena, &facts);
		memcpy(facts.clause, told_ruling_decision(ruling, 0)->clause, sizeof facts.clause);
	}
	facts.ruling = told_arena_copy(arena, told_buf_view(&bytes));
	if (status == TOLD_OK)
		status = told_record_entry_put(record, arena, &facts, out);
	told_buf_free(&bytes);
	return status;
}

/* Whoever was given something is written down with it; who in the end was not, no longer is. */
static enum told_status note_given(struct told_record *record, struct told_arena *arena,
				   const struct told_parcel_row *row, const struct told_verified *verified,
				   const struct told_ruling *ruling, const struct told_reply *reply, bool released)
{
	if (reply != NULL)
		return told_given_reply(record, arena, row->recipient, reply);
	if (ruling == NULL || !told_parcels_carry(ruling))
		return TOLD_OK;
	return released ? told_given_put(record, verified, row->recipient, told_ruling_decision(ruling, 0))
			: told_given_not(record, verified, row->recipient);
}

static bool asks(const struct told_verified *verified)
{
	unsigned type = told_verified_header(verified)->type;
	return type == TOLD_TYPE_ASK || type == TOLD_TYPE_KNOWN;
}

enum told_status told_record_delivered(struct told_record *record, struct told_arena *arena,
				       const struct told_parcel_row *row, const struct told_verified *verified,
				       const struct told_ruling *ruling, const struct told_reply *reply, bool *released,
				       const struct told_receipt **out)
{
	*out = NULL;
	*released = reply != NULL ? reply->count > 0 : ruling == NULL || may_go(ruling);
	if (!*released && is_held(ruling))
		return TOLD_E_BUSY;
	uint32_t phase = *released ? TOLD_PHASE_DELIVERED : TOLD_PHASE_REFUSED;
	enum told_status status = put_entry(record, arena, row, verified, ruling, reply, phase, out);
	if (status == TOLD_OK)
		status = told_parcel_settle(record, row, *released ? TOLD_PARCEL_SENT : TOLD_PARCEL_DROPPED);
	if (status == TOLD_OK)
		status = note_given(record, arena, row, verified, ruling, reply, *released);
	/* Who asks learns nothing, also when what was there for them no longer is. */
	if (asks(verified))
		*out = NULL;
	return status == TOLD_OK && !*released && *out != NULL ? told_unheard_put(record, *out) : status;
}

enum told_status told_record_expire(struct told_record *record, struct told_arena *arena, int64_t now_ms,
				    const struct told_receipt **out)
{
	struct told_parcel_row row;
	const struct told_verified *verified = NULL;
	struct told_place place;
	*out = NULL;
	sqlite3_stmt *due = told_sql(&record->store, TOLD_SQL_PARCEL_DUE);
	told_bind_u64(due, 1, (uint64_t)now_ms);
	enum told_status status = told_sql_next(due);
	if (status != TOLD_OK)
		return status;
	status = told_parcel_read(due, arena, &row);
	sqlite3_reset(due);
	if (status == TOLD_OK)
		status = told_record_carried(record, arena, &row, &verified, &place);
	if (status == TOLD_OK)
		status = put_entry(record, arena, &row, verified, NULL, NULL, TOLD_PHASE_EXPIRED, out);
	if (status == TOLD_OK && asks(verified))
		*out = NULL;
	if (status == TOLD_OK && *out != NULL)
		status = told_unheard_put(record, *out);
	if (status == TOLD_OK && row.message != 0 && row.deliveries == 0)
		status = told_given_not(record, verified, row.recipient);
	return status == TOLD_OK ? told_parcel_settle(record, &row, TOLD_PARCEL_DROPPED) : status;
}

/* The first ask whose time is over: it is open no longer, and nothing waits for its body. */
static enum told_status close_ask(struct told_record *record, int64_t now_ms)
{
	sqlite3_stmt *over = told_sql(&record->store, TOLD_SQL_ASK_OVER);
	told_bind_u64(over, 1, (uint64_t)now_ms);
	enum told_status status = told_sql_next(over);
	if (status != TOLD_OK)
		return status;
	uint64_t seq = told_column_u64(over, 0);
	sqlite3_reset(over);
	sqlite3_stmt *gone = told_sql(&record->store, TOLD_SQL_ASK_DELETE);
	told_bind_u64(gone, 1, seq);
	status = told_sql_run(gone);
	return status == TOLD_OK ? told_message_done(record, seq) : status;
}

/* Rows of what is done and whose time is over, some at a time. The end of the spool stands in the row of its last body.
 */
static enum told_status sweep_rows(struct told_record *record, int64_t now_ms)
{
	uint64_t last_body = 0;
	sqlite3_stmt *end = told_sql(&record->store, TOLD_SQL_BODY_END);
	enum told_status status = told_sql_next(end);
	if (status == TOLD_OK)
		last_body = told_column_u64(end, 2);
	sqlite3_reset(end);
	static const enum told_sql sweeps[] = {TOLD_SQL_PARCEL_SWEEP, TOLD_SQL_MESSAGE_STRIP_OLD,
					       TOLD_SQL_MESSAGE_SWEEP, TOLD_SQL_UNHEARD_SWEEP};
	status = status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	for (size_t i = 0; status == TOLD_OK && i < sizeof sweeps / sizeof sweeps[0]; i++) {
		sqlite3_stmt *sweep = told_sql(&record->store, sweeps[i]);
		told_bind_u64(sweep, 1, (uint64_t)now_ms);
		told_bind_u64(sweep, 2, told_spool_first(record->spool));
		told_bind_u64(sweep, 3, last_body);
		told_bind_u64(sweep, 4, record->message_seq);
		told_bind_u64(sweep, 5, record->parcel_seq);
		status = told_sql_run(sweep);
		record->bodies_left |= sweeps[i] == TOLD_SQL_MESSAGE_STRIP_OLD && sqlite3_changes(record->store.db) > 0;
	}
	record->swept_ms = now_ms;
	return status;
}

enum told_status told_record_forget(struct told_record *record, int64_t now_ms)
{
	sqlite3_stmt *old = told_sql(&record->store, TOLD_SQL_DUPLICATE_SWEEP);
	told_bind_u64(old, 1, (uint64_t)now_ms);
	enum told_status status = told_sql_run(old);
	while (status == TOLD_OK)
		status = close_ask(record, now_ms);
	if (status != TOLD_E_NOT_FOUND)
		return status;
	return now_ms - record->swept_ms < TOLD_MS_SECOND ? TOLD_OK : sweep_rows(record, now_ms);
}

uint64_t told_record_last_parcel(const struct told_record *record)
{
	return record->parcel_seq;
}

/* ---- parties ---- */

enum told_status told_record_party(struct told_record *record, struct told_bytes party, struct told_bytes epoch,
				   uint64_t *confirmed, uint64_t *sender_seq)
{
	*confirmed = *sender_seq = 0;
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_PARTY_GET);
	told_bind_text(get, 1, party);
	enum told_status status = told_sql_next(get);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK;
	if (status == TOLD_OK) {
		*confirmed = told_column_u64(get, 2);
		if (told_bytes_equal(told_column(get, 0), epoch))
			*sender_seq = told_column_u64(get, 1);
	}
	sqlite3_reset(get);
	return status;
}

enum told_status told_record_confirm(struct told_record *record, struct told_bytes party, struct told_bytes epoch,
				     uint64_t confirmed)
{
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_PARTY_PUT);
	told_bind_text(put, 1, party);
	told_bind_blob(put, 2, epoch);
	told_bind_u64(put, 3, 0);
	told_bind_u64(put, 4, confirmed);
	return told_sql_run(put);
}
