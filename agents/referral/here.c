/* SPDX-License-Identifier: Apache-2.0 */
/* Finding what we do for a need. */
#include "agents/referral/here.h"

const struct told_here_offer *told_here_find(const struct told_here_offer *offers, size_t count, struct told_bytes need)
{
	for (size_t i = 0; i < count; i++)
		if (told_bytes_equal(need, told_text(offers[i].need)))
			return &offers[i];
	return NULL;
}

bool told_here_may(const struct told_here_offer *offer, bool trained)
{
	return !offer->supervised || trained;
}
