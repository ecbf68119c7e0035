/* SPDX-License-Identifier: Apache-2.0 */
/* The clock of a test that days must pass in: this process and every broker that it starts read the same one, and it
 * moves when the test says so. Linked with --wrap=told_clock_system; no program that is installed has it. */
#ifndef TOLD_TEST_SHIFTED_CLOCK_H
#define TOLD_TEST_SHIFTED_CLOCK_H

#include <stdint.h>

/* Makes the clock in the test's folder; it stands at now_ms. Before anything reads the time. */
void shifted_clock_make(int64_t now_ms);
/* Days pass for everybody at once. */
void shifted_clock_pass(int64_t ms);

#endif
