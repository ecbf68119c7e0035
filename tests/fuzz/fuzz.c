/* SPDX-License-Identifier: Apache-2.0 */
/* Between libFuzzer and a target. The last argument is the corpus: its samples are written there before libFuzzer
 * reads it. TOLD_SHARED and TOLD_SOURCE say where published vectors and the project are. */
#include "fuzz/fuzz.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *corpus;
static unsigned written;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void fuzz_fail(const char *file, int line, const char *claim)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, claim);
	abort();
}

bool fuzz_same(struct told_bytes input, struct told_buf *again)
{
	bool same = again->status == TOLD_OK && told_bytes_equal(input, told_buf_view(again));
	told_buf_free(again);
	return same;
}

size_t fuzz_lines(struct told_bytes text)
{
	size_t lines = 1;
	for (size_t i = 0; i < text.len; i++)
		lines += text.data[i] == '\n';
	return lines;
}

void fuzz_seed(struct told_bytes sample)
{
	char path[512];
	snprintf(path, sizeof path, "%.400s/seed-%u", corpus, written++);
	FILE *file = fopen(path, "w");
	FUZZ_REQUIRE(file != NULL);
	FUZZ_REQUIRE(sample.len == 0 || fwrite(sample.data, 1, sample.len, file) == sample.len);
	FUZZ_REQUIRE(fclose(file) == 0);
}

static void seed_strings(const json_t *value, bool wanted, const char *key)
{
	const char *name;
	json_t *below;
	size_t i;
	if (wanted && json_is_string(value))
		fuzz_seed(told_bytes(json_string_value(value), json_string_length(value)));
	json_array_foreach(value, i, below) seed_strings(below, wanted, key);
	json_object_foreach((json_t *)(uintptr_t)value, name, below)
		seed_strings(below, wanted || strcmp(name, key) == 0, key);
}

void fuzz_seed_vectors(const char *file, const char *key)
{
	char path[512];
	const char *shared = getenv("TOLD_SHARED");
	snprintf(path, sizeof path, "%.400s/vectors/%.80s.json", shared != NULL ? shared : "", file);
	json_t *root = shared != NULL ? json_load_file(path, JSON_REJECT_DUPLICATES, NULL) : NULL;
	seed_strings(root, key[0] == '\0', key);
	json_decref(root);
}

void fuzz_seed_source(const char *name)
{
	char path[512], bytes[32768];
	const char *source = getenv("TOLD_SOURCE");
	snprintf(path, sizeof path, "%.400s/%.80s", source != NULL ? source : ".", name);
	FILE *file = fopen(path, "r");
	if (file == NULL) {
		fprintf(stderr, "%s: not there, so no sample of it: set TOLD_SOURCE\n", path);
		return;
	}
	fuzz_seed(told_bytes(bytes, fread(bytes, 1, sizeof bytes, file)));
	fclose(file);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct stat st;
	const char *last = (*argv)[*argc - 1];
	if (*argc < 2 || stat(last, &st) != 0 || !S_ISDIR(st.st_mode))
		return 0; /* one input is run again: nothing is written */
	corpus = last;
	fuzz_seeds();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_one(told_bytes(data, size));
	return 0;
}
