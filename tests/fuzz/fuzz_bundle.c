/* SPDX-License-Identifier: Apache-2.0 */
/* Entry bundles as an import reads them: the entries and what is left are all of it, in order. */
#include "fuzz/fuzz.h"
#include "told/proof.h"

void fuzz_seeds(void)
{
	fuzz_seed(told_bytes("\0\3abc\0\0\0\1d", 10));
	fuzz_seed(told_bytes("\0\5abc", 5));
	fuzz_seed(told_bytes("\xff\xff", 2));
}

void fuzz_one(struct told_bytes input)
{
	struct told_bytes rest = input, entry;
	struct told_buf again = TOLD_BUF(input.len + 1);
	while (told_bundle_take(&rest, &entry)) {
		FUZZ_REQUIRE(entry.len <= TOLD_LEAF_MAX_BYTES);
		told_buf_put_u16(&again, (uint16_t)entry.len);
		told_buf_put_bytes(&again, entry);
	}
	told_buf_put_bytes(&again, rest);
	FUZZ_SAME(input, &again);
}
