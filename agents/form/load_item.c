/* SPDX-License-Identifier: Apache-2.0 */
/* One item of a Questionnaire: a table of the members that we take, and of those that we refuse with a reason. */
#include "agents/form/internal.h"

#include "told/limits.h"
#include <string.h>

typedef enum told_status reader(struct loader *, const json_t *, struct told_item *);

static enum told_status read_link_id(struct loader *loader, const json_t *value, struct told_item *item)
{
	return form_text(loader, value, "linkId", TOLD_NAME_MAX_BYTES, &item->link_id);
}

static enum told_status read_words(struct loader *loader, const json_t *value, struct told_item *item)
{
	return form_text(loader, value, "text", TOLD_TEXT_MAX_BYTES, &item->text);
}

static enum told_status read_type(struct loader *loader, const json_t *value, struct told_item *item)
{
	static const char *const words[] = {
#define X(name, word) word,
		TOLD_ITEM_TYPES(X)
#undef X
	};
	const char *type = json_is_string(value) ? json_string_value(value) : "";
	for (item->type = 0; item->type < TOLD_ITEM_TYPE_COUNT; item->type++)
		if (strcmp(words[item->type], type) == 0)
			return TOLD_OK;
	return form_fault(loader, TOLD_E_UNKNOWN,
			  "type \"%.32s\" is not taken: use group, display, boolean, integer, date, string, text, "
			  "choice or open-choice",
			  type);
}

static enum told_status read_truth(struct loader *loader, const json_t *value, bool *out)
{
	if (!json_is_boolean(value))
		return form_fault(loader, TOLD_E_MALFORMED, "required, repeats and readOnly are true or false");
	*out = json_is_true(value);
	return TOLD_OK;
}

static enum told_status read_required(struct loader *loader, const json_t *value, struct told_item *item)
{
	return read_truth(loader, value, &item->required);
}

static enum told_status read_repeats(struct loader *loader, const json_t *value, struct told_item *item)
{
	return read_truth(loader, value, &item->repeats);
}

static enum told_status read_read_only(struct loader *loader, const json_t *value, struct told_item *item)
{
	return read_truth(loader, value, &item->read_only);
}

static enum told_status read_max_length(struct loader *loader, const json_t *value, struct told_item *item)
{
	json_int_t max = json_integer_value(value);
	if (!json_is_integer(value) || max < 1 || max > TOLD_ANSWER_MAX_CHARACTERS)
		return form_fault(loader, TOLD_E_LIMIT, "maxLength is from 1 to %u", TOLD_ANSWER_MAX_CHARACTERS);
	item->max_characters = (size_t)max;
	return TOLD_OK;
}

