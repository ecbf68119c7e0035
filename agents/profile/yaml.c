/* SPDX-License-Identifier: Apache-2.0 */
/* Walks a YAML document beside its libcyaml schema. libcyaml's own messages give the place of the last value that it
 * read, not of the fault; this walk gives the place of the fault. */
#include "agents/profile/yaml.h"

#include "told/limits.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_place(const struct yaml_file *file, yaml_mark_t mark)
{
	if (file->why != NULL)
		told_buf_printf(file->why, "%s:%zu:%zu: ", file->name, mark.line + 1, mark.column + 1);
}

__attribute__((format(printf, 3, 4))) static enum told_status fault_at(const struct yaml_file *file, yaml_mark_t mark,
								       const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	put_place(file, mark);
	if (file->why != NULL)
		told_buf_put_text(file->why, text);
	return TOLD_E_CONFIG;
}

static enum told_status fault_of_parser(const struct yaml_file *file, const yaml_parser_t *parser)
{
	if (parser->error == YAML_MEMORY_ERROR)
		return TOLD_E_MEMORY;
	yaml_mark_t mark = parser->problem_mark;
	return fault_at(file, mark, "this is not YAML: %s", parser->problem != NULL ? parser->problem : "unreadable");
}

/* The tag that an event carries in the file itself; NULL for one that libyaml filled in, which is implicit. */
static const yaml_char_t *written_tag(const yaml_event_t *event, const yaml_char_t **anchor)
{
	switch (event->type) {
	case YAML_ALIAS_EVENT: *anchor = event->data.alias.anchor; return NULL;
	case YAML_SCALAR_EVENT: *anchor = event->data.scalar.anchor; return event->data.scalar.tag;
	case YAML_SEQUENCE_START_EVENT:
		*anchor = event->data.sequence_start.anchor;
		return event->data.sequence_start.tag;
	case YAML_MAPPING_START_EVENT: *anchor = event->data.mapping_start.anchor; return event->data.mapping_start.tag;
	default: *anchor = NULL; return NULL;
	}
}

static enum told_status check_event(const struct yaml_file *file, const yaml_event_t *event, unsigned *documents,
				    unsigned *depth)
{
	const yaml_char_t *anchor = NULL;
	const yaml_char_t *tag = written_tag(event, &anchor);
	if (anchor != NULL)
		return fault_at(file, event->start_mark, "anchors and aliases are not allowed: write it out");
	if (tag != NULL)
		return fault_at(file, event->start_mark, "tags are not allowed: leave out what begins with '!'");
	if (event->type == YAML_DOCUMENT_START_EVENT && ++*documents > 1)
		return fault_at(file, event->start_mark, "a second document begins here: one file is one profile");
	if (event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT)
		++*depth;
	if (event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT)
		--*depth;
	if (*depth > TOLD_PROFILE_DEPTH_MAX)
		return fault_at(file, event->start_mark, "this is nested too deep");
	return TOLD_OK;
}

