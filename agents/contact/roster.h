/* SPDX-License-Identifier: Apache-2.0 */
/* Who is this agency's contact for conferences, and who stands in for them: a document with two seats and those who sat
 * there before. Pure: jansson only. */
#ifndef TOLD_CONTACT_ROSTER_H
#define TOLD_CONTACT_ROSTER_H

#include "told/bytes.h"

#include <jansson.h>

enum told_contact_seat { TOLD_CONTACT_NONE, TOLD_CONTACT_FIRST, TOLD_CONTACT_DEPUTY, TOLD_CONTACT_SEATS };
/* "contact", "deputy"; "" for none. */
const char *told_contact_seat_word(enum told_contact_seat seat);

/* Which seat a worker has. An empty or missing document has nobody. */
enum told_contact_seat told_roster_seat(const json_t *roster, const char *worker);
/* The worker in a seat; NULL: nobody. Lives as long as the document. */
const char *told_roster_worker(const json_t *roster, enum told_contact_seat seat);

/* Who does it, to whom, and when. */
struct told_appointing {
	const char *worker, *by;
	uint64_t now_ms;
};
/* Whoever had the seat goes to "past". TOLD_E_EXISTS: the worker has a seat already; TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_roster_appoint(json_t *roster, enum told_contact_seat seat,
						   const struct told_appointing *how);
/* TOLD_E_NOT_FOUND: the worker has none. */
TOLD_MUST_USE enum told_status told_roster_leave(json_t *roster, const struct told_appointing *how);

#endif
