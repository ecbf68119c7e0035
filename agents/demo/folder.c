/* SPDX-License-Identifier: Apache-2.0 */
/* Walks folders without following links. Touches the file system below one path only. */
#include "agents/demo/folder.h"

#include "broker/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum told_status told_folder_fresh(char out[PATH_MAX])
{
	const char *tmp = getenv("TMPDIR");
	int n = snprintf(out, PATH_MAX, "%s/told-demo-XXXXXX", tmp != NULL && tmp[0] == '/' ? tmp : "/tmp");
	if (n <= 0 || n >= PATH_MAX)
		return TOLD_E_LIMIT;
	return mkdtemp(out) != NULL ? TOLD_OK : TOLD_E_SYSTEM;
}

/* ---- walking ---- */

typedef enum told_status visit_fn(void *ctx, const FTSENT *entry);

static enum told_status walk(const char *path, visit_fn *visit, void *ctx)
{
	char *const paths[] = {(char *)(uintptr_t)path, NULL};
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	enum told_status status = tree != NULL ? TOLD_OK : TOLD_E_SYSTEM;
	FTSENT *entry;
	while (status == TOLD_OK && (entry = fts_read(tree)) != NULL)
		status = entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS
				 ? TOLD_E_SYSTEM
				 : visit(ctx, entry);
	if (tree != NULL)
		fts_close(tree);
	return status;
}

static enum told_status remove_one(void *ctx, const FTSENT *entry)
{
	(void)ctx;
	if (entry->fts_info == FTS_D)
		return TOLD_OK;
	int done = entry->fts_info == FTS_DP ? rmdir(entry->fts_accpath) : unlink(entry->fts_accpath);
	return done == 0 || errno == ENOENT ? TOLD_OK : TOLD_E_SYSTEM;
}

enum told_status told_folder_remove(const char *path)
{
	return walk(path, remove_one, NULL);
}

static enum told_status count_one(void *ctx, const FTSENT *entry)
{
	size_t *count = ctx;
	*count += entry->fts_info != FTS_DP;
	return *count > 1 ? TOLD_E_EXISTS : TOLD_OK; /* the folder itself is the first */
}

enum told_status told_folder_take(const char *path, char out[PATH_MAX])
{
	size_t count = 0;
	enum told_status status = told_dir_make(path);
	if (status == TOLD_OK)
		status = walk(path, count_one, &count);
	if (status == TOLD_OK && realpath(path, out) == NULL)
		status = TOLD_E_SYSTEM;
	return status;
}

/* ---- searching ---- */

static bool stands_in(const struct told_folder_search *search, const void *data, size_t size)
{
	for (size_t i = 0; i < search->needle_count; i++)
		if (memmem(data, size, search->needles[i].data, search->needles[i].len) != NULL)
			return true;
	return false;
}

static enum told_status look_into(struct told_folder_search *search, const char *path)
{
	struct stat about;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum told_status status = fd >= 0 && fstat(fd, &about) == 0 ? TOLD_OK : TOLD_E_SYSTEM;
	if (status == TOLD_OK && about.st_size > 0) {
		size_t size = (size_t)about.st_size;
		void *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (data != MAP_FAILED) {
			search->hits += stands_in(search, data, size);
			munmap(data, size);
		} else {
			status = TOLD_E_SYSTEM;
		}
		search->bytes += size;
	}
	search->files++;
	if (fd >= 0)
		close(fd);
	return status;
}

static enum told_status look_at(void *ctx, const FTSENT *entry)
{
	return entry->fts_info == FTS_F ? look_into(ctx, entry->fts_path) : TOLD_OK;
}

enum told_status told_folder_look(const char *path, struct told_folder_search *search)
{
	search->files = search->hits = 0;
	search->bytes = 0;
	return walk(path, look_at, search);
}
