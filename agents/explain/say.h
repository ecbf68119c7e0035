/* SPDX-License-Identifier: Apache-2.0 */
/* Small words that several renderings say alike. Private to this room. */
#ifndef TOLD_EXPLAIN_SAY_H
#define TOLD_EXPLAIN_SAY_H

#include "agents/explain/render.h"

#define TOLD_WHEN_BYTES       24u
#define TOLD_PERMISSION_BYTES 40u

bool told_is_request(const struct told_rendering *r);
/* Who gives and who gets: a request is told as its answer. */
const char *told_giver_name(const struct told_rendering *r);
const char *told_taker_name(const struct told_rendering *r);
/* What section i is called. */
const char *told_section_name(const struct told_rendering *r, size_t i);
bool told_section_went(const struct told_rendering *r, size_t i);
bool told_anything_went(const struct told_rendering *r);
bool told_reports(const struct told_decision *d, unsigned code);

/* "RELEASE"; "release", "withhold", "hold"; "flow", "override", "right", "". Static. */
const char *told_effect_word(unsigned effect);
const char *told_section_effect_word(unsigned effect);
const char *told_rule_word(unsigned rule);
/* Whom an obligation means ("the on-call authoriser"), static. */
const char *told_who_words(unsigned who);

/* "2026-11-22T10:00Z"; "at once" for 0. */
void told_when_text(int64_t utc_ms, char out[TOLD_WHEN_BYTES]);
/* A permission's id: a case names its records in letters, a real id is 16 bytes of which one at least is no letter. ""
 * for none. */
void told_permission_text(const uint8_t id[TOLD_ID_BYTES], char out[TOLD_PERMISSION_BYTES]);
/* "REFERRAL, COORD". */
void told_say_purposes(uint32_t purposes, const char *between, bool words, struct told_buf *out);

/* The marker that the recipient gets: enum told_parcel_marker. */
unsigned told_marker_of(const struct told_decision *d);

/* ---- one file each ---- */

void told_render_sender(const struct told_rendering *r, struct told_buf *out);
void told_render_requester(const struct told_rendering *r, struct told_buf *out);
void told_render_person(const struct told_rendering *r, struct told_buf *out);
void told_render_auditor(const struct told_rendering *r, struct told_buf *out);
json_t *told_json_sender(const struct told_rendering *r);
json_t *told_json_requester(const struct told_rendering *r);
json_t *told_json_person(const struct told_rendering *r);
json_t *told_json_auditor(const struct told_rendering *r);

#endif
