/* SPDX-License-Identifier: Apache-2.0 */
/* Which questions are asked at all, and what the answers add up to. Three-valued, so that an unanswered question says
 * "perhaps" and never "no". Conditions look back only, so one pass in order settles every item. */
#include "agents/form/internal.h"

#include <string.h>

static bool has_code(const json_t *answer, const char *code)
{
	const char *one = json_string_value(answer);
	if (one != NULL)
		return strcmp(one, code) == 0;
	for (size_t i = 0; i < json_array_size(answer); i++)
		if (has_code(json_array_get(answer, i), code))
			return true;
	return false;
}

static bool equal(const struct told_condition *condition, const json_t *answer)
{
	if (json_is_boolean(answer))
		return json_is_true(answer) == condition->truth;
	if (json_is_integer(answer))
		return json_integer_value(answer) == condition->number;
	return has_code(answer, condition->code);
}

static bool holds(const struct told_condition *condition, const json_t *answer)
{
	int64_t n = json_integer_value(answer);
	switch (condition->op) {
	case TOLD_OP_EXISTS: return condition->truth;
	case TOLD_OP_EQUAL: return equal(condition, answer);
	case TOLD_OP_NOT_EQUAL: return !equal(condition, answer);
	case TOLD_OP_GREATER: return n > condition->number;
	case TOLD_OP_LESS: return n < condition->number;
	case TOLD_OP_GREATER_OR_EQUAL: return n >= condition->number;
	case TOLD_OP_LESS_OR_EQUAL: return n <= condition->number;
	default: return false;
	}
}

static enum told_shown judge(const struct told_condition *condition, const json_t *answer, enum told_shown asked)
{
	bool absent = asked == TOLD_SHOWN_NO || answer == NULL;
	if (absent && condition->op == TOLD_OP_EXISTS && !condition->truth)
		return TOLD_SHOWN_YES;
	if (absent)
		return asked == TOLD_SHOWN_NO ? TOLD_SHOWN_NO : TOLD_SHOWN_MAYBE;
	if (!holds(condition, answer))
		return TOLD_SHOWN_NO;
	return asked;
}

static enum told_shown judge_all(const struct told_item *item, const json_t *const *values,
				 const enum told_shown *shown)
{
	enum told_shown all = TOLD_SHOWN_YES, any = TOLD_SHOWN_NO;
	for (size_t i = 0; i < item->condition_count; i++) {
		size_t on = item->conditions[i].item;
		enum told_shown one = judge(&item->conditions[i], values[on], shown[on]);
		all = one < all ? one : all;
		any = one > any ? one : any;
	}
	return item->condition_count > 0 && item->any_condition ? any : all;
}

void told_form_show(const struct told_form *form, const json_t *const *values, enum told_shown *shown)
{
	for (size_t i = 0; i < form->count; i++) {
		const struct told_item *item = &form->items[i];
		enum told_shown above = item->parent == TOLD_NO_ITEM ? TOLD_SHOWN_YES : shown[item->parent];
		enum told_shown own = judge_all(item, values, shown);
		shown[i] = own < above ? own : above;
	}
}

static bool is_below(const struct told_form *form, size_t index, size_t group)
{
	while (index != TOLD_NO_ITEM && index != group)
		index = form->items[index].parent;
	return index == group;
}

static void add(const struct told_item *item, const json_t *answer, struct told_total *total)
{
	int64_t min = item->min, max = item->max, number = 0;
	for (size_t i = 0; i < item->option_count; i++) {
		int64_t n = item->options[i].ordinal;
		min = i == 0 || n < min ? n : min;
		max = i == 0 || n > max ? n : max;
	}
	total->min += min;
	total->max += max;
	total->shown++;
	if (answer == NULL || !told_answer_number(item, answer, &number))
		return;
	total->answered++;
	total->sum += number;
}

enum told_status told_form_total(const struct told_form *form, size_t index, const json_t *const *values,
				 const enum told_shown *shown, struct told_total *out)
{
	size_t group = form->items[index].total_of;
	*out = (struct told_total){0};
	if (group == TOLD_NO_ITEM)
		return TOLD_E_USAGE;
	for (size_t i = 0; i < form->count; i++)
		if (told_item_is_question(&form->items[i]) && is_below(form, i, group) && shown[i] != TOLD_SHOWN_NO)
			add(&form->items[i], values[i], out);
	return out->shown > 0 && out->answered == out->shown ? TOLD_OK : TOLD_E_NOT_FOUND;
}
