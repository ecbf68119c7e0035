/* SPDX-License-Identifier: Apache-2.0 */
/* One note under the policy, as it is reported. */
#ifndef TOLD_AUDIT_READ_NOTES_H
#define TOLD_AUDIT_READ_NOTES_H

#include "evidence/audit/base/report.h"
#include "evidence/judge.h"

/* "line 2: ...", or without a line: completes "FILE: ". */
#define TOLD_NOTE_FAULT_BYTES 160u
void told_note_fault_put(const struct told_policy_fault *fault, char out[TOLD_NOTE_FAULT_BYTES]);

/* Takes note of the cosignatures on a checkpoint whose root was found to be right. */
void told_witnessed(struct told_report *report, const struct told_policy *policy, const struct told_judged_note *note);

#endif
