/* SPDX-License-Identifier: Apache-2.0 */
/* The spool: sealed bodies in transit, in append-only segment files beside the store. A turn puts its bodies, syncs
 * once, then commits the rows that point at them; at start the tail behind the last committed row is cut off. Narrow on
 * purpose: put, sync, get, erase, drop. */
#ifndef TOLD_RECORD_SPOOL_H
#define TOLD_RECORD_SPOOL_H

#include "told/bytes.h"
#include "told/proof.h"

/* Where a body lies. Segments count from 1; a length of 0 is "no body" and lies nowhere. */
struct told_body_place {
	uint32_t segment;
	uint32_t len;
	uint64_t offset;
};

struct told_spool;

/* Opens the directory (made 0700). end: the byte behind the last committed body, from the store; what lies behind it is
 * cut off and later segments are removed. TOLD_E_CORRUPT when a committed byte is missing; TOLD_E_STORE;
 * TOLD_E_PERMISSION. */
TOLD_MUST_USE enum told_status told_spool_open(const char *dir, struct told_body_place end, uint32_t segment_bytes,
					       struct told_spool **out);

/* Appends a body; it is durable after the next told_spool_sync. TOLD_E_STORE on any failure of the disk: stop;
 * TOLD_E_FULL when the disk is full: nothing of this turn was kept, told_spool_rewind and answer busy. */
TOLD_MUST_USE enum told_status told_spool_put(struct told_spool *spool, struct told_bytes body,
					      struct told_body_place *place);

/* What was put so far stays: called when the rows that point at it are committed. */
void told_spool_keep(struct told_spool *spool);
/* Forgets what was put since told_spool_keep or the opening, synced or not. */
TOLD_MUST_USE enum told_status told_spool_rewind(struct told_spool *spool);

/* fdatasync of what was put. TOLD_E_STORE: never retried, the caller stops. */
TOLD_MUST_USE enum told_status told_spool_sync(struct told_spool *spool);

/* Reads a body into the arena and compares its SHA-256. TOLD_E_CORRUPT when it is not what was put or not there. */
TOLD_MUST_USE enum told_status told_spool_get(struct told_spool *spool, struct told_body_place place,
					      const told_hash *hash, struct told_arena *arena, struct told_bytes *body);

/* Overwrites a body with zeros, durable on return: an erasure. A body whose segment is gone is erased already. */
TOLD_MUST_USE enum told_status told_spool_erase(struct told_spool *spool, struct told_body_place place);

/* Zeroes and unlinks a whole segment that no committed row points into; never the one being written. */
TOLD_MUST_USE enum told_status told_spool_drop(struct told_spool *spool, uint32_t segment);

/* The lowest segment that is there. */
uint32_t told_spool_first(const struct told_spool *spool);
/* The segment being written. */
uint32_t told_spool_segment(const struct told_spool *spool);

void told_spool_close(struct told_spool *spool);

#endif
