/* SPDX-License-Identifier: Apache-2.0 */
/* The rest of a message: sections that our own ruling kept back when it went, and that the log's ruling let go, because
 * the broker had heard of a permission before us. Nobody could open them there. They are kept here until our own ruling
 * lets them go too, and then go under a message of their own. Room-internal. */
#ifndef TOLD_AGENT_WORK_REST_H
#define TOLD_AGENT_WORK_REST_H

#include "agents/agent/core/state.h"
#include "proto/message.h"

#define TOLD_REST_KIND "rest"

enum told_rest_state {
	TOLD_REST_UNSURE = 1, /* no ruling of the log yet, or it is held there */
	TOLD_REST_OWED,       /* the log let it go, and we did not */
	TOLD_REST_CONTACT,    /* it is for the recipient's contact, and goes again to who becomes one later */
};

#define TOLD_REST_KEYS_MAX 16u

/* One section as it was to be sent. */
struct told_rest {
	uint64_t seq;
	enum told_rest_state state;
	struct told_bytes id, message; /* its own, and the message that it was of */
	struct told_bytes client;
	struct told_section_header *header;
	struct told_bytes content;
	struct told_bytes keys; /* of CONTACT: ids of the keys that it was wrapped to, one behind the other */
};

/* ---- rest.c ---- */

/* Keeps the sections of a message whose bits are set. What is too large to keep is logged; the message goes all the
 * same. */
enum told_status told_rest_keep(struct told_agent *agent, const struct told_header *header,
				const struct told_plain_section *sections, size_t count, uint64_t bits);
/* The same of what was for the recipient's contact, with the keys that it was wrapped to: kept while the conference
 * goes on. */
enum told_status told_rest_keep_contact(struct told_agent *agent, const struct told_header *header,
					const struct told_plain_section *sections, size_t count, uint64_t bits,
					struct told_bytes keys);
/* The log has ruled the message: what its ruling released is owed now, the rest of the rest is forgotten. Held changes
 * nothing. */
enum told_status told_rest_ruled(struct told_agent *agent, const struct told_outbox_row *row);
/* The next of a person's; TOLD_E_NOT_FOUND after the last. */
enum told_status told_rest_next(struct told_agent *agent, struct told_bytes client, uint64_t after,
				struct told_rest *out);
enum told_status told_rest_drop(struct told_agent *agent, const struct told_rest *rest);
/* Of which messages sections are owed still, and how many: read once, for who lists messages. The caller's, whatever
 * the status. */
#define TOLD_REST_DEBTS_MAX (1u << 20)
struct told_rest_debts {
	struct told_rest_debt {
		uint8_t message[TOLD_ID_BYTES];
		size_t sections;
	} * items;
	size_t count, cap;
};
enum told_status told_rest_debts(struct told_agent *agent, struct told_rest_debts *out);
size_t told_rest_owed(const struct told_rest_debts *debts, struct told_bytes message);
void told_rest_debts_free(struct told_rest_debts *debts);
/* Has everybody looked at again to whom something is owed about somebody. */
enum told_status told_rest_touch(struct told_agent *agent);

/* ---- rest_contact.c ---- */

/* Whether what was said in a conference (first) is to go again: somebody is a contact there now who has no key to it.
 * *over: the conference or the recipient's part in it has ended, and nothing goes any more. */
enum told_status told_rest_to_contact(struct told_agent *agent, const struct told_header *first, struct told_bytes keys,
				      bool *goes, bool *over);
/* As what it is said again: enum told_conference_event; 0: it is not. */
uint32_t told_rest_event(uint32_t type);

/* ---- rest_send.c ---- */

/* Sends what is owed of a person and may go now, one message for each that it is the rest of. */
enum told_status told_rest_send(struct told_agent *agent, struct told_bytes client);

#endif
