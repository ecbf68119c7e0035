/* SPDX-License-Identifier: Apache-2.0 */
/* An agency's profile: all that a told-agent knows of the agency it stands for. A folder with profile.yaml and an
 * intake form; a new agency is a new folder and no line of C (design section 2). Only this room reads YAML for the
 * agents. */
#ifndef TOLD_AGENTS_PROFILE_H
#define TOLD_AGENTS_PROFILE_H

#include "told/vocabulary.h"

/* X(NAME, suffix, words for one, words for more): how the profile writes a span ("2wd", "56d", "6w", "15min"). */
#define TOLD_PROMISE_UNITS(X)                                                                                          \
	X(MINUTES, "min", "minute", "minutes")                                                                         \
	X(HOURS, "h", "hour", "hours")                                                                                 \
	X(DAYS, "d", "day", "days")                                                                                    \
	X(WORKING_DAYS, "wd", "working day", "working days")                                                           \
	X(WEEKS, "w", "week", "weeks")                                                                                 \
	X(MONTHS, "m", "month", "months")

enum told_promise_unit {
#define X(name, suffix, one, more) TOLD_PROMISE_##name,
	TOLD_PROMISE_UNITS(X)
#undef X
		TOLD_PROMISE_UNIT_COUNT
};

/* A span of time as it was promised: calendar and bank holidays are applied by whoever counts it. */
struct told_promise {
	unsigned amount;
	enum told_promise_unit unit;
};

/* Marks of a party (decision.md section 6.2), one bit each. */
enum told_agency_mark {
	TOLD_AGENCY_MARK_PUBLIC = 1u << 0,
	TOLD_AGENCY_MARK_HSC = 1u << 1,
	TOLD_AGENCY_MARK_REVEALS = 1u << 2,
	TOLD_AGENCY_MARK_SPECIALIST = 1u << 3,
	TOLD_AGENCY_MARK_EMERGENCY = 1u << 4,
	TOLD_AGENCY_MARK_S213B = 1u << 5,
	TOLD_AGENCY_MARK_DEA = 1u << 6,
	TOLD_AGENCY_MARK_BYTEAM = 1u << 7,
};

/* A clock that the agency promises or that the law sets: which, how long, from which event, in words for the person. */
struct told_agency_clock {
	char *id, *within, *from, *words, *source; /* source: the law or standard; NULL when there is none */
	struct told_promise span;                  /* of within */
};

/* What can be done here (practice.md section 5). modality: in-person, telephone, ... */
struct told_offer {
	char *need, *words;
	char **modality;
	unsigned modality_count;
	char *supervision; /* "none" or "required" */
	char **not_suitable_when;
	unsigned not_suitable_when_count;
};

struct told_team {
	char *id, *name;
	bool duty; /* takes what is urgent and what names no team */
};

/* What the agency says when it cannot be reached otherwise; opens_with heads every screen that sends an alert. */
struct told_emergency {
	char *telephone, *hours, *opens_with;
};

/* Everything is owned by the profile. Text is UTF-8, NUL-terminated and never NULL unless said. */
struct told_profile {
	char *id;       /* the party, as agreements name it: "HOU" */
	char *name;     /* "Council housing team" */
	char *called;   /* in a sentence: "the housing team" */
	char *acts_for; /* the controller, when another party's; else NULL */
	char **marks;
	unsigned marks_count;
	char **originates;
	unsigned originates_count;
	char *form; /* file name of the intake form, in the profile's folder */
	char **languages;
	unsigned languages_count;
	char *telephone;
	struct told_emergency emergency;
	char **roles;
	unsigned roles_count;
	struct told_team *teams;
	unsigned teams_count;
	struct told_offer *does;
	unsigned does_count;
	struct told_agency_clock *clocks;
	unsigned clocks_count;

	unsigned mark_bits;            /* of marks, enum told_agency_mark */
	struct told_catset categories; /* of originates, prefixes written out */
	unsigned role_bits;            /* of roles, bit (enum told_role) */
};

/* Reads a profile from its bytes. file: the name for error texts. On failure *out is NULL and why (may be NULL) holds
 * "FILE:LINE:COLUMN: what is wrong". E_CONFIG: not a profile; E_UNKNOWN: a code that no list has; E_LIMIT; E_MEMORY. */
TOLD_MUST_USE enum told_status told_profile_read(struct told_bytes yaml, const char *file, struct told_profile **out,
						 struct told_buf *why);

/* Reads DIR/profile.yaml, and the bytes of the form that it names into form (caller's, bounded by its max_bytes).
 * Statuses and failure as above; E_NOT_FOUND and E_SYSTEM for files that are absent or cannot be read. */
TOLD_MUST_USE enum told_status told_profile_open(const char *dir, struct told_profile **out, struct told_buf *form,
						 struct told_buf *why);

void told_profile_free(struct told_profile *profile);

/* The clock of that id, borrowed; NULL when the profile has none. */
const struct told_agency_clock *told_profile_clock(const struct told_profile *profile, const char *id);
/* What is done here for a need, borrowed; NULL when nothing is. */
const struct told_offer *told_profile_offer(const struct told_profile *profile, const char *need);

/* "2wd" -> {2, WORKING_DAYS}. E_MALFORMED: no whole number from 1 to 999 followed by a unit. */
TOLD_MUST_USE enum told_status told_promise_parse(struct told_bytes text, struct told_promise *out);
/* "2 working days", appended. */
void told_promise_words(struct told_promise span, struct told_buf *out);

#endif
