/* SPDX-License-Identifier: Apache-2.0 */
/* A partnership in memory for tests: an operator and four agencies with real keys, who sign, seal and send real
 * messages to a real record, without a wire. Whatever fails inside fails the test. */
#ifndef TOLD_TEST_AGENCY_H
#define TOLD_TEST_AGENCY_H

#include "broker/deliver/deliver.h"
#include "proto/leaf.h"
#include "proto/session.h"
#include "support/support.h"

#define TEST_NOW_MS      INT64_C(1795348800000) /* 2026-11-22 12:00 UTC */
#define TEST_PARTNERSHIP "told.example/northtown"
#define TEST_SECTIONS    8

enum test_who { TEST_HOU, TEST_TT, TEST_SUD, TEST_EMP, TEST_AGENCIES };

struct test_keypair {
	uint8_t secret[TOLD_KEY_BYTES], key[TOLD_KEY_BYTES];
};

struct test_agency {
	struct told_bytes party;
	struct test_keypair identity, signing, sealing, session;
	struct told_signer *identity_signer, *signing_signer;
	uint8_t epoch[TOLD_ID_BYTES];
	uint64_t seq;
};

struct test_world {
	struct told_arena *arena; /* of everything that the test makes; lives as long as the world */
	int64_t now_ms;
	int64_t consent_ms; /* how long a permission lasts */
	const char *dir;
	char anchor[256];
	uint32_t segment_bytes;
	struct test_keypair log, enrolment;
	struct told_signer *log_signer;
	struct test_agency operator_, of[TEST_AGENCIES];
	struct told_bytes agreement; /* the file */
	told_hash agreement_hash;
	struct told_record *record;
	struct told_verify_room verify;
	struct told_when when; /* of the turn */
	uint8_t person[TOLD_ID_BYTES];
};

/* A signed message and what its sender keeps of it. */
struct test_message {
	struct told_bytes id, header_bytes, envelope, body;
	struct told_header header;
	struct told_plain_section sections[TEST_SECTIONS];
	size_t section_count;
};

/* What the broker made of a message. */
struct test_said {
	const struct told_verified *verified;
	const struct told_refused *refused;
	const struct told_ruling *ruling;
	const struct told_receipt *receipt;
	enum told_status status; /* of a refusal before the ruling; TOLD_OK otherwise */
	uint32_t phase;          /* of its entry */
};

/* A parcel as its recipient decodes it. */
struct test_parcel {
	struct told_delivery delivery;
	struct told_parcel *parcel;
	bool released;
	const struct told_receipt *receipt; /* the sender's, when it did not go */
};
struct test_parcels {
	struct test_parcel items[64];
	size_t count;
};

/* Keys and an empty store in a fresh directory; nothing is enrolled. */
struct test_world *test_world_new(void);
/* The same with everybody enrolled, keys published, the northtown agreement signed by all, workers U1 (practitioner)
 * and U2 (designated safeguarding lead) of each registered. One turn a step. */
struct test_world *test_world_ready(void);
void test_world_free(struct test_world *world);
void test_world_close(struct test_world *world);
enum told_status test_world_open(struct test_world *world);
/* Begins a new log over what is there; the world must be closed. */
enum told_status test_world_begin_log(struct test_world *world, struct told_new_log *begun);

/* ---- messages ---- */

struct told_header test_header(struct test_world *world, struct test_agency *from, uint32_t type);
/* Signs a header with the key that its type asks for; body may be NULL. */
struct test_message *test_sign(struct test_world *world, struct test_agency *from, const struct told_header *header,
			       const struct told_body *body);
/* The same with sections of these categories, sealed to a recipient (NULL: nobody). */
struct test_message *test_seal(struct test_world *world, struct test_agency *from, struct told_header *header,
			       const uint32_t *categories, size_t count, const struct test_agency *to);

/* The same with this text as the last section. */
struct test_message *test_seal_large(struct test_world *world, struct test_agency *from, struct told_header *header,
				     const uint32_t *categories, size_t count, struct told_bytes text,
				     const struct test_agency *to);

