/* SPDX-License-Identifier: Apache-2.0 */
/* What a commissioner gets: counts over our own vault, of whole months, with small numbers hidden and no table by
 * worker (practice.md section 8). Who did something is not even read. */
#include "agents/agent/work/outcomes.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/rule.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/incident.h"

#include "agents/outcome/need.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEEDS_GROUP = 1 }; /* tables about the same people */

/* ---- the tables, empty ---- */

static void name_tables(struct told_counts *t)
{
	static const struct {
		const char *name, *unit, *columns[TOLD_TABLE_COLUMNS_OUT];
		unsigned people;
		bool overlap;
	} heads[TOLD_OUTCOME_TABLES] = {
		[TOLD_OUTCOME_NEEDS] = {"needs, as each person rates them", "needs", {NULL}, NEEDS_GROUP, false},
		[TOLD_OUTCOME_PERSON_SAYS] =
			{"in the way at first (1 to 5), as the person says", "needs", {NULL}, NEEDS_GROUP, false},
		[TOLD_OUTCOME_WORKER_SAYS] =
			{"in the way at first (1 to 5), as the worker sees it", "needs", {NULL}, NEEDS_GROUP, false},
		[TOLD_OUTCOME_NEEDS_EACH] = {"needs each", "people", {"people"}, NEEDS_GROUP, false},
		[TOLD_OUTCOME_SPARED] =
			{"retellings avoided: questions not asked again, because another service had told the answer",
			 "people",
			 {"people"},
			 0,
			 false},
		[TOLD_OUTCOME_ONWARD] = {"onward referrals", "people", {"people"}, 0, true},
		[TOLD_OUTCOME_DECLINES] = {"declines by reason", "people", {"by us", "by others"}, 0, true},
		[TOLD_OUTCOME_FIRST_CONTACT] = {"time to first contact: from the day we were asked until we met",
						"people",
						{"people"},
						0,
						true},
		[TOLD_OUTCOME_ATTENDANCE] = {"meetings, and our own cancellations beside theirs",
					     "people",
					     {"once", "2 to 4 times", "5 or more"},
					     0,
					     true},
		[TOLD_OUTCOME_AFTER_MISSED] = {"referrals after a missed meeting", "people", {"people"}, 0, true},
	};
	for (size_t i = 0; i < TOLD_OUTCOME_TABLES; i++) {
		t[i] = (struct told_counts){.name = heads[i].name,
					    .unit = heads[i].unit,
					    .people = heads[i].people,
					    .overlap = heads[i].overlap};
		bool change = heads[i].columns[0] == NULL;
		for (size_t k = 0; k < TOLD_TABLE_COLUMNS_OUT; k++) {
			const char *name = change ? told_change_words[k] : heads[i].columns[k];
			if (name != NULL)
				t[i].columns[t[i].column_count++] = name;
		}
	}
}

/* A row of "1 to 5 questions" and so on: how many in classes, since the number itself would name people. */
static const char *class_of(size_t count)
{
	return count <= 5 ? "1 to 5" : count <= 10 ? "6 to 10" : count <= 20 ? "11 to 20" : "more than 20";
}

/* ---- needs ---- */

static enum told_status count_rating(struct told_counts *table, int rating, enum told_change change)
{
	static const char *const rows[] = {NULL, "1", "2", "3", "4", "5"};
	return rating >= 1 && rating <= TOLD_IN_THE_WAY_MAX ? told_counts_add(table, rows[rating], change) : TOLD_OK;
}

static enum told_status count_need(struct told_outcomes *o, const json_t *doc)
{
	struct told_rating first = told_need_first(doc);
	enum told_change said = told_need_change(doc, false), seen = told_need_change(doc, true);
	enum told_status status =
		told_counts_add(&o->tables[TOLD_OUTCOME_NEEDS], json_string_value(json_object_get(doc, "need")), said);
	if (status == TOLD_OK)
		status = count_rating(&o->tables[TOLD_OUTCOME_PERSON_SAYS], first.person, said);
	return status == TOLD_OK ? count_rating(&o->tables[TOLD_OUTCOME_WORKER_SAYS], first.worker, seen) : status;
}

