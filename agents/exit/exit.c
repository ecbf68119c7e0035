/* SPDX-License-Identifier: Apache-2.0 */
/* The table of ends. Pure data. */
#include "agents/exit/exit.h"

#include <stddef.h>

#define MEND_INPUT "Mend what was handed in and try again."
#define ALTERED    "Stop, keep what you have, and ring the operator: something was altered."
#define LATER      "Try again later; nothing was changed."
#define LOOK       "Run told doctor."

static const struct {
	enum told_exit exit;
	const char *fix;
} ends[TOLD_STATUS_COUNT] = {
	[TOLD_OK] = {TOLD_EXIT_DONE, "Nothing to do."},
	[TOLD_E_MALFORMED] = {TOLD_EXIT_USAGE, MEND_INPUT},
	[TOLD_E_LIMIT] = {TOLD_EXIT_USAGE, "Hand in less at a time."},
	[TOLD_E_NOT_CANONICAL] = {TOLD_EXIT_INTEGRITY, ALTERED},
	[TOLD_E_UNKNOWN] = {TOLD_EXIT_USAGE, "Check the spelling against the list of codes."},
	[TOLD_E_SIGNATURE] = {TOLD_EXIT_INTEGRITY, ALTERED},
	[TOLD_E_KEY] = {TOLD_EXIT_CONFIG, "Check the fingerprint with the other side by telephone."},
	[TOLD_E_PROOF] = {TOLD_EXIT_INTEGRITY, ALTERED},
	[TOLD_E_DIGEST] = {TOLD_EXIT_INTEGRITY, ALTERED},
	[TOLD_E_COMMITMENT] = {TOLD_EXIT_INTEGRITY, ALTERED},
	[TOLD_E_TAG] = {TOLD_EXIT_INTEGRITY, ALTERED},
	[TOLD_E_NOT_FOR_ME] = {TOLD_EXIT_INTEGRITY, ALTERED},
	[TOLD_E_IDENTITY] = {TOLD_EXIT_INTEGRITY, ALTERED},
	[TOLD_E_REPLAY] = {TOLD_EXIT_DONE, "Nothing to do: the first one counts."},
	[TOLD_E_EQUIVOCATION] = {TOLD_EXIT_INTEGRITY, ALTERED},
	[TOLD_E_STALE] = {TOLD_EXIT_USAGE, "Write it again if it is still needed."},
	[TOLD_E_FUTURE] = {TOLD_EXIT_CONFIG, "Set this computer's clock."},
	[TOLD_E_REFUSED] =
		{TOLD_EXIT_REFUSED,
		 "Look at the agreement, the permission and how the parties stand; do not try again as it is."},
	[TOLD_E_NOT_ALLOWED] = {TOLD_EXIT_NOT_ALLOWED, "Ask whoever keeps your agency's register of workers."},
	[TOLD_E_NOT_FOUND] = {TOLD_EXIT_CHECK, "Check the reference or number."},
	[TOLD_E_EXISTS] = {TOLD_EXIT_CONFIG, "Choose another name or place; nothing was replaced."},
	[TOLD_E_USAGE] = {TOLD_EXIT_USAGE, MEND_INPUT},
	[TOLD_E_BUSY] = {TOLD_EXIT_UNREACHABLE, LATER},
	[TOLD_E_TIMEOUT] = {TOLD_EXIT_TIMEOUT, "Ask again in a while; what was queued goes by itself."},
	[TOLD_E_UNREACHABLE] = {TOLD_EXIT_UNREACHABLE, "Check that the other side is running, then try again."},
	[TOLD_E_FULL] = {TOLD_EXIT_UNREACHABLE, "Make room on the disk, then try again."},
	[TOLD_E_CONFIG] = {TOLD_EXIT_CONFIG, "Mend the file and start again."},
	[TOLD_E_PERMISSION] = {TOLD_EXIT_CONFIG, "Set the owner and mode: chmod 600 FILE, chmod 700 FOLDER."},
	[TOLD_E_IN_USE] = {TOLD_EXIT_CONFIG, "Stop the other process first."},
	[TOLD_E_FORK] = {TOLD_EXIT_INTEGRITY, ALTERED},
	[TOLD_E_STORE] = {TOLD_EXIT_CONFIG, "Check the disk, then start again."},
	[TOLD_E_CORRUPT] = {TOLD_EXIT_INTEGRITY, ALTERED},
	[TOLD_E_MEMORY] = {TOLD_EXIT_CONFIG, "Give the machine more memory, or hand in less at a time."},
	[TOLD_E_RANDOM] = {TOLD_EXIT_CONFIG, LOOK},
	[TOLD_E_SYSTEM] = {TOLD_EXIT_CONFIG, LOOK},
	[TOLD_E_INTERNAL] = {TOLD_EXIT_CONFIG, "Report it: this is a fault of the program."},
};

enum told_exit told_exit_of(enum told_status status)
{
	return (unsigned)status < TOLD_STATUS_COUNT ? ends[status].exit : TOLD_EXIT_CONFIG;
}

const char *told_fix_of(enum told_status status)
{
	return (unsigned)status < TOLD_STATUS_COUNT ? ends[status].fix : LOOK;
}
