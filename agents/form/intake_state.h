/* SPDX-License-Identifier: Apache-2.0 */
/* An intake behind its opaque name. Private to this room. */
#ifndef TOLD_AGENTS_FORM_INTAKE_STATE_H
#define TOLD_AGENTS_FORM_INTAKE_STATE_H

#include "agents/form/intake.h"
#include "agents/form/internal.h"

/* struct told_answer, but owning its answer; the texts are in the intake's arena. */
struct held_answer {
	json_t *answer;
	const char *said_at, *source;
	unsigned voice;
};

struct line {
	struct held_answer told, now;
	int64_t told_ms;
	enum told_handling handling;
	bool done;
};

struct told_intake {
	const struct told_form *form;
	struct told_arena *arena;
	struct line *lines;      /* one an item, like the three below */
	const json_t **standing; /* what conditions are judged by */
	const json_t **said;     /* what totals are worked out from */
	enum told_shown *shown;
	const char *said_at, *source; /* of the last call that answered; totals carry it */
};

/* Works out handling, conditions and totals again. E_MEMORY. */
TOLD_MUST_USE enum told_status intake_settle(struct told_intake *intake);
void answer_drop(struct held_answer *answer);

#endif
