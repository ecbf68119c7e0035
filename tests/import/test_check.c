/* SPDX-License-Identifier: Apache-2.0 */
/* told import --check as its callers see it: lines, JSON, exit codes, limits. */
#include "import/import_support.h"

#include "told/limits.h"
#include <jansson.h>
#include <unistd.h>

static char out[1 << 20];

static int check(const char *const *paths, size_t count, bool json)
{
	FILE *file = fmemopen(out, sizeof out, "w");
	assert_non_null(file);
	int code = told_import_check(paths, count, file, json);
	fclose(file);
	return code;
}

static const char *written(const char *name, const char *content, size_t len)
{
	char *path;
	assert_true(asprintf(&path, "%s/%s", told_test_dir(), name) > 0);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(content, 1, len, file), len);
	fclose(file);
	return path;
}

static const char *written_text(const char *name, const char *content)
{
	return written(name, content, strlen(content));
}

static void drop(const char *path)
{
	free((void *)(uintptr_t)path);
}

/* One line: outcome, two blanks, the path, two blanks, the rest. */
static void assert_check(const char *path, int code, const char *outcome, const char *rest)
{
	assert_int_equal(check(&path, 1, false), code);
	char expected[4096];
	snprintf(expected, sizeof expected, "%-8s  %s  %s\n", outcome, path, rest);
	assert_string_equal(out, expected);
	drop(path);
}

static void test_each_resource_has_one_line_with_outcome_file_type_why_and_where(void **state)
{
	(void)state;
	assert_check(written_text("a.json", "{\"resourceType\":\"Patient\",\"id\":\"p-1\"}"), 0, "refused",
		     "Patient/p-1  Patient is not taken over: who the person is comes from the person's card "
		     "and the worker, not from a file  Patient");
	assert_check(written_text("b.json",
				  "{\"resourceType\":\"Goal\",\"lifecycleStatus\":\"active\",\"description\":{"
				  "\"text\":\"a home\"},\"subject\":{\"reference\":\"Patient/1\"}}"),
		     0, "imported",
		     "Goal  GOA; about what a worker must classify before it goes anywhere; voice: other  "
		     "Goal");
}

static void test_a_syntax_error_is_named_by_line_and_column(void **state)
{
	(void)state;
	assert_check(written_text("a.json", "{\n  \"resourceType\": \"Goal\",\n  \"id\" \"x\"\n}"), 1, "refused",
		     "-  it is not JSON  3:10");
	assert_check(written_text("b.json", "{\n  \"resourceType\": \"Goal\",\n"), 1, "refused",
		     "-  it ends too early  3:1");
	assert_check(written_text("c.json", "{\"resourceType\":\"Goal\",\"id\":\"a\",\"id\":\"b\"}"), 1, "refused",
		     "-  a member stands twice in one object  1:36");
	assert_check(written_text("d.json", ""), 1, "refused", "-  it ends too early  1:1");
}

static void test_json_that_is_no_fhir_exits_1(void **state)
{
	(void)state;
	assert_check(written_text("a.json", "{\"a\":1}"), 1, "refused",
		     "-  it is JSON but no FHIR resource: it has no resourceType  1:1");
	assert_check(written_text("b.json", "[]"), 1, "refused",
		     "-  it is JSON but no FHIR resource: it has no resourceType  1:1");
}

static void test_what_cannot_be_read_has_its_line_and_exits_1(void **state)
{
	(void)state;
	const char *paths[] = {"/no/such/file.json", told_test_dir()};
	assert_int_equal(check(paths, 2, false), 1);
	assert_non_null(strstr(out, "refused   /no/such/file.json  -  there is no such file  1:1\n"));
	assert_non_null(strstr(out, "it is a folder; name the files in it"));
}

static void test_beyond_the_limits_nothing_is_taken(void **state)
{
	(void)state;
	size_t len = TOLD_IMPORT_FILE_MAX_BYTES + 1;
	char *large = malloc(len);
	assert_non_null(large);
	memset(large, ' ', len);
	assert_check(written("large.json", large, len), 1, "refused", "-  it is larger than the limit  1:1");
	char deep[200];
	memset(deep, '[', sizeof deep);
	assert_check(written("deep.json", deep, sizeof deep), 1, "refused", "-  it is nested too deep  1:65");
	free(large);
}

static void test_a_bundle_of_too_many_resources_is_refused_whole(void **state)
{
	(void)state;
	char *json = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&json, &len);
	assert_non_null(file);
	fputs("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{}", file);
	for (size_t i = 1; i < TOLD_IMPORT_RESOURCES_MAX; i++)
		fputs(",{}", file);
	fputs("]}", file);
	fclose(file);
	assert_check(written("many.json", json, len), 1, "refused",
		     "Bundle  it holds more resources than are taken at once  Bundle");
	free(json);
}

static void test_json_output_is_a_list_with_the_same_members(void **state)
{
	(void)state;
	const char *paths[] = {written_text("a \"b\".json", "{\"resourceType\":\"Patient\",\"id\":\"p\"}"),
			       "/no\x1b/\xff"};
	assert_int_equal(check(paths, 2, true), 1);
	json_t *list = json_loads(out, 0, NULL);
	assert_int_equal(json_array_size(list), 2);
	const json_t *first = json_array_get(list, 0);
	assert_string_equal(json_string_value(json_object_get(first, "outcome")), "refused");
	assert_string_equal(json_string_value(json_object_get(first, "file")), paths[0]);
	assert_string_equal(json_string_value(json_object_get(first, "type")), "Patient");
	assert_string_equal(json_string_value(json_object_get(first, "id")), "p");
	assert_string_equal(json_string_value(json_object_get(first, "where")), "Patient");
	assert_int_equal(json_object_size(first), 6);
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 1), "file")), "/no?/?");
	json_decref(list);
	drop(paths[0]);
}

static void test_a_full_disk_is_no_success(void **state)
{
	(void)state;
	FILE *full = fopen("/dev/full", "w");
	if (full == NULL)
		skip();
	const char *path = written_text("a.json", "{\"resourceType\":\"Patient\"}");
	assert_int_equal(told_import_check(&path, 1, full, false), 1);
	fclose(full);
	drop(path);
}

static void test_over_the_shared_folders_every_file_has_a_line_and_the_exit_is_0(void **state)
{
	(void)state;
	if (told_test_shared("real") == NULL)
		skip();
	struct folder files = {0};
	add_folder(&files, "real/sdohcc");
	add_folder(&files, "real/fhir-r4");
	add_folder(&files, "real/bars-json");
	assert_int_equal(check((const char *const *)files.paths, files.count, false), 0);
	for (size_t i = 0; i < files.count; i++) {
		char needle[4200];
		snprintf(needle, sizeof needle, "  %s  ", files.paths[i]);
		if (strstr(out, needle) == NULL)
			fail_msg("%s has no line", files.paths[i]);
	}
	free_folder(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_resource_has_one_line_with_outcome_file_type_why_and_where),
		cmocka_unit_test(test_a_syntax_error_is_named_by_line_and_column),
		cmocka_unit_test(test_json_that_is_no_fhir_exits_1),
		cmocka_unit_test(test_what_cannot_be_read_has_its_line_and_exits_1),
		cmocka_unit_test(test_beyond_the_limits_nothing_is_taken),
		cmocka_unit_test(test_a_bundle_of_too_many_resources_is_refused_whole),
		cmocka_unit_test(test_json_output_is_a_list_with_the_same_members),
		cmocka_unit_test(test_a_full_disk_is_no_success),
		cmocka_unit_test(test_over_the_shared_folders_every_file_has_a_line_and_the_exit_is_0),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
