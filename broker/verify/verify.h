/* SPDX-License-Identifier: Apache-2.0 */
/* The verify room: who said it, and is it fresh. Takes two frames and the agency that the wire names, gives either a
 * `verified` or a `refused`; nobody else can make either, so what was not verified cannot be ruled or recorded.
 * Checks go from cheap to dear: form, partnership, identity, duplicate, key, signature, times, sections (rules 22). */
#ifndef TOLD_VERIFY_H
#define TOLD_VERIFY_H

#include "broker/agree/directory.h"
#include "proto/message.h"

/* A message whose signature, signer, freshness and sections hold. Lives in the turn's arena. */
struct told_verified;
/* What failed from the header on: it is logged and answered, and no parcel can come of it. */
struct told_refused;

/* Batches whose signature was verified this turn: one signature serves all its messages. Zero-initialise each turn. */
#define TOLD_BATCH_CACHE 16u
struct told_batch_cache {
	struct {
		told_hash key_id, root;
		uint32_t count;
		uint8_t signature[TOLD_SIGNATURE_BYTES];
		bool good;
	} rows[TOLD_BATCH_CACHE];
	size_t next;
};

/* What was recorded under this id: TOLD_E_NOT_FOUND (new), TOLD_E_REPLAY (the same bytes), TOLD_E_EQUIVOCATION. */
typedef enum told_status (*told_seen_fn)(void *ctx, struct told_bytes sender, struct told_bytes id,
					 const told_hash *header_hash);

struct told_verify_room {
	const struct told_directory *directory;
	const struct told_parties *parties;
	struct told_bytes partnership;
	const uint8_t *enrolment_secret; /* 32 bytes, to check possession of X25519 keys; NULL in tests without */
	told_seen_fn seen;
	void *seen_ctx;
	struct told_batch_cache cache;
	struct told_key_cache *keys; /* prepared verifiers, kept over turns */
};

/* Prepared Ed25519 keys by key id. */
struct told_key_cache;
TOLD_MUST_USE enum told_status told_key_cache_new(struct told_key_cache **out);
void told_key_cache_free(struct told_key_cache *cache);

/* party: the agency by the User-Id of the wire. when: this turn's time and log size. Frames stay the caller's and must
 * outlive the results, which live in the arena. TOLD_OK: exactly one of *verified and *refused is set. Anything else
 * (memory) is ours: answer busy. A replay of the same bytes is a verified message whose told_verified_replay is true.
 */
TOLD_MUST_USE enum told_status told_verify(struct told_verify_room *room, struct told_arena *arena,
					   struct told_bytes party, struct told_bytes envelope, struct told_bytes body,
					   struct told_when when, const struct told_verified **verified,
					   const struct told_refused **refused);

/* A message read back from our own record, where it was verified before it was written: its form is checked again. */
TOLD_MUST_USE enum told_status told_verified_again(struct told_arena *arena, struct told_bytes envelope,
						   struct told_bytes body, const struct told_verified **verified);

const struct told_header *told_verified_header(const struct told_verified *verified);
const struct told_opened_envelope *told_verified_opened(const struct told_verified *verified);
struct told_bytes told_verified_envelope(const struct told_verified *verified);
struct told_bytes told_verified_body_bytes(const struct told_verified *verified);
const struct told_body *told_verified_body(const struct told_verified *verified);
/* One for each section of the body, in its order. */
struct told_section_header *const *told_verified_sections(const struct told_verified *verified);
bool told_verified_replay(const struct told_verified *verified);

/* Why it was refused, by which agency, over which bytes. */
enum told_status told_refused_status(const struct told_refused *refused);
struct told_bytes told_refused_party(const struct told_refused *refused);
uint32_t told_refused_size(const struct told_refused *refused);
/* SHA-256 of the envelope frame. */
const told_hash *told_refused_hash(const struct told_refused *refused);
/* The header, where its form held: for the answer's message id; nothing in it is believed. NULL otherwise. */
const struct told_opened_envelope *told_refused_opened(const struct told_refused *refused);

#endif
