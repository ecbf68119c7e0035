/* SPDX-License-Identifier: Apache-2.0 */
/* Worked cases as YAML files: read, ruled and compared as decision.md 6.1 demands. What a case does not say is filled
 * in as that section says. Touches told_decide and the agreement loader; reads files, prints nothing. */
#ifndef TOLD_TEST_FIXTURE_H
#define TOLD_TEST_FIXTURE_H

#include "told/status.h"
#include <stdbool.h>

/* Called once a case: why is empty when it passed, else what was expected and what came. */
typedef void (*told_fixture_fn)(void *ctx, const char *id, bool passed, const char *why);

/* Runs every case of a file; agreements is the folder with the agreement files that the cases name. E_NOT_FOUND when
 * the file is not there, E_MALFORMED when it or an agreement cannot be read: each then says so through fn with its
 * place. */
TOLD_MUST_USE enum told_status told_fixtures_run(const char *file, const char *agreements, told_fixture_fn fn,
						 void *ctx);

#endif
