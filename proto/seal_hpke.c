/* SPDX-License-Identifier: Apache-2.0 */
/* HPKE base mode (RFC 9180), the exporter only, by hand: OpenSSL 3.0 has none. Touches X25519 and HKDF of this room.
 *
 * Cost: one context is two scalar multiplications at each end and serves a whole batch for a recipient; a wrap after
 * that is one HMAC and one AEAD over 32 bytes. That is why a context is made a batch and recipient, not a wrap. */
#include "proto/seal_hpke.h"
#include "proto/seal_hkdf.h"
#include "proto/seal_x25519.h"
#include "told/seal.h"

#include <string.h>

#define KEM_X25519  0x0020u
#define KDF_SHA256  0x0001u
#define MODE_BASE   0x00
#define SUITE_BYTES 10u

/* suite_id: "KEM" || kem for the KEM, "HPKE" || kem || kdf || aead for the rest. */
static const uint8_t kem_suite[] = {'K', 'E', 'M', KEM_X25519 >> 8, KEM_X25519 & 0xff};

static void hpke_suite(uint16_t aead, uint8_t suite[SUITE_BYTES])
{
	static const uint8_t begin[] = {
		'H', 'P', 'K', 'E', KEM_X25519 >> 8, KEM_X25519 & 0xff, KDF_SHA256 >> 8, KDF_SHA256 & 0xff};
	memcpy(suite, begin, sizeof begin);
	suite[sizeof begin] = (uint8_t)(aead >> 8);
	suite[sizeof begin + 1] = (uint8_t)aead;
}

/* "HPKE-v1" || suite_id || label, which stand before every input (section 4). */
static void put_label(struct told_parts *parts, struct told_bytes suite, const char *label)
{
	static const char version[] = "HPKE-v1";
	told_parts_fixed(parts, version, sizeof version - 1);
	told_parts_fixed(parts, suite.data, suite.len);
	told_parts_fixed(parts, label, strlen(label));
}

static void labeled_extract(struct told_bytes suite, struct told_bytes salt, const char *label, struct told_bytes ikm,
			    told_hash *out)
{
	struct told_parts parts = {0};
	put_label(&parts, suite, label);
	told_parts_fixed(&parts, ikm.data, ikm.len);
	told_hkdf_extract(salt, &parts, out);
}

static enum told_status labeled_expand(struct told_bytes suite, const told_hash *prk, const char *label,
				       struct told_bytes info, uint8_t *out, size_t out_len)
{
	struct told_parts parts = {0};
	const uint8_t len[2] = {(uint8_t)(out_len >> 8), (uint8_t)out_len};
	told_parts_fixed(&parts, len, sizeof len);
	put_label(&parts, suite, label);
	told_parts_fixed(&parts, info.data, info.len);
	return told_hkdf_expand(prk, &parts, out, out_len);
}

enum told_status told_hpke_shared(const uint8_t dh[32], const uint8_t enc[32], const uint8_t recipient_key[32],
				  told_hash *shared)
{
	const struct told_bytes kem = told_bytes(kem_suite, sizeof kem_suite);
	uint8_t context[2 * TOLD_KEY_BYTES];
	told_hash prk;

	memcpy(context, enc, TOLD_KEY_BYTES);
	memcpy(context + TOLD_KEY_BYTES, recipient_key, TOLD_KEY_BYTES);
	labeled_extract(kem, told_text(NULL), "eae_prk", told_bytes(dh, TOLD_KEY_BYTES), &prk);
	enum told_status status = labeled_expand(kem, &prk, "shared_secret", told_bytes(context, sizeof context),
						 shared->b, sizeof shared->b);
	told_wipe(&prk, sizeof prk);
	return status;
}

enum told_status told_hpke_schedule(uint16_t aead, const told_hash *shared, struct told_bytes info,
				    struct told_hpke_schedule *out)
{
	uint8_t id[SUITE_BYTES];
	const struct told_bytes suite = told_bytes(id, sizeof id), none = {0};
	told_hash psk_id_hash, info_hash;

