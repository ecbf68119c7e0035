/* SPDX-License-Identifier: Apache-2.0 */
/* From the loaded file to the compiled agreement: words to sets, text to dates, and the rules that hold across places.
 * Every word has passed shape.c and meaning.c. Private to this room. */
#ifndef TOLD_AGREE_COMPILE_H
#define TOLD_AGREE_COMPILE_H

#include "broker/agree/file.h"
#include "broker/agree/party.h"
#include "broker/agree/yaml_tree.h"

struct compiler {
	struct told_arena *arena; /* of the agreement: everything in it lies here */
	struct told_parties *names;
	struct told_faults *faults;
	const struct file_agreement *file;
	const struct told_node *root;
	struct told_agreement *out;
	struct told_partyset listed, senders; /* parties of the file; those with an agent */
	enum told_status status;              /* the first failure that is no fault of the file */
};

/* A place of a key in a block; of the block when it has no such key. */
struct told_place told_compile_place(const struct told_node *node, const char *key);

/* Zeroed room in the arena for count items; NULL of none and when memory is out, which status then says. */
void *told_compile_room(struct compiler *c, size_t count, size_t size);
struct told_bytes told_compile_text(struct compiler *c, const char *text);

/* NULL text leaves the value as it is. */
void told_compile_date(struct compiler *c, const char *text, int64_t *utc_ms);
void told_compile_end(struct compiler *c, const char *text, int64_t *utc_ms);
void told_compile_span(struct compiler *c, const char *text, struct told_span *span);
void told_compile_clause(const char *text, told_clause out);

/* Lists to sets. node is the block in which the key stands. */
void told_compile_categories(struct compiler *c, const struct file_words *words, struct told_catset *out);
uint64_t told_compile_bits(struct compiler *c, enum told_list list, const struct file_words *words);
/* Parties of the file; senders: those that have an agent. Others are faults. */
void told_compile_parties(struct compiler *c, const struct file_words *words, const struct told_node *node,
			  const char *key, bool senders, struct told_partyset *out);
/* As above, of categories that must be among those of data; a prefix stands for those of its leaves that are. */
void told_compile_among(struct compiler *c, const struct file_words *words, const struct told_node *node,
			const char *key, const struct told_catset *data, struct told_catset *out);

/* The basis of a flow or override; base may be NULL. Faults for what neither states. */
void told_compile_basis(struct compiler *c, const struct file_basis *own, const struct file_basis *base,
			const struct told_node *node, struct told_basis_lists *out);

void told_compile_contacts(struct compiler *c); /* the parties */
void told_compile_flows(struct compiler *c);
void told_compile_overrides(struct compiler *c);
void told_compile_extras(struct compiler *c); /* groups, notices, thresholds, retention */
void told_compile_overlaps(struct compiler *c);

/* The agreement from its file. Adds faults; returns only what is no fault of the file. */
TOLD_MUST_USE enum told_status told_compile(struct compiler *c);

#endif
