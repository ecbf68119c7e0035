/* SPDX-License-Identifier: Apache-2.0 */
/* A file of a store that is the same from the first byte read to the last (decision 0041): one that nobody can write to
 * because the kernel gives us a read lease on it (fcntl(2)), or a private copy. Safe for several threads. */
#ifndef TOLD_AUDIT_READ_STILL_H
#define TOLD_AUDIT_READ_STILL_H

#include "evidence/audit/base/file.h"

struct told_still;

/* The file itself, opened for reading only. Whoever wants to write to it waits until it is freed, or until the next
 * reading: that pours what is there into a private copy, goes on with that, and lets the writer in. TOLD_E_IN_USE:
 * somebody has it open for writing, a write-ahead log or a journal stands beside it, or it lies where a lease says
 * nothing: copy it. Else as told_audit_read. */
TOLD_MUST_USE enum told_status told_still_open(const char *path, struct told_still **out);
/* A copy, whose folder may be removed afterwards. TOLD_E_IN_USE: it has a write-ahead log, which SQLite must read. */
TOLD_MUST_USE enum told_status told_still_of_copy(const struct told_copy *copy, struct told_still **out);
void told_still_free(struct told_still *still); /* takes NULL */

uint64_t told_still_bytes(const struct told_still *still); /* how long it is */
/* Reads what there is of `len` bytes from `at` on; *got tells how much. A status other than TOLD_OK is that of
 * told_still_status. */
TOLD_MUST_USE enum told_status told_still_read(struct told_still *still, uint64_t at, uint8_t *out, size_t len,
					       size_t *got);
/* TOLD_OK; or why it can no longer be read: a writer came and there was no room for a copy (TOLD_E_FULL), or it did
 * not wait until the copy was made (TOLD_E_IN_USE), or the disk fails (TOLD_E_SYSTEM). It stays so. */
enum told_status told_still_status(struct told_still *still);

#endif
