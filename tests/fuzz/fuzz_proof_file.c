/* SPDX-License-Identifier: Apache-2.0 */
/* Proof files: one text each; a refusal names a line of the file. */
#include "fuzz/fuzz.h"
#include "fuzz/log.h"

void fuzz_seeds(void)
{
	for (size_t count = 0; count < 4; count++) {
		struct told_buf text = TOLD_BUF(8192);
		struct told_proof_file proof = {.index = count, .count = count, .checkpoint = fuzz_cosigned_note()};
		proof.extra = TOLD_BUF(64);
		proof.has_extra = count % 2 == 1;
		told_buf_put_text(&proof.extra, "entry");
		told_proof_file_format(&proof, &text);
		fuzz_seed(told_buf_view(&text));
		told_buf_free(&proof.extra);
		told_buf_free(&text);
	}
	fuzz_seed_vectors("tlog-proof", "want");
	fuzz_seed_vectors("tlog-proof", "reject");
}

void fuzz_one(struct told_bytes input)
{
	struct told_proof_file proof;
	struct told_buf again = TOLD_BUF(2 * input.len + 256);
	size_t line = 0;
	if (told_proof_file_parse_at(input, &proof, &line) != TOLD_OK) {
		FUZZ_REQUIRE(line >= 1 && line <= fuzz_lines(input));
		return;
	}
	told_proof_file_format(&proof, &again);
	told_buf_free(&proof.extra);
	size_t before = input.len - proof.checkpoint.len;
	FUZZ_REQUIRE(told_proof_file_lines(&proof) + 1 == fuzz_lines(told_bytes(input.data, before)));
	FUZZ_SAME(input, &again);
}
