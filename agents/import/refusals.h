/* SPDX-License-Identifier: Apache-2.0 */
/* Why resources of the other types are not taken over, by name. Room-internal. */
#ifndef TOLD_IMPORT_REFUSALS_H
#define TOLD_IMPORT_REFUSALS_H

/* Completes "TYPE is not taken over: ..."; static, never NULL. */
const char *told_fhir_refusal(const char *type);

#endif
