/* SPDX-License-Identifier: Apache-2.0 */
/* A private copy of an exported folder, whose files are changed and put back. Holds what the checkpoint's size calls
 * for and nothing else: what nobody reads can be changed by anybody. */
#ifndef TOLD_AUDIT_DRILL_DRILL_FOLDER_H
#define TOLD_AUDIT_DRILL_DRILL_FOLDER_H

#include "told/bytes.h"

#define TOLD_FOLDER_UNDO 2u /* files that one tampering changes */

enum told_folder_kind { TOLD_FOLDER_CHECKPOINT, TOLD_FOLDER_BUNDLE, TOLD_FOLDER_TILE };

struct told_folder_file {
	char *path; /* in the copy; owned */
	enum told_folder_kind kind;
	int level;      /* of a tile */
	unsigned width; /* entries or hashes */
};

struct told_folder {
	char dir[300]; /* the copy */
	struct told_folder_file *files;
	size_t count, room;
	struct {
		size_t file;
		struct told_buf before;
	} undo[TOLD_FOLDER_UNDO];
	size_t changed;
};

/* Copies the folder `from` into the new folder out->dir, which the caller named, and which must lie in a folder of the
 * caller's own. It must verify. As told_audit_read, TOLD_E_FULL, TOLD_E_MALFORMED (it is no export); told_folder_free
 * also after failure. */
TOLD_MUST_USE enum told_status told_folder_copy(const char *from, struct told_folder *out);
/* Appends a file's bytes. */
TOLD_MUST_USE enum told_status told_folder_read(const struct told_folder *folder, size_t file, struct told_buf *out);
/* Puts other bytes into a file, or removes it when they are NULL; what was there first is kept. */
TOLD_MUST_USE enum told_status told_folder_put(struct told_folder *folder, size_t file, const struct told_buf *bytes);
/* Puts back what told_folder_put changed. */
TOLD_MUST_USE enum told_status told_folder_restore(struct told_folder *folder);
/* Removes the copy, and frees. */
void told_folder_free(struct told_folder *folder);

#endif
