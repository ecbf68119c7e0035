/* SPDX-License-Identifier: Apache-2.0 */
/* docs/agreement-file.md: its example loads without a warning, and it names every key and every lint rule. */
#include "agree/text.h"

#include "broker/agree/file.h"
#include "broker/agree/lint.h"

static char *example(const char *doc)
{
	const char *start = strstr(doc, "```yaml\n");
	assert_non_null(start);
	start += strlen("```yaml\n");
	const char *end = strstr(start, "\n```");
	assert_non_null(end);
	return strndup(start, (size_t)(end - start) + 1);
}

static void test_the_example_loads_without_a_warning(void **state)
{
	(void)state;
	struct told_parties *parties;
	assert_int_equal(told_parties_new(&parties), TOLD_OK);
	char *doc = source_text("docs/agreement-file.md"), *text = example(doc);
	struct told_agreement *agreement = loaded(parties, text);
	struct told_faults *warnings = calloc(1, sizeof *warnings);
	assert_non_null(warnings);
	told_agreement_lint(agreement, parties, told_text(text), warnings);
	for (size_t i = 0; i < warnings->count; i++)
		print_message("%s\n", warnings->items[i].what);
	assert_int_equal(warnings->count, 0);
	told_faults_free(warnings);
	free(warnings);
	told_agreement_free(agreement);
	told_parties_free(parties);
	free(text);
	free(doc);
}

static size_t named(const char *doc, const cyaml_schema_value_t *schema)
{
	size_t count = 0;
	if (schema->type == CYAML_SEQUENCE)
		return named(doc, schema->sequence.entry);
	if (schema->type != CYAML_MAPPING)
		return 0;
	for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key != NULL; field++) {
		char key[64], quoted[64];
		snprintf(key, sizeof key, "%s:", field->key);
		snprintf(quoted, sizeof quoted, "`%s`", field->key);
		if (strstr(doc, key) == NULL && strstr(doc, quoted) == NULL)
			fail_msg("the key %s is not in docs/agreement-file.md", field->key);
		count += 1 + named(doc, &field->value);
	}
	return count;
}

static void test_every_key_is_described(void **state)
{
	(void)state;
	char *doc = source_text("docs/agreement-file.md");
	assert_true(named(doc, &told_file_schema) > 100);
	free(doc);
}

static void test_every_lint_rule_is_described(void **state)
{
	(void)state;
	char *doc = source_text("docs/agreement-file.md");
	const char *rule;
	for (size_t i = 0; (rule = told_lint_rule(i)) != NULL; i++)
		if (strstr(doc, rule) == NULL)
			fail_msg("the rule %s is not in docs/agreement-file.md", rule);
	free(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_example_loads_without_a_warning),
		cmocka_unit_test(test_every_key_is_described),
		cmocka_unit_test(test_every_lint_rule_is_described),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
