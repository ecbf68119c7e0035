/* SPDX-License-Identifier: Apache-2.0 */
/* The digest of a question: every fact that a ruling reads, in one order, every integer as eight bytes, every text with
 * its length. Parties and workers go in by name, so that whoever numbered them in another order gets the same digest;
 * lists in which order means nothing are sorted by the hashes of their items. Uses SHA-256 and nothing else. */
#include "broker/decide/hearing.h"

#include <string.h>

/* What the first block begins with: another form of the digest has another label. */
#define LABEL "told question 3"

/* As many items as are sorted at once; a longer list is read again for the next ones. */
#define SORTED_MAX 256u

/* Bytes are hashed block by block, each block with the hash before it, so that no memory is needed. */
struct sink {
	const struct told_question *q; /* whose names and workers the numbers are */
	uint8_t block[TOLD_HASH_BYTES + 1024];
	size_t len;
};

static void open_sink(struct sink *s, const struct told_question *q)
{
	s->q = q;
	memset(s->block, 0, TOLD_HASH_BYTES);
	s->len = TOLD_HASH_BYTES;
}

static void turn_block(struct sink *s)
{
	told_hash hash;
	told_sha256(told_bytes(s->block, s->len), &hash);
	memcpy(s->block, hash.b, TOLD_HASH_BYTES);
	s->len = TOLD_HASH_BYTES;
}

static void put_bytes(struct sink *s, const void *data, size_t len)
{
	const uint8_t *from = data;
	while (len > 0) {
		size_t room = sizeof s->block - s->len, part = len < room ? len : room;
		memcpy(s->block + s->len, from, part);
		s->len += part;
		from += part;
		len -= part;
		if (s->len == sizeof s->block)
			turn_block(s);
	}
}

static void put(struct sink *s, uint64_t value)
{
	uint8_t bytes[8];
	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> (56 - 8 * i));
	put_bytes(s, bytes, sizeof bytes);
}

static void put_text(struct sink *s, struct told_bytes text)
{
	put(s, text.len);
	put_bytes(s, text.data, text.len);
}

static void put_all(struct sink *s, const uint64_t *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put(s, values[i]);
}

