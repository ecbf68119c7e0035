/* SPDX-License-Identifier: Apache-2.0 */
/* What a new version of an agreement changes, in words: for whom what would newly pass and what would stop. */
#ifndef TOLD_AGREE_DIFF_H
#define TOLD_AGREE_DIFF_H

#include "broker/agree/agreement.h"
#include "broker/agree/party.h"

/* Lines of "new: HOU to TT, REFERRAL for REFERRAL, with permission: DEM.ID HOU.SIT (clause 4.1)", "stops: ..." and
 * "changes: ...": the head and the parties, flows by pair, their conditions, overrides, lists of rules. Nothing for
 * what stays, and a line for every key that differs: only the same bytes give no line. Both agreements were loaded with
 * the same `parties`. The lines are appended; out->status says whether all fitted. */
void told_agreement_diff(const struct told_agreement *older, const struct told_agreement *newer,
			 const struct told_parties *parties, struct told_buf *out);

#endif
