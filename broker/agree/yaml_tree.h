/* SPDX-License-Identifier: Apache-2.0 */
/* The first pass over an agreement file: libyaml's events as a small tree that keeps each value's place, and refuses
 * what libcyaml would let through (decision 4.7, loader rules). The only file that includes yaml.h is yaml_tree.c. */
#ifndef TOLD_AGREE_YAML_TREE_H
#define TOLD_AGREE_YAML_TREE_H

#include "broker/agree/fault.h"

/* An agreement nests five deep; more is another kind of file, or an attack on the reader's stack. */
#define TOLD_YAML_DEPTH_MAX           8u
#define TOLD_YAML_DEEPEST             16u /* of files that are no agreements: forms of others nest ten deep */
#define TOLD_YAML_KEYS_MAX            64u /* keys of one block; the longest has about thirty */
#define TOLD_AGREEMENT_TREE_MAX_BYTES (32u * 1048576u) /* the tree of a file of the largest size */
#define TOLD_YAML_NODES_MAX           50000u /* values of a file: a hundred flows of two hundred values, twice over */

enum told_node_kind { TOLD_NODE_SCALAR, TOLD_NODE_LIST, TOLD_NODE_MAP };

/* One value. In a map it also has its key. All text lies in the arena. */
struct told_node {
	enum told_node_kind kind;
	bool plain; /* a scalar without quotes */
	struct told_place at, key_at;
	struct told_bytes key, text;
	struct told_node *first, *last, *next; /* children, in the file's order */
	size_t count;                          /* of children */
};

/* Reads the one document of a file. All faults found go into faults; *root is NULL when there is no tree to go on with,
 * and else usable even when there are faults. E_MALFORMED when any fault was added, E_MEMORY. */
TOLD_MUST_USE enum told_status told_yaml_read(struct told_bytes file, struct told_arena *arena,
					      struct told_faults *faults, struct told_node **root);

/* The same of a file that is no agreement and may nest deeper, up to TOLD_YAML_DEEPEST. */
TOLD_MUST_USE enum told_status told_yaml_read_deep(struct told_bytes file, size_t depth_max, struct told_arena *arena,
						   struct told_faults *faults, struct told_node **root);

/* The value of a key; NULL when the node is no map or has none. */
const struct told_node *told_node_get(const struct told_node *node, const char *key);

#endif
