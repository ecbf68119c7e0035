/* SPDX-License-Identifier: Apache-2.0 */
/* What `told decide --bench` measures on: a partnership in memory, made of real agreement files and real headers folded
 * as a running broker folds them. The same every time. Private to this room. */
#ifndef TOLD_EXPLAIN_BENCH_WORLD_H
#define TOLD_EXPLAIN_BENCH_WORLD_H

#include "broker/rule/people.h"
#include "broker/rule/table.h"

#define TOLD_BENCH_SECTIONS 30u /* of the large message */
#define TOLD_BENCH_BETWEEN  5u  /* agreements between the two parties of the message */

struct told_bench_size {
	size_t agreements, people, permissions; /* permissions: of each of the people */
	size_t rounds;                          /* of each measurement */
};

struct told_bench_world {
	struct told_bench_size size;
	struct told_parties *parties;
	struct told_directory *directory;
	struct told_people *people;
	struct told_arena *arena; /* of the message */
	struct told_header *header;
	struct told_section_header *sections[TOLD_BENCH_SECTIONS];
	struct told_when when;
};

/* TOLD_E_MEMORY, or what an agreement or header was refused with (a fault of the program). */
TOLD_MUST_USE enum told_status told_bench_world_new(const struct told_bench_size *size, struct told_bench_world **out);
void told_bench_world_free(struct told_bench_world *world);

/* The reference of the n-th of the people. */
void told_bench_ref(size_t n, uint8_t ref[TOLD_ID_BYTES]);

#endif
