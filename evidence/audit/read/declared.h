/* SPDX-License-Identifier: Apache-2.0 */
/* What agreements say may be sent: the agreements that were signed in the log, or files; and whether something that was
 * sent stands in them. */
#ifndef TOLD_AUDIT_READ_DECLARED_H
#define TOLD_AUDIT_READ_DECLARED_H

#include "broker/agree/agreement.h"
#include "broker/agree/party.h"
#include "evidence/audit/base/options.h"
#include "evidence/audit/read/store.h"

struct told_declared {
	struct told_parties *parties;
	struct told_agreement **items; /* owned */
	size_t count;
};

/* Zeroed before; told_declared_free also after failure. */
TOLD_MUST_USE enum told_status told_declared_init(struct told_declared *declared);
void told_declared_free(struct told_declared *declared);

/* Every file that an AGREEMENT_SIGN in the store carries and whose hash it states, once each. One that does not load is
 * left out: nothing could rest on it. */
TOLD_MUST_USE enum told_status told_declared_store(struct told_declared *declared, struct told_audit_store *store);
/* These files instead. TOLD_E_CONFIG, or as told_audit_read: err says which file and what is wrong with it. */
TOLD_MUST_USE enum told_status told_declared_files(struct told_declared *declared, const struct told_words *files,
						   FILE *err);

/* What was sent, as far as an agreement speaks of it. from and to: numbers of declared->parties; from 0: not known. */
struct told_sent {
	uint32_t from, to, category; /* category 0: a header alone */
	uint64_t types;              /* TOLD_BIT64(type), or-ed */
	uint32_t purposes;           /* TOLD_BIT32(purpose), or-ed */
	struct told_bytes agreement, clause;
	uint32_t version;
};

enum told_standing {
	TOLD_STANDING_NO_AGREEMENT, /* from here: not declared, and why */
	TOLD_STANDING_NO_CLAUSE,
	TOLD_STANDING_SENDER,
	TOLD_STANDING_RECIPIENT,
	TOLD_STANDING_CATEGORY,
	TOLD_STANDING_PURPOSE,
	TOLD_STANDING_TYPE,
	TOLD_STANDING_NEVER_SEEN, /* declared, and nothing was sent */
	TOLD_STANDING_OVERRIDE,   /* declared, as what an override may open */
	TOLD_STANDING_DECLARED,
	TOLD_STANDING_COUNT
};

enum told_standing told_declared_judge(const struct told_declared *declared, const struct told_sent *sent);
/* "not declared: ...", static. */
const char *told_standing_words(enum told_standing standing);
static inline bool told_standing_differs(enum told_standing standing)
{
	return standing < TOLD_STANDING_NEVER_SEEN;
}

/* The newest version of its id that is here. */
bool told_declared_newest(const struct told_declared *declared, const struct told_agreement *agreement);

#endif