/* One pass over the bare events, before a document is built from them. */
static enum told_status scan_events(struct told_bytes text, const struct yaml_file *file)
{
	enum told_status status = TOLD_OK;
	unsigned documents = 0, depth = 0;
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		return TOLD_E_MEMORY;
	yaml_parser_set_input_string(&parser, text.data, text.len);
	for (bool more = true; more && status == TOLD_OK;) {
		yaml_event_t event;
		if (!yaml_parser_parse(&parser, &event)) {
			status = fault_of_parser(file, &parser);
			break;
		}
		status = check_event(file, &event, &documents, &depth);
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	if (status == TOLD_OK && documents == 0)
		status = fault_at(file, (yaml_mark_t){0}, "the file is empty: a profile needs at least an id");
	return status;
}

static enum told_status build_document(struct told_bytes text, struct yaml_file *file)
{
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		return TOLD_E_MEMORY;
	yaml_parser_set_input_string(&parser, text.data, text.len);
	enum told_status status = TOLD_OK;
	if (yaml_parser_load(&parser, &file->document))
		file->open = true;
	else
		status = fault_of_parser(file, &parser);
	yaml_parser_delete(&parser);
	return status;
}

/* -- the walk beside the schema -- */

static enum told_status walk(struct yaml_file *file, const cyaml_schema_value_t *schema, int id);

static const char *key_text(struct yaml_file *file, const yaml_node_pair_t *pair)
{
	const yaml_node_t *key = yaml_document_get_node(&file->document, pair->key);
	return key != NULL && key->type == YAML_SCALAR_NODE ? (const char *)key->data.scalar.value : NULL;
}

static bool has_key(struct yaml_file *file, const yaml_node_t *map, const yaml_node_pair_t *end, const char *name)
{
	for (const yaml_node_pair_t *pair = map->data.mapping.pairs.start; pair < end; pair++) {
		const char *key = key_text(file, pair);
		if (key != NULL && strcmp(key, name) == 0)
			return true;
	}
	return false;
}

static const cyaml_schema_field_t *field_of(const cyaml_schema_value_t *schema, const char *name)
{
	for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key != NULL; field++)
		if (strcmp(field->key, name) == 0)
			return field;
	return NULL;
}

static enum told_status walk_pair(struct yaml_file *file, const cyaml_schema_value_t *schema, const yaml_node_t *map,
				  const yaml_node_pair_t *pair)
{
	yaml_mark_t mark = yaml_document_get_node(&file->document, pair->key)->start_mark;
	const char *name = key_text(file, pair);
	if (name == NULL)
		return fault_at(file, mark, "a key must be a plain word");
	const cyaml_schema_field_t *field = field_of(schema, name);
	if (field == NULL)
		return fault_at(file, mark, "unknown key \"%.64s\"", name);
	if (has_key(file, map, pair, name))
		return fault_at(file, mark, "the key \"%s\" stands here twice", name);
	return walk(file, &field->value, pair->value);
}

static enum told_status walk_mapping(struct yaml_file *file, const cyaml_schema_value_t *schema, const yaml_node_t *map)
{
	const yaml_node_pair_t *end = map->data.mapping.pairs.top;
	for (const yaml_node_pair_t *pair = map->data.mapping.pairs.start; pair < end; pair++) {
		enum told_status status = walk_pair(file, schema, map, pair);
		if (status != TOLD_OK)
			return status;
	}
	for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key != NULL; field++)
		if (!(field->value.flags & CYAML_FLAG_OPTIONAL) && !has_key(file, map, end, field->key))
			return fault_at(file, map->start_mark, "the key \"%s\" is missing", field->key);
	return TOLD_OK;
}

static enum told_status walk_sequence(struct yaml_file *file, const cyaml_schema_value_t *schema,
				      const yaml_node_t *list)
{
	const yaml_node_item_t *top = list->data.sequence.items.top;
	size_t count = (size_t)(top - list->data.sequence.items.start);
	if (count == 0)
		return fault_at(file, list->start_mark,
				"an empty list: leave the key out, or write what belongs in it");
	if (count > schema->sequence.max)
		return fault_at(file, list->start_mark, "too many in this list: at most %u", schema->sequence.max);
	for (const yaml_node_item_t *item = list->data.sequence.items.start; item < top; item++) {
		enum told_status status = walk(file, schema->sequence.entry, *item);
		if (status != TOLD_OK)
			return status;
	}
	return TOLD_OK;
}

static enum told_status walk_bool(struct yaml_file *file, const yaml_node_t *node)
{
	const char *value = (const char *)node->data.scalar.value;
	if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
		return TOLD_OK;
	return fault_at(file, node->start_mark, "write true or false here");
}

static enum told_status walk_scalar(struct yaml_file *file, const cyaml_schema_value_t *schema, const yaml_node_t *node)
{
	struct told_bytes text = told_bytes(node->data.scalar.value, node->data.scalar.length);
	if (text.len == 0)
		return fault_at(file, node->start_mark, "nothing is written here");
	if (!told_utf8_valid(text))
		return fault_at(file, node->start_mark, "this is not UTF-8 text, or holds a NUL");
	if (schema->type == CYAML_BOOL)
		return walk_bool(file, node);
	if (text.len > schema->string.max)
		return fault_at(file, node->start_mark, "too long: at most %u bytes", schema->string.max);
	return TOLD_OK;
}

