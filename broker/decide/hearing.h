/* SPDX-License-Identifier: Apache-2.0 */
/* The working state of one ruling: what the stages read and what they have found so far. Private to this room.
 * Lives on the stack of told_decide; points into the question. */
#ifndef TOLD_DECIDE_HEARING_H
#define TOLD_DECIDE_HEARING_H

#include "broker/decide/codes.h"

#include <string.h>

enum told_stage {
	TOLD_STAGE_ENVELOPE,
	TOLD_STAGE_PARTIES,
	TOLD_STAGE_AGREEMENT,
	TOLD_STAGE_PERSON,
	TOLD_STAGE_LAW,
	TOLD_STAGE_OVERRIDE,
	TOLD_STAGE_CONSENT,
	TOLD_STAGE_FILTERS,
	TOLD_STAGE_COMBINE,
	TOLD_STAGE_COUNT
};

/* What a message type is to the stages; bits. */
enum told_trait {
	TOLD_TRAIT_ADMIN = 1 << 0,     /* only stages 0, 1 and 8 are asked */
	TOLD_TRAIT_RIGHT = 1 << 1,     /* rests on a right: no stage 2, 4, 6, 7 */
	TOLD_TRAIT_FOLLOWS = 1 << 2,   /* follows the message it is about: no stage 2, 4, 6 */
	TOLD_TRAIT_REQUEST = 1 << 3,   /* ruled as the answer it asks for */
	TOLD_TRAIT_CONF = 1 << 4,      /* belongs to a case conference */
	TOLD_TRAIT_EVENT = 1 << 5,     /* moves a referral */
	TOLD_TRAIT_NO_PERSON = 1 << 6, /* speaks of nobody */
	TOLD_TRAIT_MACHINE = 1 << 7    /* may be signed without a worker */
};

/* A set of codes, by place in the table. */
struct told_codeset {
	uint64_t w[2];
};

/* One section on its way through the stages. */
struct told_item {
	const struct told_section_facts *facts;
	const struct told_basis_facts *basis;   /* stated; all zero when none is */
	const struct told_flow *flow;           /* that carries it; NULL under an override, or when none does */
	const struct told_basis_lists *grounds; /* of the flow or profile; NULL when there is neither */
	struct told_catset leaves;              /* its category; of free text what it was classified as */
	bool blank;                             /* free text that nobody classified */
	bool health; /* special by nature, or sent to or from a party where being known reveals it */
	bool criminal;
	bool beyond;                        /* override: beyond the first set */
	bool outside;                       /* override: not in the profile at all */
	uint8_t stage;                      /* first that stopped it; TOLD_STAGE_COUNT: none has */
	uint8_t effect;                     /* enum told_section_effect, at that stage */
	uint16_t code;                      /* lowest of that stage */
	uint16_t notice;                    /* passed over by an override */
	uint16_t pass;                      /* what lets it go, if nothing stops it */
	const struct told_consent *consent; /* grant used, or the record that came closest */
};

#define TOLD_CANDIDATES_MAX 32u

struct told_hearing {
	const struct told_question *q;
	const struct told_message_facts *m;
	uint32_t traits;
	/* who gives and who gets: a request is ruled as its answer */
	uint32_t giver, taker, taker_team;
	uint8_t taker_role;
	uint32_t taker_worker;
	uint32_t purposes;
	uint8_t type; /* the type that a flow must list */
	/* never NULL: a row of unknown standing where the directory has none */
	const struct told_directory_facts *sender, *recipient;
	const struct told_agreement_facts *named; /* the agreement that the header names; NULL: there is none */
	const struct told_agreement *agreement;   /* its text; an empty one where there is none */
	const struct told_party *giver_line, *taker_line;
	uint32_t giver_signed, taker_signed;
	const struct told_profile *profile; /* under an override, once found */
	bool overriding, alert, mandatory_report, author_may_not;
	const struct told_flow *candidates[TOLD_CANDIDATES_MAX]; /* this pair, every purpose, this type */
	struct told_catset carried[TOLD_CANDIDATES_MAX];         /* by each, access needs included */
	size_t candidate_count;
	size_t superseding;              /* the first record that takes another's place; their count when none does */
	uint8_t stops[TOLD_STAGE_COUNT]; /* enum told_effect of the message at each stage; NONE: it goes on */
	struct told_codeset failed, noticed;
	size_t item_count;
	struct told_item items[TOLD_SECTIONS_MAX]; /* last: only the first item_count are written */
};

/* Looks up parties, agreement and types; splits the message into items. */
void told_hearing_open(struct told_hearing *h, const struct told_question *question);

/* What a check reports. Under an override the code's own rule (codes_table.h) turns a stop into a notice or drops it.
 */
void told_stop_message(struct told_hearing *h, unsigned code, enum told_effect effect);
void told_stop_section(struct told_hearing *h, struct told_item *item, unsigned code, enum told_section_effect effect);
void told_notice(struct told_hearing *h, unsigned code);
/* Reports a code that a message or sections may bear, whatever the override's table says of it. */
void told_stop_always(struct told_hearing *h, unsigned code, enum told_effect effect);

