/* SPDX-License-Identifier: Apache-2.0 */
/* The report on one person: what it is made of. Private to the files client*.c. */
#ifndef TOLD_AUDIT_REPORT_CLIENT_H
#define TOLD_AUDIT_REPORT_CLIENT_H

#include "evidence/audit/read/declared.h"
#include "evidence/audit/read/events.h"
#include "evidence/audit/report/sheet.h"

#define TOLD_ALIASES_MAX 64u /* references of one person: a new one only after a loss or a merge */

enum told_client_column {
	TOLD_CLIENT_LOGTIME,
	TOLD_CLIENT_ACTION,
	TOLD_CLIENT_CODE,
	TOLD_CLIENT_NAME,
	TOLD_CLIENT_SYSTEM,
	TOLD_CLIENT_SENDER,
	TOLD_CLIENT_CATEGORIES,
	TOLD_CLIENT_PURPOSE,
	TOLD_CLIENT_AGREEMENT,
	TOLD_CLIENT_CLAUSE,
	TOLD_CLIENT_BASIS,
	TOLD_CLIENT_STATEMENT,
	TOLD_CLIENT_ENTRY
};

/* What was delivered, so that it is known when somebody says that they opened it. */
struct told_delivered {
	uint8_t txid[TOLD_ID_BYTES];
	char from[TOLD_NAME_MAX_BYTES], to[TOLD_NAME_MAX_BYTES];
	size_t from_len, to_len;
	uint64_t index;
	uint32_t type;
};

/* What one party was delivered by another, about whom is not known. */
struct told_unknown_pair {
	char from[TOLD_NAME_MAX_BYTES], to[TOLD_NAME_MAX_BYTES];
	size_t from_len, to_len;
	uint64_t deliveries, first_ms, last_ms;
	struct told_catset categories;
};
struct told_unknown {
	struct told_unknown_pair *pairs; /* owned */
	size_t count, room;
	uint64_t deliveries, refused, told; /* told: in person */
};

struct told_client_report {
	const char *reason;
	bool json, tiles;
	uint8_t aliases[TOLD_ALIASES_MAX][TOLD_ID_BYTES];
	size_t alias_count;
	struct told_declared declared;
	struct told_events_seen seen;
	struct told_sheet sheet;
	struct told_delivered *delivered; /* about the person */
	size_t delivered_count, delivered_room;
	uint64_t first_ms, last_ms, refused;
	struct told_unknown unknown;
};

/* What was sent by one party to another. */
struct told_disclosure {
	const struct told_audit_event *event;
	const struct told_leaf_recipient_ruling *part; /* NULL: the ruling is gone */
	struct told_bytes from, to, agreement, clause;
	uint32_t version;
	const char *verb;                    /* "Sent to" */
	const struct told_delivered *opened; /* not NULL: that this was opened */
};

/* Adds the row of one disclosure. TOLD_E_LIMIT, TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_disclosure_put(struct told_client_report *client, const struct told_disclosure *d);

/* A party's name, kept; gives its length. */
size_t told_client_name(char out[TOLD_NAME_MAX_BYTES], struct told_bytes name);

/* Takes note of an entry when this copy does not show whom it is about. TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_unknown_hear(struct told_unknown *unknown, const struct told_audit_event *event);
/* What such entries show, in words and as a member of a JSON object with a comma behind it. tiles: the copy shows of no
 * entry whom it is about. The sheet's status. */
TOLD_MUST_USE enum told_status told_unknown_print(const struct told_unknown *unknown, bool tiles,
						  const struct told_audit_io *io);
TOLD_MUST_USE enum told_status told_unknown_json(const struct told_unknown *unknown, FILE *out);
void told_unknown_free(struct told_unknown *unknown);

#endif
