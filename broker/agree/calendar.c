/* SPDX-License-Identifier: Apache-2.0 */
/* Days, dates, and the bank holidays of England out of their data file. */
#include "broker/agree/calendar.h"

static const struct told_holiday bank_holidays[] = {
#define HOLIDAY(year, month, day, name) {{year, month, day}, name},
#include "broker/agree/bank_holidays.def"
#undef HOLIDAY
};
#define HOLIDAYS (sizeof bank_holidays / sizeof bank_holidays[0])

const struct told_holiday *told_holiday_at(size_t index)
{
	return index < HOLIDAYS ? &bank_holidays[index] : NULL;
}

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
	for (size_t i = 0; i < HOLIDAYS; i++)
		if (same_day(bank_holidays[i].day, day))
			return false;
	return true;
}