	hpke_suite(aead, id);
	labeled_extract(suite, none, "psk_id_hash", none, &psk_id_hash);
	labeled_extract(suite, none, "info_hash", info, &info_hash);
	out->context[0] = MODE_BASE;
	memcpy(out->context + 1, psk_id_hash.b, sizeof psk_id_hash.b);
	memcpy(out->context + 1 + sizeof psk_id_hash.b, info_hash.b, sizeof info_hash.b);
	labeled_extract(suite, told_bytes(shared->b, sizeof shared->b), "secret", none, &out->secret);
	return labeled_expand(suite, &out->secret, "exp", told_bytes(out->context, sizeof out->context),
			      out->exporter.b, sizeof out->exporter.b);
}

enum told_status told_hpke_export_as(uint16_t aead, const told_hash *exporter, struct told_bytes context, uint8_t *out,
				     size_t out_len)
{
	uint8_t suite[SUITE_BYTES];
	hpke_suite(aead, suite);
	return labeled_expand(told_bytes(suite, sizeof suite), exporter, "sec", context, out, out_len);
}

static enum told_status set_up(const uint8_t dh[32], const uint8_t enc[32], const uint8_t recipient_key[32],
			       struct told_bytes info, struct told_hpke *out)
{
	struct told_hpke_schedule schedule = {0};
	told_hash shared = {0};

	enum told_status status = told_hpke_shared(dh, enc, recipient_key, &shared);
	if (status == TOLD_OK)
		status = told_hpke_schedule(TOLD_HPKE_AEAD_CHACHA20, &shared, info, &schedule);
	if (status == TOLD_OK) {
		memcpy(out->enc, enc, sizeof out->enc);
		memcpy(out->exporter, schedule.exporter.b, sizeof out->exporter);
	}
	told_wipe(&schedule, sizeof schedule);
	told_wipe(&shared, sizeof shared);
	return status;
}

enum told_status told_hpke_send_with(const uint8_t ephemeral[32], const uint8_t recipient_key[32],
				     struct told_bytes info, struct told_hpke *out)
{
	uint8_t enc[TOLD_KEY_BYTES], dh[TOLD_KEY_BYTES];

	*out = (struct told_hpke){0};
	enum told_status status = told_x25519_agree(ephemeral, recipient_key, enc, dh);
	if (status == TOLD_OK)
		status = set_up(dh, enc, recipient_key, info, out);
	told_wipe(dh, sizeof dh);
	return status;
}

enum told_status told_hpke_send(const uint8_t recipient_key[32], struct told_bytes info, struct told_hpke *out)
{
	uint8_t ephemeral[TOLD_KEY_BYTES];

	*out = (struct told_hpke){0};
	enum told_status status = told_random(ephemeral, sizeof ephemeral);
	if (status == TOLD_OK)
		status = told_hpke_send_with(ephemeral, recipient_key, info, out);
	told_wipe(ephemeral, sizeof ephemeral);
	return status;
}

enum told_status told_hpke_receive(const uint8_t enc[32], const uint8_t recipient_secret[32], struct told_bytes info,
				   struct told_hpke *out)
{
	uint8_t own[TOLD_KEY_BYTES], dh[TOLD_KEY_BYTES];

	*out = (struct told_hpke){0};
	enum told_status status = told_x25519_agree(recipient_secret, enc, own, dh);
	if (status == TOLD_OK)
		status = set_up(dh, enc, own, info, out);
	told_wipe(dh, sizeof dh);
	return status;
}

enum told_status told_hpke_export(const struct told_hpke *hpke, struct told_bytes context, uint8_t *out, size_t out_len)
{
	told_hash exporter;
	memcpy(exporter.b, hpke->exporter, sizeof exporter.b);
	enum told_status status = told_hpke_export_as(TOLD_HPKE_AEAD_CHACHA20, &exporter, context, out, out_len);
	told_wipe(&exporter, sizeof exporter);
	return status;
}

void told_hpke_wipe(struct told_hpke *hpke)
{
	if (hpke != NULL)
		told_wipe(hpke, sizeof *hpke);
}
