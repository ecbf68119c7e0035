/* SPDX-License-Identifier: Apache-2.0 */
/* Each database has a few blocks of its own: one moves with the pages in their order, the others hold what is between
 * them. A page that nobody read up to is read alone, so that looking something up does not cost a block for each page
 * on its way. Memory is that of the blocks. Touches the file through still.h only. */
#include "evidence/audit/read/blocks.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES 65536u /* the largest page */
#define WAYS        4u
#define PATIENCE    4u /* a page, with what hangs over of its longest row, is three */
#define NO_BLOCK    UINT64_MAX

struct block {
	uint64_t number;
	unsigned asked; /* for pages of it, before it was there */
	bool there;
	size_t len;
	uint8_t bytes[BLOCK_BYTES];
};

struct file {
	sqlite3_file base; /* first: SQLite knows no more of it */
	struct told_still *still;
	struct block *ways;
};

struct told_blocks {
	sqlite3_vfs vfs;
	sqlite3_vfs *below; /* for what SQLite writes while it sorts: files of its own that have no name */
	struct told_still *still;
	char name[32];
};

static struct file *of(sqlite3_file *file)
{
	return (struct file *)file;
}

/* ---- reading ---- */

/* Somebody reads on from the block before, or comes back to this one. */
static bool is_worth_it(const struct file *file, const struct block *block, uint64_t number)
{
	const struct block *before = &file->ways[(number - 1) % WAYS];
	return (number > 0 && before->number == number - 1 && before->there) || block->asked >= PATIENCE;
}

/* The block that holds a place; without its bytes while too few have asked for them. */
static enum told_status find(struct file *file, uint64_t number, struct block **out)
{
	struct block *block = *out = &file->ways[number % WAYS];
	if (block->number == number && block->there)
		return TOLD_OK;
	block->asked = block->number == number ? block->asked + 1 : 1;
	block->number = number;
	block->there = false;
	if (!is_worth_it(file, block, number))
		return TOLD_OK;
	enum told_status status =
		told_still_read(file->still, number * BLOCK_BYTES, block->bytes, BLOCK_BYTES, &block->len);
	block->there = status == TOLD_OK;
	block->number = status == TOLD_OK ? number : NO_BLOCK;
	return status;
}

/* Up to `len` bytes from one place, all in one block. */
static enum told_status read_some(struct file *file, uint64_t at, uint8_t *out, size_t len, size_t *got)
{
	struct block *block;
	size_t from = at % BLOCK_BYTES;
	enum told_status status = find(file, at / BLOCK_BYTES, &block);
	if (status != TOLD_OK)
		return status;
	if (!block->there)
		return told_still_read(file->still, at, out, len, got);
	*got = block->len > from ? block->len - from : 0;
	*got = *got < len ? *got : len;
	memcpy(out, block->bytes + from, *got);
	return TOLD_OK;
}

static int read_bytes(sqlite3_file *base, void *out, int len, sqlite3_int64 at)
{
	uint8_t *to = out;
	for (size_t left = (size_t)len, got; left > 0; left -= got) {
		size_t here = BLOCK_BYTES - (uint64_t)at % BLOCK_BYTES;
		if (read_some(of(base), (uint64_t)at, to, left < here ? left : here, &got) != TOLD_OK)
			return SQLITE_IOERR_READ;
		if (got == 0) {
			memset(to, 0, left); /* as SQLite asks of whoever gives less */
			return SQLITE_IOERR_SHORT_READ;
		}
		to += got;
		at += (sqlite3_int64)got;
	}
	return SQLITE_OK;
}

static int size_of(sqlite3_file *base, sqlite3_int64 *bytes)
{
	*bytes = (sqlite3_int64)told_still_bytes(of(base)->still);
	return SQLITE_OK;
}

/* SQLite asks for neither locks nor write-ahead log of what cannot change. */
static int traits(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_IMMUTABLE;
}

static int close_file(sqlite3_file *base)
{
	free(of(base)->ways);
	return SQLITE_OK;
}

/* ---- what is not to be had ---- */

static int no_write(sqlite3_file *base, const void *bytes, int len, sqlite3_int64 at)
{
	(void)base, (void)bytes, (void)len, (void)at;
	return SQLITE_READONLY;
}

static int no_truncate(sqlite3_file *base, sqlite3_int64 bytes)
{
	(void)base, (void)bytes;
	return SQLITE_READONLY;
}

static int nothing(sqlite3_file *base, int flags)
{
	(void)base, (void)flags;
	return SQLITE_OK;
}

static int not_reserved(sqlite3_file *base, int *out)
{
	(void)base;
	*out = 0;
	return SQLITE_OK;
}

static int no_control(sqlite3_file *base, int what, void *arg)
{
	(void)base, (void)what, (void)arg;
	return SQLITE_NOTFOUND;
}

static int sector(sqlite3_file *base)
{
	(void)base;
	return 4096;
}

static const sqlite3_io_methods methods = {
	.iVersion = 1,
	.xClose = close_file,
	.xRead = read_bytes,
	.xWrite = no_write,
	.xTruncate = no_truncate,
	.xSync = nothing,
	.xFileSize = size_of,
	.xLock = nothing,
	.xUnlock = nothing,
	.xCheckReservedLock = not_reserved,
	.xFileControl = no_control,
	.xSectorSize = sector,
	.xDeviceCharacteristics = traits,
};

/* ---- the door ---- */

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *flags_out)
{
	struct told_blocks *blocks = vfs->pAppData;
	if ((flags & SQLITE_OPEN_MAIN_DB) == 0)
		return blocks->below->xOpen(blocks->below, name, base, flags, flags_out);
	base->pMethods = NULL;
	struct block *ways = calloc(WAYS, sizeof *ways);
	if (ways == NULL)
		return SQLITE_NOMEM;
	for (size_t i = 0; i < WAYS; i++)
		ways[i].number = NO_BLOCK;
	*of(base) = (struct file){.base.pMethods = &methods, .still = blocks->still, .ways = ways};
	if (flags_out != NULL)
		*flags_out = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
	return SQLITE_OK;
}

/* All but the opening is as the operating system does it. */
static void take_after(struct told_blocks *blocks)
{
	blocks->vfs = *blocks->below;
	blocks->vfs.pNext = NULL;
	blocks->vfs.zName = blocks->name;
	blocks->vfs.pAppData = blocks;
	blocks->vfs.xOpen = open_file;
	if (blocks->vfs.szOsFile < (int)sizeof(struct file))
		blocks->vfs.szOsFile = (int)sizeof(struct file);
}

enum told_status told_blocks_new(struct told_still *still, struct told_blocks **out)
{
	*out = NULL;
	struct told_blocks *blocks = calloc(1, sizeof *blocks);
	if (blocks == NULL)
		return TOLD_E_MEMORY;
	snprintf(blocks->name, sizeof blocks->name, "told-%p", (void *)blocks);
	blocks->still = still;
	blocks->below = sqlite3_vfs_find(NULL);
	if (blocks->below != NULL)
		take_after(blocks);
	if (blocks->below == NULL || sqlite3_vfs_register(&blocks->vfs, 0) != SQLITE_OK) {
		free(blocks);
		return TOLD_E_SYSTEM;
	}
	*out = blocks;
	return TOLD_OK;
}

const char *told_blocks_name(const struct told_blocks *blocks)
{
	return blocks->name;
}

void told_blocks_free(struct told_blocks *blocks)
{
	if (blocks == NULL)
		return;
	sqlite3_vfs_unregister(&blocks->vfs);
	free(blocks);
}
