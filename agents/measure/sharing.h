/* SPDX-License-Identifier: Apache-2.0 */
/* Which categories pass between two services under agreements and permissions, ruled by the decision itself: each as
 * the grant that an agent would give to a service that works with the person. Reads the files that it is told. */
#ifndef TOLD_AGENTS_SHARING_H
#define TOLD_AGENTS_SHARING_H

#include "broker/cases/cases.h"

struct told_sharing_ask {
	const char *const *agreements; /* paths; see told_case_request */
	size_t agreement_count;
	const char *permissions; /* a file of facts as `told decide --facts` takes it; or NULL */
	const char *clock;       /* "2026-11-22T10:00Z" */
};

/* Of each category why it does not pass, an index of broker/decide/codes.h; 0: it passes. */
struct told_shared {
	uint16_t code[TOLD_CATEGORY_COUNT];
};

/* Rules the categories of wanted; those not wanted are 0. Within one party all passes. The statuses and faults of
 * told_casebook_ask. */
TOLD_MUST_USE enum told_status told_sharing_rule(const struct told_sharing_ask *ask, const char *from, const char *to,
						 const struct told_catset *wanted, struct told_faults *faults,
						 struct told_shared *out);

#endif
