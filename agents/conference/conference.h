/* SPDX-License-Identifier: Apache-2.0 */
/* A case conference as an agency knows it: folded from the headers that it signed and that reached it, in the order of
 * the log, by the broker's own table of moves. Pure: no clock, no vault, no socket, no words. What was said in words
 * stands in sealed sections, found by the id of their message. Source: practice.md section 7, decision.md section 1.3.
 */
#ifndef TOLD_CONFERENCE_CONFERENCE_H
#define TOLD_CONFERENCE_CONFERENCE_H

#include "told/bytes.h"
#include "told/codes.h"
#include "told/limits.h"
#include "told/vocabulary.h"

/* Of one conference. More are not kept: the agenda of a real one has about a dozen agencies. */
#define TOLD_CONFERENCE_ATTENDEES_MAX     32u
#define TOLD_CONFERENCE_PROMISES_MAX      64u
#define TOLD_CONFERENCE_CONTRIBUTIONS_MAX 128u
#define TOLD_CONFERENCE_ACTIONS_MAX       64u

enum told_conference_kind { TOLD_CONFERENCE_MDT = 1, TOLD_CONFERENCE_MARAC };
extern const char *const told_conference_kinds[]; /* "mdt", "marac" */

enum told_action_state { TOLD_ACTION_OPEN, TOLD_ACTION_DONE, TOLD_ACTION_NOT_POSSIBLE, TOLD_ACTION_NOT_DONE };
extern const char *const told_action_states[]; /* "open", "done", "not-possible", "not-done" */

/* A CONF_* header, or what the chair noted for its own agency: what the fold reads of it. */
struct told_conference_said {
	uint32_t event, type;        /* enum told_conference_event, enum told_type */
	struct told_bytes id, about; /* of the message; of the one that it answers */
	struct told_bytes from, to;  /* parties */
	struct told_bytes worker;    /* who signed for it: staff number */
	uint32_t purposes;           /* bits; of a call */
	uint32_t threshold;          /* enum told_threshold; of a call */
	uint32_t reason;             /* enum told_reason */
	uint64_t due_ms;             /* end of access, day of an action, day of the review */
	uint64_t at_ms;              /* of its entry in the log */
};

/* One agency at the table. The numbers are enum told_conference_event, 0 for nothing said yet. */
struct told_attendee {
	struct told_bytes party;
	uint64_t until_ms; /* access ends by itself; 0: the chair, or who called */
	bool asked;        /* research */
	uint32_t research, reason;
	uint32_t attendance;
	uint32_t minutes; /* ACKNOWLEDGE or OBJECT */
	struct told_bytes objection;
};
/* A worker who has accepted the confidentiality statement. */
struct told_confidant {
	struct told_bytes party, worker;
	uint64_t at_ms;
};
struct told_contribution {
	struct told_bytes message, from, to;
	uint64_t at_ms;
};
struct told_conference_action {
	struct told_bytes message, owner, answer; /* answer: the message that said how it went */
	uint64_t due_ms, at_ms, answered_ms;
	uint32_t state, reason; /* enum told_action_state, enum told_reason */
};

struct told_conference {
	struct told_bytes id, self; /* self: whose view this is */
	uint32_t kind, state;       /* enum told_conference_kind, enum told_conference_state */
	struct told_bytes caller, chair;
	uint32_t threshold;
	uint64_t called_ms, review_ms, started_ms, minutes_ms, approved_ms, ended_ms;
	struct told_bytes minutes;   /* the newest draft's message */
	struct told_bytes handed_to; /* another area */
	uint32_t declined;           /* enum told_reason */
	uint64_t names_due_ms;       /* when our contact is to look at the names again; 0: never */
	bool declared;               /* our contact has named our workers for the other party, or said: none */
	struct told_attendee attendees[TOLD_CONFERENCE_ATTENDEES_MAX];
	size_t attendee_count;
	struct told_confidant confidants[TOLD_CONFERENCE_PROMISES_MAX];
	size_t confidant_count;
	struct told_contribution contributions[TOLD_CONFERENCE_CONTRIBUTIONS_MAX];
	size_t contribution_count;
	struct told_conference_action actions[TOLD_CONFERENCE_ACTIONS_MAX];
	size_t action_count;
};

/* Takes what was said; views are borrowed and must outlive the conference. Whoever chairs knows all that was said and
 * takes only what the table allows; who attends believes what the broker accepted and they could not see the way to.
 * TOLD_OK, TOLD_E_REFUSED (nothing changed), TOLD_E_LIMIT (nothing changed), TOLD_E_NOT_FOUND (an action that there is
 * not). */
TOLD_MUST_USE enum told_status told_conference_take(struct told_conference *conference,
						    const struct told_conference_said *said);

/* NULL when there is none. */
const struct told_attendee *told_conference_attendee(const struct told_conference *conference, struct told_bytes party);
const struct told_conference_action *told_conference_action(const struct told_conference *conference,
							    struct told_bytes message);
static inline bool told_conference_chaired(const struct told_conference *conference)
{
	return told_bytes_equal(conference->chair, conference->self);
}
/* A MARAC at an agency whose contact has not said yet from whom of its workers it is kept: nothing of it opens there,
 * to nobody (practice.md section 7). */
static inline bool told_conference_awaits_names(const struct told_conference *conference)
{
	return conference->kind == TOLD_CONFERENCE_MARAC && !conference->declared;
}
/* It is on the list and was never discussed: there is nothing to acknowledge yet. */
static inline bool told_conference_no_minutes(const struct told_conference *conference)
{
	return conference->state == TOLD_CONFERENCE_LISTED && conference->approved_ms == 0;
}
/* Whether a worker of ours may see what was said: they have accepted the confidentiality statement, our contact has
 * named whom it is kept from, and our access has not ended. */
enum told_conference_access {
	TOLD_CONFERENCE_OPEN,
	TOLD_CONFERENCE_STATEMENT, /* not accepted yet */
	TOLD_CONFERENCE_OVER,      /* our access ended on its day, or with the conference */
	TOLD_CONFERENCE_NAMES      /* our contact has named nobody and has not said that there is nobody */
};
enum told_conference_access told_conference_access(const struct told_conference *conference, struct told_bytes worker,
						   uint64_t now_ms);

#endif
