/* SPDX-License-Identifier: Apache-2.0 */
/* The demo's folder: made, searched, removed. Room-internal. */
#ifndef TOLD_DEMO_FOLDER_H
#define TOLD_DEMO_FOLDER_H

#include "told/bytes.h"

#include <limits.h>

/* A fresh 0700 folder under TMPDIR (or /tmp). TOLD_E_SYSTEM, TOLD_E_LIMIT. */
TOLD_MUST_USE enum told_status told_folder_fresh(char out[PATH_MAX]);
/* The folder `path`, made 0700 if absent; its full path. TOLD_E_EXISTS: not empty; TOLD_E_PERMISSION: not ours alone.
 */
TOLD_MUST_USE enum told_status told_folder_take(const char *path, char out[PATH_MAX]);
/* Removes it with all in it, following no link. */
TOLD_MUST_USE enum told_status told_folder_remove(const char *path);

/* A search of every file below a folder, byte by byte. */
struct told_folder_search {
	const struct told_bytes *needles;
	size_t needle_count;
	size_t files, hits; /* hits: files in which a needle stands */
	uint64_t bytes;
};
/* TOLD_E_SYSTEM: a file could not be read, and then the search says nothing. */
TOLD_MUST_USE enum told_status told_folder_look(const char *path, struct told_folder_search *search);

#endif
