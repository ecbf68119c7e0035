/* SPDX-License-Identifier: Apache-2.0 */
/* The one codec: untrusted bytes to our structs and back, in one canonical form. The only file that includes generated
 * schemas. A decode is: size, a copy, one walk (scan.c). An encode is: conversion (convert.c), packing, the same walk.
 */
#include "convert.h"

#include <string.h>

#include "body.pb-c.h"
#include "header.pb-c.h"
#include "leaf.pb-c.h"
#include "session.pb-c.h"

/* What encoding may use for lists and text: rows of pointers to what the caller holds, never its large byte strings. */
#define ENCODE_HEAP_BYTES (16u * 1024u * 1024u)

/* ---- Our numbers are the schema's: a difference does not compile ---- */

#define SAME(theirs, number)                 _Static_assert((int)(theirs) == (number), #theirs);
#define X_TYPE_SAME(n, name, ...)            SAME(TOLD__TYPE__TYPE_##name, n)
#define X_CATEGORY_SAME(n, name, ...)        SAME(TOLD__CATEGORY__CATEGORY_##name, n)
#define X_PURPOSE_SAME(n, name, ...)         SAME(TOLD__PURPOSE__PURPOSE_##name, n)
#define X_ART6_SAME(n, name, ...)            SAME(TOLD__ARTICLE6__ART6_##name, n)
#define X_ART9_SAME(n, name, ...)            SAME(TOLD__ARTICLE9__ART9_##name, n)
#define X_ART10_SAME(n, name, ...)           SAME(TOLD__ARTICLE10__ART10_##name, n)
#define X_CONFIDENTIALITY_SAME(n, name, ...) SAME(TOLD__CONFIDENTIALITY__CONFIDENTIALITY_##name, n)
#define X_POWER_SAME(n, name, ...)           SAME(TOLD__POWER__POWER_##name, n)
#define X_ROLE_SAME(n, name, ...)            SAME(TOLD__ROLE__ROLE_##name, n)
#define X_WORKER_KIND_SAME(n, name, ...)     SAME(TOLD__WORKER_KIND__WORKER_KIND_##name, n)
#define X_VOICE_SAME(n, name, ...)           SAME(TOLD__VOICE__VOICE_##name, n)
#define X_CONSENT_KIND_SAME(n, name, ...)    SAME(TOLD__CONSENT_KIND__CONSENT_KIND_##name, n)
#define X_CONSENT_STATE_SAME(n, name, ...)   SAME(TOLD__CONSENT_STATE__CONSENT_STATE_##name, n)
#define X_GIVER_SAME(n, name, ...)           SAME(TOLD__GIVER__GIVER_##name, n)
#define X_EVIDENCE_SAME(n, name, ...)        SAME(TOLD__EVIDENCE__EVIDENCE_##name, n)
#define X_RELATIONSHIP_SAME(n, name, ...)    SAME(TOLD__RELATIONSHIP_KIND__RELATIONSHIP_##name, n)
#define X_KEY_SAME(n, name, ...)             SAME(TOLD__KEY_PURPOSE__KEY_##name, n)
#define X_OVERRIDE_SAME(n, name, ...)        SAME(TOLD__OVERRIDE_KIND__OVERRIDE_##name, n)
#define X_AUDIT_PURPOSE_SAME(n, name, ...)   SAME(TOLD__AUDIT_PURPOSE__AUDIT_PURPOSE_##name, n)
#define X_AUDIT_ASKER_SAME(n, name, ...)     SAME(TOLD__AUDIT_ASKER__AUDIT_ASKER_##name, n)
#define X_ALERT_EVENT_SAME(n, name, ...)     SAME(TOLD__ALERT_EVENT__ALERT_EVENT_##name, n)
#define X_ALERT_OUTCOME_SAME(n, name, ...)   SAME(TOLD__ALERT_OUTCOME__ALERT_OUTCOME_##name, n)
#define X_REFERRAL_SAME(n, name, ...)        SAME(TOLD__REFERRAL_STATE__REFERRAL_##name, n)
#define X_REASON_SAME(n, name, ...)          SAME(TOLD__REASON__REASON_##name, n)
TOLD_TYPES(X_TYPE_SAME)
TOLD_CATEGORIES(X_CATEGORY_SAME)
TOLD_PURPOSES(X_PURPOSE_SAME)
TOLD_ART6S(X_ART6_SAME)
TOLD_ART9S(X_ART9_SAME)
TOLD_ART10S(X_ART10_SAME)
TOLD_CONFIDENTIALITIES(X_CONFIDENTIALITY_SAME)
TOLD_POWERS(X_POWER_SAME)
TOLD_ROLES(X_ROLE_SAME)
TOLD_WORKER_KINDS(X_WORKER_KIND_SAME)
TOLD_VOICES(X_VOICE_SAME)
TOLD_CONSENT_KINDS(X_CONSENT_KIND_SAME)
TOLD_CONSENT_STATES(X_CONSENT_STATE_SAME)
TOLD_GIVERS(X_GIVER_SAME)
TOLD_EVIDENCES(X_EVIDENCE_SAME)
TOLD_RELATIONSHIP_KINDS(X_RELATIONSHIP_SAME)
TOLD_KEY_PURPOSES(X_KEY_SAME)
TOLD_OVERRIDE_KINDS(X_OVERRIDE_SAME)
TOLD_AUDIT_PURPOSES(X_AUDIT_PURPOSE_SAME)
TOLD_AUDIT_ASKERS(X_AUDIT_ASKER_SAME)
TOLD_ALERT_EVENTS(X_ALERT_EVENT_SAME)
TOLD_ALERT_OUTCOMES(X_ALERT_OUTCOME_SAME)
TOLD_REFERRAL_STATES(X_REFERRAL_SAME)
TOLD_REASONS(X_REASON_SAME)

