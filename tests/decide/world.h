/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up questions for the properties and the measurement: an agreement, records and a message out of a seed, biased
 * so that about half of what is asked may pass. */
#ifndef TOLD_TEST_WORLD_H
#define TOLD_TEST_WORLD_H

#include "broker/decide/codes.h"

#define WORLD_PARTIES    6u
#define WORLD_AGREEMENTS 5u
#define WORLD_FLOWS      8u
#define WORLD_CONSENTS   24u
#define WORLD_T_UTC_MS   INT64_C(1795341600000) /* 2026-11-22T10:00Z */

/* Adds leaves to a set of categories. */
#define YES(set, ...)                                                                                                  \
	for (size_t i_ = 0; i_ < sizeof((unsigned[]){__VA_ARGS__}) / sizeof(unsigned); i_++)                           \
	told_catset_add(&(set), ((unsigned[]){__VA_ARGS__})[i_])

/* Owns everything the question points at. Do not copy by value: world_copy mends the pointers. */
struct world {
	struct told_question q;
	struct told_agreement agreements[WORLD_AGREEMENTS];
	struct told_agreement_facts facts[WORLD_AGREEMENTS];
	struct told_party parties[WORLD_AGREEMENTS][WORLD_PARTIES];
	struct told_flow flows[WORLD_AGREEMENTS][WORLD_FLOWS];
	struct told_profile profiles[WORLD_AGREEMENTS][2];
	struct told_consent consents[WORLD_CONSENTS];
	struct told_consent_recipient to[WORLD_CONSENTS][3];
	struct told_withdrawal_facts withdrawals[4];
	struct told_relationship_facts relationships[3];
	struct told_directory_facts directory[WORLD_PARTIES];
	struct told_worker_facts workers[3];
	struct told_basis_facts bases[1];
	struct told_section_facts sections[TOLD_SECTIONS_MAX];
	struct told_restriction_facts restrictions[2];
	uint32_t recipients[1];
};

/* A world of its own for each state of the generator. */
void world_make(struct world *w, uint64_t *random, size_t sections, size_t agreements, size_t consents);
/* Party 1 sends party 2 a referral with DEM.ID and HOU.SIT, both permitted: released. */
void world_plain(struct world *w);
/* The same question under an accepted alert: profile, second authoriser and reason in order. */
void world_make_alert(struct world *w, uint64_t *random);
void world_copy(struct world *to, const struct world *from);
/* Puts agreements, consents, withdrawals, relationships, directory and workers into another order. */
void world_shuffle(struct world *w, uint64_t *random);

#endif
