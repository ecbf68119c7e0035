/* SPDX-License-Identifier: Apache-2.0 */
/* Copies an export file by file, in the order of its tiles. Touches the copy only, and reads the folder copied. */
#include "evidence/audit/drill/drill_folder.h"

#include "evidence/audit/base/file.h"
#include "told/proof.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096u
#define FILE_BYTES (TOLD_TILE_WIDTH * (2u + TOLD_LEAF_MAX_BYTES)) /* a bundle is the longest */

/* ---- copying ---- */

static enum told_status keep(struct told_folder *folder, const struct told_folder_file *file, const char *name)
{
	struct told_buf path = TOLD_BUF(PATH_BYTES);
	if (folder->count == folder->room) {
		size_t room = folder->room == 0 ? 64 : 2 * folder->room;
		struct told_folder_file *more = realloc(folder->files, room * sizeof *more);
		if (more == NULL)
			return TOLD_E_MEMORY;
		folder->files = more;
		folder->room = room;
	}
	told_buf_printf(&path, "%s/%s", folder->dir, name);
	const char *text = told_buf_cstr(&path);
	struct told_folder_file *kept = &folder->files[folder->count];
	*kept = *file;
	kept->path = text != NULL ? strdup(text) : NULL;
	told_buf_free(&path);
	if (kept->path == NULL)
		return TOLD_E_MEMORY;
	folder->count++;
	told_audit_folders(kept->path, strlen(folder->dir) + 1, 0700);
	return TOLD_OK;
}

static enum told_status read_below(const char *from, const char *name, struct told_buf *out)
{
	struct told_buf path = TOLD_BUF(PATH_BYTES);
	told_buf_printf(&path, "%s/%s", from, name);
	const char *text = told_buf_cstr(&path);
	enum told_status status = text != NULL ? told_audit_read(text, out) : path.status;
	told_buf_free(&path);
	return status;
}

/* A full tile may stand where the size calls for a part of it: only that part is copied. */
static void cut(const struct told_folder_file *file, struct told_buf *bytes)
{
	struct told_bytes rest = told_buf_view(bytes), entry;
	if (file->kind == TOLD_FOLDER_TILE && bytes->len > (size_t)file->width * TOLD_HASH_BYTES)
		bytes->len = (size_t)file->width * TOLD_HASH_BYTES;
	for (unsigned i = 0; file->kind == TOLD_FOLDER_BUNDLE && i < file->width; i++)
		if (!told_bundle_take(&rest, &entry))
			return;
	if (file->kind == TOLD_FOLDER_BUNDLE)
		bytes->len -= rest.len;
}

static enum told_status copy_tile(struct told_folder *folder, const char *from, int level, uint64_t n, unsigned width)
{
	struct told_folder_file file = {
		.kind = level < 0 ? TOLD_FOLDER_BUNDLE : TOLD_FOLDER_TILE, .level = level, .width = width};
	struct told_buf name = TOLD_BUF(PATH_BYTES), full = TOLD_BUF(PATH_BYTES), bytes = TOLD_BUF(FILE_BYTES);
	told_tile_path(level, n, width, &name);
	told_tile_path(level, n, TOLD_TILE_WIDTH, &full);
	const char *text = told_buf_cstr(&name), *other = told_buf_cstr(&full);
	enum told_status status = text != NULL && other != NULL ? read_below(from, text, &bytes) : TOLD_E_MEMORY;
	if (status == TOLD_E_NOT_FOUND)
		status = read_below(from, other, &bytes);
	cut(&file, &bytes);
	if (status == TOLD_OK)
		status = keep(folder, &file, text);
	if (status == TOLD_OK)
		status = told_audit_write(folder->files[folder->count - 1].path, told_buf_view(&bytes));
	told_buf_free(&name);
	told_buf_free(&full);
	told_buf_free(&bytes);
	return status;
}

static enum told_status copy_checkpoint(struct told_folder *folder, const char *from, uint64_t *size)
{
	const struct told_folder_file file = {.kind = TOLD_FOLDER_CHECKPOINT};
	struct told_buf note = TOLD_BUF(TOLD_NOTE_MAX_BYTES);
	struct told_checkpoint checkpoint = {0};
	struct told_bytes text;
	enum told_status status = read_below(from, "checkpoint", &note);
	if (status == TOLD_OK)
		status = told_note_text(told_buf_view(&note), &text);
	if (status == TOLD_OK)
		status = told_checkpoint_parse(text, &checkpoint);
	if (status == TOLD_OK)
		status = keep(folder, &file, "checkpoint");
	if (status == TOLD_OK)
		status = told_audit_write(folder->files[0].path, told_buf_view(&note));
	*size = checkpoint.size;
	told_buf_free(&note);
	return status;
}

enum told_status told_folder_copy(const char *from, struct told_folder *out)
{
	uint64_t size = 0;
	unsigned width;
	if (mkdir(out->dir, 0700) != 0)
		return errno == ENOSPC ? TOLD_E_FULL : TOLD_E_SYSTEM;
	enum told_status status = copy_checkpoint(out, from, &size);
	for (int level = -1; status == TOLD_OK && told_tile_width(level, 0, size) > 0; level++)
		for (uint64_t n = 0; status == TOLD_OK && (width = told_tile_width(level, n, size)) > 0; n++)
			status = copy_tile(out, from, level, n, width);
	return status;
}

/* ---- changing ---- */

enum told_status told_folder_read(const struct told_folder *folder, size_t file, struct told_buf *out)
{
	return told_audit_read(folder->files[file].path, out);
}

enum told_status told_folder_put(struct told_folder *folder, size_t file, const struct told_buf *bytes)
{
	const char *path = folder->files[file].path;
	if (folder->changed == TOLD_FOLDER_UNDO)
		return TOLD_E_INTERNAL;
	folder->undo[folder->changed].file = file;
	folder->undo[folder->changed].before = TOLD_BUF(FILE_BYTES);
	enum told_status status = told_folder_read(folder, file, &folder->undo[folder->changed++].before);
	if (status != TOLD_OK)
		return status;
	if (bytes != NULL)
		return told_audit_write(path, told_buf_view(bytes));
	return unlink(path) == 0 ? TOLD_OK : TOLD_E_SYSTEM;
}

enum told_status told_folder_restore(struct told_folder *folder)
{
	enum told_status status = TOLD_OK;
	while (folder->changed > 0) {
		size_t at = --folder->changed;
		struct told_buf *before = &folder->undo[at].before;
		if (status == TOLD_OK)
			status = told_audit_write(folder->files[folder->undo[at].file].path, told_buf_view(before));
		told_buf_free(before);
	}
	return status;
}

/* ---- the end ---- */

static void remove_all(char *dir)
{
	FTS *tree = fts_open((char *[]){dir, NULL}, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	for (FTSENT *file; tree != NULL && (file = fts_read(tree)) != NULL;) {
		if (file->fts_info == FTS_DP)
			(void)rmdir(file->fts_path);
		else if (file->fts_info != FTS_D)
			(void)unlink(file->fts_path);
	}
	if (tree != NULL)
		fts_close(tree);
}

void told_folder_free(struct told_folder *folder)
{
	for (size_t i = 0; i < folder->changed; i++)
		told_buf_free(&folder->undo[i].before);
	for (size_t i = 0; i < folder->count; i++)
		free(folder->files[i].path);
	free(folder->files);
	if (folder->dir[0] != '\0')
		remove_all(folder->dir);
	*folder = (struct told_folder){0};
}
