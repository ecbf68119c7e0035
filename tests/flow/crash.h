/* SPDX-License-Identifier: Apache-2.0 */
/* A program of ours that dies at a moment which the test says: just before its n-th change to a file, sync, or word to
 * another process (told-crash watches it). So every boundary that a power cut or a kill can hit is hit in turn. */
#ifndef TOLD_TEST_CRASH_H
#define TOLD_TEST_CRASH_H

#include "told/bytes.h"

#include <stdbool.h>
#include <sys/types.h>

#define CRASH_RUNNER "../tests/told-crash" /* seen from the folder of the programs */
#define CRASH_NEVER  0u

struct crash_page;

/* For runs of this program ("told-broker"). The page lives as long as the test. */
struct crash_page *crash_new(const char *program);
/* Whatever starts CRASH_RUNNER from now on reads this page. */
void crash_use(struct crash_page *page);
/* From now on: it dies before its n-th change. */
void crash_arm(struct crash_page *page, uint64_t at);
uint64_t crash_seen(const struct crash_page *page);
/* Kills the program at once; whoever watches ends the same way. */
void crash_kill(const struct crash_page *page);

/* Starts the program with these arguments (the first is a name); what it says goes nowhere. */
pid_t crash_start(struct crash_page *page, const char *const *argv, uint64_t at);
/* Whether it has ended; then *code is its exit code, or -signal. */
bool crash_over(pid_t pid, int *code);
/* Waits for its end; gives its exit code, or -signal. */
int crash_end(pid_t pid);

#endif
