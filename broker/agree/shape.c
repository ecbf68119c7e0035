/* SPDX-License-Identifier: Apache-2.0 */
/* The shape check: the first pass's tree against libcyaml's own schema tables, so that all faults are found at once and
 * each has its place. The schema nests at most five deep, so the recursion does. */
#include "broker/agree/shape.h"

#include "broker/agree/guess.h"
#include "broker/agree/meaning.h"

#include <inttypes.h>
#include <string.h>

static const char why_meaning[] = "A value that can be read in two ways is a rule that two partners can dispute.";

static void check_value(const struct told_node *node, const char *name, bool in_list,
			const cyaml_schema_value_t *schema, struct told_faults *faults);

/* ---- scalars ---- */

static bool is_null(const struct told_node *node)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
	for (size_t i = 0; node->plain && i < sizeof nulls / sizeof nulls[0]; i++)
		if (told_bytes_equal(node->text, told_text(nulls[i])))
			return true;
	return node->text.len == 0;
}

static void check_string(const struct told_node *node, const char *name, bool in_list,
			 const cyaml_schema_value_t *schema, struct told_faults *faults)
{
	if (node->text.len <= schema->string.max)
		told_meaning_check(node, name, in_list, faults);
	else
		told_fault_add(faults, node->at, "Longer text is cut or lost where it is shown.", "Shorten it.",
			       "\"%s\" is %zu bytes long, %" PRIu32 " are allowed", name, node->text.len,
			       schema->string.max);
}

static void check_number(const struct told_node *node, const char *name, struct told_faults *faults)
{
	uint64_t value;
	if (node->plain && told_decimal(node->text, UINT32_MAX, &value) == TOLD_OK)
		return;
	told_fault_add(faults, node->at, why_meaning,
		       "Write a whole number in plain digits, without quotes, sign, leading zero or 0x.",
		       "\"%s\" must be a number, not \"%.*s\"", name, (int)node->text.len,
		       (const char *)node->text.data);
}

static void check_flag(const struct told_node *node, const char *name, struct told_faults *faults)
{
	bool word = told_bytes_equal(node->text, told_text("true")) || told_bytes_equal(node->text, told_text("false"));
	if (node->plain && word)
		return;
	told_fault_add(faults, node->at, why_meaning, "Write true or false.",
		       "\"%s\" must be true or false, not \"%.*s\"", name, (int)node->text.len,
		       (const char *)node->text.data);
}

static void check_word(const struct told_node *node, const char *name, const cyaml_schema_value_t *schema,
		       struct told_faults *faults)
{
	struct told_buf all = TOLD_BUF(1024);
	for (uint32_t i = 0; i < schema->enumeration.count; i++) {
		const char *word = schema->enumeration.strings[i].str;
		if (told_bytes_equal(node->text, told_text(word))) {
			told_buf_free(&all);
			return;
		}
		told_buf_printf(&all, "%s%s", i > 0 ? ", " : "", word);
	}
	const char *words = told_buf_cstr(&all);
	told_fault_add(faults, node->at, "Only these words have a meaning here.", "Write one of them.",
		       "\"%s\" cannot be \"%.*s\"; it is one of: %s", name, (int)node->text.len,
		       (const char *)node->text.data, words != NULL ? words : "");
	told_buf_free(&all);
}

static void check_scalar(const struct told_node *node, const char *name, bool in_list,
			 const cyaml_schema_value_t *schema, struct told_faults *faults)
{
	if (node->kind != TOLD_NODE_SCALAR) {
		told_fault_add(faults, node->at, "Here stands one value.",
			       "Write the value alone, on the line of its key.",
			       "\"%s\" must be a single value, not a %s", name,
			       node->kind == TOLD_NODE_LIST ? "list" : "block");
		return;
	}
	if (is_null(node)) {
		told_fault_add(faults, node->at, "An empty value says neither yes nor no.",
			       "Give it a value, or leave the key out where it may be left out.", "\"%s\" is empty",
			       name);
		return;
	}
	switch (schema->type) {
	case CYAML_STRING: check_string(node, name, in_list, schema, faults); break;
	case CYAML_UINT: check_number(node, name, faults); break;
	case CYAML_BOOL: check_flag(node, name, faults); break;
	case CYAML_ENUM: check_word(node, name, schema, faults); break;
	default: break;
	}
}

