/* SPDX-License-Identifier: Apache-2.0 */
/* The lead worker's list: what changed for the people whom they, or as deputy, work with. It opens nothing: each line
 * is what came to us all, or what happened here, and a worker who may not see a person has no line of theirs. */
#include "agents/agent/work/lead.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/docket.h"
#include "agents/agent/work/incident.h"
#include "agents/agent/work/limit.h"
#include "agents/agent/work/may_see.h"

#include <stdlib.h>
#include <string.h>

#define LIST_MAX 200u
#define SEEN     "news-seen"

struct listing {
	struct told_agent *agent;
	const struct told_caller *caller;
	struct told_bytes client;
	uint64_t seen_ms; /* when the list was looked at last */
	json_t *list;
};

static bool leads(const struct listing *l, const struct told_lead *lead)
{
	struct told_bytes self = told_agent_self(l->agent), number = told_text(l->caller->number);
	bool lasts = (int64_t)lead->until_ms > told_clock_now(&l->agent->clock).wall_ms;
	return lasts && ((told_bytes_equal(lead->party, self) && told_bytes_equal(lead->worker, number)) ||
			 (told_bytes_equal(lead->deputy_party, self) && told_bytes_equal(lead->deputy, number)));
}

static enum told_status put(struct listing *l, struct told_bytes from, uint64_t time_ms, json_t *what)
{
	json_t *one = json_pack("{s:o, s:o, s:I, s:b, s:o}", "client", told_client_json(l->client), "from",
				told_text_json(from), "time_ms", (json_int_t)time_ms, "new",
				(int)(time_ms > l->seen_ms), "what", what);
	return told_json_add(l->list, one) ? TOLD_OK : TOLD_E_MEMORY;
}

/* ---- what happened here ---- */

static enum told_status add_kept(struct listing *l, const struct told_kept_row *row)
{
	uint8_t id[TOLD_ID_BYTES];
	bool allows = true;
	json_t *doc = told_doc_read(row->doc);
	const char *referral = json_string_value(json_object_get(doc, "referral"));
	enum told_status status = doc == NULL ? TOLD_E_CORRUPT : TOLD_OK;
	if (status == TOLD_OK && referral != NULL)
		status = told_unhex(told_text(referral), id, sizeof id);
	if (status == TOLD_OK && referral != NULL)
		status = told_limit_message(l->agent, l->caller, told_bytes(id, sizeof id), &allows);
	if (status == TOLD_OK && allows)
		status =
			put(l, told_agent_self(l->agent), (uint64_t)json_integer_value(json_object_get(doc, "time_ms")),
			    json_incref(json_object_get(doc, "what")));
	json_decref(doc);
	return status;
}

static enum told_status add_ours(struct listing *l)
{
	struct told_kept_row row = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_kept_next(l->agent->vault, l->agent->arena, "news", TOLD_KEPT_CLIENT, l->client, 0,
					row.seq, &row);
		if (status == TOLD_OK)
			status = add_kept(l, &row);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* ---- what others told us ---- */

/* Types that say what happened to a person; all else is the agent's business. */
static const struct {
	uint32_t type;
	const char *words;
} kinds[] = {
	{TOLD_TYPE_REFERRAL, "They referred the person to us."},
	{TOLD_TYPE_REFERRAL_ANSWER, "They answered a referral."},
	{TOLD_TYPE_STATUS_UPDATE, "They sent news."},
	{TOLD_TYPE_CANCEL, "They took a referral back."},
	{TOLD_TYPE_CLOSURE, "They closed a referral."},
	{TOLD_TYPE_NOTE, "They wrote a note for us."},
	{TOLD_TYPE_CORRECTION, "They corrected what they had told us."},
	{TOLD_TYPE_ALERT, "They raised an alert."},
	{TOLD_TYPE_PLAN_STEP, "The plan or the team changed."},
};

static const char *words_of(uint32_t type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].type == type)
			return kinds[i].words;
	return NULL;
}

/* "They answered a referral: on-hold." Of a message that sets no state, the words alone. */
static json_t *said_of(struct listing *l, const struct told_inbox_row *in)
{
	struct told_envelope *envelope = NULL;
	struct told_header *header = NULL;
	const char *words = words_of(in->type);
	if (told_envelope_decode(in->envelope, l->agent->arena, &envelope) != TOLD_OK ||
	    told_header_decode(envelope->header, l->agent->arena, &header) != TOLD_OK || header->workflow == NULL ||
	    header->workflow->state == 0)
		return json_string(words);
	return json_sprintf("%.*s: %s.", (int)strlen(words) - 1, words,
			    told_code(TOLD_LIST_REFERRAL, header->workflow->state));
}

