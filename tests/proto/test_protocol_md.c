/* SPDX-License-Identifier: Apache-2.0 */
/* proto/PROTOCOL.md says what the code does: its tables and its worked example are made here from the code and must
 * stand in the document, character by character. With TOLD_PRINT set the blocks are printed, to be pasted there. */
#include "header_cases.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/message.h"
#include "proto/schema.h"

#define TEXT_MAX_BYTES 65536u
#define ARENA_BYTES    (4u * 1024u * 1024u)
#define LINE_HEX_BYTES 32u                /* of a value on one line */
#define PYTHON         "/usr/bin/python3" /* where the distribution keeps its modules */

extern char **environ;

static struct told_arena *arena;
static struct told_bytes document;

static int set_up(void **state)
{
	(void)state;
	char path[4096];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(path, sizeof path, "%s/proto/PROTOCOL.md", source != NULL ? source : ".");
	document = told_test_read(path);
	return told_arena_new(ARENA_BYTES, &arena) == TOLD_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	told_arena_free(arena);
	free((void *)(uintptr_t)document.data);
	return 0;
}

/* Names the first line of a block that the document lacks. */
static void fail_at_line(char *text)
{
	char *save = NULL;
	for (char *line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save))
		if (strstr((const char *)document.data, line) == NULL)
			fail_msg("PROTOCOL.md lacks this line: %s", line);
	fail_msg("PROTOCOL.md has each line of a block, but not in one piece");
}

static void stands_in_document(struct told_buf *block)
{
	const char *text = told_buf_cstr(block);
	assert_non_null(text);
	if (getenv("TOLD_PRINT") != NULL)
		printf("%s\n", text);
	else if (strstr((const char *)document.data, text) == NULL)
		fail_at_line((char *)block->data);
	told_buf_free(block);
}

/* ---- Tables ---- */

static const char *const PART_NAMES[] = {
	"client_ref",     "recipients",        "in_reply_to", "author",          "purposes",     "bases",
	"agreement",      "workflow",          "override",    "section_digests", "asked",        "deposit",
	"grants",         "key_record",        "consent",     "withdrawal",      "flag",         "relationship",
	"agreement_sign", "agreement_suspend", "reference",   "workers",         "partner",      "lines",
	"presence",       "erasure",           "recall",      "audit_copy",      "alert_record", "audit_view",
};

static void put_parts(struct told_buf *out, uint32_t parts)
{
	const char *separator = "";
	for (unsigned bit = 0; bit < sizeof PART_NAMES / sizeof PART_NAMES[0]; bit++) {
		if ((parts >> bit & 1) == 0)
			continue;
		told_buf_printf(out, "%s%s", separator, PART_NAMES[bit]);
		separator = " ";
	}
	if (parts == 0)
		told_buf_put_text(out, "–");
}

static void test_the_table_of_types_is_the_code_s(void **state)
{
	(void)state;
	static const char *const spread[] = {"–", "all", "person", "holders"};
	struct told_buf out = TOLD_BUF(TEXT_MAX_BYTES);
	told_buf_put_text(&out, "| number | type | must have | may have | signed by | ruled | spread |\n"
				"|---|---|---|---|---|---|---|\n");
	for (unsigned type = 1; type < TOLD_TYPE_COUNT; type++) {
		const struct told_type_rule *rule = told_type_rule(type);
		bool signed_by_one = rule->signed_by != TOLD_KEY_NONE;
		told_buf_printf(&out, "| %u | %s%s | ", type, told_code(TOLD_LIST_TYPE, type),
				rule->carried ? "" : " *");
		put_parts(&out, rule->needs);
		told_buf_put_text(&out, " | ");
		put_parts(&out, rule->may & ~rule->needs);
		told_buf_printf(
			&out, " | %s%s | %s | %s |\n", signed_by_one ? told_code(TOLD_LIST_KEY, rule->signed_by) : "–",
			rule->operator_too ? ", operator" : "", rule->ruled ? "yes" : "no", spread[rule->spread]);
	}
	stands_in_document(&out);
}

