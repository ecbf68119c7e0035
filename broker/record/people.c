/* SPDX-License-Identifier: Apache-2.0 */
/* State in memory: the directory and the people, folded from the fact rows in the order of the log (R5). */
#include "broker/record/room.h"

#include "broker/rule/log_key.h"
#include "broker/rule/register.h"
#include "proto/types.h"

#define FOLD_ARENA_BYTES (4u * 1024u * 1024u)

/* One fact row as it is read back. */
struct fact {
	const struct told_header *header;
	struct told_bytes attachment;
	struct told_entry entry;
};

static enum told_status read_fact(struct told_record *record, sqlite3_stmt *row, struct told_arena *arena,
				  struct fact *fact)
{
	struct told_opened_envelope opened;
	struct told_leaf *leaf = NULL;
	enum told_status status = told_envelope_open(arena, told_arena_copy(arena, told_column(row, 2)), &opened);
	if (status == TOLD_OK)
		status = told_leaf_decode(told_column(row, 4), arena, &leaf);
	if (status != TOLD_OK)
		return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_E_CORRUPT : status;
	fact->header = opened.header;
	fact->attachment = told_arena_copy(arena, told_column(row, 3));
	struct told_place place = {.log = told_column_u64(row, 0), .index = told_column_u64(row, 1)};
	fact->entry = (struct told_entry){.number = told_position(record, place), .utc_ms = (int64_t)leaf->time_ms};
	return TOLD_OK;
}

typedef enum told_status (*fold_fn)(struct told_record *record, void *into, const struct fact *fact);

static enum told_status fold_rows(struct told_record *record, sqlite3_stmt *rows, fold_fn fold, void *into)
{
	struct told_arena *arena = NULL;
	enum told_status status = told_arena_new(FOLD_ARENA_BYTES, &arena);
	while (status == TOLD_OK && (status = told_sql_next(rows)) == TOLD_OK) {
		struct fact fact;
		status = read_fact(record, rows, arena, &fact);
		if (status == TOLD_OK)
			status = fold(record, into, &fact);
		told_arena_reset(arena);
	}
	sqlite3_reset(rows);
	told_arena_free(arena);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* What the directory refused when it was new it refuses again: such a fact has no effect, then or now. */
static enum told_status fold_global(struct told_record *record, void *into, const struct fact *fact)
{
	(void)into;
	enum told_status status =
		told_register_apply(record->directory, record->parties, fact->header, fact->attachment, fact->entry);
	return told_status_class(status) == TOLD_CLASS_PEER || status == TOLD_E_CONFIG ? TOLD_OK : status;
}

/* The operator's key comes from the broker's own folder and is known before the first entry. */
static enum told_status enter_operator(struct told_record *record)
{
	struct told_key_fact fact = {.action = TOLD_KEY_ACTION_ISSUE,
				     .purpose = TOLD_KEY_OPERATOR,
				     .key = record->operator_key,
				     .number = 1};
	enum told_status status = told_party_intern(record->parties, told_text(TOLD_BROKER_PARTY), &fact.party);
	return status == TOLD_OK ? told_directory_apply_key(record->directory, (struct told_entry){0}, &fact) : status;
}

enum told_status told_record_fold_all(struct told_record *record)
{
	told_record_forget_people(record);
	told_directory_free(record->directory);
	record->directory = NULL;
	enum told_status status = TOLD_OK;
	if (record->people == NULL)
		status = told_people_new(TOLD_PEOPLE_BYTES, &record->people);
	if (status == TOLD_OK && record->parties == NULL)
		status = told_parties_new(&record->parties);
	if (status == TOLD_OK)
		status = told_directory_new(&record->directory);
	if (status == TOLD_OK)
		status = enter_operator(record);
	if (status == TOLD_OK)
		status = told_log_key_pin(record->directory, record->parties, record->first_key, 1, false);
	if (status == TOLD_OK)
		status = fold_rows(record, told_sql(&record->store, TOLD_SQL_FACT_GLOBAL), fold_global, NULL);
	record->state_changed = false;
	return status;
}

void told_record_forget_people(struct told_record *record)
{
	if (record->people != NULL)
		told_people_clear(record->people);
}

void told_record_forget_person(struct told_record *record, struct told_bytes client)
{
	if (record->people != NULL && client.len == TOLD_ID_BYTES)
		told_people_drop(record->people, client.data);
}

static enum told_status fold_person(struct told_record *record, void *into, const struct fact *fact)
{
	return told_person_apply(into, record->parties, fact->header, fact->entry);
}

/* Whoever is not in memory is folded from the log. */
enum told_status told_record_known(struct told_record *record, struct told_bytes client, struct told_person **out)
{
	*out = told_people_find(record->people, client.data);
	if (*out != NULL)
		return TOLD_OK;
	struct told_person *person = NULL;
	enum told_status status = told_person_new(client.data, &person);
	sqlite3_stmt *rows = told_sql(&record->store, TOLD_SQL_FACT_PERSON);
	told_bind_blob(rows, 1, client);
	if (status == TOLD_OK)
		status = fold_rows(record, rows, fold_person, person);
	if (status != TOLD_OK) {
		told_person_free(person);
		return status;
	}
	*out = person;
	return told_people_keep(record->people, person);
}

enum told_status told_record_person(struct told_record *record, struct told_bytes client,
				    const struct told_person **out)
{
	struct told_person *person = NULL;
	*out = NULL;
	if (client.len != TOLD_ID_BYTES)
		return TOLD_OK;
	enum told_status status = told_record_known(record, client, &person);
	if (status == TOLD_OK)
		status = told_people_settle(record->people, person, record->parties);
	if (status == TOLD_OK && person->known)
		*out = person;
	return status;
}

/* The secret under which a person's entries are tagged; made when the person becomes known. */
enum told_status told_record_subject(struct told_record *record, struct told_bytes client, bool make,
				     uint8_t key[TOLD_KEY_BYTES])
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_SUBJECT_GET);
	told_bind_blob(get, 1, client);
	enum told_status status = told_sql_next(get);
	if (status == TOLD_OK) {
		status = told_column_fixed(get, 0, key, TOLD_KEY_BYTES);
		sqlite3_reset(get);
		return status;
	}
	if (status != TOLD_E_NOT_FOUND || !make)
		return status;
	status = told_random(key, TOLD_KEY_BYTES);
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_SUBJECT_PUT);
	told_bind_blob(put, 1, client);
	told_bind_blob(put, 2, told_bytes(key, TOLD_KEY_BYTES));
	return status == TOLD_OK ? told_sql_run(put) : status;
}
