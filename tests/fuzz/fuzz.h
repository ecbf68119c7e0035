/* SPDX-License-Identifier: Apache-2.0 */
/* What every fuzz target is made of: one input, and samples to begin with. A target is one file fuzz_<name>.c. */
#ifndef TOLD_TEST_FUZZ_H
#define TOLD_TEST_FUZZ_H

#include "told/bytes.h"

/* Of each target. One input: whatever must hold is required, and nothing is left allocated. */
void fuzz_one(struct told_bytes input);
/* Samples to begin with, by fuzz_seed. */
void fuzz_seeds(void);

/* Writes a sample into the corpus. */
void fuzz_seed(struct told_bytes sample);
/* Every string below a key ("": all) of a published vector file, when the shared folder is there. */
void fuzz_seed_vectors(const char *file, const char *key);
/* A file of the project. */
void fuzz_seed_source(const char *path);

/* Ends the program, and so the run, with where and what. */
#define FUZZ_REQUIRE(claim)                                                                                            \
	do {                                                                                                           \
		if (!(claim))                                                                                          \
			fuzz_fail(__FILE__, __LINE__, #claim);                                                         \
	} while (0)
_Noreturn void fuzz_fail(const char *file, int line, const char *claim);
/* Requires the text made again to be the one that was read, and frees it. */
#define FUZZ_SAME(input, again) FUZZ_REQUIRE(fuzz_same(input, again))
bool fuzz_same(struct told_bytes input, struct told_buf *again);
/* Lines of a text, the one behind its last newline included. */
size_t fuzz_lines(struct told_bytes text);

#endif
