/* SPDX-License-Identifier: Apache-2.0 */
/* Saying something in a conference: a message of its own to each who sits there, ruled by ourselves first. Whom the
 * person's permission leaves no view hears nothing, and the meeting goes on without them. */
#include "agents/agent/core/show.h"
#include "agents/agent/work/conference.h"

#include "broker/decide/conference.h"

#include <string.h>

/* ---- words and their categories ---- */

uint32_t told_meeting_purpose(const struct told_conference *c)
{
	return c->kind == TOLD_CONFERENCE_MARAC ? TOLD_PURPOSE_MARAC : TOLD_PURPOSE_MDT;
}

/* What a MARAC says goes to its chair as a risk, and comes back as minutes and as a plan. */
uint32_t told_meeting_category(const struct told_conference *c, uint32_t event)
{
	bool marac = c->kind == TOLD_CONFERENCE_MARAC;
	if (event == TOLD_CONFERENCE_EVENT_CALL)
		return marac ? TOLD_CATEGORY_RSK_FROM : TOLD_CATEGORY_NED;
	if (event == TOLD_CONFERENCE_EVENT_MINUTES)
		return marac ? TOLD_CATEGORY_SAF_MARAC : TOLD_CATEGORY_PLN;
	if (event == TOLD_CONFERENCE_EVENT_ACTION)
		return TOLD_CATEGORY_PLN;
	return marac ? TOLD_CATEGORY_RSK_FROM : TOLD_CATEGORY_PLN;
}

static struct told_section_header header_of(const struct told_agent *agent, const struct told_caller *caller,
					    uint32_t category, uint32_t voice)
{
	return (struct told_section_header){
		.category = category,
		.voice = voice,
		.told_by_worker = voice == TOLD_VOICE_PERSON ? told_bytes(NULL, 0) : told_text(caller->number),
		.recorded_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms,
		.originator = told_agent_self(agent),
		.author = told_text(caller->number),
	};
}

static void read_one(struct told_request *r, const struct told_caller *caller, const json_t *item, uint32_t voice,
		     struct told_gathered *out)
{
	struct told_reply unused = {.why = TOLD_BUF(0)};
	struct told_request one = told_request_open(r->agent, item, "category text", &unused);
	one.why = r->why;
	uint32_t category = told_request_code(&one, "category", TOLD_LIST_CATEGORY, 0);
	struct told_bytes text = told_request_text(&one, "text", true);
	if (one.status == TOLD_OK && category == 0)
		told_request_refuse(&one, TOLD_E_USAGE, "Every part needs a \"category\".");
	if (one.status == TOLD_OK && out->count == TOLD_SECTIONS_MAX)
		told_request_refuse(&one, TOLD_E_LIMIT, "A contribution has at most 32 parts.");
	r->status = r->status == TOLD_OK ? one.status : r->status;
	if (r->status != TOLD_OK)
		return;
	struct told_to_send *section = &out->sections[out->count++];
	section->header = header_of(r->agent, caller, category, voice);
	r->status = told_note_content(r->agent, text, &section->content);
}

enum told_status told_meeting_sections(struct told_request *r, const struct told_caller *caller,
				       struct told_gathered *out)
{
	static const struct {
		const char *member;
		uint32_t voice;
	} kinds[] = {{"said", TOLD_VOICE_PERSON}, {"facts", TOLD_VOICE_MEASURED}, {"views", TOLD_VOICE_WORKER}};
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		size_t i = 0;
		json_t *item = NULL;
		const json_t *list = told_request_member(r, kinds[k].member, JSON_ARRAY, false);
		json_array_foreach(list, i, item) read_one(r, caller, item, kinds[k].voice, out);
	}
	return r->status;
}

/* ---- who it is about ---- */

/* Our own line of who the person is, or, where we hold no story, that it is about the card's holder. */
static enum told_status identify(struct told_agent *agent, const struct told_caller *caller, struct told_bytes client,
				 struct told_gathered *out)
{
	struct told_section_header wanted = {.category = TOLD_CATEGORY_DEM_ID};
	struct told_story_row row;
	struct told_to_send *section = &out->sections[out->count];
	section->header = header_of(agent, caller, TOLD_CATEGORY_DEM_ID, TOLD_VOICE_WORKER);
	enum told_status status = told_story_line(agent, client, &wanted, &row);
	if (status == TOLD_OK)
		section->content = row.content;
	else if (status == TOLD_E_NOT_FOUND)
		status = told_note_content(agent, told_text("The holder of this card."), &section->content);
	out->count += status == TOLD_OK;
	return status;
}

