/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of notes in files of the broker's folder. Touches those files only. */
#include "agents/cli/notes.h"

#include "broker/base/file.h"

#include <limits.h>
#include <stdlib.h>

#define NOTES_MAX_BYTES (8u * 1024u * 1024u) /* an act is under 300 bytes; a partnership has some hundred */

static int read_list(struct told_cli *cli, const char *path, json_t **out)
{
	struct told_buf text = TOLD_BUF(NOTES_MAX_BYTES);
	enum told_status status = told_file_read(path, NOTES_MAX_BYTES, &text);
	if (status == TOLD_OK) {
		*out = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
		status = json_is_array(*out) ? TOLD_OK : TOLD_E_CORRUPT;
	} else if (status == TOLD_E_NOT_FOUND) {
		*out = json_array();
		status = *out != NULL ? TOLD_OK : TOLD_E_MEMORY;
	}
	told_buf_free(&text);
	return status == TOLD_OK ? TOLD_EXIT_DONE : told_fail_status(cli, status, path, NULL);
}

int told_notes_read(struct told_cli *cli, const char *dir, const char *file, json_t **out)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%.3900s/%.100s", dir, file);
	return read_list(cli, path, out);
}

int told_notes_add(struct told_cli *cli, const char *dir, const char *file, json_t *note)
{
	char path[PATH_MAX];
	json_t *notes = NULL;
	char *text = NULL;
	snprintf(path, sizeof path, "%.3900s/%.100s", dir, file);
	int exit = read_list(cli, path, &notes);
	if (exit == TOLD_EXIT_DONE && json_array_append(notes, note) == 0)
		text = json_dumps(notes, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	if (exit == TOLD_EXIT_DONE) {
		enum told_status status = text != NULL ? told_file_write(path, told_text(text), 0600) : TOLD_E_MEMORY;
		if (status != TOLD_OK)
			exit = told_fail_status(cli, status, path, NULL);
	}
	free(text);
	json_decref(notes);
	return exit;
}
