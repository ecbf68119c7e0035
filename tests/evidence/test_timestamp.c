/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 3161 against an authority that the test makes with the openssl command: a token over a checkpoint holds, over
 * anything else it does not. Exits 77 where there is no such command. */
#include "evidence/timestamp.h"
#include "support/support.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

extern char **environ;

static char dir[200];

static int run(const char *const *argv)
{
	pid_t pid = 0;
	int status = 0;
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	int failed = posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (failed != 0)
		return -1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const char *at(const char *name)
{
	static char paths[8][300];
	static size_t next;
	char *path = paths[next++ % 8];
	snprintf(path, sizeof paths[0], "%.200s/%.60s", dir, name);
	return path;
}

static void put(const char *name, struct told_bytes bytes)
{
	FILE *file = fopen(at(name), "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.data, 1, bytes.len, file), bytes.len);
	assert_int_equal(fclose(file), 0);
}

static void get(const char *name, struct told_buf *out)
{
	char chunk[4096];
	FILE *file = fopen(at(name), "r");
	assert_non_null(file);
	for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
		told_buf_put(out, chunk, n);
	fclose(file);
	OK(out->status);
}

/* A self-signed authority and its settings: NAME.key, NAME.pem, NAME.cnf. */
static void make_authority(const char *name)
{
	char key[300], pem[300], cnf[300], text[2048];
	snprintf(key, sizeof key, "%.200s/%.40s.key", dir, name);
	snprintf(pem, sizeof pem, "%.200s/%.40s.pem", dir, name);
	snprintf(cnf, sizeof cnf, "%.50s.cnf", name);
	snprintf(text, sizeof text,
		 "[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\n[dn]\nCN=%s\n[ext]\n"
		 "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"
		 "[tsa]\ndefault_tsa=one\n[one]\nserial=%s/serial\nsigner_cert=%s\nsigner_key=%s\ncerts=%s\n"
		 "signer_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\ness_cert_id_alg=sha256\n",
		 name, dir, pem, key, pem);
	put(cnf, told_text(text));
	const char *argv[] = {"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
			      "-keyout", key,   "-out",  pem,       "-config",  at(cnf),  NULL};
	assert_int_equal(run(argv), 0);
}

static void answer(const char *authority, struct told_bytes query, struct told_buf *response)
{
	char cnf[64];
	snprintf(cnf, sizeof cnf, "%.50s.cnf", authority);
	put("q.tsq", query);
	const char *argv[] = {"openssl", "ts",         "-reply",    "-config", at(cnf),     "-section",
			      "tsa",     "-queryfile", at("q.tsq"), "-out",    at("r.tsr"), NULL};
	assert_int_equal(run(argv), 0);
	get("r.tsr", response);
}

static const char note[] = "told.example/northtown/1\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
			   "\xe2\x80\x94 told.example/northtown/1 c2lnbmVk\n";

static void test_what_is_stamped_leaves_cosignatures_out(void **state)
{
	(void)state;
	struct told_buf cosigned = TOLD_BUF(4096), text = TOLD_BUF(4096);
	told_buf_put_text(&cosigned, note);
	told_buf_put_text(&cosigned, "\xe2\x80\x94 HOU Y29zaWduZWQ=\n");
	OK(told_timestamp_text(told_buf_view(&cosigned), &text));
	assert_string_equal(told_buf_cstr(&text), note);
	told_buf_free(&text);
	text = TOLD_BUF(4096);
	assert_int_equal(told_timestamp_text(told_text("a\n1\nb\n\n"), &text), TOLD_E_MALFORMED);
	told_buf_free(&text);
	told_buf_free(&cosigned);
}

static void test_a_token_holds_for_its_checkpoint_and_for_nothing_else(void **state)
{
	(void)state;
	struct told_buf query = TOLD_BUF(4096), response = TOLD_BUF(65536), ca = TOLD_BUF(65536),
			other = TOLD_BUF(65536), longer = TOLD_BUF(4096);
	uint64_t time_ms = 0;
	told_hash imprint, ours;
	OK(told_timestamp_query(told_text(note), &query));
	answer("tsa", told_buf_view(&query), &response);
	get("tsa.pem", &ca);
	get("stranger.pem", &other);
	struct told_bytes token = told_buf_view(&response);
	OK(told_timestamp_check(token, told_text(note), told_buf_view(&ca), &time_ms));
	assert_true(time_ms > UINT64_C(1600000000000));
	OK(told_timestamp_read(token, &imprint, &time_ms));
	told_sha256(told_text(note), &ours);
	assert_true(told_hash_equal(&imprint, &ours));
	told_buf_put_text(&longer, note);
	told_buf_put_text(&longer, "x");
	assert_int_equal(told_timestamp_check(token, told_buf_view(&longer), told_buf_view(&ca), &time_ms),
			 TOLD_E_SIGNATURE);
	assert_int_equal(told_timestamp_check(token, told_text(note), told_buf_view(&other), &time_ms),
			 TOLD_E_SIGNATURE);
	assert_int_equal(told_timestamp_check(token, told_text(note), told_text("no certificate"), &time_ms),
			 TOLD_E_CONFIG);
	told_buf_free(&query);
	told_buf_free(&response);
	told_buf_free(&ca);
	told_buf_free(&other);
	told_buf_free(&longer);
}

static void test_no_flipped_bit_of_a_token_holds(void **state)
{
	(void)state;
	struct told_buf query = TOLD_BUF(4096), response = TOLD_BUF(65536), ca = TOLD_BUF(65536);
	uint64_t time_ms = 0;
	OK(told_timestamp_query(told_text(note), &query));
	answer("tsa", told_buf_view(&query), &response);
	get("tsa.pem", &ca);
	/* The signature's last bytes, and the stamped time and imprint near the front. */
	for (size_t i = 0; i < response.len; i++) {
		response.data[i] ^= 1;
		if (told_timestamp_check(told_buf_view(&response), told_text(note), told_buf_view(&ca), &time_ms) ==
		    TOLD_OK)
			fail_msg("byte %zu of %zu may be another", i, response.len);
		response.data[i] ^= 1;
	}
	assert_int_equal(told_timestamp_check(told_bytes(response.data, response.len - 1), told_text(note),
					      told_buf_view(&ca), &time_ms),
			 TOLD_E_MALFORMED);
	told_buf_free(&query);
	told_buf_free(&response);
	told_buf_free(&ca);
}

int main(void)
{
	static const char *const version[] = {"openssl", "version", NULL};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_stamped_leaves_cosignatures_out),
		cmocka_unit_test(test_a_token_holds_for_its_checkpoint_and_for_nothing_else),
		cmocka_unit_test(test_no_flipped_bit_of_a_token_holds),
	};
	if (run(version) != 0) {
		printf("skipped: there is no openssl command here\n");
		return 77;
	}
	snprintf(dir, sizeof dir, "%.190s", told_test_dir());
	put("serial", told_text("01\n"));
	make_authority("tsa");
	make_authority("stranger");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
