/* SPDX-License-Identifier: Apache-2.0 */
/* Rows beside the log that say which entry they belong to: the entry must be there, and be of what they say. A table of
 * statements, each of which gives the first row that is wrong. */
#include "evidence/audit/verify/kept.h"

#include "evidence/audit/read/events.h"

#include <inttypes.h>

#define TODO                                                                                                           \
	"The log itself may be whole, but a row that the broker works with was changed: do not start a broker on "     \
	"this "                                                                                                        \
	"store, compare it with a backup, and find out who wrote to it."

#define ENTRY_OF(table, log, idx)                                                                                      \
	" FROM " table " t LEFT JOIN entry e ON e.log = t." log " AND e.idx = t." idx                                  \
	" LEFT JOIN detail d ON d.log = e.log AND d.idx = e.idx"
#define LACKS(part, what) "instr(" part ", CAST(" what " AS BLOB)) = 0"
#define FIRST(idx)        " ORDER BY t.log, t." idx " LIMIT 1"

static const struct {
	const char *sql, *what;
} checks[] = {
	{"SELECT t.idx" ENTRY_OF("fact", "log", "idx") " WHERE e.idx IS NULL" FIRST("idx"),
	 "a signed message is kept for it, but the entry is not here"},
	{"SELECT t.idx" ENTRY_OF("message", "log", "idx") " WHERE e.idx IS NULL" FIRST("idx"),
	 "a message is kept for it, but the entry is not here"},
	{"SELECT t.idx" ENTRY_OF("deposit", "log", "idx") " WHERE e.idx IS NULL" FIRST("idx"),
	 "a deposit is kept for it, but the entry is not here"},
	{"SELECT t.idx" ENTRY_OF("duplicate", "log", "idx") " WHERE e.idx IS NULL OR " LACKS(
		 "e.data", "t.sender") " OR (length(d.facts) > 0 AND " LACKS("d.facts",
									     "t.header_hash") ")" FIRST("idx"),
	 "the message that it is remembered to have taken is not the one that it records"},
	{"SELECT t.idx" ENTRY_OF("erasure", "log", "idx") " WHERE e.idx IS NULL OR " LACKS("e.data", "t.txid")
		 FIRST("idx"),
	 "the erasure that is written down for it is not the one that it records"},
	{"SELECT t.idx" ENTRY_OF("unheard", "log", "idx") " WHERE e.idx IS NULL" FIRST("idx"),
	 "its sender is to hear of it, but the entry is not here"},
	{"SELECT t.grant_idx" ENTRY_OF("wrap", "grant_log", "grant_idx") " WHERE e.idx IS NULL OR " LACKS(
		 "e.data", "(SELECT originator FROM deposit WHERE id = t.deposit)") " ORDER BY 1 LIMIT 1",
	 "a key is kept that it is said to have granted, and it has not"},
	/* a request to erase (type 42) is forgotten once its parcels are acknowledged (state 3) */
	{"SELECT t.fact_idx FROM parcel t WHERE t.fact_log <> 0 AND (t.state < 3 OR t.type <> 42)"
	 " AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.log = t.fact_log AND f.idx = t.fact_idx) ORDER BY 1 LIMIT 1",
	 "a parcel is to carry the message that it records, and no such message is kept"},
	{"SELECT t.idx FROM detail t WHERE t.client IS NOT NULL AND length(t.subject) > 0 AND t.client IS NOT"
	 " CASE WHEN substr(t.subject, 1, 2) = x'0a10' THEN substr(t.subject, 3, 16) END" FIRST("idx"),
	 "its details are filed under another person than it is about"},
};

/* A store with one of these has all of them; what is not there cannot be compared, and is not passed over. */
static enum told_status check_tables(struct told_source *source, struct told_report *report)
{
	static const char sql[] =
		"WITH needed(name) AS (VALUES ('fact'), ('subject'), ('duplicate'), ('parcel'), ('deposit'), ('wrap'),"
		" ('open_ask'), ('party'), ('timestamp'))"
		" SELECT name FROM needed WHERE name NOT IN (SELECT name FROM sqlite_schema WHERE type = 'table')"
		" AND EXISTS (SELECT 1 FROM sqlite_schema s JOIN needed n ON n.name = s.name WHERE s.type = 'table')";
	struct told_rows row;
	enum told_status status = told_beside_open(&source->store, sql, told_bytes(NULL, 0), NULL, 0, &row);
	if (status == TOLD_OK && row.there) {
		struct told_bytes name = told_rows_bytes(&row, 0);
		told_report_fault(report, TOLD_CLAIM_INTEGRITY, TOLD_NO_ENTRY, TOLD_NO_ENTRY, TODO,
				  "its table %.*s is missing", (int)name.len, (const char *)name.data);
	}
	told_rows_close(&row);
	return status;
}

/* What the store says of itself: whose it is, and the first key of its log. */
static enum told_status check_meta(struct told_source *source, const struct told_policy *policy,
				   struct told_report *report)
{
	struct told_rows row;
	enum told_status status =
		told_beside_open(&source->store, "SELECT key, value FROM meta", told_bytes(NULL, 0), NULL, 0, &row);
	for (; status == TOLD_OK && row.there; status = told_rows_next(&row)) {
		struct told_bytes key = told_rows_bytes(&row, 0), value = told_rows_bytes(&row, 1);
		bool of_key = told_bytes_equal(key, told_text("log_key")), known = false;
		bool of_name = told_bytes_equal(key, told_text("partnership"));
		for (size_t i = 0; i < policy->log_count; i++) {
			struct told_bytes name = policy->keys[i].name;
			known |= of_key && told_bytes_equal(value, told_bytes(policy->keys[i].key, TOLD_KEY_BYTES));
			known |= of_name && name.len > value.len && name.data[value.len] == '/' &&
				 told_bytes_equal(told_bytes(name.data, value.len), value);
		}
		if (!known)
			told_report_fault(report, TOLD_CLAIM_SIGNATURE, TOLD_NO_ENTRY, TOLD_NO_ENTRY, TODO,
					  "what the store says of itself (%.*s) is not what the policy says",
					  (int)key.len, (const char *)key.data);
	}
	told_rows_close(&row);
	return status;
}

enum told_status told_kept_rows_check(struct told_source *source, const struct told_policy *policy,
				      struct told_report *report)
{
	bool whole = !source->tiles && !source->excerpt.there; /* else people stand under other names, and rows lack */
	enum told_status status = whole ? check_tables(source, report) : TOLD_OK;
	if (whole && status == TOLD_OK)
		status = check_meta(source, policy, report);
	for (size_t i = 0; whole && status == TOLD_OK && i < sizeof checks / sizeof checks[0]; i++) {
		struct told_rows row;
		status = told_beside_open(&source->store, checks[i].sql, told_bytes(NULL, 0), NULL, 0, &row);
		uint64_t index = status == TOLD_OK && row.there ? told_rows_u64(&row, 0) : TOLD_NO_ENTRY;
		if (status == TOLD_OK && row.there)
			told_report_fault(report, TOLD_CLAIM_INTEGRITY, index, index, TODO, "entry %" PRIu64 ": %s",
					  index, checks[i].what);
		told_rows_close(&row);
	}
	return status;
}
