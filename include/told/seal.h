/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of an agency, signing in batches, sealing of sections, wraps. Exactly protocol.md sections 1 to 3.
 * Every secret handed in stays the caller's; every secret made here is wiped on every path. */
#ifndef TOLD_SEAL_H
#define TOLD_SEAL_H

#include "told/limits.h"
#include "told/proof.h"

/* SHA-256 of the raw public key. */
void told_key_id(const uint8_t key[32], told_hash *id);
/* A fingerprint for the telephone: "SHA256:" and 64 hexadecimal digits; out holds 72 with the NUL. */
void told_fingerprint(const uint8_t key[32], char out[72]);

/* X25519 (RFC 7748). Refuses an all-zero result. */
TOLD_MUST_USE enum told_status told_x25519_public(const uint8_t secret[32], uint8_t key[32]);
/* Refuses the small-order points of X25519 and non-canonical encodings with TOLD_E_KEY. */
TOLD_MUST_USE enum told_status told_x25519_key_check(const uint8_t key[32]);

/* ChaCha20-Poly1305 (RFC 8439) with an all-zero nonce: each key is used once. out holds plain.len + 16 and may be
 * plain.data. */
TOLD_MUST_USE enum told_status told_aead_seal(const uint8_t key[32], struct told_bytes aad, struct told_bytes plain,
					      uint8_t *out);
/* out holds sealed.len - 16. TOLD_E_TAG, and out wiped, when the tag is wrong. */
TOLD_MUST_USE enum told_status told_aead_open(const uint8_t key[32], struct told_bytes aad, struct told_bytes sealed,
					      uint8_t *out);
/* For storage at rest: random 12-byte nonce in front. out appends nonce, ciphertext, tag. */
TOLD_MUST_USE enum told_status told_box_seal(const uint8_t key[32], struct told_bytes aad, struct told_bytes plain,
					     struct told_buf *out);
TOLD_MUST_USE enum told_status told_box_open(const uint8_t key[32], struct told_bytes aad, struct told_bytes sealed,
					     struct told_buf *out);

/* HKDF-SHA256 (RFC 5869) extract and expand; out_len <= 255 * 32. */
TOLD_MUST_USE enum told_status told_hkdf(struct told_bytes salt, struct told_bytes ikm, struct told_bytes info,
					 uint8_t *out, size_t out_len);

/* HPKE base mode (RFC 9180: KEM 0x0020, KDF 0x0001, AEAD 0x0003), the exporter only: Seal and Open are never called,
 * because they need order and no loss. A context lives in memory only. */
struct told_hpke {
	uint8_t enc[32];      /* the encapsulated key that the recipient needs */
	uint8_t exporter[32]; /* exporter_secret; wipe with told_hpke_wipe */
};
TOLD_MUST_USE enum told_status told_hpke_send(const uint8_t recipient_key[32], struct told_bytes info,
					      struct told_hpke *out);
/* The same with a given ephemeral secret; for test vectors only. */
TOLD_MUST_USE enum told_status told_hpke_send_with(const uint8_t ephemeral[32], const uint8_t recipient_key[32],
						   struct told_bytes info, struct told_hpke *out);
TOLD_MUST_USE enum told_status told_hpke_receive(const uint8_t enc[32], const uint8_t recipient_secret[32],
						 struct told_bytes info, struct told_hpke *out);
TOLD_MUST_USE enum told_status told_hpke_export(const struct told_hpke *hpke, struct told_bytes context, uint8_t *out,
						size_t out_len);
void told_hpke_wipe(struct told_hpke *hpke);

/* ---- Batches (protocol section 2) ---- */

/* Leaf of a batch: SHA-256(0x00 || u32 len || "told/1/<type>" || u32 len || header bytes).
 * type: its name as in protocol.md ("REFERRAL"). */
void told_header_leaf(struct told_bytes type, struct told_bytes header, told_hash *leaf);
/* The bytes an agency signs for a batch: part("told/1/batch") || key id || u32 count || root. out is appended to. */
void told_batch_text(const told_hash *key_id, uint32_t count, const told_hash *root, struct told_buf *out);
/* Signs 1 to TOLD_BATCH_MAX leaves at once: one signature, and each leaf's path (paths[i * TOLD_PATH_MAX ...]). */
TOLD_MUST_USE enum told_status told_batch_sign(struct told_signer *signer, const uint8_t key[32],
					       const told_hash *leaves, uint32_t count, uint8_t signature[64],
					       told_hash *paths, size_t *path_counts);
