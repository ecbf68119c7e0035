/* SPDX-License-Identifier: Apache-2.0 */
/* ChaCha20-Poly1305 (RFC 8439), and boxes for storage at rest. Touches libcrypto only.
 *
 * Sections of up to a megabyte are encrypted where they stand in their buffer: one pass, no second copy to wipe.
 * Each use ends with a reset of the thread's context: it costs one small allocation at the next use, and no key or key
 * stream outlives the call. Decryption writes before the tag is known, so each failure wipes the output. */
#include "proto/seal_aead.h"
#include "proto/seal_tools.h"
#include "told/seal.h"

#include <limits.h>

#define AEAD_MAX_BYTES ((size_t)INT_MAX - TOLD_TAG_BYTES) /* EVP counts in int */

const uint8_t told_nonce_zero[TOLD_NONCE_BYTES] = {0};

static bool add_aad(EVP_CIPHER_CTX *ctx, const struct told_parts *aad)
{
	for (size_t i = 0; i < aad->count; i++) {
		struct told_bytes view = aad->view[i];
		int len = 0;
		if (view.len > AEAD_MAX_BYTES)
			return false;
		if (view.len > 0 && EVP_CipherUpdate(ctx, NULL, &len, view.data, (int)view.len) != 1)
			return false;
	}
	return true;
}

static bool add_text(EVP_CIPHER_CTX *ctx, struct told_bytes text, uint8_t *out)
{
	int len = 0;
	return text.len == 0 ||
	       (EVP_CipherUpdate(ctx, out, &len, text.data, (int)text.len) == 1 && (size_t)len == text.len);
}

static enum told_status encrypt(const uint8_t key[32], const uint8_t nonce[TOLD_NONCE_BYTES],
				const struct told_parts *aad, struct told_bytes plain, uint8_t *out)
{
	const struct told_seal_tools *tools = told_seal_tools();
	EVP_CIPHER_CTX *ctx = tools->cipher;
	enum told_status status = TOLD_E_SYSTEM;
	int rest = 0;

	if (plain.len > AEAD_MAX_BYTES)
		return TOLD_E_LIMIT;
	uint8_t *tag = out + plain.len;
	if (EVP_EncryptInit_ex2(ctx, tools->chacha, key, nonce, NULL) != 1)
		goto out;
	if (!add_aad(ctx, aad) || !add_text(ctx, plain, out))
		goto out;
	if (EVP_EncryptFinal_ex(ctx, tag, &rest) != 1 || rest != 0)
		goto out;
	if (EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TOLD_TAG_BYTES, tag) != 1)
		goto out;
	status = TOLD_OK;
out:
	told_seal_must(EVP_CIPHER_CTX_reset(ctx));
	if (status != TOLD_OK)
		told_wipe(out, plain.len + TOLD_TAG_BYTES);
	return status;
}

static enum told_status decrypt(const uint8_t key[32], const uint8_t nonce[TOLD_NONCE_BYTES],
				const struct told_parts *aad, struct told_bytes sealed, uint8_t *out)
{
	const struct told_seal_tools *tools = told_seal_tools();
	EVP_CIPHER_CTX *ctx = tools->cipher;
	enum told_status status = TOLD_E_SYSTEM;
	uint8_t tag[TOLD_TAG_BYTES], none[TOLD_TAG_BYTES];
	int rest = 0;

	if (sealed.len < TOLD_TAG_BYTES)
		return TOLD_E_TAG;
	struct told_bytes text = told_bytes(sealed.data, sealed.len - TOLD_TAG_BYTES);
	if (text.len > AEAD_MAX_BYTES)
		return TOLD_E_LIMIT;
	for (size_t i = 0; i < sizeof tag; i++)
		tag[i] = sealed.data[text.len + i];
	if (EVP_DecryptInit_ex2(ctx, tools->chacha, key, nonce, NULL) != 1)
		goto out;
	if (EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag) != 1)
		goto out;
	if (!add_aad(ctx, aad) || !add_text(ctx, text, out))
		goto out;
	status = EVP_DecryptFinal_ex(ctx, none, &rest) == 1 && rest == 0 ? TOLD_OK : TOLD_E_TAG;
