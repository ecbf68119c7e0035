/* SPDX-License-Identifier: Apache-2.0 */
/* The nine kinds of resource that are taken over, one function each: fhir->resource is judged whole, and either all of
 * it is filed and the outcome's words are said, or it is refused with a reason and a place. Room-internal. */
#ifndef TOLD_IMPORT_TAKE_H
#define TOLD_IMPORT_TAKE_H

#include "agents/import/fhir.h"

TOLD_MUST_USE enum told_status told_fhir_take_condition(struct told_fhir *fhir);
TOLD_MUST_USE enum told_status told_fhir_take_consent(struct told_fhir *fhir);
TOLD_MUST_USE enum told_status told_fhir_take_goal(struct told_fhir *fhir);
TOLD_MUST_USE enum told_status told_fhir_take_observation(struct told_fhir *fhir);
TOLD_MUST_USE enum told_status told_fhir_take_questionnaire(struct told_fhir *fhir);
TOLD_MUST_USE enum told_status told_fhir_take_response(struct told_fhir *fhir);
TOLD_MUST_USE enum told_status told_fhir_take_request(struct told_fhir *fhir);
TOLD_MUST_USE enum told_status told_fhir_take_task(struct told_fhir *fhir);
/* The ninth kind, Bundle, is taken apart by the reader of the file itself (import.c). */

/* Before the answers are read: what a Questionnaire in the same file says about its items, by its url. */
TOLD_MUST_USE enum told_status told_fhir_learn_form(struct told_fhir *fhir, const json_t *questionnaire);

/* The first of several elements that holds a time ("effectivePeriod" gives its start); ends with NULL. */
TOLD_MUST_USE enum told_status told_fhir_first_time(struct told_fhir *fhir, const char *const *names,
						    struct told_bytes *text, int64_t *ms);

#endif
