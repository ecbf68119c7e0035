/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of a flow, good ones and, with a twist, bad ones. */
#include "flow/kit.h"

#include "proto/types.h"

#include <string.h>

struct told_header flow_header(struct flow *flow, struct bench_party *as, uint32_t type)
{
	struct told_header header;
	assert_int_equal(bench_header(&flow->world, as, flow->arena, type, &header), TOLD_OK);
	return header;
}

struct told_outgoing flow_signed(struct flow *flow, struct bench_party *as, const struct told_header *header,
				 const struct told_body *body)
{
	static const struct told_body nothing;
	struct told_outgoing out;
	bool identity = told_type_rule(header->type)->signed_by == TOLD_KEY_IDENTITY;
	struct told_signer *signer = identity ? as->identity : as->signing;
	enum told_agency_key which = identity ? TOLD_AGENCY_KEY_IDENTITY : TOLD_AGENCY_KEY_SIGNING;
	assert_int_equal(
		bench_sign(flow->arena, header, body != NULL ? body : &nothing, signer, as->keys.of[which].key, &out),
		TOLD_OK);
	return out;
}

static const char *either(const char *text, const char *otherwise)
{
	return text != NULL ? text : otherwise;
}

struct told_outgoing flow_update(struct flow *flow, const struct flow_twist *twist)
{
	struct bench_world *world = &flow->world;
	struct bench_party *as = twist->as != NULL ? twist->as : &world->sender;
	struct told_header header = flow_header(flow, as, TOLD_TYPE_STATUS_UPDATE);
	uint32_t purpose = TOLD_PURPOSE_COORD;
	struct told_bytes recipient = told_text(either(twist->to, world->consumer.name));
	const told_hash *hash = twist->agreement_hash != NULL ? twist->agreement_hash : &world->agreement;
	struct told_basis_part basis = {.art6 = TOLD_ART6_E, .confidentiality = TOLD_CONFIDENTIALITY_EXPLICIT_CONSENT};
	struct told_agreement_ref agreement = {.id = told_text(either(twist->agreement, "ISA-BENCH")),
					       .version = twist->agreement_version != 0 ? twist->agreement_version : 1,
					       .sha256 = told_bytes(hash->b, TOLD_HASH_BYTES)};
	struct told_seal_to to = {.recipient = recipient};
	struct told_plain_section section = {
		.header = {.category = TOLD_CATEGORY_HOU_SIT,
			   .voice = TOLD_VOICE_WORKER,
			   .recorded_ms = header.created_ms,
			   .originator = told_text(as->name),
			   .author = told_text("w1"),
			   .basis = 1,
			   .onward = TOLD_YES_NO_YES},
		.content = told_text(either(twist->content, "a room of her own")),
	};
	if (twist->size > 0) {
		uint8_t *filler = told_arena_alloc(flow->arena, twist->size);
		assert_non_null(filler);
		section.content = told_bytes(filler, twist->size);
	}
	memcpy(to.key, world->consumer.keys.of[TOLD_AGENCY_KEY_SEALING].key, TOLD_KEY_BYTES);
	if (twist->id != NULL)
		header.id = told_bytes(twist->id, TOLD_ID_BYTES);
	header.created_ms = (uint64_t)((int64_t)header.created_ms + twist->created_shift_ms);
	if (twist->expires_in_ms != 0)
		header.expires_ms = (uint64_t)((int64_t)header.created_ms + twist->expires_in_ms);
	header.recipients = (struct told_bytes_list){.items = &recipient, .count = 1};
	header.client_ref =
		told_bytes(twist->client != NULL ? twist->client : world->refs[twist->person], TOLD_ID_BYTES);
	header.author = told_text(either(twist->author, "w1"));
	header.role = TOLD_ROLE_PRACTITIONER;
	header.purposes = (struct told_u32_list){.items = &purpose, .count = 1};
	header.bases = (struct told_basis_part_list){.items = &basis, .count = 1};
	header.agreement = &agreement;
	struct told_outgoing out = {.type = header.type, .sender_seq = header.sender_seq};
	memcpy(out.id, header.id.data, TOLD_ID_BYTES);
	assert_int_equal(told_message_seal(flow->arena, &header, &section, 1, &to, 1, &out.header, &out.body), TOLD_OK);
	assert_int_equal(
		told_outgoing_sign(flow->arena, as->signing, as->keys.of[TOLD_AGENCY_KEY_SIGNING].key, &out, 1),
		TOLD_OK);
	return out;
}

