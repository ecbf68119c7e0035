/* SPDX-License-Identifier: Apache-2.0 */
/* Segment files of sealed bodies. Touches the files of its own directory and nothing else. */
#include "broker/record/spool.h"

#include "broker/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_BYTES 24 /* "00000001.bodies" with room */

struct told_spool {
	int dir_fd;
	int fd;           /* of the segment being written */
	int read_fd;      /* of the segment last read */
	uint32_t segment; /* being written */
	uint32_t first;   /* lowest that is there */
	uint32_t read_segment;
	uint32_t segment_bytes;
	uint64_t end;          /* behind the last body put */
	uint64_t synced;       /* behind the last body synced */
	uint32_t kept_segment; /* where the last body lies that committed rows may point at */
	uint64_t kept;         /* behind it */
};

static void segment_name(uint32_t segment, char name[NAME_BYTES])
{
	snprintf(name, NAME_BYTES, "%08x.bodies", segment);
}

/* The status of the last failed call on the disk. */
static enum told_status disk_status(void)
{
	return errno == ENOSPC || errno == EDQUOT ? TOLD_E_FULL : TOLD_E_STORE;
}

static int open_segment(const struct told_spool *spool, uint32_t segment, int flags)
{
	char name[NAME_BYTES];
	segment_name(segment, name);
	return openat(spool->dir_fd, name, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* Opens the segment for writing with exactly len bytes in it: a tail is cut off, a missing byte is corruption. */
static enum told_status begin_segment(struct told_spool *spool, uint32_t segment, uint64_t len)
{
	int fd = open_segment(spool, segment, O_RDWR | O_CREAT);
	if (fd < 0)
		return disk_status();
	enum told_status status = TOLD_E_STORE;
	struct stat st;
	if (fstat(fd, &st) != 0 || (uint64_t)st.st_size < len) {
		status = TOLD_E_CORRUPT;
		goto out;
	}
	if ((uint64_t)st.st_size > len && ftruncate(fd, (off_t)len) != 0)
		goto out;
	if (fsync(fd) != 0 || fsync(spool->dir_fd) != 0)
		goto out;
	if (spool->fd >= 0)
		close(spool->fd);
	spool->fd = fd;
	spool->segment = segment;
	spool->end = spool->synced = len;
	return TOLD_OK;
out:
	close(fd);
	return status;
}

/* Looks through the directory: segments behind the last committed one are removed, nothing points into them; the
 * lowest is remembered. */
static enum told_status look_through(struct told_spool *spool)
{
	int fd = dup(spool->dir_fd);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (dir == NULL)
		return TOLD_E_STORE;
	enum told_status status = TOLD_OK;
	for (struct dirent *entry; status == TOLD_OK && (entry = readdir(dir)) != NULL;) {
		unsigned segment = 0;
		int used = 0;
		if (sscanf(entry->d_name, "%8x.bodies%n", &segment, &used) != 1 || used == 0)
			continue;
		if (segment < spool->first)
			spool->first = segment;
		if (segment > spool->segment && unlinkat(spool->dir_fd, entry->d_name, 0) != 0)
			status = TOLD_E_STORE;
	}
	closedir(dir);
	return status;
}

enum told_status told_spool_open(const char *dir, struct told_body_place end, uint32_t segment_bytes,
				 struct told_spool **out)
{
	*out = NULL;
	enum told_status status = told_dir_make(dir);
	if (status != TOLD_OK)
		return status;
	struct told_spool *spool = calloc(1, sizeof *spool);
	if (spool == NULL)
		return TOLD_E_MEMORY;
	spool->fd = spool->read_fd = -1;
	spool->segment_bytes = segment_bytes;
	spool->first = UINT32_MAX;
	spool->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	status =
		spool->dir_fd < 0 ? TOLD_E_STORE : begin_segment(spool, end.segment == 0 ? 1 : end.segment, end.offset);
	if (status == TOLD_OK)
		status = look_through(spool);
	if (status != TOLD_OK) {
		told_spool_close(spool);
		return status;
	}
	told_spool_keep(spool);
	*out = spool;
	return TOLD_OK;
}

static enum told_status write_all(int fd, struct told_bytes bytes, uint64_t offset)
{
	while (bytes.len > 0) {
		ssize_t n = pwrite(fd, bytes.data, bytes.len, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 ? TOLD_E_STORE : disk_status();
		bytes.data += n;
		bytes.len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return TOLD_OK;
}

enum told_status told_spool_put(struct told_spool *spool, struct told_bytes body, struct told_body_place *place)
{
	*place = (struct told_body_place){0};
	if (body.len == 0)
		return TOLD_OK;
	if (body.len > UINT32_MAX)
		return TOLD_E_LIMIT;
	if (spool->end > 0 && spool->end + body.len > spool->segment_bytes) {
		enum told_status status = told_spool_sync(spool);
		if (status == TOLD_OK)
			status = begin_segment(spool, spool->segment + 1, 0);
		if (status != TOLD_OK)
			return status;
	}
	enum told_status status = write_all(spool->fd, body, spool->end);
	if (status != TOLD_OK)
		return status;
	*place = (struct told_body_place){.segment = spool->segment, .len = (uint32_t)body.len, .offset = spool->end};
	spool->end += body.len;
	return TOLD_OK;
}

void told_spool_keep(struct told_spool *spool)
{
	spool->kept_segment = spool->segment;
	spool->kept = spool->end;
}

static void forget_reading(struct told_spool *spool)
{
	if (spool->read_fd >= 0)
		close(spool->read_fd);
	spool->read_fd = -1;
}

/* Segments begun since are removed: a rolled back turn leaves no bytes on a disk that is full. */
enum told_status told_spool_rewind(struct told_spool *spool)
{
	forget_reading(spool);
	for (uint32_t segment = spool->segment; segment > spool->kept_segment; segment--) {
		char name[NAME_BYTES];
		segment_name(segment, name);
		if (unlinkat(spool->dir_fd, name, 0) != 0 && errno != ENOENT)
			return TOLD_E_STORE;
	}
	if (spool->segment != spool->kept_segment)
		return begin_segment(spool, spool->kept_segment, spool->kept);
	if (ftruncate(spool->fd, (off_t)spool->kept) != 0)
		return TOLD_E_STORE;
	spool->end = spool->kept;
	if (spool->synced > spool->kept)
		spool->synced = spool->kept;
	return TOLD_OK;
}

enum told_status told_spool_sync(struct told_spool *spool)
{
	if (spool->end == spool->synced)
		return TOLD_OK;
	if (fdatasync(spool->fd) != 0)
		return TOLD_E_STORE;
	spool->synced = spool->end;
	return TOLD_OK;
}

/* The descriptor to read a segment by; -1 when it is not there. */
static int reading(struct told_spool *spool, uint32_t segment)
{
	if (segment == spool->segment)
		return spool->fd;
	if (spool->read_fd >= 0 && spool->read_segment == segment)
		return spool->read_fd;
	forget_reading(spool);
	spool->read_fd = open_segment(spool, segment, O_RDWR);
	spool->read_segment = segment;
	return spool->read_fd;
}

enum told_status told_spool_get(struct told_spool *spool, struct told_body_place place, const told_hash *hash,
				struct told_arena *arena, struct told_bytes *body)
{
	*body = told_bytes(NULL, 0);
	if (place.len == 0)
		return TOLD_OK;
	uint8_t *data = told_arena_alloc(arena, place.len);
	if (data == NULL)
		return TOLD_E_MEMORY;
	int fd = reading(spool, place.segment);
	if (fd < 0 || pread(fd, data, place.len, (off_t)place.offset) != (ssize_t)place.len)
		return TOLD_E_CORRUPT;
	told_hash found;
	told_sha256(told_bytes(data, place.len), &found);
	if (!told_hash_equal(&found, hash))
		return TOLD_E_CORRUPT;
	*body = told_bytes(data, place.len);
	return TOLD_OK;
}

static enum told_status zero(int fd, uint64_t offset, uint64_t len)
{
	static const uint8_t zeros[65536];
	while (len > 0) {
		size_t n = len < sizeof zeros ? (size_t)len : sizeof zeros;
		enum told_status status = write_all(fd, told_bytes(zeros, n), offset);
		if (status != TOLD_OK)
			return TOLD_E_STORE;
		offset += n;
		len -= n;
	}
	return fdatasync(fd) == 0 ? TOLD_OK : TOLD_E_STORE;
}

enum told_status told_spool_erase(struct told_spool *spool, struct told_body_place place)
{
	if (place.len == 0)
		return TOLD_OK;
	int fd = reading(spool, place.segment);
	if (fd < 0)
		return errno == ENOENT ? TOLD_OK : TOLD_E_STORE;
	return zero(fd, place.offset, place.len);
}

enum told_status told_spool_drop(struct told_spool *spool, uint32_t segment)
{
	if (segment >= spool->segment)
		return TOLD_E_INTERNAL;
	int fd = reading(spool, segment);
	if (fd < 0 && errno != ENOENT)
		return TOLD_E_STORE;
	struct stat st;
	enum told_status status = TOLD_OK;
	if (fd >= 0)
		status = fstat(fd, &st) != 0 ? TOLD_E_STORE : zero(fd, 0, (uint64_t)st.st_size);
	char name[NAME_BYTES];
	segment_name(segment, name);
	if (status == TOLD_OK && unlinkat(spool->dir_fd, name, 0) != 0 && errno != ENOENT)
		status = TOLD_E_STORE;
	forget_reading(spool);
	if (status == TOLD_OK && segment == spool->first)
		spool->first++;
	return status;
}

uint32_t told_spool_first(const struct told_spool *spool)
{
	return spool->first;
}

uint32_t told_spool_segment(const struct told_spool *spool)
{
	return spool->segment;
}

void told_spool_close(struct told_spool *spool)
{
	if (spool == NULL)
		return;
	int fds[] = {spool->fd, spool->read_fd, spool->dir_fd};
	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(spool);
}
