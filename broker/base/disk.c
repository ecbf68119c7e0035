/* SPDX-License-Identifier: Apache-2.0 */
/* May touch: statvfs(3) of one folder, and the one file in it. */
#include "broker/base/disk.h"

#include "broker/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static enum told_status free_bytes(void *ctx, uint64_t *out)
{
	const struct told_disk_folder *folder = ctx;
	struct statvfs disk;
	*out = 0;
	if (statvfs(folder->dir, &disk) != 0)
		return told_file_status(errno);
	*out = (uint64_t)disk.f_bavail * disk.f_frsize;
	return TOLD_OK;
}

static bool path_of(const struct told_disk_folder *folder, char out[PATH_MAX])
{
	int n = snprintf(out, PATH_MAX, "%s/reserve", folder->dir);
	return n > 0 && n < PATH_MAX;
}

static enum told_status resize(const struct told_disk_folder *folder, off_t bytes)
{
	char path[PATH_MAX];
	if (!path_of(folder, path))
		return TOLD_E_LIMIT;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return told_file_status(errno);
	enum told_status status = ftruncate(fd, bytes) == 0 ? TOLD_OK : told_file_status(errno);
	/* Blocks, not only a length; where the file system has no way to, the library writes zeros. */
	int error = status == TOLD_OK && bytes > 0 ? posix_fallocate(fd, 0, bytes) : 0;
	if (error != 0)
		status = told_file_status(error);
	close(fd);
	return status;
}

static enum told_status give(void *ctx)
{
	return resize(ctx, 0);
}

static enum told_status keep(void *ctx)
{
	enum told_status status = resize(ctx, TOLD_DISK_KEPT_BYTES);
	if (status != TOLD_OK)
		(void)give(ctx); /* a part of it helps nobody */
	return status;
}

struct told_disk told_disk_of(struct told_disk_folder *folder)
{
	return (struct told_disk){free_bytes, keep, give, folder};
}
