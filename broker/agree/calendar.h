/* SPDX-License-Identifier: Apache-2.0 */
/* Days and dates (proleptic Gregorian, UTC) and the bank holidays of England, for spans in working days. Pure data. */
#ifndef TOLD_AGREE_CALENDAR_H
#define TOLD_AGREE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct told_day {
	int32_t year;
	uint32_t month, day; /* 1 to 12, 1 to 31 */
};

/* Days since 1970-01-01; the day must exist. */
int64_t told_day_number(struct told_day day);
struct told_day told_day_of(int64_t number);
uint32_t told_month_days(int32_t year, uint32_t month);

/* Not a Saturday, a Sunday or a bank holiday in England. Of years outside the table only the weekends are known. */
bool told_working_day(int64_t number);

struct told_holiday {
	struct told_day day;
	const char *name;
};
/* The holidays in order (bank_holidays.def); NULL past the last. */
const struct told_holiday *told_holiday_at(size_t index);

/* The years whose bank holidays the table has. */
#define TOLD_CALENDAR_FIRST_YEAR 2024
#define TOLD_CALENDAR_LAST_YEAR  2028

#endif
