/* SPDX-License-Identifier: Apache-2.0 */
/* Keys by party and purpose, and when each may be believed (protocol section 1). */
#include "broker/agree/directory_parts.h"
#include "told/seal.h"

#include <stdlib.h>
#include <string.h>

static uint64_t id_hash(const told_hash *id)
{
	return told_u64(id->b);
}

static uint64_t job_hash(uint32_t party, enum told_key_purpose purpose, struct told_bytes worker)
{
	uint32_t job[2] = {party, (uint32_t)purpose};
	return told_index_hash(told_index_hash(0, told_bytes(job, sizeof job)), worker);
}

static struct told_key *find(const struct told_directory *directory, const told_hash *id)
{
	uint32_t cursor = 0, at;
	while ((at = told_index_next(&directory->key_by_id, id_hash(id), &cursor)) != TOLD_INDEX_NONE)
		if (at < directory->key_count && told_hash_equal(&directory->keys[at].id, id))
			return &directory->keys[at];
	return NULL;
}

static bool same_job(const struct told_key *key, uint32_t party, enum told_key_purpose purpose,
		     struct told_bytes worker)
{
	return key->party == party && key->purpose == purpose && told_bytes_equal(told_text(key->worker), worker);
}

/* ---- what a new key must be ---- */

static bool is_x25519(enum told_key_purpose purpose)
{
	return purpose == TOLD_KEY_SEALING || purpose == TOLD_KEY_CONTACT || purpose == TOLD_KEY_SESSION;
}

static bool needs_no_party(enum told_key_purpose purpose)
{
	return purpose == TOLD_KEY_OPERATOR || purpose == TOLD_KEY_LOG;
}

static bool well_formed(const struct told_key_fact *fact)
{
	bool purpose = fact->purpose > TOLD_KEY_NONE && fact->purpose < TOLD_KEY_COUNT;
	bool worker = fact->worker.len <= TOLD_NAME_MAX_BYTES &&
		      (fact->worker.len == 0 || told_utf8_valid(fact->worker)) &&
		      (fact->worker.len > 0) == (fact->purpose == TOLD_KEY_CONTACT);
	bool times = fact->until_utc_ms == 0 || fact->until_utc_ms > fact->from_utc_ms;
	return purpose && worker && times && fact->key != NULL && fact->party != TOLD_PARTY_NONE && fact->number > 0;
}

/* The entry with which the party's newest identity key came: numbers of what it certifies count from there, because an
 * agency that starts anew with fresh keys cannot know how far its old ones had counted. */
static uint64_t counted_from(const struct told_directory *directory, uint32_t party, enum told_key_purpose purpose,
			     uint64_t log_size)
{
	uint64_t from = 0;
	if (purpose == TOLD_KEY_IDENTITY || purpose == TOLD_KEY_SESSION)
		return 0;
	for (size_t i = 0; i < directory->key_count; i++) {
		const struct told_key *key = &directory->keys[i];
		bool counts = key->party == party && key->purpose == TOLD_KEY_IDENTITY && key->issued.number < log_size;
		if (counts && key->issued.number > from)
			from = key->issued.number;
	}
	return from;
}

static uint32_t highest_number(const struct told_directory *directory, const struct told_key_fact *fact)
{
	uint32_t highest = 0, cursor = 0, at;
	uint64_t from = counted_from(directory, fact->party, fact->purpose, TOLD_WHOLE_LOG);
	uint64_t hash = job_hash(fact->party, fact->purpose, fact->worker);
	while ((at = told_index_next(&directory->key_by_job, hash, &cursor)) != TOLD_INDEX_NONE) {
		const struct told_key *key = at < directory->key_count ? &directory->keys[at] : NULL;
		if (key != NULL && same_job(key, fact->party, fact->purpose, fact->worker) &&
		    key->issued.number >= from && key->number > highest)
			highest = key->number;
	}
	return highest;
}

