/* SPDX-License-Identifier: Apache-2.0 */
/* Who said it, and is it fresh: the checks in order, each a small function in one table. */
#include "broker/verify/verify.h"

#include "broker/verify/keys.h"
#include "proto/types.h"

#include <string.h>

struct told_verified {
	struct told_opened_envelope opened;
	struct told_bytes envelope, body_bytes;
	struct told_body *body;
	struct told_section_header **sections;
	bool replay;
};

struct told_refused {
	enum told_status status;
	struct told_bytes party;
	uint32_t size;
	told_hash hash;
	bool has_header;
	struct told_opened_envelope opened;
};

/* What the checks hand from one to the next. */
struct check {
	struct told_verify_room *room;
	struct told_arena *arena;
	struct told_bytes party;
	struct told_when when;
	struct told_verified *made;
	uint8_t key[TOLD_KEY_BYTES];
	bool taken; /* other bytes stand under this id */
};

static enum told_status check_form(struct check *c)
{
	enum told_status status = told_envelope_open(c->arena, c->made->envelope, &c->made->opened);
	if (status != TOLD_OK)
		return status;
	return told_body_decode(c->made->body_bytes, c->arena, &c->made->body);
}

static enum told_status check_partnership(struct check *c)
{
	return told_bytes_equal(c->made->opened.header->partnership, c->room->partnership) ? TOLD_OK
											   : TOLD_E_NOT_FOR_ME;
}

static enum told_status check_identity(struct check *c)
{
	return told_bytes_equal(c->made->opened.header->sender, c->party) ? TOLD_OK : TOLD_E_IDENTITY;
}

/* Asked before key and times: a retry of what was recorded gets its receipt at any time. */
static enum told_status check_seen(struct check *c)
{
	const struct told_header *header = c->made->opened.header;
	enum told_status status = c->room->seen(c->room->seen_ctx, header->sender, header->id, &c->made->opened.hash);
	c->made->replay = status == TOLD_E_REPLAY;
	c->taken = status == TOLD_E_EQUIVOCATION;
	return status == TOLD_E_NOT_FOUND || c->made->replay || c->taken ? TOLD_OK : status;
}

/* The key that signed a retry, whatever has become of it since: it was in force when the bytes were recorded. */
static const struct told_key *key_then(const struct told_directory *directory, uint32_t party,
				       enum told_key_purpose purpose, const told_hash *id)
{
	const struct told_key *key;
	for (size_t i = 0; (key = told_directory_key_at(directory, i)) != NULL; i++)
		if (key->party == party && key->purpose == purpose && told_hash_equal(&key->id, id))
			return key;
	return NULL;
}

static enum told_status check_key(struct check *c)
{
	const struct told_opened_envelope *opened = &c->made->opened;
	uint32_t party = told_party_find(c->room->parties, opened->header->sender);
	told_hash id;
	memcpy(id.b, opened->envelope->key_id.data, sizeof id.b);
	const struct told_key *key = NULL;
	enum told_key_purpose purpose =
		told_type_signed_by(told_type_rule(opened->header->type), opened->header->sender);
	enum told_status status = told_directory_key(c->room->directory, party, purpose, &id, c->when, &key);
	if (status == TOLD_E_KEY && c->made->replay) {
		key = key_then(c->room->directory, party, purpose, &id);
		status = key == NULL ? TOLD_E_KEY : TOLD_OK;
	}
	if (status == TOLD_OK)
		memcpy(c->key, key->key, sizeof c->key);
	return status;
}

static enum told_status check_signature(struct check *c)
{
	return told_keys_check(c->room->keys, &c->room->cache, &c->made->opened, c->key);
}

/* Only now: an entry that shows one id with two bodies of bytes must show two signed ones. */
static enum told_status check_taken(struct check *c)
{
	return c->taken ? TOLD_E_EQUIVOCATION : TOLD_OK;
}

static enum told_status check_times(struct check *c)
{
	const struct told_header *header = c->made->opened.header;
	uint64_t now_ms = (uint64_t)c->when.utc_ms;
	if (c->made->replay)
		return TOLD_OK;
	if (header->expires_ms <= now_ms)
		return TOLD_E_STALE;
	return header->created_ms > now_ms + TOLD_FUTURE_MAX_MS ? TOLD_E_FUTURE : TOLD_OK;
}

static enum told_status check_sections(struct check *c)
{
	return told_sections_check(c->arena, c->made->opened.header, c->made->body, &c->made->sections);
}

