/* SPDX-License-Identifier: Apache-2.0 */
/* told-audit timestamp: the request, and the check of what an authority answered. */
#include "evidence/audit/base/audit.h"
#include "evidence/timestamp.h"
#include "support/authority.h"
#include "support/support.h"

#include <stdio.h>
#include <string.h>

static char dir[200];

static const char note[] = "told.example/northtown/1\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
			   "\xe2\x80\x94 told.example/northtown/1 c2lnbmVk\n";

/* Runs told-audit timestamp with paths in the folder; options alternate with file names. */
static int audit(const char *const *pairs, size_t count, char *said, size_t room)
{
	char paths[8][300];
	char *argv[20] = {(char *)(uintptr_t) "told-audit", (char *)(uintptr_t) "timestamp"};
	FILE *out = fmemopen(said, room, "w");
	assert_non_null(out);
	for (size_t i = 0; i < count; i++) {
		snprintf(paths[i], sizeof paths[i], "%.200s/%.60s", dir, pairs[i]);
		argv[2 + i] = i % 2 == 0 ? (char *)(uintptr_t)pairs[i] : paths[i];
	}
	struct told_audit_io io = {.out = out, .err = out};
	int code = told_audit_run(2 + (int)count, argv, &io);
	fclose(out);
	return code;
}

static void test_a_checkpoint_is_stamped_and_the_token_checked(void **state)
{
	(void)state;
	char said[4096] = "";
	struct told_buf query = TOLD_BUF(65536), token = TOLD_BUF(65536);
	static const char *const asks[] = {"--note", "note", "--query", "query"};
	static const char *const checks[] = {"--note", "note", "--response", "token", "--ca", "tsa.pem"};
	static const char *const other[] = {"--note", "other", "--response", "token", "--ca", "tsa.pem"};
	static const char *const both[] = {"--note", "note", "--response", "token"};
	test_authority_put(dir, "note", told_text(note));
	test_authority_put(dir, "other", told_text("other"));
	assert_int_equal(audit(asks, 4, said, sizeof said), TOLD_AUDIT_GOOD);
	test_authority_get(dir, "query", &query);
	test_authority_answer(dir, "tsa", told_buf_view(&query), &token);
	test_authority_put(dir, "token", told_buf_view(&token));
	assert_int_equal(audit(checks, 6, said, sizeof said), TOLD_AUDIT_GOOD);
	assert_non_null(strstr(said, "OK"));
	assert_int_equal(audit(other, 6, said, sizeof said), TOLD_AUDIT_CONFIG);
	assert_int_equal(audit(both, 4, said, sizeof said), TOLD_AUDIT_WRONG_USE);
	struct told_buf changed = TOLD_BUF(4096);
	told_buf_put_text(&changed, note);
	changed.data[strlen("told.example/northtown/1\n")] = '8';
	test_authority_put(dir, "note", told_buf_view(&changed));
	assert_int_equal(audit(checks, 6, said, sizeof said), TOLD_AUDIT_INTEGRITY);
	told_buf_free(&changed);
	told_buf_free(&query);
	told_buf_free(&token);
}

/* A bit of each byte. What can be changed unseen is the wrapping and certificates that the signer did not sign for: the
 * token proves the same after it, under the authority's own certificate. */
static void test_a_token_changed_anywhere_is_seen_or_proves_the_same(void **state)
{
	(void)state;
	struct told_buf query = TOLD_BUF(4096), token = TOLD_BUF(65536), text = TOLD_BUF(4096), ca = TOLD_BUF(65536);
	uint64_t time_ms = 0, then_ms = 0;
	size_t seen = 0;
	assert_int_equal(told_timestamp_text(told_text(note), &text), TOLD_OK);
	assert_int_equal(told_timestamp_query(told_buf_view(&text), &query), TOLD_OK);
	test_authority_answer(dir, "tsa", told_buf_view(&query), &token);
	test_authority_get(dir, "tsa.pem", &ca);
	struct told_bytes changed = told_buf_view(&token), stamped = told_buf_view(&text), pem = told_buf_view(&ca);
	assert_int_equal(told_timestamp_intact(changed, stamped), TOLD_OK);
	assert_int_equal(told_timestamp_intact(changed, told_text("other")), TOLD_E_SIGNATURE);
	assert_int_equal(told_timestamp_check(changed, stamped, pem, &time_ms), TOLD_OK);
	for (size_t i = 0; i < token.len; i++) {
		token.data[i] ^= (uint8_t)(1u << i % 8);
		bool intact = told_timestamp_intact(changed, stamped) == TOLD_OK;
		if (intact && (told_timestamp_check(changed, stamped, pem, &then_ms) != TOLD_OK || then_ms != time_ms))
			fail_msg("byte %zu was changed unseen", i);
		seen += !intact;
		token.data[i] ^= (uint8_t)(1u << i % 8);
	}
	printf("%zu bytes changed, %zu seen\n", token.len, seen);
	assert_true(seen > token.len / 2);
	told_buf_free(&query);
	told_buf_free(&token);
	told_buf_free(&text);
	told_buf_free(&ca);
}