enum told_status told_key_check_new(const struct told_directory *directory, const struct told_key_fact *fact)
{
	if (!well_formed(fact))
		return TOLD_E_KEY;
	told_hash id;
	told_key_id(fact->key, &id);
	const struct told_key *known = find(directory, &id);
	if (known != NULL)
		return same_job(known, fact->party, fact->purpose, fact->worker) ? TOLD_E_EXISTS : TOLD_E_KEY;
	if (fact->number <= highest_number(directory, fact))
		return TOLD_E_KEY;
	return is_x25519(fact->purpose) ? told_x25519_key_check(fact->key) : told_ed25519_key_check(fact->key);
}

/* ---- applying ---- */

enum told_status told_key_add(struct told_directory *directory, struct told_entry entry,
			      const struct told_key_fact *fact)
{
	static const struct told_entry never = {.number = TOLD_WHOLE_LOG};
	if (directory->key_count >= TOLD_DIRECTORY_KEYS_MAX)
		return TOLD_E_LIMIT;
	struct told_key *keys = told_list_room(directory->keys, directory->key_count, &directory->key_cap, sizeof *keys,
					       TOLD_DIRECTORY_KEYS_MAX);
	if (keys == NULL)
		return TOLD_E_MEMORY;
	directory->keys = keys;
	struct told_key *key = &keys[directory->key_count];
	*key = (struct told_key){
		.party = fact->party,
		.purpose = fact->purpose,
		.from_utc_ms = fact->from_utc_ms,
		.until_utc_ms = fact->until_utc_ms == 0 ? TOLD_NO_END : fact->until_utc_ms,
		.issued = entry,
		.retired = never,
		.revoked = never,
		.number = fact->number,
	};
	memcpy(key->key, fact->key, sizeof key->key);
	if (fact->worker.len > 0)
		memcpy(key->worker, fact->worker.data, fact->worker.len);
	told_key_id(fact->key, &key->id);
	uint32_t at = (uint32_t)directory->key_count;
	enum told_status status = told_index_put(&directory->key_by_id, id_hash(&key->id), at);
	if (status == TOLD_OK)
		status = told_index_put(&directory->key_by_job, job_hash(fact->party, fact->purpose, fact->worker), at);
	if (status == TOLD_OK)
		directory->key_count++;
	return status;
}

void told_keys_cut(struct told_directory *directory, size_t count)
{
	directory->key_count = count;
}

void told_keys_revoke_all(struct told_directory *directory, struct told_entry entry, uint32_t party)
{
	for (size_t i = 0; i < directory->key_count; i++) {
		struct told_key *key = &directory->keys[i];
		if (key->party == party && key->revoked.number == TOLD_WHOLE_LOG)
			key->revoked = entry;
	}
}

static enum told_status issue(struct told_directory *directory, struct told_entry entry,
			      const struct told_key_fact *fact)
{
	if (fact->purpose == TOLD_KEY_NONE || (unsigned)fact->purpose >= TOLD_KEY_COUNT)
		return TOLD_E_KEY;
	enum told_party_state state = told_directory_party_now(directory, fact->party);
	bool enrolled = state == TOLD_PARTY_ENROLLED || state == TOLD_PARTY_SUSPENDED;
	if (!enrolled && !needs_no_party(fact->purpose))
		return TOLD_E_NOT_FOUND;
	enum told_status status = told_key_check_new(directory, fact);
	return status == TOLD_OK ? told_key_add(directory, entry, fact) : status;
}

/* Retired or revoked: noted once, at the entry that says so. */
static enum told_status end_key(struct told_directory *directory, struct told_entry entry,
				const struct told_key_fact *fact)
{
	if (fact->key == NULL)
		return TOLD_E_KEY;
	told_hash id;
	told_key_id(fact->key, &id);
	struct told_key *key = find(directory, &id);
	if (key == NULL || !same_job(key, fact->party, fact->purpose, fact->worker))
		return TOLD_E_NOT_FOUND;
	struct told_entry *end = fact->action == TOLD_KEY_ACTION_REVOKE ? &key->revoked : &key->retired;
	if (end->number != TOLD_WHOLE_LOG || key->revoked.number != TOLD_WHOLE_LOG)
		return TOLD_E_EXISTS;
	*end = entry;
	return TOLD_OK;
}

