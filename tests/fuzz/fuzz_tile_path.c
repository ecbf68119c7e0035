/* SPDX-License-Identifier: Apache-2.0 */
/* Names of tiles and entry bundles: one text each. */
#include "fuzz/fuzz.h"
#include "told/proof.h"

void fuzz_seeds(void)
{
	fuzz_seed(told_text("tile/0/000"));
	fuzz_seed(told_text("tile/63/x018/x446/x744/x073/x709/x551/615.p/255"));
	fuzz_seed(told_text("tile/entries/x001/067.p/1"));
	fuzz_seed_vectors("tile-paths", "path");
}

void fuzz_one(struct told_bytes input)
{
	int level;
	uint64_t index;
	unsigned width;
	struct told_buf again = TOLD_BUF(256);
	if (told_tile_parse(input, &level, &index, &width) != TOLD_OK)
		return;
	told_tile_path(level, index, width, &again);
	FUZZ_SAME(input, &again);
}
