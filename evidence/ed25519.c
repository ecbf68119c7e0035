/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519 (RFC 8032): signing, verifying, and the keys that must not be believed. Touches OpenSSL only. */
#include "told/proof.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* ---- Keys that must not be believed ---- */

/* The y of the eight points whose order divides 8, sign bit cleared. A signature with S = 0 under such a key verifies
 * for every message, and OpenSSL 3.0 takes it. */
static const uint8_t small_order[][32] = {
	{0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00},
	{0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00},
	{0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
	{0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
	 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
	{0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
	 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
};

/* y is canonical when it is below 2^255 - 19 (RFC 8032 section 5.1.3). */
static bool canonical(const uint8_t y[32])
{
	if (y[31] != 0x7f || y[0] < 0xed)
		return true;
	for (size_t i = 1; i < 31; i++)
		if (y[i] != 0xff)
			return true;
	return false;
}

enum told_status told_ed25519_key_check(const uint8_t key[32])
{
	uint8_t y[32];
	memcpy(y, key, sizeof y);
	y[31] &= 0x7f;
	if (!canonical(y))
		return TOLD_E_KEY;
	for (size_t i = 0; i < sizeof small_order / sizeof small_order[0]; i++)
		if (memcmp(y, small_order[i], sizeof y) == 0)
			return TOLD_E_KEY;
	return TOLD_OK;
}

/* ---- Signing ---- */

struct told_signer {
	EVP_PKEY *key;
	EVP_MD_CTX *ctx;
};

enum told_status told_signer_new(const uint8_t seed[32], struct told_signer **out)
{
	*out = NULL;
	struct told_signer *signer = calloc(1, sizeof *signer);
	if (signer == NULL)
		return TOLD_E_MEMORY;
	signer->key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, TOLD_KEY_BYTES);
	signer->ctx = EVP_MD_CTX_new();
	if (signer->key == NULL || signer->ctx == NULL) {
		told_signer_free(signer);
		return TOLD_E_MEMORY;
	}
	*out = signer;
	return TOLD_OK;
}

enum told_status told_signer_sign(struct told_signer *signer, struct told_bytes message, uint8_t signature[64])
{
	size_t len = TOLD_SIGNATURE_BYTES;
	if (EVP_DigestSignInit(signer->ctx, NULL, NULL, NULL, signer->key) == 1 &&
	    EVP_DigestSign(signer->ctx, signature, &len, message.data, message.len) == 1 && len == TOLD_SIGNATURE_BYTES)
		return TOLD_OK;
	told_wipe(signature, TOLD_SIGNATURE_BYTES);
	ERR_clear_error();
	return TOLD_E_INTERNAL;
}

/* The library wipes a private key that it frees. */
void told_signer_free(struct told_signer *signer)
{
	if (signer == NULL)
		return;
	EVP_MD_CTX_free(signer->ctx);
	EVP_PKEY_free(signer->key);
	free(signer);
}

enum told_status told_ed25519_public(const uint8_t seed[32], uint8_t key[32])
{
	struct told_signer *signer = NULL;
	enum told_status status = told_signer_new(seed, &signer);
	if (status != TOLD_OK)
		return status;
	size_t len = TOLD_KEY_BYTES;
	if (EVP_PKEY_get_raw_public_key(signer->key, key, &len) != 1 || len != TOLD_KEY_BYTES)
		status = TOLD_E_INTERNAL;
	told_signer_free(signer);
	return status;
}

enum told_status told_ed25519_sign(const uint8_t seed[32], struct told_bytes message, uint8_t signature[64])
{
	struct told_signer *signer = NULL;
	enum told_status status = told_signer_new(seed, &signer);
	if (status == TOLD_OK)
		status = told_signer_sign(signer, message, signature);
	told_signer_free(signer);
	return status;
}

/* ---- Verifying ---- */

struct told_verifier {
	EVP_PKEY *key;
	EVP_MD_CTX *ctx;
};

enum told_status told_verifier_new(const uint8_t key[32], struct told_verifier **out)
{
	*out = NULL;
	enum told_status status = told_ed25519_key_check(key);
	if (status != TOLD_OK)
		return status;
	struct told_verifier *verifier = calloc(1, sizeof *verifier);
	if (verifier == NULL)
		return TOLD_E_MEMORY;
	verifier->key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, TOLD_KEY_BYTES);
	verifier->ctx = EVP_MD_CTX_new();
	if (verifier->key == NULL || verifier->ctx == NULL) {
		told_verifier_free(verifier);
		return TOLD_E_MEMORY;
	}
	*out = verifier;
	return TOLD_OK;
}

enum told_status told_verifier_check(struct told_verifier *verifier, struct told_bytes message,
				     const uint8_t signature[64])
{
	if (EVP_DigestVerifyInit(verifier->ctx, NULL, NULL, NULL, verifier->key) != 1) {
		ERR_clear_error();
		return TOLD_E_INTERNAL;
	}
	if (EVP_DigestVerify(verifier->ctx, signature, TOLD_SIGNATURE_BYTES, message.data, message.len) == 1)
		return TOLD_OK;
	ERR_clear_error();
	return TOLD_E_SIGNATURE;
}

void told_verifier_free(struct told_verifier *verifier)
{
	if (verifier == NULL)
		return;
	EVP_MD_CTX_free(verifier->ctx);
	EVP_PKEY_free(verifier->key);
	free(verifier);
}

enum told_status told_ed25519_verify(const uint8_t key[32], struct told_bytes message, const uint8_t signature[64])
{
	struct told_verifier *verifier = NULL;
	enum told_status status = told_verifier_new(key, &verifier);
	if (status == TOLD_OK)
		status = told_verifier_check(verifier, message, signature);
	told_verifier_free(verifier);
	return status;
}
