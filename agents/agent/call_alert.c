/* SPDX-License-Identifier: Apache-2.0 */
/* Raising an alert, with permission or without, listing what became of them, and writing down that somebody rang. */
#include "agents/agent/alert.h"
#include "agents/agent/request.h"
#include "agents/agent/show.h"

#include <string.h>

static const char *const risks[] = {NULL, "self", "others"};

/* What the words of a request ask for. */
struct asked {
	struct told_bytes concern, reason, second;
	struct told_u32_list categories, classified;
	uint64_t call_after_min;
	bool dry;
};

static uint32_t purpose_of(uint32_t kind, bool mandatory)
{
	switch (kind) {
	case TOLD_OVERRIDE_VITAL: return TOLD_PURPOSE_EMERG;
	case TOLD_OVERRIDE_LAW: return mandatory ? TOLD_PURPOSE_SAFECHILD : TOLD_PURPOSE_COURT;
	default: return TOLD_PURPOSE_SAFEADULT;
	}
}

static void read_request(struct told_request *r, struct told_raise *raise, struct asked *asked)
{
	raise->client = told_request_client(r);
	raise->to = told_request_text(r, "to", true);
	raise->kind = told_request_code(r, "kind", TOLD_LIST_OVERRIDE, TOLD_OVERRIDE_NONE);
	*asked = (struct asked){
		.concern = told_request_text(r, "concern", false),
		.reason = told_request_text(r, "reason", false),
		.second = told_request_text(r, "second", false),
		.categories = told_request_categories(r, "categories"),
		.classified = told_request_categories(r, "classified"),
		.call_after_min = told_request_number(r, "call_after"),
		.dry = told_request_flag(r, "dry_run") == TOLD_YES_NO_YES,
	};
	raise->block = (struct told_override_part){
		.kind = raise->kind,
		.reason_given = asked->reason.len > 0 ? TOLD_YES_NO_YES : TOLD_YES_NO_NO,
		.raised_ms = (uint64_t)told_clock_now(&r->agent->clock).wall_ms,
		.at_risk = told_request_word(r, "at_risk", risks, 3, TOLD_AT_RISK_OTHERS_TOO),
		.order_ref = told_request_text(r, "order", false),
		.mandatory_report = told_request_flag(r, "mandatory_report"),
		.do_not_notify = told_request_flag(r, "do_not_notify"),
		.order_names = told_request_categories(r, "order_names"),
	};
	bool mandatory = raise->block.mandatory_report == TOLD_YES_NO_YES;
	raise->purpose = told_request_code(r, "purpose", TOLD_LIST_PURPOSE, purpose_of(raise->kind, mandatory));
	raise->type = raise->kind == TOLD_OVERRIDE_LAW && !mandatory ? TOLD_TYPE_DISCLOSURE_RECORD : TOLD_TYPE_ALERT;
	if (r->status == TOLD_OK && asked->call_after_min > 24 * 60)
		told_request_refuse(r, TOLD_E_USAGE, "\"call_after\" is in minutes, at most a day.");
}

/* All that the profile carries, where the worker names nothing. */
static struct told_u32_list whole_profile(struct told_agent *agent, const struct told_profile *profile)
{
	struct told_u32_list out = {.items = told_arena_alloc(agent->arena, TOLD_CATEGORY_COUNT * sizeof *out.items)};
	for (uint32_t c = 1; out.items != NULL && c < TOLD_CATEGORY_COUNT; c++)
		if (profile->any_data || told_catset_has(&profile->first, c) || told_catset_has(&profile->beyond, c) ||
		    c == TOLD_CATEGORY_PRF_ACC)
			out.items[out.count++] = c;
	return out;
}

/* The profile, the role that declares, what goes: the person's story and the worker's words. */
static enum told_status prepare(struct told_agent *agent, const struct told_caller *caller, struct told_raise *raise,
				struct asked *asked, struct told_buf *why)
{
	enum told_status status = TOLD_OK;
	if (raise->kind != TOLD_OVERRIDE_NONE)
		status = told_choose_override(agent, raise->to, raise->type, raise->purpose, &raise->block,
					      &raise->choice);
	const struct told_profile *profile = raise->choice.profile;
	raise->role = told_alert_role(caller->roles, profile);
	if (profile != NULL) {
		raise->block.clause = told_arena_copy(agent->arena, told_text(profile->clause));
		if (profile->expires.unit != TOLD_SPAN_NONE)
			raise->block.expires_ms =
				(uint64_t)told_span_after((int64_t)raise->block.raised_ms, profile->expires);
		if (asked->categories.count == 0)
			asked->categories = whole_profile(agent, profile);
	}
	if (status == TOLD_OK)
		status = told_gather_story(agent, raise->client, asked->categories, &raise->gathered);
	if (status == TOLD_OK)
		status = told_alert_words(agent, caller, "", asked->concern, asked->classified, raise);
	if (status == TOLD_OK)
		status = told_alert_words(agent, caller, "Why this is shared without permission: ", asked->reason,
					  (struct told_u32_list){0}, raise);
	if (status == TOLD_OK && raise->gathered.count == 0) {
		told_buf_put_text(why, "There is nothing to send. Say what the concern is, in your own words.");
		status = TOLD_E_USAGE;
	}
	if (status == TOLD_E_REFUSED)
		told_buf_put_text(why, "This agency has signed no agreement. Telephone them.");
	return status;
}

