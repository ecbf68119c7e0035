/* SPDX-License-Identifier: Apache-2.0 */
/* FHIR R4 JSON taken over into story sections, referrals and permissions (issue item 9, protocol section 3).
 * Nothing is guessed and nothing is dropped in silence: each resource of a file gets exactly one outcome line. */
#ifndef TOLD_IMPORT_H
#define TOLD_IMPORT_H

#include "told/bytes.h"
#include "told/vocabulary.h"
#include <stdio.h>

#define TOLD_IMPORT_NO_TIME INT64_MIN /* the file does not say */
#define TOLD_IMPORT_NONE    SIZE_MAX  /* no such index */

/* Code systems of our own, and what an agency's form says about an item (the profiles use them). */
#define TOLD_IMPORT_CATEGORY_URL "https://told-once.example/fhir/category"
#define TOLD_IMPORT_PURPOSE_URL  "https://told-once.example/fhir/purpose"

/* One code whose category the caller knows, for example from its profile's form; wins over the built-in table. */
struct told_import_code {
	struct told_bytes system, code;
	unsigned category;
};

/* One organisation of the partnership as files name it ("Organization/123", or "system|value" of its identifier). */
struct told_import_party {
	struct told_bytes reference, party;
};

/* All may be empty; borrowed for the call. */
struct told_import_options {
	const struct told_import_code *codes;
	size_t code_count;
	const struct told_import_party *parties;
	size_t party_count;
};

enum told_import_outcome { TOLD_IMPORT_REFUSED, TOLD_IMPORT_IMPORTED };

/* The outcome line of a resource. type and id are "-" when the resource has none that may be printed. */
struct told_import_resource {
	enum told_import_outcome outcome;
	const char *type, *id;
	const char *why;   /* how it was taken over, or why not */
	const char *where; /* FHIRPath of the element; line:column when the file could not be read at all */
};

/* A section to tell. original is the whole resource, which may hold more than this section: keep it in the vault of the
 * agency that imports, beside the section, and never send it along. */
struct told_import_section {
	size_t resource; /* index of its outcome line */
	unsigned category;
	struct told_catset classified; /* all must pass; empty: a worker classifies it before it goes anywhere */
	bool free_text;                /* it has words of its own beside its items */
	bool verified;                 /* a confirmed condition alone; a file verifies nothing, a worker does */
	bool confidential;
	unsigned voice; /* enum told_voice; the careful one where a file does not say */
	int64_t recorded_at_ms;
	struct told_bytes subject;  /* whom it is about, as the file names them; may be empty */
	struct told_bytes told_by;  /* who said it, as the file names them; may be empty */
	struct told_bytes json;     /* the section's plaintext (agents/story/section.h) */
	struct told_bytes original; /* bytes of the resource as they stood in the file */
};

/* A ServiceRequest, or a Task that asks for one to be done. */
struct told_import_referral {
	size_t resource;
	bool task;
	unsigned state; /* enum told_referral_state */
	size_t section; /* what is asked for; TOLD_IMPORT_NONE when the file does not say */
	int64_t authored_at_ms;
	struct told_bytes reference; /* "ServiceRequest/id", or "Task/id" */
	struct told_bytes focus;     /* of a task: what it is about; else what the request is based on; may be empty */
	struct told_bytes priority;  /* routine, urgent, asap, stat; may be empty */
	struct told_bytes subject, requester, performer; /* as the file names them; may be empty */
	struct told_bytes original;
};

/* A Consent that the model honours to the letter. It carries no evidence and no notice: until a worker adds them a
 * permission is held (CON-16), while a refusal counts at once. */
struct told_import_permission {
	size_t resource;
	unsigned kind, state, giver; /* enum told_consent_kind, told_consent_state, told_giver */
	int64_t given_at_ms, from_ms, until_ms, window_from_ms, window_until_ms; /* half-open; NO_TIME: no bound */
	struct told_bytes_list recipients, excluded_recipients; /* party ids; of a refusal, none means everybody */
	uint64_t purposes;                                      /* bit (purpose - 1); of a refusal, none means every */
	struct told_catset categories, excluded;                /* of a refusal, none means every */
	struct told_bytes subject, custodian, original;
};

/* A Questionnaire: its question codes serve the answers in the same file. */
struct told_import_form {
	size_t resource;
	size_t questions;
	struct told_bytes url, version, title, original;
};

/* All of one file; borrowed views live as long as it does. */
struct told_import {
	struct told_arena *arena;
	bool understood; /* false: no JSON, or no FHIR resource, or beyond a limit; then there is one line */
	struct told_import_resource *resources;
	size_t resource_count;
	struct told_import_section *sections;
	size_t section_count;
	struct told_import_referral *referrals;
	size_t referral_count;
	struct told_import_permission *permissions;
	size_t permission_count;
	struct told_import_form *forms;
	size_t form_count;
	struct told_bytes subject; /* the one person this file is about; empty when it names nobody */
};

/* Reads one file's bytes (copied). A refusal is no failure: it is in the lines. TOLD_E_MEMORY (the
 * arena's ceiling included) and TOLD_E_INTERNAL only; *out is NULL then. options may be NULL. */
TOLD_MUST_USE enum told_status told_import_read(struct told_bytes file, const struct told_import_options *options,
						struct told_import **out);
void told_import_free(struct told_import *import);

/* The same from a path, with the size judged before the file is read. A file that cannot be read gives one refused
 * line and understood false. */
TOLD_MUST_USE enum told_status told_import_file(const char *path, const struct told_import_options *options,
						struct told_import **out);

/* told import --check: one line a resource, "imported|refused  FILE  Type/id  why  where", or with json a list of
 * objects with the members outcome, file, type, id, why, where. Needs no agent. Returns the exit code: 0 when every
 * file was understood or properly refused, 1 when one is no JSON, no FHIR, unreadable or beyond a limit, or when out
 * could not be written. */
int told_import_check(const char *const *paths, size_t count, FILE *out, bool json);

#endif
