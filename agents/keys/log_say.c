/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's messages about the log's keys. Memory only: who sends them is not known here. */
#include "agents/keys/log_say.h"

#include "proto/message.h"
#include "told/codes.h"
#include "told/limits.h"
#include "told/proof.h"

#define OPERATOR "broker"

enum told_status told_log_key_record(const struct told_keypair *pair, uint32_t number,
				     uint8_t proof[TOLD_SIGNATURE_BYTES], struct told_key_part *out)
{
	struct told_signer *signer = NULL;
	enum told_status status = told_signer_new(pair->secret, &signer);
	if (status == TOLD_OK)
		status = told_possession_sign(signer, told_text(OPERATOR), pair->key, proof);
	told_signer_free(signer);
	*out = (struct told_key_part){.purpose = TOLD_KEY_LOG,
				      .action = TOLD_KEY_ACTION_ISSUE,
				      .number = number,
				      .key = told_bytes(pair->key, TOLD_KEY_BYTES),
				      .possession = told_bytes(proof, TOLD_SIGNATURE_BYTES)};
	return status;
}

enum told_status told_operator_header(struct told_bytes partnership, const uint8_t epoch[TOLD_ID_BYTES],
				      uint64_t now_ms, uint8_t id[TOLD_ID_BYTES], struct told_header *header)
{
	header->version = 1;
	header->id = told_bytes(id, TOLD_ID_BYTES);
	header->partnership = partnership;
	header->sender = told_text(OPERATOR);
	header->sender_seq = 1;
	header->epoch = told_bytes(epoch, TOLD_ID_BYTES);
	header->created_ms = now_ms;
	header->expires_ms = now_ms + (uint64_t)TOLD_MS_DAY;
	return told_uuid7(now_ms, id);
}

static enum told_status encode(struct told_arena *arena, enum told_schema schema, const void *message, size_t max_bytes,
			       struct told_bytes *out)
{
	struct told_buf buf = TOLD_BUF(max_bytes);
	enum told_status status = told_encode(schema, message, &buf);
	*out = told_arena_copy(arena, told_buf_view(&buf));
	if (status == TOLD_OK && out->len != buf.len)
		status = TOLD_E_MEMORY;
	told_buf_free(&buf);
	return status;
}

enum told_status told_log_key_say(const struct told_keypair *operator_key, struct told_bytes partnership,
				  const struct told_keypair *pair, uint32_t number, uint64_t now_ms,
				  struct told_arena *arena, struct told_bytes *envelope, struct told_bytes *body)
{
	uint8_t proof[TOLD_SIGNATURE_BYTES], id[TOLD_ID_BYTES], epoch[TOLD_ID_BYTES];
	struct told_key_part record;
	struct told_partner_part part = {.action = TOLD_PARTNER_ACTION_LOG_KEY, .log_key = &record};
	struct told_header header = {.type = TOLD_TYPE_PARTNER, .partner = &part};
	struct told_signer *signer = NULL;
	struct told_bytes bytes;
	enum told_status status = told_log_key_record(pair, number, proof, &record);
	if (status == TOLD_OK)
		status = told_random(epoch, sizeof epoch);
	if (status == TOLD_OK)
		status = told_operator_header(partnership, epoch, now_ms, id, &header);
	if (status == TOLD_OK)
		status = encode(arena, TOLD_SCHEMA_HEADER, &header, TOLD_HEADER_MAX_BYTES, &bytes);
	if (status == TOLD_OK)
		status = encode(arena, TOLD_SCHEMA_BODY, &(struct told_body){0}, TOLD_BODY_MAX_BYTES, body);
	if (status == TOLD_OK)
		status = told_signer_new(operator_key->secret, &signer);
	if (status == TOLD_OK)
		status = told_envelopes_sign(arena, signer, operator_key->key, &bytes, &header.type, 1, envelope);
	told_signer_free(signer);
	return status;
}
