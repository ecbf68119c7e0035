/* SPDX-License-Identifier: Apache-2.0 */
/* Worked cases: a question to the decision written out in YAML, with the answer that it should get. Reads a file of
 * them, or makes one out of a request, fills in what decision.md 6.1 says goes without saying, and compares as that
 * section demands. For `told decide` and the tests; reads files, prints nothing, rules only through told_decide. */
#ifndef TOLD_CASES_H
#define TOLD_CASES_H

#include "broker/agree/fault.h"
#include "broker/agree/party.h"
#include "broker/decide/decide.h"

/* One file of cases is read whole; the table of the specification takes 80 KiB. */
#define TOLD_CASES_FILE_MAX_BYTES 4194304u

/* ---- a file of cases ---- */

struct told_casebook;

/* Reads a file. Agreements that its cases name stand in the folder `agreements` beside it ("ISA-MD3"), or at the path
 * that they name ("../real/isa.yaml"). E_NOT_FOUND, E_SYSTEM; E_MALFORMED: not YAML, no list `cases`, a key or word
 * that no case has, with its place in faults; E_LIMIT, E_MEMORY. *out is NULL then. path and faults live as long as the
 * book. */
TOLD_MUST_USE enum told_status told_casebook_open(const char *path, struct told_faults *faults,
						  struct told_casebook **out);
void told_casebook_close(struct told_casebook *book);

size_t told_casebook_count(const struct told_casebook *book);
/* The id of the case at a place; "" where it has none. Lives as long as the book. */
const char *told_casebook_id(const struct told_casebook *book, size_t index);

/* A request typed in words, as a book of one case that expects nothing. */
struct told_case_request {
	const char *const *agreements; /* paths; the message names the first, the others are on file */
	size_t agreement_count;
	const char *from, *to, *type; /* parties; a message type */
	const char *clock;            /* "2026-11-22T10:00Z" */
	const char *const *purposes, *const *sections;
	size_t purpose_count, section_count;
	const char
		*facts; /* a file with `consents`, `person`, `relationships` and so on, as a case has them; or NULL */
	bool in_touch;  /* the recipient works with the person, where facts does not say who does */
};

/* As told_casebook_open. The request is borrowed as long as the book. */
TOLD_MUST_USE enum told_status told_casebook_ask(const struct told_case_request *request, struct told_faults *faults,
						 struct told_casebook **out);

/* ---- one case ---- */

struct told_case;

/* Reads the case at a place with its agreements. E_MALFORMED with its place in the book's faults; E_MEMORY. */
TOLD_MUST_USE enum told_status told_case_open(const struct told_casebook *book, size_t index, struct told_case **out);
void told_case_close(struct told_case *c);

const char *told_case_title(const struct told_case *c);
/* Why we think that the table's own expectation is wrong; NULL where nobody disputes it. */
const char *told_case_disputed(const struct told_case *c);

/* One ruling a recipient: how many there are, and the question for each. The question is the case's, and stands until
 * the next call. */
size_t told_case_recipients(const struct told_case *c);
const struct told_question *told_case_question(struct told_case *c, size_t recipient);
/* What the numbers of its questions are called: parties, and the sections in their order. */
const struct told_parties *told_case_parties(const struct told_case *c);
const char *const *told_case_labels(const struct told_case *c);

/* Rules it for every recipient; true when all is as it expects, else why says what differs. */
bool told_case_holds(struct told_case *c, struct told_buf *why);

/* ---- all cases of a file ---- */

struct told_case_outcome {
	const char *file, *id; /* id NULL: the file itself, or a case without one */
	bool passed;
	const char *disputed; /* as told_case_disputed */
	const char *why;      /* "" when it passed */
};
typedef void told_case_fn(void *ctx, const struct told_case_outcome *outcome);

/* Runs a file, or every .yaml of a folder (not those of its folders) in the order of their names, and tells fn of each
 * case. What cannot be read is told as failed, with its place. E_NOT_FOUND when there is no such path or no case in
 * it; E_MEMORY. */
TOLD_MUST_USE enum told_status told_cases_run(const char *path, told_case_fn *fn, void *ctx);

#endif
