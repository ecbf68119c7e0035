/* SPDX-License-Identifier: Apache-2.0 */
/* An agreement on paper: filled in with the fingerprints that were read out, and signed by all. Room-internal. */
#ifndef TOLD_DEMO_PAPER_H
#define TOLD_DEMO_PAPER_H

#include "agents/demo/stage.h"

/* Fills in a file of the demo's data, writes it to path, has every agency sign it, and waits until each sees that.
 * *agencies: how many have. */
TOLD_MUST_USE enum told_status told_demo_paper(struct told_demo *demo, const char *name, const char *path,
					       size_t *agencies);

#endif
