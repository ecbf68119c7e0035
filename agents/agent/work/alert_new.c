/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of an alert when it is raised, and the sheet of one that is told by hand. */
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"

#include <string.h>

static void need(json_t *needs, bool is, const char *what)
{
	if (is)
		json_object_set_new(needs, what, json_true());
}

/* A senior's decision comes before any formality; formalities count where they hold something. */
static json_t *needs_of(const struct told_raise *raise, const json_t *preview, bool by_hand)
{
	json_t *needs = json_object(), *held = told_preview_held(preview);
	need(needs, by_hand, "by_hand");
	need(needs, told_preview_has(preview, "OVR-09"), "decision");
	if (json_array_size(held) > 0 && !told_preview_has(preview, "OVR-09"))
		told_override_needs(preview, raise->choice.profile, needs);
	json_decref(held);
	return needs;
}

/* What did not go and may go later: what a formality holds, or everything where a senior decides first. */
static json_t *rest_of(const struct told_raise *raise, const json_t *preview)
{
	json_t *list = json_array();
	if (!told_preview_has(preview, "OVR-09")) {
		json_decref(list);
		return told_preview_held(preview);
	}
	for (size_t i = 0; i < raise->gathered.count; i++)
		told_json_add(list,
			      json_string(told_code(TOLD_LIST_CATEGORY, raise->gathered.sections[i].header.category)));
	return list;
}

/* Of the story that was told; the worker's words are kept as such. */
static json_t *categories_of(const struct told_raise *raise)
{
	json_t *list = json_array();
	for (size_t i = 0; i < raise->gathered.count; i++)
		if (raise->gathered.sections[i].header.category != TOLD_CATEGORY_NARR)
			told_json_add(list, json_string(told_code(TOLD_LIST_CATEGORY,
								  raise->gathered.sections[i].header.category)));
	return list;
}

static json_t *document(const struct told_caller *caller, const struct told_raise *raise, const json_t *preview,
			const struct told_party *line)
{
	uint64_t call_after_min = raise->call_after_min;
	const struct told_override_part *o = &raise->block;
	struct told_bytes telephone = told_alert_number(line);
	int64_t call_ms = raise->call_now || call_after_min > 0
				  ? (int64_t)o->raised_ms + (int64_t)call_after_min * TOLD_MS_MINUTE
				  : told_preview_due(preview, "call_if_unopened");
	bool by_hand = told_alert_by_hand(line);
	json_t *doc = json_pack(
		"{s:o, s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "to",
		told_text_json(raise->to), "type", told_code(TOLD_LIST_TYPE, raise->type), "purpose",
		told_code(TOLD_LIST_PURPOSE, raise->purpose), "author", caller->number, "kind",
		raise->kind == 0 ? "" : told_code(TOLD_LIST_OVERRIDE, raise->kind), "role", (int)raise->role, "at_risk",
		(int)o->at_risk, "mandatory", (int)o->mandatory_report, "quiet", (int)o->do_not_notify, "raised_ms",
		(json_int_t)o->raised_ms, "expires_ms", (json_int_t)o->expires_ms, "review_ms",
		(json_int_t)told_preview_due(preview, "review_by"), "cure_ms",
		(json_int_t)told_preview_due(preview, "cure_by"), "clause", told_text_json(o->clause), "order",
		told_text_json(o->order_ref), "telephone", told_text_json(telephone), "rest", rest_of(raise, preview),
		"needs", needs_of(raise, preview, by_hand));
	json_t *named = json_array();
	for (size_t i = 0; i < o->order_names.count; i++)
		told_json_add(named, json_string(told_code(TOLD_LIST_CATEGORY, o->order_names.items[i])));
	if (doc != NULL && (by_hand || told_preview_has(preview, "OVR-09")))
		json_object_set_new(doc, "words", told_text_json(raise->concern));
	if (doc != NULL)
		json_object_set_new(doc, "say", categories_of(raise));
	if (doc != NULL) {
		json_object_set(doc, "order_names", named);
		json_object_set_new(doc, "reason", json_integer(o->reason_given == TOLD_YES_NO_YES));
		if (call_ms != 0)
			json_object_set_new(doc, "call_ms", json_integer(call_ms));
	}
	json_decref(named);
	return doc;
}

enum told_status told_alert_keep(struct told_agent *agent, const struct told_caller *caller,
				 const struct told_raise *raise, const json_t *preview, json_t **view)
{
	bool by_hand = told_alert_by_hand(told_alert_line(agent, raise->to));
	struct told_alert alert = {.state = by_hand ? TOLD_ALERT_BY_HAND : TOLD_ALERT_SENT,
				   .doc = document(caller, raise, preview, told_alert_line(agent, raise->to))};
	memcpy(alert.id, raise->draft.id, TOLD_ID_BYTES);
	memcpy(alert.client, raise->client.data, TOLD_ID_BYTES);
	if (alert.doc == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = told_alert_save(agent, &alert);
	if (status == TOLD_OK)
		status = told_alert_message(agent->vault, raise->draft.header.id, raise->draft.header.id);
	told_alert_look_soon(agent);
	if (status == TOLD_OK && view != NULL)
		*view = told_alert_view(&alert, told_clock_now(&agent->clock).wall_ms);
	told_alert_free(&alert);
	return status;
}

/* ---- by hand ---- */

/* What may be said on the telephone: what our own ruling releases, in the words that were told. */
json_t *told_alert_sheet(const struct told_raise *raise, const json_t *preview, const struct told_party *line)
{
	json_t *say = json_array();
	const json_t *sections = json_object_get(preview, "sections");
	for (size_t i = 0; i < json_array_size(sections) && i < raise->gathered.count; i++) {
		const json_t *ruled = json_array_get(sections, i);
		const char *effect = json_string_value(json_object_get(ruled, "effect"));
		struct told_bytes content = raise->gathered.sections[i].content;
		json_t *story = json_loadb((const char *)content.data, content.len, JSON_REJECT_DUPLICATES, NULL);
		if (effect != NULL && strcmp(effect, "release") == 0)
			told_json_add(say, json_pack("{s:O, s:O?}", "category", json_object_get(ruled, "category"),
						     "story", story));
		json_decref(story);
	}
	return json_pack("{s:o, s:o, s:o, s:o}", "to", told_text_json(raise->to), "name",
			 told_text_json(line->legal_name), "telephone", told_text_json(told_alert_number(line)), "say",
			 say);
}
