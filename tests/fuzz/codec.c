/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes within the arena that a schema's promise of memory allows, and encodes again. */
#include "fuzz/codec.h"

#include "fuzz/fuzz.h"
#include "proto/codec_fill.h"

#define SEED_ARENA_BYTES (32u * 1024u * 1024u)
#define ARENA_BYTES      (4u * 1024u * 1024u)

void fuzz_codec_seeds(enum told_schema schema, int prefix)
{
	static const unsigned chances[] = {5, 30, FILL_ALL};
	struct told_arena *arena;
	FUZZ_REQUIRE(told_arena_new(SEED_ARENA_BYTES, &arena) == TOLD_OK);
	for (size_t i = 0; i < sizeof chances / sizeof chances[0]; i++) {
		struct told_buf sample = TOLD_BUF(SEED_ARENA_BYTES);
		uint8_t first = (uint8_t)prefix;
		if (prefix >= 0)
			told_buf_put(&sample, &first, 1);
		void *message = fill_schema(arena, schema, i + 1, chances[i]);
		told_buf_put_bytes(&sample, fill_encoded(arena, schema, message));
		FUZZ_REQUIRE(sample.status == TOLD_OK);
		fuzz_seed(told_buf_view(&sample));
		told_buf_free(&sample);
		told_arena_reset(arena);
	}
	told_arena_free(arena);
}

void fuzz_codec(enum told_schema schema, struct told_bytes input)
{
	static struct told_arena *arena;
	struct told_buf again = TOLD_BUF(2 * input.len + 256);
	void *message = NULL;
	if (arena == NULL)
		FUZZ_REQUIRE(told_arena_new(ARENA_BYTES, &arena) == TOLD_OK);
	told_arena_reset(arena);
	if (told_decode(schema, input, arena, &message) != TOLD_OK)
		return;
	FUZZ_REQUIRE(told_encode(schema, message, &again) == TOLD_OK);
	FUZZ_SAME(input, &again);
}
