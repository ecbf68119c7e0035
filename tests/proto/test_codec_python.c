/* SPDX-License-Identifier: Apache-2.0 */
/* Python's protobuf writes the same bytes as our encoder, for every schema (canonical.py does the comparing). Skipped
 * where python3-protobuf or protoc are not installed. */
#include "codec_fill.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARENA_BYTES (32u * 1024u * 1024u)
#define PYTHON      "/usr/bin/python3" /* where the distribution's python3-protobuf is found */

extern char **environ;

static void put_line(FILE *file, const char *name, struct told_bytes bytes)
{
	char *text = malloc(2 * bytes.len + 1);
	assert_non_null(text);
	told_hex(bytes.data, bytes.len, text);
	assert_true(fprintf(file, "%s %s\n", name, text) > 0);
	free(text);
}

/* The same header stands in canonical.py, written by hand there too. */
static void put_sample(FILE *file, struct told_arena *arena)
{
	static uint8_t digest[4][32], id[16];
	struct told_bytes to[] = {told_text("TT"), told_text("SUD")}, digests[4];
	uint32_t purposes[] = {1, 2, 26};
	struct told_basis_part bases[] = {{.art6 = 4, .art9 = 9}, {0}};
	struct told_agreement_ref agreement = {.id = told_text("ISA-MD3"), .version = 300};
	struct told_withdrawal_part withdrawal = {0};
	for (uint8_t i = 0; i < 16; i++)
		id[i] = i;
	for (uint8_t i = 0; i < 4; i++) {
		memset(digest[i], i, sizeof digest[i]);
		digests[i] = told_bytes(digest[i], sizeof digest[i]);
	}
	struct told_header header = {
		.version = 1,
		.type = TOLD_TYPE_REFERRAL,
		.id = told_bytes(id, sizeof id),
		.partnership = told_text("told.example/middleton"),
		.sender = told_text("HOU"),
		.sender_seq = (UINT64_C(1) << 40) + 5,
		.recipients = {to, 2},
		.created_ms = UINT64_C(1795000000000),
		.author = told_text("Zo\xc3\xab"),
		.purposes = {purposes, 3},
		.bases = {bases, 2},
		.agreement = &agreement,
		.section_digests = {digests, 4},
		.withdrawal = &withdrawal,
	};
	put_line(file, "sample", fill_encoded(arena, TOLD_SCHEMA_HEADER, &header));
}

static void write_messages(const char *path)
{
	struct told_arena *arena;
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(told_arena_new(ARENA_BYTES, &arena), TOLD_OK);
	uint64_t seed = told_test_seed();
	put_sample(file, arena);
	for (unsigned schema = 0; schema < TOLD_SCHEMA_COUNT; schema++)
		for (unsigned n = 0; n < 40; n++) {
			told_arena_reset(arena);
			void *message =
				fill_schema(arena, schema, told_test_random(&seed), n < 10 ? FILL_ALL : FILL_SOME);
			put_line(file, told_schema_entry(schema)->shape->name, fill_encoded(arena, schema, message));
		}
	told_arena_free(arena);
	assert_int_equal(fclose(file), 0);
}

static int run(const char *script, const char *schemas, const char *file)
{
	pid_t pid;
	int status;
	const char *argv[] = {PYTHON, script, schemas, file, NULL};
	if (posix_spawn(&pid, PYTHON, NULL, NULL, (char *const *)(uintptr_t)argv, environ) != 0)
		return TOLD_TEST_SKIPPED;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_python_writes_the_same_bytes(void **state)
{
	(void)state;
	char script[4096], schemas[4096], file[4096];
	const char *source = getenv("TOLD_SOURCE");
	source = source != NULL ? source : ".";
	snprintf(script, sizeof script, "%s/tests/proto/canonical.py", source);
	snprintf(schemas, sizeof schemas, "%s/proto", source);
	snprintf(file, sizeof file, "%s/messages", told_test_dir());
	write_messages(file);
	int result = run(script, schemas, file);
	if (result == TOLD_TEST_SKIPPED)
		exit(TOLD_TEST_SKIPPED);
	assert_int_equal(result, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_python_writes_the_same_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
