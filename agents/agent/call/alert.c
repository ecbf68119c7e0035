/* SPDX-License-Identifier: Apache-2.0 */
/* Raising an alert, with permission or without, listing what became of them, and writing down that somebody rang. */
#include "agents/agent/work/alert.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/lead.h"
#include "agents/agent/work/may_see.h"

#include <string.h>

static const char *const risks[] = {NULL, "self", "others"};

/* What the words of a request ask for. */
struct asked {
	struct told_bytes reason, second;
	struct told_u32_list categories, classified;
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
	raise->to = told_request_other_party(r, "to");
	raise->concern = told_request_text(r, "concern", false);
	raise->call_after_min = told_request_number(r, "call_after");
	raise->call_now = told_request_flag(r, "call_now") == TOLD_YES_NO_YES;
	raise->kind = told_request_code(r, "kind", TOLD_LIST_OVERRIDE, TOLD_OVERRIDE_NONE);
	*asked = (struct asked){
		.reason = told_request_text(r, "reason", false),
		.second = told_request_text(r, "second", false),
		.categories = told_request_categories(r, "categories"),
		.classified = told_request_categories(r, "classified"),
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
	if (r->status == TOLD_OK && raise->call_now && raise->call_after_min > 0)
		told_request_refuse(r, TOLD_E_USAGE, "Either \"call_now\" or \"call_after\", not both.");
	if (r->status == TOLD_OK && raise->call_after_min > 24 * 60)
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
/* Whom to ring, where nothing can go. */
static void say_ring(struct told_agent *agent, struct told_bytes to, const char *what, struct told_buf *why)
{
	struct told_bytes number = told_alert_number(told_alert_line(agent, to));
	told_buf_printf(why, "%s Telephone %.*s%s%.*s, then write down what was said: told disclosure record.", what,
			(int)to.len, (const char *)to.data, number.len > 0 ? ": " : "", (int)number.len,
			(const char *)number.data);
}

static enum told_status prepare(struct told_agent *agent, const struct told_caller *caller, struct told_raise *raise,
				struct asked *asked, struct told_buf *why)
{
	enum told_status status = TOLD_OK;
	if (raise->kind != TOLD_OVERRIDE_NONE)
		status = told_choose_override(agent, told_agent_self(agent), raise->to, raise->type, raise->purpose,
					      &raise->block, &raise->choice);
	const struct told_profile *profile = raise->choice.profile;
	bool by_hand = told_alert_by_hand(told_alert_line(agent, raise->to));
	if (status == TOLD_OK && raise->kind != TOLD_OVERRIDE_NONE && profile == NULL && by_hand) {
		say_ring(agent, raise->to,
			 "No agreement of ours has a clause for this kind of sharing. Nothing was sent.", why);
		return TOLD_E_REFUSED;
	}
	raise->role = told_alert_role(caller->roles, profile);
	if (profile != NULL) {
		raise->block.clause = told_arena_copy(agent->arena, told_text(profile->clause));
		if (profile->expires.unit != TOLD_SPAN_NONE)
			raise->block.expires_ms =
				(uint64_t)told_span_after((int64_t)raise->block.raised_ms, profile->expires);
		if (asked->categories.count == 0)
			asked->categories =
				profile->order_names ? raise->block.order_names : whole_profile(agent, profile);
	}
	if (status == TOLD_OK)
		status = told_gather_story(agent, raise->client, asked->categories, &raise->gathered);
	if (status == TOLD_OK)
		status = told_alert_words(agent, caller, "", raise->concern, asked->classified, raise);
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
		.due_ms = raise->draft.header.created_ms + (raise->call_now              ? 0
							    : raise->call_after_min == 0 ? 15
											 : raise->call_after_min) *
								   (uint64_t)TOLD_MS_MINUTE,
	};
	if (by_hand && raise->kind == TOLD_OVERRIDE_NONE) {
		say_ring(agent, raise->to, "They have no agent. Nothing was sent.", &reply->why);
		return TOLD_E_REFUSED;
	}
	status = told_alert_dispatch(agent, raise, true, preview, &reply->why);
	if (status != TOLD_OK)
		return status;
	one_hour(raise, *preview);
	if (!by_hand && !asked->dry)
		status = told_alert_dispatch(agent, raise, false, preview, &reply->why);
	else
		status = told_alert_unsent(agent);
	*base = json_pack("{s:s, s:O}", "danger", TOLD_ALERT_DANGER, "preview", *preview);
	if (status == TOLD_OK && by_hand && !stopped(*preview))
		json_object_set_new(*base, "sheet", told_alert_sheet(raise, *preview, line));
	json_t *view = NULL;
	if (status == TOLD_OK && !asked->dry && !stopped(*preview))
		status = told_alert_keep(agent, caller, raise, *preview, &view);
	if (view != NULL)
		json_object_set_new(*base, "alert", view);
	return status;
}

/* What the alert speaks of: of free text what it was classified as. */
static enum told_status about(struct told_arena *arena, const struct told_gathered *gathered, struct told_u32_list *out)
{
	struct told_catset set = {0};
	for (size_t i = 0; i < gathered->count; i++) {
		const struct told_section_header *header = &gathered->sections[i].header;
		if (header->category != TOLD_CATEGORY_NARR)
			told_catset_add(&set, header->category);
		for (size_t k = 0; k < header->classified.count; k++)
			told_catset_add(&set, header->classified.items[k]);
	}
	out->items = told_arena_alloc(arena, TOLD_CATEGORY_COUNT * sizeof *out->items);
	for (uint32_t c = 1; out->items != NULL && c < TOLD_CATEGORY_COUNT; c++)
		if (told_catset_has(&set, c))
			out->items[out->count++] = c;
	return out->items != NULL ? TOLD_OK : TOLD_E_MEMORY;
}

/* The lead worker hears of it where they may know all that it speaks of, and never where the person must not. */
static enum told_status tell_lead(struct told_agent *agent, const struct told_caller *caller,
				  const struct told_raise *raise, const json_t *preview)
{
	struct told_lead_news news = {
		.client = raise->client, .what = "An alert was raised for this person.", .known_to = raise->to};
	if (stopped(preview) || raise->block.do_not_notify == TOLD_YES_NO_YES)
		return TOLD_OK;
	enum told_status status = about(agent->arena, &raise->gathered, &news.about);
	return status == TOLD_OK && news.about.count > 0 ? told_lead_tell(agent, caller, &news) : status;
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
		"order_names do_not_notify call_after call_now dry_run",
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
	if (status == TOLD_OK && !asked.dry)
		status = tell_lead(agent, caller, raise, preview);
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

enum only { ONLY_ALL, ONLY_DISCLOSURE, ONLY_OVERRIDE, ONLY_OVERDUE, ONLY_REVIEW, ONLY_COUNT };
static const char *const onlys[ONLY_COUNT] = {NULL, "disclosure", "override", "overdue", "review"};

/* Which list it belongs to: what was only written down is in that of disclosures alone. */
static bool listed(const struct told_alert *alert, enum only only, int64_t now_ms)
{
	bool record = strcmp(told_alert_text(alert, "type"), "DISCLOSURE_RECORD") == 0;
	bool override = told_alert_text(alert, "kind")[0] != '\0';
	switch (only) {
	case ONLY_DISCLOSURE: return json_object_get(alert->doc, "by_hand") != NULL;
	case ONLY_REVIEW: return override && told_alert_review_due(alert, now_ms);
	case ONLY_OVERDUE: return told_alert_is_overdue(alert->state);
	case ONLY_OVERRIDE: return override;
	default: return override || !record;
	}
}

/* A worker whom the person excluded learns of none. */
enum told_status told_agent_alerts(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				   struct told_reply *reply)
{
	json_t *list = json_array();
	struct told_kept_row row = {0};
	int64_t now_ms = told_clock_now(&agent->clock).wall_ms;
	told_arena_reset(agent->arena);
	struct told_request r = told_request_open(agent, request, "client only", reply);
	enum only only = told_request_word(&r, "only", onlys, ONLY_COUNT, ONLY_ALL);
	struct told_bytes client = request != NULL && json_object_get(request, "client") != NULL
					   ? told_request_client(&r)
					   : told_bytes(NULL, 0);
	enum told_status status = r.status;
	while (status == TOLD_OK) {
		struct told_alert alert;
		status = told_alert_walk(agent, &row, &alert);
		bool of_them = client.len == 0 || (status == TOLD_OK && told_bytes_equal(client, row.client));
		if (status == TOLD_OK && of_them && listed(&alert, only, now_ms) &&
		    told_may_see(agent, caller, row.client) == TOLD_OK)
			told_json_add(list, told_alert_view(&alert, now_ms));
		told_alert_free(&alert);
	}
	if (status == TOLD_E_NOT_FOUND)
		reply->json = json_pack("{s:s, s:O}", "danger", TOLD_ALERT_DANGER, "alerts", list);
	json_decref(list);
	return status != TOLD_E_NOT_FOUND ? status : reply->json == NULL ? TOLD_E_MEMORY : TOLD_OK;
}
