/* SPDX-License-Identifier: Apache-2.0 */
/* What the client believes of a parcel: place in the log, signature, name, digest, wrap, commitment, tag, in that
 * order, and nothing is shown before the last. */
#include "client/log.h"

#include "told/seal.h"

#define WORDS "She slept on a sofa"

/* A message with one section, sealed by HOU to whom the test says, and its accepted entry. */
struct letter {
	struct told_header header;
	struct told_bytes header_bytes, body_bytes, envelope;
	struct told_body *body; /* decoded: the test may spoil it, then body_bytes is made anew */
	struct told_plain_section plain;
	uint64_t index;
};

static void seal(struct test_log *log, struct letter *l, const char *recipient, const uint8_t key[32], bool wrapped)
{
	struct told_seal_to to = {.recipient = told_text(recipient)};
	memcpy(to.key, key, sizeof to.key);
	l->plain = (struct told_plain_section){.header = {.number = 1,
							  .category = TOLD_CATEGORY_HOU_SIT,
							  .voice = TOLD_VOICE_PERSON,
							  .recorded_ms = 1,
							  .originator = told_text("HOU"),
							  .author = told_text("W1")},
					       .content = told_text(WORDS)};
	assert_int_equal(told_message_seal(log->arena, &l->header, &l->plain, 1, &to, wrapped ? 1 : 0, &l->header_bytes,
					   &l->body_bytes),
			 TOLD_OK);
	assert_int_equal(told_body_decode(l->body_bytes, log->arena, &l->body), TOLD_OK);
}

static void post(struct test_log *log, struct letter *l)
{
	struct told_bytes facts;
	uint8_t salt[32];
	l->envelope = log_sign(log, l->header_bytes, l->header.type);
	l->index = log_accept(log, &l->header, TOLD_PHASE_ACCEPTED, l->header_bytes, &facts, salt);
}

static struct told_basis_part basis = {.art6 = TOLD_ART6_E};
static uint32_t purposes[] = {TOLD_PURPOSE_REFERRAL};

static struct letter referral_to(struct test_log *log, const char *recipient)
{
	static struct told_agreement_ref agreement;
	static struct told_bytes to;
	static const uint8_t hash[32] = {1};
	agreement = (struct told_agreement_ref){told_text("ISA"), 1, told_bytes(hash, sizeof hash)};
	to = told_text(recipient);
	struct letter l = {.header = log_header(log, TOLD_TYPE_REFERRAL, "HOU")};
	l.header.recipients = (struct told_bytes_list){.items = &to, .count = 1};
	l.header.author = told_text("W1");
	l.header.role = TOLD_ROLE_PRACTITIONER;
	l.header.purposes = (struct told_u32_list){.items = purposes, .count = 1};
	l.header.bases = (struct told_basis_part_list){.items = &basis, .count = 1};
	l.header.agreement = &agreement;
	seal(log, &l, recipient, log->sealing.key, true);
	return l;
}

static struct told_carried carried(struct test_log *log, const struct letter *l)
{
	return (struct told_carried){.envelope = l->envelope,
				     .body = l->body_bytes,
				     .leaf = log->entries[l->index],
				     .index = l->index,
				     .path = log_path(log, l->index, log->size)};
}

static void deliver(struct test_log *log, uint32_t type, struct told_carried *items, size_t count)
{
	uint8_t id[TOLD_ID_BYTES] = {1, 2, 3};
	struct told_parcel parcel = {.parcel_id = told_bytes(id, sizeof id),
				     .type = type,
				     .checkpoint = log_note(log, log->size),
				     .carried = {.items = items, .count = count},
				     .deliveries = 1};
	struct told_bytes body = log_encode(log, TOLD_SCHEMA_PARCEL, &parcel);
	told_arena_reset(log->client->arena);
	assert_int_equal(told_client_take_parcel(log->client, body, log_hear, log), TOLD_OK);
}

static void deliver_letter(struct test_log *log, struct letter *l)
{
	struct told_carried one = carried(log, l);
	deliver(log, l->header.type, &one, 1);
}

static void expect_rejected(struct test_log *log, uint32_t result)
{
	assert_int_equal(log->parcels, 1);
	assert_int_equal(log->last.parcel.result, result);
	assert_int_equal(log->last.parcel.count, 0);
	assert_int_equal(log->content.len, 0);
}

