/* SPDX-License-Identifier: Apache-2.0 */
/* Telling the service manager how we are: the sd_notify(3) datagram, without libsystemd. */
#ifndef TOLD_BASE_NOTIFY_H
#define TOLD_BASE_NOTIFY_H

#include "told/status.h"
#include <stdint.h>

#define TOLD_NOTIFY_READY    "READY=1"
#define TOLD_NOTIFY_STOPPING "STOPPING=1"
#define TOLD_NOTIFY_WATCHDOG "WATCHDOG=1"

/* Sends one state ("READY=1", "STATUS=..."; several lines are allowed) to the socket named by NOTIFY_SOCKET, a path or
 * an abstract name (@...). TOLD_OK also when the variable is not set: nobody asked. TOLD_E_CONFIG: the name is none of
 * a socket; TOLD_E_UNREACHABLE: it was not taken. Never blocks. */
TOLD_MUST_USE enum told_status told_notify(const char *state);

/* How often WATCHDOG=1 is due, half of WATCHDOG_USEC, in ms; 0 when the manager does not watch this process. */
int64_t told_notify_watchdog_ms(void);

#endif
