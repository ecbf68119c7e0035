/* SPDX-License-Identifier: Apache-2.0 */
/* What the log says of one person: consents, withdrawals, flags, relationships, referrals, folded one by one from
 * signed headers in the order of the log. The broker, the originating agent and told-audit fold the same headers to the
 * same facts; a ruling reads nothing else about a person. Pure memory. */
#ifndef TOLD_RULE_PERSON_H
#define TOLD_RULE_PERSON_H

#include "broker/agree/directory.h"
#include "broker/decide/question.h"
#include "told/envelope.h"

/* The most records of one kind about one person: a bound on memory; beyond it nothing about them is accepted. */
#define TOLD_PERSON_RECORDS_MAX 4096u

/* A referral as its messages left it. */
struct told_referral_facts {
	uint8_t id[TOLD_ID_BYTES]; /* of the REFERRAL message */
	uint32_t referrer, referred_to;
	uint8_t state; /* enum told_referral_state */
	uint8_t reason;
	uint8_t detail;          /* enum told_detail */
	bool urgent;             /* as the referrer said */
	uint16_t weeks;          /* of a waiting list: the expected wait; 0: nobody said */
	uint32_t service;        /* of a redirect: the party that can help instead; 0: none */
	int64_t due_utc_ms;      /* of a pause: looked at again on this day; 0: nobody said */
	int64_t answered_utc_ms; /* when who was asked first said anything; 0: not yet */
	bool rests_on_consent;   /* on the newest permission that names the service for a purpose of it */
	uint8_t consent_id[TOLD_ID_BYTES];
	uint32_t purposes;
	int64_t sent_utc_ms, changed_utc_ms;
};

/* A case conference about the person, as its messages left it. */
struct told_conference_facts {
	uint8_t id[TOLD_ID_BYTES]; /* of the CONF_CALL message */
	uint32_t caller, chair, purposes;
	uint8_t state;                /* enum told_conference_state */
	bool whole;                   /* the call was seen: members are all who were invited */
	struct told_partyset members; /* the chair too */
};

/* What a referral's or conference's state was before a message moved it: the message is ruled again at delivery, when
 * it has moved. */
struct told_referral_move {
	uint8_t message[TOLD_ID_BYTES], before, reason; /* enum told_referral_state, enum told_reason */
	int64_t changed_utc_ms;                         /* since when it was in that state */
};

struct told_person {
	struct told_arena *arena; /* owns all that follows */
	bool settled;             /* its arena holds exactly that: to fold more it is opened again */
	bool asked;               /* for told_people: found since somebody was last to be dropped */
	size_t bytes;             /* as told_person_bytes says */
	uint8_t ref[TOLD_ID_BYTES];
	uint64_t number; /* how questions name the person */
	bool known, retired, merge_pending, location_protected, under_16;
	struct told_partyset protectors; /* of the location: whoever said so takes it back */
	uint8_t capacity;                /* enum told_capacity */
	int64_t died_utc_ms, do_not_notify_since_utc_ms;
	struct told_consent *consents;
	size_t consent_count, consent_room;
	struct told_withdrawal_facts *withdrawals;
	size_t withdrawal_count, withdrawal_room;
	struct told_relationship_facts *relationships; /* worker is 0 here: see workers */
	struct told_bytes *relationship_workers;       /* staff numbers, same order; empty: the whole team */
	size_t relationship_count, relationship_room;
	struct told_restriction_facts *restrictions;
	size_t restriction_count, restriction_room;
	struct told_hold_facts *holds;
	size_t hold_count, hold_room;
	struct told_bytes *excluded;       /* staff numbers */
	struct told_partyset *excluded_by; /* who said so of each; they alone take it back */
	size_t excluded_count, excluded_room;
	struct told_referral_facts *referrals;
	size_t referral_count, referral_room;
	struct told_conference_facts *conferences;
	size_t conference_count, conference_room;
	struct told_referral_move *moves;
	size_t move_count, move_room;
	told_hash records; /* told_records_digest of them, while records_digested */
	bool records_digested;
};

/* The number by which questions name whom a reference means; never 0 or TOLD_PERSON_OTHER. */
uint64_t told_person_number(const uint8_t ref[TOLD_ID_BYTES]);

/* The number by which questions name a team; 0 for an empty name. */
uint32_t told_team_number(struct told_bytes name);

TOLD_MUST_USE enum told_status told_person_new(const uint8_t ref[TOLD_ID_BYTES], struct told_person **out);
void told_person_free(struct told_person *person);

/* Moves the facts into one block of just their size. TOLD_E_MEMORY: they stay where they are, as they are. */
TOLD_MUST_USE enum told_status told_person_settle(struct told_person *person);
/* The memory that it took when it was new or settled last. */
size_t told_person_bytes(const struct told_person *person);

/* Folds one accepted header about this person. parties numbers its names. Types that say nothing lasting are ignored.
 * TOLD_E_LIMIT, TOLD_E_MEMORY: the person is then not to be used. */
TOLD_MUST_USE enum told_status told_person_apply(struct told_person *person, struct told_parties *parties,
						 const struct told_header *header, struct told_entry entry);

/* Puts the person's records into a question: all that told_records_digest reads of it. */
void told_person_records(const struct told_person *person, struct told_question *question);

/* Digests the records for all rulings until one of them changes, so that each ruling need not. parties as at the folds.
 * Whoever does not ask for it gets the same digests, later. */
void told_person_digest(struct told_person *person, const struct told_parties *parties);

/* Whether these facts hold that the party keeps this worker out. */
bool told_person_excludes(const struct told_person *person, struct told_bytes worker, uint32_t party);

/* Whether a header of this type changes what a person's facts say. */
bool told_person_cares(unsigned type);

/* The referral of this id; NULL when there is none. */
const struct told_referral_facts *told_person_referral(const struct told_person *person, struct told_bytes id);

/* The conference of this id; NULL when there is none. */
const struct told_conference_facts *told_person_conference(const struct told_person *person, struct told_bytes id);

/* Whether a referral state is one of completed, rejected, failed, cancelled, entered-in-error. */
bool told_referral_closed(unsigned state);

#endif
