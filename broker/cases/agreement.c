/* SPDX-License-Identifier: Apache-2.0 */
/* The agreements of a case: real agreement files, with what differs in this case put instead. Reads those files. */
#include "broker/cases/case.h"

#include <stdio.h>
#include <string.h>

/* A case that changes an agreement in more places is about another agreement. */
#define CHANGES_MAX 32u

/* "ISA-MD3" stands in the folder beside the case's file; what has a slash or .yaml is a path, seen from that file or,
 * of a request, from where one is. */
static void path_of(const struct told_case *c, struct told_bytes name, char path[TOLD_CASE_PATH_MAX])
{
	const char *own = c->book->path, *slash = strrchr(own, '/');
	int folder = slash ? (int)(slash - own) + 1 : 0;
	bool is_path =
		memchr(name.data, '/', name.len) || (name.len > 5 && !memcmp(name.data + name.len - 5, ".yaml", 5));
	if (name.len && name.data[0] == '/')
		folder = 0;
	snprintf(path, TOLD_CASE_PATH_MAX, "%.*s%s%.*s%s", folder, own, is_path ? "" : "agreements/", (int)name.len,
		 (const char *)name.data, is_path ? "" : ".yaml");
}

static bool read_whole(struct told_case *c, const struct told_node *at, const char *path, struct told_bytes *out)
{
	FILE *file = fopen(path, "rb");
	struct told_buf text = TOLD_BUF(TOLD_AGREEMENT_MAX_BYTES + 1);
	uint8_t piece[16384];
	for (size_t len; file && (len = fread(piece, 1, sizeof piece, file)) > 0;)
		told_buf_put(&text, piece, len);
	bool whole = file && !ferror(file) && text.status == TOLD_OK;
	if (file)
		fclose(file);
	if (whole) {
		uint8_t *bytes = told_case_room(c, text.len, 1);
		memcpy(bytes, text.data ? text.data : (const uint8_t *)"", text.len);
		*out = told_bytes(bytes, text.len);
	} else {
		told_case_fail(c, at, "the agreement %s cannot be read", path);
	}
	told_buf_free(&text);
	return whole;
}

/* What differs from the agreement's file: one place found, once, and what stands there instead. */
static struct told_bytes put_instead(struct told_case *c, struct told_bytes text, const struct told_node *change)
{
	const struct told_node *find = told_node_get(change, "find"), *put = told_node_get(change, "put");
	uint8_t *at = find && put ? memmem(text.data, text.len, find->text.data, find->text.len) : NULL;
	struct told_bytes rest = at ? told_bytes(at + 1, (size_t)(text.data + text.len - at) - 1) : told_bytes(NULL, 0);
	if (!at || memmem(rest.data, rest.len, find->text.data, find->text.len)) {
		told_case_fail(c, change, "what `find` says must stand once in the agreement");
		return text;
	}
	size_t before = (size_t)(at - text.data), after = text.len - before - find->text.len;
	uint8_t *out = told_case_room(c, before + put->text.len + after, 1);
	memcpy(out, text.data, before);
	memcpy(out + before, put->text.data, put->text.len);
	memcpy(out + before + put->text.len, at + find->text.len, after);
	return told_bytes(out, before + put->text.len + after);
}

/* The faults of an agreement, one line each, are faults of the case at the place that names it. */
static void tell_faults(struct told_case *c, const struct told_node *at, struct told_faults *faults)
{
	for (size_t i = 0; i < faults->count; i++)
		told_case_fail(c, at, "%s:%u:%u: %s", faults->name, faults->items[i].at.line,
			       faults->items[i].at.column, faults->items[i].what);
	if (!faults->count)
		told_case_fail(c, at, "%s cannot be loaded", faults->name);
}

static void load_agreement(struct told_case *c, const struct told_node *named, const struct told_node *changes)
{
	char path[TOLD_CASE_PATH_MAX];
	struct told_faults faults = TOLD_FAULTS(path);
	struct told_bytes text;
	path_of(c, named->text, path);
	if (c->agreement_count == TOLD_CASE_AGREEMENTS_MAX || told_case_count(changes) > CHANGES_MAX) {
		told_case_fail(c, named, "at most %u agreements and %u changes", TOLD_CASE_AGREEMENTS_MAX, CHANGES_MAX);
		return;
	}
	if (!read_whole(c, named, path, &text))
		return;
	for (const struct told_node *n = changes ? changes->first : NULL; n; n = n->next)
		text = put_instead(c, text, n);
	struct told_agreement **slot = &c->loaded[c->agreement_count];
	if (told_agreement_load(text, path, c->parties, slot, &faults) == TOLD_OK)
		c->agreements[c->agreement_count++] = (struct told_agreement_facts){.agreement = *slot};
	else
		tell_faults(c, named, &faults);
	told_faults_free(&faults);
}

void told_case_read_agreements(struct told_case *c)
{
	const struct told_node *named = told_node_get(c->node, "agreement"), *also = told_node_get(c->node, "also");
	if (named)
		load_agreement(c, named, told_node_get(c->node, "with"));
	for (const struct told_node *n = also ? also->first : NULL; n; n = n->next)
		load_agreement(c, n, NULL);
	c->q.agreements = c->agreements;
	c->q.agreement_count = c->agreement_count;
	if (named && c->agreement_count) {
		c->q.message.agreement_id = c->loaded[0]->id;
		c->q.message.agreement_version = c->loaded[0]->version;
	}
}
