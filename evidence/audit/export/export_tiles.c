/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a log as a folder of tiles (C2SP tlog-tiles). Nothing is believed of the store's own tiles: all hashes are
 * computed anew, and the root has to be the signed one. Touches the folder that is named. */
#include "evidence/audit/export/export.h"

#include "evidence/audit/base/file.h"
#include "evidence/audit/read/log_keys.h"
#include "evidence/audit/read/signed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LEVELS       7u /* 2^56 entries */
#define TILE_BITS    8u
#define BUNDLE_BYTES (TOLD_TILE_WIDTH * (2u + TOLD_LEAF_MAX_BYTES))
#define PATH_BYTES   4096u

struct level {
	uint64_t n; /* the tile that is filled */
	unsigned width;
	told_hash hashes[TOLD_TILE_WIDTH];
};

struct writing {
	struct told_export *export;
	struct told_frontier frontier;
	struct level levels[LEVELS];
	struct told_buf bundle;
	enum told_status status; /* sticky: tiles are written from within the tree */
};

/* ---- files below the folder ---- */

static enum told_status write_below(const struct told_export *export, const struct told_buf *name,
				    struct told_bytes content)
{
	struct told_buf path = TOLD_BUF(PATH_BYTES);
	told_buf_printf(&path, "%s/", export->dir);
	told_buf_put_bytes(&path, told_buf_view(name));
	if (told_buf_cstr(&path) == NULL)
		return path.status;
	char *text = (char *)path.data;
	enum told_status status = told_audit_write(text, content);
	if (status == TOLD_E_NOT_FOUND) {
		told_audit_folders(text, 1, 0777);
		status = told_audit_write(text, content);
	}
	told_buf_free(&path);
	return status == TOLD_E_NOT_FOUND ? TOLD_E_PERMISSION : status;
}

static enum told_status write_named(const struct told_export *export, const char *name, struct told_bytes content)
{
	struct told_buf text = TOLD_BUF(PATH_BYTES);
	told_buf_put_text(&text, name);
	enum told_status status = write_below(export, &text, content);
	told_buf_free(&text);
	return status;
}

static void write_tile(struct writing *writing, int level, uint64_t n, unsigned width, struct told_bytes content)
{
	struct told_buf name = TOLD_BUF(PATH_BYTES);
	if (writing->status != TOLD_OK)
		return;
	told_tile_path(level, n, width, &name);
	writing->status = name.status == TOLD_OK ? write_below(writing->export, &name, content) : name.status;
	told_buf_free(&name);
}

/* ---- the tree ---- */

static void write_level(struct writing *writing, unsigned number)
{
	struct level *level = &writing->levels[number];
	struct told_bytes hashes = told_bytes(level->hashes, (size_t)level->width * TOLD_HASH_BYTES);
	if (level->width == 0)
		return;
	write_tile(writing, (int)number, level->n, level->width, hashes);
	if (number == 0) {
		write_tile(writing, -1, level->n, level->width, told_buf_view(&writing->bundle));
		writing->bundle.len = 0;
	}
}

/* A told_frontier_append done: hashes of levels between tiles are left out. */
static void add(void *ctx, unsigned height, uint64_t index, const told_hash *hash)
{
	struct writing *writing = ctx;
	(void)index;
	if (height % TILE_BITS != 0 || height / TILE_BITS >= LEVELS)
		return;
	struct level *level = &writing->levels[height / TILE_BITS];
	level->hashes[level->width++] = *hash;
	if (level->width < TOLD_TILE_WIDTH)
		return;
	write_level(writing, height / TILE_BITS);
	level->width = 0;
	level->n++;
}

static enum told_status write_entries(struct writing *writing, uint64_t size)
{
	struct told_export *export = writing->export;
	struct told_rows rows;
	const int64_t args[] = {export->log, 0};
	enum told_status status = told_rows_open(&export->source->store, TOLD_AUDIT_SQL_ENTRIES, args, 2, &rows);
	while (status == TOLD_OK && rows.there && writing->frontier.size < size) {
		struct told_bytes entry = told_rows_bytes(&rows, 1);
		told_hash hash;
		if (entry.len > TOLD_LEAF_MAX_BYTES || told_rows_u64(&rows, 0) != writing->frontier.size)
			status = TOLD_E_PROOF;
		told_buf_put_u16(&writing->bundle, (uint16_t)entry.len);
		told_buf_put_bytes(&writing->bundle, entry);
		told_leaf_hash(entry, &hash);
		add(writing, 0, 0, &hash);
		told_frontier_append(&writing->frontier, &hash, add, writing);
		told_progress_step(export->progress, writing->frontier.size);
		if (status == TOLD_OK)
			status = writing->status != TOLD_OK ? writing->status : told_rows_next(&rows);
	}
	told_rows_close(&rows);
	for (unsigned level = 0; status == TOLD_OK && level < LEVELS; level++)
		write_level(writing, level);
	return status == TOLD_OK ? writing->status : status;
}

static enum told_status write_tree(struct told_export *export, const struct told_checkpoint *checkpoint)
{
	told_hash root;
	struct writing *writing = calloc(1, sizeof *writing); /* over 60 KiB: tiles */
	if (writing == NULL)
		return TOLD_E_MEMORY;
	writing->export = export;
	writing->bundle = TOLD_BUF(BUNDLE_BYTES);
	enum told_status status = write_entries(writing, checkpoint->size);
	told_frontier_root(&writing->frontier, &root);
	if (status == TOLD_OK &&
	    (writing->frontier.size != checkpoint->size || !told_hash_equal(&root, &checkpoint->root)))
		status = TOLD_E_PROOF;
	told_buf_free(&writing->bundle);
	free(writing);
	return status;
}

/* ---- the notes ---- */

static enum told_status write_notes(const struct told_export *export, const struct told_buf *note,
				    const struct told_vkey *vkey)
{
	struct told_buf text = TOLD_BUF(PATH_BYTES);
	told_vkey_format(vkey, &text);
	told_buf_put_text(&text, "\n");
	enum told_status status = text.status;
	if (status == TOLD_OK)
		status = write_named(export, "vkey", told_buf_view(&text));
	if (status == TOLD_OK)
		status = write_named(export, "checkpoint", told_buf_view(note));
	told_buf_free(&text);
	return status;
}

enum told_status told_export_tiles(struct told_export *export)
{
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	struct told_checkpoint checkpoint;
	struct told_vkey vkey;
	enum told_status status = told_signed_last(&export->source->store, export->log, export->cosigned, &note);
	if (status == TOLD_OK)
		status = told_signed_read(&note, &checkpoint);
	if (status == TOLD_OK)
		status = told_log_key_of(&export->source->store, checkpoint.origin, told_buf_view(&note), &vkey);
	if (status == TOLD_OK)
		status = write_tree(export, &checkpoint);
	if (status == TOLD_OK)
		status = write_notes(export, &note, &vkey);
	export->size = status == TOLD_OK ? checkpoint.size : 0;
	told_buf_free(&note);
	return status;
}
