/* SPDX-License-Identifier: Apache-2.0 */
/* What an information-governance lead would ask about an agreement: warnings, which never change a ruling
 * (decision 4.7, "Lint"). `told agreement check` prints them. */
#ifndef TOLD_AGREE_LINT_H
#define TOLD_AGREE_LINT_H

#include "broker/agree/agreement.h"
#include "broker/agree/fault.h"
#include "broker/agree/party.h"

/* Adds a warning for each rule that the agreement does not keep, sorted by place; each begins with its clause and ends
 * with the rule's name in brackets. file: the bytes that it was loaded from, so that each warning has a line; without
 * them (empty) none has. */
void told_agreement_lint(const struct told_agreement *agreement, const struct told_parties *parties,
			 struct told_bytes file, struct told_faults *warnings);

/* The names of the rules, in order, NULL past the last; for tests and for the guide. */
const char *told_lint_rule(size_t index);

#endif