static void test_the_table_of_refusals_is_the_code_s(void **state)
{
	(void)state;
	struct told_buf out = TOLD_BUF(TEXT_MAX_BYTES);
	told_buf_put_text(&out, "| number | status | what it says |\n|---|---|---|\n");
	for (unsigned status = 0; status < TOLD_STATUS_COUNT; status++)
		if (told_status_class(status) == TOLD_CLASS_PEER)
			told_buf_printf(&out, "| %u | %s | %s |\n", status, told_status_name(status),
					told_status_text(status));
	stands_in_document(&out);
}

static void test_the_table_of_sizes_is_the_code_s(void **state)
{
	(void)state;
	struct told_buf out = TOLD_BUF(TEXT_MAX_BYTES);
	told_buf_put_text(&out, "| schema | bytes at most |\n|---|---|\n");
	for (unsigned schema = 0; schema < TOLD_SCHEMA_COUNT; schema++)
		told_buf_printf(&out, "| %s | %zu |\n", strchr(told_schema_entry(schema)->shape->name, '.') + 1,
				told_schema_entry(schema)->max_bytes);
	stands_in_document(&out);
}

/* ---- The worked example ---- */

static void put(struct told_buf *out, const char *name, struct told_bytes value)
{
	char hex[2 * LINE_HEX_BYTES + 1];
	told_buf_printf(out, "%s (%zu bytes)\n", name, value.len);
	for (size_t at = 0; at < value.len; at += LINE_HEX_BYTES) {
		size_t n = value.len - at < LINE_HEX_BYTES ? value.len - at : LINE_HEX_BYTES;
		told_hex(value.data + at, n, hex);
		told_buf_printf(out, "  %s\n", hex);
	}
}

static void put_hash(struct told_buf *out, const char *name, const told_hash *hash)
{
	put(out, name, told_bytes(hash->b, sizeof hash->b));
}

static struct told_bytes filled(uint8_t fill, size_t len)
{
	uint8_t *made = told_arena_alloc(arena, len);
	memset(made, fill, len);
	return told_bytes(made, len);
}

static struct told_bytes kept(struct told_buf *buf)
{
	assert_int_equal(buf->status, TOLD_OK);
	struct told_bytes copy = told_arena_copy(arena, told_buf_view(buf));
	told_buf_free(buf);
	return copy;
}

static struct told_bytes encoded(enum told_schema schema, const void *message)
{
	struct told_buf buf = TOLD_BUF(TOLD_FRAME_MAX_BYTES);
	assert_int_equal(told_encode(schema, message, &buf), TOLD_OK);
	return kept(&buf);
}

static struct told_bytes example_id(void)
{
	uint8_t *id = told_arena_alloc(arena, TOLD_ID_BYTES);
	assert_int_equal(told_unhex(told_text("01a1ee565e007abc8def0123456789ab"), id, TOLD_ID_BYTES), TOLD_OK);
	return told_bytes(id, TOLD_ID_BYTES);
}

/* What the steps of the example hand on. */
struct example {
	struct told_bytes id, section_header, section_key, salt, ciphertext;
	uint8_t signing_key[32], sealing_key[32];
	told_hash commitment, digest;
	struct told_wrap wrap;
	struct told_signer *signer;
};

static void put_keys(struct told_buf *out, struct example *e)
{
	uint8_t identity_key[32], proof[64];
	told_hash id;
	struct told_bytes identity = filled(0x01, 32), signing = filled(0x02, 32), sealing = filled(0x03, 32);
	assert_int_equal(told_ed25519_public(identity.data, identity_key), TOLD_OK);
	assert_int_equal(told_ed25519_public(signing.data, e->signing_key), TOLD_OK);
	assert_int_equal(told_x25519_public(sealing.data, e->sealing_key), TOLD_OK);
	assert_int_equal(told_signer_new(signing.data, &e->signer), TOLD_OK);
	put(out, "HOU identity seed", identity);
	put(out, "HOU identity key", told_bytes(identity_key, 32));
	put(out, "HOU signing seed", signing);
	put(out, "HOU signing key", told_bytes(e->signing_key, 32));
	told_key_id(e->signing_key, &id);
	put_hash(out, "HOU signing key id", &id);
	assert_int_equal(told_possession_sign(e->signer, told_text("HOU"), e->signing_key, proof), TOLD_OK);
	put(out, "HOU possession of its signing key", told_bytes(proof, sizeof proof));
	put(out, "TT sealing secret", sealing);
	put(out, "TT sealing key", told_bytes(e->sealing_key, 32));
	told_key_id(e->sealing_key, &id);
	put_hash(out, "TT sealing key id", &id);
}

