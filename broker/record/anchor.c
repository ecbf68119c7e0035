/* SPDX-License-Identifier: Apache-2.0 */
/* The anchor file: two slots, written in turn. Touches its one file and nothing else. */
#include "broker/record/anchor.h"

#include "broker/base/file.h"
#include "told/proof.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A slot: u64 counter, u32 length, SHA-256 over counter, length and note, note, zeros. */
#define SLOT_BYTES   4096u
#define SLOT_COUNT   2u
#define HEAD_BYTES   44u
#define NOTE_AT_MOST (SLOT_BYTES - HEAD_BYTES)

struct told_anchor {
	int fd;
	uint64_t counter; /* of the note held; 0 for none */
	uint8_t note[NOTE_AT_MOST];
	size_t len;
};

static void slot_hash(uint64_t counter, struct told_bytes note, told_hash *hash)
{
	struct told_buf text = TOLD_BUF(SLOT_BYTES + 16);
	told_buf_put_u64(&text, counter);
	told_buf_put_part(&text, note);
	told_sha256(told_buf_view(&text), hash);
	told_buf_free(&text);
}

/* Takes the slot if it is whole and newer than what is held. */
static bool slot_take(struct told_anchor *anchor, const uint8_t *slot)
{
	uint64_t counter = told_u64(slot);
	uint32_t len = told_u32(slot + 8);
	if (counter == 0 || len > NOTE_AT_MOST)
		return false;
	told_hash hash;
	slot_hash(counter, told_bytes(slot + HEAD_BYTES, len), &hash);
	if (memcmp(hash.b, slot + 12, sizeof hash.b) != 0)
		return false;
	if (counter > anchor->counter) {
		anchor->counter = counter;
		anchor->len = len;
		memcpy(anchor->note, slot + HEAD_BYTES, len);
	}
	return true;
}

/* The newest whole slot of the file. */
static enum told_status read_slots(struct told_anchor *anchor)
{
	uint8_t slots[SLOT_COUNT * SLOT_BYTES] = {0};
	if (pread(anchor->fd, slots, sizeof slots, 0) < 0)
		return TOLD_E_STORE;
	bool whole = false;
	anchor->counter = 0;
	for (size_t i = 0; i < SLOT_COUNT; i++)
		whole |= slot_take(anchor, slots + i * SLOT_BYTES);
	return whole ? TOLD_OK : TOLD_E_CORRUPT;
}

static enum told_status check_file(int fd)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return TOLD_E_STORE;
	return S_ISREG(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 022) == 0 ? TOLD_OK : TOLD_E_PERMISSION;
}

static void slot_text(uint64_t counter, struct told_bytes note, struct told_buf *slot)
{
	static const uint8_t zeros[SLOT_BYTES];
	told_hash hash;
	slot_hash(counter, note, &hash);
	told_buf_put_u64(slot, counter);
	told_buf_put_u32(slot, (uint32_t)note.len);
	told_buf_put(slot, hash.b, sizeof hash.b);
	told_buf_put_bytes(slot, note);
	told_buf_put(slot, zeros, SLOT_BYTES - slot->len);
}

/* A new file comes into being whole, with an empty note: from then on one slot is always whole. It lies in the first
 * slot, which the first note therefore leaves alone. */
static enum told_status make_file(const char *path)
{
	struct told_buf file = TOLD_BUF(SLOT_COUNT * SLOT_BYTES);
	slot_text(SLOT_COUNT, told_bytes(NULL, 0), &file);
	enum told_status status =
		file.status == TOLD_OK ? told_file_write_new(path, told_buf_view(&file), 0600) : file.status;
	told_buf_free(&file);
	return status == TOLD_E_EXISTS ? TOLD_OK : status;
}

static enum told_status open_file(const char *path, int *fd)
{
	*fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (*fd >= 0 || errno != ENOENT)
		return *fd >= 0 ? TOLD_OK : errno == ELOOP ? TOLD_E_PERMISSION : TOLD_E_STORE;
	enum told_status status = make_file(path);
	if (status != TOLD_OK)
		return status;
	*fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	return *fd >= 0 ? TOLD_OK : TOLD_E_STORE;
}

enum told_status told_anchor_open(const char *path, struct told_anchor **out)
{
	*out = NULL;
	struct told_anchor *anchor = calloc(1, sizeof *anchor);
	if (anchor == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = open_file(path, &anchor->fd);
	if (status == TOLD_OK)
		status = check_file(anchor->fd);
	if (status == TOLD_OK && flock(anchor->fd, LOCK_EX | LOCK_NB) != 0)
		status = errno == EWOULDBLOCK ? TOLD_E_IN_USE : TOLD_E_STORE;
	if (status == TOLD_OK)
		status = read_slots(anchor);
	if (status != TOLD_OK) {
		told_anchor_close(anchor);
		return status;
	}
	*out = anchor;
	return TOLD_OK;
}

struct told_bytes told_anchor_note(const struct told_anchor *anchor)
{
	return told_bytes(anchor->note, anchor->len);
}

static enum told_status write_slot(const struct told_anchor *anchor, uint64_t counter, struct told_bytes note)
{
	struct told_buf slot = TOLD_BUF(SLOT_BYTES);
	slot_text(counter, note, &slot);
	enum told_status status = slot.status;
	off_t at = (off_t)(counter % SLOT_COUNT * SLOT_BYTES);
	if (status == TOLD_OK && pwrite(anchor->fd, slot.data, slot.len, at) != (ssize_t)slot.len)
		status = TOLD_E_STORE;
	if (status == TOLD_OK && fdatasync(anchor->fd) != 0)
		status = TOLD_E_STORE;
	told_buf_free(&slot);
	return status;
}

enum told_status told_anchor_swap(struct told_anchor *anchor, struct told_bytes old, struct told_bytes note)
{
	if (note.len > NOTE_AT_MOST)
		return TOLD_E_LIMIT;
	/* What the file says, not what we remember: a file put back under us is somebody else's history. */
	struct told_anchor now = {.fd = anchor->fd};
	enum told_status status = read_slots(&now);
	if (status != TOLD_OK)
		return status;
	if (now.counter != anchor->counter || !told_bytes_equal(old, told_anchor_note(&now)))
		return TOLD_E_FORK;
	status = write_slot(anchor, anchor->counter + 1, note);
	if (status != TOLD_OK)
		return status;
	anchor->counter++;
	anchor->len = note.len;
	memcpy(anchor->note, note.data, note.len);
	return TOLD_OK;
}

void told_anchor_close(struct told_anchor *anchor)
{
	if (anchor == NULL)
		return;
	if (anchor->fd >= 0)
		close(anchor->fd);
	free(anchor);
}
