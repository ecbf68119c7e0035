/* SPDX-License-Identifier: Apache-2.0 */
/* Referrals and updates: our sections sealed anew to one recipient, ruled by ourselves first. */
#include "agents/agent/work/referral.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/names.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/lead.h"

#include <stdlib.h>
#include <string.h>

enum told_status told_referral_finish(struct told_agent *agent, enum told_status status, bool dry, json_t *base,
				      const struct told_draft *draft, struct told_reply *reply)
{
	if (status == TOLD_OK && dry) {
		told_vault_rollback(agent->vault);
		reply->json = base;
		return base == NULL ? TOLD_E_MEMORY : TOLD_OK;
	}
	if (status == TOLD_OK)
		status = told_agent_wait_for(agent, draft->ticket, base, reply); /* takes base */
	else
		json_decref(base);
	return told_call_end(agent, status, reply);
}

/* ---- referring ---- */

/* What a request to refer says. */
struct referring {
	struct told_bytes client, to, note, need;
	struct told_u32_list categories;
	struct told_workflow_part workflow;
	uint32_t purpose;
	bool dry;
	struct told_gathered *parcel;
	struct told_draft draft;
	json_t *preview, *here, *open; /* open: a referral of the same person to the same service */
};

struct told_workflow_part told_referral_limit(struct told_request *r, struct told_bytes to)
{
	struct told_workflow_part limit = {.to_team = told_request_text(r, "team", false),
					   .to_role = told_request_code(r, "role", TOLD_LIST_ROLE, 0)};
	told_request_team_known(r, to, limit.to_team);
	return limit;
}

static void read_referring(struct told_request *r, struct referring *f)
{
	f->client = told_request_client(r);
	f->to = told_request_other_party(r, "to");
	f->note = told_request_text(r, "note", false);
	f->workflow = told_referral_limit(r, f->to);
	f->workflow.state = TOLD_REFERRAL_REQUESTED;
	f->workflow.urgent = told_request_flag(r, "urgent");
	f->need = told_request_need(r, false);
	f->categories = told_request_categories(r, "categories");
	f->purpose = told_request_code(r, "purpose", TOLD_LIST_PURPOSE, TOLD_PURPOSE_REFERRAL);
	f->dry = told_request_flag(r, "dry_run") == TOLD_YES_NO_YES;
}

static enum told_status gather(struct told_request *r, const struct told_caller *caller, struct referring *f)
{
	struct told_agent *agent = r->agent;
	f->parcel = told_arena_alloc(agent->arena, sizeof *f->parcel);
	enum told_status status = f->parcel == NULL ? TOLD_E_MEMORY : r->status;
	if (status == TOLD_OK)
		status = told_gather_story(agent, f->client, f->categories, f->parcel);
	if (status == TOLD_OK)
		status = told_gather_words(agent, caller, f->note, TOLD_CATEGORY_NED, f->parcel);
	if (status == TOLD_OK && f->parcel->count == 0) {
		told_request_refuse(r, TOLD_E_NOT_FOUND, "There is nothing of this person's story here to send.");
		status = r->status;
	}
	return status;
}

/* The same person, the same service, still open: our own ruling holds it, and says which. */
static enum told_status look_for_open(struct told_agent *agent, struct referring *f)
{
	struct told_person *person = NULL;
	enum told_status status = told_agent_person(agent, f->client, &person);
	const struct told_referral_facts *open =
		status == TOLD_OK ? told_referral_open(agent, person, f->to, told_bytes(NULL, 0)) : NULL;
	if (open != NULL)
		f->open = told_referral_link_json(agent, open);
	told_person_free(person);
	return status == TOLD_OK && open != NULL && f->open == NULL ? TOLD_E_MEMORY : status;
}

static bool goes(const json_t *preview)
{
	const char *effect = json_string_value(json_object_get(preview, "effect"));
	return effect != NULL && (strcmp(effect, "release") == 0 || strcmp(effect, "partial") == 0);
}

/* The lead worker hears that somebody was referred; whoever was asked hears it by the referral. */
static enum told_status tell_lead(struct told_agent *agent, const struct told_caller *caller, const struct referring *f)
{
	struct told_buf what = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	if (f->dry || !goes(f->preview))
		return TOLD_OK;
	told_buf_printf(&what, "Referred to %s.", told_arena_text(agent->arena, f->to));
	const struct told_lead_news news = {
		.client = f->client, .what = told_buf_cstr(&what), .referral = f->draft.header.id, .known_to = f->to};
	enum told_status status = news.what == NULL ? TOLD_E_MEMORY : told_lead_tell(agent, caller, &news);
	told_buf_free(&what);
	return status;
}

