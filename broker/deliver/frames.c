/* SPDX-License-Identifier: Apache-2.0 */
/* Session frames, and proofs as lists of views. */
#include "broker/deliver/frames.h"

#include <string.h>

static enum told_status encoded(struct told_arena *arena, enum told_schema schema, const void *message,
				size_t max_bytes, struct told_bytes *out)
{
	struct told_buf buf = TOLD_BUF(max_bytes);
	enum told_status status = told_encode(schema, message, &buf);
	if (status == TOLD_OK) {
		*out = told_arena_copy(arena, told_buf_view(&buf));
		status = out->len == buf.len ? TOLD_OK : TOLD_E_MEMORY;
	}
	told_buf_free(&buf);
	return status;
}

enum told_status told_frames_of(struct told_arena *arena, enum told_session_kind kind, enum told_schema schema,
				const void *message, struct told_frames *out)
{
	struct told_envelope envelope = {.session = kind};
	enum told_status status = encoded(arena, TOLD_SCHEMA_ENVELOPE, &envelope, 64, &out->envelope);
	return status == TOLD_OK ? encoded(arena, schema, message, TOLD_BODY_MAX_BYTES * 2, &out->body) : status;
}

enum told_status told_hash_views(struct told_arena *arena, const told_hash *hashes, size_t count,
				 struct told_bytes_list *out)
{
	told_hash *copies = told_arena_alloc(arena, count * sizeof *copies);
	out->items = told_arena_alloc(arena, count * sizeof *out->items);
	if (copies == NULL || out->items == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < count; i++) {
		copies[i] = hashes[i];
		out->items[i] = told_bytes(copies[i].b, sizeof copies[i].b);
	}
	out->count = count;
	return TOLD_OK;
}

enum told_status told_path_views(const struct told_log_view *log, struct told_arena *arena, uint64_t index,
				 struct told_bytes_list *out)
{
	told_hash path[TOLD_PROOF_MAX];
	size_t count = 0;
	enum told_status status = told_tree_inclusion(told_log_node, log->tree, index, log->size, path, &count);
	return status == TOLD_OK ? told_hash_views(arena, path, count, out) : status;
}

enum told_status told_consistency_views(const struct told_log_view *log, struct told_arena *arena, uint64_t a,
					uint64_t b, struct told_bytes_list *out)
{
	told_hash path[TOLD_PROOF_MAX];
	size_t count = 0;
	uint64_t old_size = a < b ? a : b, new_size = a < b ? b : a;
	*out = (struct told_bytes_list){0};
	if (old_size == new_size || old_size == 0)
		return TOLD_OK;
	enum told_status status = told_tree_consistency(told_log_node, log->tree, old_size, new_size, path, &count);
	return status == TOLD_OK ? told_hash_views(arena, path, count, out) : status;
}