bool told_codeset_has(const struct told_codeset *set, unsigned code);
void told_codeset_add(struct told_codeset *set, unsigned code);

/* The stages, in order. */
void told_stage_envelope(struct told_hearing *h);
void told_stage_parties(struct told_hearing *h);
void told_stage_agreement(struct told_hearing *h);
void told_stage_person(struct told_hearing *h);
void told_stage_law(struct told_hearing *h);
/* Finds the profile of an override, whose grounds stage 4 reads. */
void told_find_profile(struct told_hearing *h);
void told_stage_override(struct told_hearing *h);
void told_stage_consent(struct told_hearing *h);
void told_stage_filters(struct told_hearing *h);
void told_stage_combine(struct told_hearing *h, struct told_decision *out);
void told_set_obligations(const struct told_hearing *h, struct told_decision *out);

/* ---- look-ups that several stages share ---- */

/* A row of unknown standing for who is in no directory. */
const struct told_directory_facts *told_find_in_directory(const struct told_question *q, uint32_t party);
const struct told_party *told_find_line(const struct told_agreement *agreement, uint32_t party);
const struct told_worker_facts *told_find_worker(const struct told_question *q, uint32_t worker);
bool told_worker_is_live(const struct told_worker_facts *worker, uint32_t party, int64_t t_utc_ms);
bool told_marked(const struct told_party *line, unsigned mark);
/* A party to the agreement; who is paper or a person need only be named by a flow or profile. */
bool told_is_party(const struct told_agreement *agreement, uint32_t party);
bool told_agreement_in_force(const struct told_agreement *agreement, int64_t t_utc_ms);
/* In force from `from` up to, not including, `until`; 0 in until: open. */
static inline bool told_within(int64_t from, int64_t until, int64_t t)
{
	return t >= from && (until == 0 || t < until);
}

/* ---- consents (consents.c) ---- */

/* Another record explicitly takes the place of this one. */
bool told_consent_superseded(const struct told_hearing *h, const struct told_consent *consent);
/* The refusal stands for this recipient and for some asserted purpose. */
bool told_refusal_stands(const struct told_hearing *h, const struct told_consent *consent);
/* Some refusal or withdrawal of the kinds asked stands for the recipient and purposes of the message. */
bool told_person_said_no(const struct told_hearing *h, bool wishes_too, bool withdrawals_too);
/* Withdrawn, wholly or for this recipient, these purposes and this category (0: for any), by now. */
bool told_consent_withdrawn(const struct told_hearing *h, const struct told_consent *consent, unsigned category);
/* Whether a grant has ended by itself, and when it does. */
bool told_consent_over(const struct told_hearing *h, const struct told_consent *consent, const struct told_flow *flow);
int64_t told_consent_end(const struct told_hearing *h, const struct told_consent *consent,
			 const struct told_flow *flow);
/* The other person's own live permission for this section to this recipient. */
bool told_other_permits(const struct told_hearing *h, const struct told_item *item);
/* A live permission that names this recipient for the protected address, given by the person seen alone. */
bool told_location_named(const struct told_hearing *h, const struct told_item *item);

/* ---- sets of categories (leaves.c) ---- */

extern const struct told_catset told_leaves_special, told_leaves_criminal, told_leaves_location, told_leaves_others,
	told_leaves_meta;
static inline bool told_catset_meets(const struct told_catset *a, const struct told_catset *b)
{
	return (a->w[0] & b->w[0]) | (a->w[1] & b->w[1]);
}
static inline bool told_catset_within(const struct told_catset *a, const struct told_catset *b)
{
	return !((a->w[0] & ~b->w[0]) | (a->w[1] & ~b->w[1]));
}
static inline bool told_catset_empty(const struct told_catset *a)
{
	return !(a->w[0] | a->w[1]);
}
static inline bool told_partyset_empty(const struct told_partyset *a)
{
	return !(a->w[0] | a->w[1] | a->w[2] | a->w[3]);
}
/* Ids are compared record against record, so two words at a time. */
static inline bool told_ids_equal(const uint8_t a[TOLD_ID_BYTES], const uint8_t b[TOLD_ID_BYTES])
{
	uint64_t x[2], y[2];
	memcpy(x, a, sizeof x);
	memcpy(y, b, sizeof y);
	return !((x[0] ^ y[0]) | (x[1] ^ y[1]));
}
static inline bool told_id_set(const uint8_t id[TOLD_ID_BYTES])
{
	uint64_t x[2];
	memcpy(x, id, sizeof x);
	return x[0] | x[1];
}
static inline bool told_ground_listed(const struct told_grounds *list, unsigned value)
{
	for (unsigned i = 0; i < list->count; i++)
		if (list->value[i] == value)
			return true;
	return false;
}

#endif
