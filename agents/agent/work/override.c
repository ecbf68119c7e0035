/* SPDX-License-Identifier: Apache-2.0 */
/* What is sent without permission: the first message of an alert, and what waited, under a message of its own once the
 * formality is met (protocol section 5: what was cured goes out under a new id). */
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"

#include <string.h>

/* ---- the paper ---- */

const struct told_party *told_alert_line(const struct told_agent *agent, struct told_bytes to)
{
	uint32_t party = told_party_find(agent->parties, to);
	struct told_when now = told_agent_now(agent);
	const struct told_agreement *a;
	for (size_t i = 0; (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++)
		for (size_t j = 0; j < a->party_count; j++)
			if (a->parties[j].party == party && party != 0 &&
			    told_directory_signed(agent->directory, a, agent->self, now))
				return &a->parties[j];
	return NULL;
}

struct told_bytes told_alert_number(const struct told_party *line)
{
	if (line == NULL)
		return told_bytes(NULL, 0);
	return line->on_call.len > 0 ? line->on_call : line->spoc;
}

bool told_alert_by_hand(const struct told_party *line)
{
	return line != NULL && (line->marks & (TOLD_MARK_PAPER | TOLD_MARK_PERSON)) != 0;
}

uint32_t told_alert_role(uint32_t roles, const struct told_profile *profile)
{
	uint32_t first = TOLD_ROLE_NONE;
	for (uint32_t role = 1; role < TOLD_ROLE_COUNT; role++) {
		if ((roles & TOLD_BIT32(role)) == 0)
			continue;
		if (profile != NULL && (profile->declare & TOLD_BIT32(role)) != 0)
			return role;
		first = first == TOLD_ROLE_NONE ? role : first;
	}
	return first;
}

/* ---- what goes ---- */

enum told_status told_alert_words(struct told_agent *agent, const struct told_caller *caller, const char *heading,
				  struct told_bytes words, struct told_u32_list classified, struct told_raise *raise)
{
	struct told_buf text = TOLD_BUF(TOLD_STORY_TEXT_MAX_BYTES);
	struct told_gathered *gathered = &raise->gathered;
	if (words.len == 0)
		return TOLD_OK;
	told_buf_put_text(&text, heading);
	told_buf_put(&text, words.data, words.len);
	struct told_bytes kept = told_arena_copy(agent->arena, told_buf_view(&text));
	enum told_status status = text.status != TOLD_OK ? text.status : kept.len == text.len ? TOLD_OK : TOLD_E_MEMORY;
	told_buf_free(&text);
	if (status == TOLD_OK)
		status = told_gather_words(agent, caller, kept, TOLD_CATEGORY_NARR, gathered);
	if (status != TOLD_OK)
		return status;
	struct told_section_header *header = &gathered->sections[gathered->count - 1].header;
	header->classified = classified;
	header->unclassified = classified.count == 0 ? TOLD_YES_NO_YES : TOLD_YES_NO_NONE;
	return TOLD_OK;
}

enum told_status told_alert_dispatch(struct told_agent *agent, struct told_raise *raise, bool dry, json_t **preview,
				     struct told_buf *why)
{
	struct told_header *header = &raise->draft.header;
	header->role = raise->role;
	header->override_block = raise->kind != TOLD_OVERRIDE_NONE ? &raise->block : NULL;
	header->workflow = raise->workflow.due_ms != 0 ? &raise->workflow : NULL;
	json_decref(*preview);
	*preview = NULL;
	return told_send_content(agent, &raise->draft, raise->to, raise->purpose, raise->gathered.sections,
				 raise->gathered.count, dry, preview, why);
}

enum told_status told_alert_unsent(struct told_agent *agent)
{
	told_vault_rollback(agent->vault);
	return told_vault_begin(agent->vault);
}

/* ---- our own ruling ---- */

bool told_preview_is(const json_t *preview, const char *effect)
{
	const char *is = json_string_value(json_object_get(preview, "effect"));
	return is != NULL && strcmp(is, effect) == 0;
}

bool told_preview_has(const json_t *preview, const char *code)
{
	const json_t *codes = json_object_get(preview, "codes");
	for (size_t i = 0; i < json_array_size(codes); i++) {
		const char *is = json_string_value(json_object_get(json_array_get(codes, i), "code"));
		if (is != NULL && strcmp(is, code) == 0)
			return true;
	}
	return false;
}

json_t *told_preview_held(const json_t *preview)
{
	const json_t *sections = json_object_get(preview, "sections");
	json_t *list = json_array();
	for (size_t i = 0; i < json_array_size(sections); i++) {
		const json_t *section = json_array_get(sections, i);
		const char *effect = json_string_value(json_object_get(section, "effect"));
		if (effect != NULL && strcmp(effect, "hold") == 0)
			json_array_append(list, json_object_get(section, "category"));
	}
	return list;
}

int64_t told_preview_due(const json_t *preview, const char *what)
{
	const json_t *duties = json_object_get(preview, "duties");
	int64_t soonest = 0;
	for (size_t i = 0; i < json_array_size(duties); i++) {
		const json_t *duty = json_array_get(duties, i);
		const char *is = json_string_value(json_object_get(duty, "what"));
		int64_t due = json_integer_value(json_object_get(duty, "due_ms"));
		if (is != NULL && strcmp(is, what) == 0 && (soonest == 0 || due < soonest))
			soonest = due;
	}
	return soonest;
}

/* ---- the rest ---- */

static struct told_u32_list rest_of(struct told_agent *agent, const struct told_alert *alert)
{
	const json_t *rest = json_object_get(alert->doc, "rest");
	struct told_u32_list out = {0};
	out.items = told_arena_alloc(agent->arena, (json_array_size(rest) + 1) * sizeof *out.items);
	for (size_t i = 0; out.items != NULL && i < json_array_size(rest); i++) {
		uint32_t c = told_value(TOLD_LIST_CATEGORY, told_text(json_string_value(json_array_get(rest, i))));
		if (c != 0)
			out.items[out.count++] = c;
	}
	return out;
}

static struct told_u32_list order_of(struct told_agent *agent, const struct told_alert *alert)
{
	const struct told_alert named = {
		.doc = json_pack("{s:O?}", "rest", json_object_get(alert->doc, "order_names"))};
	struct told_u32_list out = rest_of(agent, &named);
	json_decref(named.doc);
	return out;
}

/* The same concern, the same start and end, whoever takes it on or seconds it now. */
static void restore(struct told_agent *agent, const struct told_alert *alert, struct told_raise *raise)
{
	*raise = (struct told_raise){
		.client = told_bytes(alert->client, TOLD_ID_BYTES),
		.to = told_text(told_alert_text(alert, "to")),
		.type = told_value(TOLD_LIST_TYPE, told_text(told_alert_text(alert, "type"))),
		.kind = told_value(TOLD_LIST_OVERRIDE, told_text(told_alert_text(alert, "kind"))),
		.purpose = told_value(TOLD_LIST_PURPOSE, told_text(told_alert_text(alert, "purpose"))),
		.role = (uint32_t)told_alert_ms(alert, "role"),
	};
	raise->block = (struct told_override_part){
		.kind = raise->kind,
		.clause = told_text(told_alert_text(alert, "clause")),
		.reason_given = told_alert_ms(alert, "reason") != 0 ? TOLD_YES_NO_YES : TOLD_YES_NO_NO,
		.raised_ms = (uint64_t)told_alert_ms(alert, "raised_ms"),
		.expires_ms = (uint64_t)told_alert_ms(alert, "expires_ms"),
		.at_risk = (uint32_t)told_alert_ms(alert, "at_risk"),
		.order_ref = told_text(told_alert_text(alert, "order")),
		.mandatory_report = (uint32_t)told_alert_ms(alert, "mandatory"),
		.do_not_notify = (uint32_t)told_alert_ms(alert, "quiet"),
		.order_names = order_of(agent, alert),
	};
}

enum told_status told_override_again(struct told_agent *agent, const struct told_alert *alert, struct told_raise *raise)
{
	restore(agent, alert, raise);
	if (raise->kind == TOLD_OVERRIDE_NONE)
		return TOLD_OK;
	return told_choose_override(agent, told_agent_self(agent), raise->to, raise->type, raise->purpose,
				    &raise->block, &raise->choice);
}

static enum told_status begin_rest(struct told_agent *agent, const struct told_caller *caller,
				   const struct told_alert *alert, struct told_bytes words, struct told_raise *raise)
{
	const char *declared_by = told_alert_text(alert, "declared_by");
	enum told_status status = told_override_again(agent, alert, raise);
	if (status == TOLD_OK)
		status = told_gather_story(agent, raise->client, rest_of(agent, alert), &raise->gathered);
	/* Of what was held as a whole, the worker's words did not go either. */
	if (status == TOLD_OK)
		status = told_alert_words(agent, caller, "", told_text(told_alert_text(alert, "words")),
					  (struct told_u32_list){0}, raise);
	if (status == TOLD_OK)
		status = told_alert_words(agent, caller, "", words, (struct told_u32_list){0}, raise);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, raise->type, caller, raise->client, &raise->draft);
	if (status != TOLD_OK)
		return status;
	struct told_header *header = &raise->draft.header;
	header->author = told_text(declared_by[0] != '\0' ? declared_by : told_alert_text(alert, "author"));
	header->authoriser = told_text(told_alert_text(alert, "authoriser"));
	header->in_reply_to = told_bytes(alert->id, TOLD_ID_BYTES);
	return TOLD_OK;
}

