/* SPDX-License-Identifier: Apache-2.0 */
/* The deliver room: parcels and answers, built from the record after the commit, never from the message in hand.
 * A parcel is made here and nowhere else; it needs a ruling that the record has written down. */
#ifndef TOLD_DELIVER_H
#define TOLD_DELIVER_H

#include "broker/record/record.h"

/* Two frames for an agency, in the arena. */
struct told_frames {
	struct told_bytes envelope, body;
};

/* A delivery of this turn: what was read back, how it was ruled, that the record says it goes. */
struct told_delivery {
	struct told_parcel_row row;
	const struct told_verified *verified;
	const struct told_ruling *ruling; /* NULL: a fact, which is not ruled */
	struct told_reply reply;          /* of an ask: what goes */
	struct told_place place;          /* of the accepted entry */
};

/* A parcel, packed: frames that hold what one delivery releases to one agency. Opaque. */
struct told_packed;

/* Packs the parcel of a delivery under the newest checkpoint: only released sections, only the recipient's wraps, each
 * message with the proof of its accepted entry. TOLD_E_NOT_FOUND when nothing is left to give (an ask whose wraps
 * went). */
TOLD_MUST_USE enum told_status told_parcel_pack(struct told_record *record, struct told_arena *arena,
						const struct told_delivery *delivery, const struct told_packed **out);
struct told_frames told_packed_frames(const struct told_packed *packed);

/* The answer to one agency: its receipts of this turn under the newest checkpoint, in runs, with the consistency from
 * the size it confirmed; and the ids that were turned away busy. receipts in the order of the log, all of that agency.
 */
TOLD_MUST_USE enum told_status told_answer_build(struct told_record *record, struct told_arena *arena,
						 const struct told_receipt *const *receipts, size_t count,
						 uint64_t confirmed, const struct told_bytes *busy, size_t busy_count,
						 struct told_frames *out);
/* The answer to a retry: the receipt under the checkpoint that first proved it. */
TOLD_MUST_USE enum told_status told_answer_again(struct told_record *record, struct told_arena *arena,
						 const struct told_receipt *receipt, uint64_t confirmed,
						 struct told_frames *out);
/* What a query of the log gives (told_receipt_look), proved like an answer. */
TOLD_MUST_USE enum told_status told_view_build(struct told_record *record, struct told_arena *arena,
					       const struct told_receipt *receipt, uint64_t confirmed,
					       struct told_frames *out);
/* What an agency said of how far it is: so much of log `log` is checked. */
struct told_heard_hello {
	uint64_t log, confirmed;
	struct told_bytes log_key; /* id of the newest key of the log that it knows; empty: it did not say */
};
/* What an agency is told when it says hello; where its log has ended, how the next one began; where the log has a newer
 * key than it knows, the next one. */
TOLD_MUST_USE enum told_status told_welcome_build(struct told_record *record, struct told_arena *arena,
						  const struct told_heard_hello *hello, uint64_t sender_seq,
						  int64_t now_ms, struct told_frames *out);
/* The newest checkpoint for a witness to sign, with the consistency from the size that it confirmed. */
TOLD_MUST_USE enum told_status told_offer_build(struct told_record *record, struct told_arena *arena,
						uint64_t confirmed, struct told_frames *out);
TOLD_MUST_USE enum told_status told_heartbeat_build(struct told_arena *arena, uint64_t size, int64_t now_ms,
						    struct told_frames *out);

#endif
