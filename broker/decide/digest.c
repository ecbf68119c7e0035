/* SPDX-License-Identifier: Apache-2.0 */
/* The digest of a question: every fact that a ruling reads, in one order, every integer as eight bytes, every text with
 * its length. Lists in which order means nothing are sorted by the hashes of their items. Uses SHA-256 and nothing
 * else. */
#include "broker/decide/decide.h"

#include <string.h>

/* Lists longer than this are digested in the order in which they lie. */
#define SORTED_MAX 512u

/* Bytes are hashed block by block, each block with the hash before it, so that no memory is needed. */
struct sink {
	uint8_t block[TOLD_HASH_BYTES + 1024];
	size_t len;
};

static void open_sink(struct sink *s)
{
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

static void put_parties(struct sink *s, const struct told_partyset *set)
{
	put_all(s, set->w, TOLD_PARTY_WORDS);
}

static void close_sink(struct sink *s, told_hash *out)
{
	told_sha256(told_bytes(s->block, s->len), out);
}

/* ---- lists without order ---- */

typedef void (*put_item_fn)(struct sink *s, const void *list, size_t index);

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(told_hash));
}

static void hash_item(put_item_fn item, const void *list, size_t index, told_hash *out)
{
	struct sink sink;
	open_sink(&sink);
	item(&sink, list, index);
	close_sink(&sink, out);
}

/* Insertion keeps the hashes in order: qsort may allocate. */
static void insert(told_hash *sorted, size_t count, const told_hash *hash)
{
	size_t at = count;
	for (; at > 0 && by_bytes(&sorted[at - 1], hash) > 0; at--)
		sorted[at] = sorted[at - 1];
	sorted[at] = *hash;
}

static void put_list(struct sink *s, put_item_fn item, const void *list, size_t count)
{
	told_hash sorted[SORTED_MAX], hash;
	put(s, count);
	for (size_t i = 0; i < count; i++) {
		hash_item(item, list, i, &hash);
		if (count > SORTED_MAX)
			put_bytes(s, hash.b, sizeof hash.b);
		else
			insert(sorted, i, &hash);
	}
	if (count <= SORTED_MAX)
		put_bytes(s, sorted, count * sizeof sorted[0]);
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
	PUT(s, r->party, r->team, r->role);
}

static void put_person(struct sink *s, const void *list, size_t i)
{
	put(s, ((const uint64_t *)list)[i]);
}

static void put_number(struct sink *s, const void *list, size_t i)
{
	put(s, ((const uint32_t *)list)[i]);
}

static void put_consent(struct sink *s, const void *list, size_t i)
{
	const struct told_consent *c = (const struct told_consent *)list + i;
	put_bytes(s, c->id, sizeof c->id);
	put_bytes(s, c->supersedes, sizeof c->supersedes);
	PUT(s, c->kind, c->state, c->giver, c->evidence, c->capacity, c->authority, c->flags, c->person);
	PUT(s, (uint64_t)c->given_utc_ms, (uint64_t)c->from_utc_ms, (uint64_t)c->until_utc_ms,
	    (uint64_t)c->ended_utc_ms, (uint64_t)c->data_from_utc_ms, (uint64_t)c->data_until_utc_ms);
	PUT(s, c->purposes, c->notice_version, c->taken_by, c->location_named, c->chosen, c->plan_steps);
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
	PUT(s, r->kind, r->state, r->party, r->purposes, (uint64_t)r->since_utc_ms);
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
	PUT(s, r->kind, r->party, r->team, r->worker, r->person, (uint64_t)r->from_utc_ms, (uint64_t)r->until_utc_ms);
}

static void put_directory(struct sink *s, const void *list, size_t i)
{
	const struct told_directory_facts *d = (const struct told_directory_facts *)list + i;
	PUT(s, d->party, d->standing, d->operator, d->location_protected);
}

static void put_worker(struct sink *s, const void *list, size_t i)
{
	const struct told_worker_facts *w = (const struct told_worker_facts *)list + i;
	PUT(s, w->worker, w->human, w->party, w->roles, (uint64_t)w->from_utc_ms, (uint64_t)w->until_utc_ms);
	put_text(s, w->number);
}

static void put_role(struct sink *s, const void *list, size_t i)
{
	const struct told_role_facts *r = (const struct told_role_facts *)list + i;
	PUT(s, r->party, r->role, r->types);
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
		PUT(s, f->originator, f->authored, f->about, f->told_by, (uint64_t)f->recorded_utc_ms,
		    (uint64_t)f->incident_utc_ms, (uint64_t)f->ends_utc_ms);
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
	PUT(s, m->type, m->role, m->faults, m->recipients_visible, m->queued, m->sender, m->recipient, m->sender_team,
	    m->recipient_team, m->recipient_role, m->author, m->authoriser, m->recipient_worker, m->purposes);
	PUT(s, m->person, (uint64_t)m->created_utc_ms, (uint64_t)m->expires_utc_ms, m->agreement_version);
	put_text(s, m->agreement_id);
	PUT(s, m->sets_state, m->reason, m->threshold_met, m->high_risk, m->attempts, m->ways, m->reviewer_named,
	    m->referrer_told);
	put_list(s, put_number, m->recipients, m->recipient_count);
	put_list(s, put_number, m->action_owners, m->action_owner_count);
	put_override(s, &m->override);
	put_bases(s, m);
	put_sections(s, m);
}

static void put_person_facts(struct sink *s, const struct told_person_facts *p)
{
	PUT(s, p->matches, p->age, p->capacity, p->merge_pending, p->location_protected, (uint64_t)p->died_utc_ms,
	    (uint64_t)p->do_not_notify_since_utc_ms);
	put_list(s, put_restriction, p->restrictions, p->restriction_count);
	put_list(s, put_hold, p->holds, p->hold_count);
	put_list(s, put_number, p->excluded_workers, p->excluded_worker_count);
}

static void put_workflow(struct sink *s, const struct told_workflow_facts *w)
{
	PUT(s, w->event, w->referral_state, w->open_duplicate, w->referrer, w->referred_to, w->rests_on_consent,
	    (uint64_t)w->ack_due_utc_ms, w->about_known, w->about_sender, w->has_conference);
	put_bytes(s, w->consent_id, sizeof w->consent_id);
	put_parties(s, &w->about_recipients);
	put_parties(s, &w->members);
	put_data(s, &w->about_released);
	put_list(s, put_delivered, w->delivered_under, w->delivered_under_count);
}

void told_question_digest(const struct told_question *question, told_hash *out)
{
	struct sink s;
	open_sink(&s);
	PUT(&s, TOLD_POLICY_VERSION, (uint64_t)question->t_utc_ms);
	put_message(&s, &question->message);
	put_person_facts(&s, &question->person);
	put_workflow(&s, &question->workflow);
	put_list(&s, put_agreement, question->agreements, question->agreement_count);
	put_list(&s, put_consent, question->consents, question->consent_count);
	put_list(&s, put_withdrawal, question->withdrawals, question->withdrawal_count);
	put_list(&s, put_relationship, question->relationships, question->relationship_count);
	put_list(&s, put_directory, question->directory, question->directory_count);
	put_list(&s, put_worker, question->workers, question->worker_count);
	put_list(&s, put_role, question->roles, question->role_count);
	close_sink(&s, out);
}
