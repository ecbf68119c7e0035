/* SPDX-License-Identifier: Apache-2.0 */
/* A file system for SQLite that is the system's own but for one thing: what it writes into a database has no bytes
 * where no row lies. Pages in the write-ahead log are left as they are, their checksums cover them; the log is emptied.
 */
#include "broker/sqlite/sqlite.h"

#include "broker/sqlite/page.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define VFS_NAME "told"

/* Stands behind the system's own file object: its methods with our write among them, and those that it came with. */
struct methods {
	sqlite3_io_methods ours; /* first: a file object points at it */
	const sqlite3_io_methods *real;
};

static bool whole_page(int len, sqlite3_int64 offset)
{
	return len >= (int)TOLD_PAGE_MIN_BYTES && len <= (int)TOLD_PAGE_MAX_BYTES && (len & (len - 1)) == 0 &&
	       offset % len == 0;
}

static int write_cleared(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 offset)
{
	const sqlite3_io_methods *real = ((const struct methods *)(const void *)file->pMethods)->real;
	uint8_t page[TOLD_PAGE_MAX_BYTES];
	size_t from = 0, to = 0;
	if (!whole_page(len, offset) || !told_page_gap(bytes, (size_t)len, offset == 0, &from, &to) || from == to)
		return real->xWrite(file, bytes, len, offset);
	memcpy(page, bytes, (size_t)len);
	memset(page + from, 0, to - from);
	return real->xWrite(file, page, len, offset);
}

static sqlite3_vfs *system_vfs(void)
{
	return sqlite3_vfs_find(NULL);
}

/* Where our methods lie behind a file object of the system. */
static size_t behind(const sqlite3_vfs *system)
{
	return ((size_t)system->szOsFile + _Alignof(struct methods) - 1) / _Alignof(struct methods) *
	       _Alignof(struct methods);
}

static int open_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags)
{
	(void)vfs;
	sqlite3_vfs *system = system_vfs();
	int code = system->xOpen(system, path, file, flags, out_flags);
	if (code != SQLITE_OK || file->pMethods == NULL || (flags & SQLITE_OPEN_MAIN_DB) == 0)
		return code;
	struct methods *methods = (void *)((uint8_t *)file + behind(system));
	methods->real = file->pMethods;
	methods->ours = *file->pMethods;
	methods->ours.xWrite = write_cleared;
	file->pMethods = &methods->ours;
	return SQLITE_OK;
}

/* SQLite keeps file systems for the life of the process, and so must we. */
static enum told_status make_vfs(void)
{
	if (sqlite3_vfs_find(VFS_NAME) != NULL)
		return TOLD_OK;
	sqlite3_vfs *system = system_vfs(), *ours = system == NULL ? NULL : sqlite3_malloc(sizeof *ours);
	if (ours == NULL)
		return TOLD_E_MEMORY;
	*ours = *system;
	ours->zName = VFS_NAME;
	ours->pNext = NULL;
	ours->szOsFile = (int)(behind(system) + sizeof(struct methods));
	ours->xOpen = open_file;
	return told_sqlite_status(sqlite3_vfs_register(ours, 0));
}

enum told_status told_sqlite_open(const char *path, int flags, sqlite3 **db)
{
	char bound[48];
	enum told_status status = sqlite3_initialize() == SQLITE_OK ? make_vfs() : TOLD_E_STORE;
	*db = NULL;
	if (status == TOLD_OK)
		status = told_sqlite_status(sqlite3_open_v2(path, db, flags, VFS_NAME));
	snprintf(bound, sizeof bound, "PRAGMA max_page_count = %u", TOLD_PAGES_MAX);
	if (status == TOLD_OK)
		status = told_sqlite_status(sqlite3_exec(*db, bound, NULL, NULL, NULL));
	return status;
}

enum told_status told_sqlite_shred(sqlite3 *db)
{
	int code = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_db_release_memory(db);
	return told_sqlite_status(code);
}

enum told_status told_sqlite_status(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE: return TOLD_OK;
	case SQLITE_CONSTRAINT: return TOLD_E_EXISTS;
	case SQLITE_FULL: return TOLD_E_FULL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return TOLD_E_IN_USE;
	case SQLITE_NOMEM: return TOLD_E_MEMORY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB: return TOLD_E_CORRUPT;
	default: return TOLD_E_STORE;
	}
}
