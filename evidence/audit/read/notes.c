/* SPDX-License-Identifier: Apache-2.0 */
/* What a judged note says to the report. Touches memory only. */
#include "evidence/audit/read/notes.h"

#include <stdio.h>

void told_note_fault_put(const struct told_policy_fault *fault, char out[TOLD_NOTE_FAULT_BYTES])
{
	if (fault->line > 0)
		snprintf(out, TOLD_NOTE_FAULT_BYTES, "line %zu: %s", fault->line, fault->what);
	else
		snprintf(out, TOLD_NOTE_FAULT_BYTES, "%s", fault->what);
}

void told_witnessed(struct told_report *report, const struct told_policy *policy, const struct told_judged_note *note)
{
	uint64_t cosigned_ms = note->cosigned_s <= UINT64_MAX / 1000 ? note->cosigned_s * 1000 : UINT64_MAX;
	if (cosigned_ms > report->newest_cosigned_ms)
		report->newest_cosigned_ms = cosigned_ms;
	if (policy->quorum != TOLD_POLICY_NONE && note->checkpoint.size > report->quorum_size &&
	    told_policy_met(policy, note->signed_by))
		report->quorum_size = note->checkpoint.size;
}
