/* SPDX-License-Identifier: Apache-2.0 */
/* Turns of the test partnership's broker, and how its agencies look at what they get. */
#include "support/agency.h"

#include "proto/leaf.h"
#include "proto/session.h"
#include "proto/types.h"
#include "told/codes.h"

#include <string.h>

#define OK(call) assert_int_equal(call, TOLD_OK)

void test_begin(struct test_world *world)
{
	memset(&world->verify.cache, 0, sizeof world->verify.cache);
	world->verify.directory = told_record_directory(world->record);
	OK(told_record_begin(world->record, world->now_ms, &world->when));
}

void test_commit(struct test_world *world)
{
	OK(told_record_commit(world->record));
}

static const struct told_ruling *rule(struct test_world *world, const struct told_verified *verified, bool queued,
				      struct told_bytes only)
{
	const struct told_ruling *ruling = NULL;
	struct told_deposit_source deposits = told_record_deposits(world->record);
	struct told_table table = {
		.directory = told_record_directory(world->record),
		.parties = told_record_parties(world->record),
		.when = told_record_when(world->record),
	};
	OK(told_record_person(world->record, told_verified_header(verified)->client_ref, &table.person));
	OK(told_record_about(world->record, world->arena, told_verified_header(verified), &table.about));
	OK(told_rule(&table, &deposits, world->arena, verified, queued, only, &ruling));
	return ruling;
}

static uint32_t phase_of(struct test_world *world, const struct told_receipt *receipt)
{
	struct told_leaf *leaf = NULL;
	OK(told_leaf_decode(told_receipt_leaf(receipt), world->arena, &leaf));
	return leaf->phase;
}

struct test_said test_say(struct test_world *world, const struct test_agency *from, const struct test_message *message)
{
	struct test_said said = {0};
	OK(told_verify(&world->verify, world->arena, from->party, message->envelope, message->body,
		       told_record_when(world->record), &said.verified, &said.refused));
	if (said.refused != NULL) {
		said.status = told_refused_status(said.refused);
		OK(told_record_refused(world->record, world->arena, said.refused, &said.receipt));
	} else if (told_verified_replay(said.verified)) {
		OK(told_record_again(world->record, world->arena, said.verified, &said.receipt));
	} else {
		said.ruling = rule(world, said.verified, false, told_bytes(NULL, 0));
		OK(told_record_ruled(world->record, world->arena, said.ruling, &said.receipt));
	}
	said.phase = phase_of(world, said.receipt);
	return said;
}

struct test_said test_turn(struct test_world *world, const struct test_agency *from, const struct test_message *message)
{
	test_begin(world);
	struct test_said said = test_say(world, from, message);
	test_commit(world);
	return said;
}

const struct told_receipt *test_phase(struct test_world *world, const struct test_agency *from,
				      const struct test_message *message, unsigned phase)
{
	struct test_said said = test_turn(world, from, message);
	if (said.phase != phase)
		print_message("type %u: status %s, primary code %u\n", message->header.type,
			      told_status_name(said.status),
			      said.ruling != NULL ? told_ruling_decision(said.ruling, 0)->primary : 0);
	assert_int_equal(said.phase, phase);
	return said.receipt;
}

size_t test_follow(struct test_world *world, const struct told_receipt **receipts, size_t size)
{
	struct told_bytes client = told_bytes(world->person, TOLD_ID_BYTES);
	const struct told_verified *held = NULL;
	uint64_t seq = 0;
	size_t count = 0;
	OK(told_record_sweep(world->record, world->arena, client, told_record_when(world->record)));
	enum told_status status;
	while ((status = told_record_held(world->record, world->arena, client, &seq, &held)) == TOLD_OK) {
		const struct told_receipt *receipt = NULL;
		const struct told_ruling *ruling = rule(world, held, true, told_bytes(NULL, 0));
		OK(told_record_reruled(world->record, world->arena, seq, ruling, false, &receipt));
		if (receipt != NULL && count < size)
			receipts[count++] = receipt;
	}
	assert_int_equal(status, TOLD_E_NOT_FOUND);
	return count;
}

