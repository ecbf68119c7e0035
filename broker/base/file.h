/* SPDX-License-Identifier: Apache-2.0 */
/* Files: read whole, written whole or not at all, locked, and refused when somebody else could read or change them.
 * No function follows a symbolic link in the last part of a path, and all descriptors close on exec. */
#ifndef TOLD_BASE_FILE_H
#define TOLD_BASE_FILE_H

#include "told/bytes.h"
#include <sys/types.h>

/* Statuses of all: TOLD_E_NOT_FOUND; TOLD_E_PERMISSION (mode, owner, link, or not a regular file); TOLD_E_FULL (disk);
 * TOLD_E_STORE (the medium failed: stop); TOLD_E_LIMIT; TOLD_E_SYSTEM. */

/* What an errno of the file system means, as one of these. */
enum told_status told_file_status(int error);

/* Appends the whole of a regular file to out. TOLD_E_LIMIT when it is larger than max_bytes; out is then unchanged. */
TOLD_MUST_USE enum told_status told_file_read(const char *path, size_t max_bytes, struct told_buf *out);

/* The same for a file that holds a secret: ours, and closed to group and others, or TOLD_E_PERMISSION. Judged by
 * fstat(2) of what was opened, so that it holds for root too. */
TOLD_MUST_USE enum told_status told_file_read_secret(const char *path, size_t max_bytes, struct told_buf *out);

/* Writes a file whole: beside it, synced, then renamed over it, then the directory synced. After TOLD_OK it survives a
 * power cut; after any failure the old content stands. mode is exact, whatever the umask. One writer at a time. */
TOLD_MUST_USE enum told_status told_file_write(const char *path, struct told_bytes content, mode_t mode);

/* As told_file_write, for what must never be overwritten, keys above all: TOLD_E_EXISTS when the path is taken. */
TOLD_MUST_USE enum told_status told_file_write_new(const char *path, struct told_bytes content, mode_t mode);

/* Takes the exclusive lock of a file (made 0600 when absent) and keeps it until told_file_unlock or the process ends.
 * TOLD_E_IN_USE when another process has it. The file itself stays: removing a lock file is a race. */
TOLD_MUST_USE enum told_status told_file_lock(const char *path, int *fd);
void told_file_unlock(int *fd);

/* Makes a directory 0700, or accepts one that is ours and closed to group and others. Parents must exist. */
TOLD_MUST_USE enum told_status told_dir_make(const char *path);

#endif