static void put_enrolment(struct told_buf *out, const struct example *e)
{
	uint8_t enrolment_key[32], mac[32];
	struct told_bytes secret = filled(0x04, 32);
	assert_int_equal(told_x25519_public(secret.data, enrolment_key), TOLD_OK);
	put(out, "enrolment secret of the broker", secret);
	put(out, "enrolment key of the broker", told_bytes(enrolment_key, 32));
	assert_int_equal(
		told_possession_mac(filled(0x03, 32).data, enrolment_key, told_text("TT"), e->sealing_key, mac),
		TOLD_OK);
	put(out, "TT possession of its sealing key", told_bytes(mac, sizeof mac));
}

static void put_section(struct told_buf *out, struct example *e)
{
	struct told_buf ciphertext = TOLD_BUF(TEXT_MAX_BYTES);
	struct told_section_header header = {.number = 1,
					     .category = TOLD_CATEGORY_STR,
					     .voice = TOLD_VOICE_PERSON,
					     .recorded_ms = CASE_NOW_MS,
					     .originator = told_text("HOU"),
					     .author = told_text("U11"),
					     .basis = 1,
					     .onward = TOLD_YES_NO_YES};
	struct told_bytes content = told_text("{\"items\":[],\"text\":\"I can cook for twenty.\"}");
	told_hash hash;
	e->id = example_id();
	e->section_header = encoded(TOLD_SCHEMA_SECTION_HEADER, &header);
	e->section_key = filled(0x05, TOLD_KEY_BYTES);
	e->salt = filled(0x06, TOLD_SALT_BYTES);
	put(out, "message id", e->id);
	put(out, "section header", e->section_header);
	put(out, "section key", e->section_key);
	put(out, "salt", e->salt);
	put(out, "content", content);
	assert_int_equal(told_section_seal(e->section_key.data, told_text("HOU"), e->id.data, e->section_header,
					   content, &ciphertext),
			 TOLD_OK);
	e->ciphertext = kept(&ciphertext);
	put(out, "ciphertext", e->ciphertext);
	told_sha256(e->ciphertext, &hash);
	put_hash(out, "SHA-256 of the ciphertext", &hash);
	told_key_commitment(e->section_key.data, e->id.data, 1, &e->commitment);
	put_hash(out, "key commitment", &e->commitment);
	told_section_digest(e->salt.data, e->section_header, e->ciphertext, &e->commitment, &e->digest);
	put_hash(out, "section digest", &e->digest);
}

static void put_wrap(struct told_buf *out, struct example *e)
{
	struct told_buf info = TOLD_BUF(TEXT_MAX_BYTES);
	struct told_hpke hpke;
	told_hash key_id, hash;
	uint8_t *sealed = told_arena_alloc(arena, TOLD_WRAP_BYTES);
	struct told_bytes ephemeral = filled(0x07, 32);
	told_key_id(e->sealing_key, &key_id);
	told_wrap_info(told_text("HOU"), told_text("TT"), &key_id, &info);
	struct told_bytes info_bytes = kept(&info);
	assert_int_equal(told_hpke_send_with(ephemeral.data, e->sealing_key, info_bytes, &hpke), TOLD_OK);
	assert_int_equal(told_wrap_seal(&hpke, e->id.data, &e->digest, e->section_key.data, sealed), TOLD_OK);
	put(out, "ephemeral secret", ephemeral);
	put(out, "wrap info", info_bytes);
	put(out, "enc", told_bytes(hpke.enc, sizeof hpke.enc));
	put(out, "wrap", told_bytes(sealed, TOLD_WRAP_BYTES));
	e->wrap = (struct told_wrap){told_text("TT"), told_arena_copy(arena, told_bytes(key_id.b, sizeof key_id.b)),
				     told_arena_copy(arena, told_bytes(hpke.enc, sizeof hpke.enc)),
				     told_bytes(sealed, TOLD_WRAP_BYTES)};
	told_wrap_hash(&e->wrap, &hash);
	put_hash(out, "wrap hash, as a grant would name it", &hash);
}

