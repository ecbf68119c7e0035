/* SPDX-License-Identifier: Apache-2.0 */
/* What every test needs; nothing here belongs to a room. */
#include "support/support.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char dirs[64][64];
static size_t dir_count;

const char *told_test_shared(const char *path)
{
	static char full[4096];
	const char *shared = getenv("TOLD_SHARED");
	const char *source = getenv("TOLD_SOURCE");
	if (shared != NULL)
		snprintf(full, sizeof full, "%s/%s", shared, path);
	else
		snprintf(full, sizeof full, "%s/../shared/%s", source != NULL ? source : ".", path);
	return access(full, R_OK) == 0 ? full : NULL;
}

void told_test_need_shared(const char *path)
{
	if (told_test_shared(path) != NULL)
		return;
	printf("skipped: %s is not in the shared folder (set TOLD_SHARED)\n", path);
	exit(TOLD_TEST_SKIPPED);
}

struct told_bytes told_test_read(const char *path)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	char *data = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&data, &len);
	assert_non_null(out);
	char chunk[65536];
	for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
		assert_int_equal(fwrite(chunk, 1, n, out), n);
	assert_int_equal(fclose(out), 0);
	fclose(file);
	return told_bytes(data, len);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static void remove_dirs(void)
{
	while (dir_count > 0)
		nftw(dirs[--dir_count], remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *told_test_dir(void)
{
	assert_true(dir_count < sizeof dirs / sizeof dirs[0]);
	if (dir_count == 0)
		atexit(remove_dirs);
	char *dir = dirs[dir_count++];
	strcpy(dir, "/tmp/told-test-XXXXXX");
	assert_non_null(mkdtemp(dir));
	return dir;
}

struct told_bytes told_test_hex(const char *hex)
{
	size_t len = strlen(hex) / 2;
	uint8_t *out = malloc(len + 1);
	assert_non_null(out);
	assert_int_equal(told_unhex(told_text(hex), out, len), TOLD_OK);
	return told_bytes(out, len);
}

uint64_t told_test_seed(void)
{
	const char *given = getenv("TOLD_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
	printf("seed %" PRIu64 " (set TOLD_SEED to repeat)\n", seed);
	return seed;
}

uint64_t told_test_random(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}
