/* SPDX-License-Identifier: Apache-2.0 */
/* The two ends of a bench, each a process of its own: a sender that seals, signs and sends as fast as receipts come,
 * and a consumer that opens, keeps and acknowledges. Private to the bench. */
#ifndef TOLD_BENCH_PEERS_H
#define TOLD_BENCH_PEERS_H

#include "agents/bench/world.h"

struct bench_load {
	uint32_t messages;
	uint32_t size;  /* bytes of plaintext a message */
	bool durable;   /* the consumer keeps what it got in a file, synced before it acknowledges */
	uint32_t batch; /* messages under one signature */
};

/* What a process found out, handed over a pipe. */
struct bench_result {
	enum told_status status;
	uint64_t begin_ns, end_ns; /* first message sent or received, last answered or acknowledged */
	uint32_t done;             /* receipts, or messages received once */
	uint32_t twice;            /* received more than once */
	uint32_t latency_count;
	uint64_t seal_ns; /* sender: in sealing and signing */
};

/* Sends the load; returns when all receipts are in. */
void bench_send(struct bench_world *world, const struct bench_load *load, struct bench_result *result);
/* Receives the load; latencies_ns (room for load->messages) from sealing to arrival. ready is written one byte when the
 * consumer may be sent to. */
void bench_consume(struct bench_world *world, const struct bench_load *load, int ready, uint64_t *latencies_ns,
		   struct bench_result *result);

#endif
