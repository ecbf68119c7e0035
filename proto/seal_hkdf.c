/* SPDX-License-Identifier: Apache-2.0 */
/* HKDF-SHA256 (RFC 5869). Touches nothing but the hash over parts. */
#include "proto/seal_hkdf.h"
#include "told/seal.h"

#include <string.h>

#define BLOCKS_MAX 255u /* RFC 5869 section 2.3: the block's number is one byte */

/* HMAC fills its key with zeros up to a block, so an empty key and the RFC's 32 zeros are the same. */
void told_hkdf_extract(struct told_bytes salt, const struct told_parts *ikm, told_hash *prk)
{
	told_parts_hmac(salt, ikm, prk);
}

enum told_status told_hkdf_expand(const told_hash *prk, const struct told_parts *info, uint8_t *out, size_t out_len)
{
	if (out_len > BLOCKS_MAX * TOLD_HASH_BYTES)
		return TOLD_E_LIMIT;
	told_hash block;
	for (uint8_t number = 1; out_len > 0; number++) {
		struct told_parts parts = {0};
		if (number > 1)
			told_parts_fixed(&parts, block.b, sizeof block.b);
		for (size_t i = 0; i < info->count; i++)
			told_parts_fixed(&parts, info->view[i].data, info->view[i].len);
		told_parts_fixed(&parts, &number, 1);
		told_parts_hmac(told_bytes(prk->b, sizeof prk->b), &parts, &block);

		size_t take = out_len < sizeof block.b ? out_len : sizeof block.b;
		memcpy(out, block.b, take);
		out += take;
		out_len -= take;
	}
	told_wipe(&block, sizeof block);
	return TOLD_OK;
}

enum told_status told_hkdf(struct told_bytes salt, struct told_bytes ikm, struct told_bytes info, uint8_t *out,
			   size_t out_len)
{
	struct told_parts key_material = {0}, context = {0};
	told_hash prk;

	told_parts_fixed(&key_material, ikm.data, ikm.len);
	told_parts_fixed(&context, info.data, info.len);
	told_hkdf_extract(salt, &key_material, &prk);
	enum told_status status = told_hkdf_expand(&prk, &context, out, out_len);
	told_wipe(&prk, sizeof prk);
	return status;
}
