/* SPDX-License-Identifier: Apache-2.0 */
/* The table of paths, and finding one. Touches jansson only. */
#include "agents/api/route.h"

#include "agents/api/state.h"
#include <stdio.h>
#include <string.h>

#define QUEUED_S 10u /* a broker that is there answers within a turn */
#define ASK_S    5u  /* what is released at once comes within a turn or two; the rest comes to the inbox */

/* Whose, and what a worker confirms each time before anybody's usage is given. */
#define USAGE_OF "client", "!identity", "!alone", "!take_away", "!aloud"

static const struct told_route routes[] = {
	{"POST", "/v1/cards", .call = told_agent_card_new},
	{"GET", "/v1/cards/{client}", .call = told_agent_card_show},
	{"POST", "/v1/cards/{client}/replace", .call = told_agent_card_replace, .wait_s = QUEUED_S},
	{"POST", "/v1/story", .call = told_agent_tell, .own = told_api_story, .wait_s = QUEUED_S},
	{"GET", "/v1/story/{client}", .call = told_agent_story},
	{"POST", "/v1/ask", .call = told_agent_ask, .wait_s = ASK_S},
	{"POST", "/v1/intake", .own = told_api_intake, .wait_s = QUEUED_S},
	{"GET", "/v1/intake/{client}", .own = told_api_intake},
	{"POST", "/v1/consents", .call = told_agent_consent, .wait_s = QUEUED_S},
	{"GET", "/v1/consents", .call = told_agent_consents_due},
	{"GET", "/v1/consents/{client}", .call = told_agent_consents},
	{"POST", "/v1/consents/{client}/confirm", .call = told_agent_consent_confirm, .wait_s = QUEUED_S},
	{"DELETE", "/v1/consents/{client}", .call = told_agent_withdraw, .wait_s = QUEUED_S},
	{"POST", "/v1/consents/{client}/withdraw", .call = told_agent_withdraw, .wait_s = QUEUED_S},
	{"POST", "/v1/relationships", .call = told_agent_relationship, .wait_s = QUEUED_S},
	{"POST", "/v1/flags", .call = told_agent_flag, .wait_s = QUEUED_S},
	{"POST", "/v1/erasures", .call = told_agent_erase, .wait_s = QUEUED_S},
	{"GET", "/v1/erasures", .call = told_agent_erasures},
	{"POST", "/v1/erasures/{erasure}/answer", .call = told_agent_erase_answer, .wait_s = QUEUED_S},
	{"GET", "/v1/retention", .call = told_agent_retention},
	{"POST", "/v1/retention", .call = told_agent_retention_apply},
	{"POST", "/v1/holds", .call = told_agent_hold, .wait_s = QUEUED_S},
	{"GET", "/v1/holds", .call = told_agent_holds},
	{"POST", "/v1/holds/{client}/lift", .call = told_agent_hold_lift, .wait_s = QUEUED_S},
	{"POST", "/v1/referrals", .call = told_agent_refer, .wait_s = QUEUED_S},
	{"GET", "/v1/referrals", .call = told_agent_referrals, .query = {"client"}},
	{"GET", "/v1/referrals/{referral}", .call = told_agent_referral},
	{"POST", "/v1/referrals/{referral}/accept", .call = told_agent_answer_referral, .state = "accepted",
	 .wait_s = QUEUED_S},
	{"POST", "/v1/referrals/{referral}/decline", .call = told_agent_answer_referral, .state = "rejected",
	 .wait_s = QUEUED_S},
	{"POST", "/v1/referrals/{referral}/close", .call = told_agent_answer_referral, .wait_s = QUEUED_S},
	{"POST", "/v1/referrals/{referral}/answer", .call = told_agent_answer_referral, .wait_s = QUEUED_S},
	{"POST", "/v1/referrals/{referral}/tries", .call = told_agent_referral_tried},
	{"GET", "/v1/here", .call = told_agent_here, .query = {"need"}},
	{"GET", "/v1/onward", .call = told_agent_onward, .query = {"client", "need"}},
	{"POST", "/v1/onward", .call = told_agent_onward_refuse},
	{"POST", "/v1/capacity/{to}", .call = told_agent_capacity, .wait_s = ASK_S},
	{"POST", "/v1/capacity", .call = told_agent_capacity_set},
	{"POST", "/v1/updates", .call = told_agent_update, .wait_s = QUEUED_S},
	{"POST", "/v1/alerts", .call = told_agent_alert, .wait_s = QUEUED_S},
	{"GET", "/v1/alerts", .call = told_agent_alerts, .query = {"client", "only"}},
	{"POST", "/v1/alerts/ask", .call = told_agent_override_ask, .wait_s = ASK_S},
	{"POST", "/v1/disclosures", .call = told_agent_disclosure, .wait_s = QUEUED_S},
	{"POST", "/v1/alerts/{id}/called", .call = told_agent_alert_called, .wait_s = QUEUED_S},
	{"POST", "/v1/alerts/{id}/close", .call = told_agent_alert_close, .wait_s = QUEUED_S},
	{"GET", "/v1/alerts/{id}/sheet", .call = told_agent_alert_sheet},
	{"GET", "/v1/duty", .call = told_agent_duty},
	{"POST", "/v1/duty", .call = told_agent_duty_set},
	{"POST", "/v1/duty/away", .call = told_agent_duty_away},
	{"POST", "/v1/alerts/{id}/confirm", .call = told_agent_override_confirm, .wait_s = QUEUED_S},
	{"POST", "/v1/alerts/{id}/reason", .call = told_agent_override_reason, .wait_s = QUEUED_S},
	{"POST", "/v1/alerts/{id}/decide", .call = told_agent_override_decide, .wait_s = QUEUED_S},
	{"POST", "/v1/alerts/{id}/review", .call = told_agent_override_review, .wait_s = QUEUED_S},
	{"POST", "/v1/audit/views", .call = told_agent_audit_view, .wait_s = QUEUED_S},
	{"POST", "/v1/incidents", .call = told_agent_incident_open, .wait_s = QUEUED_S},
	{"GET", "/v1/incidents", .call = told_agent_incidents},
	{"GET", "/v1/incidents/{incident}", .call = told_agent_incident},
	{"POST", "/v1/incidents/{incident}/note", .call = told_agent_incident_note},
	{"POST", "/v1/incidents/{incident}/close", .call = told_agent_incident_close},
	{"POST", "/v1/recalls/{recall}/answer", .call = told_agent_incident_answer, .wait_s = QUEUED_S},
	{"POST", "/v1/notes", .call = told_agent_note_add, .wait_s = QUEUED_S},
	{"GET", "/v1/notes/{client}", .call = told_agent_notes},
	{"POST", "/v1/notes/{note}/correct", .call = told_agent_note_correct, .wait_s = QUEUED_S},
	{"GET", "/v1/corrections/{client}", .call = told_agent_corrections},
	{"POST", "/v1/needs", .call = told_agent_need},
	{"GET", "/v1/needs/{client}", .call = told_agent_needs},
	{"GET", "/v1/outcomes", .call = told_agent_outcomes, .query = {"from", "to", "#smallest"}},
	{"GET", "/v1/risks", .call = told_agent_risks, .query = {"client"}},
	{"POST", "/v1/risks/{client}/done", .call = told_agent_risk_done},
	{"POST", "/v1/risks/{client}/hand", .call = told_agent_risk_hand},
	{"GET", "/v1/plans", .call = told_agent_plans},
	{"GET", "/v1/plans/{client}", .call = told_agent_plan},
	{"POST", "/v1/plans/{client}/add", .call = told_agent_plan_add, .wait_s = QUEUED_S},
	{"POST", "/v1/plans/{client}/start", .call = told_agent_plan_start, .wait_s = QUEUED_S},
	{"POST", "/v1/plans/{client}/done", .call = told_agent_plan_done, .wait_s = QUEUED_S},
	{"POST", "/v1/plans/{client}/stop", .call = told_agent_plan_stop, .wait_s = QUEUED_S},
	{"POST", "/v1/plans/{client}/reopen", .call = told_agent_plan_reopen, .wait_s = QUEUED_S},
	{"POST", "/v1/plans/{client}/move", .call = told_agent_plan_move, .wait_s = QUEUED_S},
	{"POST", "/v1/plans/{client}/print", .call = told_agent_plan_print, .wait_s = QUEUED_S},
	{"GET", "/v1/conferences", .call = told_agent_conferences},
	{"POST", "/v1/conferences", .call = told_agent_conference_call, .wait_s = QUEUED_S},
	{"POST", "/v1/conferences/{conference}/names", .call = told_agent_sight_name},
	{"GET", "/v1/conferences/{conference}/names", .call = told_agent_sight_names},
	{"POST", "/v1/conferences/{conference}/names/end", .call = told_agent_sight_unname},
	{"GET", "/v1/conferences/{conference}", .call = told_agent_conference},
	{"POST", "/v1/conferences/{conference}/act", .call = told_agent_conference_act, .wait_s = QUEUED_S},
	{"GET", "/v1/teams/{client}", .call = told_agent_team},
	{"GET", "/v1/news", .call = told_agent_team_news},
	{"POST", "/v1/teams/{client}/lead", .call = told_agent_team_lead, .wait_s = QUEUED_S},
	{"POST", "/v1/teams/{client}/add", .call = told_agent_team_add, .wait_s = QUEUED_S},
	{"POST", "/v1/teams/{client}/remove", .call = told_agent_team_remove, .wait_s = QUEUED_S},
	{"POST", "/v1/teams/{client}/supporter", .call = told_agent_team_supporter, .wait_s = QUEUED_S},
	{"POST", "/v1/teams/{client}/drop", .call = told_agent_team_drop, .wait_s = QUEUED_S},
	{"POST", "/v1/teams/{client}/promise", .call = told_agent_team_promise},
	{"POST", "/v1/handovers", .call = told_agent_team_handover},
	{"GET", "/v1/inbox", .call = told_agent_inbox, .query = {"#after", "client"}},
	{"GET", "/v1/sent", .call = told_agent_sent, .query = {"client", "state"}},
	{"POST", "/v1/workers", .call = told_agent_worker_add, .wait_s = QUEUED_S},
	{"GET", "/v1/workers", .call = told_agent_workers},
	{"POST", "/v1/workers/{number}/train", .call = told_agent_worker_train},
	{"POST", "/v1/workers/{number}", .call = told_agent_worker_set, .wait_s = QUEUED_S},
	{"POST", "/v1/agreements", .call = told_agent_agreement_sign, .wait_s = QUEUED_S},
	{"GET", "/v1/agreements", .call = told_agent_agreements},
	{"GET", "/v1/agreements/{id}", .call = told_agent_agreements},
	{"POST", "/v1/agreements/{id}/act", .call = told_agent_agreement_act, .wait_s = QUEUED_S},
	{"POST", "/v1/decide", .call = told_agent_decide},
	{"GET", "/v1/fingerprint", .call = told_agent_fingerprint},
	{"GET", "/v1/keys", .call = told_agent_keys},
	{"POST", "/v1/keys", .call = told_agent_key_rotate, .wait_s = QUEUED_S},
	{"POST", "/v1/keys/{number}/revoke", .call = told_agent_key_revoke, .wait_s = QUEUED_S},
	{"GET", "/v1/contacts", .call = told_agent_contacts},
	{"POST", "/v1/contacts", .call = told_agent_contact_name, .wait_s = QUEUED_S},
	{"POST", "/v1/contacts/{worker}/leave", .call = told_agent_contact_leave, .wait_s = QUEUED_S},
	{"POST", "/v1/contact/key", .call = told_agent_contact_key, .wait_s = QUEUED_S},
	{"POST", "/v1/contact/key/{number}/revoke", .call = told_agent_contact_revoke, .wait_s = QUEUED_S},
	{"POST", "/v1/contact/passphrase", .call = told_agent_contact_passphrase},
	{"GET", "/v1/contact/closed", .call = told_agent_contact_closed},
	{"POST", "/v1/contact/closed/{message}/open", .call = told_agent_contact_open},
	{"GET", "/v1/logs", .call = told_agent_logs},
	{"POST", "/v1/logs/accept", .call = told_agent_log_accept},
	{"GET", "/v1/receipts/{message}", .call = told_agent_receipt},
	{"POST", "/v1/disagreements", .call = told_agent_disagree, .wait_s = QUEUED_S},
	{"GET", "/v1/disagreements", .call = told_agent_disagreements, .query = {"client"}},
	{"POST", "/v1/disagreements/{id}/decide", .call = told_agent_disagree_decide, .wait_s = QUEUED_S},
	{"POST", "/v1/complaints", .call = told_agent_complaint},
	{"GET", "/v1/complaints", .call = told_agent_complaints, .query = {"client"}},
	{"POST", "/v1/complaints/{id}/answer", .call = told_agent_complaint_answer},
	{"POST", "/v1/statements", .call = told_agent_statement},
	{"GET", "/v1/statements/{client}/off", .call = told_agent_statement_off},
	{"POST", "/v1/statements/safe/{message}", .call = told_agent_statement_safe, .wait_s = QUEUED_S},
	{"GET", "/v1/usage", .own = told_api_usage, .query = {USAGE_OF, "#offset", "#limit"}},
	{"GET", "/v1/usage/period", .own = told_api_usage_period, .query = {USAGE_OF}},
	{"GET", "/v1/usage/heartbeat", .own = told_api_usage_heartbeat},
	{"GET", "/v1/doctor", .call = told_agent_doctor},
};
#define ROUTE_COUNT (sizeof routes / sizeof routes[0])

