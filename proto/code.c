/* SPDX-License-Identifier: Apache-2.0 */
/* The reference on a card as people read it out. Pure. */
#include "proto/code.h"

#include <ctype.h>
#include <string.h>

/* Crockford's base32: no I, L, O, U. The check symbol is the number modulo 37, with five more signs for 32 to 36. */
static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
#define DIGITS      26u /* 130 bits hold 128 */
#define GROUP       5u
#define CHECK_PRIME 37u

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

/* One sign more: NULL, or what is wrong with it. */
static const char *take(unsigned values[DIGITS + 1], size_t *count, unsigned value)
{
	if (value == CHECK_PRIME)
		return "It holds a sign that no reference has.";
	if (*count < DIGITS && value >= 32)
		return "A check symbol stands in the middle of it.";
	if (*count > DIGITS)
		return "It is longer than a reference.";
	values[(*count)++] = value;
	return NULL;
}

const char *told_code_fault(struct told_bytes text, uint8_t ref[TOLD_ID_BYTES])
{
	unsigned values[DIGITS + 1];
	size_t count = 0;
	bool fits = true;
	memset(ref, 0, TOLD_ID_BYTES);
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '-' || text.data[i] == ' ')
			continue;
		const char *wrong = take(values, &count, symbol_value(text.data[i]));
		if (wrong != NULL)
			return wrong;
	}
	if (count != DIGITS + 1)
		return "Some of it is missing.";
	for (size_t i = 0; i < DIGITS; i++)
		fits &= put_digit(ref, i, values[i]);
	return fits && remainder_of(ref) == values[DIGITS]
		       ? NULL
		       : "Its check symbol does not fit: a sign is wrong, or two changed places.";
}

enum told_status told_code_read(struct told_bytes text, uint8_t ref[TOLD_ID_BYTES])
{
	return told_code_fault(text, ref) == NULL ? TOLD_OK : TOLD_E_MALFORMED;
}