/* ---- The schemas ---- */

static const ProtobufCMessageDescriptor *const DESCRIPTORS[TOLD_SCHEMA_COUNT] = {
	[TOLD_SCHEMA_HEADER] = &told__header__descriptor,
	[TOLD_SCHEMA_CONSENT] = &told__consent__descriptor,
	[TOLD_SCHEMA_ENVELOPE] = &told__envelope__descriptor,
	[TOLD_SCHEMA_BODY] = &told__body__descriptor,
	[TOLD_SCHEMA_SECTION_HEADER] = &told__section_header__descriptor,
	[TOLD_SCHEMA_SECTION] = &told__section__descriptor,
	[TOLD_SCHEMA_WRAP] = &told__wrap__descriptor,
	[TOLD_SCHEMA_ACK_LINE] = &told__ack_line__descriptor,
	[TOLD_SCHEMA_OPENED_LINE] = &told__opened_line__descriptor,
	[TOLD_SCHEMA_HELLO] = &told__hello__descriptor,
	[TOLD_SCHEMA_WELCOME] = &told__welcome__descriptor,
	[TOLD_SCHEMA_CREDIT] = &told__credit__descriptor,
	[TOLD_SCHEMA_HEARTBEAT] = &told__heartbeat__descriptor,
	[TOLD_SCHEMA_CHECKPOINT] = &told__checkpoint__descriptor,
	[TOLD_SCHEMA_COSIGNATURE] = &told__cosignature__descriptor,
	[TOLD_SCHEMA_ANSWER] = &told__answer__descriptor,
	[TOLD_SCHEMA_PARCEL] = &told__parcel__descriptor,
	[TOLD_SCHEMA_VIEW] = &told__view__descriptor,
	[TOLD_SCHEMA_AGAIN] = &told__again__descriptor,
	[TOLD_SCHEMA_LEAF] = &told__leaf__descriptor,
	[TOLD_SCHEMA_LEAF_FACTS] = &told__leaf_facts__descriptor,
	[TOLD_SCHEMA_LEAF_RULING] = &told__leaf_ruling__descriptor,
	[TOLD_SCHEMA_LEAF_SUBJECT] = &told__leaf_subject__descriptor,
};

/* Views are into a copy in the arena: the caller's bytes may go. */
enum told_status told_decode(enum told_schema schema, struct told_bytes bytes, struct told_arena *arena, void **out)
{
	*out = NULL;
	const struct told_schema_entry *entry = told_schema_entry(schema);
	if (entry == NULL)
		return TOLD_E_INTERNAL;
	if (bytes.len > entry->max_bytes)
		return TOLD_E_LIMIT;
	struct told_bytes kept = told_arena_copy(arena, bytes);
	struct told_share share = {.arena = arena, .left = TOLD_DECODE_FACTOR * bytes.len + TOLD_DECODE_EXTRA_BYTES};
	uint8_t *made = told_share_alloc(&share, entry->shape->size);
	if (made == NULL || kept.len != bytes.len)
		return TOLD_E_LIMIT;
	enum told_status status = told_read_message(entry->shape, kept, &share, made);
	if (status == TOLD_OK)
		*out = made;
	return status;
}

struct gather {
	ProtobufCBuffer base;
	struct told_buf *out;
};

static void gather_append(ProtobufCBuffer *buffer, size_t len, const uint8_t *data)
{
	told_buf_put(((struct gather *)buffer)->out, data, len);
}

