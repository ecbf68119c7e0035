/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of two versions side by side: a table says what each is called and how it is printed; whatever prints
 * differently is a line. Private to this room. */
#ifndef TOLD_AGREE_DIFF_FIELDS_H
#define TOLD_AGREE_DIFF_FIELDS_H

#include "broker/agree/agreement.h"
#include "broker/agree/party.h"

struct terms {
	const struct told_agreement *older, *newer;
	const struct told_parties *names;
	struct told_buf *out;
};

/* Prints the value that begins at `at`; nothing for what is not stated. `with`: the words or the list it is of. */
typedef void told_value_fn(const struct terms *terms, const void *at, const void *with, struct told_buf *out);

struct field {
	const char *name;
	size_t at; /* of the member in its struct */
	told_value_fn *value;
	const void *with;
	const char *todo; /* what a reader of the line does about it; NULL: nothing */
};

told_value_fn told_value_text, told_value_date, told_value_end, told_value_number, told_value_span, told_value_flag,
	told_value_word, told_value_parties, told_value_party, told_value_categories, told_value_fingerprint,
	told_value_purposes, told_value_types, told_value_roles, told_value_marks, told_value_bars, told_value_clause;

/* The codes of a set of bits, joined by spaces: bit 0 is the list's first. */
void told_bits_print(uint64_t bits, enum told_list list, struct told_buf *out);

/* A flow that lists ASK carries ASK_REPLY, and the reverse (decision 4.3). */
static inline uint64_t told_types_carried(uint64_t types)
{
	const uint64_t asks = TOLD_BIT64(TOLD_TYPE_ASK) | TOLD_BIT64(TOLD_TYPE_ASK_REPLY);
	return (types & asks) != 0 ? types | asks : types;
}

/* "changes: WHERE: NAME was A, now B." for each field that differs. where may be "". */
void told_fields_differ(const struct terms *terms, const char *where, const struct field *fields, size_t count,
			const void *older, const void *newer);

/* Appends a line, unless the same stands there already: what two flows of the other version share is said once. */
__attribute__((format(printf, 2, 3))) void told_terms_say(const struct terms *terms, const char *format, ...);

/* diff_heads.c: the agreement itself and its parties; then groups, notices, thresholds and retention. */
void told_diff_head(const struct terms *terms);
void told_diff_lists(const struct terms *terms);
/* diff_terms.c: under which conditions what passes both times passes. */
void told_diff_flow_terms(const struct terms *terms);
void told_diff_profile_terms(const struct terms *terms);

#endif
