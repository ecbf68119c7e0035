/* SPDX-License-Identifier: Apache-2.0 */
/* The elements of each FHIR type that is taken over, as one table. Room-internal. */
#ifndef TOLD_IMPORT_SHAPE_H
#define TOLD_IMPORT_SHAPE_H

#include "agents/import/fhir.h"

/* Refuses an object that holds an element that its type ("Observation", "Consent.provision") has not, that is a list
 * or none against the type, or that changes the meaning in a way that the model cannot honour. */
TOLD_MUST_USE enum told_status told_fhir_shape(struct told_fhir *fhir, const struct told_fhir_at *at,
					       const json_t *object, const char *type);

/* Refuses modifierExtension and implicitRules wherever they stand below the object: nobody here can know what they
 * turn the rest into. Members named except (of the object itself) are left to others. */
TOLD_MUST_USE enum told_status told_fhir_modifiers(struct told_fhir *fhir, const struct told_fhir_at *at,
						   const json_t *object, const char *except);

#endif
