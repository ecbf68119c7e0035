/* SPDX-License-Identifier: Apache-2.0 */
/* Who sent what to whom, what for, under which clause: added up from the log, held against the agreements. */
#ifndef TOLD_AUDIT_REPORT_FLOWS_H
#define TOLD_AUDIT_REPORT_FLOWS_H

#include "evidence/audit/read/declared.h"
#include "evidence/audit/read/events.h"
#include "evidence/audit/report/sheet.h"

/* What makes two parts that were sent the same flow. Text is padded with zeros, so that keys compare as bytes. */
struct told_flow_key {
	char from[TOLD_NAME_MAX_BYTES + 1], to[TOLD_NAME_MAX_BYTES + 1], agreement[TOLD_NAME_MAX_BYTES + 1];
	char clause[TOLD_CLAUSE_MAX];
	uint32_t version, category, purposes; /* category 0: a header alone; purposes: bits */
};

struct told_flow_row {
	struct told_flow_key key;
	uint64_t types; /* bits */
	uint64_t sent, first_ms, last_ms;
	enum told_standing standing;
};

struct told_flows {
	struct told_declared declared;
	struct told_events_seen seen;
	struct told_flow_row *rows; /* observed, sorted by key */
	size_t count, room;
	struct told_sheet sheet;                /* all, differences first */
	uint64_t standing[TOLD_STANDING_COUNT]; /* rows of the sheet of each */
};

/* Columns of the sheet. */
enum told_flow_column {
	TOLD_FLOW_STANDING,
	TOLD_FLOW_FROM,
	TOLD_FLOW_TO,
	TOLD_FLOW_SENT,
	TOLD_FLOW_AGREEMENT,
	TOLD_FLOW_CLAUSE,
	TOLD_FLOW_PURPOSE,
	TOLD_FLOW_FIRST,
	TOLD_FLOW_LAST,
	TOLD_FLOW_CATEGORY, /* last, because it may be a long list */
	TOLD_FLOW_COLUMNS
};

/* Zeroed and declared filled before. Adds up the log and fills the sheet; told_flows_free also after failure. */
TOLD_MUST_USE enum told_status told_flows_read(struct told_flows *flows, struct told_source *source);
void told_flows_free(struct told_flows *flows);
/* How many rows are not declared. */
uint64_t told_flows_differing(const struct told_flows *flows);

/* Parts sent between two parties, over all rows of the sheet. */
struct told_flow_pair {
	struct told_bytes from, to; /* views into the sheet */
	uint64_t sent, differing;   /* differing: of these, not declared */
};
struct told_flow_pairs {
	struct told_flow_pair *items; /* owned; in the order of from, then to */
	size_t count;
};
TOLD_MUST_USE enum told_status told_flow_pairs_of(const struct told_flows *flows, struct told_flow_pairs *out);

/* A graph for Graphviz, and a page with table and picture that needs nothing else. */
void told_flows_dot(const struct told_flow_pairs *pairs, FILE *out);
TOLD_MUST_USE enum told_status told_flows_html(const struct told_flows *flows, const struct told_flow_pairs *pairs,
					       uint64_t now_ms, FILE *out);

#endif
