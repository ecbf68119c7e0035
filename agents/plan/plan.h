/* SPDX-License-Identifier: Apache-2.0 */
/* An action plan: goals in the person's own words, and steps of several services in the person's order. Pure logic, no
 * clock, no vault, no socket.
 *
 * Who writes what, so that two services that write at once never disagree:
 *  P1 the plan's keeper alone adds goals and steps and puts them in order, as the person wants it;
 *  P2 each step has one owner, who alone says how it goes;
 *  P3 a condition ("not before step 2") on another service's step is the person's wish or is not there;
 *  P4 safety, duty and crisis steps never wait;
 *  P5 what waits does not start, unless its owner says why;
 *  P6 no steps wait for each other in a circle. */
#ifndef TOLD_PLAN_PLAN_H
#define TOLD_PLAN_PLAN_H

#include "agents/plan/fields.h"

#define TOLD_PLAN_STEPS_MAX 30u  /* goals, order and each step are a section, and a message carries 32 */
#define TOLD_PLAN_WAITS_MAX 8u   /* more than anybody keeps in mind */
#define TOLD_PLAN_GOALS_MAX 16u  /* a page */
#define TOLD_PLAN_WORDS_MAX 2000 /* of one goal or step: a few sentences */

/* ---- the rules, by the name that a refusal gives ---- */

#define TOLD_PLAN_RULES(X)                                                                                             \
	X(STEP, "plan-step", "The plan has no such step.")                                                             \
	X(OWNER, "plan-owner", "Each step has one owner, who alone says how it goes. Ask them, or wait to hear.")      \
	X(KEEPER, "plan-keeper", "The plan's keeper alone adds steps and puts them in order. Ask them to do it.")      \
	X(STATE, "plan-state", "That cannot be said of a step that stands where this one does.")                       \
	X(WAITS, "plan-waits", "The step waits for another. Start it all the same only with a reason (--because).")    \
	X(CYCLE, "plan-cycle", "Steps would wait for each other in a circle, and none could ever start.")              \
	X(PAST, "plan-past", "The day is in the past. Give one that is still to come.")                                \
	X(CONDITION, "plan-condition",                                                                                 \
	  "A service cannot put a condition on another service's step. If the person wants it so, say it (--wish).")   \
	X(NEVER_WAITS, "plan-never-waits", "Safety, duty and crisis steps never wait for another step.")               \
	X(WORDS, "plan-words", "Words are missing, or longer than 2,000 letters.")                                     \
	X(FULL, "plan-full", "A plan has at most 30 steps, 16 goals, and 8 steps to wait for.")

enum told_plan_rule {
	TOLD_PLAN_FINE,
#define X(name, word, text) TOLD_PLAN_##name,
	TOLD_PLAN_RULES(X)
#undef X
		TOLD_PLAN_RULE_COUNT
};
/* "plan-cycle", and what it says; static, "" for none. */
const char *told_plan_rule_name(enum told_plan_rule rule);
const char *told_plan_rule_text(enum told_plan_rule rule);

/* ---- a step's life ---- */

enum told_step_state {
	TOLD_STEP_NONE,
	TOLD_STEP_TO_DO,
	TOLD_STEP_STARTED,
	TOLD_STEP_DONE,
	TOLD_STEP_STOPPED, /* no longer possible, or no longer wanted: it holds nobody up */
	TOLD_STEP_STATE_COUNT
};
enum told_step_event {
	TOLD_STEP_START,
	TOLD_STEP_FINISH,
	TOLD_STEP_STOP,
	TOLD_STEP_REOPEN,
	TOLD_STEP_MOVE,      /* its place, its day */
	TOLD_STEP_CONDITION, /* what it waits for */
	TOLD_STEP_EVENT_COUNT
};
/* Bits: an agency may be both. */
enum told_step_actor { TOLD_STEP_OWNER = 1, TOLD_STEP_KEEPER = 2 };

enum told_step_kind { TOLD_STEP_USUAL = 1, TOLD_STEP_SAFETY, TOLD_STEP_DUTY, TOLD_STEP_CRISIS };
extern const char *const told_step_states[]; /* "to-do", "started", "done", "stopped" */
extern const char *const told_step_kinds[];  /* "usual", "safety", "duty", "crisis" */

/* What the event makes of the state, whatever else the plan says: the next state, or 0 and the rule that refuses. */
uint32_t told_step_next(uint32_t state, unsigned event, unsigned actors, enum told_plan_rule *rule);

