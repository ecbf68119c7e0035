/* SPDX-License-Identifier: Apache-2.0 */
/* Measures rulings one by one with the clock of the processor and prints percentiles. Touches memory and its streams.
 */
#include "agents/explain/bench.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOT_PEOPLE   16u /* whose facts stay in the processor's caches */
#define QUESTION_MAX (256u * 1024u)

const struct told_bench_size told_bench_full = {
	.agreements = 1000, .people = 50000, .permissions = 20, .rounds = 20000};

/* One thing that is measured. It works on the n-th round's person and says whether something may go. */
struct bench {
	struct told_bench_world *world;
	struct told_question questions[HOT_PEOPLE]; /* of TOLD_BENCH_SECTIONS, laid beforehand */
	struct told_question one;                   /* of one section */
	struct told_arena *laid, *turn;
	struct told_decision decision;
	uint32_t *took_ns;
	size_t people; /* whose turn it is, from the first on */
};

typedef bool (*work_fn)(struct bench *b, size_t round);

static bool went(const struct told_decision *d)
{
	return d->effect == TOLD_EFFECT_RELEASE || d->effect == TOLD_EFFECT_PARTIAL;
}

static const uint8_t *ref_of(size_t person, uint8_t ref[TOLD_ID_BYTES])
{
	told_bench_ref(person, ref);
	return ref;
}

static enum told_status lay(struct bench *b, struct told_arena *arena, const uint8_t *ref, size_t sections,
			    struct told_question *out)
{
	struct told_bench_world *w = b->world;
	struct told_table table = {.directory = w->directory,
				   .parties = w->parties,
				   .person = told_people_find(w->people, ref),
				   .when = w->when};
	w->header->client_ref = told_bytes(ref, TOLD_ID_BYTES);
	return told_table_message(&table, arena, w->header, w->sections, sections, told_text("P2"), false, out);
}

/* ---- what is measured ---- */

static bool rule_large(struct bench *b, size_t round)
{
	told_decide(&b->questions[round % b->people], &b->decision);
	return went(&b->decision);
}

/* As a turn does: the person by reference, the agreement by id and parties, the ruling. */
static bool rule_one(struct bench *b, const uint8_t *ref)
{
	struct told_bench_world *w = b->world;
	struct told_question *q = &b->one;
	struct told_person *person = told_people_find(w->people, ref);
	const struct told_agreement *agreement = told_directory_governing(
		w->directory, q->message.agreement_id, q->message.sender, q->message.recipient, w->when);
	if (person == NULL || agreement == NULL)
		return false;
	told_person_records(person, q);
	q->message.person = person->number;
	told_decide(q, &b->decision);
	return went(&b->decision);
}

/* Everything that a turn does about one section, from the headers on. */
static bool lay_and_rule(struct bench *b, const uint8_t *ref)
{
	struct told_question question;
	told_arena_reset(b->turn);
	if (lay(b, b->turn, ref, 1, &question) != TOLD_OK)
		return false;
	told_decide(&question, &b->decision);
	return went(&b->decision);
}

static bool digest_kept(struct bench *b, size_t round)
{
	told_question_digest(&b->questions[round % b->people], &b->decision.inputs);
	return true;
}

static bool digest_anew(struct bench *b, size_t round)
{
	struct told_question question = b->questions[round % b->people];
	question.records = NULL;
	told_question_digest(&question, &b->decision.inputs);
	return true;
}

/* ---- measuring ---- */

