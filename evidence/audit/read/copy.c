/* SPDX-License-Identifier: Apache-2.0 */
/* The private copy of a store. A live broker may be writing: the database file changes only when its write-ahead log is
 * folded into it, so a copy is of one moment when neither that file nor the head of the log changed meanwhile. */
#include "evidence/audit/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES          16u
#define STEP_BYTES     (4u * 1024u * 1024u)
#define WAL_HEAD_BYTES 32u /* holds the salts, which are new whenever the log starts again */
#define PATH_BYTES     4096u

/* What tells one state of the pair from another. */
struct moment {
	struct stat db;
	off_t wal_bytes;
	uint8_t wal_head[WAL_HEAD_BYTES];
};

static enum told_status open_read(const char *path, int *fd, struct stat *st)
{
	enum told_status status = told_audit_open(path, fd);
	if (status == TOLD_OK && fstat(*fd, st) != 0) {
		close(*fd);
		status = TOLD_E_SYSTEM;
	}
	return status;
}

/* Looks at the pair; a write-ahead log that is not there has no bytes. */
static enum told_status look(const char *path, const char *wal, struct moment *out)
{
	int fd;
	struct stat st;
	memset(out, 0, sizeof *out);
	enum told_status status = open_read(path, &fd, &out->db);
	if (status != TOLD_OK)
		return status;
	close(fd);
	status = open_read(wal, &fd, &st);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	out->wal_bytes = st.st_size;
	if (pread(fd, out->wal_head, sizeof out->wal_head, 0) < 0)
		status = TOLD_E_SYSTEM;
	close(fd);
	return status;
}

/* A log that only grew is the same moment: what was appended is either whole transactions or ignored. */
static bool same(const struct moment *before, const struct moment *after)
{
	return before->db.st_size == after->db.st_size && before->db.st_ino == after->db.st_ino &&
	       before->db.st_mtim.tv_sec == after->db.st_mtim.tv_sec &&
	       before->db.st_mtim.tv_nsec == after->db.st_mtim.tv_nsec && before->wal_bytes <= after->wal_bytes &&
	       memcmp(before->wal_head, after->wal_head, sizeof before->wal_head) == 0;
}

/* Signals that would end the program and leave the copy behind are blocked meanwhile and looked for here. */
static bool asked_to_end(void)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
	sigset_t pending;
	if (sigpending(&pending) != 0)
		return false;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (sigismember(&pending, ends[i]) == 1)
			return true;
	return false;
}

static bool is_full(void)
{
	return errno == ENOSPC || errno == EDQUOT;
}

static enum told_status write_all(int to, const uint8_t *block, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = write(to, block + done, len - done);
		if (n < 0 && errno != EINTR)
			return is_full() ? TOLD_E_FULL : TOLD_E_SYSTEM;
		done += n > 0 ? (size_t)n : 0;
	}
	return TOLD_OK;
}

/* One step by way of this program's memory; *n is 0 at the end of the file. */
static enum told_status pour_by_hand(int from, int to, ssize_t *n)
{
	uint8_t *block = malloc(STEP_BYTES);
	if (block == NULL)
		return TOLD_E_MEMORY;
	do
		*n = read(from, block, STEP_BYTES);
	while (*n < 0 && errno == EINTR);
	enum told_status status = *n < 0 ? TOLD_E_SYSTEM : write_all(to, block, (size_t)*n);
	free(block);
	return status;
}

/* One step inside the kernel, which moves every byte once and not twice, or not at all where both files may share their
 * blocks; by hand where these two files cannot be joined so. */
static enum told_status pour_some(int from, int to, ssize_t *n)
{
	do
		*n = copy_file_range(from, NULL, to, NULL, STEP_BYTES, 0);
	while (*n < 0 && errno == EINTR);
	if (*n >= 0)
		return TOLD_OK;
	return is_full() ? TOLD_E_FULL : pour_by_hand(from, to, n);
}

enum told_status told_copy_pour(int from, int to)
{
	ssize_t n = 1;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK && n > 0) {
		status = pour_some(from, to, &n);
		if (status == TOLD_OK && asked_to_end())
			status = TOLD_E_TIMEOUT;
	}
	return status;
}

