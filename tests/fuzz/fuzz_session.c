/* SPDX-License-Identifier: Apache-2.0 */
/* All other schemas (envelopes, what agent and broker say to each other, entries): the first byte says which. */
#include "fuzz/codec.h"
#include "fuzz/fuzz.h"

void fuzz_seeds(void)
{
	for (unsigned schema = 0; schema < TOLD_SCHEMA_COUNT; schema++)
		fuzz_codec_seeds((enum told_schema)schema, (int)schema);
}

void fuzz_one(struct told_bytes input)
{
	if (input.len > 0)
		fuzz_codec((enum told_schema)(input.data[0] % TOLD_SCHEMA_COUNT),
			   told_bytes(input.data + 1, input.len - 1));
}
