/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the first pass's tree has the shape that the schema says. Private to this room. */
#ifndef TOLD_AGREE_SHAPE_H
#define TOLD_AGREE_SHAPE_H

#include "broker/agree/file.h"
#include "broker/agree/yaml_tree.h"

/* Adds a fault for every unknown or missing key, wrong type, empty value or list, word outside a closed list, number
 * not in plain decimal. Without a fault libcyaml loads the file. */
void told_shape_check(const struct told_node *root, const cyaml_schema_value_t *schema, struct told_faults *faults);

#endif
