/* SPDX-License-Identifier: Apache-2.0 */
/* The closed lists as tables of codes and words, out of the lists in told/vocabulary.h, and sets of categories.
 * Touches nothing else. A list without a column of codes uses its names as codes. */
#include "told/vocabulary.h"

#include <string.h>

struct row {
	const char *code;
	const char *words; /* NULL: the code serves */
	const char *person;
};

#define NAMED(number, name)                        [number] = {.code = #name},
#define NAMED_WORDS(number, name, text)            [number] = {.code = #name, .words = text},
#define CODED(number, name, text)                  [number] = {.code = text},
#define CODED_WORDS(number, name, text, says)      [number] = {.code = text, .words = says},
#define CODED_BOTH(number, name, text, says, told) [number] = {.code = text, .words = says, .person = told},

static const struct row types[] = {TOLD_TYPES(NAMED)};
static const struct row categories[] = {TOLD_CATEGORIES(CODED_WORDS)};
static const struct row purposes[] = {TOLD_PURPOSES(NAMED_WORDS)};
static const struct row art6s[] = {TOLD_ART6S(CODED)};
static const struct row art9s[] = {TOLD_ART9S(CODED)};
static const struct row art10s[] = {TOLD_ART10S(CODED)};
static const struct row confidentialities[] = {TOLD_CONFIDENTIALITIES(CODED)};
static const struct row powers[] = {TOLD_POWERS(CODED)};
static const struct row roles[] = {TOLD_ROLES(CODED)};
static const struct row worker_kinds[] = {TOLD_WORKER_KINDS(CODED)};
static const struct row voices[] = {TOLD_VOICES(NAMED_WORDS)};
static const struct row consent_kinds[] = {TOLD_CONSENT_KINDS(CODED)};
static const struct row consent_states[] = {TOLD_CONSENT_STATES(CODED)};
static const struct row givers[] = {TOLD_GIVERS(CODED)};
static const struct row evidences[] = {TOLD_EVIDENCES(CODED)};
static const struct row relationship_kinds[] = {TOLD_RELATIONSHIP_KINDS(CODED)};
static const struct row key_purposes[] = {TOLD_KEY_PURPOSES(CODED)};
static const struct row override_kinds[] = {TOLD_OVERRIDE_KINDS(CODED)};
static const struct row audit_purposes[] = {TOLD_AUDIT_PURPOSES(CODED_WORDS)};
static const struct row audit_askers[] = {TOLD_AUDIT_ASKERS(CODED_WORDS)};
static const struct row alert_events[] = {TOLD_ALERT_EVENTS(CODED_WORDS)};
static const struct row alert_outcomes[] = {TOLD_ALERT_OUTCOMES(CODED_WORDS)};
static const struct row referral_states[] = {TOLD_REFERRAL_STATES(CODED_WORDS)};
static const struct row reasons[] = {TOLD_REASONS(CODED_BOTH)};

/* Row 0 of each list is empty: numbers start at 1, so that absent is an error. */
struct list {
	const struct row *rows;
	unsigned count;
};

#define LIST(rows)                                                                                                     \
	{                                                                                                              \
		rows, sizeof rows / sizeof rows[0]                                                                     \
	}

