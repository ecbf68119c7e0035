/* SPDX-License-Identifier: Apache-2.0 */
/* A ring of batches between the thread that reads and hashes the table detail and the one that walks the entries.
 * Memory is that of the ring. Touches the table detail only. */
#include "evidence/audit/verify/openings.h"

#include <pthread.h>
#include <stdlib.h>

#define BATCH 256u /* rows, so that the lock is taken twice a batch and not twice a row */
#define RING  4u

/* Rows in their order. Fewer than BATCH: there are no more, or, unless the status is TOLD_OK, they cannot be read. */
struct batch {
	struct told_opening rows[BATCH];
	size_t count;
	enum told_status status;
};

struct told_openings {
	struct told_rows rows; /* of whoever fills */
	struct batch ring[RING];
	size_t filled, emptied; /* batches so far */
	size_t at;              /* row of the batch in hand */
	bool ahead, stop;
	pthread_t thread;
	pthread_mutex_t lock; /* of filled, emptied and stop, when there is a thread */
	pthread_cond_t moved;
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

static void fill(struct told_rows *rows, struct batch *batch)
{
	batch->count = 0;
	batch->status = TOLD_OK;
	while (batch->status == TOLD_OK && rows->there && batch->count < BATCH) {
		struct told_opening *row = &batch->rows[batch->count++];
		row->index = told_rows_u64(rows, 0);
		for (enum told_part part = 0; part < TOLD_PART_COUNT; part++)
			open_part(rows, part, row);
		batch->status = told_rows_next(rows);
	}
}

static bool is_last(const struct batch *batch)
{
	return batch->count < BATCH || batch->status != TOLD_OK;
}

/* ---- the ring ---- */

static void move(struct told_openings *openings, size_t *counter)
{
	pthread_mutex_lock(&openings->lock);
	++*counter;
	pthread_cond_signal(&openings->moved);
	pthread_mutex_unlock(&openings->lock);
}

/* Waits for an empty batch; false when nobody wants more. */
static bool await_room(struct told_openings *openings)
{
	pthread_mutex_lock(&openings->lock);
	while (!openings->stop && openings->filled - openings->emptied == RING)
		pthread_cond_wait(&openings->moved, &openings->lock);
	bool wanted = !openings->stop;
	pthread_mutex_unlock(&openings->lock);
	return wanted;
}

static void *read_ahead(void *ctx)
{
	struct told_openings *openings = ctx;
	for (bool last = false; !last && await_room(openings);) {
		struct batch *batch = &openings->ring[openings->filled % RING];
		fill(&openings->rows, batch);
		last = is_last(batch);
		move(openings, &openings->filled);
	}
	return NULL;
}

static void await_batch(struct told_openings *openings)
{
	if (!openings->ahead) {
		fill(&openings->rows, &openings->ring[openings->filled++ % RING]);
		return;
	}
	pthread_mutex_lock(&openings->lock);
	while (openings->filled == openings->emptied)
		pthread_cond_wait(&openings->moved, &openings->lock);
	pthread_mutex_unlock(&openings->lock);
}

/* ---- whoever walks ---- */

static const struct batch *in_hand(const struct told_openings *openings)
{
	return &openings->ring[openings->emptied % RING];
}

const struct told_opening *told_openings_now(const struct told_openings *openings)
{
	const struct batch *batch = in_hand(openings);
	return openings->at < batch->count ? &batch->rows[openings->at] : NULL;
}

enum told_status told_openings_next(struct told_openings *openings)
{
	const struct batch *batch = in_hand(openings);
	if (openings->at < batch->count)
		openings->at++;
	if (openings->at < batch->count)
		return TOLD_OK;
	if (is_last(batch))
		return batch->status;
	move(openings, &openings->emptied);
	await_batch(openings);
	openings->at = 0;
	return TOLD_OK;
}

enum told_status told_openings_new(struct told_source *source, int64_t log, struct told_openings **out)
{
	const int64_t from[] = {log, INT64_MIN};
	struct told_openings *openings = *out = calloc(1, sizeof *openings);
	if (openings == NULL)
		return TOLD_E_MEMORY;
	openings->lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	openings->moved = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
	bool second = source->second.db != NULL;
	struct told_audit_store *store = second ? &source->second : &source->store;
	enum told_status status = told_rows_open(store, TOLD_AUDIT_SQL_DETAILS, from, 2, &openings->rows);
	if (status != TOLD_OK)
		return status;
	openings->ahead = second && pthread_create(&openings->thread, NULL, read_ahead, openings) == 0;
	await_batch(openings);
	return TOLD_OK;
}

void told_openings_free(struct told_openings *openings)
{
	if (openings == NULL)
		return;
	if (openings->ahead) {
		pthread_mutex_lock(&openings->lock);
		openings->stop = true;
		pthread_cond_signal(&openings->moved);
		pthread_mutex_unlock(&openings->lock);
		pthread_join(openings->thread, NULL);
	}
	told_rows_close(&openings->rows);
	free(openings);
}
