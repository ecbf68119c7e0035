/* SPDX-License-Identifier: Apache-2.0 */
/* The shapes of an entry of the log and of the parts it commits to; see schema_header.c. Tables only. */
#include "leaf.h"
#include "schema_rows.h"

/* clang-format off */
#define S told_leaf
static const struct told_field leaf_fields[] = {
	COUNTER(1, version),
	ENUM(2, phase, TOLD_PHASE_FINISHED),
	LARGE(3, time_ms),
	ID(4, txid),
	NAME(5, sender),
	LARGE(6, sender_seq),
	HASH(7, signer_key_id),
	NAME(8, recipient),
	ENUM(9, type, TYPE_MAX),
	NAME(10, agreement),
	COUNTER(11, agreement_version),
	ENUMS(12, purposes, PURPOSE_MAX),
	NAME(13, clause),
	ENUMS(14, released, CATEGORY_MAX),
	LARGE(15, as_of),
	FIXED(16, subject_tag, TOLD_SUBJECT_TAG_BYTES),
	HASH(17, facts),
	HASH(18, ruling),
	HASH(19, subject),
};
#undef S
SHAPE("told.Leaf", leaf);

#define S told_audit_viewed
static const struct told_field audit_viewed_fields[] = {
	PART(1, asked, audit_view_part),
	LARGE(2, next),
	NUMBER(3, count, TOLD_VIEW_MAX),
	LARGE(4, order),
};
#undef S
static SHAPE("told.AuditViewed", audit_viewed);

#define S told_leaf_facts
static const struct told_field leaf_facts_fields[] = {
	HASH(1, header_hash),
	HASHES(2, section_digests, TOLD_SECTIONS_MAX),
	HASH(3, other_hash),
	COUNTER(4, busy),
	COUNTER(5, dropped),
	TEXT(6, authority, TOLD_TEXT_MAX_BYTES),
	TEXT(7, reason, TOLD_TEXT_MAX_BYTES),
	BLOBS(8, txids, TOLD_ID_BYTES, TOLD_ID_BYTES, TOLD_LIST_MAX),
	TEXT(9, old_origin, TOLD_TEXT_MAX_BYTES),
	LARGE(10, old_size),
	HASH(11, old_root),
	LARGE(12, size_restored),
	COUNTER(13, size_bytes),
	PART(14, viewed, audit_viewed),
	HASH(15, token),
	LARGE(16, token_size),
};
#undef S
SHAPE("told.LeafFacts", leaf_facts);

#define S told_leaf_section_ruling
static const struct told_field leaf_section_ruling_fields[] = {
	NUMBER(1, number, TOLD_SECTIONS_MAX),
	ENUM(2, category, CATEGORY_MAX),
	ENUM(3, effect, TOLD_SECTION_EFFECT_HOLD),
	COUNTER(4, code),
	NAME(5, clause),
	ID(6, consent_id),
};
#undef S
static SHAPE("told.SectionRuling", leaf_section_ruling);

#define S told_leaf_obligation
static const struct told_field leaf_obligation_fields[] = {
	COUNTER(1, kind),
	NAME(2, who),
	LARGE(3, due_ms),
};
#undef S
static SHAPE("told.Obligation", leaf_obligation);

#define S told_leaf_recipient_ruling
static const struct told_field leaf_recipient_ruling_fields[] = {
	NAME(1, recipient),
	ENUM(2, effect, TOLD_EFFECT_REJECT),
	COUNTER(3, primary),
	NUMBERS(4, codes, UINT32_MAX, TOLD_LIST_MAX),
	NAME(5, agreement),
	COUNTER(6, agreement_version),
	NAME(7, clause),
	PARTS(8, sections, leaf_section_ruling, TOLD_GRANTS_MAX),
	PARTS(9, obligations, leaf_obligation, TOLD_LIST_MAX),
	HASH(10, input_sha256),
};
#undef S
static SHAPE("told.RecipientRuling", leaf_recipient_ruling);

#define S told_leaf_ruling
static const struct told_field leaf_ruling_fields[] = {
	COUNTER(1, status),
	PARTS(2, recipients, leaf_recipient_ruling, TOLD_GRANTS_MAX),
};
#undef S
SHAPE("told.LeafRuling", leaf_ruling);

#define S told_leaf_subject
static const struct told_field leaf_subject_fields[] = {
	ID(1, client_ref),
	NAME(2, worker),
};
#undef S
SHAPE("told.LeafSubject", leaf_subject);