static void put(const char *name, const struct told_buf *bytes, size_t cut)
{
	assert_true(cut < bytes->len);
	test_authority_put(dir, name, told_bytes(bytes->data, bytes->len - cut));
}

/* A request with another digest than the authority takes: it answers, and grants nothing. */
static void put_not_granted(void)
{
	struct told_buf query = TOLD_BUF(4096), answer = TOLD_BUF(65536);
	static const uint8_t sha256[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01};
	assert_int_equal(told_timestamp_query(told_text(note), &query), TOLD_OK);
	uint8_t *digest = memmem(query.data, query.len, sha256, sizeof sha256);
	assert_non_null(digest);
	digest[sizeof sha256 - 1] = 8; /* SHA3-256: as long */
	test_authority_answer(dir, "tsa", told_buf_view(&query), &answer);
	put("not-granted", &answer, 0);
	told_buf_free(&query);
	told_buf_free(&answer);
}

/* The answer to a request of its own over this text: another nonce each time. */
static void put_answer(const char *name, const char *text, struct told_buf *answer)
{
	struct told_buf query = TOLD_BUF(4096);
	assert_int_equal(told_timestamp_query(told_text(text), &query), TOLD_OK);
	test_authority_answer(dir, "tsa", told_buf_view(&query), answer);
	put(name, answer, 0);
	told_buf_free(&query);
}

/* The nonce is for whoever asks over the wire. The imprint and the signature say what was there when, so an answer to
 * somebody else's request over the same checkpoint holds as well. */
static void test_an_answer_that_is_not_whole_not_granted_or_of_another_text_is_refused(void **state)
{
	static const struct {
		const char *response, *ca;
		int code;
		const char *says;
	} rows[] = {
		{"good", "tsa.pem", TOLD_AUDIT_GOOD, "timestamp   OK"},
		{"other-nonce", "tsa.pem", TOLD_AUDIT_GOOD, "timestamp   OK"},
		{"other-imprint", "tsa.pem", TOLD_AUDIT_INTEGRITY, "timestamp   FAILED"},
		{"not-granted", "tsa.pem", TOLD_AUDIT_INTEGRITY, "timestamp   FAILED"},
		{"cut-by-1", "tsa.pem", TOLD_AUDIT_INTEGRITY, "timestamp   FAILED"},
		{"cut-by-half", "tsa.pem", TOLD_AUDIT_INTEGRITY, "timestamp   FAILED"},
		{"empty", "tsa.pem", TOLD_AUDIT_INTEGRITY, "timestamp   FAILED"},
		{"note", "tsa.pem", TOLD_AUDIT_INTEGRITY, "timestamp   FAILED"},
		{"good", "stranger.pem", TOLD_AUDIT_INTEGRITY, "timestamp   FAILED"},
		{"good", "note", TOLD_AUDIT_CONFIG, "/note: it holds no certificate"},
		{"nowhere", "tsa.pem", TOLD_AUDIT_CONFIG, "/nowhere: "},
	};
	(void)state;
	struct told_buf good = TOLD_BUF(65536), nonce = TOLD_BUF(65536), imprint = TOLD_BUF(65536);
	test_authority_put(dir, "note", told_text(note));
	put_answer("good", note, &good);
	put_answer("other-nonce", note, &nonce);
	put_answer("other-imprint", "another text\n", &imprint);
	assert_false(told_bytes_equal(told_buf_view(&good), told_buf_view(&nonce)));
	put("cut-by-1", &good, 1);
	put("cut-by-half", &good, good.len / 2);
	test_authority_put(dir, "empty", told_bytes("", 0));
	test_authority_make(dir, "stranger");
	put_not_granted();
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *const pairs[] = {"--note", "note", "--response", rows[i].response, "--ca", rows[i].ca};
		char said[4096] = "";
		int code = audit(pairs, 6, said, sizeof said);
		if (code != rows[i].code || strstr(said, rows[i].says) == NULL)
			fail_msg("%s by %s: exit %d\n%s", rows[i].response, rows[i].ca, code, said);
	}
	told_buf_free(&good);
	told_buf_free(&nonce);
	told_buf_free(&imprint);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_checkpoint_is_stamped_and_the_token_checked),
		cmocka_unit_test(test_a_token_changed_anywhere_is_seen_or_proves_the_same),
		cmocka_unit_test(test_an_answer_that_is_not_whole_not_granted_or_of_another_text_is_refused),
	};
	if (!test_authority_possible()) {
		printf("skipped: there is no openssl command here\n");
		return 77;
	}
	snprintf(dir, sizeof dir, "%.190s", told_test_dir());
	test_authority_make(dir, "tsa");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
