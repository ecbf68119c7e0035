/* SPDX-License-Identifier: Apache-2.0 */
/* Whom each worker does not see: workers named for the alleged perpetrator or the household of a conference, and the
 * person whom the conference is about; workers whom a person excluded; and whatever else told_agent_as finds.
 * Room-internal. */
#ifndef TOLD_AGENT_CORE_SIGHT_H
#define TOLD_AGENT_CORE_SIGHT_H

#include "agents/agent/core/request.h"
#include "agents/sight/book.h"

/* A conference's book; book is the caller's. id: of its row in the vault. */
struct told_sight_book {
	struct told_bytes conference, client;
	uint8_t id[TOLD_ID_BYTES];
	json_t *book;
};
/* A fresh one where nobody was named yet. */
enum told_status told_sight_open(struct told_agent *agent, struct told_bytes conference, struct told_bytes client,
				 struct told_sight_book *out);
enum told_status told_sight_save(struct told_agent *agent, const struct told_sight_book *book);
/* The next conference, also one that is over, whose names are to be looked at again since months have passed; after: 0,
 * then as it was left. conference: TOLD_ID_BYTES. TOLD_E_NOT_FOUND after the last. */
enum told_status told_sight_next_due(struct told_agent *agent, uint64_t now_ms, uint64_t *after,
				     uint8_t conference[TOLD_ID_BYTES]);
/* Reads all books anew: at the start, and after each that was saved and committed. */
enum told_status told_sight_load(struct told_agent *agent);
/* Everything is seen, and the list of whom this worker does not see begins with those of the books and exclusions;
 * *known: nothing was written since it was last made for them, and it stands. */
enum told_status told_sight_begin(struct told_agent *agent, const struct told_caller *caller, bool *known);
enum told_status told_sight_add(struct told_agent *agent, const uint8_t client[TOLD_ID_BYTES]);
/* From here on they are not seen. outside: nor are MARACs that wait for names, for this is not our contact. */
void told_sight_end(struct told_agent *agent, const struct told_caller *caller, bool outside);
void told_sight_free(struct told_agent *agent);
/* Whoever may not see a person does not see them under another reference either. */
enum told_status told_sight_follow(struct told_agent *agent, struct told_bytes from, struct told_bytes to);
/* ---- unnamed.c: until the contact has named ---- */

/* The conference that a message is of; empty: of none. */
struct told_bytes told_conference_of(const struct told_header *header);
/* Before a message of our own, or one that came, is put down: if it is of a MARAC that waits for names, nobody but our
 * contact and who called it here sees it, nor anything that follows from it. */
enum told_status told_unnamed_keep(struct told_agent *agent, const struct told_header *header);

/* The worker is named anywhere: no machine's statement goes in their name. */
bool told_sight_is_named(const struct told_agent *agent, struct told_bytes worker);

#endif
