/* SPDX-License-Identifier: Apache-2.0 */
/* Judges a note by the keys of the policy. Touches memory only. */
#include "evidence/audit/notes.h"

#include <string.h>

uint64_t told_origin_number(struct told_bytes origin)
{
	const uint8_t *slash = origin.len > 0 ? memrchr(origin.data, '/', origin.len) : NULL;
	uint64_t number = 0;
	if (slash == NULL)
		return 0;
	struct told_bytes digits = told_bytes(slash + 1, origin.len - (size_t)(slash + 1 - origin.data));
	return told_decimal(digits, INT64_MAX, &number) == TOLD_OK ? number : 0;
}

static const char *why_not(enum told_status status)
{
	switch (status) {
	case TOLD_E_SIGNATURE: return "no signature under a key of the policy, or one that does not verify";
	case TOLD_E_LIMIT: return "it is longer than a checkpoint can be";
	default: return "it is not a checkpoint in the form of C2SP (signed note, three lines)";
	}
}

enum told_status told_note_judge(const struct told_policy *policy, struct told_bytes note, struct told_judged_note *out,
				 const char **why)
{
	struct told_note_line lines[TOLD_POLICY_KEYS_MAX];
	struct told_bytes text;
	size_t count = 0;
	*out = (struct told_judged_note){0};
	enum told_status status = told_note_open(note, policy->keys, policy->key_count, &text, lines, &count);
	if (status == TOLD_OK)
		status = told_checkpoint_parse(text, &out->checkpoint);
	if (status != TOLD_OK) {
		*why = why_not(status);
		return status;
	}
	bool by_log = false;
	for (size_t i = 0; i < count; i++) {
		size_t key = lines[i].vkey;
		out->signed_by[key] = true;
		by_log |= key < policy->log_count && told_bytes_equal(policy->keys[key].name, out->checkpoint.origin);
		if (key >= policy->log_count && lines[i].time_s > out->cosigned_s)
			out->cosigned_s = lines[i].time_s;
	}
	out->log = told_origin_number(out->checkpoint.origin);
	*why = "it is not signed by the log that its first line names";
	return by_log ? TOLD_OK : TOLD_E_SIGNATURE;
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
