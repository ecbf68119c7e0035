/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and times of answers. Pure arithmetic: days from civil, the proleptic Gregorian calendar, no time zone tables.
 */
#include "agents/form/internal.h"

#include "told/limits.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

/* Days since 1970-01-01; years from 1 on. */
static int64_t days_from_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400, of_era = y % 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Exactly `digits` digits at *at, moved past; -1 when they are not there. */
static int number(struct told_bytes text, size_t *at, size_t digits)
{
	int value = 0;
	for (size_t i = 0; i < digits; i++, ++*at) {
		if (*at >= text.len || text.data[*at] < '0' || text.data[*at] > '9')
			return -1;
		value = value * 10 + (text.data[*at] - '0');
	}
	return value;
}

static bool take(struct told_bytes text, size_t *at, char c)
{
	bool there = *at < text.len && text.data[*at] == (uint8_t)c;
	*at += there;
	return there;
}

/* YYYY, YYYY-MM or YYYY-MM-DD; false when it is none. Parts counts those that stood there. */
static bool read_date(struct told_bytes text, size_t *at, int64_t *days, int *parts)
{
	int month = 1, day = 1;
	int year = number(text, at, 4);
	*parts = 1;
	if (year >= 1900 && take(text, at, '-')) {
		month = number(text, at, 2);
		++*parts;
	}
	if (*parts == 2 && take(text, at, '-')) {
		day = number(text, at, 2);
		++*parts;
	}
	if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 || day > days_in(year, month))
		return false;
	*days = days_from_civil(year, month, day);
	return true;
}

/* "Z" or an offset; a local time without one counts as UTC. */
static bool read_zone(struct told_bytes text, size_t *at, int64_t *offset_ms)
{
	*offset_ms = 0;
	if (take(text, at, 'Z') || *at == text.len)
		return true;
	int64_t sign = take(text, at, '-') ? -1 : take(text, at, '+') ? 1 : 0;
	int hours = number(text, at, 2);
	bool colon = take(text, at, ':');
	int minutes = number(text, at, 2);
	*offset_ms = sign * (hours * TOLD_MS_HOUR + minutes * TOLD_MS_MINUTE);
	return sign != 0 && colon && hours >= 0 && hours <= 14 && minutes >= 0 && minutes <= 59;
}

static bool read_clock(struct told_bytes text, size_t *at, int64_t *ms)
{
	int hour = number(text, at, 2);
	bool colons = take(text, at, ':');
	int minute = number(text, at, 2);
	int second = take(text, at, ':') ? number(text, at, 2) : 0;
	*ms = hour * TOLD_MS_HOUR + minute * TOLD_MS_MINUTE + second * TOLD_MS_SECOND;
	if (take(text, at, '.'))
		while (*at < text.len && text.data[*at] >= '0' && text.data[*at] <= '9')
			++*at;
	return colons && hour >= 0 && hour <= 24 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60;
}

int64_t form_time_ms(struct told_bytes text)
{
	size_t at = 0;
	int64_t days = 0, clock_ms = 0, offset_ms = 0;
	int parts = 0;
	if (!read_date(text, &at, &days, &parts))
		return INT64_MIN;
	if (parts == 3 && take(text, &at, 'T') &&
	    (!read_clock(text, &at, &clock_ms) || !read_zone(text, &at, &offset_ms)))
		return INT64_MIN;
	return at == text.len ? days * TOLD_MS_DAY + clock_ms - offset_ms : INT64_MIN;
}

bool form_date_valid(const char *text)
{
	return strlen(text) == 10 && form_time_ms(told_text(text)) != INT64_MIN;
}

void form_time_text(int64_t utc_ms, char out[32])
{
	time_t seconds = (time_t)(utc_ms / TOLD_MS_SECOND);
	struct tm tm = {0};
	out[0] = '\0';
	if (gmtime_r(&seconds, &tm) == NULL || strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		out[0] = '\0';
}