/* What a flow of the agreement asks of a header: who, to whom, for what, resting on what. */
void test_under_agreement(struct test_world *world, struct told_header *header, const struct test_agency *to,
			  uint32_t purpose);

struct test_message *test_enrol(struct test_world *world, struct test_agency *agency);
struct test_message *test_key(struct test_world *world, struct test_agency *agency, unsigned purpose, unsigned action,
			      const struct test_keypair *pair, uint32_t number);
struct test_message *test_agreement(struct test_world *world, struct test_agency *agency);
struct test_message *test_suspend(struct test_world *world, struct test_agency *agency, unsigned action);
struct test_message *test_workers(struct test_world *world, struct test_agency *agency);
struct test_message *test_consent(struct test_world *world, struct test_agency *from, unsigned state,
				  const enum test_who *recipients, size_t recipient_count, const uint32_t *categories,
				  size_t category_count);
struct test_message *test_withdrawal(struct test_world *world, struct test_agency *from,
				     const struct test_message *consent);
struct test_message *test_relationship(struct test_world *world, struct test_agency *from, unsigned live);
struct test_message *test_deposit(struct test_world *world, struct test_agency *from, uint32_t category);
/* Grants the one section of a deposit to a recipient. */
struct test_message *test_grant(struct test_world *world, struct test_agency *from, const struct test_message *deposit,
				const struct test_agency *to, const struct test_message *consent);
/* What the flow calls mandatory (who the person is) is asked for beside the category. */
struct test_message *test_ask(struct test_world *world, struct test_agency *from, const struct test_agency *holder,
			      const uint8_t person[TOLD_ID_BYTES], uint32_t category);
struct test_message *test_referral(struct test_world *world, struct test_agency *from, const struct test_agency *to,
				   const uint32_t *categories, size_t count);
struct test_message *test_ack(struct test_world *world, struct test_agency *from, const struct test_parcels *parcels,
			      unsigned result);

/* That worker U1 opened a parcel, told to the sender of the message in it. */
struct test_message *test_opened(struct test_world *world, struct test_agency *from, const struct test_agency *to,
				 struct told_bytes parcel, struct told_bytes message);

/* ---- turns ---- */

void test_begin(struct test_world *world);
/* Within a turn: verifies, rules and records one message. Fails the test for anything but a peer's fault. */
struct test_said test_say(struct test_world *world, const struct test_agency *from, const struct test_message *message);
void test_commit(struct test_world *world);
/* A turn of one message. */
struct test_said test_turn(struct test_world *world, const struct test_agency *from,
			   const struct test_message *message);
/* A turn of one message that must get an entry of this phase. */
const struct told_receipt *test_phase(struct test_world *world, const struct test_agency *from,
				      const struct test_message *message, unsigned phase);
/* What follows from a change about the test's person: wraps swept, held messages ruled again. Within a turn. Gives the
 * receipts of what was ruled anew, at most room. */
size_t test_follow(struct test_world *world, const struct told_receipt **receipts, size_t room);
/* A turn that delivers to an agency all that waits, and packs it. */
void test_deliver(struct test_world *world, const struct test_agency *to, struct test_parcels *out);
/* Delivers and acknowledges until nothing waits; gives how many there were. */
size_t test_drain(struct test_world *world, struct test_agency *to);

/* ---- looking ---- */

/* A place in the log that grows. */
struct told_place test_place(struct test_world *world, uint64_t index);
/* The entry of an index, decoded. */
struct told_leaf *test_leaf(struct test_world *world, uint64_t index);
struct told_leaf_ruling *test_ruling_part(struct test_world *world, const struct told_receipt *receipt);
/* How many parcels wait for an agency. */
size_t test_waiting(struct test_world *world, const struct test_agency *agency);
/* Checks note, proofs and signatures of a parcel; fails the test when one does not hold. */
void test_check_parcel(struct test_world *world, const struct told_parcel *parcel);
/* Opens the one section of carried[which] with the agency's sealing key; status as told_section_read. */
enum told_status test_read(struct test_world *world, const struct test_agency *agency, const struct told_parcel *parcel,
			   size_t which, struct told_buf *content);

#endif
