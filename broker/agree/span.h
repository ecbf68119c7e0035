/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and spans as agreements write them ("2026-01-01", "24m", "60d", "72h", "5wd"), and their arithmetic.
 * All times are UTC milliseconds since 1970; nothing here reads a clock (decision 4.2, rules of reading; 4.7). */
#ifndef TOLD_AGREE_SPAN_H
#define TOLD_AGREE_SPAN_H

#include "told/bytes.h"

enum told_span_unit {
	TOLD_SPAN_NONE,
	TOLD_SPAN_HOURS,        /* 72h */
	TOLD_SPAN_DAYS,         /* 60d */
	TOLD_SPAN_WORKING_DAYS, /* 5wd: no Saturday, Sunday or bank holiday in England */
	TOLD_SPAN_MONTHS,       /* 24m: same day of the month, or its last day */
	TOLD_SPAN_YEARS,        /* 8y */
};

/* count 1 to TOLD_SPAN_COUNT_MAX; all zero is "no span". */
struct told_span {
	uint32_t count;
	enum told_span_unit unit;
};

/* A century of hours: beyond it somebody mistyped. */
#define TOLD_SPAN_COUNT_MAX 9999u

/* "24m": digits without leading zero, then h, d, wd, m or y. E_MALFORMED, and *out is then all zero. */
TOLD_MUST_USE enum told_status told_span_parse(struct told_bytes text, struct told_span *out);

/* t plus or minus the span; of no span, t. */
int64_t told_span_after(int64_t t_utc_ms, struct told_span span);
int64_t told_span_before(int64_t t_utc_ms, struct told_span span);

/* t is at or past told_span_after(from, span); the calendar is opened only when it could be. */
bool told_span_over(int64_t from_utc_ms, struct told_span span, int64_t t_utc_ms);

/* The span as it is written; out holds 12 with the NUL. */
void told_span_text(struct told_span span, char out[12]);

/* "2026-02-28", years 1970 to 9999, a day that exists: 00:00 UTC of that day. E_MALFORMED otherwise. */
TOLD_MUST_USE enum told_status told_date_parse(struct told_bytes text, int64_t *utc_ms);

/* The same as an end: 00:00 UTC of the next day, because an end date includes its day and times are half-open. */
TOLD_MUST_USE enum told_status told_date_parse_end(struct told_bytes text, int64_t *utc_ms);

/* The date on which t falls, "2026-02-28"; out holds 11 with the NUL. Before 1970 or after 9999: "----------". */
void told_date_text(int64_t utc_ms, char out[11]);

#endif
