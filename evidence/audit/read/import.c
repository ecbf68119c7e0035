/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of tiles becomes rows. What the folder says is untrusted: its size bounds nothing until the files are there,
 * and every file has the length that its place gives it. */
#include "evidence/audit/read/import.h"

#include "evidence/audit/base/file.h"
#include "evidence/audit/read/notes.h"

#define TILE_BYTES   (TOLD_TILE_WIDTH * TOLD_HASH_BYTES)
#define TILE_BITS    8u
#define BUNDLE_BYTES (TOLD_TILE_WIDTH * (2u + TOLD_LEAF_MAX_BYTES))
#define PATH_BYTES   4096u

enum put { PUT_ENTRY, PUT_TILE, PUT_HEAD, PUT_CHECKPOINT, PUT_COUNT };

const char told_import_schema[] =
	"PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
	"CREATE TABLE entry(log INTEGER, idx INTEGER, data BLOB, leaf_hash BLOB, PRIMARY KEY(log, idx)) WITHOUT ROWID;"
	"CREATE TABLE tile(log INTEGER, level INTEGER, n INTEGER, data BLOB, PRIMARY KEY(log, level, n)) WITHOUT ROWID;"
	"CREATE TABLE tree_head(log INTEGER, size INTEGER, root BLOB, PRIMARY KEY(log, size)) WITHOUT ROWID;"
	"CREATE TABLE checkpoint(log INTEGER, size INTEGER, note BLOB, PRIMARY KEY(log, size)) WITHOUT ROWID;"
	"CREATE TABLE cosignature(log INTEGER, size INTEGER, name TEXT, line BLOB, PRIMARY KEY(log, size, name))"
	" WITHOUT ROWID;"
	"CREATE TABLE detail(log INTEGER, idx INTEGER, facts_salt BLOB, facts BLOB, ruling_salt BLOB, ruling BLOB,"
	" subject_salt BLOB, subject BLOB, PRIMARY KEY(log, idx)) WITHOUT ROWID;"
	"CREATE TABLE message(id BLOB, txid BLOB, log INTEGER, idx INTEGER);"
	"CREATE TABLE meta(key TEXT, value BLOB);";

static const char *const puts_sql[PUT_COUNT] = {
	[PUT_ENTRY] = "INSERT INTO entry VALUES (?1, ?2, ?3, ?4)",
	[PUT_TILE] = "INSERT INTO tile VALUES (?1, ?2, ?3, ?4)",
	[PUT_HEAD] = "INSERT INTO tree_head VALUES (?1, ?2, ?3)",
	[PUT_CHECKPOINT] = "INSERT INTO checkpoint VALUES (?1, ?2, ?3)",
};

struct import {
	const char *dir;
	sqlite3 *db;
	sqlite3_stmt *puts[PUT_COUNT];
	int64_t log;
	uint64_t size;
	uint64_t hashes; /* of the level that is read */
	struct told_buf *fault;
	uint64_t *fault_at;
};

/* ---- rows ---- */

static enum told_status sqlite(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE: return TOLD_OK;
	case SQLITE_NOMEM: return TOLD_E_MEMORY;
	case SQLITE_FULL: return TOLD_E_FULL;
	default: return TOLD_E_SYSTEM;
	}
}

