/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a file whole. Refuses what is no regular file before it reads, so that a pipe cannot hold the program. */
#include "evidence/audit/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum told_status status_of(int error)
{
	if (error == ENOENT || error == ENOTDIR)
		return TOLD_E_NOT_FOUND;
	return error == EACCES || error == EPERM || error == ELOOP ? TOLD_E_PERMISSION : TOLD_E_SYSTEM;
}

static enum told_status write_all(int fd, struct told_bytes content)
{
	for (size_t done = 0; done < content.len;) {
		ssize_t n = write(fd, content.data + done, content.len - done);
		if (n < 0 && errno != EINTR)
			return errno == ENOSPC || errno == EDQUOT ? TOLD_E_FULL : TOLD_E_SYSTEM;
		done += n > 0 ? (size_t)n : 0;
	}
	return TOLD_OK;
}

enum told_status told_audit_write(const char *path, struct told_bytes content)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
	if (fd < 0)
		return status_of(errno);
	enum told_status status = write_all(fd, content);
	return close(fd) != 0 && status == TOLD_OK ? TOLD_E_SYSTEM : status;
}

static enum told_status read_all(int fd, struct told_buf *out)
{
	uint8_t block[16384];
	ssize_t n;
	while ((n = read(fd, block, sizeof block)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return TOLD_E_SYSTEM;
		told_buf_put(out, block, (size_t)n);
		if (out->status != TOLD_OK)
			return out->status;
	}
	return TOLD_OK;
}

enum told_status told_audit_open(const char *path, int *fd)
{
	struct stat st;
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (*fd < 0)
		return status_of(errno);
	if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode))
		return TOLD_OK;
	close(*fd);
	return TOLD_E_PERMISSION;
}

enum told_status told_audit_read(const char *path, struct told_buf *out)
{
	int fd;
	enum told_status status = told_audit_open(path, &fd);
	if (status != TOLD_OK)
		return status;
	status = read_all(fd, out);
	close(fd);
	return status;
}

void told_audit_folders(char *path, size_t base, mode_t mode)
{
	for (char *slash = strchr(path + base, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)!mkdir(path, mode);
		*slash = '/';
	}
}