static void expect_opened(struct test_log *log)
{
	assert_int_equal(log->parcels, 1);
	assert_int_equal(log->last.parcel.result, TOLD_ACK_STORED);
	assert_true(told_bytes_equal(told_buf_view(&log->content), told_text(WORDS)));
}

static void a_letter_to_us_is_opened(void **state)
{
	struct test_log *log = *state;
	log_fill(log, 5);
	log_client(log, 5);
	struct letter l = referral_to(log, US);
	post(log, &l);
	log_fill(log, 2);
	deliver_letter(log, &l);
	expect_opened(log);
}

static void a_message_that_is_not_in_the_log_is_not_taken(void **state)
{
	struct test_log *log = *state;
	log_fill(log, 5);
	log_client(log, 5);
	struct letter l = referral_to(log, US);
	post(log, &l);
	struct told_carried one = carried(log, &l);
	one.index--;
	deliver(log, TOLD_TYPE_REFERRAL, &one, 1);
	assert_int_equal(log->parcels, 0);
	assert_int_equal(log->last.kind, TOLD_CLIENT_FAULT);
	assert_int_equal(log->last.status, TOLD_E_PROOF);
}

static void an_entry_of_another_message_does_not_carry_this_one(void **state)
{
	struct test_log *log = *state;
	log_client(log, 0);
	struct letter l = referral_to(log, US), other = referral_to(log, US);
	post(log, &l);
	post(log, &other);
	struct told_carried one = carried(log, &l);
	one.leaf = log->entries[other.index];
	one.index = other.index;
	one.path = log_path(log, other.index, log->size);
	deliver(log, TOLD_TYPE_REFERRAL, &one, 1);
	assert_int_equal(log->last.status, TOLD_E_PROOF);
	assert_int_equal(log->parcels, 0);
}

static void a_refused_message_is_never_a_parcel(void **state)
{
	struct test_log *log = *state;
	struct told_bytes facts;
	uint8_t salt[32];
	log_client(log, 0);
	struct letter l = referral_to(log, US);
	l.envelope = log_sign(log, l.header_bytes, l.header.type);
	l.index = log_accept(log, &l.header, TOLD_PHASE_REFUSED, l.header_bytes, &facts, salt);
	deliver_letter(log, &l);
	assert_int_equal(log->parcels, 0);
	assert_int_equal(log->last.status, TOLD_E_PROOF);
}

static void a_key_that_no_directory_knows_signs_nothing(void **state)
{
	struct test_log *log = *state;
	log_client(log, 0);
	log->unknown_key = true;
	struct letter l = referral_to(log, US);
	post(log, &l);
	deliver_letter(log, &l);
	expect_rejected(log, TOLD_ACK_SIGNATURE);
}

static void a_forged_signature_is_rejected(void **state)
{
	struct test_log *log = *state;
	struct told_envelope *envelope = NULL;
	log_client(log, 0);
	struct letter l = referral_to(log, US);
	post(log, &l);
	assert_int_equal(told_envelope_decode(l.envelope, log->arena, &envelope), TOLD_OK);
	uint8_t forged[TOLD_SIGNATURE_BYTES];
	memcpy(forged, envelope->signature.data, sizeof forged);
	forged[0] ^= 1;
	envelope->signature = told_bytes(forged, sizeof forged);
	l.envelope = log_encode(log, TOLD_SCHEMA_ENVELOPE, envelope);
	deliver_letter(log, &l);
	expect_rejected(log, TOLD_ACK_SIGNATURE);
}

static void a_letter_to_somebody_else_is_not_ours(void **state)
{
	struct test_log *log = *state;
	log_client(log, 0);
	struct letter l = referral_to(log, "SUD");
	post(log, &l);
	deliver_letter(log, &l);
	expect_rejected(log, TOLD_ACK_NOT_FOR_ME);
}

/* Changes a copy of what a view shows. */
static struct told_bytes spoiled(struct test_log *log, struct told_bytes bytes)
{
	uint8_t *copy = told_arena_alloc(log->arena, bytes.len);
	memcpy(copy, bytes.data, bytes.len);
	copy[bytes.len / 2] ^= 1;
	return told_bytes(copy, bytes.len);
}

