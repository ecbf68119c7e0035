/* SPDX-License-Identifier: Apache-2.0 */
/* Whole messages: sealed, signed, opened, verified, read; and every way in which they must not be. */
#include "header_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/message.h"

#define ARENA_BYTES (64u * 1024u * 1024u)

struct party {
	struct told_bytes id;
	struct told_open_with with;
};

struct agency {
	uint8_t seed[TOLD_KEY_BYTES], key[TOLD_KEY_BYTES];
	struct told_signer *signer;
	struct told_verifier *verifier;
};

static struct told_arena *arena;
static struct agency hou, other;
static struct party parties[TOLD_RECIPIENTS_MAX];
static struct told_seal_to to[TOLD_RECIPIENTS_MAX];
static struct told_bytes names[TOLD_RECIPIENTS_MAX];

static void agency_new(struct agency *agency, uint8_t fill)
{
	memset(agency->seed, fill, sizeof agency->seed);
	assert_int_equal(told_ed25519_public(agency->seed, agency->key), TOLD_OK);
	assert_int_equal(told_signer_new(agency->seed, &agency->signer), TOLD_OK);
	assert_int_equal(told_verifier_new(agency->key, &agency->verifier), TOLD_OK);
}

static int set_up(void **state)
{
	(void)state;
	static char ids[TOLD_RECIPIENTS_MAX][8];
	assert_int_equal(told_arena_new(ARENA_BYTES, &arena), TOLD_OK);
	agency_new(&hou, 1);
	agency_new(&other, 2);
	for (unsigned i = 0; i < TOLD_RECIPIENTS_MAX; i++) {
		snprintf(ids[i], sizeof ids[i], "P%u", i);
		names[i] = parties[i].id = parties[i].with.recipient = to[i].recipient = told_text(ids[i]);
		memset(parties[i].with.secret, 50 + (int)i, TOLD_KEY_BYTES);
		assert_int_equal(told_x25519_public(parties[i].with.secret, parties[i].with.key), TOLD_OK);
		memcpy(to[i].key, parties[i].with.key, TOLD_KEY_BYTES);
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	told_signer_free(hou.signer);
	told_verifier_free(hou.verifier);
	told_signer_free(other.signer);
	told_verifier_free(other.verifier);
	told_arena_free(arena);
	return 0;
}

/* A message as it arrives: both frames, and what opening them gave. */
struct message {
	struct told_bytes header_bytes, body_bytes, frame;
	struct told_opened_envelope opened;
	struct told_body *body;
	struct told_plain_section sections[TOLD_SECTIONS_MAX];
	size_t count;
};

static struct told_header referral_to(size_t recipients)
{
	const struct told_type_rule *rule = told_type_rule(TOLD_TYPE_REFERRAL);
	struct told_header header =
		case_header(TOLD_TYPE_REFERRAL, (rule->needs | TOLD_PART_BASES) & ~TOLD_PART_SECTIONS);
	uint8_t *id = told_arena_alloc(arena, TOLD_ID_BYTES);
	assert_int_equal(told_uuid7(CASE_NOW_MS, id), TOLD_OK);
	header.id = told_bytes(id, TOLD_ID_BYTES);
	header.recipients = (struct told_bytes_list){names, recipients};
	return header;
}

static struct told_bytes story(size_t number)
{
	char text[64];
	int len = snprintf(text, sizeof text, "{\"items\":[],\"text\":\"section %zu of a story\"}", number);
	return told_arena_copy(arena, told_bytes(text, (size_t)len));
}

static void plain(struct message *m, size_t count)
{
	m->count = count;
	for (size_t i = 0; i < count; i++)
		m->sections[i] = (struct told_plain_section){
			.header = {.category = (uint32_t)(i % 64) + 1,
				   .voice = TOLD_VOICE_PERSON,
				   .recorded_ms = CASE_NOW_MS,
				   .originator = told_text("HOU"),
				   .author = told_text("U11"),
				   .basis = 1},
			.content = story(i),
		};
}

static void open_frames(struct message *m)
{
	assert_int_equal(told_envelope_open(arena, m->frame, &m->opened), TOLD_OK);
	assert_int_equal(told_body_decode(m->body_bytes, arena, &m->body), TOLD_OK);
}

static struct message *sent(struct told_header *header, size_t count, size_t recipients)
{
	struct message *m = told_arena_alloc(arena, sizeof *m);
	plain(m, count);
	assert_int_equal(
		told_message_seal(arena, header, m->sections, count, to, recipients, &m->header_bytes, &m->body_bytes),
		TOLD_OK);
	assert_int_equal(told_envelopes_sign(arena, hou.signer, hou.key, &m->header_bytes, &header->type, 1, &m->frame),
			 TOLD_OK);
	open_frames(m);
	return m;
}

static struct message *referral(size_t count, size_t recipients)
{
	struct told_header header = referral_to(recipients);
	return sent(&header, count, recipients);
}

static enum told_status check(const struct message *m)
{
	struct told_section_header **headers = NULL;
	enum told_status status = told_sections_check(arena, m->opened.header, m->body, &headers);
	assert_true((status == TOLD_OK) == (headers != NULL));
	return status;
}

static enum told_status read_as(const struct message *m, size_t section, const struct told_wrap *wrap,
				const struct told_open_with *with, struct told_buf *content)
{
	*content = TOLD_BUF(TOLD_CIPHERTEXT_MAX_BYTES);
	enum told_status status =
		told_section_read(m->opened.header, &m->body->sections.items[section], wrap, with, content, NULL);
	if (status != TOLD_OK)
		assert_int_equal(content->len, 0); /* nothing is shown before the last check */
	return status;
}

static enum told_status refused(const struct message *m, size_t section, const struct told_wrap *wrap,
				const struct told_open_with *with)
{
	struct told_buf content;
	enum told_status status = read_as(m, section, wrap, with, &content);
	told_buf_free(&content);
	return status;
}

static void reads(const struct message *m, size_t section, size_t recipient)
{
	struct told_buf content;
	const struct told_wrap *wrap = &m->body->sections.items[section].wraps.items[recipient];
	assert_int_equal(read_as(m, section, wrap, &parties[recipient].with, &content), TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&content), m->sections[section].content));
	told_buf_free(&content);
}

