/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and hashes the rows of the table detail, a batch at a time. Touches that table only. */
#include "evidence/audit/verify/openings.h"

#include "evidence/audit/verify/ahead.h"

#include <stdlib.h>

#define BATCH 256u /* rows, so that the lock is taken twice a batch and not twice a row */

/* Rows in their order. Fewer than BATCH: there are no more, or, unless the status is TOLD_OK, they cannot be read. */
struct batch {
	struct told_opening rows[BATCH];
	size_t count;
	enum told_status status;
};

struct told_openings {
	struct told_rows rows; /* of whoever fills */
	struct told_ahead *ahead;
	size_t at; /* row of the batch in hand */
};

/* ---- filling ---- */

/* A value that is not there has no bytes; neither has an empty one, which is asked about then. */
static bool is_gone(const struct told_rows *rows, int column, struct told_bytes value)
{
	return value.data == NULL && told_rows_null(rows, column);
}

static void open_part(const struct told_rows *rows, enum told_part part, struct told_opening *out)
{
	int at = 1 + 2 * (int)part;
	struct told_bytes salt = told_rows_bytes(rows, at), bytes = told_rows_bytes(rows, at + 1);
	if (is_gone(rows, at, salt) || is_gone(rows, at + 1, bytes)) {
		out->state[part] = TOLD_PART_GONE;
		return;
	}
	out->state[part] = salt.len == TOLD_LEAF_SALT_BYTES ? TOLD_PART_OPEN : TOLD_PART_FALSE;
	told_hmac(salt, bytes, &out->commitment[part]);
}

static bool is_last(const struct batch *batch)
{
	return batch->count < BATCH || batch->status != TOLD_OK;
}

static bool fill(void *ctx, void *out)
{
	struct told_rows *rows = ctx;
	struct batch *batch = out;
	batch->count = 0;
	batch->status = TOLD_OK;
	while (batch->status == TOLD_OK && rows->there && batch->count < BATCH) {
		struct told_opening *row = &batch->rows[batch->count++];
		row->index = told_rows_u64(rows, 0);
		for (enum told_part part = 0; part < TOLD_PART_COUNT; part++)
			open_part(rows, part, row);
		batch->status = told_rows_next(rows);
	}
	return !is_last(batch);
}

/* ---- whoever walks ---- */

const struct told_opening *told_openings_now(const struct told_openings *openings)
{
	const struct batch *batch = told_ahead_batch(openings->ahead);
	return openings->at < batch->count ? &batch->rows[openings->at] : NULL;
}

enum told_status told_openings_next(struct told_openings *openings)
{
	const struct batch *batch = told_ahead_batch(openings->ahead);
	if (openings->at < batch->count)
		openings->at++;
	if (openings->at < batch->count)
		return TOLD_OK;
	if (is_last(batch))
		return batch->status;
	told_ahead_next(openings->ahead);
	openings->at = 0;
	return TOLD_OK;
}

enum told_status told_openings_new(struct told_source *source, int64_t log, struct told_openings **out)
{
	const int64_t from[] = {log, INT64_MIN};
	bool thread = false;
	struct told_openings *openings = *out = calloc(1, sizeof *openings);
	if (openings == NULL)
		return TOLD_E_MEMORY;
	struct told_audit_store *store = told_source_ahead(source, TOLD_AHEAD_DETAILS, &thread);
	enum told_status status = told_rows_open(store, TOLD_AUDIT_SQL_DETAILS, from, 2, &openings->rows);
	if (status != TOLD_OK)
		return status;
	return told_ahead_new(fill, &openings->rows, sizeof(struct batch), thread, &openings->ahead);
}

void told_openings_free(struct told_openings *openings)
{
	if (openings == NULL)
		return;
	told_ahead_free(openings->ahead);
	told_rows_close(&openings->rows);
	free(openings);
}
