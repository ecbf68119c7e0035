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
/* An empty value stands in every other, and NULL in none that SQL would say so of. */
#define LACKS(part, what) "(ifnull(length(" what "), 0) = 0 OR ifnull(instr(" part ", CAST(" what " AS BLOB)), 0) = 0)"
#define FIRST(idx)        " ORDER BY t.log, t." idx " LIMIT 1"

static const struct {
	const char *sql, *what;
} checks[] = {
	{"SELECT t.idx FROM (SELECT log, idx FROM fact UNION ALL SELECT log, idx FROM message UNION ALL"
	 " SELECT log, idx FROM deposit) t LEFT JOIN entry e ON e.log = t.log AND e.idx = t.idx WHERE e.idx IS "
	 "NULL" FIRST("idx"),
	 "a signed message is kept for it, but the entry is not here"},
	{"SELECT t.idx" ENTRY_OF("duplicate", "log", "idx") " WHERE e.idx IS NULL OR " LACKS(
		 "e.data", "t.sender") " OR (length(d.facts) > 0 AND " LACKS("d.facts",
									     "t.header_hash") ")" FIRST("idx"),
	 "the message that it is remembered to have taken is not the one that it records"},
	{"SELECT t.idx" ENTRY_OF("erasure", "log", "idx") " WHERE e.idx IS NULL OR " LACKS("e.data", "t.txid")
		 FIRST("idx"),
	 "the erasure that is written down for it is not the one that it records"},
	{"SELECT t.idx" ENTRY_OF("unheard", "log", "idx") " WHERE e.idx IS NULL" FIRST("idx"),
	 "its sender is to hear of it, but the entry is not here"},
	/* a request to erase (type 42) is forgotten once its parcels are acknowledged (state 3) */
	{"SELECT t.fact_idx FROM parcel t WHERE t.fact_log <> 0 AND (t.state < 3 OR t.type <> 42)"
	 " AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.log = t.fact_log AND f.idx = t.fact_idx) ORDER BY 1 LIMIT 1",
	 "a parcel is to carry the message that it records, and no such message is kept"},
	{"SELECT t.fact_idx FROM parcel t WHERE (t.message <> 0) IS (t.fact_log <> 0) OR t.message IS NULL OR"
	 " t.fact_log IS NULL LIMIT 1",
	 "a parcel is to carry it and a message besides, or nothing"},
	{"SELECT 0 FROM parcel t WHERE t.message <> 0 AND t.state < 3"
	 " AND NOT EXISTS (SELECT 1 FROM message m WHERE m.seq = t.message) LIMIT 1",
	 "a parcel is to carry a message that is not kept"},
	{"SELECT t.idx FROM detail t WHERE length(t.subject) > 0 AND t.client IS NOT"
	 " CASE WHEN substr(t.subject, 1, 2) = x'0a10' THEN substr(t.subject, 3, 16) END" FIRST("idx"),
	 "its details are filed under another person than it is about"},
};

/* A store with one of these has all of them; what is not there cannot be compared, and is not passed over. */
static enum told_status check_tables(struct told_source *source, struct told_report *report)
{
	static const char sql[] =
		"WITH needed(name) AS (VALUES ('meta'), ('fact'), ('subject'), ('duplicate'), ('parcel'), ('deposit'), "
		"('wrap'),"
		" ('open_ask'), ('party'), ('timestamp'))"
		" SELECT name FROM needed WHERE name NOT IN (SELECT name FROM sqlite_schema WHERE type = 'table')"
		" AND EXISTS (SELECT 1 FROM sqlite_schema s JOIN needed n ON n.name = s.name WHERE s.type = 'table'"
		" AND s.name <> 'meta')";
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

/* What the store says of itself, as the policy says it of one of its logs. */
static bool is_partnership(const struct told_vkey *vkey, struct told_bytes value)
{
	struct told_bytes name = vkey->name;
	return name.len > value.len && name.data[value.len] == '/' &&
	       told_bytes_equal(told_bytes(name.data, value.len), value);
}

static bool is_log_key(const struct told_vkey *vkey, struct told_bytes value)
{
	return told_bytes_equal(value, told_bytes(vkey->key, TOLD_KEY_BYTES));
}

static const struct {
	const char *key;
	bool (*is)(const struct told_vkey *vkey, struct told_bytes value);
} said[] = {{"partnership", is_partnership}, {"log_key", is_log_key}};

/* Whose store it is, and the first key of its log: both stand there from the first start of the broker on. */
static enum told_status check_said(struct told_source *source, const struct told_policy *policy, size_t which,
				   struct told_report *report)
{
	struct told_rows row;
	bool known = false;
	enum told_status status =
		told_beside_open(&source->store, "SELECT value FROM meta WHERE key = CAST(?1 AS TEXT)",
				 told_text(said[which].key), NULL, 0, &row);
	for (size_t i = 0; status == TOLD_OK && row.there && i < policy->log_count; i++)
		known |= said[which].is(&policy->keys[i], told_rows_bytes(&row, 0));
	if (status == TOLD_OK && !known)
		told_report_fault(report, TOLD_CLAIM_SIGNATURE, TOLD_NO_ENTRY, TOLD_NO_ENTRY, TODO,
				  "what the store says of itself (%s) is not what the policy says", said[which].key);
	told_rows_close(&row);
	return status;
}

static bool is_key(struct told_bytes key)
{
	bool is = false;
	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
		is |= told_bytes_equal(key, told_text(said[i].key));
	return is;
}

/* And nothing else. A log that no broker keeps (told-audit bench) need not say whose it is. */
static enum told_status check_meta(struct told_source *source, const struct told_policy *policy,
				   struct told_report *report)
{
	struct told_rows row;
	enum told_status status =
		told_beside_open(&source->store, "SELECT key FROM meta", told_bytes(NULL, 0), NULL, 0, &row);
	for (; status == TOLD_OK && row.there; status = told_rows_next(&row)) {
		struct told_bytes key = told_rows_bytes(&row, 0);
		if (!is_key(key))
			told_report_fault(report, TOLD_CLAIM_SIGNATURE, TOLD_NO_ENTRY, TOLD_NO_ENTRY, TODO,
					  "what the store says of itself (%.*s) is nothing that a broker writes",
					  (int)key.len, (const char *)key.data);
	}
	told_rows_close(&row);
	if (status != TOLD_OK)
		return status;
	status = told_beside_open(&source->store, "SELECT 1 FROM sqlite_schema WHERE name = 'fact'",
				  told_bytes(NULL, 0), NULL, 0, &row);
	bool of_broker = status == TOLD_OK && row.there;
	told_rows_close(&row);
	for (size_t i = 0; of_broker && status == TOLD_OK && i < sizeof said / sizeof said[0]; i++)
		status = check_said(source, policy, i, report);
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
