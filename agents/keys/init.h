/* SPDX-License-Identifier: Apache-2.0 */
/* What `told init` does: a fresh folder with fresh keys. Nothing that exists is ever replaced. */
#ifndef TOLD_KEYS_INIT_H
#define TOLD_KEYS_INIT_H

#include "agents/keys/partnership.h"

/* A broker's folder: DIR (made when absent, 0700), keys/, broker.yaml, spool/, policy, partnership.json. The
 * partnership's log has the origin NAME/1. why (may be NULL) says what is wrong. TOLD_E_EXISTS: DIR has keys already;
 * TOLD_E_USAGE: a name or endpoint that cannot be one; statuses of told_file_write_new. */
TOLD_MUST_USE enum told_status told_init_broker(const char *dir, const char *partnership, const char *endpoint,
						struct told_buf *why);

#endif
