/* SPDX-License-Identifier: Apache-2.0 */
/* The tamper drill (evidence.md section 5): every way in which somebody with the files of a store or an export, or with
 * the log's key too, could change history, tried on a private copy, one at a time, each judged by the verification
 * itself. */
#ifndef TOLD_AUDIT_DRILL_DRILL_H
#define TOLD_AUDIT_DRILL_DRILL_H

#include "evidence/audit/drill/drill_folder.h"
#include "evidence/audit/verify/verify.h"
#include "told/proof.h"

#include <sqlite3.h>

/* What a tampering works on: a private copy, writable, without triggers, in a transaction that is rolled back. */
struct told_drill {
	sqlite3 *db;                /* of a folder of tiles the rows that were read from it */
	struct told_folder *folder; /* the copy of a folder of tiles, whose files are put back; else NULL */
	const uint8_t *seed;        /* of the log's key, or NULL: what needs it is not tried */
	const struct told_audit_io *io;
	struct told_verify_request request;
	char policy[300]; /* for a tampering with a policy of its own; beside the copy */
	bool whole;       /* every row and every bit, not a sample */
	uint64_t tried, missed;
};

/* One kind. places: how many places it can be done at (0: this store has none). apply changes the copy at one of them;
 * TOLD_E_NOT_FOUND: nothing changed there after all. It may change the request, which is put back: without its source
 * the files are read anew. */
struct told_tampering {
	const char *name;
	bool needs_key;
	enum told_status (*places)(struct told_drill *drill, const struct told_tampering *self, uint64_t *count);
	enum told_status (*apply)(struct told_drill *drill, const struct told_tampering *self, uint64_t place);
	const char *table, *keys, *column; /* what the functions above do it to */
	const char *sql;
};

/* The kinds that files of an export have (drill_tiles.c); NULL after the last. */
const struct told_tampering *told_tampering_of_tiles(size_t number);
/* Of a store: of rows (drill_rows.c), then of whole histories that are signed anew (drill_history.c). The second,
 * and those with a key that is over, an export has too. */
const struct told_tampering *told_tampering_of_rows(size_t number);
const struct told_tampering *told_tampering_of_history(size_t number);
/* And with a key that is over (drill_key.c). */
const struct told_tampering *told_tampering_of_key(size_t number);
/* And of copies for audit (drill_excerpt.c). */
const struct told_tampering *told_tampering_of_excerpt(size_t number);

/* Registers what the statements need. */
TOLD_MUST_USE enum told_status told_drill_functions(sqlite3 *db);
/* Runs one statement with ?1; TOLD_E_NOT_FOUND when it changed no row, TOLD_E_STORE. */
TOLD_MUST_USE enum told_status told_drill_sql(struct told_drill *drill, const char *sql, int64_t a);
/* The first column of the first row, 0 when there is none. */
TOLD_MUST_USE enum told_status told_drill_number(struct told_drill *drill, const char *sql, int64_t a, uint64_t *out);

#endif
