/* SPDX-License-Identifier: Apache-2.0 */
/* Who is connected: for each agency its wire session, what it has confirmed, its credit, and what is on its way to it.
 * Memory only: after a restart every agency says hello again. */
#ifndef TOLD_DELIVER_AGENCIES_H
#define TOLD_DELIVER_AGENCIES_H

#include "broker/record/record.h"

#define TOLD_AGENCIES_MAX 512u /* agencies connected at once; the wire holds no more keys */

/* A connection that said hello. An agency may have several at once: the one that a kill left behind and its successor,
 * or two commands of the operator's. */
#define TOLD_LINKS_MAX 8u /* the wire keeps no more for one key */
struct told_link {
	uint64_t wire;      /* the wire's handle */
	uint64_t confirmed; /* size of the log that whoever is behind it has checked */
	uint32_t credit;
	uint64_t said;      /* what it was still to hear from entries below this index was said here */
	uint64_t said_size; /* of the log when the last of it was said; 0: it has heard all of that */
	bool deaf;          /* something that was said here got lost: it hears all again with its next hello */
};

struct told_agency {
	struct told_bytes party;                /* owned */
	struct told_link links[TOLD_LINKS_MAX]; /* oldest first; parcels go to the last */
	size_t link_count;
	uint64_t wire; /* where it last spoke: answers go there; 0: nowhere */
	uint8_t epoch[TOLD_ID_BYTES];
	uint64_t cursor;  /* parcels up to here were looked at in this connection */
	uint64_t skipped; /* the lowest parcel that was held back; 0: none */
	struct {
		uint64_t seq;
		uint8_t id[TOLD_ID_BYTES];
	} flying[TOLD_CREDIT_MAX]; /* sent and not yet acknowledged */
	size_t flying_count;
	uint64_t tokens; /* quota: messages it may still send, in thousandths */
	int64_t tokens_boot_ms;
	bool clock_known;       /* its last heartbeat said what time it has */
	int64_t clock_ahead_ms; /* that time, less ours */
};

struct told_agencies;
TOLD_MUST_USE enum told_status told_agencies_new(struct told_agencies **out);
void told_agencies_free(struct told_agencies *agencies);

/* The agency of this party id, made when it is new. NULL when there are too many or memory is out. */
struct told_agency *told_agency_of(struct told_agencies *agencies, struct told_bytes party);
size_t told_agencies_count(const struct told_agencies *agencies);
struct told_agency *told_agency_at(struct told_agencies *agencies, size_t index);

/* It said hello on a connection, to which parcels go from now on: nothing is on its way, everything that waits is
 * looked at again. */
void told_agency_begin(struct told_agency *agency, uint64_t wire, uint64_t confirmed);
/* A connection is gone; the one before it, if there is one, gets the parcels again. */
void told_agency_end(struct told_agency *agency, uint64_t wire);
/* The link of a connection; NULL when it has not said hello. Valid until the next begin or end. */
struct told_link *told_agency_link(struct told_agency *agency, uint64_t wire);
/* An answer got lost on this connection. */
void told_agency_deafen(struct told_agency *agency, uint64_t wire);
/* It signed a checkpoint of that size there, so it has kept whatever was said before that one was shown to it. Gives
 * the index below which it has heard everything, 0 when that is nothing new. */
uint64_t told_link_heard(struct told_link *link, uint64_t size);
/* What is confirmed where it last spoke: from there on its answers are proved. */
uint64_t told_agency_confirmed(const struct told_agency *agency);
/* The connection that parcels go to; 0: none. */
uint64_t told_agency_home(const struct told_agency *agency);
/* Room for how many more parcels. */
size_t told_agency_room(const struct told_agency *agency);
void told_agency_flies(struct told_agency *agency, const struct told_parcel_row *row);
bool told_agency_is_flying(const struct told_agency *agency, uint64_t seq);
void told_agency_landed(struct told_agency *agency, struct told_bytes parcel_id);
/* A parcel that was on its way could not be sent: it is looked at again when the agency next says how much it takes. */
void told_agency_unsent(struct told_agency *agency, uint64_t seq);
/* A parcel was held back; when state changes, look again from it on. */
void told_agency_skip(struct told_agency *agency, uint64_t seq);
void told_agency_look_again(struct told_agency *agency);
/* Takes one message from the quota (messages a second, burst of one second); false: busy. per_s 0: no quota. */
bool told_agency_quota(struct told_agency *agency, uint32_t per_s, int64_t boot_ms);

#endif
