/* SPDX-License-Identifier: Apache-2.0 */
/* Conference contacts: their keys, ours and others', and what came for ours alone (protocol section 1). Room-internal.
 */
#ifndef TOLD_AGENT_WORK_CONTACT_H
#define TOLD_AGENT_WORK_CONTACT_H

#include "agents/agent/core/request.h"
#include "agents/contact/roster.h"
#include "agents/keys/contact.h"
#include "agents/vault/vault.h"

/* ---- contact.c: sending and taking ---- */

/* The current keys of a party's contacts, one each; how many. */
size_t told_contact_keys(const struct told_agent *agent, struct told_bytes party, struct told_seal_to *to, size_t room);
/* Whether nothing in what came for a contact of ours alone is wrapped to the agency. What is not so is not believed. */
enum told_status told_contact_believe(struct told_agent *agent, const struct told_parcel_event *parcel, bool *sealed);
/* Keeps what is wrapped to a contact of ours, closed as it came. */
enum told_status told_contact_take(struct told_agent *agent, const struct told_carried_message *message,
				   struct told_bytes parcel, uint64_t now_ms);

/* ---- roster.c: the seats ---- */

/* The document, the caller's; an empty object where nobody was named yet. */
enum told_status told_contact_roster(struct told_agent *agent, json_t **roster);
enum told_status told_contact_roster_put(struct told_agent *agent, const json_t *roster);
/* Whether a worker is the contact or the deputy. */
enum told_status told_contact_is(struct told_agent *agent, const char *worker, bool *is);
/* We signed an agreement that has MARACs, and nobody here has either seat: one of them would be there for nobody. It
 * says nothing of any that there is. */
enum told_status told_contact_missing(struct told_agent *agent, bool *missing);
/* Takes a worker's seat and all their keys away, in the caller's transaction; nothing where there is none. */
enum told_status told_contact_end(struct told_agent *agent, const char *worker, const char *by,
				  uint8_t ticket[TOLD_ID_BYTES], bool *ended);

#endif
