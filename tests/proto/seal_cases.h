/* SPDX-License-Identifier: Apache-2.0 */
/* Small helpers of the sealing tests: fixed bytes, comparisons with hexadecimal, single flipped bits. */
#ifndef TOLD_TEST_SEAL_CASES_H
#define TOLD_TEST_SEAL_CASES_H

#include "support/support.h"

#include "told/seal.h"
#include <stdlib.h>
#include <string.h>

/* first, first + 1, ...: keys and ids that are easy to type into another implementation. */
static inline void count_up(uint8_t *out, size_t len, uint8_t first)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(first + i);
}

static inline void from_hex(const char *hex, uint8_t *out, size_t len)
{
	assert_int_equal(told_unhex(told_text(hex), out, len), TOLD_OK);
}

static inline void assert_hex(const void *data, size_t len, const char *hex)
{
	struct told_bytes expected = told_test_hex(hex);
	assert_int_equal(len, expected.len);
	assert_memory_equal(data, expected.data, len);
	free((void *)(uintptr_t)expected.data);
}

static inline void assert_zero(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		assert_int_equal(data[i], 0);
}

static inline void flip(uint8_t *data, size_t bit)
{
	data[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

#endif
