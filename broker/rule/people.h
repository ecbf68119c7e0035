/* SPDX-License-Identifier: Apache-2.0 */
/* Everybody whose facts are in memory, found by reference: the index that a ruling goes through. It owns the persons
 * and keeps them within a bound; who is pushed out is folded from the log again when next asked for. Pure memory. */
#ifndef TOLD_RULE_PEOPLE_H
#define TOLD_RULE_PEOPLE_H

#include "broker/rule/person.h"

struct told_people;

/* max_bytes: of all persons kept; the one kept last stays even where it alone is larger. TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_people_new(size_t max_bytes, struct told_people **out);
void told_people_free(struct told_people *people);

/* Who is kept under this reference; NULL when nobody is. Good until the next call that is not a find. */
struct told_person *told_people_find(struct told_people *people, const uint8_t ref[TOLD_ID_BYTES]);

/* Takes the person over, also on failure, and drops others where the bound demands it. Nobody may be kept under this
 * reference. TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_people_keep(struct told_people *people, struct told_person *person);

/* Makes a kept person ready to be ruled about: in as little memory as it needs, its records digested. To be called
 * after folds. TOLD_E_MEMORY: the person is as it was. */
TOLD_MUST_USE enum told_status told_people_settle(struct told_people *people, struct told_person *person,
						  const struct told_parties *parties);

/* Forgets one, or everybody. */
void told_people_drop(struct told_people *people, const uint8_t ref[TOLD_ID_BYTES]);
void told_people_clear(struct told_people *people);

size_t told_people_count(const struct told_people *people);
/* All that it holds, the index included. */
size_t told_people_bytes(const struct told_people *people);

#endif
