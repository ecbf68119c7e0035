/* SPDX-License-Identifier: Apache-2.0 */
/* What came of referrals, person by person: declines, the first meeting, meetings of either side that did not happen,
 * and what became of the referral then. */
#include "agents/agent/work/outcomes.h"

#include "agents/agent/work/incident.h"
#include "agents/agent/work/referral.h"
#include "agents/outcome/meeting.h"

/* What one person adds: a mark in each place, never more. */
struct marks {
	bool declined[TOLD_REASON_COUNT][2]; /* by us, by others */
	bool first[TOLD_FIRST_COUNT], after[TOLD_AFTER_COUNT];
	unsigned met[TOLD_TRY_RESULT_COUNT];
};

static void mark_decline(const struct told_outcomes *o, const struct told_referral_facts *f, struct marks *m)
{
	bool ours = f->referred_to == o->agent->self, theirs = f->referrer == o->agent->self;
	if (f->state == TOLD_REFERRAL_REJECTED && told_outcomes_within(o, f->changed_utc_ms) && (ours || theirs))
		m->declined[f->reason][ours ? 0 : 1] = true;
}

/* A referral to us, by what was written down about it. */
static enum told_status mark_meetings(const struct told_outcomes *o, const struct told_referral_facts *f,
				      struct marks *m)
{
	struct told_try tries[TOLD_TRIES_MAX];
	json_t *book = NULL;
	struct told_met_referral referral = {.sent_utc_ms = f->sent_utc_ms,
					     .closed = told_referral_closed(f->state),
					     .lost_touch = f->reason == TOLD_REASON_DISENGAGED,
					     .tries = tries};
	enum told_status status = told_book_load(o->agent, told_bytes(f->id, TOLD_ID_BYTES), &book);
	if (status == TOLD_OK)
		status = told_book_tries(book, tries, &referral.count);
	json_decref(book);
	if (status != TOLD_OK)
		return status;
	if (told_outcomes_within(o, f->sent_utc_ms))
		m->first[told_first_contact(&referral)] = true;
	enum told_after_missed after = told_after_missed(&referral, o->from_ms, o->until_ms);
	if (after < TOLD_AFTER_COUNT)
		m->after[after] = true;
	told_attendance_add(&referral, o->from_ms, o->until_ms, m->met);
	return TOLD_OK;
}

/* How often somebody met or missed stands in classes: the number itself would name people. */
static size_t class_of(unsigned times)
{
	return times == 1 ? 0 : times <= 4 ? 1 : 2;
}

static enum told_status put(struct told_outcomes *o, enum told_outcome_table table, const char *row, size_t column,
			    bool is, enum told_status status)
{
	return status == TOLD_OK && is ? told_counts_add(&o->tables[table], row, column) : status;
}

static enum told_status add_marks(struct told_outcomes *o, const struct marks *m)
{
	enum told_status status = TOLD_OK;
	for (unsigned reason = 0; reason < TOLD_REASON_COUNT; reason++)
		for (size_t side = 0; side < 2; side++)
			status = put(o, TOLD_OUTCOME_DECLINES, told_words(TOLD_LIST_REASON, reason), side,
				     m->declined[reason][side], status);
	for (size_t i = 0; i < TOLD_FIRST_COUNT; i++)
		status = put(o, TOLD_OUTCOME_FIRST_CONTACT, told_first_words[i], 0, m->first[i], status);
	for (size_t i = 0; i < TOLD_AFTER_COUNT; i++)
		status = put(o, TOLD_OUTCOME_AFTER_MISSED, told_after_words[i], 0, m->after[i], status);
	for (size_t i = 1; i < TOLD_TRY_RESULT_COUNT; i++)
		status = put(o, TOLD_OUTCOME_ATTENDANCE, told_attendance_words[i], class_of(m->met[i]), m->met[i] > 0,
			     status);
	return status;
}

static enum told_status count_person(struct told_outcomes *o, struct told_bytes client)
{
	struct told_person *person = NULL;
	struct marks marks = {0};
	enum told_status status = told_agent_person(o->agent, client, &person);
	for (size_t i = 0; status == TOLD_OK && i < person->referral_count; i++) {
		mark_decline(o, &person->referrals[i], &marks);
		if (person->referrals[i].referred_to == o->agent->self)
			status = mark_meetings(o, &person->referrals[i], &marks);
	}
	told_person_free(person);
	return status == TOLD_OK ? add_marks(o, &marks) : status;
}

enum told_status told_outcomes_people(struct told_outcomes *o)
{
	uint8_t client[TOLD_ID_BYTES];
	enum told_status status = told_fact_next_client(o->agent->vault, client, true);
	while (status == TOLD_OK) {
		told_arena_reset(o->agent->arena);
		status = count_person(o, told_bytes(client, sizeof client));
		if (status == TOLD_OK)
			status = told_fact_next_client(o->agent->vault, client, false);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* ---- asked for, and refused by us ---- */

static bool refused_then(const struct told_outcomes *o, const json_t *book)
{
	const json_t *refusal = json_object_get(book, "refused");
	return refusal != NULL && told_outcomes_within(o, json_integer_value(json_object_get(refusal, "at_ms")));
}

enum told_status told_outcomes_refused(struct told_outcomes *o)
{
	uint8_t at[TOLD_ID_BYTES] = {0};
	char hex[2 * TOLD_ID_BYTES + 1];
	json_t *people = json_object();
	struct told_bytes client, doc;
	enum told_status status = people == NULL ? TOLD_E_MEMORY : TOLD_OK;
	while (status == TOLD_OK) {
		status = told_referral_doc_next(o->agent->vault, o->agent->arena, at, &client, &doc);
		json_t *book = status == TOLD_OK ? told_doc_read(doc) : NULL;
		if (status == TOLD_OK && refused_then(o, book)) {
			told_hex(client.data, TOLD_ID_BYTES, hex);
			if (json_object_get(people, hex) == NULL)
				status = told_counts_add(&o->tables[TOLD_OUTCOME_ONWARD], "asked for and refused by us",
							 0);
			json_object_set_new(people, hex, json_true());
		}
		json_decref(book);
	}
	json_decref(people);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
