/* SPDX-License-Identifier: Apache-2.0 */
/* Files, whole and private. May touch: the file system, nothing else. */
#include "broker/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is not listed is TOLD_E_SYSTEM, which 0 stands for. */
static const enum told_status by_error[] = {
	[ENOENT] = TOLD_E_NOT_FOUND,  [ENOTDIR] = TOLD_E_NOT_FOUND,  [EACCES] = TOLD_E_PERMISSION,
	[EPERM] = TOLD_E_PERMISSION,  [ELOOP] = TOLD_E_PERMISSION,   [EROFS] = TOLD_E_PERMISSION,
	[EISDIR] = TOLD_E_PERMISSION, [EEXIST] = TOLD_E_EXISTS,      [ENOSPC] = TOLD_E_FULL,
	[EDQUOT] = TOLD_E_FULL,       [EFBIG] = TOLD_E_FULL,         [EIO] = TOLD_E_STORE,
	[ENOMEM] = TOLD_E_MEMORY,     [EWOULDBLOCK] = TOLD_E_IN_USE,
};

enum told_status told_file_status(int error)
{
	size_t at = (size_t)error;
	return at < sizeof by_error / sizeof by_error[0] && by_error[at] != TOLD_OK ? by_error[at] : TOLD_E_SYSTEM;
}

static bool is_private(const struct stat *st)
{
	return st->st_uid == geteuid() && (st->st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

static enum told_status read_exactly(int fd, size_t size, struct told_buf *out)
{
	uint8_t chunk[16384];
	enum told_status status = TOLD_OK;
	for (size_t left = size; left > 0 && status == TOLD_OK;) {
		ssize_t got = read(fd, chunk, left < sizeof chunk ? left : sizeof chunk);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) { /* an end before its size: somebody cut it while we read */
			status = got < 0 ? told_file_status(errno) : TOLD_E_STORE;
			break;
		}
		told_buf_put(out, chunk, (size_t)got);
		status = out->status;
		left -= (size_t)got;
	}
	told_wipe(chunk, sizeof chunk);
	return status;
}

static enum told_status read_file(const char *path, size_t max_bytes, bool secret, struct told_buf *out)
{
	size_t len_before = out->len;
	struct stat st;
	/* O_NONBLOCK: a FIFO put in the way must not hang the start. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return told_file_status(errno);
	enum told_status status = TOLD_E_SYSTEM;
	if (fstat(fd, &st) != 0)
		status = told_file_status(errno);
	else if (!S_ISREG(st.st_mode) || (secret && !is_private(&st)))
		status = TOLD_E_PERMISSION;
	else if ((uint64_t)st.st_size > max_bytes)
		status = TOLD_E_LIMIT;
	else
		status = read_exactly(fd, (size_t)st.st_size, out);
	close(fd);
	if (status != TOLD_OK && out->len > len_before) {
		told_wipe(out->data + len_before, out->len - len_before);
		out->len = len_before;
	}
	return status;
}

enum told_status told_file_read(const char *path, size_t max_bytes, struct told_buf *out)
{
	return read_file(path, max_bytes, false, out);
}

enum told_status told_file_read_secret(const char *path, size_t max_bytes, struct told_buf *out)
{
	return read_file(path, max_bytes, true, out);
}

static enum told_status write_all(int fd, struct told_bytes content)
{
	for (size_t done = 0; done < content.len;) {
		ssize_t put = write(fd, content.data + done, content.len - done);
		if (put < 0 && errno != EINTR)
			return told_file_status(errno);
		if (put > 0)
			done += (size_t)put;
	}
	return TOLD_OK;
}

/* A new file in the open directory, whole and on the disk; a leftover of a crash is in the way and goes first. */
static enum told_status write_beside(int dir, const char *name, struct told_bytes content, mode_t mode)
{
	if (unlinkat(dir, name, 0) != 0 && errno != ENOENT)
		return told_file_status(errno);
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode & S_IRWXU);
	if (fd < 0)
		return told_file_status(errno);
	enum told_status status = write_all(fd, content);
	if (status == TOLD_OK && (fchmod(fd, mode) != 0 || fsync(fd) != 0))
		status = told_file_status(errno);
	if (close(fd) != 0 && status == TOLD_OK)
		status = told_file_status(errno);
	return status;
}

/* Opens the directory of a path and finds the last part of it. */
static enum told_status open_parent(const char *path, int *dir, const char **name)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(path, '/');
	*name = slash != NULL ? slash + 1 : path;
	size_t len = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
	if ((*name)[0] == '\0' || strlen(*name) > NAME_MAX - 5 || len >= sizeof parent)
		return TOLD_E_CONFIG;
	memcpy(parent, slash != NULL ? path : ".", len);
	parent[len] = '\0';
	*dir = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *dir >= 0 ? TOLD_OK : told_file_status(errno);
}

static enum told_status put_in_place(int dir, const char *from, const char *to, bool overwrite)
{
	int rc = overwrite ? renameat(dir, from, dir, to) : renameat2(dir, from, dir, to, RENAME_NOREPLACE);
	if (rc != 0)
		return told_file_status(errno);
	return fsync(dir) == 0 ? TOLD_OK : told_file_status(errno);
}

static enum told_status write_file(const char *path, struct told_bytes content, mode_t mode, bool overwrite)
{
	const char *name = NULL;
	char beside[NAME_MAX + 1];
	int dir = -1;
	enum told_status status = open_parent(path, &dir, &name);
	if (status != TOLD_OK)
		return status;
	snprintf(beside, sizeof beside, "%s.new", name);
	status = write_beside(dir, beside, content, mode);
	if (status == TOLD_OK)
		status = put_in_place(dir, beside, name, overwrite);
	if (status != TOLD_OK)
		unlinkat(dir, beside, 0);
	close(dir);
	return status;
}

enum told_status told_file_write(const char *path, struct told_bytes content, mode_t mode)
{
	return write_file(path, content, mode, true);
}

enum told_status told_file_write_new(const char *path, struct told_bytes content, mode_t mode)
{
	return write_file(path, content, mode, false);
}

enum told_status told_file_lock(const char *path, int *fd)
{
	*fd = -1;
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (lock < 0)
		return told_file_status(errno);
	struct stat st;
	enum told_status status = TOLD_OK;
	if (fstat(lock, &st) != 0)
		status = told_file_status(errno);
	else if (!S_ISREG(st.st_mode) || !is_private(&st))
		status = TOLD_E_PERMISSION;
	else if (flock(lock, LOCK_EX | LOCK_NB) != 0)
		status = told_file_status(errno);
	if (status == TOLD_OK)
		*fd = lock;
	else
		close(lock);
	return status;
}

void told_file_unlock(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

enum told_status told_dir_make(const char *path)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return told_file_status(errno);
	struct stat st;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) /* a link or a file where a directory of ours must be */
		return errno == ENOTDIR ? TOLD_E_PERMISSION : told_file_status(errno);
	enum told_status status = TOLD_OK;
	if (fstat(fd, &st) != 0)
		status = told_file_status(errno);
	else if (!is_private(&st))
		status = TOLD_E_PERMISSION;
	close(fd);
	return status;
}
