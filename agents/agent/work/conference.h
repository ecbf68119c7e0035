/* SPDX-License-Identifier: Apache-2.0 */
/* A case conference as the agency keeps it: folded from the signed messages in the vault, and a book of what no message
 * holds in the clear: the words that we sent, and what the chair noted for its own agency. Room-internal. */
#ifndef TOLD_AGENT_WORK_CONFERENCE_H
#define TOLD_AGENT_WORK_CONFERENCE_H

#include "agents/agent/core/request.h"
#include "agents/agent/work/content.h"
#include "agents/conference/conference.h"

/* One conference at hand. Everything but the book lives in the agent's arena. */
struct told_meeting {
	struct told_bytes id, client;
	struct told_conference *state;
	uint64_t entry; /* the newest that was folded */
	/* {"said": {MESSAGE: {"ticket", "event", "to", "sections": [section]}},
	 *  "own": [{"event", "id", "about"?, "worker", "reason"?, "due_ms"?, "at_ms", "after", "sections"}],
	 *  "outside": {PARTY: [code]}}: whom the person's permission leaves no view. */
	json_t *book;
};

/* ---- conference.c: keeping ---- */

/* TOLD_E_NOT_FOUND: no such conference is known here. */
enum told_status told_meeting_load(struct told_agent *agent, struct told_bytes id, struct told_meeting *out);
/* The one that a request names as "conference". Whom the person excludes, or a contact named as the worker of somebody
 * else in it, sees what a stranger would. */
enum told_status told_meeting_named(struct told_request *request, const struct told_caller *caller,
				    struct told_meeting *out);
/* The next of all, or of one person's (client not empty), after a number (0: the first); in and out. */
enum told_status told_meeting_next(struct told_agent *agent, struct told_bytes client, uint64_t *after,
				   struct told_meeting *out);
/* The next of those that were not over when they were last looked at. */
enum told_status told_meeting_next_open(struct told_agent *agent, uint64_t *after, struct told_meeting *out);
void told_meeting_drop(struct told_meeting *meeting);
enum told_status told_meeting_save(struct told_agent *agent, const struct told_meeting *meeting);
/* A message that reached us belongs to a conference: from now on it is known here. */
enum told_status told_meeting_take(struct told_agent *agent, const struct told_carried_message *message);

/* What one message said in words, as sections for people: ours from the book, theirs from what was released to us and
 * not withdrawn since. None before our contact has named whom a MARAC is kept from. The caller's. */
json_t *told_meeting_words(struct told_agent *agent, const struct told_meeting *meeting, struct told_bytes message);
/* Before what came sealed to our contact alone is opened: TOLD_E_REFUSED, logged, with the rule and what to do, where
 * it is of a MARAC and the contact has not named our workers. */
enum told_status told_meeting_named_first(struct told_request *request, const struct told_header *header);
/* The same in words, for screens. */
extern const char *const told_meeting_names_first;
/* Ends a call that may not be, with the rule's code and words; it is logged. TOLD_E_REFUSED. */
enum told_status told_meeting_refuse(struct told_request *request, unsigned code);

/* ---- conference_unnamed.c ---- */

/* Once, at the first start on a vault: which messages are of a MARAC that waits for names. In a transaction of its own.
 */
enum told_status told_meeting_keep_unnamed(struct told_agent *agent);

/* ---- conference_say.c: saying ---- */

struct told_utterance {
	uint32_t event;
	struct told_bytes about;              /* the message that it answers; empty: the call */
	struct told_workflow_part workflow;   /* reason, day, threshold */
	const struct told_gathered *sections; /* what goes to each, as each may have it */
	bool identify;                        /* who it is about stands in it: who may not know that hears nothing */
};
/* Says it to each of these parties in a message of their own, as our own ruling allows each; told gets a PREVIEW for
 * each. ticket gets the ticket of all of them. */
enum told_status told_meeting_say(struct told_agent *agent, const struct told_caller *caller,
				  struct told_meeting *meeting, const struct told_utterance *said,
				  struct told_bytes_list to, struct told_buf *why, json_t *told,
				  uint8_t ticket[TOLD_ID_BYTES]);
/* What the chair says to its own agency has no message: it is noted. */
enum told_status told_meeting_note(struct told_agent *agent, const struct told_caller *caller,
				   struct told_meeting *meeting, const struct told_utterance *said);
/* The category under which words of an event travel. */
uint32_t told_meeting_category(const struct told_conference *conference, uint32_t event);
uint32_t told_meeting_purpose(const struct told_conference *conference);
/* Reads "facts", "views" and "said" of a request ([{"category", "text"}]): what is on record, what a worker makes of
 * it, and the person's own words, each in its voice. */
enum told_status told_meeting_sections(struct told_request *request, const struct told_caller *caller,
				       struct told_gathered *out);

/* ---- conference_due.c ---- */

/* What is late or due is found once a minute; part of every turn. */
enum told_status told_meeting_sweep(struct told_agent *agent);
/* To whom chairs a MARAC: the one before it of the same person, within 12 months ({"conference", "called_ms"}, the
 * caller's); NULL: there was none. */
enum told_status told_meeting_repeat(struct told_agent *agent, const struct told_meeting *meeting, json_t **out);

/* ---- conference_agenda.c ---- */

/* Of each item, in the order of the meeting, which of the attendees may not be in the room, without the reason. For the
 * chair. */
enum told_status told_meeting_agenda(struct told_agent *agent, const struct told_meeting *meeting, json_t **out);

#endif
