/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of categories in words, and a party's entry. */
#include "broker/agree/sets.h"

void told_catset_print(const struct told_catset *set, struct told_buf *out)
{
	const char *between = "";
	for (unsigned category = 1; category <= told_list_max(TOLD_LIST_CATEGORY); category++) {
		if (!told_catset_has(set, category))
			continue;
		told_buf_printf(out, "%s%s", between, told_code(TOLD_LIST_CATEGORY, category));
		between = " ";
	}
}

const struct told_party *told_agreement_party(const struct told_agreement *agreement, uint32_t party)
{
	for (size_t i = 0; i < agreement->party_count; i++)
		if (agreement->parties[i].party == party)
			return &agreement->parties[i];
	return NULL;
}
