/* SPDX-License-Identifier: Apache-2.0 */
/* Parcels: what one ruling releases to one agency, with the proof of every message in it. Built from the record. */
#include "broker/deliver/frames.h"

#include "told/codes.h"

#include <string.h>

struct told_packed {
	struct told_frames frames;
};

/* What building one parcel works with. */
struct build {
	struct told_record *record;
	struct told_arena *arena;
	const struct told_delivery *delivery;
	struct {
		struct told_carried *items;
		size_t count, room;
	} carried;
	bool withheld;
};

static enum told_status add(struct build *b, struct told_bytes envelope, struct told_bytes body,
			    struct told_place place)
{
	if (b->carried.count == b->carried.room)
		return TOLD_E_LIMIT;
	struct told_carried *one = &b->carried.items[b->carried.count++];
	struct told_log_view log;
	*one = (struct told_carried){.envelope = envelope, .body = body, .index = place.index};
	enum told_status status = told_record_log(b->record, place.log, &log);
	if (status == TOLD_OK)
		status = told_record_entry(b->record, b->arena, place, &one->leaf);
	if (status == TOLD_OK)
		status = told_path_views(&log, b->arena, place.index, &one->path);
	if (status == TOLD_OK && log.ended)
		one->checkpoint = log.note;
	return status;
}

static enum told_status room_for(struct build *b, size_t room)
{
	b->carried.items = told_arena_alloc(b->arena, room * sizeof *b->carried.items);
	b->carried.room = room;
	return b->carried.items == NULL ? TOLD_E_MEMORY : TOLD_OK;
}

static enum told_status encode_body(struct build *b, const struct told_body *body, struct told_bytes *out)
{
	struct told_buf buf = TOLD_BUF(TOLD_BODY_MAX_BYTES);
	enum told_status status = told_body_encode(body, &buf);
	if (status == TOLD_OK)
		*out = told_arena_copy(b->arena, told_buf_view(&buf));
	told_buf_free(&buf);
	return status;
}

/* A section with the wraps of one recipient only. */
static enum told_status section_for(struct build *b, const struct told_sealed_section *section,
				    struct told_bytes recipient, struct told_sealed_section *out)
{
	*out = *section;
	out->wraps.count = 0;
	out->wraps.items = told_arena_alloc(b->arena, section->wraps.count * sizeof *out->wraps.items);
	if (out->wraps.items == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < section->wraps.count; i++)
		if (told_bytes_equal(section->wraps.items[i].recipient, recipient))
			out->wraps.items[out->wraps.count++] = section->wraps.items[i];
	return TOLD_OK;
}

static bool released(const struct told_decision *decision, size_t index)
{
	for (size_t i = 0; i < decision->section_count; i++)
		if (decision->sections[i].index == index)
			return decision->sections[i].effect == TOLD_SECTION_EFFECT_RELEASE;
	return false;
}

static enum told_status build_message(struct build *b)
{
	const struct told_delivery *d = b->delivery;
	const struct told_body *whole = told_verified_body(d->verified);
	const struct told_decision *decision = told_ruling_decision(d->ruling, 0);
	struct told_body body = {.lines = whole->lines}; /* of an OPENED */
	struct told_bytes bytes;
	body.sections.items = told_arena_alloc(b->arena, whole->sections.count * sizeof *body.sections.items);
	enum told_status status = body.sections.items == NULL ? TOLD_E_MEMORY : room_for(b, 1);
	for (size_t i = 0; status == TOLD_OK && i < whole->sections.count; i++) {
		if (released(decision, i))
			status = section_for(b, &whole->sections.items[i], d->row.recipient,
					     &body.sections.items[body.sections.count++]);
		else
			b->withheld = true;
	}
	if (status == TOLD_OK)
		status = encode_body(b, &body, &bytes);
	return status == TOLD_OK ? add(b, told_verified_envelope(d->verified), bytes, d->place) : status;
}

static enum told_status build_fact(struct build *b)
{
	const struct told_delivery *d = b->delivery;
	enum told_status status = room_for(b, 1);
	return status == TOLD_OK
		       ? add(b, told_verified_envelope(d->verified), told_verified_body_bytes(d->verified), d->place)
		       : status;
}

/* A deposited section: the DEPOSIT as it was signed, then the GRANT that names this recipient, with its one wrap. */
static enum told_status add_deposit(struct build *b, struct told_bytes id)
{
	const struct told_parcel_row *row = &b->delivery->row;
	struct told_carried_deposit deposit;
	struct told_sealed_section *section = NULL;
	struct told_bytes bytes;
	enum told_status status = told_record_deposit(b->record, b->arena, id, row->recipient, &deposit);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK; /* no wrap: released some day, when its originator has granted */
	if (status == TOLD_OK)
		status = told_sealed_section_decode(deposit.section, b->arena, &section);
	if (status != TOLD_OK)
		return status;
	struct told_body body = {.sections = {.items = section, .count = 1}};
	struct told_wrap wrap = {
		.recipient = row->recipient, .key_id = deposit.key_id, .enc = deposit.enc, .sealed = deposit.sealed};
	struct told_body grant = {.wraps = {.items = &wrap, .count = 1}};
	status = encode_body(b, &body, &bytes);
	if (status == TOLD_OK)
		status = add(b, deposit.envelope, bytes, deposit.place);
	if (status == TOLD_OK)
		status = encode_body(b, &grant, &bytes);
	return status == TOLD_OK ? add(b, deposit.grant_envelope, bytes, deposit.grant) : status;
}

static enum told_status build_reply(struct build *b)
{
	const struct told_reply *reply = &b->delivery->reply;
	enum told_status status = room_for(b, reply->count * 2);
	for (size_t i = 0; status == TOLD_OK && i < reply->count; i++)
		status = add_deposit(b, reply->rows[i].id);
	b->withheld = reply->more;
	return status == TOLD_OK && b->carried.count == 0 ? TOLD_E_NOT_FOUND : status;
}

enum told_status told_parcel_pack(struct told_record *record, struct told_arena *arena,
				  const struct told_delivery *delivery, const struct told_packed **out)
{
	struct build b = {.record = record, .arena = arena, .delivery = delivery};
	const struct told_parcel_row *row = &delivery->row;
	struct told_packed *packed = told_arena_alloc(arena, sizeof *packed);
	if (packed == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = delivery->ruling == NULL           ? build_fact(&b)
				  : row->type == TOLD_TYPE_ASK_REPLY ? build_reply(&b)
								     : build_message(&b);
	if (status != TOLD_OK)
		return status;
	struct told_parcel message = {
		.parcel_id = told_bytes(row->id, sizeof row->id),
		.type = row->type,
		.in_reply_to = row->reply,
		.checkpoint = told_record_served(record),
		.carried = {.items = b.carried.items, .count = b.carried.count},
		.marker = b.withheld ? TOLD_PARCEL_MARKER_GENERIC : TOLD_PARCEL_MARKER_NONE,
		.deliveries = row->deliveries + 1,
	};
	*out = packed;
	return told_frames_of(arena, TOLD_SESSION_PARCEL, TOLD_SCHEMA_PARCEL, &message, &packed->frames);
}

struct told_frames told_packed_frames(const struct told_packed *packed)
{
	return packed->frames;
}
