/* SPDX-License-Identifier: Apache-2.0 */
/* Facts: into their table, and folded into who they are about. */
#include "broker/record/room.h"
#include "broker/rule/log_key.h"
#include "broker/rule/register.h"
#include "proto/types.h"

static enum told_status put_fact(struct told_record *record, const struct told_verified *verified, uint64_t index)
{
	const struct told_header *header = told_verified_header(verified);
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_FACT_PUT);
	told_bind_u64(put, 1, record->log_number);
	told_bind_u64(put, 2, index);
	told_bind_u64(put, 3, header->type);
	if (header->type == TOLD_TYPE_ERASURE || header->type == TOLD_TYPE_AUDIT_COPY)
		told_bind_blob(put, 4, told_bytes(NULL, 0)); /* of nobody, and no fact about parties */
	else if (header->client_ref.len == TOLD_ID_BYTES)
		told_bind_blob(put, 4, header->client_ref);
	told_bind_blob(put, 5, told_verified_envelope(verified));
	told_bind_blob(put, 6, told_verified_body(verified)->attachment);
	return told_sql_run(put);
}

/* What a person's facts cannot hold any more is refused like any other wrong message, and forgotten: the facts as they
 * stand are folded anew. */
static enum told_status enter_person(struct told_record *record, const struct told_header *header,
				     struct told_entry entry)
{
	struct told_person *person = NULL;
	if (header->client_ref.len != TOLD_ID_BYTES)
		return TOLD_OK;
	enum told_status status = told_record_known(record, header->client_ref, &person);
	if (status == TOLD_OK)
		status = told_person_apply(person, record->parties, header, entry);
	if (status != TOLD_OK)
		told_people_drop(record->people, header->client_ref.data);
	return status;
}

/* A party that never was one has no flows to copy, and a name that was mistyped would copy nothing. */
static enum told_status copy_may(const struct told_record *record, const struct told_audit_copy_part *part)
{
	const struct told_bytes names[] = {part->party, part->asker};
	struct told_when whole = {.utc_ms = record->when.utc_ms, .log_size = TOLD_WHOLE_LOG};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		uint32_t party = told_party_find(record->parties, names[i]);
		if (names[i].len > 0 && (party == TOLD_PARTY_NONE ||
					 told_directory_party(record->directory, party, whole) == TOLD_PARTY_UNKNOWN))
			return TOLD_E_NOT_FOUND;
	}
	return TOLD_OK;
}

enum told_status told_record_enter(struct told_record *record, const struct told_verified *verified)
{
	const struct told_header *header = told_verified_header(verified);
	struct told_entry entry = {.number = told_position_next(record), .utc_ms = record->when.utc_ms};
	bool party = told_register_cares(header->type), person = told_person_cares(header->type);
	enum told_status status = TOLD_OK;
	if (header->type == TOLD_TYPE_DEPOSIT)
		status = told_deposit_free(record, header->id);
	if (header->type == TOLD_TYPE_ERASURE && header->client_ref.len > 0)
		status = told_may_erase(record, header);
	if (header->flag != NULL && header->client_ref.len == TOLD_ID_BYTES)
		status = told_may_hold(record, header);
	if (header->type == TOLD_TYPE_AUDIT_COPY)
		status = copy_may(record, header->audit_copy);
	if (header->type == TOLD_TYPE_AUDIT_VIEW)
		status = told_look_may(record, header);
	if (status == TOLD_OK)
		status = told_log_key_may(record, header);
	if (status != TOLD_OK || !(party || person))
		return status;
	record->state_changed = true;
	if (party)
		return told_register_apply(record->directory, record->parties, header,
					   told_verified_body(verified)->attachment, entry);
	return enter_person(record, header, entry);
}

enum told_status told_record_fold(struct told_record *record, const struct told_verified *verified, uint64_t index)
{
	const struct told_header *header = told_verified_header(verified);
	unsigned type = header->type;
	bool erasure = type == TOLD_TYPE_ERASURE && header->client_ref.len > 0; /* kept until all holders have it */
	bool grant = type == TOLD_TYPE_GRANT;     /* kept to be passed on with what it opens */
	bool copy = type == TOLD_TYPE_AUDIT_COPY; /* kept so that the log can say for whom it was copied */
	return erasure || grant || copy || told_person_cares(type) || told_register_cares(type)
		       ? put_fact(record, verified, index)
		       : TOLD_OK;
}
