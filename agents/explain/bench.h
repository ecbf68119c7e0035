/* SPDX-License-Identifier: Apache-2.0 */
/* `told decide --bench`: how long a ruling takes on this machine, and what a permission on record takes of memory. */
#ifndef TOLD_EXPLAIN_BENCH_H
#define TOLD_EXPLAIN_BENCH_H

#include "agents/exit/exit.h"
#include "agents/explain/bench_world.h"

#include <stdio.h>

/* What the command measures: 1,000 agreements, and 1,000,000 permissions of 50,000 people. */
extern const struct told_bench_size told_bench_full;

/* Prints times in nanoseconds, one line each or as one line of JSON. TOLD_EXIT_CHECK when memory is out or a message
 * that should go does not: it never judges the machine. */
enum told_exit told_decide_bench(const struct told_bench_size *size, bool json, FILE *out, FILE *err);

#endif
