/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of a question. Workers are numbered within the question, in the order in which they are named. */
#include "broker/rule/lists.h"

#include "told/codes.h"

#include <string.h>

struct lay {
	const struct told_table *table;
	struct told_arena *arena;
	struct told_question *question;
	struct told_worker_facts *workers;
	size_t worker_count, worker_room;
};

/* The number of a worker in this question; a new row where it is named for the first time. 0: nobody. */
static uint32_t number_of(struct lay *lay, uint32_t party, struct told_bytes staff_number)
{
	if (staff_number.len == 0)
		return 0;
	for (size_t i = 0; i < lay->worker_count; i++)
		if (lay->workers[i].party == party && told_bytes_equal(lay->workers[i].number, staff_number))
			return lay->workers[i].worker;
	if (lay->worker_count == lay->worker_room)
		return 0;
	struct told_worker_facts *row = &lay->workers[lay->worker_count++];
	uint32_t number = (uint32_t)lay->worker_count;
	*row = (struct told_worker_facts){.worker = number, .human = number, .party = party, .number = staff_number};
	const struct told_table *table = lay->table;
	const struct told_worker *known = told_directory_worker(table->directory, party, staff_number, table->when);
	if (known == NULL) {
		row->until_utc_ms = 1; /* not in the register: never live */
		return number;
	}
	row->roles = known->roles;
	row->from_utc_ms = known->from_utc_ms;
	row->until_utc_ms = known->until_utc_ms == TOLD_NO_END ? 0 : known->until_utc_ms;
	for (size_t i = 0; i + 1 < lay->worker_count; i++)
		if (lay->workers[i].party == party &&
		    told_directory_same_human(table->directory, party, lay->workers[i].number, staff_number,
					      table->when))
			row->human = lay->workers[i].human;
	return number;
}

static void lay_people_at_work(struct lay *lay, const struct told_header *header)
{
	struct told_message_facts *m = &lay->question->message;
	m->author = number_of(lay, m->sender, header->author);
	m->authoriser = number_of(lay, m->sender, header->authoriser);
}

static bool on_paper(const struct told_agreement *agreement, uint32_t party)
{
	for (size_t i = 0; i < agreement->party_count; i++)
		if (agreement->parties[i].party == party)
			return (agreement->parties[i].marks & (TOLD_MARK_PAPER | TOLD_MARK_PERSON)) != 0;
	return false;
}

/* Of what is not in force between the two only these very bytes count: two papers of one number are not one paper. */
static uint32_t these_bytes(const struct lay *lay, const struct told_agreement *agreement, uint32_t party)
{
	return told_directory_signed(lay->table->directory, agreement, party, lay->table->when) ? agreement->version
												: 0;
}

static void lay_agreement(const struct lay *lay, const struct told_agreement *agreement, bool in_force,
			  struct told_agreement_facts *out)
{
	const struct told_message_facts *m = &lay->question->message;
	const struct told_directory *directory = lay->table->directory;
	bool suspended = told_directory_suspended(directory, agreement->id, m->sender, m->recipient, lay->table->when);
	*out = (struct told_agreement_facts){
		.agreement = agreement,
		.sender_signed = told_directory_signed_version(directory, agreement->id, m->sender, lay->table->when),
		.recipient_signed =
			told_directory_signed_version(directory, agreement->id, m->recipient, lay->table->when),
		.sender_suspended = suspended,
	};
	if (!in_force) {
		out->sender_signed = these_bytes(lay, agreement, m->sender);
		out->recipient_signed = these_bytes(lay, agreement, m->recipient);
	}
	/* Who is reached on paper or by voice signs nothing. */
	if (on_paper(agreement, m->recipient))
		out->recipient_signed = out->sender_signed;
}

static bool has_agreement(const struct told_agreement_facts *list, size_t count, struct told_bytes id)
{
	for (size_t i = 0; i < count; i++)
		if (told_bytes_equal(list[i].agreement->id, id))
			return true;
	return false;
}

/* One row an agreement id: the version that governs between the two, else the first, for its reason codes. */
static void add_agreement(struct lay *lay, const struct told_agreement *agreement, struct told_agreement_facts *list,
			  size_t *count)
{
	const struct told_message_facts *m = &lay->question->message;
	if (has_agreement(list, *count, agreement->id))
		return;
	const struct told_agreement *governing = told_directory_governing(lay->table->directory, agreement->id,
									  m->sender, m->recipient, lay->table->when);
	lay_agreement(lay, governing != NULL ? governing : agreement, governing != NULL, &list[(*count)++]);
}

/* Those that name both; and the one that the message names, so that a ruling can say that it is not theirs. */
static enum told_status lay_agreements(struct lay *lay)
{
	const struct told_directory *directory = lay->table->directory;
	struct told_message_facts *m = &lay->question->message;
	const struct told_agreement *agreement;
	size_t room = 1, count = 0, cursor = 0;
	while (told_directory_between(directory, m->sender, m->recipient, &cursor) != NULL)
		room++;
	struct told_agreement_facts *list = told_arena_alloc(lay->arena, room * sizeof *list);
	if (list == NULL)
		return TOLD_E_MEMORY;
	for (cursor = 0; (agreement = told_directory_between(directory, m->sender, m->recipient, &cursor)) != NULL;)
		add_agreement(lay, agreement, list, &count);
	if (m->agreement_id.len > 0 && !has_agreement(list, count, m->agreement_id))
		agreement = told_directory_agreement(directory, m->agreement_id, m->agreement_version, NULL,
						     lay->table->when);
	if (agreement != NULL)
		add_agreement(lay, agreement, list, &count);
	lay->question->agreements = list;
	lay->question->agreement_count = count;
	return TOLD_OK;
}

