/* SPDX-License-Identifier: Apache-2.0 */
/* Where a subcommand reads from: a copy of the broker's store, or a folder of tiles (C2SP tlog-tiles), which is read
 * into a private store of the same form. Behind this door both are rows. */
#ifndef TOLD_AUDIT_READ_SOURCE_H
#define TOLD_AUDIT_READ_SOURCE_H

#include "evidence/audit/base/audit.h"
#include "evidence/audit/read/store.h"
#include "told/limits.h"

#include <stdio.h>

/* A copy made for audit, by the order that was logged for it (excerpt.h). */
struct told_excerpt {
	bool there; /* the source is one */
	int64_t log;
	uint64_t index;                                                      /* of the order */
	char party[TOLD_NAME_MAX_BYTES + 1], asker[TOLD_NAME_MAX_BYTES + 1]; /* "": the partnership; nobody's */
	uint32_t purpose, asked_by;
	uint64_t until_ms;
	uint8_t operator_key_id[TOLD_HASH_BYTES]; /* who signed the order */
	uint64_t entries;                         /* as the copy says */
	uint8_t operator_key[TOLD_KEY_BYTES], signature[TOLD_SIGNATURE_BYTES];
};

/* Who reads ahead of whoever walks a log. */
enum told_ahead_of { TOLD_AHEAD_DETAILS, TOLD_AHEAD_NOTES, TOLD_AHEAD_COUNT };

struct told_still;
struct told_blocks;

struct told_source {
	const char *path; /* as it was named */
	bool tiles;       /* a folder of tiles: it holds no details, no tree heads and one checkpoint */
	struct told_audit_store store;
	/* The same once more for each thread that reads ahead; closed (db is NULL) when there is no file to open so. */
	struct told_audit_store ahead[TOLD_AHEAD_COUNT];
	struct told_still *still; /* the file behind both, and its door; NULL: SQLite has files of its own */
	struct told_blocks *blocks;
	/* What is wrong with a folder of tiles, and from which entry on it could not be read; empty when nothing is.
	 * What stands before that entry is in the store. */
	struct told_buf fault;
	uint64_t fault_at;
	struct told_excerpt excerpt;
};

/* Whether one of both was given, and not the other; else says so. */
bool told_source_one(const char *store, const char *tiles, FILE *err);
/* Opens the one of both that is not NULL. Complains on io->err when that fails. Gives the exit code: TOLD_AUDIT_GOOD,
 * WRONG_USE (both or none), CONFIG (cannot be read, or a copy for audit whose time is over), INTEGRITY (a damaged
 * database, a checkpoint that is none, or a copy that was not ordered so). told_source_close also after failure. */
TOLD_MUST_USE int told_source_open(const char *store, const char *tiles, const struct told_audit_io *io,
				   struct told_source *out);
/* The same, and does not copy a store that nobody writes to: it is read where it lies, and copied when a writer comes
 * (still.h). For whoever reads at one stretch and waits for nobody meanwhile. */
TOLD_MUST_USE int told_source_open_still(const char *store, const char *tiles, const struct told_audit_io *io,
					 struct told_source *out);
/* TOLD_AUDIT_GOOD; or CONFIG, after a complaint, when what was read since may be wrong, for the store could not be kept
 * still to the end. Asked before anything that was found is said. */
TOLD_MUST_USE int told_source_stood(const struct told_source *source, FILE *err);
void told_source_close(struct told_source *source);
/* The connection for one of those who read ahead; *own: nobody else uses it, so a thread may. */
struct told_audit_store *told_source_ahead(struct told_source *source, enum told_ahead_of of, bool *own);

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
