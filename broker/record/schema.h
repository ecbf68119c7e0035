/* SPDX-License-Identifier: Apache-2.0 */
/* The schema of the broker's store, in numbered steps. */
#ifndef TOLD_RECORD_SCHEMA_H
#define TOLD_RECORD_SCHEMA_H

#include <stddef.h>

/* SQL of the step that leads from schema `number` to the next; NULL when there is none. */
const char *told_schema_step(unsigned number);

#endif
