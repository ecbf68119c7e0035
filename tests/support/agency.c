/* SPDX-License-Identifier: Apache-2.0 */
/* What the people of the test partnership say. */
#include "support/agency.h"

#include "proto/types.h"
#include "told/codes.h"

#include <stdio.h>
#include <string.h>

#define YEAR_MS  (365 * TOLD_MS_DAY)
#define OK(call) assert_int_equal(call, TOLD_OK)

/* ---- headers ---- */

static struct told_bytes keep(struct test_world *world, const void *data, size_t len)
{
	struct told_bytes copy = told_arena_copy(world->arena, told_bytes(data, len));
	assert_int_equal(copy.len, len);
	return copy;
}

static void *room(struct test_world *world, size_t size)
{
	void *made = told_arena_alloc(world->arena, size);
	assert_non_null(made);
	return made;
}

#define KEEP(world, ...) keep(world, (__VA_ARGS__), sizeof(__VA_ARGS__))

static struct told_u32_list numbers(struct test_world *world, const uint32_t *items, size_t count)
{
	uint32_t *list = room(world, count * sizeof *list);
	memcpy(list, items, count * sizeof *list);
	return (struct told_u32_list){list, count};
}

struct told_header test_header(struct test_world *world, struct test_agency *from, uint32_t type)
{
	uint8_t id[TOLD_ID_BYTES];
	OK(told_uuid7((uint64_t)world->now_ms, id));
	struct told_header header = {
		.version = 1,
		.type = type,
		.id = keep(world, id, sizeof id),
		.partnership = told_text(TEST_PARTNERSHIP),
		.sender = from->party,
		.sender_seq = ++from->seq,
		.epoch = told_bytes(from->epoch, sizeof from->epoch),
		.created_ms = (uint64_t)world->now_ms,
		.expires_ms = (uint64_t)(world->now_ms + 7 * TOLD_MS_DAY),
	};
	const struct told_type_rule *rule = told_type_rule(type);
	if (rule->needs & TOLD_PART_CLIENT)
		header.client_ref = told_bytes(world->person, TOLD_ID_BYTES);
	if (rule->needs & TOLD_PART_AUTHOR) {
		header.author = told_text("U1");
		header.role = TOLD_ROLE_PRACTITIONER;
	}
	return header;
}

static struct test_message *message_of(struct test_world *world, const struct told_header *header)
{
	struct test_message *message = room(world, sizeof *message);
	message->header = *header;
	message->id = header->id;
	return message;
}

static void sign_into(struct test_world *world, struct test_agency *from, struct test_message *message)
{
	unsigned by = told_type_rule(message->header.type)->signed_by;
	bool identity = by == TOLD_KEY_IDENTITY;
	OK(told_envelopes_sign(world->arena, identity ? from->identity_signer : from->signing_signer,
			       identity ? from->identity.key : from->signing.key, &message->header_bytes,
			       &message->header.type, 1, &message->envelope));
}

struct test_message *test_sign(struct test_world *world, struct test_agency *from, const struct told_header *header,
			       const struct told_body *body)
{
	struct test_message *message = message_of(world, header);
	struct told_buf head = TOLD_BUF(TOLD_HEADER_MAX_BYTES), bytes = TOLD_BUF(TOLD_BODY_MAX_BYTES);
	OK(told_header_encode(header, &head));
	OK(told_body_encode(body != NULL ? body : &(struct told_body){0}, &bytes));
	message->header_bytes = keep(world, head.data, head.len);
	message->body = keep(world, bytes.data, bytes.len);
	told_buf_free(&head);
	told_buf_free(&bytes);
	sign_into(world, from, message);
	return message;
}

static struct test_message *seal(struct test_world *world, struct test_agency *from, struct told_header *header,
				 const uint32_t *categories, size_t count, struct told_bytes last,
				 const struct test_agency *to)
{
	struct test_message *message = message_of(world, header);
	struct told_seal_to seal_to = {0};
	assert_true(count <= TEST_SECTIONS);
	message->section_count = count;
	for (size_t i = 0; i < count; i++) {
		char text[96];
		int n = snprintf(text, sizeof text, "{\"items\":[],\"text\":\"canary words of section %zu\"}", i);
		message->sections[i] = (struct told_plain_section){
			.header = {.category = categories[i],
				   .voice = TOLD_VOICE_PERSON,
				   .recorded_ms = (uint64_t)(world->now_ms - TOLD_MS_DAY),
				   .originator = from->party,
				   .author = told_text("U1"),
				   .basis = header->bases.count > 0},
			.content = i + 1 == count && last.len > 0 ? last : keep(world, text, (size_t)n),
		};
	}
	if (to != NULL) {
		seal_to.recipient = to->party;
		memcpy(seal_to.key, to->sealing.key, TOLD_KEY_BYTES);
	}
	OK(told_message_seal(world->arena, header, message->sections, count, &seal_to, to != NULL,
			     &message->header_bytes, &message->body));
	message->header = *header;
	sign_into(world, from, message);
	return message;
}

