/* SPDX-License-Identifier: Apache-2.0 */
/* The document behind a profile: what libcyaml lets through is refused here, and every value keeps its place, so that
 * each error can name its line and column. Private to this room. */
#ifndef TOLD_AGENTS_PROFILE_YAML_H
#define TOLD_AGENTS_PROFILE_YAML_H

#include "told/bytes.h"
#include <cyaml/cyaml.h>
#include <yaml.h>

struct yaml_file {
	yaml_document_t document;
	bool open;
	const char *name;
	struct told_buf *why;
};

/* Parses one document without anchors, aliases, tags or NUL bytes, and checks its shape against the schema: known keys,
 * no key twice, kinds, no empty list. E_CONFIG or E_LIMIT with why set; then nothing needs closing. */
TOLD_MUST_USE enum told_status yaml_file_read(struct told_bytes text, const cyaml_schema_value_t *schema,
					      struct yaml_file *file);
void yaml_file_close(struct yaml_file *file);

/* Appends "FILE:LINE:COLUMN: " and the message for the value at a path such as "clocks/2/within"; the nearest value
 * above stands in for one that is not there. Returns the status that it was given. */
__attribute__((format(printf, 4, 5))) enum told_status yaml_fault(const struct yaml_file *file, enum told_status status,
								  const char *path, const char *format, ...);

#endif
