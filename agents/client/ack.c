/* SPDX-License-Identifier: Apache-2.0 */
/* Acknowledgements, and what was opened: many parcels in one signed message, each line provable on its own (protocol
 * section 5). */
#include "told/client.h"

#include <string.h>

/* Any line, its canonical bytes in the arena. */
static enum told_status encoded(struct told_arena *arena, enum told_schema schema, const void *line,
				struct told_bytes *out)
{
	struct told_buf buf = TOLD_BUF(TOLD_LINE_MAX_BYTES);
	enum told_status status = told_encode(schema, line, &buf);
	if (status == TOLD_OK) {
		*out = told_arena_copy(arena, told_buf_view(&buf));
		status = out->len == buf.len ? TOLD_OK : TOLD_E_MEMORY;
	}
	told_buf_free(&buf);
	return status;
}

static enum told_status ack_line(struct told_arena *arena, const struct told_ack_entry *entry, struct told_bytes *out)
{
	uint8_t salt[TOLD_SALT_BYTES];
	enum told_status status = told_random(salt, sizeof salt);
	struct told_ack_line line = {.parcel = told_bytes(entry->parcel, TOLD_ID_BYTES),
				     .result = entry->result,
				     .salt = told_bytes(salt, sizeof salt)};
	return status == TOLD_OK ? encoded(arena, TOLD_SCHEMA_ACK_LINE, &line, out) : status;
}

static enum told_status opened_line(struct told_arena *arena, const struct told_opened_entry *entry,
				    struct told_bytes *out)
{
	uint8_t salt[TOLD_SALT_BYTES];
	enum told_status status = told_random(salt, sizeof salt);
	struct told_opened_line line = {.parcel = entry->parcel,
					.worker = entry->worker,
					.time_ms = entry->time_ms,
					.salt = told_bytes(salt, sizeof salt),
					.message = entry->message};
	return status == TOLD_OK ? encoded(arena, TOLD_SCHEMA_OPENED_LINE, &line, out) : status;
}

/* Fisher-Yates: the order must not say in which order parcels came. */
static enum told_status shuffle(struct told_bytes *lines, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		uint64_t random = 0;
		enum told_status status = told_random(&random, sizeof random);
		if (status != TOLD_OK)
			return status;
		size_t j = (size_t)(random % i);
		struct told_bytes swap = lines[i - 1];
		lines[i - 1] = lines[j];
		lines[j] = swap;
	}
	return TOLD_OK;
}

static enum told_status root_of(struct told_arena *arena, const struct told_bytes *lines, size_t count,
				struct told_lines_part *out)
{
	told_hash *leaves = told_arena_alloc(arena, count * sizeof *leaves),
		  *root = told_arena_alloc(arena, sizeof *root);
	if (leaves == NULL || root == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < count; i++)
		told_leaf_hash(lines[i], &leaves[i]);
	told_merkle_root(leaves, count, root);
	*out = (struct told_lines_part){.count = (uint32_t)count, .root = told_bytes(root->b, sizeof root->b)};
	return TOLD_OK;
}

static enum told_status body_of(struct told_arena *arena, struct told_bytes *lines, size_t count,
				struct told_bytes *out)
{
	struct told_body body = {.lines = {.items = lines, .count = count}};
	struct told_buf buf = TOLD_BUF(TOLD_BODY_MAX_BYTES);
	enum told_status status = told_body_encode(&body, &buf);
	if (status == TOLD_OK) {
		*out = told_arena_copy(arena, told_buf_view(&buf));
		status = out->len == buf.len ? TOLD_OK : TOLD_E_MEMORY;
	}
	told_buf_free(&buf);
	return status;
}

/* Lines in random order, the root over them, the body that holds them. */
static enum told_status finish(struct told_arena *arena, struct told_bytes *made, size_t count,
			       struct told_lines_part *lines, struct told_bytes *body)
{
	enum told_status status = shuffle(made, count);
	if (status == TOLD_OK)
		status = root_of(arena, made, count, lines);
	return status == TOLD_OK ? body_of(arena, made, count, body) : status;
}

enum told_status told_ack_make(struct told_arena *arena, const struct told_ack_entry *entries, size_t count,
			       struct told_lines_part *lines, struct told_bytes *body)
{
	if (count < 1 || count > TOLD_ACK_LINES_MAX)
		return TOLD_E_USAGE;
	struct told_bytes *made = told_arena_alloc(arena, count * sizeof *made);
	enum told_status status = made == NULL ? TOLD_E_MEMORY : TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		status = ack_line(arena, &entries[i], &made[i]);
	return status == TOLD_OK ? finish(arena, made, count, lines, body) : status;
}

enum told_status told_opened_make(struct told_arena *arena, const struct told_opened_entry *entries, size_t count,
				  struct told_lines_part *lines, struct told_bytes *body)
{
	if (count < 1 || count > TOLD_ACK_LINES_MAX)
		return TOLD_E_USAGE;
	struct told_bytes *made = told_arena_alloc(arena, count * sizeof *made);
	enum told_status status = made == NULL ? TOLD_E_MEMORY : TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < count; i++)
		status = opened_line(arena, &entries[i], &made[i]);
	return status == TOLD_OK ? finish(arena, made, count, lines, body) : status;
}
