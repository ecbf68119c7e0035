/* SPDX-License-Identifier: Apache-2.0 */
/* Every entry of every log, decoded, in order, for reports: with those of its parts that are still there and are what
 * the entry commits to. Whether the log as a whole can be believed is the question of `told-audit verify`. */
#ifndef TOLD_AUDIT_READ_EVENTS_H
#define TOLD_AUDIT_READ_EVENTS_H

#include "evidence/audit/read/source.h"
#include "proto/leaf.h"

/* Views live until the next event. A part is NULL when it is erased, held back from this copy, or not what the entry
 * commits to. */
struct told_audit_event {
	uint64_t log, index;
	const struct told_leaf *leaf;
	const struct told_leaf_facts *facts;
	const struct told_leaf_ruling *ruling;
	const struct told_leaf_subject *subject;
	struct told_bytes person; /* whom it is about, by the name made for a partnership's copy; empty elsewhere */
};

/* What a report must own up to. */
struct told_events_seen {
	uint64_t entries;
	uint64_t withheld; /* entries of which this copy has the hash only */
	uint64_t broken;   /* no leaf, or a part that is not what the entry commits to */
	uint64_t closed;   /* entries that lack a part: erased, or held back */
};

typedef enum told_status told_audit_hear(void *ctx, const struct told_audit_event *event);

/* Hears each. TOLD_E_CORRUPT when the store cannot be read on, TOLD_E_MEMORY, or what hear gave. */
TOLD_MUST_USE enum told_status told_events_each(struct told_source *source, told_audit_hear *hear, void *ctx,
						struct told_events_seen *seen);

/* Rows of a statement on tables that stand beside the log and that a copy may lack: no table is no row. `blob` is bound
 * to ?1 when it is not empty, `numbers` behind it. */
TOLD_MUST_USE enum told_status told_beside_open(struct told_audit_store *store, const char *sql, struct told_bytes blob,
						const int64_t *numbers, size_t n, struct told_rows *out);

/* Signed headers of messages that were kept, asked for in the order of the log. */
struct told_headers {
	struct told_audit_store *store;
	struct told_rows messages, facts; /* log, idx, envelope */
	struct told_arena *arena;
};
/* Zeroed before; told_headers_close also after failure. */
TOLD_MUST_USE enum told_status told_headers_open(struct told_audit_store *store, struct told_headers *headers);
void told_headers_close(struct told_headers *headers);
/* The header behind an entry, checked against the hash in its facts; NULL when it is not kept, or not that one. Lives
 * until the next call. */
TOLD_MUST_USE enum told_status told_headers_at(struct told_headers *headers, const struct told_audit_event *event,
					       const struct told_header **out);

/* One list item behind another in a buffer: "COORD, REFERRAL". */
void told_join(struct told_buf *out, const char *word);
/* The codes of a list's values, joined. */
void told_join_codes(struct told_buf *out, enum told_list list, const struct told_u32_list *values);

#endif
