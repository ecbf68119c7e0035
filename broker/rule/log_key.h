/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of the log itself, in the directory: the first is known from outside the log, each later one comes by a
 * PARTNER message of the operator's, which begins the last 30 days of those before it (protocol section 1). */
#ifndef TOLD_RULE_LOG_KEY_H
#define TOLD_RULE_LOG_KEY_H

#include "broker/agree/directory.h"
#include "told/envelope.h"

/* A key that is known before the first entry. over: a later one is known too, and this one counts only for what it
 * signed long ago. */
TOLD_MUST_USE enum told_status told_log_key_pin(struct told_directory *directory, struct told_parties *parties,
						const uint8_t key[TOLD_KEY_BYTES], uint32_t number, bool over);

/* Folds what the operator says of a key. ISSUE: those of lower number are retired; a pinned key that comes again stays
 * as it is. REVOKE: this key is over at once; TOLD_E_NOT_ALLOWED for the newest, since nothing could replace it. */
TOLD_MUST_USE enum told_status told_log_key_apply(struct told_directory *directory, struct told_parties *parties,
						  const struct told_key_part *part, struct told_entry entry);

/* The log's keys by number, as many as there is room for (TOLD_LOG_KEYS_MAX holds all); live until the next apply. */
size_t told_log_keys(const struct told_directory *directory, const struct told_key **out, size_t room);
/* Whether a checkpoint made at that time carries its signature. */
bool told_log_key_signs(const struct told_key *key, int64_t utc_ms);

#endif
