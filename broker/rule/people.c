/* SPDX-License-Identifier: Apache-2.0 */
/* A table of open addresses: reference to person, neighbours in memory beside each other. Touches the heap only. */
#include "broker/rule/people.h"

#include "told/seal.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 64u

struct slot {
	uint64_t hash; /* of the reference */
	struct told_person *person;
};

struct told_people {
	struct slot *slots;
	size_t cap, count; /* cap is a power of two, at most three quarters full */
	size_t hand;       /* where the search for somebody to drop goes on */
	size_t bytes, max_bytes;
	uint64_t seed; /* references are chosen by agencies: what collides is not theirs to know */
};

enum told_status told_people_new(size_t max_bytes, struct told_people **out)
{
	*out = NULL;
	uint8_t seed[8];
	struct told_people *people = calloc(1, sizeof *people);
	struct slot *slots = calloc(FIRST_SLOTS, sizeof *slots);
	enum told_status status = people && slots ? told_random(seed, sizeof seed) : TOLD_E_MEMORY;
	if (status != TOLD_OK) {
		free(slots);
		free(people);
		return status;
	}
	*people = (struct told_people){
		.slots = slots, .cap = FIRST_SLOTS, .max_bytes = max_bytes, .seed = told_u64(seed)};
	*out = people;
	return TOLD_OK;
}

void told_people_clear(struct told_people *people)
{
	for (size_t i = 0; i < people->cap; i++)
		told_person_free(people->slots[i].person);
	memset(people->slots, 0, people->cap * sizeof people->slots[0]);
	people->count = people->bytes = 0;
}

void told_people_free(struct told_people *people)
{
	if (people == NULL)
		return;
	told_people_clear(people);
	free(people->slots);
	free(people);
}

static uint64_t hash_of(const struct told_people *people, const uint8_t ref[TOLD_ID_BYTES])
{
	uint64_t hash = (told_u64(ref) ^ people->seed) * UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ hash >> 32 ^ told_u64(ref + 8)) * (people->seed | 1);
	return hash ^ hash >> 29;
}

/* The person's slot, or the free one where it would stand. */
static struct slot *slot_of(const struct told_people *people, uint64_t hash, const uint8_t ref[TOLD_ID_BYTES])
{
	size_t at = hash & (people->cap - 1);
	for (;; at = (at + 1) & (people->cap - 1)) {
		struct slot *slot = &people->slots[at];
		if (slot->person == NULL || (slot->hash == hash && memcmp(slot->person->ref, ref, TOLD_ID_BYTES) == 0))
			return slot;
	}
}

struct told_person *told_people_find(struct told_people *people, const uint8_t ref[TOLD_ID_BYTES])
{
	struct told_person *person = slot_of(people, hash_of(people, ref), ref)->person;
	if (person != NULL)
		person->asked = true;
	return person;
}

/* Whoever stood further on only because this place was taken moves up, so that no search stops too early. */
static void close_gap(struct told_people *people, size_t gap)
{
	size_t mask = people->cap - 1;
	for (size_t at = (gap + 1) & mask; people->slots[at].person != NULL; at = (at + 1) & mask) {
		size_t home = people->slots[at].hash & mask;
		if (((at - home) & mask) < ((at - gap) & mask))
			continue;
		people->slots[gap] = people->slots[at];
		people->slots[at] = (struct slot){0};
		gap = at;
	}
}

static void drop_at(struct told_people *people, struct slot *slot)
{
	people->bytes -= told_person_bytes(slot->person);
	people->count--;
	told_person_free(slot->person);
	*slot = (struct slot){0};
	close_gap(people, (size_t)(slot - people->slots));
}

void told_people_drop(struct told_people *people, const uint8_t ref[TOLD_ID_BYTES])
{
	struct slot *slot = slot_of(people, hash_of(people, ref), ref);
	if (slot->person != NULL)
		drop_at(people, slot);
}

/* Drops whoever was not asked for since the hand came by last, never the one that is to stay. */
static void make_room(struct told_people *people, const struct told_person *stays)
{
	while (people->bytes > people->max_bytes && people->count > 1) {
		struct slot *slot = &people->slots[people->hand & (people->cap - 1)];
		if (slot->person != NULL && slot->person != stays && !slot->person->asked) {
			drop_at(people, slot); /* somebody may have moved up: the hand stays */
			continue;
		}
		if (slot->person != NULL)
			slot->person->asked = false;
		people->hand++;
	}
}

static enum told_status grow(struct told_people *people)
{
	struct told_people larger = *people;
	larger.cap = people->cap * 2;
	larger.slots = calloc(larger.cap, sizeof *larger.slots);
	if (larger.slots == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < people->cap; i++)
		if (people->slots[i].person != NULL)
			*slot_of(&larger, people->slots[i].hash, people->slots[i].person->ref) = people->slots[i];
	free(people->slots);
	*people = larger;
	return TOLD_OK;
}

enum told_status told_people_keep(struct told_people *people, struct told_person *person)
{
	if ((people->count + 1) * 4 > people->cap * 3 && grow(people) != TOLD_OK) {
		told_person_free(person);
		return TOLD_E_MEMORY;
	}
	uint64_t hash = hash_of(people, person->ref);
	*slot_of(people, hash, person->ref) = (struct slot){hash, person};
	people->count++;
	people->bytes += told_person_bytes(person);
	make_room(people, person);
	return TOLD_OK;
}

enum told_status told_people_settle(struct told_people *people, struct told_person *person,
				    const struct told_parties *parties)
{
	size_t before = told_person_bytes(person);
	enum told_status status = told_person_settle(person);
	told_person_digest(person, parties);
	people->bytes += told_person_bytes(person) - before;
	make_room(people, person);
	return status;
}

size_t told_people_count(const struct told_people *people)
{
	return people->count;
}

size_t told_people_bytes(const struct told_people *people)
{
	return sizeof *people + people->cap * sizeof people->slots[0] + people->bytes;
}
