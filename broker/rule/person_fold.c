/* SPDX-License-Identifier: Apache-2.0 */
/* What every fold of a person needs: room that grows, parties and purposes as bits, bytes that stay. */
#include "broker/rule/person_fold.h"
#include "broker/decide/decide.h"
#include "broker/rule/settle.h"

#include <string.h>

/* From the name itself, above all numbers of parties: teams are the agencies' own and fill no table of ours. */
uint32_t told_team_number(struct told_bytes name)
{
	told_hash hash;
	if (name.len == 0)
		return 0;
	told_sha256(name, &hash);
	return told_u32(hash.b) | UINT32_C(0x80000000);
}

/* Room for one more item at the end of a growing list: the list with its item zeroed, or NULL. */
void *told_fold_grown(struct told_arena *arena, void *items, size_t size, size_t count, size_t *room)
{
	if (count < *room)
		return items;
	if (count >= TOLD_PERSON_RECORDS_MAX)
		return NULL;
	size_t more = *room == 0 ? 8 : *room * 2;
	if (more > TOLD_PERSON_RECORDS_MAX)
		more = TOLD_PERSON_RECORDS_MAX;
	void *list = told_arena_alloc(arena, more * size);
	if (list == NULL)
		return NULL;
	if (count > 0)
		memcpy(list, items, count * size);
	*room = more;
	return list;
}

uint32_t told_fold_party(struct told_fold *f, struct told_bytes name)
{
	uint32_t party = TOLD_PARTY_NONE;
	if (name.len > 0 && told_party_intern(f->parties, name, &party) != TOLD_OK)
		return TOLD_PARTY_NONE;
	return party;
}

uint32_t told_fold_purposes(struct told_u32_list list)
{
	uint32_t bits = 0;
	for (size_t i = 0; i < list.count; i++)
		bits |= TOLD_BIT32(list.items[i]);
	return bits;
}

void told_fold_id(uint8_t out[TOLD_ID_BYTES], struct told_bytes id)
{
	if (id.len == TOLD_ID_BYTES)
		memcpy(out, id.data, TOLD_ID_BYTES);
}

/* A copy in the person's arena. One that failed must not pass for an empty name, which means everybody. */
enum told_status told_fold_keep(struct told_fold *f, struct told_bytes name, struct told_bytes *out)
{
	*out = told_arena_copy(f->person->arena, name);
	return out->len == name.len ? TOLD_OK : TOLD_E_LIMIT;
}
