/* SPDX-License-Identifier: Apache-2.0 */
/* The one filter through which every call of a worker passes (decision 0040): told_agent_as (work/may_see.c) says to
 * the vault whom this worker does not see, and from then on no row of theirs is there. Here is the list, and what it is
 * made of.
 * told_may_see and told_look in single calls ask once more: they are what a call meets that comes without a worker's
 * filter, and a hole in this one list would show everything at once. So they stay. */
#include "agents/agent/core/sight.h"
#include "agents/agent/core/doc.h"

#include "agents/agent/core/show.h"
#include "broker/agree/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND       "sight"

#define UNSEEN_MAX (1u << 20)

struct row {
	char worker[TOLD_NAME_MAX_BYTES + 1];
	uint8_t client[TOLD_ID_BYTES];
	bool named; /* in a conference's book, and not excluded by the person */
};

/* The list of all, and that of the worker who looked last, with the vault's changes as they stood. */
struct told_hidden {
	struct row *rows;
	size_t count, cap;
	uint8_t (*unseen)[TOLD_ID_BYTES];
	size_t unseen_count, unseen_cap;
	char who[TOLD_NAME_MAX_BYTES + 1];
	int64_t changes;
};

/* ---- books ---- */

static bool is_of(const struct told_kept_row *row, struct told_bytes conference, json_t **doc)
{
	char id[2 * TOLD_ID_BYTES + 1];
	*doc = told_doc_read(row->doc);
	const char *is = json_string_value(json_object_get(*doc, "conference"));
	told_hex(conference.data, TOLD_ID_BYTES, id);
	return is != NULL && strcmp(is, id) == 0;
}

enum told_status told_sight_open(struct told_agent *agent, struct told_bytes conference, struct told_bytes client,
				 struct told_sight_book *out)
{
	struct told_kept_row row = {.seq = 0};
	*out = (struct told_sight_book){.conference = conference, .client = client};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_CLIENT, client, 0, row.seq, &row);
		if (status == TOLD_OK && row.id.len == TOLD_ID_BYTES && is_of(&row, conference, &out->book)) {
			memcpy(out->id, row.id.data, TOLD_ID_BYTES);
			return TOLD_OK;
		}
		json_decref(out->book);
		out->book = NULL;
	}
	if (status != TOLD_E_NOT_FOUND)
		return status;
	out->book = json_pack("{s:o}", "conference", told_id_json(conference));
	return out->book != NULL ? told_random(out->id, sizeof out->id) : TOLD_E_MEMORY;
}

enum told_status told_sight_save(struct told_agent *agent, const struct told_sight_book *book)
{
	struct told_kept_row row = {
		.kind = KIND, .id = told_bytes(book->id, sizeof book->id), .client = book->client, .state = 1};
	enum told_status status = told_doc_put(agent, &row, book->book);
	/* From now on it is there for everybody but those who are named. */
	bool named = status == TOLD_OK && told_sight_declared(book->book);
	return named ? told_unnamed_drop(agent->vault, book->conference) : status;
}

enum told_status told_sight_next_due(struct told_agent *agent, uint64_t now_ms, uint64_t *after,
				     uint8_t conference[TOLD_ID_BYTES])
{
	struct told_kept_row row = {.seq = *after};
	enum told_status status = TOLD_OK;
	bool due = false;
	while (status == TOLD_OK && !due) {
		status = told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_ALL, told_bytes(NULL, 0), 0,
					row.seq, &row);
		json_t *book = status == TOLD_OK ? told_doc_read(row.doc) : NULL;
		const char *hex = json_string_value(json_object_get(book, "conference"));
		uint64_t due_ms = told_sight_look_due(book, 0, false);
		due = due_ms != 0 && due_ms <= now_ms && hex != NULL &&
		      told_unhex(told_text(hex), conference, TOLD_ID_BYTES) == TOLD_OK;
		json_decref(book);
	}
	*after = row.seq;
	return status;
}

/* ---- the list ---- */

static enum told_status add(struct told_hidden *hidden, struct told_bytes worker, struct told_bytes client, bool named)
{
	struct row *row = told_list_room(hidden->rows, hidden->count, &hidden->cap, sizeof *row, 1u << 20);
	if (row == NULL)
		return TOLD_E_MEMORY;
	hidden->rows = row;
	row = &hidden->rows[hidden->count];
	*row = (struct row){.named = named};
	if (worker.len >= sizeof row->worker || client.len != TOLD_ID_BYTES)
		return TOLD_E_CORRUPT;
	memcpy(row->worker, worker.data, worker.len);
	memcpy(row->client, client.data, TOLD_ID_BYTES);
	hidden->count++;
	return TOLD_OK;
}

static enum told_status add_book(struct told_hidden *hidden, const struct told_kept_row *row)
{
	json_t *doc = told_doc_read(row->doc), *line = NULL;
	size_t i = 0;
	enum told_status status = doc != NULL && row->client.len == TOLD_ID_BYTES ? TOLD_OK : TOLD_E_CORRUPT;
	json_array_foreach(json_object_get(doc, "named"), i, line)
	{
		const char *worker = json_string_value(json_object_get(line, "worker"));
		if (status == TOLD_OK && worker != NULL && told_sight_hides(doc, worker))
			status = add(hidden, told_text(worker), row->client, true);
	}
	json_decref(doc);
	return status;
}

