/* SPDX-License-Identifier: Apache-2.0 */
/* Frames over a non-blocking stream socket pair: how a front process and the core speak. Fixed header, two parts, many
 * frames a write; every length is checked before a byte is allocated for it. One thread per end. */
#ifndef TOLD_BASE_FRAME_H
#define TOLD_BASE_FRAME_H

#include "told/bytes.h"

/* u32 size of both parts | u32 size of the first | u32 kind | u32 zero | u64 handle | u64 number, big-endian. */
#define TOLD_FRAME_HEADER_BYTES 32u

/* What handle, number and the parts mean is the kind's business. The parts are borrowed. */
struct told_frame {
	uint32_t kind;
	uint64_t handle, number;
	struct told_bytes first, second;
};

/* One end of the pair. fd is the caller's and non-blocking. */
struct told_frame_pipe;

/* max_bytes bounds the parts of one frame, both ways; queue_bytes what waits to be written. TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_frame_open(int fd, size_t max_bytes, size_t queue_bytes,
					       struct told_frame_pipe **out);
void told_frame_close(struct told_frame_pipe *pipe);

/* The next whole frame; its parts stay valid until the next call. TOLD_E_BUSY: none yet; TOLD_E_UNREACHABLE: the other
 * end is closed and all that it wrote was given out; TOLD_E_MALFORMED, TOLD_E_LIMIT: the stream is broken, close it. */
TOLD_MUST_USE enum told_status told_frame_next(struct told_frame_pipe *pipe, struct told_frame *out);

/* Queues a copy. TOLD_E_BUSY: the queue is full, nothing was queued; TOLD_E_LIMIT: larger than max_bytes. */
TOLD_MUST_USE enum told_status told_frame_put(struct told_frame_pipe *pipe, const struct told_frame *frame);

/* Writes what is queued, as far as the socket takes it. TOLD_OK: all is written; TOLD_E_BUSY: wait for POLLOUT;
 * TOLD_E_UNREACHABLE: the other end is closed. */
TOLD_MUST_USE enum told_status told_frame_flush(struct told_frame_pipe *pipe);

/* Bytes that wait to be written. */
size_t told_frame_queued(const struct told_frame_pipe *pipe);

#endif
