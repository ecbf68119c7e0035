/* SPDX-License-Identifier: Apache-2.0 */
/* The party-name table: the names that agreements and messages use ("HOU") as small numbers, so that sets of parties
 * are compared without strings. Numbers start at 1 and are never reused; 0 is nobody. Pure memory. */
#ifndef TOLD_AGREE_PARTY_H
#define TOLD_AGREE_PARTY_H

#include "told/bytes.h"
#include "told/limits.h"

/* A partnership of every public body of a country stays far below; beyond it somebody is filling memory. */
#define TOLD_PARTIES_MAX 65536u
#define TOLD_PARTY_NONE  0u

struct told_parties;

TOLD_MUST_USE enum told_status told_parties_new(struct told_parties **out);
void told_parties_free(struct told_parties *parties);

/* A name: 1 to TOLD_NAME_MAX_BYTES of A-Z, a-z, 0-9, '_' and '-', the first a letter. */
bool told_party_name_valid(struct told_bytes name);

/* The number of a name, given one now when it has none. E_MALFORMED for what is no name, E_LIMIT, E_MEMORY. */
TOLD_MUST_USE enum told_status told_party_intern(struct told_parties *parties, struct told_bytes name, uint32_t *party);

/* The number of a name; TOLD_PARTY_NONE when it has none. */
uint32_t told_party_find(const struct told_parties *parties, struct told_bytes name);

/* The name of a number, NUL-terminated, valid as long as the table; "?" for a number that was never given. */
const char *told_party_name(const struct told_parties *parties, uint32_t party);

/* How many names there are: numbers 1 to this are in use. */
uint32_t told_party_count(const struct told_parties *parties);

#endif
