/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers mean nothing: two processes that heard of the parties and workers in another order rule alike and write down
 * the same digest, so that broker, agent and auditor can compare. Seed printed; TOLD_SEED repeats a run. */
#include "decide/world.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORKERS 3u

/* What each number is in the other process; 0 stays nobody. */
struct numbers {
	uint32_t party[WORLD_PARTIES + 1], worker[WORKERS + 1];
	struct told_parties *names;
};

static void shuffle(uint32_t *numbers, uint32_t count, uint64_t *random)
{
	for (uint32_t i = 0; i <= count; i++)
		numbers[i] = i;
	for (uint32_t i = count; i > 1; i--) {
		uint32_t j = 1 + (uint32_t)(told_test_random(random) % i), held = numbers[i];
		numbers[i] = numbers[j];
		numbers[j] = held;
	}
}

static void make_numbers(struct numbers *n, const struct told_parties *usual, uint64_t *random)
{
	shuffle(n->party, WORLD_PARTIES, random);
	shuffle(n->worker, WORKERS, random);
	assert_int_equal(told_parties_new(&n->names), TOLD_OK);
	for (uint32_t number = 1; number <= WORLD_PARTIES; number++)
		for (uint32_t party = 1, given; party <= WORLD_PARTIES; party++)
			if (n->party[party] == number)
				assert_int_equal(
					told_party_intern(n->names, told_text(told_party_name(usual, party)), &given),
					TOLD_OK);
}

static void set(const struct numbers *n, struct told_partyset *parties)
{
	struct told_partyset other = {0};
	for (uint32_t party = 1; party <= WORLD_PARTIES; party++)
		if (told_partyset_has(parties, party))
			told_partyset_add(&other, n->party[party]);
	*parties = other;
}

static void number_agreements(const struct numbers *n, struct world *w)
{
	for (size_t i = 0; i < w->q.agreement_count; i++) {
		set(n, &w->agreements[i].locate);
		set(n, &w->agreements[i].never_to);
		for (size_t j = 0; j < WORLD_PARTIES; j++)
			w->parties[i][j].party = n->party[w->parties[i][j].party];
		for (size_t j = 0; j < WORLD_FLOWS; j++) {
			set(n, &w->flows[i][j].from);
			set(n, &w->flows[i][j].to);
		}
		set(n, &w->profiles[i][0].from);
		set(n, &w->profiles[i][0].to);
	}
}

static void number_records(const struct numbers *n, struct world *w)
{
	for (size_t i = 0; i < w->q.consent_count; i++) {
		struct told_consent *c = &w->consents[i];
		c->taken_by = n->party[c->taken_by];
		c->location_named = n->party[c->location_named];
		c->chosen = n->party[c->chosen];
		set(n, &c->not_to);
		set(n, &c->not_from);
		for (size_t j = 0; j < c->recipient_count; j++)
			w->to[i][j].party = n->party[w->to[i][j].party];
	}
	for (size_t i = 0; i < w->q.withdrawal_count; i++)
		set(n, &w->withdrawals[i].recipients);
	for (size_t i = 0; i < 3; i++) {
		w->relationships[i].party = n->party[w->relationships[i].party];
		w->relationships[i].worker = n->worker[w->relationships[i].worker];
	}
	w->restrictions[0].party = n->party[w->restrictions[0].party];
}

static void number_message(const struct numbers *n, struct world *w, uint32_t *excluded)
{
	struct told_message_facts *m = &w->q.message;
	m->sender = n->party[m->sender];
	m->recipient = w->recipients[0] = n->party[m->recipient];
	m->author = n->worker[m->author];
	m->authoriser = n->worker[m->authoriser];
	m->recipient_worker = n->worker[m->recipient_worker];
	for (size_t i = 0; i < m->section_count; i++)
		w->sections[i].originator = n->party[w->sections[i].originator];
	for (size_t i = 0; i < WORLD_PARTIES; i++)
		w->directory[i].party = n->party[w->directory[i].party];
	for (size_t i = 0; i < WORKERS; i++) {
		w->workers[i].worker = n->worker[w->workers[i].worker];
		w->workers[i].human = n->worker[w->workers[i].human];
		w->workers[i].party = n->party[w->workers[i].party];
	}
	excluded[0] = n->worker[excluded[0]];
	w->q.person.excluded_workers = excluded;
	set(n, &w->q.workflow.members);
	w->q.workflow.referrer = n->party[w->q.workflow.referrer];
	w->q.workflow.referred_to = n->party[w->q.workflow.referred_to];
	w->q.message.service = n->party[w->q.message.service];
}

static uint32_t one_of(uint64_t *random, uint32_t count)
{
	return (uint32_t)(told_test_random(random) % (count + 1));
}

/* What a usual world leaves out. */
static void add_numbers(struct world *w, uint64_t *random, uint32_t *excluded)
{
	static const char *const staff[] = {"U1", "U10", "A7"};
	for (size_t i = 0; i < WORKERS; i++)
		w->workers[i].number = told_text(staff[i]);
	if (one_of(random, 1))
		w->workers[2].human = w->workers[0].human;
	if (one_of(random, 1))
		w->workers[1].human = w->workers[0].human;
	if (!one_of(random, 3))
		w->workers[1].human = 0;
	excluded[0] = 1 + one_of(random, WORKERS - 1);
	w->q.person.excluded_workers = excluded;
	w->q.person.excluded_worker_count = one_of(random, 1);
	w->q.message.recipient_worker = one_of(random, WORKERS);
	w->relationships[0].worker = one_of(random, WORKERS);
	w->restrictions[0].party = one_of(random, WORLD_PARTIES);
	if (w->q.consent_count) {
		w->consents[0].location_named = one_of(random, WORLD_PARTIES);
		w->consents[0].chosen = one_of(random, WORLD_PARTIES);
		told_partyset_add(&w->consents[0].not_from, 1 + one_of(random, WORLD_PARTIES - 1));
	}
	told_partyset_add(&w->withdrawals[0].recipients, 2);
	told_partyset_add(&w->withdrawals[0].recipients, 5);
	w->q.workflow.referrer = one_of(random, WORLD_PARTIES);
	w->q.workflow.referred_to = one_of(random, WORLD_PARTIES);
	w->q.message.service = one_of(random, WORLD_PARTIES);
	told_partyset_add(&w->q.workflow.members, 1 + one_of(random, WORLD_PARTIES - 1));
}

