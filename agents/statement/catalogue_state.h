/* SPDX-License-Identifier: Apache-2.0 */
/* What a catalogue is made of. Private to catalogue*.c. */
#ifndef TOLD_STATEMENT_CATALOGUE_STATE_H
#define TOLD_STATEMENT_CATALOGUE_STATE_H

#include "agents/statement/catalogue.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct told_catalogue {
	json_t *json; /* judged: every text that is asked for is there */
};

struct told_catalogue_row {
	const char *key, *slots;
};
extern const struct told_catalogue_row told_catalogue_keys[TOLD_SAY_COUNT];

/* The bytes of words/en.json (written by the build). */
extern const unsigned char told_catalogue_english_json[];
extern const size_t told_catalogue_english_size;

#endif
