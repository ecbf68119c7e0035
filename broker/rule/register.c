/* SPDX-License-Identifier: Apache-2.0 */
/* Folding signed headers into the directory: one small function a type, one table. */
#include "broker/rule/register.h"

#include "broker/agree/load.h"
#include "broker/rule/log_key.h"

#include <string.h>

struct enter {
	struct told_directory *directory;
	struct told_parties *parties;
	const struct told_header *header;
	struct told_bytes attachment;
	struct told_entry entry;
	uint32_t sender;
};

static const uint8_t *key_of(struct told_bytes key)
{
	return key.len == TOLD_KEY_BYTES ? key.data : NULL;
}

static enum told_status enter_partner(struct enter *e)
{
	const struct told_partner_part *part = e->header->partner;
	if (part->action == TOLD_PARTNER_ACTION_CLOCK)
		return TOLD_OK; /* says nothing of a partner */
	if (part->action == TOLD_PARTNER_ACTION_LOG_KEY)
		return told_log_key_apply(e->directory, e->parties, part->log_key, e->entry);
	struct told_partner_fact fact = {
		.action = (enum told_partner_action)part->action,
		.identity_key = key_of(part->identity_key),
		.session_key = key_of(part->session_key),
	};
	enum told_status status = told_party_intern(e->parties, part->party, &fact.party);
	return status == TOLD_OK ? told_directory_apply_partner(e->directory, e->entry, &fact) : status;
}

static enum told_status enter_key(struct enter *e)
{
	const struct told_key_part *part = e->header->key_record;
	struct told_key_fact fact = {
		.party = e->sender,
		.action = (enum told_key_action)part->action,
		.purpose = (enum told_key_purpose)part->purpose,
		.worker = part->worker,
		.key = key_of(part->key),
		.from_utc_ms = (int64_t)part->from_ms,
		.until_utc_ms = (int64_t)part->until_ms,
		.number = part->number,
	};
	return fact.key == NULL ? TOLD_E_MALFORMED : told_directory_apply_key(e->directory, e->entry, &fact);
}

static enum told_status enter_workers(struct enter *e)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < e->header->workers.count; i++) {
		const struct told_worker_part *part = &e->header->workers.items[i];
		struct told_worker worker = {
			.party = e->sender,
			.number = part->number,
			.kind = (enum told_worker_kind)part->kind,
			.from_utc_ms = (int64_t)part->from_ms,
			.until_utc_ms = part->until_ms == 0 ? TOLD_NO_END : (int64_t)part->until_ms,
			.same_as = part->same_as,
		};
		for (size_t j = 0; j < part->roles.count; j++)
			worker.roles |= TOLD_BIT32(part->roles.items[j]);
		for (size_t j = 0; j < part->teams.count && worker.team_count < TOLD_WORKER_TEAMS_MAX; j++)
			worker.teams[worker.team_count++] = part->teams.items[j];
		status = told_directory_apply_worker(e->directory, e->entry, &worker);
	}
	return status;
}

/* Whether the sender may sign this agreement at all: asked before it is kept, because what is refused leaves no trace.
 */
static enum told_status may_sign(const struct enter *e, const struct told_agreement *agreement)
{
	struct told_when whole = {.utc_ms = e->entry.utc_ms, .log_size = TOLD_WHOLE_LOG};
	const struct told_agreement *other;
	for (size_t i = 0; (other = told_directory_agreement_at(e->directory, i)) != NULL; i++)
		if (told_bytes_equal(other->id, agreement->id) && other->version == agreement->version &&
		    told_directory_signed(e->directory, other, e->sender, whole))
			return TOLD_E_EQUIVOCATION;
	for (size_t i = 0; i < agreement->party_count; i++)
		if (agreement->parties[i].party == e->sender)
			return agreement->parties[i].marks & (TOLD_MARK_PAPER | TOLD_MARK_PERSON) ? TOLD_E_NOT_ALLOWED
												  : TOLD_OK;
	return TOLD_E_NOT_ALLOWED;
}

static enum told_status load_agreement(struct enter *e, const told_hash *hash)
{
	const struct told_agreement_sign_part *part = e->header->agreement_sign;
	struct told_when whole = {.utc_ms = e->entry.utc_ms, .log_size = TOLD_WHOLE_LOG};
	if (told_directory_agreement(e->directory, part->id, part->version, hash, whole) != NULL)
		return TOLD_OK;
	struct told_agreement *agreement = NULL;
	struct told_faults faults = {0};
	enum told_status status = told_agreement_load(e->attachment, "agreement", e->parties, &agreement, &faults);
	told_faults_free(&faults);
	if (status != TOLD_OK)
		return status;
	if (!told_bytes_equal(agreement->id, part->id) || agreement->version != part->version)
		status = TOLD_E_MALFORMED;
	if (status == TOLD_OK)
		status = may_sign(e, agreement);
	if (status != TOLD_OK) {
		told_agreement_free(agreement);
		return status;
	}
	status = told_directory_apply_agreement(e->directory, e->entry, &agreement);
	return status == TOLD_E_EXISTS ? TOLD_OK : status;
}

static enum told_status enter_signature(struct enter *e)
{
	told_hash hash;
	memcpy(hash.b, e->header->agreement_sign->sha256.data, sizeof hash.b);
	enum told_status status = load_agreement(e, &hash);
	return status == TOLD_OK ? told_directory_apply_signature(e->directory, e->entry, e->sender, &hash) : status;
}

static enum told_status enter_suspension(struct enter *e)
{
	const struct told_agreement_suspend_part *part = e->header->agreement_suspend;
	return told_directory_apply_agreement_action(e->directory, e->entry, e->sender, part->id,
						     (enum told_agreement_action)part->action);
}

static enum told_status (*const entries[TOLD_TYPE_COUNT])(struct enter *) = {
	[TOLD_TYPE_PARTNER] = enter_partner,
	[TOLD_TYPE_KEY_RECORD] = enter_key,
	[TOLD_TYPE_WORKER_REGISTER] = enter_workers,
	[TOLD_TYPE_AGREEMENT_SIGN] = enter_signature,
	[TOLD_TYPE_AGREEMENT_SUSPEND] = enter_suspension,
};

bool told_register_cares(unsigned type)
{
	return type < TOLD_TYPE_COUNT && entries[type] != NULL;
}

enum told_status told_register_apply(struct told_directory *directory, struct told_parties *parties,
				     const struct told_header *header, struct told_bytes attachment,
				     struct told_entry entry)
{
	struct enter e = {directory, parties, header, attachment, entry, TOLD_PARTY_NONE};
	if (!told_register_cares(header->type))
		return TOLD_OK;
	enum told_status status = told_party_intern(parties, header->sender, &e.sender);
	return status == TOLD_OK ? entries[header->type](&e) : status;
}
