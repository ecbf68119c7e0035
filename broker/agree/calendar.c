/* SPDX-License-Identifier: Apache-2.0 */
/* Days, dates, and the bank holidays of England 2025 to 2028 (Banking and Financial Dealings Act 1971; gov.uk). */
#include "broker/agree/calendar.h"

#include <stddef.h>

/* When a holiday falls on a weekend its substitute stands here. Extend the table before its last year begins. */
static const struct told_day bank_holidays[] = {
	{2025, 1, 1},   {2025, 4, 18},  {2025, 4, 21},  {2025, 5, 5},   {2025, 5, 26}, {2025, 8, 25}, {2025, 12, 25},
	{2025, 12, 26}, {2026, 1, 1},   {2026, 4, 3},   {2026, 4, 6},   {2026, 5, 4},  {2026, 5, 25}, {2026, 8, 31},
	{2026, 12, 25}, {2026, 12, 28}, {2027, 1, 1},   {2027, 3, 26},  {2027, 3, 29}, {2027, 5, 3},  {2027, 5, 31},
	{2027, 8, 30},  {2027, 12, 27}, {2027, 12, 28}, {2028, 1, 3},   {2028, 4, 14}, {2028, 4, 17}, {2028, 5, 1},
	{2028, 5, 29},  {2028, 8, 28},  {2028, 12, 25}, {2028, 12, 26},
};

/* Civil from days and back, with March as the first month so that the leap day is the last of the year
 * (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
int64_t told_day_number(struct told_day day)
{
	int64_t year = day.month <= 2 ? (int64_t)day.year - 1 : day.year;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * ((int64_t)day.month + (day.month > 2 ? -3 : 9)) + 2) / 5 + (int64_t)day.day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct told_day told_day_of(int64_t number)
{
	int64_t z = number + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t in_era = z - era * 146097;
	int64_t of_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t of_year = in_era - (365 * of_era + of_era / 4 - of_era / 100);
	int64_t shifted = (5 * of_year + 2) / 153;
	uint32_t month = (uint32_t)(shifted < 10 ? shifted + 3 : shifted - 9);
	return (struct told_day){
		.year = (int32_t)(of_era + era * 400 + (month <= 2 ? 1 : 0)),
		.month = month,
		.day = (uint32_t)(of_year - (153 * shifted + 2) / 5 + 1),
	};
}

uint32_t told_month_days(int32_t year, uint32_t month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month == 2 && leap ? 29 : days[(month - 1) % 12];
}

static bool same_day(struct told_day a, struct told_day b)
{
	return a.day == b.day && a.month == b.month && a.year == b.year;
}

/* The day is turned into a date once, never each holiday into a number: every ruling with a deadline asks. */
bool told_working_day(int64_t number)
{
	int64_t weekday = ((number + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday; Monday is 0 */
	if (weekday >= 5)
		return false;
	struct told_day day = told_day_of(number);
	for (size_t i = 0; i < sizeof bank_holidays / sizeof bank_holidays[0]; i++)
		if (same_day(bank_holidays[i], day))
			return false;
	return true;
}
