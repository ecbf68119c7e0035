/* SPDX-License-Identifier: Apache-2.0 */
/* What every daemon does first, before it opens a key (rules C17). */
#ifndef TOLD_BASE_HARDEN_H
#define TOLD_BASE_HARDEN_H

#include "told/status.h"

/* No core dumps, no debugger, no new privileges, files for us alone (umask 077), a closed peer is an error and not a
 * signal (SIGPIPE). Call it before any thread starts. TOLD_E_SYSTEM when the kernel refuses one: do not go on. */
TOLD_MUST_USE enum told_status told_harden(void);

#endif
