/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean": the nearest of some words to one that was mistyped. */
#ifndef TOLD_AGREE_GUESS_H
#define TOLD_AGREE_GUESS_H

#include "told/bytes.h"

/* Keeps the nearest candidate so far. Zero-initialise with the word that was written. */
struct told_guess {
	struct told_bytes word;
	const char *best; /* NULL: nothing near enough */
	size_t distance;
};

/* Offers a candidate; it must live as long as the guess. At most two edits, and fewer than half the word, are near. */
void told_guess_offer(struct told_guess *guess, const char *candidate);

#endif
