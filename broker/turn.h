/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a turn, in the order in which broker.c calls them. Private to broker.c and turn*.c. */
#ifndef TOLD_TURN_H
#define TOLD_TURN_H

#include "broker/broker.h"

/* A message of this turn: what verify made of it, whom to answer. */
struct told_taken {
	struct told_agency *session;
	const struct told_verified *verified; /* one of the two */
	const struct told_refused *refused;
	struct told_bytes envelope, body;
	uint32_t judged; /* by keys and agreements as they stood after so many changes of this turn */
};

struct told_turn {
	struct told_time read; /* what the clock said */
	struct told_time time; /* what the turn works with: health.h */
	uint64_t began_ns;     /* for the beat of asks */
	bool asked;            /* some answer of this turn must not tell what it was about */
	struct told_when when;
	struct told_taken taken[TOLD_TURN_MAX];
	size_t taken_count;
	const struct told_receipt *receipts[TOLD_TURN_MAX * 3]; /* of messages, and what senders had still to hear */
	size_t receipt_count;
	size_t settled; /* holds and parcels that came to an end: their senders hear from the record */
	struct told_delivery deliveries[TOLD_CREDIT_MAX];
	struct told_agency *delivery_sessions[TOLD_CREDIT_MAX];
	size_t delivery_count;
	struct {
		struct told_agency *session;
		struct told_bytes message; /* id; empty where it had none */
	} busy[TOLD_TURN_MAX];
	size_t busy_count;
	struct {
		uint64_t wire;
		struct told_heard_hello heard;
	} hellos[TOLD_TURN_MAX];
	size_t hello_count;
	uint64_t parcels_before;                  /* parcels up to here were made in earlier turns */
	struct told_bytes changed[TOLD_TURN_MAX]; /* people whose facts changed */
	size_t changed_count;
	bool parties_changed;
	uint32_t party_changes, party_followed;
	size_t read_bytes;    /* of bodies read back from the record */
	bool clock_confirmed; /* by the operator, in this turn */
	bool recovered;       /* health was red in the turn before: what waited may go */
	bool erasing;         /* an erasure goes on in the next turn */
	bool more;            /* work is left: the next turn begins at once */
};

/* Takes what the wire has, at most TOLD_TURN_MAX messages, and has each verified. */
TOLD_MUST_USE enum told_status told_turn_take(struct told_broker *broker, struct told_turn *turn);
/* Rules and records those that change state, in order of arrival, each judged by the keys as those before it left them.
 */
TOLD_MUST_USE enum told_status told_turn_changes(struct told_broker *broker, struct told_turn *turn);
/* Sweeps wraps, and rules held messages again, of people and parties that changed; of everybody over several turns. */
TOLD_MUST_USE enum told_status told_turn_follow(struct told_broker *broker, struct told_turn *turn);
/* What time alone causes: overdue holds are refused, overdue parcels expire, what is over is forgotten. */
TOLD_MUST_USE enum told_status told_turn_times(struct told_broker *broker, struct told_turn *turn);
/* Rules and records the rest, agency by agency. */
TOLD_MUST_USE enum told_status told_turn_rest(struct told_broker *broker, struct told_turn *turn);
/* Rules what is due for delivery among what earlier turns recorded, with the state as it is now. */
TOLD_MUST_USE enum told_status told_turn_deliveries(struct told_broker *broker, struct told_turn *turn);
/* A heartbeat entry when it is time. */
TOLD_MUST_USE enum told_status told_turn_heartbeat(struct told_broker *broker, struct told_turn *turn);
/* The last thing before the commit: to whoever is connected, what became of messages that were answered before. */
TOLD_MUST_USE enum told_status told_turn_unheard(struct told_broker *broker, struct told_turn *turn);
/* Whether content waits until witnesses sign again; alarms, and the policy file when the witnesses changed. */
TOLD_MUST_USE enum told_status told_turn_witness(struct told_broker *broker, struct told_turn *turn);
/* With a heartbeat: the newest checkpoint goes out to be stamped, and a token that came is filed. */
TOLD_MUST_USE enum told_status told_turn_stamp(struct told_broker *broker);
/* After the commit: offers the newest checkpoint to the witnesses, at most every 250 ms. */
TOLD_MUST_USE enum told_status told_turn_offer(struct told_broker *broker, struct told_turn *turn);
/* For how long the loop may wait before a checkpoint is due to be offered; -1: for ever. */
int64_t told_offer_due_ms(const struct told_broker *broker, int64_t boot_ms);
/* Whether a message's delivery waits for witnesses: it gives story content and no override is behind it. */
bool told_witness_holds(const struct told_broker *broker, const struct told_header *header);
/* A witness signed a checkpoint of that size. */
void told_witness_signed(struct told_broker *broker, const struct told_turn *turn, uint64_t size);
/* After the commit: answers, then the parcels just ruled. */
TOLD_MUST_USE enum told_status told_turn_answer(struct told_broker *broker, struct told_turn *turn);
TOLD_MUST_USE enum told_status told_turn_send(struct told_broker *broker, struct told_turn *turn);
/* The turn could not be kept: everybody hears busy. */
TOLD_MUST_USE enum told_status told_turn_refuse_all(struct told_broker *broker, struct told_turn *turn);
/* After the commit: who keeps the files of the log's keys hears of a new one and of one that is over. */
TOLD_MUST_USE enum told_status told_turn_log_keys(struct told_broker *broker, struct told_turn *turn);
/* Tells the wire which session keys may connect. */
TOLD_MUST_USE enum told_status told_turn_keys(struct told_broker *broker, struct told_turn *turn);

#endif
