/* SPDX-License-Identifier: Apache-2.0 */
/* Proof of possession in a key record: whoever enrols a key holds its secret. PROTOCOL.md section 1. */
#include "message.h"

#include "seal_x25519.h"
#include <string.h>

#define POSSESSION_TEXT_MAX_BYTES 256u

/* Whose key it is stands in what is signed, so that no proof serves another party. */
static void possession_text(struct told_bytes party, const uint8_t key[TOLD_KEY_BYTES], struct told_buf *text)
{
	told_buf_put_part(text, told_text("told/1/possession"));
	told_buf_put_part(text, party);
	told_buf_put(text, key, TOLD_KEY_BYTES);
}

enum told_status told_possession_sign(struct told_signer *signer, struct told_bytes party,
				      const uint8_t key[TOLD_KEY_BYTES], uint8_t proof[64])
{
	struct told_buf text = TOLD_BUF(POSSESSION_TEXT_MAX_BYTES);
	possession_text(party, key, &text);
	enum told_status status = text.status;
	if (status == TOLD_OK)
		status = told_signer_sign(signer, told_buf_view(&text), proof);
	told_buf_free(&text);
	return status;
}

static enum told_status shared_mac(const uint8_t secret[TOLD_KEY_BYTES], const uint8_t peer[TOLD_KEY_BYTES],
				   struct told_bytes party, const uint8_t key[TOLD_KEY_BYTES], told_hash *mac)
{
	struct told_buf text = TOLD_BUF(POSSESSION_TEXT_MAX_BYTES);
	uint8_t own[TOLD_KEY_BYTES], shared[TOLD_KEY_BYTES];
	possession_text(party, key, &text);
	enum told_status status = text.status;
	if (status == TOLD_OK)
		status = told_x25519_agree(secret, peer, own, shared);
	if (status == TOLD_OK)
		told_hmac(told_bytes(shared, sizeof shared), told_buf_view(&text), mac);
	told_wipe(shared, sizeof shared);
	told_buf_free(&text);
	return status;
}

enum told_status told_possession_mac(const uint8_t secret[TOLD_KEY_BYTES], const uint8_t enrolment_key[TOLD_KEY_BYTES],
				     struct told_bytes party, const uint8_t key[TOLD_KEY_BYTES], uint8_t proof[32])
{
	told_hash mac = {0};
	enum told_status status = shared_mac(secret, enrolment_key, party, key, &mac);
	memcpy(proof, mac.b, sizeof mac.b);
	return status;
}

static enum told_status check_signature(const struct told_key_part *record, struct told_bytes party)
{
	struct told_buf text = TOLD_BUF(POSSESSION_TEXT_MAX_BYTES);
	if (record->possession.len != TOLD_SIGNATURE_BYTES)
		return TOLD_E_MALFORMED;
	possession_text(party, record->key.data, &text);
	enum told_status status = text.status;
	if (status == TOLD_OK)
		status = told_ed25519_verify(record->key.data, told_buf_view(&text), record->possession.data);
	told_buf_free(&text);
	return status;
}

static enum told_status check_mac(const struct told_key_part *record, struct told_bytes party,
				  const uint8_t *enrolment_secret)
{
	told_hash mac = {0};
	if (record->possession.len != sizeof mac.b)
		return TOLD_E_MALFORMED;
	enum told_status status = told_x25519_key_check(record->key.data);
	if (status != TOLD_OK || enrolment_secret == NULL)
		return status;
	status = shared_mac(enrolment_secret, record->key.data, party, record->key.data, &mac);
	if (status != TOLD_OK)
		return status;
	return told_equal_secret(mac.b, record->possession.data, sizeof mac.b) ? TOLD_OK : TOLD_E_SIGNATURE;
}

enum told_status told_possession_check(const struct told_key_part *record, struct told_bytes party,
				       const uint8_t *enrolment_secret)
{
	if (record->key.len != TOLD_KEY_BYTES)
		return TOLD_E_MALFORMED;
	if (record->action != TOLD_KEY_ACTION_ISSUE) /* a key is taken back without its secret: it may be lost */
		return record->possession.len == 0 ? TOLD_OK : TOLD_E_MALFORMED;
	bool agreement_key = record->purpose == TOLD_KEY_SEALING || record->purpose == TOLD_KEY_CONTACT ||
			     record->purpose == TOLD_KEY_SESSION;
	return agreement_key ? check_mac(record, party, enrolment_secret) : check_signature(record, party);
}
