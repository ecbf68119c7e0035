/* SPDX-License-Identifier: Apache-2.0 */
/* A message's header: what decodes is canonical. */
#include "fuzz/codec.h"
#include "fuzz/fuzz.h"

void fuzz_seeds(void)
{
	fuzz_codec_seeds(TOLD_SCHEMA_HEADER, -1);
}

void fuzz_one(struct told_bytes input)
{
	fuzz_codec(TOLD_SCHEMA_HEADER, input);
}
