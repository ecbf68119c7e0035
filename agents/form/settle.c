/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a form makes sense: each item by itself, and totals over their groups. A form cannot claim a PHQ-9 from 0 to
 * 27 whose nine answers do not add up to that. Also the plain questions that others ask of a loaded form. */
#include "agents/form/internal.h"

#include "told/limits.h"
#include <string.h>

static bool is_choice(const struct told_item *item)
{
	return item->type == TOLD_ITEM_CHOICE || item->type == TOLD_ITEM_OPEN_CHOICE;
}

static bool is_worded(const struct told_item *item)
{
	return item->type == TOLD_ITEM_STRING || item->type == TOLD_ITEM_TEXT || item->type == TOLD_ITEM_OPEN_CHOICE;
}

bool told_item_is_question(const struct told_item *item)
{
	return item->type != TOLD_ITEM_GROUP && item->type != TOLD_ITEM_DISPLAY && item->total_of == TOLD_NO_ITEM;
}

/* Groups and notes say something and ask nothing. */
static enum told_status check_silent(struct loader *loader, const struct told_item *item)
{
	if (item->code != NULL || item->ask != TOLD_ASK_NONE || item->category != 0 || item->required ||
	    item->repeats || item->read_only || item->options != NULL || item->max_characters != 0 || item->has_min ||
	    item->has_max || item->flags || item->total_of != TOLD_NO_ITEM)
		return form_fault(loader, TOLD_E_MALFORMED,
				  "a group or note has a text and conditions, and nothing else");
	return TOLD_OK;
}

static bool all_ordinal(const struct told_item *item)
{
	for (size_t i = 0; i < item->option_count; i++)
		if (!item->options[i].has_ordinal)
			return false;
	return true;
}

/* Whether every answer counts as a number, and the least and most that it can be. */
static bool range_of(const struct told_item *item, int64_t *min, int64_t *max)
{
	*min = item->min;
	*max = item->max;
	if (item->type == TOLD_ITEM_INTEGER)
		return item->has_min && item->has_max;
	if (item->type != TOLD_ITEM_CHOICE || item->repeats || !all_ordinal(item))
		return false;
	*min = *max = item->options[0].ordinal;
	for (size_t i = 1; i < item->option_count; i++) {
		int64_t n = item->options[i].ordinal;
		*min = n < *min ? n : *min;
		*max = n > *max ? n : *max;
	}
	return true;
}

static enum told_status check_kind(struct loader *loader, const struct told_item *item)
{
	if (is_choice(item) != (item->options != NULL))
		return form_fault(loader, TOLD_E_MALFORMED,
				  "choice and open-choice have answerOption, and no other type has");
	if ((item->has_min || item->has_max) && item->type != TOLD_ITEM_INTEGER)
		return form_fault(loader, TOLD_E_MALFORMED, "minValue and maxValue go with integer only");
	if (item->has_min && item->has_max && item->min > item->max)
		return form_fault(loader, TOLD_E_MALFORMED, "minValue is above maxValue");
	if (item->repeats && !is_choice(item))
		return form_fault(loader, TOLD_E_UNKNOWN, "only choice and open-choice repeat");
	if (item->max_characters != 0 && !is_worded(item))
		return form_fault(loader, TOLD_E_MALFORMED, "maxLength goes with string, text and open-choice");
	if (item->read_only != (item->total_of != TOLD_NO_ITEM))
		return form_fault(loader, TOLD_E_MALFORMED, "readOnly and total-of go together, and with nothing else");
	return TOLD_OK;
}

static enum told_status check_flag(struct loader *loader, const struct told_item *item)
{
	int64_t min, max;
	if (!item->flags || item->type == TOLD_ITEM_BOOLEAN || range_of(item, &min, &max))
		return TOLD_OK;
	return form_fault(
		loader, TOLD_E_MALFORMED,
		"a flag goes with boolean, with a bounded integer, or with a choice whose answers all have ordinals");
}

static enum told_status check_asking(struct loader *loader, const struct told_item *item)
{
	if (item->code == NULL)
		return form_fault(loader, TOLD_E_MALFORMED, "a question needs a code in %s", TOLD_FORM_CODE_SYSTEM);
	if (item->ask == TOLD_ASK_NONE)
		return form_fault(loader, TOLD_E_MALFORMED,
				  "a question says how often it is asked: once, confirm or always");
	if (item->category == 0)
		return form_fault(loader, TOLD_E_MALFORMED, "a question says which category its answer belongs to");
	if (item->category == TOLD_CATEGORY_EQA)
		return form_fault(loader, TOLD_E_MALFORMED,
				  "equality monitoring is counted, and never part of a story");
	return TOLD_OK;
}

