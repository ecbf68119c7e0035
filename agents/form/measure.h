/* SPDX-License-Identifier: Apache-2.0 */
/* Retelling, counted: how many questions services would have asked each on its own, and how many they asked with Told
 * Once. Counts what happened (or what would, for forms without a person); keeps codes of questions, never answers. No
 * I/O. */
#ifndef TOLD_AGENTS_MEASURE_H
#define TOLD_AGENTS_MEASURE_H

#include "agents/form/intake.h"

/* separately = prefilled + confirmed + asked + always, at every moment. */
struct told_figures {
	size_t services;
	size_t separately;  /* questions that apply, over all services, as if each stood alone */
	size_t prefilled;   /* told before, filled in, not asked */
	size_t confirmed;   /* told before, read back: "Is this still right?" */
	size_t asked;       /* asked because nobody had told it to this service */
	size_t always;      /* asked every time, because it must be */
	size_t asked_twice; /* `once` questions asked at one service and asked again at another, whatever the reason */
	size_t asked_again; /* `once` and `confirm` questions asked again: the answer given before was not released here
			     */
};

struct told_measure;

TOLD_MUST_USE enum told_status told_measure_new(struct told_measure **out);
void told_measure_free(struct told_measure *measure);

/* Counts a finished intake: the next service that the person came to. Questions whose condition is not met do not
 * count. E_MEMORY; the figures are then of no use. */
TOLD_MUST_USE enum told_status told_measure_visit(struct told_measure *measure, const struct told_intake *intake);

/* The same from an intake as a screen has it (told_intake_json), for whoever has no told_intake. E_MALFORMED: the
 * screen is not of this form; E_MEMORY. */
TOLD_MUST_USE enum told_status told_measure_screen(struct told_measure *measure, const struct told_form *form,
						   const json_t *screen);

/* Whether what was told at `from` may be used at `to`; both are indexes into the forms. */
typedef bool told_may_fn(void *ctx, size_t from, size_t to, unsigned category);

/* Counts forms alone, in the order in which a person meets the services: every question counts, conditions aside. may
 * NULL: everything is permitted. E_MEMORY. */
TOLD_MUST_USE enum told_status told_measure_forms(struct told_measure *measure, const struct told_form *const *forms,
						  size_t count, told_may_fn *may, void *ctx);

struct told_figures told_measure_figures(const struct told_measure *measure);
/* The same of one service alone, by its place in the order of visits; all zero past the last. */
struct told_figures told_measure_service(const struct told_measure *measure, size_t service);
/* {"services", "separately", ..., "again": [codes asked again], "withheld": [{"code", "category", "ask", "at": service,
 * "told_at": [services]}]}, the caller's; withheld is why a code stands in again. E_MEMORY. */
TOLD_MUST_USE enum told_status told_measure_json(const struct told_measure *measure, json_t **out);

#endif
