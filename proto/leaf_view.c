/* SPDX-License-Identifier: Apache-2.0 */
/* Whose an entry is, by what stands in it. Shared by the broker, who answers agencies about their own flows, and by
 * told-audit, which cuts copies and exports for one party: both say the same. Pure. */
#include "proto/leaf.h"

#include "told/codes.h"
#include "told/vocabulary.h"

#define NO_RULING (TOLD_ENTRY_LEAF | TOLD_ENTRY_FACTS | TOLD_ENTRY_SUBJECT)

static bool merely_asks(const struct told_leaf *leaf)
{
	return leaf->type == TOLD_TYPE_ASK || leaf->type == TOLD_TYPE_KNOWN;
}

unsigned told_leaf_open_to(const struct told_leaf *leaf, struct told_bytes party)
{
	bool sent = party.len > 0 && told_bytes_equal(leaf->sender, party);
	bool reached = party.len > 0 && leaf->phase == TOLD_PHASE_DELIVERED && told_bytes_equal(leaf->recipient, party);
	if (merely_asks(leaf))
		return reached || (sent && leaf->phase == TOLD_PHASE_ANSWERED) ? NO_RULING : 0;
	if (sent)
		return TOLD_ENTRY_WHOLE;
	return reached ? NO_RULING : 0;
}
