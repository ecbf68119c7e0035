/* SPDX-License-Identifier: Apache-2.0 */
/* How every program of ours ends, and what a person does about a status: one table for commands, the local API and the
 * man pages (design section 3). Pure data. */
#ifndef TOLD_EXIT_H
#define TOLD_EXIT_H

#include "told/status.h"

/* X(number, NAME, words) */
#define TOLD_EXITS(X)                                                                                                  \
	X(0, DONE, "done")                                                                                             \
	X(1, CHECK, "a check failed, or nothing matched")                                                              \
	X(2, USAGE, "wrong use")                                                                                       \
	X(3, UNREACHABLE, "the agent or the broker cannot be reached")                                                 \
	X(4, REFUSED, "refused by agreement or consent")                                                               \
	X(5, INTEGRITY, "integrity failure: a signature, hash, proof or history is wrong")                             \
	X(6, CONFIG, "a setting, file or key is wrong")                                                                \
	X(7, TIMEOUT, "no answer came in time")                                                                        \
	X(8, NOT_ALLOWED, "this worker or operator may not do that")

enum told_exit {
#define X(number, name, words) TOLD_EXIT_##name = number,
	TOLD_EXITS(X)
#undef X
};

/* How a program ends that met this status. */
enum told_exit told_exit_of(enum told_status status);

/* What to do about a status, one sentence, static, never NULL; for where nobody knows better. */
const char *told_fix_of(enum told_status status);

#endif
