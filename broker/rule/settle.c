/* SPDX-License-Identifier: Apache-2.0 */
/* Between folds a person takes no more memory than the facts need: a copy of every list in an arena of just that size.
 * Pure memory. */
#include "broker/rule/settle.h"

#include <stddef.h>
#include <string.h>

/* Every list of a person: where it is, what an item takes, and where its texts are. */
static const struct {
	size_t items, count, room, size;
} lists[] = {
#define LIST(items, count, room)                                                                                       \
	{                                                                                                              \
		offsetof(struct told_person, items), offsetof(struct told_person, count),                              \
			offsetof(struct told_person, room), sizeof *((struct told_person *)0)->items                   \
	}
	LIST(consents, consent_count, consent_room),
	LIST(withdrawals, withdrawal_count, withdrawal_room),
	LIST(relationship_workers, relationship_count, relationship_room),
	LIST(relationships, relationship_count, relationship_room),
	LIST(restrictions, restriction_count, restriction_room),
	LIST(holds, hold_count, hold_room),
	LIST(excluded, excluded_count, excluded_room),
	LIST(excluded_by, excluded_count, excluded_room),
	LIST(referrals, referral_count, referral_room),
	LIST(conferences, conference_count, conference_room),
	LIST(moves, move_count, move_room),
#undef LIST
};
#define LISTS (sizeof lists / sizeof lists[0])

static void *at(const struct told_person *person, size_t offset)
{
	return (uint8_t *)(uintptr_t)person + offset;
}

static size_t count_of(const struct told_person *person, size_t list)
{
	return *(size_t *)at(person, lists[list].count);
}

/* As an arena hands it out. */
static size_t rounded(size_t bytes)
{
	return (bytes + 15) / 16 * 16;
}

static size_t bytes_of_texts(const struct told_bytes *texts, size_t count)
{
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += rounded(texts[i].len);
	return bytes;
}

static size_t bytes_needed(const struct told_person *person)
{
	size_t bytes = bytes_of_texts(person->relationship_workers, person->relationship_count) +
		       bytes_of_texts(person->excluded, person->excluded_count);
	for (size_t i = 0; i < LISTS; i++)
		bytes += rounded(count_of(person, i) * lists[i].size);
	for (size_t i = 0; i < person->consent_count; i++)
		bytes += rounded(person->consents[i].recipient_count * sizeof person->consents[i].recipients[0]);
	return bytes;
}

static bool copy(struct told_arena *arena, const void *from, size_t bytes, void *to_pointer)
{
	void *to = told_arena_alloc(arena, bytes);
	if (to != NULL && bytes > 0)
		memcpy(to, from, bytes);
	memcpy(to_pointer, &to, sizeof to);
	return to != NULL;
}

static bool copy_lists(const struct told_person *person, struct told_person *moved)
{
	bool made = true;
	for (size_t i = 0; made && i < LISTS; i++) {
		void *items;
		memcpy(&items, at(person, lists[i].items), sizeof items);
		made = copy(moved->arena, items, count_of(person, i) * lists[i].size, at(moved, lists[i].items));
		*(size_t *)at(moved, lists[i].room) = count_of(person, i);
	}
	return made;
}

static bool copy_texts(struct told_arena *arena, struct told_bytes *texts, size_t count)
{
	bool made = true;
	for (size_t i = 0; made && i < count; i++) {
		struct told_bytes text = told_arena_copy(arena, texts[i]);
		made = text.len == texts[i].len;
		texts[i] = text;
	}
	return made;
}

static bool copy_parts(struct told_person *moved)
{
	bool made = copy_texts(moved->arena, moved->relationship_workers, moved->relationship_count) &&
		    copy_texts(moved->arena, moved->excluded, moved->excluded_count);
	for (size_t i = 0; made && i < moved->consent_count; i++) {
		struct told_consent *c = &moved->consents[i];
		made = copy(moved->arena, c->recipients, c->recipient_count * sizeof c->recipients[0], &c->recipients);
	}
	return made;
}

/* All or nothing: the person is changed only when the copy is whole. */
static enum told_status move(struct told_person *person, size_t max_bytes)
{
	struct told_person moved = *person;
	enum told_status status = told_arena_new(max_bytes, &moved.arena);
	if (status != TOLD_OK)
		return status;
	if (!copy_lists(person, &moved) || !copy_parts(&moved)) {
		told_arena_free(moved.arena);
		return TOLD_E_MEMORY;
	}
	told_arena_free(person->arena);
	*person = moved;
	return TOLD_OK;
}

enum told_status told_person_open(struct told_person *person, size_t max_bytes)
{
	enum told_status status = move(person, max_bytes);
	if (status == TOLD_OK)
		person->settled = false;
	return status;
}

enum told_status told_person_settle(struct told_person *person)
{
	size_t bytes = bytes_needed(person);
	enum told_status status = person->settled ? TOLD_OK : move(person, bytes);
	if (status != TOLD_OK)
		return status;
	person->settled = true;
	person->bytes = sizeof *person + bytes;
	return TOLD_OK;
}

size_t told_person_bytes(const struct told_person *person)
{
	return person->bytes;
}
