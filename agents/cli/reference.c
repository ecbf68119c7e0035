/* SPDX-License-Identifier: Apache-2.0 */
/* A client's reference as somebody typed it: judged before a call is made, because a slip on the telephone is the
 * commonest error, and the next one would be somebody else's story. Pure. */
#include "agents/cli/cli.h"

#include <ctype.h>
#include <string.h>

/* Crockford's base32 and its five more signs for the check symbol, the number modulo 37. */
static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
#define DIGITS      26u
#define CHECK_PRIME 37u

/* The value of a sign as people read it out, O as 0 and I or L as 1; CHECK_PRIME for none. */
static unsigned value_of(int c)
{
	c = toupper(c);
	c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
	const char *at = c != '\0' ? strchr(symbols, c) : NULL;
	return at != NULL ? (unsigned)(at - symbols) : CHECK_PRIME;
}

/* Why it is no reference; NULL when it is one. */
static const char *fault(const char *client)
{
	size_t count = 0;
	unsigned rest = 0, last = 0;
	for (const char *c = client; *c != '\0'; c++) {
		if (*c == ' ' || *c == '-')
			continue;
		unsigned value = value_of((unsigned char)*c);
		if (value == CHECK_PRIME)
			return "It holds a sign that no reference has.";
		if (count < DIGITS && value >= 32)
			return "A check symbol stands in the middle of it.";
		if (count < DIGITS)
			rest = (rest * 32 + value) % CHECK_PRIME;
		last = value;
		count++;
	}
	if (count != DIGITS + 1)
		return count < DIGITS + 1 ? "Some of it is missing." : "It is longer than a reference.";
	return last == rest ? NULL : "Its check symbol does not fit: a sign is wrong, or two changed places.";
}

int told_check_client(struct told_cli *cli, const char *client)
{
	const char *why = fault(client);
	if (why == NULL)
		return TOLD_EXIT_DONE;
	return told_fail(
		cli, TOLD_EXIT_USAGE, "This is not the reference of a card.", why,
		"Compare it with the card sign by sign. Blanks, hyphens and small letters do not matter; there is no "
		"I, L, O or U but as the last sign.");
}
