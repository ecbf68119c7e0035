/* SPDX-License-Identifier: Apache-2.0 */
/* libyaml's events to a tree with places. Anchors, aliases, tags, second documents, duplicate and composite keys, NUL
 * and bytes that are no UTF-8 are faults here, because no later step would see them. Not recursive. */
#include "broker/agree/yaml_tree.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

static const char why_one[] =
	"Every partner signs the exact bytes of one document, and must read in them what the program reads.";
static const char why_plain[] = "A reader on paper could not see what stands for what.";

struct reader {
	yaml_parser_t parser;
	struct told_arena *arena;
	struct told_faults *faults;
	struct told_node *root;
	struct told_node *open[TOLD_YAML_DEEPEST];
	size_t depth, depth_max;
	struct told_bytes key; /* of the map on top, waiting for its value */
	struct told_place key_at;
	bool has_key;
	size_t documents, nodes;
	enum told_status status;
};

static struct told_place place_of(yaml_mark_t mark)
{
	return (struct told_place){.line = (uint32_t)mark.line + 1, .column = (uint32_t)mark.column + 1};
}

const struct told_node *told_node_get(const struct told_node *node, const char *key)
{
	if (node == NULL || node->kind != TOLD_NODE_MAP)
		return NULL;
	for (const struct told_node *child = node->first; child != NULL; child = child->next)
		if (told_bytes_equal(child->key, told_text(key)))
			return child;
	return NULL;
}

/* ---- what stands before all parsing ---- */

static bool check_bytes(struct told_bytes file, struct told_faults *faults)
{
	struct told_place at = {.line = 1, .column = 1};
	const uint8_t *line = file.data,
		      *end = file.len > 0 ? line + file.len : line; /* empty: perhaps no data at all */
	while (line < end) {
		const uint8_t *feed = memchr(line, '\n', (size_t)(end - line));
		const uint8_t *stop = feed != NULL ? feed : end;
		const uint8_t *nul = memchr(line, 0, (size_t)(stop - line));
		if (nul != NULL) {
			at.column = (uint32_t)(nul - line) + 1;
			told_fault_add(faults, at, "Programs cut text there, and people cannot see it.",
				       "Remove it; save the file as plain text.", "a NUL byte stands in the file");
			return false;
		}
		if (!told_utf8_valid(told_bytes(line, (size_t)(stop - line)))) {
			told_fault_add(faults, at, "Agreements are text in UTF-8.", "Save the file as UTF-8.",
				       "this line is not valid UTF-8");
			return false;
		}
		line = stop + 1;
		at.line++;
	}
	return true;
}

/* ---- building ---- */

static void fatal_fault(struct reader *r, struct told_place at, const char *why, const char *todo, const char *what)
{
	told_fault_add(r->faults, at, why, todo, "%s", what);
	r->root = NULL;
	r->status = TOLD_E_MALFORMED;
}

static struct told_bytes keep(struct reader *r, const unsigned char *text, size_t len)
{
	char *copy = told_arena_text(r->arena, told_bytes(text, len));
	if (copy == NULL)
		r->status = TOLD_E_MEMORY;
	return told_bytes(copy, copy != NULL ? len : 0);
}

static void take_key(struct reader *r, const yaml_event_t *event)
{
	r->key = keep(r, event->data.scalar.value, event->data.scalar.length);
	r->key_at = place_of(event->start_mark);
	r->has_key = true;
	const struct told_node *map = r->open[r->depth - 1];
	for (const struct told_node *child = map->first; child != NULL; child = child->next) {
		if (!told_bytes_equal(child->key, r->key))
			continue;
		told_fault_add(r->faults, r->key_at, "Two readers could each believe another one.",
			       "Keep one of the two.", "\"%.*s\" stands here twice, first in line %u", (int)r->key.len,
			       (const char *)r->key.data, child->key_at.line);
		return;
	}
}

/* Duplicate keys are found by comparing each with each, so a map is bounded before it grows. */
static bool too_many(struct reader *r, const yaml_event_t *event)
{
	bool wide = r->depth > 0 && r->open[r->depth - 1]->kind == TOLD_NODE_MAP &&
		    r->open[r->depth - 1]->count >= TOLD_YAML_KEYS_MAX;
	if (!wide && r->nodes++ < TOLD_YAML_NODES_MAX)
		return false;
	fatal_fault(r, place_of(event->start_mark), "No agreement holds so much.",
		    "Check that this is an agreement; divide it if it is.",
		    wide ? "this block has too many keys" : "the file holds too many values");
	return true;
}

static struct told_node *add_node(struct reader *r, enum told_node_kind kind, const yaml_event_t *event)
{
	if (too_many(r, event))
		return NULL;
	struct told_node *node = told_arena_alloc(r->arena, sizeof *node);
	if (node == NULL) {
		r->status = TOLD_E_MEMORY;
		return NULL;
	}
	*node = (struct told_node){.kind = kind, .at = place_of(event->start_mark), .key = r->key, .key_at = r->key_at};
	r->has_key = false;
	r->key = (struct told_bytes){0};
	r->key_at = (struct told_place){0};
	if (r->depth == 0) {
		r->root = node;
		return node;
	}
	struct told_node *parent = r->open[r->depth - 1];
	if (parent->last != NULL)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	parent->count++;
	return node;
}

static bool key_expected(const struct reader *r)
{
	return r->depth > 0 && r->open[r->depth - 1]->kind == TOLD_NODE_MAP && !r->has_key;
}

