/* SPDX-License-Identifier: Apache-2.0 */
/* The sets of categories that the rules use (decision.md 1.4). Data only. */
#include "broker/decide/hearing.h"

#include <assert.h>

#define LEAF(name) (UINT64_C(1) << (TOLD_CATEGORY_##name - 1))
static_assert(TOLD_CATEGORY_NARR == 64, "these sets hold their leaves in the first word");

const struct told_catset told_leaves_special = {
	{LEAF(MH_PROB) | LEAF(MH_SCORE) | LEAF(MH_ITEM) | LEAF(MH_TX) | LEAF(MH_NOTE) | LEAF(MH_SEC) | LEAF(MH_ATT) |
	 LEAF(SUD_USE) | LEAF(SUD_TX) | LEAF(SUD_TOP) | LEAF(SUD_RX) | LEAF(SUD_BBV) | LEAF(SUD_INJ) | LEAF(SUD_ATT) |
	 LEAF(PHY_COND) | LEAF(PHY_MED) | LEAF(RSK_SELF) | LEAF(EMP_FIT) | LEAF(EMP_ADJ) | LEAF(PRF_ACC) | LEAF(FRM) |
	 LEAF(EQA) | LEAF(DEM_FORMER)}};

const struct told_catset told_leaves_criminal = {{LEAF(CRM_OFF) | LEAF(CRM_SUP) | LEAF(CRM_TP)}};

const struct told_catset told_leaves_location = {{LEAF(DEM_LOC) | LEAF(DEM_PC) | LEAF(DEM_CON) | LEAF(HOU_HIST)}};

const struct told_catset told_leaves_others = {
	{LEAF(FAM_CHILD) | LEAF(FAM_TP) | LEAF(FAM_NOK) | LEAF(FAM_LINK) | LEAF(CRM_TP)}};

const struct told_catset told_leaves_meta = {{LEAF(REF_META) | LEAF(CNS_META)}};