/* log, numbers, blobs, in this order. */
static enum told_status put(struct import *import, enum put which, const uint64_t *numbers, int n,
			    const struct told_bytes *blobs, int blob_count)
{
	sqlite3_stmt *statement = import->puts[which];
	int code = sqlite3_bind_int64(statement, 1, import->log);
	for (int i = 0; code == SQLITE_OK && i < n; i++)
		code = sqlite3_bind_int64(statement, 2 + i, (int64_t)numbers[i]);
	for (int i = 0; code == SQLITE_OK && i < blob_count; i++)
		code = sqlite3_bind_blob64(statement, 2 + n + i, blobs[i].len > 0 ? blobs[i].data : (const void *)"",
					   blobs[i].len, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	sqlite3_reset(statement);
	return sqlite(code);
}

/* A database without a name is a file that has none either: it is gone when it is closed, whatever ends the program. */
static enum told_status open_db(struct import *import)
{
	int code = sqlite3_open_v2("", &import->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(import->db, told_import_schema, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(import->db, "BEGIN", NULL, NULL, NULL);
	for (int i = 0; code == SQLITE_OK && i < PUT_COUNT; i++)
		code = sqlite3_prepare_v2(import->db, puts_sql[i], -1, &import->puts[i], NULL);
	return sqlite(code);
}

static enum told_status finish_db(struct import *import, enum told_status status)
{
	for (int i = 0; i < PUT_COUNT; i++)
		sqlite3_finalize(import->puts[i]);
	if (status == TOLD_OK)
		status = sqlite(sqlite3_exec(import->db, "COMMIT", NULL, NULL, NULL));
	if (status == TOLD_OK)
		return TOLD_OK;
	sqlite3_close(import->db);
	import->db = NULL;
	return status;
}

/* ---- files ---- */

/* Why a file of the folder is not what it should be; the reading ends with TOLD_E_CORRUPT. */
static enum told_status wrong(struct import *import, struct told_buf *path, const char *why, uint64_t entry)
{
	if (import->fault->len == 0) {
		told_buf_put_bytes(import->fault, told_buf_view(path));
		told_buf_printf(import->fault, ": %s", why);
		*import->fault_at = entry;
	}
	return TOLD_E_CORRUPT;
}

/* One file of the folder, and how wide it is. */
struct tile {
	int level;
	uint64_t n;
	unsigned wanted; /* at the size of the checkpoint */
	unsigned width;  /* of the file: the full one may have taken the place of a partial one */
	uint64_t entry;  /* the first below it */
	struct told_buf path, bytes;
};

static enum told_status read_at(struct import *import, struct tile *tile, unsigned width)
{
	tile->width = width;
	told_buf_free(&tile->path);
	told_buf_printf(&tile->path, "%s/", import->dir);
	told_tile_path(tile->level, tile->n, width, &tile->path);
	const char *name = told_buf_cstr(&tile->path);
	return name != NULL ? told_audit_read(name, &tile->bytes) : tile->path.status;
}

static enum told_status read_tile(struct import *import, struct tile *tile)
{
	enum told_status status = read_at(import, tile, tile->wanted);
	if (status == TOLD_E_NOT_FOUND && tile->wanted < TOLD_TILE_WIDTH)
		status = read_at(import, tile, TOLD_TILE_WIDTH);
	switch (status) {
	case TOLD_OK:
	case TOLD_E_MEMORY: return status;
	case TOLD_E_NOT_FOUND:
		return wrong(import, &tile->path, "it is missing, and the size of the checkpoint calls for it",
			     tile->entry);
	case TOLD_E_LIMIT: return wrong(import, &tile->path, "it is longer than it can be", tile->entry);
	default: return wrong(import, &tile->path, told_status_text(status), tile->entry);
	}
}

static void close_tile(struct tile *tile)
{
	told_buf_free(&tile->path);
	told_buf_free(&tile->bytes);
}

/* hashes: of the tile of level 0 beside it. */
static enum told_status put_entries(struct import *import, struct tile *tile, const struct told_buf *hashes)
{
	struct told_bytes entry, bundle = told_buf_view(&tile->bytes);
	enum told_status status = TOLD_OK;
	uint64_t index = tile->entry;
	for (unsigned i = 0; status == TOLD_OK && i < tile->width; i++, index++) {
		if (!told_bundle_take(&bundle, &entry))
			return wrong(import, &tile->path, "it ends before its entries do", index);
		struct told_bytes blobs[] = {entry, {hashes->data + (size_t)i * TOLD_HASH_BYTES, TOLD_HASH_BYTES}};
		if (i < tile->wanted)
			status = put(import, PUT_ENTRY, &index, 1, blobs, 2);
	}
	if (status == TOLD_OK && bundle.len > 0)
		return wrong(import, &tile->path, "more stands behind its entries", index - 1);
	return status;
}

static enum told_status read_bundle(struct import *import, uint64_t n, unsigned width, const struct told_buf *hashes)
{
	struct tile tile = {.level = -1,
			    .n = n,
			    .wanted = width,
			    .entry = n * TOLD_TILE_WIDTH,
			    .path = TOLD_BUF(PATH_BYTES),
			    .bytes = TOLD_BUF(BUNDLE_BYTES)};
	enum told_status status = read_tile(import, &tile);
	if (status == TOLD_OK)
		status = put_entries(import, &tile, hashes);
	close_tile(&tile);
	return status;
}

/* A tile of hashes, cut to the width that the size gives it, and at level 0 the bundle beside it. */
static enum told_status read_hashes(struct import *import, int level, uint64_t n, unsigned width)
{
	struct tile tile = {.level = level,
			    .n = n,
			    .wanted = width,
			    .entry = n << (TILE_BITS * ((unsigned)level + 1)),
			    .path = TOLD_BUF(PATH_BYTES),
			    .bytes = TOLD_BUF(TILE_BYTES)};
	enum told_status status = read_tile(import, &tile);
	if (status == TOLD_OK && tile.bytes.len != (size_t)tile.width * TOLD_HASH_BYTES)
		status = wrong(import, &tile.path, "it has not the length of its hashes", tile.entry);
	tile.bytes.len = (size_t)width * TOLD_HASH_BYTES;
	if (status == TOLD_OK)
		status = put(import, PUT_TILE, (uint64_t[]){(uint64_t)level, n}, 2,
			     (struct told_bytes[]){told_buf_view(&tile.bytes)}, 1);
	if (status == TOLD_OK && level == 0)
		status = read_bundle(import, n, width, &tile.bytes);
	close_tile(&tile);
	return status;
}

/* ---- the folder ---- */

static enum told_status read_level(struct import *import, int level)
{
	enum told_status status = TOLD_OK;
	unsigned width;
	for (uint64_t n = 0; status == TOLD_OK && (width = told_tile_width(level, n, import->size)) > 0; n++)
		status = read_hashes(import, level, n, width);
	return status;
}

static enum told_status read_checkpoint(struct import *import, struct told_buf *note)
{
	struct told_buf path = TOLD_BUF(PATH_BYTES);
	struct told_checkpoint checkpoint;
	struct told_policy_fault fault = {.what = "it is longer than a checkpoint can be"};
	char why[TOLD_NOTE_FAULT_BYTES];
	told_buf_printf(&path, "%s/checkpoint", import->dir);
	const char *name = told_buf_cstr(&path);
	enum told_status status = name != NULL ? told_audit_read(name, note) : path.status;
	told_buf_free(&path);
	if (status != TOLD_OK && status != TOLD_E_LIMIT)
		return status;
	if (status == TOLD_OK)
		status = told_note_read(told_buf_view(note), &checkpoint, &fault);
	if (status == TOLD_OK && checkpoint.size > INT64_MAX) {
		fault = (struct told_policy_fault){.line = 2, .what = "no log is as large as that"};
		status = TOLD_E_LIMIT;
	}
	if (status != TOLD_OK) {
		told_note_fault_put(&fault, why);
		told_buf_put_text(import->fault, why);
		return TOLD_E_MALFORMED;
	}
	import->log = (int64_t)told_origin_number(checkpoint.origin);
	import->size = checkpoint.size;
	struct told_bytes root = {checkpoint.root.b, TOLD_HASH_BYTES}, whole = told_buf_view(note);
	status = put(import, PUT_HEAD, &checkpoint.size, 1, &root, 1);
	return status == TOLD_OK ? put(import, PUT_CHECKPOINT, &checkpoint.size, 1, &whole, 1) : status;
}

static enum told_status read_folder(struct import *import)
{
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	enum told_status status = read_checkpoint(import, &note);
	for (int level = 0; status == TOLD_OK && told_tile_width(level, 0, import->size) > 0; level++)
		status = read_level(import, level);
	told_buf_free(&note);
	return status == TOLD_E_CORRUPT ? TOLD_OK : status;
}

enum told_status told_import(const char *dir, sqlite3 **out, struct told_buf *fault, uint64_t *fault_at)
{
	struct import import = {.dir = dir, .fault = fault, .fault_at = fault_at};
	enum told_status status = open_db(&import);
	if (status == TOLD_OK)
		status = read_folder(&import);
	status = finish_db(&import, status);
	*out = import.db;
	return status;
}