/* One coding in our system; codings of other systems stand beside it and are not read. */
static enum told_status read_code(struct loader *loader, const json_t *value, struct told_item *item)
{
	size_t i;
	json_t *coding;
	json_array_foreach(value, i, coding)
	{
		const char *system = json_string_value(json_object_get(coding, "system"));
		if (system == NULL || strcmp(system, TOLD_FORM_CODE_SYSTEM) != 0)
			continue;
		if (item->code != NULL)
			return form_fault(loader, TOLD_E_MALFORMED, "a question has one code of ours");
		enum told_status status =
			form_text(loader, json_object_get(coding, "code"), "code", TOLD_NAME_MAX_BYTES, &item->code);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

/* -- answers to choose from -- */

static enum told_status read_ordinal(struct loader *loader, const json_t *extensions, struct told_option *option)
{
	static const char url[] = "http://hl7.org/fhir/StructureDefinition/ordinalValue";
	const json_t *extension = json_array_get(extensions, 0);
	const char *is = json_string_value(json_object_get(extension, "url"));
	const json_t *number = json_object_get(extension, "valueDecimal");
	if (json_array_size(extensions) != 1 || is == NULL || strcmp(is, url) != 0 || !json_is_integer(number))
		return form_fault(loader, TOLD_E_UNKNOWN,
				  "an answer takes one extension: ordinalValue, a whole number");
	option->ordinal = json_integer_value(number);
	option->has_ordinal = true;
	if (option->ordinal < -1000000 || option->ordinal > 1000000)
		return form_fault(loader, TOLD_E_LIMIT, "an ordinalValue is within a million of 0");
	return TOLD_OK;
}

static enum told_status read_option(struct loader *loader, const json_t *json, struct told_option *option)
{
	const json_t *coding = json_object_get(json, "valueCoding");
	const json_t *extensions = json_object_get(json, "extension");
	if (coding == NULL || json_object_size(json) != (extensions != NULL ? 2u : 1u))
		return form_fault(loader, TOLD_E_UNKNOWN, "an answerOption is a valueCoding with code and display");
	enum told_status status =
		form_text(loader, json_object_get(coding, "code"), "code", TOLD_NAME_MAX_BYTES, &option->code);
	if (status == TOLD_OK)
		status = form_text(loader, json_object_get(coding, "display"), "display", TOLD_TEXT_MAX_BYTES,
				   &option->words);
	return status == TOLD_OK && extensions != NULL ? read_ordinal(loader, extensions, option) : status;
}

static enum told_status read_options(struct loader *loader, const json_t *value, struct told_item *item)
{
	size_t count = json_array_size(value);
	if (count == 0 || count > TOLD_FORM_OPTIONS_MAX)
		return form_fault(loader, TOLD_E_LIMIT, "from 1 to %u answers to choose from", TOLD_FORM_OPTIONS_MAX);
	struct told_option *options = told_arena_alloc(loader->form->arena, count * sizeof *options);
	if (options == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < count; i++) {
		enum told_status status = read_option(loader, json_array_get(value, i), &options[i]);
		if (status != TOLD_OK)
			return status;
		for (size_t k = 0; k < i; k++)
			if (strcmp(options[k].code, options[i].code) == 0)
				return form_fault(loader, TOLD_E_MALFORMED, "two answers with one code");
	}
	item->options = options;
	item->option_count = count;
	return TOLD_OK;
}

/* -- conditions -- */

static enum told_status read_operator(struct loader *loader, const json_t *value, enum told_operator *out)
{
	static const char *const words[] = {
		[TOLD_OP_EXISTS] = "exists",    [TOLD_OP_EQUAL] = "=", [TOLD_OP_NOT_EQUAL] = "!=",
		[TOLD_OP_GREATER] = ">",        [TOLD_OP_LESS] = "<",  [TOLD_OP_GREATER_OR_EQUAL] = ">=",
		[TOLD_OP_LESS_OR_EQUAL] = "<=",
	};
	const char *word = json_is_string(value) ? json_string_value(value) : "";
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		*out = (enum told_operator)i;
		if (strcmp(words[i], word) == 0)
			return TOLD_OK;
	}
	return form_fault(loader, TOLD_E_UNKNOWN, "enableWhen: operator exists, =, !=, >, <, >= or <=");
}

static bool takes(enum told_item_type type, enum told_operator op)
{
	bool equality = op == TOLD_OP_EQUAL || op == TOLD_OP_NOT_EQUAL;
	return op == TOLD_OP_EXISTS || type == TOLD_ITEM_INTEGER ||
	       (equality && (type == TOLD_ITEM_BOOLEAN || type == TOLD_ITEM_CHOICE || type == TOLD_ITEM_OPEN_CHOICE));
}

static bool has_option(const struct told_item *item, const char *code)
{
	for (size_t i = 0; i < item->option_count; i++)
		if (strcmp(item->options[i].code, code) == 0)
			return true;
	return false;
}

/* The answer to compare with, of the kind that the question on which it hangs has. */
static enum told_status read_compared(struct loader *loader, const json_t *json, struct told_condition *condition)
{
	const struct told_item *on = &loader->form->items[condition->item];
	const json_t *truth = json_object_get(json, "answerBoolean");
	const json_t *number = json_object_get(json, "answerInteger");
	const json_t *code = json_object_get(json_object_get(json, "answerCoding"), "code");
	bool truthy = condition->op == TOLD_OP_EXISTS || on->type == TOLD_ITEM_BOOLEAN;
	condition->truth = json_is_true(truth);
	condition->number = json_integer_value(number);
	if (truthy)
		return json_is_boolean(truth)
			       ? TOLD_OK
			       : form_fault(loader, TOLD_E_MALFORMED, "enableWhen: answerBoolean is missing");
	if (on->type == TOLD_ITEM_INTEGER)
		return json_is_integer(number)
			       ? TOLD_OK
			       : form_fault(loader, TOLD_E_MALFORMED, "enableWhen: answerInteger is missing");
	enum told_status status = form_text(loader, code, "answerCoding.code", TOLD_NAME_MAX_BYTES, &condition->code);
	if (status == TOLD_OK && !has_option(on, condition->code))
		return form_fault(loader, TOLD_E_UNKNOWN, "enableWhen: \"%s\" has no answer \"%s\"", on->link_id,
				  condition->code);
	return status;
}

static enum told_status read_condition(struct loader *loader, const json_t *json, struct told_condition *condition)
{
	const char *question = json_string_value(json_object_get(json, "question"));
	if (question == NULL || json_object_size(json) != 3)
		return form_fault(loader, TOLD_E_MALFORMED, "enableWhen is question, operator and one answer");
	condition->item = told_form_find(loader->form, question);
	if (condition->item == TOLD_NO_ITEM)
		return form_fault(loader, TOLD_E_UNKNOWN, "enableWhen: no question \"%.64s\" stands before this one",
				  question);
	enum told_status status = read_operator(loader, json_object_get(json, "operator"), &condition->op);
	if (status != TOLD_OK)
		return status;
	const struct told_item *on = &loader->form->items[condition->item];
	if (!told_item_is_question(on) || !takes(on->type, condition->op))
		return form_fault(loader, TOLD_E_UNKNOWN, "enableWhen: that operator does not go with \"%s\"",
				  question);
	return read_compared(loader, json, condition);
}

static enum told_status read_conditions(struct loader *loader, const json_t *value, struct told_item *item)
{
	size_t count = json_array_size(value);
	if (count == 0 || count > TOLD_FORM_CONDITIONS_MAX)
		return form_fault(loader, TOLD_E_LIMIT, "from 1 to %u conditions", TOLD_FORM_CONDITIONS_MAX);
	struct told_condition *conditions = told_arena_alloc(loader->form->arena, count * sizeof *conditions);
	if (conditions == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < count; i++) {
		enum told_status status = read_condition(loader, json_array_get(value, i), &conditions[i]);
		if (status != TOLD_OK)
			return status;
	}
	item->conditions = conditions;
	item->condition_count = count;
	return TOLD_OK;
}

static enum told_status read_behaviour(struct loader *loader, const json_t *value, struct told_item *item)
{
	const char *word = json_is_string(value) ? json_string_value(value) : "";
	item->any_condition = strcmp(word, "any") == 0;
	if (!item->any_condition && strcmp(word, "all") != 0)
		return form_fault(loader, TOLD_E_UNKNOWN, "enableBehavior is any or all");
	return TOLD_OK;
}

static enum told_status read_extensions(struct loader *loader, const json_t *value, struct told_item *item)
{
	size_t i;
	json_t *extension;
	json_array_foreach(value, i, extension)
	{
		enum told_status status = form_extension_read(loader, extension, item);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

static enum told_status read_children(struct loader *loader, const json_t *value, struct told_item *item)
{
	(void)value;
	if (item->type != TOLD_ITEM_GROUP)
		return form_fault(loader, TOLD_E_UNKNOWN, "only a group has items below it: use enableWhen");
	return TOLD_OK;
}

/* In the order in which they are read: linkId first, so that every fault after it has a name. */
static const struct {
	const char *name;
	reader *read;
	const char *refusal;
} members[] = {
	{"linkId", read_link_id, NULL},
	{"type", read_type, NULL},
	{"text", read_words, NULL},
	{"required", read_required, NULL},
	{"repeats", read_repeats, NULL},
	{"readOnly", read_read_only, NULL},
	{"maxLength", read_max_length, NULL},
	{"code", read_code, NULL},
	{"answerOption", read_options, NULL},
	{"extension", read_extensions, NULL},
	{"enableWhen", read_conditions, NULL},
	{"enableBehavior", read_behaviour, NULL},
	{"item", read_children, NULL},
	{"initial", NULL, "a form does not answer for the person"},
	{"answerValueSet", NULL, "write the answers out, as answerOption"},
	{"modifierExtension", NULL, "it could change the meaning in a way that we do not know"},
	{"definition", NULL, "say what is meant by code and text"},
	{"prefix", NULL, "write it into the text"},
};

#define MEMBER_COUNT (sizeof members / sizeof *members)

static enum told_status refuse_others(struct loader *loader, const json_t *json)
{
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)json, name, value)
	{
		size_t i = 0;
		while (i < MEMBER_COUNT && strcmp(members[i].name, name) != 0)
			i++;
		if (i == MEMBER_COUNT)
			return form_fault(loader, TOLD_E_UNKNOWN, "\"%.64s\" is nothing that we take in a form", name);
	}
	return TOLD_OK;
}

enum told_status form_item_read(struct loader *loader, const json_t *json, struct told_item *item)
{
	if (!json_is_object(json) || json_object_get(json, "linkId") == NULL || json_object_get(json, "type") == NULL ||
	    json_object_get(json, "text") == NULL)
		return form_fault(loader, TOLD_E_MALFORMED, "an item needs linkId, type and text");
	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		const json_t *value = json_object_get(json, members[i].name);
		if (value == NULL)
			continue;
		if (members[i].read == NULL)
			return form_fault(loader, TOLD_E_UNKNOWN, "\"%s\" is not taken: %s", members[i].name,
					  members[i].refusal);
		enum told_status status = members[i].read(loader, value, item);
		if (status != TOLD_OK)
			return status;
		if (i == 0)
			loader->where = item->link_id;
	}
	if (item->condition_count > 1 && json_object_get(json, "enableBehavior") == NULL)
		return form_fault(loader, TOLD_E_MALFORMED, "several conditions need enableBehavior: any or all");
	return refuse_others(loader, json);
}