static enum told_status pack(const struct told_schema_entry *entry, const ProtobufCMessage *message,
			     struct told_buf *out)
{
	size_t before = out->len;
	if (protobuf_c_message_get_packed_size(message) > entry->max_bytes)
		return TOLD_E_LIMIT;
	struct gather gather = {.base = {.append = gather_append}, .out = out};
	protobuf_c_message_pack_to_buffer(message, &gather.base);
	if (out->status != TOLD_OK)
		return out->status;
	if (out->len == before) /* nothing is set: no bytes, and perhaps no buffer yet */
		return TOLD_OK;
	enum told_status status = told_scan(entry->shape, told_bytes(out->data + before, out->len - before));
	if (status != TOLD_OK)
		out->len = before;
	return status;
}

enum told_status told_encode(enum told_schema schema, const void *message, struct told_buf *out)
{
	const struct told_schema_entry *entry = told_schema_entry(schema);
	if (entry == NULL || message == NULL)
		return TOLD_E_INTERNAL;
	struct told_arena *arena = NULL;
	enum told_status status = told_arena_new(ENCODE_HEAP_BYTES, &arena);
	if (status != TOLD_OK)
		return status;
	struct told_share share = {.arena = arena, .left = ENCODE_HEAP_BYTES};
	ProtobufCMessage *theirs_made = NULL;
	status = told_write_message(entry->shape, DESCRIPTORS[schema], message, &share, &theirs_made);
	if (status == TOLD_OK)
		status = pack(entry, theirs_made, out);
	told_arena_free(arena);
	return status;
}

/* ---- Do the tables fit the schemas? For tests ---- */

static const struct {
	ProtobufCType type;
	bool list;
} THEIR_KINDS[TOLD_KIND_COUNT] = {
	[TOLD_KIND_U32] = {PROTOBUF_C_TYPE_UINT32, false},   [TOLD_KIND_U64] = {PROTOBUF_C_TYPE_UINT64, false},
	[TOLD_KIND_ENUM] = {PROTOBUF_C_TYPE_ENUM, false},    [TOLD_KIND_TEXT] = {PROTOBUF_C_TYPE_STRING, false},
	[TOLD_KIND_BYTES] = {PROTOBUF_C_TYPE_BYTES, false},  [TOLD_KIND_PART] = {PROTOBUF_C_TYPE_MESSAGE, false},
	[TOLD_KIND_U32S] = {PROTOBUF_C_TYPE_UINT32, true},   [TOLD_KIND_ENUMS] = {PROTOBUF_C_TYPE_ENUM, true},
	[TOLD_KIND_TEXTS] = {PROTOBUF_C_TYPE_STRING, true},  [TOLD_KIND_BYTES_LIST] = {PROTOBUF_C_TYPE_BYTES, true},
	[TOLD_KIND_PARTS] = {PROTOBUF_C_TYPE_MESSAGE, true},
};

static bool shape_fits(const struct told_shape *shape, const ProtobufCMessageDescriptor *descriptor,
		       const char **where);

/* An enum is dense from 0 and ends where the row says. */
static bool enum_fits(const struct told_field *row, const ProtobufCEnumDescriptor *descriptor)
{
	bool dense = descriptor->n_values == row->max + 1;
	for (unsigned i = 0; dense && i < descriptor->n_values; i++)
		dense = descriptor->values[i].value == (int)i;
	return dense;
}

static bool field_fits(const struct told_field *row, const ProtobufCFieldDescriptor *field, const char **where)
{
	*where = row->name;
	bool list = field->label == PROTOBUF_C_LABEL_REPEATED;
	if (strcmp(row->name, field->name) != 0 || row->number != field->id)
		return false;
	if (THEIR_KINDS[row->kind].type != field->type || THEIR_KINDS[row->kind].list != list)
		return false;
	if (field->type == PROTOBUF_C_TYPE_ENUM)
		return enum_fits(row, field->descriptor);
	return field->type != PROTOBUF_C_TYPE_MESSAGE || shape_fits(row->part, field->descriptor, where);
}

static bool shape_fits(const struct told_shape *shape, const ProtobufCMessageDescriptor *descriptor, const char **where)
{
	*where = shape->name;
	bool fits = strcmp(shape->name, descriptor->name) == 0 && shape->count == descriptor->n_fields;
	for (size_t i = 0; fits && i < shape->count; i++)
		fits = field_fits(&shape->fields[i], &descriptor->fields[i], where);
	return fits;
}

bool told_schema_fits(const char **where)
{
	bool fits = true;
	for (unsigned i = 0; fits && i < TOLD_SCHEMA_COUNT; i++)
		fits = shape_fits(told_schema_entry(i)->shape, DESCRIPTORS[i], where);
	return fits;
}
