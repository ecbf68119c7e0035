/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite's door to a file that stands still: an operating system interface (sqlite.org/vfs.html) that reads in large
 * blocks, as a log is read from its beginning to its end, and that can write nothing. */
#ifndef TOLD_AUDIT_READ_BLOCKS_H
#define TOLD_AUDIT_READ_BLOCKS_H

#include "evidence/audit/read/still.h"

struct told_blocks;

/* Makes a door that SQLite knows by name: every database opened through it is `still`, whatever path is given. Both
 * outlive the databases. TOLD_E_MEMORY, TOLD_E_SYSTEM. */
TOLD_MUST_USE enum told_status told_blocks_new(struct told_still *still, struct told_blocks **out);
const char *told_blocks_name(const struct told_blocks *blocks);
void told_blocks_free(struct told_blocks *blocks); /* takes NULL */

#endif
