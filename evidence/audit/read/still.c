/* SPDX-License-Identifier: Apache-2.0 */
/* A lease that somebody wants to break is still held until we let go or the kernel's patience ends (45 s), and letting
 * go tells which it was. So what was read before a lease was let go is of one moment. Touches the file and the copy. */
#include "evidence/audit/read/still.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define PATH_BYTES 4096u

struct told_still {
	int fd;
	uint64_t bytes;
	pthread_rwlock_t lock; /* of what follows, and of what fd stands for */
	bool leased;
	enum told_status status;
};

/* ---- whether it may be read where it lies ---- */

/* Only a file system of this machine knows of everybody who writes. */
static bool is_local(int fd)
{
	static const unsigned long known[] = {EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC, TMPFS_MAGIC,
					      F2FS_SUPER_MAGIC};
	struct statfs fs;
	if (fstatfs(fd, &fs) != 0)
		return false;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if ((unsigned long)fs.f_type == known[i])
			return true;
	return false;
}

/* Breaking a lease is told by a signal, SIGIO unless another is named: that one ends a program, SIGURG does nothing. */
static bool lease(int fd)
{
	return is_local(fd) && fcntl(fd, F_SETSIG, SIGURG) == 0 && fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
}

/* What is no file is for whoever copies to refuse. */
static bool has_log(const char *path)
{
	char wal[PATH_BYTES + 8];
	struct stat st;
	snprintf(wal, sizeof wal, "%s-wal", path);
	return stat(wal, &st) == 0 ? !S_ISREG(st.st_mode) || st.st_size > 0 : errno != ENOENT;
}

static enum told_status begin(int fd, bool leased, struct told_still **out)
{
	struct stat st;
	struct told_still *still = calloc(1, sizeof *still);
	if (still == NULL)
		return TOLD_E_MEMORY;
	if (fstat(fd, &st) != 0 || pthread_rwlock_init(&still->lock, NULL) != 0) {
		free(still);
		return TOLD_E_SYSTEM;
	}
	still->fd = fd;
	still->bytes = (uint64_t)st.st_size;
	still->leased = leased;
	*out = still;
	return TOLD_OK;
}

enum told_status told_still_open(const char *path, struct told_still **out)
{
	char real[PATH_BYTES];
	int fd;
	*out = NULL;
	if (realpath(path, real) == NULL)
		return TOLD_E_NOT_FOUND;
	enum told_status status = told_audit_open(real, &fd);
	if (status != TOLD_OK)
		return status;
	/* in this order: behind the lease nobody can begin to write a log */
	status = lease(fd) && !has_log(real) && !told_copy_has_journal(real) ? begin(fd, true, out) : TOLD_E_IN_USE;
	if (status != TOLD_OK)
		close(fd);
	return status;
}

enum told_status told_still_of_copy(const struct told_copy *copy, struct told_still **out)
{
	int fd;
	*out = NULL;
	if (has_log(copy->db))
		return TOLD_E_IN_USE;
	enum told_status status = told_audit_open(copy->db, &fd);
	if (status != TOLD_OK)
		return status;
	status = begin(fd, false, out);
	if (status != TOLD_OK)
		close(fd);
	return status;
}

void told_still_free(struct told_still *still)
{
	if (still == NULL)
		return;
	close(still->fd); /* and with it the lease */
	pthread_rwlock_destroy(&still->lock);
	free(still);
}

/* ---- giving way ---- */

/* The name of the copy is gone before there is anything in it: nothing is left behind, whatever ends the program. */
static enum told_status open_copy(int *fd)
{
	struct told_copy copy;
	enum told_status status = told_copy_empty(&copy);
	if (status != TOLD_OK)
		return status;
	*fd = open(copy.db, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	told_copy_remove(&copy);
	return *fd >= 0 ? TOLD_OK : TOLD_E_SYSTEM;
}

/* The lease was held until it is let go here, or it is not there any more: then nobody knows since when. */
static enum told_status pour(struct told_still *still)
{
	int copy = -1;
	enum told_status status = open_copy(&copy);
	if (status == TOLD_OK)
		status = told_copy_pour(still->fd, copy);
	if (fcntl(still->fd, F_SETLEASE, F_UNLCK) != 0)
		status = TOLD_E_IN_USE;
	if (status == TOLD_OK && dup3(copy, still->fd, O_CLOEXEC) < 0)
		status = TOLD_E_SYSTEM;
	if (copy >= 0)
		close(copy);
	return status;
}

static void give_way(struct told_still *still)
{
	pthread_rwlock_wrlock(&still->lock);
	if (still->leased)
		still->status = pour(still);
	still->leased = false;
	pthread_rwlock_unlock(&still->lock);
}

/* ---- reading ---- */

enum told_status told_still_status(struct told_still *still)
{
	pthread_rwlock_rdlock(&still->lock);
	enum told_status status = still->status;
	pthread_rwlock_unlock(&still->lock);
	return status;
}

static bool read_all(int fd, uint64_t at, uint8_t *out, size_t len, size_t *got)
{
	for (*got = 0; *got < len;) {
		ssize_t n = pread(fd, out + *got, len - *got, (off_t)(at + *got));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		*got += (size_t)n;
	}
	return true;
}

/* The lease is looked at after the reading: what it says then holds for all that was read before. */
enum told_status told_still_read(struct told_still *still, uint64_t at, uint8_t *out, size_t len, size_t *got)
{
	pthread_rwlock_rdlock(&still->lock);
	bool good = read_all(still->fd, at, out, len, got);
	bool wanted = still->leased && fcntl(still->fd, F_GETLEASE) != F_RDLCK;
	pthread_rwlock_unlock(&still->lock);
	if (wanted)
		give_way(still);
	enum told_status status = told_still_status(still);
	return good || status != TOLD_OK ? status : TOLD_E_SYSTEM;
}

uint64_t told_still_bytes(const struct told_still *still)
{
	return still->bytes;
}
