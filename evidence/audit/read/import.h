/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a folder of tiles into a private store, file by file, in the order of the log. */
#ifndef TOLD_AUDIT_READ_IMPORT_H
#define TOLD_AUDIT_READ_IMPORT_H

#include "told/bytes.h"

#include <sqlite3.h>

/* SQL that makes the tables of a store in a new database, which nobody needs to survive a crash. */
extern const char told_import_schema[];

/* Makes a nameless database with the tables of a store from DIR/checkpoint and from the bundles and tiles that its size
 * calls for. Leaf hashes are those of the tiles of level 0, so that they are compared like a store's; partial tiles are
 * kept too. TOLD_E_MALFORMED: DIR/checkpoint is no checkpoint, and fault says in which line and why; else as
 * told_audit_read, TOLD_E_FULL; *out is NULL then. A file that is missing or wrong ends the reading and is no failure:
 * fault says which and why, fault_at from which entry on. The caller closes *out. */
TOLD_MUST_USE enum told_status told_import(const char *dir, sqlite3 **out, struct told_buf *fault, uint64_t *fault_at);

#endif
