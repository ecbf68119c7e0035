/* SPDX-License-Identifier: Apache-2.0 */
/* Compares what each token says that it stamped with the checkpoint of its row, and checks that it is as its signer
 * made it. Touches the tables timestamp and checkpoint only. */
#include "evidence/audit/verify/stamps.h"

#include "evidence/audit/read/events.h"
#include "evidence/timestamp.h"

#include <inttypes.h>

#define TODO                                                                                                           \
	"The log may be whole, but this token (or the checkpoint that it was filed with) was changed, added or "       \
	"moved: "                                                                                                      \
	"compare with a backup, and find out who wrote to the store."

/* What is wrong with a row; NULL: nothing. */
static const char *wrong(const struct told_rows *row)
{
	told_hash stamped, ours;
	uint64_t time_ms = 0;
	if (told_rows_null(row, 1))
		return "there is no checkpoint of that size in its log";
	enum told_status status = told_timestamp_read(told_rows_bytes(row, 2), &stamped, &time_ms);
	if (status == TOLD_E_REFUSED)
		return "the authority granted nothing";
	if (status != TOLD_OK)
		return "it is no token (RFC 3161)";
	told_sha256(told_rows_bytes(row, 1), &ours);
	if (!told_hash_equal(&stamped, &ours))
		return "it stamps something else than this checkpoint";
	status = told_timestamp_intact(told_rows_bytes(row, 2), told_rows_bytes(row, 1));
	return status == TOLD_OK ? NULL : "it is not as its signer made it";
}

enum told_status told_stamps_check(struct told_source *source, struct told_report *report)
{
	static const char sql[] = "SELECT t.size, c.note, t.token FROM timestamp t LEFT JOIN checkpoint c"
				  " ON c.log = t.log AND c.size = t.size ORDER BY t.log, t.size";
	struct told_rows row;
	enum told_status status = told_beside_open(&source->store, sql, told_bytes(NULL, 0), NULL, 0, &row);
	for (; status == TOLD_OK && row.there; status = told_rows_next(&row)) {
		uint64_t size = told_rows_u64(&row, 0), last = size > 0 ? size - 1 : 0;
		const char *what = wrong(&row);
		report->stamps += what == NULL;
		if (what != NULL)
			told_report_fault(report, TOLD_CLAIM_INTEGRITY, last, last, TODO,
					  "the timestamp of the checkpoint of size %" PRIu64 ": %s", size, what);
	}
	told_rows_close(&row);
	return status;
}
