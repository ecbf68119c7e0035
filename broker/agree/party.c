/* SPDX-License-Identifier: Apache-2.0 */
/* The party-name table. It only grows: a number that a ruling has named must mean the same party for ever. */
#include "broker/agree/party.h"

#include "broker/agree/index.h"

#include <stdlib.h>
#include <string.h>

struct told_parties {
	char **names;
	size_t count, cap;
	struct told_index by_name;
};

enum told_status told_parties_new(struct told_parties **out)
{
	*out = calloc(1, sizeof **out);
	return *out != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

void told_parties_free(struct told_parties *parties)
{
	if (parties == NULL)
		return;
	for (size_t i = 0; i < parties->count; i++)
		free(parties->names[i]);
	free(parties->names);
	told_index_free(&parties->by_name);
	free(parties);
}

static bool letter(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool told_party_name_valid(struct told_bytes name)
{
	if (name.len == 0 || name.len > TOLD_NAME_MAX_BYTES || !letter(name.data[0]))
		return false;
	for (size_t i = 1; i < name.len; i++) {
		uint8_t c = name.data[i];
		if (!letter(c) && !(c >= '0' && c <= '9') && c != '_' && c != '-')
			return false;
	}
	return true;
}

uint32_t told_party_find(const struct told_parties *parties, struct told_bytes name)
{
	uint64_t hash = told_index_hash(0, name);
	uint32_t cursor = 0, at;
	while ((at = told_index_next(&parties->by_name, hash, &cursor)) != TOLD_INDEX_NONE)
		if (told_bytes_equal(told_text(parties->names[at]), name))
			return at + 1;
	return TOLD_PARTY_NONE;
}

static enum told_status add(struct told_parties *parties, struct told_bytes name)
{
	if (parties->count >= TOLD_PARTIES_MAX)
		return TOLD_E_LIMIT;
	char **names = told_list_room(parties->names, parties->count, &parties->cap, sizeof *names, TOLD_PARTIES_MAX);
	if (names == NULL)
		return TOLD_E_MEMORY;
	parties->names = names;
	char *copy = strndup((const char *)name.data, name.len);
	if (copy == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = told_index_put(&parties->by_name, told_index_hash(0, name), (uint32_t)parties->count);
	if (status != TOLD_OK) {
		free(copy);
		return status;
	}
	names[parties->count++] = copy;
	return TOLD_OK;
}

enum told_status told_party_intern(struct told_parties *parties, struct told_bytes name, uint32_t *party)
{
	*party = TOLD_PARTY_NONE;
	if (!told_party_name_valid(name))
		return TOLD_E_MALFORMED;
	uint32_t found = told_party_find(parties, name);
	if (found == TOLD_PARTY_NONE) {
		enum told_status status = add(parties, name);
		if (status != TOLD_OK)
			return status;
		found = (uint32_t)parties->count;
	}
	*party = found;
	return TOLD_OK;
}

const char *told_party_name(const struct told_parties *parties, uint32_t party)
{
	return party >= 1 && party <= parties->count ? parties->names[party - 1] : "?";
}

uint32_t told_party_count(const struct told_parties *parties)
{
	return (uint32_t)parties->count;
}
