/* SPDX-License-Identifier: Apache-2.0 */
/* One case while it is read and run. Private to this room; all memory is the case's arena. */
#ifndef TOLD_CASES_CASE_H
#define TOLD_CASES_CASE_H

#include "broker/agree/load.h"
#include "broker/agree/yaml_tree.h"
#include "broker/cases/cases.h"
#include "broker/decide/codes.h"

#define TOLD_CASE_AGREEMENTS_MAX 8u
#define TOLD_CASE_WORKERS_MAX    16u
#define TOLD_CASE_PATH_MAX       4096u

struct told_casebook {
	const char *path; /* "" for a request */
	struct told_faults *faults;
	struct told_arena *arena;
	const struct told_node *cases;
};

struct told_case {
	const struct told_casebook *book;
	const struct told_node *node;
	struct told_arena *arena;
	struct told_parties *parties, *teams, *persons, *workers;
	struct told_agreement *loaded[TOLD_CASE_AGREEMENTS_MAX];
	struct told_agreement_facts agreements[TOLD_CASE_AGREEMENTS_MAX];
	size_t agreement_count;
	struct told_question q;
	const char **labels; /* of the sections, in order */
	uint32_t recipients[TOLD_RECIPIENTS_MAX];
	uint32_t recipient_teams[TOLD_RECIPIENTS_MAX];
	size_t recipient_count;
	struct told_worker_facts enlisted[TOLD_CASE_WORKERS_MAX];
	bool fault; /* the case could not be read; the book's faults say why */
};

/* keys.c: adds a fault for every key that no block of its kind has, and every block that is of another kind. */
void told_case_check_keys(const struct told_node *cases, struct told_faults *faults);

/* read.c: fills q from the case, as it stands before a recipient is chosen. */
void told_case_read(struct told_case *c);
/* The facts that belong to one recipient: team, versions signed, and the legal basis of each section. */
void told_case_seat(struct told_case *c, size_t recipient);

/* agreement.c */
void told_case_read_agreements(struct told_case *c);

/* message.c */
void told_case_read_message(struct told_case *c, const struct told_node *node);
void told_case_state_bases(struct told_case *c);

/* conference.c: after the message and the rest of the workflow. */
void told_case_read_conference(struct told_case *c, const struct told_node *message, const struct told_node *workflow);

/* consent.c */
void told_case_read_consents(struct told_case *c, const struct told_node *list);

/* compare.c: true when the rulings are what the case expects; else why says what differs. */
bool told_case_compare(struct told_case *c, const struct told_decision *rulings, struct told_buf *why);

/* ---- small readings of a node (words.c) ---- */

/* At a node's place: what is wrong. The case is then not ruled. */
__attribute__((format(printf, 3, 4))) void told_case_fail(struct told_case *c, const struct told_node *at,
							  const char *format, ...);
/* Zeroed memory of the case; a case that has none left has failed, and gets a little of its own. */
void *told_case_room(struct told_case *c, size_t count, size_t size);
size_t told_case_count(const struct told_node *list);
const char *told_case_text(struct told_case *c, const struct told_node *node);
bool told_case_is(const struct told_node *node, const char *key, const char *word);
/* Says yes; says no. What is not there says neither. */
bool told_case_yes(struct told_case *c, const struct told_node *node, const char *key);
bool told_case_no(struct told_case *c, const struct told_node *node, const char *key);

/* One word of a list that the format has by itself. Ends with a row without a word. */
struct told_case_word {
	const char *word;
	unsigned value;
};
unsigned told_case_word(struct told_case *c, const struct told_node *node, const char *key,
			const struct told_case_word *words, unsigned missing);
/* A value of a closed list under a key; missing when there is none. */
unsigned told_case_value(struct told_case *c, const struct told_node *node, const char *key, enum told_list list,
			 unsigned missing);
int64_t told_case_time(struct told_case *c, const struct told_node *node, const char *key, int64_t missing, bool end);
uint64_t told_case_number(struct told_case *c, const struct told_node *node, const char *key, uint64_t missing);
uint32_t told_case_name(struct told_case *c, struct told_parties *table, struct told_bytes name);
uint32_t told_case_party(struct told_case *c, const struct told_node *node, const char *key);
/* "TT/Step3": the party, and the team or 0. */
uint32_t told_case_party_team(struct told_case *c, struct told_bytes text, uint32_t *team);
struct told_partyset told_case_party_set(struct told_case *c, const struct told_node *list);
struct told_catset told_case_data(struct told_case *c, const struct told_node *list);
uint32_t told_case_purposes(struct told_case *c, const struct told_node *list);
/* "C1" as the 16 bytes of an id; zero for none. */
void told_case_id(const struct told_node *node, uint8_t id[TOLD_ID_BYTES]);

#endif
