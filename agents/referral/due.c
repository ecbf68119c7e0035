/* SPDX-License-Identifier: Apache-2.0 */
/* Working days in words. Days are those of UTC, as everywhere in the decision. */
#include "agents/referral/due.h"

#include "broker/agree/calendar.h"

#include <stdlib.h>

static const struct told_span two_working_days = {.count = 2, .unit = TOLD_SPAN_WORKING_DAYS};

int64_t told_ack_due(int64_t sent_utc_ms, struct told_span agreement, struct told_span promise)
{
	struct told_span stated = agreement.unit == TOLD_SPAN_NONE ? two_working_days : agreement;
	int64_t due = told_span_after(sent_utc_ms, stated);
	int64_t own = promise.unit == TOLD_SPAN_NONE ? due : told_span_after(sent_utc_ms, promise);
	return own < due ? own : due;
}

bool told_ack_waits(const struct told_referral_facts *r)
{
	return r->state == TOLD_REFERRAL_REQUESTED && r->answered_utc_ms == 0;
}

bool told_ack_overdue(const struct told_referral_facts *r, int64_t due_utc_ms, int64_t now_utc_ms)
{
	return told_ack_waits(r) && now_utc_ms >= due_utc_ms;
}

static int64_t day_of(int64_t utc_ms)
{
	return utc_ms / TOLD_MS_DAY - (utc_ms % TOLD_MS_DAY < 0 ? 1 : 0);
}

static int64_t working_between(int64_t after, int64_t until)
{
	int64_t count = 0;
	for (int64_t day = after + 1; day <= until; day++)
		count += told_working_day(day);
	return count;
}

int64_t told_working_days_left(int64_t due_utc_ms, int64_t now_utc_ms)
{
	int64_t due = day_of(due_utc_ms), today = day_of(now_utc_ms);
	return due >= today ? working_between(today, due) : -working_between(due, today);
}

void told_day_words(int64_t utc_ms, int64_t now_utc_ms, struct told_buf *out)
{
	static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t number = day_of(utc_ms);
	struct told_day day = told_day_of(number), today = told_day_of(day_of(now_utc_ms));
	told_buf_printf(out, "%s %u %s", weekdays[((number + 3) % 7 + 7) % 7], day.day, months[day.month - 1]);
	if (day.year != today.year)
		told_buf_printf(out, " %d", day.year);
}

void told_ack_words(int64_t due_utc_ms, int64_t now_utc_ms, struct told_buf *out)
{
	int64_t left = told_working_days_left(due_utc_ms, now_utc_ms);
	const char *days = llabs(left) == 1 ? "working day" : "working days";
	told_buf_put_text(out, "Acknowledge by ");
	told_day_words(due_utc_ms, now_utc_ms, out);
	if (now_utc_ms >= due_utc_ms && left == 0)
		told_buf_put_text(out, " (late)");
	else if (left == 0)
		told_buf_put_text(out, " (today)");
	else if (left > 0)
		told_buf_printf(out, " (%lld %s left)", (long long)left, days);
	else
		told_buf_printf(out, " (%lld %s late)", (long long)-left, days);
}
