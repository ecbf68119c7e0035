/* SPDX-License-Identifier: Apache-2.0 */
/* What was typed behind `told demo`. Room-internal. */
#ifndef TOLD_DEMO_OPTIONS_H
#define TOLD_DEMO_OPTIONS_H

#include <stdbool.h>

struct told_demo_options {
	const char *dir;   /* --dir: made if absent, refused if not empty, kept; NULL: a fresh one */
	const char *json;  /* --json: where the figures go, "-" is standard output; NULL: nowhere */
	const char *input; /* --input: a folder of FHIR files that drive the referral; NULL: none */
	bool keep;         /* --keep: the folder stays */
	bool tamper;       /* --break: one byte of a copy of the log is changed */
	bool plain;        /* --no-color */
};

/* Fills out, borrowing argv. Gives -1 to go on, else the exit code: help was asked for, or something is wrong and
 * stderr says what. */
int told_demo_options_read(int argc, char **argv, struct told_demo_options *out);

#endif
