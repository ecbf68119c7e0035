/* SPDX-License-Identifier: Apache-2.0 */
/* Where a subcommand reads from: a copy of the broker's store, or a folder of tiles (C2SP tlog-tiles), which is read
 * into a private store of the same form. Behind this door both are rows. */
#ifndef TOLD_AUDIT_SOURCE_H
#define TOLD_AUDIT_SOURCE_H

#include "evidence/audit/store.h"

#include <stdio.h>

struct told_source {
	const char *path; /* as it was named */
	bool tiles;       /* a folder of tiles: it holds no details, no tree heads and one checkpoint */
	struct told_audit_store store;
	/* The same copy once more, for a thread of its own; closed (db is NULL) when there is no file to open twice. */
	struct told_audit_store second;
	/* What is wrong with a folder of tiles, and from which entry on it could not be read; empty when nothing is.
	 * What stands before that entry is in the store. */
	struct told_buf fault;
	uint64_t fault_at;
};

/* Opens the one of both that is not NULL. Complains on err when that fails. Gives the exit code: TOLD_AUDIT_GOOD,
 * WRONG_USE (both or none), CONFIG (cannot be read), INTEGRITY (a damaged database, or a checkpoint that is none).
 * told_source_close also after failure. */
TOLD_MUST_USE int told_source_open(const char *store, const char *tiles, FILE *err, struct told_source *out);
void told_source_close(struct told_source *source);

/* The smallest log number above `after` (INT64_MIN: the first) that any table names. TOLD_E_CORRUPT. */
TOLD_MUST_USE enum told_status told_source_next_log(struct told_source *source, int64_t after, int64_t *log,
						    bool *found);
/* Number of entries that a log has, by its last entry; 0 when it cannot be read. */
uint64_t told_source_entries(struct told_source *source, int64_t log);

/* The log that a word behind --log names, or the newest when it is NULL. Complains, and gives the exit code. */
TOLD_MUST_USE int told_source_choose_log(struct told_source *source, const char *word, FILE *err, int64_t *log);

/* For a report that needs all of it: false, and says so on err, when a folder of tiles is damaged. */
bool told_source_whole(const struct told_source *source, FILE *err);

#endif
