/* SPDX-License-Identifier: Apache-2.0 */
/* A request to a holder that is over: the holder was told, or there is nobody to tell. */
#include "broker/record/room.h"

enum told_status told_erase_request_done(struct told_record *record, uint64_t log, uint64_t index)
{
	sqlite3_stmt *gone = told_sql(&record->store, TOLD_SQL_ERASE_REQUEST_DONE);
	told_bind_u64(gone, 1, log);
	told_bind_u64(gone, 2, index);
	enum told_status status = told_sql_run(gone);
	if (status == TOLD_OK && sqlite3_changes(record->store.db) > 0)
		record->truncated = false;
	return status;
}

enum told_status told_erase_told(struct told_record *record, const struct told_parcel_row *row)
{
	return told_erase_request_done(record, row->fact.log, row->fact.index);
}
