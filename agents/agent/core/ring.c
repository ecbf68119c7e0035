/* SPDX-License-Identifier: Apache-2.0 */
/* Which of our keys are in use: of each kind the newest that the log has. Older sealing keys still open what is sealed
 * to them; what was taken back is destroyed (protocol section 1). Touches the key files. */
#include "agents/agent/core/ring.h"

#include "agents/keys/contact.h"

#include <string.h>

const struct told_key_job told_key_jobs[TOLD_KEY_JOBS] = {
	{"signing", TOLD_AGENCY_KEY_SIGNING, TOLD_KEY_SIGNING},
	{"sealing", TOLD_AGENCY_KEY_SEALING, TOLD_KEY_SEALING},
	{"witness", TOLD_AGENCY_KEY_WITNESS, TOLD_KEY_WITNESS},
	{"session", TOLD_AGENCY_KEY_SESSION, TOLD_KEY_SESSION},
};

const char *told_key_standing_word(enum told_key_standing standing)
{
	static const char *const words[] = {
		[TOLD_KEY_UNKNOWN] = "unknown", [TOLD_KEY_NOT_YET] = "not_yet", [TOLD_KEY_CURRENT] = "current",
		[TOLD_KEY_GRACE] = "retired",   [TOLD_KEY_ENDED] = "ended",     [TOLD_KEY_REVOKED] = "revoked",
	};
	return words[standing];
}

/* ---- our records ---- */

const struct told_key *told_key_record_next(const struct told_agent *agent, enum told_key_purpose purpose,
					    size_t *cursor)
{
	const struct told_key *key;
	while ((key = told_directory_key_at(agent->directory, (*cursor)++)) != NULL)
		if (key->party == agent->self && (purpose == TOLD_KEY_NONE || key->purpose == purpose))
			return key;
	return NULL;
}

const struct told_key *told_key_record_of(const struct told_agent *agent, enum told_key_purpose purpose,
					  const uint8_t key[TOLD_KEY_BYTES])
{
	const struct told_key *record;
	size_t cursor = 0;
	while ((record = told_key_record_next(agent, purpose, &cursor)) != NULL)
		if (memcmp(record->key, key, TOLD_KEY_BYTES) == 0)
			return record;
	return NULL;
}

/* ---- the files against the records ---- */

/* What a look through the files of one kind finds. */
struct look {
	struct told_agent *agent;
	const struct told_key_job *job;
	struct told_keypair best;
	uint32_t best_number; /* 0: the log has none that stands */
	struct told_sealing_key sealing[TOLD_SEALING_KEYS_MAX];
	size_t sealing_count;
};

static enum told_key_standing standing_of(const struct look *look, const struct told_keypair *pair, uint32_t *number)
{
	const struct told_key *record = told_key_record_of(look->agent, look->job->purpose, pair->key);
	*number = record == NULL ? 0 : record->number;
	return record == NULL ? TOLD_KEY_UNKNOWN : told_key_standing(record, told_agent_now(look->agent));
}

/* Newest first; when there are more than fit, the oldest opens nothing any more. */
static void keep_sealing(struct look *look, const struct told_keypair *pair)
{
	size_t moved = look->sealing_count < TOLD_SEALING_KEYS_MAX ? look->sealing_count : TOLD_SEALING_KEYS_MAX - 1;
	memmove(look->sealing + 1, look->sealing, moved * sizeof look->sealing[0]);
	memcpy(look->sealing[0].key, pair->key, TOLD_KEY_BYTES);
	memcpy(look->sealing[0].secret, pair->secret, TOLD_KEY_BYTES);
	look->sealing_count = moved + 1;
}

static enum told_status look_at_all(struct look *look)
{
	struct told_keypair pair;
	uint32_t number = 0;
	enum told_status status = TOLD_OK;
	for (unsigned file = 1; status == TOLD_OK && file <= TOLD_KEY_NUMBERS_MAX; file++) {
		status = told_key_load(look->agent->dir, look->job->key, file, &pair);
		if (status == TOLD_E_NOT_FOUND) {
			status = TOLD_OK;
			continue;
		}
		enum told_key_standing standing =
			status == TOLD_OK ? standing_of(look, &pair, &number) : TOLD_KEY_UNKNOWN;
		if (standing == TOLD_KEY_CURRENT && number > look->best_number) {
			look->best = pair;
			look->best_number = number;
		}
		if (status == TOLD_OK && look->job->purpose == TOLD_KEY_SEALING && standing != TOLD_KEY_REVOKED)
			keep_sealing(look, &pair);
	}
	told_wipe(&pair, sizeof pair);
	return status;
}

/* A revoked key serves nobody but a thief. A retired one has said all that it had to say, unless it opens things: a
 * wrap to it may still lie with the broker, so a sealing key stays until it is revoked. */
