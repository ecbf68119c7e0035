/* SPDX-License-Identifier: Apache-2.0 */
/* What happens while the disk fills (rules.md C4): stories stop coming in early, so that there is room to the end for
 * what protects somebody or ends something: withdrawals, permissions taken back, keys revoked, alerts, overrides,
 * acknowledgements, and the entries of all that was promised. If other programs have taken even that, room that was
 * kept back is given up, once. */
#ifndef TOLD_RESERVE_H
#define TOLD_RESERVE_H

#include "broker/base/disk.h"
#include "broker/base/log.h"
#include "told/envelope.h"

#define TOLD_RESERVE_LOW_BYTES (UINT64_C(256) * 1024 * 1024) /* unless the settings say otherwise */

struct told_reserve {
	struct told_disk disk; /* free_bytes NULL: nobody looks at the disk */
	uint64_t low_bytes;    /* stories wait while less than this is free; 0: they never wait */
	bool looked, low;      /* low: they wait */
	bool kept, given;      /* room is held back; it was, and was given up */
};

/* Looks how much room there is; once a turn. Says in the log when that changes what the broker does. Stories come again
 * when an eighth more than low_bytes is free, so that the state does not flutter. A disk that cannot be looked at
 * counts as full. */
void told_reserve_look(struct told_reserve *reserve, const struct told_log *log);

/* A turn found the disk full: gives up what is held back, if it is. */
void told_reserve_give(struct told_reserve *reserve, const struct told_log *log);

/* Whether this message may come in now. */
bool told_reserve_lets(const struct told_reserve *reserve, const struct told_header *header);

#endif