static struct told_header example_header(const struct example *e)
{
	static uint32_t purposes[] = {TOLD_PURPOSE_REFERRAL};
	static struct told_basis_part basis = {.art6 = TOLD_ART6_E,
					       .art9 = TOLD_ART9_H_2,
					       .confidentiality = TOLD_CONFIDENTIALITY_EXPLICIT_CONSENT,
					       .power = TOLD_POWER_LOCAL_GOVERNMENT_ACT};
	static struct told_agreement_ref agreement;
	static struct told_bytes to[1], digests[4];
	agreement = (struct told_agreement_ref){told_text("ISA-MD3"), 3, filled(0x08, 32)};
	to[0] = told_text("TT");
	digests[0] = filled(0x09, 32), digests[1] = told_bytes(e->digest.b, sizeof e->digest.b);
	digests[2] = filled(0x0a, 32), digests[3] = filled(0x0b, 32);
	struct told_header header = case_base(TOLD_TYPE_REFERRAL);
	header.id = e->id, header.epoch = filled(0x0c, 16), header.client_ref = filled(0x0d, 16);
	header.recipients = (struct told_bytes_list){to, 1};
	header.author = told_text("U11"), header.role = TOLD_ROLE_PRACTITIONER;
	header.purposes = (struct told_u32_list){purposes, 1};
	header.bases = (struct told_basis_part_list){&basis, 1};
	header.agreement = &agreement;
	header.section_digests = (struct told_bytes_list){digests, 4};
	return header;
}

static struct told_bytes example_body(const struct example *e)
{
	struct told_wrap wrap = e->wrap;
	struct told_sealed_section section = {.header = e->section_header,
					      .salt = e->salt,
					      .commitment = told_bytes(e->commitment.b, sizeof e->commitment.b),
					      .ciphertext = e->ciphertext,
					      .wraps = {&wrap, 1}};
	struct told_body body = {.sections = {&section, 1}};
	return encoded(TOLD_SCHEMA_BODY, &body);
}

static struct told_bytes put_header(struct told_buf *out, const struct example *e)
{
	struct told_buf text = TOLD_BUF(TEXT_MAX_BYTES);
	struct told_header header = example_header(e);
	uint32_t type = header.type;
	struct told_bytes frame, bytes = encoded(TOLD_SCHEMA_HEADER, &header);
	struct told_envelope *envelope;
	told_hash leaf, key_id;
	assert_int_equal(told_header_check(&header), TOLD_OK);
	put(out, "header", bytes);
	told_header_leaf(told_text("REFERRAL"), bytes, &leaf);
	put_hash(out, "leaf, and root of a batch of one", &leaf);
	told_key_id(e->signing_key, &key_id);
	told_batch_text(&key_id, 1, &leaf, &text);
	put(out, "what is signed", kept(&text));
	assert_int_equal(told_envelopes_sign(arena, e->signer, e->signing_key, &bytes, &type, 1, &frame), TOLD_OK);
	assert_int_equal(told_envelope_decode(frame, arena, &envelope), TOLD_OK);
	put(out, "signature", envelope->signature);
	put(out, "first frame: envelope", frame);
	return frame;
}

