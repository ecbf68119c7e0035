/* SPDX-License-Identifier: Apache-2.0 */
/* Incidents and recalls as the agency keeps them: documents in the vault. Room-internal. */
#ifndef TOLD_AGENT_WORK_INCIDENT_H
#define TOLD_AGENT_WORK_INCIDENT_H

#include "agents/agent/core/doc.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/state.h"

#define TOLD_INCIDENT_REPORT_MS (72 * TOLD_MS_HOUR) /* UK GDPR Article 33(1) */

extern const char *const told_incident_kinds[TOLD_INCIDENT_WRONG_MERGE + 1];

/* ---- incident.c: the documents ---- */

/* An incident, whole, the caller's. TOLD_E_NOT_FOUND, too, where whoever looks sees nobody whom it is about. */
enum told_status told_incident_load(struct told_agent *agent, struct told_bytes id, json_t **doc);
/* The next one that whoever looks may know of; doc is the caller's. */
enum told_status told_incident_next(struct told_agent *agent, uint64_t after, struct told_kept_row *row, json_t **doc);
/* client: whom it was opened about, or empty; stays what it was when the incident is there. */
enum told_status told_incident_save(struct told_agent *agent, struct told_bytes id, struct told_bytes client,
				    const json_t *doc);
/* Sets what Article 33 counts: persons, records and categories of groups as told_incident_went gives them. */
void told_incident_count(const json_t *groups, json_t *doc);
/* Counts, in what is to be shown, only people whom whoever looks sees. */
enum told_status told_incident_narrow(struct told_agent *agent, struct told_bytes id, json_t *doc);
enum told_status told_recall_save(struct told_agent *agent, const struct told_recall_row *row, const json_t *doc);
/* Whether all of these groups (told_incident_went) was called back by this incident; nothing is, by one of a person. */
enum told_status told_incident_covers(struct told_agent *agent, struct told_bytes id, const json_t *groups,
				      bool *covers);
/* Of an incident: everybody answered; its 72 hours are over and nobody was told. */
bool told_incident_over(const json_t *doc, int64_t now_ms);
enum told_status told_incident_answers(struct told_agent *agent, struct told_bytes id, size_t *sent, size_t *answered);

/* ---- incident_take.c: what comes in ---- */

/* A RECALL came: what it names is hidden at once, and waits for a worker's answer. */
enum told_status told_recall_take(struct told_agent *agent, const struct told_header *header, uint64_t at_ms);
/* A RECALL_ANSWER came for a recall of ours. */
enum told_status told_recall_heard(struct told_agent *agent, const struct told_header *header, uint64_t at_ms);
/* Hides, or deletes, what a recall names. */
enum told_status told_recall_apply(struct told_agent *agent, const struct told_recall_row *row, bool delete);
/* What comes again after it was called back stays hidden. */
enum told_status told_recall_again(struct told_agent *agent, struct told_bytes client);

/* ---- incident_went.c: what went to whom ---- */

struct told_incident_filter {
	struct told_bytes client, to, worker, message; /* each may be empty */
	uint64_t since_ms, until_ms;                   /* until 0: to this day */
	uint64_t types;                                /* bits of enum told_type; 0: whatever carries content */
};
/* Adds to list {"party", "client_hex", "messages": [hex], "categories": [code], "of": {hex: [code]}} for each party and
 * person, of: the same by message; at most TOLD_RECALL_MESSAGES_MAX messages each. TOLD_E_LIMIT: too many. */
enum told_status told_incident_went(struct told_agent *agent, const struct told_incident_filter *filter, json_t *list);

#endif
