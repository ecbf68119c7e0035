/* SPDX-License-Identifier: Apache-2.0 */
/* What a turn of the loop does: answers (receive.c), parcels (take.c), acknowledgements
 * (acknowledge.c), wraps (grant.c). Room-internal. */
#ifndef TOLD_AGENT_TURN_H
#define TOLD_AGENT_TURN_H

#include "agents/agent/core/state.h"

enum told_status told_agent_take_answer(struct told_agent *agent, const struct told_answer_event *answer);
enum told_status told_agent_take_parcel(struct told_agent *agent, const struct told_parcel_event *parcel);
/* One signed ACK for all that is stored and not acknowledged; TOLD_E_NOT_FOUND when there is nothing. */
enum told_status told_agent_acknowledge(struct told_agent *agent);
/* An ACK or OPENED that was refused: what its lines say is said again, in a while. */
enum told_status told_agent_acknowledge_again(struct told_agent *agent, const struct told_outbox_row *row);
/* Wraps for whom our own ruling would release to now, and none for whom it would not. */
enum told_status told_agent_sweep(struct told_agent *agent);

#endif