struct test_message *test_seal(struct test_world *world, struct test_agency *from, struct told_header *header,
			       const uint32_t *categories, size_t count, const struct test_agency *to)
{
	return seal(world, from, header, categories, count, told_bytes(NULL, 0), to);
}

struct test_message *test_seal_large(struct test_world *world, struct test_agency *from, struct told_header *header,
				     const uint32_t *categories, size_t count, struct told_bytes text,
				     const struct test_agency *to)
{
	return seal(world, from, header, categories, count, text, to);
}

void test_under_agreement(struct test_world *world, struct told_header *header, const struct test_agency *to,
			  uint32_t purpose)
{
	static struct told_basis_part basis = {
		.art6 = TOLD_ART6_E, .art9 = TOLD_ART9_G_6, .confidentiality = TOLD_CONFIDENTIALITY_EXPLICIT_CONSENT};
	struct told_agreement_ref ref = {told_text("ISA-MD3"), 3, told_bytes(world->agreement_hash.b, TOLD_HASH_BYTES)};
	struct told_bytes *names_to = room(world, sizeof *names_to);
	header->agreement = room(world, sizeof ref);
	*header->agreement = ref;
	names_to[0] = to->party;
	header->recipients = (struct told_bytes_list){names_to, 1};
	header->purposes = numbers(world, &purpose, 1);
	header->bases = (struct told_basis_part_list){&basis, 1};
}

/* ---- the partnership's messages ---- */

struct test_message *test_enrol(struct test_world *world, struct test_agency *agency)
{
	struct told_header header = test_header(world, &world->operator_, TOLD_TYPE_PARTNER);
	struct told_partner_part part = {
		.action = TOLD_PARTNER_ACTION_ENROL,
		.party = agency->party,
		.identity_key = told_bytes(agency->identity.key, TOLD_KEY_BYTES),
		.session_key = told_bytes(agency->session.key, TOLD_KEY_BYTES),
	};
	header.partner = &part;
	return test_sign(world, &world->operator_, &header, NULL);
}

struct test_message *test_key(struct test_world *world, struct test_agency *agency, unsigned purpose, unsigned action,
			      const struct test_keypair *pair, uint32_t number)
{
	struct told_header header = test_header(world, agency, TOLD_TYPE_KEY_RECORD);
	uint8_t proof[64];
	struct told_key_part part = {
		.purpose = purpose, .action = action, .number = number, .key = told_bytes(pair->key, TOLD_KEY_BYTES)};
	if (purpose == TOLD_KEY_CONTACT)
		part.worker = told_text("U1");
	if (action == TOLD_KEY_ACTION_ISSUE) {
		part.from_ms = (uint64_t)(world->now_ms - TOLD_MS_DAY);
		part.until_ms = (uint64_t)(world->now_ms + YEAR_MS);
		struct told_signer *signer = NULL;
		OK(told_signer_new(pair->secret, &signer));
		bool dh = purpose == TOLD_KEY_SEALING || purpose == TOLD_KEY_SESSION || purpose == TOLD_KEY_CONTACT;
		if (dh)
			OK(told_possession_mac(pair->secret, world->enrolment.key, agency->party, pair->key, proof));
		else
			OK(told_possession_sign(signer, agency->party, pair->key, proof));
		part.possession = told_bytes(proof, dh ? 32 : 64);
		told_signer_free(signer);
	}
	header.key_record = &part;
	return test_sign(world, agency, &header, NULL);
}

struct test_message *test_agreement(struct test_world *world, struct test_agency *agency)
{
	struct told_header header = test_header(world, agency, TOLD_TYPE_AGREEMENT_SIGN);
	struct told_agreement_sign_part part = {told_text("ISA-MD3"), 3,
						told_bytes(world->agreement_hash.b, TOLD_HASH_BYTES)};
	struct told_body body = {.attachment = world->agreement};
	header.agreement_sign = &part;
	return test_sign(world, agency, &header, &body);
}