/* Whom the person does not want to look (practice.md section 6), as far as we believe who said so. */
static enum told_status add_excluded(struct told_agent *agent, struct told_hidden *hidden)
{
	uint8_t client[TOLD_ID_BYTES];
	enum told_status status = TOLD_OK;
	for (bool first = true; status == TOLD_OK; first = false) {
		struct told_person *person = NULL;
		status = told_fact_next_flagged(agent->vault, client, first);
		if (status == TOLD_OK)
			status = told_agent_person(agent, told_bytes(client, sizeof client), &person);
		for (size_t i = 0; status == TOLD_OK && i < person->excluded_count; i++)
			status = add(hidden, person->excluded[i], told_bytes(client, sizeof client), false);
		told_person_free(person);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

void told_sight_free(struct told_agent *agent)
{
	if (agent->hidden != NULL) {
		free(agent->hidden->rows);
		free(agent->hidden->unseen);
	}
	free(agent->hidden);
	agent->hidden = NULL;
}

/* What cannot be read hides everything: the caller stops. */
enum told_status told_sight_load(struct told_agent *agent)
{
	struct told_kept_row row = {.seq = 0};
	struct told_hidden *hidden = calloc(1, sizeof *hidden);
	enum told_status status = hidden == NULL ? TOLD_E_MEMORY : TOLD_OK;
	(void)told_vault_open_eyes(agent->vault);
	told_arena_reset(agent->arena);
	while (status == TOLD_OK) {
		status = told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_ALL, told_bytes(NULL, 0), 0,
					row.seq, &row);
		if (status == TOLD_OK)
			status = add_book(hidden, &row);
	}
	if (status == TOLD_E_NOT_FOUND && hidden != NULL)
		status = add_excluded(agent, hidden);
	told_sight_free(agent);
	agent->hidden = hidden;
	return status;
}

bool told_sight_is_named(const struct told_agent *agent, struct told_bytes worker)
{
	for (size_t i = 0; agent->hidden != NULL && i < agent->hidden->count; i++)
		if (agent->hidden->rows[i].named && told_bytes_equal(told_text(agent->hidden->rows[i].worker), worker))
			return true;
	return false;
}

/* One human may have two numbers. */
static bool is_same(const struct told_agent *agent, const char *a, const char *b)
{
	return strcmp(a, b) == 0 || told_directory_same_human(agent->directory, agent->self, told_text(a), told_text(b),
							      told_agent_now(agent));
}

/* There is always room for one more: the new reference of somebody. */
enum told_status told_sight_add(struct told_agent *agent, const uint8_t client[TOLD_ID_BYTES])
{
	struct told_hidden *h = agent->hidden;
	void *room = told_list_room(h->unseen, h->unseen_count + 1, &h->unseen_cap, sizeof *h->unseen, UNSEEN_MAX);
	if (room == NULL)
		return TOLD_E_MEMORY;
	h->unseen = room;
	memcpy(h->unseen[h->unseen_count++], client, TOLD_ID_BYTES);
	return TOLD_OK;
}

enum told_status told_sight_begin(struct told_agent *agent, const struct told_caller *caller, bool *known)
{
	enum told_status status = agent->sight_stale || agent->hidden == NULL ? told_sight_load(agent) : TOLD_OK;
	struct told_hidden *h = agent->hidden;
	(void)told_vault_open_eyes(agent->vault);
	agent->sight_stale = status != TOLD_OK;
	*known = status == TOLD_OK && caller != NULL && strcmp(h->who, caller->number) == 0 &&
		 h->changes == told_vault_changes(agent->vault);
	if (status != TOLD_OK || caller == NULL || *known)
		return status;
	h->unseen_count = 0;
	snprintf(h->who, sizeof h->who, "%s", caller->number);
	h->changes = told_vault_changes(agent->vault);
	for (size_t i = 0; status == TOLD_OK && i < h->count; i++)
		if (is_same(agent, h->rows[i].worker, caller->number))
			status = told_sight_add(agent, h->rows[i].client);
	if (status != TOLD_OK)
		h->who[0] = '\0';
	return status;
}

void told_sight_end(struct told_agent *agent, const struct told_caller *caller, bool outside)
{
	const struct told_hidden *h = agent->hidden;
	struct told_sight sight = {.count = 0};
	if (caller != NULL && h != NULL)
		sight = (struct told_sight){.who = told_text(h->who),
					    .unseen = (const uint8_t(*)[TOLD_ID_BYTES])h->unseen,
					    .count = h->unseen_count,
					    .outside = outside};
	told_vault_look(agent->vault, sight);
}

/* ---- another reference of the same person ---- */

enum told_status told_sight_follow(struct told_agent *agent, struct told_bytes from, struct told_bytes to)
{
	struct told_kept_row row = {.seq = 0};
	struct told_sight was = told_vault_open_eyes(agent->vault);
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		uint8_t id[TOLD_ID_BYTES];
		status = told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_CLIENT, from, 0, row.seq, &row);
		if (status != TOLD_OK)
			break;
		struct told_kept_row copy = {
			.kind = KIND, .id = told_bytes(id, sizeof id), .client = to, .state = 1, .doc = row.doc};
		status = told_random(id, sizeof id);
		if (status == TOLD_OK)
			status = told_kept_put(agent->vault, &copy);
		agent->sight_stale = true;
	}
	/* Who does not see them now and writes on under the new reference, writes of a stranger. */
	bool unseen = false;
	for (size_t i = 0; i < was.count; i++)
		unseen |= memcmp(was.unseen[i], from.data, TOLD_ID_BYTES) == 0;
	if (unseen && told_sight_add(agent, to.data) == TOLD_OK) {
		was.unseen = (const uint8_t(*)[TOLD_ID_BYTES])agent->hidden->unseen;
		was.count = agent->hidden->unseen_count;
	}
	told_vault_narrow(agent->vault, was);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
