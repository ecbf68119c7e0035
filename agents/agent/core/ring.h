/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that an agency renews by itself, and our own records of them in the log. Room-internal. */
#ifndef TOLD_AGENT_CORE_RING_H
#define TOLD_AGENT_CORE_RING_H

#include "agents/agent/core/state.h"

/* The identity key is not among them: its fingerprint stands in agreements, so a new one is a new version of each. */
struct told_key_job {
	const char *word;
	enum told_agency_key key;
	enum told_key_purpose purpose;
};
#define TOLD_KEY_JOBS 4u
extern const struct told_key_job told_key_jobs[TOLD_KEY_JOBS];

/* Our record of a key; NULL when the log has none that we know. Lives until the next fact. */
const struct told_key *told_key_record_of(const struct told_agent *agent, enum told_key_purpose purpose,
					  const uint8_t key[TOLD_KEY_BYTES]);
/* "current", "retired"; static. */
const char *told_key_standing_word(enum told_key_standing standing);
/* The next of our records after *cursor (0 at first) of this purpose (TOLD_KEY_NONE: of any). NULL past the last. */
const struct told_key *told_key_record_next(const struct told_agent *agent, enum told_key_purpose purpose,
					    size_t *cursor);

#endif
