/* SPDX-License-Identifier: Apache-2.0 */
/* What each agency was given of a message, kept for as long as its person's data are: whoever holds a wrong fact is
 * found by it years later, when the message itself is long gone. Numbers of categories, and nothing of the content. */
#include "broker/record/room.h"

#include "told/codes.h"

#include <string.h>

static void add_section(struct told_catset *set, const struct told_section_header *section)
{
	if (section->category != TOLD_CATEGORY_NARR)
		told_catset_add(set, section->category);
	for (size_t i = 0; section->category == TOLD_CATEGORY_NARR && i < section->classified.count; i++)
		told_catset_add(set, section->classified.items[i]);
}

static enum told_status put(struct told_record *record, const struct told_header *header, struct told_bytes recipient,
			    const struct told_catset *set)
{
	uint8_t numbers[TOLD_CATEGORY_COUNT];
	size_t count = 0;
	for (unsigned c = 1; c < TOLD_CATEGORY_COUNT; c++)
		if (told_catset_has(set, c))
			numbers[count++] = (uint8_t)c;
	if (count == 0 || header->client_ref.len != TOLD_ID_BYTES)
		return TOLD_OK;
	sqlite3_stmt *row = told_sql(&record->store, TOLD_SQL_GIVEN_PUT);
	told_bind_text(row, 1, header->sender);
	told_bind_blob(row, 2, header->id);
	told_bind_text(row, 3, recipient);
	told_bind_blob(row, 4, header->client_ref);
	told_bind_blob(row, 5, told_bytes(numbers, count));
	return told_sql_run(row);
}

enum told_status told_given_put(struct told_record *record, const struct told_verified *verified,
				struct told_bytes recipient, const struct told_decision *decision)
{
	struct told_catset set = {0};
	struct told_section_header *const *sections = told_verified_sections(verified);
	for (size_t i = 0; i < decision->section_count; i++)
		if (decision->sections[i].effect == TOLD_SECTION_EFFECT_RELEASE)
			add_section(&set, sections[decision->sections[i].index]);
	return put(record, told_verified_header(verified), recipient, &set);
}

enum told_status told_given_reply(struct told_record *record, struct told_arena *arena, struct told_bytes recipient,
				  const struct told_reply *reply)
{
	struct told_deposit_source deposits = told_record_deposits(record);
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < reply->count; i++) {
		struct told_deposit_facts deposit;
		struct told_header header = {.id = reply->rows[i].id};
		struct told_catset set = {0};
		status = deposits.by_id(record, arena, header.id, &header.client_ref, &deposit);
		if (status != TOLD_OK)
			break;
		header.sender = deposit.originator;
		add_section(&set, deposit.section);
		status = put(record, &header, recipient, &set);
	}
	return status;
}

enum told_status told_given_not(struct told_record *record, const struct told_verified *verified,
				struct told_bytes recipient)
{
	const struct told_header *header = told_verified_header(verified);
	sqlite3_stmt *gone = told_sql(&record->store, TOLD_SQL_GIVEN_NOT);
	told_bind_text(gone, 1, header->sender);
	told_bind_blob(gone, 2, header->id);
	told_bind_text(gone, 3, recipient);
	return told_sql_run(gone);
}

static void read_given(sqlite3_stmt *row, struct told_arena *arena, struct told_given *out)
{
	struct told_bytes released = told_column(row, 1);
	*out = (struct told_given){.party = told_arena_copy(arena, told_column(row, 0))};
	for (size_t i = 0; i < released.len; i++)
		told_catset_add(&out->released, released.data[i]);
}

enum told_status told_record_about(struct told_record *record, struct told_arena *arena,
				   const struct told_header *header, const struct told_about **out)
{
	*out = NULL;
	if (header->type != TOLD_TYPE_CORRECTION)
		return TOLD_OK;
	struct told_about *about = told_arena_alloc(arena, sizeof *about);
	struct told_given *given = told_arena_alloc(arena, TOLD_PARTYSET_MAX * sizeof *given);
	if (about == NULL || given == NULL)
		return TOLD_E_MEMORY;
	sqlite3_stmt *rows = told_sql(&record->store, TOLD_SQL_GIVEN_OF);
	told_bind_text(rows, 1, header->sender);
	told_bind_blob(rows, 2, header->in_reply_to);
	told_bind_blob(rows, 3, header->client_ref);
	told_bind_u64(rows, 4, TOLD_PARTYSET_MAX);
	enum told_status status;
	while ((status = told_sql_next(rows)) == TOLD_OK)
		read_given(rows, arena, &given[about->count++]);
	sqlite3_reset(rows);
	about->given = given;
	*out = about->count > 0 ? about : NULL;
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
