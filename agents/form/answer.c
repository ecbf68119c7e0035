/* SPDX-License-Identifier: Apache-2.0 */
/* One answer: is it one that the question takes, what number is it, how does it read in words. Answers are untrusted.
 */
#include "agents/form/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *told_form_rule_name(enum told_form_rule rule)
{
	static const char *const names[] = {
		"",
#define X(name, word, text) word,
		TOLD_FORM_RULES(X)
#undef X
	};
	return (unsigned)rule < TOLD_FORM_RULE_COUNT ? names[rule] : "";
}

const char *told_form_rule_text(enum told_form_rule rule)
{
	static const char *const texts[] = {
		"",
#define X(name, word, text) text,
		TOLD_FORM_RULES(X)
#undef X
	};
	return (unsigned)rule < TOLD_FORM_RULE_COUNT ? texts[rule] : "";
}

/* What is beyond a bound, and what is of the wrong kind. */
static const char *rule_of(enum told_status status)
{
	return told_form_rule_name(status == TOLD_E_LIMIT ? TOLD_FORM_RANGE : TOLD_FORM_ANSWER);
}

__attribute__((format(printf, 4, 5))) static enum told_status fault(const struct told_item *item, struct told_buf *why,
								    enum told_status status, const char *format, ...)
{
	if (why == NULL)
		return status;
	char text[256];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	told_buf_printf(why, "%s: %s (%s): %s", rule_of(status), item->link_id, item->text, text);
	return status;
}

static const struct told_option *option_of(const struct told_item *item, const json_t *answer)
{
	const char *code = json_string_value(answer);
	for (size_t i = 0; code != NULL && i < item->option_count; i++)
		if (strcmp(item->options[i].code, code) == 0)
			return &item->options[i];
	return NULL;
}

/* -- checks, one a type -- */

static enum told_status check_boolean(const struct told_item *item, const json_t *answer, struct told_buf *why)
{
	return json_is_boolean(answer) ? TOLD_OK
				       : fault(item, why, TOLD_E_MALFORMED, "the answer is yes or no (true or false)");
}

static enum told_status check_integer(const struct told_item *item, const json_t *answer, struct told_buf *why)
{
	if (!json_is_integer(answer))
		return fault(item, why, TOLD_E_MALFORMED, "the answer is a whole number");
	json_int_t n = json_integer_value(answer);
	int64_t min = item->has_min ? item->min : INT32_MIN, max = item->has_max ? item->max : INT32_MAX;
	if (n < min || n > max)
		return fault(item, why, TOLD_E_LIMIT, "the answer is a whole number from %" PRId64 " to %" PRId64, min,
			     max);
	return TOLD_OK;
}

static enum told_status check_date(const struct told_item *item, const json_t *answer, struct told_buf *why)
{
	if (json_is_string(answer) && form_date_valid(json_string_value(answer)))
		return TOLD_OK;
	return fault(item, why, TOLD_E_MALFORMED, "the answer is a day of the calendar, such as 1990-04-27");
}

