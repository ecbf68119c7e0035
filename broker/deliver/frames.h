/* SPDX-License-Identifier: Apache-2.0 */
/* Session frames and proofs, as parcels and answers share them. Private to the room. */
#ifndef TOLD_DELIVER_FRAMES_H
#define TOLD_DELIVER_FRAMES_H

#include "broker/deliver/deliver.h"
#include "proto/session.h"

/* Encodes a session message into its two frames. */
TOLD_MUST_USE enum told_status told_frames_of(struct told_arena *arena, enum told_session_kind kind,
					      enum told_schema schema, const void *message, struct told_frames *out);
/* Hashes as a list of views, in the arena. */
TOLD_MUST_USE enum told_status told_hash_views(struct told_arena *arena, const told_hash *hashes, size_t count,
					       struct told_bytes_list *out);
/* Entries in the order of a log, as runs of neighbours proved under its view. */
TOLD_MUST_USE enum told_status told_runs_of(const struct told_log_view *log, struct told_arena *arena,
					    const struct told_receipt *const *receipts, size_t count,
					    struct told_run_list *out);
/* The inclusion path of an entry under a log's checkpoint. */
TOLD_MUST_USE enum told_status told_path_views(const struct told_log_view *log, struct told_arena *arena,
					       uint64_t index, struct told_bytes_list *out);
/* Consistency between two sizes, in whichever order; empty for equal sizes and for 0. */
TOLD_MUST_USE enum told_status told_consistency_views(const struct told_log_view *log, struct told_arena *arena,
						      uint64_t a, uint64_t b, struct told_bytes_list *out);

#endif
