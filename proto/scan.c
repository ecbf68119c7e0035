/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over untrusted bytes along a schema's table: it bounds every count and length before anything is allocated
 * for it, and takes the one canonical form only. What it sees it may put into a struct of ours, as views.
 * Knows protobuf's wire form and no library. */
#include "convert.h"

enum wire { WIRE_VARINT = 0, WIRE_LENGTH = 2 };

/* Every list of ours has this form. */
struct list {
	uint8_t *items;
	size_t count;
};

/* Of the whole walk. */
struct walk {
	struct told_share *share; /* NULL: the bytes are only looked at */
	bool long_form; /* a number took more bytes than it needs: said last, as of a form that is else good */
};

struct reader {
	const uint8_t *at, *end;
	struct walk *walk;
};

static enum told_status walk_message(const struct told_shape *shape, struct told_bytes bytes, struct walk *walk,
				     uint8_t *ours);

/* At most ten bytes. */
static enum told_status read_varint(struct reader *r, uint64_t *value)
{
	*value = 0;
	for (unsigned shift = 0; shift < 70; shift += 7) {
		if (r->at == r->end)
			return TOLD_E_MALFORMED;
		uint8_t byte = *r->at++;
		if (shift == 63 && byte > 1)
			return TOLD_E_MALFORMED;
		*value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte >= 0x80)
			continue;
		r->walk->long_form |= byte == 0 && shift > 0;
		return TOLD_OK;
	}
	return TOLD_E_MALFORMED;
}

static enum told_status read_view(struct reader *r, struct told_bytes *view)
{
	uint64_t len;
	enum told_status status = read_varint(r, &len);
	if (status != TOLD_OK)
		return status;
	if (len > (uint64_t)(r->end - r->at))
		return TOLD_E_MALFORMED;
	*view = told_bytes(len > 0 ? r->at : NULL, (size_t)len);
	r->at += len;
	return TOLD_OK;
}

static bool is_list(const struct told_field *field)
{
	return field->kind >= TOLD_KIND_U32S;
}

/* ---- room in ours ---- */

/* How many elements stand behind each other, of which the first was cut off already: each has the same tag. Those
 * behind the first are yet to be looked at, so nothing but their lengths is believed. */
static size_t count_run(struct reader r, const struct told_field *field)
{
	const uint64_t wanted = (uint64_t)field->number << 3 | WIRE_LENGTH;
	struct walk unheard = {0};
	size_t n = 1;
	r.walk = &unheard;
	for (uint64_t tag; n < field->count && read_varint(&r, &tag) == TOLD_OK && tag == wanted; n++) {
		struct told_bytes view;
		if (read_view(&r, &view) != TOLD_OK)
			break;
	}
	return n;
}

static size_t count_numbers(struct told_bytes packed)
{
	size_t n = 0;
	for (size_t i = 0; i < packed.len; i++)
		n += packed.data[i] < 0x80;
	return n;
}

static enum told_status new_list(struct reader *r, struct list *list, size_t count, size_t item_bytes)
{
	list->items = told_share_alloc(r->walk->share, count * item_bytes);
	return list->items != NULL ? TOLD_OK : TOLD_E_LIMIT;
}

/* The place of the element that was just cut off: the next of a list, whose room is made with the first. */
static enum told_status next_item(struct reader *r, const struct told_field *field, size_t item_bytes, uint8_t *ours,
				  void *out)
{
	struct list *list = (struct list *)ours;
	enum told_status status = TOLD_OK;
	if (list->items == NULL)
		status = new_list(r, list, count_run(*r, field), item_bytes);
	if (status == TOLD_OK)
		*(uint8_t **)out = list->items + list->count++ * item_bytes;
	return status;
}

/* ---- one value: looked at, and put into ours unless that is NULL ---- */

static enum told_status walk_number(struct reader *r, const struct told_field *field, uint8_t *ours)
{
	uint64_t value;
	enum told_status status = read_varint(r, &value);
	if (status != TOLD_OK)
		return status;
	if (value == 0)
		return TOLD_E_NOT_CANONICAL;
	if (value > field->max)
		return field->kind == TOLD_KIND_ENUM ? TOLD_E_UNKNOWN : TOLD_E_LIMIT;
	if (ours != NULL && field->kind == TOLD_KIND_U64)
		*(uint64_t *)ours = value;
	else if (ours != NULL)
		*(uint32_t *)ours = (uint32_t)value;
	return TOLD_OK;
}

static enum told_status walk_bytes(struct reader *r, const struct told_field *field, uint8_t *ours)
{
	struct told_bytes view, *place = (struct told_bytes *)ours;
	enum told_status status = read_view(r, &view);
	if (status != TOLD_OK)
		return status;
	if (view.len == 0 && !is_list(field))
		return TOLD_E_NOT_CANONICAL;
	if (view.len > field->max)
		return TOLD_E_LIMIT;
	if (view.len < field->min_bytes)
		return TOLD_E_MALFORMED;
	bool text = field->kind == TOLD_KIND_TEXT || field->kind == TOLD_KIND_TEXTS;
	if (text && !told_utf8_valid(view))
		return TOLD_E_MALFORMED;
	if (ours != NULL && is_list(field))
		status = next_item(r, field, sizeof *place, ours, &place);
	if (ours != NULL && status == TOLD_OK)
		*place = view;
	return status;
}

