/* SPDX-License-Identifier: Apache-2.0 */
/* The agenda, for the chair: each item with the attendees who may not be in the room for it, ruled as if its
 * contributor said it to them. The reason stays with the person's permission (practice.md section 7). */
#include "agents/agent/core/show.h"
#include "agents/agent/work/conference.h"

#include <string.h>

/* One item: what one agency brings of one kind. */
struct item {
	struct told_bytes from;
	const struct told_header *header; /* that said it */
	uint32_t category;
	bool voice; /* the person's own words are in it */
};

static bool stands(const struct item *items, size_t count, const struct item *item)
{
	for (size_t i = 0; i < count; i++)
		if (items[i].category == item->category && told_bytes_equal(items[i].from, item->from))
			return true;
	return false;
}

/* The signed header of a message about the person, as the log has it. */
static enum told_status header_of(struct told_agent *agent, const struct told_meeting *m, struct told_bytes message,
				  const struct told_header **out)
{
	struct told_fact_row fact;
	struct told_opened_envelope opened;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_fact_next(agent->vault, agent->arena, m->client, after, &fact);
		after = fact.entry + 1;
		if (status != TOLD_OK || fact.type != TOLD_TYPE_CONF_CONTRIB)
			continue;
		if (told_envelope_open(agent->arena, fact.envelope, &opened) != TOLD_OK)
			return TOLD_E_CORRUPT;
		*out = opened.header;
		if (told_bytes_equal(opened.header->id, message))
			return TOLD_OK;
	}
	return status;
}

static bool person_says(const json_t *section)
{
	const char *voice = json_string_value(json_object_get(section, "voice"));
	return voice != NULL && strcmp(voice, told_words(TOLD_LIST_VOICE, TOLD_VOICE_PERSON)) == 0;
}

#define ITEMS_MAX 256u

static enum told_status collect(struct told_agent *agent, const struct told_meeting *m, struct item *items,
				size_t *count)
{
	enum told_status status = TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < m->state->contribution_count; i++) {
		const struct told_contribution *c = &m->state->contributions[i];
		const struct told_header *header = NULL;
		json_t *words = told_meeting_words(agent, m, c->message), *section = NULL;
		size_t s = 0;
		status = header_of(agent, m, c->message, &header);
		json_array_foreach(words, s, section)
		{
			const char *code = json_string_value(json_object_get(section, "category"));
			struct item item = {.from = c->from, .header = header, .voice = person_says(section)};
			item.category = code == NULL ? 0 : told_value(TOLD_LIST_CATEGORY, told_text(code));
			if (status == TOLD_OK && *count < ITEMS_MAX && !stands(items, *count, &item))
				items[(*count)++] = item;
		}
		json_decref(words);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* Whether our own ruling would let its contributor say it to them. */
static enum told_status may_hear(struct told_agent *agent, const struct told_person *person, const struct item *item,
				 struct told_bytes to, uint32_t purpose, bool *may)
{
	struct told_section_header section = {.number = 1, .category = item->category, .originator = item->from};
	struct told_section_header *sections[] = {&section};
	struct told_choice *choice = told_arena_alloc(agent->arena, sizeof *choice);
	struct told_header header = *item->header;
	struct told_bytes recipient = to;
	json_t *json = NULL;
	uint64_t withhold = 0;
	bool nothing = true;
	*may = false;
	if (choice == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = told_choose(agent, item->from, to, header.type, purpose, &item->category, 1, choice);
	if (status != TOLD_OK)
		return status == TOLD_E_REFUSED ? TOLD_OK : status;
	header.recipients = (struct told_bytes_list){.items = &recipient, .count = 1};
	header.bases = (struct told_basis_part_list){.items = choice->bases, .count = choice->flow_count};
	header.agreement = &choice->ref;
	section.recorded_ms = header.created_ms;
	section.author = header.author;
	section.voice = item->voice ? TOLD_VOICE_PERSON : TOLD_VOICE_WORKER;
	section.basis = told_choice_basis(choice, item->category);
	status = told_preview(agent, &header, sections, 1, to, person, NULL, &json, &withhold, &nothing);
	const char *effect = json_string_value(json_object_get(json, "effect"));
	*may = status == TOLD_OK && !nothing && withhold == 0 && effect != NULL && strcmp(effect, "release") == 0;
	json_decref(json);
	return status;
}

static enum told_status item_json(struct told_agent *agent, const struct told_meeting *m,
				  const struct told_person *person, const struct item *item, json_t *list)
{
	json_t *without = json_array();
	const struct told_conference *c = m->state;
	enum told_status status = TOLD_OK;
	/* A MARAC stands on its threshold: whoever was invited hears all of it. */
	for (size_t i = 0; c->kind == TOLD_CONFERENCE_MDT && status == TOLD_OK && i < c->attendee_count; i++) {
		struct told_bytes party = c->attendees[i].party;
		bool may = true;
		if (!told_bytes_equal(party, item->from) && !told_bytes_equal(party, c->chair))
			status = may_hear(agent, person, item, party, told_meeting_purpose(c), &may);
		if (!may)
			told_json_add(without, told_text_json(party));
	}
	json_t *json =
		json_pack("{s:o, s:s, s:s, s:b, s:o}", "from", told_text_json(item->from), "category",
			  told_code(TOLD_LIST_CATEGORY, item->category), "words",
			  told_words(TOLD_LIST_CATEGORY, item->category), "own_words", item->voice, "not_for", without);
	return told_json_add(list, json) || status != TOLD_OK ? status : TOLD_E_MEMORY;
}

/* The person's own views come first, then what their advocate brings, then the rest as it came. */
static bool advocate(const struct told_agent *agent, const struct told_meeting *m, struct told_bytes party)
{
	uint32_t number = told_party_find(agent->parties, party);
	const struct told_agreement *a;
	for (size_t i = 0; (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++)
		for (size_t p = 0; p < a->party_count; p++)
			if (a->parties[p].party == number && (a->parties[p].marks & TOLD_MARK_SPECIALIST) != 0)
				return !told_bytes_equal(party, m->state->chair);
	return false;
}

static unsigned place(const struct told_agent *agent, const struct told_meeting *m, const struct item *item)
{
	return item->voice ? 0 : advocate(agent, m, item->from) ? 1 : 2;
}

enum told_status told_meeting_agenda(struct told_agent *agent, const struct told_meeting *m, json_t **out)
{
	size_t count = 0;
	struct told_person *person = NULL;
	struct item *items = told_arena_alloc(agent->arena, ITEMS_MAX * sizeof *items);
	*out = json_array();
	enum told_status status = items == NULL || *out == NULL ? TOLD_E_MEMORY : collect(agent, m, items, &count);
	if (status == TOLD_OK)
		status = told_agent_person(agent, m->client, &person);
	for (unsigned at = 0; at < 3; at++)
		for (size_t i = 0; status == TOLD_OK && i < count; i++)
			if (place(agent, m, &items[i]) == at)
				status = item_json(agent, m, person, &items[i], *out);
	told_person_free(person);
	return status;
}
