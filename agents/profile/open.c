/* SPDX-License-Identifier: Apache-2.0 */
/* The only file of this room that touches the disk: the two files of a profile's folder, sizes checked before reading.
 */
#include "agents/profile/profile.h"

#include "told/limits.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum told_status fault(struct told_buf *why, enum told_status status, const char *dir, const char *name,
			      const char *what)
{
	if (why != NULL)
		told_buf_printf(why, "%s/%s: %s", dir, name, what);
	return status;
}

static enum told_status fill(int fd, struct told_buf *out)
{
	uint8_t chunk[16384];
	for (;;) {
		ssize_t got = read(fd, chunk, sizeof chunk);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return TOLD_E_SYSTEM;
		if (got == 0)
			return out->status;
		told_buf_put(out, chunk, (size_t)got);
		if (out->status != TOLD_OK)
			return out->status;
	}
}

static enum told_status read_in(int dir_fd, const char *dir, const char *name, struct told_buf *out,
				struct told_buf *why)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return fault(why, errno == ENOENT ? TOLD_E_NOT_FOUND : TOLD_E_SYSTEM, dir, name, strerror(errno));
	struct stat st;
	enum told_status status = TOLD_E_SYSTEM;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		status = fault(why, TOLD_E_CONFIG, dir, name, "this must be a plain file");
	else if ((uint64_t)st.st_size > out->max_bytes)
		status = fault(why, TOLD_E_LIMIT, dir, name, told_status_text(TOLD_E_LIMIT));
	else if ((status = fill(fd, out)) != TOLD_OK)
		fault(why, status, dir, name, told_status_text(status));
	close(fd);
	return status;
}

enum told_status told_profile_open(const char *dir, struct told_profile **out, struct told_buf *form,
				   struct told_buf *why)
{
	*out = NULL;
	int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		return fault(why, errno == ENOENT ? TOLD_E_NOT_FOUND : TOLD_E_SYSTEM, dir, "", strerror(errno));
	struct told_buf yaml = TOLD_BUF(TOLD_PROFILE_MAX_BYTES);
	struct told_profile *profile = NULL;
	enum told_status status = read_in(dir_fd, dir, "profile.yaml", &yaml, why);
	if (status == TOLD_OK)
		status = told_profile_read(told_buf_view(&yaml), "profile.yaml", &profile, why);
	if (status == TOLD_OK)
		status = read_in(dir_fd, dir, profile->form, form, why);
	if (status == TOLD_OK) {
		*out = profile;
		profile = NULL;
	}
	told_profile_free(profile);
	told_buf_free(&yaml);
	close(dir_fd);
	return status;
}