static bool deliver_one(struct test_world *world, const struct told_parcel_row *row, struct test_parcel *out)
{
	struct told_delivery *d = &out->delivery;
	*out = (struct test_parcel){.delivery.row = *row};
	OK(told_record_carried(world->record, world->arena, row, &d->verified, &d->place));
	if (row->message != 0)
		d->ruling = rule(world, d->verified, true, row->recipient);
	bool reply = row->type == TOLD_TYPE_ASK_REPLY;
	if (reply)
		OK(told_record_reply(world->record, world->arena, d->ruling, row->recipient, &d->reply));
	enum told_status status = told_record_delivered(world->record, world->arena, row, d->verified, d->ruling,
							reply ? &d->reply : NULL, &out->released, &out->receipt);
	if (status != TOLD_E_BUSY)
		OK(status);
	return status == TOLD_OK;
}

static void pack(struct test_world *world, struct test_parcel *parcel)
{
	const struct told_packed *packed = NULL;
	struct told_envelope *envelope = NULL;
	OK(told_parcel_pack(world->record, world->arena, &parcel->delivery, &packed));
	struct told_frames frames = told_packed_frames(packed);
	OK(told_envelope_decode(frames.envelope, world->arena, &envelope));
	assert_int_equal(envelope->session, TOLD_SESSION_PARCEL);
	OK(told_parcel_decode(frames.body, world->arena, &parcel->parcel));
}

void test_deliver(struct test_world *world, const struct test_agency *to, struct test_parcels *out)
{
	struct told_parcel_row rows[64];
	size_t count = 64;
	out->count = 0;
	test_begin(world);
	OK(told_record_waiting(world->record, world->arena, to->party, 0, rows, &count));
	for (size_t i = 0; i < count; i++)
		out->count += deliver_one(world, &rows[i], &out->items[out->count]);
	test_commit(world);
	for (size_t i = 0; i < out->count; i++)
		if (out->items[i].released)
			pack(world, &out->items[i]);
}

size_t test_drain(struct test_world *world, struct test_agency *to)
{
	size_t total = 0;
	struct test_parcels parcels;
	for (test_deliver(world, to, &parcels); parcels.count > 0; test_deliver(world, to, &parcels)) {
		test_phase(world, to, test_ack(world, to, &parcels, TOLD_ACK_STORED), TOLD_PHASE_ACKNOWLEDGED);
		total += parcels.count;
	}
	return total;
}

/* ---- looking ---- */

struct told_place test_place(struct test_world *world, uint64_t index)
{
	struct told_place place = {.index = index};
	(void)told_record_origin(world->record, &place.log);
	return place;
}

struct told_leaf *test_leaf(struct test_world *world, uint64_t index)
{
	struct told_bytes entry;
	struct told_leaf *leaf = NULL;
	OK(told_record_entry(world->record, world->arena, test_place(world, index), &entry));
	OK(told_leaf_decode(entry, world->arena, &leaf));
	return leaf;
}

struct told_leaf_ruling *test_ruling_part(struct test_world *world, const struct told_receipt *receipt)
{
	struct told_bytes facts_salt, facts, ruling_salt, bytes;
	struct told_leaf_ruling *ruling = NULL;
	told_receipt_parts(receipt, &facts_salt, &facts, &ruling_salt, &bytes);
	OK(told_leaf_ruling_decode(bytes, world->arena, &ruling));
	return ruling;
}

size_t test_waiting(struct test_world *world, const struct test_agency *agency)
{
	struct told_parcel_row rows[256];
	size_t count = 256;
	OK(told_record_waiting(world->record, world->arena, agency->party, 0, rows, &count));
	return count;
}

