/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of a question: agreements between the two parties, the person's records, parties, workers. Private. */
#ifndef TOLD_RULE_LISTS_H
#define TOLD_RULE_LISTS_H

#include "broker/rule/table.h"

/* Completes a question whose message facts name sender and recipient; header names the workers. */
TOLD_MUST_USE enum told_status told_table_lists(const struct told_table *table, struct told_arena *arena,
						const struct told_header *header, struct told_question *question);

#endif
