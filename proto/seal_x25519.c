/* SPDX-License-Identifier: Apache-2.0 */
/* X25519 (RFC 7748) that refuses every key that could make the result predictable. Touches libcrypto only.
 *
 * One agreement serves a whole batch for a recipient, so key objects are made for each and not kept: a kept one would
 * be a secret with a longer life. Making one already computes the public key, which HPKE needs at both ends. */
#include "proto/seal_x25519.h"
#include "told/seal.h"

#include <openssl/evp.h>
#include <string.h>

#define TOP_BYTE 31u

/* Canonical u of every point of order 1, 2, 4 or 8 on the curve and on its twist. */
/* clang-format off */
static const uint8_t small_order[][TOLD_KEY_BYTES] = {
	{0x00},
	{0x01},
	{0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
	 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
	{0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b,
	 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
	{0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
};
/* clang-format on */

/* Below p = 2^255 - 19, little-endian, and without the bit that RFC 7748 would silently ignore. */
static bool canonical(const uint8_t key[32])
{
	if (key[TOP_BYTE] != 0x7f)
		return key[TOP_BYTE] < 0x7f;
	for (size_t i = TOP_BYTE - 1; i > 0; i--)
		if (key[i] != 0xff)
			return true;
	return key[0] < 0xed;
}

enum told_status told_x25519_key_check(const uint8_t key[32])
{
	if (!canonical(key))
		return TOLD_E_KEY;
	for (size_t i = 0; i < sizeof small_order / sizeof small_order[0]; i++)
		if (memcmp(key, small_order[i], TOLD_KEY_BYTES) == 0)
			return TOLD_E_KEY;
	return TOLD_OK;
}

static EVP_PKEY *secret_key(const uint8_t secret[32])
{
	return EVP_PKEY_new_raw_private_key_ex(NULL, "X25519", NULL, secret, TOLD_KEY_BYTES);
}

static enum told_status public_of(const EVP_PKEY *mine, uint8_t key[32])
{
	size_t len = TOLD_KEY_BYTES;
	if (mine == NULL || EVP_PKEY_get_raw_public_key(mine, key, &len) != 1 || len != TOLD_KEY_BYTES)
		return TOLD_E_SYSTEM;
	return TOLD_OK;
}

enum told_status told_x25519_public(const uint8_t secret[32], uint8_t key[32])
{
	EVP_PKEY *mine = secret_key(secret);
	enum told_status status = public_of(mine, key);
	if (status == TOLD_OK)
		status = told_x25519_key_check(key);
	if (status != TOLD_OK)
		told_wipe(key, TOLD_KEY_BYTES);
	EVP_PKEY_free(mine);
	return status;
}

static enum told_status derive(EVP_PKEY *mine, EVP_PKEY *theirs, uint8_t shared[32])
{
	static const uint8_t zero[TOLD_KEY_BYTES];
	enum told_status status = TOLD_E_SYSTEM;
	size_t len = TOLD_KEY_BYTES;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, mine, NULL);

	if (ctx == NULL || EVP_PKEY_derive_init(ctx) != 1 || EVP_PKEY_derive_set_peer_ex(ctx, theirs, 0) != 1)
		goto out;
	status = TOLD_E_KEY;
	if (EVP_PKEY_derive(ctx, shared, &len) != 1 || len != TOLD_KEY_BYTES)
		goto out;
	if (told_equal_secret(shared, zero, sizeof zero))
		goto out;
	status = TOLD_OK;
out:
	EVP_PKEY_CTX_free(ctx);
	return status;
}

enum told_status told_x25519_agree(const uint8_t secret[32], const uint8_t peer[32], uint8_t own[32],
				   uint8_t shared[32])
{
	EVP_PKEY *mine = NULL, *theirs = NULL;
	enum told_status status = told_x25519_key_check(peer);
	if (status != TOLD_OK)
		goto out;
	mine = secret_key(secret);
	theirs = EVP_PKEY_new_raw_public_key_ex(NULL, "X25519", NULL, peer, TOLD_KEY_BYTES);
	status = theirs != NULL ? public_of(mine, own) : TOLD_E_SYSTEM;
	if (status == TOLD_OK)
		status = derive(mine, theirs, shared);
out:
	if (status != TOLD_OK) {
		told_wipe(own, TOLD_KEY_BYTES);
		told_wipe(shared, TOLD_KEY_BYTES);
	}
	EVP_PKEY_free(mine);
	EVP_PKEY_free(theirs);
	return status;
}
