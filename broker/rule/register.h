/* SPDX-License-Identifier: Apache-2.0 */
/* Folding the headers that everybody must know into the directory: partners, keys, agreements, workers. The broker,
 * agents and told-audit fold the same bytes in the order of the log. */
#ifndef TOLD_RULE_REGISTER_H
#define TOLD_RULE_REGISTER_H

#include "broker/agree/directory.h"
#include "told/envelope.h"

/* Whether a header of this type says something about parties and not about a person. */
bool told_register_cares(unsigned type);

/* Folds one verified header. attachment: the agreement file of an AGREEMENT_SIGN, whose hash the header states. A fact
 * that the directory refuses (TOLD_CLASS_PEER statuses of directory.h; TOLD_E_CONFIG for an agreement that does not
 * load) has changed nothing. TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_register_apply(struct told_directory *directory, struct told_parties *parties,
						   const struct told_header *header, struct told_bytes attachment,
						   struct told_entry entry);

#endif
