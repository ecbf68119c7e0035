/* SPDX-License-Identifier: Apache-2.0 */
/* What the record and the vaults share of SQLite: a database that keeps no copy of a row that went, and result codes as
 * statuses. secure_delete clears a deleted row where it lies; it does not clear the copies that SQLite leaves behind
 * when it moves rows between pages. Here each page is cleared of them on its way into the file. */
#ifndef TOLD_SQLITE_H
#define TOLD_SQLITE_H

#include "told/status.h"

#include <sqlite3.h>

/* Opens a database through this room's own file system, and has it refuse to grow beyond what page.h can tell apart
 * (TOLD_E_FULL). Flags as sqlite3_open_v2 takes them; *db is the caller's to close, after failure too. */
TOLD_MUST_USE enum told_status told_sqlite_open(const char *path, int flags, sqlite3 **db);

/* Empties the write-ahead log into the file and lets go of every page in memory: afterwards no copy of a row that was
 * deleted before the call is in the file, in its log, or can come back into either. TOLD_E_IN_USE: somebody reads, and
 * nothing was promised. */
TOLD_MUST_USE enum told_status told_sqlite_shred(sqlite3 *db);

/* A result code as a status. */
enum told_status told_sqlite_status(int code);

#endif
