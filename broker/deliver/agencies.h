/* SPDX-License-Identifier: Apache-2.0 */
/* Who is connected: for each agency its wire session, what it has confirmed, its credit, and what is on its way to it.
 * Memory only: after a restart every agency says hello again. */
#ifndef TOLD_DELIVER_AGENCIES_H
#define TOLD_DELIVER_AGENCIES_H

#include "broker/record/record.h"

#define TOLD_AGENCIES_MAX 512u /* agencies connected at once; the wire holds no more keys */

struct told_agency {
	struct told_bytes party; /* owned */
	uint64_t wire;           /* the wire's handle; 0: not connected */
	bool welcome;            /* said hello in this connection */
	uint8_t epoch[TOLD_ID_BYTES];
	uint64_t confirmed; /* size of the log that it has checked */
	uint32_t credit;
	uint64_t cursor;  /* parcels up to here were looked at in this connection */
	uint64_t skipped; /* the lowest parcel that was held back; 0: none */
	struct {
		uint64_t seq;
		uint8_t id[TOLD_ID_BYTES];
	} flying[TOLD_CREDIT_MAX]; /* sent and not yet acknowledged */
	size_t flying_count;
	uint64_t tokens; /* quota: messages it may still send, in thousandths */
	int64_t tokens_boot_ms;
};

struct told_agencies;
TOLD_MUST_USE enum told_status told_agencies_new(struct told_agencies **out);
void told_agencies_free(struct told_agencies *agencies);

/* The agency of this party id, made when it is new. NULL when there are too many or memory is out. */
struct told_agency *told_agency_of(struct told_agencies *agencies, struct told_bytes party);
size_t told_agencies_count(const struct told_agencies *agencies);
struct told_agency *told_agency_at(struct told_agencies *agencies, size_t index);

/* A fresh connection: nothing is on its way, everything that waits is looked at again. */
void told_agency_begin(struct told_agency *agency, uint64_t wire);
/* The connection is gone. */
void told_agency_end(struct told_agency *agency);
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