struct test_message *test_suspend(struct test_world *world, struct test_agency *agency, unsigned action)
{
	struct told_header header = test_header(world, agency, TOLD_TYPE_AGREEMENT_SUSPEND);
	struct told_agreement_suspend_part part = {told_text("ISA-MD3"), action};
	header.agreement_suspend = &part;
	return test_sign(world, agency, &header, NULL);
}

struct test_message *test_workers(struct test_world *world, struct test_agency *agency)
{
	struct told_header header = test_header(world, agency, TOLD_TYPE_WORKER_REGISTER);
	uint32_t practitioner = TOLD_ROLE_PRACTITIONER, dsl = TOLD_ROLE_DSL;
	struct told_worker_part workers[] = {
		{.number = told_text("U1"), .kind = TOLD_WORKER_KIND_EMPLOYED, .roles = {&practitioner, 1}},
		{.number = told_text("U2"), .kind = TOLD_WORKER_KIND_EMPLOYED, .roles = {&dsl, 1}},
	};
	workers[0].from_ms = workers[1].from_ms = (uint64_t)(world->now_ms - YEAR_MS);
	header.workers = (struct told_worker_part_list){workers, 2};
	return test_sign(world, agency, &header, NULL);
}

/* ---- about the person ---- */

struct test_message *test_consent(struct test_world *world, struct test_agency *from, unsigned state,
				  const enum test_who *recipients, size_t recipient_count, const uint32_t *categories,
				  size_t category_count)
{
	static uint32_t purposes[] = {TOLD_PURPOSE_REFERRAL, TOLD_PURPOSE_COORD};
	struct told_consent_recipient_part list[TEST_AGENCIES] = {0};
	for (size_t i = 0; i < recipient_count; i++)
		list[i].party = world->of[recipients[i]].party;
	struct told_consent_part part = {
		.kind = TOLD_CONSENT_KIND_PERMISSION,
		.state = state,
		.given_ms = (uint64_t)(world->now_ms - TOLD_MS_HOUR),
		.from_ms = (uint64_t)(world->now_ms - TOLD_MS_HOUR),
		.until_ms = (uint64_t)(world->now_ms + world->consent_ms),
		.recipients = {list, recipient_count},
		.purposes = {purposes, 2},
		.include = numbers(world, categories, category_count),
		.giver = TOLD_GIVER_PERSON,
		.capacity = TOLD_CAPACITY_HAS,
		.freely_given = TOLD_YES_NO_YES,
		.notice_version = 3,
		.evidence = TOLD_EVIDENCE_SIGNATURE,
	};
	struct told_header header = test_header(world, from, TOLD_TYPE_CONSENT);
	header.consent = &part;
	return test_sign(world, from, &header, NULL);
}

struct test_message *test_withdrawal(struct test_world *world, struct test_agency *from,
				     const struct test_message *consent)
{
	struct told_header header = test_header(world, from, TOLD_TYPE_WITHDRAWAL);
	struct told_withdrawal_part part = {0};
	if (consent != NULL)
		part.consent_id = consent->id;
	header.withdrawal = &part;
	return test_sign(world, from, &header, NULL);
}

struct test_message *test_relationship(struct test_world *world, struct test_agency *from, unsigned live)
{
	struct told_header header = test_header(world, from, TOLD_TYPE_RELATIONSHIP);
	struct told_relationship_part part = {
		.kind = TOLD_RELATIONSHIP_TEAM, .live = live, .from_ms = (uint64_t)(world->now_ms - TOLD_MS_MINUTE)};
	header.relationship = &part;
	return test_sign(world, from, &header, NULL);
}

struct test_message *test_deposit(struct test_world *world, struct test_agency *from, uint32_t category)
{
	struct told_header header = test_header(world, from, TOLD_TYPE_DEPOSIT);
	uint8_t deposit_id[TOLD_ID_BYTES];
	OK(told_random(deposit_id, sizeof deposit_id));
	header.deposit = room(world, sizeof *header.deposit);
	*header.deposit = (struct told_deposit_part){keep(world, deposit_id, sizeof deposit_id), 1};
	return test_seal(world, from, &header, &category, 1, NULL);
}