/* ---- keeping what we said ---- */

static json_t *member(json_t *book, const char *name, json_t *otherwise)
{
	json_t *there = json_object_get(book, name);
	if (there == NULL && json_object_set(book, name, otherwise) == 0)
		there = json_object_get(book, name);
	json_decref(otherwise);
	return there;
}

static json_t *sections_json(struct told_agent *agent, struct told_bytes message, const struct told_gathered *sections)
{
	json_t *list = json_array();
	for (size_t i = 0; sections != NULL && i < sections->count; i++) {
		const struct told_section_header *h = &sections->sections[i].header;
		struct told_section_row row = {.message = message,
					       .originator = told_agent_self(agent),
					       .category = h->category,
					       .voice = h->voice,
					       .recorded_ms = h->recorded_ms,
					       .received_ms = h->recorded_ms,
					       .content = sections->sections[i].content};
		told_json_add(list, told_section_json(&row, NULL));
	}
	return list;
}

static enum told_status keep(struct told_agent *agent, struct told_meeting *m, const struct told_draft *draft,
			     const struct told_utterance *said, struct told_bytes to)
{
	char id[2 * TOLD_ID_BYTES + 1];
	told_hex(draft->id, sizeof draft->id, id);
	json_t *row = json_pack("{s:o, s:I, s:o, s:o}", "ticket",
				told_id_json(told_bytes(draft->ticket, sizeof draft->ticket)), "event",
				(json_int_t)said->event, "to", told_text_json(to), "sections",
				sections_json(agent, draft->header.id, said->sections));
	json_t *all = member(m->book, "said", json_object());
	return row != NULL && all != NULL && json_object_set_new(all, id, row) == 0 ? TOLD_OK : TOLD_E_MEMORY;
}

/* ---- one message ---- */

struct saying {
	struct told_agent *agent;
	const struct told_caller *caller;
	struct told_meeting *meeting;
	const struct told_utterance *said;
	struct told_gathered *sections; /* with who it is about, where that stands in it */
	struct told_buf *why;
	const uint8_t *ticket;
};

static uint32_t type_of(uint32_t event)
{
	const struct told_conference_move *move;
	for (size_t i = 0; (move = told_conference_move_at(i)) != NULL; i++)
		if (move->event == event)
			return move->type;
	return 0;
}

