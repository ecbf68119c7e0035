/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the record: lock, store, log, anchor, spool, then the state folded from the facts; and closing it.
 * The anchor decides: a log that is shorter than it, or another one at its size, is not opened. */
#include "broker/record/room.h"

#include "broker/base/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 4096

static enum told_status path_in(const char *dir, const char *name, char path[PATH_BYTES])
{
	int n = snprintf(path, PATH_BYTES, "%s/%s", dir, name);
	return n > 0 && n < PATH_BYTES ? TOLD_OK : TOLD_E_LIMIT;
}

static enum told_status open_store(struct told_record *record, const char *dir)
{
	char path[PATH_BYTES];
	enum told_status status = path_in(dir, "lock", path);
	if (status == TOLD_OK)
		status = told_file_lock(path, &record->lock_fd);
	if (status == TOLD_OK)
		status = path_in(dir, "told.db", path);
	return status == TOLD_OK ? told_store_open(path, &record->store) : status;
}

static enum told_status meta(struct told_record *record, const char *key, struct told_bytes expected)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_META_GET);
	told_bind_text(get, 1, told_text(key));
	enum told_status status = told_sql_next(get);
	if (status == TOLD_OK) {
		status = told_bytes_equal(told_column(get, 0), expected) ? TOLD_OK : TOLD_E_CONFIG;
		sqlite3_reset(get);
		return status;
	}
	if (status != TOLD_E_NOT_FOUND)
		return status;
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_META_PUT);
	told_bind_text(put, 1, told_text(key));
	told_bind_blob(put, 2, expected);
	return told_sql_run(put);
}

/* The first key of the log; those after it stand in the log. */
static enum told_status meta_log_key(struct told_record *record)
{
	sqlite3_stmt *get = told_sql(&record->store, TOLD_SQL_META_GET);
	told_bind_text(get, 1, told_text("log_key"));
	enum told_status status = told_sql_next(get);
	if (status == TOLD_E_NOT_FOUND) {
		memcpy(record->first_key, record->given_key, TOLD_KEY_BYTES);
		return meta(record, "log_key", told_bytes(record->first_key, TOLD_KEY_BYTES));
	}
	if (status == TOLD_OK)
		status = told_column_fixed(get, 0, record->first_key, TOLD_KEY_BYTES);
	sqlite3_reset(get);
	return status;
}

/* The store belongs to one partnership and one log for ever. */
static enum told_status check_meta(struct told_record *record)
{
	enum told_status status = meta(record, "partnership", record->partnership);
	return status == TOLD_OK ? meta_log_key(record) : status;
}

enum told_status told_record_name_log(struct told_record *record, struct told_bytes partnership)
{
	told_buf_free(&record->origin);
	record->origin = TOLD_BUF(TOLD_NAME_MAX_BYTES * 8);
	told_buf_put_bytes(&record->origin, partnership);
	told_buf_printf(&record->origin, "/%" PRIu64, record->log_number);
	record->partnership = told_bytes(record->origin.data, partnership.len);
	return record->origin.status;
}

/* Each log has an anchor of its own, and none ever goes back: "anchor", "anchor.2", ... */
enum told_status told_record_open_anchor(struct told_record *record, const char *anchor, uint64_t log,
					 struct told_anchor **out)
{
	char path[PATH_BYTES];
	(void)record;
	if (log == 1)
		return told_anchor_open(anchor, out);
	int n = snprintf(path, sizeof path, "%s.%" PRIu64, anchor, log);
	return n > 0 && n < PATH_BYTES ? told_anchor_open(path, out) : TOLD_E_LIMIT;
}

/* A store from before the newest log began would go on with a log that has ended. */
static enum told_status check_newest(struct told_record *record, const char *anchor)
{
	char path[PATH_BYTES];
	struct told_anchor *later = NULL;
	int n = snprintf(path, sizeof path, "%s.%" PRIu64, anchor, record->log_number + 1);
	if (n <= 0 || n >= PATH_BYTES)
		return TOLD_E_LIMIT;
	if (access(path, F_OK) != 0)
		return errno == ENOENT ? TOLD_OK : TOLD_E_STORE;
	enum told_status status = told_anchor_open(path, &later);
	if (status == TOLD_OK && told_anchor_note(later).len > 0)
		status = TOLD_E_FORK;
	told_anchor_close(later);
	return status;
}

enum told_status told_record_anchored(struct told_record *record, struct told_checkpoint *checkpoint)
{
	if (told_anchor_note(record->anchor).len == 0)
		return TOLD_E_NOT_FOUND;
	enum told_status status = told_log_open_note(record, told_anchor_note(record->anchor), checkpoint);
	return status == TOLD_OK ? TOLD_OK : TOLD_E_FORK;
}

static enum told_status keep_note(struct told_record *record, uint64_t size, struct told_bytes note)
{
	sqlite3_stmt *put = told_sql(&record->store, TOLD_SQL_CHECKPOINT_PUT);
	told_bind_u64(put, 1, record->log_number);
	told_bind_u64(put, 2, size);
	told_bind_blob(put, 3, note);
	return told_sql_run(put);
}

/* An empty anchor is right for a log of which nothing was signed yet: none, or the first turn alone, whose signature a
 * crash cut off. Of any other log the anchor was lost, and nobody can say what was signed. */
