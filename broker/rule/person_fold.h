/* SPDX-License-Identifier: Apache-2.0 */
/* What the folds of one person share. Private to this room. */
#ifndef TOLD_RULE_PERSON_FOLD_H
#define TOLD_RULE_PERSON_FOLD_H

#include "broker/rule/person.h"

/* What one fold works with. */
struct told_fold {
	struct told_person *person;
	struct told_parties *parties;
	const struct told_header *header;
	struct told_entry entry;
};
typedef enum told_status told_fold_fn(struct told_fold *fold);

/* Room for one more item at the end of a growing list of the person's arena: the list, or NULL. */
void *told_fold_grown(struct told_arena *arena, void *items, size_t size, size_t count, size_t *room);

/* One more zeroed item of a list: its address, or NULL (TOLD_E_LIMIT). */
#define TOLD_FOLD_ADD(person, list) TOLD_FOLD_ADD_TO(person, list##s, list##_count, list##_room)
#define TOLD_FOLD_ADD_TO(person, items, count, room)                                                                   \
	((person)->items = told_fold_grown((person)->arena, (person)->items, sizeof *(person)->items, (person)->count, \
					   &(person)->room),                                                           \
	 (person)->items == NULL ? NULL : &(person)->items[(person)->count++])

/* The number of a party's name, made when it is new; TOLD_PARTY_NONE where none can be. */
uint32_t told_fold_party(struct told_fold *fold, struct told_bytes name);
uint32_t told_fold_purposes(struct told_u32_list list);

/* An id of the header; one of another length is left as it is. */
void told_fold_id(uint8_t out[TOLD_ID_BYTES], struct told_bytes id);

/* A text of the header kept with the person. */
enum told_status told_fold_keep(struct told_fold *fold, struct told_bytes name, struct told_bytes *out);

/* ---- person_relationship.c ---- */

told_fold_fn told_fold_relationship;
enum told_status told_fold_relate(struct told_fold *fold, const struct told_relationship_facts *facts,
				  struct told_bytes worker);
/* Ends the live relationships of this kind and party at the entry's time: of one worker of one team, or, where neither
 * is named and `whole` says so, of all. */
void told_fold_unrelate(struct told_fold *fold, unsigned kind, uint32_t party, uint32_t team, struct told_bytes worker,
			bool whole);

/* ---- person_referral.c, person_conference.c ---- */

told_fold_fn told_fold_referral, told_fold_referral_event;
told_fold_fn told_fold_conference;

#endif
