/* SPDX-License-Identifier: Apache-2.0 */
/* A need of a person, and how much it is in the way from 1 to 5: as they say themselves and as a worker sees it, first
 * and last (practice.md section 5). A document; no vault, no clock. */
#ifndef TOLD_OUTCOME_NEED_H
#define TOLD_OUTCOME_NEED_H

#include "told/bytes.h"

#include <jansson.h>

#define TOLD_IN_THE_WAY_MAX 5

/* What became of a rating. */
enum told_change { TOLD_CHANGE_BETTER, TOLD_CHANGE_SAME, TOLD_CHANGE_WORSE, TOLD_CHANGE_NOT_ASKED, TOLD_CHANGE_COUNT };
extern const char *const told_change_words[TOLD_CHANGE_COUNT];

/* How much it is in the way; 0: not asked. */
struct told_rating {
	int person, worker;
	int64_t at_utc_ms;
};

/* Lower case letters, digits and '-', 1 to 40: as a profile's list writes it. */
bool told_need_name_ok(struct told_bytes name);
/* Writes a rating into a document, which is made when *doc is NULL: {"need", "first", "last"?}. E_USAGE: no rating, or
 * one above 5; *doc is then as it was. E_MEMORY. */
TOLD_MUST_USE enum told_status told_need_rate(json_t **doc, const char *need, const struct told_rating *rating);
struct told_rating told_need_first(const json_t *doc);
/* Of the person's ratings, or of the worker's. */
enum told_change told_need_change(const json_t *doc, bool worker);

#endif
