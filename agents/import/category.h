/* SPDX-License-Identifier: Apache-2.0 */
/* Which of our categories a code belongs to, and by what: never by guess. Room-internal. */
#ifndef TOLD_IMPORT_CATEGORY_H
#define TOLD_IMPORT_CATEGORY_H

#include "agents/import/fhir.h"

#define TOLD_IMPORT_LOINC  "http://loinc.org"
#define TOLD_IMPORT_SNOMED "http://snomed.info/sct"

/* A category and the words for it in the outcome line ("by LOINC 71802-3"); 0 when no table says. */
struct told_fhir_category {
	unsigned category;
	char how[96];
};

/* By the code of a question or a finding: the caller's own codes, then the built-in table. */
void told_fhir_category_of_code(const struct told_fhir *fhir, const struct told_fhir_coding *coding,
				struct told_fhir_category *out);
/* By code (each coding of it), else by the category list of the resource: SDOH Clinical Care's domains first, the bare
 * mark "sdoh" last. Refuses what leads to two of ours; *out is 0 when nothing says. name is the element of code. */
TOLD_MUST_USE enum told_status told_fhir_category_of(struct told_fhir *fhir, const struct told_fhir_concept *code,
						     const char *name, struct told_fhir_category *out);
/* As above, and refuses when nothing says: an unknown code may be health data. */
TOLD_MUST_USE enum told_status told_fhir_category_must(struct told_fhir *fhir, const struct told_fhir_concept *code,
						       const char *name, struct told_fhir_category *out);
/* Every row of the table, for tests: false past the end. */
bool told_fhir_category_row(size_t index, const char **system, const char **code, unsigned *category);

#endif
