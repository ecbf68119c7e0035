/* SPDX-License-Identifier: Apache-2.0 */
/* The one parser of dates and spans, and what "24 months before" means. No clock. */
#include "broker/agree/span.h"

#include "broker/agree/calendar.h"
#include "told/limits.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *suffix;
	enum told_span_unit unit;
} units[] = {
	{"wd", TOLD_SPAN_WORKING_DAYS}, /* before "d" */
	{"h", TOLD_SPAN_HOURS},         {"d", TOLD_SPAN_DAYS}, {"m", TOLD_SPAN_MONTHS}, {"y", TOLD_SPAN_YEARS},
};

enum told_status told_span_parse(struct told_bytes text, struct told_span *out)
{
	*out = (struct told_span){0};
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		size_t suffix = strlen(units[i].suffix);
		if (text.len <= suffix || memcmp(text.data + text.len - suffix, units[i].suffix, suffix) != 0)
			continue;
		uint64_t count = 0;
		enum told_status status =
			told_decimal(told_bytes(text.data, text.len - suffix), TOLD_SPAN_COUNT_MAX, &count);
		if (status != TOLD_OK || count == 0)
			return TOLD_E_MALFORMED;
		*out = (struct told_span){.count = (uint32_t)count, .unit = units[i].unit};
		return TOLD_OK;
	}
	return TOLD_E_MALFORMED;
}

void told_span_text(struct told_span span, char out[12])
{
	const char *suffix = "";
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (units[i].unit == span.unit)
			suffix = units[i].suffix;
	snprintf(out, 12, "%u%s", span.count % (TOLD_SPAN_COUNT_MAX + 1), suffix);
}

/* Day number, rounding down also before 1970. */
static int64_t day_of_ms(int64_t utc_ms)
{
	return utc_ms >= 0 ? utc_ms / TOLD_MS_DAY : -((-utc_ms + TOLD_MS_DAY - 1) / TOLD_MS_DAY);
}

static int64_t move_working_days(int64_t t_utc_ms, uint32_t count, int64_t step)
{
	int64_t day = day_of_ms(t_utc_ms), within = t_utc_ms - day * TOLD_MS_DAY;
	for (uint32_t left = count; left > 0;) {
		day += step;
		if (told_working_day(day))
			left--;
	}
	return day * TOLD_MS_DAY + within;
}

static int64_t move_months(int64_t t_utc_ms, int64_t months)
{
	int64_t number = day_of_ms(t_utc_ms), within = t_utc_ms - number * TOLD_MS_DAY;
	struct told_day day = told_day_of(number);
	int64_t index = (int64_t)day.year * 12 + day.month - 1 + months;
	day.year = (int32_t)(index >= 0 ? index / 12 : -((-index + 11) / 12));
	day.month = (uint32_t)(index - (int64_t)day.year * 12 + 1);
	uint32_t last = told_month_days(day.year, day.month);
	if (day.day > last)
		day.day = last;
	return told_day_number(day) * TOLD_MS_DAY + within;
}

/* 100 million days either side of 1970: past it the arithmetic would overflow, and nobody lives there. */
#define TIME_BOUND_MS (INT64_C(100000000) * TOLD_MS_DAY)

static int64_t move(int64_t t_utc_ms, struct told_span span, int64_t sign)
{
	if (t_utc_ms > TIME_BOUND_MS || t_utc_ms < -TIME_BOUND_MS)
		return t_utc_ms;
	int64_t count = sign * (int64_t)span.count;
	switch (span.unit) {
	case TOLD_SPAN_HOURS: return t_utc_ms + count * TOLD_MS_HOUR;
	case TOLD_SPAN_DAYS: return t_utc_ms + count * TOLD_MS_DAY;
	case TOLD_SPAN_WORKING_DAYS: return move_working_days(t_utc_ms, span.count, sign);
	case TOLD_SPAN_MONTHS: return move_months(t_utc_ms, count);
	case TOLD_SPAN_YEARS: return move_months(t_utc_ms, count * 12);
	case TOLD_SPAN_NONE: break;
	}
	return t_utc_ms;
}

int64_t told_span_after(int64_t t_utc_ms, struct told_span span)
{
	return move(t_utc_ms, span, 1);
}

int64_t told_span_before(int64_t t_utc_ms, struct told_span span)
{
	return move(t_utc_ms, span, -1);
}

/* Exactly n digits, leading zeros allowed. */
static bool digits(const uint8_t *text, size_t n, uint32_t *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (uint32_t)(text[i] - '0');
	}
	return true;
}

enum told_status told_date_parse(struct told_bytes text, int64_t *utc_ms)
{
	uint32_t year, month, day;
	*utc_ms = 0;
	if (text.len != 10 || text.data[4] != '-' || text.data[7] != '-')
		return TOLD_E_MALFORMED;
	if (!digits(text.data, 4, &year) || !digits(text.data + 5, 2, &month) || !digits(text.data + 8, 2, &day))
		return TOLD_E_MALFORMED;
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > told_month_days((int32_t)year, month))
		return TOLD_E_MALFORMED;
	*utc_ms = told_day_number((struct told_day){(int32_t)year, month, day}) * TOLD_MS_DAY;
	return TOLD_OK;
}

enum told_status told_date_parse_end(struct told_bytes text, int64_t *utc_ms)
{
	enum told_status status = told_date_parse(text, utc_ms);
	if (status == TOLD_OK)
		*utc_ms += TOLD_MS_DAY;
	return status;
}

void told_date_text(int64_t utc_ms, char out[11])
{
	memcpy(out, "----------", 11);
	if (utc_ms < 0 || utc_ms > TIME_BOUND_MS)
		return;
	struct told_day day = told_day_of(day_of_ms(utc_ms));
	if (day.year <= 9999)
		snprintf(out, 11, "%04u-%02u-%02u", (unsigned)day.year % 10000, day.month % 100, day.day % 100);
}

/* No month is shorter or longer than this, and no year. Working days depend on the calendar: there is no most. */
static const struct {
	int64_t least_ms, most_ms;
} bounds[] = {
	[TOLD_SPAN_HOURS] = {TOLD_MS_HOUR, TOLD_MS_HOUR},
	[TOLD_SPAN_DAYS] = {TOLD_MS_DAY, TOLD_MS_DAY},
	[TOLD_SPAN_WORKING_DAYS] = {TOLD_MS_DAY, INT64_MAX / TOLD_SPAN_COUNT_MAX},
	[TOLD_SPAN_MONTHS] = {28 * TOLD_MS_DAY, 31 * TOLD_MS_DAY},
	[TOLD_SPAN_YEARS] = {365 * TOLD_MS_DAY, 366 * TOLD_MS_DAY},
};

bool told_span_over(int64_t from_utc_ms, struct told_span span, int64_t t_utc_ms)
{
	bool bounded = span.unit > TOLD_SPAN_NONE && span.unit <= TOLD_SPAN_YEARS &&
		       span.count <= TOLD_SPAN_COUNT_MAX && from_utc_ms >= 0 && from_utc_ms <= TIME_BOUND_MS &&
		       t_utc_ms >= from_utc_ms;
	if (bounded && t_utc_ms - from_utc_ms < span.count * bounds[span.unit].least_ms)
		return false;
	if (bounded && t_utc_ms - from_utc_ms >= span.count * bounds[span.unit].most_ms)
		return true;
	return t_utc_ms >= told_span_after(from_utc_ms, span);
}
