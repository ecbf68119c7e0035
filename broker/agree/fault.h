/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with an agreement file: where, what, why it matters, what to do. A list that collects them all, so that
 * a writer mends a file once and not once a fault. Pure memory. */
#ifndef TOLD_AGREE_FAULT_H
#define TOLD_AGREE_FAULT_H

#include "told/bytes.h"

/* A place in a file, from 1; line 0 is the file as a whole. */
struct told_place {
	uint32_t line, column;
};

/* Enough to mend a file in one go; beyond it the file is of another kind. */
#define TOLD_FAULTS_MAX 100u

struct told_fault {
	struct told_place at;
	char *what;       /* owned: "category \"EMP.FOO\" is not known" */
	const char *why;  /* static */
	const char *todo; /* static */
};

/* Zero-initialise with TOLD_FAULTS(name); name is borrowed and stands before each line. */
struct told_faults {
	const char *name;
	struct told_fault items[TOLD_FAULTS_MAX];
	size_t count;
	size_t dropped; /* found beyond the limit, or when memory was out */
};

#define TOLD_FAULTS(of) ((struct told_faults){.name = (of)})

/* Adds one. Never fails: what does not fit is counted. */
__attribute__((format(printf, 5, 6))) void told_fault_add(struct told_faults *faults, struct told_place at,
							  const char *why, const char *todo, const char *what, ...);

/* Any at all, dropped ones included. */
bool told_faults_any(const struct told_faults *faults);

/* Sorts by place; faults of one place keep their order. */
void told_faults_sort(struct told_faults *faults);

/* One line each: "file:line:column: what. Why. What to do.", and a last line when some were dropped. */
void told_faults_print(const struct told_faults *faults, struct told_buf *out);

void told_faults_free(struct told_faults *faults);

#endif
