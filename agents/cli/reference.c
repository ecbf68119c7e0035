/* SPDX-License-Identifier: Apache-2.0 */
/* A client's reference as somebody typed it: judged before a call is made, because a slip on the telephone is the
 * commonest error, and the next one would be somebody else's story. Pure. */
#include "agents/cli/cli.h"

#include "proto/code.h"

int told_check_client(struct told_cli *cli, const char *client)
{
	uint8_t ref[TOLD_ID_BYTES];
	const char *why = told_code_fault(told_text(client), ref);
	if (why == NULL)
		return TOLD_EXIT_DONE;
	return told_fail(
		cli, TOLD_EXIT_USAGE, "This is not the reference of a card.", why,
		"Compare it with the card sign by sign. Blanks, hyphens and small letters do not matter; there is no "
		"I, L, O or U but as the last sign.");
}
