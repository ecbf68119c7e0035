/* SPDX-License-Identifier: Apache-2.0 */
/* The walk through a bank: each question that counts becomes an item of a Questionnaire, which the form room then
 * judges like any other. A nested question hangs on the answer under which it stands. */
#include "agents/measure/bank.h"

#include "broker/agree/yaml_tree.h"
#include "told/limits.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX_BYTES (16u * TOLD_FORM_MAX_BYTES)

struct reading {
	struct told_arena *arena;
	const char *file;
	const json_t *rows; /* of this bank, by question id */
	json_t *items;
	struct told_bank *bank;
	struct told_buf *why;
};

/* What stands above a nested question: the answer that opens it. */
struct above {
	const char *question, *answer; /* NULL: nothing */
};

__attribute__((format(printf, 4, 5))) static enum told_status fault(const struct reading *r, const struct told_node *at,
								    enum told_status status, const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (r->why != NULL)
		told_buf_printf(r->why, "%s:%u:%u: %s", r->file, at != NULL ? at->at.line : 0,
				at != NULL ? at->at.column : 0, text);
	return status;
}

static const char *text_of(const struct reading *r, const struct told_node *node, const char *key)
{
	const struct told_node *value = told_node_get(node, key);
	return value != NULL && value->kind == TOLD_NODE_SCALAR && value->text.len > 0
		       ? told_arena_text(r->arena, value->text)
		       : NULL;
}

static const char *row_text(const json_t *row, const char *member)
{
	return json_string_value(json_object_get(row, member));
}

/* ---- one question ---- */

static const struct {
	const char *theirs, *ours;
	bool repeats;
} kinds[] = {
	{"RADIO", "choice", false},   {"CHECKBOX", "choice", true}, {"SHORT_TEXT", "string", false},
	{"LONG_TEXT", "text", false}, {"ADDRESS", "text", false},
};

static json_t *options_of(const struct reading *r, const struct told_node *question)
{
	const struct told_node *list = told_node_get(question, "options");
	json_t *options = json_array();
	for (const struct told_node *n = list != NULL ? list->first : NULL; n != NULL; n = n->next)
		json_array_append_new(options, json_pack("{s:{s:s*, s:s*}}", "valueCoding", "code", text_of(r, n, "id"),
							 "display", text_of(r, n, "displayText")));
	return options;
}

static json_t *item_of(const struct reading *r, const struct told_node *question, const json_t *row, size_t kind)
{
	const char *id = text_of(r, question, "id"), *title = text_of(r, question, "title");
	json_t *item = json_pack("{s:s, s:s, s:s, s:[{s:s, s:s*}], s:[{s:s, s:s*}, {s:s, s:s*}]}", "linkId", id, "text",
				 title != NULL ? title : id, "type", kinds[kind].ours, "code", "system",
				 TOLD_FORM_CODE_SYSTEM, "code", row_text(row, "code"), "extension", "url",
				 TOLD_FORM_BASE "ask", "valueCode", row_text(row, "ask"), "url",
				 TOLD_FORM_BASE "category", "valueCode", row_text(row, "category"));
	if (item != NULL && kinds[kind].repeats)
		json_object_set_new(item, "repeats", json_true());
	if (item != NULL && told_node_get(question, "options") != NULL)
		json_object_set_new(item, "answerOption", options_of(r, question));
	return item;
}