static enum told_status destroy_spent(struct look *look)
{
	struct told_keypair pair;
	uint32_t number = 0;
	enum told_status status = TOLD_OK;
	bool opens = look->job->purpose == TOLD_KEY_SEALING;
	for (unsigned file = 1; status == TOLD_OK && file <= TOLD_KEY_NUMBERS_MAX; file++) {
		if (told_key_load(look->agent->dir, look->job->key, file, &pair) != TOLD_OK)
			continue;
		enum told_key_standing standing = standing_of(look, &pair, &number);
		bool retired = standing == TOLD_KEY_GRACE || standing == TOLD_KEY_ENDED;
		if (standing == TOLD_KEY_REVOKED || (retired && !opens))
			status = told_key_destroy(look->agent->dir, look->job->key, file);
	}
	told_wipe(&pair, sizeof pair);
	return status;
}

/* ---- into use ---- */

static enum told_status take_signing(struct told_agent *agent)
{
	if (agent->signing == NULL)
		return TOLD_OK; /* not open yet */
	told_signer_free(agent->signing);
	agent->signing = NULL;
	return told_signer_new(agent->keys.of[TOLD_AGENCY_KEY_SIGNING].secret, &agent->signing);
}

static enum told_status take_into_use(struct look *look, bool *session_changed)
{
	struct told_agent *agent = look->agent;
	struct told_keypair *used = &agent->keys.of[look->job->key];
	bool other = look->best_number > 0 && memcmp(used->key, look->best.key, TOLD_KEY_BYTES) != 0;
	if (other)
		*used = look->best;
	if (look->job->purpose == TOLD_KEY_SIGNING)
		return other ? take_signing(agent) : TOLD_OK;
	if (look->job->purpose == TOLD_KEY_SEALING) {
		other = memcmp(agent->sealing, look->sealing, sizeof agent->sealing) != 0;
		memcpy(agent->sealing, look->sealing, sizeof agent->sealing);
		agent->sealing_count = look->sealing_count;
	}
	*session_changed |= other;
	return TOLD_OK;
}

/* A contact's key that was taken back; a retired one still opens what came to it. */
static enum told_status destroy_contacts(struct told_agent *agent)
{
	const struct told_key *record;
	size_t cursor = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && (record = told_key_record_next(agent, TOLD_KEY_CONTACT, &cursor)) != NULL) {
		struct told_contact_name name = {agent->dir, record->worker, record->number};
		if (told_key_standing(record, told_agent_now(agent)) == TOLD_KEY_REVOKED)
			status = told_contact_key_destroy(&name);
	}
	return status;
}

enum told_status told_agent_ring(struct told_agent *agent)
{
	bool session_changed = false;
	enum told_status status = TOLD_OK;
	agent->ring_stale = false;
	for (size_t i = 0; status == TOLD_OK && i < TOLD_KEY_JOBS; i++) {
		struct look look = {.agent = agent, .job = &told_key_jobs[i]};
		status = look_at_all(&look);
		if (status == TOLD_OK)
			status = take_into_use(&look, &session_changed);
		if (status == TOLD_OK && look.best_number > 0)
			status = destroy_spent(&look);
		told_wipe(&look, sizeof look);
	}
	if (status == TOLD_OK)
		status = destroy_contacts(agent);
	return status == TOLD_OK && session_changed && agent->client != NULL ? told_agent_connect(agent) : status;
}

enum told_status told_agent_retire_older(struct told_agent *agent, const struct told_header *header,
					 struct told_bytes ticket)
{
	const struct told_key_part *part = header->key_record;
	const struct told_key *record;
	size_t cursor = 0;
	enum told_status status = TOLD_OK;
	if (part->action != TOLD_KEY_ACTION_ISSUE || ticket.len != TOLD_ID_BYTES)
		return TOLD_OK;
	while (status == TOLD_OK && (record = told_key_record_next(agent, part->purpose, &cursor)) != NULL) {
		if (record->number >= part->number || !told_bytes_equal(told_text(record->worker), part->worker) ||
		    told_key_standing(record, told_agent_now(agent)) != TOLD_KEY_CURRENT)
			continue;
		struct told_keypair pair = {{0}, {0}};
		memcpy(pair.key, record->key, TOLD_KEY_BYTES);
		struct told_key_change change = {.purpose = part->purpose,
						 .number = record->number,
						 .action = TOLD_KEY_ACTION_RETIRE,
						 .pair = &pair,
						 .ticket = ticket.data,
						 .worker = record->worker[0] != '\0' ? record->worker : NULL};
		status = told_agent_queue_key(agent, &change, NULL);
	}
	return status;
}
