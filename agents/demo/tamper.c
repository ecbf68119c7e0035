/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody with access to the disk could try: one byte of one entry, changed with a hex editor. Works on a copy;
 * an agency's receipt says which bytes are the entry's. */
#include "agents/demo/audit.h"

#include "agents/demo/figures.h"
#include "agents/demo/say.h"
#include "broker/base/file.h"
#include "told/proof.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define STORE_MAX_BYTES (256u * 1024u * 1024u)
#define SUFFIX          ".tlog-proof"

static int is_receipt(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);
	return len > sizeof SUFFIX && strcmp(entry->d_name + len - (sizeof SUFFIX - 1), SUFFIX) == 0;
}

/* The place of the only copy of these bytes; NULL: none, or several (an old page of the file may keep one). */
static uint8_t *only_place(const struct told_buf *store, struct told_bytes leaf)
{
	uint8_t *at = leaf.len > 0 ? memmem(store->data, store->len, leaf.data, leaf.len) : NULL;
	if (at == NULL)
		return NULL;
	size_t rest = store->len - (size_t)(at - store->data) - 1;
	return memmem(at + 1, rest, leaf.data, leaf.len) == NULL ? at : NULL;
}

/* Changes a byte in the middle of the entry of this receipt, if it can be found. */
static enum told_status change(struct told_buf *store, const char *path, uint64_t *entry)
{
	struct told_buf text = TOLD_BUF(TOLD_PROOF_FILE_MAX_BYTES);
	struct told_proof_file proof;
	enum told_status status = told_file_read(path, TOLD_PROOF_FILE_MAX_BYTES, &text);
	if (status == TOLD_OK)
		status = told_proof_file_parse(told_buf_view(&text), &proof);
	if (status == TOLD_OK) {
		uint8_t *at = only_place(store, told_buf_view(&proof.extra));
		status = at != NULL ? TOLD_OK : TOLD_E_NOT_FOUND;
		if (at != NULL)
			at[proof.extra.len / 2] ^= 1;
		*entry = proof.index;
		told_buf_free(&proof.extra);
	}
	told_buf_free(&text);
	return status;
}

/* The receipts of an agency in order, until one can be used. */
static enum told_status change_some_entry(struct told_demo *demo, struct told_buf *store, uint64_t *entry)
{
	char dir[PATH_MAX], path[PATH_MAX];
	struct dirent **names = NULL;
	enum told_status status = told_demo_path(demo, dir, demo->agencies[TOLD_DEMO_HOUSING].dir, "receipts");
	int count = status == TOLD_OK ? scandir(dir, &names, is_receipt, alphasort) : 0;
	status = TOLD_E_NOT_FOUND;
	for (int i = count - 1; i >= 0; i--) {
		if (status == TOLD_E_NOT_FOUND && told_demo_path(demo, path, dir, names[i]->d_name) == TOLD_OK)
			status = change(store, path, entry);
		free(names[i]);
	}
	free(names);
	return status == TOLD_OK ? TOLD_OK : told_demo_fail(demo, status, "No entry could be found to break.");
}

static enum told_status break_copy(struct told_demo *demo, const char *copy, uint64_t *entry)
{
	char path[PATH_MAX];
	struct told_buf store = TOLD_BUF(STORE_MAX_BYTES);
	enum told_status status = told_demo_path(demo, path, demo->dir, "broker/told.db");
	if (status == TOLD_OK)
		status = told_file_read(path, STORE_MAX_BYTES, &store);
	if (status == TOLD_OK)
		status = change_some_entry(demo, &store, entry);
	if (status == TOLD_OK)
		status = told_file_write_new(copy, told_buf_view(&store), S_IRUSR | S_IWUSR);
	told_buf_free(&store);
	return status == TOLD_OK ? TOLD_OK : told_demo_fail(demo, status, "The copy: %s.", told_status_text(status));
}

enum told_status told_demo_tamper(struct told_demo *demo)
{
	char copy[PATH_MAX];
	uint64_t entry = 0;
	json_t *report = NULL;
	told_say_scene(demo, "Somebody changes one byte");
	enum told_status status = told_demo_path(demo, copy, demo->dir, "broken.db");
	if (status == TOLD_OK)
		status = break_copy(demo, copy, &entry);
	if (status == TOLD_OK) {
		told_say(demo, "In a copy of the log, one bit of entry %llu. Nothing else.", (unsigned long long)entry);
		status = told_demo_audit(demo, copy, &report, &demo->audit_exit);
	}
	const json_t *bad = json_object_get(
		json_object_get(json_object_get(json_object_get(report, "verdicts"), "integrity"), "first_bad"),
		"from");
	if (status == TOLD_OK) {
		told_say_line(demo, "Named:", "entry %lld; told-audit ended with %d",
			      (long long)json_integer_value(bad), demo->audit_exit);
		told_demo_figure(demo, "broken",
				 json_pack("{s:I, s:O, s:i}", "entry", (json_int_t)entry, "named",
					   json_is_integer(bad) ? bad : json_null(), "exit", demo->audit_exit));
	}
	json_decref(report);
	return status;
}
