/* SPDX-License-Identifier: Apache-2.0 */
/* A directory's life, the order of its facts, and its parties: enrolled, suspended, left, revoked. */
#include "broker/agree/directory_parts.h"

#include "told/seal.h"

#include <stdlib.h>

enum told_status told_directory_new(struct told_directory **out)
{
	*out = calloc(1, sizeof **out);
	return *out != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

void told_directory_free(struct told_directory *directory)
{
	if (directory == NULL)
		return;
	free(directory->party_last);
	free(directory->changes);
	free(directory->keys);
	told_index_free(&directory->key_by_id);
	told_index_free(&directory->key_by_job);
	told_directory_free_agreements(directory);
	told_directory_free_workers(directory);
	free(directory);
}

/* ---- parties ---- */

/* What an action makes of a state; UNKNOWN with a status where it makes nothing. */
static const struct {
	enum told_party_state next;
	enum told_status status;
} steps[TOLD_PARTY_STATE_COUNT][TOLD_PARTNER_ACTION_REVOKE + 1] = {
#define NEXT(state)                                                                                                    \
	{                                                                                                              \
		TOLD_PARTY_##state, TOLD_OK                                                                            \
	}
#define ALREADY                                                                                                        \
	{                                                                                                              \
		TOLD_PARTY_UNKNOWN, TOLD_E_EXISTS                                                                      \
	}
#define NOBODY                                                                                                         \
	{                                                                                                              \
		TOLD_PARTY_UNKNOWN, TOLD_E_NOT_FOUND                                                                   \
	}
#define NONSENSE                                                                                                       \
	{                                                                                                              \
		TOLD_PARTY_UNKNOWN, TOLD_E_UNKNOWN                                                                     \
	}
	/*                        (none)    ENROL           SUSPEND          RESUME          LEAVE       REVOKE */
	[TOLD_PARTY_UNKNOWN] = {NONSENSE, NEXT(ENROLLED), NOBODY, NOBODY, NOBODY, NOBODY},
	[TOLD_PARTY_ENROLLED] = {NONSENSE, ALREADY, NEXT(SUSPENDED), ALREADY, NEXT(LEFT), NEXT(REVOKED)},
	[TOLD_PARTY_SUSPENDED] = {NONSENSE, ALREADY, ALREADY, NEXT(ENROLLED), NEXT(LEFT), NEXT(REVOKED)},
	[TOLD_PARTY_LEFT] = {NONSENSE, NEXT(ENROLLED), NOBODY, NOBODY, ALREADY, NOBODY},
	[TOLD_PARTY_REVOKED] = {NONSENSE, NEXT(ENROLLED), NOBODY, NOBODY, NEXT(LEFT), ALREADY},
#undef NEXT
#undef ALREADY
#undef NOBODY
#undef NONSENSE
};

/* Room for one more change, of this party. */
static enum told_status change_room(struct told_directory *directory, uint32_t party)
{
	if (party >= directory->party_cap) {
		size_t cap = (size_t)party * 2 + 8;
		uint32_t *last = realloc(directory->party_last, cap * sizeof *last);
		if (last == NULL)
			return TOLD_E_MEMORY;
		for (size_t i = directory->party_cap; i < cap; i++)
			last[i] = TOLD_NOTHING;
		directory->party_last = last;
		directory->party_cap = cap;
	}
	struct party_change *changes = told_list_room(directory->changes, directory->change_count,
						      &directory->change_cap, sizeof *changes, TOLD_NOTHING);
	if (changes == NULL)
		return TOLD_E_MEMORY;
	directory->changes = changes;
	return TOLD_OK;
}

static void change(struct told_directory *directory, struct told_entry entry, uint32_t party,
		   enum told_party_state state)
{
	directory->changes[directory->change_count] =
		(struct party_change){.state = state, .entry = entry, .older = directory->party_last[party]};
	directory->party_last[party] = (uint32_t)directory->change_count++;
}

/* A party that comes back with a key that it had and that nobody revoked brings nothing new. */
static enum told_status enrol_key(struct told_directory *directory, struct told_entry entry,
				  const struct told_key_fact *key)
{
	if (key->key == NULL)
		return key->purpose == TOLD_KEY_SESSION ? TOLD_OK : TOLD_E_KEY;
	enum told_status status = told_key_check_new(directory, key);
	if (status == TOLD_E_EXISTS) {
		const struct told_key *known;
		told_hash id;
		told_key_id(key->key, &id);
		struct told_when now = {.utc_ms = entry.utc_ms, .log_size = TOLD_WHOLE_LOG};
		return told_directory_key(directory, key->party, key->purpose, &id, now, &known);
	}
	return status == TOLD_OK ? told_key_add(directory, entry, key) : status;
}

static uint32_t next_key_number(const struct told_directory *directory, uint32_t party, enum told_key_purpose purpose)
{
	uint32_t number = 0;
	for (size_t i = 0; i < directory->key_count; i++) {
		const struct told_key *key = &directory->keys[i];
		if (key->party == party && key->purpose == purpose && key->number > number)
			number = key->number;
	}
	return number + 1;
}

static enum told_status enrol(struct told_directory *directory, struct told_entry entry,
			      const struct told_partner_fact *fact)
{
	struct told_key_fact identity = {
		.party = fact->party,
		.action = TOLD_KEY_ACTION_ISSUE,
		.purpose = TOLD_KEY_IDENTITY,
		.key = fact->identity_key,
		.from_utc_ms = entry.utc_ms,
		.number = next_key_number(directory, fact->party, TOLD_KEY_IDENTITY),
	};
	struct told_key_fact session = identity;
	session.purpose = TOLD_KEY_SESSION;
	session.key = fact->session_key;
	session.number = next_key_number(directory, fact->party, TOLD_KEY_SESSION);
	size_t keys_before = directory->key_count;
	enum told_status status = enrol_key(directory, entry, &identity);
	if (status == TOLD_OK)
		status = enrol_key(directory, entry, &session);
	if (status != TOLD_OK)
		told_keys_cut(directory, keys_before);
	return status;
}

enum told_status told_directory_apply_partner(struct told_directory *directory, struct told_entry entry,
					      const struct told_partner_fact *fact)
{
	enum told_status status = told_directory_order(directory, entry);
	if (status != TOLD_OK)
		return status;
	if (fact->party == TOLD_PARTY_NONE || (unsigned)fact->action > TOLD_PARTNER_ACTION_REVOKE)
		return TOLD_E_UNKNOWN;
	if (fact->party > TOLD_PARTIES_MAX)
		return TOLD_E_LIMIT;
	enum told_party_state now = told_directory_party_now(directory, fact->party);
	if (steps[now][fact->action].status != TOLD_OK)
		return steps[now][fact->action].status;
	status = change_room(directory, fact->party);
	if (status != TOLD_OK)
		return status;
	if (fact->action == TOLD_PARTNER_ACTION_ENROL)
		status = enrol(directory, entry, fact);
	if (status != TOLD_OK)
		return status;
	if (fact->action == TOLD_PARTNER_ACTION_REVOKE)
		told_keys_revoke_all(directory, entry, fact->party);
	change(directory, entry, fact->party, steps[now][fact->action].next);
	told_directory_applied(directory, entry);
	return TOLD_OK;
}
