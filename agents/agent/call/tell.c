/* SPDX-License-Identifier: Apache-2.0 */
/* Telling a story: what a worker wrote is judged, section by section, and deposited (tell.c). */
#include "agents/agent/call/calls.h"
#include "agents/agent/core/card.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"
#include "agents/agent/work/correct.h"
#include "agents/agent/work/risk.h"

#include "agents/story/section.h"
#include "told/seal.h"

#include <stdlib.h>
#include <string.h>

/* The plaintext in its one form: "story" is judged and built anew, "text" is put into one. */
static struct told_bytes content_of(struct told_request *r)
{
	struct told_bytes text = told_request_text(r, "text", false), out = {0};
	const json_t *story = told_request_member(r, "story", JSON_OBJECT, false);
	struct told_story parsed = {.text = text};
	struct told_buf buf = TOLD_BUF(TOLD_STORY_MAX_BYTES);
	if ((story == NULL) == (text.len == 0))
		told_request_refuse(r, TOLD_E_USAGE, "A section needs either \"story\" or \"text\".");
	char *dump = r->status == TOLD_OK && story != NULL ? json_dumps(story, JSON_COMPACT) : NULL;
	if (dump != NULL && told_story_parse(told_text(dump), r->agent->arena, &parsed) != TOLD_OK)
		told_request_refuse(r, TOLD_E_MALFORMED, "A section's story has not the form of protocol section 3.");
	if (r->status == TOLD_OK && told_story_build(&parsed, &buf) != TOLD_OK)
		told_request_refuse(r, TOLD_E_MALFORMED, "A section's story is too large or holds a code twice.");
	if (r->status == TOLD_OK)
		out = told_arena_copy(r->agent->arena, told_buf_view(&buf));
	if (dump != NULL)
		told_wipe(dump, strlen(dump));
	free(dump);
	told_buf_free(&buf);
	return out;
}

/* As a section's JSON writes it (agents/story). */
static uint32_t read_voice(struct told_request *r)
{
	const char *words[TOLD_VOICE_MEASURED + 1] = {NULL};
	for (unsigned voice = 1; voice <= TOLD_VOICE_MEASURED; voice++)
		words[voice] = told_story_voice(voice);
	return told_request_word(r, "voice", words, TOLD_VOICE_MEASURED + 1, TOLD_VOICE_PERSON);
}

/* Somebody else's card; the person's own says nothing, for it is they unless something is said. */
static struct told_bytes read_reference(struct told_request *r, const char *name, struct told_bytes client)
{
	struct told_bytes text = told_request_text(r, name, false);
	uint8_t *ref = told_arena_alloc(r->agent->arena, TOLD_ID_BYTES);
	if (r->status != TOLD_OK || text.len == 0 || ref == NULL)
		return told_bytes(NULL, 0);
	if (told_code_read(text, ref) != TOLD_OK) {
		told_request_refuse(r, TOLD_E_MALFORMED,
				    "\"about\" and \"told_by\" are references as they stand on a card. Make a card for "
				    "each person of the family (told card new), and read it out again.");
		return told_bytes(NULL, 0);
	}
	struct told_bytes other = told_bytes(ref, TOLD_ID_BYTES);
	return told_bytes_equal(other, client) ? told_bytes(NULL, 0) : other;
}

static void refuse_category(struct told_request *r, uint32_t category)
{
	r->status = TOLD_E_NOT_ALLOWED;
	told_buf_printf(r->why,
			"This agency's profile does not originate %s (%s). Nothing was kept. Record it where it "
			"belongs, or add it to the profile.",
			told_code(TOLD_LIST_CATEGORY, category), told_words(TOLD_LIST_CATEGORY, category));
}

static void read_section(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
			 struct told_section_header *out)
{
	*out = (struct told_section_header){
		.number = 1,
		.category = told_request_code(r, "category", TOLD_LIST_CATEGORY, 0),
		.classified = told_request_categories(r, "classified"),
		.voice = read_voice(r),
		.recorded_ms = (uint64_t)told_clock_now(&r->agent->clock).wall_ms,
		.originator = told_agent_self(r->agent),
		.author = told_text(caller->number),
		.about = read_reference(r, "about", client),
		.told_by = read_reference(r, "told_by", client),
		.onward = told_request_flag(r, "onward"),
		.confidential = told_request_flag(r, "confidential"),
		.verified = told_request_flag(r, "verified"),
		.locates = told_request_flag(r, "locates"),
	};
	if (r->status == TOLD_OK && out->category == 0)
		told_request_refuse(r, TOLD_E_USAGE, "Every section needs a \"category\".");
	if (r->status == TOLD_OK && !told_catset_has(&r->agent->categories, out->category))
		refuse_category(r, out->category);
	if (out->category == TOLD_CATEGORY_NARR && out->classified.count == 0)
		out->unclassified = TOLD_YES_NO_YES;
}

