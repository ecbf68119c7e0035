/* SPDX-License-Identifier: Apache-2.0 */
/* Slow hashes: the card's four words as a key, a worker's passphrase as one, and the proof that a person was present
 * (protocol section 4). The one door to libsodium: OpenSSL 3.0 has no Argon2. */
#include "proto/seal_parts.h"
#include "told/seal.h"

#include <sodium.h>

/* Part of the protocol, not a setting: both agents must come to the same key, so the numbers of "moderate" are pinned
 * here and a library that means something else by it does not build. About 0.7 s and 256 MiB a guess. */
#define CARD_PASSES       3u
#define CARD_MEMORY_BYTES 268435456u

_Static_assert(crypto_pwhash_argon2id_OPSLIMIT_MODERATE == CARD_PASSES, "Argon2id moderate means other passes");
_Static_assert(crypto_pwhash_argon2id_MEMLIMIT_MODERATE == CARD_MEMORY_BYTES, "Argon2id moderate means other memory");
_Static_assert(crypto_pwhash_argon2id_SALTBYTES == TOLD_SALT_BYTES, "Argon2id's salt is 16 bytes");

static enum told_status slow_key(const char *label, struct told_bytes words, const uint8_t id[16], uint8_t key[32])
{
	struct told_parts parts = {0};
	told_hash salt;

	told_wipe(key, TOLD_KEY_BYTES);
	if (words.len == 0)
		return TOLD_E_MALFORMED;
	if (words.len > TOLD_TEXT_MAX_BYTES)
		return TOLD_E_LIMIT;
	if (sodium_init() < 0)
		return TOLD_E_SYSTEM;
	told_parts_label(&parts, label);
	told_parts_fixed(&parts, id, TOLD_ID_BYTES);
	told_parts_sha256(&parts, &salt);
	/* It fails only for want of 256 MiB, which is no reason to stop a daemon that has its own memory. */
	if (crypto_pwhash_argon2id(key, TOLD_KEY_BYTES, (const char *)words.data, words.len, salt.b, CARD_PASSES,
				   CARD_MEMORY_BYTES, crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
		told_wipe(key, TOLD_KEY_BYTES);
		return TOLD_E_BUSY;
	}
	return TOLD_OK;
}

enum told_status told_card_key(struct told_bytes words, const uint8_t client_ref[16], uint8_t key[32])
{
	return slow_key("told/1/card", words, client_ref, key);
}

enum told_status told_passphrase_key(struct told_bytes passphrase, const uint8_t salt[16], uint8_t key[32])
{
	return slow_key("told/1/passphrase", passphrase, salt, key);
}

void told_presence_proof(const uint8_t key[32], struct told_bytes record, told_hash *out)
{
	struct told_parts parts = {0};
	told_parts_label(&parts, "told/1/presence");
	told_parts_put(&parts, record);
	told_parts_hmac(told_bytes(key, TOLD_KEY_BYTES), &parts, out);
}
