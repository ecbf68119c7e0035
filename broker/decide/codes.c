/* SPDX-License-Identifier: Apache-2.0 */
/* The table of reason codes as data, and the three ways to find a row. Touches nothing else. */
#include "broker/decide/codes.h"

#include <assert.h>

static const struct told_code_row rows[] = {
#define X(family, number, at, effect, override, who, to_sender, mend, to_person, to_auditor)                           \
	{                                                                                                              \
		.code = TOLD_##family##_##number,                                                                      \
		.stage = at,                                                                                           \
		.under = TOLD_UNDER_##override,                                                                        \
		.cure = TOLD_CURE_##who,                                                                               \
		.name = #family "-" #number,                                                                           \
		.effects = effect,                                                                                     \
		.sender = to_sender,                                                                                   \
		.fix = mend,                                                                                           \
		.person = to_person,                                                                                   \
		.auditor = to_auditor,                                                                                 \
	},
#include "broker/decide/codes_table.h"
#undef X
};
static_assert(sizeof rows / sizeof rows[0] == TOLD_CODE_COUNT, "decision.md 4.6 has 94 codes");

enum place {
#define X(family, number, ...) PLACE_##family##_##number,
#include "broker/decide/codes_table.h"
#undef X
};

/* Place + 1 by code: one load instead of a search, and 0 for what is no code. */
static const uint8_t places[] = {
#define X(family, number, ...) [TOLD_##family##_##number] = PLACE_##family##_##number + 1,
#include "broker/decide/codes_table.h"
#undef X
};

static const char *const cure_words[TOLD_CURE_COUNT] = {
	[TOLD_CURE_NOBODY] = "nobody",
	[TOLD_CURE_SENDER] = "you",
	[TOLD_CURE_SENDER_AGENCY] = "your service",
	[TOLD_CURE_EITHER_AGENCY] = "the service concerned",
	[TOLD_CURE_REQUESTER] = "whoever asked",
	[TOLD_CURE_ORIGINATOR] = "the service that was told it",
	[TOLD_CURE_AUTHOR_OF_SECTION] = "the worker who wrote it",
	[TOLD_CURE_SENIOR] = "you and a named senior",
	[TOLD_CURE_ON_CALL] = "the on-call authoriser",
	[TOLD_CURE_DPO] = "the data protection officer",
	[TOLD_CURE_CALDICOTT] = "the Caldicott Guardian",
	[TOLD_CURE_IG_LEAD] = "your information-governance lead",
	[TOLD_CURE_BOTH_SPOCS] = "the contact points of both services",
	[TOLD_CURE_OPERATOR] = "the operator",
};

unsigned told_code_place(unsigned code)
{
	if (code >= sizeof places || !places[code])
		return TOLD_CODE_COUNT;
	return places[code] - 1u;
}

const struct told_code_row *told_code_at(unsigned place)
{
	return place < TOLD_CODE_COUNT ? &rows[place] : NULL;
}

const struct told_code_row *told_code_row(unsigned code)
{
	return told_code_at(told_code_place(code));
}

unsigned told_code_named(struct told_bytes name)
{
	for (size_t i = 0; i < TOLD_CODE_COUNT; i++)
		if (told_bytes_equal(name, told_text(rows[i].name)))
			return rows[i].code;
	return TOLD_NO_CODE;
}

const char *told_cure_words(unsigned cure)
{
	return cure < TOLD_CURE_COUNT ? cure_words[cure] : "?";
}
