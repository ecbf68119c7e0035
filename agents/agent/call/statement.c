/* SPDX-License-Identifier: Apache-2.0 */
/* The person's statement, and the slip: given only after the worker has confirmed that it is them, that they are alone,
 * and that they can take it away; and what the owner of a flow says of it. */
#include "agents/agent/work/statement.h"
#include "agents/agent/call/calls.h"
#include "agents/agent/core/rule.h"
#include "agents/agent/core/show.h"
#include "agents/agent/core/worker.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/docket.h"
#include "agents/agent/work/may_see.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_DEFAULT  8u /* what stands on one A4 beside the doors */
#define PAGE_MAX      200u
#define REVIEW_MAX_MS (366 * TOLD_MS_DAY)

struct giving {
	struct told_request r;
	struct told_bytes client;
	bool identity, alone, take_away, aloud, hide_names;
	uint64_t offset, limit;
	bool slip;
	int64_t now_ms;
	uint8_t id[TOLD_ID_BYTES];
	char reference[16];
};

/* ---- before it is given ---- */

/* Whoever reads it over their shoulder, or finds it in a pocket, is why this is asked each time. */
static void confirm(struct giving *g)
{
	const struct {
		bool said;
		const char *otherwise;
	} rows[] = {
		{g->identity, "Not given: confirm that you checked who they are (--identity)."},
		{g->alone, "Not given: confirm that you see them alone (--alone). If you cannot, wait."},
		{g->take_away || g->aloud,
		 "Not given: confirm that it is safe for them to take it away (--take-away), or "
		 "read it to them instead (--aloud)."},
		{!g->take_away || !g->aloud, "Either they take it away or it is read to them: --take-away or --aloud."},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (!rows[i].said)
			told_request_refuse(&g->r, TOLD_E_USAGE, rows[i].otherwise);
}

static void read_giving(struct giving *g)
{
	struct told_request *r = &g->r;
	g->client = told_request_client(r);
	g->identity = told_request_flag(r, "identity") == TOLD_YES_NO_YES;
	g->alone = told_request_flag(r, "alone") == TOLD_YES_NO_YES;
	g->take_away = told_request_flag(r, "take_away") == TOLD_YES_NO_YES;
	g->aloud = told_request_flag(r, "aloud") == TOLD_YES_NO_YES;
	g->hide_names = told_request_flag(r, "hide_names") == TOLD_YES_NO_YES;
	g->slip = told_request_flag(r, "slip") == TOLD_YES_NO_YES;
	g->offset = told_request_number(r, "offset");
	g->limit = told_request_number(r, "limit");
	if (g->limit > PAGE_MAX)
		told_request_refuse(r, TOLD_E_LIMIT, "\"limit\" is at most 200.");
	g->limit = g->limit == 0 ? PAGE_DEFAULT : g->limit;
	confirm(g);
}

/* ---- what heads and ends it ---- */

/* What every paper of ours says is never told; what only one of them says would not be true of us. */
static bool never_in_all(const struct told_agent *agent, uint32_t party, unsigned purpose)
{
	const struct told_agreement *a;
	bool any = false;
	for (size_t i = 0; (a = told_directory_agreement_at(agent->directory, i)) != NULL; i++) {
		if (!told_directory_signed(agent->directory, a, agent->self, told_agent_now(agent)))
			continue;
		any = true;
		if (party != 0 ? !told_partyset_has(&a->never_to, party) : (a->never_for & TOLD_BIT32(purpose)) == 0)
			return false;
	}
	return any;
}

static json_t *never_lines(const struct told_agent *agent)
{
	json_t *lines = json_array();
	for (uint32_t party = 1; party <= told_party_count(agent->parties); party++) {
		struct told_bytes code = told_text(told_party_name(agent->parties, party));
		const struct told_party *line = told_alert_line(agent, code);
		if (never_in_all(agent, party, 0))
			told_json_add(lines, json_pack("{s:o, s:o}", "party", told_text_json(code), "name",
						       told_text_json(line != NULL && line->legal_name.len > 0
									      ? line->legal_name
									      : code)));
	}
	for (unsigned purpose = 1; purpose < TOLD_PURPOSE_COUNT; purpose++)
		if (never_in_all(agent, 0, purpose))
			told_json_add(lines, json_pack("{s:s}", "purpose", told_code(TOLD_LIST_PURPOSE, purpose)));
	return lines;
}

/* The number that somebody rings about themselves: the profile's, else the contact that the agreement names. */
static json_t *service(const struct told_agent *agent)
{
	const struct told_party *line = told_alert_line(agent, told_agent_self(agent));
	struct told_bytes telephone = told_text(agent->telephone);
	if (telephone.len == 0 && line != NULL)
		telephone = line->spoc;
	return json_pack("{s:o, s:s, s:o}", "code", told_text_json(told_agent_self(agent)), "name", agent->name,
			 "telephone", told_text_json(telephone));
}

/* Random, so that whoever finds the page learns nothing from it: five bytes as Crockford's base32 has them. */
static enum told_status draw(struct giving *g)
{
	static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	enum told_status status = told_random(g->id, sizeof g->id);
	uint64_t bits = 0;
	size_t at = 0;
	for (size_t i = 0; i < 5; i++)
		bits = bits << 8 | g->id[i];
	for (int shift = 35; shift >= 0; shift -= 5) {
		if (shift == 15)
			g->reference[at++] = '-';
		g->reference[at++] = symbols[bits >> shift & 31];
	}
	g->reference[at] = '\0';
	return status;
}

/* That it was given, to be found by its number when somebody rings; never what stood on it. */
static enum told_status note(struct giving *g, const struct told_caller *caller)
{
	json_t *doc = json_pack("{s:s, s:s, s:I, s:s, s:b, s:b}", "statement", g->reference, "by", caller->number,
				"given_ms", (json_int_t)g->now_ms, "how", g->aloud ? "aloud" : "paper", "names_hidden",
				g->hide_names, "slip", g->slip);
	return told_docket_keep(g->r.agent, TOLD_DOCKET_STATEMENT, told_bytes(g->id, TOLD_ID_BYTES), g->client, doc);
}

/* ---- the page ---- */

static void cut(struct giving *g, json_t *entries, bool *more)
{
	for (uint64_t i = 0; i < g->offset && json_array_size(entries) > 0; i++)
		json_array_remove(entries, 0);
	*more = json_array_size(entries) > g->limit;
	while (json_array_size(entries) > g->limit)
		json_array_remove(entries, json_array_size(entries) - 1);
}

/* From the oldest of what may be told: what is off leaves no trace here either. */
static json_t *period_of(const struct giving *g, const json_t *entries)
{
	const json_t *oldest = json_array_get(entries, json_array_size(entries) - 1);
	json_t *start = oldest == NULL ? json_integer((json_int_t)g->now_ms)
				       : json_integer(json_integer_value(json_object_get(oldest, "time_ms")));
	return json_pack("{s:o, s:I}", "start_ms", start, "end_ms", (json_int_t)g->now_ms);
}

static enum told_status lay(struct giving *g, json_t *entries, struct told_reply *reply)
{
	struct told_agent *agent = g->r.agent;
	bool more = false;
	json_t *period = period_of(g, entries), *checks = NULL;
	/* Since what may be told; where nothing may be, nothing else is said either. A slip is of referrals. */
	bool any = json_array_size(entries) > 0 && !g->slip;
	enum told_status status = told_checks_since(
		agent, g->client, any ? json_integer_value(json_object_get(period, "start_ms")) : INT64_MAX, &checks);
	cut(g, entries, &more);
	reply->json = json_pack("{s:s, s:I, s:o, s:o, s:O, s:o, s:o, s:o, s:b, s:I, s:I}", "statement", g->reference,
				"given_ms", (json_int_t)g->now_ms, "service", service(agent), "never",
				never_lines(agent), "entries", entries, "checks", checks, "matters",
				told_docket_matters(agent, g->client), "period", period, "more", more, "offset",
				(json_int_t)g->offset, "limit", (json_int_t)g->limit);
	return status == TOLD_OK && reply->json == NULL ? TOLD_E_MEMORY : status;
}

static enum told_status give(struct giving *g, const struct told_caller *caller, struct told_reply *reply)
{
	struct told_statement_search search = {.agent = g->r.agent,
					       .caller = caller,
					       .client = g->client,
					       .hide_names = g->hide_names,
					       .only_referrals = g->slip,
					       .entries = json_array()};
	g->now_ms = told_clock_now(&g->r.agent->clock).wall_ms;
	enum told_status status = told_look(g->r.agent, caller, g->client, &search.client);
	if (status == TOLD_OK)
		status = draw(g);
	if (status == TOLD_OK)
		status = told_statement_search(&search);
	if (status == TOLD_OK)
		status = note(g, caller);
	if (status == TOLD_OK)
		status = lay(g, search.entries, reply);
	json_decref(search.entries);
	return status;
}

enum told_status told_agent_statement(struct told_agent *agent, const struct told_caller *caller, const json_t *request,
				      struct told_reply *reply)
{
	enum told_status status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct giving g = {.r = told_request_open(agent, request,
						  "client identity alone take_away aloud hide_names slip offset limit",
						  reply)};
	read_giving(&g);
	status = g.r.status == TOLD_OK ? give(&g, caller, reply) : g.r.status;
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(&reply->why, "Nothing is known here of this person.");
	return told_call_end(agent, status, reply);
}

/* ---- what the owner of a flow sees of it, and says ---- */

static enum told_status only_for_owners(const struct told_caller *caller, struct told_reply *reply)
{
	if (told_may_answer(caller->roles) || (caller->roles & TOLD_BIT32(TOLD_ROLE_DSL)) != 0)
		return TOLD_OK;
	told_buf_put_text(&reply->why,
			  "What is left off a statement, and whether it is safe to tell, is for a senior, a "
			  "coordinator, the safeguarding lead or the data protection officer.");
	return TOLD_E_NOT_ALLOWED;
}

enum told_status told_agent_statement_off(struct told_agent *agent, const struct told_caller *caller,
					  const json_t *request, struct told_reply *reply)
{
	enum told_status status = only_for_owners(caller, reply);
	if (status == TOLD_OK)
		status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct told_request r = told_request_open(agent, request, "client", reply);
	struct told_statement_search search = {.agent = agent, .client = told_request_client(&r), .off = json_array()};
	status = r.status == TOLD_OK ? told_may_see(agent, caller, search.client) : r.status;
	if (status == TOLD_OK)
		status = told_statement_search(&search);
	if (status == TOLD_OK)
		reply->json = json_pack("{s:o, s:O}", "client", told_client_json(search.client), "flows", search.off);
	json_decref(search.off);
	return told_call_end(agent, status, reply);
}

struct marking {
	struct told_request r;
	struct told_bytes message, client;
	bool own_conference, take_back;
	uint64_t review_ms;
	int64_t now_ms;
};

/* A mark is a promise about one flow of ours, and ends by itself. */
static void judge(struct marking *m)
{
	if (m->take_back)
		return;
	if (m->review_ms == 0)
		told_request_refuse(&m->r, TOLD_E_USAGE, "Say when somebody looks at it again (--review).");
	if ((int64_t)m->review_ms <= m->now_ms)
		told_request_refuse(&m->r, TOLD_E_USAGE,
				    TOLD_DAY_PAST "The day to look at it again must be a day to come.");
	if ((int64_t)m->review_ms > m->now_ms + REVIEW_MAX_MS)
		told_request_refuse(&m->r, TOLD_E_USAGE, "Look at it again within a year: what is safe changes.");
}

/* Ours: what we sent, or what we told by hand. */
static enum told_status own_flow(struct marking *m)
{
	struct told_agent *agent = m->r.agent;
	struct told_outbox_row out;
	struct told_kept_row alert;
	enum told_status status = told_outbox_get(agent->vault, agent->arena, m->message, &out);
	m->client = out.client;
	if (status == TOLD_E_NOT_FOUND) {
		status = told_kept_next(agent->vault, agent->arena, "alert", TOLD_KEPT_ID, m->message, 0, 0, &alert);
		m->client = alert.client;
	}
	if (status == TOLD_OK && m->client.len != TOLD_ID_BYTES)
		status = TOLD_E_NOT_FOUND;
	if (status == TOLD_E_NOT_FOUND)
		told_buf_put_text(m->r.why,
				  "That is no flow of ours. Only whoever sent it can say that it is safe to tell: "
				  "ask them.");
	return status;
}

/* A conference's flow needs the plain statement that it was about this person: whoever was only named is not told. */
static enum told_status check_conference(struct marking *m)
{
	struct told_statement_search search = {.agent = m->r.agent, .client = m->client, .off = json_array()};
	char hex[2 * TOLD_ID_BYTES + 1];
	told_hex(m->message.data, m->message.len, hex);
	enum told_status status = told_statement_search(&search);
	bool found = false, conference = false;
	for (size_t i = 0; i < json_array_size(search.off); i++) {
		const json_t *flow = json_array_get(search.off, i);
		if (strcmp(json_string_value(json_object_get(flow, "message")), hex) != 0)
			continue;
		found = true;
		conference |= json_is_true(json_object_get(flow, "conference"));
	}
	json_decref(search.off);
	if (status == TOLD_OK && !found)
		status = TOLD_E_REFUSED;
	if (status == TOLD_E_REFUSED)
		told_buf_put_text(m->r.why, "That flow is not left off: there is nothing to mark.");
	if (status == TOLD_OK && conference && !m->own_conference) {
		told_buf_put_text(m->r.why,
				  "It belongs to a conference. Somebody who is only named in one is never told of "
				  "it. If it was held to protect this person, say so (--own-conference).");
		return TOLD_E_REFUSED;
	}
	return status;
}

/* Whoever was sent it learns from us, signed, that they may tell it too. What was told by hand they have no record of.
 */
static enum told_status spread(struct marking *m, const struct told_caller *caller, struct told_draft *draft)
{
	struct told_flag_part part = {.kind = TOLD_FLAG_SAFE_TO_TELL,
				      .state = m->take_back ? TOLD_FLAG_STATE_CLEARED : TOLD_FLAG_STATE_SET,
				      .since_ms = (uint64_t)m->now_ms,
				      .review_ms = m->take_back ? 0 : m->review_ms,
				      .message_id = m->message};
	enum told_status status = told_draft_begin(m->r.agent, TOLD_TYPE_FLAG, caller, m->client, draft);
	draft->header.flag = &part;
	return status == TOLD_OK ? told_draft_queue(m->r.agent, draft, told_bytes(NULL, 0)) : status;
}

static enum told_status mark(struct marking *m, const struct told_caller *caller, struct told_reply *reply)
{
	struct told_draft draft;
	uint8_t id[TOLD_ID_BYTES];
	enum told_status status = own_flow(m);
	if (status == TOLD_OK)
		status = told_may_see(m->r.agent, caller, m->client);
	if (status == TOLD_OK && !m->take_back)
		status = check_conference(m);
	if (status != TOLD_OK)
		return status;
	json_t *doc =
		json_pack("{s:s, s:I, s:I, s:b}", "by", caller->number, "marked_ms", (json_int_t)m->now_ms, "review_ms",
			  (json_int_t)(m->take_back ? 0 : m->review_ms), "own_conference", m->own_conference);
	status = told_docket_keep(m->r.agent, TOLD_DOCKET_SAFE, told_docket_safe_id(m->message, id), m->client, doc);
	if (status == TOLD_OK)
		status = spread(m, caller, &draft);
	json_t *base = json_pack("{s:o, s:b, s:I}", "message", told_id_json(m->message), "safe", !m->take_back,
				 "review_ms", (json_int_t)(m->take_back ? 0 : m->review_ms));
	return status == TOLD_OK ? told_agent_wait_for(m->r.agent, draft.ticket, base, reply)
				 : (json_decref(base), status);
}

enum told_status told_agent_statement_safe(struct told_agent *agent, const struct told_caller *caller,
					   const json_t *request, struct told_reply *reply)
{
	enum told_status status = only_for_owners(caller, reply);
	if (status == TOLD_OK)
		status = told_call_begin(agent);
	if (status != TOLD_OK)
		return status;
	struct marking m = {
		.r = told_request_open(agent, request, "message review_ms own_conference take_back", reply)};
	m.now_ms = told_clock_now(&agent->clock).wall_ms;
	m.message = told_request_id(&m.r, "message", true);
	m.own_conference = told_request_flag(&m.r, "own_conference") == TOLD_YES_NO_YES;
	m.take_back = told_request_flag(&m.r, "take_back") == TOLD_YES_NO_YES;
	m.review_ms = told_request_number(&m.r, "review_ms");
	judge(&m);
	status = m.r.status == TOLD_OK ? mark(&m, caller, reply) : m.r.status;
	return told_call_end(agent, status, reply);
}
