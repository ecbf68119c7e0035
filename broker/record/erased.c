/* SPDX-License-Identifier: Apache-2.0 */
/* The file of erased transactions. Touches its one file and nothing else. */
#include "broker/record/erased.h"

#include "told/limits.h"
#include "told/proof.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A record: u32 count, count transactions of 16 bytes, SHA-256 of all that. */
#define HEAD_BYTES   4u
#define RECORD_BYTES (HEAD_BYTES + TOLD_LIST_MAX * TOLD_ID_BYTES + TOLD_HASH_BYTES)

struct told_erased {
	int fd;
	uint64_t count, end; /* records, and the byte behind the last */
	uint8_t record[RECORD_BYTES];
};

/* Reads the record at an offset into erased->record. TOLD_E_NOT_FOUND at the end, TOLD_E_CORRUPT when it is not whole.
 */
static enum told_status read_at(struct told_erased *erased, uint64_t offset, uint32_t *count)
{
	ssize_t got = pread(erased->fd, erased->record, sizeof erased->record, (off_t)offset);
	if (got < 0)
		return TOLD_E_STORE;
	if (got == 0)
		return TOLD_E_NOT_FOUND;
	if ((size_t)got < HEAD_BYTES)
		return TOLD_E_CORRUPT;
	*count = told_u32(erased->record);
	if (*count > TOLD_LIST_MAX)
		return TOLD_E_CORRUPT;
	size_t body = HEAD_BYTES + (size_t)*count * TOLD_ID_BYTES;
	told_hash hash;
	if ((size_t)got < body + sizeof hash.b)
		return TOLD_E_CORRUPT;
	told_sha256(told_bytes(erased->record, body), &hash);
	return memcmp(hash.b, erased->record + body, sizeof hash.b) == 0 ? TOLD_OK : TOLD_E_CORRUPT;
}

static uint64_t record_bytes(uint32_t count)
{
	return HEAD_BYTES + (uint64_t)count * TOLD_ID_BYTES + TOLD_HASH_BYTES;
}

/* What lies behind the last whole record is at most one record that a crash cut off; anything more is damage. */
static enum told_status look_through(struct told_erased *erased)
{
	struct stat st;
	uint32_t count = 0;
	enum told_status status;
	while ((status = read_at(erased, erased->end, &count)) == TOLD_OK) {
		erased->end += record_bytes(count);
		erased->count++;
	}
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK;
	if (status != TOLD_E_CORRUPT || fstat(erased->fd, &st) != 0)
		return TOLD_E_STORE;
	if ((uint64_t)st.st_size - erased->end >= RECORD_BYTES)
		return TOLD_E_CORRUPT;
	return ftruncate(erased->fd, (off_t)erased->end) == 0 && fsync(erased->fd) == 0 ? TOLD_OK : TOLD_E_STORE;
}

static enum told_status open_file(const char *path, int *fd)
{
	struct stat st;
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0)
		return errno == ELOOP || errno == EACCES ? TOLD_E_PERMISSION : TOLD_E_STORE;
	if (fstat(*fd, &st) != 0)
		return TOLD_E_STORE;
	return S_ISREG(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 022) == 0 ? TOLD_OK : TOLD_E_PERMISSION;
}

enum told_status told_erased_open(const char *path, struct told_erased **out)
{
	*out = NULL;
	struct told_erased *erased = calloc(1, sizeof *erased);
	if (erased == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = open_file(path, &erased->fd);
	if (status == TOLD_OK)
		status = look_through(erased);
	if (status != TOLD_OK) {
		told_erased_close(erased);
		return status;
	}
	*out = erased;
	return TOLD_OK;
}

uint64_t told_erased_count(const struct told_erased *erased)
{
	return erased->count;
}

static enum told_status write_out(struct told_erased *erased, struct told_bytes bytes)
{
	uint64_t at = erased->end;
	while (bytes.len > 0) {
		ssize_t n = pwrite(erased->fd, bytes.data, bytes.len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 && (errno == ENOSPC || errno == EDQUOT) ? TOLD_E_FULL : TOLD_E_STORE;
		bytes = told_bytes(bytes.data + n, bytes.len - (size_t)n);
		at += (uint64_t)n;
	}
	return fdatasync(erased->fd) == 0 ? TOLD_OK : TOLD_E_STORE;
}

enum told_status told_erased_append(struct told_erased *erased, struct told_bytes_list txids)
{
	struct told_buf record = TOLD_BUF(RECORD_BYTES);
	told_hash hash;
	if (txids.count > TOLD_LIST_MAX)
		return TOLD_E_LIMIT;
	told_buf_put_u32(&record, (uint32_t)txids.count);
	for (size_t i = 0; i < txids.count; i++)
		told_buf_put_bytes(&record, txids.items[i]);
	told_sha256(told_buf_view(&record), &hash);
	told_buf_put(&record, hash.b, sizeof hash.b);
	enum told_status status = record.status;
	if (status == TOLD_OK && record.len != record_bytes((uint32_t)txids.count))
		status = TOLD_E_INTERNAL;
	if (status == TOLD_OK)
		status = write_out(erased, told_buf_view(&record));
	if (status == TOLD_OK) {
		erased->end += record.len;
		erased->count++;
	}
	told_buf_free(&record);
	return status;
}

enum told_status told_erased_read(struct told_erased *erased, uint64_t number, struct told_arena *arena,
				  struct told_bytes_list *txids)
{
	uint64_t offset = 0;
	uint32_t count = 0;
	if (number == 0 || number > erased->count)
		return TOLD_E_NOT_FOUND;
	for (uint64_t n = 1; n <= number; n++) {
		enum told_status status = read_at(erased, offset, &count);
		if (status != TOLD_OK)
			return status == TOLD_E_NOT_FOUND ? TOLD_E_CORRUPT : status;
		offset += record_bytes(count);
	}
	struct told_bytes *items = told_arena_alloc(arena, count * sizeof *items);
	if (items == NULL)
		return TOLD_E_MEMORY;
	for (uint32_t i = 0; i < count; i++)
		items[i] = told_arena_copy(arena,
					   told_bytes(erased->record + HEAD_BYTES + i * TOLD_ID_BYTES, TOLD_ID_BYTES));
	*txids = (struct told_bytes_list){.items = items, .count = count};
	return TOLD_OK;
}

void told_erased_close(struct told_erased *erased)
{
	if (erased == NULL)
		return;
	if (erased->fd >= 0)
		close(erased->fd);
	free(erased);
}
