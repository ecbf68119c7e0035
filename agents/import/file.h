/* SPDX-License-Identifier: Apache-2.0 */
/* Where what was read is filed: items into sections by category, and the lists of the result. Room-internal. */
#ifndef TOLD_IMPORT_FILE_H
#define TOLD_IMPORT_FILE_H

#include "agents/import/fhir.h"

/* A question with its answers on its way into a section. Items of one stream may stand together; a group that repeats
 * (a second medicine, a second address) gets a stream, so that its answers stay with each other. */
struct told_fhir_filed {
	unsigned category;
	size_t stream;
	struct told_story_item item;
};

/* The items of one resource, grown on the heap. */
struct told_fhir_files {
	struct told_fhir_filed *items;
	size_t count, cap;
};

TOLD_MUST_USE enum told_status told_fhir_file_add(struct told_fhir_files *files, const struct told_fhir_filed *item);
void told_fhir_files_free(struct told_fhir_files *files);

/* An item of this question: URI made, values copied to the arena. said_at, source and voice are the caller's. */
TOLD_MUST_USE enum told_status told_fhir_item(struct told_fhir *fhir, struct told_bytes system, struct told_bytes code,
					      const struct told_story_value *values, size_t count,
					      struct told_story_item *out);

/* Makes the section of these items and words, and adds it to the result; *section is the pattern (category, voice,
 * times ...) and gets json, resource and original. A section that cannot be (too long, a code twice) refuses. */
TOLD_MUST_USE enum told_status told_fhir_add_section(struct told_fhir *fhir, const struct told_story *story,
						     struct told_import_section *section);
/* One section for each category and stream among the files, from a pattern. */
TOLD_MUST_USE enum told_status told_fhir_add_files(struct told_fhir *fhir, const struct told_fhir_files *files,
						   const struct told_import_section *pattern);

/* A view of the tree made to outlive it: copied to the arena. */
TOLD_MUST_USE enum told_status told_fhir_keep(struct told_fhir *fhir, struct told_bytes *text);

TOLD_MUST_USE enum told_status told_fhir_add_resource(struct told_import *import,
						      const struct told_import_resource *resource);
TOLD_MUST_USE enum told_status told_fhir_add_referral(struct told_fhir *fhir, struct told_import_referral *referral);
TOLD_MUST_USE enum told_status told_fhir_add_permission(struct told_fhir *fhir,
							struct told_import_permission *permission);
TOLD_MUST_USE enum told_status told_fhir_add_form(struct told_fhir *fhir, struct told_import_form *form);

/* "QuestionnaireResponse/id" of the resource being read: the source of its items. */
TOLD_MUST_USE enum told_status told_fhir_source(struct told_fhir *fhir, struct told_bytes *out);

#endif