static int by_time(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static uint32_t ns_between(const struct timespec *from, const struct timespec *to)
{
	return (uint32_t)((to->tv_sec - from->tv_sec) * 1000000000L + (to->tv_nsec - from->tv_nsec));
}

static const struct measurement {
	const char *name, *words;
	work_fn by_round;
	bool (*by_person)(struct bench *b, const uint8_t *ref);
	bool hot;
	uint32_t p50_target_ns,
		p99_target_ns; /* decision.md 2.3 and 1,000 agreements, 1,000,000 permissions; 0: none */
} measurements[] = {
	{"sections_30_again", "30 sections, 5 agreements, 20 permissions, the same again", rule_large, NULL, true, 5000,
	 20000},
	{"sections_30_in_turn", "  the same of 16 people in turn", rule_large, NULL, false, 0, 0},
	{"section_1_hot", "1 section, person and agreement found among all, 16 people in turn", NULL, rule_one, true,
	 1000, 0},
	{"section_1_cold", "  the same of anybody on record", NULL, rule_one, false, 0, 0},
	{"section_1_laid", "  with the whole question laid from the headers", NULL, lay_and_rule, true, 0, 0},
	{"digest_kept", "digest of 30 sections' inputs, records kept", digest_kept, NULL, false, 0, 0},
	{"digest_anew", "  records digested anew", digest_anew, NULL, false, 0, 0},
};
#define MEASUREMENTS (sizeof measurements / sizeof measurements[0])

static size_t person_of(const struct bench *b, const struct measurement *m, size_t round)
{
	size_t few = b->world->size.people < HOT_PEOPLE ? b->world->size.people : HOT_PEOPLE;
	return m->hot ? round % few : round * 7919 % b->world->size.people;
}

/* One round to warm up, then each by itself. False: something that should go did not. */
static bool measure(struct bench *b, const struct measurement *m)
{
	size_t rounds = b->world->size.rounds;
	bool all = true;
	b->people = m->hot ? 1 : HOT_PEOPLE;
	for (size_t i = 0; i < 2 * rounds; i++) {
		struct timespec from, to;
		uint8_t ref[TOLD_ID_BYTES];
		ref_of(person_of(b, m, i), ref);
		clock_gettime(CLOCK_MONOTONIC, &from);
		bool gone = m->by_round ? m->by_round(b, i) : m->by_person(b, ref);
		clock_gettime(CLOCK_MONOTONIC, &to);
		all &= gone;
		if (i >= rounds)
			b->took_ns[i - rounds] = ns_between(&from, &to);
	}
	qsort(b->took_ns, rounds, sizeof b->took_ns[0], by_time);
	return all;
}

/* ---- printing ---- */

static void print_text(FILE *out, const struct measurement *m, uint32_t p50, uint32_t p99)
{
	fprintf(out, "%-70s p50 %6u ns   p99 %6u ns", m->words, p50, p99);
	if (m->p50_target_ns)
		fprintf(out, "   aim: p50 under %u", m->p50_target_ns);
	if (m->p99_target_ns)
		fprintf(out, ", p99 under %u", m->p99_target_ns);
	fputc('\n', out);
}

static void print_memory(FILE *out, const struct bench *b, size_t heap_bytes)
{
	const struct told_bench_size *size = &b->world->size;
	size_t permissions = size->people * size->permissions;
	fprintf(out,
		"%zu agreements, %zu permissions of %zu people: %zu bytes a permission, index and all about the person "
		"included\n",
		size->agreements, permissions, size->people, heap_bytes / permissions);
}

static void add_json(json_t *all, const struct measurement *m, uint32_t p50, uint32_t p99)
{
	json_object_set_new(all, m->name, json_pack("{s:i, s:i}", "p50_ns", (int)p50, "p99_ns", (int)p99));
}

static void print_json(FILE *out, const struct bench *b, json_t *all, size_t heap_bytes)
{
	const struct told_bench_size *size = &b->world->size;
	size_t permissions = size->people * size->permissions;
	json_object_set_new(all, "agreements", json_integer((json_int_t)size->agreements));
	json_object_set_new(all, "people", json_integer((json_int_t)size->people));
	json_object_set_new(all, "permissions", json_integer((json_int_t)permissions));
	json_object_set_new(all, "bytes_per_permission", json_integer((json_int_t)(heap_bytes / permissions)));
	json_object_set_new(all, "rounds", json_integer((json_int_t)size->rounds));
	json_dumpf(all, out, JSON_COMPACT | JSON_PRESERVE_ORDER);
	fputc('\n', out);
}

/* ---- the command ---- */

static enum told_status open_bench(const struct told_bench_size *size, struct bench *b)
{
	enum told_status status = told_bench_world_new(size, &b->world);
	b->took_ns = calloc(size->rounds, sizeof b->took_ns[0]);
	if (status == TOLD_OK)
		status = b->took_ns != NULL ? told_arena_new(QUESTION_MAX * HOT_PEOPLE, &b->laid) : TOLD_E_MEMORY;
	if (status == TOLD_OK)
		status = told_arena_new(QUESTION_MAX, &b->turn);
	for (size_t i = 0; status == TOLD_OK && i < HOT_PEOPLE; i++) {
		uint8_t ref[TOLD_ID_BYTES];
		status = lay(b, b->laid, ref_of(i % size->people, ref), TOLD_BENCH_SECTIONS, &b->questions[i]);
		if (status == TOLD_OK && i == 0)
			status = lay(b, b->laid, ref, 1, &b->one);
	}
	return status;
}

static void close_bench(struct bench *b)
{
	told_arena_free(b->laid);
	told_arena_free(b->turn);
	told_bench_world_free(b->world);
	free(b->took_ns);
	free(b);
}

static bool measure_all(struct bench *b, json_t *all, FILE *out)
{
	bool gone = true;
	for (size_t i = 0; i < MEASUREMENTS; i++) {
		gone &= measure(b, &measurements[i]);
		size_t rounds = b->world->size.rounds;
		uint32_t p50 = b->took_ns[rounds / 2], p99 = b->took_ns[rounds * 99 / 100];
		if (all)
			add_json(all, &measurements[i], p50, p99);
		else
			print_text(out, &measurements[i], p50, p99);
	}
	return gone;
}

enum told_exit told_decide_bench(const struct told_bench_size *size, bool json, FILE *out, FILE *err)
{
	struct bench *b = calloc(1, sizeof *b);
	json_t *all = json ? json_object() : NULL;
	enum told_status status = b != NULL && (!json || all) ? open_bench(size, b) : TOLD_E_MEMORY;
	bool gone = false;
	if (status == TOLD_OK) {
		size_t bytes = told_people_bytes(b->world->people);
		gone = measure_all(b, all, out);
		if (json)
			print_json(out, b, all, bytes);
		else
			print_memory(out, b, bytes);
	}
	if (status != TOLD_OK)
		fprintf(err, "told: there is nothing to measure: %s.\n", told_status_text(status));
	else if (!gone)
		fprintf(err, "told: a message that should go was not let go: the figures are not to be used.\n");
	if (b != NULL)
		close_bench(b);
	json_decref(all);
	return status == TOLD_OK && gone ? TOLD_EXIT_DONE : TOLD_EXIT_CHECK;
}
