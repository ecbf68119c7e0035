/* SPDX-License-Identifier: Apache-2.0 */
/* Names, times and text for people. Touches memory and the stream that it is given. */
#include "evidence/audit/base/words.h"

#include "told/codes.h"

#include <inttypes.h>
#include <string.h>

/* ---- the nearest name ---- */

#define WORD_MAX 32u

static size_t least(size_t a, size_t b, size_t c)
{
	size_t low = a < b ? a : b;
	return low < c ? low : c;
}

/* Letters to add, leave out or change (Levenshtein), of the first WORD_MAX of each. */
static size_t distance(const char *a, const char *b)
{
	size_t la = strnlen(a, WORD_MAX), lb = strnlen(b, WORD_MAX);
	size_t row[WORD_MAX + 1];
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t above = row[j];
			row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[lb];
}

const char *told_nearest(const char *word, const char *const *names, size_t n)
{
	const char *best = names[0];
	for (size_t i = 1; i < n; i++)
		if (distance(word, names[i]) < distance(word, best))
			best = names[i];
	return best;
}

/* ---- times ---- */

#define DAY_S 86400

/* Days from 1970-01-01 in the proleptic Gregorian calendar; years from 1970. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;
	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static void date_of(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
	int64_t z = days + 719468, era = z / 146097, doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = yoe + era * 400 + (*month <= 2);
}

/* Exactly `digits` digits off the front. */
static bool number(struct told_bytes *text, size_t digits, int64_t *out)
{
	if (text->len < digits)
		return false;
	*out = 0;
	for (size_t i = 0; i < digits; i++) {
		uint8_t c = text->data[i];
		if (c < '0' || c > '9')
			return false;
		*out = *out * 10 + (c - '0');
	}
	*text = told_bytes(text->data + digits, text->len - digits);
	return true;
}

static bool letter(struct told_bytes *text, char expected)
{
	if (text->len == 0 || text->data[0] != (uint8_t)expected)
		return false;
	*text = told_bytes(text->data + 1, text->len - 1);
	return true;
}

/* ".5" to ".999999999", cut to ms. */
static bool fraction(struct told_bytes *text, int64_t *ms)
{
	int64_t digit, weight = 100;
	*ms = 0;
	if (!letter(text, '.'))
		return true;
	if (!number(text, 1, &digit))
		return false;
	do {
		*ms += digit * weight;
		weight /= 10;
	} while (number(text, 1, &digit));
	return true;
}

static bool offset(struct told_bytes *text, int64_t *seconds)
{
	int64_t hours, minutes;
	*seconds = 0;
	if (letter(text, 'Z'))
		return true;
	int64_t sign = letter(text, '+') ? 1 : letter(text, '-') ? -1 : 0;
	if (sign == 0 || !number(text, 2, &hours) || !letter(text, ':') || !number(text, 2, &minutes))
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return hours < 24 && minutes < 60;
}

static bool is_day(int64_t year, int64_t month, int64_t day)
{
	int64_t y, m, d;
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	date_of(days_of(year, month, day), &y, &m, &d);
	return m == month && d == day;
}

enum told_status told_time_parse(struct told_bytes text, uint64_t *ms)
{
	int64_t year, month, day, hour, minute, second, thousandths, east_s;
	if (!number(&text, 4, &year) || !letter(&text, '-') || !number(&text, 2, &month) || !letter(&text, '-') ||
	    !number(&text, 2, &day) || !letter(&text, 'T') || !number(&text, 2, &hour) || !letter(&text, ':') ||
	    !number(&text, 2, &minute) || !letter(&text, ':') || !number(&text, 2, &second) ||
	    !fraction(&text, &thousandths) || !offset(&text, &east_s) || text.len != 0)
		return TOLD_E_MALFORMED;
	if (!is_day(year, month, day) || hour > 23 || minute > 59 || second > 59)
		return TOLD_E_MALFORMED;
	int64_t seconds = days_of(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second - east_s;
	if (seconds < 0)
		return TOLD_E_MALFORMED;
	*ms = (uint64_t)(seconds * 1000 + thousandths);
	return TOLD_OK;
}

void told_time_format(uint64_t ms, char out[TOLD_TIME_BYTES])
{
	int64_t year, month, day, seconds = (int64_t)(ms / 1000), rest = seconds % DAY_S;
	if (seconds / DAY_S > days_of(9999, 12, 31)) {
		snprintf(out, TOLD_TIME_BYTES, "?");
		return;
	}
	date_of(seconds / DAY_S, &year, &month, &day);
	snprintf(out, TOLD_TIME_BYTES, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)year, (int)month, (int)day,
		 (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

void told_span_format(uint64_t ms, char out[TOLD_SPAN_BYTES])
{
	static const struct {
		uint64_t seconds;
		const char *name;
	} units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
	uint64_t seconds = ms / 1000;
	size_t i = 0;
	while (i < 3 && seconds < units[i].seconds)
		i++;
	int n = snprintf(out, TOLD_SPAN_BYTES, "%" PRIu64 " %s", seconds / units[i].seconds, units[i].name);
	if (i < 3 && n > 0)
		snprintf(out + n, TOLD_SPAN_BYTES - (size_t)n, " %" PRIu64 " %s",
			 seconds % units[i].seconds / units[i + 1].seconds, units[i + 1].name);
}

/* ---- text of others ---- */

static bool control(uint8_t c)
{
	return c < 0x20 || c == 0x7f;
}

void told_print_plain(FILE *to, struct told_bytes text)
{
	bool utf8 = told_utf8_valid(text);
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];
		/* U+0080 to U+009F steer terminals too */
		bool c1 = c == 0xc2 && i + 1 < text.len && text.data[i + 1] < 0xa0;
		fputc(control(c) || c1 || (c >= 0x80 && !utf8) ? '?' : c, to);
		i += c1;
	}
}

void told_print_json(FILE *to, struct told_bytes text)
{
	bool utf8 = told_utf8_valid(text);
	fputc('"', to);
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];
		if (c == '"' || c == '\\')
			fprintf(to, "\\%c", c);
		else if (control(c))
			fprintf(to, "\\u%04x", c);
		else
			fputc(c >= 0x80 && !utf8 ? '?' : c, to);
	}
	fputc('"', to);
}
