/* SPDX-License-Identifier: Apache-2.0 */
/* Laying the facts on the table: from signed headers, directory and person to the question that told_decide answers.
 * The broker and the originating agent lay the same table. Everything made lives in the caller's arena. */
#ifndef TOLD_RULE_TABLE_H
#define TOLD_RULE_TABLE_H

#include "broker/decide/decide.h"
#include "broker/rule/person.h"

/* The party name under which the broker's operator appears. */
#define TOLD_BROKER_PARTY "broker"

/* What one recipient was given of the message that a correction follows: categories, of free text what it was
 * classified as. */
struct told_given {
	struct told_bytes party;
	struct told_catset released;
};
/* All of it; the message is of the correction's own sender, and about the same person. */
struct told_about {
	const struct told_given *given;
	size_t count;
};

/* A referral of the sender's own that is held, and not in any person's facts yet: a CANCEL takes it back. */
struct told_held_referral {
	struct told_bytes id, recipient;
};

/* What questions are laid from; all borrowed. person is NULL where the reference is not known or nobody is spoken of;
 * about is NULL where the message follows none, or one that gave nobody anything. */
struct told_table {
	const struct told_directory *directory;
	struct told_parties *parties;
	const struct told_person *person;
	const struct told_about *about;
	const struct told_held_referral *held; /* NULL: none that the message names */
	struct told_when when;
};

/* The question of one message for one recipient. sections: decoded section headers in the body's order. queued:
 * accepted earlier and ruled again. recipient may be empty: of what goes to the broker only. */
TOLD_MUST_USE enum told_status told_table_message(const struct told_table *table, struct told_arena *arena,
						  const struct told_header *header,
						  struct told_section_header *const *sections, size_t section_count,
						  struct told_bytes recipient, bool queued, struct told_question *out);

/* One deposited section, as an ask or a grant looks at it. */
struct told_deposit_facts {
	struct told_bytes id;         /* of the DEPOSIT message */
	struct told_bytes originator; /* who deposited it */
	struct told_section_header *section;
};

/* The question of an ASK to one holder: ruled as the answer it asks for, the holder being the sender. */
TOLD_MUST_USE enum told_status told_table_ask(const struct told_table *table, struct told_arena *arena,
					      const struct told_header *ask, struct told_bytes holder,
					      const struct told_deposit_facts *deposits, size_t count,
					      struct told_question *out);

/* What a wrap may rest on. */
struct told_grant_basis {
	const struct told_agreement *agreement;
	told_clause clause;
	uint8_t consent_id[TOLD_ID_BYTES]; /* zero: the flow needs none */
	uint32_t purpose;                  /* enum told_purpose */
};

/* Whether some purpose of some flow would release this deposited section to this recipient, asked by its whole team:
 * what a GRANT is ruled by. TOLD_OK with *basis; TOLD_E_REFUSED when none would; TOLD_E_MEMORY. */
TOLD_MUST_USE enum told_status told_table_grant(const struct told_table *table, struct told_arena *arena,
						const struct told_deposit_facts *deposit, struct told_bytes recipient,
						struct told_grant_basis *basis);

#endif