/* The words of the first code that still stops it. */
static void say_why(const json_t *preview, struct told_buf *why)
{
	const json_t *codes = json_object_get(preview, "codes");
	told_buf_put_text(why, "What waited still may not go.");
	for (size_t i = 0; i < json_array_size(codes); i++) {
		const json_t *code = json_array_get(codes, i);
		told_buf_printf(why, " %s: %s %s", json_string_value(json_object_get(code, "code")),
				json_string_value(json_object_get(code, "words")),
				json_string_value(json_object_get(code, "fix")));
	}
}

/* Confirmed, nothing of it may be held still; after a senior's decision the first set goes and a formality may hold
 * what lies beyond it. */
static bool goes(const json_t *preview, bool decided)
{
	json_t *held = told_preview_held(preview);
	bool all = json_array_size(held) == 0;
	json_decref(held);
	return (all || decided) && (told_preview_is(preview, "release") || told_preview_is(preview, "partial"));
}

void told_override_needs(const json_t *preview, const struct told_profile *profile, json_t *needs)
{
	bool second = profile != NULL && profile->second != 0 && told_preview_has(preview, "OVR-03");
	if (told_preview_has(preview, "PTY-05"))
		json_object_set_new(needs, "declarer", json_true());
	if (second)
		json_object_set_new(needs, "second", json_true());
	if (told_preview_has(preview, "OVR-04"))
		json_object_set_new(needs, "reason", json_true());
}

