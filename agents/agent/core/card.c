/* SPDX-License-Identifier: Apache-2.0 */
/* The four check words of a card. Pure but for the random draw. */
#include "agents/agent/core/card.h"
#include "agents/agent/core/state.h"

#include <ctype.h>
#include <string.h>

static const char *const words[] = {
#include "agents/agent/core/words.h"
};
#define WORD_COUNT 512u
#define CARD_WORDS 4u
_Static_assert(sizeof words / sizeof words[0] == WORD_COUNT, "four words of 512 are 36 bits under a slow hash");

enum told_status told_words_draw(char out[TOLD_WORDS_TEXT_BYTES])
{
	uint16_t random[CARD_WORDS];
	size_t n = 0;
	enum told_status status = told_random(random, sizeof random);
	for (size_t i = 0; status == TOLD_OK && i < CARD_WORDS; i++) {
		const char *word = words[random[i] % WORD_COUNT];
		if (i > 0)
			out[n++] = ' ';
		memcpy(out + n, word, strlen(word));
		n += strlen(word);
	}
	out[n] = '\0';
	told_wipe(random, sizeof random);
	return status;
}

static bool is_word(const char *text, size_t len)
{
	for (size_t i = 0; i < WORD_COUNT; i++)
		if (strlen(words[i]) == len && memcmp(words[i], text, len) == 0)
			return true;
	return false;
}

enum told_status told_words_settle(struct told_bytes text, char out[TOLD_WORDS_TEXT_BYTES])
{
	size_t n = 0, count = 0, begin = 0;
	for (size_t i = 0; i <= text.len; i++) {
		bool blank = i == text.len || strchr(" \t\n,-", text.data[i]) != NULL;
		if (!blank && n + 1 < TOLD_WORDS_TEXT_BYTES) {
			out[n++] = (char)tolower(text.data[i]);
		} else if (!blank) {
			return TOLD_E_MALFORMED;
		} else if (n > begin) {
			if (!is_word(out + begin, n - begin) || ++count > CARD_WORDS || n + 2 >= TOLD_WORDS_TEXT_BYTES)
				return TOLD_E_MALFORMED;
			out[n++] = ' ';
			begin = n;
		}
	}
	out[n > 0 ? n - 1 : 0] = '\0';
	return count == CARD_WORDS ? TOLD_OK : TOLD_E_MALFORMED;
}
