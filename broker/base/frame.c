/* SPDX-License-Identifier: Apache-2.0 */
/* Frames over a stream socket: two byte queues and a header between them. May touch: its one descriptor. */
#include "broker/base/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define READ_BYTES 65536u /* the least room offered to a read: many small frames in one call */

/* Bytes between head and tail wait; the space before head is reused when the tail meets the end. */
struct queue {
	uint8_t *data;
	size_t head, tail, cap;
};

struct told_frame_pipe {
	int fd;
	size_t max_bytes, queue_bytes;
	struct queue in, out;
	size_t given; /* bytes of the frame that the caller holds views of */
	bool ended;
};

static size_t waiting(const struct queue *queue)
{
	return queue->tail - queue->head;
}

/* Makes room for size bytes at the tail: moves what waits to the front, and grows only when that is not enough. */
static enum told_status make_room(struct queue *queue, size_t size)
{
	if (queue->cap - queue->tail >= size)
		return TOLD_OK;
	size_t kept = waiting(queue);
	if (queue->cap < kept + size) {
		size_t cap = queue->cap * 2 > kept + size ? queue->cap * 2 : kept + size;
		uint8_t *data = malloc(cap);
		if (data == NULL)
			return TOLD_E_MEMORY;
		if (kept > 0)
			memcpy(data, queue->data + queue->head, kept);
		free(queue->data);
		queue->data = data;
		queue->cap = cap;
	} else if (kept > 0) {
		memmove(queue->data, queue->data + queue->head, kept);
	}
	queue->head = 0;
	queue->tail = kept;
	return TOLD_OK;
}

static void append(struct queue *queue, struct told_bytes bytes)
{
	if (bytes.len > 0)
		memcpy(queue->data + queue->tail, bytes.data, bytes.len);
	queue->tail += bytes.len;
}

static void take(struct queue *queue, size_t size)
{
	queue->head += size;
	if (queue->head == queue->tail)
		queue->head = queue->tail = 0;
}

enum told_status told_frame_open(int fd, size_t max_bytes, size_t queue_bytes, struct told_frame_pipe **out)
{
	struct told_frame_pipe *pipe = calloc(1, sizeof *pipe);
	*out = pipe;
	if (pipe == NULL)
		return TOLD_E_MEMORY;
	pipe->fd = fd;
	pipe->max_bytes = max_bytes < UINT32_MAX ? max_bytes : UINT32_MAX;
	pipe->queue_bytes = queue_bytes;
	return TOLD_OK;
}

void told_frame_close(struct told_frame_pipe *pipe)
{
	if (pipe == NULL)
		return;
	free(pipe->in.data);
	free(pipe->out.data);
	free(pipe);
}

/* Reads once into the free room at the tail. */
static enum told_status fill(struct told_frame_pipe *pipe, size_t want)
{
	if (pipe->ended)
		return TOLD_E_UNREACHABLE;
	enum told_status status = make_room(&pipe->in, want > READ_BYTES ? want : READ_BYTES);
	if (status != TOLD_OK)
		return status;
	ssize_t got = -1;
	do {
		got = recv(pipe->fd, pipe->in.data + pipe->in.tail, pipe->in.cap - pipe->in.tail, MSG_DONTWAIT);
	} while (got < 0 && errno == EINTR);
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return TOLD_E_BUSY;
	if (got <= 0) {
		pipe->ended = true; /* an end and a reset are the same to us: the other side is gone */
		return TOLD_E_UNREACHABLE;
	}
	pipe->in.tail += (size_t)got;
	return TOLD_OK;
}

/* The size of the frame whose header is at p, or why it cannot be one. */
static enum told_status frame_size(const struct told_frame_pipe *pipe, const uint8_t *p, size_t *size)
{
	uint32_t both = told_u32(p);
	uint32_t first = told_u32(p + 4);
	if (both > pipe->max_bytes)
		return TOLD_E_LIMIT;
	if (first > both || told_u32(p + 12) != 0)
		return TOLD_E_MALFORMED;
	*size = TOLD_FRAME_HEADER_BYTES + (size_t)both;
	return TOLD_OK;
}

static void parse(const uint8_t *p, size_t size, struct told_frame *out)
{
	const uint8_t *parts = p + TOLD_FRAME_HEADER_BYTES;
	size_t first = told_u32(p + 4);
	*out = (struct told_frame){
		.kind = told_u32(p + 8),
		.handle = told_u64(p + 16),
		.number = told_u64(p + 24),
		.first = told_bytes(parts, first),
		.second = told_bytes(parts + first, size - TOLD_FRAME_HEADER_BYTES - first),
	};
}

enum told_status told_frame_next(struct told_frame_pipe *pipe, struct told_frame *out)
{
	take(&pipe->in, pipe->given);
	pipe->given = 0;
	for (;;) {
		size_t have = waiting(&pipe->in);
		size_t size = TOLD_FRAME_HEADER_BYTES;
		enum told_status status = TOLD_OK;
		if (have >= TOLD_FRAME_HEADER_BYTES)
			status = frame_size(pipe, pipe->in.data + pipe->in.head, &size);
		if (status != TOLD_OK)
			return status;
		if (have >= TOLD_FRAME_HEADER_BYTES && have >= size) {
			parse(pipe->in.data + pipe->in.head, size, out);
			pipe->given = size;
			return TOLD_OK;
		}
		status = fill(pipe, size - have);
		if (status != TOLD_OK)
			return status;
	}
}

static void put_header(uint8_t *p, const struct told_frame *frame)
{
	uint64_t words[] = {
		(uint64_t)(frame->first.len + frame->second.len) << 32 | (uint32_t)frame->first.len,
		(uint64_t)frame->kind << 32,
		frame->handle,
		frame->number,
	};
	for (size_t i = 0; i < TOLD_FRAME_HEADER_BYTES; i++)
		p[i] = (uint8_t)(words[i / 8] >> (56 - 8 * (i % 8)));
}

enum told_status told_frame_put(struct told_frame_pipe *pipe, const struct told_frame *frame)
{
	uint8_t header[TOLD_FRAME_HEADER_BYTES];
	if (frame->first.len > pipe->max_bytes || frame->second.len > pipe->max_bytes - frame->first.len)
		return TOLD_E_LIMIT;
	size_t size = sizeof header + frame->first.len + frame->second.len;
	if (waiting(&pipe->out) > 0 && waiting(&pipe->out) + size > pipe->queue_bytes)
		return TOLD_E_BUSY;
	enum told_status status = make_room(&pipe->out, size);
	if (status != TOLD_OK)
		return status;
	put_header(header, frame);
	append(&pipe->out, told_bytes(header, sizeof header));
	append(&pipe->out, frame->first);
	append(&pipe->out, frame->second);
	return TOLD_OK;
}

enum told_status told_frame_flush(struct told_frame_pipe *pipe)
{
	while (waiting(&pipe->out) > 0) {
		ssize_t put = send(pipe->fd, pipe->out.data + pipe->out.head, waiting(&pipe->out),
				   MSG_DONTWAIT | MSG_NOSIGNAL);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? TOLD_E_BUSY : TOLD_E_UNREACHABLE;
		take(&pipe->out, (size_t)put);
	}
	return TOLD_OK;
}

size_t told_frame_queued(const struct told_frame_pipe *pipe)
{
	return waiting(&pipe->out);
}
