/* SPDX-License-Identifier: Apache-2.0 */
/* One run of the command inside the test: its exit code, what it said on both sides. */
#ifndef TOLD_TEST_CLI_RUN_H
#define TOLD_TEST_CLI_RUN_H

#include "support/support.h"

#include "agents/cli/cli.h"
#include <stdlib.h>
#include <string.h>

struct ran {
	int exit;
	char *out, *err;
};

static void ran_free(struct ran *ran)
{
	free(ran->out);
	free(ran->err);
	*ran = (struct ran){0};
}

/* told WORDS..., ended by NULL. */
static struct ran run(const char *const *words)
{
	struct ran ran = {0};
	size_t out_len = 0, err_len = 0;
	char *argv[64] = {strdup("told")};
	int argc = 1;
	for (; words[argc - 1] != NULL; argc++)
		argv[argc] = strdup(words[argc - 1]);
	FILE *out = open_memstream(&ran.out, &out_len), *err = open_memstream(&ran.err, &err_len);
	assert_non_null(out);
	assert_non_null(err);
	ran.exit = told_cli_main(argc, argv, out, err);
	fclose(out);
	fclose(err);
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	return ran;
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

/* Runs, and sees exit code and words on standard output and on standard error (NULL: nothing at all there). */
static inline void expect(struct ran ran, int exit, const char *out, const char *err)
{
	if (ran.exit != exit || (out != NULL && strstr(ran.out, out) == NULL) ||
	    (err != NULL && strstr(ran.err, err) == NULL))
		fail_msg("exit %d, expected %d\nout: %s\nerr: %s", ran.exit, exit, ran.out, ran.err);
	if (out == NULL)
		assert_string_equal(ran.out, "");
	if (err == NULL)
		assert_string_equal(ran.err, "");
	ran_free(&ran);
}

/* A file with this text in a fresh folder; static memory that the next call reuses. */
static inline const char *file_with(const char *name, const char *text)
{
	static char path[256];
	snprintf(path, sizeof path, "%s/%s", told_test_dir(), name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	return path;
}

/* A path in the source tree; static memory. */
static inline const char *source(const char *path)
{
	static char full[4096];
	const char *root = getenv("TOLD_SOURCE");
	snprintf(full, sizeof full, "%s/%s", root != NULL ? root : ".", path);
	return full;
}

#endif