static size_t characters(const char *text)
{
	size_t count = 0;
	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static bool is_clean(const char *text, const char *allowed)
{
	for (; *text != '\0'; text++)
		if (((unsigned char)*text < 0x20 || *text == 0x7f) && strchr(allowed, *text) == NULL)
			return false;
	return true;
}

static enum told_status check_words(const struct told_item *item, const json_t *answer, struct told_buf *why)
{
	const char *text = json_string_value(answer);
	if (text == NULL || text[strspn(text, " \t\r\n")] == '\0')
		return fault(item, why, TOLD_E_MALFORMED, "the answer is words; leave it out when there are none");
	if (!is_clean(text, item->type == TOLD_ITEM_TEXT ? "\n\t" : ""))
		return fault(item, why, TOLD_E_MALFORMED, "the answer holds characters that cannot be shown");
	if (characters(text) > item->max_characters)
		return fault(item, why, TOLD_E_LIMIT, "the answer is at most %zu characters long",
			     item->max_characters);
	return TOLD_OK;
}

static enum told_status check_choice(const struct told_item *item, const json_t *answer, struct told_buf *why)
{
	if (option_of(item, answer) != NULL)
		return TOLD_OK;
	if (item->type == TOLD_ITEM_OPEN_CHOICE)
		return check_words(item, answer, why);
	/* Of a choice with numbers behind it, a score, what is not there is out of its range. */
	bool score = item->option_count > 0 && item->options[0].has_ordinal;
	enum told_status status = json_is_string(answer) ? TOLD_E_UNKNOWN : TOLD_E_MALFORMED;
	if (why == NULL)
		return status;
	told_buf_printf(why, "%s: %s (%s): the answer is one of", rule_of(score ? TOLD_E_LIMIT : status), item->link_id,
			item->text);
	for (size_t i = 0; i < item->option_count; i++)
		told_buf_printf(why, "%s %s", i > 0 ? "," : "", item->options[i].code);
	return status;
}

static enum told_status check_one(const struct told_item *item, const json_t *answer, struct told_buf *why)
{
	static enum told_status (*const checks[TOLD_ITEM_TYPE_COUNT])(const struct told_item *, const json_t *,
								      struct told_buf *) = {
		[TOLD_ITEM_BOOLEAN] = check_boolean,    [TOLD_ITEM_INTEGER] = check_integer,
		[TOLD_ITEM_DATE] = check_date,          [TOLD_ITEM_STRING] = check_words,
		[TOLD_ITEM_TEXT] = check_words,         [TOLD_ITEM_CHOICE] = check_choice,
		[TOLD_ITEM_OPEN_CHOICE] = check_choice,
	};
	if (item->total_of != TOLD_NO_ITEM)
		return fault(item, why, TOLD_E_MALFORMED, "this is worked out from the answers, and not typed in");
	if (checks[item->type] == NULL)
		return fault(item, why, TOLD_E_MALFORMED, "this is a heading or a note, and takes no answer");
	return checks[item->type](item, answer, why);
}

static enum told_status check_list(const struct told_item *item, const json_t *answer, struct told_buf *why)
{
	size_t count = json_array_size(answer);
	if (count == 0 || count > item->option_count)
		return fault(item, why, TOLD_E_LIMIT, "from 1 to %zu answers", item->option_count);
	for (size_t i = 0; i < count; i++) {
		enum told_status status = check_one(item, json_array_get(answer, i), why);
		if (status != TOLD_OK)
			return status;
		for (size_t k = 0; k < i; k++)
			if (json_equal(json_array_get(answer, k), json_array_get(answer, i)))
				return fault(item, why, TOLD_E_MALFORMED, "the same answer is given twice");
	}
	return TOLD_OK;
}

enum told_status told_answer_check(const struct told_item *item, const json_t *answer, struct told_buf *why)
{
	if (!item->repeats)
		return check_one(item, answer, why);
	if (!json_is_array(answer))
		return fault(item, why, TOLD_E_MALFORMED, "the answer is a list, because more than one may be true");
	return check_list(item, answer, why);
}

bool told_answer_number(const struct told_item *item, const json_t *answer, int64_t *out)
{
	const struct told_option *option = option_of(item, answer);
	*out = option != NULL ? option->ordinal : json_is_true(answer) ? 1 : json_integer_value(answer);
	return option != NULL ? option->has_ordinal : json_is_integer(answer) || json_is_boolean(answer);
}

bool told_answer_flags(const struct told_item *item, const json_t *answer)
{
	int64_t number;
	return item->flags && told_answer_number(item, answer, &number) && number > item->flag_above;
}

static void put_one(const struct told_item *item, const json_t *answer, struct told_buf *out)
{
	const struct told_option *option = option_of(item, answer);
	if (option != NULL)
		told_buf_put_text(out, option->words);
	else if (json_is_boolean(answer))
		told_buf_put_text(out, json_is_true(answer) ? "Yes" : "No");
	else if (json_is_integer(answer))
		told_buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(answer));
	else
		told_buf_put_text(out, json_string_value(answer));
}

void told_answer_words(const struct told_item *item, const json_t *answer, struct told_buf *out)
{
	if (!json_is_array(answer)) {
		put_one(item, answer, out);
		return;
	}
	for (size_t i = 0; i < json_array_size(answer); i++) {
		told_buf_put_text(out, i > 0 ? "; " : "");
		put_one(item, json_array_get(answer, i), out);
	}
}
