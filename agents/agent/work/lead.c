/* SPDX-License-Identifier: Apache-2.0 */
/* Telling the lead worker of a change, where a ruling of ours lets it. */
#include "agents/agent/work/lead.h"
#include "agents/agent/core/doc.h"

#include "agents/agent/core/show.h"
#include "agents/agent/work/content.h"
#include "told/seal.h"

#include <string.h>

#define KIND "news"

/* One of ours reads it in a list; what is limited to a team stays limited. */
static enum told_status keep(struct told_agent *agent, const struct told_lead_news *news)
{
	uint8_t id[TOLD_ID_BYTES];
	uint64_t now_ms = (uint64_t)told_clock_now(&agent->clock).wall_ms;
	struct told_kept_row row = {.kind = KIND, .id = told_bytes(id, sizeof id), .client = news->client};
	json_t *json = json_pack("{s:s, s:I}", "what", news->what, "time_ms", (json_int_t)now_ms);
	if (json != NULL && news->referral.len > 0)
		json_object_set_new(json, "referral", told_id_json(news->referral));
	enum told_status status = told_uuid7(now_ms, id);
	if (status == TOLD_OK)
		status = told_doc_put(agent, &row, json);
	json_decref(json);
	return status;
}

static enum told_status section_of(struct told_agent *agent, const struct told_caller *caller,
				   const struct told_lead_news *news, struct told_gathered *out)
{
	uint32_t category = news->about.count > 0 ? (uint32_t)TOLD_CATEGORY_NARR : (uint32_t)TOLD_CATEGORY_REF_META;
	out->count = 0;
	enum told_status status = told_gather_words(agent, caller, told_text(news->what), category, out);
	if (status == TOLD_OK && news->about.count > 0)
		out->sections[0].header.classified = news->about;
	return status;
}

static bool released(const json_t *preview)
{
	const char *effect = json_string_value(json_object_get(preview, "effect"));
	return effect != NULL && strcmp(effect, "release") == 0;
}

/* Our own ruling first: what may not go is not even asked of the broker, for nobody chose to send it. */
static enum told_status send_to(struct told_agent *agent, const struct told_caller *caller,
				const struct told_lead_news *news, struct told_bytes to)
{
	struct told_draft draft;
	json_t *preview = NULL, *again = NULL;
	struct told_buf why = TOLD_BUF(TOLD_TEXT_MAX_BYTES);
	struct told_gathered *parcel = told_arena_alloc(agent->arena, sizeof *parcel);
	enum told_status status = parcel == NULL ? TOLD_E_MEMORY : section_of(agent, caller, news, parcel);
	if (status == TOLD_OK)
		status = told_draft_begin(agent, news->about.count > 0 ? TOLD_TYPE_NOTE : TOLD_TYPE_STATUS_UPDATE,
					  caller, news->client, &draft);
	if (status == TOLD_OK)
		status = told_send_content(agent, &draft, to, TOLD_PURPOSE_COORD, parcel->sections, parcel->count, true,
					   &preview, &why);
	if (status == TOLD_OK && released(preview))
		status = told_send_content(agent, &draft, to, TOLD_PURPOSE_COORD, parcel->sections, parcel->count,
					   false, &again, &why);
	told_buf_free(&why);
	json_decref(preview);
	json_decref(again);
	return status == TOLD_E_REFUSED ? TOLD_OK : status;
}

enum told_status told_lead_tell(struct told_agent *agent, const struct told_caller *caller,
				const struct told_lead_news *news)
{
	struct told_team *team = NULL;
	struct told_bytes self = told_agent_self(agent);
	enum told_status status = told_team_load(agent, news->client, &team);
	bool lasts = status == TOLD_OK && team->lead.party.len > 0 &&
		     (int64_t)team->lead.until_ms > told_clock_now(&agent->clock).wall_ms;
	if (!lasts)
		return status;
	const struct told_bytes parties[] = {team->lead.party, team->lead.deputy_party};
	bool ours = told_bytes_equal(parties[0], self) || told_bytes_equal(parties[1], self);
	if (ours)
		status = keep(agent, news);
	for (size_t i = 0; status == TOLD_OK && i < 2; i++) {
		bool again = i == 1 && told_bytes_equal(parties[0], parties[1]);
		if (!again && parties[i].len > 0 && !told_bytes_equal(parties[i], self) &&
		    !told_bytes_equal(parties[i], news->known_to))
			status = send_to(agent, caller, news, parties[i]);
	}
	return status;
}
