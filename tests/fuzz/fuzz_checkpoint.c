/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a checkpoint: three lines, one form. */
#include "fuzz/fuzz.h"
#include "fuzz/log.h"

void fuzz_seeds(void)
{
	fuzz_seed(told_text(FUZZ_TEXT));
	fuzz_seed(told_text("a/1\n18446744073709551615\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"));
	fuzz_seed_vectors("checkpoint-body", "text");
	fuzz_seed_vectors("checkpoint-body", "reject");
}

void fuzz_one(struct told_bytes input)
{
	struct told_checkpoint checkpoint;
	struct told_buf again = TOLD_BUF(2 * input.len + 256);
	size_t line;
	if (told_checkpoint_parse_at(input, &checkpoint, &line) != TOLD_OK) {
		FUZZ_REQUIRE(line >= 1 && line <= 4);
		return;
	}
	told_checkpoint_format(&checkpoint, &again);
	FUZZ_SAME(input, &again);
}