static void open_node(struct reader *r, enum told_node_kind kind, const yaml_event_t *event)
{
	if (key_expected(r)) {
		fatal_fault(r, place_of(event->start_mark), why_plain, "Write a plain word as the key.",
			    "a list or a block stands where a key must stand");
		return;
	}
	if (r->depth == r->depth_max) {
		fatal_fault(r, place_of(event->start_mark), "No part of an agreement lies so deep.",
			    "Compare the indentation with the example in docs/agreement-file.md.",
			    "this is nested too deep");
		return;
	}
	struct told_node *node = add_node(r, kind, event);
	if (node != NULL)
		r->open[r->depth++] = node;
}

static void take_scalar(struct reader *r, const yaml_event_t *event)
{
	if (key_expected(r)) {
		take_key(r, event);
		return;
	}
	struct told_node *node = add_node(r, TOLD_NODE_SCALAR, event);
	if (node == NULL)
		return;
	node->text = keep(r, event->data.scalar.value, event->data.scalar.length);
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* Anchors and tags can stand at any value. */
static void check_marks(struct reader *r, const yaml_event_t *event, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct told_place at = place_of(event->start_mark);
	if (anchor != NULL)
		told_fault_add(r->faults, at, why_plain, "Remove it, and write the value out where it is needed.",
			       "an anchor (&%s) stands here", (const char *)anchor);
	if (tag != NULL)
		told_fault_add(r->faults, at, "The format says of each value what it is.", "Remove it.",
			       "a tag (%s) stands here", (const char *)tag);
}

static void take_alias(struct reader *r, const yaml_event_t *event)
{
	fatal_fault(r, place_of(event->start_mark), why_plain, "Write the value out.",
		    "an alias (*) stands here; in YAML a leading * is one, and nothing means \"everything\"");
}

static void start_document(struct reader *r, const yaml_event_t *event)
{
	if (++r->documents == 1)
		return;
	fatal_fault(r, place_of(event->start_mark), why_one, "Put it in a file of its own.",
		    "a second document begins here");
}

static void take_event(struct reader *r, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT: start_document(r, event); break;
	case YAML_ALIAS_EVENT: take_alias(r, event); break;
	case YAML_SCALAR_EVENT:
		check_marks(r, event, event->data.scalar.anchor, event->data.scalar.tag);
		take_scalar(r, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
		check_marks(r, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
		open_node(r, TOLD_NODE_LIST, event);
		break;
	case YAML_MAPPING_START_EVENT:
		check_marks(r, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
		open_node(r, TOLD_NODE_MAP, event);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT: r->depth--; break;
	default: break;
	}
}

static void syntax_fault(struct reader *r)
{
	struct told_place at = place_of(r->parser.problem_mark);
	char what[256];
	snprintf(what, sizeof what, "this is not YAML: %s%s%s", r->parser.context != NULL ? r->parser.context : "",
		 r->parser.context != NULL ? ", " : "",
		 r->parser.problem != NULL ? r->parser.problem : "it cannot be read");
	fatal_fault(r, at, "Nothing after this place can be read with certainty.",
		    "Look at the indentation, the colons, the brackets and the quotes here and in the line before.",
		    what);
	if (r->parser.error == YAML_MEMORY_ERROR)
		r->status = TOLD_E_MEMORY;
}

static void read_events(struct reader *r)
{
	for (bool done = false; !done && r->status == TOLD_OK;) {
		yaml_event_t event;
		if (!yaml_parser_parse(&r->parser, &event)) {
			syntax_fault(r);
			return;
		}
		done = event.type == YAML_STREAM_END_EVENT;
		take_event(r, &event);
		yaml_event_delete(&event);
	}
}

static bool empty_document(const struct told_node *root)
{
	return root == NULL || (root->kind == TOLD_NODE_SCALAR && root->text.len == 0) ||
	       (root->kind != TOLD_NODE_SCALAR && root->count == 0);
}

enum told_status told_yaml_read(struct told_bytes file, struct told_arena *arena, struct told_faults *faults,
				struct told_node **root)
{
	return told_yaml_read_deep(file, TOLD_YAML_DEPTH_MAX, arena, faults, root);
}

enum told_status told_yaml_read_deep(struct told_bytes file, size_t depth_max, struct told_arena *arena,
				     struct told_faults *faults, struct told_node **root)
{
	*root = NULL;
	if (!check_bytes(file, faults))
		return TOLD_E_MALFORMED;
	struct reader r = {.arena = arena,
			   .faults = faults,
			   .depth_max = depth_max < TOLD_YAML_DEEPEST ? depth_max : TOLD_YAML_DEEPEST,
			   .status = TOLD_OK};
	if (!yaml_parser_initialize(&r.parser))
		return TOLD_E_MEMORY;
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, file.len > 0 ? file.data : (const uint8_t *)"", file.len);
	read_events(&r);
	yaml_parser_delete(&r.parser);
	if (r.status == TOLD_OK && empty_document(r.root))
		fatal_fault(&r, (struct told_place){1, 1}, "An empty agreement would allow nothing and say nothing.",
			    "Start from the example in docs/agreement-file.md.", "the file is empty");
	*root = r.root;
	if (r.status != TOLD_OK)
		return r.status;
	return told_faults_any(faults) ? TOLD_E_MALFORMED : TOLD_OK;
}
