/* SPDX-License-Identifier: Apache-2.0 */
/* A ring of batches between a thread that fills them and the one that walks the log. Memory is that of the ring; the
 * order is that of the rows, so nothing that is found depends on which thread was quicker. */
#ifndef TOLD_AUDIT_VERIFY_AHEAD_H
#define TOLD_AUDIT_VERIFY_AHEAD_H

#include "told/bytes.h"

struct told_ahead;

/* Fills a batch, zeroed or used before; false: there will be no more. Called by one thread at a time. */
typedef bool told_ahead_fill(void *ctx, void *batch);

/* Begins to fill: on a thread of its own when that is asked for and can be had, else when a batch is asked for. ctx is
 * the filler's alone until told_ahead_free. TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_ahead_new(told_ahead_fill *fill, void *ctx, size_t batch_bytes, bool thread,
					      struct told_ahead **out);
/* The batch in hand, good until the next call; the first one from the beginning. */
const void *told_ahead_batch(const struct told_ahead *ahead);
/* Gives it back and waits for the next; not behind the last. */
void told_ahead_next(struct told_ahead *ahead);
void told_ahead_free(struct told_ahead *ahead); /* ends the thread; takes NULL */

#endif
