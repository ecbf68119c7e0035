/* SPDX-License-Identifier: Apache-2.0 */
/* A log and a witness with known keys, who have signed exactly one text. */
#ifndef TOLD_TEST_FUZZ_LOG_H
#define TOLD_TEST_FUZZ_LOG_H

#include "told/proof.h"

#define FUZZ_ORIGIN  "northtown/1"
#define FUZZ_WITNESS "housing"
#define FUZZ_TIME_S  UINT64_C(1795000000)

/* The one text that was ever signed: a checkpoint of size 5. */
#define FUZZ_TEXT FUZZ_ORIGIN "\n5\nAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\n"

/* Made once: the log's key, then the witness's. */
const struct told_vkey *fuzz_vkeys(void);
/* The note with the log's signature, and with the witness's line. Borrowed. */
struct told_bytes fuzz_note(void);
struct told_bytes fuzz_cosigned_note(void);
/* The witness's line alone. */
struct told_bytes fuzz_line(void);

#endif
