/* SPDX-License-Identifier: Apache-2.0 */
/* Codes, times and lists in words. */
#include "agents/cli/show.h"

#include "broker/decide/codes.h"
#include "told/vocabulary.h"
#include <string.h>
#include <time.h>

const char *told_text_of(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));
	return text != NULL ? text : "";
}

static void format_time(const json_t *ms, const char *format, char out[40])
{
	time_t seconds = (time_t)(json_integer_value(ms) / 1000);
	struct tm local;
	out[0] = '\0';
	if (!json_is_integer(ms) || localtime_r(&seconds, &local) == NULL)
		return;
	static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
					     "July",    "August",   "September", "October", "November", "December"};
	if (strcmp(format, "date") == 0)
		snprintf(out, 40, "%d %s %d", local.tm_mday, months[local.tm_mon], local.tm_year + 1900);
	else
		snprintf(out, 40, "%d %s %d, %02d:%02d", local.tm_mday, months[local.tm_mon], local.tm_year + 1900,
			 local.tm_hour, local.tm_min);
}

void told_time_words(const json_t *ms, char out[40])
{
	format_time(ms, "time", out);
}

/* "14:05" is the last time that it was so; a date before it says which day. */
bool told_time_read(const char *text, int64_t now_ms, int64_t *utc_ms)
{
	time_t now = (time_t)(now_ms / 1000);
	struct tm local;
	if (localtime_r(&now, &local) == NULL)
		return false;
	const char *format = strchr(text, 'T') != NULL ? "%Y-%m-%dT%H:%M" : "%H:%M";
	const char *end = strptime(text, format, &local);
	local.tm_sec = 0;
	local.tm_isdst = -1;
	time_t then = end != NULL && *end == '\0' ? mktime(&local) : (time_t)-1;
	if (then == (time_t)-1)
		return false;
	if (then > now && strchr(text, 'T') == NULL) {
		local.tm_mday--;
		local.tm_isdst = -1;
		then = mktime(&local);
	}
	*utc_ms = (int64_t)then * 1000;
	return then != (time_t)-1;
}

/* An end date includes its day, and stands in JSON as the next midnight: one millisecond earlier is the day meant. 0 is
 * no end. */
void told_date_words(const json_t *ms, char out[40])
{
	json_t *day = json_integer(json_integer_value(ms) - 1);
	format_time(json_integer_value(ms) > 0 ? day : NULL, "date", out);
	json_decref(day);
}

const char *told_category_words(const char *code)
{
	unsigned category = told_value(TOLD_LIST_CATEGORY, told_text(code));
	return category != 0 ? told_words(TOLD_LIST_CATEGORY, category) : code;
}

void told_print_categories(FILE *out, const json_t *codes)
{
	size_t i = 0;
	json_t *code = NULL;
	json_array_foreach(codes, i, code)
		fprintf(out, "%s%s", i > 0 ? ", " : "", told_category_words(json_string_value(code)));
}

void told_print_list(FILE *out, const json_t *texts, const char *none)
{
	size_t i = 0;
	json_t *text = NULL;
	if (json_array_size(texts) == 0)
		fputs(none, out);
	json_array_foreach(texts, i, text)
	{
		const char *shown = json_is_object(text) ? told_text_of(text, "party") : json_string_value(text);
		fprintf(out, "%s%s", i > 0 ? ", " : "", shown != NULL ? shown : "?");
	}
}

void told_print_code(FILE *out, const json_t *code)
{
	const char *name = json_is_object(code) ? told_text_of(code, "code") : json_string_value(code);
	const struct told_code_row *row = told_code_row(told_code_named(told_text(name)));
	const char *words = told_text_of(code, "words"), *fix = told_text_of(code, "fix"),
		   *who = told_text_of(code, "who");
	if (row != NULL) {
		words = words[0] != '\0' ? words : row->sender;
		fix = fix[0] != '\0' ? fix : row->fix;
		who = who[0] != '\0' ? who : told_cure_words(row->cure);
	}
	fprintf(out, "%s%s%s", words, fix[0] != '\0' ? " " : "", fix);
	if (name != NULL)
		fprintf(out, " [%s%s%s]", name, who[0] != '\0' ? "; who can mend it: " : "", who);
}