static bool same_ruling(const struct numbers *n, const struct told_decision *a, const struct told_decision *b)
{
	bool same = a->effect == b->effect && a->primary == b->primary && a->code_count == b->code_count &&
		    memcmp(a->codes, b->codes, sizeof a->codes) == 0 && a->section_count == b->section_count &&
		    memcmp(a->sections, b->sections, sizeof a->sections) == 0 &&
		    a->obligation_count == b->obligation_count;
	for (size_t i = 0; same && i < a->obligation_count; i++)
		same = a->obligations[i].kind == b->obligations[i].kind &&
		       n->party[a->obligations[i].party] == b->obligations[i].party;
	return same;
}

static void test_two_directories_that_numbered_parties_differently_give_the_same_digest(void **state)
{
	static struct world one, two;
	static struct told_decision first, second;
	const char *text = getenv("TOLD_ROUNDS");
	uint64_t random = *(uint64_t *)*state ^ 11, rounds = text ? strtoull(text, NULL, 10) : 50000, moved = 0;
	for (uint64_t i = 0; i < rounds; i++) {
		struct numbers n = {0};
		uint32_t excluded[2][1];
		told_hash a, b;
		if (i % 4)
			world_make(&one, &random, 1 + one_of(&random, 4), 2, one_of(&random, 5));
		else
			world_make_alert(&one, &random);
		add_numbers(&one, &random, excluded[0]);
		world_copy(&two, &one);
		excluded[1][0] = excluded[0][0];
		make_numbers(&n, one.q.names, &random);
		number_agreements(&n, &two);
		number_records(&n, &two);
		number_message(&n, &two, excluded[1]);
		two.q.names = n.names;
		moved += n.party[1] != 1;
		told_decide(&one.q, &first);
		told_decide(&two.q, &second);
		if (!same_ruling(&n, &first, &second))
			fail_msg("round %llu: other numbers, another ruling", (unsigned long long)i);
		told_question_digest(&one.q, &a);
		told_question_digest(&two.q, &b);
		told_parties_free(n.names);
		if (!told_hash_equal(&a, &b))
			fail_msg("round %llu: other numbers, another digest", (unsigned long long)i);
	}
	assert_true(moved * 2 > rounds);
}

/* The digest still tells parties and workers apart. */
static void test_another_party_or_worker_gives_another_digest(void **state)
{
	static struct world w;
	uint64_t random = *(uint64_t *)*state ^ 12;
	uint32_t excluded[1];
	told_hash before, after;
	world_make(&w, &random, 2, 1, 2);
	add_numbers(&w, &random, excluded);
	w.q.person.excluded_worker_count = 1;
	told_question_digest(&w.q, &before);
	uint32_t *const numbers[] = {
		&w.q.message.sender,     &w.q.message.recipient,        &w.recipients[0],    &w.sections[0].originator,
		&w.consents[0].taken_by, &w.consents[0].chosen,         &w.to[0][0].party,   &w.relationships[0].party,
		&w.q.workflow.referrer,  &w.consents[0].location_named, &w.q.message.service};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		uint32_t held = *numbers[i];
		*numbers[i] = held % WORLD_PARTIES + 1;
		told_question_digest(&w.q, &after);
		assert_false(told_hash_equal(&before, &after));
		*numbers[i] = held;
	}
	uint32_t *const workers[] = {&w.q.message.author, &w.q.message.recipient_worker, &w.relationships[0].worker,
				     &excluded[0]};
	for (size_t i = 0; i < sizeof workers / sizeof workers[0]; i++) {
		uint32_t held = *workers[i];
		*workers[i] = held % WORKERS + 1;
		told_question_digest(&w.q, &after);
		assert_false(told_hash_equal(&before, &after));
		*workers[i] = held;
	}
	told_partyset_add(&w.consents[0].not_to, 6);
	told_partyset_add(&w.consents[0].not_to, 5);
	told_partyset_add(&w.consents[0].not_to, 4);
	told_question_digest(&w.q, &after);
	assert_false(told_hash_equal(&before, &after));
}

/* Whoever keeps the digest of the records gets the same digest of the question. */
static void test_a_kept_digest_of_the_records_is_the_digest_made_anew(void **state)
{
	static struct world w;
	uint64_t random = *(uint64_t *)*state ^ 13;
	told_hash records, anew, kept;
	for (unsigned i = 0; i < 1000; i++) {
		world_make(&w, &random, 2, 1, one_of(&random, 8));
		told_question_digest(&w.q, &anew);
		told_records_digest(&w.q, &records);
		w.q.records = &records;
		told_question_digest(&w.q, &kept);
		assert_true(told_hash_equal(&anew, &kept));
	}
}

int main(void)
{
	static uint64_t seed;
	seed = told_test_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_two_directories_that_numbered_parties_differently_give_the_same_digest,
					  &seed),
		cmocka_unit_test_prestate(test_another_party_or_worker_gives_another_digest, &seed),
		cmocka_unit_test_prestate(test_a_kept_digest_of_the_records_is_the_digest_made_anew, &seed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
