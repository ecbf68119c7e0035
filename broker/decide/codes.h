/* SPDX-License-Identifier: Apache-2.0 */
/* The reason codes of a ruling and what they say to whom. One table (codes_table.h); numbers are never reused. */
#ifndef TOLD_DECIDE_CODES_H
#define TOLD_DECIDE_CODES_H

#include "broker/decide/decide.h"

/* Families; a code is family * 100 + number, as in the log's leaves. */
enum told_code_family {
	TOLD_FAMILY_ENV = 1,
	TOLD_FAMILY_PTY,
	TOLD_FAMILY_AGR,
	TOLD_FAMILY_SUB,
	TOLD_FAMILY_LAW,
	TOLD_FAMILY_OVR,
	TOLD_FAMILY_CON,
	TOLD_FAMILY_SEC,
	TOLD_FAMILY_WFL,
	TOLD_FAMILY_RGT,
	TOLD_FAMILY_OK
};

/* TOLD_CON_07 is 707. */
enum told_reason_code {
	TOLD_NO_CODE,
#define X(family, number, ...) TOLD_##family##_##number = TOLD_FAMILY_##family * 100 + 1##number - 100,
#include "broker/decide/codes_table.h"
#undef X
};

/* What an override does to a code (decision.md 4.3). */
enum told_under_override { TOLD_UNDER_S, TOLD_UNDER_N, TOLD_UNDER_R, TOLD_UNDER_X };

/* Who can mend it. */
enum told_cure {
	TOLD_CURE_NOBODY, /* nothing is broken */
	TOLD_CURE_SENDER,
	TOLD_CURE_SENDER_AGENCY,
	TOLD_CURE_EITHER_AGENCY,
	TOLD_CURE_REQUESTER,
	TOLD_CURE_ORIGINATOR,
	TOLD_CURE_AUTHOR_OF_SECTION,
	TOLD_CURE_SENIOR,
	TOLD_CURE_ON_CALL,
	TOLD_CURE_DPO,
	TOLD_CURE_CALDICOTT,
	TOLD_CURE_IG_LEAD,
	TOLD_CURE_BOTH_SPOCS,
	TOLD_CURE_OPERATOR,
	TOLD_CURE_COUNT
};

struct told_code_row {
	uint16_t code;
	uint8_t stage; /* 0 to 8 */
	uint8_t under; /* enum told_under_override */
	uint8_t cure;  /* enum told_cure */
	char name[8];  /* "CON-07" */
	char effects[4];
	const char *sender, *fix, *person, *auditor;
};

/* Whoever merely asked is told this, whatever the ruling was: same text, same size, as for an unknown person. */
#define TOLD_NOTHING_TO_RELEASE "Nothing to release."

/* The row of a code; NULL for a number that is none. */
const struct told_code_row *told_code_row(unsigned code);
/* The row at a place in the table; NULL from TOLD_CODE_COUNT on. */
const struct told_code_row *told_code_at(unsigned place);
/* The place of a code in the table; TOLD_CODE_COUNT for a number that is none. */
unsigned told_code_place(unsigned code);
/* The code of a name ("CON-07"), exactly as written; TOLD_NO_CODE when there is none. */
unsigned told_code_named(struct told_bytes name);
/* Who can mend it, in words ("your information-governance lead"), static. */
const char *told_cure_words(unsigned cure);

#endif