static enum told_status walk_part(struct reader *r, const struct told_field *field, uint8_t *ours)
{
	struct told_bytes view;
	uint8_t *place = NULL;
	enum told_status status = read_view(r, &view);
	if (status == TOLD_OK && ours != NULL && is_list(field)) {
		status = next_item(r, field, field->part->size, ours, &place);
	} else if (status == TOLD_OK && ours != NULL) {
		*(uint8_t **)ours = place = told_share_alloc(r->walk->share, field->part->size);
		status = place != NULL ? TOLD_OK : TOLD_E_LIMIT;
	}
	return status == TOLD_OK ? walk_message(field->part, view, r->walk, place) : status;
}

static enum told_status walk_packed(struct reader *r, const struct told_field *field, uint8_t *ours)
{
	struct told_bytes view;
	struct list *list = (struct list *)ours;
	enum told_status status = read_view(r, &view);
	if (status != TOLD_OK)
		return status;
	if (view.len == 0)
		return TOLD_E_NOT_CANONICAL;
	if (ours != NULL && count_numbers(view) <= field->count)
		status = new_list(r, list, count_numbers(view), sizeof(uint32_t));
	struct reader items = {.at = view.data, .end = view.data + view.len, .walk = r->walk};
	for (uint32_t n = 0; status == TOLD_OK && items.at < items.end; n++) {
		uint64_t value;
		if (n == field->count)
			return TOLD_E_LIMIT;
		status = read_varint(&items, &value);
		if (status == TOLD_OK && field->kind == TOLD_KIND_ENUMS && (value == 0 || value > field->max))
			return TOLD_E_UNKNOWN;
		if (status == TOLD_OK && value > field->max)
			return TOLD_E_LIMIT;
		if (status == TOLD_OK && list != NULL && list->items != NULL)
			((uint32_t *)(void *)list->items)[list->count++] = (uint32_t)value;
	}
	return status;
}

/* Per kind: its wire type, how often it may stand there, and who looks at its value. */
static const struct {
	uint8_t wire;
	bool repeats;
	enum told_status (*walk)(struct reader *r, const struct told_field *field, uint8_t *ours);
} KINDS[TOLD_KIND_COUNT] = {
	[TOLD_KIND_U32] = {WIRE_VARINT, false, walk_number},  [TOLD_KIND_U64] = {WIRE_VARINT, false, walk_number},
	[TOLD_KIND_ENUM] = {WIRE_VARINT, false, walk_number}, [TOLD_KIND_TEXT] = {WIRE_LENGTH, false, walk_bytes},
	[TOLD_KIND_BYTES] = {WIRE_LENGTH, false, walk_bytes}, [TOLD_KIND_PART] = {WIRE_LENGTH, false, walk_part},
	[TOLD_KIND_U32S] = {WIRE_LENGTH, false, walk_packed}, [TOLD_KIND_ENUMS] = {WIRE_LENGTH, false, walk_packed},
	[TOLD_KIND_TEXTS] = {WIRE_LENGTH, true, walk_bytes},  [TOLD_KIND_BYTES_LIST] = {WIRE_LENGTH, true, walk_bytes},
	[TOLD_KIND_PARTS] = {WIRE_LENGTH, true, walk_part},
};

static enum told_status out_of_place(const struct told_shape *shape, uint64_t number)
{
	for (size_t i = 0; i < shape->count; i++)
		if (shape->fields[i].number == number)
			return TOLD_E_NOT_CANONICAL;
	return number == 0 ? TOLD_E_MALFORMED : TOLD_E_UNKNOWN;
}

/* A list of numbers that is not packed is another form of the same; anything else in a known field's place is none. */
static enum told_status wrong_wire(const struct told_field *field, unsigned wire)
{
	bool unpacked = wire == WIRE_VARINT && (field->kind == TOLD_KIND_U32S || field->kind == TOLD_KIND_ENUMS);
	return unpacked ? TOLD_E_NOT_CANONICAL : TOLD_E_MALFORMED;
}

static enum told_status walk_message(const struct told_shape *shape, struct told_bytes bytes, struct walk *walk,
				     uint8_t *ours)
{
	if (bytes.len == 0) /* no field at all is a form too, and NULL + 0 none */
		return TOLD_OK;
	struct reader r = {.at = bytes.data, .end = bytes.data + bytes.len, .walk = walk};
	size_t row = 0;
	uint32_t seen = 0;
	while (r.at < r.end) {
		uint64_t tag;
		enum told_status status = read_varint(&r, &tag);
		if (status != TOLD_OK)
			return status;
		while (row < shape->count && shape->fields[row].number < tag >> 3)
			row++, seen = 0;
		if (row == shape->count || shape->fields[row].number != tag >> 3)
			return out_of_place(shape, tag >> 3);
		const struct told_field *field = &shape->fields[row];
		if (KINDS[field->kind].wire != (tag & 7))
			return wrong_wire(field, tag & 7);
		if (seen == (KINDS[field->kind].repeats ? field->count : 1))
			return KINDS[field->kind].repeats ? TOLD_E_LIMIT : TOLD_E_NOT_CANONICAL;
		seen++;
		status = KINDS[field->kind].walk(&r, field, ours != NULL ? ours + field->offset : NULL);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

static enum told_status walk_all(const struct told_shape *shape, struct told_bytes bytes, struct told_share *share,
				 uint8_t *ours)
{
	struct walk walk = {.share = share};
	enum told_status status = walk_message(shape, bytes, &walk, ours);
	return status == TOLD_OK && walk.long_form ? TOLD_E_NOT_CANONICAL : status;
}

enum told_status told_scan(const struct told_shape *shape, struct told_bytes bytes)
{
	return walk_all(shape, bytes, NULL, NULL);
}

enum told_status told_read_message(const struct told_shape *shape, struct told_bytes bytes, struct told_share *share,
				   uint8_t *ours)
{
	return walk_all(shape, bytes, share, ours);
}
