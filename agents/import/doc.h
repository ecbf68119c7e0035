/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON file as a tree that still knows its text: the bytes of each resource, and the digits of each number, which
 * the parser would otherwise turn into a double. Room-internal. */
#ifndef TOLD_IMPORT_DOC_H
#define TOLD_IMPORT_DOC_H

#include "agents/story/json.h"

struct told_import_span {
	const json_t *node;
	size_t at, len;
};

struct told_import_doc {
	struct told_bytes text;
	json_t *root;
	struct told_import_span *spans; /* by address of the node */
	size_t count, cap;
};

/* text is borrowed and must outlive the doc. TOLD_E_MALFORMED, TOLD_E_LIMIT with *error; TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_import_doc_open(struct told_bytes text, struct told_import_doc *doc,
						    struct told_json_error *error);
void told_import_doc_close(struct told_import_doc *doc);

/* The bytes of a resource or of a number as they stand in the text; empty for other nodes. Numbers of plain integer
 * form have none: their digits are the integer's. */
struct told_bytes told_import_doc_bytes(const struct told_import_doc *doc, const json_t *node);

#endif