/* ---- What works ---- */

static void round_trip(size_t sections, size_t recipients)
{
	struct message *m = referral(sections, recipients);
	assert_int_equal(told_envelope_verify(&m->opened, hou.verifier, hou.key), TOLD_OK);
	assert_int_equal(check(m), TOLD_OK);
	assert_int_equal(m->body->sections.count, sections);
	for (size_t r = 0; r < recipients; r++)
		reads(m, r % sections, r);
	reads(m, sections - 1, 0);
	told_arena_reset(arena);
}

static void test_a_message_is_read_by_each_recipient_whatever_its_size(void **state)
{
	(void)state;
	for (size_t sections = 1; sections <= TOLD_SECTIONS_MAX; sections++)
		round_trip(sections, 1 + sections % 3);
	for (size_t recipients = 1; recipients <= TOLD_RECIPIENTS_MAX; recipients++)
		round_trip(1 + recipients % 4, recipients);
	round_trip(TOLD_SECTIONS_MAX, TOLD_RECIPIENTS_MAX);
}

static void test_a_batch_of_any_size_verifies_each_alone(void **state)
{
	(void)state;
	static const size_t counts[] = {1, 2, 3, 7, 64, 100, 255, 256};
	for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
		struct told_bytes headers[TOLD_BATCH_MAX], frames[TOLD_BATCH_MAX];
		uint32_t types[TOLD_BATCH_MAX];
		for (size_t i = 0; i < counts[c]; i++) {
			struct told_header header =
				case_header(TOLD_TYPE_WITHDRAWAL, told_type_rule(TOLD_TYPE_WITHDRAWAL)->needs);
			struct told_buf bytes = TOLD_BUF(TOLD_HEADER_MAX_BYTES);
			header.sender_seq = i + 1;
			assert_int_equal(told_header_encode(&header, &bytes), TOLD_OK);
			headers[i] = told_arena_copy(arena, told_buf_view(&bytes));
			types[i] = header.type;
			told_buf_free(&bytes);
		}
		assert_int_equal(told_envelopes_sign(arena, hou.signer, hou.key, headers, types, counts[c], frames),
				 TOLD_OK);
		for (size_t i = 0; i < counts[c]; i += 1 + counts[c] / 16) {
			struct told_opened_envelope opened;
			assert_int_equal(told_envelope_open(arena, frames[i], &opened), TOLD_OK);
			assert_int_equal(opened.header->sender_seq, i + 1);
			assert_int_equal(told_envelope_verify(&opened, hou.verifier, hou.key), TOLD_OK);
		}
		told_arena_reset(arena);
	}
	struct told_bytes none = {0};
	uint32_t type = TOLD_TYPE_NOTE;
	assert_int_equal(told_envelopes_sign(arena, hou.signer, hou.key, &none, &type, 0, &none), TOLD_E_LIMIT);
}