static void a_changed_section_is_not_the_one_that_was_signed(void **state)
{
	struct test_log *log = *state;
	log_client(log, 0);
	struct letter l = referral_to(log, US);
	post(log, &l);
	l.body->sections.items[0].ciphertext = spoiled(log, l.body->sections.items[0].ciphertext);
	l.body_bytes = log_encode(log, TOLD_SCHEMA_BODY, l.body);
	deliver_letter(log, &l);
	expect_rejected(log, TOLD_ACK_DIGEST);
}

static void a_changed_wrap_opens_nothing(void **state)
{
	struct test_log *log = *state;
	log_client(log, 0);
	struct letter l = referral_to(log, US);
	post(log, &l);
	struct told_wrap *wrap = &l.body->sections.items[0].wraps.items[0];
	wrap->sealed = spoiled(log, wrap->sealed);
	l.body_bytes = log_encode(log, TOLD_SCHEMA_BODY, l.body);
	deliver_letter(log, &l);
	expect_rejected(log, TOLD_ACK_TAG);
}

static void a_section_withheld_is_as_if_it_were_not_there(void **state)
{
	struct test_log *log = *state;
	log_client(log, 0);
	struct letter l = referral_to(log, US);
	post(log, &l);
	l.body->sections.items[0].wraps.count = 0;
	l.body_bytes = log_encode(log, TOLD_SCHEMA_BODY, l.body);
	deliver_letter(log, &l);
	assert_int_equal(log->last.parcel.result, TOLD_ACK_STORED);
	assert_int_equal(log->content.len, 0);
}

/* A sender that commits to one key and wraps another: digest and signature hold. */
static void a_wrap_of_another_key_breaks_the_commitment(void **state)
{
	struct test_log *log = *state;
	uint8_t other[32] = {5};
	told_hash wrap_hash;
	struct told_wrap wrap;
	log_client(log, 0);
	struct letter l = referral_to(log, US);
	post(log, &l);
	struct told_seal_to to = {.recipient = told_text(US)};
	memcpy(to.key, log->sealing.key, sizeof to.key);
	assert_int_equal(told_wrap_make(log->arena, told_text("HOU"), &to, l.header.id.data, &l.plain.digest, other,
					&wrap, &wrap_hash),
			 TOLD_OK);
	l.body->sections.items[0].wraps.items[0] = wrap;
	l.body_bytes = log_encode(log, TOLD_SCHEMA_BODY, l.body);
	deliver_letter(log, &l);
	expect_rejected(log, TOLD_ACK_COMMITMENT);
}

/* ---- deposits and grants ---- */

struct story {
	struct letter deposit, grant;
	struct told_deposit_part part;
	struct told_grant_part grant_part;
	struct told_wrap wrap;
	told_hash wrap_hash, key_id;
};

static void make_story(struct test_log *log, struct story *s)
{
	static const uint8_t id[TOLD_ID_BYTES] = {3};
	struct told_seal_to to = {.recipient = told_text(US)};
	memcpy(to.key, log->sealing.key, sizeof to.key);
	s->part = (struct told_deposit_part){told_bytes(id, sizeof id), 1};
	s->deposit.header = log_header(log, TOLD_TYPE_DEPOSIT, "HOU");
	s->deposit.header.author = told_text("W1");
	s->deposit.header.role = TOLD_ROLE_PRACTITIONER;
	s->deposit.header.deposit = &s->part;
	seal(log, &s->deposit, US, log->sealing.key, false);
	post(log, &s->deposit);
	assert_int_equal(told_wrap_make(log->arena, told_text("HOU"), &to, s->deposit.header.id.data,
					&s->deposit.plain.digest, s->deposit.plain.key, &s->wrap, &s->wrap_hash),
			 TOLD_OK);
	told_key_id(log->sealing.key, &s->key_id);
	s->grant_part = (struct told_grant_part){
		.recipient = told_text(US),
		.sealing_key_id = told_bytes(s->key_id.b, 32),
		.message_id = s->deposit.header.id,
		.deposit_id = s->part.deposit_id,
		.deposit_version = 1,
		.section_digest = told_bytes(s->deposit.plain.digest.b, 32),
		.agreement = told_text("ISA"),
		.agreement_version = 1,
		.clause = told_text("4.1"),
		.wrap_hash = told_bytes(s->wrap_hash.b, 32),
	};
	s->grant.header = log_header(log, TOLD_TYPE_GRANT, "HOU");
}

