/* SPDX-License-Identifier: Apache-2.0 */
/* What was told by telephone, in person, in a meeting or on paper, and what was asked for and not told: written down
 * afterwards, ruled after the fact, and marked so. */
#include "agents/agent/call/calls.h"
#include "agents/agent/call/own.h"
#include "agents/agent/core/request.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"

#include <string.h>

static const char *const ways[] = {NULL, "telephone", "in_person", "meeting", "paper"};
static const char *const outcomes[] = {NULL, "told", "declined"};

struct record {
	struct told_agent *agent;
	struct told_request r;
	struct told_bytes client, to, why, decided_by;
	struct told_u32_list categories;
	uint32_t purpose, how, reason;
	bool declined, under_alert;
	struct told_alert alert; /* that it belongs to, if any */
	struct told_override_part block;
	struct told_workflow_part workflow;
	struct told_choice choice;
	struct told_draft draft;
	json_t *more; /* what the reply says besides; may be NULL */
};

static void read_record(struct record *d)
{
	struct told_request *r = &d->r;
	d->client = told_request_client(r);
	d->to = told_request_text(r, "to", true);
	d->why = told_request_text(r, "why", true);
	d->decided_by = told_request_text(r, "decided_by", false);
	d->categories = told_request_categories(r, "categories");
	d->purpose = told_request_code(r, "purpose", TOLD_LIST_PURPOSE, TOLD_PURPOSE_COORD);
	d->how = told_request_word(r, "how", ways, sizeof ways / sizeof ways[0], 1);
	d->reason = told_request_code(r, "reason", TOLD_LIST_REASON, 0);
	d->declined = told_request_word(r, "outcome", outcomes, sizeof outcomes / sizeof outcomes[0], 1) == 2;
	if (d->categories.count == 0)
		told_request_refuse(r, TOLD_E_USAGE, "Say what it was about: \"categories\" are needed.");
	if (d->declined && d->reason == 0)
		told_request_refuse(r, TOLD_E_USAGE, "Say why it was not told: a \"reason\" code is needed.");
}

/* The alert that was told by hand: its kind, purpose and start are those of the record. */
static enum told_status under(struct record *d)
{
	struct told_bytes id = told_request_id(&d->r, "alert", false);
	if (d->r.status != TOLD_OK || id.len == 0)
		return d->r.status;
	enum told_status status = told_alert_load(d->agent, id, &d->alert);
	d->under_alert = status == TOLD_OK;
	if (d->under_alert && !told_bytes_equal(told_bytes(d->alert.client, TOLD_ID_BYTES), d->client))
		status = TOLD_E_NOT_FOUND;
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(d->r.why, "There is no such alert about this person. See told override ls.");
	if (status != TOLD_OK)
		return status;
	d->purpose = told_value(TOLD_LIST_PURPOSE, told_text(told_alert_text(&d->alert, "purpose")));
	d->block = (struct told_override_part){
		.kind = told_value(TOLD_LIST_OVERRIDE, told_text(told_alert_text(&d->alert, "kind"))),
		.clause = told_text(told_alert_text(&d->alert, "clause")),
		.reason_given = TOLD_YES_NO_YES,
		.raised_ms = (uint64_t)told_alert_ms(&d->alert, "raised_ms"),
		.expires_ms = (uint64_t)told_alert_ms(&d->alert, "expires_ms"),
		.at_risk = (uint32_t)told_alert_ms(&d->alert, "at_risk"),
		.mandatory_report = (uint32_t)told_alert_ms(&d->alert, "mandatory"),
	};
	return TOLD_OK;
}

/* The paper that covers it, or else the one that names the party: the ruling then says what is missing. */
static enum told_status choose(struct record *d)
{
	struct told_agent *agent = d->agent;
	enum told_status status = TOLD_E_REFUSED;
	if (d->block.kind == TOLD_OVERRIDE_NONE)
		status = told_choose(agent, told_agent_self(agent), d->to, TOLD_TYPE_DISCLOSURE_RECORD, d->purpose,
				     d->categories.items, d->categories.count, &d->choice);
	if (status == TOLD_E_REFUSED)
		status = told_choose_override(agent, told_agent_self(agent), d->to, TOLD_TYPE_DISCLOSURE_RECORD,
					      d->purpose, &d->block, &d->choice);
	if (status == TOLD_E_REFUSED)
		told_buf_put_text(d->r.why, "This agency has signed no agreement.");
	return status;
}

static enum told_status lay(struct record *d, const struct told_caller *caller)
{
	enum told_status status = told_draft_begin(d->agent, TOLD_TYPE_DISCLOSURE_RECORD, caller, d->client, &d->draft);
	if (status != TOLD_OK)
		return status;
	struct told_header *h = &d->draft.header;
	size_t bases = d->choice.profile != NULL ? 1 : d->choice.flow_count;
	h->recipients = (struct told_bytes_list){.items = &d->to, .count = 1};
	h->purposes = (struct told_u32_list){.items = &d->purpose, .count = 1};
	h->bases = (struct told_basis_part_list){.items = d->choice.bases, .count = bases};
	h->agreement = &d->choice.ref;
	h->asked = d->categories;
	h->role = told_alert_role(caller->roles, d->choice.profile);
	h->authoriser = d->decided_by;
	h->override_block = d->block.kind != TOLD_OVERRIDE_NONE ? &d->block : NULL;
	if (d->declined) {
		d->workflow = (struct told_workflow_part){.reason = d->reason};
		h->workflow = &d->workflow;
	}
	return TOLD_OK;
}

