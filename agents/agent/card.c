/* SPDX-License-Identifier: Apache-2.0 */
/* The card: a reference that can be read out over the telephone, and four check words. Pure but for the random draw. */
#include "agents/agent/card.h"
#include "agents/agent/state.h"

#include <ctype.h>
#include <string.h>

/* Crockford's base32: no I, L, O, U. The check symbol is the number modulo 37, with five more signs for 32 to 36. */
static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
#define DIGITS      26u /* 130 bits hold 128 */
#define GROUP       5u
#define CHECK_PRIME 37u

static const char *const words[] = {
#include "agents/agent/words.h"
};
#define WORD_COUNT 512u
#define CARD_WORDS 4u
_Static_assert(sizeof words / sizeof words[0] == WORD_COUNT, "four words of 512 are 36 bits under a slow hash");

static unsigned remainder_of(const uint8_t ref[TOLD_ID_BYTES])
{
	unsigned rest = 0;
	for (size_t i = 0; i < TOLD_ID_BYTES; i++)
		rest = (rest * 256 + ref[i]) % CHECK_PRIME;
	return rest;
}

/* Five bits of the 130, from the left; the first two bits of all are zero. */
static unsigned digit_at(const uint8_t ref[TOLD_ID_BYTES], size_t index)
{
	unsigned value = 0;
	for (size_t bit = index * 5; bit < index * 5 + 5; bit++) {
		size_t at = bit - 2; /* in the reference */
		unsigned one = bit < 2 ? 0 : ref[at / 8] >> (7 - at % 8) & 1u;
		value = value << 1 | one;
	}
	return value;
}

void told_code_write(const uint8_t ref[TOLD_ID_BYTES], char out[TOLD_CODE_TEXT_BYTES])
{
	size_t n = 0;
	for (size_t i = 0; i < DIGITS; i++) {
		if (i > 0 && i % GROUP == 0 && i < DIGITS - 1)
			out[n++] = '-';
		out[n++] = symbols[digit_at(ref, i)];
	}
	out[n++] = '-';
	out[n++] = symbols[remainder_of(ref)];
	out[n] = '\0';
}

/* As it was read out; CHECK_PRIME for no symbol. */
static unsigned symbol_value(int c)
{
	c = toupper(c);
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	const char *at = c == '\0' ? NULL : strchr(symbols, c);
	return at == NULL ? CHECK_PRIME : (unsigned)(at - symbols);
}

static bool put_digit(uint8_t ref[TOLD_ID_BYTES], size_t index, unsigned value)
{
	for (size_t i = 0; i < 5; i++) {
		size_t bit = index * 5 + i;
		unsigned one = value >> (4 - i) & 1u;
		if (bit < 2 && one)
			return false;
		if (bit >= 2 && one)
			ref[(bit - 2) / 8] |= (uint8_t)(1u << (7 - (bit - 2) % 8));
	}
	return true;
}

enum told_status told_code_read(struct told_bytes text, uint8_t ref[TOLD_ID_BYTES])
{
	unsigned values[DIGITS + 1];
	size_t count = 0;
	memset(ref, 0, TOLD_ID_BYTES);
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '-' || text.data[i] == ' ')
			continue;
		unsigned value = symbol_value(text.data[i]);
		if (value == CHECK_PRIME || count > DIGITS || (count < DIGITS && value >= 32))
			return TOLD_E_MALFORMED;
		values[count++] = value;
	}
	if (count != DIGITS + 1)
		return TOLD_E_MALFORMED;
	for (size_t i = 0; i < DIGITS; i++)
		if (!put_digit(ref, i, values[i]))
			return TOLD_E_MALFORMED;
	return remainder_of(ref) == values[DIGITS] ? TOLD_OK : TOLD_E_MALFORMED;
}

/* ---- words ---- */

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