/* ---- the document ---- */

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

static json_t *document(const struct told_caller *caller, const struct told_raise *raise, const struct asked *asked,
			const json_t *preview, const struct told_party *line)
{
	uint64_t call_after_min = asked->call_after_min;
	const struct told_override_part *o = &raise->block;
	struct told_bytes telephone = line == NULL            ? told_bytes(NULL, 0)
				      : line->on_call.len > 0 ? line->on_call
							      : line->spoc;
	int64_t call_ms = call_after_min == 0 ? told_preview_due(preview, "call_if_unopened")
					      : (int64_t)o->raised_ms + (int64_t)call_after_min * TOLD_MS_MINUTE;
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
	if (doc != NULL && told_preview_has(preview, "OVR-09"))
		json_object_set_new(doc, "words", told_text_json(asked->concern));
	if (doc != NULL) {
		json_object_set(doc, "order_names", named);
		json_object_set_new(doc, "reason", json_integer(o->reason_given == TOLD_YES_NO_YES));
		if (call_ms != 0 && !by_hand)
			json_object_set_new(doc, "call_ms", json_integer(call_ms));
	}
	json_decref(named);
	return doc;
}

/* ---- by hand ---- */

/* What may be said on the telephone: what our own ruling releases, in the words that were told. */
static json_t *sheet_of(const struct told_raise *raise, const json_t *preview, const struct told_party *line)
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
			 told_text_json(line->legal_name), "telephone",
			 told_text_json(line->on_call.len > 0 ? line->on_call : line->spoc), "say", say);
}

/* ---- sending ---- */

/* Held as a whole for a named senior: the hour is the message's own. */
static void one_hour(struct told_raise *raise, const json_t *preview)
{
	if (told_preview_has(preview, "OVR-09"))
		raise->draft.header.expires_ms = raise->draft.header.created_ms + (uint64_t)TOLD_MS_HOUR;
}

static bool stopped(const json_t *preview)
{
	return told_preview_is(preview, "deny") || told_preview_is(preview, "reject");
}

static enum told_status keep(struct told_agent *agent, const struct told_raise *raise, json_t *doc, json_t *base)
{
	struct told_alert alert = {.doc = doc};
	memcpy(alert.id, raise->draft.id, TOLD_ID_BYTES);
	memcpy(alert.client, raise->client.data, TOLD_ID_BYTES);
	if (doc == NULL)
		return TOLD_E_MEMORY;
	enum told_status status = told_alert_save(agent, &alert);
	if (status == TOLD_OK)
		status = told_alert_message(agent->vault, raise->draft.header.id, raise->draft.header.id);
	json_object_set_new(base, "alert", told_alert_view(&alert, told_clock_now(&agent->clock).wall_ms));
	return status;
}

static enum told_status raise_it(struct told_agent *agent, const struct told_caller *caller, struct told_raise *raise,
				 const struct asked *asked, json_t **preview, json_t **base, struct told_reply *reply)
{
	const struct told_party *line = told_alert_line(agent, raise->to);
	bool by_hand = told_alert_by_hand(line);
	enum told_status status = told_draft_begin(agent, raise->type, caller, raise->client, &raise->draft);
	if (status != TOLD_OK)
		return status;
	/* Who names themselves as the second is ruled so, and stands in the log so (OVR-03). */
	if (told_bytes_equal(asked->second, told_text(caller->number)))
		raise->draft.header.authoriser = told_text(caller->number);
	raise->workflow = (struct told_workflow_part){
		.urgent = TOLD_YES_NO_YES,
		.due_ms = raise->draft.header.created_ms +
			  (asked->call_after_min == 0 ? 15 : asked->call_after_min) * (uint64_t)TOLD_MS_MINUTE,
	};
	if (by_hand && raise->kind == TOLD_OVERRIDE_NONE) {
		told_buf_printf(
			&reply->why,
			"%.*s has no agent. Nothing was sent. Telephone %.*s, then write down what was said: told "
			"disclosure record.",
			(int)raise->to.len, (const char *)raise->to.data, (int)line->on_call.len,
			(const char *)line->on_call.data);
		return TOLD_E_REFUSED;
	}
	status = told_alert_dispatch(agent, raise, true, preview, &reply->why);
	if (status != TOLD_OK)
		return status;
	one_hour(raise, *preview);
	if (!by_hand && !asked->dry)
		status = told_alert_dispatch(agent, raise, false, preview, &reply->why);
	*base = json_pack("{s:s, s:O}", "danger", TOLD_ALERT_DANGER, "preview", *preview);
	if (status == TOLD_OK && by_hand && !stopped(*preview))
		json_object_set_new(*base, "sheet", sheet_of(raise, *preview, line));
	if (status == TOLD_OK && !asked->dry && !stopped(*preview))
		status = keep(agent, raise, document(caller, raise, asked, *preview, line), *base);
	return status;
}

