/* SPDX-License-Identifier: Apache-2.0 */
/* The ruling of one verified message: a decision for each recipient, made here and nowhere else, from the state as of
 * one size of the log. What is recorded and delivered needs one. */
#ifndef TOLD_RULE_RULING_H
#define TOLD_RULE_RULING_H

#include "broker/rule/table.h"
#include "broker/verify/verify.h"

/* Lives in the turn's arena. */
struct told_ruling;

/* What became of the message as a whole. */
enum told_outcome { TOLD_OUTCOME_REFUSED, TOLD_OUTCOME_HELD, TOLD_OUTCOME_ACCEPTED, TOLD_OUTCOME_ANSWERED };

/* Where asks and grants find deposits; handed in by broker.c, because the record lies behind this room. */
struct told_deposit_source {
	void *ctx;
	/* All sections that the holder has deposited about the person, newest version of each only. */
	enum told_status (*of_person)(void *ctx, struct told_arena *arena, struct told_bytes client,
				      struct told_bytes holder, const struct told_deposit_facts **list, size_t *count);
	/* One deposit by the id of its message; TOLD_E_NOT_FOUND. */
	enum told_status (*by_id)(void *ctx, struct told_arena *arena, struct told_bytes id, struct told_bytes *client,
				  struct told_deposit_facts *out);
};

/* Rules a message at acceptance (queued false) or again later; for all its recipients, or for one (`only` not empty).
 * table->person is whom its header speaks of. */
TOLD_MUST_USE enum told_status told_rule(const struct told_table *table, const struct told_deposit_source *deposits,
					 struct told_arena *arena, const struct told_verified *verified, bool queued,
					 struct told_bytes only, const struct told_ruling **out);

const struct told_verified *told_ruling_verified(const struct told_ruling *ruling);
enum told_outcome told_ruling_outcome(const struct told_ruling *ruling);
/* Of a held message: until when it is held (decision.md 4.3: who must act, and by when). For each recipient the first
 * hour by which somebody must act, of all recipients the last, and never beyond the message's own end. */
int64_t told_ruling_due(const struct told_ruling *ruling);
/* Size of the log whose state was used. */
uint64_t told_ruling_as_of(const struct told_ruling *ruling);
size_t told_ruling_count(const struct told_ruling *ruling);
/* The party a decision is for; of an ask, the holder. Empty: what goes to the broker only. */
struct told_bytes told_ruling_recipient(const struct told_ruling *ruling, size_t which);
const struct told_decision *told_ruling_decision(const struct told_ruling *ruling, size_t which);
/* The deposits that decision `which` of an ask is about, in the order of its sections. */
const struct told_deposit_facts *told_ruling_deposits(const struct told_ruling *ruling, size_t which, size_t *count);
/* Whether the n-th grant of a GRANT may stand. */
bool told_ruling_grants(const struct told_ruling *ruling, size_t n);

/* The canonical LeafRuling record. names: whose numbers the decisions use. */
TOLD_MUST_USE enum told_status told_ruling_encode(const struct told_ruling *ruling, const struct told_parties *names,
						  struct told_arena *arena, struct told_buf *out);

#endif
