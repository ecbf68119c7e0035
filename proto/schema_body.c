/* SPDX-License-Identifier: Apache-2.0 */
/* The shapes of the two frames of a message and of what stands in them; see schema_header.c. Tables only. */
#include "schema_rows.h"

/* clang-format off */
#define S told_envelope
static const struct told_field envelope_fields[] = {
	BYTES(1, header, 1, TOLD_HEADER_MAX_BYTES),
	HASH(2, key_id),
	FIXED(3, signature, TOLD_SIGNATURE_BYTES),
	NUMBER(4, count, TOLD_BATCH_MAX),
	NUMBER(5, index, TOLD_BATCH_MAX - 1),
	HASHES(6, path, TOLD_PATH_MAX),
	ENUM(7, session, TOLD_SESSION_AGAIN),
};
#undef S
SHAPE("told.Envelope", envelope);

#define S told_wrap
static const struct told_field wrap_fields[] = {
	NAME(1, recipient),
	HASH(2, key_id),
	FIXED(3, enc, TOLD_KEY_BYTES),
	FIXED(4, sealed, TOLD_WRAP_BYTES),
};
#undef S
SHAPE("told.Wrap", wrap);

#define S told_sealed_section
static const struct told_field sealed_section_fields[] = {
	BYTES(1, header, 1, TOLD_SECTION_HEADER_MAX_BYTES),
	FIXED(2, salt, TOLD_SALT_BYTES),
	HASH(3, commitment),
	BYTES(4, ciphertext, TOLD_TAG_BYTES, TOLD_CIPHERTEXT_MAX_BYTES),
	PARTS(5, wraps, wrap, TOLD_RECIPIENTS_MAX),
};
#undef S
SHAPE("told.Section", sealed_section);

#define S told_body
static const struct told_field body_fields[] = {
	PARTS(1, sections, sealed_section, TOLD_SECTIONS_MAX),
	PARTS(2, wraps, wrap, TOLD_GRANTS_MAX),
	BYTES(3, attachment, 1, TOLD_CIPHERTEXT_MAX_BYTES),
	BLOBS(4, lines, 1, TOLD_LINE_MAX_BYTES, TOLD_ACK_LINES_MAX),
};
#undef S
SHAPE("told.Body", body);

#define S told_section_header
static const struct told_field section_header_fields[] = {
	NUMBER(1, number, TOLD_SECTIONS_MAX),
	ENUM(2, category, CATEGORY_MAX),
	ENUMS(3, classified, CATEGORY_MAX),
	ID(4, about),
	ID(5, told_by),
	NAME(6, told_by_worker),
	NAME(7, told_by_party),
	YES_NO(8, about_other),
	ENUM(9, voice, TOLD_VOICE_COUNT - 1),
	LARGE(10, recorded_ms),
	NAME(11, originator),
	NAME(12, author),
	NUMBER(13, basis, TOLD_SECTIONS_MAX),
	LARGE(14, incident_ms),
	LARGE(15, incident_end_ms),
	YES_NO(16, onward),
	YES_NO(17, confidential),
	YES_NO(18, verified),
	YES_NO(19, locates),
	YES_NO(20, statutory_bar),
	YES_NO(21, unclassified),
};
#undef S
SHAPE("told.SectionHeader", section_header);

#define S told_ack_line
static const struct told_field ack_line_fields[] = {
	ID(1, parcel),
	ENUM(2, result, TOLD_ACK_TAG),
	FIXED(3, salt, TOLD_SALT_BYTES),
};
#undef S
SHAPE("told.AckLine", ack_line);

#define S told_opened_line
static const struct told_field opened_line_fields[] = {
	ID(1, parcel),
	NAME(2, worker),
	LARGE(3, time_ms),
	FIXED(4, salt, TOLD_SALT_BYTES),
	ID(5, message),
};
#undef S
SHAPE("told.OpenedLine", opened_line);
