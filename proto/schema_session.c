/* SPDX-License-Identifier: Apache-2.0 */
/* The shapes of what an agent and the broker say to each other; see schema_header.c. Tables only. */
#include "schema_rows.h"
#include "session.h"

/* clang-format off */
#define S told_hello
static const struct told_field hello_fields[] = {
	TEXT(1, partnership, TOLD_TEXT_MAX_BYTES),
	ID(2, epoch),
	LARGE(3, confirmed_size),
	TEXT(4, program, TOLD_TEXT_MAX_BYTES),
	LARGE(5, log),
	HASH(6, log_key),
};
#undef S
SHAPE("told.Hello", hello);

#define S told_restore
static const struct told_field restore_fields[] = {
	BYTES(1, leaf, 1, TOLD_RESTORE_MAX_BYTES),
	FIXED(2, facts_salt, TOLD_LEAF_SALT_BYTES),
	BYTES(3, facts, 1, TOLD_RESTORE_MAX_BYTES),
	BYTES(4, checkpoint, 1, TOLD_NOTE_MAX_BYTES),
	HASHES(5, path, TOLD_PROOF_MAX),
	BYTES(6, ended, 1, TOLD_NOTE_MAX_BYTES),
	HASHES(7, consistency, TOLD_PROOF_MAX),
};
#undef S
static SHAPE("told.Restore", restore);

#define S told_carried
static const struct told_field carried_fields[] = {
	BYTES(1, envelope, 1, TOLD_ENVELOPE_MAX_BYTES),
	BYTES(2, body, 1, TOLD_BODY_MAX_BYTES),
	BYTES(3, leaf, 1, TOLD_LEAF_MAX_BYTES),
	LARGE(4, index),
	HASHES(5, path, TOLD_PROOF_MAX),
	BYTES(6, checkpoint, 1, TOLD_NOTE_MAX_BYTES),
};
#undef S
static SHAPE("told.Carried", carried);

#define S told_log_key_proof
static const struct told_field log_key_proof_fields[] = {
	PART(1, carried, carried),
	BYTES(2, checkpoint, 1, TOLD_NOTE_MAX_BYTES),
	LARGE(3, from_size),
	HASHES(4, consistency, TOLD_PROOF_MAX),
};
#undef S
static SHAPE("told.LogKeyProof", log_key_proof);

#define S told_welcome
static const struct told_field welcome_fields[] = {
	LARGE(1, now_ms),
	BYTES(2, checkpoint, 1, TOLD_NOTE_MAX_BYTES),
	HASHES(3, consistency, TOLD_PROOF_MAX),
	LARGE(4, sender_seq),
	PART(5, restore, restore),
	PART(6, log_key, log_key_proof),
};
#undef S
SHAPE("told.Welcome", welcome);

#define S told_credit
static const struct told_field credit_fields[] = {
	NUMBER(1, parcels, TOLD_CREDIT_MAX),
};
#undef S
SHAPE("told.Credit", credit);

#define S told_heartbeat
static const struct told_field heartbeat_fields[] = {
	LARGE(1, now_ms),
	LARGE(2, log_size),
};
#undef S
SHAPE("told.Heartbeat", heartbeat);

#define S told_checkpoint_message
static const struct told_field checkpoint_message_fields[] = {
	BYTES(1, note, 1, TOLD_NOTE_MAX_BYTES),
	LARGE(2, from_size),
	HASHES(3, consistency, TOLD_PROOF_MAX),
};
#undef S
SHAPE("told.Checkpoint", checkpoint_message);

#define S told_cosignature
static const struct told_field cosignature_fields[] = {
	LARGE(1, size),
	BYTES(2, line, 1, TOLD_TEXT_MAX_BYTES),
};
#undef S
SHAPE("told.Cosignature", cosignature);

#define S told_opened_leaf
static const struct told_field opened_leaf_fields[] = {
	BYTES(1, leaf, 1, TOLD_LEAF_MAX_BYTES),
	ID(2, message_id),
	FIXED(3, facts_salt, TOLD_LEAF_SALT_BYTES),
	BYTES(4, facts, 1, TOLD_LEAF_PART_MAX_BYTES),
	FIXED(5, ruling_salt, TOLD_LEAF_SALT_BYTES),
	BYTES(6, ruling, 1, TOLD_LEAF_PART_MAX_BYTES),
	FIXED(7, subject_salt, TOLD_LEAF_SALT_BYTES),
	BYTES(8, subject, 1, TOLD_LEAF_PART_MAX_BYTES),
};
#undef S
static SHAPE("told.OpenedLeaf", opened_leaf);

#define S told_run
static const struct told_field run_fields[] = {
	LARGE(1, first),
	PARTS(2, leaves, opened_leaf, TOLD_LIST_MAX),
	HASHES(3, left, TOLD_PROOF_MAX),
	HASHES(4, right, TOLD_PROOF_MAX),
};
#undef S
static SHAPE("told.Run", run);

#define S told_busy
static const struct told_field busy_fields[] = {
	ID(1, message_id),
	COUNTER(2, retry_ms),
};
#undef S
static SHAPE("told.Busy", busy);

#define S told_answer
static const struct told_field answer_fields[] = {
	BYTES(1, checkpoint, 1, TOLD_NOTE_MAX_BYTES),
	LARGE(2, from_size),
	HASHES(3, consistency, TOLD_PROOF_MAX),
	PARTS(4, runs, run, TOLD_LIST_MAX),
	PARTS(5, busy, busy, TOLD_LIST_MAX),
};
#undef S
SHAPE("told.Answer", answer);

#define S told_view
static const struct told_field view_fields[] = {
	ID(1, in_reply_to),
	BYTES(2, checkpoint, 1, TOLD_NOTE_MAX_BYTES),
	LARGE(3, from_size),
	HASHES(4, consistency, TOLD_PROOF_MAX),
	PARTS(5, runs, run, TOLD_VIEW_MAX),
	LARGE(6, next),
};
#undef S
SHAPE("told.View", view);

#define S told_entry_ref
static const struct told_field entry_ref_fields[] = {
	ID(1, message_id),
	LARGE(2, log),
	LARGE(3, index),
	ID(4, parcel),
};
#undef S
static SHAPE("told.Entry", entry_ref);

#define S told_again
static const struct told_field again_fields[] = {
	PARTS(1, entries, entry_ref, TOLD_AGAIN_MAX),
};
#undef S
SHAPE("told.Again", again);

#define S told_parcel
static const struct told_field parcel_fields[] = {
	ID(1, parcel_id),
	ENUM(2, type, TYPE_MAX),
	ID(3, in_reply_to),
	BYTES(4, checkpoint, 1, TOLD_NOTE_MAX_BYTES),
	PARTS(5, carried, carried, TOLD_LIST_MAX),
	ENUM(6, marker, TOLD_PARCEL_MARKER_PER_SECTION),
	COUNTER(7, deliveries),
};
#undef S
SHAPE("told.Parcel", parcel);