/* Ends without waiting: nothing was queued. */
static enum told_status end_at_once(struct told_agent *agent, enum told_status status, json_t *base,
				    struct told_reply *reply)
{
	reply->json = status == TOLD_OK ? json_incref(base) : NULL;
	return told_call_end(agent, status, reply);
}

enum told_status told_agent_alert(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				  struct told_reply *reply)
{
	struct asked asked;
	json_t *preview = NULL, *base = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(
		agent, request,
		"client to kind purpose categories concern classified reason second at_risk mandatory_report order "
		"order_names do_not_notify call_after dry_run",
		reply);
	struct told_raise *raise = told_arena_alloc(agent->arena, sizeof *raise);
	if (raise == NULL)
		return told_call_end(agent, TOLD_E_MEMORY, reply);
	memset(raise, 0, sizeof *raise);
	read_request(&r, raise, &asked);
	status = r.status;
	if (status == TOLD_OK)
		status = prepare(agent, caller, raise, &asked, &reply->why);
	if (status == TOLD_OK)
		status = raise_it(agent, caller, raise, &asked, &preview, &base, reply);
	json_decref(preview);
	if (status == TOLD_OK && (asked.dry || json_object_get(base, "sheet") != NULL)) {
		status = end_at_once(agent, status, base, reply);
		json_decref(base);
		return status;
	}
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, raise->draft.ticket, base, reply); /* takes base */
	else
		json_decref(base);
	return told_call_end(agent, status, reply);
}

/* ---- listing ---- */

/* A worker whom the person excluded learns of none. */
enum told_status told_agent_alerts(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				   struct told_reply *reply)
{
	json_t *list = json_array();
	struct told_alert_row row;
	int64_t now_ms = told_clock_now(&agent->clock).wall_ms;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client only", reply);
	bool overrides = told_request_text(&r, "only", false).len > 0;
	struct told_bytes client = request != NULL && json_object_get(request, "client") != NULL
					   ? told_request_client(&r)
					   : told_bytes(NULL, 0);
	enum told_status status = r.status;
	for (uint64_t after = 0; status == TOLD_OK; after = row.seq) {
		struct told_alert alert = {0};
		status = told_alert_next(agent->vault, agent->arena, after, &row);
		if (status != TOLD_OK || (client.len > 0 && !told_bytes_equal(client, row.client)) ||
		    told_may_see(agent, caller, row.client) != TOLD_OK)
			continue;
		status = told_alert_load(agent, row.id, &alert);
		if (status == TOLD_OK && (!overrides || told_alert_text(&alert, "kind")[0] != '\0'))
			told_json_add(list, told_alert_view(&alert, now_ms));
		told_alert_free(&alert);
	}
	if (status == TOLD_E_NOT_FOUND)
		reply->json = json_pack("{s:s, s:O}", "danger", TOLD_ALERT_DANGER, "alerts", list);
	json_decref(list);
	return status != TOLD_E_NOT_FOUND ? status : reply->json == NULL ? TOLD_E_MEMORY : TOLD_OK;
}

/* Somebody rang: who, when, what they were told. */
enum told_status told_agent_alert_called(struct told_agent *agent, const struct told_caller *caller,
					 const json_t *request, struct told_reply *reply)
{
	struct told_alert alert = {0};
	int64_t now_ms = told_clock_now(&agent->clock).wall_ms;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "id spoke_to note", reply);
	struct told_bytes id = told_request_id(&r, "id", true), spoke_to = told_request_text(&r, "spoke_to", false);
	struct told_bytes note = told_request_text(&r, "note", false);
	status = r.status == TOLD_OK ? told_alert_load(agent, id, &alert) : r.status;
	if (status == TOLD_OK)
		status = told_may_see(agent, caller, told_bytes(alert.client, TOLD_ID_BYTES));
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(&reply->why, "There is no such alert here. See told alert ls.");
	if (status == TOLD_OK) {
		told_alert_append(
			&alert, "calls", caller->number, now_ms,
			json_pack("{s:o, s:o}", "spoke_to", told_text_json(spoke_to), "note", told_text_json(note)));
		status = told_alert_save(agent, &alert);
	}
	if (status == TOLD_OK)
		reply->json =
			json_pack("{s:s, s:o}", "danger", TOLD_ALERT_DANGER, "alert", told_alert_view(&alert, now_ms));
	told_alert_free(&alert);
	return told_call_end(agent, status, reply);
}