/* B11: every subset of six sections. */
static void test_the_rest_verifies_whatever_is_withheld(void **state)
{
	(void)state;
	enum { ALL = 6 };
	struct message *m = referral(ALL, 2);
	struct told_sealed_section_list whole = m->body->sections;
	struct told_sealed_section left[ALL];
	for (unsigned kept = 0; kept < 1u << ALL; kept++) {
		size_t n = 0;
		for (unsigned i = 0; i < ALL; i++)
			if ((kept >> i & 1) != 0)
				left[n++] = whole.items[i];
		m->body->sections = (struct told_sealed_section_list){left, n};
		assert_int_equal(told_envelope_verify(&m->opened, hou.verifier, hou.key), TOLD_OK);
		assert_int_equal(check(m), TOLD_OK);
	}
}

static void test_the_signed_list_hides_how_many_sections_there_are(void **state)
{
	(void)state;
	for (size_t sections = 1; sections <= TOLD_SECTIONS_MAX; sections++) {
		size_t listed = sections <= 4 ? 4 : sections <= 8 ? 8 : sections <= 16 ? 16 : 32;
		assert_int_equal(referral(sections, 1)->opened.header->section_digests.count, listed);
		told_arena_reset(arena);
	}
}

static void test_a_message_without_sections_has_an_empty_body(void **state)
{
	(void)state;
	struct told_header header = case_header(TOLD_TYPE_WITHDRAWAL, told_type_rule(TOLD_TYPE_WITHDRAWAL)->needs);
	struct message *m = sent(&header, 0, 0);
	assert_int_equal(m->body_bytes.len, 0);
	assert_int_equal(m->opened.header->section_digests.count, 0);
	assert_int_equal(check(m), TOLD_OK);
}

/* ---- Sections that are not those that were signed ---- */

static void test_a_section_of_another_message_is_refused(void **state)
{
	(void)state;
	struct message *a = referral(3, 1), *b = referral(3, 1);
	a->body->sections.items[1] = b->body->sections.items[1];
	assert_int_equal(check(a), TOLD_E_DIGEST);
	const struct told_wrap *wrap = &a->body->sections.items[1].wraps.items[0];
	assert_int_equal(refused(a, 1, wrap, &parties[0].with), TOLD_E_DIGEST);
}

static void test_an_added_or_repeated_section_is_refused(void **state)
{
	(void)state;
	struct message *a = referral(2, 1), *b = referral(1, 1);
	struct told_sealed_section three[3] = {a->body->sections.items[0], a->body->sections.items[1],
					       b->body->sections.items[0]};
	a->body->sections = (struct told_sealed_section_list){three, 3};
	assert_int_equal(check(a), TOLD_E_DIGEST);
	three[2] = three[0];
	assert_int_equal(check(a), TOLD_E_DIGEST);
}

/* A changed copy of one member of the first section, and what checking says. */
static void changed(size_t offset)
{
	struct message *m = referral(2, 1);
	struct told_bytes *member = (void *)((uint8_t *)&m->body->sections.items[0] + offset);
	for (size_t bit = 0; bit < member->len * 8; bit += 1 + member->len / 64) {
		uint8_t *copy = told_arena_alloc(arena, member->len);
		struct told_bytes kept = *member;
		memcpy(copy, kept.data, kept.len);
		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		*member = told_bytes(copy, kept.len);
		assert_int_equal(check(m), TOLD_E_DIGEST);
		const struct told_wrap *wrap = &m->body->sections.items[0].wraps.items[0];
		assert_int_equal(refused(m, 0, wrap, &parties[0].with), TOLD_E_DIGEST);
		*member = kept;
	}
	assert_int_equal(check(m), TOLD_OK);
}

