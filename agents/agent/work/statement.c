/* SPDX-License-Identifier: Apache-2.0 */
/* One row of the statement: judged first, and only then put into words that can be shown. */
#include "agents/agent/work/statement.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/docket.h"
#include "agents/agent/work/incident.h"

#include "broker/agree/sets.h"

#include <string.h>

/* ---- who is who ---- */

bool told_statement_specialist(const struct told_agent *agent, struct told_bytes party)
{
	uint32_t number = told_party_find(agent->parties, party);
	const struct told_agreement *a;
	if (number == agent->self && agent->specialist)
		return true;
	for (size_t i = 0; (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++)
		for (size_t j = 0; j < a->party_count; j++)
			if (a->parties[j].party == number && (a->parties[j].marks & TOLD_MARK_SPECIALIST) != 0)
				return true;
	return false;
}

static struct told_bytes name_of(const struct told_agent *agent, struct told_bytes party)
{
	const struct told_party *line = told_alert_line(agent, party);
	return line != NULL && line->legal_name.len > 0 ? line->legal_name : party;
}

/* ---- what its words speak of ---- */

enum told_status told_statement_about(struct told_statement_search *s, uint32_t category, bool *others,
				      struct told_catset *classified)
{
	struct told_story_row story = {0};
	struct told_section_header *section = NULL;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_story_next_of_category(s->agent->vault, s->arena, s->client, category, story.id, &story);
		if (status != TOLD_OK)
			break;
		status = told_section_header_decode(story.header, s->arena, &section);
		if (status != TOLD_OK)
			return TOLD_E_CORRUPT;
		*others |= section->about.len > 0 || section->told_by.len > 0;
		for (size_t i = 0; i < section->classified.count; i++)
			told_catset_add(classified, section->classified.items[i]);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* ---- the mark of the flow's owner ---- */

static void take_flag(const struct told_flag_part *flag, const struct told_statement_row *row,
		      struct told_safe_mark *mark)
{
	if (flag == NULL || flag->kind != TOLD_FLAG_SAFE_TO_TELL || !told_bytes_equal(flag->message_id, row->message))
		return;
	mark->set = flag->state == TOLD_FLAG_STATE_SET;
	mark->review_utc_ms = (int64_t)flag->review_ms;
}

/* Of what came from others: their own signed word, the last one. That a conference was ours to tell it does not say. */
static enum told_status their_mark(struct told_statement_search *s, const struct told_statement_row *row,
				   struct told_safe_mark *mark)
{
	struct told_fact_row fact = {0};
	enum told_status status = TOLD_OK;
	for (uint64_t after = 0; status == TOLD_OK; after = fact.entry + 1) {
		struct told_envelope *envelope = NULL;
		struct told_header *header = NULL;
		status = told_fact_next(s->agent->vault, s->arena, s->client, after, &fact);
		if (status != TOLD_OK || fact.type != TOLD_TYPE_FLAG || !told_bytes_equal(fact.sender, row->party))
			continue;
		if (told_envelope_decode(fact.envelope, s->arena, &envelope) != TOLD_OK ||
		    told_header_decode(envelope->header, s->arena, &header) != TOLD_OK)
			return TOLD_E_CORRUPT;
		take_flag(header->flag, row, mark);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status mark_of(struct told_statement_search *s, const struct told_statement_row *row,
				struct told_safe_mark *mark)
{
	struct told_kept_row kept;
	uint8_t id[TOLD_ID_BYTES];
	*mark = (struct told_safe_mark){0};
	if (row->message.len != TOLD_ID_BYTES)
		return TOLD_OK;
	if (!row->ours)
		return told_flow_is_quiet(&row->flow) ? their_mark(s, row, mark) : TOLD_OK;
	enum told_status status = told_kept_next(s->agent->vault, s->arena, TOLD_DOCKET_SAFE, TOLD_KEPT_ID,
						 told_docket_safe_id(row->message, id), 0, 0, &kept);
	if (status != TOLD_OK)
		return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
	json_t *doc = told_doc_read(kept.doc);
	mark->set = true;
	mark->own_conference = json_is_true(json_object_get(doc, "own_conference"));
	mark->review_utc_ms = json_integer_value(json_object_get(doc, "review_ms"));
	json_decref(doc);
	return TOLD_OK;
}

/* ---- the entry ---- */

static json_t *purposes_of(const struct told_flow_facts *flow)
{
	json_t *list = json_array();
	for (size_t i = 0; i < flow->purpose_count; i++)
		told_json_add(list, json_string(told_code(TOLD_LIST_PURPOSE, flow->purposes[i])));
	return list;
}

/* The team of a worker, as the register has it: an id such as "front-door", said as words. */
static json_t *team_of(struct told_statement_search *s, struct told_bytes party, struct told_bytes worker)
{
	const struct told_agent *agent = s->agent;
	const struct told_worker *known = told_directory_worker(
		agent->directory, told_party_find(agent->parties, party), worker, told_agent_now(agent));
	char *team = known != NULL && known->team_count > 0 ? told_arena_text(s->arena, known->teams[0]) : NULL;
	for (char *at = team; at != NULL && *at != '\0'; at++)
		*at = *at == '-' ? ' ' : *at;
	return json_string(team != NULL ? team : "");
}

/* Only what an agent logged: a worker of theirs opened it. */
static enum told_status add_opened(struct told_statement_search *s, const struct told_statement_row *row, json_t *entry)
{
	struct told_bytes worker = {0};
	uint64_t time_ms = 0;
	enum told_status status = TOLD_OK;
	json_t *list = json_array();
	while (status == TOLD_OK && row->message.len == TOLD_ID_BYTES) {
		status = told_opened_next(s->agent->vault, s->arena, row->message, row->party, worker, &worker,
					  &time_ms);
		if (status == TOLD_OK)
			told_json_add(list, json_pack("{s:o, s:I}", "team", team_of(s, row->party, worker), "time_ms",
						      (json_int_t)time_ms));
	}
	json_object_set_new(entry, "opened", list);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status entry_of(struct told_statement_search *s, const struct told_statement_row *row, json_t **out)
{
	bool nameless = s->hide_names && told_statement_specialist(s->agent, row->party);
	struct told_bytes none = {0}, name = name_of(s->agent, row->party);
	*out = json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:s, s:s}", "kind", row->kind, "time_ms",
			 (json_int_t)row->time_ms, "party", told_text_json(nameless ? none : row->party), "name",
			 told_text_json(nameless ? none : name), "categories", told_categories_json(&row->categories),
			 "purposes", purposes_of(&row->flow), "ground", row->ground, "how",
			 row->how != NULL ? row->how : "");
	if (*out == NULL)
		return TOLD_E_MEMORY;
	bool delivered = strcmp(row->kind, "sent") == 0 && !nameless;
	return delivered ? add_opened(s, row, *out) : TOLD_OK;
}

/* What one grant opened to one service for one reason is one entry, not one for each part. */
static bool joined(json_t *entries, const json_t *entry)
{
	static const char *const same[] = {"kind", "time_ms", "party", "ground", "purposes"};
	const json_t *more = json_object_get(entry, "categories");
	for (size_t i = 0; i < json_array_size(entries); i++) {
		const json_t *other = json_array_get(entries, i);
		size_t k = 0;
		while (k < sizeof same / sizeof same[0] &&
		       json_equal(json_object_get(entry, same[k]), json_object_get(other, same[k])))
			k++;
		if (k == sizeof same / sizeof same[0])
			return json_array_extend(json_object_get(other, "categories"), (json_t *)(uintptr_t)more) == 0;
	}
	return false;
}

/* Newest first; of one moment in the order found. */
static enum told_status insert(json_t *entries, json_t *entry)
{
	json_int_t time_ms = json_integer_value(json_object_get(entry, "time_ms"));
	size_t at = 0;
	while (at < json_array_size(entries) &&
	       json_integer_value(json_object_get(json_array_get(entries, at), "time_ms")) >= time_ms)
		at++;
	return json_array_insert_new(entries, at, entry) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

/* For the owner of the flow alone: what is off, and until when it is not. */
static enum told_status list_off(struct told_statement_search *s, const struct told_statement_row *row,
				 const struct told_safe_mark *mark, bool shown)
{
	json_t *entry = NULL;
	enum told_status status = entry_of(s, row, &entry);
	if (status != TOLD_OK)
		return status;
	json_object_set_new(entry, "message", told_id_json(row->message));
	json_object_set_new(entry, "ours", json_boolean(row->ours));
	json_object_set_new(entry, "shown", json_boolean(shown));
	json_object_set_new(entry, "conference", json_boolean(told_flow_is_conference(&row->flow)));
	if (mark->set)
		json_object_set_new(entry, "review_ms", json_integer(mark->review_utc_ms));
	return insert(s->off, entry);
}

enum told_status told_statement_put(struct told_statement_search *s, const struct told_statement_row *row)
{
	struct told_safe_mark mark;
	json_t *entry = NULL;
	if (told_catset_empty(&row->categories) || json_array_size(s->entries) >= TOLD_STATEMENT_ROWS_MAX)
		return TOLD_OK;
	enum told_status status = mark_of(s, row, &mark);
	if (status != TOLD_OK)
		return status;
	bool shown = told_flow_may_be_told(&row->flow, &mark, s->now_ms);
	if (s->off != NULL)
		return told_flow_is_quiet(&row->flow) || row->flow.unclear ? list_off(s, row, &mark, shown) : TOLD_OK;
	if (!shown)
		return TOLD_OK;
	status = entry_of(s, row, &entry);
	if (status != TOLD_OK)
		return status;
	if (strcmp(row->kind, "let") == 0 && joined(s->entries, entry)) {
		json_decref(entry);
		return TOLD_OK;
	}
	return insert(s->entries, entry);
}

enum told_status told_statement_search(struct told_statement_search *s)
{
	struct told_person *person = NULL;
	enum told_status status = told_agent_person(s->agent, s->client, &person);
	if (status == TOLD_OK)
		s->quiet_since_ms = person->do_not_notify_since_utc_ms;
	told_person_free(person);
	s->now_ms = told_clock_now(&s->agent->clock).wall_ms;
	if (status == TOLD_OK)
		status = told_arena_new(TOLD_AGENT_HEAP, &s->arena);
	if (status == TOLD_OK)
		status = told_statement_sent(s);
	if (status == TOLD_OK)
		status = told_statement_got(s);
	if (status == TOLD_OK && !s->only_referrals)
		status = told_statement_by_hand(s);
	told_arena_free(s->arena);
	s->arena = NULL;
	return status;
}
