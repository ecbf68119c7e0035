/* SPDX-License-Identifier: Apache-2.0 */
/* Permissions as a worker states them and as they are shown: shared by the files that read, record and list them.
 * Room-internal. */
#ifndef TOLD_AGENT_CORE_CONSENT_H
#define TOLD_AGENT_CORE_CONSENT_H

#include "agents/agent/core/request.h"

/* The members of a request that states a permission. */
#define TOLD_CONSENT_MEMBERS                                                                                           \
	"client state kind recipients purposes include exclude exclude_recipients exclude_originators given_ms "       \
	"from_ms until_ms ended_ms data_from_ms data_until_ms evidence giver capacity authority notice_version "       \
	"seen_alone benefit_warning freely_given language interpreter others_present location_named refer "            \
	"authority_chosen contact reason_named plan_steps supersedes words"

/* Reads what the worker states, with what the paper says where nothing is stated. A name that nobody has, or a
 * permission without recipients, purposes or categories, ends the request. */
void told_consent_read(struct told_request *request, uint64_t now_ms, struct told_consent_part *out);

/* What of the new one stands against what is on record: a refusal that nobody took back (TOLD_E_REFUSED, with its
 * number), an older permission that is not known here. */
void told_consent_against(struct told_request *request, const struct told_person *person,
			  const struct told_consent_part *part);

/* The record of this id; NULL when we have none. */
const struct told_consent *told_consent_of(const struct told_person *person, struct told_bytes id);
/* The newest of those that take one another's place, from this one on; the id itself where nothing does. */
struct told_bytes told_consent_newest(const struct told_person *person, struct told_bytes id);
bool told_consent_replaced(const struct told_person *person, const struct told_consent *consent);
/* Taken back as a whole. */
bool told_consent_gone(const struct told_person *person, const struct told_consent *consent);
/* When it ends, by its own words and the shortest time that an agreement of ours allows. */
int64_t told_consent_ends(const struct told_agent *agent, const struct told_consent *consent);

/* [{"what", "fix"}]: why it does not open all that it names, as it stands now. presence: the card's words were there.
 */
json_t *told_consent_notes(const struct told_agent *agent, const struct told_person *person,
			   const struct told_consent_part *part, struct told_bytes client, struct told_bytes id,
			   bool presence);

#endif
