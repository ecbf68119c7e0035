/* SPDX-License-Identifier: Apache-2.0 */
/* A made-up log of any length, in a store as the broker writes it: what the measurements are taken on. */
#ifndef TOLD_AUDIT_BENCH_BENCH_LOG_H
#define TOLD_AUDIT_BENCH_BENCH_LOG_H

#include "told/bytes.h"

#include <stdio.h>

struct told_bench_log;

/* Creates the store and, beside it, the policy. seed: everything made up follows from it. TOLD_E_FULL, TOLD_E_SYSTEM.
 */
TOLD_MUST_USE enum told_status told_bench_log_new(const char *store, const char *policy, uint64_t seed,
						  struct told_bench_log **out);
/* Grows the log to this many entries, in turns of 256; after each turn its checkpoint is signed. `note` (a path) then
 * holds the newest checkpoint, as an agency would keep it. */
TOLD_MUST_USE enum told_status told_bench_log_grow(struct told_bench_log *log, uint64_t entries, const char *note);
/* Nanoseconds of the processor spent so far in evidence code: commitments, leaf hash, tree, tiles, signature. */
uint64_t told_bench_log_ns(const struct told_bench_log *log);
void told_bench_log_free(struct told_bench_log *log);

#endif