/* Rows of a kind lie in the order in which they were written: how many a person has is counted by person. */
static enum told_status count_needs(struct told_outcomes *o, json_t *each)
{
	struct told_kept_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		char client[2 * TOLD_ID_BYTES + 1];
		status = told_kept_next(o->agent->vault, o->agent->arena, "need", TOLD_KEPT_ALL, told_bytes(NULL, 0), 0,
					row.seq, &row);
		json_t *doc = status == TOLD_OK ? told_doc_read(row.doc) : NULL;
		if (doc != NULL && told_outcomes_within(o, told_need_first(doc).at_utc_ms)) {
			told_hex(row.client.data, TOLD_ID_BYTES, client);
			json_int_t before = json_integer_value(json_object_get(each, client));
			json_object_set_new(each, client, json_integer(before + 1));
			status = count_need(o, doc);
		}
		json_decref(doc);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status count_each(struct told_outcomes *o, json_t *each)
{
	static const char *const rows[] = {"one", "two", "three", "four or more"};
	enum told_status status = TOLD_OK;
	const char *client;
	json_t *count;
	json_object_foreach(each, client, count)
	{
		json_int_t n = json_integer_value(count);
		if (status == TOLD_OK)
			status = told_counts_add(&o->tables[TOLD_OUTCOME_NEEDS_EACH], rows[n > 4 ? 3 : n - 1], 0);
	}
	return status;
}

/* ---- questions that nobody had to ask ---- */

static enum told_status count_spared(struct told_outcomes *o)
{
	struct told_kept_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_kept_next(o->agent->vault, o->agent->arena, "spared", TOLD_KEPT_ALL, told_bytes(NULL, 0),
					0, row.seq, &row);
		json_t *doc = status == TOLD_OK ? told_doc_read(row.doc) : NULL, *at;
		const char *item;
		size_t count = 0;
		json_object_foreach(doc, item, at) count += told_outcomes_within(o, json_integer_value(at));
		if (count > 0)
			status = told_counts_add(&o->tables[TOLD_OUTCOME_SPARED], class_of(count), 0);
		json_decref(doc);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* ---- onward referrals ---- */

/* A plan step of ours for a need, done here, with its outcome written down: nothing less counts (practice.md section
 * 5).
 */
static bool is_avoided(const struct told_outcomes *o, const json_t *step)
{
	const char *owner = json_string_value(json_object_get(step, "owner"));
	const char *state = json_string_value(json_object_get(step, "state"));
	return owner != NULL && state != NULL && told_bytes_equal(told_text(owner), told_agent_self(o->agent)) &&
	       strcmp(state, "done") == 0 && json_string_length(json_object_get(step, "need")) > 0 &&
	       json_string_length(json_object_get(step, "outcome")) > 0 &&
	       told_outcomes_within(o, json_integer_value(json_object_get(step, "changed_ms")));
}

static enum told_status count_avoided(struct told_outcomes *o)
{
	struct told_kept_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_kept_next(o->agent->vault, o->agent->arena, "plan", TOLD_KEPT_ALL, told_bytes(NULL, 0), 0,
					row.seq, &row);
		json_t *doc = status == TOLD_OK ? told_doc_read(row.doc) : NULL, *step;
		bool avoided = false;
		size_t i;
		json_array_foreach(json_object_get(doc, "steps"), i, step) avoided |= is_avoided(o, step);
		if (avoided)
			status = told_counts_add(&o->tables[TOLD_OUTCOME_ONWARD],
						 "avoided: done here, with its outcome", 0);
		json_decref(doc);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* ---- the whole ---- */

static enum told_status count_all(struct told_outcomes *o)
{
	json_t *each = json_object();
	enum told_status status = each != NULL ? count_needs(o, each) : TOLD_E_MEMORY;
	if (status == TOLD_OK)
		status = count_each(o, each);
	if (status == TOLD_OK)
		status = count_spared(o);
	if (status == TOLD_OK)
		status = count_avoided(o);
	if (status == TOLD_OK)
		status = told_outcomes_refused(o);
	if (status == TOLD_OK)
		status = told_outcomes_people(o);
	json_decref(each);
	return status;
}

/* "2026-03": its first moment, and the first after it. Whole months only: two periods that differ by a day could be
 * subtracted from each other. */
static void read_month(struct told_request *r, const char *name, int64_t *begin, int64_t *end)
{
	struct told_bytes text = told_request_text(r, name, true);
	unsigned year = 0, month = 0;
	char first[16] = "", next[16] = "";
	if (r->status != TOLD_OK)
		return;
	if (text.len == 7 && text.data[4] == '-')
		snprintf(first, sizeof first, "%.7s-01", (const char *)text.data);
	if (sscanf(first, "%4u-%2u", &year, &month) == 2)
		snprintf(next, sizeof next, "%04u-%02u-01", month == 12 ? (year + 1) % 10000 : year, month % 12 + 1);
	if (told_date_parse(told_text(first), begin) != TOLD_OK || told_date_parse(told_text(next), end) != TOLD_OK)
		told_request_refuse(r, TOLD_E_USAGE, "\"from\" and \"to\" are whole months, such as 2026-03.");
}

static void read_period(struct told_request *r, struct told_outcomes *o)
{
	int64_t ignored;
	read_month(r, "from", &o->from_ms, &ignored);
	read_month(r, "to", &ignored, &o->until_ms);
	if (r->status == TOLD_OK && o->from_ms >= o->until_ms)
		told_request_refuse(r, TOLD_E_USAGE, "\"from\" is a later month than \"to\".");
	if (r->status == TOLD_OK && o->from_ms > told_clock_now(&r->agent->clock).wall_ms)
		told_request_refuse(r, TOLD_E_USAGE, TOLD_DAY_TO_COME "That time is still to come.");
}

static json_t *report(const struct told_outcomes *o, const json_t *request, unsigned smallest)
{
	const struct told_counts *tables[TOLD_OUTCOME_TABLES];
	for (size_t i = 0; i < TOLD_OUTCOME_TABLES; i++)
		tables[i] = &o->tables[i];
	return json_pack("{s:O, s:O, s:i, s:i, s:o}", "from", json_object_get(request, "from"), "to",
			 json_object_get(request, "to"), "smallest", (int)smallest, "rounded_to", (int)TOLD_ROUND_TO,
			 "tables", told_counts_report(tables, TOLD_OUTCOME_TABLES, smallest));
}

enum told_status told_agent_outcomes(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				     struct told_reply *reply)
{
	if (!told_may_answer(caller->roles)) {
		told_buf_put_text(&reply->why,
				  "Outcomes are given away by a senior, a coordinator or the data protection officer.");
		return TOLD_E_NOT_ALLOWED;
	}
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "from to smallest", reply);
	struct told_outcomes o = {.agent = agent};
	uint64_t smallest = told_request_number(&r, "smallest");
	smallest = smallest == 0 ? TOLD_SMALLEST_DEFAULT : smallest;
	if (smallest < TOLD_SMALLEST_DEFAULT || smallest > TOLD_SMALLEST_MAX)
		told_request_refuse(&r, TOLD_E_USAGE, "\"smallest\" is from 5 to 100: below it a number is not shown.");
	read_period(&r, &o);
	o.tables = r.status == TOLD_OK ? calloc(TOLD_OUTCOME_TABLES, sizeof *o.tables) : NULL;
	enum told_status status = r.status != TOLD_OK ? r.status : o.tables == NULL ? TOLD_E_MEMORY : TOLD_OK;
	if (status == TOLD_OK) {
		name_tables(o.tables);
		status = count_all(&o);
	}
	if (status == TOLD_OK)
		reply->json = report(&o, request, (unsigned)smallest);
	free(o.tables);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}
