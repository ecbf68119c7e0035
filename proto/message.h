/* SPDX-License-Identifier: Apache-2.0 */
/* Making and opening whole messages: header and sections in, two frames out; and the reverse for a recipient.
 * Exactly protocol.md sections 2 and 3. Part of the client library. */
#ifndef TOLD_PROTO_MESSAGE_H
#define TOLD_PROTO_MESSAGE_H

#include "told/envelope.h"
#include "told/seal.h"

/* A time-ordered id (RFC 9562, UUIDv7) for UTC milliseconds; strictly rising within a process. */
TOLD_MUST_USE enum told_status told_uuid7(uint64_t now_ms, uint8_t id[TOLD_ID_BYTES]);

/* A recipient's sealing key, which the caller has chained to a fingerprint it trusts. */
struct told_seal_to {
	struct told_bytes recipient;
	uint8_t key[TOLD_KEY_BYTES];
};

/* One section to seal. header.number is set by told_message_seal. key is made there and stays with the caller, who
 * keeps it (sealed) when later grants must be possible, and wipes it. */
struct told_plain_section {
	struct told_section_header header;
	struct told_bytes content;
	uint8_t key[TOLD_KEY_BYTES];
	told_hash digest; /* set: the section's digest in the signed list */
};

/* Seals sections to all of to[0..to_count) and fills header->section_digests (from the arena). header must be complete
 * but for the digests. On success *header_bytes and *body_bytes are canonical bytes in the arena. On failure nothing
 * usable is left and every section key is wiped. */
TOLD_MUST_USE enum told_status told_message_seal(struct told_arena *arena, struct told_header *header,
						 struct told_plain_section *sections, size_t section_count,
						 const struct told_seal_to *to, size_t to_count,
						 struct told_bytes *header_bytes, struct told_bytes *body_bytes);

/* Signs 1 to TOLD_BATCH_MAX headers as one batch; envelopes[i] is the first frame of headers[i], in the arena. */
TOLD_MUST_USE enum told_status told_envelopes_sign(struct told_arena *arena, struct told_signer *signer,
						   const uint8_t key[TOLD_KEY_BYTES], const struct told_bytes *headers,
						   const uint32_t *types, size_t count, struct told_bytes *envelopes);

/* An envelope taken apart, nothing verified. */
struct told_opened_envelope {
	struct told_envelope *envelope;
	struct told_header *header;
	told_hash leaf; /* of the batch */
	told_hash hash; /* SHA-256 of the header bytes: what receipts name */
};
/* Decodes the frame and the header in it, checks the header's form (told_header_check). */
TOLD_MUST_USE enum told_status told_envelope_open(struct told_arena *arena, struct told_bytes frame,
						  struct told_opened_envelope *out);
/* The batch signature under this key. TOLD_E_KEY when the envelope names another key id. */
TOLD_MUST_USE enum told_status told_envelope_verify(const struct told_opened_envelope *opened,
						    struct told_verifier *verifier, const uint8_t key[TOLD_KEY_BYTES]);

/* Checks every section of a body against the signed digest list: each section's digest is in the list, no digest is
 * used twice, numbers are distinct, header fields lie in range, sizes hold. headers (from the arena) gets one decoded
 * section header for each section. TOLD_E_DIGEST, TOLD_E_MALFORMED, TOLD_E_LIMIT. */
TOLD_MUST_USE enum told_status told_sections_check(struct told_arena *arena, const struct told_header *header,
						   const struct told_body *body, struct told_section_header ***headers);

/* Checks that a body holds what its header says and nothing else, sections aside (told_sections_check): as many wraps
 * as grants, each of the hash that its grant names; the attachment of the signed agreement; count and root of the
 * lines. TOLD_E_MALFORMED for what should not be there or is missing, TOLD_E_DIGEST for what is not what was signed. */
TOLD_MUST_USE enum told_status told_body_check(struct told_arena *arena, const struct told_header *header,
					       const struct told_body *body);
/* Root over the lines of an ACK or OPENED, each a leaf (RFC 6962 section 2.1): what the header's lines part names. */
TOLD_MUST_USE enum told_status told_lines_root(struct told_arena *arena, const struct told_bytes_list *lines,
					       told_hash *root);

/* What a recipient needs to open a wrap that is for it. */
struct told_open_with {
	struct told_bytes recipient;    /* our party id */
	uint8_t key[TOLD_KEY_BYTES];    /* our sealing key, public */
	uint8_t secret[TOLD_KEY_BYTES]; /* and secret: stays the caller's */
};
/* Opens one section with the wrap that is for us: own name and key id, digest in the signed list, key commitment, tag,
 * in that order. TOLD_E_NOT_FOR_ME, TOLD_E_DIGEST, TOLD_E_COMMITMENT, TOLD_E_TAG; content is empty then.
 * wrap may come from the section itself or from a verified grant. section_key (may be NULL) gets the key on success. */
TOLD_MUST_USE enum told_status told_section_read(const struct told_header *header,
						 const struct told_sealed_section *section,
						 const struct told_wrap *wrap, const struct told_open_with *with,
						 struct told_buf *content, uint8_t section_key[TOLD_KEY_BYTES]);

/* Does a verified grant of this originator name exactly this wrap of this section for us: deposit message, digest,
 * recipient, key id and hash of the wrap? Ask before told_section_read with a wrap that the section does not carry.
 * deposit: header of the DEPOSIT message. TOLD_E_NOT_FOR_ME, TOLD_E_DIGEST. */
TOLD_MUST_USE enum told_status told_grant_check(const struct told_header *grant_header,
						const struct told_grant_part *grant, const struct told_header *deposit,
						const struct told_sealed_section *section, const struct told_wrap *wrap,
						const struct told_open_with *with);

/* A wrap of a known section key for one more recipient (a grant): fills wrap (arena) and the hash that the grant names.
 */
TOLD_MUST_USE enum told_status told_wrap_make(struct told_arena *arena, struct told_bytes sender,
					      const struct told_seal_to *to, const uint8_t message_id[TOLD_ID_BYTES],
					      const told_hash *digest, const uint8_t section_key[TOLD_KEY_BYTES],
					      struct told_wrap *wrap, told_hash *wrap_hash);
/* SHA-256(enc || sealed): what a grant names. */
void told_wrap_hash(const struct told_wrap *wrap, told_hash *out);

/* Proof of possession in a key record (PROTOCOL.md section 1). Ed25519 keys sign part("told/1/possession") ||
 * part(party)
 * || key; X25519 keys give HMAC-SHA256(X25519(secret, enrolment key), the same text). */
TOLD_MUST_USE enum told_status told_possession_sign(struct told_signer *signer, struct told_bytes party,
						    const uint8_t key[TOLD_KEY_BYTES], uint8_t proof[64]);
TOLD_MUST_USE enum told_status told_possession_mac(const uint8_t secret[TOLD_KEY_BYTES],
						   const uint8_t enrolment_key[TOLD_KEY_BYTES], struct told_bytes party,
						   const uint8_t key[TOLD_KEY_BYTES], uint8_t proof[32]);
/* The broker's side. enrolment_secret is NULL on an agent, which then believes the entry that the broker accepted. */
TOLD_MUST_USE enum told_status told_possession_check(const struct told_key_part *record, struct told_bytes party,
						     const uint8_t *enrolment_secret);

#endif