/* ---- lists and blocks ---- */

static void check_list(const struct told_node *node, const char *name, const cyaml_schema_value_t *schema,
		       struct told_faults *faults)
{
	if (node->kind != TOLD_NODE_LIST) {
		told_fault_add(faults, node->at,
			       "Lists are always written as lists, so that one more value changes no meaning.",
			       "Write it in brackets, [A, B], or with a dash for each line.", "\"%s\" must be a list",
			       name);
		return;
	}
	if (node->count == 0)
		told_fault_add(faults, node->at,
			       "An empty list was read as \"all\" elsewhere; here it may not stand at all.",
			       "Name what is meant, or leave the key out where it may be left out.",
			       "the list \"%s\" is empty", name);
	if (node->count > schema->sequence.max)
		told_fault_add(faults, node->at, "No agreement holds so many.", "Check that all of them belong here.",
			       "the list \"%s\" has %zu values, %" PRIu32 " are allowed", name, node->count,
			       schema->sequence.max);
	for (const struct told_node *child = node->first; child != NULL; child = child->next)
		check_value(child, name, true, schema->sequence.entry, faults);
}

static const cyaml_schema_field_t *field_of(const cyaml_schema_field_t *fields, struct told_bytes key)
{
	for (const cyaml_schema_field_t *field = fields; field->key != NULL; field++)
		if (told_bytes_equal(key, told_text(field->key)))
			return field;
	return NULL;
}

static void unknown_key(const struct told_node *child, const char *name, const cyaml_schema_field_t *fields,
			struct told_faults *faults)
{
	struct told_guess guess = {.word = child->key};
	for (const cyaml_schema_field_t *field = fields; field->key != NULL; field++)
		told_guess_offer(&guess, field->key);
	told_fault_add(faults, child->key_at, "A rule under a key that nobody reads would be no rule.",
		       "Correct the key, or take it out; docs/agreement-file.md lists all keys.",
		       "the key \"%.*s\" is not known %s%s%s%s%s", (int)child->key.len, (const char *)child->key.data,
		       name[0] != '\0' ? "under " : "at the top", name, guess.best != NULL ? "; did you mean \"" : "",
		       guess.best != NULL ? guess.best : "", guess.best != NULL ? "\"?" : "");
}

static void check_map(const struct told_node *node, const char *name, const cyaml_schema_value_t *schema,
		      struct told_faults *faults)
{
	const char *shown = name[0] != '\0' ? name : "agreement";
	if (node->kind != TOLD_NODE_MAP) {
		told_fault_add(faults, node->at, "Here stand keys, each with its value.",
			       "Write \"key: value\", one a line; docs/agreement-file.md has an example.",
			       "\"%s\" must be a block of keys", shown);
		return;
	}
	for (const struct told_node *child = node->first; child != NULL; child = child->next) {
		const cyaml_schema_field_t *field = field_of(schema->mapping.fields, child->key);
		if (field == NULL)
			unknown_key(child, name, schema->mapping.fields, faults);
		else
			check_value(child, field->key, false, &field->value, faults);
	}
	for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key != NULL; field++)
		if (!(field->value.flags & CYAML_FLAG_OPTIONAL) && told_node_get(node, field->key) == NULL)
			told_fault_add(faults, node->at, "Without it the agreement cannot be applied.", "Add it.",
				       "the key \"%s\" is missing in \"%s\"", field->key, shown);
}

static void check_value(const struct told_node *node, const char *name, bool in_list,
			const cyaml_schema_value_t *schema, struct told_faults *faults)
{
	switch (schema->type) {
	case CYAML_MAPPING: check_map(node, name, schema, faults); break;
	case CYAML_SEQUENCE: check_list(node, name, schema, faults); break;
	default: check_scalar(node, name, in_list, schema, faults); break;
	}
}

void told_shape_check(const struct told_node *root, const cyaml_schema_value_t *schema, struct told_faults *faults)
{
	check_value(root, "", false, schema, faults);
}