/* What must always be asked afresh (practice.md section 2), whatever a form says. */
static enum told_status check_always(struct loader *loader, const struct told_item *item)
{
	static const unsigned always[] = {
		TOLD_CATEGORY_RSK_SELF, TOLD_CATEGORY_RSK_OTH,   TOLD_CATEGORY_RSK_FROM, TOLD_CATEGORY_SAF_ADULT,
		TOLD_CATEGORY_SAF_DA,   TOLD_CATEGORY_SAF_CHILD, TOLD_CATEGORY_DEM_SAFE, TOLD_CATEGORY_PHY_MED,
		TOLD_CATEGORY_MH_ITEM,  TOLD_CATEGORY_MH_SCORE,  TOLD_CATEGORY_SUD_TOP,
	};
	if (item->ask == TOLD_ASK_ALWAYS)
		return TOLD_OK;
	if (item->flags)
		return form_fault(loader, TOLD_E_MALFORMED, "what raises a flag is asked always");
	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		if (item->category == always[i])
			return form_fault(loader, TOLD_E_MALFORMED,
					  "%s is asked always: it goes out of date and matters",
					  told_code(TOLD_LIST_CATEGORY, item->category));
	return TOLD_OK;
}

static enum told_status check_item(struct loader *loader, struct told_item *item)
{
	if (item->type == TOLD_ITEM_GROUP || item->type == TOLD_ITEM_DISPLAY)
		return check_silent(loader, item);
	enum told_status status = check_asking(loader, item);
	if (status == TOLD_OK)
		status = check_always(loader, item);
	if (status == TOLD_OK)
		status = check_kind(loader, item);
	if (status == TOLD_OK)
		status = check_flag(loader, item);
	if (item->max_characters == 0)
		item->max_characters =
			item->type == TOLD_ITEM_TEXT ? TOLD_ANSWER_MAX_CHARACTERS : TOLD_TEXT_MAX_BYTES / 4;
	return status;
}

static bool is_below(const struct told_form *form, const struct told_item *item, size_t group)
{
	size_t parent = item->parent;
	while (parent != TOLD_NO_ITEM && parent != group)
		parent = form->items[parent].parent;
	return parent == group;
}

static enum told_status check_total(struct loader *loader, const struct told_item *total)
{
	const struct told_form *form = loader->form;
	int64_t least = 0, most = 0, min, max;
	if (total->type != TOLD_ITEM_INTEGER || is_below(form, total, total->total_of))
		return form_fault(loader, TOLD_E_MALFORMED, "a total is an integer outside the group that it adds up");
	for (size_t i = 0; i < form->count; i++) {
		const struct told_item *item = &form->items[i];
		if (!told_item_is_question(item) || !is_below(form, item, total->total_of))
			continue;
		if (!range_of(item, &min, &max))
			return form_fault(loader, TOLD_E_MALFORMED,
					  "\"%s\" cannot be added up: give it a range or ordinals", item->link_id);
		least += min;
		most += max;
	}
	if (!total->has_min || !total->has_max || total->min != least || total->max != most)
		return form_fault(loader, TOLD_E_MALFORMED,
				  "this total goes from %lld to %lld: say so with minValue, maxValue", (long long)least,
				  (long long)most);
	return TOLD_OK;
}

enum told_status form_settle(struct loader *loader)
{
	struct told_form *form = loader->form;
	for (size_t i = 0; i < form->count; i++) {
		struct told_item *item = &form->items[i];
		loader->where = item->link_id;
		enum told_status status = check_item(loader, item);
		if (status == TOLD_OK && item->total_of != TOLD_NO_ITEM)
			status = check_total(loader, item);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

const char *told_form_url(const struct told_form *form)
{
	return form->url;
}

const char *told_form_title(const struct told_form *form)
{
	return form->title;
}

size_t told_form_count(const struct told_form *form)
{
	return form->count;
}

const struct told_item *told_form_item(const struct told_form *form, size_t index)
{
	return &form->items[index];
}

size_t told_form_find(const struct told_form *form, const char *link_id)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->items[i].link_id, link_id) == 0)
			return i;
	return TOLD_NO_ITEM;
}

size_t told_form_find_code(const struct told_form *form, const char *code)
{
	for (size_t i = 0; i < form->count; i++)
		if (form->items[i].code != NULL && strcmp(form->items[i].code, code) == 0)
			return i;
	return TOLD_NO_ITEM;
}

struct told_catset told_form_categories(const struct told_form *form)
{
	struct told_catset set = {0};
	for (size_t i = 0; i < form->count; i++)
		told_catset_add(&set, form->items[i].category);
	return set;
}

enum told_status told_form_fits(const struct told_form *form, const struct told_catset *originates,
				struct told_buf *why)
{
	for (size_t i = 0; i < form->count; i++) {
		const struct told_item *item = &form->items[i];
		struct loader at = {.why = why, .where = item->link_id};
		if (item->category != 0 && !told_catset_has(originates, item->category))
			return form_fault(&at, TOLD_E_CONFIG,
					  "the profile does not list %s among what this agency originates",
					  told_code(TOLD_LIST_CATEGORY, item->category));
	}
	return TOLD_OK;
}
