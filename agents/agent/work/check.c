/* SPDX-License-Identifier: Apache-2.0 */
/* Who checked us: every copy of the log that was ordered for somebody who checks, as the broker passes the order on. No
 * person is in an order; a statement names those that had this person's entries in them. */
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

enum told_status told_checks_since(struct told_agent *agent, int64_t since_ms, json_t **out)
{
	json_t *list = NULL, *checks = json_array();
	enum told_status status = load(agent, &list);
	for (size_t i = json_array_size(list); status == TOLD_OK && i-- > 0;)
		if (is_check(agent, json_array_get(list, i), since_ms) &&
		    !told_json_add(checks, entry_of(agent, json_array_get(list, i))))
			status = TOLD_E_MEMORY;
	json_decref(list);
	*out = checks;
	return status;
}