static void test_a_changed_section_is_refused_before_a_key_is_used(void **state)
{
	(void)state;
	changed(offsetof(struct told_sealed_section, header));
	changed(offsetof(struct told_sealed_section, salt));
	changed(offsetof(struct told_sealed_section, commitment));
	changed(offsetof(struct told_sealed_section, ciphertext));
}

static void test_two_sections_of_one_number_are_refused(void **state)
{
	(void)state;
	struct told_sealed_section sections[2];
	struct message *m = referral(2, 1);
	told_hash digests[2];
	struct told_bytes views[4];
	sections[0] = m->body->sections.items[0];
	sections[1] = m->body->sections.items[0];
	sections[1].salt = case_bytes(1, TOLD_SALT_BYTES); /* another digest, the same number */
	for (size_t i = 0; i < 2; i++) {
		told_hash commitment;
		memcpy(commitment.b, sections[i].commitment.data, sizeof commitment.b);
		told_section_digest(sections[i].salt.data, sections[i].header, sections[i].ciphertext, &commitment,
				    &digests[i]);
		views[i] = told_bytes(digests[i].b, sizeof digests[i].b);
	}
	views[2] = case_bytes(2, 32), views[3] = case_bytes(3, 32);
	m->opened.header->section_digests = (struct told_bytes_list){views, 4};
	m->body->sections = (struct told_sealed_section_list){sections, 2};
	assert_int_equal(check(m), TOLD_E_MALFORMED);
}

static void test_a_section_of_no_named_basis_is_refused(void **state)
{
	(void)state;
	struct told_header header = referral_to(1);
	struct message *m = told_arena_alloc(arena, sizeof *m);
	plain(m, 1);
	m->sections[0].header.basis = 2; /* the header states one */
	assert_int_equal(told_message_seal(arena, &header, m->sections, 1, to, 1, &m->header_bytes, &m->body_bytes),
			 TOLD_OK);
	assert_int_equal(told_envelopes_sign(arena, hou.signer, hou.key, &m->header_bytes, &header.type, 1, &m->frame),
			 TOLD_OK);
	open_frames(m);
	assert_int_equal(check(m), TOLD_E_MALFORMED);
}

static void test_a_wrap_for_whom_the_header_does_not_name_is_refused(void **state)
{
	(void)state;
	struct message *m = referral(1, 2);
	m->opened.header->recipients.count = 1;
	assert_int_equal(check(m), TOLD_E_MALFORMED);
	const struct told_wrap *wrap = &m->body->sections.items[0].wraps.items[1];
	assert_int_equal(refused(m, 0, wrap, &parties[1].with), TOLD_E_NOT_FOR_ME);
}

/* ---- Wraps ---- */

static void test_nobody_opens_another_recipient_s_wrap(void **state)
{
	(void)state;
	struct message *m = referral(1, 2);
	const struct told_wrap *wraps = m->body->sections.items[0].wraps.items;
	assert_int_equal(refused(m, 0, &wraps[0], &parties[1].with), TOLD_E_NOT_FOR_ME);
	struct told_open_with pretender = parties[1].with;
	pretender.recipient = parties[0].id; /* own key under another's name */
	assert_int_equal(refused(m, 0, &wraps[0], &pretender), TOLD_E_NOT_FOR_ME);
	struct told_wrap relabelled = wraps[0];
	relabelled.recipient = parties[1].id;
	assert_int_equal(refused(m, 0, &relabelled, &parties[1].with), TOLD_E_NOT_FOR_ME);
	relabelled.key_id = wraps[1].key_id; /* and now the key does not fit */
	assert_int_equal(refused(m, 0, &relabelled, &parties[1].with), TOLD_E_TAG);
}

