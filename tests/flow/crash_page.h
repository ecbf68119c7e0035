/* SPDX-License-Identifier: Apache-2.0 */
/* What a test and told-crash share: a page in a file that the environment names. */
#ifndef TOLD_TEST_CRASH_PAGE_H
#define TOLD_TEST_CRASH_PAGE_H

#include <stdatomic.h>
#include <stdint.h>

#define CRASH_PAGE      "TOLD_TEST_CRASH"
#define CRASH_FORBIDDEN 77

struct crash_page {
	char program[64];      /* a file in bin/ */
	_Atomic uint64_t at;   /* before which change it dies, from 1; 0: never */
	_Atomic uint64_t seen; /* changes since then */
	_Atomic int pid;       /* of the program; the test's child is the one who watches */
};

#endif