/* ---- the plan ---- */

struct told_step {
	struct told_bytes plan;             /* of a section only: which plan it is of */
	struct told_bytes what, owner, who; /* owner: a party; empty: withheld from us */
	uint64_t number, goal;              /* numbers are never used again */
	uint32_t kind, state;
	struct told_numbers waits; /* for these steps */
	bool wish;                 /* the waiting is the person's own wish */
	struct told_bytes need;    /* of the profile's list: what the step was opened here for */
	struct told_bytes because, outcome, reason;
	struct told_texts classified;         /* categories that its words speak of */
	uint64_t due_ms, changed_ms, told_ms; /* told: the lead worker heard that it waits too long */
};

struct told_plan {
	struct told_bytes id, keeper;                /* id: 32 hexadecimal digits */
	uint64_t version, last;                      /* of the order; the highest number ever given */
	uint64_t refused;                            /* starts out of order that were refused here */
	struct told_texts goals;                     /* the first is number 1 */
	struct told_step steps[TOLD_PLAN_STEPS_MAX]; /* in the person's order */
	size_t count;
};

/* NULL: there is none. */
struct told_step *told_plan_step(struct told_plan *plan, uint64_t number);
/* The steps that it still waits for: neither done nor stopped. */
void told_plan_waits(const struct told_plan *plan, const struct told_step *step, struct told_numbers *out);
/* Steps that wait for each other, in order, the first again at the end; count 0: none. */
void told_plan_cycle(const struct told_plan *plan, struct told_numbers *out);
/* Judges the event for a step, P5 included (because: its owner says why); sets *next. */
enum told_plan_rule told_plan_try(struct told_plan *plan, uint64_t number, unsigned event, struct told_bytes self,
				  bool because, uint32_t *next);
/* Adds a step at the end, numbered here. P1, P3, P4, P6, day and words are asked; it is there only when FINE. */
enum told_plan_rule told_plan_add(struct told_plan *plan, struct told_bytes self, const struct told_step *step,
				  uint64_t now_ms);
/* Puts a step at a place (from 1; 0: where it is), with another day (0: as it is) and, unless NULL, other steps to wait
 * for. Changed only when FINE. */
struct told_plan_order {
	uint64_t number, place, due_ms;
	const struct told_numbers *waits;
	bool wish;
};
enum told_plan_rule told_plan_move(struct told_plan *plan, struct told_bytes self, const struct told_plan_order *order,
				   uint64_t now_ms);
/* Working days (or all days) that have begun after one instant up to another. */
unsigned told_plan_days(uint64_t from_ms, uint64_t to_ms, bool working);

/* ---- what others say (take.c) ---- */

struct told_plan_head {
	struct told_bytes plan, keeper;
	uint64_t version;
	struct told_numbers order, over; /* over: done or stopped, for whom such a step is withheld */
};
struct told_plan_goals {
	struct told_bytes plan;
	struct told_texts goals;
};
extern const struct told_form_of told_plan_head_form, told_plan_goals_form, told_plan_step_form;

void told_plan_head_of(const struct told_plan *plan, struct told_plan_head *out);
/* Of a plan that nobody knew here, *plan is zero before. Only the keeper's count, and only newer ones. */
enum told_plan_rule told_plan_take_head(struct told_plan *plan, struct told_bytes from,
					const struct told_plan_head *head);
enum told_plan_rule told_plan_take_goals(struct told_plan *plan, struct told_bytes from,
					 const struct told_plan_goals *goals);
/* The keeper says what a step is, its owner how it goes; P3, P4 and P6 are asked of what comes too. */
enum told_plan_rule told_plan_take_step(struct told_plan *plan, struct told_bytes from, const struct told_step *step);

/* ---- in words (words.c): appended ---- */

/* "2. Ring the landlord (HOU, to do, by 2026-12-03, after 1)" */
void told_plan_line(const struct told_step *step, struct told_buf *out);
/* All but those that were withheld from us, and those whose words speak of something else too. */
void told_plan_lines(const struct told_plan *plan, struct told_buf *out);
void told_plan_goal_lines(const struct told_plan *plan, struct told_buf *out);

/* ---- as a document (document.c) ---- */

/* JSON, the caller's; NULL without memory. */
json_t *told_plan_json(const struct told_plan *plan);
TOLD_MUST_USE enum told_status told_plan_read(struct told_bytes doc, struct told_arena *arena, struct told_plan *out);

#endif
