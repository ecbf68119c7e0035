/* SPDX-License-Identifier: Apache-2.0 */
/* Edit distance over short words, so that an error can name what was probably meant. */
#include "broker/agree/guess.h"

#include <string.h>

#define WORD_MAX 32u
#define NEAR_MAX 2u

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;
	return m < c ? m : c;
}

/* Letters compare without case: EMP.fit is one word typed with the wrong key held down. */
static bool same(uint8_t a, uint8_t b)
{
	if (a >= 'a' && a <= 'z')
		a = (uint8_t)(a - 'a' + 'A');
	if (b >= 'a' && b <= 'z')
		b = (uint8_t)(b - 'a' + 'A');
	return a == b;
}

/* Levenshtein, one row kept. */
static size_t distance(struct told_bytes a, struct told_bytes b)
{
	size_t row[WORD_MAX + 1];
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t corner = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t above = row[j];
			row[j] = min3(above + 1, row[j - 1] + 1,
				      corner + (same(a.data[i - 1], b.data[j - 1]) ? 0u : 1u));
			corner = above;
		}
	}
	return row[b.len];
}

void told_guess_offer(struct told_guess *guess, const char *candidate)
{
	struct told_bytes text = told_text(candidate);
	if (guess->word.len == 0 || guess->word.len > WORD_MAX || text.len > WORD_MAX)
		return;
	size_t far = distance(guess->word, text);
	if (far > NEAR_MAX || far * 2 >= guess->word.len + 1 || (guess->best != NULL && far >= guess->distance))
		return;
	guess->best = candidate;
	guess->distance = far;
}
