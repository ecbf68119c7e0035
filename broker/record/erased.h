/* SPDX-License-Identifier: Apache-2.0 */
/* What was erased since any backup: an append-only file of transaction numbers beside the anchor, and like the anchor
 * never restored. It names no person. A store that was put back from a backup is made to forget again what stands here
 * (evidence.md section 1 item 5). */
#ifndef TOLD_RECORD_ERASED_H
#define TOLD_RECORD_ERASED_H

#include "told/bytes.h"

struct told_erased;

/* Opens or makes the file (0600). A last record that a crash cut off is cut away. TOLD_E_CORRUPT when a record before
 * the last is not whole; TOLD_E_PERMISSION, TOLD_E_STORE. */
TOLD_MUST_USE enum told_status told_erased_open(const char *path, struct told_erased **out);

/* How many records it has. */
uint64_t told_erased_count(const struct told_erased *erased);

/* Appends the transactions (16 bytes each) of one erasure entry, durable on return. TOLD_E_FULL, TOLD_E_STORE: stop. */
TOLD_MUST_USE enum told_status told_erased_append(struct told_erased *erased, struct told_bytes_list txids);

/* The record of this number, from 1, into the arena. TOLD_E_NOT_FOUND; TOLD_E_CORRUPT. */
TOLD_MUST_USE enum told_status told_erased_read(struct told_erased *erased, uint64_t number, struct told_arena *arena,
						struct told_bytes_list *txids);

void told_erased_close(struct told_erased *erased);

#endif
