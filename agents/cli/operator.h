/* SPDX-License-Identifier: Apache-2.0 */
/* The operator's conversation with the running broker: one message of theirs (PARTNER, AUDIT_COPY, AUDIT_VIEW), signed
 * by the operator's key, and its receipt, checked. Room-internal. */
#ifndef TOLD_CLI_OPERATOR_H
#define TOLD_CLI_OPERATOR_H

#include "agents/cli/cli.h"
#include "agents/keys/partnership.h"
#include "told/client.h"

#define TOLD_OPERATOR_PARTY "broker" /* in whose name the operator speaks */

/* What the log says of it. */
struct told_operator_receipt {
	uint64_t index, time_ms;
};

/* Sends a message with this type and part, the rest is filled in, and waits, at most 10 s. dir is the broker's folder.
 * why gets what is wrong with keys or files, or the broker's reason. TOLD_E_REFUSED: logged as refused; TOLD_E_TIMEOUT,
 * TOLD_E_UNREACHABLE: no answer, nothing is known; those of told_client_pump. */
TOLD_MUST_USE enum told_status told_operator_send(const char *dir, const struct told_header *says,
						  struct told_operator_receipt *receipt, struct told_buf *why);
/* Puts a query of the log (AUDIT_VIEW); what it gives goes to fn before this returns, never without the query's entry.
 */
typedef enum told_status told_operator_view_fn(void *ctx, const struct told_view_event *view);
TOLD_MUST_USE enum told_status told_operator_look(const char *dir, struct told_audit_view_part *part,
						  told_operator_view_fn *fn, void *ctx,
						  struct told_operator_receipt *receipt, struct told_buf *why);
/* The same for a PARTNER message. */
TOLD_MUST_USE enum told_status told_operator_say(const char *dir, const struct told_partner_part *part,
						 struct told_operator_receipt *receipt, struct told_buf *why);

/* {"partners": [{"party", "act", ...}]} of who was ever enrolled from this folder, each with the last act; the
 * caller's. NULL: it has said why. */
json_t *told_partners(struct told_cli *cli, const char *dir);

#endif
