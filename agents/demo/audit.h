/* SPDX-License-Identifier: Apache-2.0 */
/* The auditor's program, run on the demo's store or on a copy of it. Room-internal. */
#ifndef TOLD_DEMO_AUDIT_H
#define TOLD_DEMO_AUDIT_H

#include "agents/demo/stage.h"

/* told-audit verify --store STORE with the log's policy and the receipts of all agencies, said. *report is its JSON,
 * the caller's; *exit how it ended. TOLD_OK whatever the verdict is. */
TOLD_MUST_USE enum told_status told_demo_audit(struct told_demo *demo, const char *store, json_t **report, int *exit);

/* Copies the store, changes one byte of one entry in the copy, and has it verified. The broker must have stopped. */
TOLD_MUST_USE enum told_status told_demo_tamper(struct told_demo *demo);

#endif