const struct told_route *told_route_at(size_t index)
{
	return index < ROUTE_COUNT ? &routes[index] : NULL;
}

/* One part of a path, up to the next slash. */
static struct told_bytes part_of(const char **path)
{
	size_t len = strcspn(*path, "/");
	struct told_bytes part = told_bytes(*path, len);
	*path += len;
	return part;
}

/* Fits the pattern? name and value: the part in braces. */
static bool fits(const char *pattern, const char *path, struct told_bytes *name, struct told_bytes *value)
{
	*name = *value = told_bytes(NULL, 0);
	while (*pattern == '/' && *path == '/') {
		pattern++, path++;
		struct told_bytes want = part_of(&pattern), got = part_of(&path);
		if (want.len > 2 && want.data[0] == '{') {
			*name = told_bytes(want.data + 1, want.len - 2);
			*value = got;
			if (got.len == 0 || got.len > TOLD_NAME_MAX_BYTES * 2)
				return false;
		} else if (!told_bytes_equal(want, got)) {
			return false;
		}
	}
	return *pattern == '\0' && *path == '\0';
}

static enum told_status take(const struct told_route *route, struct told_bytes name, struct told_bytes value,
			     struct told_routed *out)
{
	char key[32] = "";
	if (name.len >= sizeof key)
		return TOLD_E_INTERNAL;
	out->members = json_object();
	if (out->members == NULL)
		return TOLD_E_MEMORY;
	if (name.len > 0) {
		memcpy(key, name.data, name.len);
		/* json_stringn refuses what is no UTF-8, and then the set fails. */
		if (json_object_set_new(out->members, key, json_stringn((const char *)value.data, value.len)) != 0)
			return TOLD_E_MALFORMED;
	}
	if (route->state != NULL && json_object_set_new(out->members, "state", json_string(route->state)) != 0)
		return TOLD_E_MEMORY;
	out->route = route;
	return TOLD_OK;
}

