/* SPDX-License-Identifier: Apache-2.0 */
/* Who stands in such a relation to a person that an erasure or a hold from there counts (decision 0023). Reads the
 * state and what was deposited and delivered; writes nothing. */
#include "broker/record/room.h"

#include "told/codes.h"

static bool sat_with(const struct told_person *person, uint32_t party)
{
	for (size_t i = 0; i < person->relationship_count; i++)
		if (person->relationships[i].party == party)
			return true;
	for (size_t i = 0; i < person->consent_count; i++)
		if (person->consents[i].taken_by == party)
			return true;
	return false;
}

/* Whether a statement that asks by person and party gives a row. */
static enum told_status has_row(struct told_record *record, enum told_sql which, const struct told_header *header)
{
	sqlite3_stmt *row = told_sql(&record->store, which);
	told_bind_blob(row, 1, header->client_ref);
	told_bind_text(row, 2, header->sender);
	enum told_status status = told_sql_next(row);
	sqlite3_reset(row);
	return status == TOLD_E_NOT_FOUND ? TOLD_E_NOT_ALLOWED : status;
}

enum told_status told_may_erase(struct told_record *record, const struct told_header *header)
{
	const struct told_person *person = NULL;
	enum told_status status = told_record_person(record, header->client_ref, &person);
	if (status != TOLD_OK)
		return status;
	if (person != NULL && sat_with(person, told_party_find(record->parties, header->sender)))
		return TOLD_OK;
	return has_row(record, TOLD_SQL_DEPOSIT_OF, header);
}

enum told_status told_may_hold(struct told_record *record, const struct told_header *header)
{
	if (header->flag->kind != TOLD_FLAG_LEGAL_HOLD || header->flag->state == TOLD_FLAG_STATE_CLEARED)
		return TOLD_OK;
	enum told_status status = told_may_erase(record, header);
	return status == TOLD_E_NOT_ALLOWED ? has_row(record, TOLD_SQL_HOLDER_IS, header) : status;
}
