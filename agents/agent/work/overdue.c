/* SPDX-License-Identifier: Apache-2.0 */
/* Escalation (WFL-04): a referral that nobody acknowledged in time. Both agencies' agents fold the same signed facts
 * and count the same days, so each tells its own contact, once, and gives both telephone numbers. */
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/limit.h"
#include "agents/agent/work/may_see.h"
#include "agents/agent/work/referral.h"
#include "agents/referral/due.h"
#include "broker/decide/codes.h"

#include <string.h>

#define CLIENTS_A_TURN 16u
#define LOOK_MS        TOLD_MS_MINUTE

/* The decision's own word on it. */
static bool ruled_overdue(int64_t due_ms, int64_t now_ms)
{
	struct told_question question = {.t_utc_ms = now_ms,
					 .workflow = {.event = TOLD_EVENT_ACK_OVERDUE, .ack_due_utc_ms = due_ms}};
	struct told_decision decision;
	told_decide(&question, &decision);
	return decision.primary == TOLD_WFL_04;
}

static bool overdue(struct told_agent *agent, const struct told_referral_facts *f)
{
	int64_t due_ms = told_referral_due(agent, f), now_ms = told_clock_now(&agent->clock).wall_ms;
	return told_ack_overdue(f, due_ms, now_ms) && ruled_overdue(due_ms, now_ms);
}

/* ---- noticing, once ---- */

static enum told_status notice(struct told_agent *agent, const struct told_found_referral *f)
{
	json_t *book = NULL;
	enum told_status status = told_book_load(agent, told_referral_id(f), &book);
	if (status == TOLD_OK && json_object_get(book, "overdue_ms") == NULL) {
		json_object_set_new(book, "overdue_ms",
				    json_integer((json_int_t)told_clock_now(&agent->clock).wall_ms));
		status = told_book_save(agent, f, book);
		told_log(&agent->log, TOLD_LOG_WARNING, "agent.referral_overdue",
			 TOLD_LOG_HEX("referral", f->facts->id, TOLD_ID_BYTES));
	}
	json_decref(book);
	return status;
}

static enum told_status look_at(struct told_agent *agent, struct told_bytes client)
{
	struct told_found_referral f = {.client = client};
	enum told_status status = told_agent_person(agent, client, &f.person);
	for (size_t i = 0; status == TOLD_OK && i < f.person->referral_count; i++) {
		f.facts = &f.person->referrals[i];
		if (overdue(agent, f.facts))
			status = notice(agent, &f);
	}
	told_person_free(f.person);
	return status;
}

enum told_status told_overdue_sweep(struct told_agent *agent)
{
	int64_t boot_ms = told_clock_now(&agent->clock).boot_ms;
	enum told_status status = TOLD_OK;
	if (!agent->overdue_looking && boot_ms < agent->overdue_boot_ms)
		return TOLD_OK;
	if (!agent->overdue_looking)
		agent->overdue_boot_ms = boot_ms + LOOK_MS;
	for (size_t i = 0; status == TOLD_OK && i < CLIENTS_A_TURN; i++) {
		told_arena_reset(agent->arena);
		status = told_fact_next_referred(agent->vault, agent->overdue_at, !agent->overdue_looking);
		agent->overdue_looking = status == TOLD_OK;
		if (status == TOLD_OK)
			status = look_at(agent, told_bytes(agent->overdue_at, sizeof agent->overdue_at));
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* ---- showing ---- */

static json_t *contact_json(const struct told_agent *agent, uint32_t party)
{
	struct told_bytes name = told_text(told_party_name(agent->parties, party));
	const struct told_party *line = told_alert_line(agent, name);
	return json_pack("{s:o, s:o, s:o}", "party", told_text_json(name), "name",
			 told_text_json(line == NULL ? name : line->legal_name), "telephone",
			 told_text_json(line != NULL && line->spoc.len > 0 ? line->spoc : told_alert_number(line)));
}

static json_t *notice_json(struct told_agent *agent, const struct told_found_referral *f, const json_t *since)
{
	return json_pack("{s:o, s:o, s:o, s:O, s:I, s:[o, o]}", "referral", told_id_json(told_referral_id(f)), "client",
			 told_client_json(f->client), "code", told_code_json(TOLD_WFL_04), "since_ms", since, "due_ms",
			 (json_int_t)told_referral_due(agent, f->facts), "contacts",
			 contact_json(agent, f->facts->referrer), contact_json(agent, f->facts->referred_to));
}

static enum told_status notices_of(struct told_agent *agent, const struct told_caller *caller, struct told_bytes client,
				   json_t *list)
{
	struct told_found_referral f = {.client = client};
	enum told_status status = told_agent_person(agent, client, &f.person);
	for (size_t i = 0; status == TOLD_OK && i < f.person->referral_count; i++) {
		json_t *book = NULL;
		f.facts = &f.person->referrals[i];
		bool allows = false;
		if (!overdue(agent, f.facts))
			continue;
		status = told_limit_message(agent, caller, told_referral_id(&f), &allows);
		if (status != TOLD_OK || !allows)
			continue;
		status = told_book_load(agent, told_referral_id(&f), &book);
		const json_t *since = json_object_get(book, "overdue_ms");
		if (status == TOLD_OK && since != NULL && !told_json_add(list, notice_json(agent, &f, since)))
			status = TOLD_E_MEMORY;
		json_decref(book);
	}
	told_person_free(f.person);
	return status;
}

enum told_status told_overdue_notices(struct told_agent *agent, const struct told_caller *caller, json_t *list)
{
	uint8_t ref[TOLD_ID_BYTES] = {0};
	enum told_status status = told_fact_next_referred(agent->vault, ref, true);
	while (status == TOLD_OK) {
		told_arena_reset(agent->arena);
		if (told_may_see(agent, caller, told_bytes(ref, sizeof ref)) == TOLD_OK)
			status = notices_of(agent, caller, told_bytes(ref, sizeof ref), list);
		if (status == TOLD_OK)
			status = told_fact_next_referred(agent->vault, ref, false);
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}