static enum told_status check_never_signed(struct told_record *record)
{
	sqlite3_stmt *signed_before = told_sql(&record->store, TOLD_SQL_SIGNED_BEFORE);
	told_bind_u64(signed_before, 1, record->log_number);
	enum told_status status = told_sql_next(signed_before);
	sqlite3_reset(signed_before);
	return status == TOLD_OK ? TOLD_E_FORK : status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* The log must hold what the anchor says was signed. A newer anchored note is copied into its table. */
static enum told_status check_anchor(struct told_record *record)
{
	struct told_checkpoint checkpoint;
	told_hash root;
	enum told_status status = told_record_anchored(record, &checkpoint);
	if (status == TOLD_E_NOT_FOUND)
		return check_never_signed(record);
	if (status != TOLD_OK)
		return status;
	if (told_ledger_size(record->ledger) < checkpoint.size)
		return TOLD_E_FORK;
	status = told_tree_root(told_ledger_node, record->ledger, checkpoint.size, &root);
	if (status != TOLD_OK)
		return status;
	if (!told_hash_equal(&root, &checkpoint.root))
		return TOLD_E_FORK;
	record->checkpoint_size = record->kept_size = checkpoint.size;
	return keep_note(record, checkpoint.size, told_anchor_note(record->anchor));
}

static uint64_t last_number(struct told_record *record, enum told_sql which)
{
	sqlite3_stmt *last = told_sql(&record->store, which);
	uint64_t number = told_sql_next(last) == TOLD_OK ? told_column_u64(last, 0) : 0;
	sqlite3_reset(last);
	return number;
}

enum told_status told_record_open_spool(struct told_record *record, const struct told_record_config *config)
{
	char path[PATH_BYTES];
	struct told_body_place end = {0};
	sqlite3_stmt *last = told_sql(&record->store, TOLD_SQL_BODY_END);
	enum told_status status = told_sql_next(last);
	record->message_seq = last_number(record, TOLD_SQL_MESSAGE_LAST);
	record->parcel_seq = last_number(record, TOLD_SQL_PARCEL_LAST);
	if (status == TOLD_OK) {
		end.segment = (uint32_t)told_column_u64(last, 0);
		end.offset = told_column_u64(last, 1);
		sqlite3_reset(last);
	} else if (status != TOLD_E_NOT_FOUND) {
		return status;
	}
	status = path_in(config->dir, "spool", path);
	return status == TOLD_OK ? told_spool_open(path, end, config->segment_bytes, &record->spool) : status;
}

/* A tree head beyond the anchor was committed but not signed: safe to sign, because a turn is never half in the store.
 */
static enum told_status close_gap(struct told_record *record)
{
	struct told_when when;
	if (told_ledger_size(record->ledger) == record->checkpoint_size)
		return TOLD_OK;
	enum told_status status = told_record_begin(record, told_last_time(record), &when);
	return status == TOLD_OK ? told_record_commit(record) : status;
}

/* What was erased stands beside the anchor, under its name. */
static enum told_status open_erased(struct told_record *record, const char *anchor)
{
	char path[PATH_BYTES];
	int n = snprintf(path, sizeof path, "%s.erased", anchor);
	enum told_status status = n > 0 && n < PATH_BYTES ? TOLD_OK : TOLD_E_LIMIT;
	if (status == TOLD_OK)
		status = told_erased_open(path, &record->erased);
	return status == TOLD_OK ? told_erase_settle(record) : status;
}

enum told_status told_record_open_files(const struct told_record_config *config, struct told_record **out)
{
	struct told_record *record = *out = calloc(1, sizeof *record);
	if (record == NULL)
		return TOLD_E_MEMORY;
	record->lock_fd = -1;
	record->signer = config->log_signer;
	record->signer_of = config->signer_of;
	record->signer_ctx = config->signer_ctx;
	record->backups = config->backups;
	memcpy(record->given_key, config->log_key, sizeof record->given_key);
	memcpy(record->operator_key, config->operator_key, sizeof record->operator_key);
	record->partnership = config->partnership;
	enum told_status status = open_store(record, config->dir);
	if (status == TOLD_OK)
		status = check_meta(record);
	if (status == TOLD_OK)
		status = told_logs_open(record);
	if (status == TOLD_OK)
		status = told_record_name_log(record, config->partnership);
	if (status == TOLD_OK)
		status = told_record_fold_all(record); /* it says which keys the log has */
	if (status == TOLD_OK)
		status = told_record_open_anchor(record, config->anchor, record->log_number, &record->anchor);
	return status == TOLD_OK ? check_newest(record, config->anchor) : status;
}

enum told_status told_record_open(const struct told_record_config *config, struct told_record **out)
{
	struct told_record *record = NULL;
	*out = NULL;
	enum told_status status = told_record_open_files(config, &record);
	if (status == TOLD_OK)
		status = check_anchor(record);
	if (status == TOLD_OK)
		status = told_log_can_sign(record);
	if (status == TOLD_OK)
		status = told_record_open_spool(record, config);
	if (status == TOLD_OK)
		status = close_gap(record);
	if (status == TOLD_OK)
		status = open_erased(record, config->anchor);
	if (status != TOLD_OK) {
		told_record_close(record);
		return status;
	}
	*out = record;
	return TOLD_OK;
}

void told_record_close(struct told_record *record)
{
	if (record == NULL)
		return;
	told_people_free(record->people);
	told_directory_free(record->directory);
	told_parties_free(record->parties);
	told_spool_close(record->spool);
	told_logs_close(record);
	told_anchor_close(record->anchor);
	told_erased_close(record->erased);
	if (record->store.db != NULL)
		told_store_close(&record->store);
	told_file_unlock(&record->lock_fd);
	told_buf_free(&record->origin);
	told_buf_free(&record->served);
	free(record);
}

struct told_parties *told_record_parties(struct told_record *record)
{
	return record->parties;
}

const struct told_directory *told_record_directory(const struct told_record *record)
{
	return record->directory;
}