static void open_note(struct test_world *world, struct told_bytes note, struct told_checkpoint *checkpoint)
{
	struct told_vkey vkey;
	struct told_note_line line;
	struct told_bytes text;
	size_t lines = 1;
	told_vkey_make(told_text(TEST_PARTNERSHIP "/1"), TOLD_NOTE_ED25519, world->log.key, &vkey);
	OK(told_note_open(note, &vkey, 1, &text, &line, &lines));
	OK(told_checkpoint_parse(text, checkpoint));
}

static const struct test_agency *who(struct test_world *world, struct told_bytes party)
{
	for (size_t i = 0; i < TEST_AGENCIES; i++)
		if (told_bytes_equal(world->of[i].party, party))
			return &world->of[i];
	return &world->operator_;
}

static void check_signature(struct test_world *world, struct told_bytes envelope, const struct told_leaf *leaf)
{
	struct told_opened_envelope opened;
	struct told_verifier *verifier = NULL;
	OK(told_envelope_open(world->arena, envelope, &opened));
	const struct test_agency *sender = who(world, opened.header->sender);
	bool identity = told_type_rule(opened.header->type)->signed_by == TOLD_KEY_IDENTITY;
	const uint8_t *key = identity ? sender->identity.key : sender->signing.key;
	OK(told_verifier_new(key, &verifier));
	OK(told_envelope_verify(&opened, verifier, key));
	told_verifier_free(verifier);
	assert_true(told_bytes_equal(leaf->sender, opened.header->sender));
	assert_int_equal(leaf->sender_seq, opened.header->sender_seq);
	assert_int_equal(leaf->type, opened.header->type);
	assert_true(told_bytes_equal(leaf->signer_key_id, opened.envelope->key_id));
}

void test_check_parcel(struct test_world *world, const struct told_parcel *parcel)
{
	struct told_checkpoint checkpoint;
	open_note(world, parcel->checkpoint, &checkpoint);
	assert_true(parcel->carried.count > 0);
	for (size_t i = 0; i < parcel->carried.count; i++) {
		const struct told_carried *c = &parcel->carried.items[i];
		told_hash path[TOLD_PROOF_MAX], hash;
		struct told_leaf *leaf = NULL;
		for (size_t j = 0; j < c->path.count; j++)
			memcpy(path[j].b, c->path.items[j].data, sizeof path[j].b);
		told_leaf_hash(c->leaf, &hash);
		OK(told_inclusion_check(&hash, c->index, checkpoint.size, path, c->path.count, &checkpoint.root));
		OK(told_leaf_decode(c->leaf, world->arena, &leaf));
		check_signature(world, c->envelope, leaf);
	}
}

enum told_status test_read(struct test_world *world, const struct test_agency *agency, const struct told_parcel *parcel,
			   size_t which, struct told_buf *content)
{
	const struct told_carried *c = &parcel->carried.items[which];
	struct told_opened_envelope opened;
	struct told_body *body = NULL, *grant_body = NULL;
	struct told_open_with with = {.recipient = agency->party};
	memcpy(with.key, agency->sealing.key, sizeof with.key);
	memcpy(with.secret, agency->sealing.secret, sizeof with.secret);
	OK(told_envelope_open(world->arena, c->envelope, &opened));
	OK(told_body_decode(c->body, world->arena, &body));
	assert_int_equal(body->sections.count, 1);
	const struct told_sealed_section *section = &body->sections.items[0];
	if (section->wraps.count > 0)
		return told_section_read(opened.header, section, &section->wraps.items[0], &with, content, NULL);
	struct told_opened_envelope grant;
	OK(told_envelope_open(world->arena, c[1].envelope, &grant));
	OK(told_body_decode(c[1].body, world->arena, &grant_body));
	const struct told_wrap *wrap = &grant_body->wraps.items[0];
	OK(told_grant_check(grant.header, &grant.header->grants.items[0], opened.header, section, wrap, &with));
	return told_section_read(opened.header, section, wrap, &with, content, NULL);
}