static enum told_status tell_sections(struct told_request *r, const struct told_caller *caller,
				      struct told_bytes client, const uint8_t ticket[TOLD_ID_BYTES], json_t *list)
{
	static const char members[] =
		"category story text voice classified confidential onward locates verified about told_by";
	const json_t *sections = told_request_member(r, "sections", JSON_ARRAY, true);
	bool replace = told_request_flag(r, "replace") == TOLD_YES_NO_YES ||
		       told_request_flag(r, "correct") == TOLD_YES_NO_YES;
	size_t count = sections == NULL ? 0 : json_array_size(sections);
	if (r->status == TOLD_OK && (count == 0 || count > TOLD_SECTIONS_MAX))
		told_request_refuse(r, TOLD_E_LIMIT, "A story has 1 to 32 sections.");
	enum told_status status = r->status;
	for (size_t i = 0; status == TOLD_OK && i < count; i++) {
		struct told_reply unused = {.why = TOLD_BUF(0)};
		struct told_request one = told_request_open(r->agent, json_array_get(sections, i), members, &unused);
		struct told_section_header header;
		json_t *json = NULL;
		if (one.status != TOLD_OK)
			told_request_refuse(r, one.status, "A section has a member that is not known here.");
		one.why = r->why;
		read_section(&one, caller, client, &header);
		struct told_bytes content = content_of(&one);
		status = r->status == TOLD_OK ? one.status : r->status;
		if (status == TOLD_OK && !replace)
			status = told_story_add(r->agent, client, &header, &content);
		if (status == TOLD_OK)
			status = told_tell_section(r->agent, caller, client, &header, content, ticket, &json);
		/* An answer is raised by the form that asks; words that nobody asked for are raised as they are. */
		if (status == TOLD_OK && json_object_get(json_array_get(sections, i), "text") != NULL)
			status = told_risk_words(r->agent, client, header.category, caller->number);
		if (!told_json_add(list, json) && status == TOLD_OK)
			status = TOLD_E_MEMORY;
	}
	return status;
}

/* What was told before was wrong: the right words go to whoever holds it. */
static enum told_status correct(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
				const json_t *told, json_t *holders)
{
	struct told_u32_list categories = {
		.items = told_arena_alloc(r->agent->arena, (json_array_size(told) + 1) * sizeof(uint32_t))};
	if (told_request_flag(r, "correct") != TOLD_YES_NO_YES)
		return TOLD_OK;
	if (categories.items == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < json_array_size(told); i++)
		categories.items[categories.count++] =
			told_value(TOLD_LIST_CATEGORY,
				   told_text(json_string_value(json_object_get(json_array_get(told, i), "category"))));
	return told_correct(r, caller, client, categories, holders);
}

/* The words, where they were given: from now on this agent can tell who was present. */
static enum told_status learn_words(struct told_request *r, struct told_bytes client)
{
	struct told_bytes text = told_request_text(r, "words", false);
	char settled[TOLD_WORDS_TEXT_BYTES];
	uint8_t key[TOLD_KEY_BYTES];
	if (r->status != TOLD_OK || text.len == 0)
		return r->status;
	if (told_words_settle(text, settled) != TOLD_OK) {
		told_request_refuse(r, TOLD_E_MALFORMED,
				    "\"words\" must be the card's four words as they stand on it.");
		return r->status;
	}
	enum told_status status = told_card_key(told_text(settled), client.data, key);
	if (status == TOLD_OK)
		status = told_card_put(r->agent->vault, client.data, key,
				       (uint64_t)told_clock_now(&r->agent->clock).wall_ms);
	told_wipe(key, sizeof key);
	told_wipe(settled, sizeof settled);
	return status;
}

/* Whoever tells us has to do with us: from the first telling on. */
static enum told_status relate_once(struct told_agent *agent, const struct told_caller *caller,
				    struct told_bytes client, const uint8_t ticket[TOLD_ID_BYTES])
{
	struct told_bytes team = caller->team_count > 0 ? told_text(caller->teams[0]) : told_bytes(NULL, 0);
	struct told_story_row row;
	enum told_status status = told_story_next(agent->vault, agent->arena, client, 0, &row);
	if (status != TOLD_E_NOT_FOUND)
		return status;
	return told_agent_relate(agent, caller, client, TOLD_RELATIONSHIP_TEAM, team, true, 0, ticket);
}

enum told_status told_agent_tell(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				 struct told_reply *reply)
{
	uint8_t ticket[TOLD_ID_BYTES];
	json_t *list = json_array(), *holders = json_array();
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		goto out;
	struct told_request r =
		told_request_open(agent, request, "client sections words replace correct raised spared", reply);
	struct told_bytes client = told_request_client(&r);
	status = r.status == TOLD_OK ? told_random(ticket, sizeof ticket) : r.status;
	if (status == TOLD_OK)
		status = learn_words(&r, client);
	if (status == TOLD_OK)
		status = relate_once(agent, caller, client, ticket);
	if (status == TOLD_OK)
		status = tell_sections(&r, caller, client, ticket, list);
	if (status == TOLD_OK)
		status = told_risk_raise(&r, caller, client, told_request_member(&r, "raised", JSON_ARRAY, false));
	if (status == TOLD_OK)
		status = told_spared_note(&r, client, told_request_member(&r, "spared", JSON_ARRAY, false));
	if (status == TOLD_OK)
		status = correct(&r, caller, client, list, holders);
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, ticket,
					     json_pack("{s:O, s:O}", "sections", list, "holders", holders), reply);
	status = told_call_end(agent, status, reply);
	if (status == TOLD_OK)
		told_agent_touch(agent, client);
out:
	json_decref(list);
	json_decref(holders);
	return status;
}
