/* SPDX-License-Identifier: Apache-2.0 */
/* The forms of a team's parts, and the team as one document. Touches the arena only. */
#include "agents/team/team.h"

#include <stddef.h>
#include <string.h>

#define SYSTEM "urn:told:team"
#define FIELD(name, kind, member, words)                                                                               \
	{                                                                                                              \
		name, TOLD_FIELD_##kind, offsetof(struct TYPE, member), words                                          \
	}
#define FORM(fields)                                                                                                   \
	{                                                                                                              \
		SYSTEM, fields, sizeof fields / sizeof fields[0]                                                       \
	}
#define LEAD                                                                                                           \
	FIELD("lead_party", TEXT, lead.party, NULL), FIELD("lead", TEXT, lead.worker, NULL),                           \
		FIELD("deputy_party", TEXT, lead.deputy_party, NULL), FIELD("deputy", TEXT, lead.deputy, NULL),        \
		FIELD("until_ms", NUMBER, lead.until_ms, NULL), FIELD("chosen_ms", NUMBER, lead.chosen_ms, NULL)

#define TYPE told_team_news
static const struct told_field news_fields[] = {LEAD, FIELD("workers", TEXTS, workers, NULL),
						FIELD("teams", TEXTS, teams, NULL)};
#undef TYPE
const struct told_form_of told_team_news_form = FORM(news_fields);

#define TYPE told_team
static const struct told_field team_fields[] = {LEAD};
#undef TYPE
static const struct told_form_of team_form = FORM(team_fields);

#define TYPE told_member
static const struct told_field member_fields[] = {FIELD("party", TEXT, party, NULL),
						  FIELD("worker", TEXT, worker, NULL), FIELD("team", TEXT, team, NULL)};
#undef TYPE
static const struct told_form_of member_form = FORM(member_fields);

#define TYPE told_supporter
static const struct told_field supporter_fields[] = {FIELD("name", TEXT, name, NULL),
						     FIELD("consent", TEXT, consent, NULL),
						     FIELD("how", WORD, how, told_support_ways),
						     FIELD("steps", NUMBERS, steps, NULL),
						     FIELD("dropped", TRUTH, dropped, NULL),
						     FIELD("since_ms", NUMBER, since_ms, NULL)};
#undef TYPE
static const struct told_form_of supporter_form = FORM(supporter_fields);

#define TYPE told_promise
static const struct told_field promise_fields[] = {FIELD("what", TEXT, what, NULL), FIELD("worker", TEXT, worker, NULL),
						   FIELD("due_ms", NUMBER, due_ms, NULL),
						   FIELD("kept", TRUTH, kept, NULL)};
#undef TYPE
static const struct told_form_of promise_form = FORM(promise_fields);

/* The lists of a team: where they lie, how many there may be. */
static const struct list {
	const char *name;
	const struct told_form_of *form;
	size_t offset, count_offset, size, max;
} lists[] = {
	{"members", &member_form, offsetof(struct told_team, members), offsetof(struct told_team, member_count),
	 sizeof(struct told_member), TOLD_TEAM_MEMBERS_MAX},
	{"supporters", &supporter_form, offsetof(struct told_team, supporters),
	 offsetof(struct told_team, supporter_count), sizeof(struct told_supporter), TOLD_TEAM_SUPPORTERS_MAX},
	{"promises", &promise_form, offsetof(struct told_team, promises), offsetof(struct told_team, promise_count),
	 sizeof(struct told_promise), TOLD_TEAM_PROMISES_MAX},
};
#define LISTS (sizeof lists / sizeof lists[0])

static json_t *list_json(const struct list *list, const struct told_team *team)
{
	const uint8_t *base = (const uint8_t *)team;
	size_t count = *(const size_t *)(const void *)(base + list->count_offset);
	json_t *json = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(json, told_fields_json(list->form, base + list->offset + i * list->size));
	return json;
}

json_t *told_team_json(const struct told_team *team)
{
	json_t *doc = told_fields_json(&team_form, team);
	for (size_t i = 0; i < LISTS && doc != NULL; i++)
		json_object_set_new(doc, lists[i].name, list_json(&lists[i], team));
	return doc;
}

static enum told_status read_list(const struct list *list, const json_t *json, struct told_arena *arena,
				  struct told_team *out)
{
	uint8_t *base = (uint8_t *)out;
	size_t *count = (size_t *)(void *)(base + list->count_offset);
	enum told_status status = json_array_size(json) > list->max ? TOLD_E_LIMIT : TOLD_OK;
	for (; status == TOLD_OK && *count < json_array_size(json); (*count)++)
		status = told_fields_read(list->form, json_array_get(json, *count), arena,
					  base + list->offset + *count * list->size, list->size);
	return status;
}

enum told_status told_team_read(struct told_bytes doc, struct told_arena *arena, struct told_team *out)
{
	json_t *json = json_loadb((const char *)doc.data, doc.len, JSON_REJECT_DUPLICATES, NULL);
	enum told_status status =
		json == NULL ? TOLD_E_MALFORMED : told_fields_read(&team_form, json, arena, out, sizeof *out);
	for (size_t i = 0; status == TOLD_OK && i < LISTS; i++)
		status = read_list(&lists[i], json_object_get(json, lists[i].name), arena, out);
	json_decref(json);
	return status;
}
