/* SPDX-License-Identifier: Apache-2.0 */
/* Teams in the vault: found, put back, shown, and what others say of theirs. */
#include "agents/agent/work/team.h"
#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"

#include "told/seal.h"

#include <string.h>

#define KIND "team"
#define OURS 1u /* a team is kept by each service for itself */

static enum told_status read_row(struct told_agent *agent, const struct told_kept_row *row, struct told_team **out)
{
	*out = told_arena_alloc(agent->arena, sizeof **out);
	if (*out == NULL)
		return TOLD_E_MEMORY;
	memset(*out, 0, sizeof **out);
	enum told_status status = row == NULL ? TOLD_OK : told_team_read(row->doc, agent->arena, *out);
	return told_status_class(status) == TOLD_CLASS_PEER ? TOLD_E_CORRUPT : status;
}

enum told_status told_team_load(struct told_agent *agent, struct told_bytes client, struct told_team **out)
{
	struct told_kept_row row;
	enum told_status status =
		told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_CLIENT, client, 0, 0, &row);
	if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
		return status;
	return read_row(agent, status == TOLD_OK ? &row : NULL, out);
}

enum told_status told_team_next(struct told_agent *agent, uint64_t *after, struct told_bytes *client,
				struct told_team **out)
{
	struct told_kept_row row;
	enum told_status status =
		told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_ALL, told_bytes(NULL, 0), 0, *after, &row);
	if (status != TOLD_OK)
		return status;
	*after = row.seq;
	*client = row.client;
	return read_row(agent, &row, out);
}

enum told_status told_team_save(struct told_agent *agent, struct told_bytes client, const struct told_team *team)
{
	uint8_t own[TOLD_ID_BYTES];
	struct told_kept_row row;
	json_t *json = told_team_json(team);
	enum told_status status =
		told_kept_next(agent->vault, agent->arena, KIND, TOLD_KEPT_CLIENT, client, 0, 0, &row);
	if (status == TOLD_E_NOT_FOUND) {
		row = (struct told_kept_row){.id = client};
		status = TOLD_OK;
		/* There may be one that who writes does not see. */
		if (!told_vault_sees(agent->vault, client)) {
			status = told_random(own, sizeof own);
			row.id = told_bytes(own, sizeof own);
		}
	}
	row.kind = KIND;
	row.client = client;
	row.state = OURS;
	if (status == TOLD_OK)
		status = told_doc_put(agent, &row, json);
	json_decref(json);
	return status;
}

enum told_status told_team_refuse(struct told_request *r, enum told_team_rule rule)
{
	static const enum told_status status_of[TOLD_TEAM_RULE_COUNT] = {
		[TOLD_TEAM_CHOSEN] = TOLD_E_REFUSED,      [TOLD_TEAM_END] = TOLD_E_USAGE,
		[TOLD_TEAM_DEPUTY] = TOLD_E_USAGE,        [TOLD_TEAM_ALONE] = TOLD_E_REFUSED,
		[TOLD_TEAM_SUPPORTER] = TOLD_E_NOT_FOUND, [TOLD_TEAM_TICKED] = TOLD_E_REFUSED,
		[TOLD_TEAM_TOLD] = TOLD_E_REFUSED,        [TOLD_TEAM_MEMBER] = TOLD_E_NOT_FOUND,
		[TOLD_TEAM_WORDS] = TOLD_E_USAGE,         [TOLD_TEAM_FULL] = TOLD_E_LIMIT,
	};
	if (rule == TOLD_TEAM_FINE || r->status != TOLD_OK)
		return r->status;
	told_log(&r->agent->log, TOLD_LOG_INFO, "agent.team_refused", TOLD_LOG_NUMBER("rule", rule));
	told_buf_printf(r->why, "%s: %s", told_team_rule_name(rule), told_team_rule_text(rule));
	r->status = status_of[rule];
	return r->status;
}

/* ---- what others say ---- */

enum told_status told_team_hear(struct told_agent *agent, const struct told_carried_message *message)
{
	const struct told_header *header = message->header;
	struct told_team *team = NULL;
	struct told_team_news *news = told_arena_alloc(agent->arena, sizeof *news);
	enum told_status status = news == NULL ? TOLD_E_MEMORY : TOLD_OK;
	for (size_t i = 0; status == TOLD_OK && i < message->section_count; i++) {
		const struct told_read_section *section = &message->sections[i];
		if (section->header->category != TOLD_CATEGORY_SUP ||
		    told_fields_take(&told_team_news_form, section->content, agent->arena, news, sizeof *news) !=
			    TOLD_OK)
			continue; /* people who help, in words: no team */
		status = told_team_load(agent, header->client_ref, &team);
		if (status == TOLD_OK && told_team_take(team, header->sender, news, message->time_ms) == TOLD_TEAM_FINE)
			status = told_team_save(agent, header->client_ref, team);
	}
	return status;
}

/* ---- showing ---- */

json_t *told_team_view(const struct told_agent *agent, struct told_bytes client, const struct told_team *team)
{
	json_t *json = told_team_json(team), *lead = json_object();
	static const char *const members[] = {"lead_party", "lead", "deputy_party", "deputy", "until_ms", "chosen_ms"};
	for (size_t i = 0; json != NULL && i < sizeof members / sizeof members[0]; i++) {
		json_t *value = json_object_get(json, members[i]);
		if (value != NULL)
			json_object_set(lead, members[i], value);
		json_object_del(json, members[i]);
	}
	if (json != NULL && json_object_size(lead) > 0) {
		json_object_set_new(
			lead, "over",
			json_boolean((int64_t)team->lead.until_ms <= told_clock_now(&agent->clock).wall_ms));
		json_object_set(json, "lead", lead);
	}
	json_decref(lead);
	if (json != NULL)
		json_object_set_new(json, "client", told_client_json(client));
	return json;
}