#define PUT(s, ...)                                                                                                    \
	put_all(s, (const uint64_t[]){__VA_ARGS__}, sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

static void put_data(struct sink *s, const struct told_catset *set)
{
	put_all(s, set->w, TOLD_CATSET_WORDS);
}

static void put_party(struct sink *s, uint64_t party)
{
	put_text(s, party ? told_text(told_party_name(s->q->names, (uint32_t)party)) : told_bytes(NULL, 0));
}

/* The names of a set, in the order of their letters. */
static void put_parties(struct sink *s, const struct told_partyset *set)
{
	const char *names[64 * TOLD_PARTY_WORDS];
	size_t count = 0;
	for (unsigned word = 0; word < TOLD_PARTY_WORDS; word++)
		for (uint64_t left = set->w[word]; left; left &= left - 1) {
			uint32_t party = word * 64 + (uint32_t)__builtin_ctzll(left) + 1; /* bit party - 1 */
			const char *name = told_party_name(s->q->names, party);
			size_t at = count++;
			for (; at > 0 && strcmp(names[at - 1], name) > 0; at--)
				names[at] = names[at - 1];
			names[at] = name;
		}
	put(s, count);
	for (size_t i = 0; i < count; i++)
		put_text(s, told_text(names[i]));
}

/* A worker is the staff number at a party; the number in this question means nothing elsewhere. */
static void put_worker_named(struct sink *s, const struct told_worker_facts *worker)
{
	put_party(s, worker ? worker->party : TOLD_PARTY_NONE);
	put_text(s, worker ? worker->number : told_bytes(NULL, 0));
}

static void put_worker_of(struct sink *s, uint32_t number)
{
	put(s, number != 0);
	put_worker_named(s, told_find_worker(s->q, number));
}

static void close_sink(struct sink *s, told_hash *out)
{
	told_sha256(told_bytes(s->block, s->len), out);
}

/* ---- lists without order ---- */

typedef void (*put_item_fn)(struct sink *s, const void *list, size_t index);

/* The smallest hashes above a bound, in order, and how often each is there. */
struct sorted {
	told_hash hash[SORTED_MAX];
	uint64_t copies[SORTED_MAX];
	size_t count;
};

static int by_bytes(const told_hash *a, const told_hash *b)
{
	return memcmp(a->b, b->b, sizeof a->b);
}

static void hash_item(const struct sink *outer, put_item_fn item, const void *list, size_t index, told_hash *out)
{
	struct sink sink;
	open_sink(&sink, outer->q);
	item(&sink, list, index);
	close_sink(&sink, out);
}

/* Insertion keeps the hashes in order: qsort may allocate. A full list loses its largest, which the next reading finds.
 */
static void insert(struct sorted *sorted, const told_hash *hash)
{
	size_t at = sorted->count;
	while (at > 0 && by_bytes(&sorted->hash[at - 1], hash) > 0)
		at--;
	if (at > 0 && by_bytes(&sorted->hash[at - 1], hash) == 0) {
		sorted->copies[at - 1]++;
		return;
	}
	if (at == SORTED_MAX)
		return;
	size_t kept = sorted->count < SORTED_MAX ? sorted->count : SORTED_MAX - 1;
	memmove(&sorted->hash[at + 1], &sorted->hash[at], (kept - at) * sizeof sorted->hash[0]);
	memmove(&sorted->copies[at + 1], &sorted->copies[at], (kept - at) * sizeof sorted->copies[0]);
	sorted->hash[at] = *hash;
	sorted->copies[at] = 1;
	sorted->count = kept + 1;
}

static void put_list(struct sink *s, put_item_fn item, const void *list, size_t count)
{
	struct sorted sorted;
	told_hash hash, bound;
	put(s, count);
	for (uint64_t done = 0; done < count;) {
		sorted.count = 0;
		for (size_t i = 0; i < count; i++) {
			hash_item(s, item, list, i, &hash);
			if (done == 0 || by_bytes(&hash, &bound) > 0)
				insert(&sorted, &hash);
		}
		for (size_t i = 0; i < sorted.count; i++) {
			put_bytes(s, sorted.hash[i].b, sizeof sorted.hash[i].b);
			put(s, sorted.copies[i]);
			done += sorted.copies[i];
		}
		bound = sorted.hash[sorted.count - 1];
	}
}

/* ---- the items ---- */

static void put_agreement(struct sink *s, const void *list, size_t i)
{
	const struct told_agreement_facts *f = (const struct told_agreement_facts *)list + i;
	const struct told_agreement *a = f->agreement;
	put_text(s, a->id);
	put_bytes(s, a->sha256, sizeof a->sha256);
	PUT(s, a->version, f->sender_signed, f->recipient_signed, f->sender_suspended, f->recipient_suspended);
}

static void put_consent_recipient(struct sink *s, const void *list, size_t i)
{
	const struct told_consent_recipient *r = (const struct told_consent_recipient *)list + i;
	put_party(s, r->party);
	PUT(s, r->team, r->role);
}

static void put_person(struct sink *s, const void *list, size_t i)
{
	put(s, ((const uint64_t *)list)[i]);
}

static void put_party_item(struct sink *s, const void *list, size_t i)
{
	put_party(s, ((const uint32_t *)list)[i]);
}

static void put_worker_item(struct sink *s, const void *list, size_t i)
{
	put_worker_of(s, ((const uint32_t *)list)[i]);
}

static void put_consent(struct sink *s, const void *list, size_t i)
{
	const struct told_consent *c = (const struct told_consent *)list + i;
	put_bytes(s, c->id, sizeof c->id);
	put_bytes(s, c->supersedes, sizeof c->supersedes);
	PUT(s, c->kind, c->state, c->giver, c->evidence, c->capacity, c->authority, c->flags, c->person);
	PUT(s, (uint64_t)c->given_utc_ms, (uint64_t)c->from_utc_ms, (uint64_t)c->until_utc_ms,
	    (uint64_t)c->ended_utc_ms, (uint64_t)c->data_from_utc_ms, (uint64_t)c->data_until_utc_ms);
	PUT(s, c->purposes, c->notice_version, c->plan_steps);
	put_party(s, c->taken_by);
	put_party(s, c->location_named);
	put_party(s, c->chosen);
	put_data(s, &c->include);
	put_data(s, &c->exclude);
	put_parties(s, &c->not_to);
	put_parties(s, &c->not_from);
	put_list(s, put_consent_recipient, c->recipients, c->recipient_count);
	put_list(s, put_person, c->not_about, c->not_about_count);
}

static void put_withdrawal(struct sink *s, const void *list, size_t i)
{
	const struct told_withdrawal_facts *w = (const struct told_withdrawal_facts *)list + i;
	put_bytes(s, w->consent_id, sizeof w->consent_id);
	put_parties(s, &w->recipients);
	put_data(s, &w->categories);
	PUT(s, w->purposes, (uint64_t)w->at_utc_ms);
}

static void put_restriction(struct sink *s, const void *list, size_t i)
{
	const struct told_restriction_facts *r = (const struct told_restriction_facts *)list + i;
	PUT(s, r->kind, r->state, r->purposes, (uint64_t)r->since_utc_ms);
	put_party(s, r->party);
	put_data(s, &r->categories);
}

static void put_hold(struct sink *s, const void *list, size_t i)
{
	const struct told_hold_facts *h = (const struct told_hold_facts *)list + i;
	PUT(s, h->kind, (uint64_t)h->since_utc_ms, (uint64_t)h->until_utc_ms);
}

static void put_relationship(struct sink *s, const void *list, size_t i)
{
	const struct told_relationship_facts *r = (const struct told_relationship_facts *)list + i;
	PUT(s, r->kind, r->team, r->person, (uint64_t)r->from_utc_ms, (uint64_t)r->until_utc_ms);
	put_party(s, r->party);
	put_worker_of(s, r->worker);
}

static void put_directory(struct sink *s, const void *list, size_t i)
{
	const struct told_directory_facts *d = (const struct told_directory_facts *)list + i;
	put_party(s, d->party);
	PUT(s, d->standing, d->operator, d->location_protected);
}

/* One human is named by the first of their numbers in the order of letters. */
static const struct told_worker_facts *first_number(const struct told_question *q, const struct told_worker_facts *w)
{
	const struct told_worker_facts *first = w;
	for (size_t i = 0; i < q->worker_count; i++) {
		const struct told_worker_facts *other = &q->workers[i];
		size_t len = other->number.len < first->number.len ? other->number.len : first->number.len;
		int order = memcmp(other->number.data, first->number.data, len);
		if (other->human == w->human && (order < 0 || (order == 0 && other->number.len < first->number.len)))
			first = other;
	}
	return first;
}

static void put_worker(struct sink *s, const void *list, size_t i)
{
	const struct told_worker_facts *w = (const struct told_worker_facts *)list + i;
	PUT(s, w->roles, (uint64_t)w->from_utc_ms, (uint64_t)w->until_utc_ms, w->human != 0);
	put_worker_named(s, w);
	put_worker_named(s, w->human ? first_number(s->q, w) : NULL);
}

static void put_role(struct sink *s, const void *list, size_t i)
{
	const struct told_role_facts *r = (const struct told_role_facts *)list + i;
	put_party(s, r->party);
	PUT(s, r->role, r->types);
}

static void put_delivered(struct sink *s, const void *list, size_t i)
{
	const uint8_t(*ids)[TOLD_ID_BYTES] = list;
	put_bytes(s, ids[i], sizeof ids[i]);
}

/* ---- the message: bases and sections keep their order, sections point into the bases ---- */

static void put_bases(struct sink *s, const struct told_message_facts *m)
{
	put(s, m->basis_count);
	for (size_t i = 0; i < m->basis_count; i++) {
		const struct told_basis_facts *b = &m->bases[i];
		PUT(s, b->art6, b->art9, b->art10, b->confidentiality, b->power, b->rli_task, b->rli_law,
		    b->rli_objective);
	}
}

static void put_sections(struct sink *s, const struct told_message_facts *m)
{
	put(s, m->section_count);
	for (size_t i = 0; i < m->section_count; i++) {
		const struct told_section_facts *f = &m->sections[i];
		PUT(s, f->kind, f->category, f->voice, f->bar, f->basis, f->step, f->flags, f->purposes,
		    f->smallest_cell);
		PUT(s, f->authored, f->about, f->told_by, (uint64_t)f->recorded_utc_ms, (uint64_t)f->incident_utc_ms,
		    (uint64_t)f->ends_utc_ms);
		put_party(s, f->originator);
		put_data(s, &f->classified);
	}
}

static void put_override(struct sink *s, const struct told_override_facts *o)
{
	PUT(s, o->kind, o->at_risk, o->reason_given, o->mandatory_report, o->do_not_notify, o->has_order,
	    (uint64_t)o->raised_utc_ms, (uint64_t)o->expires_utc_ms);
	put_data(s, &o->order_names);
}

static void put_message(struct sink *s, const struct told_message_facts *m)
{
	put_bytes(s, m->id, sizeof m->id);
	PUT(s, m->type, m->role, m->faults, m->lifts, m->recipients_visible, m->queued, m->sender_team,
	    m->recipient_team, m->recipient_role, m->purposes);
	put_party(s, m->sender);
	put_party(s, m->recipient);
	put_worker_of(s, m->author);
	put_worker_of(s, m->authoriser);
	put_worker_of(s, m->recipient_worker);
	PUT(s, m->person, (uint64_t)m->created_utc_ms, (uint64_t)m->expires_utc_ms, m->agreement_version);
	put_text(s, m->agreement_id);
	PUT(s, m->sets_state, m->reason, m->threshold_met, m->high_risk, m->attempts, m->ways, m->reviewer_named,
	    m->referrer_told);
	PUT(s, m->detail, (uint64_t)m->due_utc_ms, m->place_chosen, m->through_others, m->hard_asked, m->message_left);
	PUT(s, m->conference_event);
	put_party(s, m->service);
	put_list(s, put_party_item, m->recipients, m->recipient_count);
	put_list(s, put_party_item, m->action_owners, m->action_owner_count);
	put_override(s, &m->override);
	put_bases(s, m);
	put_sections(s, m);
}

static void put_person_facts(struct sink *s, const struct told_person_facts *p)
{
	PUT(s, p->matches, p->age, p->capacity, p->merge_pending, p->location_protected, (uint64_t)p->died_utc_ms,
	    (uint64_t)p->do_not_notify_since_utc_ms);
	put_list(s, put_worker_item, p->excluded_workers, p->excluded_worker_count);
}

static void put_workflow(struct sink *s, const struct told_workflow_facts *w)
{
	PUT(s, w->event, w->referral_state, w->open_duplicate, w->rests_on_consent, (uint64_t)w->ack_due_utc_ms,
	    w->about_known, w->has_conference, w->referral_reason, (uint64_t)w->changed_utc_ms);
	PUT(s, w->conference_state);
	put_party(s, w->chair);
	put_party(s, w->referrer);
	put_party(s, w->referred_to);
	put_party(s, w->about_sender);
	put_bytes(s, w->consent_id, sizeof w->consent_id);
	put_parties(s, &w->about_recipients);
	put_parties(s, &w->members);
	put_data(s, &w->about_released);
	put_list(s, put_delivered, w->delivered_under, w->delivered_under_count);
}

void told_records_digest(const struct told_question *question, told_hash *out)
{
	struct sink s;
	open_sink(&s, question);
	put_list(&s, put_consent, question->consents, question->consent_count);
	put_list(&s, put_withdrawal, question->withdrawals, question->withdrawal_count);
	put_list(&s, put_restriction, question->person.restrictions, question->person.restriction_count);
	put_list(&s, put_hold, question->person.holds, question->person.hold_count);
	close_sink(&s, out);
}

void told_question_digest(const struct told_question *question, told_hash *out)
{
	struct sink s;
	told_hash records;
	open_sink(&s, question);
	put_text(&s, told_text(LABEL));
	PUT(&s, TOLD_POLICY_VERSION, (uint64_t)question->t_utc_ms);
	put_message(&s, &question->message);
	put_person_facts(&s, &question->person);
	put_workflow(&s, &question->workflow);
	put_list(&s, put_agreement, question->agreements, question->agreement_count);
	if (!question->records)
		told_records_digest(question, &records);
	put_bytes(&s, (question->records ? question->records : &records)->b, sizeof records.b);
	put_list(&s, put_relationship, question->relationships, question->relationship_count);
	put_list(&s, put_directory, question->directory, question->directory_count);
	put_list(&s, put_worker, question->workers, question->worker_count);
	put_list(&s, put_role, question->roles, question->role_count);
	close_sink(&s, out);
}