struct told_outgoing flow_consent(struct flow *flow, struct bench_party *as, const uint8_t client[TOLD_ID_BYTES])
{
	struct told_header header = flow_header(flow, as, TOLD_TYPE_CONSENT);
	uint32_t purpose = TOLD_PURPOSE_COORD, category = TOLD_CATEGORY_HOU_SIT;
	struct told_consent_recipient_part recipient = {.party = told_text(flow->world.consumer.name)};
	struct told_consent_part part = {
		.kind = TOLD_CONSENT_KIND_PERMISSION,
		.state = TOLD_CONSENT_STATE_GIVEN,
		.given_ms = header.created_ms - (uint64_t)TOLD_MS_MINUTE,
		.recipients = {.items = &recipient, .count = 1},
		.purposes = {.items = &purpose, .count = 1},
		.include = {.items = &category, .count = 1},
		.giver = TOLD_GIVER_PERSON,
		.capacity = TOLD_CAPACITY_HAS,
		.freely_given = TOLD_YES_NO_YES,
		.evidence = TOLD_EVIDENCE_SIGNATURE,
	};
	header.client_ref = told_bytes(client, TOLD_ID_BYTES);
	header.author = told_text("w1");
	header.role = TOLD_ROLE_PRACTITIONER;
	header.consent = &part;
	return flow_signed(flow, as, &header, NULL);
}

struct told_outgoing flow_withdrawal(struct flow *flow, struct bench_party *as, const uint8_t client[TOLD_ID_BYTES])
{
	struct told_header header = flow_header(flow, as, TOLD_TYPE_WITHDRAWAL);
	struct told_withdrawal_part part = {0};
	header.client_ref = told_bytes(client, TOLD_ID_BYTES);
	header.author = told_text("w1");
	header.role = TOLD_ROLE_PRACTITIONER;
	header.withdrawal = &part;
	return flow_signed(flow, as, &header, NULL);
}

struct told_outgoing flow_worker(struct flow *flow, struct bench_party *as, const char *number, uint64_t until_ms)
{
	struct told_header header = flow_header(flow, as, TOLD_TYPE_WORKER_REGISTER);
	uint32_t role = TOLD_ROLE_PRACTITIONER;
	struct told_worker_part line = {
		.number = told_text(number),
		.kind = TOLD_WORKER_KIND_EMPLOYED,
		.roles = {.items = &role, .count = 1},
		.from_ms = header.created_ms - (uint64_t)TOLD_MS_DAY,
		.until_ms = until_ms,
	};
	header.workers = (struct told_worker_part_list){.items = &line, .count = 1};
	return flow_signed(flow, as, &header, NULL);
}

struct told_outgoing flow_agreement(struct flow *flow, struct bench_party *as, const char *id, struct told_bytes file)
{
	struct told_header header = flow_header(flow, as, TOLD_TYPE_AGREEMENT_SIGN);
	struct told_body body = {.attachment = file};
	told_hash hash;
	told_sha256(file, &hash);
	struct told_agreement_sign_part part = {
		.id = told_text(id), .version = 1, .sha256 = told_bytes(hash.b, TOLD_HASH_BYTES)};
	header.agreement_sign = &part;
	return flow_signed(flow, as, &header, &body);
}

/* ---- the operator ---- */

static void operator_keys(struct flow *flow, struct told_broker_keys *keys)
{
	assert_int_equal(told_broker_keys_load(flow->world.broker_dir, keys, NULL), TOLD_OK);
}

static struct bench_party *operator_party(struct flow *flow)
{
	struct told_broker_keys keys;
	struct bench_party *party = told_arena_alloc(flow->arena, sizeof *party);
	assert_non_null(party);
	operator_keys(flow, &keys);
	party->name = "broker";
	party->keys.of[TOLD_AGENCY_KEY_SESSION] = keys.of[TOLD_BROKER_KEY_OPERATOR_SESSION];
	assert_int_equal(told_random(party->epoch, sizeof party->epoch), TOLD_OK);
	told_broker_keys_wipe(&keys);
	return party;
}

struct flow_peer *flow_join_operator(struct flow *flow)
{
	return flow_join(flow, operator_party(flow), false);
}

struct told_outgoing flow_partner(struct flow *flow, uint32_t action, const struct bench_party *about)
{
	struct told_broker_keys keys;
	struct told_signer *signer = NULL;
	struct told_outgoing out;
	struct bench_party *operator= operator_party(flow);
	struct told_header header = flow_header(flow, operator, TOLD_TYPE_PARTNER);
	bool enrol = action == TOLD_PARTNER_ACTION_ENROL;
	struct told_partner_part part = {.action = action, .party = told_text(about->name)};
	if (enrol) {
		part.identity_key = told_bytes(about->keys.of[TOLD_AGENCY_KEY_IDENTITY].key, TOLD_KEY_BYTES);
		part.session_key = told_bytes(about->keys.of[TOLD_AGENCY_KEY_SESSION].key, TOLD_KEY_BYTES);
	}
	header.partner = &part;
	operator_keys(flow, &keys);
	assert_int_equal(told_signer_new(keys.of[TOLD_BROKER_KEY_OPERATOR].secret, &signer), TOLD_OK);
	assert_int_equal(bench_sign(flow->arena, &header, &(struct told_body){0}, signer,
				    keys.of[TOLD_BROKER_KEY_OPERATOR].key, &out),
			 TOLD_OK);
	told_signer_free(signer);
	told_broker_keys_wipe(&keys);
	return out;
}