/* TOLD_E_MALFORMED for counts out of range, TOLD_E_PROOF for a path that does not fit, TOLD_E_SIGNATURE. */
TOLD_MUST_USE enum told_status told_batch_check(struct told_verifier *verifier, const uint8_t key[32],
						const told_hash *leaf, uint32_t count, uint32_t index,
						const told_hash *path, size_t path_count, const uint8_t signature[64]);
/* The root that a leaf and its path lead to, so that one verified signature serves a whole batch. */
TOLD_MUST_USE enum told_status told_batch_root(const told_hash *leaf, uint32_t count, uint32_t index,
					       const told_hash *path, size_t path_count, told_hash *root);

/* ---- Sections (protocol section 3) ---- */

/* Ciphertext of a section: content || 0x80 || zeros to a multiple of 256, ChaCha20-Poly1305, AAD =
 * part("told/1/section") || part(sender) || message id || part(section header). */
TOLD_MUST_USE enum told_status told_section_seal(const uint8_t key[32], struct told_bytes sender,
						 const uint8_t message_id[16], struct told_bytes section_header,
						 struct told_bytes content, struct told_buf *ciphertext);
/* TOLD_E_TAG when it was changed, TOLD_E_MALFORMED for bad padding; nothing is in content then. */
TOLD_MUST_USE enum told_status told_section_open(const uint8_t key[32], struct told_bytes sender,
						 const uint8_t message_id[16], struct told_bytes section_header,
						 struct told_bytes ciphertext, struct told_buf *content);
/* SHA-256(part("told/1/key") || key || message id || u32 number). */
void told_key_commitment(const uint8_t key[32], const uint8_t message_id[16], uint32_t number, told_hash *out);
/* SHA-256(part("told/1/digest") || salt || part(section header) || SHA-256(ciphertext) || key commitment). */
void told_section_digest(const uint8_t salt[16], struct told_bytes section_header, struct told_bytes ciphertext,
			 const told_hash *commitment, told_hash *out);
/* Shuffles n digests and pads with random values to 4, 8, 16 or 32; out holds TOLD_SECTIONS_MAX. *count is the padded
 * number. n == 0 gives none. */
TOLD_MUST_USE enum told_status told_digest_list(const told_hash *digests, size_t n, told_hash *out, size_t *count);

/* info of a wrap's HPKE context: part("told/1/wrap") || part(sender) || part(recipient) || sealing key id. */
void told_wrap_info(struct told_bytes sender, struct told_bytes recipient, const told_hash *key_id,
		    struct told_buf *out);
/* Seals a section key: ChaCha20-Poly1305, zero nonce, key = Export(part("told/1/wrap") || message id || digest, 32). */
TOLD_MUST_USE enum told_status told_wrap_seal(const struct told_hpke *hpke, const uint8_t message_id[16],
					      const told_hash *digest, const uint8_t section_key[32], uint8_t wrap[48]);
TOLD_MUST_USE enum told_status told_wrap_open(const struct told_hpke *hpke, const uint8_t message_id[16],
					      const told_hash *digest, const uint8_t wrap[48], uint8_t section_key[32]);

/* ---- The card's words (protocol section 4) ---- */

/* Key from the four words: Argon2id (libsodium, moderate: 3 passes, 256 MiB), salt = first 16 bytes of
 * SHA-256(part("told/1/card") || ref). The words are taken as they are: whoever asks for them settles case and blanks.
 * TOLD_E_MALFORMED without words, TOLD_E_LIMIT above TOLD_TEXT_MAX_BYTES, TOLD_E_BUSY without room; key is zero then.
 */
TOLD_MUST_USE enum told_status told_card_key(struct told_bytes words, const uint8_t client_ref[16], uint8_t key[32]);
/* The same from a worker's passphrase and 16 random bytes: for what lies in a file of one agency, never on the wire. */
TOLD_MUST_USE enum told_status told_passphrase_key(struct told_bytes passphrase, const uint8_t salt[16],
						   uint8_t key[32]);
/* Presence proof: HMAC-SHA256(card key, part("told/1/presence") || part(consent record bytes)). */
void told_presence_proof(const uint8_t key[32], struct told_bytes record, told_hash *out);

#endif
