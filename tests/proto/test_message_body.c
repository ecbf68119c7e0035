/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies that hold what their header says: wraps of grants, the agreement file, lines; and proofs of possession. */
#include "header_cases.h"

#include <string.h>

#include "proto/message.h"

#define ARENA_BYTES (8u * 1024u * 1024u)

static struct told_arena *arena;

static int set_up(void **state)
{
	(void)state;
	return told_arena_new(ARENA_BYTES, &arena) == TOLD_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	told_arena_free(arena);
	return 0;
}

static struct told_header needed(unsigned type)
{
	return case_header(type, told_type_rule(type)->needs);
}

static void test_the_lines_of_an_acknowledgement_are_those_that_were_signed(void **state)
{
	(void)state;
	struct told_header header = needed(TOLD_TYPE_ACK);
	struct told_lines_part part = {.count = 3};
	struct told_bytes lines[3] = {told_text("one"), told_text("two"), told_text("three")};
	struct told_body body = {.lines = {lines, 3}};
	told_hash root;
	assert_int_equal(told_lines_root(arena, &body.lines, &root), TOLD_OK);
	part.root = told_bytes(root.b, sizeof root.b);
	header.lines = &part;
	assert_int_equal(told_body_check(arena, &header, &body), TOLD_OK);
	lines[0] = told_text("two"), lines[1] = told_text("one");
	assert_int_equal(told_body_check(arena, &header, &body), TOLD_E_DIGEST);
	body.lines.count = 2;
	assert_int_equal(told_body_check(arena, &header, &body), TOLD_E_MALFORMED);
}

/* A sender's proof of delivery: its own line, its path, the signed header. */
static void test_one_line_proves_itself_under_the_root(void **state)
{
	(void)state;
	struct told_bytes lines[5] = {told_text("a"), told_text("b"), told_text("c"), told_text("d"), told_text("e")};
	struct told_bytes_list list = {lines, 5};
	told_hash leaves[5], path[TOLD_PROOF_MAX], root;
	size_t count;
	assert_int_equal(told_lines_root(arena, &list, &root), TOLD_OK);
	for (size_t i = 0; i < 5; i++)
		told_leaf_hash(lines[i], &leaves[i]);
	for (size_t i = 0; i < 5; i++) {
		told_merkle_path(leaves, 5, i, path, &count);
		assert_int_equal(told_inclusion_check(&leaves[i], i, 5, path, count, &root), TOLD_OK);
	}
}

static void test_an_agreement_is_the_file_that_was_signed(void **state)
{
	(void)state;
	struct told_header header = needed(TOLD_TYPE_AGREEMENT_SIGN);
	struct told_agreement_sign_part part = *header.agreement_sign;
	struct told_body body = {.attachment = told_text("id: ISA-MD3\n")};
	told_hash hash;
	told_sha256(body.attachment, &hash);
	part.sha256 = told_bytes(hash.b, sizeof hash.b);
	header.agreement_sign = &part;
	assert_int_equal(told_body_check(arena, &header, &body), TOLD_OK);
	body.attachment = told_text("id: ISA-MD4\n");
	assert_int_equal(told_body_check(arena, &header, &body), TOLD_E_DIGEST);
	body.attachment.len = 0;
	assert_int_equal(told_body_check(arena, &header, &body), TOLD_E_MALFORMED);
}

static void test_each_wrap_of_a_grant_is_the_one_it_names(void **state)
{
	(void)state;
	struct told_header header = needed(TOLD_TYPE_GRANT);
	struct told_grant_part grants[2] = {header.grants.items[0], header.grants.items[0]};
	struct told_wrap wraps[2];
	told_hash hashes[2];
	struct told_body body = {.wraps = {wraps, 2}};
	for (uint8_t i = 0; i < 2; i++) {
		wraps[i] = (struct told_wrap){grants[i].recipient, grants[i].sealing_key_id,
					      case_bytes((uint8_t)(60 + i), 32), case_bytes((uint8_t)(70 + i), 48)};
		told_wrap_hash(&wraps[i], &hashes[i]);
		grants[i].wrap_hash = told_bytes(hashes[i].b, sizeof hashes[i].b);
	}
	header.grants = (struct told_grant_part_list){grants, 2};
	assert_int_equal(told_body_check(arena, &header, &body), TOLD_OK);
	struct told_wrap kept = wraps[1];
	wraps[1] = wraps[0];
	assert_int_equal(told_body_check(arena, &header, &body), TOLD_E_DIGEST);
	wraps[1] = kept, wraps[1].recipient = told_text("SUD");
	assert_int_equal(told_body_check(arena, &header, &body), TOLD_E_DIGEST);
	wraps[1] = kept, wraps[1].sealed.len = 47;
	assert_int_equal(told_body_check(arena, &header, &body), TOLD_E_MALFORMED);
	body.wraps.count = 1;
	assert_int_equal(told_body_check(arena, &header, &body), TOLD_E_MALFORMED);
}

static void test_a_body_holds_nothing_that_the_header_does_not_say(void **state)
{
	(void)state;
	struct told_header header = needed(TOLD_TYPE_WITHDRAWAL);
	struct told_bytes line = told_text("x");
	struct told_wrap wrap = {0};
	struct told_sealed_section section = {0};
	struct told_body empty = {0}, lines = {.lines = {&line, 1}}, wraps = {.wraps = {&wrap, 1}};
	struct told_body file = {.attachment = line}, sections = {.sections = {&section, 1}};
	assert_int_equal(told_body_check(arena, &header, &empty), TOLD_OK);
	assert_int_equal(told_body_check(arena, &header, &lines), TOLD_E_MALFORMED);
	assert_int_equal(told_body_check(arena, &header, &wraps), TOLD_E_MALFORMED);
	assert_int_equal(told_body_check(arena, &header, &file), TOLD_E_MALFORMED);
	assert_int_equal(told_body_check(arena, &header, &sections), TOLD_E_MALFORMED);
}

