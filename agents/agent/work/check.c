/* SPDX-License-Identifier: Apache-2.0 */
/* Who checked us: every copy of the log that was ordered for somebody who checks, as the broker passes the order on,
 * and our own looks at the log about one person. No person is in an order; a statement names those that had this
 * person's entries in them. */
#include "agents/agent/core/doc.h"
#include "agents/agent/core/show.h"
#include "agents/agent/work/alert.h"
#include "agents/agent/work/statement.h"

#define CHECKS     "audit-checks" /* the vault's list of them, oldest first */
#define CHECKS_MAX 1024u

static enum told_status load(struct told_agent *agent, json_t **list)
{
	struct told_buf text = TOLD_BUF(CHECKS_MAX * 512u);
	enum told_status status = told_vault_get(agent->vault, CHECKS, &text);
	*list = status == TOLD_OK ? json_loadb((const char *)text.data, text.len, 0, NULL) : json_array();
	told_buf_free(&text);
	if (status != TOLD_OK && status != TOLD_E_NOT_FOUND)
		return status;
	return *list != NULL ? TOLD_OK : TOLD_E_CORRUPT;
}

enum told_status told_check_take(struct told_agent *agent, const struct told_header *header, uint64_t at_ms)
{
	const struct told_audit_copy_part *part = header->audit_copy;
	json_t *list = NULL;
	enum told_status status = load(agent, &list);
	if (status != TOLD_OK)
		return status;
	while (json_array_size(list) >= CHECKS_MAX)
		json_array_remove(list, 0);
	told_json_add(list, json_pack("{s:o, s:o, s:i, s:i, s:I}", "party", told_text_json(part->party), "asker",
				      told_text_json(part->asker), "asked_by", (int)part->asked_by, "purpose",
				      (int)part->purpose, "time_ms", (json_int_t)at_ms));
	status = told_doc_put_named(agent, CHECKS, list);
	json_decref(list);
	return status;
}

/* A look goes with the person that it is about, unlike an order. */
#define LOOK "look"

enum told_status told_check_looked(struct told_agent *agent, struct told_bytes query, struct told_bytes client,
				   uint32_t purpose, int64_t at_ms)
{
	struct told_bytes self = told_agent_self(agent);
	struct told_kept_row row = {.kind = LOOK, .id = query, .client = client};
	json_t *doc =
		json_pack("{s:o, s:o, s:i, s:i, s:I}", "party", told_text_json(self), "asker", told_text_json(self),
			  "asked_by", 0, "purpose", (int)purpose, "time_ms", (json_int_t)at_ms);
	enum told_status status = told_doc_put(agent, &row, doc);
	json_decref(doc);
	return status;
}

static enum told_status add_looks(struct told_agent *agent, struct told_bytes client, json_t *list)
{
	struct told_kept_row row = {.seq = 0};
	enum told_status status = TOLD_OK;
	while (status == TOLD_OK) {
		status = told_kept_next(agent->vault, agent->arena, LOOK, TOLD_KEPT_CLIENT, client, 0, row.seq, &row);
		json_t *doc = status == TOLD_OK ? told_doc_read(row.doc) : NULL;
		if (status == TOLD_OK && !told_json_add(list, doc))
			status = TOLD_E_CORRUPT;
	}
	return status == TOLD_E_NOT_FOUND ? TOLD_OK : status;
}

/* A court's order, a complaint, an incident and a request for access are for a person to tell, not for a list. */
static bool is_check(const struct told_agent *agent, const json_t *one, int64_t since_ms)
{
	static const unsigned purposes =
		TOLD_BIT32(TOLD_AUDIT_PURPOSE_INTERNAL) | TOLD_BIT32(TOLD_AUDIT_PURPOSE_EXTERNAL) |
		TOLD_BIT32(TOLD_AUDIT_PURPOSE_REGULATOR) | TOLD_BIT32(TOLD_AUDIT_PURPOSE_LOG_CHECK);
	struct told_bytes party = told_text(json_string_value(json_object_get(one, "party")));
	bool ours = party.len == 0 || told_bytes_equal(party, told_agent_self(agent));
	return ours && json_integer_value(json_object_get(one, "time_ms")) >= since_ms &&
	       (purposes & TOLD_BIT32((unsigned)json_integer_value(json_object_get(one, "purpose")))) != 0;
}

static json_t *entry_of(const struct told_agent *agent, const json_t *one)
{
	struct told_bytes asker = told_text(json_string_value(json_object_get(one, "asker")));
	const struct told_party *line = asker.len > 0 ? told_alert_line(agent, asker) : NULL;
	unsigned by = (unsigned)json_integer_value(json_object_get(one, "asked_by"));
	struct told_bytes name = line != NULL && line->legal_name.len > 0 ? line->legal_name : asker;
	return json_pack("{s:s, s:O, s:o, s:o, s:[], s:[], s:s, s:s}", "kind", "checked", "time_ms",
			 json_object_get(one, "time_ms"), "party", told_text_json(asker), "name",
			 name.len > 0 ? told_text_json(name) : json_string(told_words(TOLD_LIST_AUDIT_ASKER, by)),
			 "categories", "purposes", "ground", "", "how", "");
}

/* Where a check of this time stands among others, the newest first. */
static size_t place_of(const json_t *checks, const json_t *one)
{
	size_t place = 0;
	json_int_t time_ms = json_integer_value(json_object_get(one, "time_ms"));
	while (place < json_array_size(checks) &&
	       json_integer_value(json_object_get(json_array_get(checks, place), "time_ms")) > time_ms)
		place++;
	return place;
}

enum told_status told_checks_since(struct told_agent *agent, struct told_bytes client, int64_t since_ms, json_t **out)
{
	json_t *list = NULL, *checks = json_array(), *one = NULL;
	size_t i = 0;
	enum told_status status = load(agent, &list);
	if (status == TOLD_OK)
		status = add_looks(agent, client, list);
	json_array_foreach(list, i, one) if (status == TOLD_OK && is_check(agent, one, since_ms) &&
					     json_array_insert_new(checks, place_of(checks, one),
								   entry_of(agent, one)) != 0) status = TOLD_E_MEMORY;
	json_decref(list);
	*out = checks;
	return status;
}
