/* SPDX-License-Identifier: Apache-2.0 */
/* Every schema that crosses a boundary, with the size that its bytes may have. Tables only. */
#include "schema_rows.h"

#define SMALL_BYTES   4096u                         /* a handful of names and numbers */
#define PROVED_BYTES  (TOLD_NOTE_MAX_BYTES + 4096u) /* a note and one proof of at most 64 hashes */
#define LED_BYTES     (PROVED_BYTES + TOLD_ENVELOPE_MAX_BYTES + TOLD_LEAF_MAX_BYTES) /* a key of the log, proved */
#define BEGUN_BYTES   (3 * PROVED_BYTES + 2 * TOLD_RESTORE_MAX_BYTES)                /* how a later log began */
#define WELCOME_BYTES (BEGUN_BYTES + LED_BYTES)

/* clang-format off */
static const struct told_schema_entry ENTRIES[TOLD_SCHEMA_COUNT] = {
	[TOLD_SCHEMA_HEADER] = {&header_shape, TOLD_HEADER_MAX_BYTES},
	[TOLD_SCHEMA_CONSENT] = {&consent_part_shape, TOLD_HEADER_MAX_BYTES},
	[TOLD_SCHEMA_ENVELOPE] = {&envelope_shape, TOLD_ENVELOPE_MAX_BYTES},
	[TOLD_SCHEMA_BODY] = {&body_shape, TOLD_BODY_MAX_BYTES},
	[TOLD_SCHEMA_SECTION_HEADER] = {&section_header_shape, TOLD_SECTION_HEADER_MAX_BYTES},
	[TOLD_SCHEMA_SECTION] = {&sealed_section_shape, TOLD_BODY_MAX_BYTES},
	[TOLD_SCHEMA_WRAP] = {&wrap_shape, SMALL_BYTES},
	[TOLD_SCHEMA_ACK_LINE] = {&ack_line_shape, TOLD_LINE_MAX_BYTES},
	[TOLD_SCHEMA_OPENED_LINE] = {&opened_line_shape, TOLD_LINE_MAX_BYTES},
	[TOLD_SCHEMA_HELLO] = {&hello_shape, SMALL_BYTES},
	[TOLD_SCHEMA_WELCOME] = {&welcome_shape, WELCOME_BYTES},
	[TOLD_SCHEMA_CREDIT] = {&credit_shape, SMALL_BYTES},
	[TOLD_SCHEMA_HEARTBEAT] = {&heartbeat_shape, SMALL_BYTES},
	[TOLD_SCHEMA_CHECKPOINT] = {&checkpoint_message_shape, PROVED_BYTES},
	[TOLD_SCHEMA_COSIGNATURE] = {&cosignature_shape, SMALL_BYTES},
	[TOLD_SCHEMA_ANSWER] = {&answer_shape, TOLD_FRAME_MAX_BYTES},
	[TOLD_SCHEMA_PARCEL] = {&parcel_shape, TOLD_FRAME_MAX_BYTES},
	[TOLD_SCHEMA_VIEW] = {&view_shape, TOLD_FRAME_MAX_BYTES},
	[TOLD_SCHEMA_AGAIN] = {&again_shape, SMALL_BYTES},
	[TOLD_SCHEMA_LEAF] = {&leaf_shape, TOLD_LEAF_MAX_BYTES},
	[TOLD_SCHEMA_LEAF_FACTS] = {&leaf_facts_shape, TOLD_LEAF_PART_MAX_BYTES},
	[TOLD_SCHEMA_LEAF_RULING] = {&leaf_ruling_shape, TOLD_LEAF_PART_MAX_BYTES},
	[TOLD_SCHEMA_LEAF_SUBJECT] = {&leaf_subject_shape, SMALL_BYTES},
};
/* clang-format on */

const struct told_schema_entry *told_schema_entry(enum told_schema schema)
{
	return (unsigned)schema < TOLD_SCHEMA_COUNT ? &ENTRIES[schema] : NULL;
}