static void test_a_wrap_of_another_section_or_message_opens_nothing(void **state)
{
	(void)state;
	struct message *m = referral(2, 1), *n = referral(2, 1);
	assert_int_equal(refused(m, 0, &m->body->sections.items[1].wraps.items[0], &parties[0].with), TOLD_E_TAG);
	assert_int_equal(refused(m, 0, &n->body->sections.items[0].wraps.items[0], &parties[0].with), TOLD_E_TAG);
}

static void test_a_changed_wrap_opens_nothing(void **state)
{
	(void)state;
	struct message *m = referral(1, 1);
	struct told_wrap wrap = m->body->sections.items[0].wraps.items[0];
	for (size_t bit = 0; bit < TOLD_WRAP_BYTES * 8; bit++) {
		uint8_t sealed[TOLD_WRAP_BYTES];
		memcpy(sealed, m->body->sections.items[0].wraps.items[0].sealed.data, sizeof sealed);
		sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
		wrap.sealed = told_bytes(sealed, sizeof sealed);
		assert_int_equal(refused(m, 0, &wrap, &parties[0].with), TOLD_E_TAG);
	}
}

/* B7: the sender stands in the AAD and in the wrap's context. */
static void test_what_another_sends_on_as_its_own_does_not_open(void **state)
{
	(void)state;
	struct message *m = referral(1, 1);
	const struct told_wrap *wrap = &m->body->sections.items[0].wraps.items[0];
	m->opened.header->sender = told_text("SUD");
	assert_int_equal(refused(m, 0, wrap, &parties[0].with), TOLD_E_TAG);
}

static void test_a_key_that_was_not_committed_to_is_refused(void **state)
{
	(void)state;
	struct message *m = referral(1, 1);
	struct told_wrap wrap;
	told_hash hash;
	uint8_t wrong[TOLD_KEY_BYTES] = {7};
	assert_int_equal(told_wrap_make(arena, m->opened.header->sender, &to[0], m->opened.header->id.data,
					&m->sections[0].digest, wrong, &wrap, &hash),
			 TOLD_OK);
	assert_int_equal(refused(m, 0, &wrap, &parties[0].with), TOLD_E_COMMITMENT);
}

/* ---- Deposits and grants ---- */

static struct message *deposit(void)
{
	const struct told_type_rule *rule = told_type_rule(TOLD_TYPE_DEPOSIT);
	struct told_header header =
		case_header(TOLD_TYPE_DEPOSIT, (rule->needs | TOLD_PART_BASES) & ~TOLD_PART_SECTIONS);
	return sent(&header, 1, 0);
}

struct granted {
	struct told_header header;
	struct told_grant_part part;
	struct told_wrap wrap;
};

static void grant_to(const struct message *m, size_t recipient, struct granted *g)
{
	told_hash *hash = told_arena_alloc(arena, sizeof *hash);
	assert_int_equal(told_wrap_make(arena, m->opened.header->sender, &to[recipient], m->opened.header->id.data,
					&m->sections[0].digest, m->sections[0].key, &g->wrap, hash),
			 TOLD_OK);
	g->header = case_base(TOLD_TYPE_GRANT);
	g->part = (struct told_grant_part){.recipient = names[recipient],
					   .sealing_key_id = g->wrap.key_id,
					   .message_id = m->opened.header->id,
					   .section_digest = told_bytes(m->sections[0].digest.b, TOLD_HASH_BYTES),
					   .wrap_hash = told_bytes(hash->b, sizeof hash->b)};
}

static enum told_status check_grant(const struct message *m, const struct granted *g, size_t recipient)
{
	return told_grant_check(&g->header, &g->part, m->opened.header, &m->body->sections.items[0], &g->wrap,
				&parties[recipient].with);
}

static void test_a_granted_wrap_opens_a_deposited_section(void **state)
{
	(void)state;
	struct message *m = deposit();
	struct granted g;
	struct told_buf content;
	grant_to(m, 4, &g);
	assert_int_equal(check_grant(m, &g, 4), TOLD_OK);
	assert_int_equal(read_as(m, 0, &g.wrap, &parties[4].with, &content), TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&content), m->sections[0].content));
	told_buf_free(&content);
}