/* ---- Possession ---- */

static struct told_key_part record(unsigned purpose, const uint8_t key[TOLD_KEY_BYTES], const uint8_t *proof,
				   size_t len)
{
	return (struct told_key_part){.purpose = purpose,
				      .key = told_bytes(key, TOLD_KEY_BYTES),
				      .number = 1,
				      .action = TOLD_KEY_ACTION_ISSUE,
				      .possession = told_bytes(proof, len)};
}

static void test_a_signing_key_proves_that_its_secret_is_held(void **state)
{
	(void)state;
	uint8_t seed[TOLD_KEY_BYTES] = {5}, key[TOLD_KEY_BYTES], proof[TOLD_SIGNATURE_BYTES];
	struct told_signer *signer;
	assert_int_equal(told_ed25519_public(seed, key), TOLD_OK);
	assert_int_equal(told_signer_new(seed, &signer), TOLD_OK);
	assert_int_equal(told_possession_sign(signer, told_text("HOU"), key, proof), TOLD_OK);
	struct told_key_part part = record(TOLD_KEY_SIGNING, key, proof, sizeof proof);
	assert_int_equal(told_possession_check(&part, told_text("HOU"), NULL), TOLD_OK);
	assert_int_equal(told_possession_check(&part, told_text("TT"), NULL), TOLD_E_SIGNATURE);
	proof[0] ^= 1;
	assert_int_equal(told_possession_check(&part, told_text("HOU"), NULL), TOLD_E_SIGNATURE);
	part.possession.len = TOLD_HASH_BYTES;
	assert_int_equal(told_possession_check(&part, told_text("HOU"), NULL), TOLD_E_MALFORMED);
	told_signer_free(signer);
}

static void test_a_sealing_key_proves_it_to_whoever_enrols(void **state)
{
	(void)state;
	uint8_t secret[TOLD_KEY_BYTES] = {6}, key[TOLD_KEY_BYTES], proof[TOLD_HASH_BYTES];
	uint8_t enrol_secret[TOLD_KEY_BYTES] = {7}, enrol_key[TOLD_KEY_BYTES], other[TOLD_KEY_BYTES] = {8};
	assert_int_equal(told_x25519_public(secret, key), TOLD_OK);
	assert_int_equal(told_x25519_public(enrol_secret, enrol_key), TOLD_OK);
	assert_int_equal(told_possession_mac(secret, enrol_key, told_text("HOU"), key, proof), TOLD_OK);
	struct told_key_part part = record(TOLD_KEY_SEALING, key, proof, sizeof proof);
	assert_int_equal(told_possession_check(&part, told_text("HOU"), enrol_secret), TOLD_OK);
	assert_int_equal(told_possession_check(&part, told_text("HOU"), NULL), TOLD_OK); /* an agent */
	assert_int_equal(told_possession_check(&part, told_text("TT"), enrol_secret), TOLD_E_SIGNATURE);
	assert_int_equal(told_possession_check(&part, told_text("HOU"), other), TOLD_E_SIGNATURE);
	part.purpose = TOLD_KEY_SIGNING;
	assert_int_equal(told_possession_check(&part, told_text("HOU"), enrol_secret), TOLD_E_MALFORMED);
}

static void test_unsafe_keys_are_refused_at_enrolment(void **state)
{
	(void)state;
	static const uint8_t zero[TOLD_KEY_BYTES], proof[TOLD_SIGNATURE_BYTES];
	static const uint8_t one[TOLD_KEY_BYTES] = {1}; /* the neutral element of Ed25519, small order of X25519 */
	struct told_key_part sealing = record(TOLD_KEY_SEALING, zero, proof, TOLD_HASH_BYTES);
	struct told_key_part signing = record(TOLD_KEY_SIGNING, one, proof, TOLD_SIGNATURE_BYTES);
	assert_int_equal(told_possession_check(&sealing, told_text("HOU"), NULL), TOLD_E_KEY);
	assert_int_equal(told_possession_check(&signing, told_text("HOU"), NULL), TOLD_E_KEY);
}

static void test_a_lost_key_is_revoked_without_its_secret(void **state)
{
	(void)state;
	struct told_key_part part = record(TOLD_KEY_SIGNING, case_bytes(1, 32).data, NULL, 0);
	part.action = TOLD_KEY_ACTION_REVOKE;
	assert_int_equal(told_possession_check(&part, told_text("HOU"), NULL), TOLD_OK);
	part.possession = case_bytes(2, 64);
	assert_int_equal(told_possession_check(&part, told_text("HOU"), NULL), TOLD_E_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_lines_of_an_acknowledgement_are_those_that_were_signed),
		cmocka_unit_test(test_one_line_proves_itself_under_the_root),
		cmocka_unit_test(test_an_agreement_is_the_file_that_was_signed),
		cmocka_unit_test(test_each_wrap_of_a_grant_is_the_one_it_names),
		cmocka_unit_test(test_a_body_holds_nothing_that_the_header_does_not_say),
		cmocka_unit_test(test_a_signing_key_proves_that_its_secret_is_held),
		cmocka_unit_test(test_a_sealing_key_proves_it_to_whoever_enrols),
		cmocka_unit_test(test_unsafe_keys_are_refused_at_enrolment),
		cmocka_unit_test(test_a_lost_key_is_revoked_without_its_secret),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
