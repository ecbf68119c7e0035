/* SPDX-License-Identifier: Apache-2.0 */
/* Words in and out: the nearest name, times (RFC 3339), text that may go to a terminal or into JSON. */
#ifndef TOLD_AUDIT_BASE_WORDS_H
#define TOLD_AUDIT_BASE_WORDS_H

#include "told/bytes.h"

#include <stdio.h>

/* The one of n >= 1 names with the fewest letters to change. */
const char *told_nearest(const char *word, const char *const *names, size_t n);

/* A UTC time in ms from "2026-11-22T13:45:00Z", with or without a fraction, or with an offset "+01:00".
 * TOLD_E_MALFORMED for anything else, for a day that no month has, for years before 1970. */
TOLD_MUST_USE enum told_status told_time_parse(struct told_bytes text, uint64_t *ms);
#define TOLD_TIME_BYTES 32
/* The same without fraction, in Z; "?" when the year has more than four digits. */
void told_time_format(uint64_t ms, char out[TOLD_TIME_BYTES]);
/* A span in the two largest of days, hours, minutes, seconds: "3 d 4 h". */
#define TOLD_SPAN_BYTES 40
void told_span_format(uint64_t ms, char out[TOLD_SPAN_BYTES]);

/* Text of others, for a terminal: control characters and bytes that are not UTF-8 are printed as '?'. */
void told_print_plain(FILE *to, struct told_bytes text);
/* As a JSON string, quotes included. */
void told_print_json(FILE *to, struct told_bytes text);

#endif
