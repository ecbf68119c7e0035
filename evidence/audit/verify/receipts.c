/* SPDX-License-Identifier: Apache-2.0 */
/* Finds notes and proofs in a folder of receipts: in the order of their names, links not followed. What has the name of
 * a receipt and is no file (a link, a pipe, a device) might be the note that tells: it is named, and never passed over.
 */
#include "evidence/audit/verify/anchors.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool ends_in(const char *name, const char *ending)
{
	size_t len = strlen(name), tail = strlen(ending);
	return len > tail && strcmp(name + len - tail, ending) == 0;
}

static bool is_proof(const FTSENT *file)
{
	return ends_in(file->fts_name, ".tlog-proof");
}

static bool is_note(const FTSENT *file)
{
	return strcmp(file->fts_name, "checkpoint") == 0 || ends_in(file->fts_name, ".checkpoint");
}

static enum told_status take(struct told_anchors *anchors, const FTSENT *file)
{
	if (is_proof(file))
		return told_anchors_proof(anchors, file->fts_accpath);
	return is_note(file) ? told_anchors_note(anchors, file->fts_accpath) : TOLD_OK;
}

/* A folder that cannot be looked into might hold the note that tells. */
static enum told_status visit(struct told_anchors *anchors, const FTSENT *file)
{
	switch (file->fts_info) {
	case FTS_F: return take(anchors, file);
	case FTS_SL:
	case FTS_SLNONE:
	case FTS_DEFAULT: return is_proof(file) || is_note(file) ? TOLD_E_PERMISSION : TOLD_OK;
	case FTS_NS:
	case FTS_DNR:
	case FTS_ERR: return file->fts_errno == ENOENT ? TOLD_E_NOT_FOUND : TOLD_E_PERMISSION;
	default: return TOLD_OK;
	}
}

enum told_status told_anchors_folder(struct told_anchors *anchors, const char *dir, char **failed)
{
	char *start = strdup(dir);
	*failed = NULL;
	if (start == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = TOLD_OK;
	FTSENT *file;
	FTS *tree = fts_open((char *[]){start, NULL}, FTS_PHYSICAL | FTS_NOCHDIR | FTS_COMFOLLOW, by_name);
	if (tree == NULL) {
		free(start);
		return TOLD_E_SYSTEM;
	}
	errno = 0;
	while (status == TOLD_OK && (file = fts_read(tree)) != NULL) {
		bool root_is_file = file->fts_level == FTS_ROOTLEVEL && file->fts_info == FTS_F;
		status = root_is_file ? TOLD_E_NOT_FOUND : visit(anchors, file);
		if (status != TOLD_OK)
			*failed = strdup(file->fts_path);
		errno = 0;
	}
	if (status == TOLD_OK && errno != 0)
		status = TOLD_E_SYSTEM;
	fts_close(tree);
	free(start);
	return status;
}
