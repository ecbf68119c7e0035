/* SPDX-License-Identifier: Apache-2.0 */
/* A permission may name a team or a role, and so may a message. The seal is to the agency, so its agent keeps what came
 * to that team or role: nobody else there sees it, nor that it came (design section 3, "Workers"). */
#include "agents/agent/work/limit.h"
#include "agents/agent/core/consent.h"
#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/state.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/team.h"
#include "told/quiet.h"

#define KIND "limit"

struct limit {
	uint32_t team, role; /* 0: any */
};

static bool in_team(const struct told_caller *caller, uint32_t team)
{
	for (size_t i = 0; i < caller->team_count; i++)
		if (told_team_number(told_text(caller->teams[i])) == team)
			return true;
	return team == 0;
}

static bool within(const struct told_caller *caller, struct limit limit)
{
	return in_team(caller, limit.team) && (limit.role == 0 || (caller->roles & TOLD_BIT32(limit.role)) != 0);
}

/* ---- messages for one team or role ---- */

enum told_status told_limit_keep(struct told_agent *agent, const struct told_header *header)
{
	const struct told_workflow_part *w = header->workflow;
	struct told_kept_row row = {.kind = KIND, .id = header->id, .client = header->client_ref}, first;
	enum told_status status = TOLD_OK;
	if (w == NULL || header->client_ref.len == 0)
		return TOLD_OK;
	if (w->to_team.len == 0 && w->to_role == 0) {
		if (w->referral.len == 0)
			return TOLD_OK;
		status = told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_ID, w->referral, 0, 0, &first);
		row.doc = first.doc;
		return status == TOLD_OK ? told_kept_put(agent->vault, &row)
					 : (status == TOLD_E_NOT_FOUND ? TOLD_OK : status);
	}
	json_t *json = json_pack("{s:o, s:i}", "team", told_text_json(w->to_team), "role", (int)w->to_role);
	status = told_doc_put(agent, &row, json);
	json_decref(json);
	return status;
}

static enum told_status read_limit(const struct told_kept_row *row, struct limit *out)
{
	json_t *json = told_doc_read(row->doc);
	const char *team = json_string_value(json_object_get(json, "team"));
	enum told_status status = team == NULL ? TOLD_E_CORRUPT : TOLD_OK;
	if (status == TOLD_OK)
		*out = (struct limit){told_team_number(told_text(team)),
				      (uint32_t)json_integer_value(json_object_get(json, "role"))};
	json_decref(json);
	return status;
}

