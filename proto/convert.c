/* SPDX-License-Identifier: Apache-2.0 */
/* From our structs to protobuf-c's, by the tables of schema.h and protobuf-c's own descriptors walked together.
 * Knows protobuf-c's runtime, no generated schema. Everything made stands in the caller's arena. */
#include "convert.h"

#include <assert.h>
#include <string.h>

/* A piece of the arena, given out in steps of 8: half of what is asked for is short text. */
#define PIECE_BYTES 1024u

void *told_share_alloc(void *data, size_t size)
{
	struct told_share *share = data;
	size_t need = (size + 7) / 8 * 8;
	if (need < size)
		return NULL;
	if (need > share->room) {
		size_t piece = share->left < PIECE_BYTES ? share->left : PIECE_BYTES;
		if (need > piece)
			piece = need;
		if (piece > share->left)
			return NULL;
		uint8_t *at = told_arena_alloc(share->arena, piece);
		if (at == NULL)
			return NULL;
		share->left -= piece;
		if (need >= PIECE_BYTES) /* what is left of the piece in hand serves on */
			return at;
		share->at = at;
		share->room = piece;
	}
	void *made = share->at;
	share->at += need;
	share->room -= need;
	return made;
}

/* Every list of ours has this form. */
struct list {
	void *items;
	size_t count;
};

static void *theirs_at(const ProtobufCMessage *message, unsigned offset)
{
	return (uint8_t *)(uintptr_t)message + offset;
}

static size_t *their_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	return theirs_at(message, field->quantifier_offset);
}

/* One field from us to them. ours is the member in our struct. */
struct pass {
	struct told_share *share;
	const struct told_field *row;
	const ProtobufCFieldDescriptor *field;
	const ProtobufCMessage *message;
	uint8_t *ours;
};

static void *theirs(const struct pass *p)
{
	return theirs_at(p->message, p->field->offset);
}

/* protobuf-c's data is not const though it is only read from. */
static ProtobufCBinaryData binary(struct told_bytes bytes)
{
	return (ProtobufCBinaryData){.len = bytes.len, .data = (uint8_t *)(uintptr_t)bytes.data};
}

static enum told_status write_u32(const struct pass *p)
{
	*(uint32_t *)theirs(p) = *(uint32_t *)p->ours;
	return TOLD_OK;
}

static enum told_status write_u64(const struct pass *p)
{
	*(uint64_t *)theirs(p) = *(uint64_t *)p->ours;
	return TOLD_OK;
}

static enum told_status write_string(struct told_share *share, const struct told_field *row, struct told_bytes text,
				     char **out)
{
	if (text.len > row->max)
		return TOLD_E_LIMIT;
	if (!told_utf8_valid(text)) /* nor does it hold a NUL then */
		return TOLD_E_MALFORMED;
	*out = told_share_alloc(share, text.len + 1);
	if (*out == NULL)
		return TOLD_E_LIMIT;
	if (text.len > 0)
		memcpy(*out, text.data, text.len);
	(*out)[text.len] = '\0';
	return TOLD_OK;
}

static enum told_status write_text(const struct pass *p)
{
	struct told_bytes text = *(struct told_bytes *)p->ours;
	return text.len > 0 ? write_string(p->share, p->row, text, theirs(p)) : TOLD_OK;
}

static enum told_status write_bytes(const struct pass *p)
{
	*(ProtobufCBinaryData *)theirs(p) = binary(*(struct told_bytes *)p->ours);
	return TOLD_OK;
}

static enum told_status write_part(const struct pass *p)
{
	const uint8_t *part = *(uint8_t **)p->ours;
	if (part == NULL)
		return TOLD_OK;
	return told_write_message(p->row->part, p->field->descriptor, part, p->share, theirs(p));
}

static enum told_status write_numbers(const struct pass *p)
{
	const struct list *list = (struct list *)p->ours;
	if (list->count > p->row->count)
		return TOLD_E_LIMIT;
	*their_count(p->message, p->field) = list->count;
	*(void **)theirs(p) = list->items;
	return TOLD_OK;
}

/* An array of theirs for a list of ours. */
static enum told_status new_array(const struct pass *p, size_t size, void *out)
{
	const struct list *list = (struct list *)p->ours;
	if (list->count > p->row->count)
		return TOLD_E_LIMIT;
	if (list->count == 0)
		return TOLD_OK;
	void *made = told_share_alloc(p->share, list->count * size);
	if (made == NULL)
		return TOLD_E_LIMIT;
	*their_count(p->message, p->field) = list->count;
	*(void **)theirs(p) = *(void **)out = made;
	return TOLD_OK;
}

static enum told_status write_texts(const struct pass *p)
{
	char **to = NULL;
	const struct told_bytes_list *list = (struct told_bytes_list *)p->ours;
	enum told_status status = new_array(p, sizeof *to, &to);
	for (size_t i = 0; status == TOLD_OK && i < list->count; i++)
		status = write_string(p->share, p->row, list->items[i], &to[i]);
	return status;
}

static enum told_status write_bytes_list(const struct pass *p)
{
	ProtobufCBinaryData *to = NULL;
	const struct told_bytes_list *list = (struct told_bytes_list *)p->ours;
	enum told_status status = new_array(p, sizeof *to, &to);
	for (size_t i = 0; status == TOLD_OK && i < list->count; i++)
		to[i] = binary(list->items[i]);
	return status;
}

static enum told_status write_parts(const struct pass *p)
{
	ProtobufCMessage **to = NULL;
	const struct list *list = (struct list *)p->ours;
	const uint8_t *items = list->items;
	enum told_status status = new_array(p, sizeof *to, &to);
	for (size_t i = 0; status == TOLD_OK && i < list->count; i++)
		status = told_write_message(p->row->part, p->field->descriptor, items + i * p->row->part->size,
					    p->share, &to[i]);
	return status;
}

static enum told_status (*const WRITERS[TOLD_KIND_COUNT])(const struct pass *p) = {
	[TOLD_KIND_U32] = write_u32,
	[TOLD_KIND_U64] = write_u64,
	[TOLD_KIND_ENUM] = write_u32,
	[TOLD_KIND_TEXT] = write_text,
	[TOLD_KIND_BYTES] = write_bytes,
	[TOLD_KIND_PART] = write_part,
	[TOLD_KIND_U32S] = write_numbers,
	[TOLD_KIND_ENUMS] = write_numbers,
	[TOLD_KIND_TEXTS] = write_texts,
	[TOLD_KIND_PARTS] = write_parts,
	[TOLD_KIND_BYTES_LIST] = write_bytes_list,
};

enum told_status told_write_message(const struct told_shape *shape, const ProtobufCMessageDescriptor *descriptor,
				    const uint8_t *ours, struct told_share *share, ProtobufCMessage **out)
{
	assert(descriptor->n_fields == shape->count);
	ProtobufCMessage *message = told_share_alloc(share, descriptor->sizeof_message);
	if (message == NULL)
		return TOLD_E_LIMIT;
	descriptor->message_init(message);
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < shape->count; i++) {
		const struct told_field *row = &shape->fields[i];
		status = WRITERS[row->kind](&(struct pass){.share = share,
							   .row = row,
							   .field = &descriptor->fields[i],
							   .message = message,
							   .ours = (uint8_t *)(uintptr_t)ours + row->offset});
	}
	*out = message;
	return status;
}
