/* SPDX-License-Identifier: Apache-2.0 */
/* Judges a note by the keys of the policy. Touches memory only. */
#include "evidence/judge.h"

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

/* Why told_note_open_at refused; line: what it said. */
static const char *why_no_note(enum told_status status, size_t line)
{
	switch (status) {
	case TOLD_E_SIGNATURE:
		return line > 0 ? "this signature names a key of the policy and does not verify"
				: "no signature under a key of the policy";
	case TOLD_E_LIMIT: return line > 0 ? "too many signatures" : "it is longer than a checkpoint can be";
	default: return "this has not the form of a signed note (C2SP): a text, an empty line, signature lines";
	}
}

static enum told_status parse_checkpoint(struct told_bytes text, struct told_checkpoint *out,
					 struct told_policy_fault *fault)
{
	static const char *const whats[] = {
		"a checkpoint in the form of C2SP begins with the name of its log",
		"the size has to be a plain decimal number (checkpoint in the form of C2SP)",
		"the root has to be 32 bytes in base64 (checkpoint in the form of C2SP)",
		"a checkpoint in the form of C2SP has three lines, and no more",
	};
	enum told_status status = told_checkpoint_parse_at(text, out, &fault->line);
	if (status != TOLD_OK)
		fault->what = whats[fault->line - 1];
	return status;
}

enum told_status told_note_read(struct told_bytes note, struct told_checkpoint *out, struct told_policy_fault *fault)
{
	struct told_bytes text;
	enum told_status status = told_note_text_at(note, &text, &fault->line);
	if (status == TOLD_OK)
		return parse_checkpoint(text, out, fault);
	fault->what = why_no_note(status, fault->line);
	return status;
}

enum told_status told_note_judge(const struct told_policy *policy, struct told_bytes note, struct told_judged_note *out,
				 struct told_policy_fault *fault)
{
	struct told_note_line lines[TOLD_POLICY_KEYS_MAX];
	struct told_bytes text;
	size_t count = 0;
	*out = (struct told_judged_note){0};
	enum told_status status =
		told_note_open_at(note, policy->keys, policy->key_count, &text, lines, &count, &fault->line);
	if (status != TOLD_OK)
		fault->what = why_no_note(status, fault->line);
	else
		status = parse_checkpoint(text, &out->checkpoint, fault);
	if (status != TOLD_OK)
		return status;
	bool by_log = false, by_ended = false;
	for (size_t i = 0; i < count; i++) {
		size_t key = lines[i].vkey;
		out->signed_by[key] = true;
		if (key < policy->log_count && told_bytes_equal(policy->keys[key].name, out->checkpoint.origin)) {
			bool ended = out->checkpoint.size > policy->last_size[key];
			by_log |= !ended;
			by_ended |= ended;
		}
		if (key >= policy->log_count && lines[i].time_s > out->cosigned_s)
			out->cosigned_s = lines[i].time_s;
	}
	out->log = told_origin_number(out->checkpoint.origin);
	*fault = (struct told_policy_fault){
		.what = by_ended ? "only a key signed it that had ended before this size, as the policy says"
				 : "it is not signed by the log that its first line names"};
	return by_log ? TOLD_OK : TOLD_E_SIGNATURE;
}