/* How a referral stands is said in the words of its state; an update in its own. */
static enum told_status text_of(struct listing *l, const struct told_inbox_row *in, json_t **what)
{
	struct told_section_row section = {0};
	enum told_status status = TOLD_OK;
	*what = NULL;
	while (status == TOLD_OK && *what == NULL) {
		bool allows = false;
		status = told_section_next_of_inbox(l->agent->vault, l->agent->arena, in->seq, section.id, &section);
		if (status == TOLD_OK)
			status = told_limit_allows(l->agent, l->caller, &section, &allows);
		if (status != TOLD_OK || section.hidden || !allows)
			continue;
		json_t *one = told_section_json(&section, NULL);
		const json_t *text = json_object_get(json_object_get(one, "story"), "text");
		bool says = (in->type == TOLD_TYPE_STATUS_UPDATE || in->type == TOLD_TYPE_NOTE) &&
			    json_string_length(text) > 0;
		*what = says ? json_copy((json_t *)(uintptr_t)text) : NULL;
		json_decref(one);
	}
	if (*what == NULL)
		*what = said_of(l, in);
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

static enum told_status add_received(struct listing *l)
{
	struct told_inbox_row in = {0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		bool allows = false;
		json_t *what = NULL;
		status =
			told_inbox_next(l->agent->vault, l->agent->arena, TOLD_INBOX_OF_CLIENT, l->client, in.seq, &in);
		if (status != TOLD_OK || words_of(in.type) == NULL)
			continue;
		status = told_limit_message(l->agent, l->caller, in.message, &allows);
		if (status != TOLD_OK || !allows)
			continue;
		status = text_of(l, &in, &what);
		if (status == TOLD_OK)
			status = put(l, in.sender, in.received_ms, what);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* ---- the list ---- */

static int by_time(const void *a, const void *b)
{
	json_int_t x = json_integer_value(json_object_get(*(json_t *const *)a, "time_ms"));
	json_int_t y = json_integer_value(json_object_get(*(json_t *const *)b, "time_ms"));
	return x < y ? 1 : x > y ? -1 : 0;
}

/* The newest first, and no more than somebody reads. */
static json_t *newest(const json_t *list)
{
	size_t count = json_array_size(list);
	json_t **items = calloc(count + 1, sizeof *items), *out = json_array();
	for (size_t i = 0; items != NULL && i < count; i++)
		items[i] = json_array_get(list, i);
	if (items != NULL)
		qsort(items, count, sizeof *items, by_time);
	for (size_t i = 0; items != NULL && i < count && i < LIST_MAX; i++)
		json_array_append(out, items[i]);
	free(items);
	return out;
}

static enum told_status list_all(struct listing *l)
{
	struct told_team *team = NULL;
	struct told_bytes client;
	uint64_t after = 0;
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_team_next(l->agent, &after, &client, &team);
		if (status != TOLD_OK || !leads(l, &team->lead) || told_may_see(l->agent, l->caller, client) != TOLD_OK)
			continue;
		l->client = client;
		status = add_ours(l);
		if (status == TOLD_OK)
			status = add_received(l);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* When this worker looked last; then it is now. */
static enum told_status look(struct listing *l)
{
	struct told_kept_row row = {.kind = SEEN, .id = told_text(l->caller->number)}, last;
	enum told_status status =
		told_kept_next(l->agent->vault, l->agent->arena, SEEN, TOLD_KEPT_ID, row.id, 0, 0, &last);
	json_t *doc = status == TOLD_OK ? told_doc_read(last.doc) : NULL;
	l->seen_ms = (uint64_t)json_integer_value(json_object_get(doc, "seen_ms"));
	json_decref(doc);
	if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
		return status;
	char text[64];
	snprintf(text, sizeof text, "{\"seen_ms\":%lld}", (long long)told_clock_now(&l->agent->clock).wall_ms);
	row.doc = told_text(text);
	return told_kept_put(l->agent->vault, &row);
}

enum told_status told_agent_team_news(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	struct listing l = {.agent = agent, .caller = caller};
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "", reply);
	l.list = json_array();
	status = r.status;
	if (status == TOLD_OK)
		status = look(&l);
	if (status == TOLD_OK)
		status = list_all(&l);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o}", "news", newest(l.list));
	told_agent_head(agent, reply->json);
	json_decref(l.list);
	return told_call_end(agent, status, reply);
}
