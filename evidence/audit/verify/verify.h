/* SPDX-License-Identifier: Apache-2.0 */
/* One verification of a log, as `told-audit verify` and the drill run it. */
#ifndef TOLD_AUDIT_VERIFY_VERIFY_H
#define TOLD_AUDIT_VERIFY_VERIFY_H

#include "evidence/audit/base/audit.h"
#include "evidence/audit/base/options.h"
#include "evidence/audit/base/report.h"
#include "evidence/audit/read/source.h"

/* What to verify: one of store and tiles, a policy, and what is outside. Paths are the caller's. */
struct told_verify_request {
	const char *store, *tiles, *policy;
	struct told_source *source; /* open already, and left open: then store and tiles only name it */
	struct told_words against, receipts;
	const uint8_t *operator_key; /* 32 bytes, or NULL: what the operator signed with its first key is not checked */
	bool at_given;
	uint64_t at_ms; /* freshness is judged at this time */
};

/* Holds the store still or copies it, walks every log, and judges. report was initialised by the caller, who frees it.
 * Gives TOLD_AUDIT_GOOD when the report is judged (told_report_exit then says how it stands), or the code of what could
 * not be read, after a complaint on io->err. */
int told_verify_log(const struct told_verify_request *request, const struct told_audit_io *io,
		    struct told_report *report);

#endif
