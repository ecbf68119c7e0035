/* SPDX-License-Identifier: Apache-2.0 */
/* A query of the running broker's log, and what it gave, as JSON: shared by the agent, who asks for an agency, and by
 * told, which asks for the operator. Pure: no socket, no vault. */
#ifndef TOLD_VIEW_VIEW_H
#define TOLD_VIEW_VIEW_H

#include "told/client.h"

#include <jansson.h>

/* Members of a request, separated by blanks; a person is named by the caller. */
#define TOLD_QUERY_MEMBERS "purpose of all message log from limit since_ms until_ms type phase with"

/* A query, with the bytes that its part points to. */
struct told_query {
	struct told_audit_view_part part;
	uint8_t message[TOLD_ID_BYTES];
};

/* Reads a request; text stays the request's. why gets what is wrong and what may stand there. TOLD_E_USAGE. */
TOLD_MUST_USE enum told_status told_query_read(const json_t *request, struct told_query *out, struct told_buf *why);

/* Whether what came is what was asked for: of the parties asked for, within the bounds, and, of everybody's entries,
 * nobody's name in it. TOLD_E_NOT_FOR_ME: the broker gave what it should not have. */
TOLD_MUST_USE enum told_status told_view_check(const struct told_audit_view_part *asked, struct told_bytes asker,
					       const struct told_view_event *view);

/* {"entries": [..], "next", "size", "proof"}: next 0 when there are no more; proof, of one message, as .tlog-proof
 * text. NULL when memory is out. */
json_t *told_view_json(const struct told_audit_view_part *asked, const struct told_view_event *view);

#endif
