/* SPDX-License-Identifier: Apache-2.0 */
/* One case while it is read and run. Private to the fixture runner; all memory is the arena's. */
#ifndef TOLD_TEST_FIXTURE_PARTS_H
#define TOLD_TEST_FIXTURE_PARTS_H

#include "broker/agree/load.h"
#include "broker/agree/yaml_tree.h"
#include "broker/decide/codes.h"

#define FIXTURE_AGREEMENTS_MAX 8u
#define FIXTURE_WORKERS_MAX    16u

struct fixture {
	const char *folder; /* of the agreements */
	const struct told_node *node;
	struct told_arena *arena;
	struct told_parties *parties, *teams, *persons, *workers;
	struct told_agreement *loaded[FIXTURE_AGREEMENTS_MAX];
	struct told_agreement_facts agreements[FIXTURE_AGREEMENTS_MAX];
	size_t agreement_count;
	struct told_question q;
	const char **labels; /* of the sections, in order */
	uint32_t recipients[TOLD_RECIPIENTS_MAX];
	uint32_t recipient_teams[TOLD_RECIPIENTS_MAX];
	size_t recipient_count;
	struct told_worker_facts enlisted[FIXTURE_WORKERS_MAX];
	bool fault; /* the case could not be read; why says it */
	char why[2048];
};

/* fixture_read.c: fills q from the case, as it stands before a recipient is chosen. */
void fixture_read(struct fixture *f);
/* The facts that belong to one recipient: team, versions signed, and the legal basis of each section. */
void fixture_seat(struct fixture *f, size_t recipient);

/* fixture_message.c */
void fixture_read_message(struct fixture *f, const struct told_node *node);
void fixture_state_bases(struct fixture *f);

/* fixture_consent.c */
void fixture_read_consents(struct fixture *f, const struct told_node *list);

/* fixture_compare.c: true when the rulings are what the case expects; else why says what differs. */
bool fixture_compare(struct fixture *f, const struct told_decision *rulings);

/* ---- small readings of a node (fixture_read.c) ---- */

__attribute__((format(printf, 2, 3))) void fixture_fail(struct fixture *f, const char *format, ...);
void *fixture_room(struct fixture *f, size_t count, size_t size);
size_t fixture_count(const struct told_node *list);
const char *fixture_text(struct fixture *f, const struct told_node *node);
bool fixture_is(const struct told_node *node, const char *key, const char *word);
bool fixture_yes(const struct told_node *node, const char *key);
/* A value of a closed list under a key; missing when there is none. */
unsigned fixture_value(struct fixture *f, const struct told_node *node, const char *key, enum told_list list,
		       unsigned missing);
int64_t fixture_time(struct fixture *f, const struct told_node *node, const char *key, int64_t missing, bool end);
uint64_t fixture_number(struct fixture *f, const struct told_node *node, const char *key, uint64_t missing);
uint32_t fixture_name(struct fixture *f, struct told_parties *table, struct told_bytes name);
uint32_t fixture_party(struct fixture *f, const struct told_node *node, const char *key);
/* "TT/Step3": the party, and the team or 0. */
uint32_t fixture_party_team(struct fixture *f, struct told_bytes text, uint32_t *team);
struct told_partyset fixture_parties(struct fixture *f, const struct told_node *list);
struct told_catset fixture_data(struct fixture *f, const struct told_node *list);
uint32_t fixture_purposes(struct fixture *f, const struct told_node *list);
/* "C1" as the 16 bytes of an id; zero for none. */
void fixture_id(const struct told_node *node, uint8_t id[TOLD_ID_BYTES]);

#endif
