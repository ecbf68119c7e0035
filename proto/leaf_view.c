/* SPDX-License-Identifier: Apache-2.0 */
/* Whose an entry is, by what stands in it. Shared by the broker, who answers agencies about their own flows, and by
 * told-audit, which cuts copies and exports for one party: both say the same. And what an entry is, in a word. Pure. */
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

const char *told_phase_word(uint32_t phase)
{
	static const char *const words[] = {
		[TOLD_PHASE_ACCEPTED] = "accepted",
		[TOLD_PHASE_HELD] = "held",
		[TOLD_PHASE_REFUSED] = "refused",
		[TOLD_PHASE_ANSWERED] = "answered",
		[TOLD_PHASE_DELIVERED] = "delivered",
		[TOLD_PHASE_ACKNOWLEDGED] = "acknowledged",
		[TOLD_PHASE_OPENED] = "opened",
		[TOLD_PHASE_EXPIRED] = "expired",
		[TOLD_PHASE_KEY] = "key",
		[TOLD_PHASE_AGREEMENT] = "agreement",
		[TOLD_PHASE_CONSENT] = "consent",
		[TOLD_PHASE_FLAG] = "flag",
		[TOLD_PHASE_ADMIN] = "admin",
		[TOLD_PHASE_OVERRIDE] = "override",
		[TOLD_PHASE_ERASURE] = "erasure",
		[TOLD_PHASE_AUDIT_QUERY] = "audit-query",
		[TOLD_PHASE_HEARTBEAT] = "heartbeat",
		[TOLD_PHASE_RESTORE] = "restore",
		[TOLD_PHASE_FINISHED] = "finished",
	};
	const char *word = phase < sizeof words / sizeof words[0] ? words[phase] : NULL;
	return word != NULL ? word : "?";
}
