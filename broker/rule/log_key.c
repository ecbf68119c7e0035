/* SPDX-License-Identifier: Apache-2.0 */
/* The log's keys as keys of the party "broker". Pure memory. */
#include "broker/rule/log_key.h"

#include "broker/rule/table.h"

size_t told_log_keys(const struct told_directory *directory, const struct told_key **out, size_t room)
{
	const struct told_key *key;
	size_t count = 0;
	for (size_t i = 0; count < room && (key = told_directory_key_at(directory, i)) != NULL; i++) {
		if (key->purpose != TOLD_KEY_LOG)
			continue;
		size_t at = count++;
		for (; at > 0 && out[at - 1]->number > key->number; at--)
			out[at] = out[at - 1];
		out[at] = key;
	}
	return count;
}

bool told_log_key_signs(const struct told_key *key, int64_t utc_ms)
{
	struct told_when when = {.utc_ms = utc_ms, .log_size = TOLD_WHOLE_LOG};
	enum told_key_standing standing = told_key_standing(key, when);
	return standing == TOLD_KEY_CURRENT || standing == TOLD_KEY_GRACE;
}

static enum told_status fact_of(struct told_parties *parties, const uint8_t *key, uint32_t number,
				enum told_key_action action, struct told_key_fact *out)
{
	*out = (struct told_key_fact){.action = action, .purpose = TOLD_KEY_LOG, .key = key, .number = number};
	return told_party_intern(parties, told_text(TOLD_BROKER_PARTY), &out->party);
}

enum told_status told_log_key_pin(struct told_directory *directory, struct told_parties *parties,
				  const uint8_t key[TOLD_KEY_BYTES], uint32_t number, bool over)
{
	struct told_key_fact fact;
	struct told_entry before_all = {0};
	enum told_status status = fact_of(parties, key, number, TOLD_KEY_ACTION_ISSUE, &fact);
	if (status == TOLD_OK)
		status = told_directory_apply_key(directory, before_all, &fact);
	fact.action = TOLD_KEY_ACTION_REVOKE;
	return status == TOLD_OK && over ? told_directory_apply_key(directory, before_all, &fact) : status;
}

static enum told_status retire_older(struct told_directory *directory, struct told_parties *parties,
				     const struct told_key_part *part, struct told_entry entry)
{
	const struct told_key *keys[TOLD_LOG_KEYS_MAX];
	size_t count = told_log_keys(directory, keys, TOLD_LOG_KEYS_MAX);
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < count && keys[i]->number < part->number; i++) {
		struct told_key_fact fact;
		status = fact_of(parties, keys[i]->key, keys[i]->number, TOLD_KEY_ACTION_RETIRE, &fact);
		if (status == TOLD_OK)
			status = told_directory_apply_key(directory, entry, &fact);
		status = status == TOLD_E_EXISTS ? TOLD_OK : status;
	}
	return status;
}

static bool is_newest(const struct told_directory *directory, const struct told_key_part *part)
{
	const struct told_key *keys[TOLD_LOG_KEYS_MAX];
	size_t count = told_log_keys(directory, keys, TOLD_LOG_KEYS_MAX);
	return count > 0 && told_bytes_equal(part->key, told_bytes(keys[count - 1]->key, TOLD_KEY_BYTES));
}

enum told_status told_log_key_apply(struct told_directory *directory, struct told_parties *parties,
				    const struct told_key_part *part, struct told_entry entry)
{
	const struct told_key *keys[TOLD_LOG_KEYS_MAX];
	struct told_key_fact fact;
	bool issue = part->action == TOLD_KEY_ACTION_ISSUE;
	if (part->key.len != TOLD_KEY_BYTES || part->purpose != TOLD_KEY_LOG)
		return TOLD_E_MALFORMED;
	if (!issue && is_newest(directory, part))
		return TOLD_E_NOT_ALLOWED;
	if (issue && told_log_keys(directory, keys, TOLD_LOG_KEYS_MAX) == TOLD_LOG_KEYS_MAX)
		return TOLD_E_LIMIT;
	enum told_status status =
		fact_of(parties, part->key.data, part->number, (enum told_key_action)part->action, &fact);
	if (status == TOLD_OK)
		status = told_directory_apply_key(directory, entry, &fact);
	if (issue && (status == TOLD_OK || status == TOLD_E_EXISTS))
		status = retire_older(directory, parties, part, entry);
	return status;
}