/* Ruled after the fact, category by category, as if it were about to go. Its words stay here. */
static enum told_status rule(struct record *d, json_t **ruling)
{
	struct told_person *person = NULL;
	uint64_t withhold = 0;
	bool nothing = false;
	size_t n = d->categories.count < TOLD_SECTIONS_MAX ? d->categories.count : TOLD_SECTIONS_MAX;
	struct told_section_header *headers = told_arena_alloc(d->agent->arena, n * sizeof *headers);
	struct told_section_header **list = told_arena_alloc(d->agent->arena, n * sizeof(struct told_section_header *));
	if (headers == NULL || list == NULL)
		return TOLD_E_MEMORY;
	for (size_t i = 0; i < n; i++) {
		headers[i] = (struct told_section_header){
			.number = (uint32_t)i + 1,
			.category = d->categories.items[i],
			.voice = TOLD_VOICE_WORKER,
			.recorded_ms = d->draft.header.created_ms,
			.originator = told_agent_self(d->agent),
			.author = d->draft.header.author,
			.basis = told_choice_basis(&d->choice, d->categories.items[i]),
		};
		list[i] = &headers[i];
	}
	enum told_status status = told_agent_person(d->agent, d->client, &person);
	if (status == TOLD_OK)
		status = told_preview(d->agent, &d->draft.header, list, n, d->to, person, NULL, ruling, &withhold,
				      &nothing);
	told_person_free(person);
	return status;
}

static json_t *categories_of(const struct record *d)
{
	json_t *about = json_array();
	for (size_t i = 0; i < d->categories.count; i++)
		told_json_add(about, json_string(told_code(TOLD_LIST_CATEGORY, d->categories.items[i])));
	return about;
}

/* Its words stand here and nowhere else: with the alert that it belongs to, or as a document of its own. */
static enum told_status keep(struct record *d, const struct told_caller *caller)
{
	int64_t now_ms = told_clock_now(&d->agent->clock).wall_ms;
	if (!d->under_alert) {
		memcpy(d->alert.id, d->draft.id, TOLD_ID_BYTES);
		memcpy(d->alert.client, d->client.data, TOLD_ID_BYTES);
		d->alert.state = TOLD_ALERT_CALLED;
		d->alert.doc = json_pack("{s:o, s:s, s:s, s:s, s:I}", "to", told_text_json(d->to), "type",
					 told_code(TOLD_LIST_TYPE, TOLD_TYPE_DISCLOSURE_RECORD), "kind", "", "author",
					 caller->number, "raised_ms", (json_int_t)now_ms);
	}
	if (d->alert.doc == NULL)
		return TOLD_E_MEMORY;
	told_alert_met(&d->alert, "by_hand");
	told_alert_append(&d->alert, "by_hand", caller->number, now_ms,
			  json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "how", ways[d->how], "outcome",
				    d->declined ? "declined" : "told", "purpose",
				    told_code(TOLD_LIST_PURPOSE, d->purpose), "why", told_text_json(d->why),
				    "categories", categories_of(d), "decided_by", told_text_json(d->decided_by)));
	if (!d->declined && d->under_alert) {
		enum told_status moved =
			told_alert_happen(&d->alert, TOLD_ALERT_ACT_CALL, TOLD_ALERT_ACTOR_OUR_WORKER, now_ms);
		if (moved != TOLD_OK)
			return moved;
		json_object_set_new(d->alert.doc, "logged", told_id_json(d->draft.header.id));
	}
	enum told_status status = told_alert_save(d->agent, &d->alert);
	told_alert_look_soon(d->agent);
	return status == TOLD_OK
		       ? told_alert_message(d->agent->vault, d->draft.header.id, told_bytes(d->alert.id, TOLD_ID_BYTES))
		       : status;
}

static json_t *said(const struct record *d, json_t *ruling)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:O}", "outcome", d->declined ? "declined" : "told", "how",
			 ways[d->how], "to", told_text_json(d->to), "categories", categories_of(d), "why",
			 told_text_json(d->why), "ruling", ruling);
}

static enum told_status write_down(struct record *d, const struct told_caller *caller, struct told_reply *reply)
{
	json_t *ruling = NULL;
	read_record(d);
	enum told_status status = d->r.status == TOLD_OK ? under(d) : d->r.status;
	if (status == TOLD_OK)
		status = choose(d);
	if (status == TOLD_OK)
		status = lay(d, caller);
	if (status == TOLD_OK)
		status = rule(d, &ruling);
	if (status == TOLD_OK)
		status = told_draft_queue(d->agent, &d->draft, told_bytes(NULL, 0));
	if (status == TOLD_OK)
		status = keep(d, caller);
	json_t *record = status == TOLD_OK ? said(d, ruling) : NULL;
	json_decref(ruling);
	if (status != TOLD_OK)
		return status;
	json_t *base = json_pack("{s:o}", "record", record);
	if (base != NULL && d->under_alert)
		json_object_set_new(base, "alert",
				    told_alert_view(&d->alert, told_clock_now(&d->agent->clock).wall_ms));
	if (base != NULL && d->more != NULL)
		json_object_update(base, d->more);
	return told_agent_wait_for(d->agent, d->draft.ticket, base, reply);
}

enum told_status told_disclose(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
			       json_t *more, struct told_reply *reply)
{
	struct record *d = told_arena_alloc(agent->arena, sizeof *d);
	if (d == NULL)
		return TOLD_E_MEMORY;
	memset(d, 0, sizeof *d);
	d->agent = agent;
	d->more = more;
	d->r = told_request_open(agent, request, "client to categories purpose how why reason decided_by alert outcome",
				 reply);
	enum told_status status = write_down(d, caller, reply);
	told_alert_free(&d->alert);
	return status;
}

enum told_status told_agent_disclosure(struct told_agent *agent, const struct told_caller *caller,
				       const json_t *request, struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	return told_call_end(agent, told_disclose(agent, caller, request, NULL, reply), reply);
}
