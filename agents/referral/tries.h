/* SPDX-License-Identifier: Apache-2.0 */
/* How somebody was looked for: each try, what came of it, and what is still missing before anybody may say "we lost
 * touch" (practice.md section 5). Pure: the tries come in, nothing is kept. */
#ifndef TOLD_REFERRAL_TRIES_H
#define TOLD_REFERRAL_TRIES_H

#include "told/bytes.h"

/* X(NAME, code, words): by which way. */
#define TOLD_TRY_WAYS(X)                                                                                               \
	X(TELEPHONE, "telephone", "by telephone")                                                                      \
	X(TEXT, "text", "by text message")                                                                             \
	X(EMAIL, "email", "by e-mail")                                                                                 \
	X(POST, "post", "by post")                                                                                     \
	X(VISIT, "visit", "at home or where they stay")                                                                \
	X(MEETING, "meeting", "at an appointment")                                                                     \
	X(OUTREACH, "outreach", "in a place where they are known")

enum told_try_way {
	TOLD_TRY_WAY_NONE,
#define X(name, code, words) TOLD_TRY_WAY_##name,
	TOLD_TRY_WAYS(X)
#undef X
		TOLD_TRY_WAY_COUNT
};

/* Counted as "we met" and "we did not meet"; what we cancelled ourselves stands beside it. */
enum told_try_result {
	TOLD_TRY_RESULT_NONE,
	TOLD_TRY_MET,
	TOLD_TRY_NOT_MET,
	TOLD_TRY_CANCELLED_BY_US,
	TOLD_TRY_RESULT_COUNT
};

enum told_try_through { TOLD_TRY_OURSELVES, TOLD_TRY_LEAD, TOLD_TRY_SUPPORTER, TOLD_TRY_THROUGH_COUNT };

/* Codes, [0] NULL where 0 is no value; for requests. */
extern const char *const told_try_ways[TOLD_TRY_WAY_COUNT];
extern const char *const told_try_results[TOLD_TRY_RESULT_COUNT];
extern const char *const told_try_throughs[TOLD_TRY_THROUGH_COUNT];
const char *told_try_way_words(enum told_try_way way);

struct told_try {
	enum told_try_way way;
	enum told_try_result result;
	enum told_try_through through;
	bool way_chosen;   /* the person chose this way */
	bool place_chosen; /* and the place and time */
	int64_t at_utc_ms;
};

/* What the tries amount to. Only what came after we last met counts towards having lost touch. */
struct told_search {
	unsigned met, not_met, cancelled_by_us; /* of all */
	unsigned attempts, ways;                /* since we last met: tries that did not meet; ways the person chose */
	bool place_chosen, through_others;
	/* said at the closing */
	bool hard_asked, message_left, referrer_told, reviewer_named, high_risk;
};
/* tries in the order of their times. Leaves what is said at the closing alone. */
void told_search_count(const struct told_try *tries, size_t count, struct told_search *out);
/* Whether nothing is missing; else a sentence for each thing that is, appended. */
bool told_search_enough(const struct told_search *search, struct told_buf *missing);

#endif
