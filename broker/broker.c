/* SPDX-License-Identifier: Apache-2.0 */
/* The whole broker on one screen. Data flows one way:
 *
 *   wire --message--> verify --verified--> rule --ruling--> record --receipt--> deliver --packed--> wire
 *
 * A turn of the loop takes what arrived, applies what changes the rules, rules the rest, rules what is due for
 * delivery, and commits all of it once. Only then does anybody hear of it: what was not written down did not happen. */
#include "broker/broker.h"

#include "broker/base/loop.h"
#include "broker/turn.h"

#include <stdlib.h>

/* Everything between two commits. A full disk costs the turn, not the process; any other failure of the store stops it.
 */
static enum told_status turn_to_commit(struct told_broker *broker, struct told_turn *turn)
{
	enum told_status status = told_record_begin(broker->record, turn->time.wall_ms, &turn->when);
	turn->parcels_before = told_record_last_parcel(broker->record);
	if (status == TOLD_OK)
		status = told_record_erasing(broker->record, broker->arena, &turn->erasing);
	if (status == TOLD_OK)
		status = told_turn_take(broker, turn);
	if (status == TOLD_OK)
		status = told_turn_changes(broker, turn);
	if (status == TOLD_OK)
		status = told_turn_follow(broker, turn);
	if (status == TOLD_OK)
		status = told_turn_rest(broker, turn);
	if (status == TOLD_OK)
		status = told_turn_follow(broker, turn);
	if (status == TOLD_OK)
		status = told_turn_times(broker, turn);
	if (status == TOLD_OK)
		status = told_turn_witness(broker, turn);
	if (status == TOLD_OK)
		status = told_turn_deliveries(broker, turn);
	if (status == TOLD_OK)
		status = told_turn_heartbeat(broker, turn);
	if (status == TOLD_OK)
		status = told_turn_unheard(broker, turn);
	return status == TOLD_OK ? told_record_commit(broker->record) : status;
}

/* The clock is read once a turn, and judged before anything rests on it. */
static void read_clock(struct told_broker *broker, struct told_turn *turn)
{
	bool was_red = broker->health.red != 0;
	turn->read = told_clock_now(&broker->clock);
	turn->began_ns = told_clock_ns(&broker->clock);
	turn->time = told_health_read(&broker->health, broker->agencies, turn->read, &broker->log);
	turn->recovered = was_red && broker->health.red == 0;
}

/* An answer to an ask leaves on the beat, and has left before the next turn takes the processor for what was released:
 * neither the ruling nor what follows from it can be heard in the time (docs/decisions/0012). */
#define ASK_BEAT_NS  UINT64_C(4000000)
#define ASK_LEAVE_NS UINT64_C(1000000)

static void keep_the_beat(struct told_broker *broker, const struct told_turn *turn, uint64_t from_ns, uint64_t beat_ns)
{
	if (turn->asked)
		told_clock_beat(&broker->clock, from_ns, beat_ns);
}

static enum told_status one_turn(struct told_broker *broker, bool *more)
{
	struct told_turn *turn = told_arena_alloc(broker->arena, sizeof *turn);
	if (turn == NULL)
		return TOLD_E_MEMORY;
	read_clock(broker, turn);
	told_reserve_look(&broker->reserve, &broker->log);
	enum told_status status = turn_to_commit(broker, turn);
	if (told_status_class(status) == TOLD_CLASS_BUSY)
		status = told_turn_refuse_all(broker, turn);
	else if (status == TOLD_OK)
		status = told_turn_keys(broker, turn);
	if (status == TOLD_OK)
		status = told_turn_log_keys(broker, turn);
	if (status == TOLD_OK && turn->clock_confirmed)
		told_health_confirm(&broker->health, turn->read);
	keep_the_beat(broker, turn, turn->began_ns, ASK_BEAT_NS);
	if (status == TOLD_OK)
		status = told_turn_answer(broker, turn);
	if (status == TOLD_OK)
		status = told_turn_send(broker, turn);
	if (status == TOLD_OK)
		status = told_turn_offer(broker, turn);
	if (status == TOLD_OK)
		status = told_wire_flush(broker->wire);
	keep_the_beat(broker, turn, told_clock_ns(&broker->clock), ASK_LEAVE_NS);
	if (status == TOLD_OK)
		status = told_record_tidy(broker->record);
	if (status == TOLD_OK)
		status = told_record_truncate(broker->record, turn->time.boot_ms, &turn->erasing);
	told_in_hand_done(broker->hand);
	*more = turn->more || turn->erasing;
	told_arena_reset(broker->arena);
	return status;
}

/* Waits for the wire, a signal, or the next heartbeat. */
static enum told_status wait_for_work(struct told_broker *broker, bool more)
{
	struct pollfd fds[] = {
		{.fd = told_wire_fd(broker->wire), .events = told_wire_events(broker->wire)},
		{.fd = broker->signal_fd, .events = POLLIN},
	};
	int64_t now_ms = told_clock_now(&broker->clock).boot_ms;
	int64_t left_ms = broker->heartbeat_boot_ms + TOLD_HEARTBEAT_ENTRY_MS - now_ms;
	int64_t offer_ms = told_offer_due_ms(broker, now_ms);
	left_ms = offer_ms >= 0 && offer_ms < left_ms ? offer_ms : left_ms;
	enum told_status status = told_poll(fds, 2, more || left_ms < 0 ? 0 : left_ms < 1000 ? left_ms : 1000);
	broker->stopping = told_signals_next(broker->signal_fd) != 0;
	return status == TOLD_E_TIMEOUT ? TOLD_OK : status;
}

enum told_status told_broker_run(struct told_broker *broker)
{
	enum told_status status = TOLD_OK;
	for (bool more = true; status == TOLD_OK && !broker->stopping;) {
		status = wait_for_work(broker, more);
		if (status == TOLD_OK && !broker->stopping)
			status = one_turn(broker, &more);
	}
	return status;
}
