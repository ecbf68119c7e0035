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

/* TOLD_E_EXISTS: named already. TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_sight_name(json_t *book, enum told_sight_for why, const struct told_naming *how);
/* Takes two: the first asks, a second ends it. *ended: which it was. TOLD_E_NOT_FOUND: not named. TOLD_E_NOT_ALLOWED:
 * the same person again, or the worker themselves. */
TOLD_MUST_USE enum told_status told_sight_unname(json_t *book, const struct told_naming *how, bool *ended);
/* Whether a worker is named and may see nothing. */
bool told_sight_hides(const json_t *book, const char *worker);

#endif
