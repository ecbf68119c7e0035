/* SPDX-License-Identifier: Apache-2.0 */
/* What could be done here, before anybody is sent elsewhere: what our profile lists, and who of us is trained for it.
 * Pure. */
#ifndef TOLD_REFERRAL_HERE_H
#define TOLD_REFERRAL_HERE_H

#include "told/bytes.h"

/* One thing that we do. Texts are borrowed and NUL-terminated. */
struct told_here_offer {
	const char *need, *words;
	const char *const *modality;
	size_t modality_count;
	bool supervised;
	const char *const *not_suitable_when;
	size_t not_suitable_count;
};

/* The offer for a need; NULL when we do nothing for it. An empty need has none. */
const struct told_here_offer *told_here_find(const struct told_here_offer *offers, size_t count,
					     struct told_bytes need);
/* Whether this worker may do it: nobody needs training where no supervision is asked. */
bool told_here_may(const struct told_here_offer *offer, bool trained);

#endif
