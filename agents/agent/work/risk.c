/* SPDX-License-Identifier: Apache-2.0 */
/* Raising a risk: an answer of a form that says so, and every word that is told or comes under RSK.*. It is kept open,
 * with the person of ours who is asked to act. */
#include "agents/agent/work/risk.h"
#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/attention.h"

#include "told/proof.h"
#include "told/seal.h"

enum told_status told_risk_save(struct told_agent *agent, struct told_kept_row *row, const json_t *doc)
{
	row->kind = "risk";
	return told_doc_put(agent, row, doc);
}

/* What is raised: by an answer to a question, or by words under a category. */
struct raising {
	struct told_bytes client, item, question, answer, from; /* from: the party that sent it */
	struct told_bytes id;                                   /* empty: a new one */
	uint32_t category;
	const char *by;
};

/* Whoever is on call now is named; while they are away somebody stands for them. */
static enum told_status keep(struct told_agent *agent, const struct raising *r)
{
	struct told_duty duty;
	uint8_t id[TOLD_ID_BYTES];
	struct told_kept_row row = {.id = r->id, .client = r->client, .state = TOLD_RISK_OPEN};
	enum told_status status = TOLD_OK;
	if (r->id.len == 0) {
		status = told_random(id, sizeof id);
		row.id = told_bytes(id, sizeof id);
	}
	if (status == TOLD_OK)
		status = told_duty_load(agent, &duty);
	if (status != TOLD_OK)
		return status;
	const char *named = told_duty_now(agent, &duty, NULL);
	json_t *doc = json_pack("{s:o, s:o, s:o, s:s, s:I}", "item", told_text_json(r->item), "question",
				told_text_json(r->question), "answer", told_text_json(r->answer), "category",
				told_code(TOLD_LIST_CATEGORY, r->category), "raised_ms",
				(json_int_t)told_clock_now(&agent->clock).wall_ms);
	if (doc == NULL)
		return TOLD_E_MEMORY;
	if (r->by != NULL)
		json_object_set_new(doc, "by", json_string(r->by));
	if (r->from.len > 0)
		json_object_set_new(doc, "from", told_text_json(r->from));
	if (named != NULL)
		json_object_set_new(doc, "named", json_string(named));
	status = told_risk_save(agent, &row, doc);
	json_decref(doc);
	return status;
}

static enum told_status raise_one(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
				  const json_t *answer)
{
	static const char members[] = "item question answer category";
	struct told_reply unused = {.why = TOLD_BUF(0)};
	struct told_request one = told_request_open(r->agent, answer, members, &unused);
	one.why = r->why;
	struct raising raising = {
		.client = client,
		.item = told_request_text(&one, "item", true),
		.question = told_request_text(&one, "question", true),
		.answer = told_request_text(&one, "answer", true),
		.category = told_request_code(&one, "category", TOLD_LIST_CATEGORY, 0),
		.by = caller->number,
	};
	return one.status == TOLD_OK ? keep(r->agent, &raising) : one.status;
}

enum told_status told_risk_raise(struct told_request *r, const struct told_caller *caller, struct told_bytes client,
				 const json_t *raised)
{
	enum told_status status = r->status;
	for (size_t i = 0; i < json_array_size(raised) && status == TOLD_OK; i++)
		status = raise_one(r, caller, client, json_array_get(raised, i));
	return status;
}

bool told_risk_is(uint32_t category)
{
	return category >= TOLD_CATEGORY_RSK_SELF && category <= TOLD_CATEGORY_RSK_STAFF;
}

/* The words stand in the section; here is only that they came, so that they are read where they may be. */
static struct raising words_under(struct told_bytes client, uint32_t category)
{
	return (struct raising){
		.client = client,
		.item = told_text(told_code(TOLD_LIST_CATEGORY, category)),
		.question = told_text(told_words(TOLD_LIST_CATEGORY, category)),
		.answer = told_text("Read it: told story show"),
		.category = category,
	};
}

enum told_status told_risk_words(struct told_agent *agent, struct told_bytes client, uint32_t category, const char *by)
{
	struct raising raising = words_under(client, category);
	raising.by = by;
	return told_risk_is(category) ? keep(agent, &raising) : TOLD_OK;
}

enum told_status told_risk_came(struct told_agent *agent, const struct told_header *header,
				const struct told_section_header *section)
{
	const uint8_t number = (uint8_t)section->number;
	const struct told_bytes name[] = {header->id, told_bytes(&number, sizeof number)};
	struct raising raising = words_under(header->client_ref, section->category);
	struct told_kept_row row = {0};
	told_hash hash;
	told_sha256_parts(name, sizeof name / sizeof name[0], &hash);
	raising.from = header->sender;
	raising.id = told_bytes(hash.b, TOLD_ID_BYTES);
	if (!told_risk_is(section->category))
		return TOLD_OK;
	enum told_status status =
		told_kept_next(agent->vault, agent->arena, "risk", TOLD_KEPT_ID, raising.id, 0, 0, &row);
	return status == TOLD_E_NOT_FOUND ? keep(agent, &raising) : status;
}
