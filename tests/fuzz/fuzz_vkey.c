/* SPDX-License-Identifier: Apache-2.0 */
/* Verifier keys: one text each. */
#include "fuzz/fuzz.h"
#include "fuzz/log.h"

void fuzz_seeds(void)
{
	for (size_t i = 0; i < 2; i++) {
		struct told_buf text = TOLD_BUF(4096);
		told_vkey_format(&fuzz_vkeys()[i], &text);
		fuzz_seed(told_buf_view(&text));
		told_buf_free(&text);
	}
	fuzz_seed_vectors("signed-note", "vkey_ok");
	fuzz_seed_vectors("signed-note", "vkey_reject");
}

void fuzz_one(struct told_bytes input)
{
	struct told_vkey vkey;
	struct told_buf again = TOLD_BUF(2 * input.len + 256);
	if (told_vkey_parse(input, &vkey) != TOLD_OK)
		return;
	told_vkey_format(&vkey, &again);
	FUZZ_SAME(input, &again);
}
