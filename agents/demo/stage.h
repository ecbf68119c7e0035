/* SPDX-License-Identifier: Apache-2.0 */
/* What the scenes of the demo share: the folder, the five daemons, what was said, what was counted. Room-internal. */
#ifndef TOLD_DEMO_STAGE_H
#define TOLD_DEMO_STAGE_H

#include "agents/demo/child.h"
#include "agents/demo/options.h"
#include "agents/form/measure.h"
#include "agents/profile/profile.h"
#include "told/limits.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>

#define TOLD_DEMO_CALL_MS  60000 /* one command; most take a few hundredths of a second */
#define TOLD_DEMO_READY_MS 20000 /* a daemon to be ready, also under a sanitizer on a busy machine */
#define TOLD_DEMO_STATE_MS 15000 /* a state to come about that several daemons bring about together */

enum told_demo_who { TOLD_DEMO_HOUSING, TOLD_DEMO_THERAPIES, TOLD_DEMO_DRUGS, TOLD_DEMO_WORK, TOLD_DEMO_AGENCIES };

struct told_demo_agency {
	struct told_profile *profile; /* id, name, what it is called in a sentence */
	struct told_form *form;
	char folder[PATH_MAX]; /* its profile's */
	char dir[PATH_MAX], token[PATH_MAX];
	char fingerprint[80]; /* of its identity key, as read out */
	pid_t agent;          /* 0: stopped */
};

struct told_demo {
	struct told_demo_options options;
	char bin[PATH_MAX], data[PATH_MAX], dir[PATH_MAX];
	FILE *out; /* the story */
	bool colour;
	unsigned scene;
	int64_t began_ms;
	struct told_buf why; /* after a failure: what happened, why, what to do */

	struct told_demo_ready ready;
	pid_t broker;
	struct told_demo_agency agencies[TOLD_DEMO_AGENCIES];
	char agreement[PATH_MAX]; /* its file */

	char client[64];   /* Sam's reference, as on the card */
	char mother[64];   /* Jean's */
	char referred[64]; /* the referral to Talking Therapies */
	json_t *answers;   /* what Sam would answer, by the code of the question */
	json_t *household; /* what Jean tells; the names and what else must be found nowhere */

	/* --input: sections to tell at Housing, the request that the referral repeats ({"from", "category", "note"}) */
	json_t *imported, *referral;
	struct {
		size_t files, imported, refused, aliased;
	} input;

	struct told_measure *measure; /* the questions of the intakes */
	json_t *figures;              /* what happened: figures.h */
	int audit_exit;               /* of the last verification */
};

/* ---- stage.c: the folder and the daemons ---- */

/* Programs, data, profiles and answers; starts nothing. */
TOLD_MUST_USE enum told_status told_demo_open(struct told_demo *demo);
/* A data file of the demo as JSON, the caller's. */
TOLD_MUST_USE enum told_status told_demo_read(struct told_demo *demo, const char *name, json_t **out);
/* Stops the daemons, frees everything but the folder. */
void told_demo_close(struct told_demo *demo);
TOLD_MUST_USE enum told_status told_demo_start_broker(struct told_demo *demo);
TOLD_MUST_USE enum told_status told_demo_start_agent(struct told_demo *demo, struct told_demo_agency *agency);
TOLD_MUST_USE enum told_status told_demo_stop_agent(struct told_demo *demo, struct told_demo_agency *agency);
/* All five, in order, so that what they keep is whole on the disk. */
TOLD_MUST_USE enum told_status told_demo_stop_all(struct told_demo *demo);
/* The folder and NAME, or TOLD_E_LIMIT. */
TOLD_MUST_USE enum told_status told_demo_path(struct told_demo *demo, char out[PATH_MAX], const char *dir,
					      const char *name);
/* What a party is called in a sentence; the id itself for one that is none of the four. */
const char *told_demo_called(const struct told_demo *demo, const char *party);
/* Sets why, and hands the status on. */
__attribute__((format(printf, 3, 4))) enum told_status told_demo_fail(struct told_demo *demo, enum told_status status,
								      const char *format, ...);

/* ---- command.c: the command told, as a worker types it ---- */

#define TOLD_WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

struct told_demo_command {
	const struct told_demo_agency *agency; /* whose worker types it; NULL: the operator */
	const char *const *words;
	struct told_bytes input; /* standard input */
	bool shown;              /* printed, so that it can be tried again */
};

/* Runs it with --json. *reply is the caller's, NULL when there is none. TOLD_OK; TOLD_E_REFUSED (exit 4) and
 * TOLD_E_TIMEOUT (exit 7) with the reply that came; everything else with why. */
TOLD_MUST_USE enum told_status told_demo_run(struct told_demo *demo, const struct told_demo_command *command,
					     json_t **reply);
/* The same, quiet, without input, where only success will do. */
TOLD_MUST_USE enum told_status told_demo_told(struct told_demo *demo, const struct told_demo_agency *agency,
					      const char *const *words, json_t **reply);

/* The same, shown: success is needed, and the reply is not. */
TOLD_MUST_USE enum told_status told_demo_do(struct told_demo *demo, enum told_demo_who who, const char *const *words);
/* Shown, and meant to be refused: passed says what it would be if it passed, which ends the demo. */
TOLD_MUST_USE enum told_status told_demo_not(struct told_demo *demo, enum told_demo_who who, const char *const *words,
					     const char *passed);

/* Looks at a reply: TOLD_OK when the state has come about, TOLD_E_BUSY while not; all else ends the wait. */
typedef enum told_status told_demo_look(struct told_demo *demo, const json_t *reply, void *ctx);
/* Asks again until the state has come about; what says what was waited for. TOLD_E_TIMEOUT. */
TOLD_MUST_USE enum told_status told_demo_until(struct told_demo *demo, const struct told_demo_agency *agency,
					       const char *const *words, told_demo_look *look, void *ctx,
					       const char *what);

#endif
