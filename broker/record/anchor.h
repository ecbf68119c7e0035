/* SPDX-License-Identifier: Apache-2.0 */
/* The anchor: the last signed checkpoint and nothing else, beside the store (best on another volume), never restored
 * from a backup. Two slots of 4 KiB are written in turn, each with counter and SHA-256, so that a torn write leaves the
 * other (evidence.md sections 1 item 3 and 3). */
#ifndef TOLD_RECORD_ANCHOR_H
#define TOLD_RECORD_ANCHOR_H

#include "told/bytes.h"

struct told_anchor;

/* Opens the file and locks it, or makes it (0600) with an empty note. TOLD_E_STORE when it cannot be read,
 * TOLD_E_CORRUPT when neither slot is whole, TOLD_E_PERMISSION when it is a link or somebody else could write it,
 * TOLD_E_IN_USE. */
TOLD_MUST_USE enum told_status told_anchor_open(const char *path, struct told_anchor **out);

/* The newest whole note, a view that stays good until the next write; empty in a new anchor. */
struct told_bytes told_anchor_note(const struct told_anchor *anchor);

/* Replaces the note, durable on return (fdatasync). old must equal what stands in the file: compare and swap; else
 * TOLD_E_FORK. On any failure of the disk TOLD_E_STORE: the caller stops and recovers at restart. */
TOLD_MUST_USE enum told_status told_anchor_swap(struct told_anchor *anchor, struct told_bytes old,
						struct told_bytes note);

void told_anchor_close(struct told_anchor *anchor);

#endif
