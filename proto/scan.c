/* SPDX-License-Identifier: Apache-2.0 */
/* The scan: what untrusted bytes meet before anything is allocated for them. It bounds every count and length by the
 * schema's table, so that the decoder behind it cannot be blown up, and knows protobuf's wire form only. */
#include "schema.h"

enum wire { WIRE_VARINT = 0, WIRE_LENGTH = 2 };

struct reader {
	const uint8_t *at, *end;
};

/* At most ten bytes; that it is the shortest form shows when the message is packed again. */
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
		if (byte < 0x80)
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
	*view = told_bytes(r->at, (size_t)len);
	r->at += len;
	return TOLD_OK;
}

static bool is_list(const struct told_field *field)
{
	return field->kind >= TOLD_KIND_U32S;
}

static enum told_status scan_number(struct reader *r, const struct told_field *field)
{
	uint64_t value;
	enum told_status status = read_varint(r, &value);
	if (status != TOLD_OK)
		return status;
	if (value == 0)
		return TOLD_E_NOT_CANONICAL;
	return value <= field->max ? TOLD_OK : TOLD_E_LIMIT;
}

static enum told_status scan_enum(struct reader *r, const struct told_field *field)
{
	enum told_status status = scan_number(r, field);
	return status == TOLD_E_LIMIT ? TOLD_E_UNKNOWN : status;
}

static enum told_status scan_bytes(struct reader *r, const struct told_field *field)
{
	struct told_bytes view;
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
	return !text || told_utf8_valid(view) ? TOLD_OK : TOLD_E_MALFORMED;
}

static enum told_status scan_part(struct reader *r, const struct told_field *field)
{
	struct told_bytes view;
	enum told_status status = read_view(r, &view);
	return status == TOLD_OK ? told_scan(field->part, view) : status;
}

static enum told_status scan_packed(struct reader *r, const struct told_field *field)
{
	struct told_bytes view;
	enum told_status status = read_view(r, &view);
	if (status != TOLD_OK)
		return status;
	if (view.len == 0)
		return TOLD_E_NOT_CANONICAL;
	struct reader items = {.at = view.data, .end = view.data + view.len};
	for (uint32_t n = 0; items.at < items.end; n++) {
		uint64_t value;
		if (n == field->count)
			return TOLD_E_LIMIT;
		status = read_varint(&items, &value);
		if (status != TOLD_OK)
			return status;
		if (field->kind == TOLD_KIND_ENUMS && (value == 0 || value > field->max))
			return TOLD_E_UNKNOWN;
		if (value > field->max)
			return TOLD_E_LIMIT;
	}
	return TOLD_OK;
}

/* Per kind: its wire type, how often it may stand there, and who looks at its value. */
static const struct {
	uint8_t wire;
	bool repeats;
	enum told_status (*scan)(struct reader *r, const struct told_field *field);
} KINDS[TOLD_KIND_COUNT] = {
	[TOLD_KIND_U32] = {WIRE_VARINT, false, scan_number},  [TOLD_KIND_U64] = {WIRE_VARINT, false, scan_number},
	[TOLD_KIND_ENUM] = {WIRE_VARINT, false, scan_enum},   [TOLD_KIND_TEXT] = {WIRE_LENGTH, false, scan_bytes},
	[TOLD_KIND_BYTES] = {WIRE_LENGTH, false, scan_bytes}, [TOLD_KIND_PART] = {WIRE_LENGTH, false, scan_part},
	[TOLD_KIND_U32S] = {WIRE_LENGTH, false, scan_packed}, [TOLD_KIND_ENUMS] = {WIRE_LENGTH, false, scan_packed},
	[TOLD_KIND_TEXTS] = {WIRE_LENGTH, true, scan_bytes},  [TOLD_KIND_BYTES_LIST] = {WIRE_LENGTH, true, scan_bytes},
	[TOLD_KIND_PARTS] = {WIRE_LENGTH, true, scan_part},
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

enum told_status told_scan(const struct told_shape *shape, struct told_bytes bytes)
{
	if (bytes.len == 0) /* no field at all is a form too, and NULL + 0 none */
		return TOLD_OK;
	struct reader r = {.at = bytes.data, .end = bytes.data + bytes.len};
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
		status = KINDS[field->kind].scan(&r, field);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}