/* What stands in the body but is no section: wraps of grants, the attachment, lines. */
static enum told_status check_body(struct check *c)
{
	/* Digests are signed, but there is nothing that they could be of. */
	if (c->made->opened.header->section_digests.count > 0 && c->made->body->sections.count == 0)
		return TOLD_E_MALFORMED;
	return told_body_check(c->arena, c->made->opened.header, c->made->body);
}

static enum told_status check_possession(struct check *c)
{
	const struct told_header *header = c->made->opened.header;
	const struct told_key_part *record = header->partner != NULL ? header->partner->log_key : header->key_record;
	if (record == NULL || record->action != TOLD_KEY_ACTION_ISSUE)
		return TOLD_OK;
	return told_possession_check(record, header->sender, c->room->enrolment_secret);
}

static enum told_status (*const checks[])(struct check *) = {
	check_form,  check_partnership, check_identity, check_seen, check_key,        check_signature,
	check_taken, check_times,       check_sections, check_body, check_possession,
};

static enum told_status refuse(struct check *c, enum told_status why, const struct told_refused **out)
{
	struct told_refused *refused = told_arena_alloc(c->arena, sizeof *refused);
	if (refused == NULL)
		return TOLD_E_MEMORY;
	refused->status = why;
	refused->party = told_arena_copy(c->arena, c->party);
	refused->size = (uint32_t)(c->made->envelope.len + c->made->body_bytes.len);
	told_sha256(c->made->envelope, &refused->hash);
	refused->has_header = c->made->opened.header != NULL;
	refused->opened = c->made->opened;
	*out = refused;
	return TOLD_OK;
}

enum told_status told_verify(struct told_verify_room *room, struct told_arena *arena, struct told_bytes party,
			     struct told_bytes envelope, struct told_bytes body, struct told_when when,
			     const struct told_verified **verified, const struct told_refused **refused)
{
	*verified = NULL;
	*refused = NULL;
	struct told_verified *made = told_arena_alloc(arena, sizeof *made);
	if (made == NULL)
		return TOLD_E_MEMORY;
	*made = (struct told_verified){.envelope = envelope, .body_bytes = body};
	struct check c = {.room = room, .arena = arena, .party = party, .when = when, .made = made};
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < sizeof checks / sizeof checks[0]; i++)
		status = checks[i](&c);
	if (status == TOLD_OK)
		*verified = made;
	else if (told_status_class(status) == TOLD_CLASS_PEER)
		return refuse(&c, status, refused);
	return status;
}

enum told_status told_verified_again(struct told_arena *arena, struct told_bytes envelope, struct told_bytes body,
				     const struct told_verified **verified)
{
	*verified = NULL;
	struct told_verified *made = told_arena_alloc(arena, sizeof *made);
	if (made == NULL)
		return TOLD_E_MEMORY;
	*made = (struct told_verified){.envelope = envelope, .body_bytes = body};
	struct check c = {.arena = arena, .made = made};
	enum told_status status = check_form(&c);
	if (status == TOLD_OK)
		status = check_sections(&c);
	if (status != TOLD_OK)
		return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_E_CORRUPT : status;
	*verified = made;
	return TOLD_OK;
}

const struct told_header *told_verified_header(const struct told_verified *verified)
{
	return verified->opened.header;
}

const struct told_opened_envelope *told_verified_opened(const struct told_verified *verified)
{
	return &verified->opened;
}

struct told_bytes told_verified_envelope(const struct told_verified *verified)
{
	return verified->envelope;
}

struct told_bytes told_verified_body_bytes(const struct told_verified *verified)
{
	return verified->body_bytes;
}

const struct told_body *told_verified_body(const struct told_verified *verified)
{
	return verified->body;
}

struct told_section_header *const *told_verified_sections(const struct told_verified *verified)
{
	return verified->sections;
}

bool told_verified_replay(const struct told_verified *verified)
{
	return verified->replay;
}

enum told_status told_refused_status(const struct told_refused *refused)
{
	return refused->status;
}

struct told_bytes told_refused_party(const struct told_refused *refused)
{
	return refused->party;
}

uint32_t told_refused_size(const struct told_refused *refused)
{
	return refused->size;
}

const told_hash *told_refused_hash(const struct told_refused *refused)
{
	return &refused->hash;
}

const struct told_opened_envelope *told_refused_opened(const struct told_refused *refused)
{
	return refused->has_header ? &refused->opened : NULL;
}
