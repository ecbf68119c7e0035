/* SPDX-License-Identifier: Apache-2.0 */
/* Which workers of this agency may not see a conference, because they work with the alleged perpetrator or the
 * household: a document for each conference, written by the agency's contact. It never leaves the vault. Pure: jansson
 * only. */
#ifndef TOLD_SIGHT_BOOK_H
#define TOLD_SIGHT_BOOK_H

#include "told/bytes.h"

#include <jansson.h>

enum told_sight_for { TOLD_SIGHT_NONE, TOLD_SIGHT_ALLEGED, TOLD_SIGHT_HOUSEHOLD };
/* "alleged", "household"; "" for none. */
const char *told_sight_word(enum told_sight_for why);

/* Who does it, to whom, and when. */
struct told_naming {
	const char *worker, *by;
	uint64_t now_ms;
};

/* Nobody is named, and the contact has said so: also that is known from then on. */
TOLD_MUST_USE enum told_status told_sight_declare(json_t *book, const char *by, uint64_t now_ms);
/* The contact has looked through their workers. */
bool told_sight_declared(const json_t *book);

/* The contact has looked again, and it is right as it stands; told_sight_name looks, too. */
TOLD_MUST_USE enum told_status told_sight_look(json_t *book, const char *by, uint64_t now_ms);
/* When they are to be looked at again, by months since the last look, or on the day (0: none) for which the conference
 * is put on the list again, whichever is first; 0: never, since nobody is named and it is over. */
uint64_t told_sight_look_due(const json_t *book, uint64_t review_ms, bool goes_on);

/* TOLD_E_EXISTS: named already. TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_sight_name(json_t *book, enum told_sight_for why, const struct told_naming *how);
/* Takes two: the first asks, a second ends it. *ended: which it was. TOLD_E_NOT_FOUND: not named. TOLD_E_NOT_ALLOWED:
 * the same person again, or the worker themselves. */
TOLD_MUST_USE enum told_status told_sight_unname(json_t *book, const struct told_naming *how, bool *ended);
/* Whether a worker is named and may see nothing. */
bool told_sight_hides(const json_t *book, const char *worker);

#endif
