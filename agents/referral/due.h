/* SPDX-License-Identifier: Apache-2.0 */
/* Days that somebody waits for, in words: by when a referral is acknowledged, how many working days are left, what on a
 * row needs a look. Pure: time comes in, nothing is kept. */
#ifndef TOLD_REFERRAL_DUE_H
#define TOLD_REFERRAL_DUE_H

#include "broker/agree/span.h"
#include "broker/rule/person.h"

/* When a referral must be acknowledged: the agreement's span, two working days where it states none, or the service's
 * own promise where that is sooner. A span without a unit is none. */
int64_t told_ack_due(int64_t sent_utc_ms, struct told_span agreement, struct told_span promise);
/* Nobody there has said anything, and it still waits for them. */
bool told_ack_waits(const struct told_referral_facts *referral);
/* That, and the day has passed. */
bool told_ack_overdue(const struct told_referral_facts *referral, int64_t due_utc_ms, int64_t now_utc_ms);

/* Working days after today up to the day itself; 0: today. Of a time that has passed: how many since, below zero. */
int64_t told_working_days_left(int64_t due_utc_ms, int64_t now_utc_ms);
/* "Tue 24 Nov": of another year "Tue 5 Jan 2027". */
void told_day_words(int64_t utc_ms, int64_t now_utc_ms, struct told_buf *out);
/* "Acknowledge by Tue 24 Nov (1 working day left)", "... (today)", "... (2 working days late)". */
void told_ack_words(int64_t due_utc_ms, int64_t now_utc_ms, struct told_buf *out);

#endif
