/* SPDX-License-Identifier: Apache-2.0 */
/* Names that a worker types: parties and teams, known or refused with the nearest that there is. A name that nobody has
 * would open nothing and say nothing. Room-internal. */
#ifndef TOLD_AGENT_CORE_NAMES_H
#define TOLD_AGENT_CORE_NAMES_H

#include "agents/agent/core/request.h"

/* Ends the request with TOLD_E_UNKNOWN unless the name is a party of the partnership, or one that an agreement of ours
 * names. */
void told_request_party_known(struct told_request *request, struct told_bytes name);
void told_request_parties_known(struct told_request *request, struct told_bytes_list names);
/* A member that must be there and name another party than ourselves, which is known. */
struct told_bytes told_request_other_party(struct told_request *request, const char *name);
/* A member that must be there: the staff number of an active worker of ours. */
struct told_bytes told_request_worker(struct told_request *request, const char *name);
/* The same for a team of a party, as the register of workers has it, or, for ourselves, the profile. A party whose
 * teams nobody knows may have any. */
void told_request_team_known(struct told_request *request, struct told_bytes party, struct told_bytes team);

/* A need as our own profile names it, or as anybody would where it names none. One that is misspelt would be counted
 * beside the right one for ever. */
struct told_bytes told_request_need(struct told_request *request, bool needed);

#endif
