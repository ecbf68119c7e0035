/* SPDX-License-Identifier: Apache-2.0 */
/* Counting words, sentences and syllables. Touches only its arguments. */
#include "agents/statement/reading.h"

#include <string.h>

static bool is_in(const char *set, uint8_t c)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'' || c >= 0x80;
}

static unsigned syllables_of(const uint8_t *word, size_t len)
{
	unsigned groups = 0;
	bool inside = false;
	for (size_t i = 0; i < len; i++) {
		bool vowel = is_in("aeiouyAEIOUY", word[i]);
		groups += vowel && !inside;
		inside = vowel;
	}
	if (len > 2 && word[len - 1] == 'e' && groups > 1 && !is_in("aeiouyl", word[len - 2]))
		groups--;
	return groups > 0 ? groups : 1;
}

/* The end of a word of letters; of a number its digits count as one word. */
static size_t word_end(struct told_bytes text, size_t at)
{
	while (at < text.len && (letter(text.data[at]) || (text.data[at] >= '0' && text.data[at] <= '9')))
		at++;
	return at;
}

void told_reading_add(struct told_reading *reading, struct told_bytes text)
{
	bool open = false; /* words since the last end of a sentence */
	for (size_t at = 0; at < text.len;) {
		size_t end = word_end(text, at);
		if (end > at) {
			reading->words++;
			reading->syllables += syllables_of(text.data + at, end - at);
			open = true;
			at = end;
			continue;
		}
		if (open && is_in(".?!\n", text.data[at])) {
			reading->sentences++;
			open = false;
		}
		at++;
	}
	reading->sentences += open;
}

double told_reading_age(const struct told_reading *r)
{
	if (r->words == 0 || r->sentences == 0)
		return 0;
	return 0.39 * r->words / r->sentences + 11.8 * r->syllables / r->words - 15.59 + 5;
}
