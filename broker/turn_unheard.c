/* SPDX-License-Identifier: Apache-2.0 */
/* What senders have still to hear: each connection gets it once, from the record, and it is kept there until the agency
 * has signed a later checkpoint on that connection. Who was away hears it all behind its welcome. */
#include "broker/turn.h"

#define RECEIPTS_MAX (sizeof((struct told_turn){0}).receipts / sizeof((struct told_turn){0}).receipts[0])

static enum told_status tell(struct told_broker *broker, struct told_turn *turn, const struct told_agency *agency,
			     struct told_link *link)
{
	enum told_status status = TOLD_OK;
	while (turn->receipt_count < RECEIPTS_MAX) {
		status = told_record_unheard(broker->record, broker->arena, agency->party, &link->said,
					     &turn->receipts[turn->receipt_count]);
		if (status != TOLD_OK)
			return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
		link->said_size = told_record_when(broker->record).log_size;
		turn->receipt_count++;
	}
	turn->more = true;
	return status;
}

enum told_status told_turn_unheard(struct told_broker *broker, struct told_turn *turn)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < told_agencies_count(broker->agencies); i++) {
		struct told_agency *agency = told_agency_at(broker->agencies, i);
		struct told_link *link = told_agency_link(agency, agency->wire);
		if (link != NULL)
			status = tell(broker, turn, agency, link);
	}
	return status;
}
