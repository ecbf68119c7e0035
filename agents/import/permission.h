/* SPDX-License-Identifier: Apache-2.0 */
/* The provision of a Consent, which says for whom, what for, what and when. Room-internal. */
#ifndef TOLD_IMPORT_PERMISSION_H
#define TOLD_IMPORT_PERMISSION_H

#include "agents/import/fhir.h"

/* Reads the root provision and the denials below it into the permission; provision may be NULL. Refuses what cannot
 * be honoured to the letter. */
TOLD_MUST_USE enum told_status told_fhir_provision(struct told_fhir *fhir, const struct told_fhir_at *at,
						   const json_t *provision, struct told_import_permission *permission);

#endif
