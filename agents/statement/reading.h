/* SPDX-License-Identifier: Apache-2.0 */
/* How old somebody must be to read a text with ease: the Flesch-Kincaid grade (Kincaid, Fishburne, Rogers and Chissom,
 * 1975: 0.39 words a sentence + 11.8 syllables a word - 15.59) and five years, for English. Syllables are groups of
 * vowels, a silent last e apart. It counts; it does not understand: only people can say whether they do. */
#ifndef TOLD_STATEMENT_READING_H
#define TOLD_STATEMENT_READING_H

#include "told/bytes.h"

struct told_reading {
	unsigned words, sentences, syllables;
};

/* Adds a text. A line ends a sentence that nothing else ended. */
void told_reading_add(struct told_reading *reading, struct told_bytes text);
/* In years; 0 for nothing. */
double told_reading_age(const struct told_reading *reading);

#endif
