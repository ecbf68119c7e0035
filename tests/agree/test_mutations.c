/* SPDX-License-Identifier: Apache-2.0 */
/* A good file with random damage: it loads or it is refused with words, and what our own first reading lets through
 * libcyaml reads too. */
#include "agree/text.h"

#define ROUNDS 3000u

static const char *const pieces[] = {"[",           "]",  "{",   "}",      ": ",           "- ",    "\n",
				     "  ",          "*",  "&a ", "!!str ", "\"",           "'",     "#",
				     "|\n",         "~",  "0x1", "true",   "null",         "? ",    "---\n",
				     "%YAML 1.1\n", "\t", "\r",  "\xc3",   "\xef\xbb\xbf", "EMP.*", "EQA",
				     "1e9",         "-1", ""};

/* Replaces up to 8 bytes at a random place with a piece. */
static char *damaged(const char *text, uint64_t *seed)
{
	size_t len = strlen(text), cut = told_test_random(seed) % 9, at = told_test_random(seed) % (len - 8);
	const char *piece = pieces[told_test_random(seed) % (sizeof pieces / sizeof pieces[0])];
	char *out = calloc(1, len + 16);
	assert_non_null(out);
	memcpy(out, text, at);
	strcat(out, piece);
	strcat(out, text + at + cut);
	return out;
}

static void one(const char *text, unsigned *good)
{
	struct told_parties *parties;
	struct told_agreement *agreement;
	struct told_faults *faults = calloc(1, sizeof *faults);
	assert_non_null(faults);
	assert_int_equal(told_parties_new(&parties), TOLD_OK);
	enum told_status status = told_agreement_load(told_text(text), "damaged.yaml", parties, &agreement, faults);
	if (status == TOLD_OK) {
		assert_non_null(agreement);
		assert_false(told_faults_any(faults));
		(*good)++;
	} else {
		assert_int_equal(status, TOLD_E_CONFIG);
		assert_null(agreement);
		assert_true(told_faults_any(faults));
	}
	for (size_t i = 0; i < faults->count; i++)
		if (strstr(faults->items[i].what, "second reading") != NULL) {
			print_message("%s\n", text);
			fail_msg("%s", faults->items[i].what);
		}
	told_agreement_free(agreement);
	told_faults_free(faults);
	free(faults);
	told_parties_free(parties);
}

static void damage(const char *path, uint64_t *seed)
{
	char *text = path != NULL ? source_text(path) : northtown();
	unsigned good = 0;
	for (unsigned round = 0; round < ROUNDS; round++) {
		char *once = damaged(text, seed), *twice = damaged(once, seed);
		one(round % 2 == 0 ? once : twice, &good);
		free(once);
		free(twice);
	}
	print_message("%u of %u still load\n", good, ROUNDS);
	assert_true(good > 0 && good < ROUNDS);
	free(text);
}

static void test_damaged_files_load_or_are_refused_with_words(void **state)
{
	(void)state;
	uint64_t seed = told_test_seed();
	damage("tests/data/agreements/small.yaml", &seed);
	damage(NULL, &seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damaged_files_load_or_are_refused_with_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