static enum told_status add_item(struct reading *r, const struct told_node *question, const json_t *row,
				 const struct above *above)
{
	const char *type = text_of(r, question, "type");
	size_t kind = 0;
	while (kind < sizeof kinds / sizeof kinds[0] && (type == NULL || strcmp(kinds[kind].theirs, type) != 0))
		kind++;
	if (kind == sizeof kinds / sizeof kinds[0])
		return fault(r, question, TOLD_E_UNKNOWN,
			     "the type \"%s\" is not taken: RADIO, CHECKBOX, SHORT_TEXT, LONG_TEXT or ADDRESS",
			     type != NULL ? type : "");
	json_t *item = item_of(r, question, row, kind);
	if (item != NULL && above->question != NULL)
		json_object_set_new(item, "enableWhen",
				    json_pack("[{s:s, s:s, s:{s:s}}]", "question", above->question, "operator", "=",
					      "answerCoding", "code", above->answer));
	if (row_text(row, "near") != NULL)
		json_object_set(r->bank->near, row_text(row, "code"), json_object_get(row, "near"));
	return json_array_append_new(r->items, item) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

/* ---- the walk ---- */

static enum told_status walk(struct reading *r, const struct told_node *questions, const struct above *above);

static enum told_status walk_options(struct reading *r, const struct told_node *question, const char *id, bool counts)
{
	const struct told_node *list = told_node_get(question, "options");
	enum told_status status = TOLD_OK;
	for (const struct told_node *n = list != NULL ? list->first : NULL; n != NULL && status == TOLD_OK;
	     n = n->next) {
		const struct above above = {counts ? id : NULL, counts ? text_of(r, n, "id") : NULL};
		status = walk(r, told_node_get(n, "nestedQuestions"), &above);
	}
	return status;
}

/* A question that is counted with another needs that one to count by itself. */
static enum told_status check_with(const struct reading *r, const struct told_node *question, const json_t *row)
{
	const json_t *other = json_object_get(r->rows, row_text(row, "with"));
	if (json_object_size(row) == 2 && row_text(other, "code") != NULL)
		return TOLD_OK;
	return fault(r, question, TOLD_E_MALFORMED, "the mapping counts it with a question that does not count itself");
}

static enum told_status add_question(struct reading *r, const struct told_node *question, const struct above *above)
{
	const char *id = text_of(r, question, "id");
	const json_t *row = id != NULL ? json_object_get(r->rows, id) : NULL;
	if (row == NULL)
		return fault(r, question, TOLD_E_MALFORMED,
			     "the mapping has no row for the question %s: decide what it is, and write down why",
			     id != NULL ? id : "(without an id)");
	bool counts = row_text(row, "with") == NULL;
	r->bank->listed++;
	enum told_status status = counts ? add_item(r, question, row, above) : check_with(r, question, row);
	return status == TOLD_OK ? walk_options(r, question, id, counts) : status;
}

static enum told_status walk(struct reading *r, const struct told_node *questions, const struct above *above)
{
	enum told_status status = TOLD_OK;
	for (const struct told_node *n = questions != NULL ? questions->first : NULL; n != NULL && status == TOLD_OK;
	     n = n->next)
		status = add_question(r, n, above);
	return status;
}

/* ---- the whole ---- */

static enum told_status find_rows(struct reading *r, const struct told_node *root, const json_t *mapping)
{
	const char *pathway = text_of(r, root, "pathway");
	const json_t *bank = pathway != NULL ? json_object_get(json_object_get(mapping, "banks"), pathway) : NULL;
	const char *party = row_text(bank, "party");
	r->rows = json_object_get(bank, "questions");
	if (r->rows == NULL || party == NULL)
		return fault(r, root, TOLD_E_MALFORMED,
			     "the mapping has no bank \"%s\": a bank says its pathway, and the mapping its questions",
			     pathway != NULL ? pathway : "");
	r->bank->name = strdup(pathway);
	r->bank->party = strdup(party);
	for (char *c = r->bank->name; c != NULL && *c != '\0'; c++)
		*c = *c == '_' ? '-' : (char)tolower((unsigned char)*c);
	return r->bank->name != NULL && r->bank->party != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

static enum told_status make_form(struct reading *r)
{
	char url[256];
	snprintf(url, sizeof url, TOLD_FORM_BASE "Questionnaire/bank-%.100s", r->bank->name);
	json_t *form = json_pack("{s:s, s:s, s:s, s:s, s:O}", "resourceType", "Questionnaire", "url", url, "title",
				 r->bank->name, "status", "active", "item", r->items);
	char *text = form != NULL ? json_dumps(form, JSON_COMPACT) : NULL;
	enum told_status status = TOLD_E_MEMORY;
	if (text != NULL)
		status = told_form_load(told_text(text), &r->bank->form, r->why);
	json_decref(form);
	free(text);
	return status;
}

static enum told_status read_bank(struct reading *r, const struct told_node *root, const json_t *mapping)
{
	static const struct above nothing = {0};
	const struct told_node *pages = told_node_get(root, "pages");
	enum told_status status = find_rows(r, root, mapping);
	for (const struct told_node *n = pages != NULL ? pages->first : NULL; n != NULL && status == TOLD_OK;
	     n = n->next)
		status = walk(r, told_node_get(n, "questions"), &nothing);
	if (status == TOLD_OK && r->bank->listed != json_object_size(r->rows))
		status = fault(r, root, TOLD_E_MALFORMED,
			       "the mapping has %zu questions and the bank %zu: take out the rows that are gone",
			       json_object_size(r->rows), r->bank->listed);
	return status == TOLD_OK ? make_form(r) : status;
}

static enum told_status read_yaml(struct reading *r, struct told_bytes yaml, const json_t *mapping)
{
	struct told_faults faults = TOLD_FAULTS(r->file);
	struct told_node *root = NULL;
	enum told_status status = told_yaml_read_deep(yaml, TOLD_YAML_DEEPEST, r->arena, &faults, &root);
	if (status == TOLD_OK)
		status = read_bank(r, root, mapping);
	else if (r->why != NULL)
		told_faults_print(&faults, r->why);
	told_faults_free(&faults);
	return status;
}

enum told_status told_bank_read(struct told_bytes yaml, const char *file, const json_t *mapping, struct told_bank *out,
				struct told_buf *why)
{
	*out = (struct told_bank){.near = json_object()};
	struct reading r = {.file = file, .items = json_array(), .bank = out, .why = why};
	enum told_status status = out->near != NULL && r.items != NULL ? TOLD_OK : TOLD_E_MEMORY;
	if (status == TOLD_OK)
		status = told_arena_new(ARENA_MAX_BYTES, &r.arena);
	if (status == TOLD_OK)
		status = read_yaml(&r, yaml, mapping);
	json_decref(r.items);
	told_arena_free(r.arena);
	if (status != TOLD_OK)
		told_bank_free(out);
	return status;
}

void told_bank_free(struct told_bank *bank)
{
	told_form_free(bank->form);
	free(bank->name);
	free(bank->party);
	json_decref(bank->near);
	*bank = (struct told_bank){0};
}