static bool starts_with(const json_t *code, const char *prefix)
{
	const char *text = json_string_value(json_object_get(code, "code"));
	return text != NULL && strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Nothing of it may go to them, because the person has not allowed it. What may not be said at all is no such thing:
 * that goes to the broker, to be refused in the log. */
static bool no_view(const json_t *preview)
{
	size_t i = 0;
	json_t *code = NULL;
	bool refused = false, out_of_order = false;
	const char *effect = json_string_value(json_object_get(preview, "effect"));
	if (effect == NULL || strcmp(effect, "release") == 0 || strcmp(effect, "partial") == 0)
		return false;
	json_array_foreach(json_object_get(preview, "codes"), i, code)
	{
		refused |= starts_with(code, "CON-");
		out_of_order |= starts_with(code, "WFL-");
	}
	return refused && !out_of_order;
}

static enum told_status draft_to(struct saying *s, struct told_draft *draft, struct told_workflow_part *part)
{
	struct told_meeting *m = s->meeting;
	enum told_status status = told_draft_begin(s->agent, type_of(s->said->event), s->caller, m->client, draft);
	bool call = s->said->event == TOLD_CONFERENCE_EVENT_CALL;
	if (status != TOLD_OK)
		return status;
	*part = s->said->workflow;
	part->event = s->said->event;
	if (call)
		memcpy(draft->id, m->id.data, sizeof draft->id);
	else
		part->referral = m->id;
	if (!call)
		draft->header.in_reply_to = s->said->about.len > 0 ? s->said->about : m->id;
	draft->header.workflow = part;
	memcpy(draft->ticket, s->ticket, sizeof draft->ticket);
	return TOLD_OK;
}

static enum told_status send_one(struct saying *s, struct told_bytes to, bool dry, json_t **preview)
{
	struct told_draft draft;
	struct told_workflow_part part;
	enum told_status status = draft_to(s, &draft, &part);
	if (status == TOLD_OK)
		status = told_send_content(s->agent, &draft, to, told_meeting_purpose(s->meeting->state),
					   s->sections->sections, s->sections->count, dry, preview, s->why);
	if (status != TOLD_OK)
		return status;
	return dry ? told_draft_drop(s->agent, &draft) : keep(s->agent, s->meeting, &draft, s->said, to);
}

/* Who has no view is not written to at all, and the chair sees why. */
static enum told_status leave_out(struct told_meeting *m, struct told_bytes to, json_t *preview)
{
	char name[TOLD_NAME_MAX_BYTES + 1];
	size_t len = to.len < sizeof name ? to.len : sizeof name - 1;
	memcpy(name, to.data, len);
	name[len] = '\0';
	json_object_set_new(preview, "left_out", json_true());
	json_t *all = member(m->book, "outside", json_object());
	return all != NULL && json_object_set(all, name, json_object_get(preview, "codes")) == 0 ? TOLD_OK
												 : TOLD_E_MEMORY;
}

static enum told_status say_to(struct saying *s, struct told_bytes to, json_t *told)
{
	json_t *preview = NULL, *again = NULL;
	enum told_status status = send_one(s, to, true, &preview);
	if (status == TOLD_OK && s->said->identify && no_view(preview))
		status = leave_out(s->meeting, to, preview);
	else if (status == TOLD_OK)
		status = send_one(s, to, false, &again);
	json_decref(again);
	if (status == TOLD_OK)
		told_json_add(told, preview);
	else
		json_decref(preview);
	return status;
}

enum told_status told_meeting_say(struct told_agent *agent, const struct told_caller *caller,
				  struct told_meeting *meeting, const struct told_utterance *said,
				  struct told_bytes_list to, struct told_buf *why, json_t *told,
				  uint8_t ticket[TOLD_ID_BYTES])
{
	struct saying s = {.agent = agent,
			   .caller = caller,
			   .meeting = meeting,
			   .said = said,
			   .sections = told_arena_alloc(agent->arena, sizeof *s.sections),
			   .why = why,
			   .ticket = ticket};
	enum told_status status = s.sections == NULL ? TOLD_E_MEMORY : told_random(ticket, TOLD_ID_BYTES);
	if (status != TOLD_OK)
		return status;
	s.sections->count = 0;
	if (said->identify)
		status = identify(agent, caller, meeting->client, s.sections);
	for (size_t i = 0; said->sections != NULL && i < said->sections->count; i++) {
		if (s.sections->count == TOLD_SECTIONS_MAX)
			return TOLD_E_LIMIT;
		s.sections->sections[s.sections->count++] = said->sections->sections[i];
	}
	for (size_t i = 0; status == TOLD_OK && i < to.count; i++)
		status = say_to(&s, to.items[i], told);
	return status == TOLD_OK ? told_meeting_save(agent, meeting) : status;
}

/* ---- to our own agency ---- */

enum told_status told_meeting_note(struct told_agent *agent, const struct told_caller *caller, struct told_meeting *m,
				   const struct told_utterance *said)
{
	uint8_t id[TOLD_ID_BYTES];
	uint64_t now_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
	enum told_status status = told_uuid7(now_ms, id);
	if (status != TOLD_OK)
		return status;
	json_t *row =
		json_pack("{s:I, s:o, s:o, s:s, s:I, s:I, s:I, s:I, s:o}", "event", (json_int_t)said->event, "id",
			  told_id_json(told_bytes(id, sizeof id)), "about", told_id_json(said->about), "worker",
			  caller->number, "reason", (json_int_t)said->workflow.reason, "due_ms",
			  (json_int_t)said->workflow.due_ms, "at_ms", (json_int_t)now_ms, "after", (json_int_t)m->entry,
			  "sections", sections_json(agent, told_bytes(id, sizeof id), said->sections));
	json_t *all = member(m->book, "own", json_array());
	if (!told_json_add(all, row))
		return TOLD_E_MEMORY;
	return told_meeting_save(agent, m);
}
