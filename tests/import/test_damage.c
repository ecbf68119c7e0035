/* SPDX-License-Identifier: Apache-2.0 */
/* The same files cut short and changed: never a crash, never a resource without its line. */
#include "import/import_support.h"

#define CUTS    50
#define CHANGES 2000

static struct folder files;

static struct told_bytes pick(const char *path, uint8_t **copy)
{
	struct told_bytes file = told_test_read(path);
	*copy = (uint8_t *)(uintptr_t)file.data;
	return file;
}

/* A copy of exactly this size, so that a read beyond its end is found. */
static void judge(const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len + (len == 0));
	assert_non_null(exact);
	memcpy(exact, data, len);
	struct told_import *import = read_bytes(told_bytes(exact, len), NULL);
	assert_sound(import);
	if (!import->understood) {
		assert_int_equal(import->resource_count, 1);
		assert_int_equal(import->resources[0].outcome, TOLD_IMPORT_REFUSED);
	}
	told_import_free(import);
	free(exact);
}

static void test_files_cut_short_are_refused_at_a_line_and_column(void **state)
{
	(void)state;
	uint64_t seed = told_test_seed();
	for (size_t i = 0; i < files.count; i++) {
		uint8_t *data;
		struct told_bytes file = pick(files.paths[i], &data);
		size_t end = file.len;
		while (end > 0 && data[end - 1] != '}')
			end--;
		for (size_t j = 0; j < CUTS; j++) {
			struct told_import *import = read_bytes(told_bytes(data, told_test_random(&seed) % end), NULL);
			size_t line = 0, column = 0;
			assert_false(import->understood);
			assert_int_equal(import->resource_count, 1);
			assert_int_equal(sscanf(import->resources[0].where, "%zu:%zu", &line, &column), 2);
			assert_true(line >= 1 && column >= 1);
			told_import_free(import);
		}
		free(data);
	}
}

static void test_changed_bytes_never_leave_a_resource_without_a_line(void **state)
{
	(void)state;
	static const uint8_t likely[] = "{}[]\",:0-\\\xff\0ae";
	uint64_t seed = told_test_seed();
	for (size_t i = 0; i < CHANGES; i++) {
		uint8_t *data;
		struct told_bytes file = pick(files.paths[told_test_random(&seed) % files.count], &data);
		size_t changes = 1 + told_test_random(&seed) % 4;
		for (size_t j = 0; j < changes; j++) {
			uint64_t random = told_test_random(&seed);
			uint8_t byte = random % 2 == 0 ? (uint8_t)(random >> 8) : likely[(random >> 8) % sizeof likely];
			data[told_test_random(&seed) % file.len] = byte;
		}
		judge(data, file.len);
		free(data);
	}
}

/* Changes that leave the JSON whole reach what lies behind the parser: letters and digits inside strings. */
static void test_changed_words_never_leave_a_resource_without_a_line(void **state)
{
	(void)state;
	uint64_t seed = told_test_seed();
	for (size_t i = 0; i < CHANGES; i++) {
		uint8_t *data;
		struct told_bytes file = pick(files.paths[told_test_random(&seed) % files.count], &data);
		for (size_t j = 0; j < 8; j++) {
			uint8_t *at = &data[told_test_random(&seed) % file.len];
			if ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9'))
				*at = *at == 'z' || *at == '9' ? '0' : (uint8_t)(*at + 1);
		}
		judge(data, file.len);
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_cut_short_are_refused_at_a_line_and_column),
		cmocka_unit_test(test_changed_bytes_never_leave_a_resource_without_a_line),
		cmocka_unit_test(test_changed_words_never_leave_a_resource_without_a_line),
	};
	add_folder(&files, "real/sdohcc");
	add_folder(&files, "real/fhir-r4");
	add_folder(&files, "real/bars-json");
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	free_folder(&files);
	return failed;
}
