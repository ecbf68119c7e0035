/* SPDX-License-Identifier: Apache-2.0 */
/* Somebody else's program: knows the installed headers and libtold alone. Seals one section to a recipient, signs the
 * message, and does what the recipient does: opens, verifies, checks, reads. Says what it read. */
#include <told/client.h>
#include <told/codes.h>
#include <told/message.h>
#include <told/vocabulary.h>

#include <stdio.h>
#include <string.h>

#define HEAP_BYTES 1048576u

static const uint8_t seed[TOLD_KEY_BYTES] = "the sender's signing seed, 32 by";
static const uint8_t secret[TOLD_KEY_BYTES] = "the recipient's sealing secret..";

struct sent {
	struct told_outgoing message;
	uint8_t signing_key[TOLD_KEY_BYTES], sealing_key[TOLD_KEY_BYTES];
};

static enum told_status make(struct told_arena *arena, struct sent *sent)
{
	static const uint8_t epoch[TOLD_ID_BYTES] = "an agent's epoch";
	static const uint64_t now_ms = UINT64_C(1795000000000);
	struct told_bytes to = told_text("TT");
	uint32_t purpose = TOLD_PURPOSE_REFERRAL;
	struct told_agreement_ref agreement = {
		.id = told_text("ISA-MD3"), .version = 3, .sha256 = told_bytes(seed, sizeof seed)};
	struct told_header header = {.version = 1,
				     .type = TOLD_TYPE_REFERRAL,
				     .partnership = told_text("told.example/northtown"),
				     .sender = told_text("HOU"),
				     .sender_seq = 1,
				     .epoch = told_bytes(epoch, sizeof epoch),
				     .recipients = {&to, 1},
				     .client_ref = told_bytes(epoch, sizeof epoch),
				     .created_ms = now_ms,
				     .expires_ms = now_ms + TOLD_MS_DAY,
				     .author = told_text("W1"),
				     .role = TOLD_ROLE_PRACTITIONER,
				     .purposes = {&purpose, 1},
				     .agreement = &agreement};
	struct told_plain_section section = {.header = {.category = TOLD_CATEGORY_GOA,
							.voice = TOLD_VOICE_PERSON,
							.recorded_ms = now_ms,
							.originator = told_text("HOU"),
							.author = told_text("W1")},
					     .content = told_text("{\"text\":\"a garden\"}")};
	struct told_seal_to recipient = {.recipient = to};
	struct told_signer *signer = NULL;
	enum told_status status = told_uuid7(now_ms, sent->message.id);
	header.id = told_bytes(sent->message.id, TOLD_ID_BYTES);
	sent->message.type = header.type;
	if (status == TOLD_OK)
		status = told_ed25519_public(seed, sent->signing_key);
	if (status == TOLD_OK)
		status = told_x25519_public(secret, sent->sealing_key);
	memcpy(recipient.key, sent->sealing_key, sizeof recipient.key);
	if (status == TOLD_OK)
		status = told_message_seal(arena, &header, &section, 1, &recipient, 1, &sent->message.header,
					   &sent->message.body);
	if (status == TOLD_OK)
		status = told_signer_new(seed, &signer);
	if (status == TOLD_OK)
		status = told_outgoing_sign(arena, signer, sent->signing_key, &sent->message, 1);
	told_signer_free(signer);
	return status;
}

static enum told_status read_back(struct told_arena *arena, const struct sent *sent, struct told_buf *content)
{
	struct told_opened_envelope opened;
	struct told_verifier *verifier = NULL;
	struct told_body *body = NULL;
	struct told_open_with with = {.recipient = told_text("TT")};
	memcpy(with.key, sent->sealing_key, sizeof with.key);
	memcpy(with.secret, secret, sizeof with.secret);
	enum told_status status = told_envelope_open(arena, sent->message.envelope, &opened);
	if (status == TOLD_OK)
		status = told_verifier_new(sent->signing_key, &verifier);
	if (status == TOLD_OK)
		status = told_envelope_verify(&opened, verifier, sent->signing_key);
	if (status == TOLD_OK)
		status = told_body_decode(sent->message.body, arena, &body);
	if (status == TOLD_OK)
		status = told_section_read(opened.header, &body->sections.items[0],
					   &body->sections.items[0].wraps.items[0], &with, content, NULL);
	told_verifier_free(verifier);
	return status;
}

int main(void)
{
	struct told_arena *arena = NULL;
	struct told_buf content = TOLD_BUF(1024);
	struct sent sent = {0};
	enum told_status status = told_arena_new(HEAP_BYTES, &arena);
	if (status == TOLD_OK)
		status = make(arena, &sent);
	if (status == TOLD_OK)
		status = read_back(arena, &sent, &content);
	if (status == TOLD_OK)
		printf("read: %.*s\n", (int)content.len, (const char *)content.data);
	else
		fprintf(stderr, "%s: %s\n", told_status_name(status), told_status_text(status));
	told_buf_free(&content);
	told_arena_free(arena);
	return status == TOLD_OK ? 0 : 1;
}