/* What a formality holds of what has just gone waits in its turn. */
static void keep_rest(struct told_alert *alert, const struct told_raise *raise, const json_t *preview)
{
	json_t *held = told_preview_held(preview);
	json_object_del(alert->doc, "words");
	if (json_array_size(held) > 0) {
		told_override_needs(preview, raise->choice.profile, json_object_get(alert->doc, "needs"));
		json_object_set(alert->doc, "rest", held);
		json_object_set_new(alert->doc, "cure_ms", json_integer(told_preview_due(preview, "cure_by")));
	} else {
		json_object_del(alert->doc, "rest");
	}
	json_decref(held);
}

enum told_status told_override_rest(struct told_agent *agent, const struct told_caller *caller,
				    struct told_alert *alert, struct told_bytes words, struct told_draft *draft,
				    bool *sent, json_t **sheet, struct told_buf *why)
{
	json_t *preview = NULL;
	struct told_raise *raise = told_arena_alloc(agent->arena, sizeof *raise);
	*sent = false;
	if (raise == NULL)
		return TOLD_E_MEMORY;
	size_t open = json_object_size(json_object_get(alert->doc, "needs"));
	if (open > (told_alert_needs(alert, "by_hand") ? 1u : 0u))
		return TOLD_OK;
	enum told_status status = begin_rest(agent, caller, alert, words, raise);
	if (status == TOLD_OK)
		status = told_alert_dispatch(agent, raise, true, &preview, why);
	bool decided = json_object_get(alert->doc, "decision") != NULL;
	if (status == TOLD_OK && !goes(preview, decided)) {
		say_why(preview, why);
		status = TOLD_E_REFUSED;
	}
	const struct told_party *line = told_alert_line(agent, raise->to);
	bool by_hand = told_alert_by_hand(line);
	if (status == TOLD_OK && by_hand)
		status = told_alert_unsent(agent);
	if (status == TOLD_OK && by_hand)
		*sheet = told_alert_sheet(raise, preview, line);
	else if (status == TOLD_OK)
		status = told_alert_dispatch(agent, raise, false, &preview, why);
	if (status == TOLD_OK && !by_hand)
		status = told_alert_message(agent->vault, raise->draft.header.id, told_bytes(alert->id, TOLD_ID_BYTES));
	if (status == TOLD_OK)
		keep_rest(alert, raise, preview);
	json_decref(preview);
	if (status != TOLD_OK)
		return status;
	if (by_hand)
		json_object_set_new(json_object_get(alert->doc, "needs"), "by_hand", json_true());
	memcpy(draft->ticket, raise->draft.ticket, sizeof draft->ticket);
	*sent = !by_hand;
	return TOLD_OK;
}
