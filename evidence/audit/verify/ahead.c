/* SPDX-License-Identifier: Apache-2.0 */
/* The ring. Touches memory only: what a batch is made of is its filler's. */
#include "evidence/audit/verify/ahead.h"

#include <pthread.h>
#include <stdlib.h>

#define RING 4u

struct told_ahead {
	told_ahead_fill *fill;
	void *ctx;
	size_t batch_bytes, filled, emptied; /* batches so far */
	bool threaded, stop;
	pthread_t thread;
	pthread_mutex_t lock; /* of filled, emptied and stop, when there is a thread */
	pthread_cond_t moved;
	uint8_t *ring;
};

static void *batch(const struct told_ahead *ahead, size_t number)
{
	return ahead->ring + number % RING * ahead->batch_bytes;
}

static void move(struct told_ahead *ahead, size_t *counter)
{
	pthread_mutex_lock(&ahead->lock);
	++*counter;
	pthread_cond_signal(&ahead->moved);
	pthread_mutex_unlock(&ahead->lock);
}

/* Waits for an empty batch; false when nobody wants more. */
static bool await_room(struct told_ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	while (!ahead->stop && ahead->filled - ahead->emptied == RING)
		pthread_cond_wait(&ahead->moved, &ahead->lock);
	bool wanted = !ahead->stop;
	pthread_mutex_unlock(&ahead->lock);
	return wanted;
}

static void *run(void *ctx)
{
	struct told_ahead *ahead = ctx;
	for (bool more = true; more && await_room(ahead);) {
		more = ahead->fill(ahead->ctx, batch(ahead, ahead->filled));
		move(ahead, &ahead->filled);
	}
	return NULL;
}

static void await_batch(struct told_ahead *ahead)
{
	if (!ahead->threaded) {
		(void)ahead->fill(ahead->ctx, batch(ahead, ahead->filled++));
		return;
	}
	pthread_mutex_lock(&ahead->lock);
	while (ahead->filled == ahead->emptied)
		pthread_cond_wait(&ahead->moved, &ahead->lock);
	pthread_mutex_unlock(&ahead->lock);
}

const void *told_ahead_batch(const struct told_ahead *ahead)
{
	return batch(ahead, ahead->emptied);
}

void told_ahead_next(struct told_ahead *ahead)
{
	move(ahead, &ahead->emptied);
	await_batch(ahead);
}

enum told_status told_ahead_new(told_ahead_fill *fill, void *ctx, size_t batch_bytes, bool thread,
				struct told_ahead **out)
{
	struct told_ahead *ahead = *out = calloc(1, sizeof *ahead);
	if (ahead == NULL)
		return TOLD_E_MEMORY;
	ahead->ring = calloc(RING, batch_bytes);
	if (ahead->ring == NULL) {
		free(ahead);
		*out = NULL;
		return TOLD_E_MEMORY;
	}
	ahead->fill = fill;
	ahead->ctx = ctx;
	ahead->batch_bytes = batch_bytes;
	ahead->lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	ahead->moved = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
	ahead->threaded = thread && pthread_create(&ahead->thread, NULL, run, ahead) == 0;
	await_batch(ahead);
	return TOLD_OK;
}

void told_ahead_free(struct told_ahead *ahead)
{
	if (ahead == NULL)
		return;
	if (ahead->threaded) {
		pthread_mutex_lock(&ahead->lock);
		ahead->stop = true;
		pthread_cond_signal(&ahead->moved);
		pthread_mutex_unlock(&ahead->lock);
		pthread_join(ahead->thread, NULL);
	}
	free(ahead->ring);
	free(ahead);
}