static enum told_status lay_relationships(struct lay *lay)
{
	const struct told_person *person = lay->table->person;
	size_t n = person->relationship_count;
	struct told_relationship_facts *list = told_arena_alloc(lay->arena, n * sizeof *list);
	if (list == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < n; i++) {
		list[i] = person->relationships[i];
		list[i].worker = number_of(lay, list[i].party, person->relationship_workers[i]);
		if (lay->question->message.type == TOLD_TYPE_GRANT)
			list[i].worker = list[i].team =
				0; /* a wrap is to the agency: any of its workers' relationship */
	}
	lay->question->relationships = list;
	lay->question->relationship_count = n;
	return TOLD_OK;
}

static enum told_status lay_person(struct lay *lay)
{
	const struct told_person *p = lay->table->person;
	struct told_person_facts *out = &lay->question->person;
	const struct told_message_facts *m = &lay->question->message;
	/* An answer to an erasure names no person: whoever it was is not known here any more. */
	if (m->type == TOLD_TYPE_ERASURE && m->person == 0)
		out->matches = 1;
	if (p == NULL || !p->known || p->retired)
		return TOLD_OK; /* matches nobody */
	bool asks = m->type == TOLD_TYPE_ASK || m->type == TOLD_TYPE_KNOWN;
	uint32_t taker = asks ? m->sender : m->recipient; /* whose workers are excluded: of whoever would get it */
	uint32_t *excluded = told_arena_alloc(lay->arena, p->excluded_count * sizeof *excluded);
	if (excluded == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < p->excluded_count; i++)
		excluded[i] = number_of(lay, taker, p->excluded[i]);
	*out = (struct told_person_facts){
		.matches = 1,
		.age = p->under_16 ? TOLD_UNDER_16 : TOLD_ADULT,
		.capacity = p->capacity,
		.merge_pending = p->merge_pending,
		.location_protected = p->location_protected,
		.died_utc_ms = p->died_utc_ms,
		.do_not_notify_since_utc_ms = p->do_not_notify_since_utc_ms,
		.excluded_workers = excluded,
		.excluded_worker_count = p->excluded_count,
	};
	told_person_records(p, lay->question);
	return lay_relationships(lay);
}

static uint8_t standing(const struct told_table *table, uint32_t party)
{
	static const uint8_t standings[TOLD_PARTY_STATE_COUNT] = {[TOLD_PARTY_UNKNOWN] = TOLD_STANDING_UNKNOWN,
								  [TOLD_PARTY_ENROLLED] = TOLD_STANDING_ACTIVE,
								  [TOLD_PARTY_SUSPENDED] = TOLD_STANDING_SUSPENDED,
								  [TOLD_PARTY_LEFT] = TOLD_STANDING_LEFT,
								  [TOLD_PARTY_REVOKED] = TOLD_STANDING_SUSPENDED};
	return standings[told_directory_party(table->directory, party, table->when)];
}

static bool has_row(const struct told_directory_facts *list, size_t count, uint32_t party)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].party == party)
			return true;
	return false;
}

/* Sender, recipients and originators; who is `contact: only` in an agreement counts as active. */
static enum told_status lay_directory(struct lay *lay)
{
	struct told_question *q = lay->question;
	const struct told_message_facts *m = &q->message;
	size_t room = 2 + m->recipient_count + m->section_count, count = 0;
	struct told_directory_facts *list = told_arena_alloc(lay->arena, room * sizeof *list);
	uint32_t *named = told_arena_alloc(lay->arena, room * sizeof *named);
	if (list == NULL || named == NULL)
		return TOLD_E_MEMORY;
	uint32_t broker = told_party_find(lay->table->parties, told_text(TOLD_BROKER_PARTY));
	size_t n = 0;
	named[n++] = m->sender;
	named[n++] = m->recipient;
	for (size_t i = 0; i < m->recipient_count; i++)
		named[n++] = m->recipients[i];
	for (size_t i = 0; i < m->section_count; i++)
		named[n++] = m->sections[i].originator;
	for (size_t i = 0; i < n; i++) {
		if (named[i] == TOLD_PARTY_NONE || has_row(list, count, named[i]))
			continue;
		struct told_directory_facts *row = &list[count++];
		*row = (struct told_directory_facts){.party = named[i], .standing = standing(lay->table, named[i])};
		row->operator= named[i] == broker;
		for (size_t j = 0; row->standing == TOLD_STANDING_UNKNOWN && j < q->agreement_count; j++)
			if (on_paper(q->agreements[j].agreement, named[i]))
				row->standing = TOLD_STANDING_ACTIVE;
		if (row->operator)
			row->standing = TOLD_STANDING_ACTIVE;
	}
	q->directory = list;
	q->directory_count = count;
	return TOLD_OK;
}

enum told_status told_table_lists(const struct told_table *table, struct told_arena *arena,
				  const struct told_header *header, struct told_question *question)
{
	const struct told_person *p = table->person;
	struct lay lay = {
		.table = table, .arena = arena, .question = question, .worker_room = 2}; /* author, authoriser */
	if (p != NULL)
		lay.worker_room += p->relationship_count + p->excluded_count;
	question->t_utc_ms = table->when.utc_ms;
	question->names = table->parties;
	lay.workers = told_arena_alloc(arena, lay.worker_room * sizeof *lay.workers);
	if (lay.workers == NULL)
		return TOLD_E_MEMORY;
	lay_people_at_work(&lay, header);
	enum told_status status = lay_agreements(&lay);
	if (status == TOLD_OK)
		status = lay_person(&lay);
	if (status == TOLD_OK)
		status = lay_directory(&lay);
	question->workers = lay.workers;
	question->worker_count = lay.worker_count;
	return status;
}