enum told_status told_route_find(const char *method, const char *path, struct told_routed *out)
{
	*out = (struct told_routed){0};
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		struct told_bytes name, value;
		if (!fits(routes[i].path, path, &name, &value))
			continue;
		if (strcmp(routes[i].method, method) == 0)
			return take(&routes[i], name, value, out);
		size_t used = strlen(out->allowed);
		snprintf(out->allowed + used, sizeof out->allowed - used, "%s%s", used > 0 ? ", " : "",
			 routes[i].method);
	}
	return out->allowed[0] != '\0' ? TOLD_E_USAGE : TOLD_E_NOT_FOUND;
}

static json_t *query_value(char kind, const char *value)
{
	uint64_t n = 0;
	if (kind == '!')
		return strcmp(value, "true") == 0 ? json_true() : NULL;
	if (kind != '#')
		return json_string(value);
	return told_decimal(told_text(value), INT64_MAX, &n) == TOLD_OK ? json_integer((json_int_t)n) : NULL;
}

enum told_status told_route_query(const struct told_routed *routed, const char *name, const char *value)
{
	for (size_t i = 0; i < TOLD_ROUTE_QUERY_MAX && routed->route->query[i] != NULL; i++) {
		const char *known = routed->route->query[i];
		char kind = known[0] == '#' || known[0] == '!' ? known[0] : '\0';
		if (strcmp(known + (kind != '\0'), name) != 0)
			continue;
		json_t *member = query_value(kind, value != NULL ? value : "");
		return json_object_set_new(routed->members, name, member) == 0 ? TOLD_OK : TOLD_E_MALFORMED;
	}
	return TOLD_E_USAGE;
}
