/* SPDX-License-Identifier: Apache-2.0 */
/* What a process has in its hand, in memory that outlives it: a mapped file, which costs no call on the way. After a
 * crash the next process knows what the last one was holding, so that a message that kills whoever reads it does so a
 * few times and not for ever (rules.md B17). Being killed from outside, by a power cut too, is no crash and counts for
 * nothing. */
#ifndef TOLD_BASE_IN_HAND_H
#define TOLD_BASE_IN_HAND_H

#include "broker/base/log.h"

#define TOLD_IN_HAND_MARK_BYTES  16u
#define TOLD_IN_HAND_MAX         256u            /* things at once */
#define TOLD_IN_HAND_CRASHES     3u              /* with the same thing in hand, and it is put aside */
#define TOLD_IN_HAND_PATIENCE_MS INT64_C(600000) /* for what was there at a crash to come again */

struct told_in_hand;

/* Opens or makes the file (0600) and, if the last process crashed, counts that for everything that it had in hand. What
 * is no such file is begun anew; one that others may write, or that has another name too, is refused. From then on
 * SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT are noted in it before they end the process as they would; one hand a
 * process. log is kept. TOLD_E_MEMORY; as of broker/base/file.h. *out NULL after failure. */
TOLD_MUST_USE enum told_status told_in_hand_open(const char *path, const struct told_log *log,
						 struct told_in_hand **out);
/* With empty hands; NULL is allowed. */
void told_in_hand_close(struct told_in_hand *hand);

/* Takes a thing in hand, before anything reads it; mark: the first bytes of a hash of what nobody can guess, for it
 * goes to the log. False: it was there at too many crashes, and is to be left alone. NULL: nobody counts, and
 * everything may be taken. */
bool told_in_hand_take(struct told_in_hand *hand, const uint8_t mark[TOLD_IN_HAND_MARK_BYTES]);
/* All that was in hand did no harm. */
void told_in_hand_done(struct told_in_hand *hand);

/* How many things to take at once: one, while something that was there at a crash has not been seen to do no harm. */
size_t told_in_hand_most(const struct told_in_hand *hand);

#endif
