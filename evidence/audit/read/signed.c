/* SPDX-License-Identifier: Apache-2.0 */
/* Puts a checkpoint and its cosignatures together. Touches the tables checkpoint and cosignature only. */
#include "evidence/audit/read/signed.h"

/* A size by one of the statements that give one; TOLD_E_NOT_FOUND when there is none. */
static enum told_status find_size(struct told_audit_store *store, enum told_audit_sql which, const int64_t *args,
				  size_t n, uint64_t *size)
{
	struct told_rows row;
	enum told_status status = told_rows_open(store, which, args, n, &row);
	if (status == TOLD_OK && (!row.there || told_rows_null(&row, 0)))
		status = TOLD_E_NOT_FOUND;
	if (status == TOLD_OK)
		*size = told_rows_u64(&row, 0);
	told_rows_close(&row);
	return status == TOLD_OK && *size > INT64_MAX ? TOLD_E_CORRUPT : status;
}

/* A line is text of its own only with its newline; one without it would run into the next. */
static void put_line(struct told_buf *out, struct told_bytes line)
{
	if (line.len > 0 && line.data[line.len - 1] == '\n')
		told_buf_put_bytes(out, line);
	else if (out->status == TOLD_OK)
		out->status = TOLD_E_CORRUPT;
}

static enum told_status put_note(struct told_audit_store *store, int64_t log, uint64_t size, struct told_buf *out)
{
	const int64_t args[] = {log, (int64_t)size};
	struct told_rows row;
	enum told_status status = told_rows_open(store, TOLD_AUDIT_SQL_NOTE_AT, args, 2, &row);
	if (status == TOLD_OK && !row.there)
		status = TOLD_E_NOT_FOUND;
	if (status == TOLD_OK)
		told_buf_put_bytes(out, told_rows_bytes(&row, 0));
	told_rows_close(&row);
	if (status != TOLD_OK)
		return status;
	status = told_rows_open(store, TOLD_AUDIT_SQL_LINES_AT, args, 2, &row);
	for (; status == TOLD_OK && row.there; status = told_rows_next(&row))
		put_line(out, told_rows_bytes(&row, 0));
	told_rows_close(&row);
	return status == TOLD_OK ? out->status : status;
}

enum told_status told_signed_for(struct told_audit_store *store, int64_t log, uint64_t index, struct told_buf *out)
{
	const int64_t args[] = {log, (int64_t)index};
	uint64_t size;
	enum told_status status = find_size(store, TOLD_AUDIT_SQL_COSIGNED_BEYOND, args, 2, &size);
	if (status == TOLD_E_NOT_FOUND)
		status = find_size(store, TOLD_AUDIT_SQL_NOTE_BEYOND, args, 2, &size);
	return status == TOLD_OK ? put_note(store, log, size, out) : status;
}

enum told_status told_signed_last(struct told_audit_store *store, int64_t log, bool cosigned, struct told_buf *out)
{
	uint64_t size;
	enum told_status status =
		find_size(store, cosigned ? TOLD_AUDIT_SQL_COSIGNED_LAST : TOLD_AUDIT_SQL_NOTE_LAST, &log, 1, &size);
	return status == TOLD_OK ? put_note(store, log, size, out) : status;
}

enum told_status told_signed_read(const struct told_buf *note, struct told_checkpoint *out)
{
	struct told_bytes text;
	bool good = told_note_text(told_buf_view(note), &text) == TOLD_OK &&
		    told_checkpoint_parse(text, out) == TOLD_OK && out->size <= INT64_MAX;
	return good ? TOLD_OK : TOLD_E_CORRUPT;
}