static enum told_status copy_file(const char *from, const char *to)
{
	int in;
	enum told_status status = told_audit_open(from, &in);
	if (status != TOLD_OK)
		return status;
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	status = out < 0 ? TOLD_E_SYSTEM : told_copy_pour(in, out);
	if (out >= 0 && close(out) != 0 && status == TOLD_OK)
		status = TOLD_E_SYSTEM;
	close(in);
	return status;
}

static enum told_status copy_moment(const char *path, const char *wal, struct told_copy *copy)
{
	char wal_copy[sizeof copy->db + 8];
	snprintf(wal_copy, sizeof wal_copy, "%s-wal", copy->db);
	for (unsigned i = 0; i < TRIES; i++) {
		struct moment before, after;
		enum told_status status = look(path, wal, &before);
		if (status == TOLD_OK)
			status = copy_file(path, copy->db);
		if (status == TOLD_OK)
			status = copy_file(wal, wal_copy);
		if (status == TOLD_E_NOT_FOUND && before.wal_bytes == 0)
			status = unlink(wal_copy) == 0 || errno == ENOENT ? TOLD_OK : TOLD_E_SYSTEM;
		if (status == TOLD_OK)
			status = look(path, wal, &after);
		if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
			return status;
		if (status == TOLD_E_NOT_FOUND && i + 1 == TRIES)
			return status;
		if (status == TOLD_OK && same(&before, &after))
			return TOLD_OK;
	}
	return TOLD_E_IN_USE;
}

enum told_status told_copy_empty(struct told_copy *out)
{
	*out = (struct told_copy){0};
	const char *parent = getenv("TMPDIR");
	if (parent == NULL || *parent == '\0')
		parent = P_tmpdir;
	int n = snprintf(out->dir, sizeof out->dir, "%s/told-audit-XXXXXX", parent);
	if (n < 0 || (size_t)n >= sizeof out->dir)
		return TOLD_E_LIMIT;
	if (mkdtemp(out->dir) == NULL) /* 0700 by definition */
		return errno == ENOSPC ? TOLD_E_FULL : TOLD_E_SYSTEM;
	snprintf(out->db, sizeof out->db, "%s/told.db", out->dir);
	return TOLD_OK;
}

bool told_copy_has_journal(const char *path)
{
	char journal[PATH_BYTES + 10];
	struct stat st;
	snprintf(journal, sizeof journal, "%s-journal", path);
	return lstat(journal, &st) == 0 ? !S_ISREG(st.st_mode) || st.st_size > 0 : errno != ENOENT;
}

enum told_status told_copy_make(const char *path, struct told_copy *out)
{
	char real[PATH_BYTES], wal[PATH_BYTES + 8];
	sigset_t ends, old;
	*out = (struct told_copy){0};
	/* as SQLite does it: the write-ahead log stands beside the file that a link leads to */
	if (realpath(path, real) == NULL)
		return errno == ENOENT || errno == ENOTDIR ? TOLD_E_NOT_FOUND : TOLD_E_PERMISSION;
	if (told_copy_has_journal(real))
		return TOLD_E_CONFIG;
	path = real;
	snprintf(wal, sizeof wal, "%s-wal", real);
	struct moment there;
	enum told_status status = look(path, wal, &there);
	if (status != TOLD_OK)
		return status;
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &ends, &old) != 0)
		return TOLD_E_SYSTEM;
	status = told_copy_empty(out);
	if (status == TOLD_OK)
		status = copy_moment(path, wal, out);
	if (status != TOLD_OK)
		told_copy_remove(out);
	if (sigprocmask(SIG_SETMASK, &old, NULL) != 0 && status == TOLD_OK) {
		told_copy_remove(out);
		status = TOLD_E_SYSTEM;
	}
	return status;
}

void told_copy_remove(struct told_copy *copy)
{
	static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
	char path[sizeof copy->db + 16];
	if (copy->dir[0] == '\0')
		return;
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
		snprintf(path, sizeof path, "%s%s", copy->db, endings[i]);
		unlink(path);
	}
	rmdir(copy->dir);
	copy->dir[0] = '\0';
}