static enum told_status walk(struct yaml_file *file, const cyaml_schema_value_t *schema, int id)
{
	const yaml_node_t *node = yaml_document_get_node(&file->document, id);
	yaml_node_type_t kind = schema->type == CYAML_MAPPING    ? YAML_MAPPING_NODE
				: schema->type == CYAML_SEQUENCE ? YAML_SEQUENCE_NODE
								 : YAML_SCALAR_NODE;
	static const char *const words[] = {[YAML_MAPPING_NODE] = "keys with values",
					    [YAML_SEQUENCE_NODE] = "a list",
					    [YAML_SCALAR_NODE] = "one value"};
	if (node == NULL)
		return TOLD_E_INTERNAL;
	if (node->type != kind)
		return fault_at(file, node->start_mark, "%s must stand here", words[kind]);
	if (kind == YAML_MAPPING_NODE)
		return walk_mapping(file, schema, node);
	if (kind == YAML_SEQUENCE_NODE)
		return walk_sequence(file, schema, node);
	return walk_scalar(file, schema, node);
}

enum told_status yaml_file_read(struct told_bytes text, const cyaml_schema_value_t *schema, struct yaml_file *file)
{
	enum told_status status = TOLD_E_INTERNAL;
	file->open = false;
	if (text.len > TOLD_PROFILE_MAX_BYTES) {
		fault_at(file, (yaml_mark_t){0}, "a profile is at most %u bytes", TOLD_PROFILE_MAX_BYTES);
		return TOLD_E_LIMIT;
	}
	if (text.len > 0 && memchr(text.data, 0, text.len) != NULL)
		return fault_at(file, (yaml_mark_t){0}, "the file holds a NUL byte");
	status = scan_events(text, file);
	if (status == TOLD_OK)
		status = build_document(text, file);
	if (status == TOLD_OK)
		status = walk(file, schema, 1);
	if (status != TOLD_OK)
		yaml_file_close(file);
	return status;
}

void yaml_file_close(struct yaml_file *file)
{
	if (file->open)
		yaml_document_delete(&file->document);
	file->open = false;
}

/* -- places -- */

/* The child of a node that one step of a path names; NULL when it has none. */
static const yaml_node_t *child(yaml_document_t *document, const yaml_node_t *node, const char *step, size_t len)
{
	if (node->type == YAML_SEQUENCE_NODE) {
		const yaml_node_item_t *item = node->data.sequence.items.start + strtoul(step, NULL, 10);
		return item < node->data.sequence.items.top ? yaml_document_get_node(document, *item) : NULL;
	}
	if (node->type != YAML_MAPPING_NODE)
		return NULL;
	for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
	     pair++) {
		const yaml_node_t *key = yaml_document_get_node(document, pair->key);
		if (key->data.scalar.length == len && memcmp(key->data.scalar.value, step, len) == 0)
			return yaml_document_get_node(document, pair->value);
	}
	return NULL;
}

static yaml_mark_t place_of(const struct yaml_file *file, const char *path)
{
	yaml_document_t document = file->document; /* libyaml's getters take no const */
	const yaml_node_t *node = yaml_document_get_root_node(&document);
	for (const char *step = path; *step != '\0';) {
		size_t len = strcspn(step, "/");
		const yaml_node_t *next = child(&document, node, step, len);
		if (next == NULL)
			break;
		node = next;
		step += len + (step[len] == '/');
	}
	return node->start_mark;
}

enum told_status yaml_fault(const struct yaml_file *file, enum told_status status, const char *path, const char *format,
			    ...)
{
	if (file->why == NULL)
		return status;
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	put_place(file, place_of(file, path));
	told_buf_put_text(file->why, text);
	return status;
}
