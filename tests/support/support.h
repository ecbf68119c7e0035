/* SPDX-License-Identifier: Apache-2.0 */
/* What every test needs: cmocka with its includes in the right order, the shared folder, fresh directories, hex. */
#ifndef TOLD_TEST_SUPPORT_H
#define TOLD_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "told/bytes.h"

/* Exit code that ctest reads as "skipped". */
#define TOLD_TEST_SKIPPED 77

/* The full path of something in the shared folder (env TOLD_SHARED, else $TOLD_SOURCE/../shared), in static memory that
 * the next call reuses; NULL when it is not there. */
const char *told_test_shared(const char *path);
/* Prints why and exits with TOLD_TEST_SKIPPED unless the shared path is there. */
void told_test_need_shared(const char *path);
/* A whole file, NUL-terminated beyond len, malloc'd; the test fails when it cannot be read. */
struct told_bytes told_test_read(const char *path);
/* A fresh 0700 directory that is removed with all in it when the process ends; static memory per call, at most 32. */
const char *told_test_dir(void);
/* Bytes of a hexadecimal literal, malloc'd; the test fails when it is none. */
struct told_bytes told_test_hex(const char *hex);
/* A seed from env TOLD_SEED or the clock, printed once as "seed N". */
uint64_t told_test_seed(void);
/* splitmix64 over *state: seeded, repeatable. */
uint64_t told_test_random(uint64_t *state);

#endif
