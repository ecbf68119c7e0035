/* SPDX-License-Identifier: Apache-2.0 */
/* What calls need of each other. Room-internal. */
#ifndef TOLD_AGENT_CALL_OWN_H
#define TOLD_AGENT_CALL_OWN_H

#include "agents/agent/work/attention.h"
#include "agents/agent/work/conference.h"
#include "agents/agent/work/contact.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/referral.h"

/* ---- show.c ---- */

/* One of the two is NULL. Hidden sections too; newest of our own only. */
typedef enum told_status told_each_section_fn(void *ctx, const struct told_story_row *story,
					      const struct told_section_row *section);
enum told_status told_each_section(struct told_agent *agent, struct told_bytes client, told_each_section_fn *fn,
				   void *ctx);

/* ---- disclosure.c ---- */

/* Writes down, in the caller's transaction, what a request of told_agent_disclosure says; more goes into the reply. */
enum told_status told_disclose(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
			       json_t *more, struct told_reply *reply);

/* ---- consent.c, consent_show.c ---- */

/* Records, in the caller's transaction, what a request of told_agent_consent says: the reply names its "consent". */
enum told_status told_consent_write(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				    struct told_reply *reply);
/* Takes one back as a whole, in the caller's transaction. */
enum told_status told_consent_take_back(struct told_agent *agent, const struct told_caller *caller,
					struct told_bytes client, struct told_bytes id, struct told_reply *reply);
/* Permissions that end within 30 days or have ended, of which nobody has asked since, and those that wait for a
 * confirmation of ours; of everybody whom the caller may see. */
enum told_status told_consents_due(struct told_agent *agent, const struct told_caller *caller, json_t *list);

/* ---- conference.c, contact_key.c, incident_after.c, referral.c ---- */

/* Ends a call that said something: waits for the broker where anything went. */
enum told_status told_meeting_finish(struct told_agent *agent, enum told_status status,
				     const struct told_meeting *meeting, const uint8_t ticket[TOLD_ID_BYTES],
				     json_t *told, struct told_reply *reply);
/* Opens the key file of a record of ours; words say what went wrong. The caller wipes. */
enum told_status told_contact_unlock(struct told_request *request, const struct told_key *record,
				     struct told_bytes passphrase, struct told_keypair *pair);
/* Who opened these messages, as far as we heard: of that party, or of us (empty). [{"worker", "time_ms"}] */
json_t *told_incident_opened(struct told_agent *agent, const json_t *messages, struct told_bytes party);
/* Waits for the broker, or, dry, only says what would happen: then nothing of the call is kept. base is taken. */
/* "team" and "role" of a request: of the recipient, who alone are to see it. The team must be one that they have. */
struct told_workflow_part told_referral_limit(struct told_request *r, struct told_bytes to);
enum told_status told_referral_finish(struct told_agent *agent, enum told_status status, bool dry, json_t *base,
				      const struct told_draft *draft, struct told_reply *reply);

/* ---- risk.c ---- */

told_attention_source told_risk_attention;

#endif
