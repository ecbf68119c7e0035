/* SPDX-License-Identifier: Apache-2.0 */
/* Sections: padding, sealing, commitment, digest, digest list, wraps (protocol section 3). Knows bytes only: what a
 * section says and who may read it is decided elsewhere. */
#include "proto/seal_aead.h"
#include "proto/seal_parts.h"
#include "told/seal.h"

#include <string.h>

#define PAD_MARK              0x80
#define EXPORT_TEXT_MAX_BYTES 128u /* the text is 63 bytes */

static const size_t list_sizes[] = {4, 8, 16, TOLD_SECTIONS_MAX};

/* The sender stands in it: whoever signs another's ciphertext anew has sealed nothing that opens. */
static void section_aad(struct told_bytes sender, const uint8_t message_id[16], struct told_bytes section_header,
			struct told_parts *aad)
{
	told_parts_label(aad, "told/1/section");
	told_parts_put(aad, sender);
	told_parts_fixed(aad, message_id, TOLD_ID_BYTES);
	told_parts_put(aad, section_header);
}

enum told_status told_section_seal(const uint8_t key[32], struct told_bytes sender, const uint8_t message_id[16],
				   struct told_bytes section_header, struct told_bytes content,
				   struct told_buf *ciphertext)
{
	static const uint8_t padding[TOLD_PAD_BYTES] = {PAD_MARK};
	struct told_parts aad = {0};
	size_t start = ciphertext->len;

	section_aad(sender, message_id, section_header, &aad);
	told_buf_put_bytes(ciphertext, content);
	told_buf_put(ciphertext, padding, TOLD_PAD_BYTES - content.len % TOLD_PAD_BYTES);
	return told_aead_seal_buf(key, told_nonce_zero, &aad, ciphertext, start);
}

/* The length of the content in padded bytes: the padding is the shortest that fits, so that each content has one
 * ciphertext only. TOLD_E_MALFORMED otherwise. */
static enum told_status unpad(const uint8_t *padded, size_t len, size_t *content_len)
{
	if (len == 0 || len % TOLD_PAD_BYTES != 0)
		return TOLD_E_MALFORMED;
	for (size_t i = 1; i <= TOLD_PAD_BYTES; i++) {
		uint8_t last = padded[len - i];
		if (last == PAD_MARK) {
			*content_len = len - i;
			return TOLD_OK;
		}
		if (last != 0)
			break;
	}
	return TOLD_E_MALFORMED;
}

enum told_status told_section_open(const uint8_t key[32], struct told_bytes sender, const uint8_t message_id[16],
				   struct told_bytes section_header, struct told_bytes ciphertext,
				   struct told_buf *content)
{
	struct told_parts aad = {0};
	size_t start = content->len, len = 0;

	section_aad(sender, message_id, section_header, &aad);
	enum told_status status = told_aead_open_buf(key, told_nonce_zero, &aad, ciphertext, content);
	if (status != TOLD_OK)
		return status;
	status = unpad(content->data + start, content->len - start, &len);
	told_buf_take_back(content, start + len);
	return status;
}

void told_key_commitment(const uint8_t key[32], const uint8_t message_id[16], uint32_t number, told_hash *out)
{
	struct told_parts parts = {0};
	told_parts_label(&parts, "told/1/key");
	told_parts_fixed(&parts, key, TOLD_KEY_BYTES);
	told_parts_fixed(&parts, message_id, TOLD_ID_BYTES);
	told_parts_u32(&parts, number);
	told_parts_sha256(&parts, out);
}

void told_section_digest(const uint8_t salt[16], struct told_bytes section_header, struct told_bytes ciphertext,
			 const told_hash *commitment, told_hash *out)
{
	struct told_parts parts = {0};
	told_hash sealed;

	told_sha256(ciphertext, &sealed);
	told_parts_label(&parts, "told/1/digest");
	told_parts_fixed(&parts, salt, TOLD_SALT_BYTES);
	told_parts_put(&parts, section_header);
	told_parts_fixed(&parts, sealed.b, sizeof sealed.b);
	told_parts_fixed(&parts, commitment->b, sizeof commitment->b);
	told_parts_sha256(&parts, out);
}