out:
	told_seal_must(EVP_CIPHER_CTX_reset(ctx));
	if (status != TOLD_OK)
		told_wipe(out, text.len);
	return status;
}

enum told_status told_aead_seal(const uint8_t key[32], struct told_bytes aad, struct told_bytes plain, uint8_t *out)
{
	struct told_parts parts = {0};
	told_parts_fixed(&parts, aad.data, aad.len);
	return encrypt(key, told_nonce_zero, &parts, plain, out);
}

enum told_status told_aead_open(const uint8_t key[32], struct told_bytes aad, struct told_bytes sealed, uint8_t *out)
{
	struct told_parts parts = {0};
	told_parts_fixed(&parts, aad.data, aad.len);
	return decrypt(key, told_nonce_zero, &parts, sealed, out);
}

void told_buf_take_back(struct told_buf *buf, size_t start)
{
	if (buf->len > start) {
		told_wipe(buf->data + start, buf->len - start);
		buf->len = start;
	}
}

enum told_status told_aead_seal_buf(const uint8_t key[32], const uint8_t nonce[TOLD_NONCE_BYTES],
				    const struct told_parts *aad, struct told_buf *buf, size_t start)
{
	static const uint8_t tag[TOLD_TAG_BYTES];
	size_t len = buf->len - start;
	told_buf_put(buf, tag, sizeof tag);
	enum told_status status = buf->status;
	if (status == TOLD_OK)
		status = encrypt(key, nonce, aad, told_bytes(buf->data + start, len), buf->data + start);
	if (status != TOLD_OK)
		told_buf_take_back(buf, start);
	return status;
}

enum told_status told_aead_open_buf(const uint8_t key[32], const uint8_t nonce[TOLD_NONCE_BYTES],
				    const struct told_parts *aad, struct told_bytes sealed, struct told_buf *buf)
{
	size_t start = buf->len;
	if (sealed.len < TOLD_TAG_BYTES)
		return TOLD_E_TAG;
	told_buf_put_bytes(buf, sealed);
	enum told_status status = buf->status;
	if (status == TOLD_OK)
		status = decrypt(key, nonce, aad, told_bytes(buf->data + start, sealed.len), buf->data + start);
	told_buf_take_back(buf, status == TOLD_OK ? buf->len - TOLD_TAG_BYTES : start);
	return status;
}

enum told_status told_box_seal(const uint8_t key[32], struct told_bytes aad, struct told_bytes plain,
			       struct told_buf *out)
{
	struct told_parts parts = {0};
	uint8_t nonce[TOLD_NONCE_BYTES];
	size_t start = out->len;

	enum told_status status = told_random(nonce, sizeof nonce);
	if (status != TOLD_OK)
		return status;
	told_parts_fixed(&parts, aad.data, aad.len);
	told_buf_put(out, nonce, sizeof nonce);
	told_buf_put_bytes(out, plain);
	if (out->status == TOLD_OK)
		status = told_aead_seal_buf(key, nonce, &parts, out, start + sizeof nonce);
	else
		status = out->status;
	if (status != TOLD_OK)
		told_buf_take_back(out, start);
	return status;
}

enum told_status told_box_open(const uint8_t key[32], struct told_bytes aad, struct told_bytes sealed,
			       struct told_buf *out)
{
	struct told_parts parts = {0};
	if (sealed.len < TOLD_NONCE_BYTES + TOLD_TAG_BYTES)
		return TOLD_E_TAG;
	told_parts_fixed(&parts, aad.data, aad.len);
	struct told_bytes text = told_bytes(sealed.data + TOLD_NONCE_BYTES, sealed.len - TOLD_NONCE_BYTES);
	return told_aead_open_buf(key, sealed.data, &parts, text, out);
}