static void test_a_wrap_without_its_own_grant_is_refused(void **state)
{
	(void)state;
	struct message *m = deposit(), *n = deposit();
	struct granted g, h;
	grant_to(m, 4, &g);
	grant_to(m, 5, &h);
	assert_int_equal(check_grant(m, &g, 5), TOLD_E_NOT_FOR_ME);
	struct granted mixed = g;
	mixed.wrap = h.wrap;
	assert_int_equal(check_grant(m, &mixed, 5), TOLD_E_NOT_FOR_ME);
	mixed = g, mixed.part.recipient = names[5];
	assert_int_equal(check_grant(m, &mixed, 4), TOLD_E_NOT_FOR_ME);
	mixed = g, mixed.header.sender = told_text("SUD");
	assert_int_equal(check_grant(m, &mixed, 4), TOLD_E_NOT_FOR_ME);
	assert_int_equal(check_grant(n, &g, 4), TOLD_E_DIGEST);
	mixed = g, mixed.part.wrap_hash = case_bytes(1, 32);
	assert_int_equal(check_grant(m, &mixed, 4), TOLD_E_DIGEST);
	mixed = g, mixed.part.section_digest = case_bytes(1, 32);
	assert_int_equal(check_grant(m, &mixed, 4), TOLD_E_DIGEST);
	mixed = g, mixed.part.message_id = case_id(9);
	assert_int_equal(check_grant(m, &mixed, 4), TOLD_E_DIGEST);
}

static void test_a_deposit_holds_one_section(void **state)
{
	(void)state;
	struct message *m = deposit();
	struct told_sealed_section two[2] = {m->body->sections.items[0], m->body->sections.items[0]};
	m->body->sections = (struct told_sealed_section_list){two, 2};
	assert_int_equal(check(m), TOLD_E_LIMIT);
}

/* ---- Envelopes ---- */

static struct told_bytes reframed(struct told_envelope *envelope)
{
	struct told_buf buf = TOLD_BUF(TOLD_ENVELOPE_MAX_BYTES);
	assert_int_equal(told_envelope_encode(envelope, &buf), TOLD_OK);
	struct told_bytes bytes = told_arena_copy(arena, told_buf_view(&buf));
	told_buf_free(&buf);
	return bytes;
}

static enum told_status verify_with(const struct message *m, struct told_envelope envelope, struct agency *agency)
{
	struct told_opened_envelope opened = m->opened;
	opened.envelope = &envelope;
	return told_envelope_verify(&opened, agency->verifier, agency->key);
}

static void test_another_agency_s_key_verifies_nothing(void **state)
{
	(void)state;
	struct message *m = referral(1, 1);
	told_hash id;
	assert_int_equal(verify_with(m, *m->opened.envelope, &other), TOLD_E_KEY);
	struct told_envelope forged = *m->opened.envelope;
	told_key_id(other.key, &id);
	forged.key_id = told_bytes(id.b, sizeof id.b);
	assert_int_equal(verify_with(m, forged, &other), TOLD_E_SIGNATURE);
	assert_int_equal(verify_with(m, forged, &hou), TOLD_E_KEY);
}

static void test_counts_paths_and_signatures_that_do_not_fit_are_refused(void **state)
{
	(void)state;
	struct message *m = referral(1, 1);
	struct told_envelope e = *m->opened.envelope;
	struct told_bytes hash = case_bytes(1, 32);
	e.path = (struct told_bytes_list){&hash, 1};
	assert_int_equal(verify_with(m, e, &hou), TOLD_E_PROOF);
	e.count = 2;
	assert_int_equal(verify_with(m, e, &hou), TOLD_E_SIGNATURE);
	e = *m->opened.envelope;
	e.signature = case_bytes(2, 64);
	assert_int_equal(verify_with(m, e, &hou), TOLD_E_SIGNATURE);
	e = *m->opened.envelope, e.index = 1;
	struct told_opened_envelope opened;
	assert_int_equal(told_envelope_open(arena, reframed(&e), &opened), TOLD_E_MALFORMED);
	e = *m->opened.envelope, e.session = TOLD_SESSION_HELLO;
	assert_int_equal(told_envelope_open(arena, reframed(&e), &opened), TOLD_E_MALFORMED);
	e = *m->opened.envelope, e.key_id.len = 0;
	assert_int_equal(told_envelope_open(arena, reframed(&e), &opened), TOLD_E_MALFORMED);
	e = *m->opened.envelope, e.header.len = 0;
	assert_int_equal(told_envelope_open(arena, reframed(&e), &opened), TOLD_E_MALFORMED);
	assert_null(opened.header);
}