static size_t list_size(size_t n)
{
	size_t i = 0;
	while (list_sizes[i] < n)
		i++;
	return list_sizes[i];
}

/* Fisher and Yates; with 64 random bits for at most 32 places the modulo's bias is below 2^-58. */
static void shuffle(told_hash *list, size_t count, const uint64_t *random)
{
	for (size_t i = count - 1; i > 0; i--) {
		size_t j = random[i] % (i + 1);
		told_hash held = list[i];
		list[i] = list[j];
		list[j] = held;
	}
}

/* Padding is shuffled in with the digests: at the end of the list its number would show. */
enum told_status told_digest_list(const told_hash *digests, size_t n, told_hash *out, size_t *count)
{
	uint64_t random[TOLD_SECTIONS_MAX];

	*count = 0;
	if (n > TOLD_SECTIONS_MAX)
		return TOLD_E_LIMIT;
	if (n == 0)
		return TOLD_OK;
	size_t size = list_size(n);
	memcpy(out, digests, n * sizeof *out);
	enum told_status status = told_random(random, sizeof random);
	if (status == TOLD_OK && size > n)
		status = told_random(out + n, (size - n) * sizeof *out);
	if (status != TOLD_OK)
		return status;
	shuffle(out, size, random);
	told_wipe(random, sizeof random); /* who knows the order knows which values are padding */
	*count = size;
	return TOLD_OK;
}

void told_wrap_info(struct told_bytes sender, struct told_bytes recipient, const told_hash *key_id,
		    struct told_buf *out)
{
	told_buf_put_part(out, told_text("told/1/wrap"));
	told_buf_put_part(out, sender);
	told_buf_put_part(out, recipient);
	told_buf_put(out, key_id->b, sizeof key_id->b);
}

static enum told_status wrap_key(const struct told_hpke *hpke, const uint8_t message_id[16], const told_hash *digest,
				 uint8_t key[32])
{
	struct told_buf context = TOLD_BUF(EXPORT_TEXT_MAX_BYTES);
	told_buf_put_part(&context, told_text("told/1/wrap"));
	told_buf_put(&context, message_id, TOLD_ID_BYTES);
	told_buf_put(&context, digest->b, sizeof digest->b);
	enum told_status status = context.status;
	if (status == TOLD_OK)
		status = told_hpke_export(hpke, told_buf_view(&context), key, TOLD_KEY_BYTES);
	told_buf_free(&context);
	return status;
}

enum told_status told_wrap_seal(const struct told_hpke *hpke, const uint8_t message_id[16], const told_hash *digest,
				const uint8_t section_key[32], uint8_t wrap[48])
{
	uint8_t key[TOLD_KEY_BYTES];
	enum told_status status = wrap_key(hpke, message_id, digest, key);
	if (status == TOLD_OK)
		status = told_aead_seal(key, told_text(NULL), told_bytes(section_key, TOLD_KEY_BYTES), wrap);
	told_wipe(key, sizeof key);
	return status;
}

enum told_status told_wrap_open(const struct told_hpke *hpke, const uint8_t message_id[16], const told_hash *digest,
				const uint8_t wrap[48], uint8_t section_key[32])
{
	uint8_t key[TOLD_KEY_BYTES];
	enum told_status status = wrap_key(hpke, message_id, digest, key);
	if (status == TOLD_OK)
		status = told_aead_open(key, told_text(NULL), told_bytes(wrap, TOLD_WRAP_BYTES), section_key);
	if (status != TOLD_OK)
		told_wipe(section_key, TOLD_KEY_BYTES);
	told_wipe(key, sizeof key);
	return status;
}