struct test_message *test_grant(struct test_world *world, struct test_agency *from, const struct test_message *deposit,
				const struct test_agency *to, const struct test_message *consent)
{
	struct told_header header = test_header(world, from, TOLD_TYPE_GRANT);
	const struct told_plain_section *section = &deposit->sections[0];
	struct told_seal_to seal_to = {.recipient = to->party};
	struct told_wrap wrap;
	told_hash wrap_hash, key_id;
	memcpy(seal_to.key, to->sealing.key, TOLD_KEY_BYTES);
	told_key_id(seal_to.key, &key_id);
	OK(told_wrap_make(world->arena, from->party, &seal_to, deposit->id.data, &section->digest, section->key, &wrap,
			  &wrap_hash));
	struct told_grant_part grant = {
		.recipient = to->party,
		.sealing_key_id = told_bytes(key_id.b, sizeof key_id.b),
		.message_id = deposit->id,
		.deposit_id = deposit->header.deposit->deposit_id,
		.deposit_version = deposit->header.deposit->version,
		.section_digest = told_bytes(section->digest.b, TOLD_HASH_BYTES),
		.agreement = told_text("ISA-MD3"),
		.agreement_version = 3,
		.consent_id = consent != NULL ? consent->id : told_bytes(NULL, 0),
		.clause = told_text("4.1"),
		.wrap_hash = told_bytes(wrap_hash.b, sizeof wrap_hash.b),
	};
	struct told_body body = {.wraps = {&wrap, 1}};
	header.grants = (struct told_grant_part_list){&grant, 1};
	return test_sign(world, from, &header, &body);
}

struct test_message *test_ask(struct test_world *world, struct test_agency *from, const struct test_agency *holder,
			      const uint8_t person[TOLD_ID_BYTES], uint32_t category)
{
	struct told_header header = test_header(world, from, TOLD_TYPE_ASK);
	test_under_agreement(world, &header, holder, TOLD_PURPOSE_COORD);
	header.client_ref = keep(world, person, TOLD_ID_BYTES);
	header.asked =
		numbers(world, (uint32_t[]){TOLD_CATEGORY_DEM_ID, category}, category == TOLD_CATEGORY_DEM_ID ? 1 : 2);
	return test_sign(world, from, &header, NULL);
}

struct test_message *test_referral(struct test_world *world, struct test_agency *from, const struct test_agency *to,
				   const uint32_t *categories, size_t count)
{
	struct told_header header = test_header(world, from, TOLD_TYPE_REFERRAL);
	test_under_agreement(world, &header, to, TOLD_PURPOSE_REFERRAL);
	return test_seal(world, from, &header, categories, count, to);
}

/* A message whose body is lines that its header counts. */
static struct test_message *sign_lines(struct test_world *world, struct test_agency *from, struct told_header *header,
				       struct told_bytes *lines, size_t count)
{
	struct told_body body = {.lines = {lines, count}};
	told_hash root;
	OK(told_lines_root(world->arena, &body.lines, &root));
	struct told_lines_part part = {(uint32_t)count, told_bytes(root.b, sizeof root.b)};
	header->lines = &part;
	return test_sign(world, from, header, &body);
}

struct test_message *test_ack(struct test_world *world, struct test_agency *from, const struct test_parcels *parcels,
			      unsigned result)
{
	struct told_header header = test_header(world, from, TOLD_TYPE_ACK);
	struct told_bytes lines[64];
	for (size_t i = 0; i < parcels->count; i++) {
		uint8_t salt[TOLD_SALT_BYTES];
		struct told_buf line = TOLD_BUF(TOLD_LINE_MAX_BYTES);
		OK(told_random(salt, sizeof salt));
		struct told_ack_line ack = {told_bytes(parcels->items[i].delivery.row.id, TOLD_ID_BYTES), result,
					    told_bytes(salt, sizeof salt)};
		OK(told_ack_line_encode(&ack, &line));
		lines[i] = keep(world, line.data, line.len);
		told_buf_free(&line);
	}
	return sign_lines(world, from, &header, lines, parcels->count);
}

struct test_message *test_opened(struct test_world *world, struct test_agency *from, const struct test_agency *to,
				 struct told_bytes parcel, struct told_bytes message)
{
	struct told_header header = test_header(world, from, TOLD_TYPE_OPENED);
	struct told_bytes recipients[] = {to->party};
	uint8_t salt[TOLD_SALT_BYTES];
	struct told_buf buf = TOLD_BUF(TOLD_LINE_MAX_BYTES);
	OK(told_random(salt, sizeof salt));
	struct told_opened_line opened = {.parcel = parcel,
					  .worker = told_text("U1"),
					  .time_ms = (uint64_t)world->now_ms,
					  .salt = told_bytes(salt, sizeof salt),
					  .message = message};
	OK(told_opened_line_encode(&opened, &buf));
	struct told_bytes line = keep(world, buf.data, buf.len);
	told_buf_free(&buf);
	header.recipients = (struct told_bytes_list){recipients, 1};
	return sign_lines(world, from, &header, &line, 1);
}
