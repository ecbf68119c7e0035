/* SPDX-License-Identifier: Apache-2.0 */
/* Paging by the operator's own program: it gets one line of JSON on its standard input and says by its exit status
 * whether it took it. It is never waited for, and is killed when its time is over. */
#ifndef TOLD_ALERT_HOOK_H
#define TOLD_ALERT_HOOK_H

#include "agents/alert/pager.h"

#define TOLD_HOOKS_MAX 16u
#define TOLD_HOOK_MS   (30 * TOLD_MS_SECOND)

struct told_hook;

/* path: an absolute path of a program. TOLD_E_CONFIG: it is none that we may run. why (may be NULL) says what to do. */
TOLD_MUST_USE enum told_status told_hook_new(const char *path, struct told_hook **out, struct told_buf *why);
/* Ends what still runs. */
void told_hook_free(struct told_hook *hook);
/* As what the agent pages by; valid as long as the hook. */
struct told_pager told_hook_pager(struct told_hook *hook);

#endif