static json_t *base_of(const struct referring *f)
{
	json_t *base = json_pack("{s:O, s:o, s:O}", "preview", f->preview, "referral", told_id_json(f->draft.header.id),
				 "here", f->here);
	if (base != NULL && f->open != NULL)
		json_object_set(base, "duplicate_of", f->open);
	return base;
}

enum told_status told_agent_refer(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				  struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(
		agent, request, "client to categories purpose note urgent team role need dry_run", reply);
	struct referring f = {.preview = NULL};
	read_referring(&r, &f);
	status = gather(&r, caller, &f);
	if (status == TOLD_OK)
		status = told_here_json(agent, caller, f.need, &f.here);
	if (status == TOLD_OK)
		status = look_for_open(agent, &f);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_REFERRAL, caller, f.client, &f.draft);
	if (status == TOLD_OK) {
		f.draft.header.workflow = &f.workflow;
		status = told_send_content(agent, &f.draft, f.to, f.purpose, f.parcel->sections, f.parcel->count, f.dry,
					   &f.preview, &reply->why);
	}
	if (status == TOLD_OK)
		status = tell_lead(agent, caller, &f);
	json_t *base = status == TOLD_OK ? base_of(&f) : NULL;
	json_decref(f.preview);
	json_decref(f.here);
	json_decref(f.open);
	return told_referral_finish(agent, status, f.dry, base, &f.draft, reply);
}

/* ---- updates ---- */

/* The referral of ours there about which they asked something back: an update is the answer, whichever way it is sent.
 * Zero id: there is none. */
static enum told_status asked_back(struct told_agent *agent, struct told_bytes client, struct told_bytes to,
				   uint8_t referral[TOLD_ID_BYTES], bool *asked)
{
	struct told_person *person = NULL;
	enum told_status status = told_agent_person(agent, client, &person);
	const struct told_referral_facts *open =
		status == TOLD_OK ? told_referral_open(agent, person, to, told_bytes(NULL, 0)) : NULL;
	*asked = open != NULL && open->referrer == agent->self && open->detail == TOLD_DETAIL_INFO_REQUESTED;
	if (*asked)
		memcpy(referral, open->id, TOLD_ID_BYTES);
	told_person_free(person);
	return status;
}

enum told_status told_agent_update(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				   struct told_reply *reply)
{
	struct told_draft draft;
	json_t *preview = NULL;
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r =
		told_request_open(agent, request, "client to categories purpose note team role dry_run", reply);
	struct told_bytes client = told_request_client(&r), to = told_request_other_party(&r, "to");
	struct told_bytes note = told_request_text(&r, "note", false);
	struct told_u32_list categories = told_request_categories(&r, "categories");
	uint32_t purpose = told_request_code(&r, "purpose", TOLD_LIST_PURPOSE, TOLD_PURPOSE_COORD);
	bool dry = told_request_flag(&r, "dry_run") == TOLD_YES_NO_YES;
	const struct told_workflow_part limit = told_referral_limit(&r, to);
	struct told_gathered *parcel = told_arena_alloc(agent->arena, sizeof *parcel);
	status = parcel == NULL ? TOLD_E_MEMORY : r.status;
	if (status == TOLD_OK && (categories.count > 0 || note.len == 0))
		status = told_gather_story(agent, client, categories, parcel);
	if (status == TOLD_OK)
		status = told_gather_words(agent, caller, note, TOLD_CATEGORY_REF_META, parcel);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, TOLD_TYPE_STATUS_UPDATE, caller, client, &draft);
	uint8_t referral[TOLD_ID_BYTES];
	struct told_workflow_part part = limit;
	bool asked = false;
	if (status == TOLD_OK)
		status = asked_back(agent, client, to, referral, &asked);
	if (asked)
		part.referral = told_bytes(referral, sizeof referral);
	if (asked || limit.to_team.len > 0 || limit.to_role != 0)
		draft.header.workflow = &part;
	if (status == TOLD_OK)
		status = told_send_content(agent, &draft, to, purpose, parcel->sections, parcel->count, dry, &preview,
					   &reply->why);
	json_t *base = status == TOLD_OK ? json_pack("{s:O}", "preview", preview) : NULL;
	json_decref(preview);
	return told_referral_finish(agent, status, dry, base, &draft, reply);
}