/* B2: every bit of the signed header. */
static void test_no_bit_of_a_signed_header_can_be_flipped(void **state)
{
	(void)state;
	struct message *m = referral(2, 2);
	struct told_envelope e = *m->opened.envelope;
	struct told_arena *scratch;
	size_t opened_anyway = 0;
	assert_int_equal(told_arena_new(ARENA_BYTES, &scratch), TOLD_OK);
	uint8_t *flipped = malloc(e.header.len);
	for (size_t bit = 0; bit < m->opened.envelope->header.len * 8; bit++) {
		told_arena_reset(scratch);
		memcpy(flipped, m->opened.envelope->header.data, e.header.len);
		flipped[bit / 8] ^= (uint8_t)(1u << bit % 8);
		e.header = told_bytes(flipped, e.header.len);
		struct told_buf frame = TOLD_BUF(TOLD_ENVELOPE_MAX_BYTES);
		assert_int_equal(told_envelope_encode(&e, &frame), TOLD_OK);
		struct told_opened_envelope opened;
		if (told_envelope_open(scratch, told_buf_view(&frame), &opened) == TOLD_OK) {
			opened_anyway++;
			assert_int_equal(told_envelope_verify(&opened, hou.verifier, hou.key), TOLD_E_SIGNATURE);
		}
		told_buf_free(&frame);
	}
	assert_true(opened_anyway > 0); /* the signature was needed */
	free(flipped);
	told_arena_free(scratch);
}

/* B8: a header signed as one type verifies as no other, for all pairs. */
static void test_a_signature_under_one_type_is_none_under_another(void **state)
{
	(void)state;
	for (unsigned as = 1; as < TOLD_TYPE_COUNT; as++) {
		struct told_header header = case_header(as, told_type_rule(as)->needs & ~TOLD_PART_SECTIONS);
		struct told_buf bytes = TOLD_BUF(TOLD_HEADER_MAX_BYTES);
		struct told_bytes frame, view;
		struct told_envelope *envelope;
		uint32_t type = as;
		assert_int_equal(told_header_encode(&header, &bytes), TOLD_OK);
		view = told_buf_view(&bytes);
		assert_int_equal(told_envelopes_sign(arena, hou.signer, hou.key, &view, &type, 1, &frame), TOLD_OK);
		assert_int_equal(told_envelope_decode(frame, arena, &envelope), TOLD_OK);
		for (unsigned other_type = 1; other_type < TOLD_TYPE_COUNT; other_type++) {
			struct told_opened_envelope opened = {.envelope = envelope, .header = &header};
			told_header_leaf(told_text(told_code(TOLD_LIST_TYPE, other_type)), view, &opened.leaf);
			assert_int_equal(told_envelope_verify(&opened, hou.verifier, hou.key),
					 other_type == as ? TOLD_OK : TOLD_E_SIGNATURE);
		}
		told_buf_free(&bytes);
		told_arena_reset(arena);
	}
}

/* ---- Failures leave nothing ---- */

static void test_a_failed_seal_leaves_no_key_and_no_bytes(void **state)
{
	(void)state;
	static const uint8_t zero[TOLD_KEY_BYTES];
	struct told_header header = referral_to(1);
	struct message *m = told_arena_alloc(arena, sizeof *m);
	struct told_seal_to bad = {.recipient = names[0]}; /* the all-zero key */
	plain(m, 2);
	memset(m->sections[1].key, 9, TOLD_KEY_BYTES);
	assert_int_not_equal(
		told_message_seal(arena, &header, m->sections, 2, &bad, 1, &m->header_bytes, &m->body_bytes), TOLD_OK);
	assert_int_equal(m->header_bytes.len + m->body_bytes.len, 0);
	assert_memory_equal(m->sections[0].key, zero, sizeof zero);
	assert_memory_equal(m->sections[1].key, zero, sizeof zero);
	header.expires_ms = 0; /* not whole: found only at the end */
	assert_int_equal(told_message_seal(arena, &header, m->sections, 2, to, 1, &m->header_bytes, &m->body_bytes),
			 TOLD_E_MALFORMED);
	assert_memory_equal(m->sections[0].key, zero, sizeof zero);
}

