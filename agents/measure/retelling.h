/* SPDX-License-Identifier: Apache-2.0 */
/* `told measure retelling`: what a person would be asked by a row of services, each on its own and with Told Once.
 * Takes forms of ours (FHIR Questionnaires) and question banks of others; reads files, prints nothing. How it is
 * counted: docs/retelling.md. */
#ifndef TOLD_AGENTS_RETELLING_H
#define TOLD_AGENTS_RETELLING_H

#include "told/bytes.h"

#include <jansson.h>

#define TOLD_RETELLING_FORMS_MAX      64u /* services that one person meets; beyond it a list is made by mistake */
#define TOLD_RETELLING_AGREEMENTS_MAX 8u  /* as many as a case may name */

struct told_retelling_ask {
	/* In the order in which the person meets them: a profile's folder, a Questionnaire (.json) or a bank (.yml). */
	const char *forms[TOLD_RETELLING_FORMS_MAX];
	size_t form_count;
	/* Who asks a form, by its name: "drugs-and-alcohol" -> "SUD". */
	struct {
		const char *form, *party;
	} parties[TOLD_RETELLING_FORMS_MAX];
	size_t party_count;
	const char *mapping; /* of banks; may be NULL where there is none */
	/* Without agreements everything passes that was told: the most that Told Once can save. */
	const char *agreements[TOLD_RETELLING_AGREEMENTS_MAX];
	size_t agreement_count;
	const char *permissions; /* may be NULL: nobody has said yes to anything */
	const char *clock;       /* "2026-11-22T10:00Z" */
};

/* {"forms": [{"form", "party", "listed", FIGURES}], "total": {FIGURES}, "near": n, "sharing": "everything" or
 * "agreements", "withheld": [{"code", "category", "ask", "form", "told_at": [form], "why": code of the ruling}]}, the
 * caller's. FIGURES: separately, prefilled, confirmed, asked, always, asked_twice, asked_again. why gets what is wrong,
 * with its place. E_USAGE: a form without a party where agreements decide; else as the files' readers say. */
TOLD_MUST_USE enum told_status told_retelling_count(const struct told_retelling_ask *ask, json_t **out,
						    struct told_buf *why);

#endif