/* What the document shows is a message that a recipient opens. */
static void opens(const struct example *e, struct told_bytes frame, struct told_bytes body_bytes)
{
	struct told_opened_envelope opened;
	struct told_verifier *verifier;
	struct told_body *body;
	struct told_section_header **headers;
	struct told_open_with with = {.recipient = told_text("TT")};
	struct told_buf content = TOLD_BUF(TEXT_MAX_BYTES);
	memcpy(with.key, e->sealing_key, sizeof with.key);
	memset(with.secret, 0x03, sizeof with.secret);
	assert_int_equal(told_verifier_new(e->signing_key, &verifier), TOLD_OK);
	assert_int_equal(told_envelope_open(arena, frame, &opened), TOLD_OK);
	assert_int_equal(told_envelope_verify(&opened, verifier, e->signing_key), TOLD_OK);
	assert_int_equal(told_body_decode(body_bytes, arena, &body), TOLD_OK);
	assert_int_equal(told_body_check(arena, opened.header, body), TOLD_OK);
	assert_int_equal(told_sections_check(arena, opened.header, body, &headers), TOLD_OK);
	const struct told_sealed_section *section = &body->sections.items[0];
	assert_int_equal(told_section_read(opened.header, section, &section->wraps.items[0], &with, &content, NULL),
			 TOLD_OK);
	assert_true(told_bytes_equal(told_buf_view(&content),
				     told_text("{\"items\":[],\"text\":\"I can cook for twenty.\"}")));
	told_buf_free(&content);
	told_verifier_free(verifier);
}

static void put_acknowledgement(struct told_buf *out)
{
	struct told_bytes lines[2];
	struct told_bytes_list list = {lines, 2};
	told_hash root;
	for (uint8_t i = 0; i < 2; i++) {
		struct told_ack_line line = {.parcel = filled((uint8_t)(0x10 + i), 16),
					     .result = i == 0 ? TOLD_ACK_STORED : TOLD_ACK_DIGEST,
					     .salt = filled((uint8_t)(0x20 + i), 16)};
		lines[i] = encoded(TOLD_SCHEMA_ACK_LINE, &line);
		put(out, i == 0 ? "acknowledgement, line 0: stored" : "acknowledgement, line 1: digest", lines[i]);
	}
	assert_int_equal(told_lines_root(arena, &list, &root), TOLD_OK);
	put_hash(out, "acknowledgement, root", &root);
}

static void put_presence(struct told_buf *out)
{
	struct told_consent_part consent = {
		.kind = TOLD_CONSENT_KIND_PERMISSION, .state = TOLD_CONSENT_STATE_GIVEN, .given_ms = CASE_NOW_MS};
	struct told_bytes record = encoded(TOLD_SCHEMA_CONSENT, &consent), key = filled(0x0e, 32);
	told_hash proof;
	put(out, "consent part", record);
	put(out, "card key", key);
	told_presence_proof(key.data, record, &proof);
	put_hash(out, "presence proof", &proof);
}

static void test_the_worked_example_is_what_the_code_makes(void **state)
{
	(void)state;
	struct told_buf out = TOLD_BUF(TEXT_MAX_BYTES);
	struct example e = {0};
	put_keys(&out, &e);
	put_enrolment(&out, &e);
	put_section(&out, &e);
	put_wrap(&out, &e);
	struct told_bytes frame = put_header(&out, &e), body = example_body(&e);
	put(&out, "second frame: body", body);
	opens(&e, frame, body);
	put_acknowledgement(&out);
	put_presence(&out);
	told_signer_free(e.signer);
	stands_in_document(&out);
}

/* Another implementation, written from the page alone, comes to the same values. */
static void test_the_worked_example_follows_from_the_page_alone(void **state)
{
	(void)state;
	char script[4096], page[4096];
	const char *source = getenv("TOLD_SOURCE");
	source = source != NULL ? source : ".";
	snprintf(script, sizeof script, "%s/tests/proto/example.py", source);
	snprintf(page, sizeof page, "%s/proto/PROTOCOL.md", source);
	const char *argv[] = {PYTHON, script, page, NULL};
	pid_t pid;
	int status;
	if (posix_spawn(&pid, PYTHON, NULL, NULL, (char *const *)(uintptr_t)argv, environ) != 0)
		skip();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == TOLD_TEST_SKIPPED)
		skip();
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_table_of_types_is_the_code_s),
		cmocka_unit_test(test_the_table_of_refusals_is_the_code_s),
		cmocka_unit_test(test_the_table_of_sizes_is_the_code_s),
		cmocka_unit_test(test_the_worked_example_is_what_the_code_makes),
		cmocka_unit_test(test_the_worked_example_follows_from_the_page_alone),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