static const struct list lists[] = {
	[TOLD_LIST_TYPE] = LIST(types),
	[TOLD_LIST_CATEGORY] = LIST(categories),
	[TOLD_LIST_PURPOSE] = LIST(purposes),
	[TOLD_LIST_ART6] = LIST(art6s),
	[TOLD_LIST_ART9] = LIST(art9s),
	[TOLD_LIST_ART10] = LIST(art10s),
	[TOLD_LIST_CONFIDENTIALITY] = LIST(confidentialities),
	[TOLD_LIST_POWER] = LIST(powers),
	[TOLD_LIST_ROLE] = LIST(roles),
	[TOLD_LIST_WORKER_KIND] = LIST(worker_kinds),
	[TOLD_LIST_VOICE] = LIST(voices),
	[TOLD_LIST_CONSENT_KIND] = LIST(consent_kinds),
	[TOLD_LIST_CONSENT_STATE] = LIST(consent_states),
	[TOLD_LIST_GIVER] = LIST(givers),
	[TOLD_LIST_EVIDENCE] = LIST(evidences),
	[TOLD_LIST_RELATIONSHIP] = LIST(relationship_kinds),
	[TOLD_LIST_KEY] = LIST(key_purposes),
	[TOLD_LIST_OVERRIDE] = LIST(override_kinds),
	[TOLD_LIST_AUDIT_PURPOSE] = LIST(audit_purposes),
	[TOLD_LIST_AUDIT_ASKER] = LIST(audit_askers),
	[TOLD_LIST_ALERT_EVENT] = LIST(alert_events),
	[TOLD_LIST_ALERT_OUTCOME] = LIST(alert_outcomes),
	[TOLD_LIST_REFERRAL] = LIST(referral_states),
	[TOLD_LIST_REASON] = LIST(reasons),
};

_Static_assert(sizeof lists / sizeof lists[0] == TOLD_LIST_COUNT, "each list has its table");
_Static_assert(sizeof types / sizeof types[0] == TOLD_TYPE_COUNT, "enum and table come from one list");
_Static_assert(TOLD_CATEGORY_COUNT - 1 <= 64 * TOLD_CATSET_WORDS, "a category set has a bit for each category");

/* NULL for what the list lacks. */
static const struct row *row_of(enum told_list list, unsigned value)
{
	if ((unsigned)list >= TOLD_LIST_COUNT || value >= lists[list].count || lists[list].rows[value].code == NULL)
		return NULL;
	return &lists[list].rows[value];
}

const char *told_code(enum told_list list, unsigned value)
{
	const struct row *row = row_of(list, value);
	return row != NULL ? row->code : "?";
}

unsigned told_value(enum told_list list, struct told_bytes code)
{
	unsigned max = told_list_max(list);
	for (unsigned value = 1; value <= max; value++) {
		const struct row *row = row_of(list, value);
		if (row != NULL && told_bytes_equal(told_text(row->code), code))
			return value;
	}
	return 0;
}

unsigned told_list_max(enum told_list list)
{
	return (unsigned)list < TOLD_LIST_COUNT ? lists[list].count - 1 : 0;
}

const char *told_words(enum told_list list, unsigned value)
{
	const struct row *row = row_of(list, value);
	return row != NULL && row->words != NULL ? row->words : told_code(list, value);
}

const char *told_reason_person(unsigned reason)
{
	const struct row *row = row_of(TOLD_LIST_REASON, reason);
	return row != NULL ? row->person : "?";
}

/* decision.md 4.7: these two are never meant by a prefix. */
static bool only_by_name(unsigned category)
{
	return category == TOLD_CATEGORY_DEM_FORMER || category == TOLD_CATEGORY_EQA;
}

/* "EMP.*" without its star; the dot stays, so that "E*" or "EM.*" reach nothing. */
static bool add_prefix(struct told_catset *set, struct told_bytes prefix)
{
	bool found = false;
	for (unsigned category = 1; category < TOLD_CATEGORY_COUNT; category++) {
		struct told_bytes code = told_text(told_code(TOLD_LIST_CATEGORY, category));
		if (only_by_name(category) || code.len <= prefix.len || memcmp(code.data, prefix.data, prefix.len) != 0)
			continue;
		told_catset_add(set, category);
		found = true;
	}
	return found;
}

enum told_status told_catset_add_code(struct told_catset *set, struct told_bytes code)
{
	unsigned category = told_value(TOLD_LIST_CATEGORY, code);
	if (category != 0) {
		told_catset_add(set, category);
		return TOLD_OK;
	}
	bool prefix = code.len > 2 && memcmp(code.data + code.len - 2, ".*", 2) == 0;
	if (prefix && add_prefix(set, told_bytes(code.data, code.len - 1)))
		return TOLD_OK;
	return TOLD_E_UNKNOWN;
}