/* A team that nobody is in any more loses no referral: then seniors see it. */
static enum told_status nobody_is(struct told_agent *agent, struct limit limit, bool *nobody)
{
	struct told_worker_row row = {0};
	struct told_caller worker;
	enum told_status status = TOLD_OK;
	for (*nobody = true; status == TOLD_OK && *nobody;) {
		status = told_worker_next(agent->vault, agent->arena, row.id, &row);
		if (status != TOLD_OK || row.state != TOLD_WORKER_ACTIVE)
			continue;
		told_worker_caller(&row, &worker);
		*nobody = !within(&worker, limit);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status judge(struct told_agent *agent, const struct told_caller *caller,
			      const struct told_kept_row *row, bool *allows)
{
	struct limit limit;
	bool nobody = false;
	enum told_status status = read_limit(row, &limit);
	*allows = status == TOLD_OK && within(caller, limit);
	if (status == TOLD_OK && !*allows && told_may_manage(caller->roles)) {
		status = nobody_is(agent, limit, &nobody);
		*allows = nobody;
	}
	return status;
}

enum told_status told_limit_message(struct told_agent *agent, const struct told_caller *caller,
				    struct told_bytes message, bool *allows)
{
	struct told_kept_row row;
	*allows = true;
	if (message.len == 0)
		return TOLD_OK;
	enum told_status status = told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_ID, message, 0, 0, &row);
	if (status == TOLD_E_NOT_FOUND)
		return TOLD_OK;
	return status == TOLD_OK ? judge(agent, caller, &row, allows) : status;
}

enum told_status told_limit_sent(struct told_agent *agent, const struct told_caller *caller,
				 const struct told_outbox_row *row, bool *allows)
{
	struct told_header *header = NULL;
	*allows = true;
	if (row->client.len == 0 || told_header_decode(row->header, agent->arena, &header) != TOLD_OK ||
	    header->workflow == NULL)
		return TOLD_OK;
	return told_limit_message(agent, caller, header->workflow->referral, allows);
}

/* ---- a person of whom we know by such messages alone ---- */

/* Something of theirs that is for everybody here: our own story, a section that came to us all, a place in the team. */
static enum told_status known_to_all(struct told_agent *agent, const struct told_caller *caller,
				     struct told_bytes client, bool *known)
{
	struct told_story_row story;
	struct told_section_row section = {0};
	struct told_kept_row row;
	struct told_team *team = NULL;
	enum told_status status = TOLD_OK;
	/* What they wrote themselves of somebody whom they did not see opens nothing to them. */
	for (story.id = 0, *known = false; status == TOLD_OK && !*known;) {
		status = told_story_next(agent->vault, agent->arena, client, story.id, &story);
		*known = status == TOLD_OK &&
			 !told_vault_is_mine(agent->vault, "story", story.id, told_text(caller->number));
	}
	if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
		return status;
	for (status = *known ? TOLD_E_NOT_FOUND : TOLD_OK; status == TOLD_OK && !*known;) {
		status = told_section_next_of_client(agent->vault, agent->arena, client, section.id, &section);
		if (status == TOLD_OK && !told_quiet_type(section.type))
			*known = told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_ID, section.message, 0, 0,
						&row) == TOLD_E_NOT_FOUND;
	}
	if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
		return status;
	status = told_team_load(agent, client, &team);
	for (size_t i = 0; status == TOLD_OK && i < team->member_count; i++)
		*known |= told_bytes_equal(team->members[i].party, told_agent_self(agent)) &&
			  told_bytes_equal(team->members[i].worker, told_text(caller->number));
	return status;
}

enum told_status told_limit_person(struct told_agent *agent, const struct told_caller *caller, struct told_bytes client,
				   bool *allows)
{
	struct told_kept_row row = {0};
	bool limited = false;
	enum told_status status = TOLD_OK;
	for (*allows = false; status == TOLD_OK && !*allows;) {
		status = told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_CLIENT, client, 0, row.seq, &row);
		limited |= status == TOLD_OK;
		if (status == TOLD_OK)
			status = judge(agent, caller, &row, allows);
	}
	if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
		return status;
	if (!limited)
		*allows = true;
	return *allows ? TOLD_OK : known_to_all(agent, caller, client, allows);
}

/* ---- what came under a permission ---- */

static bool named(const struct told_agent *agent, const struct told_consent *consent, const struct told_caller *caller)
{
	for (size_t i = 0; i < consent->recipient_count; i++) {
		const struct told_consent_recipient *r = &consent->recipients[i];
		if (r->party == agent->self && within(caller, (struct limit){r->team, r->role}))
			return true;
	}
	return false;
}

enum told_status told_limit_allows(struct told_agent *agent, const struct told_caller *caller,
				   const struct told_section_row *row, bool *allows)
{
	struct told_person *person = NULL;
	enum told_status status = told_limit_message(agent, caller, row->message, allows);
	if (told_quiet_type(row->type)) /* a conference's words are shown with the conference, or not at all */
		*allows = false;
	if (status != TOLD_OK || !*allows || row->consent.len == 0)
		return status;
	status = told_agent_person(agent, row->client, &person);
	const struct told_consent *consent = status == TOLD_OK ? told_consent_of(person, row->consent) : NULL;
	/* The broker tells us every permission that names a team or role of ours; of others we may know nothing. */
	if (consent != NULL)
		*allows = named(agent, consent, caller);
	told_person_free(person);
	return status;
}
