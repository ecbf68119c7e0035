/* SPDX-License-Identifier: Apache-2.0 */
/* The codec's promise, for one schema: what decodes encodes to the same bytes. */
#ifndef TOLD_TEST_FUZZ_CODEC_H
#define TOLD_TEST_FUZZ_CODEC_H

#include "told/envelope.h"

/* Canonical messages of a schema with few, some and all fields set; prefix: a byte before each, or -1. */
void fuzz_codec_seeds(enum told_schema schema, int prefix);
void fuzz_codec(enum told_schema schema, struct told_bytes input);

#endif