static void test_content_over_a_mebibyte_in_all_is_refused(void **state)
{
	(void)state;
	static uint8_t half[TOLD_CIPHERTEXT_MAX_BYTES / 2];
	struct told_header header = referral_to(1);
	struct message *m = told_arena_alloc(arena, sizeof *m);
	plain(m, 2);
	m->sections[0].content = m->sections[1].content = told_bytes(half, sizeof half - 512);
	assert_int_equal(told_message_seal(arena, &header, m->sections, 2, to, 1, &m->header_bytes, &m->body_bytes),
			 TOLD_OK);
	m->sections[1].content = told_bytes(half, sizeof half);
	assert_int_equal(told_message_seal(arena, &header, m->sections, 2, to, 1, &m->header_bytes, &m->body_bytes),
			 TOLD_E_LIMIT);
	assert_int_equal(told_message_seal(arena, &header, m->sections, TOLD_SECTIONS_MAX + 1, to, 0, &m->header_bytes,
					   &m->body_bytes),
			 TOLD_E_LIMIT);
}

static void test_ids_rise_even_when_the_clock_steps_back(void **state)
{
	(void)state;
	uint8_t last[TOLD_ID_BYTES] = {0}, id[TOLD_ID_BYTES];
	for (unsigned i = 0; i < 20000; i++) {
		assert_int_equal(told_uuid7(CASE_NOW_MS + 1000 - i % 7, id), TOLD_OK);
		assert_true(memcmp(last, id, sizeof id) < 0);
		assert_int_equal(id[6] >> 4, 7);
		assert_int_equal(id[8] >> 6, 2);
		memcpy(last, id, sizeof id);
	}
	assert_int_equal(told_uuid7(UINT64_C(1) << 48, id), TOLD_E_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_message_is_read_by_each_recipient_whatever_its_size),
		cmocka_unit_test(test_a_batch_of_any_size_verifies_each_alone),
		cmocka_unit_test(test_the_rest_verifies_whatever_is_withheld),
		cmocka_unit_test(test_the_signed_list_hides_how_many_sections_there_are),
		cmocka_unit_test(test_a_message_without_sections_has_an_empty_body),
		cmocka_unit_test(test_a_section_of_another_message_is_refused),
		cmocka_unit_test(test_an_added_or_repeated_section_is_refused),
		cmocka_unit_test(test_a_changed_section_is_refused_before_a_key_is_used),
		cmocka_unit_test(test_two_sections_of_one_number_are_refused),
		cmocka_unit_test(test_a_section_of_no_named_basis_is_refused),
		cmocka_unit_test(test_a_wrap_for_whom_the_header_does_not_name_is_refused),
		cmocka_unit_test(test_nobody_opens_another_recipient_s_wrap),
		cmocka_unit_test(test_a_wrap_of_another_section_or_message_opens_nothing),
		cmocka_unit_test(test_a_changed_wrap_opens_nothing),
		cmocka_unit_test(test_what_another_sends_on_as_its_own_does_not_open),
		cmocka_unit_test(test_a_key_that_was_not_committed_to_is_refused),
		cmocka_unit_test(test_a_granted_wrap_opens_a_deposited_section),
		cmocka_unit_test(test_a_wrap_without_its_own_grant_is_refused),
		cmocka_unit_test(test_a_deposit_holds_one_section),
		cmocka_unit_test(test_another_agency_s_key_verifies_nothing),
		cmocka_unit_test(test_counts_paths_and_signatures_that_do_not_fit_are_refused),
		cmocka_unit_test(test_no_bit_of_a_signed_header_can_be_flipped),
		cmocka_unit_test(test_a_signature_under_one_type_is_none_under_another),
		cmocka_unit_test(test_a_failed_seal_leaves_no_key_and_no_bytes),
		cmocka_unit_test(test_content_over_a_mebibyte_in_all_is_refused),
		cmocka_unit_test(test_ids_rise_even_when_the_clock_steps_back),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
