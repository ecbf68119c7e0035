/* SPDX-License-Identifier: Apache-2.0 */
/* FHIR's dates (R4 datatypes: date, dateTime, instant), which may be a year, a month, a day, or a moment with its
 * offset. Reads no clock. */
#include "agents/import/fhir.h"

#include "told/limits.h"

struct moment {
	int64_t year, month, day, ms; /* ms of the day, offset applied */
	enum { YEAR, MONTH, DAY, MOMENT } precision;
};

struct reader {
	struct told_bytes text;
	size_t at;
	bool bad;
};

/* Exactly count digits, between low and high. */
static int64_t number(struct reader *reader, size_t count, int64_t low, int64_t high)
{
	int64_t value = 0;
	for (size_t i = 0; i < count; i++, reader->at++) {
		uint8_t c = reader->at < reader->text.len ? reader->text.data[reader->at] : 0;
		reader->bad = reader->bad || c < '0' || c > '9';
		value = reader->bad ? low : value * 10 + (c - '0');
	}
	reader->bad = reader->bad || value < low || value > high;
	return value;
}

static bool take(struct reader *reader, char c)
{
	if (reader->at >= reader->text.len || reader->text.data[reader->at] != (uint8_t)c)
		return false;
	reader->at++;
	return true;
}

static bool leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t month_days(int64_t year, int64_t month)
{
	static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return days[month - 1] + (month == 2 && leap(year) ? 1 : 0);
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant, days_from_civil). */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2 ? 1 : 0;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Digits after the point; milliseconds are all we keep, and the text stays beside them. */
static int64_t fraction(struct reader *reader)
{
	int64_t ms = 0;
	if (!take(reader, '.'))
		return 0;
	for (int64_t place = 100; !reader->bad; place /= 10) {
		ms += number(reader, 1, 0, 9) * place;
		uint8_t next = reader->at < reader->text.len ? reader->text.data[reader->at] : 0;
		if (next < '0' || next > '9')
			break;
	}
	return ms;
}

static int64_t offset(struct reader *reader)
{
	if (take(reader, 'Z'))
		return 0;
	int64_t sign = take(reader, '+') ? 1 : -1;
	if (sign < 0 && !take(reader, '-'))
		reader->bad = true;
	int64_t hours = number(reader, 2, 0, 14);
	reader->bad = reader->bad || !take(reader, ':');
	return sign * (hours * TOLD_MS_HOUR + number(reader, 2, 0, 59) * TOLD_MS_MINUTE);
}

static void read_clock(struct reader *reader, struct moment *moment)
{
	moment->precision = MOMENT;
	moment->ms = number(reader, 2, 0, 23) * TOLD_MS_HOUR;
	reader->bad = reader->bad || !take(reader, ':');
	moment->ms += number(reader, 2, 0, 59) * TOLD_MS_MINUTE;
	reader->bad = reader->bad || !take(reader, ':');
	moment->ms += number(reader, 2, 0, 60) * TOLD_MS_SECOND; /* FHIR allows leap seconds */
	moment->ms += fraction(reader);
	moment->ms -= offset(reader);
}

static void read_moment(struct reader *reader, struct moment *moment)
{
	*moment = (struct moment){.month = 1, .day = 1, .precision = YEAR};
	moment->year = number(reader, 4, 1, 9999);
	if (reader->bad || !take(reader, '-'))
		return;
	moment->precision = MONTH;
	moment->month = number(reader, 2, 1, 12);
	if (reader->bad || !take(reader, '-'))
		return;
	moment->precision = DAY;
	moment->day = number(reader, 2, 1, month_days(moment->year, moment->month));
	if (!reader->bad && take(reader, 'T'))
		read_clock(reader, moment);
}

/* The first day after a year, a month or a day; a moment is its own end. */
static void to_end(struct moment *moment)
{
	if (moment->precision == YEAR)
		moment->year++;
	if (moment->precision == MONTH)
		moment->day = month_days(moment->year, moment->month) + 1;
	if (moment->precision == DAY)
		moment->day++;
}

enum told_status told_fhir_parse_time(struct told_bytes text, bool end, int64_t *ms)
{
	*ms = TOLD_IMPORT_NO_TIME;
	struct reader reader = {.text = text};
	struct moment moment;
	read_moment(&reader, &moment);
	if (reader.bad || reader.at != text.len)
		return TOLD_E_MALFORMED;
	if (end)
		to_end(&moment);
	*ms = days_from_civil(moment.year, moment.month, moment.day) * TOLD_MS_DAY + moment.ms;
	return TOLD_OK;
}

enum told_status told_fhir_time(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				const char *name, bool end, struct told_bytes *text, int64_t *ms)
{
	*ms = TOLD_IMPORT_NO_TIME;
	enum told_status status = told_fhir_text(fhir, at, object, name, text);
	if (status != TOLD_OK || text->len == 0)
		return status;
	if (told_fhir_parse_time(*text, end, ms) == TOLD_OK)
		return TOLD_OK;
	return told_fhir_refuse(fhir, TOLD_FHIR_AT(at, name), "it is no date or time of FHIR");
}

enum told_status told_fhir_period(struct told_fhir *fhir, const struct told_fhir_at *at, const json_t *object,
				  const char *name, int64_t *from_ms, int64_t *until_ms)
{
	*from_ms = *until_ms = TOLD_IMPORT_NO_TIME;
	json_t *period = NULL;
	struct told_bytes text;
	const struct told_fhir_at *here = TOLD_FHIR_AT(at, name);
	enum told_status status = told_fhir_object(fhir, at, object, name, &period);
	if (status != TOLD_OK || period == NULL)
		return status;
	status = told_fhir_time(fhir, here, period, "start", false, &text, from_ms);
	if (status == TOLD_OK)
		status = told_fhir_time(fhir, here, period, "end", true, &text, until_ms);
	if (status == TOLD_OK && *from_ms == TOLD_IMPORT_NO_TIME && *until_ms == TOLD_IMPORT_NO_TIME)
		status = told_fhir_refuse(fhir, here, "it must have a start or an end");
	if (status == TOLD_OK && *from_ms != TOLD_IMPORT_NO_TIME && *until_ms != TOLD_IMPORT_NO_TIME &&
	    *from_ms >= *until_ms)
		status = told_fhir_refuse(fhir, here, "it ends before it starts");
	return status;
}
