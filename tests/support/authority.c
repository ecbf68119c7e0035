/* SPDX-License-Identifier: Apache-2.0 */
/* A time-stamping authority of the test's own, made with the openssl command. */
#include "support/authority.h"

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

static const char *at(const char *dir, const char *name)
{
	static char paths[8][300];
	static size_t next;
	char *path = paths[next++ % 8];
	snprintf(path, sizeof paths[0], "%.200s/%.60s", dir, name);
	return path;
}

void test_authority_put(const char *dir, const char *name, struct told_bytes bytes)
{
	FILE *file = fopen(at(dir, name), "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.data, 1, bytes.len, file), bytes.len);
	assert_int_equal(fclose(file), 0);
}

void test_authority_get(const char *dir, const char *name, struct told_buf *out)
{
	char chunk[4096];
	FILE *file = fopen(at(dir, name), "r");
	assert_non_null(file);
	for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
		told_buf_put(out, chunk, n);
	fclose(file);
	OK(out->status);
}

/* A self-signed authority and its settings: NAME.key, NAME.pem, NAME.cnf. */
void test_authority_make(const char *dir, const char *name)
{
	char key[300], pem[300], cnf[300], text[2048];
	snprintf(key, sizeof key, "%.200s/%.40s.key", dir, name);
	snprintf(pem, sizeof pem, "%.200s/%.40s.pem", dir, name);
	snprintf(cnf, sizeof cnf, "%.50s.cnf", name);
	snprintf(text, sizeof text,
		 "[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\n[dn]\nCN=%s\n[ext]\n"
		 "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"
		 "[one]\nserial=%s/serial\nsigner_cert=%s\nsigner_key=%s\ncerts=%s\n"
		 "signer_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\ness_cert_id_alg=sha256\n",
		 name, dir, pem, key, pem);
	test_authority_put(dir, cnf, told_text(text));
	test_authority_put(dir, "serial", told_text("01\n"));
	const char *argv[] = {"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",     "-days", "2",
			      "-keyout", key,   "-out",  pem,       "-config",  at(dir, cnf), NULL};
	assert_int_equal(run(argv), 0);
}

void test_authority_answer(const char *dir, const char *authority, struct told_bytes query, struct told_buf *response)
{
	char cnf[64];
	snprintf(cnf, sizeof cnf, "%.50s.cnf", authority);
	test_authority_put(dir, "q.tsq", query);
	const char *argv[] = {"openssl", "ts",         "-reply",         "-config", at(dir, cnf),     "-section",
			      "one",     "-queryfile", at(dir, "q.tsq"), "-out",    at(dir, "r.tsr"), NULL};
	assert_int_equal(run(argv), 0);
	test_authority_get(dir, "r.tsr", response);
}

bool test_authority_possible(void)
{
	static const char *const version[] = {"openssl", "version", NULL};
	return run(version) == 0;
}
