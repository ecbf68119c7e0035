/* SPDX-License-Identifier: Apache-2.0 */
/* One agency's daemon without its HTTP: it holds the keys and the vault, keeps the session with the broker, folds what
 * it has verified itself, gives wraps to whom its own ruling would release, and does what a worker asks for. One
 * thread. */
#ifndef TOLD_AGENT_H
#define TOLD_AGENT_H

#include "agents/agent/call/calls.h"
#include "agents/referral/here.h"
#include "broker/agree/span.h"
#include "broker/base/clock.h"
#include "told/envelope.h"
#include "told/vocabulary.h"

#include <poll.h>

struct told_agent;

/* ---- the daemon ---- */

/* What the agency's profile says that the core needs; copied. Text is NUL-terminated. */
struct told_agency {
	const char *name;              /* "Council housing team" */
	struct told_catset categories; /* what it may originate */
	uint32_t roles;                /* bit (role - 1) of enum told_role */
	const char *const *teams;
	size_t team_count;
	const char *duty_team; /* takes what names no team */
	const char *emergency_telephone;
	unsigned plan_wait_days;      /* a plan's step that waits longer goes to the lead worker; 0: no limit */
	bool plan_wait_working;       /* they are working days */
	const char *telephone;        /* for anybody who rings about themselves; NULL: as the agreement has it */
	bool specialist;              /* that somebody is with us at all must not be read by whoever finds a paper */
	struct told_span acknowledge; /* our promise to answer a referral within; no unit: none */
	const struct told_here_offer *offers; /* what we do; borrowed, must outlive the agent */
	size_t offer_count;
};

/* Other descriptors in the same loop: the local API. */
struct told_agent_watch {
	/* Fills up to room descriptors and says how many; may lower *timeout_ms (-1: for ever). */
	size_t (*prepare)(void *ctx, struct pollfd *fds, size_t room, int64_t *timeout_ms);
	/* After every turn, in the order prepared: what is ready is served, what waits may have become final. */
	void (*serve)(void *ctx, const struct pollfd *fds, size_t count);
	void *ctx;
};
#define TOLD_AGENT_WATCH_MAX 16u

/* Opens DIR (see init.h): settings, keys, partnership, vault, worker register. why gets what is wrong and what to do.
 * TOLD_E_CONFIG, TOLD_E_PERMISSION, TOLD_E_IN_USE (another told-agent), TOLD_E_CORRUPT, TOLD_E_STORE. */
TOLD_MUST_USE enum told_status told_agent_open(const char *dir, const struct told_agency *agency,
					       struct told_agent **out, struct told_buf *why);
void told_agent_close(struct told_agent *agent);

/* Turns of the loop until stop_fd is readable (a told_signals_open descriptor, or -1 for never). TOLD_CLASS_FATAL: the
 * vault failed; stop and start again. */
TOLD_MUST_USE enum told_status told_agent_run(struct told_agent *agent, const struct told_agent_watch *watch,
					      int stop_fd);
/* One turn: waits at most timeout_ms, then does all that is due. For tests and for loops of one's own. */
TOLD_MUST_USE enum told_status told_agent_turn(struct told_agent *agent, const struct told_agent_watch *watch,
					       int64_t timeout_ms);

/* Another clock than the system's: for tests and the simulator. */
void told_agent_set_clock(struct told_agent *agent, struct told_clock clock);
/* By what on-call contacts are paged from now on, instead of the program that agent.yaml names. */
struct told_pager;
void told_agent_set_pager(struct told_agent *agent, struct told_pager pager);
/* Our party id. */
struct told_bytes told_agent_party(const struct told_agent *agent);
/* The path of the local socket as agent.yaml says: absolute, or under DIR. */
const char *told_agent_socket(const struct told_agent *agent);

#endif
