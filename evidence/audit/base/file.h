/* SPDX-License-Identifier: Apache-2.0 */
/* Files of others: read whole, and the private copy of a store. Nothing is ever written but that copy. */
#ifndef TOLD_AUDIT_BASE_FILE_H
#define TOLD_AUDIT_BASE_FILE_H

#include "told/bytes.h"

#include <sys/types.h>

/* Opens a regular file for reading; the caller closes it. TOLD_E_NOT_FOUND, TOLD_E_PERMISSION (may not be read, or no
 * regular file), TOLD_E_SYSTEM. */
TOLD_MUST_USE enum told_status told_audit_open(const char *path, int *fd);

/* Appends a whole regular file to out. TOLD_E_NOT_FOUND, TOLD_E_PERMISSION (may not be read, or no regular file),
 * TOLD_E_LIMIT (out's), TOLD_E_SYSTEM. */
TOLD_MUST_USE enum told_status told_audit_read(const char *path, struct told_buf *out);

/* Writes a whole file, which others may read; what is there already is replaced. TOLD_E_PERMISSION, TOLD_E_NOT_FOUND
 * (no such folder), TOLD_E_FULL, TOLD_E_SYSTEM; after failure the file may hold a part. */
TOLD_MUST_USE enum told_status told_audit_write(const char *path, struct told_bytes content);

/* Makes the folders that a path names behind its first `base` bytes and before its last slash. What cannot be made
 * shows when the file is written. */
void told_audit_folders(char *path, size_t base, mode_t mode);

/* A private folder (0700) with a copy of a SQLite file and its write-ahead log as they were at one moment. */
struct told_copy {
	char dir[256], db[280];
};
/* Copies; the original is opened for reading only. TOLD_E_IN_USE: it was written all the time, so that no moment could
 * be copied; TOLD_E_CONFIG: a rollback journal stands beside it; TOLD_E_TIMEOUT: a signal asked to end; else as
 * told_audit_read, and TOLD_E_FULL. After failure nothing is left over. */
TOLD_MUST_USE enum told_status told_copy_make(const char *path, struct told_copy *out);
/* Whether a rollback journal stands beside a store, whose path has no links in it: a program that is none of ours wrote
 * to it and did not finish, and who opens it with SQLite reads something else than its bytes. */
bool told_copy_has_journal(const char *path);
/* Pours what is left of one open file into another. TOLD_E_FULL, TOLD_E_SYSTEM, TOLD_E_MEMORY; TOLD_E_TIMEOUT: a signal
 * that is blocked asks to end. */
TOLD_MUST_USE enum told_status told_copy_pour(int from, int to);
/* The folder alone, for a database that is still to be made. */
TOLD_MUST_USE enum told_status told_copy_empty(struct told_copy *out);
/* Removes folder and files. Open files stay readable until they are closed, so this is called right after opening. */
void told_copy_remove(struct told_copy *copy);

#endif