enum told_status told_directory_apply_key(struct told_directory *directory, struct told_entry entry,
					  const struct told_key_fact *fact)
{
	enum told_status status = told_directory_order(directory, entry);
	if (status != TOLD_OK)
		return status;
	switch (fact->action) {
	case TOLD_KEY_ACTION_ISSUE: status = issue(directory, entry, fact); break;
	case TOLD_KEY_ACTION_RETIRE:
	case TOLD_KEY_ACTION_REVOKE: status = end_key(directory, entry, fact); break;
	case TOLD_KEY_ACTION_NONE:
	default: return TOLD_E_UNKNOWN;
	}
	if (status == TOLD_OK)
		told_directory_applied(directory, entry);
	return status;
}

/* ---- asking ---- */

/* An offline agent's outbox; or who was away must still find a signature that it knows under the log. */
static int64_t grace_ms(enum told_key_purpose purpose)
{
	return purpose == TOLD_KEY_LOG ? TOLD_LOG_KEY_GRACE_MS : TOLD_KEY_GRACE_MS;
}

enum told_key_standing told_key_standing(const struct told_key *key, struct told_when when)
{
	if (!told_counts(key->issued, when))
		return TOLD_KEY_UNKNOWN;
	if (told_counts(key->revoked, when))
		return TOLD_KEY_REVOKED;
	if (when.utc_ms < key->from_utc_ms)
		return TOLD_KEY_NOT_YET;
	if (when.utc_ms >= key->until_utc_ms)
		return TOLD_KEY_ENDED;
	if (!told_counts(key->retired, when))
		return TOLD_KEY_CURRENT;
	return when.utc_ms < key->retired.utc_ms + grace_ms(key->purpose) ? TOLD_KEY_GRACE : TOLD_KEY_ENDED;
}

int64_t told_key_ends_ms(const struct told_key *key)
{
	static const uint64_t never = TOLD_WHOLE_LOG;
	if (key->revoked.number != never)
		return key->revoked.utc_ms;
	int64_t over_ms = key->retired.number != never ? key->retired.utc_ms + grace_ms(key->purpose) : TOLD_NO_END;
	return over_ms < key->until_utc_ms ? over_ms : key->until_utc_ms;
}

enum told_status told_directory_key(const struct told_directory *directory, uint32_t party,
				    enum told_key_purpose purpose, const told_hash *id, struct told_when when,
				    const struct told_key **out)
{
	*out = NULL;
	const struct told_key *key = find(directory, id);
	if (key == NULL || key->party != party || key->purpose != purpose)
		return TOLD_E_KEY;
	enum told_key_standing standing = told_key_standing(key, when);
	if (standing != TOLD_KEY_CURRENT && standing != TOLD_KEY_GRACE)
		return TOLD_E_KEY;
	*out = key;
	return TOLD_OK;
}

enum told_status told_directory_current_key(const struct told_directory *directory, uint32_t party,
					    enum told_key_purpose purpose, struct told_bytes worker,
					    struct told_when when, const struct told_key **out)
{
	*out = NULL;
	uint32_t cursor = 0, at;
	uint64_t hash = job_hash(party, purpose, worker), from = counted_from(directory, party, purpose, when.log_size);
	while ((at = told_index_next(&directory->key_by_job, hash, &cursor)) != TOLD_INDEX_NONE) {
		const struct told_key *key = at < directory->key_count ? &directory->keys[at] : NULL;
		if (key == NULL || !same_job(key, party, purpose, worker) || key->issued.number < from)
			continue;
		if (told_key_standing(key, when) == TOLD_KEY_CURRENT && (*out == NULL || key->number > (*out)->number))
			*out = key;
	}
	return *out != NULL ? TOLD_OK : TOLD_E_NOT_FOUND;
}

const struct told_key *told_directory_key_at(const struct told_directory *directory, size_t index)
{
	return index < directory->key_count ? &directory->keys[index] : NULL;
}
