/* SPDX-License-Identifier: Apache-2.0 */
/* The broker: five rooms and one loop. What it needs is opened by main.c; what it does stands in broker.c. */
#ifndef TOLD_BROKER_H
#define TOLD_BROKER_H

#include "broker/base/clock.h"
#include "broker/base/in_hand.h"
#include "broker/base/log.h"
#include "broker/deliver/agencies.h"
#include "broker/deliver/deliver.h"
#include "broker/health.h"
#include "broker/reserve.h"
#include "broker/wire/wire.h"

/* How the agencies' cosignatures stand (evidence.md section 1 item 8). */
struct told_witnessing {
	const char *policy_path;    /* of the policy file that auditors use; NULL: none is written */
	uint32_t asked;             /* how many make a quorum, as the settings say; 0: more than half */
	uint32_t quorum, witnesses; /* of those on record now; quorum 0: nobody is asked */
	uint64_t offered_size;      /* of the checkpoint that went to the witnesses last */
	int64_t offered_boot_ms;
	int64_t looked_boot_ms; /* when alarms were last looked at */
	int64_t signed_boot_ms; /* when any witness last signed, or enough of them were last missing */
	int64_t quorum_utc_ms;  /* of the newest checkpoint that a quorum signed */
	bool none;              /* the settings ask for no quorum */
	bool counted;           /* the witnesses on record were counted */
	bool silent;            /* the alarm: enough are connected and none signs */
	bool holding;           /* no story content is released */
};

/* Who keeps the files of the log's keys, and what it was told last (turn_log_key.c). A key whose last size is known
 * signs nothing any more. */
struct told_log_key_news {
	enum told_status (*hear)(void *ctx, struct told_bytes origin, const struct told_record_log_key *keys,
				 size_t count);
	void *ctx;
	int64_t next_utc_ms; /* when the next one is over */
	size_t count, over;
	bool told;
};

/* Everything that the loop works with. Opened and closed by main.c; the loop owns it while it runs. */
struct told_broker {
	struct told_clock clock;
	struct told_health health;   /* whether that clock may be trusted */
	struct told_in_hand *hand;   /* what the turn took, should it be the end of us; NULL: nobody counts */
	struct told_reserve reserve; /* whether there is room on its disk */
	struct told_log log;
	struct told_wire *wire;
	struct told_record *record;
	struct told_agencies *agencies;
	struct told_verify_room verify;
	struct told_arena *arena;                             /* of the turn: reset at its end */
	uint8_t operator_session[TOLD_KEY_BYTES];             /* CURVE key of the operator's command */
	uint32_t quota_per_s;                                 /* messages a second from one agency; 0: none */
	int signal_fd;                                        /* SIGTERM and SIGINT arrive here */
	void (*ready)(void *ctx, struct told_bytes endpoint); /* the port is open */
	void *ready_ctx;
	/* counted into the next heartbeat entry */
	uint32_t busy, dropped;
	int64_t heartbeat_boot_ms;
	/* what concerns everybody is done some at a time, from these places on */
	bool rule_all, sweep_all;
	uint64_t rule_from;
	uint8_t sweep_from[TOLD_ID_BYTES];
	int64_t swept_boot_ms;
	const char *dir;                   /* its folder, for files that others read; NULL: none are written */
	struct told_witnessing witnessing; /* turn_witness.c */
	struct told_log_key_news log_keys; /* turn_log_key.c */
	bool listening;                    /* the wire knows the session keys and was told to open its port */
	bool stopping;
};

/* Turns until a signal says stop (TOLD_OK), or something failed for which the process must stop (TOLD_CLASS_FATAL). */
TOLD_MUST_USE enum told_status told_broker_run(struct told_broker *broker);

#endif