static void post_grant(struct test_log *log, struct story *s)
{
	struct told_body body = {.wraps = {.items = &s->wrap, .count = 1}};
	s->grant.header.grants = (struct told_grant_part_list){.items = &s->grant_part, .count = 1};
	s->grant.header_bytes = log_encode(log, TOLD_SCHEMA_HEADER, &s->grant.header);
	s->grant.body_bytes = log_encode(log, TOLD_SCHEMA_BODY, &body);
	post(log, &s->grant);
}

static void deliver_story(struct test_log *log, struct story *s)
{
	struct told_carried items[2] = {carried(log, &s->deposit), carried(log, &s->grant)};
	deliver(log, TOLD_TYPE_ASK_REPLY, items, 2);
}

static void a_grant_opens_the_deposit_that_it_names(void **state)
{
	struct test_log *log = *state;
	struct story s = {0};
	log_client(log, 0);
	make_story(log, &s);
	post_grant(log, &s);
	deliver_story(log, &s);
	expect_opened(log);
}

static void a_wrap_that_no_grant_names_opens_nothing(void **state)
{
	struct test_log *log = *state;
	struct story s = {0};
	log_client(log, 0);
	make_story(log, &s);
	s.grant_part.recipient = told_text("SUD");
	post_grant(log, &s);
	deliver_story(log, &s);
	expect_rejected(log, TOLD_ACK_NOT_FOR_ME);
}

static void a_wrap_other_than_the_granted_one_opens_nothing(void **state)
{
	struct test_log *log = *state;
	struct story s = {0};
	log_client(log, 0);
	make_story(log, &s);
	s.wrap_hash.b[0] ^= 1;
	post_grant(log, &s);
	deliver_story(log, &s);
	expect_rejected(log, TOLD_ACK_DIGEST);
}

static void a_deposit_with_a_wrap_and_without_a_grant_opens_nothing(void **state)
{
	struct test_log *log = *state;
	struct story s = {0};
	log_client(log, 0);
	make_story(log, &s);
	s.deposit.body->sections.items[0].wraps = (struct told_wrap_list){.items = &s.wrap, .count = 1};
	s.deposit.body_bytes = log_encode(log, TOLD_SCHEMA_BODY, s.deposit.body);
	struct told_carried one = carried(log, &s.deposit);
	deliver(log, TOLD_TYPE_ASK_REPLY, &one, 1);
	expect_rejected(log, TOLD_ACK_SIGNATURE); /* malformed: a deposit names nobody */
}

static void a_grant_by_somebody_else_opens_nothing(void **state)
{
	struct test_log *log = *state;
	struct story s = {0};
	log_client(log, 0);
	make_story(log, &s);
	s.grant.header.sender = told_text("EMP");
	post_grant(log, &s);
	deliver_story(log, &s);
	expect_rejected(log, TOLD_ACK_NOT_FOR_ME);
}

static void credit_is_asked_for_only_by_who_can_check(void **state)
{
	struct test_log *log = *state;
	log_client(log, 0);
	log->client->key_of = NULL;
	struct letter l = referral_to(log, US);
	post(log, &l);
	deliver_letter(log, &l);
	assert_int_equal(log->parcels, 0);
	assert_int_equal(log->faults, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, log_open, log_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_letter_to_us_is_opened),
		TEST(a_message_that_is_not_in_the_log_is_not_taken),
		TEST(an_entry_of_another_message_does_not_carry_this_one),
		TEST(a_refused_message_is_never_a_parcel),
		TEST(a_key_that_no_directory_knows_signs_nothing),
		TEST(a_forged_signature_is_rejected),
		TEST(a_letter_to_somebody_else_is_not_ours),
		TEST(a_changed_section_is_not_the_one_that_was_signed),
		TEST(a_changed_wrap_opens_nothing),
		TEST(a_section_withheld_is_as_if_it_were_not_there),
		TEST(a_wrap_of_another_key_breaks_the_commitment),
		TEST(a_grant_opens_the_deposit_that_it_names),
		TEST(a_wrap_that_no_grant_names_opens_nothing),
		TEST(a_wrap_other_than_the_granted_one_opens_nothing),
		TEST(a_deposit_with_a_wrap_and_without_a_grant_opens_nothing),
		TEST(a_grant_by_somebody_else_opens_nothing),
		TEST(credit_is_asked_for_only_by_who_can_check),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
